"""Fetching what people sent: whom we call for it (T8), what each refusal means, and that nothing is taken unasked."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from yarl import URL

from bot.channels.channel import SendError
from bot.channels.dingtalk.files import DingtalkFiles
from bot.channels.downloads import GoneThere, NotFetched, TooLargeThere, Withheld
from bot.channels.feishu.files import FeishuFiles
from bot.channels.tokens import Token, TokenCache
from bot.channels.wecom.files import WecomFiles
from bot.county import listen
from bot.evidence import EvidenceFetcher
from bot.evidence_store import EvidenceStore
from schedules.fetching import Failed, Wanted
from tests.stories.sample_files import PDF


class Shelf:
    """A server that gives one answer to every request and keeps their addresses."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.answer = web.Response(body=PDF, content_type="application/octet-stream")
        self.answers: list[web.Response] = []
        self.base = ""

    async def give(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        return self.answers.pop(0) if self.answers else self.answer


def said(status: int = 200, **what: object) -> web.Response:
    return web.json_response(what, status=status)


@pytest.fixture
async def shelf() -> AsyncIterator[Shelf]:
    found = Shelf()
    app = web.Application()
    app.router.add_get("/{tail:.*}", found.give)
    async with listen(app) as base:
        found.base = base
        yield found


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def tokens() -> TokenCache:
    given = iter(f"t-{number}" for number in range(9))

    async def ask() -> Token:
        return Token(next(given), 7200)

    return TokenCache(ask)


# ── WeCom ──


async def wecom(shelf: Shelf, session: aiohttp.ClientSession) -> bytes:
    taken = bytearray()
    await WecomFiles(shelf.base, session, tokens()).fetch("m/1&x", taken.extend)
    return bytes(taken)


async def test_wecom_asks_by_media_id(shelf: Shelf, session: aiohttp.ClientSession) -> None:
    assert await wecom(shelf, session) == PDF

    (request,) = shelf.asked
    assert (request.path, dict(request.query)) == ("/cgi-bin/media/get", {"access_token": "t-0", "media_id": "m/1&x"})


async def test_wecom_renews_its_token_once(shelf: Shelf, session: aiohttp.ClientSession) -> None:
    shelf.answers = [said(errcode=42001)]

    assert await wecom(shelf, session) == PDF
    assert [request.query["access_token"] for request in shelf.asked] == ["t-0", "t-1"]


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (lambda: said(errcode=40007), GoneThere),
        (lambda: said(errcode=45009), NotFetched),
        (lambda: said(errcode=0), NotFetched),
        (lambda: said(what="ever"), NotFetched),
        (lambda: web.Response(status=503), NotFetched),
        (lambda: web.Response(status=302, headers={"location": "http://127.0.0.1:1/"}), NotFetched),
        (lambda: web.Response(body=b"{}", headers={"content-encoding": "gzip"}), NotFetched),
    ],
    ids=["expired", "throttled", "success without a file", "no sense", "down", "elsewhere", "packed on the way"],
)
async def test_wecom_s_refusals(
    shelf: Shelf, session: aiohttp.ClientSession, answer: Any, refusal: type[NotFetched]
) -> None:
    shelf.answer = answer()

    with pytest.raises(NotFetched) as caught:
        await wecom(shelf, session)
    assert type(caught.value) is refusal
    assert len(shelf.asked) == 1


# ── Feishu ──


async def feishu(
    shelf: Shelf, session: aiohttp.ClientSession, key: str = "om_1/file_v3-1", kind: str = "file"
) -> bytes:
    taken = bytearray()
    await FeishuFiles(shelf.base, session, tokens()).fetch(key, kind, taken.extend)
    return bytes(taken)


@pytest.mark.parametrize(("kind", "type_"), [("file", "file"), ("image", "image"), ("video", "file")])
async def test_feishu_asks_by_message_and_key(
    shelf: Shelf, session: aiohttp.ClientSession, kind: str, type_: str
) -> None:
    assert await feishu(shelf, session, kind=kind) == PDF

    (request,) = shelf.asked
    assert request.raw_path == f"/open-apis/im/v1/messages/om_1/resources/file_v3-1?type={type_}"
    assert request.headers["authorization"] == "Bearer t-0"


@pytest.mark.parametrize("key", ["om_1", "om_1/", "../../x/y", "om_1/a/b", "om_1/a?b=c", "om_1/证明"])
async def test_feishu_s_key_makes_no_other_address(shelf: Shelf, session: aiohttp.ClientSession, key: str) -> None:
    with pytest.raises(GoneThere):
        await feishu(shelf, session, key)
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("code", "refusal"),
    [(234037, TooLargeThere), (234004, Withheld), (234038, Withheld), (230110, GoneThere), (99991400, NotFetched)],
)
async def test_feishu_s_refusals(
    shelf: Shelf, session: aiohttp.ClientSession, code: int, refusal: type[NotFetched]
) -> None:
    shelf.answer = said(400, code=code, msg="refused")

    with pytest.raises(NotFetched) as caught:
        await feishu(shelf, session)
    assert type(caught.value) is refusal


