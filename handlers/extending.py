"""延期: a unit asks for more time for one open item, and the office grants it or not."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assessment.due import due_on
from assessment.notices import Repair, RepairLine, WhichDuty
from assessment.notices.supervision import (
    ExtensionAsk,
    ExtensionAsked,
    ExtensionDecided,
    ExtensionLine,
    ExtensionRefused,
    ExtensionWaits,
    NotExtended,
)
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Extension, Trigger
from handlers import numbers
from handlers.days import dated
from handlers.progress import UNIT_ROLES
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import cases, counters, extensions, obligations, proposing, rectifications
from storage.extensions import ExtensionRow, Stage
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.proposing import Desk

router = Router()

LETTER = "Y"
GRANTED, _DECLINED = "准予延期", "不予延期"
"""The one pair of words that is printed."""
_EXTENDABLE = (Kind.DUTY.value, Kind.MATTER.value, Kind.RECTIFICATION.value)
_RESTS_ON_THE_OLD_TIME = (Trigger.URGED_NOT_REPORTED, Trigger.MATTER_LATE, Trigger.REPORTED_LATE)


def _may_ask_or_decide(turn: Turn) -> bool:
    if any(extensions.open_ones(turn.uow)) and turn.offices():
        return True
    allowed = {programme.id for programme in turn.programmes if programme.rulebook.extension is not None}
    return any(row.programme in allowed for row in _own_open(turn))


@router.command(
    "延期",
    "申请延期",
    "缓报",
    what="申请延期",
    roles=(*UNIT_ROLES, Role.OFFICE),
    offered=_may_ask_or_decide,
    takes_more=True,
)
def ask_for_time(turn: Turn, rest: str) -> None:
    """延期 S-2608-1 8月20日 理由, or 延期 任务名称 …. To the office: what waits for its word."""
    if not turn.own_units():
        _show_waiting(turn)
        return
    if numbers.refused_foreign(turn, "延期", f"S{rectifications.LETTER}", rest):
        return
    row, words = _meant(turn, rest)
    if row is None:
        return
    programme = turn.programme(row.programme)
    if not turn.may(Action.EXTEND, Target(office=programme.office, unit=row.unit), row.title):
        return
    row = obligations.get(turn.uow, row.id)
    refused = _why_not(turn, programme, row)
    if refused is not None:
        turn.reply(refused)
        return
    wanted = dated(turn, words)
    facts = {"what": row.number or row.title}
    if wanted.day is None:
        turn.reply(RepairLine(about="延期", repair=Repair.EXTEND_UNTIL, facts=facts))
    elif (refused := _why_not_then(turn, programme, row, wanted.day)) is not None:
        turn.reply(refused)
    elif not wanted.words:
        facts["day"] = f"{wanted.day:%-m月%-d日}"
        turn.reply(RepairLine(about="延期", repair=Repair.REASON_OF_EXTENSION, facts=facts))
    else:
        _ask(turn, programme, row, wanted.day, wanted.words)


@router.command(GRANTED, "同意延期", what=GRANTED, roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def grant(turn: Turn, rest: str) -> None:
    """准予延期 Y-2608-3; 通过 Y-2608-3 is understood as well."""
    if not numbers.refused_foreign(turn, GRANTED, LETTER, rest):
        wanted, reason = numbers.leading(LETTER, rest, turn.today)
        decide(turn, wanted, reason, granted=True)


@router.command(_DECLINED, "不同意延期", what=_DECLINED, roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def refuse(turn: Turn, rest: str) -> None:
    """不予延期 Y-2608-3 理由; 退回 Y-2608-3 理由 is understood as well."""
    if not numbers.refused_foreign(turn, _DECLINED, LETTER, rest):
        wanted, reason = numbers.leading(LETTER, rest, turn.today)
        decide(turn, wanted, reason, granted=False)


def is_meant(rest: str) -> bool:
    """Whether what follows 通过 or 退回 is the number of a request for more time."""
    return rest[:1].upper() == LETTER


def decide(turn: Turn, wanted: Sequence[str], reason: str, *, granted: bool) -> None:
    """Ask for confirmation of the office's word on one request."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.GRANT, Target(office=programme.office), "延期"):
            return
    waiting = _waiting(turn)
    if not wanted and len(waiting) == 1:
        wanted = (waiting[0].number,)
    if not wanted:
        _show_waiting(turn)
        return
    found = extensions.by_number(turn.uow, wanted[0])
    if found is None or _of_own_office(turn, found) is None:
        turn.reply(ExtensionRefused(why=NotExtended.UNKNOWN, number=wanted[0]))
    elif (refused := _undecidable(turn, found, granted=granted)) is not None:
        turn.reply(refused)
    elif not granted and not reason:
        repair = Repair.REASON_OF_NO_EXTENSION
        turn.reply(RepairLine(about=_DECLINED, repair=repair, facts={"number": found.number}))
    else:
        turn.ask("extension", {"number": found.number, "granted": granted, "reason": reason})
        trial = turn.programme(obligations.get(turn.uow, found.obligation).programme).trial
        turn.reply(ExtensionAsk(line=_line(turn, found), granted=granted, reason=reason, trial=trial))


