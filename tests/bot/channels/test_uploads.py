"""A file is uploaded once, whoever asks for it; a failure is heard by all who wait, and forgotten."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.channel import SendError
from bot.channels.uploads import Uploads

KEY = ("sha", "名单.xlsx")


class Platform:
    """Gives a new id to each upload; it may be slow, and it may refuse."""

    def __init__(self) -> None:
        self.made = 0
        self.refuses: SendError | None = None
        self.slow: asyncio.Event | None = None

    async def upload(self) -> str:
        self.made += 1
        if self.slow is not None:
            await self.slow.wait()
        if self.refuses is not None:
            raise self.refuses
        return f"m-{self.made}"


class Watch:
    """A clock that is wound by hand."""

    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


async def test_it_is_used_while_it_lives() -> None:
    platform, watch = Platform(), Watch()
    uploads = Uploads(timedelta(seconds=10), monotonic=watch)

    assert await uploads.get(KEY, platform.upload) == "m-1"
    watch.seconds = 9
    assert await uploads.get(KEY, platform.upload) == "m-1"
    assert await uploads.get(("sha", "另一名称.xlsx"), platform.upload) == "m-2", "a file goes up with its name"
    watch.seconds = 10
    assert await uploads.get(KEY, platform.upload) == "m-3"
    uploads.forget(KEY)
    assert await uploads.get(KEY, platform.upload) == "m-4"


async def test_all_who_ask_meanwhile_wait_for_one_upload() -> None:
    platform = Platform()
    platform.slow = asyncio.Event()
    uploads = Uploads(timedelta(seconds=10))
    waiting = [asyncio.create_task(uploads.get(KEY, platform.upload)) for _ in range(5)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    platform.slow.set()

    assert await asyncio.gather(*waiting[1:]) == ["m-1"] * 4
    assert platform.made == 1


async def test_a_failure_is_not_kept() -> None:
    platform = Platform()
    platform.refuses = SendError("平台限流", retry_after=3)
    uploads = Uploads(timedelta(seconds=10))
    heard = await asyncio.gather(*(uploads.get(KEY, platform.upload) for _ in range(3)), return_exceptions=True)
    assert [str(one) for one in heard] == ["平台限流"] * 3
    assert platform.made == 1

    platform.refuses = None
    assert await uploads.get(KEY, platform.upload) == "m-2"


async def test_a_lost_answer_leaves_nothing_in_doubt_and_says_nothing_of_the_way_of_words() -> None:
    platform = Platform()
    platform.refuses = SendError("平台未回音", unknown=True, silent=True)

    with pytest.raises(SendError) as caught:
        await Uploads(timedelta(seconds=10)).get(KEY, platform.upload)

    assert (caught.value.unknown, caught.value.silent, caught.value.permanent) == (False, False, False)


async def test_a_missing_permission_stops_the_file_alone() -> None:
    platform = Platform()
    platform.refuses = SendError("应用缺少上传文件的权限", repair=True)

    with pytest.raises(SendError) as caught:
        await Uploads(timedelta(seconds=10)).get(KEY, platform.upload)

    assert (caught.value.repair, caught.value.permanent, caught.value.reason) == (False, True, "应用缺少上传文件的权限")
