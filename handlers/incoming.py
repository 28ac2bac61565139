"""One message as a channel hands it over."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ANSWERED_AT = "response_url"
"""Key of `Incoming.extra`, from platforms that take one answer to a message and nothing else from us: the address for
it, empty where none is usable."""


@dataclass(frozen=True)
class FileRef:
    """A file that a person sent, still on the platform: what it takes to fetch it there, while it lives."""

    name: str
    """As the platform tells it; only a label. Empty where the platform tells none."""
    kind: str
    """image, file, voice or video."""
    key: str
    """The platform's key, code or address of the file."""


@dataclass(frozen=True)
class Signature:
    """What proved a message whose platform does not sign bodies: who has seen it can put another body beside it."""

    digest: str
    """Of the signature and what it covers; the signature itself is kept nowhere."""
    body: str
    """Digest of the body that came with it."""


@dataclass(frozen=True)
class Incoming:
    """One message as a channel delivered it, its envelope verified and opened; nothing looked up yet."""

    channel: str
    """The channel's name in the settings."""
    tenant: str
    """The platform's own id of the organisation."""
    message_id: str
    """The platform's id of this message: the key of 'one message, one effect'."""
    sender: str
    """The platform's stable id of the person; never a display name."""
    conversation: str
    """The platform's id of the chat in which it was said."""
    private: bool
    """False in a group; there the bot keeps scores to itself."""
    addressed: bool
    """In a group: whether the bot was spoken to. Always true in private."""
    text: str
    """What was typed, or the command text of a button, as it arrived."""
    sent_at: datetime
    """The platform's own time of the message, aware; 按时 is decided by it."""
    attachments: tuple[str, ...] = ()
    """File names only; the files themselves are fetched later."""
    extra: Mapping[str, str] | None = None
    """What the platform needs to see again when answered, e.g. a response code."""
    files: tuple[FileRef, ...] = ()
    """The files behind `attachments`, where the platform hands them over."""
    signature: Signature | None = field(default=None, compare=False, repr=False)
    """None where the proof covers the body. It is no part of what was said."""

    @property
    def answered_once(self) -> bool:
        """Whether the platform takes one answer to it, in the chat where it was said, and nothing else from us."""
        return ANSWERED_AT in (self.extra or {})
