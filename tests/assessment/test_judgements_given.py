"""What the office types after the indicator's name becomes facts, by the indicator's way of scoring."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.indicator import Indicator
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import IndicatorMark, mark_indicator
from assessment.judgement import Given, Judgement, facts_from, how_to_say, in_words, read_judgement
from assessment.rulebook import Readings
from assessment.submission import Figure, Slot
from assessment.worksheet import Lack, WhyNot

LEDGER = {
    "方式": "分档",
    "各档": [{"名称": "规范", "分值": 1}, {"名称": "不规范", "分值": "-0.5"}, {"名称": "未建", "分值": -2}],
}
TIMES = {"方式": "达到次数", "至少": 12, "其中": [{"名称": "扩大学习", "至少": 4}], "达到得分": 2}
PANEL = {"方式": "评议", "满分": 100, "评议方": [{"名称": "群众", "权重": "0.4"}, {"名称": "小组", "权重": "0.6"}]}
VOUCHERS = {"方式": "核实合计", "目标": 300, "满分": 10}
EVERY: tuple[Mapping[str, Any] | None, ...] = (
    None,
    LEDGER,
    TIMES,
    PANEL,
    VOUCHERS,
    {"方式": "酌情", "幅度": {"自": "0.5", "至": 1}},
    {"方式": "倒扣", "每次": -1},
    {"方式": "满分扣减", "满分": 5, "每次": -1},
    {"方式": "无任务计满", "满分": 5, "每次": -1},
    {"方式": "时限", "期限": "2010-06-10", "按时分": 1},
    {"方式": "定性", "满分": 5},
    {"方式": "增长", "目标": 1, "满分": 5},
)


def indicator(way: Mapping[str, Any] | None, **more: Any) -> Indicator:
    data = {"编号": "i", "名称": "某项", "单位": "亿元", "类型": "累计", "承担单位": ["甲镇"], "依据": "一"}
    return Indicator.model_validate({**data, **({"计分": dict(way)} if way else {}), **more})


def marked(one: Indicator, *texts: str, months: int = 12, **values: str) -> IndicatorMark:
    judgements: list[Judgement] = []
    for text in texts:
        judgements += read_judgement(one, text, 2010).kept
    reported = {Slot("i", Figure.ACTUAL): Decimal(value) for value in values.values()}
    return mark_indicator(one, facts_from(one, reported, judgements), Readings(), months_passed=months)


def refused(mark: IndicatorMark) -> str:
    return "；".join(lack.what for lack in mark.lacks if lack.why is WhyNot.REFUSED)


def test_one_of_three_levels_is_chosen() -> None:
    """R22: 台账 +1/−0.5/−2; 不规范 is not 规范 with something before it, and a fourth level is refused."""
    one = indicator(LEDGER)

    assert marked(one, "规范").points == 1
    assert marked(one, "不规范 抽查三份").points == Fraction(-1, 2)
    assert marked(one, "不规范", "未建 至今没有").points == -2
    assert "三" not in refused(marked(one, "较好"))
    assert "没有“较好”这一档" in refused(marked(one, "较好"))


def test_points_at_discretion_stay_within_the_printed_bounds() -> None:
    """R19: 1.2 is outside 0.5 to 1; within them a reason has to be given."""
    one = indicator({"方式": "酌情", "幅度": {"自": "0.5", "至": 1}})

    assert marked(one, "1 信息被采用").points == 1
    assert refused(marked(one, "1.2 信息被采用")) == "1.2超出0.5至1，请重填"
    assert refused(marked(one, "0.5分")) == "没有写明理由"


def test_what_only_takes_off_is_counted() -> None:
    """R60: no occurrence is 0 and never a plus."""
    one = indicator({"方式": "倒扣", "每次": -1})

    assert marked(one).points == 0
    assert marked(one, "2次 两起").points == -2
    assert marked(one, "2次 两起", "无 查明不属实").points == 0


def test_no_task_is_full_marks() -> None:
    """R33: 无任务 is full, and of five tasks two not done as required cost two points."""
    one = indicator({"方式": "无任务计满", "满分": 5, "每次": -1})

    assert marked(one).points is None
    assert marked(one, "无建议提案任务").points == 5
    assert marked(one, "任务5件，2件未按要求").points == 3
    assert marked(one, "5件 全部办结").points == 5


def test_counts_with_parts_and_months() -> None:
    """R45: 5/12（扩大2/4）; the later number replaces the earlier one."""
    one = indicator(TIMES)
    mark = marked(one, "5次 扩大学习2次", months=9)

    assert [(met.has, met.wanted) for met in mark.met] == [(Fraction(5), Fraction(12)), (Fraction(2), Fraction(4))]
    assert mark.pace is not None
    assert (mark.pace.due, mark.pace.behind) == (9, 4)
    assert marked(one, "5次 扩大学习2次", "共12次", "其中扩大学习 4").points == 2
    assert [in_words(each) for each in read_judgement(one, "1月1次，2月0次", 2010).judgements] == ["1月1次", "2月0次"]


def test_vouchers_count_once() -> None:
    """R85: A2 twice is counted once; R84: what was reported stays beside what was verified."""
    one = indicator(VOUCHERS)
    mark = marked(one, "发票 A1 120 A2 80 A3 45.5 a2 80", value="325.5")

    assert mark.repeated_vouchers == ("A2",)
    assert (mark.reported, mark.verified) == (Decimal("325.5"), Fraction("245.5"))
    assert mark.difference == -80
    assert mark.points == Fraction("245.5") / 300 * 10
    assert "A2" in refused(marked(one, "A2 80 A2 90"))


def test_raters_and_their_bounds() -> None:
    """R91: a rating outside 0 to full marks is refused; one missing is 未报."""
    one = indicator(PANEL)

    assert marked(one, "群众 90 小组 80").points == 84
    assert marked(one, "评议 小组 80").points is None
    assert refused(marked(one, "群众 120，小组 80")) == "群众120超出0至100，请重填"


def test_growth_from_last_year_or_from_its_rate() -> None:
    """R82: 增长14.4% of 6.81 is an increment of about 0.8572."""
    one = indicator({"方式": "增长", "目标": 1, "满分": 5})

    increment = marked(one, "增长14.4%", value="6.81").steps[0].term.value
    assert abs(increment - Fraction("0.8572")) < Fraction(1, 10000)
    assert marked(one, "上年 5.81亿元", value="6.81").points == 5


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("6.81亿元 上年5.81亿元 统计局核定", "统计局核定"),
        ("上年同期完成5.81，本年完成6.81，以统计公报为准", "以统计公报为准"),
        ("完成6.81亿元，去年5.81亿元", ""),
    ],
)
def test_growth_figure_last_year_and_reason_in_one_message(text: str, reason: str) -> None:
    """R82: nobody has to send three messages for one growth."""
    one = indicator({"方式": "增长", "目标": 1, "满分": 5})
    reading = read_judgement(one, text, 2010)

    assert {judged.given for judged in reading.kept} == {Given.FIGURE, Given.LAST_YEAR}
    assert reading.reason == reason
    assert marked(one, text).points == 5


def test_growth_with_its_rate_and_the_figure() -> None:
    one = indicator({"方式": "增长", "目标": 1, "满分": 5})

    assert [judged.value for judged in read_judgement(one, "6.81亿元，同比增长14.4% 统计局核定", 2010).kept] == [
        "6.81",
        "14.4",
    ]
    assert read_judgement(one, "增长14.4% 排名第3", 2010).reason == "排名第3"


def test_a_day_of_the_year_assessed() -> None:
    one = indicator({"方式": "时限", "期限": "2010-06-10", "按时分": 1})

    assert marked(one, "6月10日完成").points == 1
    assert marked(one, "2010-06-11").points == 0
    assert not read_judgement(one, "6月31日", 2010).judgements


@pytest.mark.parametrize("text", ["4.2万元", "约四亿", "", "以后再说"])
def test_a_figure_in_another_unit_is_not_guessed(text: str) -> None:
    assert not read_judgement(indicator(None), text, 2010).judgements


def test_a_figure_in_its_own_unit() -> None:
    """R84: what was verified replaces what was reported, and both are kept."""
    mark = marked(indicator(None, 基本任务=4, 满分目标=5), "4.2亿元 以统计数为准", value="4.5")

    assert (mark.reported, mark.verified) == (Decimal("4.5"), Decimal("4.2"))


@pytest.mark.parametrize("way", EVERY, ids=lambda way: str((way or {}).get("方式")))
def test_what_is_shown_as_an_example_can_be_read(way: Mapping[str, Any] | None) -> None:
    one = indicator(way)
    example = how_to_say(one).replace("数值", "5").replace("分值", "1")

    assert read_judgement(one, example, 2010).judgements


@pytest.mark.parametrize("way", EVERY, ids=lambda way: str((way or {}).get("方式")))
@given(text=st.text(alphabet="规范无任务次件月年0123456789.-，, 上年增长群众小组A扩大学习完成%", max_size=24))
@settings(max_examples=40, deadline=None)
def test_reading_and_marking_never_fail(way: Mapping[str, Any] | None, text: str) -> None:
    one = indicator(way)
    reading = read_judgement(one, text, 2010)
    for judgement in reading.kept:
        assert in_words(judgement, one.unit)
    mark = mark_indicator(one, facts_from(one, {}, reading.kept), Readings())

    assert (mark.points is None) == bool(mark.lacks)


def test_later_words_replace_earlier_ones_on_the_same_thing_only() -> None:
    one = indicator(TIMES)
    first, second = read_judgement(one, "5次 扩大学习2次", 2010).kept, read_judgement(one, "扩大学习3次", 2010).kept
    facts = facts_from(one, {}, [*first, *second])

    assert facts.figure == 5
    assert facts.parts == {"扩大学习": Decimal(3)}
    assert {each.given for each in first} == {Given.FIGURE, Given.PART}


@pytest.mark.parametrize("way", EVERY, ids=lambda way: str((way or {}).get("方式")))
@given(value=st.integers(0, 400), times=st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_of_two_different_figures_neither_counts(way: Mapping[str, Any] | None, value: int, times: int) -> None:
    """R72: whatever else is known, points wait until the office has said which figure is used."""
    facts = IndicatorFacts(value=Decimal(value), occurrences=times, contested="甲局155，乙局172")
    mark = mark_indicator(indicator(way), facts, Readings())

    assert mark.points is None
    assert mark.lacks == (Lack(WhyNot.CONTESTED, "甲局155，乙局172"),)
