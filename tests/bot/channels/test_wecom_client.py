"""What is posted to WeCom, and what the client makes of each answer; against a real HTTP server on this machine."""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.card import Button, Card, Style
from bot.channels.channel import Outgoing, Picture, SendError, Sent
from bot.channels.wecom.cards import pieces, task_id
from bot.channels.wecom.client import WecomClient
from bot.clock import WoundClock
from tests.bot.channels.wecom_desk import GOOD, Desk
from tests.bot.channels.wecom_subject import AGENT, settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
CARD = Card(
    "提醒：7月月报明日截止",
    ("请于明日18时前报送。",),
    buttons=(Button("现在报送", "报送 7月 #1234", Style.PRIMARY), Button("我的任务", "我的任务")),
)
OUTGOING = Outgoing(key="k-1", recipient="zhangsan", to_group=False, card=CARD)
LONG = Card("通报", tuple(f"第{number}行：各单位报送情况如下，请予核对" for number in range(100)))
PICTURE = Picture(b"\x89PNG picture", "得分")


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    found = Desk()
    async with TestServer(found.application()) as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found


@pytest.fixture
async def client(desk: Desk) -> AsyncIterator[WecomClient]:
    async with aiohttp.ClientSession() as session:
        yield WecomClient(settings(api_base=desk.url), session, WoundClock(NOW))


@pytest.fixture
async def with_hook(desk: Desk) -> AsyncIterator[WecomClient]:
    hook = f"{desk.url}/cgi-bin/webhook/send?key=hook-secret"
    async with aiohttp.ClientSession() as session:
        yield WecomClient(settings(api_base=desk.url, webhook_url=hook), session, WoundClock(NOW))


async def test_a_card_with_buttons(desk: Desk, client: WecomClient) -> None:
    assert await client.deliver(OUTGOING) == Sent("p-1", NOW)
    assert desk.sent == [
        {
            "touser": "zhangsan",
            "agentid": AGENT,
            "msgtype": "template_card",
            "template_card": {
                "card_type": "button_interaction",
                "main_title": {"title": "提醒：7月月报明日截止"},
                "sub_title_text": "请于明日18时前报送。",
                "task_id": task_id("k-1", 0),
                "button_list": [
                    {"text": "现在报送", "style": 1, "key": "报送 7月 #1234"},
                    {"text": "我的任务", "style": 2, "key": "我的任务"},
                ],
            },
            "enable_id_trans": 0,
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 14400,
        }
    ]


async def test_words_without_buttons(desk: Desk, client: WecomClient) -> None:
    await client.deliver(replace(OUTGOING, card=Card("已收到", ("谢谢。",))))

    assert desk.sent[0]["msgtype"] == "text"
    assert desk.sent[0]["text"] == {"content": "已收到\n谢谢。"}


async def test_a_retry_is_the_same_to_the_byte(desk: Desk, client: WecomClient) -> None:
    """By that the platform knows it (enable_duplicate_check)."""
    for card in (CARD, Card("已收到")):
        desk.raw.clear()
        await client.deliver(replace(OUTGOING, card=card))
        await client.deliver(replace(OUTGOING, card=card))

        assert desk.raw[0] == desk.raw[1]


async def test_another_letter_of_the_same_words_differs(desk: Desk, client: WecomClient) -> None:
    await client.deliver(OUTGOING)
    await client.deliver(replace(OUTGOING, key="k-2"))
    await client.deliver(replace(OUTGOING, card=Card("已收到")))
    await client.deliver(replace(OUTGOING, key="k-2", card=Card("已收到"), said_before=1))

    assert desk.raw[0] != desk.raw[1]
    assert [message["text"]["content"] for message in desk.sent[2:]] == ["已收到", "已收到\n（第2次发送）"]


async def test_pieces_go_in_order_and_each_once(desk: Desk, client: WecomClient) -> None:
    """After a failure only the rest is sent."""
    whole = [piece.text for piece in pieces(LONG)]
    assert len(whole) >= 3
    desk.answers = [GOOD, {"errcode": -1}]
    with pytest.raises(SendError) as error:
        await client.deliver(replace(OUTGOING, card=LONG))
    assert error.value.pieces_sent == 1

    await client.deliver(replace(OUTGOING, card=LONG, pieces_sent=1))

    said = [message["text"]["content"] for message in desk.sent]
    bare = [re.sub("（接上条[0-9]{4}）", "（接上条）", text) for text in said]
    assert bare == [whole[0], whole[1], *whole[1:]]
    assert said[1] == said[2], "a repetition is the same to the byte"


async def test_two_long_letters_share_no_message_but_by_their_words(desk: Desk, client: WecomClient) -> None:
    """They differ in their headings alone: the platform must not take the rest of the second for a repetition."""
    await client.deliver(replace(OUTGOING, card=LONG))
    await client.deliver(replace(OUTGOING, key="k-2", card=replace(LONG, title=f"{LONG.title}，又一份")))

    half = len(desk.sent) // 2
    assert not {json.dumps(one) for one in desk.sent[:half]} & {json.dumps(one) for one in desk.sent[half:]}


