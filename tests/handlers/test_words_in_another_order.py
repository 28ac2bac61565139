"""The year's commands as people really type them: glued together, unit or number first, in words of their own."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from datetime import date, datetime
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from assessment.notices import (
    MatterReported,
    NotUnderstood,
    Refused,
    RepairLine,
    ReportAnswered,
    ReviewList,
    ScoreLines,
    SignList,
    TaskList,
    Why,
    WhyWhich,
)
from assessment.notices.appealing import AppealTaken, AppealWhich
from assessment.notices.circulars import CircularAsk
from assessment.notices.judging import StageAsk
from assessment.notices.reporting import NotYetOpen
from assessment.notices.results import ResultsNotDone, ResultTable
from assessment.notices.supervision import RoundSigned, SuperviseAsk
from assessment.obligation import State
from bot.county import ZONE
from handlers.word_order import other_orders
from storage import roster
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, unit

ROSTER = (
    unit("市政府", "市领导", 领导="han")
    + unit("市政府督查室", "考核办", 考核办="chen")
    + unit("甲区政府", "县区政府", 填报人="li", 主要负责人="fang")
    + unit("乙局", "市直部门", 填报人="wang", 主要负责人="gao")
)
IN_MARCH, ITS_END = datetime(2026, 3, 16, 9, 30, tzinfo=ZONE), datetime(2026, 3, 30, 10, 0, tzinfo=ZONE)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    with _at(IN_MARCH, sqlite_template, tmp_path) as desk:
        yield desk


@pytest.fixture
def quarter(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """The first quarter's self-score is due tomorrow."""
    with _at(ITS_END, sqlite_template, tmp_path) as desk:
        yield desk


def _at(start: datetime, template: Path, path: Path) -> AbstractContextManager[Desk]:
    return desk_under(
        shipped("panjin-supervision.yaml"), ROSTER, template, path / "w.db", start, date(start.year, start.month, 1)
    )


@pytest.fixture
def matter(desk: Desk) -> str:
    """乙局 has a matter to see to; its number."""
    desk.say("chen", "交办 乙局 化解停工项目 3月20日前 类别 市政府任务")
    number: str = desk.answer("chen", "确认").number
    return number


@pytest.fixture
def entries(desk: Desk, matter: str) -> tuple[str, ...]:
    """Two deductions of 乙局 in the ledger: a second round, and a feedback that would not do."""
    desk.say("wang", f"反馈 {matter} 正在办理")
    for words in (f"反馈不合要求 {matter} 乙局 未写明措施", f"督办 {matter} 逾期", f"第二次督办 {matter} 仍未办结"):
        desk.say("chen", words)
        desk.say("chen", "确认")
    numbers = "、".join(line.number for line in desk.answer("chen", "核定").lines)
    desk.say("chen", f"核定 {numbers} 事实清楚")
    return tuple(desk.answer("chen", "确认").entries)


# ── the office ──


def test_a_day_may_be_glued_to_its_reason(desk: Desk, matter: str) -> None:
    asked = desk.answer("chen", f"督办{matter.lower()}限３月２３日前逾期未办结")

    assert isinstance(asked, SuperviseAsk)
    assert (asked.nth, f"{asked.until:%m-%d %H:%M}", asked.reason) == (1, "03-23 16:00", "逾期未办结")


def test_the_second_round_may_be_called_so(desk: Desk, matter: str) -> None:
    desk.say("chen", f"督办 {matter} 逾期")
    desk.say("chen", "确认")

    assert desk.answer("chen", f"二次督办 {matter} 仍未办结").nth == 2


def test_a_stage_may_be_given_unit_first(desk: Desk) -> None:
    for words in ("乙局录分 上半年考核 92", "录分乙局上半年考核92分", "录分 乙局 上半年考核 九十二分"):
        asked = desk.answer("chen", words)
        assert isinstance(asked, StageAsk), words
        assert (asked.unit, asked.value) == ("乙局", Decimal(92))


def test_all_at_once_may_be_said_in_either_order(desk: Desk, matter: str) -> None:
    desk.say("wang", f"反馈 {matter} 正在办理")
    desk.say("chen", f"反馈不合要求 {matter} 乙局 未写明措施")
    desk.say("chen", "确认")

    assert desk.answer("chen", "全部核定") == desk.answer("chen", "核定 全部")


def test_a_number_may_stand_first(desk: Desk, matter: str) -> None:
    reported = desk.answer("wang", f"{matter}办结，已复工")
    assert isinstance(reported, MatterReported)
    assert reported.text == "已复工"

    returned = desk.answer("chen", f"{matter}退回，未见复工批文")
    assert isinstance(returned, ReviewList)
    assert (returned.ask, returned.reason) == ("退回", "未见复工批文")


def test_a_grade_may_be_said_as_a_sentence(desk: Desk) -> None:
    answer = desk.answer("chen", "乙局评为优秀")
    assert isinstance(answer, ResultsNotDone)
    assert answer.about == "评等"


def test_criticism_in_a_circular(desk: Desk) -> None:
    assert isinstance(desk.answer("chen", "通报批评 乙局 工作滞后"), CircularAsk)


