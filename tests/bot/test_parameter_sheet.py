"""参数表: every open end of a rulebook on a sheet; filled in, each value is shown before it counts."""

from pathlib import Path

import pytest

from assessment.filling_in import fillings
from assessment.rulebook_file import load
from bot.authoring.filled_text import filled_text
from bot.authoring.parameters import BASIS, PLACE, VALUE, parameter_sheet
from bot.installed import database_of, settings_at
from bot.workbook.sheet import Sheet
from bot.workbook.writing import workbook_bytes
from storage import audit, programmes
from tests.bot.house import DATA, ROSTER, RULEBOOK, Said

SHIPPED = sorted((DATA / "rulebooks").glob("*.yaml"))
OPEN = RULEBOOK.replace("分值: -1}", "分值: null}   # 待定").replace("{次月: 5}", "null") + (
    "指标:\n  - {编号: export, 名称: 出口, 单位: 亿美元, 类型: 累计, 承担单位: [甲局], 依据: 三,"
    " 基本任务: 4, 满分目标: 5, 基本分: 3, 满分: 5, 曲线: {值: 线性, 代入: 原文未给公式}}\n"
)


def sheet_of(*values: tuple[str, str, str]) -> bytes:
    """A sheet of which an office filled these places: place, value, document."""
    return workbook_bytes([Sheet("参数表", (PLACE, VALUE, BASIS), values)])


@pytest.fixture
def filled(folder: Path) -> Path:
    (folder / "open.yaml").write_text(OPEN, "utf-8")
    values = [("条款/U1/分值", "-0.5", "县考发1号"), ("报送任务/monthly/截止", "次月5日", "县考发1号")]
    (folder / "参数表.xlsx").write_bytes(sheet_of(*values))
    return folder


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_open_end_is_listed_with_what_it_blocks_and_its_sentence(path: Path) -> None:
    loaded = load(path.read_text("utf-8"), path.name)
    rows = [list(row) for row in parameter_sheet(loaded).rows]

    assert len(rows) == len(loaded.unset) + len(loaded.stand_ins)
    assert len({row[0] for row in rows}) == len(rows), "a place names one parameter"
    assert {row[1] for row in rows if row[2] == "未定"} == {each.path for each in loaded.unset}
    assert {row[3] for row in rows if row[2] != "未定"} == {each.reason for each in loaded.stand_ins}
    for row in rows:
        assert row[4], "what it blocks"
        assert row[5] or str(row[0]).count("/") < 2, "the sentence that it belongs to"
        assert row[6:] == ["", ""]


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_values_go_into_the_text_and_nothing_else_of_it_changes(path: Path) -> None:
    text = path.read_text("utf-8")
    before = load(text, path.name)
    wanted = {"曲线": "线性", "截止": {"日期": "2026-12-01"}, "期限": "2026-12-01", "分组合成": "各组平均"}
    values = {each.at: wanted.get(str(each.at[-1]), "1") for each in before.unset}

    new = filled_text(text, values)
    after = load(new, path.name)

    assert [each.at for each in fillings(before.rulebook, after.rulebook)] == list(values)
    assert after.unset == ()
    assert after.stand_ins == before.stand_ins
    remarks = [line.strip() for line in text.splitlines() if line.strip().startswith("#")]
    assert [line.strip() for line in new.splitlines() if line.strip().startswith("#")] == remarks


