"""Which handler hears a message, and what a person is shown who is no one's clerk, a stranger, or in a group."""

from datetime import timedelta

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from assessment.notices import (
    Failed,
    Marked,
    Menu,
    NoQuestion,
    NotUnderstood,
    OtherContent,
    Refused,
    RepairLine,
    ReportAnswered,
    ScoreTold,
    Stranger,
    ToldPrivately,
    TooLong,
    UrgeAsk,
    Why,
)
from handlers import numbers
from handlers.intake import LONGEST_TEXT, Intake
from handlers.router import Router
from handlers.turn import Turn
from storage.inbox import InboxRow
from tests.handlers.desk import (
    ANALYST,
    CLERK,
    EVERYBODY,
    FOUR_FIGURES,
    HEAD,
    LEADER,
    OFFICE,
    SIGNER,
    START,
    WATER_CLERK,
    Desk,
    overdue_matter,
)


@pytest.mark.parametrize(
    "text", ["改造项目已完成", "王局同意了", "今天审核通过了吧", "同意了吗", "通过了吗", "退回去了", "核定了没有"]
)
def test_talk_is_no_command(desk: Desk, text: str) -> None:
    """Acts on other people need the word at the start, with nothing, a blank or a number behind it (ux-guide 2)."""
    assert isinstance(desk.answer(OFFICE, text), NotUnderstood)


def test_a_leader_asks_in_his_own_words(desk: Desk) -> None:
    answer = desk.answer(LEADER, "环保局现在多少分")

    assert isinstance(answer, ScoreTold)
    assert answer.unit == "县环保局"


def test_a_clerk_who_begins_with_the_own_unit_reports(desk: Desk) -> None:
    """环保局水环境完成50% is a report for its clerk, although 环保局 is a unit's name."""
    answer = desk.answer(WATER_CLERK, "环保局水环境完成50%")

    assert isinstance(answer, ReportAnswered)
    assert answer.number is not None


def test_the_same_words_of_somebody_else_are_no_report(desk: Desk) -> None:
    assert isinstance(desk.answer(LEADER, "环保局水环境完成50%"), NotUnderstood)
    assert all(row.reported_at is None for row in desk.rows("县环保局"))


def test_the_longer_word_goes_first(desk: Desk) -> None:
    """更正分 is about points, 更正 about a report; 不予核定 is not 核定."""
    clerk, office = desk.answer(CLERK, "更正分 L-1008-1 理由"), desk.answer(OFFICE, "更正分 L-1008-1 理由")

    assert isinstance(clerk, Refused)
    assert isinstance(office, RepairLine)
    assert office.about == "更正分"


@pytest.mark.parametrize("typed", ["17", "P-1008-17", "p1008-17", "p-17", "P-1008-017"])
def test_numbers_as_people_type_them(typed: str) -> None:
    assert numbers.full("P", typed, START.date()) == "P-1008-17"


@pytest.mark.parametrize("typed", ["R-1008-17", "17日", "-1.5", "", "十七", "１７X"])
def test_what_is_no_such_number(typed: str) -> None:
    assert numbers.full("P", typed, START.date()) is None


@pytest.mark.parametrize("form", ["{full}", "{lower}", "{short}"])
def test_a_number_is_understood_in_every_form(desk: Desk, entry: str, form: str) -> None:
    """为什么 L-1008-9, l1008-9 and, after 更正分, a bare 9 mean one entry."""
    written = form.format(full=entry, lower=entry.lower().replace("l-", "l"), short=entry.rsplit("-", 1)[1])

    asked = desk.answer(OFFICE, f"更正分 {written} 会签单显示已送达")

    assert asked.entry == entry
    if form != "{short}":
        assert isinstance(desk.answer(LEADER, f"为什么 {written}"), Why)


def test_confirming_nothing(desk: Desk) -> None:
    assert isinstance(desk.answer(CLERK, "确认"), NoQuestion)


def test_an_answer_that_is_none_leaves_the_question_open(desk: Desk) -> None:
    """A leader may ask something else in between; 确认 still finds its question."""
    desk.say(CLERK, "亩均税收3.8预测2")

    assert not isinstance(desk.answer(CLERK, "我的任务"), NoQuestion)
    assert isinstance(desk.answer(CLERK, "确认"), ReportAnswered)


