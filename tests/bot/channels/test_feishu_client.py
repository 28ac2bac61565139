"""What the client makes of each answer of Feishu, and of none; against a real HTTP server on this machine."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from bot.channels.card import Card
from bot.channels.channel import Picture, Sent
from bot.channels.feishu import FeishuChannel
from bot.channels.feishu.client import FeishuClient
from bot.clock import WoundClock
from tests.bot.channels.feishu_desk import (
    CARD,
    DOMAIN,
    OUTGOING,
    REAL,
    Answer,
    Feishu,
    accepting,
    breaking,
    client_at,
    failure,
    listening,
    refusing,
)
from tests.bot.channels.feishu_subject import settings

LONG = Card("长", lines=tuple(f"第{place}行" + "字" * 300 for place in range(80)), buttons=CARD.buttons)


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


async def test_what_is_posted(feishu: Feishu, client: FeishuClient) -> None:
    assert await client.deliver(OUTGOING) == Sent("om_1", DOMAIN)

    (path, query, headers, body), *others = feishu.seen
    message = json.loads(body)
    assert others == []
    assert (path, query) == ("/open-apis/im/v1/messages", {"receive_id_type": "open_id"})
    assert headers["authorization"] == "Bearer t-1"
    assert (message["receive_id"], message["msg_type"]) == ("ou_7", "interactive")
    assert json.loads(message["content"])["header"]["title"]["content"] == CARD.title
    assert len(message["uuid"]) <= 50


@pytest.mark.parametrize(
    ("to_group", "account", "expected"),
    [(False, "open_id", "open_id"), (False, "user_id", "user_id"), (True, "user_id", "chat_id")],
)
async def test_by_which_id(
    feishu: Feishu, base: str, session: aiohttp.ClientSession, to_group: bool, account: str, expected: str
) -> None:
    await client_at(base, session, account=account).deliver(replace(OUTGOING, to_group=to_group))

    assert feishu.seen[0][1] == {"receive_id_type": expected}


async def test_the_key_is_the_same_on_each_attempt_and_another_for_each_message(
    feishu: Feishu, client: FeishuClient
) -> None:
    await client.deliver(OUTGOING)
    await client.deliver(replace(OUTGOING, picture=Picture(b"png", "图")))
    await client.deliver(replace(OUTGOING, key="k-2"))
    await client.deliver(replace(OUTGOING, key="k-3", card=LONG))
    first, again, other, *long = [message["uuid"] for message in feishu.messages]

    assert first == again
    assert len(long) > 1
    assert len({first, other, *long}) == 2 + len(long)


async def test_a_long_card_goes_in_pieces_and_on_where_it_stopped(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [accepting, refusing(99991400, 429)]
    error = await failure(client, replace(OUTGOING, card=LONG))

    assert (error.pieces_sent, error.permanent) == (1, False)

    await client.deliver(replace(OUTGOING, card=LONG, pieces_sent=error.pieces_sent))
    uuids = [message["uuid"] for message in feishu.messages]
    assert uuids[1] == uuids[2]
    assert len(set(uuids)) == len(uuids) - 1
    assert [message["msg_type"] for message in feishu.messages][-1] == "interactive"


async def test_nothing_left_to_send(feishu: Feishu, client: FeishuClient) -> None:
    assert await client.deliver(replace(OUTGOING, pieces_sent=1)) == Sent("", DOMAIN)
    assert feishu.seen == []


async def test_an_office_without_cards_gets_words(feishu: Feishu, base: str, session: aiohttp.ClientSession) -> None:
    client = client_at(base, session, cards=False)
    await client.deliver(replace(OUTGOING, picture=Picture(b"png", "图")))

    assert [(message["msg_type"], json.loads(message["content"])) for message in feishu.messages] == [
        ("text", {"text": CARD.text()})
    ]


@pytest.mark.parametrize("cards", [True, False])
async def test_as_many_messages_as_foretold(
    feishu: Feishu, base: str, session: aiohttp.ClientSession, cards: bool
) -> None:
    channel = FeishuChannel(settings(api_base=base, cards=cards), session, WoundClock(DOMAIN), WoundClock(REAL))
    await channel.send(replace(OUTGOING, card=LONG))

    assert len(feishu.messages) == channel.calls(LONG, to_group=False) > 1
    assert channel.capabilities.buttons is cards


# Codes


@pytest.mark.parametrize("code", [99991661, 99991663, 99991664, 99991665, 99991671])
async def test_an_expired_token_is_renewed_once_and_the_same_call_repeated(
    feishu: Feishu, client: FeishuClient, code: int
) -> None:
    feishu.script = [refusing(code)]
    await client.deliver(OUTGOING)

    first, again = feishu.seen
    assert (first[2]["authorization"], again[2]["authorization"]) == ("Bearer t-1", "Bearer t-2")
    assert first[3] == again[3]


async def test_a_token_refused_twice(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [refusing(99991663), refusing(99991663)]
    error = await failure(client)

    assert (error.permanent, error.unknown, len(feishu.seen)) == (False, False, 2)


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (refusing(99991400, 429, x_ogw_ratelimit_reset="7"), 7.0),
        (refusing(99991400, 400), None),
        (refusing(99991400, 429, x_ogw_ratelimit_reset="-7", retry_after="3"), 3.0),
        (refusing(11232), None),
        (refusing(230020), None),
        (refusing(0, 429), None),
        (refusing(99991403), 3600.0),
        (refusing(230049), None),
        (refusing(230099, msg="Failed, ext=ErrCode: 11310; ErrMsg: card action is lock"), None),
    ],
)
async def test_try_again_later(feishu: Feishu, client: FeishuClient, answer: Answer, wait: float | None) -> None:
    feishu.script = [answer]
    error = await failure(client)

    assert (error.permanent, error.unknown, error.retry_after) == (False, False, wait)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (99991672, "权限"),
        (99991679, "权限"),
        (230027, "权限"),
        (99991401, "IP 白名单"),
        (99991662, "停用"),
        (99991673, "安装"),
        (230006, "机器人能力"),
        (1000040351, "api_base"),
        (230013, "可用范围"),
        (230029, "离职"),
        (230034, "账号"),
        (99992351, "账号"),
        (230001, "参数"),
        (230002, "不在该群"),
        (230018, "群"),
        (230035, "群"),
        (230053, "拒收"),
        (230022, "敏感"),
        (230028, "数据保护"),
        (230025, "过长"),
        (232009, "解散"),
        (230017, "上传"),
        (230011, "撤回"),
        (230110, "删除"),
        (230031, "期限"),
        (230009, "期限"),
        (777777, "777777"),
    ],
)
async def test_try_never_again(feishu: Feishu, client: FeishuClient, code: int, told: str) -> None:
    """Most codes come under HTTP 400: it is the code that tells what is the matter."""
    feishu.script = [refusing(code, msg="SENTINEL ou_7")]
    error = await failure(client)

    repair = code in {99991672, 99991679, 230027, 99991401, 99991662, 99991673, 230006, 1000040351}
    assert (error.permanent, error.repair, error.unknown) == (not repair, repair, False)
    assert told in error.reason
    assert "SENTINEL" not in error.reason


@pytest.mark.parametrize("code", [230099, 11310, 200621, 200861, 100290])
async def test_a_refused_card_goes_as_words(feishu: Feishu, client: FeishuClient, code: int) -> None:
    """Private Feishu may not know cards of this kind: then the words, which are always enough, go as text."""
    feishu.script = [refusing(code)]
    assert await client.deliver(OUTGOING) == Sent("om_1", DOMAIN)

    card, text = feishu.messages
    assert (card["msg_type"], text["msg_type"]) == ("interactive", "text")
    assert json.loads(text["content"]) == {"text": CARD.text()}
    assert card["uuid"] != text["uuid"]


@pytest.mark.parametrize(
    ("status", "permanent", "unknown"),
    [(200, False, True), (301, True, False), (404, True, False), (500, False, False), (503, False, False)],
)
@pytest.mark.parametrize("said", ["", "<html>", "[]", '{"code": "0"}', '{"code": true}', "[" * 5000], ids=len)
async def test_answers_without_a_code(
    feishu: Feishu, client: FeishuClient, said: str, status: int, permanent: bool, unknown: bool
) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=said, headers={"location": "/"})

    feishu.script = [answer]
    error = await failure(client)

    assert (error.permanent, error.unknown) == (permanent, unknown)


async def test_an_acceptance_without_an_id_is_an_acceptance(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [refusing(0, 200)]

    assert await client.deliver(OUTGOING) == Sent("", DOMAIN)


# No answer


async def test_a_lost_answer_is_unknown(feishu: Feishu, client: FeishuClient) -> None:
    feishu.script = [breaking]
    error = await failure(client)

    assert (error.permanent, error.unknown) == (False, True)


async def test_a_lost_answer_to_the_question_for_a_token_is_not(feishu: Feishu, client: FeishuClient) -> None:
    """No message was sent yet."""
    feishu.token_script = [breaking]
    error = await failure(client)

    assert (error.permanent, error.unknown, error.pieces_sent, feishu.seen) == (False, False, 0, [])


async def test_nobody_listens(session: aiohttp.ClientSession) -> None:
    error = await failure(client_at(f"http://127.0.0.1:{unused_port()}", session))

    assert (error.permanent, error.unknown) == (False, False)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [(refusing(10014, 200), True), (refusing(99991400, 429), False), (refusing(0, 200), False)],
)
async def test_no_token_no_message(feishu: Feishu, client: FeishuClient, answer: Answer, repair: bool) -> None:
    feishu.token_script = [answer]
    error = await failure(client)

    assert (error.permanent, error.repair, error.unknown, feishu.seen) == (False, repair, False, [])
