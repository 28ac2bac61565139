"""How a platform answers when it is asked without wanting anything of it: the calls behind `duban check`.

A probe reads and changes nothing, and never sends a message. What kept a call from being answered is told apart as
far as the connection itself can tell it; what a platform's codes mean is that platform's own probing.py.
"""

import errno
import os
import ssl
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import aiohttp

from bot.channels.calling import Answer, Caller
from bot.channels.channel import SendError
from bot.findings import Finding, Mark

Findings = AsyncIterator[Finding]
Now = Callable[[], datetime]
"""The machine's own time, aware."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Signatures are good for longer on every platform; whoever is further off will be refused one day."""

_PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
_EXPIRED = 10
_FOR_ANOTHER_HOST = frozenset({62, 64})
_NO_WAY = frozenset({errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN})


class Halt(Exception):
    """The probe ends here: what would follow could only fail for the same reason."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.what)
        self.finding = finding


@dataclass(frozen=True)
class AddressCheck:
    """What the platform asks when a callback address is entered, made with our own keys: whoever gives `echo` back
    is this installation, under these settings. It is answered without being kept.
    """

    method: str
    echo: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


def bad(what: str, remedy: str) -> Finding:
    """What has to be repaired."""
    return Finding(Mark.BAD, what, remedy)


class Line:
    """The way to one of a platform's addresses."""

    def __init__(self, base: str, key: str, session: aiohttp.ClientSession, now: Now) -> None:
        """`key`: the setting that holds `base`. The session stays the caller's to close."""
        self._caller = Caller(base, session)
        self._base = base
        self._key = key
        self._now = now
        self._lag: timedelta | None = None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        """The platform's answer, whatever its code. Raises Halt where it is none of the platform's."""
        answer = await self.reach(method, path, params=params, headers=headers, body=body)
        if not answer.data:
            raise Halt(self._strange(answer.status))
        return answer

    async def reach(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        body: object = None,
    ) -> Answer:
        """Whatever answers there. Raises Halt where nothing does."""
        try:
            answer = await self._caller.call(method, path, params=params, headers=headers, body=body)
        except SendError as error:
            raise Halt(unreached(self._base, self._key, error.__cause__)) from error
        self._lag = _lag(answer, self._now())
        return answer

    def clock(self) -> Iterator[Finding]:
        """What the newest answer's date says about our own clock."""
        if self._lag is None or abs(self._lag) <= CLOCK_TOLERANCE:
            return
        minutes = round(abs(self._lag).total_seconds() / 60)
        turned = "慢" if self._lag > timedelta(0) else "快"
        yield bad(f"本机时间比平台{turned} {minutes} 分钟", "请校准本机时间并开启自动对时（NTP），否则签名会被拒绝")

    def _strange(self, status: int) -> Finding:
        host = urlsplit(self._base).netloc
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return bad(f"{host} 暂不可用（{status}）", "请稍后再次运行 duban check")
        remedy = f"请核对 {self._key}；网址无误的，多为网关或认证页面拦截，请网络管理员放行本机到 {host} 的连接"
        return bad(f"{host} 的回音不是平台的格式（{status}）", remedy)


def unreached(base: str, key: str, cause: BaseException | None) -> Finding:
    """Why nobody answered at `base`, the value of the setting `key`, by what aiohttp says of it."""
    parts = urlsplit(base)
    place = f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"
    what, remedy = _told_apart(place, parts.hostname or "", key, cause)
    if any(os.environ.get(name) for name in _PROXIES):
        remedy += "；本机设有代理变量，但本服务直接连接、不经代理"
    return bad(what, remedy)


def _told_apart(place: str, host: str, key: str, cause: BaseException | None) -> tuple[str, str]:
    match cause:
        case aiohttp.ClientConnectorDNSError():
            return f"域名 {host} 解析不到", f"请核对 {key} 的拼写；无误的，请网络管理员为本机设置 DNS"
        case aiohttp.ClientConnectorCertificateError():
            return _certificate(place, host, key, cause.certificate_error)
        case aiohttp.ClientSSLError():
            return f"{place} 不能建立加密连接", f"请核对 {key} 的端口是否为 https 端口，中间的网关是否支持 TLS 1.2"
        case aiohttp.ClientConnectorError():
            return _not_connected(place, key, cause.os_error)
        case TimeoutError():
            return f"连接 {place} 超时", f"多为防火墙未放行，请网络管理员放行本机到 {place} 的出站连接"
        case _:
            return f"与 {place} 的连接中断", "请再试一次；仍然如此的，请网络管理员检查网关和防火墙"


def _certificate(place: str, host: str, key: str, error: Exception) -> tuple[str, str]:
    code = error.verify_code if isinstance(error, ssl.SSLCertVerificationError) else 0
    if code == _EXPIRED:
        return f"{place} 的证书已过期", "请先核对本机时间；时间无误的，请对方更换证书"
    if code in _FOR_ANOTHER_HOST:
        return f"{place} 的证书不是发给 {host} 的", f"请核对 {key}；无误的，多为网关截留，请网络管理员放行直连"
    remedy = "私有化部署请把其根证书文件的路径写入环境变量 SSL_CERT_FILE；公网地址多为网关截留，请放行直连"
    return f"{place} 的证书不受本机信任", remedy


def _not_connected(place: str, key: str, error: OSError) -> tuple[str, str]:
    if error.errno == errno.ECONNREFUSED:
        return f"{place} 拒绝连接", f"请核对 {key} 的地址和端口，并确认对方服务已启动、防火墙已放行"
    if error.errno in _NO_WAY:
        return f"本机没有到 {place} 的路由", "请网络管理员为本机开通出站线路；不能上互联网的部署见《部署边界》"
    return f"{place} 连接不上", f"请核对 {key}，并请网络管理员检查本机到 {place} 的线路"


def _lag(answer: Answer, now: datetime) -> timedelta | None:
    """By how much the platform's clock is ahead of ours; None where it does not tell its time."""
    try:
        told = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    return None if told.tzinfo is None else told - now
