"""A platform's limits: no window holds more than it takes, also after a restart; answers go before broadcasts."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from assessment.notices import NotUnderstood, write
from bench.town import ZONE, installation
from schedules.delivery import Delivery
from schedules.gate import month_of, room_at
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import NETWORK_JITTER, SHARE, Manner, Per, Rate, off_the_marks
from storage import outbox
from storage.database import Database
from storage.outbox import Priority, Status
from storage.unit_of_work import UnitOfWork

NOON = datetime(2010, 8, 5, 4, 7, tzinfo=UTC)
A_MINUTE = timedelta(seconds=60) + NETWORK_JITTER


@dataclass
class Clock:
    now: datetime = NOON


@dataclass
class Post:
    """A platform that notes when it took what; what it takes for each letter is told by the letter's key."""

    clock: Clock
    manner_: Manner
    fates: list[Status] = field(default_factory=list)
    got: list[tuple[datetime, Letter]] = field(default_factory=list)

    async def send(self, letter: Letter) -> Outcome:
        self.got.append((self.clock.now, letter))
        return Outcome(self.fates.pop(0) if self.fates else Status.SENT, "忙")

    async def finish(self, _answer: Letter, _pressed: Letter | None) -> int:
        raise AssertionError("nobody presses anything here")

    def manner(self, _channel: str) -> Manner:
        return self.manner_

    def weigh(self, letter: Letter) -> Weight:
        return Weight(int(letter.key.split("×")[1]) if "×" in letter.key else 1, words="the same to all")

    def in_any(self, window: timedelta) -> int:
        """The most calls that any window of that length held."""
        times = [(at, self.weigh(letter).calls) for at, letter in self.got]
        return max((sum(calls for at, calls in times if start <= at < start + window) for start, _ in times), default=0)


def put(
    database: Database, *keys: str, priority: Priority = Priority.ANSWER, recipient: str = "r", at: datetime = NOON
) -> None:
    def job(uow: UnitOfWork) -> None:
        for key in keys:
            outbox.put(
                uow,
                key=key,
                channel="c",
                recipient=recipient,
                notice=write(NotUnderstood()),
                priority=priority,
                queued_at=at,
            )

    database.write_now(job)


def worker(database: Database, post: Post) -> Delivery:
    return Delivery(database, post, installation(), lambda: post.clock.now)


async def run(database: Database, post: Post, *, minutes: int, restart: bool = True) -> None:
    """Drain every 20 seconds; a new worker each time, as if the service had been started again."""
    delivery = worker(database, post)
    for _ in range(minutes * 3):
        await delivery.drain()
        post.clock.now += timedelta(seconds=20)
        if restart:
            delivery = worker(database, post)


async def test_no_window_holds_more_than_the_platform_takes(database: Database) -> None:
    post = Post(Clock(), Manner(rates=(Rate(20, 60),)))
    put(database, *(f"k{number}" for number in range(100)))
    await run(database, post, minutes=8)

    assert len(post.got) == 100
    assert post.in_any(timedelta(seconds=60)) == 20


async def test_the_quota_is_used_not_only_kept(database: Database) -> None:
    post = Post(Clock(), Manner(rates=(Rate(20, 60),)))
    put(database, *(f"k{number}" for number in range(60)))
    delivery = worker(database, post)
    moments = []
    while await delivery.drain() or delivery.opens_at():
        moments.append(post.clock.now)
        post.clock.now = delivery.opens_at() or post.clock.now + timedelta(hours=1)

    assert moments == [NOON, NOON + A_MINUTE, NOON + 2 * A_MINUTE]


async def test_failed_tries_count(database: Database) -> None:
    """The platform counts requests, not successes."""
    post = Post(Clock(), Manner(rates=(Rate(3, 60),)), fates=[Status.RETRY] * 4)
    put(database, "a", "b", "c", "d", "e")
    await run(database, post, minutes=12)

    assert len({letter.key for _, letter in post.got}) == 5
    assert len(post.got) == 9
    assert post.in_any(timedelta(seconds=60)) == 3


async def test_one_persons_limit_holds_up_nobody_else(database: Database) -> None:
    post = Post(Clock(), Manner(rates=(Rate(2, 60, Per.PERSON),)))
    put(database, "a1", "a2", "a3", recipient="a")
    put(database, "b1", recipient="b")
    await worker(database, post).drain()

    assert sorted(letter.key for _, letter in post.got) == ["a1", "a2", "b1"]
    post.clock.now += A_MINUTE
    await worker(database, post).drain()

    assert len(post.got) == 4