def test_two_people_have_two_questions(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测2")

    assert isinstance(desk.answer(HEAD, "确认"), NoQuestion)


# ── menu ──


def words(desk: Desk, who: str) -> set[str]:
    """The words that 帮助 shows a person."""
    answer = desk.answer(who, "帮助")
    assert isinstance(answer, Menu)
    return {line.word for line in answer.lines}


def test_the_menu_shows_what_the_person_can_do(desk: Desk) -> None:
    clerk, head, office, leader = (words(desk, who) for who in (CLERK, HEAD, OFFICE, LEADER))

    assert {"报送", "我的任务", "得分"} <= clerk
    assert not (clerk | head) & {"催报", "核定", "待审", "加分", "扣分", "更正分", "交办", "销号", "谁没报"}
    assert {"催报", "待审", "谁没报", "加分", "交办"} <= office
    assert not office & {"报送", "签发", "我的任务", "情况说明"}
    assert {"得分", "谁没报", "交办"} <= leader
    assert not leader & {"报送", "催报", "核定"}


def test_the_menu_shows_what_can_be_done_now(desk: Desk) -> None:
    """签发, 核定, 情况说明 and 办结 appear with what they are for, and not before."""
    assert not words(desk, SIGNER) & {"签发"}
    assert not words(desk, OFFICE) & {"核定"}
    assert not words(desk, WATER_CLERK) & {"情况说明", "办结"}

    overdue_matter(desk)
    desk.say(ANALYST, "运行分析\n工作落实情况：过半\n存在问题：不平衡\n下一步措施：按月调度")

    assert "签发" in words(desk, SIGNER)
    assert "核定" in words(desk, OFFICE)
    assert {"情况说明", "办结"} <= words(desk, WATER_CLERK)


def test_whatever_the_menu_shows_is_not_refused(desk: Desk) -> None:
    """The roles beside a word and the rights behind it say the same."""
    for who in EVERYBODY:
        for word in sorted(words(desk, who)):
            assert not any(isinstance(answer, Refused) for answer in desk.say(who, word)), (who, word)
            desk.say(who, "取消")


# ── groups ──


def test_a_group_not_spoken_to_hears_nothing(desk: Desk) -> None:
    assert desk.say(CLERK, "得分", group=True, addressed=False) == []


def test_a_group_hears_one_short_word_and_no_score(desk: Desk) -> None:
    before = len(desk.letters())
    answers = desk.say(LEADER, "环保局得分", group=True)
    to_group = [row for row in desk.letters()[before:] if row.to_group]

    assert isinstance(answers[0], ScoreTold)
    assert [row.notice["kind"] for row in to_group] == [ToldPrivately.__name__]
    assert to_group[0].recipient == "g-1"


def test_a_report_in_a_group_counts(desk: Desk) -> None:
    answer = desk.answer(CLERK, FOUR_FIGURES, group=True)

    assert isinstance(answer, ReportAnswered)
    assert answer.complete


def test_a_question_asked_in_a_group_is_answered_there(desk: Desk) -> None:
    desk.wind(8, 6, 9, 30)

    assert isinstance(desk.answer(OFFICE, "催报 进展情况", group=True), UrgeAsk)
    assert not isinstance(desk.answer(OFFICE, "确认", group=True), NoQuestion)


# ── what is not taken as it stands ──


def test_a_stranger_learns_nothing(desk: Desk) -> None:
    assert isinstance(desk.answer("nobody", "环保局得分"), Stranger)
    assert desk.say("nobody", "环保局得分", group=True, addressed=False) == []
    assert desk.audited()[0].person is None


def test_a_classification_mark_is_not_kept(desk: Desk) -> None:
    text = "机密★\n亩均税收3.8"

    assert isinstance(desk.answer(CLERK, text), Marked)
    assert not any(text in kept for kept in inbox_texts(desk))


def test_a_word_that_contains_a_mark_passes(desk: Desk) -> None:
    assert not isinstance(desk.answer(CLERK, "计算机密码保管情况"), Marked)


def test_too_long(desk: Desk) -> None:
    answer = desk.answer(CLERK, FOUR_FIGURES + "字" * LONGEST_TEXT)

    assert isinstance(answer, TooLong)
    assert all(row.reported_at is None for row in desk.rows("县经贸局"))


def test_a_repeat_has_no_second_effect(desk: Desk) -> None:
    """R97: the same delivery again stores nothing and is not answered."""
    message = desk.message(CLERK, FOUR_FIGURES)

    assert len(desk.take(message)) == 1
    assert desk.take(message) == []


def test_a_known_number_with_other_words_is_asked_back(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测7", message_id="same")

    assert isinstance(desk.answer(CLERK, "亩均税收9.9预测9.9", message_id="same"), OtherContent)


def test_a_stamp_out_of_reason_gives_way_to_the_time_of_receipt(desk: Desk) -> None:
    answer = desk.answer(CLERK, FOUR_FIGURES, sent_at=START - timedelta(hours=9))

    assert answer.late_stamp
    assert answer.sent_at == START


def test_a_handler_that_fails_loses_nothing(desk: Desk) -> None:
    """The person hears of it, the text is kept and parked, and nothing of the half-done work remains."""

    def broken(turn: Turn, _rest: str) -> None:
        turn.ask("nil", {})
        raise ValueError("a fault of ours")

    router = Router()
    router.command("我的任务", what="")(broken)
    healthy, desk.intake = desk.intake, Intake(router, desk.installation)

    with capture_logs():
        assert isinstance(desk.answer(CLERK, "我的任务"), Failed)
    assert "我的任务" in inbox_texts(desk, parked=True)

    desk.intake = healthy
    assert isinstance(desk.answer(CLERK, "确认"), NoQuestion)


def test_two_commands_may_not_claim_one_word() -> None:
    one, other = Router(), Router()
    one.command("得分", what="")(lambda _turn, _rest: None)
    other.command("多少", "得分", what="")(lambda _turn, _rest: None)

    with pytest.raises(ValueError, match="得分"):
        Router().mount(one, other)


def inbox_texts(desk: Desk, *, parked: bool = False) -> list[str]:
    """The texts kept, or those of them whose handler failed."""
    rows = desk.database.read_now(lambda uow: uow.rows(select(InboxRow)))
    return [row.text for row in rows if row.parked or not parked]
