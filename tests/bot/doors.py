"""A service with a door to every platform, and a caller who knocks at them by plain HTTP, whatever the bytes."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import aiohttp
from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import SecretStr
from sqlmodel import func, select

from bot import app
from bot.channel_settings import DingtalkSettings, FeishuSettings, SandboxSettings, WecomBotSettings, WecomSettings
from bot.channels.channel import Envelope
from bot.clock import WoundClock
from bot.county import Setting, found, listen
from bot.platforms.platform import Platform
from bot.platforms.tenants import tenant
from bot.platforms.wecom_bot import WecomBotPlatform
from bot.settings import Service, Settings
from storage.inbox import InboxRow
from storage.outbox import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.bot.channels.channel_subject import NOW, Subject
from tests.bot.channels.dingtalk_subject import DingtalkSubject
from tests.bot.channels.feishu_subject import FeishuSubject
from tests.bot.channels.sandbox_subject import SandboxSubject
from tests.bot.channels.wecom_bot_subject import CODE, WecomBotSubject
from tests.bot.channels.wecom_subject import WecomSubject
from tests.bot.house import RULEBOOK

KINDS = ("sandbox", "wecom", "wecom-bot", "feishu", "dingtalk-http")
CLERK = "u-7"
"""The account of the clerk of each kind's own unit."""
_UNITS = {
    "sandbox": "甲局",
    "wecom": "乙局",
    "wecom-bot": "己局",
    "feishu": "丙局",
    "dingtalk-http": "丁局",
    "dingtalk": "戊局",
}
_EVENT_KEYS = {"event_token": SecretStr("an event's token"), "event_aes_key": SecretStr("k" * 43)}


@dataclass(frozen=True)
class Answer:
    """What was heard at a door; status 0 for a connection that broke without a word."""

    status: int
    body: str = ""
    content_type: str = ""


@dataclass
class Doors:
    """A running service, and for each kind its platform and that platform's pen."""

    service: app.Service
    address: str
    platforms: Mapping[str, Platform]
    subjects: Mapping[str, Subject]
    outward: list[str] = field(default_factory=list)
    """Paths of all requests that the platforms have got from the service, those for tokens included."""
    _lines: dict[str, tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=dict)

    async def knock(self, kind: str, envelope: Envelope, *, then: Sequence[str] = ()) -> Answer:
        """Send a request as it stands; `then` are further lines of its head."""
        query = urlencode(envelope.query, errors="surrogatepass", quote_via=quote)
        head = [f"{envelope.method} /webhooks/{kind}{'?' if query else ''}{query} HTTP/1.1", "Host: service"]
        head += [f"{name}: {value}" for name, value in envelope.headers.items()]
        head += [f"Content-Length: {len(envelope.body)}", *then]
        raw = "\r\n".join([*head, "", ""]).encode("utf-8", "surrogateescape") + envelope.body
        try:
            return await self._said(kind, raw, bodiless=envelope.method == "HEAD")
        except (ConnectionError, asyncio.IncompleteReadError):
            await self._hang_up(kind)
            return Answer(0)

    async def _said(self, kind: str, raw: bytes, *, bodiless: bool) -> Answer:
        if kind not in self._lines:
            parts = urlsplit(self.address)
            self._lines[kind] = await asyncio.open_connection(parts.hostname, parts.port)
        reader, writer = self._lines[kind]
        writer.write(raw)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        status, *lines = head.strip().split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        length = 0 if bodiless else int(fields.get("content-length", "0"))
        body = (await reader.readexactly(length)).decode()
        if fields.get("connection") == "close" or status.startswith("HTTP/1.0"):
            await self._hang_up(kind)
        return Answer(int(status.split()[1]), body, fields.get("content-type", "").partition(";")[0])

    async def _hang_up(self, kind: str) -> None:
        if line := self._lines.pop(kind, None):
            line[1].close()
            with suppress(ConnectionError):
                await line[1].wait_closed()

    async def leave(self) -> None:
        """Hang up everywhere."""
        for kind in list(self._lines):
            await self._hang_up(kind)

    async def kept(self) -> tuple[int, int]:
        """Rows of the inbox and of the outbox."""
        return await self.service.database.read(_rows)

    def secrets(self, kind: str) -> list[str]:
        """Every secret of the kind's table."""
        table = self.subjects[kind].table
        return [value.get_secret_value() for _, value in table if isinstance(value, SecretStr)]


def _rows(uow: UnitOfWork) -> tuple[int, int]:
    inbox, outbox = (uow.value(select(func.count()).select_from(table)) or 0 for table in (InboxRow, OutboxRow))
    return inbox, outbox


@asynccontextmanager
async def open_doors(folder: Path, kinds: Sequence[str] = KINDS) -> AsyncIterator[Doors]:
    """Serve on free ports of the loopback; signatures are judged by the machine's clock, all else by a wound one."""
    clock, outward = WoundClock(NOW), list[str]()
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tenants = {kind: tenant(kind, clock, session) for kind in kinds}
        tables = {
            kind: one.settings(await stack.enter_async_context(listen(_counted(one.platform, outward))))
            for kind, one in tenants.items()
        }
        subjects = {kind: _subject(table) for kind, table in tables.items()}
        settings = Settings(
            service=Service(
                database=SecretStr(str(folder / "duban.sqlite")),
                ledger_key=SecretStr("k" * 32),
                files=folder,
                rulebooks=folder,
            ),
            channels=tuple(one.table for one in subjects.values()),
        )
        database = app.open_database(settings)
        stack.callback(database.close)
        start = Setting(_roster(kinds), {"test.yaml": RULEBOOK}, NOW, date(2026, 8, 1))
        await database.write(lambda uow: found(uow, start, {kind: table.tenant for kind, table in tables.items()}))
        service = app.Service(settings, database, app.installation_of(settings), clock, session)
        address = await stack.enter_async_context(listen(service.application()))
        await service.settle()
        outward.clear()
        platforms = {kind: one.platform for kind, one in tenants.items()}
        for platform in platforms.values():
            if isinstance(platform, WecomBotPlatform):
                platform.open_answer(CODE, platform.private_chat(CLERK))
        doors = Doors(service, address, platforms, subjects, outward)
        stack.push_async_callback(doors.leave)
        yield doors


def _counted(platform: Platform, outward: list[str]) -> web.Application:
    @web.middleware
    async def count(request: web.Request, handler: Handler) -> web.StreamResponse:
        outward.append(request.path)
        return await handler(request)

    application = platform.application()
    application.middlewares.append(count)
    return application


def _subject(table: object) -> Subject:
    match table:
        case SandboxSettings():
            return SandboxSubject(table)
        case WecomSettings():
            return WecomSubject(table)
        case WecomBotSettings():
            return WecomBotSubject(table)
        case FeishuSettings():
            return FeishuSubject(table)
        case DingtalkSettings():
            return DingtalkSubject(table.model_copy(update=_EVENT_KEYS))
    raise KeyError(table)


def _roster(kinds: Sequence[str]) -> str:
    office = ["单位,单位别名,类别,姓名,岗位,渠道,账号", f"督查室,,考核办,陈静,考核办,{kinds[0]},chen"]
    return "\n".join([*office, *(f"{_UNITS[kind]},,部门,{_UNITS[kind][0]}某,填报人,{kind},{CLERK}" for kind in kinds)])
