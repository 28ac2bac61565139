"""The pretend WeCom against a service made of the real front door and the real channel."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, Picture, SendError
from bot.channels.wecom import WecomChannel
from bot.clock import SystemClock, WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.platform import BOT, TRIES, Fault, Line
from bot.platforms.wecom import WecomPlatform
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.wecom_subject import AES_KEY, AGENT, CORP, SECRET, settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
CARD = Card("请核对", ("7月月报共4项。",), buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4 #1234")))


@dataclass
class Town:
    """Platform and service, connected."""

    platform: WecomPlatform
    channel: WecomChannel
    clock: WoundClock
    api: str
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0
    """How many intakes fail before they succeed again."""

    async def send(self, card: Card = CARD, *, key: str = "k-1", to: str = "zhangsan", **more: object) -> str:
        outgoing = replace(Outgoing(key, to, to_group=False, card=card), **more)  # type: ignore[arg-type]
        return (await self.channel.send(outgoing)).platform_message_id

    def chat(self, person: str = "zhangsan") -> tuple[Line, ...]:
        return self.platform.chat(self.platform.private_chat(person))

    def texts(self) -> list[str]:
        return [line.text for line in self.chat()]


@asynccontextmanager
async def town(
    *, send_faults: Iterable[Fault] = (), callback_faults: Iterable[Fault] = (), hook_key: str = "", **table: object
) -> AsyncIterator[Town]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        platform = WecomPlatform(
            corp_id=CORP,
            agent_id=AGENT,
            secret="corp-secret",
            token=SECRET,
            encoding_aes_key=AES_KEY,
            clock=clock,
            session=session,
            channel="door",
            hook_key=hook_key,
            send_faults=send_faults,
            callback_faults=callback_faults,
        )
        async with TestServer(platform.application()) as server:
            api = str(server.make_url("")).rstrip("/")
            hook = {"webhook_url": f"{api}/cgi-bin/webhook/send?key={hook_key}"} if hook_key else {}
            channel = WecomChannel(settings(**{"api_base": api, **hook, **table}), session, clock, SystemClock())
            place = Town(platform, channel, clock, api)

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


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town() as place:
        yield place


async def test_a_message_reaches_the_service(place: Town) -> None:
    said = await place.platform.say("ZhangSan", "我的任务", message_id="746")

    assert (said.acknowledged, said.status) == (True, 200)
    assert place.kept == [Incoming("door", CORP, "746", "zhangsan", "app:zhangsan", True, True, "我的任务", NOW)]


async def test_a_picture_comes_alone(place: Town) -> None:
    await place.platform.say("zhangsan", "", message_id="746", files=(FileRef("", "image", "m-1"),))

    assert (place.kept[0].attachments, place.kept[0].files) == (("图片",), (FileRef("", "image", "m-1"),))


async def test_the_app_hears_nothing_of_groups(place: Town) -> None:
    with pytest.raises(ValueError, match="not in groups"):
        await place.platform.say("zhangsan", "我的任务", group="g-1")


async def test_the_address_check(place: Town) -> None:
    assert await place.platform.check_address()

    place.platform.webhook += "-another"

    assert not await place.platform.check_address()


async def test_a_service_with_another_token_is_not_believed() -> None:
    async with town(token="some-other-token") as place:
        said = await place.platform.say("zhangsan", "我的任务")

        assert (said.status, place.kept, await place.platform.check_address()) == (401, [], False)


async def test_a_service_with_another_secret_gets_no_token() -> None:
    async with town(secret="some-other-secret") as place:
        with pytest.raises(SendError) as error:
            await place.send()

        assert (error.value.repair, place.platform.tally.forged, place.chat()) == (True, 1, ())


@pytest.mark.parametrize("wrong", [{"corp_id": "ww-another"}, {"agent_id": 1000003}])
async def test_a_service_that_is_another_app(wrong: dict[str, object]) -> None:
    async with town(**wrong) as place:
        with pytest.raises(SendError) as error:
            await place.send()

        assert (error.value.repair, place.chat()) == (True, ())


async def test_a_card_is_shown_with_its_buttons(place: Town) -> None:
    message_id = await place.send(to="zhangsan")
    (line,) = place.chat("ZhangSan")

    assert (line.at, line.sender, line.text) == (NOW, BOT, "请核对\n7月月报共4项。")
    assert line.commands == {"确认": "确认 #1234", "改第4项": "改 4 #1234"}
    assert line.message_id == message_id != ""


async def test_pressing_says_the_command(place: Town) -> None:
    await place.send()
    said = await place.platform.press("ZhangSan", "改第4项")
    (message,) = place.kept

    assert (message.text, message.sender, message.conversation) == ("改 4 #1234", "zhangsan", "app:zhangsan")
    assert (message.message_id, message.sent_at) == (said.message_id, NOW)
    with pytest.raises(KeyError):
        await place.platform.press("zhangsan", "没有的按钮")


async def test_a_press_that_was_not_taken_comes_again_with_its_id(place: Town) -> None:
    await place.send()
    place.failures = TRIES
    said = await place.platform.press("zhangsan", "确认")

    assert (said.status, place.kept) == (503, [])

    place.clock.wind_to(NOW + timedelta(minutes=5))

    assert [again.message_id for again in await place.platform.redeliver()] == [said.message_id]
    assert [message.message_id for message in place.kept] == [said.message_id]


async def test_a_pressed_card_can_be_finished_once(place: Town) -> None:
    await place.send()
    await place.platform.press("zhangsan", "确认")
    extra = place.kept[0].extra
    assert extra

    assert await place.channel.client.finish(extra, "已确认")
    assert place.texts() == ["请核对\n7月月报共4项。\n[已确认]"]
    assert place.chat()[0].commands == {}
    assert not await place.channel.client.finish(extra, "已确认")


async def test_a_card_is_finished_within_72_hours(place: Town) -> None:
    await place.send()
    await place.platform.press("zhangsan", "确认")
    place.clock.wind_to(NOW + timedelta(hours=72))

    assert not await place.channel.client.finish(place.kept[0].extra or {}, "已确认")


async def test_the_same_letter_is_shown_once_within_four_hours(place: Town) -> None:
    for card in (CARD, Card("已收到")):
        shown = len(place.chat())
        first, again = await place.send(card), await place.send(card)

        assert first == again
        assert len(place.chat()) == shown + 1
    assert (place.platform.tally.repeats, place.platform.tally.conflicts) == (2, 0)


async def test_equal_words_are_swallowed_for_four_hours_unless_they_say_so(place: Town) -> None:
    """The trap of this platform: it compares what is said, not who asked for it."""
    await place.send(Card("已收到"), key="k-1")
    await place.send(Card("已收到"), key="k-2")
    assert place.texts() == ["已收到"]

    await place.send(Card("已收到"), key="k-2", said_before=1)
    place.clock.wind_to(NOW + timedelta(hours=4))
    await place.send(Card("已收到"), key="k-3")

    assert place.texts() == ["已收到", "已收到\n（第2次发送）", "已收到"]


async def test_two_cards_of_equal_words_are_both_shown(place: Town) -> None:
    await place.send(key="k-1")
    await place.send(key="k-2")

    assert len(place.chat()) == 2


async def test_a_task_id_is_used_once(place: Town) -> None:
    """Beyond four hours the platform no longer knows the message, yet it knows the card's id: nothing is seen twice."""
    await place.send()
    place.clock.wind_to(NOW + timedelta(hours=4))
    with pytest.raises(SendError) as error:
        await place.send()

    assert (error.value.permanent, len(place.chat()), place.platform.tally.conflicts) == (True, 1, 1)


