"""The pretend Feishu: faults to order, and requests that its manual does not allow."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.card import Card
from bot.channels.channel import Outgoing, SendError
from bot.platforms.platform import Fault
from tests.bot.channels.feishu_town import NOW, REAL, Town, town


@pytest.fixture
async def place() -> AsyncIterator[Town]:
    async with town() as place:
        yield place


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

        assert error.value.repair
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
