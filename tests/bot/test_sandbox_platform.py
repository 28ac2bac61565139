"""The pretend messenger against a service made of the real front door and the real sandbox channel."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channel_settings import SandboxSettings
from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, SendError
from bot.channels.sandbox import SandboxChannel
from bot.clock import SystemClock, WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.platform import BOT, TRIES, Fault, seeded_faults
from bot.platforms.sandbox import Messenger
from handlers.incoming import Incoming

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
SECRET = "an office's own secret"


@dataclass
class Town:
    """Messenger and service, connected."""

    messenger: Messenger
    channel: SandboxChannel
    clock: WoundClock
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0
    """How many intakes fail before they succeed again."""

    async def send(self, title: str, *, key: str = "k-1", group: str | None = None) -> str:
        card = Card(title, buttons=(Button("确认", "确认"), Button("改第4项", "改 4")))
        sent = await self.channel.send(Outgoing(key, group or "u-7", to_group=group is not None, card=card))
        return sent.platform_message_id


@asynccontextmanager
async def town(
    *, send_faults: Iterable[Fault] = (), callback_faults: Iterable[Fault] = (), secret: str = SECRET
) -> AsyncIterator[Town]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        messenger = Messenger(
            secret=SECRET, clock=clock, session=session, send_faults=send_faults, callback_faults=callback_faults
        )
        async with TestServer(messenger.application()) as platform:
            table = SandboxSettings(
                name="sandbox", kind="sandbox", secret=secret, api_base=str(platform.make_url("")).rstrip("/")
            )
            channel = SandboxChannel(table, session, clock, SystemClock())
            place = Town(messenger, channel, clock)

            async def intake(message: Incoming, _: datetime) -> None:
                if place.failures:
                    place.failures -= 1
                    raise OSError
                place.kept.append(message)

            app = web.Application()
            doors = {channel.name: channel}
            FrontDoor(doors, intake, clock=clock, real_clock=SystemClock(), metrics=Metrics()).mount(app)
            async with TestServer(app) as service:
                messenger.webhook = str(service.make_url("/webhooks/sandbox"))
                yield place


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town() as place:
        yield place


async def test_a_message_reaches_the_service(place: Town) -> None:
    said = await place.messenger.say("u-7", "我的任务", message_id="m-1", attachments=("证明.pdf",))

    assert said.acknowledged
    assert place.kept == [
        Incoming(
            channel="sandbox",
            tenant="sandbox",
            message_id="m-1",
            sender="u-7",
            conversation="private-u-7",
            private=True,
            addressed=True,
            text="我的任务",
            sent_at=NOW,
            attachments=("证明.pdf",),
        )
    ]


async def test_in_a_group_the_bot_may_be_unaddressed(place: Town) -> None:
    await place.messenger.say("u-7", "今天下雨", group="g-1", addressed=False)
    message = place.kept[0]

    assert (message.conversation, message.private, message.addressed) == ("g-1", False, False)


async def test_time_of_saying_is_domain_time(place: Town) -> None:
    place.clock.wind_to(NOW + timedelta(days=100))
    await place.messenger.say("u-7", "报送", at=NOW + timedelta(days=99, hours=20))

    assert place.kept[0].sent_at == NOW + timedelta(days=99, hours=20)


async def test_a_card_is_shown_in_the_private_chat(place: Town) -> None:
    await place.messenger.say("u-7", "报送 7月 …")
    place.clock.wind_to(NOW + timedelta(minutes=1))
    await place.send("请核对")
    chat = place.messenger.chat(Messenger.private_chat("u-7"))

    assert [(line.at, line.sender, line.text) for line in chat] == [
        (NOW, "u-7", "报送 7月 …"),
        (NOW + timedelta(minutes=1), BOT, "请核对\n回复：确认 / 改 4"),
    ]
    assert chat[1].commands == {"确认": "确认", "改第4项": "改 4"}


async def test_a_card_is_shown_in_a_group(place: Town) -> None:
    await place.send("通报", group="g-1")

    assert [line.sender for line in place.messenger.chat("g-1")] == [BOT]
    assert place.messenger.chat(Messenger.private_chat("u-7")) == ()


async def test_pressing_says_the_command(place: Town) -> None:
    await place.send("请核对")
    await place.messenger.press("u-7", "改第4项")

    assert place.kept[0].text == "改 4"
    with pytest.raises(KeyError):
        await place.messenger.press("u-7", "没有的按钮")


async def test_copies_bear_one_id(place: Town) -> None:
    await place.messenger.say("u-7", "报送", copies=3)

    assert len(place.kept) == 3
    assert len({message.message_id for message in place.kept}) == 1
    assert len(place.messenger.chat(Messenger.private_chat("u-7"))) == 1


async def test_a_failing_service_is_tried_again_with_the_same_id(place: Town) -> None:
    place.failures = TRIES - 1
    said = await place.messenger.say("u-7", "报送")

    assert said.acknowledged
    assert [message.message_id for message in place.kept] == [said.message_id]
    assert place.messenger.tally.callbacks == TRIES


async def test_what_the_service_did_not_take_can_be_redelivered(place: Town) -> None:
    place.failures = TRIES
    said = await place.messenger.say("u-7", "报送")

    assert (said.acknowledged, said.status, len(place.messenger.undelivered)) == (False, 503, 1)

    assert [again.message_id for again in await place.messenger.redeliver()] == [said.message_id]
    assert ([message.message_id for message in place.kept], place.messenger.undelivered) == ([said.message_id], [])


async def test_a_service_that_is_away(place: Town) -> None:
    place.messenger.webhook, webhook = f"http://127.0.0.1:{unused_port()}/", place.messenger.webhook

    assert (await place.messenger.say("u-7", "报送")).status is None

    place.messenger.webhook = webhook

    assert [said.acknowledged for said in await place.messenger.redeliver()] == [True]


async def test_a_refused_message_is_not_tried_again(place: Town) -> None:
    place.messenger.webhook += "-another"
    said = await place.messenger.say("u-7", "报送")

    assert (said.status, place.messenger.tally.callbacks, place.messenger.undelivered) == (404, 1, [])


async def test_one_key_is_shown_once(place: Town) -> None:
    first, again = await place.send("提醒"), await place.send("提醒")

    assert first == again
    assert len(place.messenger.chat(Messenger.private_chat("u-7"))) == 1
    assert (place.messenger.tally.sends, place.messenger.tally.shown, place.messenger.tally.repeats) == (2, 1, 1)
    assert place.messenger.tally.conflicts == 0

    await place.send("另一条", key="k-1")

    assert (place.messenger.tally.shown, place.messenger.tally.conflicts) == (1, 1)


async def test_a_lost_answer_was_shown_all_the_same() -> None:
    async with town(send_faults=[Fault.LOSE_ANSWER]) as place:
        with pytest.raises(SendError) as error:
            await place.send("提醒")

        assert error.value.unknown
        assert place.messenger.tally.shown == 1

        await place.send("提醒")

        assert place.messenger.tally.shown == 1


@pytest.mark.parametrize(("fault", "wait"), [(Fault.FAIL, None), (Fault.THROTTLE, 1.0)])
async def test_a_refused_send_was_not_shown(fault: Fault, wait: float | None) -> None:
    async with town(send_faults=[fault]) as place:
        with pytest.raises(SendError) as error:
            await place.send("提醒")

        assert (error.value.permanent, error.value.unknown, error.value.retry_after) == (False, False, wait)
        assert place.messenger.tally.shown == 0

        await place.send("提醒")

        assert place.messenger.tally.shown == 1


async def test_callbacks_can_be_repeated_and_their_answers_lost() -> None:
    async with town(callback_faults=[Fault.REPEAT, Fault.LOSE_ANSWER]) as place:
        repeated, lost = await place.messenger.say("u-7", "一"), await place.messenger.say("u-7", "二")

        assert repeated.acknowledged
        assert lost.acknowledged
        assert [message.text for message in place.kept] == ["一", "一", "二", "二"]


async def test_an_outage_by_the_domains_clock(place: Town) -> None:
    place.messenger.outages.append((NOW, NOW + timedelta(hours=24)))
    with pytest.raises(SendError) as error:
        await place.send("提醒")

    assert not error.value.permanent

    place.clock.wind_to(NOW + timedelta(hours=24))
    await place.send("提醒")

    assert place.messenger.tally.shown == 1


async def test_somebody_who_has_left(place: Town) -> None:
    place.messenger.gone.add("u-7")
    with pytest.raises(SendError) as error:
        await place.send("提醒")

    assert error.value.permanent


async def test_a_service_with_another_secret_is_not_believed() -> None:
    async with town(secret="some other party's secret") as place:
        with pytest.raises(SendError):
            await place.send("提醒")
        said = await place.messenger.say("u-7", "报送")

        assert (place.messenger.tally.forged, place.messenger.tally.shown) == (1, 0)
        assert (said.status, place.kept) == (401, [])


def test_a_seeded_script_is_the_same_each_time() -> None:
    scripts = [list(islice(seeded_faults(7, fail=0.2, lose_answer=0.2), 200)) for _ in range(2)]

    assert scripts[0] == scripts[1]
    assert set(scripts[0]) == {Fault.NONE, Fault.FAIL, Fault.LOSE_ANSWER}
    assert set(islice(seeded_faults(7), 50)) == {Fault.NONE}
