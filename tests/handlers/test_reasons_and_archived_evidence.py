"""What stays on record behind a figure or a point: the reason of an amendment, and the files of an entry."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from assessment.duty import Duty
from assessment.ledger import Basis
from assessment.notices import ProposalLine, ReportAnswered
from assessment.notices.points import DecideList
from assessment.periods import Period
from assessment.rulebook import Trigger
from handlers.incoming import FileRef
from storage import files, submissions, telling
from storage.files import FileRow
from storage.submissions import SubmissionRow
from tests.handlers.desk import CLERK, FOUR_FIGURES, MATTER, OFFICE, START, WATER_CLERK, Desk, as_read


def versions(desk: Desk, title: str) -> list[SubmissionRow]:
    (row,) = [row for row in desk.rows("县经贸局", title) if row.kind == "duty"]
    return list(desk.database.read_now(lambda uow: submissions.versions(uow, row.id)))


# ── 更正 with a reason ──


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("更正 亩均税收 4.1 原因：统计口径调整", "统计口径调整"),
        ("更正 亩均税收4.1，更正原因:漏计两户", "漏计两户"),
        ("改 亩均税收 4.1\n理由：漏计两户", "漏计两户"),
    ],
)
def test_the_reason_of_an_amendment_is_kept_with_its_version(desk: Desk, typed: str, why: str) -> None:
    """R92: the old value, the new one, when and why; nothing of it is 未能识别."""
    desk.say(CLERK, FOUR_FIGURES)
    answer = desk.answer(CLERK, typed)

    assert isinstance(answer, ReportAnswered)
    assert (answer.leftover, answer.reason) == ("", why)
    assert [(change.old, change.new) for change in answer.changes] == [(Decimal("3.8"), Decimal("4.1"))]
    assert "更正原因" in as_read(answer)
    assert versions(desk, "进展情况")[-1].note == why


def test_without_a_reason_an_amendment_says_that_the_unit_made_it(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.say(CLERK, "更正 亩均税收 4.1")

    assert versions(desk, "进展情况")[-1].note == "填报人更正"


def test_the_reason_survives_a_question_about_the_figure(desk: Desk) -> None:
    """R92: a doubtful amendment that is confirmed keeps the reason that came with it."""
    desk.say(CLERK, FOUR_FIGURES)
    asked = desk.answer(CLERK, "更正 亩均税收 410 原因：单位换算")
    assert asked.doubts
    desk.say(CLERK, "确认")

    assert versions(desk, "进展情况")[-1].note == "单位换算"


# ── files behind an entry ──


def with_files(desk: Desk) -> str:
    """县环保局 reports an overdue matter done with two files, and the deduction is entered; the entry's number."""
    desk.say(OFFICE, MATTER)
    desk.say(OFFICE, "确认")
    desk.wind(8, 9, 9, 5)
    send(desk, "方案.pdf")
    send(desk, "会签单.pdf")
    number = desk.answer(OFFICE, "核定").lines[-1].number
    desk.say(OFFICE, f"核定 {number} 事实清楚")
    entry: str = desk.answer(OFFICE, "确认").entries[0]
    return entry


def send(desk: Desk, name: str) -> None:
    """A file on the matter, whatever else is open."""
    (row,) = desk.rows("县环保局", "水环境整治方案")
    ref = FileRef(key=name, kind="file", name=name)
    (answer,) = desk.say(WATER_CLERK, "", files=(ref,))
    if hasattr(answer, "titles"):
        place = next(n for n, title in enumerate(answer.titles, 1) if row.title in title)
        desk.say(WATER_CLERK, f"第{place}项")


def test_why_counts_the_files_and_says_that_they_are_archived(desk: Desk) -> None:
    """R64: 佐证2件，已归档; what comes after the entry is told apart."""
    entry = with_files(desk)
    assert "佐证2件，已归档，不再撤换" in as_read(desk.answer(WATER_CLERK, f"为什么 {entry}"))

    desk.pass_minutes(5)
    send(desk, "补充.pdf")
    shown = as_read(desk.answer(WATER_CLERK, f"为什么 {entry}"))
    assert "佐证2件，已归档" in shown
    assert "另收1件" in shown


def test_archived_files_are_neither_moved_nor_replaced(desk: Desk) -> None:
    """R64: what belongs to an obligation stays there, whatever is attached later."""
    with_files(desk)
    (row,) = desk.rows("县环保局", "水环境整治方案")
    kept = desk.database.read_now(lambda uow: files.of_obligation(uow, row.id))
    desk.database.write_now(lambda uow: files.attach(uow, [file.id for file in kept], None, "Z-1008-1"))

    after: list[FileRow] = list(desk.database.read_now(lambda uow: files.of_obligation(uow, row.id)))
    assert [file.name for file in after] == ["方案.pdf", "会签单.pdf"]


# ── three mends ──


def test_a_deduction_once_tells_no_days_that_count(desk: Desk) -> None:
    basis = Basis(happened=Trigger.URGED_NOT_REPORTED, first_urged=date(2010, 8, 6), reported=date(2010, 8, 9))
    by_day = Basis(
        happened=Trigger.URGED_NOT_REPORTED,
        first_urged=date(2010, 8, 6),
        reported=date(2010, 8, 9),
        counted_from=date(2010, 8, 7),
        counted_to=date(2010, 8, 9),
    )

    once = desk.database.read_now(lambda uow: telling.fact(uow, basis))
    daily = desk.database.read_now(lambda uow: telling.fact(uow, by_day))
    assert once.endswith("8月6日催报，8月9日报送")
    assert daily.endswith("8月6日催报，8月9日报送，计8月7日至8月9日共3天")


def test_a_clause_without_a_value_is_not_offered_for_decision() -> None:
    """Neither 核定 … 分值 nor a button is offered where it would be refused; a range is."""
    line = ProposalLine(
        number="P-1008-7",
        account="甲市",
        clause="月信息经催报后未报",
        cite="四",
        points=None,
        fact="7月份信息：8月6日催报，尚未报送",
        statement_until=START - timedelta(days=1),
        decidable=True,
    )
    unset = as_read(DecideList(lines=(line.model_copy(update={"unset": True}),)))
    ranged = as_read(DecideList(lines=(line,)))

    assert "P-1008-7所依条款的分值尚未设定，设定前不能核定" in unset
    assert "分值 理由" not in unset
    assert "核定 P-1008-7 分值 理由" in ranged


@pytest.mark.parametrize(
    ("name", "period", "title"),
    [
        ("1—5月主要经济指标分析预测", "2009-05", "1—5月主要经济指标分析预测"),
        ("进展情况", "2010-07", "1—7月进展情况"),
        ("1—5月主要经济指标分析预测", "2009-06", "1—6月1—5月主要经济指标分析预测"),
    ],
)
def test_a_period_is_said_once_in_a_title(name: str, period: str, title: str) -> None:
    duty = Duty.model_validate(
        {"编号": "d", "名称": name, "依据": "三", "周期": "月", "累计口径": True, "截止": None, "阶梯": "l"}
    )
    assert duty.title(Period.parse(period)) == title
