"""Which indicator is meant: cohorts, slips of the hand, names of others, and no name at all."""

import pytest

from assessment.report_text import DoubtReason, is_report_like
from tests.assessment.report_reader import OWN, indicator, read, shown


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


def test_a_value_without_a_name_is_taken_where_only_one_indicator_is_owed_or_fits() -> None:
    assert shown(read("1.06吨标准煤").items[0]) == "万元工业增加值能耗 完成1.06"
    assert shown(read("85万,预测155", owed=["规上亩均工业总产值"]).items[0]) == "规上亩均工业总产值 完成85 预测155"
    several = read("85万元").items[0]
    assert several.doubts[0].reason is DoubtReason.NO_INDICATOR
    assert set(several.doubts[0].candidates) == {"规上亩均工业总产值", "规上亩均税收"}
    assert not read("开了85次会", owed=["规上亩均工业总产值"]).items[0].certain
    assert not read("85亿元", owed=["规上亩均工业总产值"]).items[0].certain


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
