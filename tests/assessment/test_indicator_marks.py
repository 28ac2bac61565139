"""Ways of scoring a figure, by examples that can be checked with a pencil, and printed as a card prints them."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from assessment.indicator import Cohort
from assessment.indicator_facts import IndicatorFacts, Voucher, increment_from, last_year_from
from assessment.scoring_ways import (
    CountMin,
    Growth,
    RatedPlus,
    RatioOfTarget,
    Threshold,
    VerifiedSum,
)
from tests.assessment.marked_indicators import (
    LOWER,
    a_split,
    an_indicator,
    between_base_and_full,
    figure,
    lacks,
    mark,
    marked,
    said,
    value,
)

# Between 基本任务 and 满分目标 (三门; the points are stand-ins of A22)


@pytest.mark.parametrize(
    ("done", "points", "line"),
    [
        ("155", 0, "拟计分：155未达到基本任务168.7，计0"),
        ("168.7", 3, "拟计分：基本分3＋(满分5−基本分3)×(168.7−基本任务168.7)÷(满分目标202.44−基本任务168.7)＝3"),
        ("185.57", 4, "拟计分：基本分3＋(满分5−基本分3)×(185.57−基本任务168.7)÷(满分目标202.44−基本任务168.7)＝4"),
        ("202.44", 5, "拟计分：202.44达到满分目标202.44，满分5"),
    ],
)
def test_from_the_base_points_run_to_full_marks(done: str, points: int, line: str) -> None:
    """R65: below the base, on it, between the two and at full marks."""
    found = mark(between_base_and_full(), figure(done))

    assert found.points == points
    assert said(found)[-1] == line


def test_gaps_to_both_targets_are_said_without_points() -> None:
    found = mark(between_base_and_full(base_points=value(None)), figure("155"))

    assert found.points is None
    assert said(found) == (
        "完成155，基本任务168.7，还差13.7",
        "完成155，满分目标202.44，还差47.44",
        "未设定：基本分",
    )


def test_where_less_is_better_the_arithmetic_turns_round() -> None:
    """R66: between 0.80 and 0.75 the lower figure earns more."""
    found = mark(between_base_and_full("0.80", "0.75", direction=LOWER), figure("0.775"))

    assert found.points == 4
    assert said(found)[1] == "完成0.775，满分目标0.75，还差0.025"
    assert "(基本任务0.8−0.775)÷(基本任务0.8−满分目标0.75)" in said(found)[-1]


def test_falling_below_the_base_may_cost_points() -> None:
    """R69 倒扣分; a measure that says so without a number scores nothing until it is set."""
    costs = mark(between_base_and_full(below_base=value("-1", "原文未给")), figure("155"))
    withheld = mark(between_base_and_full(below_base=value(None)), figure("155"))
    absurd = mark(between_base_and_full(below_base=value("1")), figure("155"))

    assert (costs.points, costs.stand_in) == (-1, True)
    assert said(costs)[-1] == "拟计分：155未达到基本任务168.7，低于基本(−1)◇"
    assert lacks(withheld) == [("未设定", "低于基本")]
    assert lacks(absurd)[0][0] == "不予采用"


def test_what_falling_below_costs_matters_to_nobody_who_does_not() -> None:
    """The text leaves that number open: whoever reaches the base is scored all the same, without a mark for it."""
    for open_end in (value(None), value("-1", "原文未给")):
        reached = mark(between_base_and_full(below_base=open_end), figure("168.7"))
        assert (reached.points, reached.stand_in) == (mark(between_base_and_full(), figure("168.7")).points, False)


def test_how_cohorts_make_one_result_no_text_says() -> None:
    cohorts = (Cohort(name="2007年", full=value("95")), Cohort(name="2010年", full=value("40")))
    found = mark(between_base_and_full(None, None, cohorts=cohorts), IndicatorFacts(parts={"2007年": Decimal("70.4")}))

    assert found.points is None
    assert said(found)[0] == "完成70.4，2007年满分目标95，还差24.6"
    assert lacks(found) == [("未报", "2010年"), ("未设定", "基本任务"), ("未设定", "分组合成")]


# 达到次数 (集中学习全年不少于12次，其中扩大学习不少于4次)


def meetings(**said: Any) -> CountMin:
    terms = {"方式": "达到次数", "至少": 12, "其中": [{"名称": "扩大学习", "至少": 4}], "达到得分": 5}
    return CountMin.model_validate(terms | said)


def test_five_of_twelve_meetings() -> None:
    found = marked(meetings(), months=9, value=Decimal(5), parts={"扩大学习": Decimal(2)})

    assert found.points == 0
    assert said(found) == (
        "次数5（应达到12），还差7",
        "扩大学习2（应达到4），还差2",
        "9月底应完成9次，落后4次",
        "拟计分：5未达到至少12，2未达到扩大学习至少4，计0",
    )


def test_seventeen_of_twelve_meetings() -> None:
    found = marked(meetings(), months=9, value=Decimal(17), parts={"扩大学习": Decimal(5)})

    assert found.points == 5
    assert [met.short for met in found.met] == [0, 0]
    assert said(found)[:2] == ("次数17（应达到12），已达到", "扩大学习5（应达到4），已达到")


def test_enough_meetings_do_not_make_up_for_a_missing_kind() -> None:
    assert marked(meetings(), value=Decimal(17), parts={"扩大学习": Decimal(3)}).points == 0
    assert lacks(marked(meetings(), value=Decimal(17))) == [("未报", "扩大学习")]


def test_when_the_year_is_over_there_is_no_pace_to_speak_of() -> None:
    lines = said(marked(meetings(), value=Decimal(5), parts={"扩大学习": Decimal(2)}))

    assert not any("月底" in line for line in lines)


def test_each_missing_time_takes_off_down_to_nothing() -> None:
    two_gaps = marked(meetings(每缺一次="-0.5"), value=Decimal(10), parts={"扩大学习": Decimal(3)})
    many = marked(meetings(每缺一次="-0.5"), value=Decimal(0), parts={"扩大学习": Decimal(0)})
    only_off = CountMin.model_validate({"方式": "达到次数", "至少": 12, "每缺一次": -1})

    assert two_gaps.points == 4, "a meeting of that kind is one of the missing two"
    assert many.points == 0
    assert marked(only_off, value=Decimal(10)).points == -2
    assert marked(only_off, value=Decimal(13)).points == 0


def test_a_month_cannot_be_made_up_by_another() -> None:
    """每月一次的志愿服务活动."""
    monthly = CountMin.model_validate({"方式": "达到次数", "至少": 12, "每月一次": True, "达到得分": 5})
    by_month = dict.fromkeys(range(1, 13), 1)

    assert marked(monthly, by_month=by_month).points == 5
    assert marked(monthly, by_month=by_month | {3: 0, 5: 2}).points == 0
    assert "没有的月份：3月" in said(marked(monthly, by_month=by_month | {3: 0, 5: 2}))
    assert lacks(marked(monthly, months=9, by_month=dict.fromkeys(range(1, 8), 1))) == [
        ("未报", "次数"),
        ("未报", "8月次数"),
        ("未报", "9月次数"),
    ]


def test_a_total_and_its_months_must_agree() -> None:
    plain = CountMin.model_validate({"方式": "达到次数", "至少": 2, "达到得分": 5})
    by_month = dict.fromkeys(range(1, 13), 1)

    assert lacks(marked(plain, value=Decimal(11), by_month=by_month)) == [("不予采用", "合计11与各月相加12不符")]
    assert marked(plain, value=Decimal(12), by_month=by_month).points == 5


def test_a_count_without_points_is_shown_all_the_same() -> None:
    """每年至少两次专题研究, in a measure whose grades are judged."""
    found = marked(CountMin.model_validate({"方式": "达到次数", "至少": 2}), months=6, value=Decimal(0))

    assert lacks(found) == [("未设定", "达到得分")]
    assert said(found)[:2] == ("次数0（应达到2），还差2", "6月底应完成1次，落后1次")


# 达标, 完成比例, 额定加附加


def test_the_standard_itself_reaches_it() -> None:
    """刑事案件破案率 98%以上 includes 98 (A1)."""
    solved = Threshold.model_validate({"方式": "达标", "标准": 98, "达标分": 2, "未达标分": -1})

    assert marked(solved, value=Decimal(98)).points == 2
    assert said(marked(solved, value=Decimal("54.63")))[-1] == "拟计分：54.63未达到标准98，未达标分(−1)"
    assert marked(solved, value=Decimal(98), direction=LOWER).points == 2
    assert marked(solved, value=Decimal("98.1"), direction=LOWER).points == -1


def test_what_is_not_written_of_a_standard_is_nothing_and_what_is_withheld_is_unset() -> None:
    only_off = Threshold.model_validate({"方式": "达标", "标准": 70, "未达标分": -2})
    withheld = Threshold.model_validate({"方式": "达标", "标准": 70, "未达标分": None})

    assert marked(only_off, value=Decimal(80)).points == 0
    assert lacks(marked(withheld, value=Decimal(50))) == [("未设定", "未达标分")]
    assert lacks(marked(Threshold.model_validate({"方式": "达标", "标准": 70}), value=Decimal(50))) == [
        ("未设定", "达标分")
    ]


def test_points_in_proportion_to_the_target() -> None:
    way = RatioOfTarget.model_validate({"方式": "完成比例", "目标": "168.7", "满分": 5})
    more = RatioOfTarget.model_validate({"方式": "完成比例", "目标": 100, "满分": 5, "最高": 6})

    assert marked(way, value=Decimal(155)).points == Fraction(155 * 50, 1687)
    assert said(marked(way, value=Decimal(155)))[-1] == "拟计分：155÷目标168.7×满分5≈4.59"
    assert marked(way, value=Decimal(200)).points == 5
    assert said(marked(more, value=Decimal(130)))[-1] == "拟计分：130÷目标100×满分5＝6.5，计最高6"
    assert marked(way, value=Decimal(-1)).points == 0
    assert lacks(marked(way, value=Decimal(155), direction=LOWER))[0][0] == "不予采用"


def test_rated_points_and_whole_units_beyond_the_standard() -> None:
    way = RatedPlus.model_validate({"方式": "额定加附加", "标准": 10, "额定分": 5, "每超一": "0.5", "附加上限": 2})

    assert marked(way, value=Decimal("9.9")).points == 0
    assert marked(way, value=Decimal("10.9")).points == 5
    assert said(marked(way, value=Decimal(12)))[-1] == "拟计分：12达到标准10，额定分5＋每超一0.5×2＝6"
    assert said(marked(way, value=Decimal(17)))[-1] == "拟计分：17达到标准10，额定分5＋附加上限2＝7"
    assert marked(way, value=Decimal(8), direction=LOWER).points == 6


# 增长, 核实合计


def test_growth_by_increment_and_by_rate() -> None:
    """生产总值 6.81亿, up 14.4% (R82): the year before is worked out from them."""
    before = last_year_from(Decimal("6.81"), Decimal("14.4"))
    rate = Growth.model_validate({"方式": "增长", "比": "增幅", "目标": 20, "满分": 5})
    increment = Growth.model_validate({"方式": "增长", "目标": 1, "满分": 5})

    assert round(increment_from(Decimal("6.81"), Decimal("14.4")) or 0, 4) == Fraction("0.8572")
    assert marked(rate, value=Decimal("6.81"), last_year=before).points == Fraction("3.6")
    assert said(marked(rate, value=Decimal("6.81"), last_year=before))[-2:] == (
        "增幅：(6.81−约5.95)÷约5.95×100＝14.4",
        "拟计分：14.4÷目标20×满分5＝3.6",
    )
    assert marked(increment, value=Decimal(12), last_year=Decimal(11)).points == 5
    assert marked(increment, value=Decimal(10), last_year=Decimal(11)).points == 0
    assert marked(increment, value=Decimal(10), last_year=Decimal("10.5"), direction=LOWER).points == Fraction("2.5")


def test_growth_without_the_year_before() -> None:
    rate = Growth.model_validate({"方式": "增长", "比": "增幅", "目标": 20, "满分": 5})

    assert lacks(marked(rate, value=Decimal(1))) == [("未报", "上年数")]
    assert lacks(marked(rate, value=Decimal(1), last_year=Decimal(0))) == [("不予采用", "上年数是0，没有增幅可算")]
    assert last_year_from(Decimal(1), Decimal(-100)) is None


def vouchers(*written: tuple[str, str]) -> tuple[Voucher, ...]:
    return tuple(Voucher(number, Decimal(quantity)) for number, quantity in written)


INVOICES = vouchers(("A1", "120"), ("A2", "80"), ("A3", "45.5"), ("Ａ２", "80"))
CHECKED = VerifiedSum.model_validate({"方式": "核实合计", "目标": 300, "满分": 5})


def test_an_invoice_counts_once() -> None:
    found = marked(CHECKED, value=Decimal("325.5"), vouchers=INVOICES)

    assert found.points == Fraction("245.5") / 300 * 5
    assert (found.reported, found.verified, found.difference) == (Decimal("325.5"), Fraction("245.5"), -80)
    assert said(found)[1:] == (
        "A2重复，只计一次",
        "上报325.5，核实245.5，差−80",
        "核实合计：120＋80＋45.5＝245.5",
        "拟计分：245.5÷目标300×满分5≈4.09",
    )


def test_one_invoice_with_two_quantities_is_asked_about() -> None:
    found = marked(CHECKED, vouchers=vouchers(("A2", "80"), ("a2", "90")))

    assert lacks(found) == [("不予采用", "凭据A2前后数量不同，请核实")]
    assert lacks(marked(CHECKED)) == [("未报", "核实合计")]


def test_the_verified_figure_counts_and_the_reported_one_is_kept() -> None:
    way = RatioOfTarget.model_validate({"方式": "完成比例", "目标": 1200, "满分": 12})
    found = marked(way, value=Decimal(1200), verified=Decimal(1150))

    assert found.points == Fraction("11.5")
    assert "上报1200，核实1150，差−50" in said(found)


# Which target


def test_the_target_that_binds_serves_a_way_that_writes_none() -> None:
    """县定1.69，市下达1.74."""
    way = RatioOfTarget.model_validate({"方式": "完成比例", "满分": 5})
    found = mark(an_indicator(way=way, own_target=value("1.69"), assigned_target=value("1.74")), figure("1.69"))

    assert found.points == Fraction(169, 174) * 5
    assert "自定1.69，下达1.74，按较严的1.74计" in said(found)


def test_a_unit_is_held_to_its_own_part() -> None:
    way = RatioOfTarget.model_validate({"方式": "完成比例", "目标": 100, "满分": 5})
    indicator = an_indicator(way=way, split=(a_split("甲镇", "40"),))

    assert mark(indicator, figure("40"), unit="甲镇").points == 5
    assert mark(indicator, figure("40"), unit="乙镇").points == 2
    assert mark(indicator, figure("40")).points == 2


def test_every_missing_thing_is_named_at_once() -> None:
    assert lacks(marked(VerifiedSum.model_validate({"方式": "核实合计"}))) == [
        ("未报", "核实合计"),
        ("未设定", "目标"),
        ("未设定", "满分"),
    ]
