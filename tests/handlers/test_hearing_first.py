"""先听情况说明: the office asks a unit to speak before it decides, and 核定 waits for that."""

from datetime import date, datetime
from functools import partial

import pytest

from assessment.notices import (
    DecideAsk,
    Decided,
    DecideList,
    HearingAsked,
    HearingTold,
    Menu,
    Refused,
    Repair,
    RepairLine,
    StatementTaken,
)
from assessment.roster import Role
from bot.cards import card_of
from bot.channels.card import Button
from bot.county import ZONE
from storage import roster
from tests.handlers.desk import (
    CLERK,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    WATER_CLERK,
    Desk,
    as_read,
)

WATER_HEAD = "huanbao-yan"
HEARING = "先听情况说明"


def hearings(desk: Desk, who: str) -> list[HearingTold]:
    return [notice for notice in desk.told(who) if isinstance(notice, HearingTold)]


def pressed(answer: DecideList) -> list[str]:
    return [button.command for button in card_of(answer, ZONE).buttons]


# ── the list ──


def test_beside_the_button_to_decide_stands_one_to_hear_first(desk: Desk, ripe: str) -> None:
    answer = desk.answer(OFFICE, "核定")
    mine = [button for button in card_of(answer, ZONE).buttons if ripe in button.command]

    assert [button.command for button in mine] == [f"核定 {ripe}", f"{HEARING} {ripe}"]
    assert all(isinstance(button, Button) and len(button.label) <= 20 for button in mine)


def test_not_while_the_days_for_a_statement_run(desk: Desk, proposal: str) -> None:
    assert pressed(desk.answer(OFFICE, "核定")) == []


