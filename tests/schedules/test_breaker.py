"""A platform that is silent is asked by one message now and then; the first answer lets everything flow again."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schedules.breaker import FAILURES, FIRST_PAUSE, LONGEST_PAUSE, Breaker

NOW = datetime(2010, 8, 5, 2, 0, tzinfo=UTC)


def silent() -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(NOW)
    return breaker


def test_a_few_failures_are_no_silence() -> None:
    breaker = Breaker()
    for _ in range(FAILURES - 1):
        breaker.failed(NOW)

    assert not breaker.broken
    assert breaker.room(16, 0, NOW) == 16


def test_failures_between_answers_are_no_silence() -> None:
    breaker = Breaker()
    for _ in range(20):
        breaker.failed(NOW)
        breaker.succeeded()

    assert not breaker.broken


def test_one_message_asks_again() -> None:
    breaker = silent()

    assert breaker.room(16, 0, NOW + FIRST_PAUSE - timedelta(milliseconds=1)) == 0
    assert breaker.room(16, 0, NOW + FIRST_PAUSE) == 1
    assert breaker.room(16, 1, NOW + FIRST_PAUSE) == 0


def test_the_first_answer_opens_it() -> None:
    breaker = silent()
    breaker.succeeded()

    assert breaker.opens_at() is None
    assert breaker.room(16, 5, NOW) == 16


@given(st.integers(0, 40))
def test_pauses_grow_to_a_limit(probes: int) -> None:
    breaker, now = silent(), NOW
    for _ in range(probes):
        until = breaker.opens_at()
        assert until is not None
        assert timedelta(0) < until - now <= LONGEST_PAUSE
        now = until
        breaker.failed(now)
    opens = breaker.opens_at()
    assert opens is not None
    assert opens - now == min(FIRST_PAUSE * 2**probes, LONGEST_PAUSE)


def test_those_that_were_on_their_way_lengthen_no_pause() -> None:
    """Sixteen fail together: one pause, the first."""
    breaker = silent()
    for _ in range(11):
        breaker.failed(NOW + timedelta(seconds=10))

    assert breaker.opens_at() == NOW + FIRST_PAUSE
