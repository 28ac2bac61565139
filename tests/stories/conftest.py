"""The demonstration county in a box, for stories told through the chat."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.county import ZONE, County, county, demonstration

# The accounts of assessment/demo/roster.csv by what they are in the stories.
CLERK = "jingmao-li"
OTHER_CLERK = "caizheng-zhang"
OFFICE = "ducha-chen"
OFFICE_TWO = "ducha-wu"
LEADER = "county-zheng"

OpenCounty = Callable[..., AbstractAsyncContextManager[County]]


@pytest.fixture
def open_county(tmp_path: Path) -> OpenCounty:
    """A county from a given moment: `async with open_county(8, 4) as box`. 2010 unless told otherwise."""

    @asynccontextmanager
    async def opened(
        month: int,
        day: int,
        hour: int = 0,
        minute: int = 0,
        *,
        year: int = 2010,
        live_from: date | None = None,
        **how: object,
    ) -> AsyncIterator[County]:
        start = datetime(year, month, day, hour, minute, tzinfo=ZONE)
        setting = demonstration(start, live_from or date(2010, 8, 1))
        async with county(setting, tmp_path, **how) as box:  # type: ignore[arg-type]
            yield box

    return opened
