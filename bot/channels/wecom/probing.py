"""What WeCom says of our app when asked: credentials, trusted addresses, visible scope. Nothing is sent to anybody.

Source: WeCom pages 91039 (gettoken), 90227 (agent/get), 90930 (getcallbackip, the address check), 90313 (codes).
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import aiohttp

from bot.channel_settings import WecomSettings
from bot.channels.probing import AddressCheck, Findings, Halt, Line, Now, bad
from bot.channels.sealed import Seal
from bot.findings import Finding, Mark

CONSOLE = "企业微信管理后台 应用管理 → 本应用 → 接收消息 → 设置API接收"
"""Where the callback address is entered."""

_SHOWN = 5
_FROM = re.compile(r"from ip: ?([0-9A-Fa-f.:]{3,45})(?=[,\s]|$)")
"""How the words beside a code tell from which address we came."""
_RETRY = "请稍后再次运行 duban check"
_REPAIR: Mapping[int, tuple[str, str]] = {
    40013: ("企业 ID 不正确", "请核对 corp_id（我的企业 → 企业信息 → 企业 ID）"),
    40001: ("应用的 Secret 不正确", "请核对 secret（应用管理 → 本应用 → Secret），应取本应用的，不是通讯录同步助手的"),
    40091: ("应用的 Secret 不正确", "请核对 secret（应用管理 → 本应用 → Secret），应取本应用的，不是通讯录同步助手的"),
    40056: ("应用的 AgentId 不正确", "请核对 agent_id（应用管理 → 本应用），应与 secret 取自同一个应用"),
    48002: ("应用没有调用此接口的权限", "请在企业微信管理后台核对本应用是否为自建应用"),
    45009: ("接口调用过于频繁，被平台限制", "请一分钟后再次运行 duban check"),
    -1: ("平台繁忙", _RETRY),
}
_UNTRUSTED = 60020


def implausible(settings: WecomSettings) -> Iterator[Finding]:
    """What cannot be right, or hardly, whatever the platform says."""
    if settings.secret.get_secret_value() in {settings.token.get_secret_value(), settings.corp_id}:
        yield bad("secret 与 token 或 corp_id 填成了同一个值", "请分别照管理后台所示填写")
    if (hook := settings.webhook_url) is not None:
        address = urlsplit(hook.get_secret_value())
        if not address.path.endswith("/cgi-bin/webhook/send") or not parse_qs(address.query).get("key"):
            yield bad(
                "webhook_url 不是企业微信群机器人的网址",
                "应形如 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=…",
            )


async def probe(settings: WecomSettings, session: aiohttp.ClientSession, now: Now) -> Findings:
    """Ask the platform what it thinks of this app. Raises Halt where asking on is of no use."""
    line = Line(settings.api_base, "api_base", session, now)
    params = {"corpid": settings.corp_id, "corpsecret": settings.secret.get_secret_value()}
    said = _accepted((await line.ask("GET", "/cgi-bin/gettoken", params=params)).data)
    for finding in line.clock():
        yield finding
    token = str(said.get("access_token", ""))
    yield Finding(Mark.GOOD, "企业 ID 和 Secret 正确")
    params = {"access_token": token, "agentid": str(settings.agent_id)}
    app = _accepted((await line.ask("GET", "/cgi-bin/agent/get", params=params)).data)
    for finding in _judged(app):
        yield finding
    sources = (await line.ask("GET", "/cgi-bin/getcallbackip", params={"access_token": token})).data.get("ip_list")
    if isinstance(sources, list) and sources:
        more = f" 等 {len(sources)} 段" if len(sources) > _SHOWN else ""
        yield Finding(
            Mark.TOLD,
            f"平台回调的来源 IP：{'、'.join(map(str, sources[:_SHOWN]))}{more}",
            "有入站白名单的防火墙须放行；平台会变更，请定期核对",
        )


def address_check(settings: WecomSettings, now: Now) -> AddressCheck:
    """The platform's request for the callback address."""
    echo, nonce, stamp = uuid4().hex, str(uuid4().int % 10**10), str(int(now().timestamp()))
    seal = Seal(settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), (settings.corp_id,))
    sealed = seal.seal(echo.encode(), timestamp=stamp, nonce=nonce)
    query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed.encrypt}
    return AddressCheck("GET", echo, query)


def _accepted(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The answer to a call that was taken. Raises Halt."""
    code = data.get("errcode")
    if code == 0:
        return data
    if code == _UNTRUSTED:
        found = _FROM.search(str(data.get("errmsg", "")))
        address = f" {found[1]}" if found else ""
        remedy = f"请在 应用管理 → 本应用 → 企业可信IP 中填入{address or '本机的出口 IP（请问网络管理员）'}"
        raise Halt(bad(f"本机的出口 IP{address} 不在应用的企业可信IP 内", remedy))
    what, remedy = _REPAIR.get(code if isinstance(code, int) else 0, (f"平台拒绝查询（错误码 {code}）", _UNKNOWN))
    raise Halt(bad(what, remedy))


_UNKNOWN = "请核对 corp_id、agent_id 与 secret 取自同一个应用，并按错误码查企业微信开发者文档"


def _judged(app: Mapping[str, Any]) -> Iterator[Finding]:
    if app.get("close"):
        yield bad("应用已停用", "请在 应用管理 → 本应用 中启用")
    departments, people, tags = (
        len(app.get(group, {}).get(key, []))
        for group, key in (("allow_partys", "partyid"), ("allow_userinfos", "user"), ("allow_tags", "tagid"))
    )
    if not departments + people + tags:
        yield bad("应用的可见范围是空的，谁也收不到消息", "请在 应用管理 → 本应用 → 可见范围 中加入名册上的单位或人员")
        return
    yield Finding(
        Mark.GOOD,
        f"应用可用，可见范围：部门 {departments}、人员 {people}、标签 {tags}",
        "范围之外的人收不到消息，请确认名册上的人员都在其内",
    )
