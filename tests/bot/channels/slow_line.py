"""A line over which files go slowly, or not at all, while words go as ever. No time passes: a test lets files go."""

import asyncio
from typing import Any

import pytest

from bot.channels.calling import Answer, Caller
from bot.channels.channel import SendError

_call = Caller.call


class SlowLine:
    """Stands between the service and where files go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.through = asyncio.Event()
        """Cleared, an upload hangs before it reaches the platform."""
        self.through.set()
        self.hanging: asyncio.Queue[None] = asyncio.Queue()
        """One for each upload that has come to hang."""
        self.down = False
        """Set, uploads are answered 503."""
        self.tried = 0
        """Uploads that the service has begun, those in vain included."""
        line = self

        async def call(caller: Caller, method: str, path: str, **how: Any) -> Answer:
            if "upload" in path or path.endswith("/im/v1/files"):
                await line._pass()
            return await _call(caller, method, path, **how)

        monkeypatch.setattr(Caller, "call", call)

    async def _pass(self) -> None:
        self.tried += 1
        if not self.through.is_set():
            self.hanging.put_nowait(None)
        await self.through.wait()
        if self.down:
            raise SendError("平台暂不可用（503）", silent=True)
