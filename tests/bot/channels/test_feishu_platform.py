"""The pretend Feishu against a service made of the real front door and the real Feishu channel."""

import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Blank, Button, Card, Form
from bot.channels.channel import Outgoing, Picture, SendError
from bot.channels.feishu import FeishuChannel
from bot.clock import WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.feishu import App, FeishuPlatform
from bot.platforms.feishu_events import BOT_OPEN_ID
from bot.platforms.platform import BOT, TRIES, Callback, Fault
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.feishu_subject import settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)
APP = App("cli_county", "an app's own secret", "an office's own secret", "an office's verification token")
FORM = Form("报送 7月", (Blank("招商引资", required=True), Blank("说明")))


@dataclass
class Town:
    """Platform and service, connected."""

    feishu: FeishuPlatform
    channel: FeishuChannel
    clock: WoundClock
    real: WoundClock
    base: str
    session: aiohttp.ClientSession
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0

    async def send(self, title: str = "请核对", *, key: str = "k-1", group: str | None = None, **more: Any) -> str:
        card = Card(
            title, buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4")), form=more.pop("form", None)
        )
        sent = await self.channel.send(Outgoing(key, group or "ou_7", to_group=group is not None, card=card, **more))
        return sent.platform_message_id

    async def call(self, method: str, path: str, body: object = None, *, token: str | None = "") -> tuple[int, int]:
        """A call past the channel: HTTP status and code."""
        if token == "":
            token = (await self.token())[0]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with self.session.request(method, f"{self.base}/open-apis{path}", json=body, headers=headers) as answer:
            return answer.status, (await answer.json())["code"]

    async def token(self) -> tuple[str, int]:
        path = "/open-apis/auth/v3/tenant_access_token/internal"
        body = {"app_id": APP.app_id, "app_secret": APP.app_secret}
        async with self.session.post(f"{self.base}{path}", json=body) as answer:
            said = await answer.json()
            return said["tenant_access_token"], said["expire"]


@asynccontextmanager
async def town(
    *,
    send_faults: Iterable[Fault] = (),
    callback_faults: Iterable[Fault] = (),
    qps: int | None = None,
    app: App = APP,
    **changes: Any,
) -> AsyncIterator[Town]:
    clock, real = WoundClock(NOW), WoundClock(REAL)
    async with aiohttp.ClientSession() as session:
        feishu = FeishuPlatform(
            app,
            clock=clock,
            real_clock=real,
            session=session,
            tenant="county",
            channel="door",
            send_faults=send_faults,
            callback_faults=callback_faults,
            qps=qps,
            hook_token="h-1",
            hook_secret="s",
        )
        async with TestServer(feishu.application()) as platform:
            base = str(platform.make_url("")).rstrip("/")
            hook = {"webhook_url": f"{base}/open-apis/bot/v2/hook/h-1", "webhook_secret": "s"}
            channel = FeishuChannel(settings(api_base=base, **(hook | changes)), session, clock, real)
            place = Town(feishu, channel, clock, real, base, session)

            async def intake(message: Incoming, _: datetime) -> None:
                if place.failures:
                    place.failures -= 1
                    raise OSError
                place.kept.append(message)

            web_app = web.Application()
            FrontDoor({"door": channel}, intake, clock=clock, real_clock=real, metrics=Metrics()).mount(web_app)
            async with TestServer(web_app) as service:
                feishu.webhook = str(service.make_url("/webhooks/door"))
                yield place


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town() as place:
        yield place


# What people say and press


async def test_a_message_reaches_the_service(place: Town) -> None:
    said = await place.feishu.say("ou_7", "我的任务", message_id="om_1")

    assert said.acknowledged
    assert place.kept == [
        Incoming(
            channel="door",
            tenant="county",
            message_id="om_1",
            sender="ou_7",
            conversation="private-ou_7",
            private=True,
            addressed=True,
            text="我的任务",
            sent_at=NOW,
        )
    ]


async def test_by_user_id() -> None:
    async with town(app=replace(APP, account="user_id"), account="user_id") as place:
        await place.feishu.say("u7", "我的任务")
        await place.channel.send(Outgoing("k-1", "u7", to_group=False, card=Card("请核对")))

        assert [message.sender for message in place.kept] == ["u7"]
        assert [line.text for line in place.feishu.chat("private-u7")] == ["我的任务", "请核对"]


