"""`duban import` of an 期初 sheet: a measure taken into use in August begins with what stood before."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.installed import database_of, settings_at
from bot.workbook.sheet import Sheet
from bot.workbook.writing import workbook_bytes
from storage import closings, ledger, programmes, roster
from tests.bot.house import Said
from tests.bot.opening_county import HEAD, ROSTER, RULEBOOK, SHEET

MORNING = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def office(folder: Path, duban: Said, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Live from 1 August; it is the morning of 3 August."""
    monkeypatch.setattr("bot.clock.SystemClock.now", lambda _clock: MORNING)
    (folder / "roster.csv").write_text(ROSTER, "utf-8")
    (folder / "kaohe.yaml").write_text(RULEBOOK, "utf-8")
    assert duban("import", "roster.csv")[0] == 0
    assert duban("import", "kaohe.yaml", "--live-from", "2026-08-01")[0] == 0
    return folder


def entries() -> Mapping[str, list[str]]:
    """Every entry, by whose account it is: the clause with its points."""
    with database_of(settings_at(Path("duban.toml"))) as database:
        people = database.read_now(roster.whole)
        rows = database.read_now(ledger.all_rows)
    names = {unit.id: unit.name for unit in people.units} | {person.id: person.name for person in people.people}
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(names[row.holder], []).append(f"{row.clause} {row.points:f}")
    return found


def put(folder: Path, text: str, name: str = "期初.csv") -> None:
    (folder / name).write_text(text, "utf-8-sig")


def test_a_dry_run_lists_every_row_with_the_sums_and_enters_nothing(office: Path, duban: Said) -> None:
    put(office, SHEET)

    status, said, complained = duban("import", "期初.csv", "--by", "陈静", "--dry-run")

    assert (status, complained) == (0, "")
    assert said.splitlines() == [
        "甲局：加扣分2条，合计+1.5分，导入后核定总分81.5分",
        "  第 2 行：U1 迟报 2026-03-05 −1分（《2026年督查台账》第3页）",
        "  第 3 行：U2 表彰 2026-04-10 +2.5分（市委发〔2026〕9号）",
        "乙局赵敏：加扣分1条，合计−0.2分，导入后核定总分−0.2分",
        "  第 4 行：P1 催报未报 2026-05-12 −0.2分（《2026年督查台账》第5页）",
        "甲局：指标数3个",
        "  第 5 行：1—5月 自营出口 1.2亿美元（《报表汇编》5月）",
        "  第 6 行：1—5月 新增就业 420人（《报表汇编》5月）",
        "  第 7 行：1—6月 自营出口 1.5亿美元（《报表汇编》6月）",
        "期初：加扣分 3、指标数 3、不变 0（试算，未写入）",
    ]
    assert entries() == {}


def test_each_entry_leads_to_its_clause_the_sheet_s_row_and_the_person(office: Path, duban: Said) -> None:
    put(office, SHEET)

    assert duban("import", "期初.csv", "--by", "陈静")[1].endswith("期初：加扣分 3、指标数 3、不变 0\n")

    assert entries() == {"甲局": ["U1 -1", "U2 2.5"], "赵敏": ["P1 -0.2"]}
    _, said, _ = duban("score", "甲局", "--why")
    for words in ("迟报的扣1分", "期初：2月月报迟报1天", "期初.csv第2行：《2026年督查台账》第3页", "陈静"):
        assert words in said
    assert duban("verify")[0] == 0


def test_the_same_sheet_again_changes_nothing(office: Path, duban: Said) -> None:
    """Also when it was sorted, saved under another name, or has grown."""
    put(office, SHEET)
    duban("import", "期初.csv", "--by", "陈静")

    assert duban("import", "期初.csv", "--by", "陈静")[1] == "期初：加扣分 0、指标数 0、不变 6\n"

    rows = SHEET.splitlines(keepends=True)
    more = "乙局,,U1,-1,2026-02-03,,,,,台账第2页\n"
    put(office, "".join([rows[0], *reversed(rows[1:]), more]), "期初（补）.csv")
    assert duban("import", "期初（补）.csv", "--by", "陈静")[1].splitlines()[-1] == "期初：加扣分 1、指标数 0、不变 6"
    assert entries() == {"甲局": ["U1 -1", "U2 2.5"], "赵敏": ["P1 -0.2"], "乙局": ["U1 -1"]}


def test_a_workbook_is_read_like_a_table(office: Path, duban: Said) -> None:
    heads, *rows = csv.reader(io.StringIO(SHEET))
    (office / "期初.xlsx").write_bytes(workbook_bytes([Sheet("期初", heads, rows)]))

    assert duban("import", "期初.xlsx", "--by", "陈静")[1].endswith("期初：加扣分 3、指标数 3、不变 0\n")
    assert "期初.xlsx第2行" in duban("score", "甲局", "--why")[1]


