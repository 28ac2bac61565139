"""A file is uploaded once, whoever asks for it; a failure is heard by all who wait, and rests for a while."""

import asyncio
import gc
import weakref
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import cast

import pytest

from bot.channels.calling import NOT_CONNECTED
from bot.channels.channel import Attachment, SendError
from bot.channels.uploads import AT_ONCE, PAUSE, REFUSED_PAUSE, OwnBook, Place, Shelf, Uploads

NOON = datetime(2010, 8, 5, 4, 0, tzinfo=UTC)


class Platform:
    """Gives a new id to each upload; it may be slow, and it may refuse."""

    def __init__(self) -> None:
        self.made = 0
        self.refuses: SendError | None = None
        self.slow: asyncio.Event | None = None
        self.begun = asyncio.Event()

    async def upload(self, _file: Attachment, content: bytes) -> str:
        assert content == b"as it is stored"
        self.made += 1
        self.begun.set()
        if self.slow is not None:
            await self.slow.wait()
        if self.refuses is not None:
            raise self.refuses
        return f"m-{self.made}"


class Counting(OwnBook):
    """Counts the calls that were made in vain."""

    vain = 0

    async def called(self, _place: Place, /) -> None:
        self.vain += 1


class Desk:
    """One process that uploads as the app `app`."""

    def __init__(self, app: str = "app") -> None:
        self.now = NOON
        self.book = Counting()
        self.uploads = Uploads(self.book, lambda: self.now)
        self.shelf = self.another(app)

    def another(self, app: str) -> Shelf:
        return self.uploads.shelf("c", app, timedelta(days=1))


async def stored() -> bytes:
    return b"as it is stored"


FILE = Attachment("名单.xlsx", "xlsx", "sha", stored)
RENAMED = Attachment("另一名称.xlsx", "xlsx", "sha", stored)


async def test_it_goes_up_once_for_each_name_and_app() -> None:
    platform, desk = Platform(), Desk()

    assert await desk.shelf.known(FILE) is None
    assert await desk.shelf.get(FILE, platform.upload) == "m-1"
    assert await desk.shelf.get(FILE, platform.upload) == await desk.shelf.known(FILE) == "m-1"
    assert await desk.shelf.get(RENAMED, platform.upload) == "m-2", "a file goes up with its name"
    assert await desk.another("a group's robot").get(FILE, platform.upload) == "m-3"


async def test_what_is_refused_is_uploaded_anew() -> None:
    platform, desk = Platform(), Desk()
    await desk.shelf.get(FILE, platform.upload)

    assert await desk.shelf.anew(FILE, platform.upload, "m-1") == "m-2"
    assert await desk.shelf.anew(FILE, platform.upload, "m-1") == "m-2", "the newer one was not refused"
    assert platform.made == 2


async def test_all_who_ask_meanwhile_wait_for_one_upload() -> None:
    platform, desk = Platform(), Desk()
    platform.slow = asyncio.Event()
    waiting = [asyncio.create_task(desk.shelf.get(FILE, platform.upload)) for _ in range(5)]
    await platform.begun.wait()
    waiting[0].cancel()
    platform.slow.set()

    assert await asyncio.gather(*waiting[1:]) == ["m-1"] * 4
    assert platform.made == 1


async def test_it_is_finished_though_nobody_waits_any_more() -> None:
    platform, desk = Platform(), Desk()
    platform.slow = asyncio.Event()
    waiting = asyncio.create_task(desk.shelf.get(FILE, platform.upload))
    await platform.begun.wait()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    platform.slow.set()

    assert await desk.shelf.get(FILE, platform.upload) == "m-1"
    assert platform.made == 1


async def test_it_ends_with_the_service() -> None:
    platform, desk = Platform(), Desk()
    platform.slow = asyncio.Event()
    waiting = asyncio.create_task(desk.shelf.get(FILE, platform.upload))
    await platform.begun.wait()
    await desk.uploads.close()

    assert isinstance((await asyncio.gather(waiting, return_exceptions=True))[0], asyncio.CancelledError)


@pytest.mark.parametrize(
    ("failure", "pause"),
    [
        (SendError("平台限流", retry_after=3), PAUSE),
        (SendError("平台限流", retry_after=300), timedelta(seconds=300)),
        (SendError("类型不对", permanent=True), REFUSED_PAUSE),
    ],
    ids=["later", "much later", "never"],
)
async def test_a_failure_is_heard_by_all_and_rests_for_a_while(failure: SendError, pause: timedelta) -> None:
    platform, desk = Platform(), Desk()
    platform.refuses = failure
    heard = await asyncio.gather(*(desk.shelf.get(FILE, platform.upload) for _ in range(3)), return_exceptions=True)
    assert [str(one) for one in heard] == [failure.reason] * 3

    platform.refuses = None
    desk.now += pause - timedelta(seconds=1)
    with pytest.raises(SendError, match=failure.reason):
        await desk.shelf.get(FILE, platform.upload)
    assert platform.made == 1

    desk.now += timedelta(seconds=1)
    assert await desk.shelf.get(FILE, platform.upload) == "m-2"


