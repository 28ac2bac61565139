"""Files go with a notice over a slow line, through a restart, beside a second replica: each is shown, and shown once.

Words never leave before the files are on the platform, and never twice.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import NoReturn

import pytest
from sqlalchemy.exc import OperationalError
from sqlmodel import col, select

from bot.platforms.platform import Fault
from schedules import leases
from schedules.delivery import FILES_WAITED_FOR
from storage import lanes, leaving
from storage.database import Database
from storage.outbox import AttemptRow, OutboxRow, Status
from storage.uploads import UploadRow
from tests.bot.channels.slow_house import FILES, WORDS, House, Replica, house

KINDS = ("dingtalk", "feishu", "wecom")
KEYED = ("feishu", "wecom")
"""Platforms that know a repetition, and show it once."""


@pytest.fixture(params=KINDS)
async def home(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """With one process, on the database that takes no more."""
    path = shutil.copy(sqlite_template, tmp_path / "duban.db")
    with Database.open(f"sqlite:///{path}") as database:
        async with house(request.param, database, monkeypatch) as opened:
            yield opened


@pytest.fixture(params=KINDS)
async def shared(
    request: pytest.FixtureRequest, database: Database, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[House]:
    """For several processes, one after the other or beside each other, on both databases."""
    async with house(request.param, database, monkeypatch) as opened:
        yield opened


only_keyed = pytest.mark.parametrize("shared", KEYED, indirect=True)
only_unkeyed = pytest.mark.parametrize("home", ["dingtalk"], indirect=True)


def all_of_it(files: tuple[str, ...] = FILES) -> list[str]:
    return [WORDS, *(f"[文件 {name}]" for name in files)]


async def test_nothing_is_told_before_all_files_are_there(home: House) -> None:
    """The line is slow: the letter waits in the outbox, whole, and what was begun is not begun again."""
    home.notice("u-1")
    replica = await home.replica()
    home.line.through.clear()
    sending = asyncio.create_task(replica.delivery.drain())
    await home.line.hanging.get()
    assert home.seen() == []

    replica.time_is_up()
    await sending
    letter = home.letter()
    assert (letter.status, letter.pieces_sent, letter.maybe_shown) == (Status.RETRY, 0, False)
    assert replica.delivery.held() == frozenset()
    assert home.seen() == []

    home.line.through.set()
    await home.later(replica)
    assert home.seen() == all_of_it()
    assert home.letter().status == Status.SENT
    assert home.line.tried == home.platform.uploads == len(FILES)


async def test_a_place_for_files_that_is_down_shuts_no_channel(home: House) -> None:
    home.notice(*(f"u-{number}" for number in range(1, 8)))
    replica = await home.replica()
    home.line.down = True
    await replica.delivery.drain()
    assert [home.seen(f"u-{number}") for number in range(1, 8)] == [[]] * 7
    assert home.line.tried == len(FILES), "what has just failed is not tried again for each of the letters"
    assert not replica.delivery._breakers[home.platform.channel].broken

    home.answer("clerk")
    await home.later(replica, timedelta(seconds=5))
    assert home.letter("answer:clerk").status == Status.SENT

    home.line.down = False
    await home.later(replica)
    assert [home.seen(f"u-{number}") for number in range(1, 8)] == [all_of_it()] * 7


async def hangs_at_the_second_file(home: House, replica: Replica) -> asyncio.Task[int]:
    """Words and the first file are through; the platform shows the second one and does not answer."""
    shown, show, stands = count(1), home.platform.show, asyncio.Event()

    def shows(*what: object, **how: object) -> str:
        message_id = show(*what, **how)  # type: ignore[arg-type]
        if next(shown) == 3:
            home.platform.answering.clear()
            stands.set()
        return message_id

    home.platform.show = shows  # type: ignore[method-assign]
    sending = asyncio.create_task(replica.delivery.drain())
    await stands.wait()
    assert home.seen() == all_of_it()[:3]
    home.platform.show = show  # type: ignore[method-assign]
    return sending


def whole_in_the_end(home: House) -> list[str]:
    """What is seen after an answer was lost for the second file: no file twice, and nobody lacks one unawares."""
    if home.platform.channel in KEYED:
        return all_of_it()
    return [*all_of_it()[:3], "附件“二.pdf”如未收到，请向督查室索取。", "[文件 三.pdf]"]


async def test_what_was_told_is_kept_when_time_is_up(home: House) -> None:
    home.notice("u-1")
    replica = await home.replica()
    sending = await hangs_at_the_second_file(home, replica)
    replica.time_is_up()
    await sending
    letter = home.letter()
    assert (letter.status, letter.pieces_sent, letter.maybe_shown) == (Status.RETRY, 2, True)

    home.platform.answering.set()
    await home.later(replica)
    assert home.seen() == whole_in_the_end(home)
    assert (home.letter().status, home.platform.tally.conflicts) == (Status.SENT, 0)


async def test_an_answer_that_is_lost_costs_one_file_at_most(home: House) -> None:
    home.notice("u-1")
    replica = await home.replica()
    home.platform.send_faults([Fault.NONE, Fault.NONE, Fault.LOSE_ANSWER])
    await replica.delivery.drain()
    await home.later(replica)

    assert home.seen() == whole_in_the_end(home)
    assert home.letter().status == Status.SENT


@only_unkeyed
async def test_words_in_the_place_of_a_doubtful_file_are_said_once(home: House) -> None:
    """Their answer is lost, too."""
    home.notice("u-1")
    replica = await home.replica()
    home.platform.send_faults([Fault.NONE, Fault.NONE, *[Fault.LOSE_ANSWER] * 2])
    await replica.delivery.drain()
    await home.later(replica)

    assert home.seen()[:4] == whole_in_the_end(home)[:4]
    assert home.seen().count(home.seen()[3]) == 1
    assert "三.pdf" in home.seen()[4]


async def test_a_doubt_is_over_once_the_next_message_is_accepted(home: House) -> None:
    """After the doubtful file comes a refusal for now: the third file was not shown, and goes as a file."""
    home.notice("u-1")
    replica = await home.replica()
    home.platform.send_faults([Fault.NONE, Fault.NONE, Fault.LOSE_ANSWER, Fault.NONE, Fault.THROTTLE])
    await replica.delivery.drain()
    await home.later(replica)

    assert home.seen() == whole_in_the_end(home)


async def test_whoever_dies_between_two_files_has_told_what_was_told(
    shared: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.notice("u-1")
    first = await shared.replica()
    await hangs_at_the_second_file(shared, first)
    await first.dies()
    shared.platform.answering.set()
    assert (shared.letter().status, shared.letter().pieces_sent) == (Status.SENDING, 2)

    second = await shared.replica()
    monkeypatch.setattr(leases, "now_ms", lambda real=leases.now_ms: real() + 10 * leases.LEASE_MS)
    assert await second.delivery.recover() == 1
    await shared.later(second)
    assert shared.seen() == whole_in_the_end(shared)
    assert shared.platform.uploads == len(FILES), "a restart forgets no file"
    assert shared.platform.tally.conflicts == 0


async def test_whoever_dies_at_an_upload_leaves_nothing_in_doubt(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    home.notice("u-1")
    first = await home.replica()
    home.line.through.clear()
    asyncio.create_task(first.delivery.drain()).add_done_callback(lambda task: task.cancelled() or task.exception())
    await home.line.hanging.get()
    await first.dies()
    home.line.through.set()

    second = await home.replica()
    monkeypatch.setattr(leases, "now_ms", lambda real=leases.now_ms: real() + 10 * leases.LEASE_MS)
    await second.delivery.recover()
    await home.later(second)
    assert home.seen() == all_of_it()


async def test_a_second_replica_uses_what_the_first_has_uploaded(shared: House) -> None:
    one, other = await shared.replica(), await shared.replica()
    shared.notice("u-1")
    await one.delivery.drain()
    shared.notice("u-2")
    await other.delivery.drain()

    assert shared.seen("u-1") == shared.seen("u-2") == all_of_it()
    assert shared.platform.uploads == len(FILES)


@only_keyed
async def test_a_second_replica_repeats_under_the_same_id(shared: House) -> None:
    """The first one lost the answer for the very words: all of it is said again, by another process, and seen once."""
    one, other = await shared.replica(), await shared.replica()
    shared.notice("u-1")
    sending = await hangs_at_the_second_file(shared, one)
    one.time_is_up()
    await sending
    shared.platform.answering.set()
    shared.database.write_now(lambda uow: uow.update(OutboxRow, col(OutboxRow.key) == "notice:u-1", pieces_sent=0))
    await shared.later(other)

    assert shared.seen() == all_of_it()
    assert (shared.platform.tally.repeats, shared.platform.tally.conflicts) == (3, 0)


async def test_two_replicas_upload_at_once_and_use_one_id(shared: House) -> None:
    one, other = await shared.replica(), await shared.replica()
    shared.line.through.clear()
    shared.notice("u-1", files=FILES[:1])
    sending = asyncio.create_task(one.delivery.drain())
    await shared.line.hanging.get()
    shared.notice("u-2", files=FILES[:1])
    beside = asyncio.create_task(other.delivery.drain())
    await shared.line.hanging.get()
    shared.line.through.set()
    await asyncio.gather(sending, beside)

    assert shared.seen("u-1") == shared.seen("u-2") == all_of_it(FILES[:1])
    (kept,) = shared.database.read_now(lambda uow: uow.rows(select(UploadRow)))
    for who in ("u-1", "u-2"):
        _, file = shared.platform.chat(shared.platform.private_chat(who))
        assert kept.media_id in str(file.card)


async def test_a_file_that_never_gets_there_holds_up_the_words_for_a_day(home: House) -> None:
    home.notice("u-1")
    replica = await home.replica()
    home.line.down = True
    await replica.delivery.drain()
    await home.later(replica, FILES_WAITED_FOR - timedelta(minutes=40))
    assert (home.seen(), home.letter().status) == ([], Status.RETRY)

    await home.later(replica, timedelta(hours=2))
    assert home.seen() == [WORDS, *(f"附件“{name}”未能送达，请向督查室索取。" for name in FILES)]
    assert home.letter().status == Status.SENT


async def test_a_file_that_is_there_goes_when_the_others_are_waited_for_no_more(home: House) -> None:
    home.notice("u-0", files=FILES[1:2])
    replica = await home.replica()
    await replica.delivery.drain()
    home.line.down = True
    home.notice("u-1")
    await replica.delivery.drain()
    await home.later(replica, FILES_WAITED_FOR + timedelta(hours=1))

    assert [text for text in home.seen() if "[文件" in text] == ["[文件 二.pdf]"]
    assert [text for text in home.seen() if "未能送达" in text] != []


async def test_every_call_is_counted_once(home: House) -> None:
    """Two letters with two files each: six messages and two uploads."""
    home.notice("u-1", "u-2", files=FILES[:2])
    replica = await home.replica()
    await replica.delivery.drain()

    assert home.calls() == 6 + 2


async def test_a_letter_that_waits_for_its_files_uses_up_no_calls(home: House) -> None:
    """Each upload in vain counts, as the platform was asked; the messages that were not sent do not."""
    home.notice("u-1", files=FILES[:1])
    replica = await home.replica()
    home.line.down = True
    await replica.delivery.drain()
    await home.later(replica, timedelta(hours=1))

    tries = home.database.read_now(lambda uow: uow.rows(select(AttemptRow.calls)))
    assert len(tries) > 3
    assert set(tries) == {0}
    assert home.calls() == home.line.tried


async def test_the_service_ends_while_a_file_goes_up(home: House) -> None:
    home.notice("u-1")
    replica = await home.replica()
    home.line.through.clear()
    await replica.delivery.start()
    await home.line.hanging.get()
    replica.delivery.stop()
    await replica.delivery.finish()
    await replica.uploads.close()

    letter = home.letter()
    assert (letter.status, letter.maybe_shown, letter.pieces_sent) == (Status.RETRY, False, 0)
    assert home.seen() == []


async def test_the_service_ends_while_a_platform_does_not_answer(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was told is written down, and what is in doubt as such."""
    monkeypatch.setattr("schedules.delivery.ENDING_SECONDS", 0.01)
    home.notice("u-1")
    replica = await home.replica()
    sending = await hangs_at_the_second_file(home, replica)
    replica.delivery.stop()
    await replica.delivery.finish()
    await sending

    letter = home.letter()
    assert (letter.status, letter.maybe_shown, letter.pieces_sent) == (Status.RETRY, True, 2)
    home.platform.answering.set()


