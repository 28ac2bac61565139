"""Files sent to WeCom's robot: a ciphertext behind an address that is looked at first (T8), good for five minutes."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st
from yarl import URL

from assessment.evidence import MAX_BYTES
from bot.channels.channel import Malformed
from bot.channels.downloads import GoneThere, NotFetched, TooLargeThere, Withheld
from bot.channels.sealed import Seal
from bot.channels.wecom_bot.files import WecomBotFiles
from bot.county import listen
from tests.bot.channels.wecom_bot_subject import AES_KEY, TOKEN
from tests.stories.sample_files import PDF

SEAL = Seal(TOKEN, AES_KEY, ("",))
OTHER_SEAL = Seal(TOKEN, "z" * 43, ("",))
PLATFORM = "https://qyapi.weixin.qq.com"
SHELF = "ww-aibot-img-1258476243.cos.ap-guangzhou.myqcloud.com"


class Cloud:
    """The store behind the address; it gives one answer."""

    def __init__(self) -> None:
        self.asked: list[web.Request] = []
        self.answer = web.Response(body=SEAL.covered(PDF), content_type="application/octet-stream")
        self.base = ""

    async def give(self, request: web.Request) -> web.Response:
        self.asked.append(request)
        return self.answer


@pytest.fixture
async def cloud() -> AsyncIterator[Cloud]:
    found = Cloud()
    app = web.Application()
    app.router.add_get("/{tail:.*}", found.give)
    async with listen(app) as base:
        found.base = base
        yield found


async def fetched(cloud: Cloud) -> bytes:
    taken = bytearray()
    async with aiohttp.ClientSession() as session:
        await WecomBotFiles(cloud.base, session, SEAL).fetch(f"{cloud.base}/1/2?sign=q%3Da%26b%3D%2B", taken.extend)
    return bytes(taken)


async def test_it_is_deciphered(cloud: Cloud) -> None:
    assert await fetched(cloud) == PDF
    assert [request.raw_path for request in cloud.asked] == ["/1/2?sign=q%3Da%26b%3D%2B"]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_whatever_was_covered_comes_out_again(content: bytes) -> None:
    covered = SEAL.covered(content)

    assert len(covered) % 32 == 0
    assert len(covered) > len(content)
    assert SEAL.uncovered(covered) == content


def test_a_whole_file_of_the_largest_size_passes() -> None:
    assert len(SEAL.covered(bytes(MAX_BYTES))) <= MAX_BYTES + 32


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        (lambda: web.Response(status=403), GoneThere),
        (lambda: web.Response(status=404), GoneThere),
        (lambda: web.Response(status=503), NotFetched),
        (lambda: web.Response(status=302, headers={"location": "http://127.0.0.1:1/"}), NotFetched),
        (lambda: web.Response(body=b""), NotFetched),
        (lambda: web.Response(body=PDF), NotFetched),
        (lambda: web.Response(body=OTHER_SEAL.covered(PDF)), NotFetched),
        (lambda: web.Response(body=bytes(MAX_BYTES + 33)), TooLargeThere),
    ],
    ids=["expired", "gone", "down", "elsewhere", "empty", "in the clear", "another key", "too large"],
)
async def test_refusals(cloud: Cloud, answer: object, refusal: type[NotFetched]) -> None:
    cloud.answer = answer()  # type: ignore[operator]

    with pytest.raises(NotFetched) as caught:
        await fetched(cloud)
    assert type(caught.value) is refusal


def allowed(address: str, api: str = PLATFORM) -> URL:
    session: aiohttp.ClientSession = None  # type: ignore[assignment]  # it never comes so far
    return WecomBotFiles(api, session, SEAL)._allowed(address)


@pytest.mark.parametrize(
    "address",
    [f"https://{SHELF}/a/1?sign=q%3D", f"http://{SHELF}/a", "https://wwcdn.weixin.qq.com/f", f"https://{SHELF}:443/a"],
)
def test_the_platform_s_own_addresses_are_called(address: str) -> None:
    found = allowed(address)

    assert found.scheme == "https"
    assert found.raw_query_string == URL(address, encoded=True).raw_query_string


@pytest.mark.parametrize(
    "address",
    [
        "",
        "f",
        "https://evil.example/f",
        f"https://{SHELF}.evil.example/f",
        "https://ww-aibot-img-1999999999.cos.ap-guangzhou.myqcloud.com/f",
        f"https://evil-{SHELF}/f",
        "https://evilweixin.qq.com/f",
        f"https://u:p@{SHELF}/f",
        f"https://{SHELF}:8443/f",
        f"https://evil.example#{SHELF}",
        f"https://evil.example\\.{SHELF}/f",
        f"ftp://{SHELF}/f",
        "file:///etc/passwd",
        "http://127.0.0.1/f",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/f",
    ],
)
def test_nobody_else_s_address_is_called(address: str) -> None:
    with pytest.raises(Withheld):
        allowed(address)


def test_an_installation_of_their_own_keeps_files_at_home() -> None:
    home = "https://wx.example.gov.cn"

    assert str(allowed(f"{home}/files/1", home)) == f"{home}/files/1"
    for other in ("http://wx.example.gov.cn/f", f"{home}:8443/f", "https://files.example.gov.cn/f"):
        with pytest.raises(Withheld):
            allowed(other, home)


@pytest.mark.parametrize("size", [0, 1, 31, 33])
def test_what_is_no_ciphertext_is_malformed(size: int) -> None:
    with pytest.raises(Malformed):
        SEAL.uncovered(bytes(size))
