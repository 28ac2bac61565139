"""Scorecards and figures as notices: what 得分, 明细, 差距 and 为什么 are made of."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from assessment.figures import Figures, figures
from assessment.ledger import AccountKey, Entry
from assessment.mark_words import in_words
from assessment.notices import FigureBlock, GapLine, PointLine, PointsBlock
from assessment.notices.scores import CategoryLine, MarkedLine, StageBlock, StageCell
from assessment.obligation import Kind
from assessment.periods import Frequency, Period
from assessment.readings import PartWithoutTask
from assessment.requirements import reported_by
from assessment.roster import Unit
from assessment.rulebook import Indicator, Measure, SameMatter, Subject
from assessment.scorecard import Line, Scorecard, Status, View
from assessment.self_scoring import SelfScore
from assessment.stages import compose
from assessment.submission import Slot
from handlers.columns import cells, own_score
from handlers.flags import flags_shown
from handlers.turn import Turn
from storage import appeals, obligations, proposals, scoring, submissions, telling, unsettled
from storage.contested import contested
from storage.programmes import Programme
from storage.year_facts import YearFacts


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
    unit = turn.roster.unit(account.holder) if account.subject is Subject.UNIT else None
    own = own_score(turn, programme, unit) if unit is not None and card.categories else None
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
        estimated=(
            *card.estimated,
            *_unsettled(turn, programme, unit, as_of),
        ),
        mark="◇" if card.stand_in else "",
        flags=flags_shown(turn, programme, card),
        lines=_all_listed(turn, programme, card),
        categories=tuple(_categories(card, own, programme.rulebook.readings.part_without_task)),
        own_total=own.total if own is not None and own.complete else None,
        office=turn.roster.unit(programme.office).name,
        only_of=only_of.name if only_of else "",
        trial=programme.trial,
        readings=("同一事项、同一方向取最高",) if _has_covered(card) and _takes_highest(programme) else (),
    )


def _all_listed(turn: Turn, programme: Programme, card: Scorecard) -> tuple[PointLine, ...]:
    """Every line; what is 争议中 today says so, and counts as before."""
    disputed = appeals.disputed(turn.uow, programme.id) if card.as_of >= turn.now else {}
    found = []
    for line in card.lines:
        appeal = disputed.get(line.source.id, "") if isinstance(line.source, Entry) else ""
        shown = _listed(turn, programme, card, line)
        found.append(shown.model_copy(update={"disputed": appeal}) if appeal else shown)
    return tuple(found)


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


def stage_block(turn: Turn, programme: Programme, unit: Unit, until: datetime | None = None) -> StageBlock | None:
    """The columns side by side, and their score by the rulebook's formula; None before any stage is done.

    With `until`, the columns as they were recorded by then.
    """
    rulebook, found = programme.rulebook, cells(turn, programme, unit, until)
    if not found:
        return None
    composed = compose(rulebook, found)
    lacking = tuple(f"{lack.stage.name if lack.stage is not None else ''}{lack.why.value}" for lack in composed.lacking)
    return StageBlock(
        programme=rulebook.name,
        version=rulebook.version,
        cells=tuple(
            StageCell(
                name=stage.name,
                value=found[stage.id].value,
                reason=found[stage.id].reason,
                reference_only=stage.reference_only,
            )
            for stage in rulebook.stages
            if stage.id in found
        ),
        composite=composed.value,
        mark="◇" if composed.stand_in else "",
        lacking=lacking,
    )


def _unsettled(turn: Turn, programme: Programme, unit: Unit | None, as_of: datetime) -> tuple[str, ...]:
    """What still lacks once the year is being settled; a past date shows what was known then."""
    if unit is None or as_of < turn.now or not programme.rulebook.indicators:
        return ()
    facts = YearFacts(turn.uow, programme, turn.roster, turn.today, turn.now)
    return unsettled.unsettled_names(turn.uow, programme, facts, unit)


def _categories(card: Scorecard, own: SelfScore | None, reading: PartWithoutTask) -> Iterator[CategoryLine]:
    scored = {row.category: row.points for row in own.rows} if own is not None else {}
    for one in card.categories:
        yield CategoryLine(
            name=one.name,
            points=one.confirmed.final,
            full=one.full,
            provisional=one.provisional.final,
            own=scored.get(one.name),
            without_task=one.parts_without_task,
            reading=reading.value if one.parts_without_task else "",
        )


def figure_block(turn: Turn, programme: Programme, unit: Unit) -> FigureBlock | None:
    """The labelled figures of what a unit reports, from its newest period with figures; None when it reports none."""
    marked = tuple(_marked(turn, programme, unit))
    indicators = [one for one in reported_by(programme.rulebook, unit) if one.way is None]
    if not indicators and not marked:
        return None
    period, values = newest_figures(turn, programme, unit)
    # Where the measure assesses a whole (a county by its city), a department has gaps there but no points.
    scored = programme.rulebook.assessed in (None, unit.name, *unit.aliases)
    lines = [
        gap_line(indicator, found, scored=scored, contested_by=against)
        for indicator in indicators
        for against in (_contested_by(turn, programme, indicator),)
        for found in figures(
            indicator,
            values,
            months_passed=months(period),
            readings=programme.rulebook.readings,
            unit=unit.name,
        )
    ]
    return FigureBlock(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        period=period.label(cumulative=True) if period is not None else "",
        unit=unit.name,
        lines=tuple(lines),
        marked=marked,
    )


def _marked(turn: Turn, programme: Programme, unit: Unit) -> Iterator[MarkedLine]:
    """Indicators with a way of scoring of their own, as the facts stand now."""
    facts = YearFacts(turn.uow, programme, turn.roster, turn.today, turn.now)
    own = {indicator.id for indicator in (*facts.held_to(unit), *reported_by(programme.rulebook, unit))}
    for indicator in programme.rulebook.indicators:
        if indicator.way is not None and indicator.id in own:
            mark = facts.mark(unit, indicator)
            yield MarkedLine(name=indicator.name, lines=in_words(mark), mark="◇" if mark.stand_in else "")


def newest_figures(turn: Turn, programme: Programme, unit: Unit) -> tuple[Period | None, Mapping[Slot, Decimal]]:
    """The newest period for which the unit has reported figures, and these figures."""
    rows = [
        row
        for row in obligations.of_unit(turn.uow, unit.id, closed=True)
        if row.programme == programme.id and row.kind == Kind.DUTY.value and programme.rulebook.duty(row.ref).indicators
    ]
    for row in reversed(rows):
        values = submissions.current(turn.uow, row.id).values
        if values:
            return Period.parse(row.period), values
    return None, {}


def _contested_by(turn: Turn, programme: Programme, indicator: Indicator) -> str:
    """Who publishes another figure; that figure itself is for the office."""
    found = contested(turn.uow, programme, turn.roster, turn.today, indicator)
    return found.publisher.name if found is not None else ""


def gap_line(indicator: Indicator, found: Figures, *, scored: bool, contested_by: str = "") -> GapLine:
    """One indicator (or cohort): shares and gaps, rounded only here, for showing. What is contested has no points."""
    scored = scored and not contested_by
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
        contested_by=contested_by,
        own_target=found.target.own if found.target.differ else None,
        assigned_target=found.target.assigned if found.target.differ else None,
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
