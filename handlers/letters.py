"""责任书: shown to the unit, signed by its head with one word, counted for the office (R81)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from assessment.due import by_event, due_on, due_times, periods_of
from assessment.letters import LETTER_DAY, Content, content, due_of_letter, signing_units
from assessment.notices.event_days import EventNotRecorded, EventUnclear
from assessment.notices.letters import (
    LetterDayAsk,
    LetterDaySet,
    LetterDuty,
    LetterShown,
    LetterSigned,
    LetterStatus,
    LettersWaiting,
    LetterTarget,
    LetterUnclear,
)
from assessment.obligation import Kind, State, sign
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.targets import TargetFrom
from handlers.days import dated
from handlers.extending import move
from handlers.filing import file
from handlers.router import Router
from handlers.turn import Turn
from handlers.whom import mentions
from storage import event_days, obligations, opening, programmes, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

MOVED = "责任书改期"
_UNIT = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
_STATUS = ("签署情况", "情况", "谁没签")
_UNTIL = ("截止", "限")


def _has_letter(turn: Turn) -> bool:
    if any(programme.rulebook.letter is not None for programme in turn.offices()):
        return True
    return any(row.kind == Kind.LETTER.value for unit in turn.own_units() for row in _open_of(turn, unit))


@router.command(
    "责任书", "责任状", what="查看责任书", roles=(*_UNIT, Role.OFFICE), offered=_has_letter, takes_more=True
)
def show_letter(turn: Turn, rest: str) -> None:
    """A unit reads its own; the office asks who has signed, reads a unit's, or sets the day: 责任书 截止 3月31日."""
    if not turn.offices():
        _show_own(turn)
        return
    if rest.startswith(_UNTIL):
        _ask_for_day(turn, rest)
        return
    named = mentions(turn.roster, rest)
    if not named or rest in _STATUS:
        show_status(turn, "")
        return
    for programme in _with_letters(turn.offices()):
        if turn.may(Action.SEE_ROSTER, Target(office=programme.office), "责任书"):
            _show(turn, programme, named[0].unit)


@router.command(
    "责任书签署情况",
    "责任状签署情况",
    "谁没签",
    what="查看责任书签署情况",
    roles=(Role.OFFICE, Role.LEADER),
    offered=_has_letter,
)
def show_status(turn: Turn, _rest: str) -> None:
    """已签n，未签：… of each measure that has letters."""
    asked = turn.offices() or turn.programmes
    found = _with_letters(asked)
    if not found:
        if any(turn.may(Action.SEE_ROSTER, Target(office=p.office), "责任书") for p in asked[:1]):
            turn.reply(LetterUnclear(exists=False))
        return
    for programme in found:
        if not turn.may(Action.SEE_ROSTER, Target(office=programme.office), "责任书"):
            return
        turn.reply(_status(turn, programme))


@router.command("签署", what="签署责任书", roles=(Role.HEAD,), offered=_has_letter, takes_more=True)
def sign_letter(turn: Turn, rest: str) -> None:
    """One word signs the one letter that waits; of several the title says which."""
    waiting = to_sign(turn)
    chosen = [row for row in waiting if row.title in rest] or waiting
    if not chosen:
        own = next(iter(turn.actor.units(Role.HEAD)), None)
        if turn.may(Action.SIGN, Target(office=0, unit=own, head_must_sign=True), "签署"):
            turn.reply(LettersWaiting(titles=()))
        return
    if len(chosen) > 1 and "全部" not in rest:
        turn.reply(LettersWaiting(titles=tuple(f"签署 {row.title}" for row in chosen)))
        return
    for row in chosen:
        _sign(turn, row)


def to_sign(turn: Turn) -> list[ObligationRow]:
    """The letters that wait for the sender's signature."""
    return [
        row
        for unit in turn.actor.units(Role.HEAD)
        for row in obligations.of_unit(turn.uow, unit, (State.UNSIGNED,))
        if row.kind == Kind.LETTER.value and turn.can(Action.SIGN, _target(turn, row))
    ]


