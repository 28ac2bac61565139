"""稿件, 抽用, 失误 and 挽回损失 as the office enters them by hand: 加分 and 扣分 with what the clauses print."""

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import RecordAsk, RepairLine
from storage.database import Database
from tests.handlers.desk import CLERK, LEADER, OFFICE, START, WATER_CLERK, Desk, as_read, entered_by_hand
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("persons") / "county.db"
    roster = some_of_the_county("县环保局", "县经贸局")
    with desk_under(shipped("supervision-80.yaml"), roster, sqlite_template, path, START, date(2010, 8, 1)):
        return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def own(desk: Desk) -> str:
    """明细 as the person reads it."""
    return as_read(desk.answer(WATER_CLERK, "明细"))


def test_an_article_counts_once_at_its_highest(desk: Desk) -> None:
    """R107: adopted by the office +1, then by the city +2: two are counted and the first says why it is not."""
    first = entered_by_hand(desk, "加分 县环保局 P5a 王晨曦 事项：稿件a3 督查办采用")
    second = entered_by_hand(desk, "加分 县环保局 P5b 王晨曦 事项：稿件a3 市级采用")

    shown = own(desk)
    assert "王晨曦（个人记分，不计入单位）：核定2分；" in shown
    (covered,) = (line for line in shown.splitlines() if first in line and second in line)
    assert f"（{second}）为准，此项不另计" in covered


def test_two_articles_are_two(desk: Desk) -> None:
    """R107: 每篇."""
    entered_by_hand(desk, "加分 县环保局 P5a 王晨曦 事项：稿件a3 督查办采用")
    entered_by_hand(desk, "加分 县环保局 P5b 王晨曦 事项：稿件a4 市级采用")

    assert "王晨曦（个人记分，不计入单位）：核定3分；" in own(desk)


def test_each_lending_of_staff_and_each_obstruction_counts_on_the_unit(desk: Desk) -> None:
    """R108: three times +1 and once −2, on 80."""
    for day in (1, 2, 3):
        entered_by_hand(desk, f"加分 县环保局 U6 8月{day}日抽用王晨曦参加督查")
    entry = entered_by_hand(desk, "扣分 县环保局 U7 拒不提供8月3日会议纪要")

    assert desk.score("县环保局").confirmed.final == Decimal(81)
    shown = as_read(desk.answer(LEADER, "县环保局明细"))
    assert shown.count("+1分，四(一)6 督查人员被抽用") == 3
    assert "−2分，四(一)7 不支持、不配合督查工作" in shown
    assert "佐证：拒不提供8月3日会议纪要。" in as_read(desk.answer(LEADER, f"为什么 {entry}"))


@pytest.mark.parametrize("command", ["加分 县环保局 U6", "扣分 县环保局 U7"])
def test_only_the_office_enters_them_and_never_without_evidence(desk: Desk, command: str) -> None:
    """R108: both office-entered with evidence."""
    assert isinstance(desk.answer(OFFICE, command), RepairLine)
    assert not any(isinstance(notice, RecordAsk) for notice in desk.say(CLERK, f"{command} 事由在册"))


@pytest.mark.parametrize(
    ("command", "points", "task"),
    [
        ("加分 县环保局 P7a 王晨曦 及时发现泄漏，挽回损失", "5", "通报表扬"),
        ("扣分 县环保局 P7b 王晨曦 督查不力，延误补救", "−5", "责成相关部门组织处理"),
    ],
)
def test_merit_and_fault_of_a_person_bring_a_task_with_the_points(
    desk: Desk, command: str, points: str, task: str
) -> None:
    """R109: ±5 on the person, nothing on the unit, and 已生成待办."""
    entered_by_hand(desk, command)

    assert f"王晨曦（个人记分，不计入单位）：核定{points}分；" in own(desk)
    assert desk.score("县环保局").confirmed.final == Decimal(80)
    desk.settle()
    tasks = "\n".join(as_read(notice) for notice in desk.say(OFFICE, "我的任务"))
    assert task in tasks
