"""自评 once it is on record: what came on paper is entered by the office, and 无任务 gives full marks where it may."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest

from assessment.notices import EnterAsk, NoQuestion, RepairLine, SignList
from assessment.obligation import State
from assessment.scorecard import Scorecard, View
from bot.county import ZONE
from storage import scoring
from storage.programmes import running
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import Under, shipped, unit

PEOPLE = unit("市政府督查室", "考核办", 考核办="ke") + unit("甲区政府", "县区政府", 填报人="li", 主要负责人="fang")
WITHOUT_FILES = ("    必写: [工作总结]\n    附件: true\n", "    必写: [工作总结]\n")
ADDED_UP = ("    满分: 27\n    计法: 从满分扣\n    下限: 0\n", "    满分: 27\n    计法: 累加\n    下限: 0\n")
SCORES = "自评:(一)16(二)44(三)无任务(四)12,合计99"
SUMMARY = "工作总结:二季度督查事项全部按时反馈。"
THIRD = 2


@pytest.fixture
def desk(under: Under) -> Iterator[Desk]:
    """A category that adds up from nought, and a self-score that needs no files."""
    books = shipped("panjin-supervision.yaml", WITHOUT_FILES, ADDED_UP)
    with under(books, PEOPLE, datetime(2026, 6, 28, 9, tzinfo=ZONE)) as opened:
        yield opened


def card(desk: Desk, as_of: datetime | None = None) -> Scorecard:
    def read(uow: UnitOfWork) -> Scorecard:
        (programme,) = running(uow)
        account = scoring.unit_account(programme, desk.unit("甲区政府").id)
        return scoring.card(uow, programme, account, as_of or desk.clock.now(), View.KNOWN)

    return desk.database.read_now(read)


def test_no_task_gives_full_marks_once_the_head_has_signed(desk: Desk) -> None:
    """R33, R31: 27 of a category that adds up from 0; what is not signed changes nothing."""
    before = desk.clock.now()
    desk.pass_minutes(5)
    desk.say("li", SCORES)
    desk.say("li", SUMMARY)
    assert card(desk).categories[THIRD].confirmed.final == 0

    desk.say("fang", "签发")
    desk.say("fang", "确认")
    assert card(desk).categories[THIRD].confirmed.final == Decimal(27)
    assert card(desk).confirmed.final == Decimal(100)
    assert card(desk, before).categories[THIRD].confirmed.final == 0, "as it was known then"


def test_what_came_on_paper_is_entered_with_its_signer(desk: Desk) -> None:
    """R29, R31: 代录 of a self-score by its categories; it counts as signed on paper, with the time it came."""
    asked = desk.answer("ke", f"代录 甲区政府 6月28日8:30 纸质 签发人 方立群 {SCORES} {SUMMARY}")
    assert isinstance(asked, EnterAsk)
    assert (asked.score_total, asked.signer, asked.owed) == (Decimal(99), "方立群", ())
    assert "（无任务）" in as_read(asked)
    desk.say("ke", "确认")

    (row,) = desk.rows("甲区政府", "自评")
    assert row.state == State.MET.value
    assert desk.answer("fang", "签发") == SignList(titles=())
    assert card(desk).categories[THIRD].confirmed.final == Decimal(27)
    assert "合计99。" in as_read(desk.told("li")[-1])


def test_a_sum_that_does_not_fit_is_not_entered(desk: Desk) -> None:
    """R30: nothing is repaired, here either."""
    answer = desk.answer("ke", "代录 甲区政府 6月28日8:30 纸质 签发人 方立群 自评:(一)16(二)44(三)无任务(四)12,合计100")

    assert isinstance(answer, RepairLine)
    assert "合计应为99，您填100" in as_read(answer)
    assert isinstance(desk.answer("ke", "确认"), NoQuestion), "nothing was asked"


def test_what_is_still_missing_is_said_before_it_is_entered(desk: Desk) -> None:
    asked = desk.answer("ke", f"代录 甲区政府 6月28日8:30 纸质 签发人 方立群 {SCORES}")

    assert isinstance(asked, EnterAsk)
    assert asked.owed == ("工作总结",)
    desk.say("ke", "确认")
    assert desk.rows("甲区政府", "自评")[0].state == State.OPEN.value


PARTLY = "自评:(一)16(二)44(三)25 政协提案无任务(四)12,合计97"


@pytest.fixture
def deducting(under: Under) -> Iterator[Desk]:
    """The category as the measure has it: deducted from, in two parts."""
    books = shipped("panjin-supervision.yaml", WITHOUT_FILES)
    with under(books, PEOPLE, datetime(2026, 6, 28, 9, tzinfo=ZONE)) as opened:
        yield opened


def test_one_part_without_a_task_keeps_its_points(deducting: Desk) -> None:
    """R33: what was not asked of the unit costs it nothing; the answer names the part and the reading in use."""
    answer = deducting.answer("li", PARTLY)
    assert "25（承办政协建议案、提案工作情况无任务）" in as_read(answer)
    deducting.say("li", SUMMARY)
    deducting.say("fang", "签发")
    deducting.say("fang", "确认")
    for number in range(1, 5):
        deducting.say("ke", f"扣分 甲区政府 I3b 4 第{number}件人大领导不满意")
        deducting.say("ke", "确认")
    deducting.say("ke", "核定 全部")

    third = card(deducting).categories[THIRD]
    assert (third.provisional.final, third.parts_without_task) == (Decimal(13), ("承办政协建议案、提案工作情况",))
    told = as_read(deducting.answer("li", "得分"))
    assert "承办政协建议案、提案工作情况无任务，该分项计满" in told


def test_a_part_that_turns_out_to_have_a_task_is_said_anew(deducting: Desk) -> None:
    deducting.say("li", PARTLY)
    deducting.say("li", "自评:(一)16(二)44(三)25(四)12,合计97")
    deducting.say("li", SUMMARY)
    deducting.say("fang", "签发")
    deducting.say("fang", "确认")

    assert card(deducting).categories[THIRD].parts_without_task == ()
