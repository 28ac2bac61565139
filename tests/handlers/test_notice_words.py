"""通知, 收到, 回执 and 撤回 as the office and its units type them."""

from typing import Any

import pytest

from assessment.notices import (
    AudienceUnclear,
    BroadcastAsk,
    BroadcastCorrected,
    BroadcastMade,
    BroadcastTold,
    CallAsk,
    CallMade,
    Cancelled,
    Menu,
    NoQuestion,
    NothingToSign,
    RecallAsk,
    Recalled,
    ReceiptsTold,
    ReceiptTaken,
    Refused,
    Repair,
    RepairLine,
    ToldPrivately,
    TrialSigned,
    WithdrawRefused,
)
from tests.handlers.desk import (
    CLERK,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    OTHER_IN_CHARGE,
    WATER_CLERK,
    Desk,
    as_read,
)

TWO = "通知 县经贸局、县环保局 明天上午9时开会"
NUMBER = "T-1008-1"


def sent(desk: Desk, command: str = TWO) -> str:
    """Order a notice and let it leave; its number."""
    assert isinstance(desk.answer(OFFICE, command), BroadcastAsk)
    made = desk.answer(OFFICE, "确认")
    assert isinstance(made, BroadcastMade)
    desk.settle()
    number: str = made.number
    return number


def repair(desk: Desk, text: str) -> Any:
    answer = desk.answer(OFFICE, text)
    assert isinstance(answer, RepairLine), answer
    return answer.repair


def notices(desk: Desk, who: str) -> list[BroadcastTold]:
    return [notice for notice in desk.told(who) if isinstance(notice, BroadcastTold)]


def test_shown_before_it_goes(desk: Desk) -> None:
    asked = desk.answer(OFFICE, TWO)

    assert (asked.units, asked.roles, asked.people) == (("县经贸局", "县环保局"), ("填报人",), ("李敏", "王晨曦"))
    assert asked.text == "明天上午9时开会"
    assert notices(desk, CLERK) == []
    assert isinstance(desk.answer(OFFICE, "取消"), Cancelled)
    desk.settle()
    assert notices(desk, CLERK) == []


def test_tried_on_oneself_first(desk: Desk) -> None:
    """The trial says what they will read; the question stays open, and nobody else has heard anything."""
    desk.say(OFFICE, f"{TWO}，请于8月10日前回执")
    trial, asked = desk.say(OFFICE, "试发")
    assert isinstance(trial, BroadcastTold)
    assert isinstance(asked, BroadcastAsk)
    assert trial.trial
    assert isinstance(desk.answer(OFFICE, "收到 试发"), TrialSigned)
    desk.settle()
    assert notices(desk, CLERK) == []

    desk.say(OFFICE, "确认")
    desk.settle()
    (told,) = notices(desk, CLERK)
    same = {"trial": False, "number": NUMBER, "told_at": told.told_at}
    assert trial.model_copy(update=same) == told
    assert "│ 明天上午9时开会\n请于8月10日（周二）24:00前签收。" in as_read(told)


def test_it_goes_to_exactly_those(desk: Desk) -> None:
    assert sent(desk) == NUMBER

    assert [told.number for told in notices(desk, CLERK)] == [NUMBER]
    assert [told.number for told in notices(desk, WATER_CLERK)] == [NUMBER]
    for who in (HEAD, IN_CHARGE, LEADER, OFFICE):
        assert notices(desk, who) == []
    letters = [row for row in desk.letters() if row.notice["kind"] == "BroadcastTold"]
    assert all(row.initiated for row in letters)


def test_one_letter_for_whoever_is_in_charge_of_several(desk: Desk) -> None:
    asked = desk.answer(OFFICE, "通知 分管领导 请知悉")
    assert (len(asked.units), asked.people) == (18, ("何志远", "林书雅"))

    desk.say(OFFICE, "确认")
    desk.settle()
    assert [len(notices(desk, who)) for who in (IN_CHARGE, OTHER_IN_CHARGE)] == [1, 1]