@pytest.mark.parametrize("code", [40014, 42001])
async def test_an_expired_token_is_renewed_once(desk: Desk, client: WecomClient, code: int) -> None:
    desk.answers = [{"errcode": code}]

    assert await client.deliver(OUTGOING) == Sent("p-1", NOW)
    assert (desk.used, desk.asked) == (["t-1", "t-2"], 2)
    assert desk.raw[0] == desk.raw[1]

    desk.answers = [{"errcode": code}, {"errcode": code}]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown, len(desk.raw)) == (False, False, 4)


async def test_one_token_serves_many_messages(desk: Desk, client: WecomClient) -> None:
    for _ in range(3):
        await client.deliver(OUTGOING)

    assert (desk.asked, desk.used) == (1, ["t-1"] * 3)


LATER = (-1, 6000, 45009, 45033, 45035)
NEVER = {
    40001: "Secret",
    40091: "Secret",
    40013: "企业 ID",
    40056: "AgentId",
    60020: "IP",
    60011: "可见范围",
    60021: "可见范围",
    50002: "可见范围",
    48002: "权限",
    81013: "收不到消息",
    60111: "名册",
    40201: "拒收",
    42027: "42027",
    99999: "99999",
}


@pytest.mark.parametrize("code", LATER)
async def test_codes_to_try_again(desk: Desk, client: WecomClient, code: int) -> None:
    desk.answers = [{"errcode": code, "errmsg": "hint SENTINEL"}]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown) == (False, False)
    assert error.value.retry_after == (60 if code == 45009 else None)
    assert "SENTINEL" not in error.value.reason


@pytest.mark.parametrize("code", NEVER)
async def test_codes_to_give_up(desk: Desk, client: WecomClient, code: int) -> None:
    """What the office or the administrator can repair is named; what closes the app for all waits for that."""
    desk.answers = [{"errcode": code, "errmsg": "hint SENTINEL"}]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    repair = code in {40001, 40091, 40013, 40056, 60020, 48002}
    assert (error.value.permanent, error.value.repair) == (not repair, repair)
    assert NEVER[code] in error.value.reason
    assert "SENTINEL" not in error.value.reason


@pytest.mark.parametrize("name", ["invaliduser", "unlicenseduser"])
async def test_success_that_is_none(desk: Desk, client: WecomClient, name: str) -> None:
    desk.answers = [{**GOOD, name: "zhangsan"}]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert error.value.permanent
    assert "zhangsan" not in error.value.reason


@pytest.mark.parametrize("said", ["", "<html>", "[]", "null", "{}", '{"errcode": "0"}'])
async def test_an_answer_that_tells_nothing(desk: Desk, client: WecomClient, said: str) -> None:
    desk.answers = [web.Response(text=said)]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown) == (False, True)


@pytest.mark.parametrize(
    ("status", "permanent", "unknown"),
    [
        (500, False, False),
        (502, False, True),
        (503, False, False),
        (504, False, True),
        (429, False, False),
        (404, True, False),
    ],
)
async def test_statuses(desk: Desk, client: WecomClient, status: int, permanent: bool, unknown: bool) -> None:
    """Behind a gateway that gives up waiting the message may have arrived."""
    desk.answers = [web.Response(status=status)]
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown) == (permanent, unknown)
    assert error.value.silent is not permanent


async def test_a_lost_answer_is_unknown(desk: Desk, client: WecomClient) -> None:
    desk.answers = [GOOD, None]
    with pytest.raises(SendError) as error:
        await client.deliver(replace(OUTGOING, card=LONG))

    assert (error.value.unknown, error.value.pieces_sent) == (True, 1)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (None, False),
        ({"errcode": -1}, False),
        ({"errcode": 40001}, True),
        ({"errcode": 60020}, True),
        ({"errcode": 0}, False),
        ({"errcode": 0, "access_token": "", "expires_in": 7200}, False),
        ({"errcode": 0, "access_token": "t", "expires_in": "soon"}, False),
        (web.Response(text="busy"), False),
        (web.Response(status=502), False),
    ],
    ids=repr,
)
async def test_no_token_no_message(desk: Desk, client: WecomClient, answer: object, repair: bool) -> None:
    """Nothing was under way yet, so nothing can have arrived."""
    desk.tokens = [answer, answer]  # a broken GET is made again at once by the HTTP client itself
    with pytest.raises(SendError) as error:
        await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown, desk.sent) == (False, False, [])
    assert error.value.repair is repair
    assert "corp-secret" not in error.value.reason
    assert "送达" not in error.value.reason


async def test_nobody_listens() -> None:
    async with aiohttp.ClientSession() as session:
        client = WecomClient(settings(api_base=f"http://127.0.0.1:{unused_port()}"), session, WoundClock(NOW))
        with pytest.raises(SendError) as error:
            await client.deliver(OUTGOING)

    assert (error.value.permanent, error.value.unknown) == (False, False)


