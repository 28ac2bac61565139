"""代录: what came by telephone or paper is entered by the office, with its way, time and signer."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from assessment.named_parts import cut_named
from assessment.notices import EnterAsk, EnteredFor, NothingOwed, Repair, RepairLine
from assessment.obligation import State, sign, submit
from assessment.requirements import missing
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import SignOff
from assessment.self_scoring import ScoreFault, check_self_score, doubt_in_words
from assessment.submission import Answer
from handlers import whom
from handlers.columns import as_recorded, as_typed
from handlers.duty_desk import (
    Desk,
    desk_of,
    desks,
    read,
    scores_in,
    speaks_of,
    what_is_certain,
    without_heading,
)
from handlers.filing import figure_lines, file
from handlers.receipts import score_lines, score_total
from handlers.router import Router
from handlers.turn import Turn
from storage import obligations
from storage.submissions import Way

router = Router()

WITHOUT_A_YEAR = timedelta(days=92)
"""How far back a day of last year may lie that is written without its year; what is older is asked for its year."""
_TIME = re.compile(
    r"(?:(?P<year>20\d{2})年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})[日号]\s*"
    r"(?P<hour>\d{1,2})[:点时](?P<minute>\d{2})?分?"
)
_WAY = re.compile(r"电话|短信|纸质|书面|传真|邮件|当面")
_SIGNER = re.compile(r"签发人?[: ]*(?P<name>[^\s,，;；:]{2,4})")


@dataclass(frozen=True)
class Entering:
    """A report as it reached the office otherwise."""

    unit: Unit
    at: datetime
    way: str
    signer: str
    text: str


@router.command("代录", "补录", what="代录电话、纸质等方式的报送", roles=(Role.OFFICE,), takes_more=True)
def enter(turn: Turn, rest: str) -> None:
    """代录 单位 时间 方式 内容: nothing is guessed, a missing piece is asked for; then confirmed."""
    found = _read(turn, rest)
    if isinstance(found, RepairLine):
        # The office alone learns what is missing.
        office = turn.programmes[0].office if turn.programmes else 0
        if turn.may(Action.ENTER_FOR_UNIT, Target(office=next((p.office for p in turn.offices()), office)), "代录"):
            turn.reply(found)
        return
    desk = _desk(turn, found)
    if desk is None:
        return
    answer = _answer_in(desk, found.text)
    if isinstance(answer, RepairLine):
        turn.reply(answer)
        return
    if desk.duty.sign_off is not SignOff.NONE and not found.signer:
        turn.reply(RepairLine(about=desk.row.title, repair=Repair.ENTER_SIGNER))
        return
    turn.ask(
        "enter",
        {
            "obligation": desk.row.id,
            "text": found.text,
            "at": found.at.isoformat(),
            "way": found.way,
            "signer": found.signer,
        },
    )
    turn.reply(
        EnterAsk(
            unit=desk.unit.name,
            title=desk.row.title,
            way=found.way,
            at=found.at,
            signer=found.signer,
            lines=figure_lines(desk.programme.rulebook, turn, desk.row, answer),
            parts=tuple(map(str, answer.parts)),
            scores=score_lines(desk, answer),
            score_total=score_total(desk, answer),
            owed=missing(desk.wanted, _with(desk, answer)),
        )
    )


@router.confirmation("enter")
def take_entry(turn: Turn, content: dict[str, Any]) -> None:
    """确认 files it with the time at which it reached the office; the unit is told."""
    row = obligations.get(turn.uow, content["obligation"])
    unit = turn.roster.unit(row.unit)
    desk = desk_of(turn, row)
    target = Target(office=desk.programme.office, unit=unit.id)
    if not turn.may(Action.ENTER_FOR_UNIT, target, row.title):
        return
    at = datetime.fromisoformat(content["at"])
    answer = _answer_in(desk, content["text"])
    if isinstance(answer, RepairLine):
        turn.reply(answer)
        return
    whole = _with(desk, answer)
    after = row.facts()
    if not missing(desk.wanted, whole):
        after = submit(after, at, keep_days=desk.programme.rulebook.keep_first_days)
        if after.state is State.UNSIGNED:
            after = sign(after, at)
    local = turn.installation.local(at)
    signer = f"，签发人{content['signer']}" if content["signer"] else ""
    note = f"{content['way']}，{local:%-m月%-d日 %H:%M}{signer}"
    filed = file(turn, desk.programme, row, after, Way.ENTERED, answer=answer, sent_at=at, note=note)
    told = EnteredFor(
        unit=unit.name,
        title=row.title,
        number=filed.number,
        way=content["way"],
        lines=figure_lines(desk.programme.rulebook, turn, row, answer),
        scores=score_lines(desk, answer),
        score_total=score_total(desk, answer),
        at=at,
    )
    turn.reply(told)
    turn.tell(
        turn.roster.holders(unit.id, (Role.REPORTER,), turn.today),
        told,
        key=f"entered:{row.id}:{filed.number}",
        not_before=turn.office_time(desk.programme),
    )


def _with(desk: Desk, answer: Answer) -> Answer:
    """The whole report as it would stand."""
    before = desk.current
    return Answer(
        values={**before.values, **answer.values},
        parts={**before.parts, **answer.parts},
        scores={**before.scores, **answer.scores},
        nil_reasons={**before.nil_reasons, **answer.nil_reasons},
        files=before.files,
    )


def _answer_in(desk: Desk, text: str) -> Answer | RepairLine:
    """What the text says on that obligation; nothing doubtful is entered for somebody else."""
    if desk.duty.self_score:
        return _scores_in(desk, text)
    reading = read(desk, text)
    named = reading.named_period
    if named is not None and named.period.name != desk.row.period:
        facts = {"period": named.period.label(cumulative=named.cumulative)}
        return RepairLine(about=desk.row.title, repair=Repair.ENTER_OTHER_PERIOD, facts=facts)
    doubtful = [item.written for item in reading.items if not item.certain]
    if doubtful:
        return RepairLine(about=desk.row.title, repair=Repair.ENTER_DOUBTFUL, facts={"written": doubtful[0]})
    answer = what_is_certain(list(reading.items), reading)
    return RepairLine(about=desk.row.title, repair=Repair.ENTER_WHAT) if answer.is_empty else answer


def _scores_in(desk: Desk, text: str) -> Answer | RepairLine:
    """A self-score as it stands on paper: a sum that does not fit is said, and the whole is not entered."""
    _, parts = cut_named(without_heading(desk, text), desk.duty.required)
    typed = as_typed(desk.current.scores).amended_by(scores_in(desk, text))
    score = check_self_score(typed, desk.programme.rulebook.categories)
    doubts = [doubt for doubt in score.doubts if doubt.fault is not ScoreFault.MISSING]
    if doubts:
        facts = {"written": doubt_in_words(doubts[0])}
        return RepairLine(about=desk.row.title, repair=Repair.ENTER_DOUBTFUL, facts=facts)
    scores = as_recorded(score, desk.programme.rulebook.categories, desk.current.scores)
    answer = Answer(parts=parts, scores=scores)
    return RepairLine(about=desk.row.title, repair=Repair.ENTER_WHAT) if answer.is_empty else answer


def _desk(turn: Turn, found: Entering) -> Desk | None:
    """The obligation that it belongs to, in a programme whose office the sender is in; else answered."""
    every = desks(turn, (found.unit,), (State.OPEN, State.UNSIGNED), closed=True)
    # Of a closed year only where nothing that runs is meant: 代录 is the one way in that is left (decisions 9).
    every.sort(key=lambda desk: turn.is_closed(desk.programme))
    open_desks = [desk for desk in every if not turn.is_closed(desk.programme)]
    spoken = [desk for desk in every if speaks_of(desk, found.text)]
    # A text that names a period is for that period, not for the one that falls due first.
    fitting = [desk for desk in spoken if read(desk, found.text).named_period is None]
    for desk in (*fitting, *spoken, *open_desks):
        if turn.may(Action.ENTER_FOR_UNIT, Target(office=desk.programme.office, unit=found.unit.id), desk.row.title):
            return desk
        return None
    office = next((p.office for p in turn.offices()), turn.programmes[0].office if turn.programmes else 0)
    if turn.may(Action.ENTER_FOR_UNIT, Target(office=office, unit=found.unit.id), "代录"):
        turn.reply(NothingOwed(unit=found.unit.name))
    return None


def _read(turn: Turn, text: str) -> Entering | RepairLine:
    unit, rest = whom.leading(turn.roster, text)
    if unit is None:
        return RepairLine(about="代录", repair=Repair.ENTER_WHICH_UNIT)
    when = _TIME.search(rest)
    if when is None:
        return RepairLine(about="代录", repair=Repair.ENTER_WHEN)
    at = _moment(turn, when)
    if at is None:
        return RepairLine(about="代录", repair=Repair.ENTER_OTHER_TIME)
    rest = rest.replace(when[0], " ", 1)
    way = _WAY.search(rest)
    if way is None:
        return RepairLine(about="代录", repair=Repair.ENTER_WAY)
    rest = rest.replace(way[0], " ", 1)
    signer = _SIGNER.search(rest)
    if signer is not None:
        rest = rest.replace(signer[0], " ", 1)
    return Entering(unit, at, way[0], signer["name"] if signer else "", rest.strip(" ,，:："))


def _moment(turn: Turn, found: re.Match[str]) -> datetime | None:
    """When it was received; None for what is no such time, or lies ahead.

    On 5 January 12月31日 means last year's; 1月6日 is a slip and not a year ago.
    """
    if found["year"]:
        at = _in_year(turn, found, int(found["year"]))
        return at if at is not None and at <= turn.now else None
    this, last = (_in_year(turn, found, turn.today.year - back) for back in (0, 1))
    if this is None or this <= turn.now:
        return this
    return last if last is not None and turn.now - last <= WITHOUT_A_YEAR else None


def _in_year(turn: Turn, found: re.Match[str], year: int) -> datetime | None:
    """That moment of that year; None where there is none."""
    try:
        return datetime(
            year,
            int(found["month"]),
            int(found["day"]),
            int(found["hour"]),
            int(found["minute"] or 0),
            tzinfo=turn.installation.zone,
        )
    except ValueError:
        return None
