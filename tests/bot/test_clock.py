"""Clocks tell aware time; a wound one stands still."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.clock import Clock, SystemClock, WoundClock

START = datetime(2026, 12, 31, 23, 0, tzinfo=timezone(timedelta(hours=8)))


def test_a_wound_clock_stands_still() -> None:
    clock = WoundClock(START)

    assert clock.now() == clock.now() == START


def test_it_goes_forward_and_back() -> None:
    clock = WoundClock(START)

    clock.wind_to(START + timedelta(hours=2))
    clock.wind_to(START - timedelta(hours=1))

    assert clock.now() == START - timedelta(hours=1)


def test_time_without_a_zone_is_refused() -> None:
    naive = START.replace(tzinfo=None)
    clock = WoundClock(START)

    with pytest.raises(ValueError, match="no time zone"):
        WoundClock(naive)
    with pytest.raises(ValueError, match="no time zone"):
        clock.wind_to(naive)

    assert clock.now() == START


@pytest.mark.parametrize("clock", [SystemClock(), WoundClock(START)], ids=["system", "wound"])
def test_every_clock_is_aware(clock: Clock) -> None:
    assert clock.now().utcoffset() is not None


def test_the_system_clock_is_the_machines() -> None:
    before, told, after = datetime.now(UTC), SystemClock().now(), datetime.now(UTC)

    assert before <= told <= after
