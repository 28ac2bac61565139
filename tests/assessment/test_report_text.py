"""Reports as clerks really send them: what is certain is taken, what is doubtful is named, nothing is lost."""

from decimal import Decimal

import pytest

from assessment.rulebook import TextPart
from assessment.submission import Figure, Slot
from tests.assessment.report_reader import read, shown

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
    """R95: full-width signs, 万 and 亿, numerals in words and slips of the hand, wherever one own indicator fits."""
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
    """R96: magnitude, dimension, currency, vague words, two values: asked, never taken."""
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
