"""The labelled figures of an indicator: exact, signed the right way, and never 0 for what nobody reported."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.figures import Band, Figures, figures, lagging
from assessment.rulebook import Cohort, Curve, Direction, Indicator, Measure, Parameter
from assessment.submission import Figure, Slot


def value(number: str | None, stand_in: str | None = None) -> Parameter[Decimal]:
    return Parameter[Decimal](value=None if number is None else Decimal(number), stand_in=stand_in)


def an_indicator(base: str | None = "70", full: str | None = "80", **said: Any) -> Indicator:
    values: dict[str, Any] = {
        "id": "x",
        "name": "指标",
        "unit": "%",
        "measure": Measure.RATE,
        "base": value(base),
        "full": value(full),
        "base_points": value("3"),
        "full_points": value("5"),
        "curve": Parameter[Curve](value=Curve.LINEAR),
        "owners": ("甲局",),
        "cite": "一",
    }
    return Indicator(**(values | said))


FALLING: dict[str, Any] = {"direction": Direction.LOWER}


def taken(indicator: Indicator, actual: str | None, forecast: str | None = None, months: int = 7) -> Figures:
    reported = {Figure.ACTUAL: actual, Figure.FORECAST: forecast}
    values = {Slot(indicator.id, figure): Decimal(text) for figure, text in reported.items() if text is not None}
    return figures(indicator, values, months_passed=months)[0]


def test_actual_and_forecast_are_told_apart() -> None:
    """R67: 完成3.8 and 预测7, each with its own gaps."""
    found = taken(an_indicator("7.56", "9.08", measure=Measure.CUMULATIVE), "3.8", "7")

    assert found.by_actual.value == Decimal("3.8")
    assert found.by_forecast is not None
    assert found.by_forecast.short_of_base == Decimal("0.56")
    assert found.by_forecast.short_of_full == Decimal("2.08")


def test_what_nobody_reported_is_unknown_and_not_zero() -> None:
    """R103: unknown has no gap and no points; a reported 0 has both."""
    missing, zero = taken(an_indicator(), None).by_actual, taken(an_indicator(), "0").by_actual

    assert (missing.value, missing.short_of_base, missing.band, missing.points) == (None, None, None, None)
    assert (zero.value, zero.short_of_base, zero.points) == (Decimal(0), Decimal(70), Fraction(0))


def test_an_indicator_without_forecast_has_no_such_figure() -> None:
    assert taken(an_indicator(forecast=False), "75", "80").by_forecast is None


def test_time_progress_is_months_over_twelve_and_not_for_rates() -> None:
    """R75: five months of twelve beside 70 of 174; a rate is not held against the calendar."""
    cumulative = an_indicator("174", None, measure=Measure.CUMULATIVE)

    found = taken(cumulative, "70", months=5)

    assert found.time_progress == Fraction(5, 12)
    assert found.ahead_of_time == Fraction(70, 174) - Fraction(5, 12)
    assert taken(an_indicator(), "50", months=5).time_progress is None
    assert taken(an_indicator(), "50", months=5).ahead_of_time is None
    assert taken(cumulative, None, months=5).ahead_of_time is None


@pytest.mark.parametrize(
    ("figure", "points", "band"),
    [
        ("69.9999", Fraction(0), Band.BELOW_BASE),
        ("70", Fraction(3), Band.BASE),
        ("75", Fraction(4), Band.BASE),
        ("73.3333", 3 + Fraction(2) * Fraction(33333, 100000), Band.BASE),
        ("80", Fraction(5), Band.FULL),
        ("95", Fraction(5), Band.FULL),
    ],
)
def test_points_run_straight_from_base_to_full(figure: str, points: Fraction, band: Band) -> None:
    """R65: points by the band in which the figure lies."""
    standing = taken(an_indicator(), figure).by_actual

    assert (standing.points, standing.band) == (points, band)


@pytest.mark.parametrize(
    ("figure", "points", "short_of_base", "short_of_full"),
    [
        ("0.81", 0, "0.01", "0.06"),
        ("0.80", 3, "0", "0.05"),
        ("0.775", 4, "-0.025", "0.025"),
        ("0.7", 5, "-0.1", "-0.05"),
    ],
)
def test_where_less_is_better_everything_turns_round(
    figure: str, points: int, short_of_base: str, short_of_full: str
) -> None:
    """R66: the gap is how much the figure is too high."""
    standing = taken(an_indicator("0.80", "0.75", **FALLING), figure).by_actual

    assert standing.points == points
    assert standing.short_of_base == Decimal(short_of_base)
    assert standing.short_of_full == Decimal(short_of_full)
    assert standing.share_of_base is None


@pytest.mark.parametrize("name", ["base", "full", "base_points", "full_points", "curve"])
def test_no_points_while_anything_is_unset(name: str) -> None:
    kind: Any = Parameter[Curve] if name == "curve" else Parameter[Decimal]
    found = taken(an_indicator().model_copy(update={name: kind()}), "75")

    assert found.by_actual.points is None
    assert found.unset == (Indicator.model_fields[name].alias,)


def test_a_target_that_contradicts_the_direction_gives_no_points() -> None:
    assert taken(an_indicator("80", "70"), "75").by_actual.points is None


def test_base_and_full_may_coincide() -> None:
    same = an_indicator("70", "70")

    assert taken(same, "70").by_actual.points == 5
    assert taken(same, "69").by_actual.points == 0


def test_a_base_of_zero_has_no_percentage() -> None:
    assert taken(an_indicator("0", "10"), "5").by_actual.share_of_base is None


def test_a_band_is_open_while_a_target_is_unset() -> None:
    assert taken(an_indicator(None, "80"), "75").by_actual.band is None
    assert taken(an_indicator(None, "80"), "80").by_actual.band is Band.FULL
    assert taken(an_indicator("70", None), "75").by_actual.band is None
    assert taken(an_indicator("70", None), "69").by_actual.band is Band.BELOW_BASE


def test_stand_ins_mark_what_rests_on_them() -> None:
    only_points = taken(an_indicator(base_points=value("3", "代入3分")), "75")
    target = taken(an_indicator().model_copy(update={"base": value("70", "代入70")}), "75")
    neither = taken(an_indicator(), "75")

    assert (only_points.target_stand_in, only_points.points_stand_in) == (False, True)
    assert (target.target_stand_in, target.points_stand_in) == (True, True)
    assert (neither.target_stand_in, neither.points_stand_in) == (False, False)


def test_each_cohort_has_its_own_targets() -> None:
    cohorts = (Cohort(name="2007年", full=value("95")), Cohort(name="2010年", full=value("40")))
    indicator = an_indicator(None, None, cohorts=cohorts)
    values = {Slot("x", Figure.ACTUAL, "2007年"): Decimal("70.4"), Slot("别的", Figure.ACTUAL): Decimal(1)}

    first, second = figures(indicator, values, months_passed=7)

    assert (first.cohort, first.by_actual.short_of_full) == ("2007年", Decimal("24.6"))
    assert (second.cohort, second.by_actual.value) == ("2010年", None)


def test_long_figures_stay_exact() -> None:
    base = "0." + "0" * 40 + "1"

    assert taken(an_indicator(base, "1"), "1").by_actual.short_of_base == Decimal("-0." + "9" * 41)


def test_the_lagging_list_begins_with_the_worst() -> None:
    def one(name: str, base: str | None, actual: str | None, **said: Any) -> Figures:
        return replace(taken(an_indicator(base, None, **said), actual), indicator=name)

    listed = [
        one("水环境", "70", "50"),
        one("亩均总产值", "168.7", "85"),
        one("能耗", "0.80", "1.06", **FALLING),
        one("达到的", "70", "70"),
        one("未报的", "70", None),
        one("没有基本任务的", None, "26"),
        one("亩均税收", "7.56", "3.8"),
    ]

    assert [found.indicator for found in lagging(listed)] == ["亩均税收", "亩均总产值", "水环境", "能耗"]


NUMBERS = st.decimals(-1000, 1000, places=3)


@settings(max_examples=150, deadline=None)
@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.decimals(0, 5, places=1), st.decimals(0, 5, places=1))
def test_points_never_fall_with_a_better_figure_and_stay_within_full(
    one: Decimal, other: Decimal, base: Decimal, full: Decimal, base_points: Decimal, more: Decimal
) -> None:
    direction = Direction.HIGHER if full >= base else Direction.LOWER
    indicator = an_indicator(
        str(base),
        str(full),
        direction=direction,
        base_points=value(str(base_points)),
        full_points=value(str(base_points + more)),
    )
    worse, better = sorted((one, other), reverse=direction is Direction.LOWER)

    less = taken(indicator, str(worse)).by_actual.points
    most = taken(indicator, str(better)).by_actual.points

    assert less is not None
    assert most is not None
    assert 0 <= less <= most <= Fraction(base_points + more)


@settings(max_examples=100, deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(Direction))
def test_a_figure_short_of_its_target_reaches_it_by_exactly_that_much(
    figure: Decimal, base: Decimal, direction: Direction
) -> None:
    short = taken(an_indicator(str(base), None, direction=direction), str(figure)).by_actual.short_of_base

    assert short is not None
    assert figure + (short if direction is Direction.HIGHER else -short) == base