async def test_groups_and_persons_are_counted_apart() -> None:
    assert Rate(20, 60, Per.GROUP).counts(to_group=True)
    assert not Rate(20, 60, Per.GROUP).counts(to_group=False)
    assert not Rate(20, 60, Per.PERSON).counts(to_group=True)
    assert Rate(20, 60).counts(to_group=True)
    assert Rate(20, 60).counts(to_group=False)


async def test_a_long_message_counts_for_all_its_parts(database: Database) -> None:
    post = Post(Clock(), Manner(rates=(Rate(10, 60),)))
    put(database, "x×4", "y×4", "z×4")
    await run(database, post, minutes=2)

    assert [at for at, _ in post.got] == [NOON, NOON, NOON + timedelta(seconds=80)]


async def test_longer_than_a_window_leaves_alone(database: Database) -> None:
    post = Post(Clock(), Manner(rates=(Rate(3, 60),)))
    put(database, "short", "long×5", "after")
    await run(database, post, minutes=5)

    assert [letter.key for _, letter in post.got] == ["short", "long×5", "after"]
    assert [at - NOON for at, _ in post.got] == [timedelta(0), timedelta(seconds=80), timedelta(seconds=160)]


async def test_an_answer_does_not_wait_for_a_broadcast(database: Database) -> None:
    """The broadcast leaves room in every window: an answer leaves in the moment in which it is due."""
    post = Post(Clock(), Manner(rates=(Rate(10, 60),)))
    put(database, *(f"bulk{number}" for number in range(40)), priority=Priority.BULK)
    delivery = worker(database, post)
    await delivery.drain()
    assert len(post.got) == 6

    for number in range(4):
        put(database, f"answer{number}")
    await delivery.drain()

    assert [letter.key for at, letter in post.got[6:]] == [f"answer{number}" for number in range(4)]
    assert {at for at, _ in post.got} == {NOON}


async def test_the_months_budget_ends_the_broadcast_first(database: Database) -> None:
    post = Post(Clock(), Manner(monthly_calls=100))
    for priority in Priority:
        put(database, *(f"{priority.name}{number}" for number in range(60)), priority=priority)
    for name, count in (("ANSWER", 60), ("ESCALATION", 30)):
        await worker(database, post).drain()
        assert Counter(letter.key.rstrip("0123456789") for _, letter in post.got)[name] == count
    assert len(post.got) == SHARE[Priority.ESCALATION]

    post.clock.now = datetime(2010, 8, 31, 16, 0, 1, tzinfo=UTC)  # the first of September in the domain zone
    await worker(database, post).drain()

    assert len(post.got) == 90 + 80  # the new month: 30 escalations and 50 reminders up to their share


async def test_the_month_is_the_domain_zones() -> None:
    before, after = month_of(installation(), datetime(2010, 8, 31, 15, 59, tzinfo=UTC))

    assert before.astimezone(ZONE) == datetime(2010, 7, 31, 23, 59, 59, 999_000, tzinfo=ZONE)
    assert after == datetime(2010, 9, 1, tzinfo=ZONE)


async def test_words_said_shortly_before_are_counted(database: Database) -> None:
    """Where a platform swallows equal words, whoever renders them has to know how often they went out."""
    post = Post(Clock(), Manner(drops_repeats=timedelta(hours=4)))
    for number in range(3):
        put(database, f"k{number}")
        await worker(database, post).drain()
        post.clock.now += timedelta(minutes=5)

    assert [letter.said_before for _, letter in post.got] == [0, 1, 2]


async def test_no_number_is_given_twice_as_the_window_moves_on(database: Database) -> None:
    """Equal words at 0:00, 2:00 and 4:30: the platform still remembers the second when the third comes."""
    post = Post(Clock(), Manner(drops_repeats=timedelta(hours=4)))
    for number, hours in enumerate((0, 2, 4.5)):
        post.clock.now = NOON + timedelta(hours=hours)
        put(database, f"k{number}", at=post.clock.now)
        await worker(database, post).drain()

    assert [letter.said_before for _, letter in post.got] == [0, 1, 2]


async def test_one_persons_messages_leave_one_after_the_other(database: Database) -> None:
    """What takes several messages on its platform must not be mixed with the next."""
    post = Post(Clock(), Manner())
    put(database, "a1", "a2", "a3", recipient="a")
    put(database, "b1", recipient="b")
    delivery = worker(database, post)
    first = await delivery.claim("c", 16, 0)
    second = await delivery.claim("c", 16, 2)
    await delivery.deliver(next(row for row in first if row.key == "a1"))

    assert sorted(row.key for row in first) == ["a1", "b1"]
    assert not second
    assert [row.key for row in await delivery.claim("c", 16, 1)] == ["a2"]


