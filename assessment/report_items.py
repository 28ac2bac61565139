"""Claims -> items: every figure in its indicator's unit, held against what is known, with its doubts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from assessment.numerals import Quantity, Unclear, UnitFault, UnitProblem, Unreadable, in_unit
from assessment.periods import Period
from assessment.periods_text import NamedPeriod
from assessment.plausibility import Yardstick, far_above_targets, forecast_falls_short, whole_of
from assessment.report_claims import Claim
from assessment.report_narration import can_be
from assessment.report_reading import Doubt, DoubtReason
from assessment.rulebook import Indicator, Measure
from assessment.submission import Figure, Slot
from assessment.typed_text import plain

_UNCLEAR = {
    Unclear.NOT_A_NUMBER: DoubtReason.UNREADABLE,
    Unclear.SEVERAL_READINGS: DoubtReason.UNREADABLE,
    Unclear.VAGUE: DoubtReason.VAGUE,
    Unclear.RANGE: DoubtReason.RANGE,
    Unclear.UNKNOWN_UNIT: DoubtReason.UNKNOWN_UNIT,
}
_UNIT_FAULT = {
    UnitFault.PERCENT_MISSING: DoubtReason.PERCENT_MISSING,
    UnitFault.WRONG_UNIT: DoubtReason.WRONG_UNIT,
    UnitFault.WRONG_CURRENCY: DoubtReason.WRONG_CURRENCY,
    UnitFault.CHANGE_NOT_LEVEL: DoubtReason.NOT_THE_FIGURE,
    UnitFault.TOO_MANY_DIGITS: DoubtReason.TOO_MANY_DIGITS,
}


@dataclass(frozen=True)
class Asked:
    """What the open report asks for."""

    period: Period
    cumulative: bool
    yardstick: Yardstick
    several_periods: bool = False
    """The text names the asked period and another one, so that figures of the other are set apart."""
    months_apart: bool = False
    """The text tells months apart (another period, 环比), so that 7月 is one month and not the running total."""

    def fits(self, period: NamedPeriod | None) -> bool:
        """Whether a figure said to be of `period` is one of the period asked."""
        return period is None or period.is_asked(self.period, cumulative=self.cumulative)


@dataclass
class Judged:
    """What was made of one indicator's claims."""

    values: dict[Slot, Decimal] = field(default_factory=dict)
    written: dict[Slot, str] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    remarks: list[Claim] = field(default_factory=list)

    def doubt(self, doubt: Doubt) -> None:
        """Keep the first doubt about each place; one question is enough."""
        if not any(known.slot == doubt.slot for known in self.doubts):
            self.doubts.append(doubt)


def judge(indicator: Indicator, claims: Sequence[Claim], asked: Asked, *, misspelt: bool = False) -> Judged:
    """Read the claims on one own indicator; what is doubtful stands in `values` and in `doubts`."""
    judged = Judged()
    own, judged.remarks = _set_apart(indicator, claims, asked)
    sibling: Quantity | None = None
    for claim in own:
        _judge_claim(judged, indicator, claim, asked, sibling, misspelt=misspelt)
        if isinstance(claim.quantity, Quantity) and (claim.quantity.unit or claim.quantity.scale):
            sibling = claim.quantity
    if not own and judged.remarks:
        written = judged.remarks[0].quantity.written
        judged.doubt(Doubt(DoubtReason.NOT_THE_FIGURE, written, Slot(indicator.id, Figure.ACTUAL)))
    _compare(judged, indicator, asked.yardstick)
    return judged


def judge_figure(
    indicator: Indicator,
    slot: Slot,
    quantity: Quantity | Unreadable,
    yardstick: Yardstick,
    *,
    sibling: str | None = None,
) -> Decimal | Doubt:
    """One figure by itself: its value in the indicator's unit, or the doubt about it.

    A bare figure counts in the unit `sibling` where that is given.
    """
    judged = Judged()
    neighbour = Quantity(Decimal(0), sibling, "") if sibling else None
    value = _value(judged, indicator, slot, quantity, yardstick, neighbour)
    return judged.doubts[0] if judged.doubts or value is None else value


def _set_apart(indicator: Indicator, claims: Sequence[Claim], asked: Asked) -> tuple[list[Claim], list[Claim]]:
    """The indicator's own figures, and those that are only comparisons, targets or other months."""
    own = [claim for claim in claims if not claim.comparison]
    if not own and indicator.change_rate:
        own = [claim for claim in claims if isinstance(claim.quantity, Quantity) and claim.quantity.trend]
    for is_beside in (_is_change, _is_single_month, _is_other_period, _is_of_other_measure):
        beside = {claim for claim in own if is_beside(claim, indicator, asked)}
        rest = [claim for claim in own if claim not in beside]
        if rest and (is_beside is _is_change or any(claim.figure is not Figure.FORECAST for claim in rest)):
            own = rest
    kept = set(own)
    return own, [claim for claim in claims if claim not in kept]


