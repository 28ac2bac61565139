"""What all pretend platforms share: chats and groups, people who type and press, callbacks, and failures to order.

The service is spoken to by real HTTP. A platform's transcript is in domain time. It waits for nothing by itself:
a failed callback is tried again at once, then kept for redeliver().
"""

import asyncio
import random
from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, auto
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.clock import Clock, SystemClock
from handlers.incoming import FileRef, Incoming

BOT = "督办"
FILE = "[文件"
"""How a file that stands alone begins as a line of a chat; its name follows."""
PICTURE = "[图片"
"""How a picture that stands alone begins as a line of a chat."""
TRIES = 3
"""How often a callback is tried before the platform gives up for now."""


class Fault(Enum):
    """What may go wrong with one request; a script of faults is consumed one a request, then all is well."""

    NONE = auto()
    FAIL = auto()
    """A send is answered 500 and not shown."""
    THROTTLE = auto()
    """A send is refused as one too many, in the platform's own way, and not shown."""
    EXPIRE = auto()
    """The access token of a send is refused as expired; a fresh one is taken."""
    DROP = auto()
    """A send is accepted and shown to nobody, as platforms do above their silent limits."""
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
    """One line of a chat as people see it. `card` is the payload that the bot sent, None for what a person typed."""

    at: datetime
    sender: str
    text: str
    card: dict[str, Any] | None = None
    picture: bytes | None = field(default=None, repr=False)
    """The PNG that goes with a card."""
    commands: Mapping[str, str] = field(default_factory=dict)
    """The buttons under the line: label and the command that it sends."""
    message_id: str = ""
    """The platform's own id of what the bot sent."""
    file: bytes | None = field(default=None, repr=False)
    """The content of a file that the bot sent."""


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
    """Messages of the bot that people saw."""
    repeats: int = 0
    """Sends whose key had been shown already."""
    conflicts: int = 0
    """Repeats that bore another card than the first: a fault of the service."""
    forged: int = 0
    """Sends that were not vouched for by the service."""
    dropped: int = 0
    """Sends accepted and shown to nobody."""


@dataclass(frozen=True)
class Said:
    """What became of a message. `status` is the service's last answer, None for no answer."""

    message_id: str
    status: int | None

    @property
    def acknowledged(self) -> bool:
        """Whether the service took it."""
        return self.status is not None and self.status < 300


