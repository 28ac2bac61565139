"""One indicator, two units' figures: where what leads and what publishes it differ, neither counts until a ruling."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from assessment.indicator import Indicator, Measure
from assessment.judgement import Given
from assessment.obligation import Kind, State
from assessment.periods import Period
from assessment.roster import Roster, Unit
from assessment.rulebook import SignOff
from assessment.submission import Figure, Slot
from storage import judgements, obligations, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

_RULINGS = (Given.FIGURE, Given.PART)
"""What the office gives of a figure: of the whole, or of one cohort."""


@dataclass(frozen=True)
class Contested:
    """Two different figures for one indicator at the end of one period; both stay on record."""

    indicator: Indicator
    period: Period
    cumulative: bool
    cohort: str | None
    lead: Unit
    led: Decimal
    publisher: Unit
    published: Decimal
    since: datetime
    """When the later of both was put on record."""

    def __str__(self) -> str:
        """甲局155，乙局172."""
        return f"{self.lead.name}{self.cohort or ''}{self.led:f}，{self.publisher.name}{self.published:f}"


@dataclass(frozen=True)
class _Said:
    value: Decimal
    at: datetime


def contested(
    uow: UnitOfWork, programme: Programme, roster: Roster, today: date, indicator: Indicator
) -> Contested | None:
    """The newest difference on which nobody has ruled since; None where both agree or only one has reported.

    Of figures that tell the year so far only the newest period that both have reported is looked at.
    """
    if indicator.published_by is None:
        return None
    leads, publishers = (roster.chosen((name,), today) for name in (indicator.owners[0], indicator.published_by))
    if len(leads) != 1 or len(publishers) != 1 or leads[0].id == publishers[0].id:
        return None
    found = next(_differing(uow, programme, indicator, leads[0], publishers[0]), None)
    return None if found is None or _ruled_on(uow, programme, found) else found


def _differing(
    uow: UnitOfWork, programme: Programme, indicator: Indicator, lead: Unit, publisher: Unit
) -> Iterator[Contested]:
    mine, theirs = ({(row.ref, row.period): row for row in _rows(uow, programme, unit)} for unit in (lead, publisher))
    both = [(row, theirs[key]) for key, row in mine.items() if key in theirs]
    for led, published in sorted(both, key=lambda rows: Period.parse(rows[0].period).last_day, reverse=True):
        ours, others = _said(uow, led, indicator), _said(uow, published, indicator)
        common = [slot for slot in ours if slot in others]
        cumulative = programme.rulebook.duty(led.ref).cumulative
        for slot in common:
            if ours[slot].value != others[slot].value:
                yield Contested(
                    indicator=indicator,
                    period=Period.parse(led.period),
                    cumulative=cumulative,
                    cohort=slot.cohort,
                    lead=lead,
                    led=ours[slot].value,
                    publisher=publisher,
                    published=others[slot].value,
                    since=max(ours[slot].at, others[slot].at),
                )
        if common and (cumulative or indicator.measure is Measure.RATE):
            return


def _rows(uow: UnitOfWork, programme: Programme, unit: Unit) -> list[ObligationRow]:
    """What the unit has reported; what was not signed is not, and what lies under review does not count yet."""
    return [
        row
        for row in obligations.of_unit(uow, unit.id, closed=True)
        if row.programme == programme.id
        and row.kind == Kind.DUTY.value
        and programme.rulebook.duty(row.ref).indicators
        and counts(row)
    ]


def counts(row: ObligationRow) -> bool:
    """Whether what a unit has said on that obligation counts as reported: signed and reviewed, where it must be."""
    plain = row.state == State.OPEN.value and row.sign_off == SignOff.NONE.value and not row.review
    return plain or row.state == State.MET.value


def _said(uow: UnitOfWork, row: ObligationRow, indicator: Indicator) -> dict[Slot, _Said]:
    """What stands of the indicator, and when it was put on record."""
    versions = submissions.versions(uow, row.id)
    said: dict[Slot, _Said] = {}
    for slot, value in submissions.fold(versions).values.items():
        if slot.indicator == indicator.id and slot.figure is Figure.ACTUAL:
            said[slot] = _Said(value, max(one.recorded_at for one in versions if submissions.says(one, slot)))
    return said


def _ruled_on(uow: UnitOfWork, programme: Programme, found: Contested) -> bool:
    return any(
        row.indicator == found.indicator.id
        and row.given in _RULINGS
        and row.name in ("", found.cohort)
        and row.given_at >= found.since
        for row in judgements.of_programme(uow, programme.id)
    )