def _is_change(claim: Claim, indicator: Indicator, _: Asked) -> bool:
    quantity = claim.quantity
    change = isinstance(quantity, Quantity) and quantity.trend is not None
    return change and not indicator.change_rate and quantity.written[:2] not in indicator.name


def _is_single_month(claim: Claim, indicator: Indicator, asked: Asked) -> bool:
    one_month = asked.months_apart and claim.period is not None and claim.period.one_month
    of_one_month = claim.single_month or (one_month and claim.figure is not Figure.FORECAST)
    return of_one_month and asked.cumulative and indicator.measure is Measure.CUMULATIVE


def _is_other_period(claim: Claim, _: Indicator, asked: Asked) -> bool:
    return asked.several_periods and claim.figure is not Figure.FORECAST and not asked.fits(claim.period)


def _is_of_other_measure(claim: Claim, indicator: Indicator, _: Asked) -> bool:
    return claim.figure is not Figure.FORECAST and not can_be(claim.quantity, indicator)


def _judge_claim(
    judged: Judged, indicator: Indicator, claim: Claim, asked: Asked, sibling: Quantity | None, *, misspelt: bool
) -> None:
    slot = _slot(judged, indicator, claim, asked)
    earlier = judged.values.get(slot)
    quantity = _meant(claim.quantity, indicator, slot)
    value = _value(judged, indicator, slot, quantity, asked.yardstick, sibling)
    if value is None:
        return
    if earlier is not None:
        if earlier != value:
            both = (f"{earlier:f}", f"{value:f}")
            judged.doubts = [doubt for doubt in judged.doubts if doubt.slot != slot]
            judged.doubt(Doubt(DoubtReason.TWO_VALUES, claim.quantity.written, slot, candidates=both))
        return
    judged.values[slot], judged.written[slot] = value, claim.quantity.written
    for reason in _faults_of_place(indicator, claim, slot, asked, misspelt=misspelt):
        candidates = tuple(cohort.name for cohort in indicator.cohorts) if reason is DoubtReason.COHORT_MISSING else ()
        read = None if reason is DoubtReason.COHORT_MISSING else value
        judged.doubt(Doubt(reason, claim.quantity.written, slot, read, candidates=candidates))


def _meant(quantity: Quantity | Unreadable, indicator: Indicator, slot: Slot) -> Quantity | Unreadable:
    """A forecast is never exact, so 约155 is one; and 削减3.2% is a level where the indicator is called 削减率."""
    if isinstance(quantity, Unreadable):
        return quantity.about if quantity.about is not None and slot.figure is Figure.FORECAST else quantity
    called_so = quantity.trend is not None and quantity.written[:2] in indicator.name
    return replace(quantity, trend=None) if called_so and not indicator.change_rate else quantity


def _slot(judged: Judged, indicator: Indicator, claim: Claim, asked: Asked) -> Slot:
    names = {plain(cohort.name): cohort.name for cohort in indicator.cohorts}
    cohort = next((names[name] for name in _cohort_writings(claim.cohort) if name in names), None)
    figure = claim.figure
    if claim.whole_year and asked.period.last_day.month == 12:
        figure = Figure.ACTUAL
    if figure is None:
        has_actual = Slot(indicator.id, Figure.ACTUAL, cohort) in judged.values
        figure = Figure.FORECAST if has_actual else Figure.ACTUAL
    return Slot(indicator.id, figure, cohort)


def cohort_writings(indicators: Sequence[Indicator]) -> Iterator[str]:
    """All writings of all cohorts: 2007年 is also 2007年度, 07年 and 2007:."""
    for indicator in indicators:
        for cohort in indicator.cohorts:
            name = plain(cohort.name)
            yield name
            if name.endswith("年") and name[:-1].isdigit():
                yield from (f"{name}度", f"{name[:-1]}:", f"{name[-3:]}" if len(name) == 5 else name)


def _cohort_writings(written: str | None) -> Iterator[str]:
    if written is None:
        return
    yield written
    name = written.removesuffix("度")
    yield from (name, f"20{name}", name.replace(":", "年"))


