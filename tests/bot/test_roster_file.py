"""The office's roster: what is read from it in whatever shape it comes, what is refused, and what is entered."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.roster import Post, Role
from bot.roster_file import Outcome, RosterFile, apply_roster, faults_here, read_roster
from bot.roster_rows import RosterRow
from storage import roster
from storage.database import Database
from storage.roster import FOR_GOOD, FOREVER_AGO, RosterStampRow
from storage.unit_of_work import UnitOfWork

DEMO = Path(__file__).parents[2] / "assessment" / "demo" / "roster.csv"
HEADER = "单位,单位别名,类别,姓名,岗位,渠道,账号,起,止\n"
WANG = "县甲局,甲局、甲,部门,王芳,填报人,sandbox,wang,2026-01-01,\n"
LI = "县甲局,甲局、甲,部门,李强,主要负责人,sandbox,li,2026-01-01,\n"
ZHAO = "县乙局,乙局,部门,赵敏,填报人,sandbox,zhao,2026-01-01,\n"


def faults(text: str) -> list[str]:
    return [f"{f.line}:{f.path}:{f.what}" for f in read_roster(text).faults]


def enter(database: Database, text: str | bytes, end_missing_on: date | None = None) -> Outcome:
    read = read_roster(text)
    assert read.faults == ()

    def job(uow: UnitOfWork) -> Outcome:
        return apply_roster(uow, read.rows, lambda channel: f"{channel}-corp", end_missing_on=end_missing_on)

    return database.write_now(job)


def posts(database: Database) -> dict[tuple[str, str, Role], tuple[date, date]]:
    people = database.read_now(roster.whole)

    def named(post: Post) -> tuple[str, str, Role]:
        return people.person(post.person).name, people.unit(post.unit).name, post.role

    return {named(post): (post.first_day, post.last_day) for post in people.posts}


# Reading


def test_a_row_is_one_post() -> None:
    assert read_roster(HEADER + WANG).rows == (
        RosterRow(
            line=2,
            unit="县甲局",
            aliases=("甲局", "甲"),
            group="部门",
            name="王芳",
            role=Role.REPORTER,
            channel="sandbox",
            account="wang",
            first_day=date(2026, 1, 1),
            last_day=None,
        ),
    )


def test_the_demonstration_county_has_no_fault() -> None:
    read = read_roster(DEMO.read_bytes(), DEMO.name)

    assert (len(read.rows), read.faults) == (DEMO.read_text("utf-8").count("\n") - 1, ())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_make_no_difference(encoding: str, delimiter: str) -> None:
    text = (HEADER + WANG + ZHAO).replace(",", delimiter)

    assert read_roster(text.encode(encoding)).rows == read_roster(HEADER + WANG + ZHAO).rows


def test_shuffled_columns_with_other_names_under_a_title_are_read() -> None:
    text = (
        "二〇二六年督查工作人员名册,,,,,\n\n"
        "用户号（必填）,职责,填 报 人,责任单位（全称）,平台,手机号\n"
        "wang,填报人,王　芳,县甲局 ,sandbox,13800000000\n"
        "合计,,1,合计,,\n"
    )
    read = read_roster(text.encode("gb18030"))
    (row,) = read.rows

    assert read.faults == ()
    assert (row.line, row.unit, row.name, row.role, row.account) == (4, "县甲局", "王芳", Role.REPORTER, "wang")
    assert (row.aliases, row.group, row.first_day) == (None, None, None)


def test_a_list_of_reporters_needs_no_post() -> None:
    (row,) = read_roster("单位,联络员,渠道,账号\n县甲局,王芳,sandbox,wang\n").rows

    assert row.role is Role.REPORTER


def test_a_unit_without_people_and_the_commented_example() -> None:
    (row,) = read_roster(HEADER + "#示例,,,张三,填报人,sandbox,z,,\n县丙局,丙局,部门,,,,,,\n").rows

    assert (row.unit, row.role, row.account) == ("县丙局", None, "")


@pytest.mark.parametrize("written", ["2026-01-01", "2026/1/1", "2026.1.1", "2026年1月1日", "20260101", "2026/1/1 0:00"])
def test_days_as_people_write_them(written: str) -> None:
    (row,) = read_roster(HEADER + WANG.replace("2026-01-01", written)).rows

    assert row.first_day == date(2026, 1, 1)


def test_a_cell_with_line_breaks_does_not_shift_the_lines() -> None:
    text = HEADER + '县甲局,"甲局\n甲",部门,王芳,填报人,sandbox,wang,,\n县乙局,,部门,赵敏,文书,sandbox,zhao,,\n'

    assert read_roster(text).rows[0].aliases == ("甲局", "甲")
    assert [fault.line for fault in read_roster(text).faults] == [4]


# Faults


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",,部门,王芳,填报人,sandbox,wang,,", "2:单位:没有填写单位"),
        ("县甲局,,部门,,填报人,sandbox,wang,,", "2:姓名:没有填写姓名"),
        ("县甲局,,部门,王芳,文书,sandbox,wang,,", "2:岗位:没有岗位“文书”"),
        ("县甲局,,部门,王芳,,sandbox,wang,,", "2:岗位:没有填写岗位"),
        ("县甲局,,部门,王芳,填报人,,wang,,", "2:渠道:没有填写渠道"),
        ("县甲局,,部门,王芳,填报人,sandbox,,,", "2:账号:没有填写账号"),
        ("县甲局,,部门,王芳,填报人,sandbox,wang,2026-02-30,", "2:起:“2026-02-30”不是日期"),
        ("县甲局,,部门,王芳,填报人,sandbox,wang,去年,", "2:起:“去年”不是日期"),
        ("县甲局,,部门,王芳,填报人,sandbox,wang,2026-02-01,2026-01-01", "2:止:“止”早于“起”"),
    ],
)
def test_each_bad_row_is_named_with_its_line(row: str, fault: str) -> None:
    assert faults(HEADER + row + "\n") == [fault]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (WANG, "3:单位:与第 2 行重复"),
        ("县甲局,,部门,王方,主要负责人,sandbox,wang,,\n", "3:账号:账号“wang”在第 2 行是“王芳”"),
        ("县甲局,,乡镇,李强,主要负责人,sandbox,li,,\n", "3:类别:“县甲局”在第 2 行的类别是“部门”"),
        ("县乙局,甲局,部门,赵敏,填报人,sandbox,zhao,,\n", "3:单位别名:“甲局”也是另一单位的名称或别名"),
        ("甲局,,部门,赵敏,填报人,sandbox,zhao,,\n", "2:单位别名:“甲局”也是另一单位的名称或别名"),
    ],
)
def test_rows_that_contradict_each_other(row: str, fault: str) -> None:
    assert faults(HEADER + WANG + row) == [fault]


def test_good_rows_are_read_beside_bad_ones() -> None:
    read = read_roster(HEADER + WANG + "县乙局,,部门,赵敏,文书,sandbox,zhao,,\n" + LI)

    assert [row.account for row in read.rows] == ["wang", "li"]
    assert str(read.faults[0]).startswith("名册 第 3 行 第 5 列 岗位：没有岗位“文书”，请写其中之一：填报人、")


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "前十行内没有找到表头"),
        (b"PK\x03\x04....", "这是 Excel 工作簿"),
        (b"\xff\xfe\x55\x53", "文字编码无法识别"),
        ("单位,姓名\n县甲局,王芳\n".encode(), "表头缺少“岗位”、“渠道”、“账号”"),
    ],
    ids=["empty", "workbook", "UTF-16", "columns missing"],
)
def test_what_is_no_roster_is_one_fault(data: bytes, what: str) -> None:
    read = read_roster(data)

    assert (read.rows, [fault.what for fault in read.faults]) == ((), [what])


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='单位姓名岗位渠道账号起止,\n"、#局2026-01', max_size=120))
def test_nothing_is_raised_whatever_the_file(data: bytes | str) -> None:
    assert isinstance(read_roster(data), RosterFile)


@settings(max_examples=25, deadline=None)
@given(st.permutations(["单位", "单位别名", "类别", "姓名", "岗位", "渠道", "账号", "起", "止"]))
def test_the_order_of_columns_makes_no_difference(names: list[str]) -> None:
    order = ["单位", "单位别名", "类别", "姓名", "岗位", "渠道", "账号", "起", "止"]
    rows = [dict(zip(order, line.strip("\n").split(","), strict=True)) for line in (WANG, LI, ZHAO)]
    text = "\n".join(",".join(row[name] for name in names) for row in [dict(zip(order, order, strict=True)), *rows])

    assert read_roster(text).rows == read_roster(HEADER + WANG + LI + ZHAO).rows


# Entering


def test_the_same_roster_twice_changes_nothing(database: Database) -> None:
    rows = len(read_roster(DEMO.read_bytes()).rows)
    assert enter(database, DEMO.read_bytes()) == Outcome(added=rows)
    before = database.read_now(roster.whole)
    stamp = database.read_now(lambda uow: uow.session.get_one(RosterStampRow, 1).number)

    assert enter(database, DEMO.read_bytes()) == Outcome(unchanged=rows)

    assert database.read_now(lambda uow: uow.session.get_one(RosterStampRow, 1).number) == stamp
    assert database.read_now(roster.whole) == before


def test_units_keep_the_order_of_the_file(database: Database) -> None:
    enter(database, HEADER + ZHAO + WANG)

    assert [unit.name for unit in database.read_now(roster.whole).units] == ["县乙局", "县甲局"]


def test_a_file_of_some_units_comes_after_the_others(database: Database) -> None:
    enter(database, HEADER + ZHAO + WANG)
    enter(database, HEADER + "县丙局,,部门,,,,,,\n" + WANG)

    assert [unit.name for unit in database.read_now(roster.whole).units] == ["县乙局", "县甲局", "县丙局"]


def test_a_person_is_known_by_the_account_and_its_organisation(database: Database) -> None:
    enter(database, HEADER + WANG)

    known = database.read_now(lambda uow: roster.known(uow, "sandbox", "sandbox-corp", "wang"))
    assert known is not None
    assert database.read_now(roster.whole).person(known).name == "王芳"


def test_a_changed_name_alias_group_or_term_is_a_change(database: Database) -> None:
    enter(database, HEADER + WANG + LI + ZHAO)
    changed = (
        HEADER
        + WANG.replace("王芳", "王方").replace("甲局、甲", "甲局、甲、老甲局")
        + LI.replace("甲局、甲", "甲局、甲、老甲局").replace("2026-01-01,", "2026-01-01,2026-06-30")
        + ZHAO
    )

    assert enter(database, changed) == Outcome(changed=2, unchanged=1)

    people = database.read_now(roster.whole)
    assert people.named("老甲局") == people.named("县甲局")
    assert posts(database) == {
        ("王方", "县甲局", Role.REPORTER): (date(2026, 1, 1), FOR_GOOD),
        ("李强", "县甲局", Role.HEAD): (date(2026, 1, 1), date(2026, 6, 30)),
        ("赵敏", "县乙局", Role.REPORTER): (date(2026, 1, 1), FOR_GOOD),
    }
    assert enter(database, changed) == Outcome(unchanged=3)


def test_a_file_without_aliases_groups_and_days_leaves_them(database: Database) -> None:
    enter(database, HEADER + WANG)
    before = database.read_now(roster.whole)

    assert enter(database, "单位,联络员,渠道,账号\n甲局,王芳,sandbox,wang\n") == Outcome(unchanged=1)
    assert database.read_now(roster.whole) == before


def test_without_days_a_post_is_held_always(database: Database) -> None:
    enter(database, "单位,联络员,渠道,账号\n甲局,王芳,sandbox,wang\n")

    assert posts(database) == {("王芳", "甲局", Role.REPORTER): (FOREVER_AGO, FOR_GOOD)}


def test_a_post_that_joins_a_roster_in_use_begins_that_day(database: Database) -> None:
    """So that its holder is known to have taken over; whoever was there before stays there for ever."""
    enter(database, "单位,联络员,渠道,账号\n甲局,王芳,sandbox,wang\n")
    joining = read_roster("单位,联络员,渠道,账号\n甲局,李强,sandbox,li\n").rows
    today = date(2026, 8, 3)
    database.write_now(lambda uow: apply_roster(uow, joining, lambda channel: f"{channel}-corp", today=today))

    assert posts(database) == {
        ("王芳", "甲局", Role.REPORTER): (FOREVER_AGO, FOR_GOOD),
        ("李强", "甲局", Role.REPORTER): (today, FOR_GOOD),
    }


@pytest.mark.parametrize("in_use", [False, True])
def test_a_unit_whose_first_post_is_still_to_come_begins_with_it(database: Database, in_use: bool) -> None:
    """Nothing of the months before is asked of a unit that does not exist yet."""
    if in_use:
        enter(database, HEADER + WANG)
    rows, today = read_roster(HEADER + ZHAO.replace("2026-01-01", "2026-06-01")).rows, date(2026, 2, 2)
    database.write_now(lambda uow: apply_roster(uow, rows, lambda channel: f"{channel}-corp", today=today))

    unit = database.read_now(roster.whole).named("县乙局")
    assert unit is not None
    assert not unit.belongs_on(date(2026, 5, 31))
    assert unit.belongs_on(date(2026, 6, 1))


def test_a_post_that_the_file_no_longer_names_goes_on_unless_asked(database: Database) -> None:
    enter(database, HEADER + WANG + LI)

    assert enter(database, HEADER + WANG) == Outcome(unchanged=1)
    assert enter(database, HEADER + WANG, end_missing_on=date(2026, 8, 2)) == Outcome(unchanged=1, ended=1)
    assert posts(database)["李强", "县甲局", Role.HEAD] == (date(2026, 1, 1), date(2026, 8, 2))
    assert enter(database, HEADER + WANG, end_missing_on=date(2026, 8, 3)) == Outcome(unchanged=1)


def test_a_later_start_ends_the_earlier_term(database: Database) -> None:
    enter(database, HEADER + WANG)

    assert enter(database, HEADER + WANG.replace("2026-01-01", "2026-03-01")) == Outcome(changed=1)

    terms = sorted((post.first_day, post.last_day) for post in database.read_now(roster.whole).posts)
    assert terms == [(date(2026, 1, 1), date(2026, 2, 28)), (date(2026, 3, 1), FOR_GOOD)]


def test_what_does_not_fit_this_installation(database: Database) -> None:
    enter(database, HEADER + WANG)
    read = read_roster(HEADER + ZHAO.replace("sandbox", "wecom").replace("乙局,部门", "甲,部门"))
    people = database.read_now(roster.whole)

    assert [(fault.column, fault.what) for fault in faults_here(read, people, {"sandbox"})] == [
        (6, "设置中没有渠道“wecom”"),
        (2, "“甲”已是“县甲局”的名称或别名"),
    ]