async def test_a_token_that_expires_is_renewed_unseen() -> None:
    async with town(send_faults=[Fault.EXPIRE, Fault.NONE, Fault.EXPIRE]) as place:
        await place.send(key="k-1")
        await place.send(key="k-2")

        assert (len(place.chat()), place.platform.tally.forged, place.platform.tally.sends) == (2, 0, 4)


@pytest.mark.parametrize(("fault", "wait"), [(Fault.FAIL, None), (Fault.THROTTLE, 60.0)])
async def test_a_refused_send_was_not_shown(fault: Fault, wait: float | None) -> None:
    async with town(send_faults=[fault]) as place:
        with pytest.raises(SendError) as error:
            await place.send()

        assert (error.value.permanent, error.value.unknown, error.value.retry_after) == (False, False, wait)
        assert place.chat() == ()

        await place.send()

        assert len(place.chat()) == 1


async def test_a_lost_answer_was_shown_all_the_same() -> None:
    async with town(send_faults=[Fault.LOSE_ANSWER]) as place:
        with pytest.raises(SendError) as error:
            await place.send()
        await place.send()

        assert (error.value.unknown, len(place.chat()), place.platform.tally.repeats) == (True, 1, 1)


async def test_a_dropped_message_is_accepted_and_seen_by_nobody() -> None:
    async with town(send_faults=[Fault.DROP]) as place:
        assert await place.send() != ""
        assert (place.chat(), place.platform.tally.dropped) == ((), 1)


async def test_callbacks_can_be_repeated_and_their_answers_lost() -> None:
    async with town(callback_faults=[Fault.REPEAT, Fault.LOSE_ANSWER]) as place:
        await place.platform.say("zhangsan", "一")
        await place.platform.say("zhangsan", "二")

        assert [message.text for message in place.kept] == ["一", "一", "二", "二"]
        assert len({message.message_id for message in place.kept}) == 2


