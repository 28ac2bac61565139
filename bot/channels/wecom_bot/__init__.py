"""WeCom 智能机器人: is spoken to in groups and in its own chat, and answers each message once, within an hour.

It cannot begin to speak. Whatever is more than the one answer goes by another channel, as a rule the self-built app of
the same company, see handlers/answering.py.
"""

from collections.abc import Mapping

import aiohttp

from bot.channel_settings import WecomBotSettings
from bot.channels.card import Card
from bot.channels.channel import Acknowledgement, Capabilities, Envelope, Opened, Outgoing, Sent
from bot.channels.downloads import Take
from bot.channels.sealed import Seal
from bot.channels.wecom_bot.cards import CAPABILITIES
from bot.channels.wecom_bot.client import WecomBotClient
from bot.channels.wecom_bot.envelope import WecomBotEnvelope
from bot.channels.wecom_bot.files import LIFE, WecomBotFiles
from bot.clock import Clock


class WecomBotChannel:
    """Satisfies Channel for one `[[channels]] kind = "wecom_bot"`."""

    kind = "wecom_bot"
    file_life = LIFE
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self, settings: WecomBotSettings, session: aiohttp.ClientSession, clock: Clock, real_clock: Clock
    ) -> None:
        """`clock` is the domain's, `real_clock` the machine's. The session stays the caller's to close."""
        # Within one's own company nobody is named as the receiver (page 101033).
        seal = Seal(settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), ("",))
        self.name = settings.name
        self._files = WecomBotFiles(settings.api_base, session, seal)
        self._client = WecomBotClient(settings.api_base, session, clock, real_clock)
        self._envelope = WecomBotEnvelope(
            settings.name, settings.corp_id, settings.bot_id, settings.bot_name, settings.api_base, seal
        )

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed."""
        return self._envelope.open(request)

    def acknowledge(self, _request: Envelope, /) -> Acknowledgement:
        """An empty body: received, and no reply within the answer."""
        return Acknowledgement(body="", content_type="text/plain")

    def calls(self, _card: Card, *, to_group: bool) -> int:  # noqa: ARG002
        """One: there is no second."""
        return 1

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""
        return await self._client.deliver(outgoing)

    async def fetch(self, key: str, kind: str, take: Take) -> None:  # noqa: ARG002
        """Hand a file that a person sent to `take`. Raises NotFetched, and whatever `take` raises."""
        await self._files.fetch(key, take)

    async def finish(self, _extra: Mapping[str, str], _card: Card | None, *, to_group: bool) -> None:
        """A card can only be changed in the answer to the press itself, before anything is decided."""
