"""自选目标: a unit sets itself targets and changes them until the office has filed them upward."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError

from assessment.notices import NoQuestion, Refused
from assessment.notices.own_targets import (
    OwnTargetList,
    OwnTargetNotTaken,
    OwnTargetTaken,
    OwnTargetUnclear,
    UpwardAsk,
    UpwardRecorded,
)
from assessment.own_targets import cut
from bot.county import ZONE
from storage.database import Database
from storage.own_targets import OwnTargetWordingRow
from tests.handlers.desk import CLERK, OFFICE, WATER_CLERK, Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county

STANDARDS = """指标:
  - {编号: own-a, 名称: 特色创优核验, 归属: [特色创优自选目标], 单位: 分, 类型: 比率, 报预测: false,
     计分: {方式: 定性, 满分: null}, 承担单位: [县环保局], 依据: 四}
  - {编号: own-b, 名称: 特色创优专家评估, 归属: [特色创优自选目标], 单位: 分, 类型: 比率, 报预测: false,
     计分: {方式: 定性, 满分: null}, 承担单位: [县环保局], 依据: 四}
"""
FILED = "自选目标 内容：远教先锋团队建设 目标值 建成示范站点12个 完成时限 11月30日"
PAPER = "8月3日 县政研〔2010〕5号"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("own") / "county.db"
    books = shipped("sanmen-2010.yaml", ("\n指标:\n", f"\n{STANDARDS}"))
    start = datetime(2010, 8, 4, 9, 12, tzinfo=ZONE)
    with desk_under(books, some_of_the_county("县环保局", "县经贸局"), sqlite_template, path, start, date(2010, 8, 1)):
        return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def filed(desk: Desk, words: str = FILED) -> OwnTargetTaken:
    taken = desk.answer(WATER_CLERK, words)
    assert isinstance(taken, OwnTargetTaken), taken
    return taken


def filed_upward(desk: Desk, *numbers: str) -> UpwardRecorded:
    asked = desk.answer(OFFICE, f"自选目标上报 {'、'.join(numbers)} {PAPER}")
    assert isinstance(asked, UpwardAsk), asked
    recorded: UpwardRecorded = desk.answer(OFFICE, "确认")
    return recorded


def test_a_target_is_numbered_and_the_receipt_names_both_standards(desk: Desk) -> None:
    """R112."""
    taken = filed(desk)

    assert taken.line.number.startswith("M-1008-")
    assert (taken.line.content, taken.line.target) == ("远教先锋团队建设", "建成示范站点12个")
    assert taken.line.due == date(2010, 11, 30)
    assert taken.standards == ("特色创优核验", "特色创优专家评估")
    assert "考核标准：特色创优核验、特色创优专家评估。" in as_read(taken)


def test_the_office_lists_them_and_records_that_they_went_up(desk: Desk) -> None:
    """R112: 自选目标：2项已上报; the unit hears of it once."""
    numbers = [filed(desk).line.number, filed(desk, FILED.replace("远教先锋团队建设", "红榜颂道德")).line.number]
    assert "自选目标：2项待上报" in as_read(desk.answer(OFFICE, "自选目标"))

    filed_upward(desk, *numbers)

    shown = as_read(desk.answer(OFFICE, "自选目标"))
    assert "自选目标：2项已上报" in shown
    assert "2010年8月3日已上报（县政研〔2010〕5号）" in shown
    (told,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, UpwardRecorded)]
    assert [line.number for line in told.lines] == numbers
    assert isinstance(desk.answer(OFFICE, "确认"), NoQuestion)
    own = desk.answer(WATER_CLERK, "自选目标")
    assert [line.filed_on for line in own.lines] == [date(2010, 8, 3)] * 2


def test_until_then_a_part_is_changed_and_the_others_stay(desk: Desk) -> None:
    """R112."""
    number = filed(desk).line.number

    changed = filed(desk, f"自选目标 {number} 目标值 建成示范站点15个")

    assert changed.line.number == number
    assert (changed.line.content, changed.line.target) == ("远教先锋团队建设", "建成示范站点15个")
    assert changed.before is not None
    assert changed.before.target == "建成示范站点12个"
    assert len(desk.answer(OFFICE, "自选目标").lines) == 1


def test_afterwards_nothing_is_changed_and_nothing_is_filed_twice(desk: Desk) -> None:
    """R112."""
    number = filed(desk).line.number
    filed_upward(desk, number)

    for who, words in (
        (WATER_CLERK, f"自选目标 {number} 目标值 建成示范站点15个"),
        (OFFICE, f"自选目标上报 {number} {PAPER}"),
    ):
        refused = desk.answer(who, words)
        assert isinstance(refused, OwnTargetNotTaken)
        assert refused.why is OwnTargetUnclear.FILED_UPWARD
        assert "不再更改" in as_read(refused)
    with pytest.raises(IntegrityError):
        desk.database.write_now(
            lambda uow: uow.update(OwnTargetWordingRow, OwnTargetWordingRow.content != "", target="15")
        )


def test_what_was_changed_between_question_and_confirmation_is_not_filed(desk: Desk) -> None:
    number = filed(desk).line.number
    desk.say(OFFICE, f"自选目标上报 {number} {PAPER}")
    filed(desk, f"自选目标 {number} 目标值 建成示范站点15个")

    refused = desk.answer(OFFICE, "确认")

    assert refused.why is OwnTargetUnclear.MEANWHILE
    assert desk.answer(OFFICE, "自选目标").lines[0].filed_on is None


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("内容 远教先锋团队建设", OwnTargetUnclear.PARTS),
        ("内容 甲 目标值 乙 完成时限 尽快", OwnTargetUnclear.NO_DAY),
        ("内容 甲 目标值 乙 完成时限 8月3日", OwnTargetUnclear.NO_DAY),
        ("M-1008-99 目标值 乙", OwnTargetUnclear.NO_SUCH_NUMBER),
    ],
)
def test_what_is_unclear_is_asked_for(desk: Desk, words: str, why: OwnTargetUnclear) -> None:
    assert desk.answer(WATER_CLERK, f"自选目标 {words}").why is why
    assert desk.answer(OFFICE, "自选目标").lines == ()


@pytest.mark.parametrize("paper", ["", "8月3日", "县政研〔2010〕5号", "8月5日 县政研〔2010〕5号"])
def test_without_day_and_paper_nothing_goes_up(desk: Desk, paper: str) -> None:
    number = filed(desk).line.number

    assert desk.answer(OFFICE, f"自选目标上报 {number} {paper}").why is OwnTargetUnclear.NO_PAPER


def test_a_unit_whose_measure_gives_it_none_sets_none(desk: Desk) -> None:
    assert desk.answer(CLERK, FILED).why is OwnTargetUnclear.NONE_TO_SET
    assert isinstance(desk.answer(WATER_CLERK, "自选目标"), OwnTargetList)
    assert isinstance(desk.answer(WATER_CLERK, f"自选目标上报 M-1008-1 {PAPER}"), Refused)


@pytest.mark.parametrize("colon", ["", "：", ":", " "])
def test_parts_are_cut_whatever_stands_behind_their_names(colon: str) -> None:
    text = f"内容{colon}建设目标值守站点；目标值{colon}12个，完成时限{colon}11月底"

    assert cut(text) == {"内容": "建设目标值守站点", "目标值": "12个", "完成时限": "11月底"}
