"""A process killed in the middle of its work loses nothing that it acknowledged and says nothing twice."""

import signal
from pathlib import Path

import pytest

from tests.simulator.kills import kill_again_and_again

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill without asking")


async def test_killed_again_and_again_nothing_is_lost_or_said_twice(tmp_path: Path) -> None:
    count = await kill_again_and_again(tmp_path, seed=1, kills=4)

    assert count.faults == []
    assert count.kills == 4
    assert count.acknowledged > 12


async def test_acknowledging_before_the_commit_is_found_out(tmp_path: Path) -> None:
    """The seeded fault: what was acknowledged and not kept yet dies with the process, and nobody sends it again."""
    for seed in range(5):
        count = await kill_again_and_again(tmp_path, seed, kills=2, hasty=True)
        if any("acknowledged messages are missing" in fault for fault in count.faults):
            return
    pytest.fail("nothing was lost although nothing was kept in time")
