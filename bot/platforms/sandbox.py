"""The pretend enterprise messenger of the demo and of most tests: the sandbox channel's other end."""

import json
from base64 import b64decode
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.channels.channel import Unverified
from bot.channels.sandbox.envelope import SandboxEnvelope, Signer
from bot.clock import Clock
from bot.platforms.platform import Callback, Fault, Line, Platform
from handlers.incoming import Incoming


class Messenger(Platform):
    """One tenant of the sandbox."""

    def __init__(
        self,
        *,
        secret: str,
        clock: Clock,
        session: aiohttp.ClientSession,
        tenant: str = "sandbox",
        channel: str = "sandbox",
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`webhook`, the service's address, may be set later. The session stays the caller's to close."""
        super().__init__(
            clock=clock,
            session=session,
            channel=channel,
            tenant=tenant,
            send_faults=send_faults,
            callback_faults=callback_faults,
            real_clock=real_clock,
            new_id=new_id,
        )
        self._signer = Signer(secret)
        self._envelope = SandboxEnvelope(channel, tenant, self._signer)

    def application(self) -> web.Application:
        """The platform's side of `api_base`: POST /messages."""
        app = web.Application()
        app.router.add_post("/messages", self._receive)
        return app

    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """A JSON body under an HMAC; a press is typing."""
        del pressed
        sealed = self._envelope.seal(message, nonce=uuid4().hex, real_now=self.real_clock.now())
        return Callback(sealed.body, sealed.headers)

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            self._signer.verify(body, headers, real_now=self.real_clock.now())
        except Unverified:
            self.tally.forged += 1
            return web.Response(status=401)
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500)
            case Fault.THROTTLE:
                return web.Response(status=429, headers={"retry-after": "1"})
            case Fault.DROP:
                self.tally.dropped += 1
                return web.json_response({"message_id": self.new_id()})
            case _:
                return await self.answered(request, self._accept(body), fault)

    def _accept(self, body: bytes) -> web.Response:
        """Show the card unless its key was shown before; a repeated key is answered as the first time."""
        message = json.loads(body)
        # A picture only repeats the words, and may be missing the second time: it makes no other card.
        picture = message.pop("picture", None)
        if message["recipient"] in self.gone:
            return web.Response(status=404)
        card: dict[str, Any] = message["card"]
        message_id = self.show(
            message["recipient"] if message["to_group"] else self.private_chat(message["recipient"]),
            card["text"],
            card,
            key=message["key"],
            said=message,
            commands={button["label"]: button["command"] for button in card["buttons"]},
            picture=b64decode(picture["png"]) if picture else None,
        )
        return web.json_response({"message_id": message_id})
