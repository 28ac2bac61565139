"""The pretend DingTalk against a service made of the real front door and the real channel, over HTTP and Stream."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, Picture, SendError
from bot.channels.dingtalk import DingtalkChannel
from bot.clock import SystemClock, WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.dingtalk import DingtalkPlatform
from bot.platforms.platform import TRIES, Fault
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.dingtalk_subject import APP, settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
Mode = Literal["stream", "http"]
CARD = Card("提醒", ("7月月报明日截止",), buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4")))
HOOK_SECRET = "SEC0123456789"


@dataclass
class Town:
    """Platform and service, connected."""

    platform: DingtalkPlatform
    channel: DingtalkChannel
    clock: WoundClock
    server: TestServer
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0
    """How many intakes fail before they succeed again."""

    async def send(self, card: Card = CARD, *, to: str = "u-7", group: bool = False, **more: Any) -> str:
        sent = await self.channel.send(Outgoing("k-1", to, to_group=group, card=card, **more))
        return sent.platform_message_id

    async def refused(self, **arguments: Any) -> SendError:
        with pytest.raises(SendError) as error:
            await self.send(**arguments)
        return error.value

    def texts(self, chat: str = "private-u-7") -> list[str]:
        return [line.text for line in self.platform.chat(chat)]


@asynccontextmanager
async def town(
    mode: Mode = "http",
    *,
    send_faults: Iterable[Fault] = (),
    callback_faults: Iterable[Fault] = (),
    monthly_calls: int | None = None,
    **changes: object,
) -> AsyncIterator[Town]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        platform = DingtalkPlatform(
            APP,
            clock=clock,
            session=session,
            channel="door",
            mode=mode,
            send_faults=send_faults,
            callback_faults=callback_faults,
            monthly_calls=monthly_calls,
            hook_token="hook-1",
            hook_secret=HOOK_SECRET,
        )
        async with TestServer(platform.application()) as server:
            base = str(server.make_url("")).rstrip("/")
            bases = {"api_base": base, "oapi_base": base}
            hook = {"webhook_url": f"{base}/robot/send?access_token=hook-1", "webhook_secret": HOOK_SECRET}
            table = settings(**{"mode": mode, **bases, **hook, **changes})
            channel = DingtalkChannel(table, session, clock, SystemClock())
            place = Town(platform, channel, clock, server)

            async def intake(message: Incoming, _: datetime) -> None:
                if place.failures:
                    place.failures -= 1
                    raise OSError
                place.kept.append(message)

            app = web.Application()
            FrontDoor({"door": channel}, intake, clock=clock, real_clock=SystemClock(), metrics=Metrics()).mount(app)
            async with TestServer(app) as service:
                platform.webhook = str(service.make_url("/webhooks/door"))
                receiver = channel.receiver(intake)
                if receiver is None:
                    yield place
                    return
                listening = asyncio.create_task(receiver.run())
                assert platform.gateway is not None
                await platform.gateway.online.wait()
                yield place
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town() as place:
        yield place


@pytest.mark.parametrize("mode", ["http", "stream"])
async def test_a_message_reaches_the_service(mode: Mode) -> None:
    async with town(mode) as place:
        said = await place.platform.say("u-7", "我的任务", message_id="m-1")

        assert said.acknowledged
        assert place.kept == [
            Incoming(
                channel="door",
                tenant=APP.corp_id,
                message_id="m-1",
                sender="u-7",
                conversation="private-u-7",
                private=True,
                addressed=True,
                text="我的任务",
                sent_at=NOW,
            )
        ]


@pytest.mark.parametrize("mode", ["http", "stream"])
async def test_a_group_is_heard_only_where_the_robot_is_meant(mode: Mode) -> None:
    async with town(mode) as place:
        await place.platform.say("u-7", "今天下雨", group="g-1", addressed=False)
        await place.platform.say("u-7", "我的任务", group="g-1")

        assert [(message.text, message.conversation, message.private) for message in place.kept] == [
            ("我的任务", "g-1", False)
        ]
        assert place.texts("g-1") == ["今天下雨", "我的任务"]


async def test_files_and_pictures(place: Town) -> None:
    file, shot = FileRef("证明.pdf", "file", "d-1"), FileRef("", "image", "d-2")
    await place.platform.say("u-7", "", files=(file,))
    await place.platform.say("u-7", "报送7月", files=(shot,))
    await place.platform.say("u-7", "", files=(shot,))
    await place.platform.say("u-7", "", attachments=("表.xlsx",))

    assert [(message.text, message.files) for message in place.kept[:3]] == [
        ("", (file,)),
        ("报送7月", (shot,)),
        ("", (shot,)),
    ]
    assert place.kept[3].attachments == ("表.xlsx",)
    with pytest.raises(ValueError, match="alone"):
        await place.platform.say("u-7", "报送7月", files=(file,))


@pytest.mark.parametrize("mode", ["http", "stream"])
async def test_a_press_says_the_command(mode: Mode) -> None:
    async with town(mode) as place:
        await place.send()
        said = await place.platform.press("u-7", "确认")

        assert said.acknowledged
        assert [(message.text, message.private) for message in place.kept] == [("确认 #1234", True)]
        assert place.texts() == ["提醒\n7月月报明日截止", "确认 #1234"]


async def test_a_card_in_a_group_has_no_buttons(place: Town) -> None:
    await place.send(to="g-1", group=True)

    (line,) = place.platform.chat("g-1")
    assert (line.text, line.commands) == ("提醒\n7月月报明日截止\n回复：确认 / 改 4", {})


async def test_a_picture_is_a_message_of_its_own(place: Town) -> None:
    await place.send(picture=Picture(b"\x89PNG", "走势"))

    words, shot = place.platform.chat("private-u-7")
    assert (words.picture, shot.picture) == (None, b"\x89PNG")
    assert place.platform.calls == 3


@pytest.mark.parametrize("mode", ["http", "stream"])
async def test_what_is_not_kept_comes_again(mode: Mode) -> None:
    async with town(mode) as place:
        place.failures = TRIES
        said = await place.platform.say("u-7", "报送")

        assert (said.acknowledged, len(place.platform.undelivered), place.kept) == (False, 1, [])

        (again,) = await place.platform.redeliver()

        assert again.acknowledged
        assert [message.message_id for message in place.kept] == [said.message_id]


@pytest.mark.parametrize("mode", ["http", "stream"])
async def test_callbacks_can_be_repeated_and_their_answers_lost(mode: Mode) -> None:
    async with town(mode, callback_faults=[Fault.REPEAT, Fault.LOSE_ANSWER]) as place:
        await place.platform.say("u-7", "一")
        await place.platform.say("u-7", "二")

        assert [message.text for message in place.kept] == ["一", "一", "二", "二"]
        assert place.kept[0] == place.kept[1]


async def test_no_key_is_known(place: Town) -> None:
    """What is sent twice is seen twice: the platform has no idempotency."""
    await place.send()
    await place.send()

    assert (place.platform.tally.shown, place.platform.tally.repeats) == (2, 0)


@pytest.mark.parametrize(("fault", "wait"), [(Fault.FAIL, None), (Fault.THROTTLE, 1.0)])
async def test_a_refused_send_was_not_shown(fault: Fault, wait: float | None) -> None:
    async with town(send_faults=[fault]) as place:
        error = await place.refused()

        assert (error.permanent, error.unknown, error.retry_after) == (False, False, wait)
        assert place.platform.tally.shown == 0

        await place.send()

        assert place.platform.tally.shown == 1


async def test_an_expired_token_is_renewed() -> None:
    async with town(send_faults=[Fault.EXPIRE]) as place:
        await place.send()

        assert (place.platform.tally.sends, place.platform.tally.shown) == (2, 1)


async def test_a_token_dies_by_the_domains_clock(place: Town) -> None:
    await place.send()
    place.clock.wind_to(NOW + timedelta(hours=3))
    await place.send()

    assert (place.platform.tally.sends, place.platform.tally.shown) == (2, 2)


async def test_a_dropped_send_looks_like_any_other() -> None:
    async with town(send_faults=[Fault.DROP]) as place:
        assert await place.send()

        assert (place.platform.tally.dropped, place.platform.tally.shown) == (1, 0)


async def test_a_lost_answer_was_shown_all_the_same() -> None:
    async with town(send_faults=[Fault.LOSE_ANSWER]) as place:
        error = await place.refused()

        assert (error.unknown, error.pieces_sent, place.platform.tally.shown) == (True, 0, 1)


async def test_an_outage_by_the_domains_clock(place: Town) -> None:
    await place.send()
    place.platform.outages.append((NOW, NOW + timedelta(hours=24)))

    assert not (await place.refused()).permanent

    place.clock.wind_to(NOW + timedelta(hours=24))
    await place.send()

    assert place.platform.tally.shown == 2


@pytest.mark.parametrize("group", [True, False])
async def test_somebody_who_has_left(place: Town, group: bool) -> None:
    place.platform.gone.add("x-1")

    assert (await place.refused(to="x-1", group=group)).permanent


async def test_a_service_with_another_secret_is_not_believed() -> None:
    async with town(app_secret="some other party's secret") as place:
        error = await place.refused()
        said = await place.platform.say("u-7", "报送")

        assert (error.repair, place.platform.tally.forged, place.platform.tally.shown) == (True, 1, 0)
        assert (said.status, place.kept) == (401, [])


async def test_the_months_quota() -> None:
    async with town(monthly_calls=2) as place:
        await place.send()
        await place.send()
        error = await place.refused()

        assert (error.permanent, error.retry_after) == (False, 3600.0)

        place.clock.wind_to(datetime(2026, 8, 31, 15, 59, tzinfo=UTC))
        await place.refused()
        place.clock.wind_to(datetime(2026, 8, 31, 16, 0, tzinfo=UTC))
        await place.send()

        assert place.platform.tally.shown == 3


async def test_the_groups_own_robot(place: Town) -> None:
    await place.send(to="webhook", group=True)

    assert place.texts("webhook") == ["提醒\n7月月报明日截止\n回复：确认 / 改 4"]


async def test_the_groups_own_robot_with_a_wrong_secret() -> None:
    async with town(webhook_secret="SEC-another") as place:
        assert (await place.refused(to="webhook", group=True)).permanent
        assert place.platform.tally.forged == 1


async def test_too_fast_a_robot_is_blocked_for_ten_minutes(place: Town) -> None:
    for _ in range(20):
        await place.send(to="webhook", group=True)

    assert (await place.refused(to="webhook", group=True)).retry_after == 600.0

    place.clock.wind_to(NOW + timedelta(minutes=9, seconds=59))
    await place.refused(to="webhook", group=True)
    place.clock.wind_to(NOW + timedelta(minutes=10))
    await place.send(to="webhook", group=True)

    assert place.platform.tally.shown == 21


GOOD = {
    "robotCode": APP.robot_code,
    "userIds": ["u-7"],
    "msgKey": "sampleText",
    "msgParam": '{"content": "好"}',
}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"userIds": [f"u-{n}" for n in range(20)]}, None),
        ({"userIds": [f"u-{n}" for n in range(21)]}, "invalidParameter.userIds.tooLong"),
        ({"userIds": []}, "invalidParameter.userIds.empty"),
        ({"userIds": "u-7"}, "invalidParameter.userIds.invalid"),
        ({"robotCode": "another"}, "invalidParameter.robotCode.notExist"),
        ({"msgKey": "sampleText2"}, "invalidParameter.msgKey.invalid"),
        ({"msgParam": {"content": "好"}}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "好"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": "[]"}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content": ""}'}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content": "好", "title": "好"}'}, "invalidParameter.msgParam.invalid"),
        ({"msgParam": '{"content": "%s"}' % ("长" * 5000)}, "invalidParameter.msgParam.tooLong"),
        ({"msgKey": "sampleImageMsg", "msgParam": '{"photoURL": "@none"}'}, "invalidParameter.msgParam.invalid"),
    ],
)
async def test_the_manual_is_kept_to(place: Town, changes: dict[str, Any], code: str | None) -> None:
    async with aiohttp.ClientSession() as session:
        keys = {"appKey": APP.app_key, "appSecret": APP.app_secret}
        async with session.post(place.server.make_url("/v1.0/oauth2/accessToken"), json=keys) as answer:
            token = (await answer.json())["accessToken"]
        async with session.post(
            place.server.make_url("/v1.0/robot/oToMessages/batchSend"),
            json={**GOOD, **changes},
            headers={"x-acs-dingtalk-access-token": token},
        ) as answer:
            assert (answer.status, (await answer.json()).get("code")) == ((400, code) if code else (200, None))


async def test_nobody_sends_without_a_token(place: Town) -> None:
    async with aiohttp.ClientSession() as session:
        for token in ("", "guessed"):
            async with session.post(
                place.server.make_url("/v1.0/robot/oToMessages/batchSend"),
                json=GOOD,
                headers={"x-acs-dingtalk-access-token": token},
            ) as answer:
                assert answer.status == 401


async def test_without_a_connection_nobody_is_reached() -> None:
    async with town("stream") as place:
        assert place.platform.gateway is not None
        await place.platform.gateway.cut()
        said = await place.platform.say("u-7", "报送")

        assert (said.status, len(place.platform.undelivered), place.kept) == (None, 1, [])


async def test_only_stream_has_a_receiver(place: Town) -> None:
    async def keep(_message: Incoming, _at: datetime) -> None:
        raise AssertionError

    assert place.channel.receiver(keep) is None