def test_places_without_a_unit_are_the_whole_list_for_those_who_have_none(desk: Desk) -> None:
    assert isinstance(desk.answer("han", "排名"), ResultTable)
    assert isinstance(desk.answer("chen", "排名"), ResultTable)


def test_asking_softly_is_asking(desk: Desk) -> None:
    assert isinstance(desk.answer("han", "帮我看看乙局得分"), type(desk.answer("han", "乙局得分")))
    assert isinstance(desk.answer("chen", "帮我催报一下"), type(desk.answer("chen", "催报")))


# ── the unit ──


@pytest.mark.parametrize("words", ["收到督办单", "签收督办"])
def test_a_letter_is_signed_for_in_many_words(desk: Desk, matter: str, words: str) -> None:
    desk.say("chen", f"督办 {matter} 逾期")
    desk.say("chen", "确认")

    assert isinstance(desk.answer("wang", words), RoundSigned)


def test_why_points_were_taken(desk: Desk, entries: tuple[str, ...]) -> None:
    assert len(entries) == 2
    asked = {"为啥扣分": WhyWhich, "凭什么扣我们分": Why, "我们局扣分了吗": ScoreLines, "我要申诉": AppealWhich}
    for words, kind in asked.items():
        assert isinstance(desk.answer("wang", words), kind), words


def test_an_appeal_with_its_number_first(desk: Desk, entries: tuple[str, ...]) -> None:
    taken = desk.answer("wang", f"{entries[0]} 申诉 我们按时反馈了")

    assert isinstance(taken, AppealTaken)
    assert (taken.line.entry, taken.line.text) == (entries[0], "我们按时反馈了")


def test_what_waits_is_said_to_be_proposed(desk: Desk, matter: str) -> None:
    """A point that nobody has confirmed is 拟扣 everywhere."""
    desk.say("wang", f"反馈 {matter} 正在办理")
    desk.say("chen", f"反馈不合要求 {matter} 乙局 未写明措施")
    desk.say("chen", "确认")

    assert "乙局：拟扣1分（待核定）" in as_read(desk.answer("wang", "为什么扣分"))


def test_what_is_there_to_do(desk: Desk, matter: str) -> None:
    for words in ("有什么要我签的", "还有什么没报", "我们还有哪些没办的"):
        assert isinstance(desk.answer("gao", words), TaskList), words


def test_a_head_who_agrees_with_nothing_to_sign_is_told_so(desk: Desk) -> None:
    assert desk.answer("gao", "同意") == SignList(titles=())
    assert isinstance(desk.answer("wang", "同意"), Refused)


def test_a_self_score_too_early_is_told_when(desk: Desk) -> None:
    answer = desk.answer("wang", "自评（一）16（二）45（三）27（四）12")

    assert isinstance(answer, NotYetOpen)
    assert (answer.title, f"{answer.opens:%m-%d}") == ("一季度督查工作季度自评", "03-21")


@pytest.mark.parametrize(
    "words", ["自评一16二45三27四12共100", "自评第一项十六分第二项四十五分第三项二十七分第四项十二分"]
)
def test_a_self_score_as_it_is_spoken(quarter: Desk, words: str) -> None:
    answer = quarter.answer("wang", words)

    assert isinstance(answer, ReportAnswered)
    assert (answer.score_total, answer.score_doubts) == (Decimal(100), ())


def test_a_self_score_that_cannot_be_read_is_told_how_and_an_amendment_may_be_glued(quarter: Desk) -> None:
    assert "自评 （一）分数" in as_read(quarter.answer("wang", "自评不知道怎么写"))

    quarter.say("wang", "自评（一）16（二）45（三）27（四）12")
    assert quarter.answer("wang", "更正自评（二）44").score_total == 99


# ── what is left alone ──


def test_talk_about_a_command_is_none(desk: Desk, matter: str) -> None:
    talk = ("乙局交办的事项办得怎么样", "办结以后再说", "申诉材料在准备", "今天审核通过了吧")
    for who, words in product(("wang", "han"), talk):
        assert isinstance(desk.answer(who, words), NotUnderstood | RepairLine | Refused)
    assert [row.state for row in desk.rows("乙局")] == [State.OPEN.value]


def test_acts_of_the_office_are_not_the_units(desk: Desk, matter: str) -> None:
    assert isinstance(desk.answer("wang", "乙局录分 92"), NotUnderstood | Refused)
    assert isinstance(desk.answer("wang", f"{matter}销号"), NotUnderstood | Refused)


def test_every_reading_begins_with_a_word(desk: Desk) -> None:
    people = desk.database.read_now(roster.whole)
    words = ("录分", "评等", "办结")

    assert list(other_orders("乙局录分 92", words, people)) == ["录分 乙局 92"]
    assert list(other_orders("S-2603-1办结，已复工", words, people)) == ["办结 S-2603-1 已复工"]
    assert list(other_orders("录分乙局92", words, people)) == ["录分 乙局92"]
    assert list(other_orders("今天录分乙局", words, people)) == []
