"""A signature proves the body that came first under it, in whatever order bodies come, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import col, func, select

from storage import inbox
from storage.database import Database
from storage.inbox import ASIDE_LIVES, MOST_ASIDE, SIGNATURES_LIVE, InboxRow, KeptAsideRow, Seen, SignatureRow
from storage.unit_of_work import UnitOfWork

NOW = datetime(2010, 8, 5, 2, 0, tzinfo=UTC)
_channels = (f"door-{number}" for number in count())


def take(uow: UnitOfWork, channel: str, signature: str, body: str, at: datetime = NOW) -> Seen:
    """What intake does with a body, whose words and number are its own."""
    proven = inbox.comes_first(uow, channel=channel, signature=signature, body=body, received_at=at)
    seen, inbox_id = inbox.admit(
        uow,
        channel=channel,
        message_id=f"m-{body}",
        sender="u-7",
        conversation="c-7",
        text=body,
        keep_text=True,
        sent_at=at,
        received_at=at,
        late_stamp=False,
        spent="" if proven else signature,
    )
    assert (inbox_id != 0) == (seen is Seen.NEW)
    return seen


def came(database: Database, channel: str, signature: str, body: str, at: datetime = NOW) -> Seen:
    """What became of a body that came alone."""
    return database.write_now(lambda uow: take(uow, channel, signature, body, at))


async def comes(home: Database, channel: str, body: str) -> Seen:
    """What becomes of a body at one of the replicas."""
    return await home.write(lambda uow: take(uow, channel, "S", body))


def number_taken(uow: UnitOfWork, channel: str) -> int:
    return uow.scalar(select(func.count()).where(col(InboxRow.channel) == channel))


def expected(deliveries: Sequence[tuple[str, str]]) -> list[Seen]:
    """The rule, told a second time: a signature is its first body's, a message is taken once and asked about once."""
    firsts, taken, asked, outcomes = dict[str, str](), set[str](), set[str](), list[Seen]()
    for signature, body in deliveries:
        if body in taken:
            firsts.setdefault(signature, body)
            outcomes.append(Seen.REPEAT)
        elif firsts.setdefault(signature, body) == body:
            taken.add(body)
            outcomes.append(Seen.NEW)
        else:
            outcomes.append(Seen.REPEAT if body in asked else Seen.OTHER_CONTENT)
            asked.add(body)
    return outcomes


@given(st.lists(st.tuples(st.sampled_from("ST"), st.sampled_from("abc")), max_size=10))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_in_whatever_order(database: Database, deliveries: list[tuple[str, str]]) -> None:
    channel = next(_channels)

    outcomes = [came(database, channel, *one) for one in deliveries]

    assert outcomes == expected(deliveries)


@pytest.mark.parametrize("bodies", ["ab", "aab", "abcabc"])
async def test_of_bodies_that_come_at_once_one_is_taken(database: Database, bodies: str) -> None:
    """At two replicas, again and again: neither two nor none."""
    with Database.open(database.url.render_as_string(hide_password=False)) as replica:
        for round_ in range(8):
            channel, homes = f"door-{round_}", [database, replica] * 3
            outcomes = await asyncio.gather(
                *(comes(home, channel, body) for home, body in zip(homes, bodies, strict=False))
            )

            assert outcomes.count(Seen.NEW) == 1
            assert database.read_now(partial(number_taken, channel=channel)) == 1


def aside(uow: UnitOfWork) -> int:
    return uow.scalar(select(func.count()).select_from(KeptAsideRow))


async def test_no_more_lie_aside_than_are_kept_whoever_comes_at_once(database: Database) -> None:
    """Thirty other bodies at two replicas: twenty are kept, every one is counted."""
    came(database, "door", "S", "a")
    with Database.open(database.url.render_as_string(hide_password=False)) as replica:
        outcomes = await asyncio.gather(
            *(comes(home, "door", f"b{number}") for number in range(15) for home in (database, replica)),
            *(comes(replica, "door", f"c{number}") for number in range(15)),
        )

    assert outcomes.count(Seen.OTHER_CONTENT) == MOST_ASIDE == 20
    assert outcomes.count(Seen.TOO_MANY) + outcomes.count(Seen.REPEAT) == 25
    assert database.read_now(aside) == MOST_ASIDE


def test_what_lies_aside_already_takes_no_second_place(database: Database) -> None:
    """The platform brings one again and again: that is no reason to keep none of the others."""
    came(database, "door", "S", "a")
    outcomes = [came(database, "door", "S", "b") for _ in range(30)]

    assert outcomes == [Seen.OTHER_CONTENT, *[Seen.REPEAT] * 29]
    assert came(database, "door", "S", "c") is Seen.OTHER_CONTENT


def test_another_signature_has_places_of_its_own(database: Database) -> None:
    for signature in "ST":
        came(database, "door", signature, signature)
        for number in range(MOST_ASIDE + 1):
            last = came(database, "door", signature, f"{signature}{number}")
        assert last is Seen.TOO_MANY

    assert database.read_now(aside) == 2 * MOST_ASIDE


def test_what_lies_aside_is_swept_when_nobody_has_asked(database: Database) -> None:
    came(database, "door", "S", "a")
    came(database, "door", "S", "b")

    assert database.write_now(lambda uow: inbox.forget(uow, NOW + ASIDE_LIVES)) == 1, "the signature"
    assert database.read_now(aside) == 1
    assert database.write_now(lambda uow: inbox.forget(uow, NOW + ASIDE_LIVES + timedelta(milliseconds=1))) == 1
    assert database.read_now(aside) == 0


def test_what_fails_spends_nothing(database: Database) -> None:
    """The platform is asked to come again; by then another body may be the first."""

    def breaks(uow: UnitOfWork) -> None:
        take(uow, "door", "S", "a")
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        database.write_now(breaks)

    assert came(database, "door", "S", "b") is Seen.NEW
    assert came(database, "door", "S", "a") is Seen.OTHER_CONTENT


def test_a_channel_knows_nothing_of_anothers_signatures(database: Database) -> None:
    assert came(database, "door", "S", "a") is Seen.NEW
    assert came(database, "gate", "S", "b") is Seen.NEW


def test_a_signature_is_forgotten_when_no_window_takes_it(database: Database) -> None:
    later = NOW + SIGNATURES_LIVE
    came(database, "door", "S", "a")
    came(database, "door", "T", "b", later)

    assert database.write_now(lambda uow: inbox.forget(uow, later)) == 0
    assert database.write_now(lambda uow: inbox.forget(uow, later + timedelta(milliseconds=1))) == 1
    assert database.read_now(lambda uow: uow.rows(select(SignatureRow.digest))) == ["T"]
