"""The sandbox: a channel like the others, spoken to by the pretend messenger of demo, rehearsal and tests."""

from collections.abc import Mapping

import aiohttp

from bot.channel_settings import SandboxSettings
from bot.channels.card import Card
from bot.channels.channel import Acknowledgement, Capabilities, Envelope, Opened, Outgoing, Sent
from bot.channels.sandbox.cards import MAX_BUTTONS
from bot.channels.sandbox.client import MAX_BYTES, MAX_PICTURE_BYTES, SandboxClient
from bot.channels.sandbox.envelope import SandboxEnvelope, Signer
from bot.clock import Clock

CAPABILITIES = Capabilities(
    buttons=True,
    form=True,
    max_buttons=MAX_BUTTONS,
    max_bytes=MAX_BYTES,
    picture=True,
    max_picture_bytes=MAX_PICTURE_BYTES,
    idempotency_seconds=86_400,
)


class SandboxChannel:
    """Satisfies Channel for one `[[channels]] kind = "sandbox"`."""

    kind = "sandbox"
    capabilities = CAPABILITIES

    def __init__(
        self, settings: SandboxSettings, session: aiohttp.ClientSession, clock: Clock, real_clock: Clock
    ) -> None:
        """`clock` is the domain's, `real_clock` the machine's. The session stays the caller's to close."""
        signer = Signer(settings.secret.get_secret_value())
        self.name = settings.name
        self._envelope = SandboxEnvelope(settings.name, settings.tenant, signer)
        self._client = SandboxClient(settings.api_base, signer, session, clock, real_clock)

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed."""
        return self._envelope.open(request)

    def acknowledge(self, _request: Envelope, /) -> Acknowledgement:
        """An empty object: the pretend messenger reads the status alone."""
        return Acknowledgement()

    def calls(self, _card: Card, *, to_group: bool) -> int:  # noqa: ARG002
        """One: the sandbox takes a card whole."""
        return 1

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""
        return await self._client.deliver(outgoing)

    async def finish(self, _extra: Mapping[str, str], _card: Card | None, *, to_group: bool) -> None:
        """The sandbox leaves its cards as they were."""
