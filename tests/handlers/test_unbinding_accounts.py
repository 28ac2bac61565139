"""解绑: an account ends at once, its holder is told elsewhere, and what waited for it is not lost."""

from typing import Any

import pytest
from sqlmodel import select

from assessment.notices import (
    Proposed,
    Refused,
    Repair,
    Stranger,
    TaskList,
    UnbindAsk,
    Unbound,
    UnboundTold,
    Urging,
)
from assessment.roster import Role
from bot.county import CHANNEL, ZONE
from handlers.named_person import masked
from storage import broadcast_letters, forwarding, roster
from storage.broadcasts import BroadcastRow
from storage.outbox import OutboxRow, Priority, Status
from tests.handlers.desk import CLERK, HEAD, LEADER, OFFICE, OFFICE_TWO, Desk, as_read
from tests.handlers.two_platforms import NEW, OTHER_PLATFORM, with_two_platforms

LOST = "解绑 李敏 演示平台"


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """With a second platform, on which the clerk is as well."""
    with_two_platforms(desk)
    bind(desk, CLERK, NEW)
    return desk


def bind(desk: Desk, account: str, new: str) -> None:
    person = desk.person(account)
    assert desk.database.write_now(
        lambda uow: roster.bind(uow, person, OTHER_PLATFORM["channel"], OTHER_PLATFORM["tenant"], new)
    )


def accounts(desk: Desk, person: int) -> list[str]:
    return [one.account for one in desk.database.read_now(lambda uow: roster.identities(uow, person))]


def waiting(desk: Desk, recipient: str) -> list[OutboxRow]:
    return [row for row in desk.letters() if row.recipient == recipient and row.status == Status.QUEUED.value]


def unbound(desk: Desk, command: str = LOST) -> Any:
    desk.say(OFFICE, command)
    return desk.answer(OFFICE, "确认")


def test_the_account_is_a_strangers_at_once(desk: Desk) -> None:
    person = desk.person(CLERK)
    ask = desk.answer(OFFICE, LOST)
    assert isinstance(ask, UnbindAsk)
    assert (ask.whom.name, ask.account.account, ask.last) == ("李敏", masked(CLERK), False)
    assert isinstance(desk.answer(CLERK, "我的任务"), TaskList), "nothing ends before 确认"

    done = desk.answer(OFFICE, "确认")

    assert isinstance(done, Unbound)
    assert accounts(desk, person) == [NEW]
    assert desk.answer(CLERK, "我的任务") == Stranger()
    assert isinstance(desk.answer(NEW, "我的任务", **OTHER_PLATFORM), TaskList)
    assert [notice.by for notice in desk.told(NEW) if isinstance(notice, UnboundTold)] == ["陈静怡"]
    assert any(str(person) in line.object and line.allowed for line in desk.audited() if line.action == "解绑")


def test_a_question_that_was_open_there_is_not_answered_by_whoever_comes_next(desk: Desk) -> None:
    """The account is given to a colleague: nothing of the former holder's is left to confirm."""
    person = desk.person(OFFICE_TWO)
    bind(desk, OFFICE_TWO, "ou_wu")
    desk.say(OFFICE_TWO, "通知 全体 请按时报送")
    unbound(desk, "解绑 吴磊 演示平台")
    desk.database.write_now(lambda uow: roster.bind(uow, person, CHANNEL, CHANNEL, OFFICE_TWO))

    assert type(desk.answer(OFFICE_TWO, "确认")).__name__ == "NoQuestion"


def test_what_waits_goes_to_the_other_account(desk: Desk) -> None:
    """An urging of its round stays the same letter, still withdrawn when it is owed no more."""
    desk.wind(8, 6, 8, 55)
    desk.letterbox.down = True
    desk.wind(8, 6, 9, 5)
    before = [row for row in desk.letters() if row.recipient == CLERK and row.status == Status.RETRY.value]
    assert any(row.notice["kind"] == "Urging" for row in before)
    answers = [row for row in before if row.priority == Priority.ANSWER]

    ask = desk.answer(OFFICE, LOST)
    done = desk.answer(OFFICE, "确认")

    assert ask.waiting == done.moved == len(before) - len(answers)
    after = {row.id: row for row in desk.letters()}
    for row in before:
        now = after[row.id]
        assert (now.key, now.channel, now.recipient, now.status) == (row.key, "feishu", NEW, row.status)
        assert (now.pieces_sent, now.maybe_shown, now.first_sent_at) == (0, False, None)
    assert not waiting(desk, CLERK)
    assert any(isinstance(notice, Urging) for notice in desk.told(NEW))


def test_answers_are_not_sent_on(desk: Desk) -> None:
    """Whoever holds the lost telephone asked; nobody else did."""
    desk.say(CLERK, "我的任务")
    assert waiting(desk, CLERK)
    assert unbound(desk).moved == 0

    assert not waiting(desk, CLERK)
    assert [type(notice) for notice in desk.told(NEW)] == [UnboundTold]
    assert forwarding.UNBOUND in {row.reason for row in desk.letters()}