async def test_in_a_group(place: Town) -> None:
    await place.feishu.say("ou_7", "今天下雨", group="oc_1", addressed=False)
    await place.feishu.say("ou_7", "我的任务", group="oc_1")

    assert [(m.conversation, m.private, m.addressed, m.text) for m in place.kept] == [
        ("oc_1", False, False, "今天下雨"),
        ("oc_1", False, True, "我的任务"),
    ]


async def test_after_our_bot_is_known_by_its_id(place: Town) -> None:
    await place.channel.meet_own_bot()
    await place.feishu.say("ou_7", "我的任务", group="oc_1")

    assert BOT_OPEN_ID == "ou_duban"
    assert [(message.addressed, message.text) for message in place.kept] == [(True, "我的任务")]


@pytest.mark.parametrize("kind", ["file", "image", "voice", "video"])
async def test_a_file(place: Town, kind: str) -> None:
    name = "证明.pdf" if kind == "file" else ""
    await place.feishu.say("ou_7", "", message_id="om_1", files=(FileRef(name, kind, "file_1"),))

    assert place.kept[0].files == (FileRef(name, kind, "om_1/file_1"),)


async def test_words_or_one_file(place: Town) -> None:
    with pytest.raises(ValueError, match="one file"):
        await place.feishu.say("ou_7", "报送", attachments=("证明.pdf",))


async def test_a_press_says_the_command(place: Town) -> None:
    message_id = await place.send()
    await place.send(key="k-2", group="oc_1")
    await place.feishu.press("ou_7", "确认")
    await place.feishu.press("ou_7", "改第4项", group="oc_1")

    assert [(m.text, m.private, m.conversation) for m in place.kept] == [
        ("确认 #1234", True, "private-ou_7"),
        ("改 4", False, "oc_1"),
    ]
    assert place.kept[0].extra is not None
    assert place.kept[0].extra["open_message_id"] == message_id
    with pytest.raises(KeyError):
        await place.feishu.press("ou_7", "没有的按钮")


async def test_each_press_is_another_message(place: Town) -> None:
    await place.send()
    for _ in range(2):
        await place.feishu.press("ou_7", "确认")

    assert len({message.message_id for message in place.kept}) == 2


async def test_a_form_is_submitted(place: Town) -> None:
    await place.send(form=FORM)
    await place.feishu.submit("ou_7", ["4.2亿", ""])

    assert [message.text for message in place.kept] == [FORM.composed(["4.2亿", ""])]
    with pytest.raises(KeyError):
        await place.feishu.submit("ou_8", ["1"])


async def test_an_event_is_tried_again_a_press_is_not(place: Town) -> None:
    await place.send()
    place.failures = 1
    pressed = await place.feishu.press("ou_7", "确认")

    assert (pressed.status, place.kept, place.feishu.undelivered) == (503, [], [])

    place.failures = TRIES - 1
    said = await place.feishu.say("ou_7", "报送")

    assert [message.message_id for message in place.kept] == [said.message_id]


async def test_callbacks_can_be_repeated_and_their_answers_lost() -> None:
    async with town(callback_faults=[Fault.REPEAT, Fault.LOSE_ANSWER]) as place:
        await place.feishu.say("ou_7", "一")
        await place.feishu.say("ou_7", "二")

        assert [message.text for message in place.kept] == ["一", "一", "二", "二"]


async def test_the_challenge(place: Town) -> None:
    sealed = place.feishu.sealed({"type": "url_verification", "challenge": "ch-1", "token": APP.verification_token})
    async with place.session.post(place.feishu.webhook, data=sealed.body) as answer:
        assert (answer.status, answer.content_type) == (200, "application/json")
        assert await answer.json() == {"challenge": "ch-1"}


async def test_what_the_service_answers(place: Town) -> None:
    message = Incoming("door", "county", "om_1", "ou_7", "oc_1", True, True, "报送", NOW)
    sealed: Callback = place.feishu.callback(message, None)
    async with place.session.post(place.feishu.webhook, data=sealed.body, headers=sealed.headers) as answer:
        assert (answer.status, await answer.json()) == (200, {})


# What the bot shows


