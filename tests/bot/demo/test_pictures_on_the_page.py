"""The page shows a card's picture below it, to those who see the card, where the platform chosen can show one."""

import hashlib
from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.channels.card import Card
from bot.channels.sandbox.cards import render
from bot.clock import WoundClock
from bot.county import listen
from bot.demo.minute import read_minute
from bot.demo.page import page
from bot.demo.stage import Stage
from bot.platforms.platform import BOT, Line

MINUTE = read_minute()
CLERK, OFFICE = MINUTE.personas[0].account, MINUTE.personas[1].account
PNG = b"\x89PNG\r\n\x1a\nof the clerk"
NAME = hashlib.sha256(PNG).hexdigest()


class OneLine(Stage):
    """A stage without a service, on which the clerk has been shown one card with a picture."""

    def chat(self, who: str, *, in_group: bool = False) -> tuple[Line, ...]:
        card = render(Card("甲局得分", ("核定79分。",)))
        return (Line(self.clock.now(), BOT, card["text"], card, PNG),) if who == CLERK and not in_group else ()


@pytest.fixture
async def address() -> AsyncIterator[str]:
    stage = OneLine(MINUTE)
    stage.clock = WoundClock(MINUTE.setting().start)
    stage.ready = True
    async with listen(page(stage)) as address:
        yield address


async def get(address: str) -> tuple[int, bytes, str]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.read(), answer.headers["Content-Type"]


@pytest.mark.parametrize("kind", ["feishu", "wecom", "dingtalk"])
async def test_below_its_card(address: str, kind: str) -> None:
    _, body, _ = await get(f"{address}/part/chat?who={CLERK}&as={kind}")
    said = body.decode()

    assert f'src="/picture/{NAME}?' in said
    assert 'alt="甲局得分"' in said
    assert 'loading="lazy"' in said


async def test_not_where_only_text_is_shown(address: str) -> None:
    _, body, _ = await get(f"{address}/part/chat?who={CLERK}&as=text")

    assert "<img" not in body.decode()


async def test_the_picture_itself(address: str) -> None:
    assert await get(f"{address}/picture/{NAME}?who={CLERK}") == (200, PNG, "image/png")


@pytest.mark.parametrize("asked", [f"{NAME}?who={OFFICE}", f"{NAME}?who={CLERK}&in=group", f"{'0' * 64}?who={CLERK}"])
async def test_nobody_elses(address: str, asked: str) -> None:
    assert (await get(f"{address}/picture/{asked}"))[0] == 404