def test_the_last_account_ends_with_a_warning(desk: Desk) -> None:
    unbound(desk)
    ask = desk.answer(OFFICE, "解绑 李敏 飞书")
    assert ask.last
    assert "无法再向其发送通知" in as_read(ask)
    person = desk.database.read_now(lambda uow: roster.known(uow, "feishu", "county-tenant", NEW))
    assert person is not None

    done = desk.answer(OFFICE, "确认")

    assert accounts(desk, person) == []
    assert done.main == ""
    assert not waiting(desk, NEW)
    assert desk.database.read_now(lambda uow: roster.address(uow, person)) is None


def test_a_receipt_follows_its_letter(desk: Desk) -> None:
    desk.letterbox.down = True
    desk.say(OFFICE, "通知 县经贸局 请报送联系人名单，请于8月10日前回执")
    desk.say(OFFICE, "确认")
    desk.settle()
    unbound(desk)

    (letter,) = [row for row in desk.letters() if row.recipient == NEW and row.notice["kind"] == "BroadcastTold"]
    standing = desk.database.read_now(
        lambda uow: [one for one in broadcast_letters.standings(uow, broadcast_of(desk)) if one.letter == letter.key]
    )
    assert len(standing) == 1
    assert standing[0].status != Status.WITHDRAWN.value


def broadcast_of(desk: Desk) -> int:
    return desk.database.read_now(lambda uow: uow.rows(select(BroadcastRow.id)))[0]


@pytest.mark.parametrize("who", [CLERK, HEAD, LEADER])
def test_nobody_but_the_office_ends_an_account(desk: Desk, who: str) -> None:
    assert desk.answer(who, LOST) == Refused()
    assert len(accounts(desk, desk.person(CLERK))) == 2


def test_nobody_ends_an_account_of_ones_own(desk: Desk) -> None:
    bind(desk, OFFICE, "ou_chen")

    assert desk.answer(OFFICE, "解绑 陈静怡 飞书").repair is Repair.BIND_BY_ANOTHER
    assert isinstance(desk.answer(OFFICE_TWO, "解绑 陈静怡 飞书"), UnbindAsk)


def test_who_has_left_the_post_can_be_unbound(desk: Desk) -> None:
    person, unit = desk.person(CLERK), desk.unit("县经贸局").id
    yesterday = desk.clock.now().astimezone(ZONE).date().replace(day=3)
    desk.database.write_now(lambda uow: roster.end_post(uow, person, unit, Role.REPORTER, yesterday))

    assert unbound(desk, "解绑 李敏 经贸局 飞书").name == "李敏"
    assert accounts(desk, person) == [CLERK]


def test_of_two_accounts_on_one_platform_the_ending_tells(desk: Desk) -> None:
    bind(desk, CLERK, "ou_77777777")
    person = desk.person(CLERK)
    refusal = desk.answer(OFFICE, "解绑 李敏 飞书")
    assert refusal.repair is Repair.UNBIND_WHICH_ACCOUNT
    assert refusal.facts["accounts"] == "ou***21、ou***77"

    unbound(desk, "解绑 李敏 飞书 77")

    assert accounts(desk, person) == [CLERK, NEW]


@pytest.mark.parametrize(
    ("command", "repair"),
    [
        ("解绑", Repair.UNBIND_PLATFORM),
        ("解绑 李敏", Repair.UNBIND_PLATFORM),
        ("解绑 李敏 微信", Repair.UNBIND_PLATFORM),
        ("解绑 飞书", Repair.UNBIND_WHOM),
        ("解绑 王不在 飞书", Repair.UNBIND_WHOM),
        ("解绑 周启航 飞书", Repair.UNBIND_WHOM),
        ("解绑 李敏 县科技局 飞书", Repair.UNBIND_WHOM),
        ("解绑 李敏 飞书 99", Repair.UNBIND_WHICH_ACCOUNT),
    ],
    ids=range(8),
)
def test_what_is_missing_or_wrong(desk: Desk, command: str, repair: Repair) -> None:
    answer = desk.answer(OFFICE, command)

    assert answer.repair is repair
    assert as_read(answer)


def test_the_platform_may_be_named_by_its_channel(desk: Desk) -> None:
    assert isinstance(desk.answer(OFFICE, "解绑 李敏 feishu"), UnbindAsk)


def test_of_two_confirmations_one_counts(desk: Desk) -> None:
    desk.say(OFFICE, LOST)
    desk.say(OFFICE_TWO, LOST)
    desk.say(OFFICE, "确认")

    assert desk.answer(OFFICE_TWO, "确认").repair is Repair.UNBOUND_MEANWHILE


def test_nobody_is_reached_by_a_proposal_at_an_ended_account(desk: Desk) -> None:
    """Afterwards everything that we start goes to the account that is left."""
    unbound(desk)
    desk.wind(8, 6, 9, 5)

    assert any(isinstance(notice, Urging | Proposed) for notice in desk.told(NEW))
    assert not any(isinstance(notice, Urging | Proposed) for notice in desk.told(CLERK))
