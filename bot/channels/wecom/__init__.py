"""WeCom 企业微信, self-built app 自建应用: people write in the app's own chat; groups only get notices, by robot."""

from collections.abc import Mapping
from dataclasses import replace

import aiohttp

from bot.channel_settings import WecomSettings
from bot.channels.card import DEALT_WITH, Card
from bot.channels.channel import Acknowledgement, Capabilities, Envelope, Opened, Outgoing, Sent
from bot.channels.downloads import Take
from bot.channels.sealed import Seal
from bot.channels.showing import in_words
from bot.channels.uploads import Uploads
from bot.channels.wecom.cards import CAPABILITIES, LOOK_UPS, MAX_BYTES, pieces, plain
from bot.channels.wecom.client import WecomClient
from bot.channels.wecom.envelope import WecomEnvelope
from bot.channels.wecom.files import LIFE, WecomFiles
from bot.clock import Clock


class WecomChannel:
    """Satisfies Channel for one `[[channels]] kind = "wecom"`."""

    kind = "wecom"
    file_life = LIFE
    look_ups = LOOK_UPS
    capabilities: Capabilities = CAPABILITIES

    def __init__(
        self,
        settings: WecomSettings,
        session: aiohttp.ClientSession,
        clock: Clock,
        _real_clock: Clock,
        uploads: Uploads | None = None,
    ) -> None:
        """`clock` is the domain's. No request of ours bears a time, so the machine's is not asked.

        The session stays the caller's to close.
        """
        seal = Seal(
            settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), (settings.corp_id,)
        )
        self.name = settings.name
        self._cards = settings.cards
        self.client = WecomClient(settings, session, clock, uploads)
        self._files = WecomFiles(settings.api_base, session, self.client.tokens)
        self._envelope = WecomEnvelope(settings.name, settings.corp_id, settings.agent_id, seal)

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed."""
        return self._envelope.open(request)

    def acknowledge(self, _request: Envelope, /) -> Acknowledgement:
        """An empty body: received, and no reply within the answer."""
        return Acknowledgement(body="", content_type="text/plain")

    def calls(self, card: Card, *, to_group: bool) -> int:
        """How many messages of the platform the card takes, its picture apart."""
        return len(plain(card, MAX_BYTES) if to_group else pieces(self._said(card)))

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""
        return await self.client.deliver(replace(outgoing, card=self._said(outgoing.card)))

    async def fetch(self, key: str, kind: str, take: Take) -> None:  # noqa: ARG002
        """Hand a file that a person sent to `take`, part by part. Raises NotFetched, and whatever `take` raises."""
        await self._files.fetch(key, take)

    async def account_of(self, number: str) -> str | None:
        """Whose mobile number that is; None for nobody's. Raises SendError."""
        return await self.client.account_of(number)

    def _said(self, card: Card) -> Card:
        return card if self._cards else in_words(card)

    async def finish(self, extra: Mapping[str, str], _card: Card | None, *, to_group: bool) -> bool | None:  # noqa: ARG002
        """Grey the buttons of the card, under the word that they were used; once within 72 hours."""
        return await self.client.finish(extra, DEALT_WITH)