@pytest.mark.parametrize("account", ["", "@all", "zhangsan|lisi"])
async def test_one_letter_is_for_one_person(desk: Desk, client: WecomClient, account: str) -> None:
    """An account that the platform reads as several people, or as everybody, is never written to."""
    with pytest.raises(SendError) as error:
        await client.deliver(replace(OUTGOING, recipient=account))

    assert (error.value.permanent, desk.asked) == (True, 0)


async def test_a_picture_follows_the_words(desk: Desk, client: WecomClient) -> None:
    assert await client.deliver(replace(OUTGOING, picture=PICTURE)) == Sent("p-1", NOW)
    assert desk.uploads == [("picture.png", PICTURE.png)]
    assert [message["msgtype"] for message in desk.sent] == ["template_card", "image"]
    assert desk.sent[1]["image"] == {"media_id": "m-1"}


@pytest.mark.parametrize("failure", [{"errcode": 40007}, None, web.Response(status=500), {"errcode": 0}])
async def test_a_picture_that_fails_does_no_harm(desk: Desk, client: WecomClient, failure: object) -> None:
    desk.upload_answer = failure
    desk.answers = [GOOD, {"errcode": 40007}]

    assert await client.deliver(replace(OUTGOING, picture=PICTURE)) == Sent("p-1", NOW)


async def test_too_large_a_picture_stays_away(desk: Desk, client: WecomClient) -> None:
    await client.deliver(replace(OUTGOING, picture=Picture(b"x" * 500_001, "得分")))

    assert (desk.uploads, len(desk.sent)) == ([], 1)


async def test_words_that_fail_keep_their_picture_back(desk: Desk, client: WecomClient) -> None:
    desk.answers = [{"errcode": -1}]
    with pytest.raises(SendError):
        await client.deliver(replace(OUTGOING, picture=PICTURE))

    assert desk.uploads == []


async def test_no_group_without_its_robot(desk: Desk, client: WecomClient) -> None:
    with pytest.raises(SendError) as error:
        await client.deliver(replace(OUTGOING, recipient="webhook", to_group=True))

    assert error.value.permanent
    assert "自建应用不能向该群发消息" in error.value.reason
    assert desk.sent == []


async def test_a_group_is_told_by_its_robot(desk: Desk, with_hook: WecomClient) -> None:
    """In plain words, with no token, mention or button; the picture goes within the message."""
    card = Card("<@zhangsan> 通报", ("@all 请核对",), buttons=(Button("确认", "确认"),))
    sent = await with_hook.deliver(replace(OUTGOING, to_group=True, card=card, picture=PICTURE))

    assert (sent, desk.asked, desk.used) == (Sent("", NOW), 0, ["hook-secret"] * 2)
    assert desk.sent[0] == {"msgtype": "text", "text": {"content": "＜@zhangsan> 通报\n@all 请核对\n回复：确认"}}
    assert desk.sent[1] == {
        "msgtype": "image",
        "image": {
            "base64": b64encode(PICTURE.png).decode(),
            "md5": hashlib.md5(PICTURE.png, usedforsecurity=False).hexdigest(),
        },
    }


async def test_a_robots_limit(desk: Desk, with_hook: WecomClient) -> None:
    desk.answers = [GOOD, {"errcode": 45009}]
    with pytest.raises(SendError) as error:
        await with_hook.deliver(replace(OUTGOING, to_group=True, card=LONG))

    assert (error.value.retry_after, error.value.pieces_sent, error.value.permanent) == (60, 1, False)

    await with_hook.deliver(replace(OUTGOING, to_group=True, card=LONG, pieces_sent=1))

    assert desk.sent[1] == desk.sent[2] != desk.sent[0]


@pytest.mark.parametrize("answer", [{"errcode": 93000}, None, web.Response(status=500)], ids=repr)
async def test_a_robots_key_is_in_no_reason(desk: Desk, with_hook: WecomClient, answer: object) -> None:
    desk.answers = [answer]
    with pytest.raises(SendError) as error:
        await with_hook.deliver(replace(OUTGOING, to_group=True))

    assert "hook-secret" not in f"{error.value.reason}{error.value!r}{error.value.__cause__!r}"


async def test_finishing_a_card(desk: Desk, client: WecomClient) -> None:
    extra = {"response_code": "rc-1", "task_id": "t-1"}

    assert await client.finish(extra, "已确认")
    assert desk.sent == [{"atall": 1, "agentid": AGENT, "response_code": "rc-1", "button": {"replace_name": "已确认"}}]

    desk.answers = [{"errcode": 60140}]

    assert not await client.finish(extra, "已确认")
    assert not await client.finish({}, "已确认")
    assert len(desk.sent) == 2

    desk.answers = [{"errcode": -1}]
    with pytest.raises(SendError):
        await client.finish(extra, "已确认")