async def test_a_database_that_is_away_while_a_file_goes_up_leaves_nothing_in_doubt(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The upload fails, and not even that can be counted: the letter stays whole, also where no key is known."""
    home.notice("u-1")
    replica = await home.replica()
    home.line.down = True
    away = OperationalError("INSERT", {}, Exception("database is locked"))
    with monkeypatch.context() as patched:
        patched.setattr(lanes, "note", lambda *_what: raises(away))
        await replica.delivery.drain()
    letter = home.letter()
    assert (letter.status, letter.maybe_shown, home.seen()) == (Status.RETRY, False, [])

    home.line.down = False
    await home.later(replica)
    assert home.seen() == all_of_it()


async def test_a_fault_of_ours_while_a_file_goes_up_leaves_nothing_in_doubt(
    home: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.notice("u-1")
    replica = await home.replica()
    with monkeypatch.context() as patched:
        patched.setattr("bot.channels.uploads.Shelf.get", lambda *_what: raises(MemoryError()))
        await replica.delivery.drain()
    letter = home.letter()
    assert (letter.status, letter.maybe_shown, home.seen()) == (Status.RETRY, False, [])

    await home.later(replica)
    assert home.seen() == all_of_it()


async def test_what_cannot_be_written_down_is_followed_by_nothing(home: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes over after that would believe that one message is in doubt where two are."""
    home.notice("u-1")
    replica = await home.replica()
    away, keep_on = OperationalError("UPDATE", {}, Exception("database is locked")), leaving.keep_on
    with monkeypatch.context() as patched:
        patched.setattr(
            leaving,
            "keep_on",
            lambda *what, **how: keep_on(*what, **how) if how["pieces_sent"] == 0 else raises(away),
        )
        await replica.delivery.drain()
    assert home.seen() == all_of_it()[:1]
    assert (home.letter().status, home.letter().pieces_sent, home.letter().maybe_shown) == (Status.RETRY, 1, False)

    await home.later(replica)
    assert home.seen() == all_of_it()


def raises(error: BaseException) -> NoReturn:
    raise error
