"""One bad message, one slow person, one broken setting: the rest goes on, and what can be sent later is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from assessment.notices import NotUnderstood, write
from bench.town import installation
from bot.channels.channel import SendError
from bot.channels.tokens import Token, TokenCache
from schedules import leases
from schedules.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE
from schedules.delivery import Delivery
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import Manner
from storage import cases, leaving, outbox
from storage.database import Database
from storage.outbox import OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

NOON = datetime(2010, 8, 5, 4, 7, tzinfo=UTC)
Fate = Callable[[Letter], Awaitable[Outcome]]


async def taken(_letter: Letter) -> Outcome:
    return Outcome(Status.SENT)


@dataclass
class Post:
    """A platform that does with each letter what `fate` says."""

    fate: Fate = taken
    life: Manner = field(default_factory=Manner)
    now: datetime = NOON
    got: list[str] = field(default_factory=list)

    async def send(self, letter: Letter) -> Outcome:
        outcome = await self.fate(letter)
        self.got.append(letter.key)
        return outcome

    async def finish(self, _answer: Letter, _pressed: Letter | None) -> int:
        raise AssertionError("nobody presses anything here")

    def manner(self, _channel: str) -> Manner:
        return self.life

    def weigh(self, _letter: Letter) -> Weight:
        return Weight()


def put(database: Database, *keys: str, recipient: str = "r", notice: dict[str, object] | None = None) -> None:
    def job(uow: UnitOfWork) -> None:
        for key in keys:
            outbox.put(
                uow,
                key=key,
                channel="c",
                recipient=recipient,
                notice=notice or write(NotUnderstood()),
                priority=Priority.ANSWER,
                queued_at=NOON,
            )

    database.write_now(job)


def worker(database: Database, post: Post) -> Delivery:
    return Delivery(database, post, installation(), lambda: post.now)


def status(database: Database, key: str) -> str:
    return database.read_now(lambda uow: uow.rows(select(OutboxRow).where(col(OutboxRow.key) == key)))[0].status


async def test_a_notice_of_another_version_stops_nobody(database: Database) -> None:
    """After a step back this version does not know the kind: the letter ends, the next leaves, recovery goes on."""

    async def unreadable(letter: Letter) -> Outcome:
        return Outcome(Status.DEAD, "消息无法生成") if "strange" in letter.key else Outcome(Status.SENT)

    put(database, "strange", notice={"kind": "OfALaterVersion"})
    put(database, "plain", recipient="s")
    post = Post(unreadable)
    await worker(database, post).drain()

    assert (status(database, "strange"), status(database, "plain")) == (Status.DEAD.value, Status.SENT.value)


async def test_recovery_survives_a_notice_of_another_version(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(database, "strange", notice={"kind": "OfALaterVersion"})
    put(database, "plain", recipient="s")
    monkeypatch.setattr(leases, "LEASE_MS", 0)
    dead = worker(database, Post())
    await dead.claim("c", 16, 0)

    assert await worker(database, Post()).recover() == 2
    assert status(database, "strange") == status(database, "plain") == Status.UNKNOWN.value


async def test_one_that_cannot_be_judged_stops_nobody(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    real = cases.as_it_leaves

    def broken(uow: UnitOfWork, house: object, row: OutboxRow, now: datetime) -> object:
        if row.key == "bad":
            raise LookupError(row.key)
        return real(uow, house, row, now)  # type: ignore[arg-type]

    monkeypatch.setattr(cases, "as_it_leaves", broken)
    put(database, "bad")
    put(database, "good", recipient="s")
    post = Post()
    await worker(database, post).drain()

    assert post.got == ["good"]
    assert status(database, "bad") == Status.DEAD.value


async def test_a_slow_person_holds_up_nobody(database: Database) -> None:
    """Twenty answers wait for one whose connection hangs; another's answer does not wait behind them."""
    free, arrived = asyncio.Event(), asyncio.Event()

    async def slow(letter: Letter) -> Outcome:
        if letter.recipient == "slow":
            await free.wait()
        else:
            arrived.set()
        return Outcome(Status.SENT)

    put(database, *(f"slow{number}" for number in range(40)), recipient="slow")
    put(database, "quick", recipient="quick")
    post = Post(slow)
    draining = asyncio.create_task(worker(database, post).drain())
    await arrived.wait()
    free.set()
    await draining

    assert [key for key in post.got if key != "quick"] == [f"slow{number}" for number in range(40)]


