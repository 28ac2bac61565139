"""The pretend robot of WeCom against a service made of the real front door and the real channel."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, SendError
from bot.channels.wecom_bot import WecomBotChannel
from bot.clock import SystemClock, WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.platform import BOT as SPEAKER
from bot.platforms.platform import TRIES, Fault, Line
from bot.platforms.wecom_bot import ANSWER_PATH, BAD_CODE, CARD_FIELD, CARD_TASK, Robot, WecomBotPlatform
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.wecom_bot_subject import AES_KEY, BOT, CORP, NAME, TOKEN, settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
CARD = Card("请核对", ("7月月报共4项。",), buttons=(Button("确认", "确认 #1234"), Button("取消", "取消 #1234")))
GROUP = "wrCHAT01"


@dataclass
class Town:
    """Platform and service, connected."""

    platform: WecomBotPlatform
    channel: WecomBotChannel
    clock: WoundClock
    session: aiohttp.ClientSession
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0
    """How many intakes fail before they succeed again."""

    async def answer(self, card: Card = CARD, *, key: str = "k-1", to: Incoming | None = None) -> None:
        """Answer the newest message, or another one."""
        heard = to or self.kept[-1]
        recipient = heard.sender if heard.private else heard.conversation
        await self.channel.send(Outgoing(key, recipient, not heard.private, card, extra=heard.extra or {}))

    def texts(self, chat: str) -> list[str]:
        return [line.text for line in self.platform.chat(chat) if line.sender == SPEAKER]

    def newest(self, chat: str) -> Line:
        return self.platform.chat(chat)[-1]

    async def post(self, message: object) -> int:
        """Post anything by the address of the newest message; the platform's code."""
        address = (self.kept[-1].extra or {})["response_url"]
        async with self.session.post(address, json=message) as answer:
            said: dict[str, Any] = await answer.json()
            return int(said["errcode"])


@asynccontextmanager
async def town(*, send_faults: Iterable[Fault] = (), callback_faults: Iterable[Fault] = ()) -> AsyncIterator[Town]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        platform = WecomBotPlatform(
            Robot(CORP, BOT, NAME, TOKEN, AES_KEY),
            clock=clock,
            session=session,
            channel="door",
            send_faults=send_faults,
            callback_faults=callback_faults,
        )
        async with TestServer(platform.application()) as server:
            platform.api_base = str(server.make_url("")).rstrip("/")
            channel = WecomBotChannel(settings(api_base=platform.api_base), session, clock, SystemClock())
            place = Town(platform, channel, clock, session)

            async def intake(message: Incoming, _: datetime) -> None:
                if place.failures:
                    place.failures -= 1
                    raise OSError
                place.kept.append(message)

            app = web.Application()
            doors = {channel.name: channel}
            FrontDoor(doors, intake, clock=clock, real_clock=SystemClock(), metrics=Metrics()).mount(app)
            async with TestServer(app) as service:
                platform.webhook = str(service.make_url("/webhooks/door"))
                yield place


async def test_the_address_is_checked() -> None:
    async with town() as place:
        assert await place.platform.check_address()
        place.platform.webhook += "x"
        assert not await place.platform.check_address()


async def test_a_question_in_a_group_and_its_answer() -> None:
    async with town() as place:
        said = await place.platform.say("ZhangSan", "得分", group=GROUP)
        (heard,) = place.kept
        await place.answer(Card("已单独发给您。"))

        assert said.acknowledged
        assert (heard.text, heard.sender, heard.conversation, heard.private) == ("得分", "zhangsan", GROUP, False)
        assert heard.sent_at == NOW
        assert place.texts(GROUP) == ["已单独发给您。"]


async def test_a_robot_hears_only_what_is_said_to_it() -> None:
    async with town() as place:
        with pytest.raises(ValueError, match="said to it"):
            await place.platform.say("zhangsan", "得分", group=GROUP, addressed=False)


async def test_an_address_answers_once_and_for_an_hour() -> None:
    async with town() as place:
        await place.platform.say("zhangsan", "得分")
        await place.answer(Card("一"))
        with pytest.raises(SendError) as error:
            await place.answer(Card("二"))
        assert error.value.permanent
        assert str(BAD_CODE) in error.value.reason

        await place.platform.say("zhangsan", "得分")
        place.clock.wind_to(NOW + timedelta(hours=1))
        with pytest.raises(SendError):
            await place.answer(Card("三"))
        assert place.texts(place.platform.private_chat("zhangsan")) == ["一"]