async def test_a_card_is_shown_in_the_private_chat(place: Town) -> None:
    message_id = await place.send(form=FORM)
    line = place.feishu.chat("private-ou_7")[0]

    assert (line.at, line.sender, line.message_id) == (NOW, BOT, message_id)
    assert line.text == "请核对\n招商引资\n说明"
    assert line.commands == {"确认": "确认 #1234", "改第4项": "改 4"}


async def test_a_picture_is_shown_with_its_card(place: Town) -> None:
    await place.send(picture=Picture(b"\x89PNG", "走势"))
    await place.send(picture=None)

    assert [line.picture for line in place.feishu.chat("private-ou_7")] == [b"\x89PNG"]
    assert (place.feishu.tally.repeats, place.feishu.tally.conflicts) == (1, 0)


async def test_through_the_group_robot(place: Town) -> None:
    await place.channel.send(Outgoing("k-1", "webhook", to_group=True, card=Card("通报", ("<at user_id=all>",))))

    assert [line.text for line in place.feishu.chat("webhook")] == ["通报\n＜at user_id=all>"]


async def test_a_group_robot_with_another_secret() -> None:
    async with town(webhook_secret="another") as place:
        with pytest.raises(SendError) as error:
            await place.channel.send(Outgoing("k-1", "webhook", to_group=True, card=Card("通报")))

        assert error.value.permanent
        assert (place.feishu.tally.forged, place.feishu.chat("webhook")) == (1, ())


async def test_one_key_is_shown_once_within_the_hour(place: Town) -> None:
    first, again = await place.send(), await place.send()
    assert first == again

    place.clock.wind_to(NOW + timedelta(hours=1, seconds=1))
    assert await place.send() != first
    assert (place.feishu.tally.shown, place.feishu.tally.repeats, place.feishu.tally.conflicts) == (2, 1, 0)


async def test_another_card_under_the_same_key_is_a_conflict(place: Town) -> None:
    await place.send()
    await place.send("另一条")

    assert (place.feishu.tally.shown, place.feishu.tally.conflicts) == (1, 1)


async def test_a_finished_card(place: Town) -> None:
    await place.send()
    await place.feishu.press("ou_7", "确认")
    extra = place.kept[0].extra or {}
    assert await place.channel.finish(extra, Card("已确认"))

    assert [(line.text, line.commands) for line in place.feishu.chat("private-ou_7")] == [("已确认", {})]

    place.clock.wind_to(NOW + timedelta(days=15))
    assert not await place.channel.finish(extra, Card("已确认"))
    assert not await place.channel.finish({"open_message_id": "om_unheard"}, Card("已确认"))


# Faults


async def test_a_lost_answer_was_shown_all_the_same() -> None:
    async with town(send_faults=[Fault.LOSE_ANSWER]) as place:
        with pytest.raises(SendError) as error:
            await place.send()
        await place.send()

        assert error.value.unknown
        assert place.feishu.tally.shown == 1


@pytest.mark.parametrize(("fault", "wait"), [(Fault.FAIL, None), (Fault.THROTTLE, 1.0)])
async def test_a_refused_send_was_not_shown(fault: Fault, wait: float | None) -> None:
    async with town(send_faults=[fault]) as place:
        with pytest.raises(SendError) as error:
            await place.send()

        assert (error.value.permanent, error.value.unknown, error.value.retry_after) == (False, False, wait)
        assert place.feishu.tally.shown == 0

        await place.send()
        assert place.feishu.tally.shown == 1


async def test_an_expired_token_is_renewed_on_the_way() -> None:
    async with town(send_faults=[Fault.NONE, Fault.EXPIRE]) as place:
        await place.send()
        await place.send("第二条", key="k-2")

        assert (place.feishu.tally.shown, place.feishu.tally.sends, place.feishu.tally.forged) == (2, 3, 0)


async def test_a_dropped_send_is_accepted_and_seen_by_nobody() -> None:
    async with town(send_faults=[Fault.DROP]) as place:
        await place.send()

        assert (place.feishu.tally.dropped, place.feishu.tally.shown) == (1, 0)


@pytest.mark.parametrize("group", [None, "oc_1"])
async def test_somebody_who_has_left(place: Town, group: str | None) -> None:
    place.feishu.gone |= {"ou_7", "oc_1"}
    with pytest.raises(SendError) as error:
        await place.send(group=group)

    assert error.value.permanent


