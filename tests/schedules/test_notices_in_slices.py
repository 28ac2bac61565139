"""A notice to many: slice by slice, once for each, wherever it is cut off, and never in the way of an answer."""

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import delete
from sqlmodel import col

from assessment.notices import NotUnderstood, write
from bench.town import installation
from schedules import broadcasting
from schedules.delivery import Delivery
from schedules.letters import Letter, Outcome, Weight
from schedules.pump import AT_ONCE
from schedules.rates import Manner
from storage import broadcast_letters, broadcasts, cases, outbox
from storage.broadcast_letters import RECALLED
from storage.broadcasts import RunRow, Whom, each_once
from storage.database import Crash, Database
from storage.outbox import OutboxRow, Priority, Status
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork
from tests.schedules.many_people import CHANNEL, NOW, letters, ordered

HERE = installation()


def swept(database: Database) -> list[int]:
    """Sweep until nothing is due; how many each slice dealt with."""
    slices = []
    while some := database.write_now(lambda uow: broadcasting.sweep(uow, HERE, NOW)):
        slices.append(some)
    return slices


def set_status(database: Database, person: int, status: Status) -> None:
    """As if the platform had answered so."""
    values = {"status": status.value, "finished_at": NOW}
    database.write_now(lambda uow: uow.update(OutboxRow, OutboxRow.person == person, **values))


@pytest.fixture(autouse=True)
def small_slices(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "ten_thousand" not in request.node.name:
        monkeypatch.setattr(broadcasting, "SLICE", 3)


def test_each_gets_one_letter(database: Database) -> None:
    _, everybody = ordered(database, 8)

    assert swept(database) == [3, 3, 2]
    assert [row.person for row in letters(database)] == everybody
    assert {(row.priority, row.initiated, row.status) for row in letters(database)} == {
        (Priority.BULK, True, Status.QUEUED.value)
    }
    assert swept(database) == []


def test_a_slice_that_fills_exactly_ends_too(database: Database) -> None:
    ordered(database, 6)

    assert swept(database) == [3, 3, 1]
    assert len(letters(database)) == 6


def test_dying_at_each_statement_of_a_slice(database: Database) -> None:
    """All of the slice or nothing, also where the process dies just after the commit."""
    _, everybody = ordered(database, 8)
    for boundary in range(60):
        countdown = iter(range(boundary))

        def die(statement: str, left: Iterator[int] = countdown) -> None:
            if next(left, None) is None:
                raise Crash(statement)

        database.on_statement = die
        with contextlib.suppress(Crash):
            database.write_now(lambda uow: broadcasting.sweep(uow, HERE, NOW))
        database.on_statement = None
        assert len(letters(database)) in (0, 3, 6, 8)
        assert len({row.key for row in letters(database)}) == len(letters(database))
    swept(database)

    assert Counter(row.person for row in letters(database)) == Counter(everybody)


def test_a_run_that_forgot_how_far_it_was_says_nothing_twice(database: Database) -> None:
    """Even then the letters' keys keep each single."""
    _, everybody = ordered(database, 5)
    swept(database)
    database.write_now(lambda uow: uow.update(RunRow, RunRow.after > 0, after=0, done=False))
    swept(database)

    assert [row.person for row in letters(database)] == everybody


def test_who_has_no_account_is_counted_as_not_reached(database: Database) -> None:
    broadcast, everybody = ordered(database, 4)
    gone = everybody[1]
    database.write_now(lambda uow: uow.execute(delete(IdentityRow).where(col(IdentityRow.person) == gone)))
    swept(database)

    stands = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))
    assert [one.stand.value for one in stands] == ["待发", "未送达", "待发", "待发"]


def test_a_person_with_two_posts_is_one_recipient() -> None:
    whom = [Whom(1, "填报人", 7), Whom(2, "填报人", 7), Whom(2, "填报人", None), Whom(3, "填报人", None)]

    assert each_once(whom) == [whom[0], whom[2], whom[3]]


def test_the_first_receipt_counts(database: Database) -> None:
    broadcast, _ = ordered(database, 1)
    (one,) = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))

    assert database.write_now(lambda uow: broadcasts.sign(uow, one.id, NOW))
    assert not database.write_now(lambda uow: broadcasts.sign(uow, one.id, NOW.replace(hour=5)))
    (again,) = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))
    assert again.signed_at == NOW


def test_a_call_reaches_only_the_silent(database: Database) -> None:
    """Signed, still on its way, given up: only who has or may have got it, or was not reached, is called."""
    broadcast, (signed, silent, waiting, dead) = ordered(database, 4)
    swept(database)
    for person, status in ((signed, Status.SENT), (silent, Status.SENT), (dead, Status.DEAD)):
        set_status(database, person, status)
    first = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))[0]
    database.write_now(lambda uow: broadcasts.sign(uow, first.id, NOW))
    database.write_now(lambda uow: broadcasts.call(uow, broadcast, n=1, at=NOW, due_at=NOW))
    before = len(letters(database))
    swept(database)

    assert [row.person for row in letters(database)[before:]] == [silent, dead]
    assert waiting not in [row.person for row in letters(database)[before:]]
    assert not database.write_now(lambda uow: broadcasts.call(uow, broadcast, n=1, at=NOW, due_at=NOW))