def test_what_is_unclear_is_asked(desk: Desk) -> None:
    answer = desk.answer(OFFICE, "通知 县柯技局、县经贸局 开会")

    assert isinstance(answer, AudienceUnclear)
    assert [(word.written, word.near) for word in answer.words] == [("县柯技局", ("县科技局",))]
    assert isinstance(desk.answer(OFFICE, "确认"), NoQuestion)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("通知", Repair.NOTICE_TO_WHOM),
        ("通知 全体", Repair.NOTICE_TEXT),
        ("通知：明天开会", Repair.NOTICE_AUDIENCE),
        ("下发通知：明天开会", Repair.NOTICE_AUDIENCE),
        ("通知 全体 开会，于8月3日9时发送", Repair.NOTICE_TIME),
        ("通知 全体 开会，请于8月3日前回执", Repair.NOTICE_UNTIL),
        ("通知 县经贸局 县环保局 开会", Repair.NOTICE_AUDIENCE_OR_TEXT),
        ("通知 未报单位 请抓紧", Repair.NOTICE_TO_NOBODY),
        ("通知 工作群 县经贸局扣2分", Repair.POINTS_IN_A_GROUP),
        ("回执", Repair.NO_SUCH_NOTICE),
        ("回执 T-1008-9", Repair.NO_SUCH_NOTICE),
        ("撤回 T-1008-9", Repair.NO_SUCH_NOTICE),
    ],
)
def test_what_is_missing_or_wrong(desk: Desk, text: str, expected: Repair) -> None:
    assert repair(desk, text) == expected


@pytest.mark.parametrize("word", ["通知", "下发通知", "发个通知", "群发", "群发通知"])
def test_a_notice_in_other_words(desk: Desk, word: str) -> None:
    asked = desk.answer(OFFICE, f"{word} 分管领导 请知悉")

    assert (asked.text, asked.people) == ("请知悉", ("何志远", "林书雅"))


@pytest.mark.parametrize("who", [CLERK, HEAD, IN_CHARGE, LEADER])
@pytest.mark.parametrize("text", [TWO, "回执 T-1008-1", "撤回 T-1008-1 更正"])
def test_notices_are_the_offices(desk: Desk, who: str, text: str) -> None:
    sent(desk)

    assert isinstance(desk.answer(who, text), Refused)
    assert len(notices(desk, CLERK)) == 1


def test_who_is_missing_at_the_moment(desk: Desk) -> None:
    desk.wind(8, 6, 9, 30)
    asked = desk.answer(OFFICE, "通知 未报单位 请抓紧")
    assert len(asked.units) == 18
    assert asked.over_cap == ()

    desk.wind(8, 10, 9, 30)
    (over,) = desk.answer(OFFICE, "通知 未报单位 请抓紧").over_cap
    assert (len(over.people), over.cap, over.a_day) == (18, 3, False)
    assert over.messages > 3, "they have been reminded and urged before"


def test_a_leader_is_told_of_at_most_so_much_a_day(desk: Desk) -> None:
    assert desk.answer(OFFICE, "通知 分管领导 请知悉").over_cap == ()
    desk.say(OFFICE, "确认")
    desk.settle()

    (over,) = desk.answer(OFFICE, "通知 分管领导 请再知悉").over_cap
    assert (over.people, over.messages, over.cap, over.a_day) == (("何志远", "林书雅"), 2, 1, True)


def test_at_its_time_and_in_office_hours(desk: Desk) -> None:
    """A Sunday asked for becomes Monday morning, and the card says so."""
    asked = desk.answer(OFFICE, f"{TWO}，于8月8日9时发送")
    assert asked.put_off
    desk.say(OFFICE, "确认")
    desk.wind(8, 9, 8, 59)
    assert notices(desk, CLERK) == []
    assert desk.answer(OFFICE, "回执").waiting == 2
    assert isinstance(desk.answer(CLERK, "收到"), NothingToSign), "nobody signs for what is still to come"

    desk.wind(8, 9, 9, 1)
    assert [len(notices(desk, who)) for who in (CLERK, WATER_CLERK)] == [1, 1]


def test_signed_for_once(desk: Desk) -> None:
    number = sent(desk)
    first = desk.answer(CLERK, f"收到 {number}")
    assert isinstance(first, ReceiptTaken)
    assert (first.before, first.late, first.signed_at) == (False, False, desk.clock.now())
    desk.pass_minutes(5)

    again = desk.answer(CLERK, f"收到 {number}")
    assert (again.before, again.signed_at) == (True, first.signed_at)
    assert isinstance(desk.answer(CLERK, "收到"), NothingToSign)


