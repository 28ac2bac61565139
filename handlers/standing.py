"""Scorecards and figures as notices: what 得分, 明细, 差距 and 为什么 are made of."""

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from assessment.figures import Figures, figures
from assessment.ledger import AccountKey, Entry
from assessment.notices import FigureBlock, GapLine, PointLine, PointsBlock
from assessment.obligation import Kind
from assessment.periods import Frequency, Period
from assessment.requirements import reported_by
from assessment.roster import Unit
from assessment.rulebook import Indicator, Measure, SameMatter, Subject
from assessment.scorecard import Line, Scorecard, Status, View
from assessment.submission import Slot
from handlers.turn import Turn
from storage import obligations, proposals, scoring, submissions, telling
from storage.programmes import Programme


def points_block(
    turn: Turn,
    programme: Programme,
    account: AccountKey,
    as_of: datetime,
    view: View = View.KNOWN,
    *,
    only_of: Unit | None = None,
) -> PointsBlock:
    """One account of one programme: totals, flags and every line, or what came of one unit's matters alone."""
    card = scoring.card(turn.uow, programme, account, as_of, view, unit=only_of.id if only_of else None)
    rulebook = programme.rulebook
    return PointsBlock(
        programme=rulebook.name,
        version=rulebook.version,
        account=telling.account_name(turn.roster, account.subject.value, account.holder),
        personal=account.subject is Subject.PERSON,
        base=card.base,
        confirmed=card.confirmed.final,
        provisional=card.provisional.final,
        raw=card.confirmed.raw,
        capped=card.confirmed.capped,
        estimated=tuple(f"{rulebook.clause(clause).cite}{rulebook.clause(clause).name}" for clause in card.estimated),
        mark="◇" if card.stand_in else "",
        flags=tuple(f"{raised.flag.value}（{rulebook.clause(raised.cause.clause).cite}）" for raised in card.flags),
        lines=tuple(_listed(turn, programme, card, line) for line in card.lines),
        only_of=only_of.name if only_of else "",
        trial=programme.trial,
        readings=("同一事项、同一方向取最高",) if _has_covered(card) and _takes_highest(programme) else (),
    )


def _listed(turn: Turn, programme: Programme, card: Scorecard, line: Line) -> PointLine:
    """In a list a corrected entry says only that it was corrected: by whom it was confirmed would read as counted."""
    shown = point_line(turn, programme, card, line)
    return shown.model_copy(update={"confirmed_by": "", "at": None}) if line.status is Status.REVERSED else shown


def point_line(turn: Turn, programme: Programme, card: Scorecard, line: Line) -> PointLine:
    """One entry or proposal as a line."""
    clause = programme.rulebook.clause(line.source.clause)
    entry = line.source if isinstance(line.source, Entry) else None
    return PointLine(
        entry=entry.number if entry is not None else line.ref,
        cite=clause.cite,
        clause=clause.name,
        points=line.points,
        status=line.status.value,
        covered_by=_name_of(programme, card.line(line.covered_by)) if line.covered_by else "",
        fact=telling.fact(turn.uow, line.source.basis),
        confirmed_by=_name(turn, entry),
        at=entry.recorded_at if entry is not None else None,
    )


def figure_block(turn: Turn, programme: Programme, unit: Unit) -> FigureBlock | None:
    """The labelled figures of what a unit reports, from its newest period with figures; None when it reports none."""
    indicators = reported_by(programme.rulebook, unit)
    if not indicators:
        return None
    period, values = newest_figures(turn, programme, unit)
    # Where the measure assesses a whole (a county by its city), a department has gaps there but no points.
    scored = programme.rulebook.assessed in (None, unit.name, *unit.aliases)
    lines = [
        gap_line(indicator, found, scored=scored)
        for indicator in indicators
        for found in figures(indicator, values, months_passed=months(period))
    ]
    return FigureBlock(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        period=period.label(cumulative=True) if period is not None else "",
        unit=unit.name,
        lines=tuple(lines),
    )


def newest_figures(turn: Turn, programme: Programme, unit: Unit) -> tuple[Period | None, Mapping[Slot, Decimal]]:
    """The newest period for which the unit has reported figures, and these figures."""
    rows = [
        row
        for row in obligations.of_unit(turn.uow, unit.id)
        if row.programme == programme.id and row.kind == Kind.DUTY.value and programme.rulebook.duty(row.ref).indicators
    ]
    for row in reversed(rows):
        values = submissions.current(turn.uow, row.id).values
        if values:
            return Period.parse(row.period), values
    return None, {}


def gap_line(indicator: Indicator, found: Figures, *, scored: bool) -> GapLine:
    """One indicator (or cohort): shares and gaps, rounded only here, for showing."""
    forecast = found.by_forecast
    return GapLine(
        name=f"{indicator.name}{found.cohort or ''}",
        unit=indicator.unit,
        direction=indicator.direction,
        actual=found.by_actual.value,
        forecast=forecast.value if forecast is not None else None,
        base=found.base,
        full=found.full,
        actual_share=percent(found.by_actual.share_of_base),
        forecast_share=percent(forecast.share_of_base) if forecast is not None else None,
        actual_to_base=found.by_actual.short_of_base,
        actual_to_full=found.by_actual.short_of_full,
        forecast_to_base=forecast.short_of_base if forecast is not None else None,
        forecast_to_full=forecast.short_of_full if forecast is not None else None,
        progress_gap=percent(found.ahead_of_time),
        is_rate=indicator.measure is Measure.RATE,
        points=_points(forecast.points if forecast is not None else found.by_actual.points) if scored else None,
        mark="◇" if found.target_stand_in or (scored and found.points_stand_in) else "",
    )


def statement_of(turn: Turn, entry: Entry) -> str | None:
    """What the unit said on the proposal behind an entry."""
    return proposals.get(turn.uow, entry.proposal).statement if entry.proposal is not None else None


def _name(turn: Turn, entry: Entry | None) -> str:
    if entry is None:
        return ""
    return turn.roster.person(entry.author).name if entry.author is not None else "自动入账条款"


def _name_of(programme: Programme, line: Line) -> str:
    clause = programme.rulebook.clause(line.source.clause)
    number = line.source.number if isinstance(line.source, Entry) else line.ref
    return f"{clause.cite}（{number}）"


def _has_covered(card: Scorecard) -> bool:
    return any(line.status is Status.SUPPRESSED for line in card.lines)


def _takes_highest(programme: Programme) -> bool:
    return programme.rulebook.readings.same_matter is SameMatter.HIGHEST_SUBTOTAL


def months(period: Period | None) -> int:
    """How many months of the year have passed at its end; 0 where no month ends with it."""
    if period is None or period.frequency is Frequency.WEEK:
        return 0
    return period.last_day.month


def percent(share: Fraction | None) -> Decimal | None:
    """A share in percent with two places, for showing only (A16)."""
    return None if share is None else _rounded(share * 100)


def _points(points: Fraction | None) -> Decimal | None:
    return None if points is None else _rounded(points)


def _rounded(value: Fraction) -> Decimal:
    """Two places, half up; for showing only (A16)."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