def test_who_signs_while_the_call_waits_is_not_called(database: Database) -> None:
    broadcast, everybody = ordered(database, 2)
    swept(database)
    for person in everybody:
        set_status(database, person, Status.SENT)
    database.write_now(lambda uow: broadcasts.call(uow, broadcast, n=1, at=NOW, due_at=NOW))
    swept(database)
    called = letters(database)[2:]
    first = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))[0]
    database.write_now(lambda uow: broadcasts.sign(uow, first.id, NOW))

    leaving = database.write_now(lambda uow: [cases.as_it_leaves(uow, HERE, row, NOW) for row in called])
    assert [notice is None for notice in leaving] == [True, False]


def test_a_recall_stops_what_waits_and_corrects_what_was_seen(database: Database) -> None:
    broadcast, (got, lost, waiting, late) = ordered(database, 4)
    database.write_now(lambda uow: broadcasting.sweep(uow, HERE, NOW))
    set_status(database, got, Status.SENT)
    set_status(database, lost, Status.UNKNOWN)
    recalled = database.write_now(
        lambda uow: broadcasts.recall(uow, broadcast, correction="改为后天", at=NOW, due_at=NOW)
    )
    swept(database)

    rows = letters(database)
    assert recalled
    assert [(row.person, row.status, row.reason) for row in rows if row.person == waiting] == [
        (waiting, Status.WITHDRAWN.value, RECALLED)
    ]
    assert [row.person for row in rows if row.notice["kind"] == "BroadcastCorrected"] == [got, lost]
    assert late not in [row.person for row in rows]
    assert not database.write_now(lambda uow: broadcasts.recall(uow, broadcast, correction="", at=NOW, due_at=NOW))


def test_a_recalled_notice_does_not_leave(database: Database) -> None:
    """Also where the sweep has not come by yet, and a correction of what was not seen stays here."""
    broadcast, _ = ordered(database, 1)
    swept(database)
    (row,) = letters(database)
    database.write_now(lambda uow: broadcasts.recall(uow, broadcast, correction="", at=NOW, due_at=NOW))

    assert database.write_now(lambda uow: cases.as_it_leaves(uow, HERE, row, NOW)) is None
    number = row.id
    database.write_now(lambda uow: uow.update(OutboxRow, OutboxRow.id == number, status=Status.SENDING.value))
    swept(database)
    correction = letters(database)[-1]
    assert correction.notice["kind"] == "BroadcastCorrected"
    database.write_now(lambda uow: uow.update(OutboxRow, OutboxRow.id == number, status=Status.RETRY.value))
    assert database.write_now(lambda uow: cases.as_it_leaves(uow, HERE, correction, NOW)) is None


@dataclass
class Post:
    """A platform that takes everything, and on the way of which somebody asks something."""

    database: Database
    got: list[str] = field(default_factory=list)
    asked: bool = False
    delivery: Delivery | None = None

    async def send(self, letter: Letter) -> Outcome:
        self.got.append(letter.key)
        if len(self.got) == 40 and not self.asked:
            self.asked = True
            await self.database.write(answer)
        if len(self.got) == 200 and self.delivery is not None:
            self.delivery.stop()
        return Outcome(Status.SENT)

    async def finish(self, _answer: Letter, _pressed: Letter | None) -> int:
        raise AssertionError("nobody presses anything here")

    def manner(self, _channel: str) -> Manner:
        return Manner()

    def weigh(self, _letter: Letter) -> Weight:
        return Weight()


def answer(uow: UnitOfWork) -> None:
    outbox.put(
        uow,
        key="answer",
        channel=CHANNEL,
        recipient="somebody else",
        notice=write(NotUnderstood()),
        priority=Priority.ANSWER,
        queued_at=NOW,
    )


async def test_an_answer_overtakes_ten_thousand(database: Database) -> None:
    """Ten thousand letters wait, in slices of 500; an answer put amid them is among the next to leave."""
    broadcast, everybody = ordered(database, 10_000)
    assert swept(database) == [500] * 20 + [1]
    counted = database.read_now(lambda uow: broadcast_letters.standings(uow, broadcast))
    assert len(counted) == len({one.letter for one in counted}) == len(everybody)

    post = Post(database)
    post.delivery = Delivery(database, post, HERE, lambda: NOW)
    await post.delivery.drain()

    assert post.got.index("answer") <= 40 + 2 * AT_ONCE
    assert len(post.got) < 300
