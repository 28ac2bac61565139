"""The card whose button was pressed, once its answer has arrived: shown as dealt with. Nothing waits for that."""

import asyncio
from collections.abc import Callable
from datetime import datetime

import structlog

from schedules.letters import Sender, letter_of
from storage import lanes, outbox
from storage.database import Database
from storage.outbox import OutboxRow

log = structlog.get_logger()

FINISH_SECONDS = 90
"""Longer no card may take."""


class Finishing:
    """The cards that are being finished."""

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, row: OutboxRow) -> None:
        """`row` has arrived: finish the card that it answers, if it answers one."""
        if row.extra and row.extra.get(outbox.ANSWERED):
            task = asyncio.create_task(self._finish(row))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def wait(self) -> None:
        """Until no card is being finished."""
        await asyncio.gather(*self._tasks)

    async def end(self) -> None:
        """Leave the cards that are not finished as they are."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _finish(self, row: OutboxRow) -> None:
        try:
            pressed = await self._database.read(lambda uow: outbox.pressed_card(uow, row))
            async with asyncio.timeout(FINISH_SECONDS):
                calls = await self._sender.finish(letter_of(row), letter_of(pressed) if pressed else None)
            if calls:
                await self._database.write(lambda uow: lanes.note(uow, row.channel, self._now(), calls))
        except Exception:
            log.exception("card not finished", outbox=row.id)