async def test_a_press_comes_back_with_an_address_of_its_own() -> None:
    async with town() as place:
        await place.platform.say("zhangsan", "报送7月")
        await place.answer()
        place.clock.wind_to(NOW + timedelta(minutes=5))
        await place.platform.press("zhangsan", "确认")
        await place.answer(Card("已报送"), key="k-2")

        assert place.kept[-1].text == "确认 #1234"
        assert place.kept[-1].sent_at == NOW + timedelta(minutes=5)
        assert place.texts(place.platform.private_chat("zhangsan")) == ["请核对\n7月月报共4项。", "已报送"]


async def test_a_message_comes_again_and_a_press_does_not() -> None:
    async with town() as place:
        await place.platform.say("zhangsan", "报送7月")
        await place.answer()
        place.failures = TRIES
        said = await place.platform.say("zhangsan", "得分")
        assert said.status == 503
        (again,) = await place.platform.redeliver()
        assert (again.acknowledged, again.message_id) == (True, said.message_id)

        place.failures = 1
        assert (await place.platform.press("zhangsan", "确认")).status == 503
        assert not place.platform.undelivered


async def test_files_and_pictures() -> None:
    async with town() as place:
        url = place.platform.file_address("k-1")
        await place.platform.say("zhangsan", "", files=(FileRef("", "file", "k-1"),))
        await place.platform.say("zhangsan", "附件", group=GROUP, files=(FileRef("", "image", "k-1"),))

        assert [(one.text, one.files) for one in place.kept] == [
            ("", (FileRef("", "file", url),)),
            ("附件", (FileRef("", "image", url),)),
        ]


@pytest.mark.parametrize(
    ("fault", "permanent", "unknown", "shown"),
    [
        (Fault.FAIL, False, False, 0),
        (Fault.THROTTLE, False, False, 0),
        (Fault.LOSE_ANSWER, False, True, 1),
    ],
)
async def test_faults(fault: Fault, permanent: bool, unknown: bool, shown: int) -> None:
    async with town(send_faults=[fault]) as place:
        await place.platform.say("zhangsan", "得分")
        with pytest.raises(SendError) as error:
            await place.answer(Card("一"))

        assert (error.value.permanent, error.value.unknown) == (permanent, unknown)
        assert place.platform.tally.shown == shown


async def test_a_refused_try_leaves_the_address_open() -> None:
    async with town(send_faults=[Fault.FAIL, Fault.THROTTLE]) as place:
        await place.platform.say("zhangsan", "得分")
        for _ in range(2):
            with pytest.raises(SendError):
                await place.answer(Card("一"))
        await place.answer(Card("一"))

        assert place.platform.tally.shown == 1


async def test_silently_dropped() -> None:
    async with town(send_faults=[Fault.DROP]) as place:
        await place.platform.say("zhangsan", "得分")
        await place.answer(Card("一"))

        assert (place.platform.tally.dropped, place.platform.tally.shown) == (1, 0)


async def test_an_outage() -> None:
    async with town() as place:
        place.platform.outages.append((NOW, NOW + timedelta(minutes=5)))
        await place.platform.say("zhangsan", "得分")
        with pytest.raises(SendError, match="503"):
            await place.answer(Card("一"))


async def test_what_the_platform_does_not_take() -> None:
    async with town() as place:
        await place.platform.say("zhangsan", "报送7月")
        card: dict[str, Any] = {
            "card_type": "button_interaction",
            "main_title": {"title": "题"},
            "task_id": "t-1",
            "button_list": [{"text": "确认", "style": 1, "key": "确认"}],
        }
        for message, code in [
            ([], 47001),
            ({"msgtype": "text", "text": {"content": "一"}}, 40008),
            ({"msgtype": "markdown", "markdown": {"content": ""}}, 40008),
            ({"msgtype": "markdown", "markdown": {"content": "长" * 6827}}, 45002),
            ({"msgtype": "template_card", "template_card": {**card, "task_id": "一"}}, CARD_TASK),
            ({"msgtype": "template_card", "template_card": {**card, "main_title": {"title": "长" * 27}}}, CARD_FIELD),
            ({"msgtype": "template_card", "template_card": {**card, "sub_title_text": "长" * 113}}, CARD_FIELD),
            ({"msgtype": "template_card", "template_card": {**card, "button_list": []}}, CARD_FIELD),
            ({"msgtype": "template_card", "template_card": card}, 0),
            ({"msgtype": "template_card", "template_card": card}, BAD_CODE),
        ]:
            assert await place.post(message) == code, json.dumps(message, ensure_ascii=False)[:80]
        await place.platform.say("zhangsan", "报送7月")
        assert await place.post({"msgtype": "template_card", "template_card": card}) == CARD_TASK


async def test_an_address_that_was_never_given_out() -> None:
    async with town() as place:
        address = f"{place.platform.api_base}{ANSWER_PATH}"
        async with place.session.post(address, params={"response_code": "x"}, json={}) as answer:
            assert (await answer.json())["errcode"] == BAD_CODE
        assert place.platform.tally.forged == 1
