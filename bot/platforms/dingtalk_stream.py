"""The pretend DingTalk's end of Stream: it hands out connections and brings messages over the newest of them."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import WSMsgType, web

from bot.channels.dingtalk.frames import ROBOT
from bot.platforms.dingtalk_messages import Refusal
from bot.platforms.dingtalk_pen import App

ACK_SECONDS = 10.0


@dataclass(frozen=True)
class Ack:
    """The service's answer to one frame."""

    code: int
    data: str


@dataclass
class _Connection:
    socket: web.WebSocketResponse
    waiting: dict[str, asyncio.Future[Ack | None]] = field(default_factory=dict)


class StreamGateway:
    """Where the service listens."""

    def __init__(self, app: App, new_id: Callable[[], str]) -> None:
        """`new_id` makes tickets and the ids of frames."""
        self.online = asyncio.Event()
        """Set while there is a connection."""
        self.opened = 0
        """How many connections were made so far."""
        self._app = app
        self._new_id = new_id
        self._tickets: set[str] = set()
        self._connections: list[_Connection] = []
        self._another = asyncio.Condition()

    def mount(self, application: web.Application) -> None:
        """Serve the websocket; the way to a ticket is the platform's, see `ticket`."""
        application.router.add_get("/connect", self._connect)
        application.on_shutdown.append(self._leave)

    def ticket(self, body: dict[str, Any], host: str) -> dict[str, str]:
        """The answer to whoever asks for a connection. Raises Refusal."""
        if (body.get("clientId"), body.get("clientSecret")) != (self._app.app_key, self._app.app_secret):
            raise Refusal("authFailed", 401)
        if {"type": "CALLBACK", "topic": ROBOT} not in body.get("subscriptions", []):
            raise Refusal("subscriptions.empty")
        ticket = f"{self._new_id()}+/="
        self._tickets.add(ticket)
        return {"endpoint": f"ws://{host}/connect", "ticket": ticket}

    async def deliver(self, data: dict[str, Any], *, topic: str = ROBOT, kind: str = "CALLBACK") -> Ack | None:
        """Bring one frame to the service; None where there is nobody, or no answer."""
        return await self._ask(kind, topic, json.dumps(data, ensure_ascii=False))

    async def ping(self, data: str) -> Ack | None:
        """Ask whether the service is there."""
        return await self._ask("SYSTEM", "ping", data)

    async def until_opened(self, times: int) -> None:
        """Wait until so many connections were made."""
        async with self._another:
            await self._another.wait_for(lambda: self.opened >= times)

    async def disconnect(self) -> None:
        """Ask the service to take another connection."""
        connection = self._connections[-1]
        await connection.socket.send_str(self._frame(self._new_id(), "SYSTEM", "disconnect", "{}"))

    async def cut(self) -> None:
        """Break the newest connection without a word."""
        await self._connections[-1].socket.close()

    async def send_raw(self, content: str | bytes, opcode: WSMsgType = WSMsgType.TEXT) -> None:
        """Send whatever it is: no frame, perhaps no text."""
        content = content.encode() if isinstance(content, str) else content
        await self._connections[-1].socket.send_frame(content, opcode)

    async def _ask(self, kind: str, topic: str, data: str) -> Ack | None:
        if not self._connections:
            return None
        connection, frame_id = self._connections[-1], self._new_id()
        answer: asyncio.Future[Ack | None] = asyncio.get_running_loop().create_future()
        connection.waiting[frame_id] = answer
        try:
            await connection.socket.send_str(self._frame(frame_id, kind, topic, data))
            async with asyncio.timeout(ACK_SECONDS):
                return await answer
        except (aiohttp.ClientError, ConnectionError, TimeoutError):
            return None
        finally:
            connection.waiting.pop(frame_id, None)

    @staticmethod
    def _frame(frame_id: str, kind: str, topic: str, data: str) -> str:
        headers = {"topic": topic, "messageId": frame_id, "contentType": "application/json", "time": "1767225600000"}
        return json.dumps({"specVersion": "1.0", "type": kind, "headers": headers, "data": data}, ensure_ascii=False)

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.remove(ticket)
        connection = _Connection(web.WebSocketResponse())
        await connection.socket.prepare(request)
        self._connections.append(connection)
        async with self._another:
            self.opened += 1
            self._another.notify_all()
        self.online.set()
        try:
            async for message in connection.socket:
                self._settle(connection, json.loads(message.data))
        finally:
            self._connections.remove(connection)
            if not self._connections:
                self.online.clear()
            for answer in connection.waiting.values():
                if not answer.done():
                    answer.set_result(None)
        return connection.socket

    @staticmethod
    def _settle(connection: _Connection, said: dict[str, Any]) -> None:
        answer = connection.waiting.get(said["headers"]["messageId"])
        if answer is not None and not answer.done():
            answer.set_result(Ack(said["code"], said["data"]))

    async def _leave(self, _: web.Application) -> None:
        for connection in tuple(self._connections):
            await connection.socket.close()