FAULTS = {
    "丙局,,U1,-1,2026-03-05,,,,,台账": "第 1 列 单位：名册中没有“丙局”，请先导入名册，或改正单位名称",
    "甲局,,U9,-1,2026-03-05,,,,,台账": "第 3 列 条款编号：某县督查工作考核办法没有条款“U9”，请按办法中的条款编号填写",
    "甲局,,U5,-1,2026-03-05,,,,,台账": "第 3 列 条款编号：该条分值未设定，请先补填分值",
    "甲局,,U1,-2,2026-03-05,,,,,台账": "第 4 列 分值：与条款分值不符，应为-1分；几次的请写几行",
    "甲局,,U2,6,2026-03-05,表彰,,,,台账": "第 4 列 分值：超出条款幅度，应在1至5分之间",
    "甲局,,U2,3,2026-03-05,,,,,台账": "第 6 列 事由：由考核办酌定的分值没有写事由，请补上",
    "甲局,,U2,三分,2026-03-05,表彰,,,,台账": "第 4 列 分值：“三分”不是数，请只写数字，至多四位小数",
    "甲局,,U1,-1,2025-12-31,,,,,台账": "第 5 列 发生日期：2025-12-31不在2026年度内，本表只记本年度的分",
    "甲局,,U1,-1,2026-08-04,,,,,台账": "第 5 列 发生日期：2026-08-04在今天以后，请核对日期",
    "甲局,,U1,-1,2026-02-30,,,,,台账": "第 5 列 发生日期：“2026-02-30”不是日期，请写作 2026-01-31",
    "甲局,,U1,-1,2026-03-05,,,,,": "第 10 列 依据：没有填写依据，请补上",
    "甲局,王芳,U1,-1,2026-03-05,,,,,台账": "第 2 列 人员：该条记入单位账户，不记个人，请空着",
    "甲局,赵敏,P1,-0.2,2026-03-05,,,,,台账": "第 2 列 人员：“甲局”没有“赵敏”，请核对名册",
    "督查室,陈静,P1,-0.2,2026-03-05,,,,,台账": "第 1 列 单位：不得办理本单位事项，请由考核办其他同志导入",
    "甲局,,,,,,,,,台账": "第 3 列 条款编号：没有填写条款编号或指标，一行写一项：条款或指标",
    "甲局,,,,,,房价,1,5月,台账": "第 7 列 指标：某县督查工作考核办法没有指标“房价”，请按办法中的指标名称填写",
    "乙局,,,,,,自营出口,1,5月,台账": "第 7 列 指标：“自营出口”不由“乙局”报送，请核对承担单位",
    "甲局,,,,,,自营出口,1,去年,台账": "第 9 列 报告期：“去年”不是报告期，请写作 2026-06、1—6月 或 二季度",
    "甲局,,,,,,自营出口,1,2025-12,台账": "第 9 列 报告期：“甲局”没有2025-12的指标报送任务，请核对报告期和年度",
    "甲局,,,,,,自营出口,1,7月,台账": (
        "第 9 列 报告期：“1—7月指标进展”2026-08-05截止，在起用日2026-08-01以后，请由单位报送，或由考核办代录"
    ),
}


def test_one_faulty_row_stops_the_whole_sheet(office: Path, duban: Said) -> None:
    row, fault = next(iter(FAULTS.items()))
    put(office, SHEET + row + "\n")

    assert duban("import", "期初.csv", "--by", "陈静") == (
        1,
        "",
        f"期初.csv 第 9 行 {fault}\n有误 1 行，未写入任何一行\n",
    )
    assert entries() == {}


def test_all_faults_are_said_at_once(office: Path, duban: Said) -> None:
    put(office, HEAD + "\n".join(FAULTS) + "\n")

    _, said, complained = duban("import", "期初.csv", "--by", "陈静")

    assert said == ""
    assert complained.splitlines() == [
        *(f"期初.csv 第 {number} 行 {fault}" for number, fault in enumerate(FAULTS.values(), 2)),
        f"有误 {len(FAULTS)} 行，未写入任何一行",
    ]