@router.confirmation("extension")
def take_decision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 moves the due time of that item or leaves it as it is; the unit is told."""
    found = extensions.by_number(turn.uow, content["number"])
    assert found is not None, "a request is never deleted"
    row = obligations.get(turn.uow, found.obligation)
    programme = turn.programme(row.programme)
    if not turn.may(Action.GRANT, Target(office=programme.office, unit=row.unit), found.number):
        return
    granted: bool = content["granted"]
    refused = _undecidable(turn, found, granted=granted)
    if refused is not None:
        if refused.why is NotExtended.NEEDLESS:
            _close(turn, found, Stage.NEEDLESS, "")
        turn.reply(refused)
        return
    line = _line(turn, found)
    _close(turn, found, Stage.GRANTED if granted else Stage.REFUSED, content["reason"])
    if granted:
        _move(turn, programme, row, found)
    told = ExtensionDecided(line=line, granted=granted, reason=content["reason"], trial=programme.trial)
    people = dict.fromkeys((found.asked_by, *turn.roster.holders(row.unit, (Role.REPORTER,), turn.today)))
    turn.tell(
        people, told, key=f"extension:{found.number}", not_before=turn.office_time(programme), programme=programme
    )
    turn.reply(told.model_copy(update={"to_office": True}))


def _ask(turn: Turn, programme: Programme, row: ObligationRow, day: date, reason: str) -> None:
    number = counters.number(turn.uow, LETTER, turn.today)
    extensions.ask(
        turn.uow,
        number=number,
        obligation=row.id,
        old_due=row.due,
        new_due=due_on(day, turn.installation.zone).due,
        reason=reason,
        by=turn.actor.person,
        at=turn.said_at,
    )
    found = extensions.by_number(turn.uow, number)
    assert found is not None, "it was put there a moment ago"
    line = _line(turn, found)
    turn.reply(ExtensionAsked(line=line))
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office,
        ExtensionWaits(lines=(line,)),
        key=f"extend:{number}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _move(turn: Turn, programme: Programme, row: ObligationRow, found: ExtensionRow) -> None:
    day = turn.installation.day(found.new_due - timedelta(milliseconds=1))
    move(turn, programme, row, day, GRANTED)


def move(turn: Turn, programme: Programme, row: ObligationRow, day: date, why: str) -> None:
    """Let the obligation, held by this transaction, fall due on `day`.

    What was proposed because of the old time falls with it; what was entered stays until it is corrected.
    """
    moved = extensions.move_due(turn.uow, turn.installation, programme, row, day, turn.now)
    clauses = [c.id for c in programme.rulebook.clauses if c.trigger in _RESTS_ON_THE_OLD_TIME]
    desk = Desk(turn.uow, turn.installation, programme, turn.now)
    proposing.drop(desk, (f"obligation/{row.id}/{clause}" for clause in clauses), why)
    again = proposing.follow(turn.uow, turn.installation, programme, moved, turn.now)
    if again is not None:
        cases.look_no_later(turn.uow, row.id, again)


def _close(turn: Turn, found: ExtensionRow, stage: Stage, reason: str) -> None:
    extensions.decide(turn.uow, found, stage, by=turn.actor.person, at=turn.now, reason=reason)


def _meant(turn: Turn, text: str) -> tuple[ObligationRow | None, str]:
    """The item that is named, or the only one that is open; None when answered."""
    rows = _own_open(turn)
    wanted, words = numbers.leading("S", text, turn.today)
    if not wanted:
        wanted, words = numbers.leading(rectifications.LETTER, text, turn.today)
    if wanted:
        named = [row for row in rows if row.number in wanted]
    else:
        named = [row for row in rows if row.title in text]
        longest = max((len(row.title) for row in named), default=0)
        named = [row for row in named if len(row.title) == longest]
    if not rows or (wanted and not named):
        turn.reply(ExtensionRefused(why=NotExtended.NOTHING_OPEN))
        return None, words
    chosen = named or rows
    if len(chosen) > 1:
        lines = (" ".join(("延期", row.number or row.title)) for row in chosen)
        turn.reply(WhichDuty(titles=tuple(dict.fromkeys(lines))))
        return None, words
    return chosen[0], words.replace(chosen[0].title, " ", 1).strip(" ,，:：")


def _why_not(turn: Turn, programme: Programme, row: ObligationRow) -> ExtensionRefused | None:
    """What stands in the way of any request for this item, whatever day is asked for."""
    allowed = programme.rulebook.extension
    told = {"title": row.title, "due": row.due}
    if allowed is None:
        return ExtensionRefused(why=NotExtended.NOT_ALLOWED, **told)
    if turn.said_at >= row.due:
        return ExtensionRefused(why=NotExtended.TOO_LATE, **told)
    every = extensions.of_obligation(turn.uow, row.id)
    waiting = [one for one in every if one.stage == Stage.OPEN.value]
    if waiting:
        return ExtensionRefused(why=NotExtended.WAITS, number=waiting[0].number, **told)
    if _used(every) >= allowed.times:
        return ExtensionRefused(why=NotExtended.USED_UP, times=allowed.times, cite=allowed.cite, **told)
    return None


def _why_not_then(turn: Turn, programme: Programme, row: ObligationRow, day: date) -> ExtensionRefused | None:
    """Why not until that day."""
    allowed = programme.rulebook.extension
    assert allowed is not None, "asked before"
    due_day = turn.installation.day(row.due - timedelta(milliseconds=1))
    if day <= due_day:
        return ExtensionRefused(why=NotExtended.NOT_LATER, title=row.title, due=row.due)
    latest = _latest(allowed, due_day)
    if latest is not None and day > latest:
        at = due_on(latest, turn.installation.zone).due
        return ExtensionRefused(why=NotExtended.TOO_LONG, title=row.title, due=row.due, latest=at, cite=allowed.cite)
    return None


def _undecidable(turn: Turn, found: ExtensionRow, *, granted: bool) -> ExtensionRefused | None:
    """Why the office can say nothing on it any more."""
    row = obligations.get(turn.uow, found.obligation)
    if found.stage != Stage.OPEN.value:
        return ExtensionRefused(why=NotExtended.DECIDED, number=found.number, title=row.title)
    if not row.facts().owes:
        return ExtensionRefused(why=NotExtended.NEEDLESS, number=found.number, title=row.title)
    if granted and found.new_due <= turn.now:
        return ExtensionRefused(why=NotExtended.DAY_PASSED, number=found.number, title=row.title, due=found.new_due)
    return None


def _latest(allowed: Extension, due_day: date) -> date | None:
    return due_day + timedelta(days=allowed.longest_days) if allowed.longest_days is not None else None


def _used(every: Sequence[ExtensionRow]) -> int:
    return sum(one.stage == Stage.GRANTED.value for one in every)


def _own_open(turn: Turn) -> list[ObligationRow]:
    running = {programme.id for programme in turn.programmes}
    return [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN, State.UNSIGNED))
        if row.programme in running and row.kind in _EXTENDABLE
    ]


def _waiting(turn: Turn) -> list[ExtensionRow]:
    return [one for one in extensions.open_ones(turn.uow) if _of_own_office(turn, one) is not None]


def _show_waiting(turn: Turn) -> None:
    offices = turn.offices()
    if not offices:
        turn.may(Action.GRANT, Target(office=0), "延期")
        return
    turn.reply(ExtensionWaits(lines=tuple(_line(turn, one) for one in _waiting(turn))))


def _of_own_office(turn: Turn, found: ExtensionRow) -> Programme | None:
    programme_id = obligations.get(turn.uow, found.obligation).programme
    return next((programme for programme in turn.offices() if programme.id == programme_id), None)


def _line(turn: Turn, found: ExtensionRow) -> ExtensionLine:
    row = obligations.get(turn.uow, found.obligation)
    programme = turn.programme(row.programme)
    allowed = programme.rulebook.extension
    return ExtensionLine(
        number=found.number,
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        matter=row.number,
        old_due=found.old_due,
        new_due=found.new_due,
        reason=found.reason,
        asked_by=turn.roster.person(found.asked_by).name,
        asked_at=found.asked_at,
        used=_used(extensions.of_obligation(turn.uow, row.id)),
        times=allowed.times if allowed is not None else 0,
        office=turn.roster.unit(programme.office).name,
    )