@router.confirmation("letter-day")
def take_day(turn: Turn, content: dict[str, Any]) -> None:
    """确认 sets the day, opens the letters and moves those that still wait; their heads are told."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.RECORD_EVENT, Target(office=programme.office), LETTER_DAY):
        return
    # Two who set the day take turns: the second finds another than was shown.
    programmes.hold(turn.uow, programme.id)
    shown, now = content["before"], _status(turn, programme).due
    if (now.isoformat() if now is not None else None) != shown:
        turn.reply(EventNotRecorded(why=EventUnclear.MEANWHILE, event=LETTER_DAY))
        return
    day = date.fromisoformat(content["day"])
    key = event_days.record(
        turn.uow, programme=programme.id, event=LETTER_DAY, day=day, by=turn.actor.person, at=turn.now
    )
    opening.open_all(turn.uow, turn.installation, programme, turn.roster, turn.today)
    rows = obligations.of_programme(turn.uow, programme.id, kind=Kind.LETTER, states=(State.UNSIGNED,))
    due = due_on(day, turn.installation.zone).due
    told = LetterDaySet(title=_title(programme), due=due, units=len(rows))
    for row in rows:
        if row.due != due:
            move(turn, programme, obligations.get(turn.uow, row.id), day, MOVED)
        mine = told.model_copy(update={"unit": turn.roster.unit(row.unit).name})
        heads = turn.roster.holders(row.unit, (Role.HEAD,), turn.today)
        turn.tell(
            heads, mine, key=f"letter:{key}:{row.unit}", not_before=turn.office_time(programme), programme=programme
        )
    turn.reply(told)


def _ask_for_day(turn: Turn, rest: str) -> None:
    programme = next(iter(_with_letters(turn.offices())), None)
    if programme is None:
        turn.reply(LetterUnclear(exists=False))
        return
    if not turn.may(Action.RECORD_EVENT, Target(office=programme.office), LETTER_DAY):
        return
    wanted = dated(turn, rest.removeprefix("截止").removeprefix("时间").strip(" :："))
    if wanted.day is None:
        turn.reply(LetterUnclear(exists=True, written=wanted.unclear))
        return
    status = _status(turn, programme)
    seen = status.due.isoformat() if status.due is not None else None
    turn.ask("letter-day", {"programme": programme.id, "day": wanted.day.isoformat(), "before": seen})
    turn.reply(
        LetterDayAsk(
            title=status.title,
            due=due_on(wanted.day, turn.installation.zone).due,
            before=status.due,
            units=status.unsigned,
            trial=programme.trial,
        )
    )


def _sign(turn: Turn, row: ObligationRow) -> None:
    if not turn.may(Action.SIGN, _target(turn, row), row.title):
        return
    row = obligations.get(turn.uow, row.id)
    if row.state != State.UNSIGNED.value:
        turn.reply(LettersWaiting(titles=()))
        return
    programme = turn.programme(row.programme)
    after = sign(row.facts(), turn.said_at)
    file(turn, programme, row, after, Way.SIGN)
    told = LetterSigned(
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        signer=turn.name,
        signed_at=turn.said_at,
        on_time=after.on_time,
        due=row.due,
    )
    turn.reply(told)
    reporters = turn.roster.holders(row.unit, (Role.REPORTER,), turn.today)
    turn.tell(reporters, told.model_copy(update={"copied": True}), key=f"letter-signed:{row.id}", programme=programme)


def _show_own(turn: Turn) -> None:
    units = turn.own_units()
    if not units and not turn.may(Action.SEE_OWN_TASKS, Target(office=0), "责任书"):
        return
    found = [
        (programme, unit)
        for programme in _with_letters(turn.programmes)
        for unit in units
        if unit in signing_units(programme.rulebook, turn.roster, turn.today)
    ]
    for programme, unit in found:
        if turn.may(Action.SEE_OWN_TASKS, Target(office=programme.office, unit=unit.id), "责任书"):
            _show(turn, programme, unit)
    if not found:
        turn.reply(LetterUnclear(exists=False))


def _show(turn: Turn, programme: Programme, unit: Unit) -> None:
    row = next((row for row in _letters(turn, programme) if row.unit == unit.id), None)
    said = content(programme.rulebook, unit)
    assert programme.rulebook.letter is not None, "asked for only where there is one"
    signer, signed_at = _signature(turn, row)
    turn.reply(
        LetterShown(
            unit=unit.name,
            title=_title(programme),
            cite=programme.rulebook.letter.cite,
            due=row.due if row is not None else _due(turn, programme),
            targets=tuple(_targets(said)),
            duties=tuple(_duties(turn, programme, said)),
            unset=said.unset,
            signer=signer,
            signed_at=signed_at,
            may_sign=row is not None
            and row.state == State.UNSIGNED.value
            and turn.can(Action.SIGN, _target(turn, row)),
        )
    )


def _signature(turn: Turn, row: ObligationRow | None) -> tuple[str, datetime | None]:
    if row is None or row.state != State.MET.value:
        return "", None
    signed = [version for version in submissions.versions(turn.uow, row.id) if version.way == Way.SIGN.value]
    return (turn.roster.person(signed[-1].person).name, signed[-1].sent_at) if signed else ("", row.reported_at)


def _targets(said: Content) -> Iterable[LetterTarget]:
    for line in said.targets:
        yield LetterTarget(
            name=f"{line.name}{line.cohort}",
            measure=line.unit,
            base=line.base,
            full=line.full,
            mark=line.mark,
            part=line.source in (TargetFrom.SPLIT, TargetFrom.DUAL_SPLIT),
            own=line.own,
            assigned=line.assigned,
            lead=line.lead,
        )


def _duties(turn: Turn, programme: Programme, said: Content) -> Iterable[LetterDuty]:
    for duty in said.duties:
        found = [
            due
            for period in periods_of(duty, programme.rulebook.year)
            if (due := due_times(duty, period, turn.installation.calendar, turn.installation.zone)) is not None
        ]
        ahead = [due for due in found if due.due_day >= programme.live_from]
        counted = by_event(duty.due.value)
        yield LetterDuty(
            name=duty.name,
            times=len(ahead) if found else len(periods_of(duty, programme.rulebook.year)),
            first_due=ahead[0].due if ahead else None,
            mark=duty.due.mark,
            event=(duty.event or "") if counted else "",
        )


def _status(turn: Turn, programme: Programme) -> LetterStatus:
    rows = {row.unit: row for row in _letters(turn, programme)}
    units = signing_units(programme.rulebook, turn.roster, turn.today)
    signed = [(unit.name, at) for unit in units if (at := _signature(turn, rows.get(unit.id))[1]) is not None]
    names = {name for name, _ in signed}
    return LetterStatus(
        title=_title(programme),
        due=next((row.due for row in rows.values() if row.state == State.UNSIGNED.value), _due(turn, programme)),
        signed=tuple(signed),
        unsigned=tuple(unit.name for unit in units if unit.name not in names),
        now=turn.now,
        trial=programme.trial,
    )


def _due(turn: Turn, programme: Programme) -> datetime | None:
    said = event_days.of_programme(turn.uow, programme.id).day(LETTER_DAY, None)
    due = due_of_letter(programme.rulebook, turn.installation.calendar, turn.installation.zone, said)
    return due.due if due is not None else None


def _letters(turn: Turn, programme: Programme) -> Sequence[ObligationRow]:
    return obligations.of_programme(turn.uow, programme.id, kind=Kind.LETTER)


def _open_of(turn: Turn, unit: Unit) -> Sequence[ObligationRow]:
    return obligations.of_unit(turn.uow, unit.id, (State.UNSIGNED,))


def _with_letters(programmes: Iterable[Programme]) -> list[Programme]:
    return [programme for programme in programmes if programme.rulebook.letter is not None]


def _title(programme: Programme) -> str:
    letter = programme.rulebook.letter
    assert letter is not None, "asked for only where there is one"
    return f"{programme.rulebook.year}年{letter.name}"


def _target(turn: Turn, row: ObligationRow) -> Target:
    return Target(office=turn.programme(row.programme).office, unit=row.unit, head_must_sign=True)
