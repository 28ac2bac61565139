"""A rulebook as a workbook: every shipped one comes back as it was, and what is wrong is said with its cell."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import yaml_text
from assessment.fault import Broken
from assessment.rulebook_errors import every_key
from assessment.rulebook_file import Loaded, judged, load, schema
from bot.authoring.cells import UNSET, cell_of, value_of
from bot.authoring.fields import Field, Form, fields_of
from bot.authoring.from_sheets import document_of
from bot.authoring.into_sheets import sheets_of
from bot.authoring.layout import FIRST, GUIDE, tables
from bot.authoring.rulebook_text import rulebook_text, value_text
from bot.workbook.reading import read_workbook
from bot.workbook.sheet import Grid, Sheet
from bot.workbook.writing import workbook_bytes
from tests.bot.house import DATA, RULEBOOK, Said
from tests.bot.measures import WHOLE

SHIPPED = sorted((DATA / "rulebooks").glob("*.yaml"))
FILES = [*SHIPPED, WHOLE]


@cache
def data_of(path: Path) -> dict[str, Any]:
    found = yaml_text.read(path.read_text("utf-8"), path.name, every_key(schema())).data
    assert isinstance(found, dict)
    return found


def grids_of(data: dict[str, Any]) -> tuple[Grid, ...]:
    return read_workbook(workbook_bytes(sheets_of(data)))


def with_cells(grids: tuple[Grid, ...], sheet: str, cells: dict[tuple[int, int], str]) -> list[Grid]:
    """The same with other words in some cells; an empty text empties one."""
    changed = []
    for grid in grids:
        found = {**grid.cells, **cells} if grid.name == sheet else grid.cells
        changed.append(Grid(grid.name, {cell: text for cell, text in found.items() if text}))
    return changed


def small() -> tuple[Grid, ...]:
    return grids_of(dict(yaml_text.read(RULEBOOK, "test.yaml", every_key(schema())).data))  # type: ignore[call-overload]


def refusals(grids: Any, file: str = "办法.xlsx") -> list[str]:
    with pytest.raises(Broken) as refused:
        judged(document_of(grids, file), file)
    return [str(fault) for fault in refused.value.faults]


def written(loaded: Loaded) -> dict[str, Any]:
    return loaded.rulebook.model_dump(by_alias=True, exclude_unset=True)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_rulebook_comes_back_from_its_workbook_as_it_was(path: Path) -> None:
    """Also what is written and what is not: an empty cell is no 未定. And from the text made of the workbook again."""
    before = load(path.read_text("utf-8"), path.name)

    document = document_of(grids_of(data_of(path)), path.name)
    after = judged(document, path.name)
    again = load(rulebook_text(document.data), path.name)

    assert after.rulebook == before.rulebook == again.rulebook
    assert written(after) == written(before) == written(again)
    assert [each.at for each in after.unset] == [each.at for each in before.unset]
    assert [warning.what for warning in again.warnings] != [] or not before.warnings
    assert sorted(w.what for w in after.warnings) == sorted(w.what for w in before.warnings)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_so_do_parts_of_them_put_together(data: st.DataObject) -> None:
    """Order is kept, and of one sheet the rows of another say nothing."""
    source = data_of(data.draw(st.sampled_from(FILES)))
    other = data_of(data.draw(st.sampled_from(FILES)))
    mixed = {key: data.draw(st.sampled_from([source, other])).get(key) for key in {**source, **other}}
    for key, value in mixed.items():
        if isinstance(value, list) and value and data.draw(st.booleans()):
            kept = data.draw(st.lists(st.sampled_from(range(len(value))), unique=True, min_size=1))
            mixed[key] = [value[at] for at in kept]
    mixed = {key: value for key, value in mixed.items() if value is not None}

    assert document_of(grids_of(mixed), "x").data == in_schema_order(mixed)


def in_schema_order(data: Any) -> Any:
    """Mappings are equal whatever their order; a parameter that is written out only to have its value is that value."""
    if isinstance(data, dict):
        return in_schema_order(data["值"]) if set(data) == {"值"} else {k: in_schema_order(v) for k, v in data.items()}
    return [in_schema_order(each) for each in data] if isinstance(data, list) else data


WORDS = st.text("甲乙丙、：:（）-至 代入未定0.5", min_size=1, max_size=8).map(str.strip).filter(bool)


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS.filter(lambda word: not word.startswith("-")), min_size=1, max_size=4))
def test_a_list_comes_back_from_its_cell_whatever_its_words(words: list[str]) -> None:
    field = Field("别名", "", Form.WORDS)

    text, _ = cell_of(field, words)
    assert value_of(field, text.strip()) == words


@pytest.mark.parametrize(
    ("key", "text", "value"),
    [
        ("别名", "甲、乙", ["甲", "乙"]),
        ("别名", "甲\n乙", ["甲", "乙"]),
        ("别名", "- 甲、乙\n- 丙", ["甲、乙", "丙"]),
        ("基本任务", UNSET, None),
        ("基本任务", "0.10", "0.10"),
        ("变化率", "是", "true"),
        ("变化率", "否", "false"),
    ],
)
def test_what_an_office_types(key: str, text: str, value: object) -> None:
    assert value_of(field_of("指标", key), text) == value


@pytest.mark.parametrize("text", ["0.5至1", "0.5 到 1", "0.5～1", "0.5—1"])
def test_a_range_as_people_write_it(text: str) -> None:
    assert value_of(field_of("条款", "幅度"), text) == {"自": "0.5", "至": "1"}
    assert value_of(field_of("条款", "幅度"), "-1至-0.5") == {"自": "-1", "至": "-0.5"}


@pytest.mark.parametrize("text", ["次月：5", "次月:5", "次月 5", "次月5日"])
def test_a_due_day_as_people_write_it(text: str) -> None:
    assert value_of(field_of("报送任务", "截止"), text) == {"次月": "5"}
    assert value_of(field_of("报送任务", "截止"), "期末") == {"期末": "true"}
    assert value_of(field_of("报送任务", "截止"), "日期：2010-09-05") == {"日期": "2010-09-05"}


def field_of(table: str, key: str) -> Field:
    found = next(each for each in tables() if each.name == table)
    return next(field for field in found.fields if field.key == key)


def test_values_within_braces_are_quoted_where_braces_mean_something() -> None:
    assert value_text({"值": "3", "代入": "原文未给, 代入3分"}) == "{值: 3, 代入: '原文未给, 代入3分'}"
    assert value_text("null") == "'null'"


# ── the form ──


def test_every_list_of_the_schema_has_its_sheet() -> None:
    names = [table.name for table in tables()]

    assert len(names) == len(set(names))
    brief = "基本信息 记分 大类 条款 指标 报送任务 催办阶梯 阶段 等次 后果 奖励 整改 读法"
    assert set(brief.split()) <= set(names)
    for table in tables():
        assert len(table.heads) == len(set(table.heads)), table.name
        assert all(field.in_a_cell for field in table.fields)
        deeper = [f for f in fields_of(*(p for field in table.fields for p in field.parts)) if not f.in_a_cell]
        assert not deeper, "a list within a list within a list would need names of two owners"


def test_the_empty_form_explains_itself_and_says_nothing() -> None:
    grids = grids_of({})

    assert document_of(grids, "x").data == {}
    assert grids[0].name == GUIDE
    explained = {(row.get(1), row.get(2)) for _, row in grids[0].rows}
    assert ("条款", "分值") in explained
    assert [grid.rows[0][0] for grid in grids] == [1] * len(grids)
    assert refusals(grids) == [
        f"办法.xlsx “{FIRST}”表 B{row} {key}：缺少这一项，请补上"
        for row, key in enumerate(("编号", "办法", "版本", "年度", "主管", "出处"), start=2)
    ]


def test_notes_speak_of_cells_and_not_of_files() -> None:
    for sheet in sheets_of({}):
        for hint in (*sheet.column_hints.values(), *sheet.cell_hints.values()):
            assert "null" not in hint.note
            assert "true" not in hint.note


# ── what is wrong, all at once, with its cell ──


def column(table: str, head: str) -> int:
    return next(each for each in tables() if each.name == table).heads.index(head) + 1


def test_everything_wrong_is_said_at_once_with_sheet_and_cell() -> None:
    grids = with_cells(small(), "条款", {(2, column("条款", "分值")): "一分", (3, column("条款", "触发*")): "人工"})
    grids = with_cells(tuple(grids), FIRST, {(5, 2): "二〇一〇"})
    grids = with_cells(tuple(grids), "报送任务", {(2, column("报送任务", "阶梯*")): "月报表"})

    assert refusals(grids) == [
        "办法.xlsx “基本信息”表 B5 年度：“二〇一〇”不是整数，请只写半角整数，如 5",
        "办法.xlsx “条款”表 L2 分值：“一分”不是数，请只写半角数字，如 2 或 -0.5",
        f"办法.xlsx “条款”表 F3 触发：不能写“人工”，可写：{'、'.join(field_of('条款', '触发').choices)}",
        "办法.xlsx “报送任务”表 W2 阶梯：“催办阶梯”里没有“月报表”，是不是想写“月报”？",
    ]


@pytest.mark.parametrize(
    ("sheet", "cells", "said"),
    [
        ("条款", {(1, 30): "分直"}, "“条款”表 AD1 分直：没有这一列，是不是“分值”？"),
        ("条款", {(1, 30): "名称"}, "“条款”表 AD1 名称：这一列有两列，请删去一列"),
        ("条款", {(2, 13): "原文未给", (2, 12): ""}, "“代入”须同时写明“值”和代入的理由"),
        ("条款", {(2, 14): "半分"}, "“条款”表 N2 幅度：“半分”不是幅度，请写作 0.5至1"),
        (
            "读法",
            {(2, 1): "同一事由", (2, 2): "逐条累计"},
            "“读法”表 A2 同一事由：没有“同一事由”这一项，是不是想写“同一事项”？",
        ),
        ("读法", {(2, 3): "原文未写", (2, 2): "逐条累计"}, "“读法”表 C2 同一事项：这一项不能是代入值，请删去理由"),
        ("分解", {(2, 1): "出口", (2, 2): "甲镇"}, "“分解”表 A2 指标编号：“指标”表里没有“出口”，请写“指标”表里的编号"),
        ("报送任务", {(2, 8): "下月五号"}, "“报送任务”表 H2 截止：“下月五号”看不懂，请写其中一种：当月：…、次月：…"),
        ("催办阶梯", {(1, 1): ""}, "“催办阶梯”表 A1 编号：缺少“编号”一列，请补上，表头写在第一行"),
        ("大类", {(2, 1): "产业", (2, 2): "10", (2, 6): "甲"}, "“大类”表 F2 分项：“甲”没有写分数，请写作 名称：分数"),
        (
            "大类",
            {(2, 1): "产业", (2, 2): "10", (2, 6): "甲：1、甲：2"},
            "“大类”表 F2 分项：同一名称写了两次，请删去一处",
        ),
    ],
)
def test_a_slip_is_said_with_its_cell(sheet: str, cells: dict[tuple[int, int], str], said: str) -> None:
    told = refusals(with_cells(small(), sheet, cells))

    assert any(said in each for each in told), told


def test_a_cell_that_cannot_be_read_is_not_said_to_be_missing_too() -> None:
    told = refusals(with_cells(small(), "报送任务", {(2, column("报送任务", "截止*")): "下月五号"}))

    assert len(told) == 1
    assert "“下月五号”看不懂" in told[0]


def test_a_sheet_or_column_of_the_offices_own_is_left_alone() -> None:
    grids = [*with_cells(small(), "条款", {(1, 30): "备注", (2, 30): "会上再议"}), Grid("备注一", {(1, 1): "草稿"})]

    assert judged(document_of(grids, "x"), "x").rulebook == load(RULEBOOK, "x").rulebook
    assert refusals([*small(), Grid("条欵", {(1, 1): "编号"})]) == [
        "办法.xlsx “条欵”表 A1：没有这一种工作表，是不是“条款”？"
    ]


def test_rows_below_one_another_belong_to_the_name_above() -> None:
    """Merged cells and names left out below the first come in as people mean them; steps keep their order."""
    rows = {(2, 1): "月报", (2, 2): "提醒", (2, 3): "截止前工作日：1", (3, 1): "", (3, 2): "催办", (3, 3): "逾期日：1"}
    document = document_of(with_cells(small(), "催办阶梯", rows), "x")

    (ladder,) = judged(document, "x").rulebook.ladders
    assert [step.kind.value for step in ladder.steps] == ["提醒", "催办"]


def test_what_may_be_left_open_is_named_by_the_words_of_cells() -> None:
    grids = with_cells(small(), "条款", {(2, column("条款", "分值")): ""})

    assert refusals(grids) == [f"办法.xlsx “条款”表 A2：没有写分值，请写“分值”或“幅度”；原文没有的写“{UNSET}”"]


# ── the commands ──


def test_from_an_empty_form_to_a_running_programme(folder: Path, duban: Said) -> None:
    """No YAML anywhere: what is wrong is told before, what is understood is told as text."""
    (folder / "roster.csv").write_text((DATA / "demo" / "roster.csv").read_text("utf-8"), "utf-8")
    assert duban("rulebook", "template", "--to", "办法.xlsx")[0] == 0
    assert duban("rulebook", "from-xlsx", "办法.xlsx")[0] == 1

    (folder / "test.yaml").write_text(RULEBOOK.replace("督查室", "县委县政府督查室"), "utf-8")
    assert duban("rulebook", "to-xlsx", "test.yaml", "--to", "办法.xlsx") == (0, "已写入 办法.xlsx\n", "")
    status, said, _ = duban("rulebook", "from-xlsx", "办法.xlsx")
    assert status == 0
    assert said.startswith("《某县督查工作考核办法》（2026年3月版）")
    assert "（试算，未写入）" in said
    assert not (folder / "又一.yaml").exists()
    assert duban("rulebook", "from-xlsx", "办法.xlsx", "--to", "又一.yaml")[0] == 0
    assert load((folder / "又一.yaml").read_text("utf-8"), "又一.yaml").rulebook.name == "某县督查工作考核办法"

    assert duban("import", "roster.csv")[0] == 0
    status, said, complained = duban("import", "办法.xlsx", "--live-from", "2026-08-01")
    assert (status, complained) == (0, "")
    assert said.endswith("考核办法 某县督查工作考核办法（2026-08-01 起用）：新增 1、变更 0、不变 0\n")


def test_a_roster_comes_in_as_a_workbook(folder: Path, duban: Said) -> None:
    heads = ["单位", "类别", "姓名", "岗位", "渠道", "账号"]
    rows = [["甲局", "部门", "王芳", "填报人", "sandbox", "wang"], ["乙局", "部门", "赵敏", "文书", "sandbox", "zhao"]]
    (folder / "名册.xlsx").write_bytes(workbook_bytes([Sheet("名册", heads, rows)]))

    status, _, complained = duban("import", "名册.xlsx")
    assert status == 1
    assert complained.startswith("名册.xlsx 第 3 行 第 4 列 岗位：没有岗位“文书”")

    (folder / "名册.xlsx").write_bytes(workbook_bytes([Sheet("名册", heads, rows[:1])]))
    assert duban("import", "名册.xlsx")[1] == "名册：新增 1、变更 0、不变 0、停用 0、有误 0\n"


def test_a_file_that_is_none_is_refused(folder: Path, duban: Said) -> None:
    (folder / "办法.xlsx").write_bytes(b"PK")

    assert duban("rulebook", "from-xlsx", "办法.xlsx")[2].startswith("办法.xlsx：文件不是完好的工作簿")
    assert duban("rulebook", "from-xlsx", "没有.xlsx")[0] == 2
    assert duban("import", "办法.xlsx")[0] == 1


def test_the_guide_says_what_each_way_of_scoring_and_each_small_part_takes() -> None:
    """Nobody can know from one list of words which of them belong together."""
    guide = {(row[0], row[1]): row[2] for row in sheets_of({})[0].rows}
    assert guide["计分", "方式：完成比例"].endswith("另写：目标、满分、最高")
    assert guide["计分", "方式：分档"].endswith("另写：各档*")
    assert len([name for sheet, name in guide if sheet == "计分" and name.startswith("方式：")]) == 15
    assert "截止前工作日：…" in guide["催办阶梯", "时间*"]
    assert "次月：…" in guide["报送任务", "截止*"]
