"""试运行: whatever the office does, no unit and no leader is told, no unit sees it, and nothing has to be done."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

from assessment.notices import MatterAsk, MatterAssigned, ReviewList, TaskList
from assessment.notices.circulars import CircularAsk, CircularRecorded, FindingsOfUnit
from assessment.notices.following_up import FollowUpList
from assessment.notices.rectifying import RectifyBook, RectifyOrdered, RectifyUnable, RectifyUnableAsk
from assessment.notices.supervision import ProgressReturnAsk, UnableAsk, UnableMarked
from bot.cards import card_of
from bot.county import ZONE
from storage.programmes import ProgrammeRow
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under, shipped, unit

UNITS = ("li", "fang", "he", "wang")
ROSTER = (
    unit("县政府", "县领导", 领导="zheng")
    + unit("{office}", "考核办", 考核办="chen")
    + unit("甲局", "{kind}", 填报人="li", 主要负责人="fang", 分管领导="he")
    + unit("乙局", "{kind}", 填报人="wang")
)
SUPERVISION = shipped("supervision-80.yaml")
RECTIFICATION = shipped("rectification.yaml", ("整改:\n  必填", "整改:\n  类型: [资料缺失, 无法完成]\n  必填"))


@contextmanager
def on_trial(
    books: dict[str, str], names: dict[str, str], start: datetime, template: Path, path: Path
) -> Iterator[Desk]:
    """A desk whose measure is on trial; at the end nobody but the office may have been told anything unasked."""
    live_from = date(start.year, start.month, 1)
    with desk_under(books, ROSTER.format(**names), template, path, start, live_from) as desk:
        desk.database.write_now(lambda uow: uow.update(ProgrammeRow, ProgrammeRow.id > 0, trial=True))
        yield desk


def unasked(desk: Desk) -> list[str]:
    """Whoever of the units and leaders was told anything; nobody of them has said a word."""
    return [who for who in (*UNITS, "zheng") if desk.told(who)]


def confirmed(desk: Desk, ask: type, text: str) -> Any:
    """The office types and confirms; what it is asked says that it is a trial."""
    question = desk.answer("chen", text)
    assert isinstance(question, ask), question
    assert "试运行" in card_of(question, ZONE).text()
    return desk.answer("chen", "确认")


def test_matters_and_circulars(sqlite_template: Path, tmp_path: Path) -> None:
    start = datetime(2010, 8, 2, 9, 30, tzinfo=ZONE)
    with on_trial(
        SUPERVISION, {"office": "县委县政府督查室", "kind": "县直部门"}, start, sqlite_template, tmp_path / "m.db"
    ) as desk:
        order = "交办 甲局 协办乙局 完成招商项目落地 8月20日前 类别 招商引资"
        assigned = confirmed(desk, MatterAsk, order)
        assert isinstance(assigned, MatterAssigned)
        assert isinstance(confirmed(desk, UnableAsk, f"确实无法完成 {assigned.number} 规划调整"), UnableMarked)
        circular = "督查通报 第5期 表扬 甲局 招商快 依据 U3a"
        assert isinstance(confirmed(desk, CircularAsk, circular), CircularRecorded)
        assert unasked(desk) == []

        (found,) = desk.say("li", "通报情况")
        assert isinstance(found, FindingsOfUnit)
        assert found.entries == ()
        (tasks,) = desk.say("li", "我的任务")
        assert isinstance(tasks, TaskList)
        assert tasks.lines == ()
        (shown,) = desk.say("chen", "通报情况 甲局")
        assert len(shown.entries) == 1, "the office sees what it has recorded"


def test_what_is_sent_back_is_only_put_on_record(sqlite_template: Path, tmp_path: Path) -> None:
    start = datetime(2010, 8, 2, 9, 30, tzinfo=ZONE)
    with on_trial(
        SUPERVISION, {"office": "县委县政府督查室", "kind": "县直部门"}, start, sqlite_template, tmp_path / "r.db"
    ) as desk:
        number = confirmed(desk, MatterAsk, "交办 甲局 完成招商项目落地 8月20日前 类别 招商引资").number
        desk.say("li", f"反馈 {number} 已签约")
        fed_back = card_of(confirmed(desk, ProgressReturnAsk, f"反馈不合要求 {number} 甲局 未写明措施"), ZONE).text()
        desk.say("li", f"办结 {number} 已落地")
        done = card_of(confirmed(desk, ReviewList, f"退回 {number} 未见合同"), ZONE).text()

        for receipt in (fed_back, done):
            assert "试运行期间只作记录，未通知该单位" in receipt
            assert "告知该单位" not in receipt


def test_problems(sqlite_template: Path, tmp_path: Path) -> None:
    start = datetime(2026, 3, 3, 9, 30, tzinfo=ZONE)
    with on_trial(
        RECTIFICATION, {"office": "督查组", "kind": "部门单位"}, start, sqlite_template, tmp_path / "w.db"
    ) as desk:
        desk.say("chen", "专项督办令 甲局 限3月20日 1.台账不全 2.渠道未通")
        ordered = desk.answer("chen", "确认")
        assert isinstance(ordered, RectifyOrdered)
        assert ordered.task == ""
        first = ordered.items[0].number
        unable = confirmed(desk, RectifyUnableAsk, f"确实无法完成 {first} 属实")
        assert isinstance(unable, RectifyUnable)
        assert unable.task == ""
        assert unasked(desk) == []
        (todo,) = desk.say("chen", "待办")
        assert isinstance(todo, FollowUpList)
        assert todo.lines == ()

        (book,) = desk.say("li", "整改台账")
        assert isinstance(book, RectifyBook)
        assert book.units == ()
        (whole,) = desk.say("chen", "整改台账")
        assert [one.unit for one in whole.units] == ["甲局"]
