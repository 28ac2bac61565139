"""Duties of the year become this period's obligations, once each, some days before they fall due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from assessment import ladder
from assessment.due import due_times, periods_of
from assessment.obligation import Kind
from assessment.periods import Period
from assessment.requirements import items, leads
from assessment.roster import Roster
from assessment.rulebook import Duty
from storage import obligations, programmes, roster
from storage.installation import Installation
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

DAYS_AHEAD = timedelta(days=10)
"""A task appears this long before it is due, or when its period begins: nobody wants September's in July."""


@dataclass(frozen=True)
class Opened:
    """How many obligations a sweep opened."""

    count: int = 0


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> Opened:
    """Open every obligation that is near enough to be worked on; run again, it opens nothing twice."""
    today = installation.day(now)
    people = roster.whole(uow)
    count = 0
    for programme in programmes.running(uow):
        known = obligations.of_duties(uow, programme.id)
        for duty in programme.rulebook.duties:
            for period in _begun(duty, programme.rulebook.year, today):
                owing = known.get((duty.id, period.name), set[int]())
                count += _open(uow, installation, programme, duty, period, people, today, owing)
    return Opened(count)


def _begun(duty: Duty, year: int, today: date) -> list[Period]:
    """Periods that have begun. Those long past were opened in their time; the unique key keeps them single."""
    return [period for period in periods_of(duty, year) if period.first_day <= today]


def _open(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    duty: Duty,
    period: Period,
    people: Roster,
    today: date,
    known: Collection[int],
) -> int:
    """Open it for every unit that owes it and is not among those `known` to owe it already."""
    due = due_times(duty, period, installation.calendar, installation.zone)
    if due is None or due.due_day < programme.live_from:
        return 0
    rulebook = programme.rulebook
    if today < max(period.first_day, due.due_day - DAYS_AHEAD):
        return 0
    new = [
        unit
        for unit in people.chosen(duty.units or leads(rulebook), due.due_day)
        if unit.id not in known and items(rulebook, duty, unit, period)
    ]
    if not new:
        return 0
    plan = ladder.plan(
        rulebook.ladder(duty.ladder), due, installation.calendar, rulebook.office_hours, installation.zone
    )
    opened = 0
    for unit in new:
        opened += obligations.open_if_new(
            uow,
            obligations.fresh(
                programme=programme.id,
                kind=Kind.DUTY.value,
                ref=duty.id,
                unit=unit.id,
                period=period.name,
                title=f"{period.label(cumulative=duty.cumulative)}{duty.name}",
                due=due.due,
                grace_end=due.grace_end,
                due_assumed=due.assumed,
                held=due.assumed or any(step.assumed for step in plan),
                sign_off=duty.sign_off.value,
                review=duty.review,
                plan=ladder.to_json(plan),
                look_at=ladder.next_action_at(plan, frozenset()),
            ),
        )
    return opened
