"""The sandbox for the suites of all channels."""

from datetime import UTC, datetime

from bot.channel_settings import SandboxSettings
from bot.channels.channel import Envelope
from bot.channels.sandbox.envelope import NONCE, SIGNATURE, TIMESTAMP, SandboxEnvelope, Signer
from handlers.incoming import Incoming
from tests.bot.channels.channel_subject import NOW, Subject, envelope_at

SECRET = "an office's own secret"


def settings() -> SandboxSettings:
    """The channel's table."""
    return SandboxSettings.model_validate(
        {"name": "door", "kind": "sandbox", "tenant": "county", "secret": SECRET, "api_base": "http://127.0.0.1:9"}
    )


class SandboxSubject(Subject):
    """A JSON body under a signature over time, nonce and body."""

    signed_headers = (TIMESTAMP, NONCE, SIGNATURE)
    table: SandboxSettings

    def inside(self, message: Incoming) -> bytes:
        """The body."""
        return self._body(message, from_bot=False)

    def wrap(self, content: bytes, secret: str | None = None, at: datetime = NOW) -> Envelope:
        """The body under its signature."""
        signer = Signer(secret or self.table.secret.get_secret_value())
        return envelope_at(at, content, headers=signer.sign(content, nonce="nonce-5d41", real_now=at))

    def idle(self) -> bytes:
        """What a bot has said."""
        return self._body(self.message, from_bot=True)

    def _body(self, message: Incoming, *, from_bot: bool) -> bytes:
        envelope = SandboxEnvelope(self.table.name, message.tenant, Signer("any"))
        return envelope.seal(message, nonce="any", real_now=datetime(2000, 1, 1, tzinfo=UTC), from_bot=from_bot).body


def sandbox_subject(table: SandboxSettings | None = None) -> SandboxSubject:
    """The subject for a table, by default the one of `settings`."""
    return SandboxSubject(table or settings())
