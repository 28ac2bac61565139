"""What Feishu's client does beside plain messages: pictures, the group's own robot, finished cards, our own bot."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.channels.card import Card
from bot.channels.channel import Outgoing, Picture, SendError, Sent
from bot.channels.feishu.client import FeishuClient, hook_sign
from tests.bot.channels.feishu_desk import (
    CARD,
    DOMAIN,
    OUTGOING,
    REAL,
    Answer,
    Feishu,
    breaking,
    client_at,
    failure,
    listening,
    refusing,
)


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def feishu() -> Feishu:
    return Feishu()


@pytest.fixture
async def base(feishu: Feishu) -> AsyncIterator[str]:
    async with listening(feishu) as address:
        yield address


@pytest.fixture
def client(base: str, session: aiohttp.ClientSession) -> FeishuClient:
    return client_at(base, session)


# Pictures


async def test_a_picture_stands_in_its_card(feishu: Feishu, client: FeishuClient) -> None:
    await client.deliver(replace(OUTGOING, picture=Picture(b"\x89PNG...", "得分走势")))

    upload, message = feishu.seen
    elements = json.loads(json.loads(message[3])["content"])["body"]["elements"]
    assert upload[0] == "/open-apis/im/v1/images"
    assert b'name="image_type"' in upload[3]
    assert b"\x89PNG" in upload[3]
    image = {"tag": "img", "img_key": "img_1", "alt": {"tag": "plain_text", "content": "得分走势"}}
    assert image in elements


@pytest.mark.parametrize("answer", [refusing(234001), refusing(99991400, 429), breaking])
async def test_the_words_go_without_their_picture(feishu: Feishu, client: FeishuClient, answer: Answer) -> None:
    feishu.script = [answer]

    assert await client.deliver(replace(OUTGOING, picture=Picture(b"png", "图"))) == Sent("om_1", DOMAIN)
    assert '"img"' not in feishu.messages[0]["content"]


async def test_a_token_expires_between_the_picture_and_its_second_attempt(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [refusing(99991663)]
    await client.deliver(replace(OUTGOING, picture=Picture(b"png", "图")))

    assert [path for path, *_ in feishu.seen] == ["/open-apis/im/v1/images"] * 2 + ["/open-apis/im/v1/messages"]
    assert '"img_1"' in feishu.messages[0]["content"]


# The group robot


def test_the_group_robots_signature_as_others_compute_it() -> None:
    vectors = json.loads((Path(__file__).parent / "vectors.json").read_text())["feishu"]
    vector = next(vector for vector in vectors if vector["name"] == "custom_bot_webhook_sign")

    assert hook_sign(vector["timestamp"], vector["secret"]) == vector["sign"]


HOOKED = Outgoing(key="k-1", recipient="webhook", to_group=True, card=CARD)


async def test_through_the_group_robot(feishu: Feishu, base: str, session: aiohttp.ClientSession) -> None:
    client = client_at(base, session, webhook_url=f"{base}/open-apis/bot/v2/hook/h-1", webhook_secret="s")
    assert await client.deliver(HOOKED) == Sent("", DOMAIN)

    path, _, headers, body = feishu.seen[0]
    stamp = str(int(REAL.timestamp()))
    assert (path, feishu.tokens, "authorization" in headers) == ("/open-apis/bot/v2/hook/h-1", 0, False)
    assert json.loads(body) == {
        "msg_type": "text",
        "content": {"text": CARD.text()},
        "timestamp": stamp,
        "sign": hook_sign(stamp, "s"),
    }


@pytest.mark.parametrize(
    ("code", "permanent", "told"),
    [
        (19021, True, "webhook_secret"),
        (19022, True, "白名单"),
        (19024, True, "关键词"),
        (9499, True, "格式"),
        (11232, False, "限流"),
    ],
)
async def test_the_group_robots_codes(
    feishu: Feishu, base: str, session: aiohttp.ClientSession, code: int, permanent: bool, told: str
) -> None:
    feishu.script = [refusing(code, 200)]
    error = await failure(client_at(base, session, webhook_url=f"{base}/hook"), HOOKED)

    assert error.permanent is permanent
    assert told in error.reason


async def test_without_a_group_robot(client: FeishuClient) -> None:
    error = await failure(client, HOOKED)

    assert error.permanent
    assert "webhook_url" in error.reason


# Finished cards, and our own bot


async def test_a_finished_card_takes_the_place_of_the_pressed_one(feishu: Feishu, client: FeishuClient) -> None:
    assert await client.finish({"pressed": "om_2", "card_token": "c-1"}, Card("已确认"))

    path, _, _, body = feishu.seen[0]
    assert path == "/open-apis/im/v1/messages/om_2"
    assert json.loads(json.loads(body)["content"])["header"]["title"]["content"] == "已确认"


@pytest.mark.parametrize("code", [230031, 230011, 230110])
async def test_what_can_no_longer_be_changed(feishu: Feishu, client: FeishuClient, code: int) -> None:
    feishu.script = [refusing(code)]

    assert not await client.finish({"pressed": "om_2"}, Card("已确认"))


@pytest.mark.parametrize("extra", [{}, {"pressed": ""}, {"pressed": "../../x"}])
async def test_no_card_to_change(feishu: Feishu, client: FeishuClient, extra: dict[str, str]) -> None:
    assert not await client.finish(extra, Card("已确认"))
    assert feishu.seen == []


async def test_a_change_that_may_work_later(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [refusing(99991400, 429)]

    with pytest.raises(SendError):
        await client.finish({"pressed": "om_2"}, Card("已确认"))


async def test_our_own_bot(feishu: Feishu, client: FeishuClient) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"code": 0, "bot": {"open_id": "ou_bot"}})

    feishu.script = [answer]

    assert await client.bot_open_id() == "ou_bot"
