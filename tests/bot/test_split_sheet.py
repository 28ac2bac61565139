"""指标任务分解表: an office's sheet becomes the 分解 of a rulebook, and a gap is named (R77)."""

from pathlib import Path

import pytest

from assessment.rulebook_file import load
from bot.workbook.sheet import Sheet
from bot.workbook.writing import workbook_bytes
from tests.bot.house import RULEBOOK, Said

MEASURE = (
    RULEBOOK
    + """指标:
  - 编号: income   # 全县任务
    名称: 财政收入
    别名: [财政总收入]
    单位: 万元
    类型: 累计
    基本任务: 4000
    满分目标: 4400
    满分: 5
    承担单位: [甲局]
    依据: 三
  - {编号: cost, 名称: 能耗, 单位: 吨标准煤/万元, 类型: 比率, 方向: 越小越好, 基本任务: 0.8, 承担单位: [乙局], 依据: 三}
"""
)
LONG = [
    ["财政收入", "甲镇", "2000", "2200", "5"],
    ["", "乙镇", "1600", "", ""],
    ["财政收入", "合计", "3600", "", ""],
    ["能耗", "甲镇", "0.80", "", ""],
]
LONG_HEADS = ["指标", "单位", "基本任务", "满分目标", "分值"]


@pytest.fixture
def measure(folder: Path) -> Path:
    (folder / "办法.yaml").write_text(MEASURE, "utf-8")
    return folder


def sheet(folder: Path, heads: list[str], rows: list[list[str]]) -> None:
    (folder / "分解表.xlsx").write_bytes(workbook_bytes([Sheet("任务分解", heads, rows)]))


def test_the_gap_is_named_and_nothing_is_written_without_being_asked(measure: Path, duban: Said) -> None:
    """R77: the parts are held against the target."""
    sheet(measure, LONG_HEADS, LONG)

    assert duban("rulebook", "splits", "办法.yaml", "分解表.xlsx") == (
        1,
        (
            "△ 财政收入：2 个单位，分解合计 3600万元，基本任务 4000万元，分解缺口 400万元\n"
            "✓ 能耗：1 个单位，比率不相加\n"
            "分解指标 2 项（试算，未写入）\n"
        ),
        "",
    )
    assert (measure / "办法.yaml").read_text("utf-8") == MEASURE


def test_parts_that_add_up_go_into_the_rulebook(measure: Path, duban: Said) -> None:
    sheet(measure, LONG_HEADS, [*LONG[:1], ["", "乙镇", "2,000", "未定", ""]])

    assert duban("rulebook", "splits", "办法.yaml", "分解表.xlsx", "--to", "办法.yaml") == (
        0,
        "✓ 财政收入：2 个单位，分解合计 4000万元，与基本任务相符\n分解指标 1 项\n",
        "",
    )
    text = (measure / "办法.yaml").read_text("utf-8")
    assert "# 全县任务" in text
    assert "      - {单位: 甲镇, 基本任务: 2000, 满分目标: 2200}\n" in text
    first, second = load(text, "办法.yaml").rulebook.indicator("income").split
    assert (first.unit, str(first.full.value), second.full.value) == ("甲镇", "2200", None)


def test_a_sheet_with_a_column_for_each_indicator(measure: Path, duban: Said) -> None:
    heads = ["序号", "单位名称", "财政总收入", "财政收入满分目标", "能耗"]
    sheet(measure, heads, [["1", "甲镇", "1000", "1100", "0.8"], ["2", "乙镇", "3500", "", ""], ["", "合计", "4500"]])

    said = duban("rulebook", "splits", "办法.yaml", "分解表.xlsx")[1]

    assert said.startswith(
        "△ 财政收入：2 个单位，分解合计 4500万元，基本任务 4000万元，分解多出 500万元\n✓ 能耗：1 个单位"
    )


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (["财政收人", "甲镇", "1", "", ""], "A2 财政收人：办法中没有这项指标，是不是“财政收入”？"),
        (["财政收入", "甲镇", "二千", "", ""], "A2 财政收入：“二千”不是数，请只写数，单位按办法"),
        (["财政收入", "甲镇", "1", "", "4"], "A2 财政收入：分值 4 与办法不符，分值按办法中这项指标的满分（5）计"),
    ],
)
def test_a_slip_is_said_with_its_cell(measure: Path, duban: Said, row: list[str], said: str) -> None:
    sheet(measure, LONG_HEADS, [row])

    status, _, complained = duban("rulebook", "splits", "办法.yaml", "分解表.xlsx", "--to", "办法.yaml")

    assert status == 1
    assert complained.startswith(f"分解表.xlsx “任务分解”表 {said}"), complained
    assert (measure / "办法.yaml").read_text("utf-8") == MEASURE


def test_a_unit_twice_and_a_sheet_without_heads(measure: Path, duban: Said) -> None:
    sheet(measure, LONG_HEADS, [LONG[0], LONG[0]])
    assert "“甲镇”写了两次，请删去一处" in duban("rulebook", "splits", "办法.yaml", "分解表.xlsx")[2]

    sheet(measure, ["甲", "乙"], [["1", "2"]])
    assert "没有找到表头" in duban("rulebook", "splits", "办法.yaml", "分解表.xlsx")[2]
