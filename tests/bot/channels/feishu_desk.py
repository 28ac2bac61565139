"""Feishu's side of the wire for tests of the client: it answers as told, and keeps what it was asked."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Button, Card
from bot.channels.channel import Outgoing, SendError
from bot.channels.feishu.client import FeishuClient
from bot.clock import WoundClock
from tests.bot.channels.feishu_subject import settings

DOMAIN = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)
CARD = Card("提醒：7月月报明日截止", buttons=(Button("现在报送", "报送 7月"),))
OUTGOING = Outgoing(key="k-1", recipient="ou_7", to_group=False, card=CARD)

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def ok(**data: str) -> web.Response:
    return web.json_response({"code": 0, "msg": "success", "data": data})


def refusing(code: int, status: int = 400, msg: str = "", **headers: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        found = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.json_response({"code": code, "msg": msg}, status=status, headers=found)

    return answer


async def accepting(_: web.Request) -> web.Response:
    return ok(message_id="om_1", image_key="img_1")


async def breaking(request: web.Request) -> web.Response:
    await request.read()
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


@dataclass
class Feishu:
    """A server that gives tokens t-1, t-2, … and answers the rest as told, one script line a request."""

    script: list[Answer] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str], dict[str, str], bytes]] = field(default_factory=list)
    """Path, query, headers and body of each request but those for tokens."""
    tokens: int = 0
    token_script: list[Answer] = field(default_factory=list)

    async def token(self, request: web.Request) -> web.StreamResponse:
        if self.token_script:
            return await self.token_script.pop(0)(request)
        self.tokens += 1
        asked = json.loads(await request.read())
        assert asked == {"app_id": "cli_county", "app_secret": "an app's own secret"}
        return web.json_response({"code": 0, "tenant_access_token": f"t-{self.tokens}", "expire": 7200})

    async def anything(self, request: web.Request) -> web.StreamResponse:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.seen.append((request.path, dict(request.query), headers, await request.read()))
        return await (self.script.pop(0) if self.script else accepting)(request)

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(body) for path, _, _, body in self.seen if path == "/open-apis/im/v1/messages"]


@asynccontextmanager
async def listening(feishu: Feishu) -> AsyncIterator[str]:
    """Its address while the block lasts."""
    app = web.Application()
    app.router.add_post("/open-apis/auth/v3/tenant_access_token/internal", feishu.token)
    app.router.add_route("*", "/{path:.*}", feishu.anything)
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


def client_at(base: str, session: aiohttp.ClientSession, **changes: Any) -> FeishuClient:
    return FeishuClient(settings(api_base=base, **changes), session, WoundClock(DOMAIN), WoundClock(REAL))


async def failure(client: FeishuClient, outgoing: Outgoing = OUTGOING) -> SendError:
    with pytest.raises(SendError) as error:
        await client.deliver(outgoing)
    return error.value
