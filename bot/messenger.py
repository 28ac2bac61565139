"""A pretend enterprise messenger: chats, groups, signed callbacks, idempotent sends, and failures to order.

Demo, rehearsal and tests talk to the service through it by real HTTP, as through any platform. Its transcript is in
domain time. It waits for nothing by itself: a failed callback is tried again at once, then kept for redeliver().
"""

import asyncio
import json
import random
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.channels.channel import Unverified
from bot.channels.sandbox.envelope import SandboxEnvelope, Signer
from bot.clock import Clock, SystemClock
from handlers.incoming import Incoming

BOT = "督办"
TRIES = 3
"""How often a callback is tried before the messenger gives up for now."""


class Fault(Enum):
    """What may go wrong with one request; a script of faults is consumed one a request, then all is well."""

    NONE = auto()
    FAIL = auto()
    """A send is answered 500 and not shown."""
    THROTTLE = auto()
    """A send is answered 429 with Retry-After and not shown."""
    LOSE_ANSWER = auto()
    """A send is shown, a callback is taken, and the connection breaks before the answer is read."""
    REPEAT = auto()
    """A callback that was answered is delivered once more."""


def seeded_faults(seed: int, **chances: float) -> Iterator[Fault]:
    """An endless script: each fault, by its name in lower case, with its chance; the same for the same seed."""
    dice = random.Random(seed)  # noqa: S311 - reproducible on purpose, guards nothing
    faults = [Fault[name.upper()] for name in chances]
    weights = [*chances.values(), 1 - sum(chances.values())]
    while True:
        yield dice.choices([*faults, Fault.NONE], weights)[0]


@dataclass(frozen=True)
class Line:
    """One line of a chat as people see it. `card` is the payload of a card, None for what a person typed.

    `picture` is the PNG that goes with a card.
    """

    at: datetime
    sender: str
    text: str
    card: dict[str, Any] | None = None
    picture: bytes | None = field(default=None, repr=False)

    @property
    def commands(self) -> dict[str, str]:
        """The buttons under the line: label and the command that it sends."""
        return {button["label"]: button["command"] for button in self.card["buttons"]} if self.card else {}


@dataclass
class Tally:
    """What has happened so far."""

    said: int = 0
    """Messages of people."""
    callbacks: int = 0
    """Requests made to the service, repeats included."""
    sends: int = 0
    """Genuine requests made by the service, repeats included."""
    shown: int = 0
    """Cards that people saw."""
    repeats: int = 0
    """Sends whose key had been shown already."""
    conflicts: int = 0
    """Repeats that bore another card than the first: a fault of the service."""
    forged: int = 0
    """Sends that were not signed by the service."""


@dataclass(frozen=True)
class Said:
    """What became of a message. `status` is the service's last answer, None for no answer."""

    message_id: str
    status: int | None

    @property
    def acknowledged(self) -> bool:
        """Whether the service took it."""
        return self.status is not None and self.status < 300


@dataclass
class _Shown:
    message_id: str
    said: dict[str, Any] = field(repr=False)