async def test_a_slow_broadcast_leaves_places_for_an_answer(database: Database) -> None:
    free, arrived = asyncio.Event(), asyncio.Event()

    async def slow(letter: Letter) -> Outcome:
        if letter.key == "answer":
            arrived.set()
        else:
            await free.wait()
        return Outcome(Status.SENT)

    def broadcast(uow: UnitOfWork) -> None:
        for number in range(40):
            outbox.put(
                uow,
                key=f"k{number}",
                channel="c",
                recipient=f"r{number}",
                notice=write(NotUnderstood()),
                priority=Priority.BULK,
                queued_at=NOON,
            )

    database.write_now(broadcast)
    one = worker(database, Post(slow))
    draining = asyncio.create_task(one.drain())
    put(database, "answer", recipient="s")
    await one.start()
    await arrived.wait()
    free.set()
    await draining

    assert status(database, "answer") == status(database, "k39") == Status.SENT.value


async def test_what_somebody_has_to_repair_is_kept(database: Database) -> None:
    """A secret was changed: for days everything waits, one message asks now and then, and in the end all arrives."""
    repaired: list[bool] = []

    async def closed(_letter: Letter) -> Outcome:
        return Outcome(Status.SENT) if repaired else Outcome(Status.RETRY, "密钥不正确", repair=True)

    for number in range(30):
        put(database, f"k{number}", recipient=f"r{number}")
    post = Post(closed)
    one = worker(database, post)
    for _ in range(24):
        await one.drain()
        post.now += timedelta(hours=4)
    assert {status(database, f"k{number}") for number in range(30)} <= {Status.QUEUED.value, Status.RETRY.value}
    assert len(post.got) <= 16 + 24, "the platform is not asked for each of them"

    repaired.append(True)
    for _ in range(3):
        await one.drain()
        post.now += timedelta(hours=1)
    assert {status(database, f"k{number}") for number in range(30)} == {Status.SENT.value}


async def test_one_persons_limit_is_no_silence_of_the_platform(database: Database) -> None:
    async def busy(letter: Letter) -> Outcome:
        if letter.recipient == "busy":
            return Outcome(Status.RETRY, "对方接收过于频繁")
        return Outcome(Status.SENT)

    post = Post(busy)
    one = worker(database, post)
    put(database, "b", recipient="busy")
    for _ in range(FAILURES * 2):
        await one.drain()
        post.now += timedelta(hours=1)
    put(database, "other", recipient="other")
    await one.drain()

    assert "other" in post.got
    assert not one.held()


async def test_a_silent_platform_is_told_apart(database: Database) -> None:
    async def silent(_letter: Letter) -> Outcome:
        return Outcome(Status.RETRY, "平台连接不上", silent=True)

    post = Post(silent)
    one = worker(database, post)
    for number in range(FAILURES + 1):
        put(database, f"k{number}", recipient=f"r{number}")
    await one.drain()

    assert one.held() == {"c"}
    assert one.opens_at() == NOON + FIRST_PAUSE
    assert FIRST_PAUSE < LONGEST_PAUSE


async def test_one_transaction_looks_at_a_hundred(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """At nine everything falls due and is put off by some minutes: other writers get their turn in between."""
    looked: list[int] = []
    real = leaving.due

    def counted(*what: object, **how: object) -> list[OutboxRow]:
        found = real(*what, **how)  # type: ignore[arg-type]
        looked[-1] += len(found)
        return found

    monkeypatch.setattr(leaving, "due", counted)
    nine = datetime(2010, 8, 5, 1, 0, tzinfo=UTC)

    def job(uow: UnitOfWork) -> None:
        for number in range(350):
            outbox.put(
                uow,
                key=f"k{number}",
                channel="c",
                recipient=f"r{number}",
                notice=write(NotUnderstood()),
                priority=Priority.REMINDER,
                queued_at=nine,
                initiated=True,
            )

    database.write_now(job)
    post = Post(life=Manner(avoids_marks=True), now=nine)
    one = worker(database, post)
    more = True
    while more:
        looked.append(0)
        _, more = database.write_now(lambda uow: one.claims.take(uow, "c"))

    assert sum(looked) == 350
    assert max(looked) <= 100 + 16


async def test_one_question_for_a_token_however_many_wait() -> None:
    """The platform hangs, then fails: whoever waited hears so once, and nobody asks again behind the other."""
    asked: list[int] = []
    answer = asyncio.Event()

    async def ask() -> Token:
        asked.append(1)
        await answer.wait()
        raise SendError("平台连接不上", silent=True)

    cache = TokenCache(ask)
    waiting = [asyncio.create_task(cache.get()) for _ in range(16)]
    await asyncio.sleep(0)
    answer.set()
    found = await asyncio.gather(*waiting, return_exceptions=True)

    assert len(asked) == 1
    assert all(isinstance(one, SendError) for one in found)


async def test_a_token_is_asked_for_anew_after_a_failure() -> None:
    tries: list[int] = []

    async def ask() -> Token:
        tries.append(1)
        if len(tries) == 1:
            raise SendError("平台连接不上", silent=True)
        return Token("t-1", 7200)

    cache = TokenCache(ask)
    with pytest.raises(SendError):
        await cache.get()

    assert [await cache.get(), await cache.get(), len(tries)] == ["t-1", "t-1", 2]
