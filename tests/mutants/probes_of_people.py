"""What invariants 7 and 8 and the rules on stamps and urgings promise to people, as test bodies."""

from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

from sqlmodel import select
from structlog.testing import capture_logs

from assessment.notices import (
    Board,
    Failed,
    Gaps,
    NoQuestion,
    NotUnderstood,
    Proposed,
    Refused,
    RepairLine,
    ScoreTold,
    SentBack,
    Stranger,
)
from assessment.obligation import Bucket, bucket
from assessment.rights import NOT_ON_OWN_UNIT, Action, Actor, Destination, Target, authorise
from assessment.roster import Post, Role
from bot.cards import card_of
from bot.county import ZONE
from handlers.intake import Intake
from handlers.router import Router
from handlers.turn import Turn
from storage.inbox import InboxRow
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    FOUR_FIGURES,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    PLAN,
    PLAN_CLERK,
    SIGNER,
    WATER_CLERK,
    Desk,
    overdue_matter,
)

ANALYSIS = "运行分析\n工作落实情况：时间过半\n存在问题：不平衡\n下一步措施：按月调度"

# ── 7 Nobody sees or changes what their role does not allow; a refusal is polite and recorded ──


def nobody_else_decides(desk: Desk) -> None:
    number = overdue_matter(desk)
    for who in (WATER_CLERK, LEADER, IN_CHARGE):
        for text in (f"核定 {number} 理由", "催报", "加分 县环保局 U6 理由", "待审"):
            answers = desk.say(who, text)
            assert [type(answer) for answer in answers] == [Refused], (who, text)
        desk.say(who, "确认")
    assert desk.entries("县环保局") == []


def nobody_sees_anothers_points(desk: Desk) -> None:
    for text in ("环保局得分", "得分 环保局", "环保局差距", "环保局排第几", "为什么 环保局"):
        answers = desk.say(CLERK, text)
        assert [type(answer) for answer in answers] == [Refused], text
    assert isinstance(desk.say(WATER_CLERK, "得分")[0], ScoreTold)


def a_refusal_is_recorded(desk: Desk) -> None:
    desk.say(CLERK, "环保局得分")
    refused = [line for line in desk.audited() if not line.allowed]

    assert [line.person for line in refused] == [desk.person(CLERK)]
    assert all(line.basis for line in refused)


def a_leader_in_charge_sees_the_own_units_only(desk: Desk) -> None:
    (board,) = desk.say(IN_CHARGE, "谁没报 进展情况")
    assert isinstance(board, Board)
    seen = {unit for row in board.rows for unit in row.units}

    assert "县经贸局" in seen
    assert "县环保局" not in seen


def a_group_learns_no_points(desk: Desk) -> None:
    """The answer goes to the asker alone; nothing that goes to the group holds a figure."""
    desk.say(LEADER, "环保局得分", group=True)
    desk.deliver()
    to_group = [card.text() for recipient, card in desk.letterbox.shown if recipient == "g-1"]
    leader = Actor(1, (Post(1, 2, Role.LEADER),))

    assert to_group == ["已单独发给您。"]
    assert not authorise(leader, Action.SEE_SCORE, Target(office=1, unit=2), Destination.GROUP).allowed


def nobody_decides_while_the_unit_is_heard(desk: Desk) -> None:
    """A question that was open before the unit was asked to speak decides nothing; nor does 核定 without a reason."""
    number = overdue_matter(desk)
    desk.wind(8, 13, 9, 5)
    desk.say(OFFICE, f"核定 {number}")
    desk.say(OFFICE_TWO, f"先听情况说明 {number}")
    for text in ("确认", f"核定 {number}", "确认"):
        desk.say(OFFICE, text)
    assert desk.entries("县环保局") == [], "decided while the unit was being heard"

    desk.say(WATER_CLERK, f"情况说明 {number} 方案已送会签")
    for text in (f"核定 {number}", "确认"):
        desk.say(OFFICE, text)
    assert len(desk.entries("县环保局")) == 1


def nobody_decides_on_the_own_unit(_desk: Desk) -> None:
    seconded = Actor(1, (Post(1, 1, Role.OFFICE), Post(1, 1, Role.SECRETARY), Post(1, 2, Role.REPORTER)))
    for action in NOT_ON_OWN_UNIT:
        assert not authorise(seconded, action, Target(office=1, unit=2), Destination.PRIVATE).allowed
        assert authorise(seconded, action, Target(office=1, unit=3), Destination.PRIVATE).allowed


def a_stranger_learns_nothing(desk: Desk) -> None:
    assert [type(answer) for answer in desk.say("nobody", "环保局得分")] == [Stranger]
    assert desk.say("nobody", "环保局得分", group=True, addressed=False) == []


# ── 8 Wrong input gets a clear answer; nothing is lost; no traceback reaches a user ──


