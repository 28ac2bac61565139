"""Asking each platform whose number that is: its own way, its own codes, and never the number in what we say."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from bot import app
from bot.channels.channel import SendError
from bot.channels.directory import Directory
from bot.clock import WoundClock
from bot.county import listen
from bot.phone_book import PhoneBook
from bot.platforms.feishu import FeishuPlatform
from bot.platforms.feishu_app import PHONE_SCOPE
from bot.platforms.platform import Platform
from bot.platforms.tenants import tenant
from bot.platforms.wecom import WecomPlatform
from schedules.looking_up import Unanswered
from schedules.rates import LookUps

NUMBER, OTHER = "13800001234", "13800009999"
NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)


@dataclass
class Place:
    """A platform and the channel that speaks with it."""

    platform: Platform
    channel: Directory
    tenant: str

    @property
    def book(self) -> PhoneBook:
        return PhoneBook(self.channel, self.tenant)


@asynccontextmanager
async def place(kind: str) -> AsyncIterator[Place]:
    clock = WoundClock(NOON)
    async with aiohttp.ClientSession() as session:
        one = tenant(kind, clock, session)
        async with listen(one.platform.application()) as base:
            table = one.settings(base)
            channel = app.channel(table, session, clock)
            assert isinstance(channel, Directory)
            yield Place(one.platform, channel, table.tenant)


Open = Callable[[], AbstractAsyncContextManager[Place]]


@pytest.fixture(params=["wecom", "feishu", "dingtalk"])
def opened(request: pytest.FixtureRequest) -> Open:
    return lambda: place(request.param)


async def test_whose_it_is(opened: Open) -> None:
    async with opened() as here:
        here.platform.phones[NUMBER] = "zhang"

        assert await here.channel.account_of(NUMBER) == "zhang"


async def test_nobodys(opened: Open) -> None:
    async with opened() as here:
        here.platform.phones[NUMBER] = "zhang"

        assert await here.channel.account_of(OTHER) is None


async def test_a_platform_that_is_down_is_no_answer(opened: Open) -> None:
    async with opened() as here:
        here.platform.phones[NUMBER] = "zhang"
        here.platform.outages.append((NOON, NOON + timedelta(hours=1)))
        said = await here.book.ask(NUMBER)

        assert isinstance(said, Unanswered)
        assert not said.refused
        assert not said.asked
        assert NUMBER not in said.reason


@pytest.mark.parametrize("kind", ["wecom", "feishu", "dingtalk"])
async def test_a_platform_that_cannot_be_reached_was_not_asked(kind: str) -> None:
    clock = WoundClock(NOON)
    async with aiohttp.ClientSession() as session:
        table = tenant(kind, clock, session).settings("http://127.0.0.1:1")
        channel = app.channel(table, session, clock)
        assert isinstance(channel, Directory)
        said = await PhoneBook(channel, table.tenant).ask(NUMBER)

    assert isinstance(said, Unanswered)
    assert (said.asked, said.refused) == (False, False)


class Failing:
    """A directory in which nothing is found."""

    look_ups = LookUps(a_day=1)

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def account_of(self, _number: str) -> str | None:
        raise self._error


@pytest.mark.parametrize(
    ("error", "asked", "refused"),
    [
        (SendError("平台连接不上", silent=True), False, False),
        (SendError("平台繁忙", retry_after=5), False, False),
        (SendError("平台未回音，可能已送达", unknown=True, silent=True), True, False),
        (SendError("应用无权查询", permanent=True), True, True),
        (SendError("应用无权查询", repair=True), True, True),
        (ValueError("of our own"), True, False),
    ],
    ids=str,
)
async def test_what_counts_as_asked(error: Exception, asked: bool, refused: bool) -> None:
    """What was never taken does not; what may have been taken does."""
    said = await PhoneBook(Failing(error), "t").ask(NUMBER)

    assert isinstance(said, Unanswered)
    assert (said.asked, said.refused) == (asked, refused)


async def test_wecom_tells_no_case() -> None:
    async with place("wecom") as here:
        here.platform.phones[NUMBER] = "ZhangSan"

        assert await here.channel.account_of(NUMBER) == "zhangsan"


async def test_wecom_bars_whoever_was_wrong_too_often() -> None:
    """More than a fifth of the head-count; we stop far before, and at once where it says so."""
    async with place("wecom") as here:
        assert isinstance(here.platform, WecomPlatform)
        here.platform.head_count = 10
        for _ in range(3):
            assert await here.channel.account_of(OTHER) is None
        said = await here.book.ask(OTHER)

        assert said == Unanswered("按手机号查询次数已达企业微信上限，平台暂停查询一日", refused=True)
        assert here.channel.look_ups.misses == 10, "per hundred of the roster: half of the platform's fifth"


async def test_feishu_says_which_right_is_missing() -> None:
    async with place("feishu") as here:
        assert isinstance(here.platform, FeishuPlatform)
        here.platform.scopes.discard(PHONE_SCOPE)
        with pytest.raises(SendError, match=PHONE_SCOPE) as refused:
            await here.channel.account_of(NUMBER)

        assert refused.value.repair


async def test_only_who_wants_it_is_asked(opened: Open) -> None:
    async with opened() as here:
        table = tenant(here.channel.kind, WoundClock(NOON), None).settings("http://127.0.0.1:1")  # type: ignore[attr-defined, arg-type]

        assert not table.phone_lookup  # type: ignore[union-attr]