def _faults_of_place(
    indicator: Indicator, claim: Claim, slot: Slot, asked: Asked, *, misspelt: bool
) -> Iterator[DoubtReason]:
    """What makes a readable value doubtful because of how and where it was said."""
    if indicator.cohorts and slot.cohort is None:
        yield DoubtReason.COHORT_MISSING
    if claim.words_between:
        yield DoubtReason.WORDS_BETWEEN
    if claim.figure is None:
        yield DoubtReason.FIGURE_UNCLEAR
    if _is_single_month(claim, indicator, asked) or (claim.comparison and not indicator.change_rate):
        yield DoubtReason.NOT_THE_FIGURE
    forecast_of_a_month = slot.figure is Figure.FORECAST and claim.period and claim.period.period.last_day.month < 12
    if (forecast_of_a_month and not asked.fits(claim.period)) or _is_other_period(claim, indicator, asked):
        yield DoubtReason.OTHER_PERIOD
    bare = isinstance(claim.quantity, Quantity) and claim.quantity.unit is None
    if misspelt and bare and not asked.yardstick.knows(indicator, slot):
        yield DoubtReason.NAME_UNCLEAR


def _value(
    judged: Judged,
    indicator: Indicator,
    slot: Slot,
    quantity: Quantity | Unreadable,
    yardstick: Yardstick,
    sibling: Quantity | None,
) -> Decimal | None:
    """The value in the indicator's unit, doubtful ones included; None where there is none."""
    if isinstance(quantity, Unreadable):
        judged.doubt(Doubt(_UNCLEAR[quantity.reason], quantity.written, slot))
        return None
    value = _converted(judged, indicator, slot, quantity, yardstick, sibling)
    if isinstance(value, UnitProblem):
        likely = value.likely
        if likely is not None and yardstick.fault(indicator, slot, likely) is not None:
            likely = yardstick.likely(indicator, slot, likely)
        judged.doubt(Doubt(_UNIT_FAULT[value.reason], quantity.written, slot, likely=likely))
        return None
    bare = quantity.unit is None and quantity.scale is None and sibling is None
    fault = yardstick.fault(indicator, slot, value, bare=bare)
    if fault is not None:
        likely, limit = yardstick.likely(indicator, slot, value), yardstick.limit(indicator, slot)
        limit = whole_of(indicator) if fault is DoubtReason.ABOVE_HUNDRED else limit
        judged.doubt(Doubt(fault, quantity.written, slot, value, likely, limit))
    return value


def _converted(
    judged: Judged,
    indicator: Indicator,
    slot: Slot,
    quantity: Quantity,
    yardstick: Yardstick,
    sibling: Quantity | None,
) -> Decimal | UnitProblem:
    """The value in the own unit; a bare figure may also count in the unit that its neighbour was given."""
    direct = in_unit(quantity, indicator.unit, change_rate=indicator.change_rate)
    if quantity.unit is not None or quantity.scale is not None or sibling is None:
        return direct
    other = in_unit(quantity.counted_in(sibling), indicator.unit, change_rate=indicator.change_rate)
    if isinstance(other, UnitProblem) or other == direct:
        return direct
    if isinstance(direct, UnitProblem):
        return other
    plausible = [value for value in (direct, other) if yardstick.fault(indicator, slot, value) is None]
    if len(plausible) == 2:
        both = (f"{direct:f}", f"{other:f}")
        judged.doubt(Doubt(DoubtReason.SEVERAL_READINGS, quantity.written, slot, direct, candidates=both))
    return plausible[0] if plausible else direct


def _compare(judged: Judged, indicator: Indicator, yardstick: Yardstick) -> None:
    """Hold actual, forecast and the period before against each other, where nothing else is doubtful."""
    doubtful = {doubt.slot for doubt in judged.doubts}
    for slot, value in list(judged.values.items()):
        if slot in doubtful:
            continue
        if slot.figure is Figure.ACTUAL:
            reached = yardstick.reached(slot) if indicator.measure is Measure.CUMULATIVE else None
            if reached is not None and value < reached:
                judged.doubt(Doubt(DoubtReason.BELOW_PREVIOUS, judged.written[slot], slot, value, limit=reached))
            continue
        actual_slot = Slot(slot.indicator, Figure.ACTUAL, slot.cohort)
        if actual_slot in doubtful:
            continue
        actual = judged.values.get(actual_slot, yardstick.reached(actual_slot))
        if actual is not None and forecast_falls_short(indicator, actual, value):
            judged.doubt(Doubt(DoubtReason.FORECAST_BELOW_ACTUAL, judged.written[slot], slot, value, limit=actual))
        elif actual is not None and far_above_targets(indicator, slot, actual, value):
            limit = yardstick.limit(indicator, slot)
            judged.doubt(Doubt(DoubtReason.MAGNITUDE, judged.written[slot], slot, value, limit=limit))
