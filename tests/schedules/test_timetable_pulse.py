"""Whether the sweeps still run is told by their own good ends, not by the scheduler's word."""

import pytest

from bench.town import ZONE
from schedules.timetable import CLIMB_LADDERS, LONGEST_SILENCE, Pulse, timetable


class Seconds:
    """A stopwatch in the test's hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def nothing() -> None:
    return None


async def fails() -> None:
    raise OSError("no disk")


def test_silence_means_nothing_before_the_timetable_runs() -> None:
    """As in the demonstration, where a clock is wound by hand."""
    seconds = Seconds()
    pulse = Pulse(seconds)
    seconds.now += 10_000

    assert pulse.silent() == ()


def test_a_sweep_that_never_came_is_silent() -> None:
    seconds = Seconds()
    pulse = Pulse(seconds)
    pulse.begin()
    seconds.now += LONGEST_SILENCE[CLIMB_LADDERS]
    assert pulse.silent() == ()

    seconds.now += 1
    assert CLIMB_LADDERS in pulse.silent()


async def test_only_a_good_end_counts() -> None:
    seconds = Seconds()
    pulse = Pulse(seconds)
    pulse.begin()
    seconds.now += LONGEST_SILENCE[CLIMB_LADDERS] + 1
    with pytest.raises(OSError, match="no disk"):
        await pulse.watched(CLIMB_LADDERS, fails)()
    assert CLIMB_LADDERS in pulse.silent()

    await pulse.watched(CLIMB_LADDERS, nothing)()
    assert CLIMB_LADDERS not in pulse.silent()


def test_every_sweep_of_the_timetable_is_watched() -> None:
    """One that is planned and not watched could die unseen."""
    planned = timetable(
        ZONE,
        Pulse(),
        open_periods=nothing,
        climb_ladders=nothing,
        deliver=nothing,
        recover=nothing,
        fetch=nothing,
        spread=nothing,
        look_up=nothing,
    )

    assert {job.id for job in planned.get_jobs()} == set(LONGEST_SILENCE)