@pytest.mark.parametrize(
    ("text", "at", "new"),
    [
        ("甲:\n  乙: null  # 待定\n  丙: 1\n", ("甲", "乙"), "甲:\n  乙: 5  # 待定\n  丙: 1\n"),
        ("甲:\n  乙:\n  丙: 1\n", ("甲", "乙"), "甲:\n  乙: 5\n  丙: 1\n"),
        ("甲:\n  丙: 1\n", ("甲", "乙"), "甲:\n  乙: 5\n  丙: 1\n"),
        ("甲: {丙: 1}\n", ("甲", "乙"), "甲: {乙: 5, 丙: 1}\n"),
        ("甲: {乙, 丙: 1}\n", ("甲", "乙"), "甲: {乙: 5, 丙: 1}\n"),
        ("甲: {乙: , 丙: 1}\n", ("甲", "乙"), "甲: {乙: 5 , 丙: 1}\n"),
        ("- 丙: 1\n  丁: 2\n", (0, "乙"), "- 乙: 5\n  丙: 1\n  丁: 2\n"),
        (
            "甲:\n  乙:\n    值: 3\n    代入: 原文\n\n  # 注\n  丙: 1\n",
            ("甲", "乙"),
            "甲:\n  乙: 5\n\n  # 注\n  丙: 1\n",
        ),
        ("甲: {乙: {值: 3, 代入: 原文}}\n", ("甲", "乙"), "甲: {乙: 5}\n"),
        ("甲:\r\n  乙: null\r\n", ("甲", "乙"), "甲:\r\n  乙: 5\r\n"),
    ],
)
def test_a_value_is_put_where_the_hand_would_put_it(text: str, at: tuple[str | int, ...], new: str) -> None:
    assert filled_text(text, {at: "5"}) == new


# ── the commands, for a file ──


def test_a_filled_sheet_is_shown_first_and_written_on_request(filled: Path, duban: Said) -> None:
    assert duban("rulebook", "parameters", "open.yaml", "--to", "空表.xlsx") == (
        0,
        "已写入 空表.xlsx，未设定 2 项、代入值 1 项\n",
        "",
    )
    lines = ("条款 › 迟报 › 分值：未设定 → -0.5（县考发1号）", "报送任务 › 月报 › 截止：未设定 → 次月5日（县考发1号）")
    shown = "\n".join((*lines, "设定 2 项"))
    assert duban("rulebook", "fill", "open.yaml", "参数表.xlsx") == (0, f"{shown}（试算，未写入）\n", "")
    assert (filled / "open.yaml").read_text("utf-8") == OPEN
    assert duban("rulebook", "fill", "open.yaml", "参数表.xlsx", "--to", "open.yaml") == (0, f"{shown}\n", "")

    new = (filled / "open.yaml").read_text("utf-8")
    assert new == OPEN.replace("分值: null", "分值: -0.5").replace("截止: null", "截止: {次月: '5'}").replace("'", "")
    assert load(new, "open.yaml").unset == ()


def test_a_stand_in_gives_way_to_what_the_office_decides(filled: Path, duban: Said) -> None:
    (filled / "参数表.xlsx").write_bytes(sheet_of(("指标/export/曲线", "线性", "县考发2号")))

    assert duban("rulebook", "fill", "open.yaml", "参数表.xlsx", "--to", "open.yaml")[1].startswith(
        "指标 › 出口 › 曲线：线性◇ → 线性（县考发2号）\n"
    )
    assert load((filled / "open.yaml").read_text("utf-8"), "open.yaml").stand_ins == ()


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("条款/U1/分值", "-0.5", ""), "“参数表”表 C2 条款/U1/分值：没有写依据，请写文号或会议纪要"),
        (("条款/U1/分值", "半分", "号"), "“参数表”表 B2 条款/U1/分值：“半分”不是数，请只写半角数字"),
        (("条款/U1/分值", "未定", "号"), "“参数表”表 B2 条款/U1/分值：没有写值，未定的，这一格空着"),
        (("条款/P1/分值", "-1", "号"), "“参数表”表 A2 条款/P1/分值：不是未设定项或代入值，已经设定的当年不得改动"),
        (("报送任务/monthly/截止", "五号", "号"), "“参数表”表 B2 报送任务/monthly/截止：“五号”看不懂"),
        (("报送任务/monthly/截止", "次月：40", "号"), "“参数表”表 B2 报送任务/monthly/截止：“40”太大，不得大于 31"),
    ],
)
def test_a_faulty_row_is_said_with_its_cell_and_nothing_is_written(
    filled: Path, duban: Said, row: tuple[str, str, str], said: str
) -> None:
    (filled / "参数表.xlsx").write_bytes(sheet_of(row))

    status, _, complained = duban("rulebook", "fill", "open.yaml", "参数表.xlsx", "--to", "open.yaml")

    assert status == 1
    assert complained.startswith(f"参数表.xlsx {said}"), complained
    assert complained.endswith("有误 1 处，未写入\n")
    assert (filled / "open.yaml").read_text("utf-8") == OPEN