async def test_an_outage_by_the_domains_clock(place: Town) -> None:
    place.feishu.outages.append((NOW, NOW + timedelta(hours=24)))
    with pytest.raises(SendError) as error:
        await place.send()
    assert not error.value.permanent

    place.clock.wind_to(NOW + timedelta(hours=24))
    await place.send()
    assert place.feishu.tally.shown == 1


async def test_one_too_many_within_a_second() -> None:
    async with town(qps=2) as place:
        for key in ("k-1", "k-2"):
            await place.send(key=key)
        with pytest.raises(SendError) as error:
            await place.send(key="k-3")
        assert error.value.retry_after == 1.0
        await place.channel.send(Outgoing("k-4", "ou_8", to_group=False, card=Card("别人")))

        place.real.wind_to(REAL + timedelta(seconds=1))
        await place.send(key="k-3")


async def test_a_service_with_another_secret_is_not_believed() -> None:
    async with town(app_secret="another", encrypt_key="another") as place:
        with pytest.raises(SendError) as error:
            await place.send()
        said = await place.feishu.say("ou_7", "报送")

        assert error.value.permanent
        assert (place.feishu.tally.forged, place.feishu.tally.shown) == (1, 0)
        assert (said.status, place.kept) == (401, [])


# As strict as its manual


async def test_tokens_last_two_hours_and_are_renewed_in_the_last_half(place: Town) -> None:
    first, seconds = await place.token()
    assert seconds == 7200

    place.clock.wind_to(NOW + timedelta(minutes=90))
    assert await place.token() == (first, 1800)

    place.clock.wind_to(NOW + timedelta(minutes=91))
    second, seconds = await place.token()
    assert (second != first, seconds) == (True, 7200)

    message = {"receive_id": "ou_7", "msg_type": "text", "content": '{"text": "一"}'}
    path = "/im/v1/messages?receive_id_type=open_id"
    assert await place.call("POST", path, message, token=first) == (200, 0)
    place.clock.wind_to(NOW + timedelta(hours=2))
    assert await place.call("POST", path, message, token=first) == (400, 99991663)
    assert await place.call("POST", path, message, token=second) == (200, 0)


@pytest.mark.parametrize(
    ("path", "changes", "code"),
    [
        ("?receive_id_type=open_id", {}, 0),
        ("", {}, 230001),
        ("?receive_id_type=name", {}, 230001),
        ("?receive_id_type=user_id", {}, 99992351),
        ("?receive_id_type=open_id", {"receive_id": ""}, 230001),
        ("?receive_id_type=open_id", {"content": {"text": "一"}}, 230001),
        ("?receive_id_type=open_id", {"content": "一"}, 230001),
        ("?receive_id_type=open_id", {"content": '{"text": ""}'}, 230001),
        ("?receive_id_type=open_id", {"content": '{"words": "一"}'}, 230001),
        ("?receive_id_type=open_id", {"content": json.dumps({"text": "长" * 60_000})}, 230025),
        ("?receive_id_type=open_id", {"msg_type": "markdown"}, 230001),
        ("?receive_id_type=open_id", {"msg_type": "interactive", "content": '{"elements": []}'}, 230099),
        ("?receive_id_type=open_id", {"uuid": "x" * 51}, 99992402),
    ],
)
async def test_wrong_fields_are_refused(place: Town, path: str, changes: dict[str, Any], code: int) -> None:
    message = {"receive_id": "ou_7", "msg_type": "text", "content": '{"text": "一"}'} | changes

    assert (await place.call("POST", f"/im/v1/messages{path}", message))[1] == code


@pytest.mark.parametrize(("token", "code"), [(None, 99991661), ("t-forged", 99991663)])
async def test_unknown_tokens_are_refused_and_counted(place: Town, token: str | None, code: int) -> None:
    assert await place.call("POST", "/im/v1/messages", {}, token=token) == (400, code)
    assert place.feishu.tally.forged == 1


async def test_a_picture_that_was_never_uploaded(place: Town) -> None:
    image = {"tag": "img", "img_key": "img_unheard", "alt": {"tag": "plain_text", "content": ""}}
    content = json.dumps({"schema": "2.0", "body": {"elements": [image]}})
    message = {"receive_id": "ou_7", "msg_type": "interactive", "content": content}

    assert (await place.call("POST", "/im/v1/messages?receive_id_type=open_id", message))[1] == 230099