def a_failure_is_told_and_undone(desk: Desk) -> None:
    """Our own fault: the person hears of it, the message is kept, what was half done is undone."""

    def broken(turn: Turn, _rest: str) -> None:
        turn.ask("nil", {})
        raise ValueError("a fault of ours")

    router = Router()
    router.command("我的任务", what="")(broken)
    healthy, desk.intake = desk.intake, Intake(router, desk.installation)
    with capture_logs():
        answers = desk.say(CLERK, "我的任务")
    desk.intake = healthy
    parked = [row.text for row in desk.database.read_now(lambda uow: uow.rows(select(InboxRow))) if row.parked]

    assert [type(answer) for answer in answers] == [Failed]
    assert parked == ["我的任务"]
    assert isinstance(desk.say(CLERK, "确认")[0], NoQuestion)


def every_text_is_kept(desk: Desk) -> None:
    texts = ["我的任务", "今天天气不错", FOUR_FIGURES, "环保局得分"]
    for text in texts:
        desk.say(CLERK, text)

    assert [row.text for row in desk.database.read_now(lambda uow: uow.rows(select(InboxRow)))] == texts


def whatever_is_wrong_is_named(desk: Desk) -> None:
    assert [type(answer) for answer in desk.say(CLERK, "今天天气不错")] == [NotUnderstood]
    for who, text in (
        (OFFICE, "扣分 火星局 U7 理由"),
        (OFFICE, "更正分 L-1008-999 理由"),
        (OFFICE, "退回 R-1008-999 理由"),
        (LEADER, "交办 县环保局 报送方案 类别 县主要领导交办"),
        (CLERK, "零报告 8月工作计划"),
    ):
        (answer,) = desk.say(who, text)
        assert isinstance(answer, RepairLine), text
        why, what_to_type = card_of(answer, ZONE).lines
        assert why
        assert what_to_type.startswith("可回复：")


def what_is_doubtful_is_not_stored(desk: Desk) -> None:
    """A forecast below what is reached already is asked back, whatever else is taken."""
    (answer,) = desk.say(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")
    tasks = cast("Any", desk.say(CLERK, "我的任务")[0]).lines

    assert [doubt.number for doubt in cast("Any", answer).doubts] == [2]
    assert "高新技术产业总产值占比" in next(line.owed for line in tasks if line.title.startswith("1—7月"))


# ── stamps, urgings, figures ──


def urged_is_what_was_delivered(desk: Desk) -> None:
    """While the platform is down nobody is urged, and no day counts (decisions 5)."""
    desk.wind(8, 6, 8, 59)
    desk.letterbox.down = True
    desk.wind(8, 6, 9, 0)
    (row,) = desk.rows("县信访局", "8月工作计划")
    assert row.urged_at is None

    desk.letterbox.down = False
    desk.pass_minutes(40)
    desk.settle()
    (row,) = desk.rows("县信访局", "8月工作计划")
    assert row.urged_at == desk.clock.now()


def the_first_stamp_survives_a_return(desk: Desk) -> None:
    desk.say(ANALYST, ANALYSIS)
    desk.say(SIGNER, "签发")
    desk.say(OFFICE, "退回 缺少数据支撑")
    desk.say(OFFICE, "确认")
    (told,) = [notice for notice in desk.told(ANALYST) if isinstance(notice, SentBack)]
    desk.wind(8, 12, 9, 0)
    desk.say(ANALYST, ANALYSIS.replace("时间过半", "时间过半、任务过半"))
    desk.say(SIGNER, "签发")
    (row,) = desk.rows("县发改局", "运行分析")

    assert told.on_time
    assert row.facts().on_time, "the return cost the unit its stamp"


def on_time_ends_at_midnight(desk: Desk) -> None:
    """24:00 is the exclusive next midnight: a message of that very moment is late."""
    (row,) = desk.rows("县信访局", "8月工作计划")
    desk.clock.wind_to(row.due)
    desk.say(PLAN_CLERK, PLAN)
    (row,) = desk.rows("县信访局", "8月工作计划")

    assert bucket(row.facts(), desk.clock.now()) is Bucket.LATE


def the_senders_time_decides(desk: Desk) -> None:
    """Sent at 23:58, received after midnight: on time (decisions 9)."""
    (row,) = desk.rows("县信访局", "8月工作计划")
    desk.clock.wind_to(row.due + timedelta(minutes=10))
    desk.say(PLAN_CLERK, PLAN, sent_at=row.due - timedelta(minutes=2))
    (row,) = desk.rows("县信访局", "8月工作计划")

    assert row.facts().on_time


def missing_is_not_nought(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值85预测155")
    (gaps,) = desk.say(CLERK, "差距")
    assert isinstance(gaps, Gaps)
    lines = {line.name: line for block in gaps.figures for line in block.lines}

    assert lines["规上亩均工业总产值"].actual == Decimal(85)
    assert (lines["规上亩均税收"].actual, lines["规上亩均税收"].points) == (None, None)


def days_count_from_the_day_after_the_urging(desk: Desk) -> None:
    """Urged on the 6th, reported on the 9th: 7, 8 and 9 August, three points of the person, none of the unit."""
    desk.wind(8, 9, 10, 0)
    desk.say(PLAN_CLERK, PLAN)
    desk.settle()
    proposed = [notice.line for notice in desk.told(PLAN_CLERK) if isinstance(notice, Proposed)]

    assert [(line.points, line.personal) for line in proposed if line.cite == "四(二)4"] == [(Decimal(-3), True)]
    assert desk.score("县信访局").provisional.final == Decimal(80)