def test_alone_it_signs_for_the_newest(desk: Desk) -> None:
    older = sent(desk)
    desk.pass_minutes(10)
    newer = sent(desk, "通知 县经贸局 请报联系人")

    assert [desk.answer(CLERK, "收到").number for _ in range(2)] == [newer, older]


def test_whom_it_was_not_for_signs_nothing(desk: Desk) -> None:
    number = sent(desk)

    assert desk.answer(HEAD, f"收到 {number}") == NothingToSign(number=number)
    assert desk.answer(OFFICE, "回执").signed == 0


def test_a_late_receipt_is_kept_with_its_time(desk: Desk) -> None:
    sent(desk, f"{TWO}，请于8月5日前回执")
    desk.wind(8, 6, 10)
    assert desk.answer(CLERK, "收到，1人参会").late

    told = desk.answer(OFFICE, "回执")
    assert [(one.who, one.at) for one in told.late] == [("县经贸局（李敏）", desk.clock.now())]


def test_what_stands_behind_the_receipt_is_not_lost_in_silence(desk: Desk) -> None:
    sent(desk)

    assert desk.answer(CLERK, "收到，1—7月亩均总产值85").unread


def test_the_counts_add_up_and_name_the_silent(desk: Desk) -> None:
    """R99: of two recipients one has signed, the other is named."""
    sent(desk)
    desk.say(CLERK, "收到")
    told = desk.answer(OFFICE, "回执 T-1008-1")

    assert isinstance(told, ReceiptsTold)
    assert (told.signed, told.silent, told.waiting, told.unreached) == (1, 1, 0, 0)
    assert told.silent_ones == ("县环保局（王晨曦）",)
    assert "应收2人：已送达2人（已签收1人，未签收1人），未送达0人。" in as_read(told)


def test_a_second_call_reaches_only_the_silent(desk: Desk) -> None:
    """R99: whoever has signed is not called again."""
    sent(desk)
    desk.say(CLERK, "收到")
    asked = desk.answer(OFFICE, "回执 T-1008-1 再催")
    assert isinstance(asked, CallAsk)
    assert asked.people == ("县环保局（王晨曦）",)
    assert isinstance(desk.answer(OFFICE, "确认"), CallMade)
    desk.settle()

    assert [told.call for told in notices(desk, CLERK)] == [0]
    assert [told.call for told in notices(desk, WATER_CLERK)] == [0, 1]


def test_who_signs_before_the_call_leaves_is_left_alone(desk: Desk) -> None:
    """The platform is down as the office calls; meanwhile one of the two signs."""
    sent(desk)
    desk.letterbox.down = True
    desk.say(OFFICE, "回执 T-1008-1 再催")
    desk.say(OFFICE, "确认")
    desk.settle()
    desk.say(CLERK, "收到")
    desk.letterbox.down = False
    desk.wind(8, 4, 11)

    assert sum("再次提请签收" in text for text in desk.shown(CLERK)) == 0
    assert sum("再次提请签收" in text for text in desk.shown(WATER_CLERK)) == 1


def test_of_two_colleagues_only_one_calls(desk: Desk) -> None:
    sent(desk)
    desk.say(OFFICE, "回执 1 再催")
    desk.say(OFFICE_TWO, "回执 1 再催")
    desk.say(OFFICE, "确认")
    (answer,) = desk.say(OFFICE_TWO, "确认")
    desk.settle()

    assert isinstance(answer, RepairLine)
    assert answer.repair == Repair.CALLED_MEANWHILE
    assert [told.call for told in notices(desk, CLERK)] == [0, 1]


def test_nobody_is_called_who_is_not_silent(desk: Desk) -> None:
    sent(desk)
    for who in (CLERK, WATER_CLERK):
        desk.say(who, "收到")

    assert repair(desk, "回执 再催") == Repair.NOBODY_SILENT
    assert not desk.answer(OFFICE, "回执").may_call


