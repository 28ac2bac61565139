"""The ids of uploaded files in the database, where every replica finds them; each upload is a call of the month."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from bot.channels.channel import SendError
from bot.channels.uploads import Place
from bot.clock import Clock
from storage import lanes, uploads
from storage.database import Database
from storage.unit_of_work import UnitOfWork

_T = TypeVar("_T")
NOT_NOW = "附件暂不能发送，稍后重发"


class UploadBook:
    """Satisfies bot.channels.uploads.Book."""

    def __init__(self, database: Database, now: Callable[[], datetime], real_clock: Clock) -> None:
        """`now`: domain time, by which calls count in a month; ids live by the real clock, as on the platform."""
        self._database = database
        self._now = now
        self._real_clock = real_clock

    async def find(self, place: Place) -> str | None:
        """See Book."""
        real_ms = self._real_ms()
        try:
            return await self._database.read(lambda uow: uploads.find(uow, **vars(place), real_ms=real_ms))
        except DBAPIError as error:
            raise SendError(NOT_NOW) from error

    async def keep(self, place: Place, media_id: str, life: timedelta) -> str:
        """See Book."""
        real_ms = self._real_ms()
        until = real_ms + life // timedelta(milliseconds=1)

        def kept(uow: UnitOfWork) -> str:
            lanes.note(uow, place.channel, self._now())
            return uploads.keep(uow, **vars(place), media_id=media_id, until=until, real_ms=real_ms)

        return await self._write(kept)

    async def forget(self, place: Place, media_id: str) -> None:
        """See Book."""
        await self._write(lambda uow: uploads.forget(uow, **vars(place), media_id=media_id))

    async def called(self, place: Place, /) -> None:
        """See Book."""
        await self._write(lambda uow: lanes.note(uow, place.channel, self._now()))

    async def sweep(self) -> int:
        """Drop the ids that are used no more; how many there were."""
        real_ms = self._real_ms()
        return await self._database.write(lambda uow: uploads.sweep(uow, real_ms))

    async def _write(self, job: Callable[[UnitOfWork], _T]) -> _T:
        """Nothing has been said yet where files go up: a letter waits for the database rather than be in doubt."""
        try:
            return await self._database.write(job)
        except DBAPIError as error:
            raise SendError(NOT_NOW) from error

    def _real_ms(self) -> int:
        return int(self._real_clock.now().timestamp() * 1000)
