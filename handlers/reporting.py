"""A report becomes versions. What is certain is stored at once, what is doubtful is asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assessment.notices import Cancelled, NothingOwed, OwnedElsewhere, Repair, RepairLine, WhichPeriod
from assessment.numerals import Quantity, read_quantity
from assessment.obligation import State
from assessment.periods import Period
from assessment.report_reading import ReportReading
from assessment.requirements import SELF_SCORE
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.typed_text import plain
from handlers import doubts, self_scores, too_early
from handlers.duty_desk import (
    Desk,
    desk_of,
    desks,
    for_which_unit,
    free_text,
    is_question,
    locked,
    most_plainly_meant,
    owned_elsewhere,
    read,
    speaks_of,
    what_is_certain,
    which_of,
)
from handlers.keeping import keep
from handlers.receipts import answered, request_signature
from handlers.router import CANCEL, Router, seldom
from handlers.turn import Turn
from storage import obligations
from storage.obligations import ObligationRow

router = Router().mount(doubts.router, self_scores.router)

_PERIOD = "period of a report"
_CAUSE = "原因"
_MONTH = re.compile(r"(?:是|报)?(?:1 ?[-—–~至到] ?)?第?([0-9]{1,2})(?:月份?|季度?)?的?(?:月报|季报|报表)?[的吧。]?")
_ITEM_NUMBER = re.compile(r"^第?[0-9]{1,2}[项条]?[ :、,]+(?=[^\W\d_])(?![完实达预全年月日季号万亿元])")
_REASON = re.compile(r"[\s,，;；。]*(?:更正|修改)?(?:原因|理由)[是为]?\s*[:：]\s*(?P<why>[^\n]*\S)")
UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@router.command(
    "报送",
    "上报",
    "填报",
    "交月报",
    "报进度",
    what="报送进展（也可直接发指标和数字）",
    roles=UNIT_ROLES,
    offered=lambda turn: bool(_rows(turn, (State.OPEN,))),
    takes_more=True,
)
def report_by_word(turn: Turn, rest: str) -> None:
    """报送 alone says what is asked; with text it is a report."""
    if rest:
        report(turn, rest)
        return
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "报送"):
        return
    open_rows = _rows(turn, (State.OPEN,))
    if not open_rows:
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in turn.own_units())))
        return
    for desk in open_rows[:3]:
        turn.reply(answered(turn, desk, desk.current, None, ReportReading(), ()))


@router.command("更正", "修改", "补充", "改", what="更正已报数字", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def amend(turn: Turn, rest: str) -> None:
    """更正 指标 数值 [原因：…]: an ordinary report; old values are kept as versions, the reason with the new one.

    改 2 某指标 6%: the number of the doubtful item says no more than the name behind it.
    """
    report(turn, _ITEM_NUMBER.sub("", rest), amends=True)


@router.reader(order=10)
def read_as_report(turn: Turn) -> bool:
    """An own indicator with a number, a written part, or a duty's own name at the start is a report."""
    _, text = for_which_unit(turn, turn.text)
    every = _rows(turn, tuple(State))
    if any(speaks_of(desk, text) for desk in _newest(every)):
        report(turn, turn.text, among=every)
        return True
    return False


@router.reader(order=80)
def read_as_name(turn: Turn) -> bool:
    """A duty's name without a text behind it, or of a period to come: say how and when it is written, take nothing."""
    if too_early.said_when_it_opens(turn, turn.text):
        return True
    named = [d for d in _rows(turn, (State.OPEN,)) if free_text(d) and d.duty.name in turn.text]
    if named:
        turn.reply(which_of(named))
        return True
    scored = [desk for desk in _rows(turn, (State.OPEN,)) if desk.duty.self_score and turn.text.startswith(SELF_SCORE)]
    if scored:
        report(turn, turn.text, scored[0])
        return True
    return not is_question(turn.text) and too_early.said_when_next_opens(turn, turn.text)