def test_what_waits_stands_below_what_can_be_decided_with_its_day(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.say(OFFICE, "扣分 县环保局 U7 拒不提供资料")
    other = desk.answer(OFFICE, "确认").line.number
    desk.say(WATER_CLERK, f"情况说明 {other} 资料已于当日补交")
    answer = desk.answer(OFFICE, "核定")
    said = as_read(answer)

    assert said.index(f"{other} 县环保局") < said.index("等候情况说明")
    assert said.index("等候情况说明") < said.index(f"{ripe} 县环保局")
    assert "已请先作情况说明，说明期至8月18日（周三）24:00，此前核定须写明理由" in said
    assert pressed(answer) == [f"核定 {other}", f"{HEARING} {other}"]


# ── asking ──


@pytest.mark.parametrize("typed", ["先听情况说明 {p}", "先听情况说明{p}", "先听情况说明 {s}", "先听说明 {p}"])
def test_the_unit_is_told_once_by_when_and_how(desk: Desk, ripe: str, typed: str) -> None:
    """Three workdays after the Friday on which it is told: Monday to Wednesday, until 24:00."""
    asked = desk.answer(OFFICE, typed.format(p=ripe, s=ripe.rsplit("-", 1)[1]))

    assert isinstance(asked, HearingAsked)
    assert asked.line.statement_until == datetime(2010, 8, 19, tzinfo=ZONE)
    for who in (WATER_CLERK, WATER_HEAD):
        (told,) = hearings(desk, who)
        assert f"请于8月18日（周三）24:00前回复“情况说明 {ripe} 内容”" in as_read(told)
    assert hearings(desk, CLERK) == []
    assert {"王晨曦"} <= set(asked.told)


def test_what_the_office_wants_to_know_is_passed_on_in_its_words(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe} 请说明延误原因")

    assert "│ 请说明延误原因" in as_read(hearings(desk, WATER_CLERK)[0])


def test_after_office_hours_the_unit_is_told_in_the_morning(desk: Desk, ripe: str) -> None:
    """On Friday evening: told on Monday, so that the three days end on Thursday (decisions of the house, 5)."""
    desk.wind(8, 13, 20, 0)
    asked = desk.answer(OFFICE, f"{HEARING} {ripe}")

    assert "将于8月16日 09:00发给" in as_read(asked)
    assert asked.line.statement_until == datetime(2010, 8, 20, tzinfo=ZONE)
    desk.deliver()
    assert not [said for said in desk.shown(WATER_CLERK) if "请作情况说明" in said]


def test_asking_twice_is_answered_with_the_day(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    again = desk.answer(OFFICE_TWO, f"{HEARING} {ripe} 还有一个问题")

    assert isinstance(again, RepairLine)
    assert again.repair is Repair.BEING_HEARD
    assert "8月18日（周三）24:00前" in as_read(again)
    assert len(hearings(desk, WATER_CLERK)) == 1


def test_while_the_first_days_run_there_is_nothing_to_ask_for(desk: Desk, proposal: str) -> None:
    answer = desk.answer(OFFICE, f"{HEARING} {proposal}")

    assert answer.repair is Repair.BEING_HEARD
    assert "8月12日（周四）24:00前" in as_read(answer)


def test_days_that_passed_in_silence_open_the_decision_and_another_asking(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.wind(8, 19, 9, 5)

    assert "已请先作情况说明，至8月18日（周三）24:00未收到说明" in as_read(desk.answer(OFFICE, "核定"))
    assert desk.answer(OFFICE, f"核定 {ripe}").early == ()
    desk.say(OFFICE, "取消")
    assert isinstance(desk.answer(OFFICE, f"{HEARING} {ripe}"), HearingAsked)
    assert len(hearings(desk, WATER_CLERK)) == 2


@pytest.mark.parametrize(
    ("typed", "repair"),
    [("先听情况说明 P-1008-9999", Repair.NOTHING_TO_DECIDE), ("先听情况说明 {added}", Repair.NOTHING_TO_HEAR)],
)
def test_what_cannot_be_heard(desk: Desk, ripe: str, typed: str, repair: Repair) -> None:
    desk.say(OFFICE, "加分 县环保局 U6 抽用1次")
    added = desk.answer(OFFICE, "确认").line.number

    assert desk.answer(OFFICE, typed.format(added=added)).repair is repair
    assert hearings(desk, WATER_CLERK) == []


def test_without_a_number_the_list_is_shown_and_nobody_is_asked(desk: Desk, ripe: str) -> None:
    assert isinstance(desk.answer(OFFICE, HEARING), DecideList)
    assert hearings(desk, WATER_CLERK) == []


def nobody_left(desk: Desk) -> None:
    """Everybody of 县环保局 has left since."""
    unit, last = desk.unit("县环保局").id, date(2010, 8, 12)
    for who, role in ((WATER_CLERK, Role.REPORTER), (WATER_HEAD, Role.HEAD)):
        person = desk.person(who)
        desk.database.write_now(partial(roster.end_post, person=person, unit=unit, role=role, last_day=last))


def test_where_nobody_can_be_reached_no_days_run(desk: Desk, ripe: str) -> None:
    """However long it lasts: 核定 takes a reason, until somebody has been told by other means."""
    nobody_left(desk)
    asked = desk.answer(OFFICE, f"{HEARING} {ripe}")
    assert asked.told == ()
    assert "无法送达" in as_read(asked)
    assert f"电话等方式告知后，请回复“{HEARING} {ripe} 已电话告知”" in as_read(asked)
    assert "说明期至" not in as_read(asked)

    desk.wind(9, 20, 9, 5)
    (line,) = [line for line in desk.answer(OFFICE, "核定").lines if line.number == ripe]
    assert (line.decidable, line.untold) == (False, True)
    plain = desk.answer(OFFICE, f"核定 {ripe}")
    assert plain.repair is Repair.NOBODY_TOLD
    assert f"{HEARING} {ripe} 已电话告知" in as_read(plain)
    assert isinstance(desk.answer(OFFICE, f"核定 {ripe} 原负责人已书面认可"), DecideAsk)


@pytest.mark.parametrize("words", ["已电话告知", "已于8月13日书面告知赵局长"])
def test_told_by_other_means_the_days_begin(desk: Desk, ripe: str, words: str) -> None:
    nobody_left(desk)
    desk.say(OFFICE, f"{HEARING} {ripe}")
    noted = desk.answer(OFFICE_TWO, f"{HEARING} {ripe} {words}")
    assert noted.otherwise
    assert "说明期至8月18日（周三）24:00" in as_read(noted)
    assert any(words in row.basis for row in desk.audited())

    assert desk.answer(OFFICE, f"核定 {ripe}").repair is Repair.REASON_OF_HASTE
    desk.wind(8, 19, 9, 5)
    assert desk.answer(OFFICE, f"核定 {ripe}").early == ()


def test_whoever_can_be_reached_by_now_is_told_when_it_is_asked_again(desk: Desk, ripe: str) -> None:
    nobody_left(desk)
    desk.say(OFFICE, f"{HEARING} {ripe}")
    person, unit = desk.person(WATER_CLERK), desk.unit("县环保局").id
    desk.database.write_now(lambda uow: roster.add_post(uow, person, unit, Role.REPORTER, date(2010, 8, 13)))
    again = desk.answer(OFFICE, f"{HEARING} {ripe} 请说明延误原因")

    assert again.told == ("王晨曦",)
    assert again.line.statement_until == datetime(2010, 8, 19, tzinfo=ZONE)
    assert len(hearings(desk, WATER_CLERK)) == 1


def test_words_of_the_unit_open_the_decision_although_nobody_was_told(desk: Desk, ripe: str) -> None:
    person, unit = desk.person(WATER_CLERK), desk.unit("县环保局").id
    nobody_left(desk)
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.database.write_now(lambda uow: roster.add_post(uow, person, unit, Role.REPORTER, date(2010, 8, 13)))
    taken = desk.answer(WATER_CLERK, f"情况说明 {ripe} 已于当日办结")

    assert isinstance(taken, StatementTaken)
    assert not taken.late
    assert desk.answer(OFFICE, f"核定 {ripe}").early == ()


def test_the_list_says_from_when_something_may_be_decided(desk: Desk, proposal: str) -> None:
    assert "目前没有可以核定的事项，最早于8月12日（周四）24:00期满后核定" in as_read(desk.answer(OFFICE, "核定"))


def test_and_says_nothing_of_that_where_something_is_ripe(desk: Desk, ripe: str) -> None:
    assert "目前没有可以核定" not in as_read(desk.answer(OFFICE, "核定"))


# ── who may ──


@pytest.mark.parametrize("who", [WATER_CLERK, WATER_HEAD, LEADER, IN_CHARGE, CLERK, HEAD])
def test_only_the_office_asks(desk: Desk, ripe: str, who: str) -> None:
    assert [type(answer) for answer in desk.say(who, f"{HEARING} {ripe}")] == [Refused]
    assert hearings(desk, WATER_CLERK) == []
    assert not desk.audited()[0].allowed


def test_who_asked_is_on_record(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE_TWO, f"{HEARING} {ripe}")
    newest = desk.audited()[0]

    assert (newest.person, newest.action, newest.object, newest.allowed) == (
        desk.person(OFFICE_TWO),
        HEARING,
        ripe,
        True,
    )


def test_nobody_asks_on_the_own_unit(desk: Desk, ripe: str) -> None:
    """As with 核定: who also reports for the unit does not steer its proceedings."""
    person, unit = desk.person(OFFICE), desk.unit("县环保局").id
    desk.database.write_now(lambda uow: roster.add_post(uow, person, unit, Role.REPORTER, date(2010, 8, 1)))

    assert isinstance(desk.answer(OFFICE, f"{HEARING} {ripe}"), Refused)
    assert hearings(desk, WATER_CLERK) == []


def test_help_names_it_while_there_is_something_to_hear(desk: Desk, ripe: str) -> None:
    def offered() -> set[str]:
        menu = desk.answer(OFFICE, "帮助")
        assert isinstance(menu, Menu)
        return {line.word for line in menu.lines}

    assert HEARING in offered()
    for row in desk.answer(OFFICE, "核定").lines:
        desk.say(OFFICE, f"{HEARING} {row.number}")
    assert HEARING not in offered()


# ── deciding ──


def test_meanwhile_a_decision_needs_a_reason(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    plain = desk.answer(OFFICE, f"核定 {ripe}")
    early = desk.answer(OFFICE, f"核定 {ripe} 事实清楚")

    assert plain.repair is Repair.REASON_OF_HASTE
    assert isinstance(early, DecideAsk)
    assert early.early == (ripe,)
    assert isinstance(desk.answer(OFFICE, "确认"), Decided)


def test_a_bulk_decision_leaves_it_out(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.say(OFFICE, "核定 全部")
    desk.say(OFFICE, "确认")

    assert desk.entries("县环保局") == []


def test_its_words_open_the_decision_and_are_shown(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.say(WATER_CLERK, f"情况说明 {ripe} 方案已送会签")

    assert any(isinstance(notice, StatementTaken) for notice in desk.told(OFFICE))
    assert "│ 方案已送会签" in as_read(desk.answer(OFFICE, "核定"))
    assert desk.answer(OFFICE, f"核定 {ripe}").early == ()


def test_whoever_has_spoken_may_be_asked_again_and_the_old_words_open_nothing(desk: Desk, proposal: str) -> None:
    desk.say(WATER_CLERK, f"情况说明 {proposal} 方案已送会签")
    assert isinstance(desk.answer(OFFICE, f"{HEARING} {proposal} 何时送会签"), HearingAsked)

    assert desk.answer(OFFICE, f"核定 {proposal}").repair is Repair.REASON_OF_HASTE
    desk.say(WATER_CLERK, f"情况说明 {proposal} 7月29日")
    assert desk.answer(OFFICE, f"核定 {proposal}").early == ()
    assert "│ 方案已送会签\n│ 7月29日" in as_read(desk.answer(OFFICE, "核定"))


@pytest.mark.parametrize("decision", ["核定 {p}", "核定 {p} 事实清楚", "不予核定 {p} 已送达"])
def test_a_question_opened_before_decides_nothing_after(desk: Desk, ripe: str, decision: str) -> None:
    """One of the office is about to confirm when another asks the unit to speak."""
    desk.say(OFFICE, decision.format(p=ripe))
    desk.say(OFFICE_TWO, f"{HEARING} {ripe}")
    answer = desk.answer(OFFICE, "确认")

    assert answer.repair is Repair.HEARD_MEANWHILE
    assert desk.entries("县环保局") == []
    assert [line.hearing for line in desk.answer(OFFICE, "核定").lines if line.number == ripe] == [True]


def test_what_a_colleague_decided_cannot_be_heard(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE_TWO, f"核定 {ripe}")
    desk.say(OFFICE_TWO, "确认")

    assert desk.answer(OFFICE, f"{HEARING} {ripe}").repair is Repair.NOTHING_TO_DECIDE