async def test_a_retry_says_what_its_first_try_said(database: Database) -> None:
    """Its answer was lost: the platform recognises it by its words, so the count does not move between two tries."""
    manner = Manner(drops_repeats=timedelta(hours=4), key_life=timedelta(hours=9))
    post = Post(Clock(), manner, fates=[Status.SENT, Status.UNKNOWN])
    put(database, "first")
    await worker(database, post).drain()
    put(database, "second")
    await worker(database, post).drain()
    post.clock.now += timedelta(hours=5)
    await worker(database, post).drain()

    assert [letter.said_before for _, letter in post.got] == [0, 1, 1]


async def test_to_another_person_it_is_no_repeat(database: Database) -> None:
    post = Post(Clock(), Manner(drops_repeats=timedelta(hours=4)))
    put(database, "a", recipient="a")
    put(database, "b", recipient="b")
    await worker(database, post).drain()
    put(database, "late", recipient="a", at=NOON + timedelta(hours=5))
    post.clock.now += timedelta(hours=5)
    await worker(database, post).drain()

    assert [letter.said_before for _, letter in post.got] == [0, 0, 0]


async def test_nothing_we_start_leaves_on_the_full_or_half_hour(database: Database) -> None:
    nine = datetime(2010, 8, 5, 1, 0, tzinfo=UTC)
    post = Post(Clock(nine), Manner(avoids_marks=True))

    def job(uow: UnitOfWork) -> None:
        for number in range(20):
            outbox.put(
                uow,
                key=f"k{number}",
                channel="c",
                recipient="r",
                notice=write(NotUnderstood()),
                priority=Priority.REMINDER,
                queued_at=nine,
                initiated=True,
            )

    database.write_now(job)
    put(database, "answer", at=nine)
    for _ in range(12):
        await worker(database, post).drain()
        post.clock.now += timedelta(minutes=1)

    assert [at for at, letter in post.got if letter.key == "answer"] == [nine]
    minutes = [(at - nine) // timedelta(minutes=1) for at, letter in post.got if letter.key != "answer"]
    assert len(minutes) == 20
    assert min(minutes) >= 2
    assert max(minutes) < 10
    assert len(set(minutes)) > 3


@given(
    minute=st.integers(0, 59),
    key=st.text(max_size=8),
)
def test_off_the_marks(minute: int, key: str) -> None:
    at = NOON.replace(minute=minute)
    leaves = off_the_marks(at, key)

    assert leaves.minute % 30 >= 2
    assert timedelta(0) <= leaves - at < timedelta(minutes=10)
    assert off_the_marks(leaves, key) == leaves


calls = st.lists(st.tuples(st.integers(0, 120), st.integers(1, 4)), min_size=1, max_size=12).map(
    lambda made: [(NOON + timedelta(seconds=second), count) for second, count in sorted(made)]
)


@given(made=calls, data=st.data())
def test_room_at_is_the_first_moment_with_room(made: Sequence[tuple[datetime, int]], data: st.DataObject) -> None:
    most = data.draw(st.integers(0, sum(count for _, count in made) - 1))
    window = timedelta(seconds=62)
    until = room_at(made, window, most)

    def within(now: datetime) -> int:
        return sum(count for at, count in made if at > now - window)

    assert within(until) <= most
    assert within(until - timedelta(milliseconds=1)) > most


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    letters=st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from(list(Priority)), st.sampled_from("abc"), st.integers(1, 3)),
        max_size=25,
    )
)
async def test_whatever_comes_when_no_limit_is_broken(
    database: Database, letters: list[tuple[int, Priority, str, int]]
) -> None:
    """Messages of any urgency, size and recipient at any second: every window of each rate holds, and all arrive."""
    database.write_now(_empty)
    post = Post(Clock(), Manner(rates=(Rate(6, 60), Rate(4, 30, Per.PERSON))))
    waiting = sorted(
        (NOON + timedelta(seconds=second), f"{number}×{size}", priority, person)
        for number, (second, priority, person, size) in enumerate(letters)
    )
    for _ in range(400):
        while waiting and waiting[0][0] <= post.clock.now:
            at, key, priority, person = waiting.pop(0)
            put(database, key, priority=priority, recipient=person, at=at)
        await worker(database, post).drain()
        post.clock.now += timedelta(seconds=7)
        if len(post.got) == len(letters):
            break

    assert len({letter.key for _, letter in post.got}) == len(post.got) == len(letters)
    assert post.in_any(timedelta(seconds=60)) <= 6
    for person in "abc":
        theirs = Post(post.clock, post.manner_, got=[one for one in post.got if one[1].recipient == person])
        assert theirs.in_any(timedelta(seconds=30)) <= 4


def _empty(uow: UnitOfWork) -> None:
    """Let no message of an earlier example count."""
    for table in ("attempt", "outbox"):
        uow.execute(text(f"DELETE FROM {table}"))  # noqa: S608