@router.reader(order=90)
def read_as_figure(turn: Turn) -> bool:
    """What nothing else recognised: a bare figure, or an indicator of another unit, whose owner is then named.

    The owner is named also to whoever owes no figures; there is then no report that the answer could be about.
    """
    for desk in _rows(turn, (State.OPEN,)):
        if not desk.own:
            continue
        if desk.names_others(turn.text) or isinstance(read_quantity(turn.text), Quantity):
            report(turn, turn.text, desk)
            return True
    return bool(turn.own_units()) and _owners_named(turn, turn.text)


def report(
    turn: Turn, text: str, desk: Desk | None = None, *, amends: bool = False, among: Sequence[Desk] | None = None
) -> None:
    """Read one report, store what is certain, ask back what is not, in one answer.

    Of one that `amends`, what follows 原因： is no part of the report but why it was made (R92). `among` are the
    sender's obligations, where they have been looked up already.
    """
    unit, text = for_which_unit(turn, text)
    desk = desk or _desk_for(turn, text, unit, _rows(turn, tuple(State)) if among is None else among, amends=amends)
    if desk is None:
        return
    if not turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
        return
    desk = locked(turn, desk)
    if desk.duty.self_score:
        self_scores.report(turn, desk, text)
        return
    text, why = _without_reason(desk, text) if amends else (text, "")
    reading = read(desk, text)
    named = reading.named_period
    if named is not None and named.period.name != desk.row.period:
        other = _same_duty_in(turn, desk, named.period.name)
        if other is None and too_early.said_when_it_opens(turn, text):
            return
        if other is None:
            facts = {"period": named.period.label(cumulative=named.cumulative)}
            turn.reply(RepairLine(about=desk.row.title, repair=Repair.PERIOD_NOT_ASKED, facts=facts))
            return
        desk = locked(turn, other)
        reading = read(desk, text)
    certain = [item for item in reading.items if item.certain]
    delta = what_is_certain(certain, reading)
    filed, answer, changes = keep(turn, desk, delta, why=why)
    superseded = doubts.ask(turn, desk, text, reading, why=why)
    if not superseded:
        doubts.close_if_answered(turn, desk, delta)
    moved = desk if filed is None else replace(desk, row=filed.row)
    told = answered(turn, moved, answer, filed, reading, changes, superseded=superseded)
    turn.reply(told.model_copy(update={"reason": why if filed is not None else ""}))
    if filed is not None:
        request_signature(turn, desk, filed)


def _of_that_month(rows: Sequence[ObligationRow], text: str) -> list[ObligationRow]:
    """2月, 2月月报, 1—2月的: the period that ends with the number named last."""
    found = _MONTH.fullmatch(text)
    return [row for row in rows if found is not None and Period.parse(row.period).index == int(found[1])]


def _without_reason(desk: Desk, text: str) -> tuple[str, str]:
    """A text without the reason of an amendment, and that reason; where 原因 is a part of the report it stays."""
    found = _REASON.search(text)
    if found is None or free_text(desk) or any(_CAUSE in part for part in (*desk.duty.parts, *desk.duty.required)):
        return text, ""
    return f"{text[: found.start()]}{text[found.end() :]}".strip(), found["why"].strip()


def _same_duty_in(turn: Turn, desk: Desk, period: str) -> Desk | None:
    """The same unit's obligation from the same duty in another period."""
    found = (d for d in desks(turn, (desk.unit,), tuple(State)) if d.row.period == period)
    return next((d for d in found if (d.programme.id, d.duty.id) == (desk.programme.id, desk.duty.id)), None)


