"""What follows goes with its cause: it falls when a grade is changed or an entry corrected, and comes back with it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from assessment.notices.following_up import FollowUpDropped, FollowUpList, InterviewTold, WrittenAsked
from assessment.notices.results import GradeAsk, GradesDecided, Published
from assessment.obligation import Kind, State
from bot.county import ZONE
from storage import obligations
from storage.obligations import ObligationRow
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, unit

BEGIN = datetime(2026, 12, 28, 9, 30, tzinfo=ZONE)
ROSTER = (
    unit("党工委", "考核办", 考核办="chen")
    + unit("甲单位", "部门单位", 填报人="li", 主要负责人="fang")
    + unit("丁单位", "部门单位", 填报人="sun", 主要负责人="he")
)
# The explanation of a middling unit is due in five days, so that it is asked for as soon as it follows.
FIVE_DAYS = (
    "名称: 以党组织名义作出说明\n    期限日: null",
    "名称: 以党组织名义作出说明\n    期限日: 5",
)
SECRET = ("年度: 2026\n", "年度: 2026\n公布前保密: true\n")
FLAGGED = (
    "\n后果:\n",
    "\n记分:\n  - {对象: 单位, 基础分: 100}\n条款:\n"  # noqa: ISC004
    "  - {编号: V1, 名称: 弄虚作假, 依据: 四, 原文: 弄虚作假的实行否决, 触发: 人工记录, 分值: 0, 标记: 否决,"
    " 自动: true}\n"
    "\n后果:\n"
    "  - {编号: 检查, 标记: 否决, 办理: 书面报告, 名称: 书面检查, 期限日: 7, 依据: 四, 原文: 写出书面检查}\n",
)


def opened(tmp_path: Path, template: Path, *changes: tuple[str, str]) -> Any:
    books = shipped("four-grades.yaml", *changes)
    return desk_under(books, ROSTER, template, tmp_path / "g.db", BEGIN, date(2026, 12, 1))


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_template, FIVE_DAYS) as desk:
        yield desk


@pytest.fixture
def secret(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_template, FIVE_DAYS, SECRET) as desk:
        yield desk


@pytest.fixture
def flagged(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    with opened(tmp_path, sqlite_template, FLAGGED) as desk:
        yield desk


def grade(desk: Desk, name: str, wanted: str) -> GradesDecided:
    desk.say("chen", f"评等 {name} {wanted} 研究决定")
    (decided,) = [one for one in desk.say("chen", "确认") if isinstance(one, GradesDecided)]
    return decided


def interview(desk: Desk, day: str = "12月28日") -> None:
    desk.say("chen", f"约谈结束 丁单位 {day}")
    desk.say("chen", "确认")


def reports(desk: Desk, name: str = "丁单位") -> list[ObligationRow]:
    holder = desk.unit(name).id
    rows = desk.database.read_now(lambda uow: obligations.of_unit(uow, holder, closed=True))
    return sorted((row for row in rows if row.kind == Kind.WRITTEN.value), key=lambda row: row.id)


def last_day(row: ObligationRow) -> str:
    return f"{row.due.astimezone(ZONE):%m-%d %H:%M}"


def of(desk: Desk, who: str, kind: type) -> list[Any]:
    return [notice for notice in desk.told(who) if isinstance(notice, kind)]


def to_do(desk: Desk) -> list[str]:
    listed = desk.say("chen", "待办")
    return [line.name for found in listed if isinstance(found, FollowUpList) for line in found.lines]


def test_a_report_is_owed_no_longer_when_its_grade_is_changed(desk: Desk) -> None:
    """R38: the unit is told why, nobody urges it, and its number stays on record."""
    grade(desk, "丁单位", "较差")
    interview(desk)
    assert [(row.state, last_day(row)) for row in reports(desk)] == [(State.OPEN.value, "01-05 00:00")]

    grade(desk, "丁单位", "较好")

    assert [row.state for row in reports(desk)] == [State.WAIVED.value]
    (told,) = of(desk, "he", FollowUpDropped)
    assert "等次已重新评定" in as_read(told)
    assert of(desk, "chen", FollowUpDropped)[0].to_office
    assert reports(desk)[0].look_at is None
    before = len(desk.told("sun"))
    desk.clock.wind_to(datetime(2027, 1, 6, 9, 0, tzinfo=ZONE))
    desk.settle()
    assert len(desk.told("sun")) == before


def test_it_is_asked_for_anew_when_the_grade_comes_back(desk: Desk) -> None:
    """Its days run from the day on which its cause came back; the interview was held and is not held again."""
    grade(desk, "丁单位", "较差")
    interview(desk)
    grade(desk, "丁单位", "较好")
    desk.clock.wind_to(datetime(2026, 12, 30, 9, 0, tzinfo=ZONE))

    grade(desk, "丁单位", "较差")

    first, second = reports(desk)
    assert (first.state, second.state) == (State.WAIVED.value, State.OPEN.value)
    assert (second.number, last_day(second)) == (first.number, "01-07 00:00")
    assert len(of(desk, "he", WrittenAsked)) == 2
    assert "约谈主要负责同志" not in to_do(desk)


def test_what_was_handed_in_and_accepted_stays(desk: Desk) -> None:
    grade(desk, "甲单位", "一般")
    number = reports(desk, "甲单位")[0].number
    desk.say("li", f"书面报告 {number} 情况说明：人手不足。整改措施：增配一人")
    desk.say("chen", f"通过 {number}")
    desk.say("chen", "确认")

    grade(desk, "甲单位", "较好")

    assert [row.state for row in reports(desk, "甲单位")] == [State.MET.value]
    assert of(desk, "fang", FollowUpDropped) == []


def test_an_interview_that_was_not_held_falls(desk: Desk) -> None:
    grade(desk, "丁单位", "较差")
    assert to_do(desk) == ["约谈主要负责同志"]

    grade(desk, "丁单位", "好")

    assert to_do(desk) == []
    assert of(desk, "he", FollowUpDropped) == [], "of an interview that nobody spoke of, nobody need be told"


def test_a_grade_kept_secret_has_no_consequence_before_publication(secret: Desk) -> None:
    """R86: a unit does not learn its grade from what follows from it."""
    secret.say("chen", "评等 甲单位 一般 研究决定")
    asked = secret.answer("chen", "评等 丁单位 较差 研究决定")
    assert isinstance(asked, GradeAsk)
    assert "公布后须办理" in as_read(asked)
    for name, wanted in (("甲单位", "一般"), ("丁单位", "较差")):
        decided = grade(secret, name, wanted)
        assert (decided.follow_ups, decided.after_publication) == ((), True)
    assert to_do(secret) == []
    assert of(secret, "fang", WrittenAsked) == of(secret, "he", InterviewTold) == []

    secret.clock.wind_to(datetime(2026, 12, 30, 9, 0, tzinfo=ZONE))
    secret.say("chen", "公布 范围 全体")
    published = secret.answer("chen", "确认")

    assert isinstance(published, Published)
    assert to_do(secret) == ["约谈主要负责同志"]
    (asked,) = of(secret, "fang", WrittenAsked)
    assert f"{asked.due.astimezone(ZONE):%m-%d}" == "01-05"


def test_a_unit_that_is_not_told_is_asked_for_nothing_of_itself(secret: Desk) -> None:
    """The office's list has it, and the office sets the day when the unit may know."""
    grade(secret, "甲单位", "一般")

    secret.say("chen", "公布 范围 丁单位")
    assert isinstance(secret.answer("chen", "确认"), Published)

    assert of(secret, "fang", WrittenAsked) == []
    (found,) = [line for one in secret.say("chen", "待办") if isinstance(one, FollowUpList) for line in one.lines]
    assert found.awaits_day
    secret.say("chen", f"报送期限 {found.number} 1月8日")
    secret.say("chen", "确认")
    assert len(of(secret, "fang", WrittenAsked)) == 1


