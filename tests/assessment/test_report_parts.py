"""What is no figure: nothing to report, the three written parts, and what is handed back."""

import pytest

from assessment.report_text import DoubtReason
from assessment.rulebook import TextPart
from tests.assessment.report_reader import read, shown


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
        # A blank for the colon.
        ("工作落实情况 硬化道路3公里", {TextPart.PROGRESS: "硬化道路3公里"}),
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
