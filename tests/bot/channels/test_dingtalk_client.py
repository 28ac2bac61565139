"""What the DingTalk client posts, and what it makes of each answer, against a real HTTP server on this machine."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, Picture, SendError, Sent
from bot.channels.dingtalk.client import DingtalkClient
from bot.clock import WoundClock
from tests.bot.channels.dingtalk_subject import APP, SECRET, settings

DOMAIN = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
VECTORS = json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["dingtalk"]
SIGN_VECTOR = next(vector for vector in VECTORS if vector["name"] == "custom_robot_outbound_sign_plus_slash")

PEOPLE, GROUPS = "/v1.0/robot/oToMessages/batchSend", "/v1.0/robot/groupMessages/send"
TOKEN, UPLOAD, HOOK = "/v1.0/oauth2/accessToken", "/media/upload", "/robot/send"
TAKEN = {"processQueryKey": "q-1", "invalidStaffIdList": [], "flowControlledStaffIdList": []}

CARD = Card("提醒：7月月报明日截止", buttons=(Button("现在报送", "报送 7月"),))
LONG = Card("通报", tuple(f"第{number}行{'字' * 100}" for number in range(40)))
OUTGOING = Outgoing(key="k-1", recipient="staff01", to_group=False, card=CARD)
TO_GROUP = Outgoing(key="k-1", recipient="cid/+01==", to_group=True, card=CARD)
BY_HOOK = replace(TO_GROUP, recipient="webhook")


@dataclass(frozen=True)
class Call:
    """A request as the platform saw it."""

    path: str
    token: str | None
    query: dict[str, str]
    raw_query: str
    body: Any


@dataclass
class Desk:
    """A platform that answers as told: the scripted answers to a path first, then its usual one."""

    session: aiohttp.ClientSession
    base: str = ""
    calls: list[Call] = field(default_factory=list)
    script: dict[str, list[web.Response]] = field(default_factory=dict)
    tokens: int = 0

    def answers(self, path: str, *answers: web.Response) -> None:
        self.script[path] = list(answers)

    def bodies(self, path: str) -> list[Any]:
        return [call.body for call in self.calls if call.path == path]

    async def deliver(self, outgoing: Outgoing = OUTGOING, **changes: object) -> Sent:
        table = settings(api_base=self.base, oapi_base=self.base, **changes)
        vectors_time = datetime.fromtimestamp(int(SIGN_VECTOR["timestamp"]) / 1000, UTC)
        return await DingtalkClient(table, self.session, WoundClock(DOMAIN), WoundClock(vectors_time)).deliver(outgoing)

    async def handle(self, request: web.Request) -> web.Response:
        said = await request.read()
        body = json.loads(said) if request.content_type == "application/json" else said
        token = request.headers.get("x-acs-dingtalk-access-token")
        self.calls.append(Call(request.path, token, dict(request.query), request.rel_url.raw_query_string, body))
        if waiting := self.script.get(request.path):
            return waiting.pop(0)
        match request.path:
            case "/v1.0/oauth2/accessToken":
                self.tokens += 1
                return web.json_response({"accessToken": f"token-{self.tokens}", "expireIn": 7200})
            case "/media/upload":
                return web.json_response({"errcode": 0, "media_id": "@media"})
            case "/robot/send":
                return web.json_response({"errcode": 0, "errmsg": "ok"})
            case _:
                return web.json_response(TAKEN)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    async with aiohttp.ClientSession() as session:
        desk = Desk(session)
        app = web.Application()
        app.router.add_post("/{path:.*}", desk.handle)
        async with TestServer(app) as server:
            desk.base = str(server.make_url("")).rstrip("/")
            yield desk


def coded(code: str, status: int = 400) -> web.Response:
    return web.json_response({"code": code, "message": "SENTINEL"}, status=status)


def errcode(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "SENTINEL"})


async def failed(desk: Desk, outgoing: Outgoing = OUTGOING, **changes: object) -> SendError:
    with pytest.raises(SendError) as error:
        await desk.deliver(outgoing, **changes)

    assert "SENTINEL" not in error.value.reason
    return error.value


async def test_to_a_person(desk: Desk) -> None:
    assert await desk.deliver() == Sent("q-1", DOMAIN)

    asked, sent = desk.calls
    assert (asked.path, asked.body) == (TOKEN, {"appKey": APP.app_key, "appSecret": SECRET})
    assert (sent.path, sent.token) == (PEOPLE, "token-1")
    assert {**sent.body, "msgParam": json.loads(sent.body["msgParam"])} == {
        "robotCode": APP.robot_code,
        "userIds": ["staff01"],
        "msgKey": "sampleActionCard",
        "msgParam": {
            "title": "提醒：7月月报明日截止",
            "text": "### 提醒：7月月报明日截止",
            "singleTitle": "现在报送",
            "singleURL": "dtmd://dingtalkclient/sendMessage?content=%E6%8A%A5%E9%80%81%207%E6%9C%88",
        },
    }


async def test_to_a_group(desk: Desk) -> None:
    await desk.deliver(TO_GROUP)

    (body,) = desk.bodies(GROUPS)
    assert (body["openConversationId"], body["msgKey"]) == ("cid/+01==", "sampleText")
    assert json.loads(body["msgParam"]) == {"content": "提醒：7月月报明日截止\n回复：报送 7月"}


async def test_a_robot_without_a_code_of_its_own(desk: Desk) -> None:
    await desk.deliver(robot_code=None)

    assert desk.bodies(PEOPLE)[0]["robotCode"] == APP.app_key


async def test_to_the_group_of_the_webhook(desk: Desk) -> None:
    """The signature is percent-encoded once: a plus and a slash in it arrive."""
    address = f"{desk.base}{HOOK}?access_token=tok0001"
    await desk.deliver(BY_HOOK, webhook_url=address, webhook_secret=SIGN_VECTOR["secret"])

    (call,) = desk.calls
    assert call.query == {
        "access_token": "tok0001",
        "timestamp": SIGN_VECTOR["timestamp"],
        "sign": SIGN_VECTOR["sign"],
    }
    assert "+" not in call.raw_query
    assert call.body == {
        "msgtype": "text",
        "text": {"content": "提醒：7月月报明日截止\n回复：报送 7月"},
        "at": {"isAtAll": False},
    }


async def test_a_webhook_that_is_guarded_by_keywords_is_not_signed(desk: Desk) -> None:
    await desk.deliver(BY_HOOK, webhook_url=f"{desk.base}{HOOK}?access_token=tok0001")

    assert desk.calls[0].query == {"access_token": "tok0001"}


async def test_without_a_webhook(desk: Desk) -> None:
    assert (await failed(desk, BY_HOOK)).permanent


async def test_a_person_named_like_the_webhook_is_a_person(desk: Desk) -> None:
    await desk.deliver(replace(OUTGOING, recipient="webhook"))

    assert desk.bodies(PEOPLE)[0]["userIds"] == ["webhook"]


@pytest.mark.parametrize("refusal", [coded("InvalidAuthentication", 401), web.Response(status=401)])
async def test_an_expired_token_is_renewed_once(desk: Desk, refusal: web.Response) -> None:
    desk.answers(PEOPLE, refusal)
    await desk.deliver()

    assert [call.token for call in desk.calls if call.path == PEOPLE] == ["token-1", "token-2"]
    assert desk.bodies(PEOPLE)[0] == desk.bodies(PEOPLE)[1]


async def test_a_token_that_is_refused_twice(desk: Desk) -> None:
    desk.answers(PEOPLE, coded("x", 401), coded("x", 401))
    error = await failed(desk)

    assert (error.permanent, error.unknown, len(desk.bodies(PEOPLE))) == (False, False, 2)


@pytest.mark.parametrize("status", [400, 401, 403])
async def test_wrong_credentials(desk: Desk, status: int) -> None:
    desk.answers(TOKEN, coded("invalidClientIdOrSecret", status))
    error = await failed(desk)

    assert (error.permanent, error.repair) == (False, True)
    assert "Client Secret" in error.reason
    assert not desk.bodies(PEOPLE)


@pytest.mark.parametrize("answer", [web.json_response({}), web.json_response([]), web.Response(status=502)])
async def test_no_token_is_no_lost_message(desk: Desk, answer: web.Response) -> None:
    desk.answers(TOKEN, answer)
    error = await failed(desk)

    assert (error.permanent, error.unknown) == (False, False)


@pytest.mark.parametrize(
    ("answer", "wait"),
    [
        (coded("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403), 1.0),
        (coded("Forbidden.AccessDenied.QpsLimitForApi", 403), 4.0),
        (coded("Forbidden.AccessDenied.ApiCountLimitForOrg", 403), 3600.0),
        (coded("system.error", 500), None),
        (web.json_response({"status": 1111, "wait": 5}), 300.0),
        (web.json_response({"status": 1111, "wait": 900}), 900.0),
        (web.Response(text="<html>", content_type="text/html"), 300.0),
        (web.Response(text="<html>", content_type="text/html", status=405), 300.0),
        (web.Response(status=503, headers={"retry-after": "7"}), 7.0),
        (web.json_response({}, status=429), None),
        (web.json_response({**TAKEN, "flowControlledStaffIdList": ["staff01"]}), 60.0),
    ],
)
async def test_what_may_work_later(desk: Desk, answer: web.Response, wait: float | None) -> None:
    desk.answers(PEOPLE, answer)
    error = await failed(desk)

    assert (error.permanent, error.unknown, error.retry_after, error.pieces_sent) == (False, False, wait, 0)


@pytest.mark.parametrize(
    ("answer", "repair"),
    [
        (web.json_response({**TAKEN, "invalidStaffIdList": ["staff01"]}), "名册"),
        (coded("staffId.notExisted"), "名册"),
        (coded("invalidParameter.userIds.notExist"), "名册"),
        (coded("invalidParameter.robotCode.notExist"), "机器人编码"),
        (coded("bot.stopped"), "机器人"),
        (coded("not.allowed.robotCode"), "机器人"),
        (coded("invalid.openConversationId"), "群"),
        (coded("group.disbanded"), "群"),
        (coded("invalidParameter.msgParam.tooLong"), "过长"),
        (coded("something.new"), "something.new"),
        (coded("code with <SENTINEL>"), "400"),
        (errcode(90001), "停用"),
        (web.json_response({}, status=404), "404"),
        (web.Response(status=302, headers={"location": "/elsewhere"}), "302"),
    ],
)
async def test_what_will_never_work(desk: Desk, answer: web.Response, repair: str) -> None:
    desk.answers(PEOPLE, answer)
    error = await failed(desk)

    assert error.permanent is not error.repair
    assert error.repair is (repair in {"机器人编码", "机器人", "停用"})
    assert repair in error.reason
    assert len(desk.calls) == 2


@pytest.mark.parametrize(
    ("code", "permanent", "wait"),
    [(410100, False, 600.0), (310000, True, None), (400101, True, None), (400013, True, None), (430102, True, None)],
)
async def test_refusals_of_the_webhook(desk: Desk, code: int, permanent: bool, wait: float | None) -> None:
    desk.answers(HOOK, errcode(code))
    error = await failed(desk, BY_HOOK, webhook_url=f"{desk.base}{HOOK}?access_token=t")

    assert (error.permanent, error.retry_after) == (permanent, wait)


async def test_an_unreadable_acceptance_is_unknown(desk: Desk) -> None:
    desk.answers(PEOPLE, web.Response(text='{"proc', content_type="application/json"))

    assert (await failed(desk)).unknown


async def test_nobody_listens(desk: Desk) -> None:
    desk.base = f"http://127.0.0.1:{unused_port()}"
    error = await failed(desk)

    assert (error.permanent, error.unknown) == (False, False)


async def test_a_long_card_goes_on_where_it_stopped(desk: Desk) -> None:
    outgoing = replace(OUTGOING, card=LONG)
    desk.answers(PEOPLE, web.json_response(TAKEN), coded("system.error", 500))
    error = await failed(desk, outgoing)

    assert error.pieces_sent == 1

    first, refused = desk.bodies(PEOPLE)
    await desk.deliver(replace(outgoing, pieces_sent=1))
    rest = desk.bodies(PEOPLE)[2:]

    assert rest[0] == refused
    said = "\n".join(json.loads(body["msgParam"])["content"] for body in (first, *rest))
    assert said.replace("（接上条）\n", "") == LONG.text()

    desk.answers(PEOPLE, coded("system.error", 500))
    assert (await failed(desk, replace(outgoing, pieces_sent=1))).pieces_sent == 1


PICTURE = Picture(b"\x89PNG", "走势")


async def test_a_picture_follows_the_words(desk: Desk) -> None:
    assert await desk.deliver(replace(OUTGOING, picture=PICTURE)) == Sent("q-1", DOMAIN)

    assert [call.path for call in desk.calls] == [TOKEN, PEOPLE, UPLOAD, PEOPLE]
    upload, shown = desk.calls[2:]
    assert upload.query == {"access_token": "token-1"}
    assert b'name="type"' in upload.body
    assert b"image" in upload.body
    assert PICTURE.png in upload.body
    assert (shown.body["msgKey"], shown.body["msgParam"]) == ("sampleImageMsg", '{"photoURL": "@media"}')


@pytest.mark.parametrize(
    ("path", "answers"),
    [
        (UPLOAD, [web.Response(status=500)]),
        (UPLOAD, [errcode(40014), errcode(40014)]),
        (UPLOAD, [web.json_response({"errcode": 0})]),
        (PEOPLE, [web.json_response(TAKEN), coded("system.error", 500)]),
    ],
)
async def test_a_picture_never_fails_the_words(desk: Desk, path: str, answers: list[web.Response]) -> None:
    desk.answers(path, *answers)

    assert await desk.deliver(replace(OUTGOING, picture=PICTURE)) == Sent("q-1", DOMAIN)


async def test_an_old_token_at_the_upload_is_renewed(desk: Desk) -> None:
    desk.answers(UPLOAD, errcode(40014))
    await desk.deliver(replace(OUTGOING, picture=PICTURE))

    assert [call.query["access_token"] for call in desk.calls if call.path == UPLOAD] == ["token-1", "token-2"]


async def test_no_secret_in_any_reason_or_repr(desk: Desk) -> None:
    desk.answers(PEOPLE, coded("x", 401), coded("x", 401))
    error = await failed(desk)

    assert SECRET not in repr(error)
    assert "token-" not in repr(error)
