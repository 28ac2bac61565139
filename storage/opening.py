"""What a measure makes its units owe becomes obligations, once each: verbs that both wings use."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from assessment import ladder
from assessment.due import DueTimes, by_event, due_times, periods_of
from assessment.event_days import EventDays
from assessment.letters import LETTER, LETTER_DAY, due_of_letter, signing_units
from assessment.obligation import Kind, State
from assessment.periods import Frequency, Period
from assessment.requirements import asks, leads
from assessment.roster import Roster, Unit
from assessment.rulebook import Duty, Ladder, Rulebook, SignOff
from storage import event_days, obligations
from storage.installation import Installation
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

DAYS_AHEAD = timedelta(days=10)
"""A task appears this long before it is due, or when its period begins: nobody wants September's in July."""


@dataclass(frozen=True)
class Owed:
    """One report as it stands on the calendar: who owes it, and by when."""

    duty: Duty
    period: Period
    due: DueTimes
    units: Sequence[Unit]
    opens: date


def open_all(uow: UnitOfWork, installation: Installation, programme: Programme, people: Roster, today: date) -> int:
    """Open every obligation of the programme that is near enough to be worked on; return how many were new."""
    days = event_days.of_programme(uow, programme.id)
    known = obligations.of_duties(uow, programme.id)
    count = _open_letters(uow, installation, programme, people, today, days)
    for owed in owed_in_year(installation, programme.rulebook, people, days, today):
        if owed.due.due_day < programme.live_from or today < owed.opens:
            continue
        have = known.get((owed.duty.id, owed.period.name), set[int]())
        count += _open_duty(uow, installation, programme, owed, have)
    return count


def owed_in_year(
    installation: Installation, rulebook: Rulebook, people: Roster, days: EventDays, today: date
) -> Iterator[Owed]:
    """Everything that falls due by the rules for periods of the year that have begun by `today`.

    Periods long past were opened in their time; the unique key keeps them single.
    """
    for duty in rulebook.duties:
        for period in periods_of(duty, rulebook.year):
            if period.first_day <= today:
                yield from _owed(installation, rulebook, people, duty, period, days)


def _owed(
    installation: Installation, rulebook: Rulebook, people: Roster, duty: Duty, period: Period, days: EventDays
) -> Iterator[Owed]:
    """One for all units; of an event that has several days, one for each of these."""
    rule = duty.due.value
    for event in days.every_day(duty.event) if by_event(rule) else (None,):
        due = due_times(duty, period, installation.calendar, installation.zone, event)
        if due is None:
            continue
        units = [
            unit for unit in people.chosen(duty.units or leads(rulebook), due.due_day) if asks(rulebook, duty, unit)
        ]
        if event is None:
            yield Owed(duty, period, due, units, max(period.first_day, due.due_day - DAYS_AHEAD))
        else:
            mine = [unit for unit in units if days.day(duty.event, unit.id) == event]
            # There is work to do as soon as the office has said when it is.
            yield Owed(duty, period, due, mine, date.min)


def _open_duty(
    uow: UnitOfWork, installation: Installation, programme: Programme, owed: Owed, known: Collection[int]
) -> int:
    """Open it for every unit that owes it and is not among those `known` to owe it already."""
    duty, period = owed.duty, owed.period
    return _open(
        uow,
        installation,
        programme,
        [unit for unit in owed.units if unit.id not in known],
        owed.due,
        programme.rulebook.ladder(duty.ladder),
        kind=Kind.DUTY.value,
        ref=duty.id,
        period=period.name,
        title=duty.title(period),
        sign_off=duty.sign_off.value,
        review=duty.review,
    )


def _open_letters(
    uow: UnitOfWork, installation: Installation, programme: Programme, people: Roster, today: date, days: EventDays
) -> int:
    """责任书: each assessed unit owes its head's signature from the day on which the measure runs live (R81)."""
    rulebook = programme.rulebook
    chased_by = ladder.ladder_for(rulebook, Kind.LETTER, LETTER)
    if rulebook.letter is None or chased_by is None or programme.trial or today < programme.live_from:
        return 0
    due = due_of_letter(rulebook, installation.calendar, installation.zone, days.day(LETTER_DAY, None))
    if due is None or due.due_day < programme.live_from:
        return 0
    have = {row.unit for row in obligations.of_programme(uow, programme.id, kind=Kind.LETTER)}
    year = Period(rulebook.year, Frequency.YEAR, 1)
    return _open(
        uow,
        installation,
        programme,
        [unit for unit in signing_units(rulebook, people, today) if unit.id not in have],
        due,
        chased_by,
        kind=Kind.LETTER.value,
        ref=LETTER,
        period=year.name,
        title=f"{rulebook.year}年{rulebook.letter.name}",
        sign_off=SignOff.HEAD.value,
        state=State.UNSIGNED.value,
    )


def _open(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    units: Iterable[Unit],
    due: DueTimes,
    chased_by: Ladder,
    **values: object,
) -> int:
    new = list(units)
    if not new:
        return 0
    hours = programme.rulebook.office_hours
    plan = ladder.plan(chased_by, due, installation.calendar, hours, installation.zone)
    opened = 0
    for unit in new:
        opened += obligations.open_if_new(
            uow,
            obligations.fresh(
                programme=programme.id,
                unit=unit.id,
                due=due.due,
                grace_end=due.grace_end,
                due_assumed=due.assumed,
                held=due.assumed or any(step.assumed for step in plan),
                plan=ladder.to_json(plan),
                look_at=ladder.next_action_at(plan, frozenset()),
                **values,
            ),
        )
    return opened