class Messenger:
    """One tenant of the pretend platform, connected to one channel of the service."""

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
        self.webhook = ""
        self.tally = Tally()
        self.gone: set[str] = set()
        """Recipients that the platform no longer knows: sends to them are answered 404."""
        self.outages: list[tuple[datetime, datetime]] = []
        """Spans of domain time, the end not included, in which sends are answered 503."""
        self.answering = asyncio.Event()
        """Cleared, sends are shown but not answered: whoever is killed meanwhile dies with a message on its way."""
        self.answering.set()
        self.undelivered: list[Incoming] = []
        """Messages whose callback the service did not take yet, oldest first."""
        self._signer = Signer(secret)
        self._envelope = SandboxEnvelope(channel, tenant, self._signer)
        self._clock = clock
        self._real_clock = real_clock or SystemClock()
        self._session = session
        self._send_faults = iter(send_faults)
        self._callback_faults = iter(callback_faults)
        self._new_id = new_id
        self._chats: defaultdict[str, list[Line]] = defaultdict(list)
        self._shown: dict[str, _Shown] = {}

    @property
    def said_by_the_bot(self) -> Counter[tuple[str, str]]:
        """How often which words stand in which chat, cards only: what people see, whatever the keys say."""
        return Counter(
            (name, line.text) for name, chat in self._chats.items() for line in chat if line.card is not None
        )

    def application(self) -> web.Application:
        """The platform's side of `api_base`: POST /messages."""
        app = web.Application()
        app.router.add_post("/messages", self._receive)
        return app

    def chat(self, conversation: str) -> tuple[Line, ...]:
        """All lines of a group, or of a person's private chat with the bot (see private_chat), oldest first."""
        return tuple(self._chats.get(conversation, ()))

    @staticmethod
    def private_chat(person: str) -> str:
        """The id of that person's private chat with the bot."""
        return f"private-{person}"

    async def say(
        self,
        sender: str,
        text: str,
        *,
        group: str | None = None,
        addressed: bool = True,
        at: datetime | None = None,
        message_id: str | None = None,
        copies: int = 1,
        attachments: tuple[str, ...] = (),
    ) -> Said:
        """Type `text` as `sender`, in private or in a group, sent at `at` of domain time (default: now).

        The callback is delivered `copies` times. Where the service gives no answer or a 5xx it is tried TRIES times
        with the same message id, then kept in `undelivered`.
        """
        message = Incoming(
            channel=self._envelope.channel,
            tenant=self._envelope.tenant,
            message_id=message_id or self._new_id(),
            sender=sender,
            conversation=group or self.private_chat(sender),
            private=group is None,
            addressed=addressed or group is None,
            text=text,
            sent_at=at or self._clock.now(),
            attachments=attachments,
        )
        self.tally.said += 1
        self._chats[message.conversation].append(Line(message.sent_at, sender, text))
        said = await self._deliver(message)
        for _ in range(copies - 1):
            said = await self._deliver(message)
        return said

    async def press(self, sender: str, label: str, *, group: str | None = None) -> Said:
        """Press the newest button of that label in the chat; KeyError if there is none."""
        for line in reversed(self.chat(group or self.private_chat(sender))):
            if label in line.commands:
                return await self.say(sender, line.commands[label], group=group)
        raise KeyError(label)

    async def redeliver(self) -> list[Said]:
        """Try again what the service did not take; what fails once more stays in `undelivered`."""
        waiting, self.undelivered = self.undelivered, []
        return [await self._deliver(message) for message in waiting]

    async def _deliver(self, message: Incoming) -> Said:
        status = None
        for _ in range(TRIES):
            fault = next(self._callback_faults, Fault.NONE)
            status = await self._post(message)
            if fault is Fault.LOSE_ANSWER:
                status = None
            elif fault is Fault.REPEAT:
                await self._post(message)
            if status is not None and status < 500:
                return Said(message.message_id, status)
        self.undelivered.append(message)
        return Said(message.message_id, status)

    async def _post(self, message: Incoming) -> int | None:
        self.tally.callbacks += 1
        sealed = self._envelope.seal(message, nonce=uuid4().hex, real_now=self._real_clock.now())
        try:
            async with self._session.post(self.webhook, data=sealed.body, headers=sealed.headers) as answer:
                return answer.status
        except (aiohttp.ClientConnectionError, TimeoutError):
            return None

    async def _receive(self, request: web.Request) -> web.Response:
        body = await request.read()
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            self._signer.verify(body, headers, real_now=self._real_clock.now())
        except Unverified:
            self.tally.forged += 1
            return web.Response(status=401)
        self.tally.sends += 1
        if any(start <= self._clock.now() < end for start, end in self.outages):
            return web.Response(status=503)
        fault = next(self._send_faults, Fault.NONE)
        if fault is Fault.FAIL:
            return web.Response(status=500)
        if fault is Fault.THROTTLE:
            return web.Response(status=429, headers={"retry-after": "1"})
        answer = self._accept(body)
        await self.answering.wait()
        if fault is Fault.LOSE_ANSWER and request.transport is not None:
            request.transport.abort()
        return answer

    def _accept(self, body: bytes) -> web.Response:
        """Show the card unless its key was shown before; a repeated key is answered as the first time."""
        message = json.loads(body)
        # A picture only repeats the words, and may be missing the second time: it makes no other card.
        picture = message.pop("picture", None)
        if message["recipient"] in self.gone:
            return web.Response(status=404)
        shown = self._shown.get(message["key"])
        if shown:
            self.tally.repeats += 1
            self.tally.conflicts += shown.said != message
        else:
            shown = self._shown[message["key"]] = _Shown(self._new_id(), message)
            self._show(message, b64decode(picture["png"]) if picture else None)
        return web.json_response({"message_id": shown.message_id})

    def _show(self, message: dict[str, Any], picture: bytes | None) -> None:
        self.tally.shown += 1
        chat = message["recipient"] if message["to_group"] else self.private_chat(message["recipient"])
        self._chats[chat].append(Line(self._clock.now(), BOT, message["card"]["text"], message["card"], picture))