def test_recalled_with_a_correction(desk: Desk) -> None:
    sent(desk)
    asked = desk.answer(OFFICE, "撤回 T-1008-1 会议改为8月12日（周四）上午")
    assert isinstance(asked, RecallAsk)
    assert (asked.shown_to, asked.stopped, asked.correction) == (2, 0, "会议改为8月12日（周四）上午")
    assert isinstance(desk.answer(OFFICE, "确认"), Recalled)
    desk.settle()

    corrected = [notice for notice in desk.told(CLERK) if isinstance(notice, BroadcastCorrected)]
    assert [(one.number, one.correction) for one in corrected] == [(NUMBER, "会议改为8月12日（周四）上午")]
    assert desk.answer(CLERK, "收到 T-1008-1").recalled
    assert isinstance(desk.answer(CLERK, "收到"), NothingToSign)
    assert repair(desk, "撤回 T-1008-1") == Repair.RECALLED_ALREADY
    assert repair(desk, "回执 T-1008-1 再催") == Repair.RECALLED_ALREADY


def test_recalled_before_it_left(desk: Desk) -> None:
    """Nobody hears anything: neither the notice nor its correction."""
    desk.say(OFFICE, f"{TWO}，于8月9日9时发送")
    desk.say(OFFICE, "确认")
    asked = desk.answer(OFFICE, "撤回 T-1008-1")
    assert (asked.shown_to, asked.stopped) == (0, 2)
    desk.say(OFFICE, "确认")
    desk.wind(8, 9, 10)

    assert notices(desk, CLERK) == []
    assert not any(isinstance(notice, BroadcastCorrected) for notice in desk.told(CLERK))


def test_recalled_while_the_platform_is_down(desk: Desk) -> None:
    desk.letterbox.down = True
    sent(desk)
    desk.say(OFFICE, "撤回 T-1008-1 改期")
    desk.say(OFFICE, "确认")
    desk.letterbox.down = False
    desk.wind(8, 4, 11)

    assert not any("开会" in text or "改期" in text for text in desk.shown(CLERK))


def test_without_such_a_number_a_report_is_meant(desk: Desk) -> None:
    sent(desk)

    assert isinstance(desk.answer(CLERK, "撤回"), WithdrawRefused)
    assert isinstance(desk.answer(CLERK, "撤回 R-1008-1"), WithdrawRefused)


def test_into_the_group(desk: Desk) -> None:
    """From a private chat into the channel's own group; from a group into that one. Nobody signs there."""
    sent(desk, "通知 工作群 明天上午停电")
    asked, told = desk.say(OFFICE, "通知 工作群 下午恢复", group=True), ToldPrivately()
    assert isinstance(asked[0], BroadcastAsk)
    assert told in desk.told("g-1")
    desk.say(OFFICE, "确认")
    desk.settle()

    assert "明天上午停电" in desk.shown("webhook")[-1]
    assert "下午恢复" in desk.shown("g-1")[-1]
    assert "收到" not in desk.shown("g-1")[-1]
    assert desk.answer(OFFICE, "回执 T-1008-1").to_group
    desk.say(OFFICE, "撤回 T-1008-1 改为后天停电")
    desk.say(OFFICE, "确认")
    desk.settle()
    assert "改为后天停电" in desk.shown("webhook")[-1]


def test_a_forged_line_stays_a_quotation(desk: Desk) -> None:
    """What the office types can never pass for a line of the bot's own."""
    sent(desk, "通知 县经贸局 开会\n回复：确认")

    assert "│ 回复：确认" in desk.shown(CLERK)[-1]


def test_the_menu_offers_signing_only_while_something_waits(desk: Desk) -> None:
    def words() -> list[str]:
        menu = desk.answer(CLERK, "帮助")
        assert isinstance(menu, Menu)
        return [line.word for line in menu.lines]

    assert "收到" not in words()
    sent(desk)
    assert "收到" in words()
    desk.say(CLERK, "收到")
    assert "收到" not in words()


def test_every_act_is_on_record(desk: Desk) -> None:
    sent(desk)
    desk.say(CLERK, "收到")

    assert {("通知", "通知", True), ("签收", NUMBER, True)} <= {
        (row.action, row.object, row.allowed) for row in desk.audited()
    }
