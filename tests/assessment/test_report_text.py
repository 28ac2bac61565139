"""Reports as clerks really send them: what is certain is taken, what is doubtful is named, nothing is lost."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from assessment.periods import Period
from assessment.report_text import DoubtReason, Item, ReportReading, is_report_like, read_report
from assessment.rulebook import Indicator, TextPart
from assessment.submission import Answer, Figure, Slot

JULY = Period.parse("2010-07")


def indicator(name: str, unit: str, *aliases: str, **more: Any) -> Indicator:
    return Indicator.model_validate(
        {
            "编号": name,
            "名称": name,
            "别名": aliases,
            "单位": unit,
            "类型": "比率",
            "承担单位": ["县经贸局"],
            "依据": "五",
        }
        | more
    )


OWN = (
    indicator("规上亩均工业总产值", "万元/亩", "亩均工业总产值", "亩均总产值", 基本任务="168.7", 满分目标="202.44"),
    indicator("规上亩均税收", "万元/亩", "亩均税收", 基本任务="7.56", 满分目标="9.08"),
    indicator("万元工业增加值能耗", "吨标准煤/万元", "能耗", 方向="越小越好", 满分目标="0.7322"),
    indicator("高新技术产业总产值占比", "%", "高新占比", 满分目标="37.25"),
    indicator(
        "农转用土地供地率",
        "%",
        "供地率",
        分组=[
            {"名称": f"{year}年", "满分目标": full} for year, full in ((2007, 95), (2008, 85), (2009, 60), (2010, 40))
        ],
    ),
    indicator("外贸自营出口", "亿美元", "出口额", 类型="累计", 满分目标="5.03"),
    indicator("刑事案件破案率", "%", "破案率", 满分目标="98"),
    indicator("生产总值增速", "%", "GDP增速", 变化率=True),
    indicator("二氧化硫削减率", "%", "二氧化硫", "SO2", 满分目标="8"),
    indicator("接待游客", "万人次", "游客", 类型="累计", 满分目标="120"),
    indicator("新增企业", "家", 类型="累计", 满分目标="80"),
)
OTHERS = (indicator("民生支出占比", "%", "民生支出"), indicator("亩均税收", "万元"))


def read(text: str, *, previous: Mapping[tuple[str, Figure], str] | None = None, **more: Any) -> ReportReading:
    values = {Slot(name, figure): Decimal(value) for (name, figure), value in (previous or {}).items()}
    given = {"own": OWN, "others": OTHERS, "period": JULY, "cumulative": True, "previous": Answer(values)} | more
    return read_report(text, **given)


def shown(item: Item) -> str:
    """One line: name, values, and ? with the reasons."""
    values = " ".join(
        f"{slot.cohort or ''}{slot.figure}{value:f}"
        for slot, value in sorted(item.values.items(), key=lambda v: v[0].figure)
    )
    reasons = ",".join(doubt.reason.name for doubt in item.doubts)
    return f"{item.indicator or '-'} {values}" + (f" ?{reasons}" if reasons else "")


SAMPLE = """１－７月亩均总产值85万预测155,亩均税収3.8万 预测7万,能耗1.06预测0.78,高新占笔26%预测25%
存在问题:用地指标不足
下一步:清理批而未供土地
"""


def test_the_sample_is_read_item_by_item() -> None:
    reading = read(SAMPLE)
    assert [shown(item) for item in reading.items] == [
        "规上亩均工业总产值 完成85 预测155",
        "规上亩均税收 完成3.8 预测7",
        "万元工业增加值能耗 完成1.06 预测0.78",
        "高新技术产业总产值占比 完成26 预测25 ?FORECAST_BELOW_ACTUAL",
    ]
    assert [item.number for item in reading.items] == [1, 2, 3, 4]
    assert [item.certain for item in reading.items] == [True, True, True, False]
    assert [item.written_as for item in reading.items] == [None, "亩均税収", None, "高新占笔"]
    assert reading.parts == {TextPart.PROBLEMS: "用地指标不足", TextPart.NEXT_STEPS: "清理批而未供土地"}
    assert (reading.leftover, reading.foreign, reading.remarks, reading.nils) == ("", (), (), {})
    assert reading.named_period is None


def test_the_doubt_of_the_sample_bears_its_facts() -> None:
    (doubt,) = read(SAMPLE).items[3].doubts
    assert doubt.slot == Slot("高新技术产业总产值占比", Figure.FORECAST)
    assert (doubt.read, doubt.limit, doubt.likely, doubt.written) == (Decimal(25), Decimal(26), None, "25%")


@pytest.mark.parametrize(
    ("text", "items"),
    [
        # the shapes of the field
        (
            "１－７月　，规上亩均工业总产值完成８５万元，全年预测155；亩均税収3.8万、预测7万 高新占笔26％，全年27%",
            [
                "规上亩均工业总产值 完成85 预测155",
                "规上亩均税收 完成3.8 预测7",
                "高新技术产业总产值占比 完成26 预测27",
            ],
        ),
        ("亩均总产值\n完成 85万元\n预测 155万元", ["规上亩均工业总产值 完成85 预测155"]),
        ("亩均总产值：85万元\n亩均税收：3.8万元", ["规上亩均工业总产值 完成85", "规上亩均税收 完成3.8"]),
        (
            "亩均税收3.8万亩均总产值85万能耗1.06",
            ["规上亩均税收 完成3.8", "规上亩均工业总产值 完成85", "万元工业增加值能耗 完成1.06"],
        ),
        ("亩均税收3.8万 亩均总产值85", ["规上亩均税收 完成3.8", "规上亩均工业总产值 完成85"]),
        ("亩均税收 3.8 万元 预测 7 万元", ["规上亩均税收 完成3.8 预测7"]),
        (
            "1、亩均税收3.8万 2、能耗1.06 3、高新占比26%",
            ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06", "高新技术产业总产值占比 完成26"],
        ),
        (
            "我局完成情况如下：1、亩均税收3.8万 2、能耗1.06",
            ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"],
        ),
        ("①亩均税收3.8万②能耗1.06", ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"]),
        ("一、亩均税收3.8万\n二、能耗1.06", ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"]),
        ("|亩均税收|3.8万|\n|能耗|1.06|", ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"]),
        ("预测：亩均总产值155，亩均税收7万", ["规上亩均工业总产值 预测155", "规上亩均税收 预测7"]),
        (
            "完成\n亩均总产值85\n亩均税收3.8\n预测\n亩均总产值155\n亩均税收7",
            ["规上亩均工业总产值 完成85 预测155", "规上亩均税收 完成3.8 预测7"],
        ),
        ("亩均总产值85,预测:\n亩均税收3.8万,预测:", ["规上亩均工业总产值 完成85", "规上亩均税收 完成3.8"]),
        ("预计12月底亩均税收达到7万", ["规上亩均税收 预测7"]),
        ("亩均税收实绩3.8万，预7", ["规上亩均税收 完成3.8 预测7"]),
        ("规上亩均税收3.8", ["规上亩均税收 完成3.8"]),
        # greetings, voice-to-text, pictures
        ("领导好，亩均税收完成3.8万元，请查收，谢谢！", ["规上亩均税收 完成3.8"]),
        (
            "各位领导：我局7月份报送如下：1.亩均税收3.8万；2.能耗1.06吨标煤/万元。请审阅！",
            ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"],
        ),
        ("沾溪镇亩均税收3.8万元😀", ["规上亩均税收 完成3.8"]),
        ("😀😀 能耗 1.06 👍", ["万元工业增加值能耗 完成1.06"]),
        ("破案率百分之五十四点六三", ["刑事案件破案率 完成54.63"]),
        ("破案率八成五", ["刑事案件破案率 完成85"]),
        ("亩均税收三点八万预测七万", ["规上亩均税收 完成3.8 预测7"]),
        ("亩均税收三万", ["规上亩均税收 完成3"]),
        ("游客八十五点五万人次", ["接待游客 完成85.5"]),
        ("联系人张三13812345678，亩均税收3.8万", ["规上亩均税收 完成3.8"]),
        # typos of own names
        ("破按率54.63%", ["刑事案件破案率 完成54.63"]),
        ("破安率54.63%", ["刑事案件破案率 完成54.63"]),
        ("规上亩均工业总产値85万", ["规上亩均工业总产值 完成85"]),
        ("二氧化硫消减率5%", ["二氧化硫削减率 完成5"]),
        ("万元工业增加直能耗1.06", ["万元工业增加值能耗 完成1.06"]),
        ("亩均税收3.8万高新占笔26%", ["规上亩均税收 完成3.8", "高新技术产业总产值占比 完成26"]),
        ("so2 5%", ["二氧化硫削减率 完成5"]),
        ("SO₂5%", ["二氧化硫削减率 完成5"]),
        # units
        ("出口额3.8亿美元，预测4.5", ["外贸自营出口 完成3.8 预测4.5"]),
        ("出口额38000万美元，预测42000", ["外贸自营出口 完成3.8 预测4.2"]),
        ("出口额3.8亿", ["外贸自营出口 完成3.8"]),
        ("高新占比26%，预测27", ["高新技术产业总产值占比 完成26 预测27"]),
        ("二氧化硫千分之五十", ["二氧化硫削减率 完成5"]),
        ("新增企业32家", ["新增企业 完成32"]),
        ("新增企业0家", ["新增企业 完成0"]),
        ("GDP增速下降2.1%", ["生产总值增速 完成-2.1"]),
        ("GDP增速-2.1%", ["生产总值增速 完成-2.1"]),
        ("GDP增速同比增长8.5%", ["生产总值增速 完成8.5"]),
        ("2009年供地率44.08%", ["农转用土地供地率 2009年完成44.08"]),
        ("亩均税収完成三", ["规上亩均税收 完成3"]),
        # numerals that are only pieces of words
        ("三门县经贸局统一报送，十分感谢，能耗1.06", ["万元工业增加值能耗 完成1.06"]),
        ("工作一成不变，能耗1.06", ["万元工业增加值能耗 完成1.06"]),
        ("破按率八成五", ["刑事案件破案率 完成85"]),
        ("一是抓好落实，能耗1.06", ["万元工业增加值能耗 完成1.06"]),
        # comparisons and targets stay text
        ("亩均税收增长5%,完成3.8万", ["规上亩均税收 完成3.8"]),
        ("亩均税收3.8万,同比增长5%", ["规上亩均税收 完成3.8"]),
        ("亩均税收目标7.56万,完成3.8万", ["规上亩均税收 完成3.8"]),
        ("亩均税收完成3.8万元,占年度目标的50.3%,位居全县第3", ["规上亩均税收 完成3.8"]),
        ("能耗由1.2下降到1.06", ["万元工业增加值能耗 完成1.06"]),
        ("本月出口额0.5亿美元,累计3.8亿美元", ["外贸自营出口 完成3.8"]),
        ("亩均税收——3.8万", ["规上亩均税收 完成3.8"]),
        ("亩均税收3.8万,亩均税收3.8万元", ["规上亩均税收 完成3.8"]),
    ],
)
def test_a_clear_report_is_taken(text: str, items: list[str]) -> None:
    reading = read(text)
    assert [shown(item) for item in reading.items] == items
    assert all(item.certain for item in reading.items)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("亩均总产值完成85亿元", ["规上亩均工业总产值 完成850000 ?MAGNITUDE"]),
        ("亩均税收38000", ["规上亩均税收 完成38000 ?MAGNITUDE"]),
        ("高新占比26", ["高新技术产业总产值占比  ?PERCENT_MISSING"]),
        ("水环境高新占比五十", ["高新技术产业总产值占比  ?PERCENT_MISSING"]),
        ("高新占比0.26%", ["高新技术产业总产值占比 完成0.26 ?MAGNITUDE"]),
        ("高新占比150%", ["高新技术产业总产值占比 完成150 ?ABOVE_HUNDRED"]),
        ("高新占比-26%", ["高新技术产业总产值占比 完成-26 ?NEGATIVE"]),
        ("亩均总产值85%", ["规上亩均工业总产值  ?WRONG_UNIT"]),
        ("出口额4.2亿元", ["外贸自营出口  ?WRONG_CURRENCY"]),
        ("出口额完成3批", ["外贸自营出口  ?WRONG_UNIT"]),
        ("出口额完成3柜", ["外贸自营出口  ?UNKNOWN_UNIT"]),
        ("亩均税收约3.8万", ["规上亩均税收  ?VAGUE"]),
        ("亩均税收估计3.8万", ["规上亩均税收  ?VAGUE"]),
        ("亩均税收3:45", ["规上亩均税收 完成3 预测45 ?FIGURE_UNCLEAR"]),
        ("亩均税收3.8万左右", ["规上亩均税收  ?VAGUE"]),
        ("亩均税收差不多", ["规上亩均税收  ?VAGUE"]),
        ("亩均税收3.8-4万", ["规上亩均税收  ?RANGE"]),
        ("亩均税收3.8.5万", ["规上亩均税收  ?UNREADABLE"]),
        ("GDP增速—2.1%", ["生产总值增速  ?UNREADABLE"]),
        ("亩均税收3.8万,亩均税收3.9万", ["规上亩均税收 完成3.8 ?TWO_VALUES"]),
        ("亩均总产值85/155", ["规上亩均工业总产值 完成85 预测155 ?FIGURE_UNCLEAR"]),
        ("全年预测亩均税收7万,亩均总产值155", ["规上亩均税收 预测7", "规上亩均工业总产值 完成155 ?FIGURE_UNCLEAR"]),
        ("供地率50%", ["农转用土地供地率 完成50 ?COHORT_MISSING"]),
        ("高新占比提高2%", ["高新技术产业总产值占比  ?NOT_THE_FIGURE"]),
        ("亩均税收同比增长5%", ["规上亩均税收  ?NOT_THE_FIGURE"]),
        ("本月出口额0.5亿美元", ["外贸自营出口 完成0.5 ?NOT_THE_FIGURE"]),
        ("亩均税收我们争取3.8万", ["规上亩均税收 完成3.8 ?WORDS_BETWEEN"]),
        ("亩均税收预计8月达到5万", ["规上亩均税收 预测5 ?OTHER_PERIOD"]),
        ("招商引资5亿", ["- ?NO_INDICATOR"]),
        ("开展了三十五次检查，能耗1.06", ["- ?NO_INDICATOR", "万元工业增加值能耗 完成1.06"]),
        ("能耗1.06\n\n预测0.9", ["万元工业增加值能耗 完成1.06", "- ?NO_INDICATOR"]),
        ("亩均总产值85亿元预测155", ["规上亩均工业总产值 完成850000 预测155 ?MAGNITUDE"]),
        ("亩均税收38000,亩均税收3.9万", ["规上亩均税收 完成38000 ?TWO_VALUES"]),
        ("亩均税收3.8万,招商引资预测5亿", ["规上亩均税收 完成3.8", "- ?NO_INDICATOR"]),
        ("亩均税收3.8万,比计划多2万", ["规上亩均税收 完成3.8", "- ?NO_INDICATOR"]),
        ("破案率零报告,54%", ["刑事案件破案率 完成54 ?NIL_AND_VALUE"]),
        ("出口额3.8亿美元,预测3亿美元", ["外贸自营出口 完成3.8 预测3 ?FORECAST_BELOW_ACTUAL"]),
        ("破案率" + "5" * 40 + "%", ["刑事案件破案率  ?UNREADABLE"]),
    ],
)
def test_a_doubtful_figure_is_never_certain(text: str, items: list[str]) -> None:
    assert [shown(item).replace("-  ?", "- ?") for item in read(text).items] == items


@pytest.mark.parametrize(
    ("text", "likely", "limit"),
    [
        ("亩均总产值完成85亿元", "85", "168.7"),
        ("高新占比26", "26", None),
        ("高新占比0.26%", "26", "37.25"),
        ("高新占比-26%", "26", "37.25"),
        ("破案率5463%", "54.63", "100"),
        ("出口额4.2亿元", "4.2", None),
        ("出口额38000", "3.8", "5.03"),
        ("亩均总产值85%", None, None),
    ],
)
def test_a_doubt_offers_the_likely_meaning_and_what_it_was_compared_with(
    text: str, likely: str | None, limit: str | None
) -> None:
    (item,) = read(text).items
    assert item.doubts[0].likely == (None if likely is None else Decimal(likely))
    assert item.doubts[0].limit == (None if limit is None else Decimal(limit))


def test_a_plain_yes_settles_a_doubt_that_has_a_value_and_no_other() -> None:
    forecast = Slot("高新技术产业总产值占比", Figure.FORECAST)
    actual = Slot("规上亩均工业总产值", Figure.ACTUAL)
    on_confirm = read(SAMPLE).items[3].on_confirm
    assert on_confirm is not None
    assert on_confirm[forecast] == Decimal(25)
    assert read("亩均总产值85亿元预测155").items[0].on_confirm == {
        actual: Decimal(85),
        Slot("规上亩均工业总产值", Figure.FORECAST): Decimal(155),
    }
    for text in ("亩均税收3.8-4万", "招商引资5亿", "亩均税收3.8万,亩均税收3.9万", "供地率50%", "破案率零报告,54%"):
        assert read(text).items[0].on_confirm is None, text


def test_cohorts_are_read_each_in_its_place() -> None:
    (item,) = read("农转用土地供地率2007年70.4%、2008年67.83%、09年44.08%、2010年度1.41%").items
    assert item.certain
    assert {slot.cohort: str(value) for slot, value in item.values.items()} == {
        "2007年": "70.4",
        "2008年": "67.83",
        "2009年": "44.08",
        "2010年": "1.41",
    }


def test_a_name_that_fits_two_equally_well_is_asked() -> None:
    own = (indicator("城镇收入", "元"), indicator("城乡收入", "元"))
    (item,) = read("城市收入32000元", own=own, others=()).items
    assert (item.indicator, item.certain) == (None, False)
    assert item.doubts[0].reason is DoubtReason.NAME_UNCLEAR
    assert set(item.doubts[0].candidates) == {"城镇收入", "城乡收入"}
    (nil,) = read("城市收入零报告", own=own, others=()).items
    assert nil.doubts[0].reason is DoubtReason.NAME_UNCLEAR


def test_a_short_name_bears_one_slip_and_a_long_one_two() -> None:
    own = (indicator("走访企业数量", "家"), indicator("食品合格率", "%"))
    assert read("走仿企业数亮5家", own=own).items[0].indicator == "走访企业数量"
    assert read("食晶合格率80%", own=own).items[0].indicator == "食品合格率"
    assert read("食晶合恪率80%", own=own).items[0].indicator is None


def test_a_typo_with_nothing_to_hold_the_bare_figure_against_is_asked() -> None:
    own = (indicator("走访企业数量", "家"),)
    assert not read("走仿企业数量5", own=own).items[0].certain
    assert read("走仿企业数量5家", own=own).items[0].certain
    assert read("走访企业数量5", own=own).items[0].certain


def test_a_longer_unknown_name_that_ends_like_an_own_one_is_echoed() -> None:
    assert read("单位GDP能耗0.8").items[0].written_as == "单位GDP能耗"
    assert read("我镇能耗0.8").items[0].written_as is None


def test_another_units_indicator_is_only_named() -> None:
    reading = read("民生支出占比85%,能耗1.06")
    assert [(each.indicator, each.written) for each in reading.foreign] == [("民生支出占比", "民生支出占比85%")]
    assert [shown(item) for item in reading.items] == ["万元工业增加值能耗 完成1.06"]
    assert read("民声支出85%").foreign == ()
    assert [each.written for each in read("民生支出零报告").foreign] == ["民生支出零报告"]
    assert (read("民生支出").foreign, read("民生支出").leftover) == ((), "民生支出")


def test_own_indicators_go_before_others_of_the_same_name() -> None:
    reading = read("亩均税收3.8万")
    assert reading.foreign == ()
    assert reading.items[0].indicator == "规上亩均税收"


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


def test_a_value_without_a_name_is_taken_where_only_one_indicator_is_owed_or_fits() -> None:
    assert shown(read("1.06吨标准煤").items[0]) == "万元工业增加值能耗 完成1.06"
    assert shown(read("85万,预测155", owed=["规上亩均工业总产值"]).items[0]) == "规上亩均工业总产值 完成85 预测155"
    several = read("85万元").items[0]
    assert several.doubts[0].reason is DoubtReason.NO_INDICATOR
    assert set(several.doubts[0].candidates) == {"规上亩均工业总产值", "规上亩均税收"}
    assert not read("开了85次会", owed=["规上亩均工业总产值"]).items[0].certain
    assert not read("85亿元", owed=["规上亩均工业总产值"]).items[0].certain


def test_nothing_to_report_is_no_zero() -> None:
    assert read("破案率暂无进展").nils == {"刑事案件破案率": "暂无进展"}
    assert read("破按率零报告").nils == {"刑事案件破案率": "零报告"}
    assert read("零报告").nils == {"": "零报告"}
    assert read("本月无进展，原因：项目未开工").nils == {"": "本月无进展,原因:项目未开工"}
    assert read("破案率零报告,因3个系统升级,能耗1.06").nils == {"刑事案件破案率": "零报告,因3个系统升级"}
    for text in ("破案率未报", "破案率无数据", "破案率暂无数据"):
        assert read(text).nils == {}, text
        assert read(text).items == (), text


def test_nothing_to_report_beside_figures_is_handed_back() -> None:
    reading = read("能耗1.06，其他暂无")
    assert ([shown(item) for item in reading.items], reading.nils) == (["万元工业增加值能耗 完成1.06"], {})
    assert "暂无" in reading.leftover
    contradiction = read("零报告,因3个项目停工\n能耗1.06")
    assert contradiction.nils == {}
    assert contradiction.items[1].doubts[0].reason is DoubtReason.NIL_AND_VALUE


def test_the_three_parts_are_kept_as_typed() -> None:
    reading = read(
        "能耗1.06\n一、工作进展：开展了３次检查，\n进度正常。\n二、存在问题\n①用地指标不足\n三、下步措施:清理批而未供土地"
    )
    assert reading.parts == {
        TextPart.PROGRESS: "开展了３次检查，\n进度正常。",
        TextPart.PROBLEMS: "①用地指标不足",
        TextPart.NEXT_STEPS: "清理批而未供土地",
    }
    assert [shown(item) for item in reading.items] == ["万元工业增加值能耗 完成1.06"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "问题:石油企业税收回落。措施:①清欠②摸底",
            {TextPart.PROBLEMS: "石油企业税收回落。", TextPart.NEXT_STEPS: "①清欠②摸底"},
        ),
        ("能耗1.06 存在问题：无 下一步工作措施：继续", {TextPart.PROBLEMS: "无", TextPart.NEXT_STEPS: "继续"}),
        ("存在的主要困难和问题：资金不足", {TextPart.PROBLEMS: "资金不足"}),
        ("【存在问题】\n资金不足", {TextPart.PROBLEMS: "资金不足"}),
        ("存在问题用地指标不足\n下一步清理土地", {TextPart.PROBLEMS: "用地指标不足", TextPart.NEXT_STEPS: "清理土地"}),
        ("问题整改率95%", {}),
        ("进展顺利,能耗1.06", {}),
        ("存在问题：", {}),
        ("下一步：能耗0.9", {TextPart.NEXT_STEPS: "能耗0.9"}),
        ("下一步：\n能耗0.9", {TextPart.NEXT_STEPS: "能耗0.9"}),
    ],
)
def test_parts_are_found_by_their_headings(text: str, parts: dict[TextPart, str]) -> None:
    assert read(text).parts == parts


def test_figures_in_the_progress_part_count_as_both_and_plans_do_not() -> None:
    reading = read(
        "工作落实情况：\n亩均税收完成3.8万元\n开展了3次会议\n下一步：\n亩均税收力争达到7万\n能耗0.9\n\n能耗1.06"
    )
    assert [shown(item) for item in reading.items] == ["规上亩均税收 完成3.8", "万元工业增加值能耗 完成1.06"]
    assert reading.parts[TextPart.PROGRESS] == "亩均税收完成3.8万元\n开展了3次会议"
    assert reading.parts[TextPart.NEXT_STEPS] == "亩均税收力争达到7万\n能耗0.9"


def test_what_is_not_understood_is_handed_back() -> None:
    assert read("亩均税收3.8万，麻烦催一下隔壁").leftover == "麻烦催一下隔壁"
    assert read("破案率未报").leftover == "破案率未报"
    assert read("亩均税收3.8万,同比增长5%").remarks == ("同比增长5%",)


@pytest.mark.parametrize(
    ("text", "like"),
    [
        ("亩均税收3.8万", True),
        ("领导好，能耗1.06", True),
        ("高新占笔26%", True),
        ("高新占比大约26%", True),
        ("亩均税收多少", False),
        ("亩均税收7月是多少", False),
        ("亩均税收排在全县第几", False),
        ("今天开了3次会", False),
        ("得分", False),
        ("招商引资5亿", False),
        ("85万", False),
        ("", False),
    ],
)
def test_a_report_is_an_own_indicator_with_a_number(text: str, like: bool) -> None:
    assert is_report_like(text, OWN) is like
