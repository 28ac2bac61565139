"""An unknown year: the office is told well ahead, and what was planned by guess is planned anew once it is known."""

from datetime import datetime, timedelta

from assessment import ladder
from assessment.due import DueTimes, due_on, due_times
from assessment.notices import CalendarMissing, write
from assessment.obligation import Kind
from assessment.periods import Period
from assessment.roster import Role
from assessment.workdays import alarm_from
from storage import cases, event_days, extensions, obligations, outbox, programmes, roster
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import Priority
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> int:
    """Tell each office once of a missing year, and plan anew what has become certain; return how many that were."""
    _tell_offices(uow, installation, now)
    return sum(_plan_anew(uow, installation, row, now) for row in obligations.held(uow))


def _tell_offices(uow: UnitOfWork, installation: Installation, now: datetime) -> None:
    today = installation.day(now)
    year = installation.calendar.missing_year(today)
    if year is None:
        return
    people = roster.whole(uow)
    for programme in programmes.running(uow):
        at = installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
        for person in people.holders(programme.office, (Role.OFFICE, Role.ADMINISTRATOR), today):
            outbox.tell(
                uow,
                person,
                write(CalendarMissing(year=year, alarmed_on=alarm_from(year))),
                key=f"calendar:{year}:{person}",
                priority=Priority.REMINDER,
                queued_at=now,
                not_before=at,
            )


def _plan_anew(uow: UnitOfWork, installation: Installation, row: ObligationRow, now: datetime) -> bool:
    """Move only what rested on the unknown year; steps already settled stay as they were (decisions 13)."""
    programme = programmes.get(uow, row.programme)
    due = _due(uow, installation, programme, row)
    if due.assumed:
        return False
    chased_by = ladder.ladder_for(programme.rulebook, Kind(row.kind), row.ref)
    if chased_by is None:
        return False
    settled = cases.settled(uow, row)
    planned = ladder.replan(
        ladder.from_json(row.plan),
        settled,
        ladder=chased_by,
        due=due,
        calendar=installation.calendar,
        hours=programme.rulebook.office_hours,
        zone=installation.zone,
    )
    if any(step.assumed for step in planned if step.key not in settled):
        return False
    uow.update(
        ObligationRow,
        ObligationRow.id == row.id,
        due=due.due,
        grace_end=due.grace_end,
        due_assumed=False,
        held=False,
        plan=ladder.to_json(planned),
        look_at=max(now, ladder.next_action_at(planned, settled) or now),
    )
    return True


def _due(uow: UnitOfWork, installation: Installation, programme: Programme, row: ObligationRow) -> DueTimes:
    # What the office has granted is a day of its own, whatever the duty's rule makes of the year.
    if row.kind == Kind.DUTY.value and extensions.granted(uow, row.id) is None:
        duty = programme.rulebook.duty(row.ref)
        event = event_days.of_programme(uow, programme.id).day(duty.event, row.unit)
        found = due_times(duty, Period.parse(row.period), installation.calendar, installation.zone, event)
        if found is not None:
            return found
    return due_on(installation.day(row.due - timedelta(milliseconds=1)), installation.zone)
