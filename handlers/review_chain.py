"""审核链: who has to review a report now, the programme's office first and then unit by unit (R78).

How far it has come stands in its versions: each 转审 since the report or its return is one step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from assessment.notices.reviewing import HandedOn
from assessment.obligation import Kind, State
from assessment.roster import Role, Unit
from handlers.turn import Turn
from storage import obligations, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

_BEGINS_ANEW = tuple(way.value for way in (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED, Way.SIGN, Way.SEND_BACK))


@dataclass(frozen=True)
class Reviewing:
    """A desk at which the sender reviews: of a programme, and as which unit."""

    programme: Programme
    unit: int


def desks(turn: Turn) -> tuple[Reviewing, ...]:
    """Every desk at which the sender reviews today; failing that one at which it will be refused."""
    found = [
        Reviewing(programme, unit)
        for programme in turn.programmes
        for unit in dict.fromkeys((programme.office, *_later_units(turn, programme)))
        if turn.actor.holds(Role.OFFICE, unit)
    ]
    return tuple(found) or tuple(Reviewing(programme, programme.office) for programme in turn.programmes[:1])


def at(turn: Turn, desk: Reviewing, states: Sequence[State] = (State.REVIEW,)) -> list[ObligationRow]:
    """What lies on that desk; what has been reviewed to the end is the office's to reopen."""
    rows = obligations.of_programme(turn.uow, desk.programme.id, states=states)
    return [row for row in rows if reviewer(turn, row) == desk.unit]


def reviewer(turn: Turn, row: ObligationRow) -> int:
    """The unit whose office has to review it now; the first of them where that has been done to the end."""
    reviewers = _reviewers(turn, row)
    goes_on = len(reviewers) > 1 and row.state == State.REVIEW.value
    return reviewers[min(steps_taken(turn, row), len(reviewers) - 1) if goes_on else 0].id


def next_reviewer(turn: Turn, row: ObligationRow) -> Unit | None:
    """Who reviews it after the present reviewer; None where this one is the last."""
    reviewers = _reviewers(turn, row)
    step = steps_taken(turn, row) + 1 if len(reviewers) > 1 else 1
    return reviewers[step] if step < len(reviewers) else None


def steps_taken(turn: Turn, row: ObligationRow) -> int:
    """How many have passed the report that stands."""
    taken = 0
    for version in submissions.versions(turn.uow, row.id):
        if version.way in _BEGINS_ANEW:
            taken = 0
        taken += version.way == Way.PASS_ON.value
    return taken


def hand_in(turn: Turn, row: ObligationRow, number: str) -> None:
    """A report of the office's own goes to another unit at once, which would not look for it unasked."""
    programme, first = turn.programme(row.programme), reviewer(turn, row)
    if first != programme.office:
        _tell_reviewer(turn, programme, row, first, _handed_on(turn, row, number, to=first))


def hand_on(turn: Turn, row: ObligationRow, number: str, to: Unit) -> None:
    """已转县委办审查: on record; who reviews next and the unit hear of it."""
    programme = turn.programme(row.programme)
    passed_by = turn.roster.unit(reviewer(turn, row)).name
    submissions.add(
        turn.uow,
        obligation=row.id,
        way=Way.PASS_ON,
        number=number,
        person=turn.actor.person,
        sent_at=turn.said_at,
        recorded_at=turn.now,
        note=to.name,
    )
    told = _handed_on(turn, row, number, to=to.id, by=passed_by)
    _tell_reviewer(turn, programme, row, to.id, told)
    turn.tell(
        turn.roster.holders(row.unit, (Role.REPORTER,), turn.today),
        told.model_copy(update={"hearer": "unit"}),
        key=_key(turn, row, number),
        not_before=turn.office_time(programme),
        programme=programme,
    )
    turn.reply(told.model_copy(update={"hearer": "sender"}))


def _handed_on(turn: Turn, row: ObligationRow, number: str, *, to: int, by: str = "") -> HandedOn:
    roster = turn.roster
    return HandedOn(
        number=number,
        unit=roster.unit(row.unit).name,
        title=row.title,
        by=by,
        to=roster.unit(to).name,
        hearer="reviewer",
    )


def _tell_reviewer(turn: Turn, programme: Programme, row: ObligationRow, to: int, told: HandedOn) -> None:
    turn.tell(
        turn.roster.holders(to, (Role.OFFICE,), turn.today),
        told,
        key=_key(turn, row, told.number),
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _key(turn: Turn, row: ObligationRow, number: str) -> str:
    # By the report's number: one that was corrected or taken back meanwhile comes anew and is told anew.
    return f"handed-on:{row.id}:{number}:{steps_taken(turn, row)}"


def _reviewers(turn: Turn, row: ObligationRow) -> tuple[Unit, ...]:
    """The office, then the later ones whose post is held; where nobody holds it the report does not wait for nobody.

    Nobody reviews what the own unit reports: that goes on to the next, the office's own too where there is a next.
    """
    programme = turn.programme(row.programme)
    office = turn.roster.unit(programme.office)
    if row.kind != Kind.DUTY.value:
        return (office,)
    units = (turn.roster.named(name) for name in programme.rulebook.duty(row.ref).review_chain)
    others = (unit for unit in units if unit and unit.id != row.unit)
    later = tuple(unit for unit in others if turn.roster.holders(unit.id, (Role.OFFICE,), turn.today))
    return later if later and row.unit == office.id else (office, *later)


def _later_units(turn: Turn, programme: Programme) -> tuple[int, ...]:
    names = dict.fromkeys(name for duty in programme.rulebook.duties for name in duty.review_chain)
    units = (turn.roster.named(name) for name in names)
    return tuple(unit.id for unit in units if unit is not None)
