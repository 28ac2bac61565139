"""Requests to be bound, and accounts that begin and end, on both databases."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from storage import bindings, forwarding, outbox, roster
from storage.bindings import LIVES, MOST_A_DAY, BindRequestRow, State
from storage.database import Database
from storage.outbox import OutboxRow, Priority, Status
from storage.roster import Address
from storage.unit_of_work import UnitOfWork

DAY = date(2010, 8, 4)
NOW = datetime(2010, 8, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def asked(database: Database, words: str = "绑定 甲 乙局", account: str = "a", at: datetime = NOW) -> str | None:
    """The number of the request; None where there is none."""

    def ask(uow: UnitOfWork) -> str | None:
        made = bindings.ask(
            uow, channel="feishu", tenant="t", account=account, words=words, name="甲", unit="乙局", now=at, day=DAY
        )
        return made.number if made is not None else None

    return database.write_now(ask)


def states(database: Database) -> list[str]:
    query = select(BindRequestRow).order_by(col(BindRequestRow.id))
    return [row.state for row in database.read_now(lambda uow: uow.rows(query))]


def open_numbers(database: Database, at: datetime = NOW) -> list[str]:
    return [row.number for row in database.read_now(lambda uow: bindings.undecided(uow, at))]


def person(database: Database, account: str = "li", channel: str = "wecom") -> int:
    return database.write_now(lambda uow: roster.add_person(uow, "李敏", channel, "t", account))


def test_one_request_is_open_for_an_account(database: Database) -> None:
    assert asked(database) == "B-1008-1"
    assert asked(database) is None
    assert asked(database, "绑定 丙 丁局") == "B-1008-2"
    assert asked(database, account="b") == "B-1008-3"

    assert states(database) == [State.REPLACED, State.OPEN, State.OPEN]
    assert open_numbers(database) == ["B-1008-2", "B-1008-3"]


def test_an_account_asks_a_few_times_a_day(database: Database) -> None:
    words = [f"绑定 甲{n} 乙局" for n in range(MOST_A_DAY + 2)]
    assert [asked(database, each) is not None for each in words] == [True] * MOST_A_DAY + [False] * 2

    assert asked(database, "绑定 甲 乙局", at=NOW + timedelta(days=1)) == f"B-1008-{MOST_A_DAY + 1}", "no gap"


def test_a_request_lapses(database: Database) -> None:
    asked(database)
    almost = NOW + LIVES - timedelta(milliseconds=1)

    assert open_numbers(database, almost) == ["B-1008-1"]
    assert open_numbers(database, NOW + LIVES) == []
    assert asked(database, at=almost) is None
    assert asked(database, at=NOW + LIVES) == "B-1008-2"


def test_a_decided_request_is_open_no_more(database: Database) -> None:
    asked(database)
    someone = person(database)

    def decide(uow: UnitOfWork) -> None:
        (row,) = bindings.undecided(uow, NOW)
        bindings.decide(uow, row.id, State.DECLINED, by=someone, at=NOW, reason="不是本人")
        assert not bindings.get(uow, row.id).is_open(NOW)

    database.write_now(decide)
    assert open_numbers(database) == []
    assert asked(database) == "B-1008-2", "one may ask again"


@pytest.mark.parametrize("_again", range(3))
def test_of_two_messages_at_once_one_request_remains_open(database: Database, _again: int) -> None:
    """Two replicas take in the same account's messages; the numbers have no gap."""
    start, numbers = Barrier(2), list[str | None]()

    def take(words: str) -> None:
        start.wait()
        numbers.append(asked(database, words))

    threads = [Thread(target=take, args=(f"绑定 {name} 乙局",)) for name in "甲丙"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert states(database).count(State.OPEN) == 1
    assert sorted(filter(None, numbers)) == [f"B-1008-{n}" for n in range(1, len(states(database)) + 1)]


def test_an_account_is_one_persons(database: Database) -> None:
    first, second = person(database), person(database, "wang")

    assert database.write_now(lambda uow: roster.bind(uow, first, "feishu", "t", "ou_1"))
    assert not database.write_now(lambda uow: roster.bind(uow, second, "feishu", "t", "ou_1"))
    assert database.write_now(lambda uow: roster.bind(uow, second, "feishu", "other", "ou_1"))
    assert database.read_now(lambda uow: roster.known(uow, "feishu", "t", "ou_1")) == first


def test_where_a_person_is_reached_stays_until_that_account_ends(database: Database) -> None:
    who = person(database)
    database.write_now(lambda uow: roster.bind(uow, who, "feishu", "t", "ou_1"))
    assert database.read_now(lambda uow: roster.address(uow, who)) == Address("wecom", "li")

    def end_first(uow: UnitOfWork) -> None:
        roster.unbind(uow, roster.identities(uow, who)[0].id)

    database.write_now(end_first)
    assert database.read_now(lambda uow: roster.known(uow, "wecom", "t", "li")) is None
    assert database.read_now(lambda uow: roster.address(uow, who)) == Address("feishu", "ou_1")
    database.write_now(end_first)
    assert database.read_now(lambda uow: roster.address(uow, who)) is None
    database.write_now(lambda uow: roster.bind(uow, who, "wecom", "t", "li2"))
    assert database.read_now(lambda uow: roster.identities(uow, who))[0].preferred


@pytest.mark.parametrize("elsewhere", [True, False])
def test_what_waits_is_forwarded_or_withdrawn(database: Database, elsewhere: bool) -> None:
    """What is under way, done, an answer, or another person's is left where it is."""
    who, other = person(database), person(database, "wang")

    def fill(uow: UnitOfWork) -> None:
        for key, whom, recipient, priority in (
            ("reminder", who, "li", Priority.REMINDER),
            ("answer", who, "li", Priority.ANSWER),
            ("sending", who, "li", Priority.REMINDER),
            ("other", other, "wang", Priority.REMINDER),
        ):
            outbox.put(
                uow,
                key=key,
                channel="wecom",
                recipient=recipient,
                person=whom,
                notice={},
                priority=priority,
                queued_at=NOW,
            )
        uow.update(OutboxRow, OutboxRow.key == "sending", status=Status.SENDING.value)
        shown = {"maybe_shown": True, "pieces_sent": 1, "first_sent_at": NOW}
        uow.update(OutboxRow, OutboxRow.key == "reminder", status=Status.RETRY.value, **shown)
        if elsewhere:
            roster.bind(uow, who, "feishu", "t", "ou_1")

    def end(uow: UnitOfWork) -> tuple[int, int]:
        ended = roster.identities(uow, who)[0]
        roster.unbind(uow, ended.id)
        return forwarding.waiting(uow, ended), forwarding.forward(uow, ended, at=NOW)

    database.write_now(fill)
    assert database.write_now(end) == (1, int(elsewhere))

    letters = {row.key: row for row in database.read_now(lambda uow: uow.rows(select(OutboxRow)))}
    stand = {key: (row.channel, row.recipient, row.status) for key, row in letters.items()}
    withdrawn = ("wecom", "li", Status.WITHDRAWN.value)
    assert stand == {
        "reminder": ("feishu", "ou_1", Status.RETRY.value) if elsewhere else withdrawn,
        "answer": withdrawn,
        "sending": ("wecom", "li", Status.SENDING.value),
        "other": ("wecom", "wang", Status.QUEUED.value),
    }
    reminder = letters["reminder"]
    if elsewhere:
        assert (reminder.maybe_shown, reminder.pieces_sent, reminder.first_sent_at) == (False, 0, None)