def test_the_interviews_week_is_exact_also_after_publication(secret: Desk) -> None:
    """R38: counted from the interview's end, whenever the grade was made known."""
    grade(secret, "丁单位", "较差")
    secret.say("chen", "公布 范围 全体")
    secret.say("chen", "确认")
    secret.clock.wind_to(datetime(2026, 12, 31, 9, 0, tzinfo=ZONE))

    interview(secret, "12月30日")

    assert [last_day(row) for row in reports(secret)] == ["01-07 00:00"]


def test_what_an_automatic_clause_brings_is_asked_for(flagged: Desk) -> None:
    """An entry that nobody confirmed brings about what a person's confirmation would."""
    flagged.say("chen", "扣分 丁单位 V1 材料不实")
    flagged.say("chen", "确认")

    assert len(flagged.entries("丁单位")) == 1
    assert flagged.entries("丁单位")[0].author is None
    assert [row.title for row in reports(flagged)] == ["书面检查"]
    assert len(of(flagged, "he", WrittenAsked)) == 1


def test_it_falls_with_its_entry(flagged: Desk) -> None:
    flagged.say("chen", "扣分 丁单位 V1 材料不实")
    flagged.say("chen", "确认")
    number = flagged.entries("丁单位")[0].number

    flagged.say("chen", f"更正分 {number} 经核实属实")
    flagged.say("chen", "确认")

    assert [row.state for row in reports(flagged)] == [State.WAIVED.value]
    assert "记分已更正" in as_read(of(flagged, "he", FollowUpDropped)[0])


def test_of_two_alike_entries_the_other_still_asks(flagged: Desk) -> None:
    for why in ("材料不实", "数据不实"):
        flagged.say("chen", f"扣分 丁单位 V1 {why}")
        flagged.say("chen", "确认")

    flagged.say("chen", f"更正分 {flagged.entries('丁单位')[0].number} 经核实属实")
    flagged.say("chen", "确认")

    assert [row.state for row in reports(flagged)] == [State.OPEN.value]
