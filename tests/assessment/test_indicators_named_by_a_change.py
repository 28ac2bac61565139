"""An indicator called 增幅 or 下降率: what may be its figure is asked, not taken for a comparison of its neighbour."""

from decimal import Decimal

import pytest

from assessment.indicator import Indicator
from assessment.periods import Frequency, Period
from assessment.report_reading import DoubtReason, ReportReading
from assessment.report_text import read_report
from assessment.submission import Figure, Slot

_COMMON = {"承担单位": ["甲镇"], "依据": "二"}
INVESTMENT = Indicator.model_validate(
    {"编号": "I1", "名称": "固定资产投资", "单位": "万元", "类型": "累计", "基本任务": 10000, **_COMMON}
)
INCOME = Indicator.model_validate(
    {"编号": "I2", "名称": "农民人均可支配收入增幅", "单位": "%", "类型": "比率", **_COMMON}
)
ENERGY = Indicator.model_validate({"编号": "I3", "名称": "单位能耗下降率", "单位": "%", "类型": "比率", **_COMMON})


def read(text: str, *own: Indicator) -> ReportReading:
    return read_report(text, own=own or (INVESTMENT, INCOME), period=Period(2026, Frequency.MONTH, 1), cumulative=False)


RISE = Slot("I2", Figure.ACTUAL)


def asked(reading: ReportReading) -> list[str]:
    return [doubt.slot.indicator for item in reading.items for doubt in item.doubts if doubt.slot is not None]


@pytest.mark.parametrize(
    "text",
    [
        "1月投资800万增幅7.2%",
        "固定资产投资800,农民收入增幅7.2",
        "投资800 增幅 7.2",
        "固定资产投资800万元,同比增长3%;农民收入增长7.2%",
        "投资八百万 农民人均收入增幅百分之七点二",
    ],
)
def test_what_may_be_the_other_indicator_is_asked(text: str) -> None:
    reading = read(text)
    assert reading.items[0].values == {Slot("I1", Figure.ACTUAL): Decimal(800)}
    (doubt,) = reading.items[1].doubts
    assert (doubt.reason, doubt.slot, doubt.read) == (DoubtReason.WHOSE_CHANGE, RISE, Decimal("7.2"))
    assert reading.items[1].on_confirm == {RISE: Decimal("7.2")}


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("固定资产投资800万元,同比增长7.2%", (INVESTMENT, INCOME)),
        ("固定资产投资增长7.2%,完成800万元", (INVESTMENT, INCOME)),
        ("固定资产投资800万元,比上年增长7.2%", (INVESTMENT, INCOME)),
        ("固定资产投资800万元,增长7.2%", (INVESTMENT,)),
        ("固定资产投资800万元,增长7.2%", (INVESTMENT, ENERGY)),
        ("固定资产投资800万元增幅7.2%;农民人均可支配收入增幅6%", (INVESTMENT, INCOME)),
    ],
)
def test_a_comparison_is_left_beside(text: str, own: tuple[Indicator, ...]) -> None:
    reading = read(text, *own)
    assert reading.items[0].values == {Slot("I1", Figure.ACTUAL): Decimal(800)}
    assert asked(reading) == []


def test_a_fall_is_asked_as_a_fall() -> None:
    assert asked(read("固定资产投资800万元,下降2.1%", INVESTMENT, ENERGY)) == ["I3"]
    assert asked(read("固定资产投资800万元,下降2.1%", INVESTMENT, INCOME)) == []


def test_the_whole_name_is_the_figure() -> None:
    reading = read("农民人均可支配收入增幅6%")
    assert reading.items[0].values == {Slot("I2", Figure.ACTUAL): Decimal(6)}
    assert asked(reading) == []


def test_of_two_that_it_may_be_the_clerk_says_which() -> None:
    other = Indicator.model_validate({"编号": "I4", "名称": "财政收入增幅", "单位": "%", "类型": "比率", **_COMMON})
    reading = read("固定资产投资800,增幅7.2%", INVESTMENT, INCOME, other)
    (doubt,) = reading.items[1].doubts
    assert (doubt.reason, doubt.candidates) == (DoubtReason.NO_INDICATOR, ("I2", "I4"))
    assert reading.items[1].on_confirm is None
