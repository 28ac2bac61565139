"""One channel's messages in motion: taken in turn, several on their way at once, one person's never side by side."""

import asyncio
from collections.abc import Collection
from typing import Protocol

from storage.outbox import OutboxRow

AT_ONCE = 16
"""So many messages of one channel are on their way at the same time."""


class Source(Protocol):
    """What a pump draws from."""

    async def claim(self, channel: str, room: int, busy: Collection[str]) -> list[OutboxRow]:
        """Lease up to `room` messages that may leave now, none to those who are busy."""

    async def deliver(self, row: OutboxRow) -> None:
        """Make the attempt and write down how it ended."""


class Pump:
    """Keeps one channel's messages flowing until nothing is left whose time has come.

    One person's messages leave one after the other: what takes several on its platform stays together, in order.
    """

    def __init__(self, source: Source, channel: str) -> None:
        self.look_again = asyncio.Event()
        self.task = asyncio.create_task(self._run(source, channel))

    async def made(self) -> int:
        """How many attempts it made, once it has run dry."""
        return await asyncio.shield(self.task)

    async def _run(self, source: Source, channel: str) -> int:
        made = 0
        flying: dict[asyncio.Task[None], str] = {}
        try:
            while True:
                self.look_again.clear()
                room = AT_ONCE - len(flying)
                rows = await source.claim(channel, room, flying.values()) if room else []
                flying |= {asyncio.create_task(source.deliver(row)): row.recipient for row in rows}
                made += len(rows)
                if not flying:
                    # Awaited between the last look and here was nothing: whoever wakes us later starts a new pump.
                    return made
                await self._until_one_arrives(flying)
        finally:
            # A fault of one must not leave the others' outcomes unwritten.
            await asyncio.gather(*flying, return_exceptions=True)

    async def _until_one_arrives(self, flying: dict[asyncio.Task[None], str]) -> None:
        """Wait until one is no longer on its way, or until there is more to be sent; take the former out."""
        waker = asyncio.create_task(self.look_again.wait())
        try:
            done, _ = await asyncio.wait({*flying, waker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
        for task in [task for task in flying if task in done]:
            del flying[task]
            task.result()