async def test_an_outage_by_the_domains_clock(place: Town) -> None:
    place.platform.outages.append((NOW, NOW + timedelta(hours=24)))
    with pytest.raises(SendError) as error:
        await place.send()
    assert not error.value.permanent

    place.clock.wind_to(NOW + timedelta(hours=24))
    await place.send()

    assert len(place.chat()) == 1


async def test_somebody_who_has_left(place: Town) -> None:
    place.platform.gone.add("ZhangSan")
    with pytest.raises(SendError) as error:
        await place.send()

    assert error.value.permanent
    assert "收不到消息" in error.value.reason


async def test_more_than_thirty_a_minute_vanish(place: Town) -> None:
    """Accepted, and shown to nobody: only the service's own pace keeps it from that."""
    for number in range(31):
        await place.send(Card(f"第{number}条"), key=f"k-{number}")

    assert (len(place.chat()), place.platform.tally.dropped) == (30, 1)

    await place.send(Card("给别人"), key="k-x", to="lisi")
    place.clock.wind_to(NOW + timedelta(minutes=1))
    await place.send(Card("下一分钟"), key="k-y")

    assert (len(place.chat()), len(place.chat("lisi")), place.platform.tally.dropped) == (31, 1, 1)


async def test_more_than_a_thousand_an_hour_vanish(place: Town) -> None:
    for minute in range(34):
        place.clock.wind_to(NOW + timedelta(minutes=minute))
        place.platform._sent_to["zhangsan"] += [place.clock.now()] * 30
    place.clock.wind_to(NOW + timedelta(minutes=35))
    await place.send()

    assert (place.chat(), place.platform.tally.dropped) == ((), 1)


async def test_nothing_that_we_send_is_cut(place: Town) -> None:
    """What is longer than 2048 bytes is cut without a word; the channel never gets there."""
    long = Card("通报", tuple(f"第{number}行：<各单位>报送情况如下，请予核对" for number in range(200)))
    await place.send(long, said_before=11)
    lines = [line for text in place.texts() for line in text.split("\n") if not line.startswith("（")]

    assert lines == ["通报", *(line.replace("<", "＜") for line in long.lines)]
    assert all(text.endswith("（第12次发送）") for text in place.texts())


async def test_a_picture_is_seen_after_the_words(place: Town) -> None:
    await place.send(picture=Picture(b"\x89PNG", "得分"))

    assert [line.picture for line in place.chat()] == [None, b"\x89PNG"]


async def test_the_robot_of_a_group() -> None:
    async with town(hook_key="hook-secret") as place:
        await place.send(Card("通报"), to_group=True, picture=Picture(b"\x89PNG", "得分"))
        lines = place.platform.chat("webhook")

        assert [(line.text[:3], line.picture) for line in lines] == [("通报", None), ("[图片", b"\x89PNG")]

        for _ in range(18):
            await place.send(Card("通报"), to_group=True)
        with pytest.raises(SendError) as error:
            await place.send(Card("通报"), to_group=True)
        assert error.value.retry_after == 60

        place.clock.wind_to(NOW + timedelta(minutes=1))
        await place.send(Card("通报"), to_group=True)

        assert len(place.platform.chat("webhook")) == 21


@pytest.mark.parametrize("key", ["", "another"])
async def test_a_robot_wants_its_key(key: str) -> None:
    async with (
        town(hook_key="hook-secret") as place,
        aiohttp.ClientSession() as session,
        session.post(f"{place.api}/cgi-bin/webhook/send", params={"key": key}, json={}) as answer,
    ):
        assert (await answer.json())["errcode"] == 93000


@pytest.mark.parametrize(
    ("query", "body", "code"),
    [
        ({}, {}, 41001),
        ({"access_token": "guessed"}, {}, 40014),
        (None, "[]", 47001),
        (None, {"msgtype": "markdown"}, 40008),
        (None, {"msgtype": "text", "text": {"content": "x"}, "agentid": 5}, 40056),
        (None, {"msgtype": "text", "text": {"content": "x"}, "agentid": AGENT, "touser": ""}, 82001),
        (None, {"msgtype": "text", "text": {"content": "x"}, "agentid": AGENT, "touser": "z"}, 40008),
    ],
)
async def test_requests_that_are_refused(place: Town, query: dict[str, str] | None, body: object, code: int) -> None:
    await place.send()
    params = {"access_token": place.platform._token} if query is None else query
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{place.api}/cgi-bin/message/send", params=params, json=body) as answer,
    ):
        assert (await answer.json())["errcode"] == code