def test_what_one_group_allows_only_once_and_what_stands_twice(office: Path, duban: Said) -> None:
    praise = "甲局,,U3,2,2026-03-05,肯定,,,,批示1\n甲局,,U4,1,2026-04-05,肯定,,,,批示2\n"
    twice = "甲局,,U1,-1,2026-03-05,,,,,台账\n" * 2 + "甲局,,,,,,自营出口,1,5月,甲\n甲局,,,,,,出口额,2,1—5月,乙\n"
    put(office, HEAD + praise + twice)

    group = "同一事项只能按一档记分，已按同组的一条记过，请删去一行，或在“事项”一列写明各是哪一项"
    assert duban("import", "期初.csv", "--by", "陈静")[2].splitlines() == [
        f"期初.csv 第 3 行 第 3 列 条款编号：{group}",
        "期初.csv 第 5 行 第 6 列 事由：与第 4 行重复，请删去一行；确有两次的，请在事由中写明",
        "期初.csv 第 7 行 第 8 列 数：与第 6 行重复，请删去一行；一个报告期只能有一个数",
        "有误 3 行，未写入任何一行",
    ]

    named = HEAD.replace("事由", "事由,事项") + praise.replace("肯定", "肯定,甲事", 1).replace(
        "05,肯定,,", "05,肯定,乙事,,"
    )
    put(office, named)
    assert duban("import", "期初.csv", "--by", "陈静")[0] == 0


def test_another_value_for_a_row_that_was_entered_is_a_correction(office: Path, duban: Said) -> None:
    put(office, SHEET)
    duban("import", "期初.csv", "--by", "陈静")
    put(office, SHEET.replace("U2,2.5", "U2,3").replace(",420,", ",430,"))

    first, second, _ = duban("import", "期初.csv", "--by", "陈静")[2].splitlines()

    assert "分值：此前已按+2.5分记入台账（L-2608-" in first
    assert second.endswith("数：这一期已有数420，请由单位更正，或由考核办代录")
    assert entries()["甲局"] == ["U1 -1", "U2 2.5"]


def test_a_sheet_with_a_classification_mark_is_not_taken(office: Path, duban: Said) -> None:
    put(office, "（机密）\n" + SHEET)
    assert duban("import", "期初.csv", "--by", "陈静")[::2] == (
        1,
        "期初.csv 第 1 行：带有密级标志，不得导入，未写入任何一行\n",
    )
    put(office, SHEET.replace("2月月报迟报1天", "秘密★1年"))
    assert duban("import", "期初.csv", "--by", "陈静")[2].startswith("期初.csv 第 2 行：带有密级标志")
    put(office, SHEET, "期初（机密）.csv")
    assert duban("import", "期初（机密）.csv", "--by", "陈静")[2].startswith("期初（机密）.csv：带有密级标志")
    assert entries() == {}


def test_who_brings_it_in_is_a_person_of_the_office(office: Path, duban: Said) -> None:
    put(office, SHEET)

    assert duban("import", "期初.csv")[::2] == (2, "导入期初须写明由谁导入：--by 姓名\n")
    assert duban("import", "期初.csv", "--by", "王芳")[::2] == (
        2,
        "“王芳”不是现行考核方案的考核办工作人员，或名册中有同名人员，未写入\n",
    )
    assert duban("import", "roster.csv", "--by", "陈静")[::2] == (2, "--by 只用于导入期初\n")
    assert duban("import", "期初.csv", "--by", "陈静", "--skip-bad")[0] == 2


def test_a_closed_year_takes_no_opening_position(office: Path, duban: Said) -> None:
    put(office, SHEET)
    with database_of(settings_at(Path("duban.toml"))) as database:
        (programme,) = database.read_now(programmes.running)
        person = database.read_now(roster.whole).people[0].id
        database.write_now(lambda uow: closings.close(uow, programme.id, by=person, at=MORNING))

    assert duban("import", "期初.csv", "--by", "陈静")[::2] == (
        1,
        "期初.csv：考核方案kaohe-2026已关账，不能导入期初\n",
    )


def test_of_several_measures_each_row_says_which(office: Path, duban: Said) -> None:
    other = RULEBOOK.replace("编号: kaohe", "编号: ducha").replace("某县督查工作", "某县目标责任")
    (office / "ducha.yaml").write_text(other, "utf-8")
    assert duban("import", "ducha.yaml", "--live-from", "2026-08-01")[0] == 0
    row = "甲局,,U1,-1,2026-03-05,,,,,台账,{}\n"
    head = HEAD.replace("\n", ",考核方案\n")

    put(office, head + row.format("") + row.format("bangong-2026"))
    listed = "请写其中之一：kaohe-2026、ducha-2026"
    assert duban("import", "期初.csv", "--by", "陈静")[2].splitlines()[:2] == [
        f"期初.csv 第 2 行 第 11 列 考核方案：没有填写考核方案，而运行中的不止一个，{listed}",
        f"期初.csv 第 3 行 第 11 列 考核方案：没有运行中的考核方案“bangong-2026”，{listed}",
    ]
    put(office, head + row.format("ducha-2026") + row.format("某县督查工作考核办法"))
    assert duban("import", "期初.csv", "--by", "陈静")[1].endswith("加扣分 2、指标数 0、不变 0\n")
