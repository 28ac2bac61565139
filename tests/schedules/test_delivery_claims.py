"""What a claim leaves behind of messages that do not leave after all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from assessment.notices import NotUnderstood, write
from bench.town import installation
from schedules import claims, pump
from schedules.delivery import Delivery
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import Manner
from storage import cases, outbox
from storage.database import Database
from storage.outbox import AttemptRow, OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

NOW = datetime(2010, 8, 5, 2, 0, tzinfo=UTC)


@dataclass
class Post:
    """A platform that takes what it gets and knows no keys."""

    status: Status = Status.SENT
    got: list[str] = field(default_factory=list)

    async def send(self, letter: Letter) -> Outcome:
        self.got.append(letter.key)
        return Outcome(self.status)

    async def finish(self, _answer: Letter, _pressed: Letter | None) -> int:
        raise AssertionError("nobody presses anything here")

    def manner(self, _channel: str) -> Manner:
        return Manner(key_life=timedelta(0))

    def weigh(self, _letter: Letter) -> Weight:
        return Weight()


def queue(database: Database, *keys: str) -> None:
    """Messages to people, in this order."""

    def job(uow: UnitOfWork) -> None:
        for key in keys:
            outbox.put(
                uow,
                key=key,
                channel="c",
                recipient="r",
                notice=write(NotUnderstood()),
                priority=Priority.ANSWER,
                queued_at=NOW,
            )

    database.write_now(job)


def row(database: Database, key: str) -> OutboxRow:
    found = database.read_now(lambda uow: uow.row(select(OutboxRow).where(col(OutboxRow.key) == key)))
    assert found is not None
    return found


def tries(database: Database, key: str) -> int:
    number = row(database, key).id
    attempts = select(AttemptRow.n).where(col(AttemptRow.outbox) == number)
    return len(database.read_now(lambda uow: uow.rows(attempts)))


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is called `gone` has become pointless by the time that it leaves."""
    real: Callable[..., dict[str, Any] | None] = cases.as_it_leaves

    def as_it_leaves(uow: UnitOfWork, installation: Any, message: OutboxRow, now: datetime) -> dict[str, Any] | None:
        return None if message.key.startswith("gone") else real(uow, installation, message, now)

    monkeypatch.setattr(cases, "as_it_leaves", as_it_leaves)


def worker(database: Database, post: Post) -> Delivery:
    return Delivery(database, post, installation(), lambda: NOW)


@pytest.mark.usefixtures("gone")
async def test_a_message_withdrawn_as_it_leaves_was_never_tried(database: Database) -> None:
    queue(database, "gone", "kept")
    post = Post()
    await worker(database, post).drain()

    withdrawn = row(database, "gone")
    assert post.got == ["kept"]
    assert (withdrawn.status, withdrawn.reason) == (Status.WITHDRAWN.value, cases.NO_LONGER_OWED)
    assert (withdrawn.attempts, withdrawn.first_sent_at, withdrawn.lease_by) == (0, None, "")
    assert withdrawn.finished_at == NOW
    assert (tries(database, "gone"), tries(database, "kept")) == (0, 1)


@pytest.mark.usefixtures("gone")
async def test_many_batches_that_do_not_leave_hold_up_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, one after the other: what stands behind them leaves in the same drain."""
    monkeypatch.setattr(pump, "AT_ONCE", 1)
    queue(database, *(f"gone{number}" for number in range(1100)), "kept")
    post = Post()
    await worker(database, post).drain()

    assert post.got == ["kept"]
    assert database.read_now(outbox.counts) == {Status.WITHDRAWN.value: 1100, Status.SENT.value: 1}


async def test_what_may_not_be_repeated_keeps_its_one_try(database: Database) -> None:
    """Its answer was lost, the platform knows no key: the second claim sends nothing and counts no try."""
    queue(database, "once")
    post = Post()
    await worker(database, post).drain()
    number = row(database, "once").id
    database.write_now(lambda uow: outbox.set_status(uow, number, Status.RETRY, at=NOW, reason="", maybe_shown=True))
    await worker(database, post).drain()

    found = row(database, "once")
    assert post.got == ["once"]
    assert (found.status, found.reason, found.attempts) == (Status.UNKNOWN.value, claims.NOT_AGAIN, 1)
    assert found.first_sent_at == NOW
    assert tries(database, "once") == 1