async def test_what_fails_again_and_again_is_tried_ever_more_seldom() -> None:
    """Each try is a call of the month: a place for files that is down for a day must not use up what answers need."""
    platform, desk = Platform(), Desk()
    platform.refuses = SendError("平台繁忙")
    for _ in range(24 * 60):
        with pytest.raises(SendError):
            await desk.shelf.get(FILE, platform.upload)
        desk.now += timedelta(minutes=1)
    assert platform.made < 150

    platform.refuses = None
    desk.now += REFUSED_PAUSE
    await desk.shelf.get(FILE, platform.upload)
    platform.refuses = SendError("平台繁忙")
    for _ in range(2):
        with pytest.raises(SendError):
            await desk.shelf.get(RENAMED, platform.upload)
        desk.now += PAUSE
    assert platform.made < 155, "another file begins anew"


async def test_what_somebody_repairs_is_tried_before_the_words_go_without_it() -> None:
    """A channel that is shut asks again every five minutes: its files must not be refused for longer than that."""
    platform, desk = Platform(), Desk()
    platform.refuses = SendError("服务器 IP 未列入企业可信 IP", repair=True)
    for _ in range(9):
        with pytest.raises(SendError):
            await desk.shelf.get(FILE, platform.upload)
        desk.now += timedelta(minutes=5)
    platform.refuses = None

    assert await desk.shelf.get(FILE, platform.upload) == "m-10"


async def test_a_failure_keeps_nothing_of_the_file() -> None:
    """Files of twenty megabytes each: what is remembered of those that failed must not hold on to them."""

    class Content(bytearray):
        """Bytes of which one sees when they are gone."""

    held: list[weakref.ref[Content]] = []

    async def read() -> bytes:
        content = Content(b"as it is stored")
        held.append(weakref.ref(content))
        return cast("bytes", content)

    async def upload(_file: Attachment, _content: bytes) -> str:
        raise SendError("平台繁忙")

    desk = Desk()
    for _ in range(3):
        with pytest.raises(SendError):
            await desk.shelf.get(replace(FILE, read=read), upload)
    await asyncio.sleep(0)  # the loop itself lets go of what it has just handed over
    gc.collect()

    assert [one() for one in held] == [None]


async def test_few_are_under_way_at_once_on_each_channel() -> None:
    platform, desk = Platform(), Desk()
    platform.slow = asyncio.Event()
    files = [replace(FILE, name=f"{number}.xlsx") for number in range(3 * AT_ONCE)]
    waiting = [asyncio.create_task(desk.shelf.get(file, platform.upload)) for file in files]
    elsewhere = asyncio.create_task(desk.uploads.shelf("d", "app", timedelta(days=1)).get(FILE, platform.upload))
    for _ in range(20):
        await asyncio.sleep(0)
    assert platform.made == AT_ONCE + 1
    platform.slow.set()

    await asyncio.gather(*waiting, elsewhere)
    assert platform.made == 3 * AT_ONCE + 1


async def test_a_lost_answer_leaves_nothing_in_doubt_and_says_nothing_of_the_way_of_words() -> None:
    platform, desk = Platform(), Desk()
    platform.refuses = SendError("平台未回音", unknown=True, silent=True)

    with pytest.raises(SendError) as caught:
        await desk.shelf.get(FILE, platform.upload)

    assert (caught.value.unknown, caught.value.silent, caught.value.permanent) == (False, False, False)


async def test_a_missing_permission_stops_the_file_alone() -> None:
    platform, desk = Platform(), Desk()
    platform.refuses = SendError("应用缺少上传文件的权限", repair=True)

    with pytest.raises(SendError) as caught:
        await desk.shelf.get(FILE, platform.upload)

    assert (caught.value.repair, caught.value.permanent, caught.value.reason) == (False, True, "应用缺少上传文件的权限")


async def test_only_calls_that_were_made_are_counted() -> None:
    platform, desk = Platform(), Desk()

    async def damaged() -> bytes:
        raise SendError("存件缺失", permanent=True)

    with pytest.raises(SendError):
        await desk.shelf.get(Attachment("坏.pdf", "pdf", "bad", damaged), platform.upload)
    platform.refuses = SendError(NOT_CONNECTED, silent=True)
    with pytest.raises(SendError):
        await desk.shelf.get(FILE, platform.upload)
    assert desk.book.vain == 0

    platform.refuses = SendError("平台未回音", unknown=True)
    with pytest.raises(SendError):
        await desk.shelf.get(RENAMED, platform.upload)
    assert desk.book.vain == 1
