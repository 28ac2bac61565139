"""催报: what it says and to whom, for the sweep's step and for the office's word alike."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.notices import OwedLine, Urging, write
from assessment.roster import Roster
from assessment.rulebook import Audience, StepKind
from storage import cases, outbox, roster, steps
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import About, Priority
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

BY_HAND = 1000
"""Steps that the office takes by hand are numbered from here, apart from the ladder's own."""


@dataclass(frozen=True)
class Urged:
    """What became of an urging by hand: names of units."""

    told: tuple[str, ...]
    skipped: tuple[str, ...]
    """Nobody there to tell."""


def notice(installation: Installation, lines: Sequence[OwedLine], now: datetime) -> Urging:
    """The urging, with what counts from when said in advance where a clause counts days."""
    counted = any(line.per_day is not None for line in lines)
    return Urging(lines=tuple(lines), now=now, rest_days=cases.rest_days_ahead(installation, now) if counted else ())


def by_hand(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    programme: Programme,
    rows: Sequence[ObligationRow],
    now: datetime,
) -> Urged:
    """Urge the responsible of each obligation now, or when office hours begin; each told once for each row."""
    at = installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
    told: list[str] = []
    skipped: list[str] = []
    for row in rows:
        hearers = [p for p in cases.responsible(people, row, installation, now) if roster.address(uow, p) is not None]
        number = BY_HAND + sum(step.step >= BY_HAND for step in steps.recorded(uow, row.id, row.round))
        steps.record(
            uow,
            obligation=row.id,
            round_=row.round,
            step=number,
            kind=StepKind.URGE.value,
            audience=Audience.RESPONSIBLE.value,
            planned_for=at,
            recorded_at=now,
            said=bool(hearers),
            reason="考核办催报" if hearers else "无人在岗或无法送达",
        )
        line = cases.owed_line(uow, installation, people, row, now)
        for person in hearers:
            outbox.tell(
                uow,
                person,
                write(notice(installation, [line], now)),
                key=f"step:{row.id}:{row.round}:{number}:{person}",
                priority=Priority.ESCALATION,
                queued_at=now,
                not_before=at,
                about=[About(row.id, row.round, row.state, urging=True)],
            )
        (told if hearers else skipped).append(people.unit(row.unit).name)
    return Urged(tuple(told), tuple(skipped))
