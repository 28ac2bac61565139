"""What a platform gave to be seen again ends with the account: whoever has it may speak in our place."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from storage import broadcast_letters, forwarding, outbox, roster
from storage.database import Database
from storage.outbox import OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

NOW = datetime(2010, 8, 4, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SECRET = {"response_code": "rc-1"}


def put(uow: UnitOfWork, key: str, person: int | None, priority: Priority) -> None:
    outbox.put(
        uow,
        key=key,
        channel="wecom",
        recipient="li",
        person=person,
        notice={},
        priority=priority,
        queued_at=NOW,
        extra=SECRET,
    )


@pytest.mark.parametrize("elsewhere", [True, False])
def test_neither_what_is_forwarded_nor_what_is_withdrawn(database: Database, elsewhere: bool) -> None:
    def end(uow: UnitOfWork) -> None:
        who = roster.add_person(uow, "李敏", "wecom", "t", "li")
        if elsewhere:
            roster.bind(uow, who, "feishu", "t", "ou_1")
        put(uow, "reminder", who, Priority.REMINDER)
        put(uow, "answer", who, Priority.ANSWER)
        ended = roster.identities(uow, who)[0]
        roster.unbind(uow, ended.id)
        forwarding.forward(uow, ended, at=NOW)

    database.write_now(end)

    rows = database.read_now(lambda uow: uow.rows(select(OutboxRow)))
    assert {row.key: row.extra for row in rows} == {"reminder": None, "answer": None}
    assert {row.status for row in rows if row.key == "answer"} == {Status.WITHDRAWN.value}


def test_nor_what_is_recalled(database: Database) -> None:
    def stop(uow: UnitOfWork) -> None:
        put(uow, "notice", None, Priority.BULK)
        broadcast_letters.stop(uow, ["notice"], NOW)

    database.write_now(stop)

    (row,) = database.read_now(lambda uow: uow.rows(select(OutboxRow)))
    assert (row.status, row.extra) == (Status.WITHDRAWN.value, None)
