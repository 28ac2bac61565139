"""What Feishu says of our app when asked: credentials, bot, permissions, organisation. Nothing is sent to anybody.

Source: Feishu, auth/v3/tenant_access_token/internal, bot/v3/info, application/v6/scopes (neither asks for a scope),
tenant/v2/tenant/query (tenant:tenant:readonly), url_verification.
"""

import re
from collections.abc import Iterator, Mapping, Set
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp

from bot.channel_settings import FeishuSettings
from bot.channels.calling import Answer
from bot.channels.feishu.cards import encoded
from bot.channels.feishu.seal import Seal
from bot.channels.probing import AddressCheck, Findings, Halt, Line, Now, bad
from bot.findings import Finding, Mark

CONSOLE = "飞书开发者后台 本应用 → 事件与回调，“事件配置”和“回调配置”两处的请求地址"
"""Where the callback address is entered."""

_Scopes = Mapping[str, tuple[str, ...]]
"""What a permission is for, and the scopes of which any one grants it, the narrowest first."""

NEEDED: _Scopes = {
    "以应用身份发消息": ("im:message:send_as_bot", "im:message"),
    "读取用户发给机器人的单聊消息": ("im:message.p2p_msg:readonly", "im:message.p2p_msg", "im:message"),
    "接收群聊中@机器人消息": ("im:message.group_at_msg:readonly", "im:message.group_at_msg", "im:message"),
}
WISHED: _Scopes = {"上传图片（走势图、排名图）": ("im:resource:upload", "im:resource")}
STAFF_ID: _Scopes = {"获取用户 user ID": ("contact:user.employee_id:readonly",)}
"""Needed only where the roster holds user_ids."""

_PUBLISH = "请在开发者后台 本应用 → 权限管理 开通，再到 版本管理与发布 发布新版本"
_NO_SCOPE = frozenset({99991672, 99991679})
_SCOPES = re.compile(r"\[([A-Za-z0-9_.:, -]{1,400})\]")
_STATES = {
    0: ("应用未在本单位安装", "请在开发者后台 版本管理与发布 发布版本，由管理员审核通过"),
    1: ("应用已被停用", "请在飞书管理后台 工作台 → 应用管理 启用"),
    3: ("应用已安装，尚未启用", "请在飞书管理后台 工作台 → 应用管理 启用"),
    4: ("应用新版本待启用", "请在飞书管理后台 工作台 → 应用管理 启用"),
}
_IN_USE = 2
_REPAIR: Mapping[int, tuple[str, str]] = {
    10003: ("App ID 的写法不对", "请核对 app_id（凭证与基础信息 → App ID，以 cli_ 开头）"),
    99991401: (
        "本机的出口 IP 不在应用的 IP 白名单内",
        "请在开发者后台 本应用 → 安全设置 → IP 白名单 加入本机的出口 IP",
    ),
    11205: ("应用没有启用机器人能力", "请在 添加应用能力 → 机器人 启用，再到 版本管理与发布 发布新版本"),
    230006: ("应用没有启用机器人能力", "请在 添加应用能力 → 机器人 启用，再到 版本管理与发布 发布新版本"),
    99991662: ("应用已被停用", "请在飞书管理后台 工作台 → 应用管理 启用"),
    99991673: ("应用未在本单位安装", "请在开发者后台 版本管理与发布 发布版本，由管理员审核通过"),
    212100: ("应用未在本单位安装", "请在开发者后台 版本管理与发布 发布版本，由管理员审核通过"),
    1000040351: ("接口网址与应用不属同一平台", "请核对 api_base：飞书为 https://open.feishu.cn"),
    99991400: ("接口调用过于频繁，被平台限制", "请一分钟后再次运行 duban check"),
    99991403: ("本月接口调用额度已用完", "请联系飞书管理员扩容"),
}
_BAD_CREDENTIALS = 10014
_NO_APP = "app id"
"""Stands in the words of 10014 where there is no such app."""


def implausible(settings: FeishuSettings) -> Iterator[Finding]:
    """What cannot be right, or hardly, whatever the platform says."""
    if not settings.app_id.startswith("cli_"):
        yield bad("app_id 应以 cli_ 开头", "请照开发者后台 凭证与基础信息 → App ID 填写")
    if settings.encrypt_key.get_secret_value() == settings.verification_token.get_secret_value():
        yield bad(
            "encrypt_key 与 verification_token 填成了同一个值", "请照 事件与回调 → 加密策略 分别填写，两项不是一回事"
        )
    if (hook := settings.webhook_url) is not None:
        path, _, key = urlsplit(hook.get_secret_value()).path.rpartition("/")
        if not path.endswith("/open-apis/bot/v2/hook") or not key:
            yield bad("webhook_url 不是飞书群机器人的网址", "应形如 https://open.feishu.cn/open-apis/bot/v2/hook/…")


