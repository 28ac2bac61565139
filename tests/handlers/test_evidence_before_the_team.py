"""缺佐证: how many reports lack their files before the team arrives, for the unit and for the office (R51)."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlmodel import col, select

from assessment.notices import Reminder
from bot.county import ZONE
from storage import files
from storage.inbox import InboxRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, unit

ARRIVAL = "省上考核组进驻"
ROSTER = (
    unit("市委农办", "考核办", 考核办="chen")
    + unit("市卫健委", "市级部门", 填报人="li", 主要负责人="fang")
    + unit("市自然资源局", "市级部门", 填报人="wang")
)
ANOTHER = ("  - 编号: 挂牌\n    名称: 挂牌\n", "  - 编号: 挂牌\n    名称: 挂牌\n    附件: true\n")


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """市卫健委 owes evidence twice before the team arrives, 市自然资源局 once."""
    start = datetime(2026, 10, 19, 9, 30, tzinfo=ZONE)
    books = shipped("two-assessments.yaml", ANOTHER)
    with desk_under(books, ROSTER, sqlite_template, tmp_path / "county.db", start, date(2026, 1, 1)) as desk:
        desk.say("chen", f"事件 {ARRIVAL} 10月27日")
        desk.say("chen", "确认")
        yield desk


def has_sent_a_file(desk: Desk, unit_name: str, title: str) -> None:
    """The clerk's file is on its way and attached to that report."""
    row, person, now = desk.rows(unit_name, title)[0], desk.person("li"), desk.clock.now()
    desk.say("li", "材料目录")

    def attach(uow: UnitOfWork) -> None:
        inbox = uow.rows(select(InboxRow.id).order_by(col(InboxRow.id).desc()))[0]
        label = {"channel": "sandbox", "key": title, "kind": "file", "name": "目录.pdf"}
        file = files.expect(uow, inbox=inbox, position=0, person=person, **label, sent_at=now, asked_at=now)
        files.attach(uow, [file], row.id, "")

    desk.database.write_now(attach)


def test_the_unit_reads_how_many_days_and_how_many_pieces(desk: Desk) -> None:
    """R51: 距进驻3天，缺佐证2件."""
    shown = as_read(desk.answer("li", "我的任务"))

    assert f"距{ARRIVAL}还有8天，尚缺佐证材料2件" in shown
    assert f"距{ARRIVAL}还有8天，尚缺佐证材料1件" in as_read(desk.answer("wang", "我的任务"))


def test_the_reminder_says_it_as_of_the_day_on_which_it_leaves(desk: Desk) -> None:
    """R51."""
    desk.wind(10, 24, 10)

    (reminder,) = [notice for notice in desk.told("wang") if isinstance(notice, Reminder)]
    assert f"距{ARRIVAL}还有4天，尚缺佐证材料1件" in as_read(reminder)


def test_what_has_come_is_no_longer_counted(desk: Desk) -> None:
    """R51."""
    has_sent_a_file(desk, "市卫健委", "佐证材料")

    assert "尚缺佐证材料1件" in as_read(desk.answer("li", "我的任务"))
    has_sent_a_file(desk, "市卫健委", "挂牌")
    assert "缺佐证材料" not in as_read(desk.answer("li", "我的任务"))


def test_the_office_sees_the_sum_and_whose_they_are(desk: Desk) -> None:
    """R51."""
    assert "缺佐证材料3件：市卫健委2件、市自然资源局1件。" in as_read(desk.answer("chen", "事件"))

    has_sent_a_file(desk, "市卫健委", "佐证材料")
    assert "缺佐证材料2件：市卫健委1件、市自然资源局1件。" in as_read(desk.answer("chen", "事件"))
