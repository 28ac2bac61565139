"""Which period is meant, and a figure held against the one before."""

from decimal import Decimal

import pytest

from assessment.periods import Period
from assessment.submission import Figure, Slot
from tests.assessment.report_reader import read, shown


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("7月亩均税收3.8万", None),
        ("1-7月亩均税收3.8万", None),
        ("一至七月亩均税收3.8万", None),
        ("2010年1—7月份亩均税收3.8万", None),
        ("2010年亩均税收3.8万", None),
        ("截至7月31日，亩均税收3.8万", None),
        ("亩均税收3.8万，比6月增长5%", None),
        ("亩均税收3.8万，预计12月底7万", None),
        ("6月亩均税收3.8万", "2010-06"),
        ("6月份：\n亩均税收3.8万\n能耗1.06", "2010-06"),
        ("1-6月亩均税收3.8万", "2010-06"),
        ("2009年7月亩均税收3.8万", "2009-07"),
        ("上半年亩均税收3.8万", "2010H1"),
        ("二季度亩均税收3.8万", "2010Q2"),
    ],
)
def test_a_period_that_is_not_the_one_asked_is_named(text: str, named: str | None) -> None:
    reading = read(text)
    assert (reading.named_period.period.name if reading.named_period else None) == named
    assert reading.items[0].values[Slot("规上亩均税收", Figure.ACTUAL)] == Decimal("3.8")


def test_one_month_is_not_the_running_total_where_the_duty_is_not_cumulative() -> None:
    assert read("1-7月亩均税收3.8万", cumulative=False).named_period is not None
    assert read("7月亩均税收3.8万", cumulative=False).named_period is None


def test_figures_of_two_periods_are_kept_apart() -> None:
    reading = read("1-6月亩均税收3.5万,1-7月亩均税收3.8万,1-6月能耗1.2")
    assert [shown(item) for item in reading.items] == [
        "规上亩均税收 完成3.8",
        "万元工业增加值能耗 完成1.2 ?OTHER_PERIOD",
    ]
    assert reading.remarks == ("1-6月亩均税收3.5万",)


def test_at_the_end_of_the_year_the_whole_year_is_what_was_done() -> None:
    december = Period.parse("2010-12")
    assert shown(read("亩均税收全年7万", period=december).items[0]) == "规上亩均税收 完成7"
    assert shown(read("亩均税收全年7万").items[0]) == "规上亩均税收 预测7"
    assert shown(read("亩均税收预测7万", period=december).items[0]) == "规上亩均税收 预测7"


def test_a_figure_is_held_against_the_period_before() -> None:
    before = {("外贸自营出口", Figure.ACTUAL): "3.5"}
    assert shown(read("出口额3.2亿美元", previous=before).items[0]) == "外贸自营出口 完成3.2 ?BELOW_PREVIOUS"
    assert read("出口额3.2亿美元", previous=before).items[0].doubts[0].limit == Decimal("3.5")
    assert read("出口额3.8亿美元", previous=before).items[0].certain
    assert shown(read("出口额预测3亿美元", previous=before).items[0]) == "外贸自营出口 预测3 ?FORECAST_BELOW_ACTUAL"
    january = Period.parse("2010-01")
    assert read("出口额0.3亿美元", previous=before, period=january).items[0].certain


def test_a_rate_may_fall_and_a_lower_is_better_forecast_may_lie_below() -> None:
    before = {("刑事案件破案率", Figure.ACTUAL): "60"}
    assert read("破案率54.63%", previous=before).items[0].certain
    assert read("能耗1.06预测0.78").items[0].certain


def test_a_value_near_last_months_is_plausible_though_far_from_the_target() -> None:
    assert not read("亩均税收0.05万").items[0].certain
    assert read("亩均税收0.05万", previous={("规上亩均税收", Figure.ACTUAL): "0.04"}).items[0].certain