async def test_feishu_renews_its_token_once(shelf: Shelf, session: aiohttp.ClientSession) -> None:
    shelf.answers = [said(400, code=99991663)]

    assert await feishu(shelf, session) == PDF
    assert len(shelf.asked) == 2


# ── DingTalk ──


def dingtalk(api: str, session: aiohttp.ClientSession | None, answer: Mapping[str, Any] | SendError) -> DingtalkFiles:
    async def call(path: str, body: Mapping[str, object]) -> Mapping[str, Any]:
        assert (path, body) == ("/v1.0/robot/messageFiles/download", {"downloadCode": "d", "robotCode": "r"})
        if isinstance(answer, SendError):
            raise answer
        return answer

    return DingtalkFiles(api, "r", session, call)  # type: ignore[arg-type]  # some never come so far


async def test_dingtalk_asks_where_the_file_is(shelf: Shelf, session: aiohttp.ClientSession) -> None:
    taken = bytearray()
    address = f"{shelf.base}/a%2Fb?Signature=a%2Bb%3D"

    await dingtalk(shelf.base, session, {"downloadUrl": address}).fetch("d", taken.extend)

    assert taken == PDF
    assert shelf.asked[0].raw_path == "/a%2Fb?Signature=a%2Bb%3D"


@pytest.mark.parametrize(
    ("address", "called"),
    [
        ("https://down.dingtalk.com/f?x=%2B", "https://down.dingtalk.com/f?x=%2B"),
        ("http://zjk.oss-cn.aliyuncs.com/f?Signature=a%3D", "https://zjk.oss-cn.aliyuncs.com/f?Signature=a%3D"),
        ("https://DOWN.dingtalk.com/f", "https://down.dingtalk.com/f"),
    ],
)
def test_dingtalk_s_own_addresses_are_called(address: str, called: str) -> None:
    found = dingtalk("https://api.dingtalk.com", None, {})._allowed(address)

    assert str(found).lower() == called.lower()
    assert found.scheme == "https"


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "f",
        "https://evil.example/f",
        "https://dingtalk.com.evil.example/f",
        "https://evildingtalk.com/f",
        "https://u:p@down.dingtalk.com/f",
        "https://down.dingtalk.com:8443/f",
        "https://evil.example#.dingtalk.com",
        "https://evil.example\\.dingtalk.com/f",
        "ftp://down.dingtalk.com/f",
        "file:///etc/passwd",
        "http://127.0.0.1/f",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/f",
    ],
)
async def test_nobody_else_s_address_is_called(address: object) -> None:
    files = dingtalk("https://api.dingtalk.com", None, {"downloadUrl": address})

    with pytest.raises(Withheld):
        await files.fetch("d", lambda _: None)


@pytest.mark.parametrize("address", ["http://127.0.0.1:2/f", "https://127.0.0.1:1/f", "http://localhost:1/f"])
def test_in_a_rehearsal_only_the_rehearsed_platform_is_called(address: str) -> None:
    files = dingtalk("http://127.0.0.1:1", None, {})

    assert files._allowed("http://127.0.0.1:1/f") == URL("http://127.0.0.1:1/f")
    with pytest.raises(Withheld):
        files._allowed(address)


async def test_a_code_that_is_refused_for_good_has_gone() -> None:
    with pytest.raises(GoneThere):
        await dingtalk("https://api.dingtalk.com", None, SendError("平台拒收", permanent=True)).fetch("d", print)
    with pytest.raises(NotFetched) as caught:
        await dingtalk("https://api.dingtalk.com", None, SendError("平台限流", retry_after=7)).fetch("d", print)
    assert (type(caught.value), caught.value.retry_after) == (NotFetched, 7)


# ── any ──


async def test_who_cannot_be_reached_is_tried_again(session: aiohttp.ClientSession) -> None:
    with pytest.raises(NotFetched) as caught:
        await WecomFiles("http://127.0.0.1:9", session, tokens()).fetch("m", print)
    assert type(caught.value) is NotFetched


async def test_a_channel_that_has_left_the_settings_is_waited_for(tmp_path: Any) -> None:
    fetcher = EvidenceFetcher({}, EvidenceStore(tmp_path))

    assert isinstance(await fetcher.fetch(Wanted("feishu", "k", "file")), Failed)
