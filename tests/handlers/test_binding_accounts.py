"""绑定: the office says whose an account is, and nothing but the account changes."""

from typing import Any

import pytest

from assessment.notices import (
    AlreadyBound,
    BindAsk,
    BindDeclined,
    BindTaken,
    Bound,
    BoundElsewhere,
    BoundHere,
    Menu,
    NothingAsked,
    Refused,
    Repair,
    Stranger,
    TaskList,
)
from assessment.roster import Role
from bot.county import CHANNEL, ZONE
from handlers.named_person import masked
from storage import roster
from storage.bindings import State
from tests.handlers.desk import CLERK, DEPUTY, HEAD, LEADER, OFFICE, OFFICE_TWO, WATER_CLERK, Desk, as_read
from tests.handlers.two_platforms import (
    ASKS,
    NEW,
    asked,
    identities,
    number,
    requests,
    stranger,
    with_two_platforms,
)

WEEK = 7 * 24 * 60


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a second platform on which people may be."""
    return with_two_platforms(desk)


def bound(desk: Desk, text: str = ASKS, who: str = NEW) -> Any:
    """The account asks, and the office agrees at once."""
    stranger(desk, text, who)
    desk.say(OFFICE, f"同意绑定 {number(desk)}")
    return desk.answer(OFFICE, "确认")


def test_the_office_binds_and_the_person_is_there(desk: Desk) -> None:
    before = identities(desk)
    stranger(desk)
    ask = desk.answer(OFFICE, f"同意绑定 {number(desk)}")
    assert isinstance(ask, BindAsk)
    assert (ask.account, ask.text, ask.whom.name) == (NEW, ASKS, "李敏")
    assert stranger(desk, "我的任务") == Stranger(), "nothing is bound before 确认"

    done = desk.answer(OFFICE, "确认")

    assert isinstance(done, Bound)
    assert identities(desk) == [*before, (desk.person(CLERK), "feishu", "county-tenant", NEW, False)]
    assert isinstance(stranger(desk, "我的任务"), TaskList)
    assert [type(notice) for notice in desk.told(NEW)].count(BoundHere) == 1
    (row,) = requests(desk)
    assert (row.state, row.person, row.decided_by) == (State.AGREED, desk.person(CLERK), desk.person(OFFICE))
    assert (row.number, True) in {(line.object, line.allowed) for line in desk.audited() if line.action == "绑定"}


def test_the_older_accounts_are_told(desk: Desk) -> None:
    bound(desk)
    (warning,) = [notice for notice in desk.told(CLERK) if isinstance(notice, BoundElsewhere)]

    assert (warning.account.platform, warning.account.account) == ("飞书", masked(NEW))
    assert "立即联系主管单位" in as_read(warning)


def test_messages_that_we_start_go_where_they_went(desk: Desk) -> None:
    bound(desk)
    person = desk.person(CLERK)

    assert desk.database.read_now(lambda uow: roster.address(uow, person)) == roster.Address(CHANNEL, CLERK)
    (greeting,) = [notice for notice in desk.told(NEW) if isinstance(notice, BoundHere)]
    assert greeting.main == "演示平台"


def test_the_office_names_the_person(desk: Desk) -> None:
    stranger(desk, "绑定 小李 经贸")
    refusal = desk.answer(OFFICE, f"同意绑定 {number(desk)}")
    assert refusal.repair is Repair.BIND_WHOM

    ask = desk.answer(OFFICE, f"同意绑定 {number(desk)} 周启航 经贸局")

    assert isinstance(ask, BindAsk)
    assert (ask.whom.name, ask.text) == ("周启航", "绑定 小李 经贸")
    desk.say(OFFICE, "确认")
    assert identities(desk)[-1] == (desk.person(DEPUTY), "feishu", "county-tenant", NEW, False)


def test_of_two_of_one_name_the_role_tells(desk: Desk) -> None:
    def namesake(uow: Any) -> int:
        person = roster.add_person(uow, "李敏", CHANNEL, CHANNEL, "jingmao-li-2")
        unit = roster.whole(uow).named("县经贸局")
        assert unit is not None
        roster.add_post(uow, person, unit.id, Role.HEAD)
        return person

    second = desk.database.write_now(namesake)
    stranger(desk)
    assert len(asked(desk)[0].whom) == 2
    assert desk.answer(OFFICE, f"同意绑定 {number(desk)}").repair is Repair.BIND_WHICH_OF_SEVERAL

    desk.say(OFFICE, f"同意绑定 {number(desk)} 李敏 县经贸局 主要负责人")
    desk.say(OFFICE, "确认")

    assert identities(desk)[-1] == (second, "feishu", "county-tenant", NEW, False)


@pytest.mark.parametrize("who", [CLERK, HEAD, LEADER, WATER_CLERK])
@pytest.mark.parametrize("word", ["同意绑定", "不同意绑定"])
def test_nobody_but_the_office_decides(desk: Desk, who: str, word: str) -> None:
    stranger(desk)

    assert desk.answer(who, f"{word} {number(desk)}") == Refused()
    assert requests(desk)[0].state == State.OPEN


def test_who_has_left_the_office_does_not_confirm(desk: Desk) -> None:
    stranger(desk)
    desk.say(OFFICE, f"同意绑定 {number(desk)}")
    today = desk.clock.now().astimezone(ZONE).date()
    (post,) = desk.database.read_now(roster.whole).posts_of(desk.person(OFFICE), today)
    yesterday = today.replace(day=3)
    desk.database.write_now(lambda uow: roster.end_post(uow, post.person, post.unit, post.role, yesterday))

    assert desk.answer(OFFICE, "确认") == Refused()
    assert requests(desk)[0].state == State.OPEN


def test_whose_post_ends_in_between_is_bound_no_more(desk: Desk) -> None:
    stranger(desk)
    desk.say(OFFICE, f"同意绑定 {number(desk)}")
    person, unit = desk.person(CLERK), desk.unit("县经贸局").id
    yesterday = desk.clock.now().astimezone(ZONE).date().replace(day=3)
    desk.database.write_now(lambda uow: roster.end_post(uow, person, unit, Role.REPORTER, yesterday))

    assert desk.answer(OFFICE, "确认").repair is Repair.BIND_WHOM
    assert stranger(desk, "我的任务") == Stranger()


def test_nobody_binds_an_account_of_ones_own(desk: Desk) -> None:
    """Of two in the office the other one is asked, and only that one may."""
    stranger(desk, "绑定 陈静怡 督查室")
    assert asked(desk, OFFICE) == []
    assert len(asked(desk, OFFICE_TWO)) == 1

    assert desk.answer(OFFICE, f"同意绑定 {number(desk)}").repair is Repair.BIND_BY_ANOTHER
    assert any(not line.allowed for line in desk.audited() if line.action == "绑定")

    assert isinstance(desk.answer(OFFICE_TWO, f"同意绑定 {number(desk)}"), BindAsk)
    assert isinstance(desk.answer(OFFICE_TWO, "确认"), Bound)


def test_the_office_hears_of_it_although_one_is_out_of_reach(desk: Desk) -> None:
    person = desk.person(OFFICE)
    (identity,) = desk.database.read_now(lambda uow: roster.identities(uow, person))
    desk.database.write_now(lambda uow: roster.unbind(uow, identity.id))
    stranger(desk)

    assert len(asked(desk, OFFICE_TWO)) == 1


def test_of_two_confirmations_one_counts(desk: Desk) -> None:
    stranger(desk)
    desk.say(OFFICE, f"同意绑定 {number(desk)}")
    desk.say(OFFICE_TWO, f"同意绑定 {number(desk)} 周启航 县经贸局")
    desk.say(OFFICE, "确认")

    assert desk.answer(OFFICE_TWO, "确认").repair is Repair.NO_SUCH_REQUEST
    assert identities(desk)[-1][0] == desk.person(CLERK)


def test_an_account_that_became_anothers_is_left_alone(desk: Desk) -> None:
    """Between the request and 确认 the roster was imported with that account."""
    stranger(desk)
    desk.say(OFFICE, f"同意绑定 {number(desk)}")
    desk.database.write_now(lambda uow: roster.add_person(uow, "赵新任", "feishu", "county-tenant", NEW))
    before = identities(desk)

    answer = desk.answer(OFFICE, "确认")

    assert answer.repair is Repair.BOUND_TO_OTHER
    assert "赵新任" in as_read(answer)
    assert identities(desk) == before
    desk.say(OFFICE, f"不同意绑定 {number(desk)}")
    assert Stranger() not in desk.told(NEW), "who is known is no stranger"


def test_a_request_lapses_after_seven_days(desk: Desk) -> None:
    stranger(desk)
    desk.pass_minutes(WEEK - 1)
    assert isinstance(desk.answer(OFFICE, f"同意绑定 {number(desk)}"), BindAsk)
    desk.pass_minutes(1)

    assert desk.answer(OFFICE, "确认").repair is Repair.NO_SUCH_REQUEST
    assert desk.answer(OFFICE, f"同意绑定 {number(desk)}").repair is Repair.NO_SUCH_REQUEST
    assert desk.answer(OFFICE, "同意绑定") == NothingAsked()
    assert stranger(desk) == BindTaken()
    assert [row.state for row in requests(desk)] == [State.REPLACED, State.OPEN]


def test_the_list_and_the_menu(desk: Desk) -> None:
    def offered() -> bool:
        menu = desk.answer(OFFICE, "帮助")
        assert isinstance(menu, Menu)
        return any(line.word == "同意绑定" for line in menu.lines)

    assert not offered()
    assert desk.answer(OFFICE, "同意绑定") == NothingAsked()
    stranger(desk)
    stranger(desk, "绑定 周启航 县经贸局", "ou_another1")

    assert offered()
    assert [one.text for one in desk.say(OFFICE, "同意绑定")] == [ASKS, "绑定 周启航 县经贸局"]  # type: ignore[attr-defined]


def test_the_office_declines_and_gives_strangers_no_reason(desk: Desk) -> None:
    stranger(desk)
    done = desk.answer(OFFICE, f"不同意绑定 {number(desk)} 电话核实不是本人")

    assert isinstance(done, BindDeclined)
    assert desk.told(NEW) == [BindTaken(), Stranger()]
    (row,) = requests(desk)
    assert (row.state, row.reason) == (State.DECLINED, "电话核实不是本人")
    assert desk.answer(OFFICE, f"同意绑定 {row.number}").repair is Repair.NO_SUCH_REQUEST


def test_who_is_known_hears_as_whom(desk: Desk) -> None:
    answer = desk.answer(CLERK, "绑定 周启航 县经贸局")

    assert isinstance(answer, AlreadyBound)
    assert (answer.whom.name, answer.offices) == ("李敏", ("县委县政府督查室",))
    assert requests(desk) == []


def test_binding_moves_no_posts(desk: Desk) -> None:
    before = desk.database.read_now(roster.whole)
    bound(desk, "绑定 郑启明 三门县")
    after = desk.database.read_now(roster.whole)

    assert (after.units, after.people, after.posts) == (before.units, before.people, before.posts)
