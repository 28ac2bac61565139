"""A few of the frames that python -m tests.bot.fuzz_doors --platform dingtalk brings by the ten thousand."""

from pathlib import Path

import pytest

from bot.channels.channel import Malformed
from bot.channels.dingtalk import messages
from tests.bot.fuzz_doors import fuzz_stream


async def test_spoilt_frames_do_no_harm(tmp_path: Path) -> None:
    """Nobody stops listening, no handler fails, nothing is logged but the lines of what is not taken."""
    course = await fuzz_stream(300, 0, tmp_path)

    assert course.faults == []
    assert course.kept > 10, "some reach the handlers"
    assert course.statuses.keys() >= {"kept", "ignored", "malformed", "unverified", "frame malformed"}
    assert course.statuses["connections"] > 10, "some are no text, and cost the connection"


async def test_a_fault_in_reading_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error beside the two refusals costs the connection, and would be seen."""
    read = messages.RobotMessages.read

    def careless(self: messages.RobotMessages, body: bytes) -> object:
        try:
            return read(self, body)
        except Malformed:
            raise KeyError(body) from None

    monkeypatch.setattr(messages.RobotMessages, "read", careless)
    course = await fuzz_stream(40, 0, tmp_path)

    assert any("stream interrupted: KeyError" in fault for fault in course.faults)