async def probe(settings: FeishuSettings, session: aiohttp.ClientSession, now: Now) -> Findings:
    """Ask the platform what it thinks of this app. Raises Halt where asking on is of no use."""
    line = Line(settings.api_base, "api_base", session, now)
    asked = {"app_id": settings.app_id, "app_secret": settings.app_secret.get_secret_value()}
    answer = await line.ask("POST", "/open-apis/auth/v3/tenant_access_token/internal", body=asked)
    token = str(_accepted(answer).get("tenant_access_token", ""))
    for finding in line.clock():
        yield finding
    yield Finding(Mark.GOOD, "App ID 和 App Secret 正确")
    headers = {"authorization": f"Bearer {token}"}
    bot = _accepted(await line.ask("GET", "/open-apis/bot/v3/info", headers=headers)).get("bot")
    yield _state(bot.get("activate_status") if isinstance(bot, dict) else None)
    for finding in _scopes(await line.ask("GET", "/open-apis/application/v6/scopes", headers=headers), settings):
        yield finding
    yield _tenant(await line.ask("GET", "/open-apis/tenant/v2/tenant/query", headers=headers), settings.tenant_key)


def address_check(settings: FeishuSettings, _now: Now) -> AddressCheck:
    """The platform's request for the callback address."""
    echo = uuid4().hex
    asked = {
        "challenge": echo,
        "token": settings.verification_token.get_secret_value(),
        "type": "url_verification",
    }
    return AddressCheck("POST", echo, body=Seal(settings.encrypt_key.get_secret_value()).seal(encoded(asked).encode()))


def _accepted(answer: Answer) -> Mapping[str, Any]:
    """The answer to a call that was taken. Raises Halt."""
    data, code = answer.data, answer.data.get("code")
    if code == 0 and answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return data
    if code == _BAD_CREDENTIALS:
        if _NO_APP in str(data.get("msg", "")):
            raise Halt(bad("平台上没有这个 App ID", "请核对 app_id（凭证与基础信息 → App ID）和 api_base"))
        raise Halt(bad("App Secret 不正确", "请核对 app_secret（凭证与基础信息 → App Secret），重置过的须填新值"))
    if code in _NO_SCOPE:
        raise Halt(bad(f"应用缺少权限{_named(data)}", _PUBLISH))
    what, remedy = _REPAIR.get(code if isinstance(code, int) else 0, (f"平台拒绝查询（错误码 {code}）", _UNKNOWN))
    raise Halt(bad(what, remedy))


_UNKNOWN = "请按错误码查飞书开放平台文档“通用错误码”"


def _state(status: object) -> Finding:
    if status == _IN_USE:
        return Finding(Mark.GOOD, "机器人已启用")
    what, remedy = _STATES.get(
        status if isinstance(status, int) else -1, (f"应用不可用（状态 {status}）", "请在飞书管理后台查看应用状态")
    )
    return bad(what, remedy)


def _scopes(answer: Answer, settings: FeishuSettings) -> Iterator[Finding]:
    """Which permissions were granted. The private editions may not know the question: then it stays open."""
    data = answer.data.get("data")
    listed = data.get("scopes") if isinstance(data, dict) else None
    if answer.data.get("code") != 0 or not isinstance(listed, list):
        yield Finding(Mark.OPEN, "平台未列出应用的权限", f"请在权限管理中核对：{_asked(NEEDED)}")
        return
    granted = {one.get("scope_name") for one in listed if isinstance(one, dict) and one.get("grant_status") == 1}
    needed = {**NEEDED, **(STAFF_ID if settings.account == "user_id" else {})}
    missing, wanting = _missing(needed, granted), _missing(WISHED, granted)
    if missing:
        yield bad(f"应用缺少权限：{_asked(missing)}", _PUBLISH)
    else:
        yield Finding(Mark.GOOD, "收发消息的权限已开通")
    if wanting:
        yield Finding(Mark.OPEN, f"应用缺少权限：{_asked(wanting)}；图片发不出，文字照发", _PUBLISH)


def _missing(scopes: _Scopes, granted: Set[object]) -> _Scopes:
    return {name: any_of for name, any_of in scopes.items() if granted.isdisjoint(any_of)}


def _asked(missing: _Scopes) -> str:
    return "、".join(f"{name} {narrowest}" for name, (narrowest, *_) in missing.items())


def _tenant(answer: Answer, expected: str) -> Finding:
    data = answer.data.get("data")
    tenant = data.get("tenant") if isinstance(data, dict) else None
    key = tenant.get("tenant_key") if isinstance(tenant, dict) else None
    if not isinstance(key, str) or not key:
        what = f"不能核对 tenant_key：缺少权限{_named(answer.data) or ' tenant:tenant:readonly'}"
        return Finding(Mark.OPEN, what, f"{_PUBLISH}；不开通的，tenant_key 填错时收到的消息都会被拒绝")
    if key != expected:
        return bad("tenant_key 不是本单位的", f'请把设置文件中的 tenant_key 改为 "{key}"')
    return Finding(Mark.GOOD, "tenant_key 是本单位的")


def _named(data: Mapping[str, Any]) -> str:
    """The scopes that the refusal names, with a space before them; empty where it names none."""
    found = _SCOPES.search(str(data.get("msg", "")))
    return f" {found[1]}（任一）" if found else ""
