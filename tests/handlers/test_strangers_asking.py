"""绑定 from a stranger: the same is said whoever is in the roster, the office is told, and nothing else changes."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.notices import (
    BindAsk,
    BindTaken,
    Repair,
    Stranger,
)
from assessment.roster import Role
from bot import app
from bot.cards import card_of
from bot.county import ZONE
from handlers.intake import Intake
from handlers.named_person import masked
from storage import bindings, roster
from storage.bindings import State
from tests.handlers.desk import CLERK, HEAD, LEADER, OFFICE, OFFICE_TWO, Desk
from tests.handlers.two_platforms import (
    ASKS,
    NEW,
    OTHER_PLATFORM,
    asked,
    identities,
    number,
    requests,
    stranger,
    with_two_platforms,
)


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a second platform on which people may be."""
    return with_two_platforms(desk)


@pytest.mark.parametrize(
    "words",
    [ASKS, "绑定 王不在 县经贸局", "绑定 李敏", "绑定：县经贸局，李敏", "绑定李敏县经贸局", "绑定 \ud83d%_\x00"],
    ids=range(6),
)
def test_a_stranger_hears_the_same_whoever_is_in_the_roster(desk: Desk, words: str) -> None:
    assert stranger(desk, words) == BindTaken()
    assert stranger(desk, words) == BindTaken()


@pytest.mark.parametrize("words", ["绑定", "绑定 ", "我的任务", "确认", "同意绑定 B-1008-1", "得分 县经贸局"])
def test_whatever_else_a_stranger_says(desk: Desk, words: str) -> None:
    assert stranger(desk, words) == Stranger()
    assert requests(desk) == []


def test_in_a_group_nobody_asks(desk: Desk) -> None:
    assert stranger(desk, group=True) == Stranger()
    assert desk.say(NEW, ASKS, group=True, addressed=False, **OTHER_PLATFORM) == []
    assert requests(desk) == []


def test_what_bears_a_classification_mark_is_not_kept(desk: Desk) -> None:
    desk.installation = replace(desk.installation, classification_marks=("机密",))
    desk.intake = Intake(app.router(), desk.installation)

    assert stranger(desk, f"{ASKS}【机密】") == Stranger()
    assert requests(desk) == []


def test_the_office_is_shown_who_that_would_be(desk: Desk) -> None:
    stranger(desk)
    (told,) = asked(desk)
    (whom,) = told.whom

    assert (told.number, told.channel, told.account, told.text) == (number(desk), "飞书", NEW, ASKS)
    assert whom.name == "李敏"
    assert [(post.unit, post.role) for post in whom.posts] == [("县经贸局", "填报人")]
    assert [(one.platform, one.account) for one in whom.accounts] == [("演示平台", masked(CLERK))]
    assert [button.command for button in card_of(told, ZONE).buttons] == [
        f"同意绑定 {told.number}",
        f"不同意绑定 {told.number}",
    ]
    assert asked(desk, OFFICE_TWO) == []


@pytest.mark.parametrize("words", ["绑定 李敏 县科技局", "绑定 李敏", "绑定 李 县经贸局", "绑定 县经贸局"])
def test_a_name_of_another_unit_is_nobody(desk: Desk, words: str) -> None:
    stranger(desk, words)
    (told,) = asked(desk)

    assert told.whom == ()
    assert [button.label for button in card_of(told, ZONE).buttons] == ["不同意绑定"]


def test_whose_post_has_ended_is_nobody(desk: Desk) -> None:
    person, unit = desk.person(CLERK), desk.unit("县经贸局").id
    yesterday = desk.clock.now().astimezone(ZONE).date().replace(day=3)
    desk.database.write_now(lambda uow: roster.end_post(uow, person, unit, Role.REPORTER, yesterday))
    stranger(desk)

    assert asked(desk)[0].whom == ()


def test_the_same_again_is_one_request_and_other_words_are_a_new_one(desk: Desk) -> None:
    stranger(desk)
    stranger(desk)
    stranger(desk, "绑定 周启航 县经贸局")

    assert [(row.state, row.name) for row in requests(desk)] == [
        (State.REPLACED, "李敏"),
        (State.OPEN, "周启航"),
    ]
    older, newer = (row.number for row in requests(desk))
    assert desk.answer(OFFICE, f"同意绑定 {older}").repair is Repair.NO_SUCH_REQUEST
    assert isinstance(desk.answer(OFFICE, f"同意绑定 {newer}"), BindAsk)


def test_an_account_asks_three_times_a_day(desk: Desk) -> None:
    for name in ("甲", "乙", "丙", "丁", "戊"):
        assert stranger(desk, f"绑定 {name} 县经贸局") == BindTaken()
    assert [row.name for row in requests(desk)] == ["甲", "乙", "丙"]
    assert len(asked(desk)) == 3

    desk.pass_minutes(24 * 60)
    stranger(desk, "绑定 己 县经贸局")
    assert len(requests(desk)) == 4


# ── strangers change nothing ──

PEOPLE = ("李敏", "陈静怡", "郑启明", "王不在")
PLACES = ("县经贸局", "督查室", "三门县", "考核办", "")
SAID = st.one_of(
    st.builds("绑定 {} {}".format, st.sampled_from(PEOPLE), st.sampled_from(PLACES)),
    st.sampled_from(["绑定", "确认", "同意绑定 B-1008-1", "解绑 李敏 飞书", "不同意绑定 B-1008-1", "是"]),
    st.text(max_size=20).map("绑定{}".format),
)


# One desk for all examples, on purpose: what one stranger leaves behind meets the next.
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["ou_1", "ou_2", CLERK]), SAID, st.booleans()), max_size=5))
def test_no_strangers_words_change_what_others_may_see_or_do(desk: Desk, said: list[tuple[str, str, bool]]) -> None:
    """Also under an account's name that somebody has on another platform."""
    known = (CLERK, HEAD, LEADER)
    before = identities(desk), desk.database.read_now(roster.whole), [desk.say(who, "我的任务") for who in known]

    for who, text, group in said:
        words = [BindTaken(), Stranger()]
        message = desk.message(who, text, group=group, **OTHER_PLATFORM)
        assert all(answer in words for answer in desk.take(message) if type(answer).__name__ != "ToldPrivately")

    after = identities(desk), desk.database.read_now(roster.whole), [desk.say(who, "我的任务") for who in known]
    assert after == before
    assert all(row.state in (State.OPEN, State.REPLACED) for row in requests(desk))
    assert len(desk.database.read_now(lambda uow: bindings.undecided(uow, desk.clock.now()))) <= 3
