"""The pretend Feishu: what people say and press reaches the service, what the bot sends is shown."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.card import Card
from bot.channels.channel import Outgoing, Picture, SendError
from bot.platforms.feishu_events import BOT_OPEN_ID
from bot.platforms.platform import BOT, TRIES, Callback, Fault
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.feishu_town import APP, FORM, NOW, Town, town


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
    assert place.kept[0].extra["pressed"] == message_id
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
    assert await place.channel.finish(extra, Card("已确认"), to_group=False)

    assert [(line.text, line.commands) for line in place.feishu.chat("private-ou_7")] == [("已确认", {})]

    place.clock.wind_to(NOW + timedelta(days=15))
    assert not await place.channel.finish(extra, Card("已确认"), to_group=False)
    assert not await place.channel.finish({"pressed": "om_unheard"}, Card("已确认"), to_group=False)
