"""Ids: unique over threads and processes, rising, and small enough for both databases."""

import os
import subprocess
import sys
import threading
import time

import pytest

from storage.ids import new_id


def test_ids_rise_and_fit_into_63_bits() -> None:
    made = [new_id() for _ in range(10_000)]

    assert made == sorted(set(made))
    assert 0 < made[0] < made[-1] < 2**63


def test_threads_never_get_the_same_id() -> None:
    made: list[int] = []
    threads = [threading.Thread(target=lambda: made.extend([new_id() for _ in range(2_000)])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 16_000


def test_two_processes_mark_their_ids_differently() -> None:
    """Not certain but 4,095 times in 4,096; three children make a chance failure one in 68 thousand million."""
    program = "from storage.ids import new_id; print((new_id() >> 11) & 4095)"
    children = {subprocess.check_output([sys.executable, "-c", program], text=True) for _ in range(3)}

    assert children != {f"{(new_id() >> 11) & 4095}\n"}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_takes_a_mark_of_its_own() -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        marks = {(new_id() >> 11) & 4095}
        os.write(writing, str(marks.pop()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert int(pipe.read()) != (new_id() >> 11) & 4095


def test_ids_go_on_rising_when_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = new_id()
    an_hour_ago = time.time_ns() - 3_600_000_000_000
    monkeypatch.setattr(time, "time_ns", lambda: an_hour_ago)

    assert before < new_id() < new_id()