@dataclass(frozen=True)
class Callback:
    """One signed request to the service's webhook."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    method: str = "POST"


@dataclass(frozen=True)
class Waiting:
    """A message that the service did not take yet; `pressed` is the line whose button it was."""

    message: Incoming
    pressed: Line | None = None


@dataclass(frozen=True)
class LeftFile:
    """A file that somebody has sent, as it lies on the platform."""

    content: bytes = field(repr=False)
    at: datetime


@dataclass
class _Shown:
    message_id: str
    said: object = field(repr=False)
    at: datetime


class Platform(ABC):
    """One tenant of a pretend platform, connected to one channel of the service.

    A platform says how a callback is sealed and how a send is taken; `show` keeps what people see.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        session: aiohttp.ClientSession,
        channel: str,
        tenant: str,
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`webhook`, the service's address, may be set later. The session stays the caller's to close."""
        self.webhook = ""
        self.tally = Tally()
        self.tells_file_names = True
        """Whether a callback says what a file is called."""
        self.gone: set[str] = set()
        """Recipients that the platform no longer knows."""
        self.outages: list[tuple[datetime, datetime]] = []
        """Spans of domain time, the end not included, in which sends are answered 503."""
        self.answering = asyncio.Event()
        """Cleared, sends are shown but not answered: whoever is killed meanwhile dies with a message on its way."""
        self.answering.set()
        self.cut_off = asyncio.Event()
        """Set, the service cannot be reached from the platform: every callback fails."""
        self.left: dict[str, LeftFile] = {}
        """What the files of people hold, by the key under which the service asks for them; see leave_file."""
        self.refuses_uploads = False
        """Set, no file can be uploaded: refused for good, in the platform's own way."""
        self.uploads = 0
        """Files that were uploaded; pictures of cards are none."""
        self.phones: dict[str, str] = {}
        """Whose mobile number is whose, number to account."""
        self.undelivered: list[Waiting] = []
        """Messages whose callback the service did not take yet, oldest first."""
        self.clock = clock
        self.real_clock = real_clock or SystemClock()
        self.channel = channel
        self.tenant = tenant
        self.new_id = new_id
        self._session = session
        self._send_faults = iter(send_faults)
        self._callback_faults = iter(callback_faults)
        self._chats: defaultdict[str, list[Line]] = defaultdict(list)
        self._shown: dict[str, _Shown] = {}

    def send_faults(self, script: Iterable[Fault]) -> None:
        """From now on let these happen to the next sends, one each."""
        self._send_faults = iter(script)

    @abstractmethod
    def application(self) -> web.Application:
        """The platform's own API, as the service calls it."""

    @abstractmethod
    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """The request that brings `message` to the service; `pressed` is the line whose button it was.

        Made afresh for each try, as a platform signs each resend anew. The message's ids stay.
        """

    async def connected(self) -> None:  # noqa: B027 - most platforms have nothing to wait for
        """Return once the service can be reached; at once where it is only called back."""

    @property
    def said_by_the_bot(self) -> Counter[tuple[str, str]]:
        """How often which words stand in which chat, the bot's only: what people see, whatever the keys say."""
        return Counter(
            (name, line.text) for name, chat in self._chats.items() for line in chat if line.card is not None
        )

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
        files: tuple[FileRef, ...] = (),
    ) -> Said:
        """Type `text` as `sender`, in private or in a group, sent at `at` of domain time (default: now).

        The callback is delivered `copies` times. Where the service gives no answer or a 5xx it is tried TRIES times
        with the same message id, then kept in `undelivered`.
        """
        message = Incoming(
            channel=self.channel,
            tenant=self.tenant,
            message_id=message_id or self.new_id(),
            sender=sender,
            conversation=group or self.private_chat(sender),
            private=group is None,
            addressed=addressed or group is None,
            text=text,
            sent_at=at or self.clock.now(),
            attachments=attachments,
            files=files,
        )
        self.tally.said += 1
        self._chats[message.conversation].append(Line(message.sent_at, sender, text))
        said = await self._deliver(Waiting(message))
        for _ in range(copies - 1):
            said = await self._deliver(Waiting(message))
        return said

    def leave_file(self, key: str, content: bytes) -> None:
        """Put the content of a file on the platform; a message that brings it names the same key (FileRef.key)."""
        self.left[key] = LeftFile(content, self.clock.now())

    async def press(self, sender: str, label: str, *, group: str | None = None) -> Said:
        """Press the newest button of that label in the chat; KeyError if there is none."""
        for line in reversed(self.chat(group or self.private_chat(sender))):
            if label in line.commands:
                return await self.press_of(line, sender, line.commands[label], group=group)
        raise KeyError(label)

    async def press_of(self, line: Line, sender: str, command: str, *, group: str | None) -> Said:
        """Press a button of `line`. Where a press is only typing for lazy people, it is what the person says."""
        del line
        return await self.say(sender, command, group=group)

    async def redeliver(self) -> list[Said]:
        """Try again what the service did not take; what fails once more stays in `undelivered`."""
        waiting, self.undelivered = self.undelivered, []
        return [await self._deliver(one) for one in waiting]

    async def call_back(self, message: Incoming, pressed: Line) -> Said:
        """Deliver the press of a button that the platform tells apart from typing."""
        self.tally.said += 1
        return await self._deliver(Waiting(message, pressed))

    async def _deliver(self, waiting: Waiting) -> Said:
        status = None
        for _ in range(TRIES):
            fault = next(self._callback_faults, Fault.NONE)
            status = None if self.cut_off.is_set() else await self._post(waiting)
            if fault is Fault.LOSE_ANSWER:
                status = None
            elif fault is Fault.REPEAT:
                await self._post(waiting)
            if status is not None and status < 500:
                return Said(waiting.message.message_id, status)
        self.undelivered.append(waiting)
        return Said(waiting.message.message_id, status)

    async def _post(self, waiting: Waiting) -> int | None:
        self.tally.callbacks += 1
        sealed = self.callback(waiting.message, waiting.pressed)
        try:
            async with self._session.request(
                sealed.method, self.webhook, params=sealed.query, data=sealed.body, headers=sealed.headers
            ) as answer:
                return answer.status
        except (aiohttp.ClientConnectionError, TimeoutError):
            return None

    def next_fault(self) -> Fault:
        """What goes wrong with the send that has just come in; counts it."""
        self.tally.sends += 1
        if self.is_down():
            return Fault.FAIL
        return next(self._send_faults, Fault.NONE)

    def is_down(self) -> bool:
        """Whether the platform is in an outage now."""
        return any(start <= self.clock.now() < end for start, end in self.outages)

    async def answered(self, request: web.Request, answer: web.Response, fault: Fault) -> web.Response:
        """Give `answer` once the platform answers at all; a lost one breaks the connection instead."""
        await self.answering.wait()
        if fault is Fault.LOSE_ANSWER and request.transport is not None:
            request.transport.abort()
        return answer

    def show(
        self,
        chat: str,
        text: str,
        payload: dict[str, Any],
        *,
        key: str | None,
        said: object = None,
        commands: Mapping[str, str] | None = None,
        picture: bytes | None = None,
        file: bytes | None = None,
    ) -> str:
        """Put a message of the bot into a chat; return its platform id.

        What bears the `key` of an earlier one is not shown again and gets that one's id; None shows in any case.
        `said` is what a repeat has to equal, the payload unless given.
        """
        content = payload if said is None else said
        if key is not None and (earlier := self._shown.get(key)) is not None:
            self.tally.repeats += 1
            self.tally.conflicts += earlier.said != content
            return earlier.message_id
        message_id = self.new_id()
        if key is not None:
            self._shown[key] = _Shown(message_id, content, self.clock.now())
        self.tally.shown += 1
        line = Line(self.clock.now(), BOT, text, payload, picture, dict(commands or {}), message_id, file)
        self._chats[chat].append(line)
        return message_id

    def forget_keys_before(self, moment: datetime) -> None:
        """Let go of the idempotency keys of messages shown before `moment`, as a platform does after their life."""
        self._shown = {key: shown for key, shown in self._shown.items() if shown.at >= moment}
