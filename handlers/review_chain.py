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
    """The unit whose office has to review it now."""
    programme = turn.programme(row.programme)
    chain = _chain(turn, programme, row) if row.state == State.REVIEW.value else ()
    step = steps_taken(turn, row) if chain else 0
    return (programme.office, *(unit.id for unit in chain))[min(step, len(chain))]


def next_reviewer(turn: Turn, row: ObligationRow) -> Unit | None:
    """Who reviews it after the present reviewer; None where this one is the last."""
    chain = _chain(turn, turn.programme(row.programme), row)
    step = steps_taken(turn, row) if chain else 0
    return chain[step] if step < len(chain) else None


def steps_taken(turn: Turn, row: ObligationRow) -> int:
    """How many have passed the report that stands."""
    taken = 0
    for version in submissions.versions(turn.uow, row.id):
        if version.way in _BEGINS_ANEW:
            taken = 0
        taken += version.way == Way.PASS_ON.value
    return taken


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
    told = HandedOn(
        number=number,
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        by=passed_by,
        to=to.name,
        hearer="reviewer",
    )
    key, at_office = f"handed-on:{row.id}:{row.round}:{steps_taken(turn, row)}", turn.office_time(programme)
    turn.tell(
        turn.roster.holders(to.id, (Role.OFFICE,), turn.today), told, key=key, not_before=at_office, programme=programme
    )
    to_unit = told.model_copy(update={"hearer": "unit"})
    turn.tell(
        turn.roster.holders(row.unit, (Role.REPORTER,), turn.today),
        to_unit,
        key=key,
        not_before=at_office,
        programme=programme,
    )
    turn.reply(told.model_copy(update={"hearer": "sender"}))


def _chain(turn: Turn, programme: Programme, row: ObligationRow) -> tuple[Unit, ...]:
    """The later reviewers whose post is held; where nobody holds it the report does not wait for nobody.

    Nobody reviews what the own unit reports: that goes on to the next.
    """
    if row.kind != Kind.DUTY.value:
        return ()
    units = (turn.roster.named(name) for name in programme.rulebook.duty(row.ref).review_chain)
    others = (unit for unit in units if unit and unit.id != row.unit)
    return tuple(unit for unit in others if turn.roster.holders(unit.id, (Role.OFFICE,), turn.today))


def _later_units(turn: Turn, programme: Programme) -> tuple[int, ...]:
    names = dict.fromkeys(name for duty in programme.rulebook.duties for name in duty.review_chain)
    units = (turn.roster.named(name) for name in names)
    return tuple(unit.id for unit in units if unit is not None)
