"""What DingTalk says of our app when asked: credentials, and whether Stream can be opened. Nothing is sent to anybody.

A Stream connection is asked for and not used: whoever really connected would be brought messages meant for the
service. Whether the robot may send cannot be asked without sending.
Source: DingTalk, oauth2/accessToken, gateway/connections/open, custom robots.
"""

from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import aiohttp
from yarl import URL

from bot.channel_settings import DingtalkSettings
from bot.channels.calling import Answer
from bot.channels.channel import Unverified
from bot.channels.dingtalk.frames import ROBOT, connection_address
from bot.channels.dingtalk.refusals import code_of
from bot.channels.dingtalk.stream import OPEN
from bot.channels.probing import Findings, Halt, Line, Now, bad
from bot.findings import Finding, Mark

CONSOLE = "钉钉开发者后台 本应用 → 机器人 → 消息接收模式 HTTP 模式 → 消息接收地址"
"""Where the callback address is entered; over Stream there is none."""

_CREDENTIALS = (
    "Client ID 或 Client Secret 不正确",
    "请照 凭证与基础信息 核对 app_key（Client ID）和 app_secret（Client Secret），并确认应用已发布",
)


def implausible(settings: DingtalkSettings) -> Iterator[Finding]:
    """What cannot be right, or hardly, whatever the platform says."""
    if settings.app_secret.get_secret_value() == settings.app_key:
        yield bad("app_key 与 app_secret 填成了同一个值", "请照 凭证与基础信息 分别填写")
    if not settings.corp_id.startswith("ding"):
        yield Finding(
            Mark.OPEN, "corp_id 通常以 ding 开头", "请照开发者后台首页的 CorpId 核对，填错时收到的消息都会被拒绝"
        )
    if (hook := settings.webhook_url) is not None:
        address = urlsplit(hook.get_secret_value())
        if not address.path.endswith("/robot/send") or not parse_qs(address.query).get("access_token"):
            yield bad(
                "webhook_url 不是钉钉群机器人的网址", "应形如 https://oapi.dingtalk.com/robot/send?access_token=…"
            )
    if (secret := settings.webhook_secret) is not None and not secret.get_secret_value().startswith("SEC"):
        yield bad("webhook_secret 应以 SEC 开头", "请照群机器人 安全设置 → 加签 所示填写")


async def probe(settings: DingtalkSettings, session: aiohttp.ClientSession, now: Now) -> Findings:
    """Ask the platform what it thinks of this app. Raises Halt where asking on is of no use."""
    line = Line(settings.api_base, "api_base", session, now)
    secret = settings.app_secret.get_secret_value()
    _accept(await line.ask("POST", "/v1.0/oauth2/accessToken", body={"appKey": settings.app_key, "appSecret": secret}))
    for finding in line.clock():
        yield finding
    yield Finding(Mark.GOOD, "Client ID 和 Client Secret 正确")
    if settings.mode == "stream":
        yield await _stream(settings, line, session, now)
    await Line(settings.oapi_base, "oapi_base", session, now).reach("GET", "/")
    yield Finding(
        Mark.TOLD,
        "机器人能否发消息不能在此查出",
        "请核对 权限管理 中“企业内机器人发送消息权限”已开通、版本已发布、可见范围包括名册上的人员",
    )


async def _stream(settings: DingtalkSettings, line: Line, session: aiohttp.ClientSession, now: Now) -> Finding:
    asked = {
        "clientId": settings.app_key,
        "clientSecret": settings.app_secret.get_secret_value(),
        "subscriptions": [{"type": "CALLBACK", "topic": ROBOT}],
        "ua": "duban",
        "localIp": "127.0.0.1",
    }
    answer = await line.ask("POST", OPEN, body=asked)
    if code := code_of(answer):
        remedy = "请在开发者后台 本应用 → 机器人 把消息接收模式设为 Stream 模式并发布；要用回调的，把 mode 改为 http"
        return bad(f"平台不给 Stream 连接（{code}）", remedy)
    try:
        address = connection_address(answer.data, settings.api_base)
    except Unverified:
        return bad("平台给出的 Stream 地址不在其域名下", "请核对 api_base；无误的，请网络管理员检查有无流量被改写")
    place = URL.build(scheme="https" if address.scheme == "wss" else "http", host=address.host or "", port=address.port)
    await Line(str(place), "api_base", session, now).reach("GET", "/")
    return Finding(Mark.GOOD, f"Stream 可用，消息由本机主动连接 {address.host} 取得，不需要回调网址")


def _accept(answer: Answer) -> None:
    """Raises Halt unless the platform gave a token."""
    if isinstance(answer.data.get("accessToken"), str):
        return
    code = code_of(answer)
    if answer.status == HTTPStatus.UNAUTHORIZED or "invalidClient" in code or "Secret" in code:
        raise Halt(bad(*_CREDENTIALS))
    if "QpsLimit" in code or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Halt(bad(f"平台繁忙或限流（{code or answer.status}）", "请稍后再次运行 duban check"))
    remedy = f"{_CREDENTIALS[1]}；设有服务器出口 IP 白名单的，请加入本机的出口 IP"
    raise Halt(bad(f"平台不发给访问凭据（{code or answer.status}）", remedy))
