"""确认, 只收, 改 and 取消 in the forms that people type, and texts that only look like them."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.periods import Period
from assessment.report_answers import Cancel, Change, Confirm, NoSuchNumber, TakeOnly, Unfilled, read_answer
from assessment.report_text import DoubtReason, read_report
from assessment.rulebook import Indicator
from assessment.submission import Figure, Slot


def indicator(name: str, unit: str, full: str, **more: Any) -> Indicator:
    return Indicator.model_validate(
        {"编号": name, "名称": name, "单位": unit, "类型": "比率", "满分目标": full, "承担单位": ["甲局"], "依据": "五"}
        | more
    )


OWN = (
    indicator("亩均总产值", "万元", "202.44"),
    indicator("亩均税收", "万元", "9.08"),
    indicator("高新占比", "%", "37.25"),
)
ITEMS = read_report(
    "亩均总产值85万预测155,亩均税收3.8万 预测7万,高新占比26%预测25%",
    own=OWN,
    period=Period.parse("2010-07"),
    cumulative=True,
).items
FORECAST = Slot("高新占比", Figure.FORECAST)
ACTUAL = Slot("高新占比", Figure.ACTUAL)


@pytest.mark.parametrize(
    "text", ["确认", "是", "是的", "对", "对的", "全部确认", "确认无误", " 确认。", "确认\n", "没错！"]
)
def test_yes(text: str) -> None:
    assert read_answer(text, ITEMS, OWN) == Confirm()


@pytest.mark.parametrize("text", ["取消", "取消吧", "取消。"])
def test_cancel(text: str) -> None:
    assert read_answer(text, ITEMS, OWN) == Cancel()


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("只收1、2", (1, 2)),
        ("只收1 2", (1, 2)),
        ("只收 1,2", (1, 2)),
        ("只收１，２", (1, 2)),
        ("只收①②", (1, 2)),
        ("只收12", (1, 2)),
        ("只收123", (1, 2, 3)),
        ("只收2和1", (2, 1)),
        ("只收第1项、第2项", (1, 2)),
        ("只收1、2两项", (1, 2)),
        ("只收1、2吧", (1, 2)),
        ("只收一、二", (1, 2)),
        ("只收1、2，其他再核", (1, 2)),
        ("只收1、2,3我问下科技局", (1, 2)),
        ("只收3", (3,)),
        ("只收1、1", (1,)),
    ],
)
def test_only_some(text: str, numbers: tuple[int, ...]) -> None:
    assert read_answer(text, ITEMS, OWN) == TakeOnly(numbers)


def test_twelve_is_one_number_where_there_is_an_item_twelve() -> None:
    many = [type(ITEMS[0])(number, "亩均税收", {}, "") for number in range(1, 13)]
    assert read_answer("只收12", many, OWN) == TakeOnly((12,))
    assert read_answer("只收①②", many, OWN) == TakeOnly((1, 2))


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("改 3 27%", {FORECAST: "27"}),
        ("改3 27%", {FORECAST: "27"}),
        ("改 3 27", {FORECAST: "27"}),
        ("改3预测27%", {FORECAST: "27"}),
        ("改 3 预测27", {FORECAST: "27"}),
        ("改 3 完成24%", {ACTUAL: "24"}),
        ("改 3 完成 26% 预测 27%", {ACTUAL: "26", FORECAST: "27"}),
        ("改 3，完成26%，全年27%", {ACTUAL: "26", FORECAST: "27"}),
        ("改第3项 27%", {FORECAST: "27"}),
        ("更正 3 27%", {FORECAST: "27"}),
        ("第3项改为27%", {FORECAST: "27"}),
        ("3改成百分之二十七", {FORECAST: "27"}),
        ("改为27%", {FORECAST: "27"}),
        ("改27%", {FORECAST: "27"}),
        ("27%", {FORECAST: "27"}),
        ("27", {FORECAST: "27"}),
        ("预测27%", {FORECAST: "27"}),
        ("是，27%", {FORECAST: "27"}),
    ],
)
def test_a_change(text: str, values: dict[Slot, str]) -> None:
    assert read_answer(text, ITEMS, OWN) == Change(3, {slot: Decimal(value) for slot, value in values.items()})


def test_a_change_of_a_certain_item_goes_to_the_figure_named_or_the_actual_one() -> None:
    assert read_answer("改 1 86万", ITEMS, OWN) == Change(1, {Slot("亩均总产值", Figure.ACTUAL): Decimal(86)})
    assert read_answer("改 1 预测160", ITEMS, OWN) == Change(1, {Slot("亩均总产值", Figure.FORECAST): Decimal(160)})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("改 3 26-27%", DoubtReason.RANGE),
        ("改 3 约27%", DoubtReason.VAGUE),
        ("改 3 27万", DoubtReason.WRONG_UNIT),
        ("改 1 85亿元", DoubtReason.MAGNITUDE),
        ("改 3 2700%", DoubtReason.ABOVE_HUNDRED),
    ],
)
def test_a_change_that_cannot_be_believed_brings_no_value(text: str, reason: DoubtReason) -> None:
    answer = read_answer(text, ITEMS, OWN)
    assert isinstance(answer, Change)
    assert answer.values == {}
    assert [doubt.reason for doubt in answer.doubts] == [reason]


@pytest.mark.parametrize(("text", "number"), [("只收5", 5), ("改 7 27%", 7), ("只收1、9", 9)])
def test_a_number_that_was_not_asked_about(text: str, number: int) -> None:
    assert read_answer(text, ITEMS, OWN) == NoSuchNumber((number,))


@pytest.mark.parametrize(
    "text",
    [
        "改造项目已完成",
        "改3个项目",
        "改",
        "改 完成率 86%",
        "高新占比预测27%",
        "确认收到",
        "是不是漏了",
        "对口帮扶3户",
        "取消会议",
        "只收",
        "只收材料",
        "3",
        "27%还是25%",
        "",
        "改 3 27%" * 100,
    ],
)
def test_no_answer_to_the_question(text: str) -> None:
    assert read_answer(text, ITEMS, OWN) is None


def test_a_lone_figure_is_no_answer_where_two_items_are_in_doubt() -> None:
    doubtful = [ITEMS[2], type(ITEMS[2])(4, "亩均税收", {}, "", doubts=ITEMS[2].doubts)]
    assert read_answer("27%", doubtful, OWN) is None
    assert read_answer("改为27%", doubtful, OWN) is None


PIECES = [
    "改",
    "只收",
    "确认",
    "3",
    "1",
    "①",
    "、",
    " ",
    "第",
    "项",
    "27%",
    "预测",
    "完成",
    "是",
    "约",
    "-",
    "万",
    "零",
    "十",
    "我",
]


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(max_size=30), st.lists(st.sampled_from(PIECES), max_size=8).map("".join)))
def test_no_text_raises_and_only_numbers_asked_about_are_answered(text: str) -> None:
    answer = read_answer(text, ITEMS, OWN)
    match answer:
        case TakeOnly(numbers):
            assert numbers
            assert set(numbers) <= {1, 2, 3}
        case Change(number, values, doubts):
            assert number in {1, 2, 3}
            assert values or doubts
        case _:
            pass


@pytest.mark.parametrize("text", ["改 3", "改3", "更正第3项", "改 ③"])
def test_a_change_without_its_figure_is_known_as_one(text: str) -> None:
    assert read_answer(text, ITEMS, OWN) == Unfilled(3)


@pytest.mark.parametrize("text", ["改 9", "改"])
def test_what_names_no_item_asks_for_none(text: str) -> None:
    assert not isinstance(read_answer(text, ITEMS, OWN), Unfilled)