def test_a_sheet_without_its_heads(filled: Path, duban: Said) -> None:
    (filled / "参数表.xlsx").write_bytes(workbook_bytes([Sheet("表", ("项目", "数"), [("甲", "1")])]))

    assert duban("rulebook", "fill", "open.yaml", "参数表.xlsx")[2].startswith(
        "参数表.xlsx “表”表 A1：表头缺少“位置”、“值”、“依据（文号）”，请用 duban rulebook parameters 另出一份"
    )


# ── the commands, for a programme that runs ──


@pytest.fixture
def live(folder: Path, duban: Said) -> Path:
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "open.yaml").write_text(OPEN.replace("{值: 线性, 代入: 原文未给公式}", "线性"), "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("import", "open.yaml", "--live-from", "2026-08-01")[0] == 0
    (folder / "参数表.xlsx").write_bytes(sheet_of(("条款/U1/分值", "-0.5", "县考发1号")))
    return folder


def test_a_running_programme_takes_values_in_somebodys_name(live: Path, duban: Said) -> None:
    """Decisions 12: on record, and the only change."""
    assert duban("rulebook", "fill", "test-2026", "参数表.xlsx")[1].endswith("设定 1 项（试算，未写入）\n")
    assert duban("rulebook", "fill", "test-2026", "参数表.xlsx", "--by", "王芳")[0] == 2
    status, said, _ = duban("rulebook", "fill", "test-2026", "参数表.xlsx", "--by", "陈静")
    assert (status, said) == (0, "条款 › 迟报 › 分值：未设定 → -0.5（县考发1号）\n设定 1 项\n")

    with database_of(settings_at(live / "duban.toml")) as database:
        (programme,) = database.read_now(programmes.running)
        assert str(programme.rulebook.clause("U1").points.value) == "-0.5"
        assert [row.object for row in database.read_now(audit.recent) if row.action == "设定参数"] == [
            "test-2026 条款 › 迟报 › 分值"
        ]
    again = duban("rulebook", "fill", "test-2026", "参数表.xlsx", "--by", "陈静")
    assert (again[0], again[2].count("不是未设定项或代入值")) == (1, 1)
    assert duban("verify")[0] == 0


def test_wrong_use(live: Path, duban: Said) -> None:
    assert (
        "没有文件，也没有运行中的考核方案“别的-2026”。运行中的：test-2026"
        in duban("rulebook", "parameters", "别的-2026", "--to", "表.xlsx")[2]
    )
    assert duban("rulebook", "fill", "open.yaml", "参数表.xlsx", "--by", "陈静")[0] == 2
    assert duban("rulebook", "fill", "test-2026", "参数表.xlsx", "--to", "x.yaml")[0] == 2


def test_a_trial_takes_them_as_one_more_draft(live: Path, duban: Said) -> None:
    (live / "draft.yaml").write_text(OPEN.replace("编号: test", "编号: draft"), "utf-8")
    assert duban("import", "draft.yaml", "--trial")[0] == 0
    (live / "参数表.xlsx").write_bytes(sheet_of(("指标/export/曲线", "线性", "县考发2号")))

    assert duban("rulebook", "fill", "draft-2026", "参数表.xlsx", "--by", "陈静")[0] == 0
    assert duban("rulebook", "parameters", "draft-2026", "--to", "表.xlsx")[1] == (
        "已写入 表.xlsx，未设定 2 项、代入值 0 项\n"
    )