def _desk_for(turn: Turn, text: str, unit: Unit | None, among: Sequence[Desk], *, amends: bool = False) -> Desk | None:
    """The one obligation of these that a text speaks of; when there is none or several, the answer has been given."""
    if not turn.own_units():
        turn.may(Action.REPORT, Target(office=0), "报送")
        return None
    every = [desk for desk in among if unit in (None, desk.unit)]
    spoken = [desk for desk in every if speaks_of(desk, text)]
    if not spoken and not any(desk.own for desk in every) and _owners_named(turn, text):
        return None
    if not every:
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in turn.own_units())))
        return None
    if not spoken and too_early.said_when_it_opens(turn, text):
        return None
    # A title names one period; a free text is only ever taken under its own name.
    spoken = [desk for desk in spoken if desk.row.title in text] or most_plainly_meant(spoken, text)
    possible = spoken or [desk for desk in every if not free_text(desk)]
    owing = [desk for desk in possible if desk.row.state == State.OPEN.value]
    # The period that is open and falls due first; with nothing open it is an amendment of the newest.
    candidates = owing or possible[-1:]
    if not candidates:
        turn.reply(which_of([desk for desk in every if desk.row.state == State.OPEN.value] or every[-1:]))
        return None
    candidates = [desk for desk in candidates if any(name in text for name in desk.called)] or candidates
    kinds = {(desk.programme.id, desk.duty.id, desk.unit.id) for desk in candidates}
    # Words that fit the measures of two offices are for one of them: which, only the unit knows.
    of_two_offices = len({desk.programme.id for desk in candidates}) > 1
    if (len(kinds) > 1 and not spoken) or of_two_offices or len({desk.unit.id for desk in candidates}) > 1:
        turn.reply(which_of(candidates))
        return None
    if _names_no_period(turn, candidates, text):
        _ask_period(turn, candidates, text, amends=amends)
        return None
    return candidates[0]


def _names_no_period(turn: Turn, candidates: Sequence[Desk], text: str) -> bool:
    """Whether a text may be for one of several periods of a duty and does not say for which: that is never guessed."""
    same = [desk for desk in candidates if _duty_of(desk) == _duty_of(candidates[0])]
    if len([desk for desk in same if _can_be_told(turn, desk)]) < 2 or any(desk.row.title in text for desk in same):
        return False
    return all(read(desk, text).named_period is None for desk in same)


def _can_be_told(turn: Turn, desk: Desk) -> bool:
    """Whether there is something to report: the period is over, or is one whose report is due before its end."""
    last = Period.parse(desk.row.period).last_day
    return last < turn.today or turn.installation.local(desk.row.due).date() <= last


def _duty_of(desk: Desk) -> tuple[str, int]:
    return desk.duty.id, desk.programme.id


def _ask_period(turn: Turn, candidates: Sequence[Desk], text: str, *, amends: bool) -> None:
    same = [d for d in candidates if _duty_of(d) == _duty_of(candidates[0]) and _can_be_told(turn, d)]
    turn.ask(_PERIOD, {"obligations": [desk.row.id for desk in same], "text": text, "amends": amends})
    turn.reply(WhichPeriod(titles=tuple(desk.row.title for desk in same), text=text))


@router.question(_PERIOD)
def take_period(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """The title of a period, or enough of it: what was written before is its report. Anything else is no answer."""
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    chosen = [row for row in rows if plain(row.title) == plain(text)] or _of_that_month(rows, plain(text))
    if len(chosen) != 1:
        return False
    report(turn, content["text"], desk_of(turn, chosen[0]), amends=content["amends"])
    return True


def _owners_named(turn: Turn, text: str) -> bool:
    """Say whose the figures are, where they are other units'; False where there are none."""
    foreign = owned_elsewhere(turn, text)
    if foreign:
        turn.reply(OwnedElsewhere(foreign=foreign))
    return bool(foreign)


def _newest(every: Sequence[Desk]) -> list[Desk]:
    """The newest desk of each duty and unit: what a text may speak of is the same for all its periods.

    But for a free text, which is known by the title of its period.
    """
    named = ((desk.row.unit, desk.row.programme, desk.row.ref, free_text(desk) and desk.row.period) for desk in every)
    return list(dict(zip(named, every, strict=True)).values())


def _rows(turn: Turn, states: Sequence[State]) -> list[Desk]:
    """The sender's obligations from duties in those states, by due time."""
    return desks(turn, turn.own_units(), states)
