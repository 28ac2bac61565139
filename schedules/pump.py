"""One channel's messages in motion: taken in turn, several on their way at once, one person's never side by side."""

import asyncio
from typing import Protocol

from storage.outbox import OutboxRow

AT_ONCE = 16
"""So many messages of one channel are on their way at the same time."""


class Source(Protocol):
    """What a pump draws from."""

    async def claim(self, channel: str, room: int, in_flight: int) -> list[OutboxRow]:
        """Lease up to `room` messages that may leave now, while `in_flight` others are on their way."""

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
        flying: set[asyncio.Task[None]] = set()
        try:
            while True:
                self.look_again.clear()
                room = AT_ONCE - len(flying)
                rows = await source.claim(channel, room, len(flying)) if room else []
                flying |= {asyncio.create_task(source.deliver(row)) for row in rows}
                made += len(rows)
                if rows and len(flying) < AT_ONCE:
                    continue  # those may all have been to one person, with others behind
                if flying:
                    await self._until_one_arrives(flying)
                elif not self.look_again.is_set():
                    # Woken while it looked, it looks once more: what was committed meanwhile may not have been seen.
                    return made
        finally:
            # A fault of one must not leave the others' outcomes unwritten.
            await asyncio.gather(*flying, return_exceptions=True)

    async def _until_one_arrives(self, flying: set[asyncio.Task[None]]) -> None:
        """Wait until one is no longer on its way, or until there is more to be sent; take the former out."""
        waker = asyncio.create_task(self.look_again.wait())
        try:
            done, _ = await asyncio.wait({*flying, waker}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waker.cancel()
        arrived = flying & done
        flying -= arrived
        for task in arrived:
            task.result()
