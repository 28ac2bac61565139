"""The Channel protocol: what every platform's door can do, and the words in which it speaks.

A channel has two directions. `open` is pure: bytes in, an Incoming (or Challenge, or Ignored) out, or a refusal; it
never waits and never touches the network. `send` delivers one card and tries exactly once; waiting and trying again
are the business of schedules/delivery.py alone.

    Refused                 the request is not taken
    ├── Unverified          not proven to come from the platform
    └── Malformed           proven, but not understood
    SendError               the card was not, or not certainly, delivered
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.channels.card import Card
from handlers.incoming import Incoming, Signature
from schedules.letters import Unwatched, Way
from schedules.rates import Rate


@dataclass(frozen=True)
class Envelope:
    """One HTTP request as it came, still sealed."""

    method: str
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str]
    body: bytes
    received_at: datetime
    """Domain time of receipt, aware."""
    real_now: datetime
    """The real clock at receipt, aware; it decides over signature windows and nothing else."""


@dataclass(frozen=True)
class Challenge:
    """The platform asks whether we are there; answer with exactly this."""

    body: str
    content_type: str = "text/plain"


@dataclass(frozen=True)
class Ignored:
    """Genuine, and nothing to do: acknowledged and forgotten. The reason is for the log."""

    reason: str
    signature: Signature | None = field(default=None, compare=False, repr=False)
    """None where the proof covers the body; otherwise it must not prove another one."""


Opened = Incoming | Challenge | Ignored


@dataclass(frozen=True)
class Acknowledgement:
    """What the platform wants to read once its callback is kept, or known, or ignored; never a message to anybody."""

    body: str = "{}"
    content_type: str = "application/json"


class Refused(Exception):
    """The request is not taken. The reason is for our log; the sender of the request never learns it."""


class Unverified(Refused):
    """Not proven to come from our organisation on this platform, or stale."""


class Malformed(Refused):
    """Proven to come from the platform, but not in a form that we understand."""


@dataclass(frozen=True)
class Capabilities:
    """What a platform can show and promise; renderers degrade by capability, never by a platform's name."""

    buttons: bool = False
    form: bool = False
    update: bool = False
    read_receipt: bool = False
    file: bool = False
    """Whether the bot can send a file: those of `file_kinds`, up to `max_file_bytes`."""
    file_kinds: tuple[str, ...] = ()
    """By content, of assessment.evidence.KINDS."""
    max_file_bytes: int = 0
    hook_takes_files: bool = False
    """Whether a group's own robot, which is only an address, takes them too."""
    picture: bool = False
    max_buttons: int = 0
    max_label: int = 20
    """Characters of a button's label."""
    max_lines: int = 100
    """Lines of a card with buttons; a text may have more."""
    max_bytes: int = 2048
    """Of one message, in UTF-8."""
    max_picture_bytes: int = 500_000
    """Of one picture as PNG; a larger one stays away."""
    idempotency_seconds: int | None = None
    """How long the platform remembers an idempotency key; None where it knows no such key."""
    rates: tuple[Rate, ...] = ()
    """How many messages the platform takes in which time."""
    monthly_calls: int | None = None
    """API calls that the platform allows in a calendar month; None for no such limit."""
    avoids_marks: bool = False
    """Whether the platform asks for silence at the full and the half hour."""
    repeat_seconds: int = 0
    """For so long the platform swallows words that equal earlier ones to the same person."""


@dataclass(frozen=True)
class Picture:
    """A PNG that repeats what its card says in words; it may be missing, also in a repetition of the same send."""

    png: bytes = field(repr=False)
    alternative: str
    """What is read to whoever does not see it."""


@dataclass(frozen=True)
class Attachment:
    """A file that follows the words of a card, as a message of its own."""

    name: str
    """As people see it, with the usual ending of what it is."""
    kind: str
    """One of assessment.evidence.KINDS."""
    sha256: str
    """Tells its content from others: what was uploaded once is not uploaded again."""
    read: Callable[[], Awaitable[bytes]] = field(repr=False, compare=False)
    """Its content. Raises SendError where it is not to be had."""
    instead: str = ""
    """What is said in its place if the platform refuses it for good."""
    goes: bool = True
    """False where it may have been shown already, and would be shown twice: then its words go in any case."""


@dataclass(frozen=True)
class Outgoing:
    """One card on its way to one chat."""

    key: str
    """Stable over retries; the platform shows two sends with one key once, where it can."""
    recipient: str
    """The platform's id of the person, or of the conversation if `to_group`."""
    to_group: bool
    card: Card
    picture: Picture | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    """What the platform wants to see again, from Incoming.extra."""
    files: tuple[Attachment, ...] = ()
    """They follow the card, in this order."""
    pieces_sent: int = 0
    """So many messages of this very card, and then its files, an earlier attempt got through; only the rest is sent."""
    said_before: int = 0
    """How many others with the same words went to the recipient within `repeat_seconds`."""
    waits_for_files: bool = True
    """False once uploads have failed for so long that words go in the place of what is not uploaded yet."""
    way: Way = field(default_factory=Unwatched, compare=False, repr=False)
    """Is told of each message that is accepted, and of the uploads before them."""


@dataclass(frozen=True)
class Sent:
    """The platform accepted the card."""

    platform_message_id: str
    """Empty where the platform gives none."""
    delivered_at: datetime
    """Domain time at which its acceptance reached us, aware."""


class SendError(Exception):
    """One attempt failed.

    `permanent`: trying again cannot help. `unknown`: the answer was lost and the card may have been delivered.
    `silent`: the platform did not answer, or takes nothing from anybody now. `repair`: it takes nothing of ours before
    somebody has repaired the settings or the platform's console; nothing is lost meanwhile.
    `retry_after`: seconds that the platform asks us to wait. `pieces_sent`: messages of the card accepted so far,
    those of earlier attempts included. The reason is a Chinese phrase for the office, without a name or a secret.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool = False,
        unknown: bool = False,
        silent: bool = False,
        repair: bool = False,
        retry_after: float | None = None,
        pieces_sent: int = 0,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.permanent = permanent
        self.unknown = unknown
        self.silent = silent
        self.repair = repair
        self.retry_after = retry_after
        self.pieces_sent = pieces_sent


class Channel(Protocol):
    """One app on one platform, in one organisation."""

    @property
    def name(self) -> str:
        """The channel's name in the settings and in its callback path."""

    @property
    def kind(self) -> str:
        """The platform, e.g. sandbox."""

    @property
    def capabilities(self) -> Capabilities:
        """What the platform can show and promise."""

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed, and nothing else, whatever the bytes are."""

    def acknowledge(self, request: Envelope, /) -> Acknowledgement:
        """What to answer to a callback that `open` has taken."""

    def calls(self, card: Card, *, to_group: bool) -> int:
        """How many messages of the platform the card takes, its picture apart."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""

    async def finish(self, extra: Mapping[str, str], card: Card | None, *, to_group: bool) -> bool | None:
        """Show on the card whose button was pressed that it is dealt with: `card` in its place, where it is known.

        `extra` is the press's own (Incoming.extra). False where the platform can do so no longer, None where nothing
        was asked of it. Raises SendError.
        """
