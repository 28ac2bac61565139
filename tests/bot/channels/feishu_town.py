"""The pretend Feishu and a service made of the real front door and the real Feishu channel, connected."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.card import Blank, Button, Card, Form
from bot.channels.channel import Outgoing
from bot.channels.feishu import FeishuChannel
from bot.clock import WoundClock
from bot.health import Metrics
from bot.incoming import FrontDoor
from bot.platforms.feishu import FeishuPlatform
from bot.platforms.feishu_app import App
from bot.platforms.platform import Fault
from handlers.incoming import Incoming
from tests.bot.channels.feishu_subject import settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
REAL = datetime(2031, 1, 1, tzinfo=UTC)
APP = App("cli_county", "an app's own secret", "an office's own secret", "an office's verification token")
FORM = Form("报送 7月", (Blank("招商引资", required=True), Blank("说明")))


@dataclass
class Town:
    """Platform and service, connected."""

    feishu: FeishuPlatform
    channel: FeishuChannel
    clock: WoundClock
    real: WoundClock
    base: str
    session: aiohttp.ClientSession
    kept: list[Incoming] = field(default_factory=list)
    failures: int = 0

    async def send(self, title: str = "请核对", *, key: str = "k-1", group: str | None = None, **more: Any) -> str:
        card = Card(
            title, buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4")), form=more.pop("form", None)
        )
        sent = await self.channel.send(Outgoing(key, group or "ou_7", to_group=group is not None, card=card, **more))
        return sent.platform_message_id

    async def call(self, method: str, path: str, body: object = None, *, token: str | None = "") -> tuple[int, int]:
        """A call past the channel: HTTP status and code."""
        if token == "":
            token = (await self.token())[0]
        headers = {"authorization": f"Bearer {token}"} if token else {}
        async with self.session.request(method, f"{self.base}/open-apis{path}", json=body, headers=headers) as answer:
            return answer.status, (await answer.json())["code"]

    async def token(self) -> tuple[str, int]:
        path = "/open-apis/auth/v3/tenant_access_token/internal"
        body = {"app_id": APP.app_id, "app_secret": APP.app_secret}
        async with self.session.post(f"{self.base}{path}", json=body) as answer:
            said = await answer.json()
            return said["tenant_access_token"], said["expire"]


@asynccontextmanager
async def town(
    *,
    send_faults: Iterable[Fault] = (),
    callback_faults: Iterable[Fault] = (),
    qps: int | None = None,
    app: App = APP,
    **changes: Any,
) -> AsyncIterator[Town]:
    clock, real = WoundClock(NOW), WoundClock(REAL)
    async with aiohttp.ClientSession() as session:
        feishu = FeishuPlatform(
            app,
            clock=clock,
            real_clock=real,
            session=session,
            tenant="county",
            channel="door",
            send_faults=send_faults,
            callback_faults=callback_faults,
            qps=qps,
            hook_token="h-1",
            hook_secret="s",
        )
        async with TestServer(feishu.application()) as platform:
            base = str(platform.make_url("")).rstrip("/")
            hook = {"webhook_url": f"{base}/open-apis/bot/v2/hook/h-1", "webhook_secret": "s"}
            channel = FeishuChannel(settings(api_base=base, **(hook | changes)), session, clock, real)
            place = Town(feishu, channel, clock, real, base, session)

            async def intake(message: Incoming, _: datetime) -> None:
                if place.failures:
                    place.failures -= 1
                    raise OSError
                place.kept.append(message)

            web_app = web.Application()
            FrontDoor({"door": channel}, intake, clock=clock, real_clock=real, metrics=Metrics()).mount(web_app)
            async with TestServer(web_app) as service:
                feishu.webhook = str(service.make_url("/webhooks/door"))
                yield place
