"""Feishu 飞书: one self-built app with its bot, spoken to by callbacks and answered by its API."""

from collections.abc import Mapping

import aiohttp

from bot.channel_settings import FeishuSettings
from bot.channels.card import Card
from bot.channels.channel import Acknowledgement, Envelope, Opened, Outgoing, SendError, Sent
from bot.channels.downloads import Take
from bot.channels.feishu.cards import CAPABILITIES, WORDS_ONLY
from bot.channels.feishu.client import FeishuClient
from bot.channels.feishu.envelope import FeishuEnvelope
from bot.channels.feishu.files import LIFE, FeishuFiles
from bot.channels.feishu.seal import Seal
from bot.channels.uploads import Uploads
from bot.clock import Clock
from schedules.rates import LookUps


class FeishuChannel:
    """Satisfies Channel for one `[[channels]] kind = "feishu"`."""

    kind = "feishu"
    file_life = LIFE
    look_ups = LookUps(a_day=500)

    def __init__(
        self,
        settings: FeishuSettings,
        session: aiohttp.ClientSession,
        clock: Clock,
        real_clock: Clock,
        uploads: Uploads | None = None,
    ) -> None:
        """`clock` is the domain's, `real_clock` the machine's. The session stays the caller's to close."""
        self.name = settings.name
        self.capabilities = CAPABILITIES if settings.cards else WORDS_ONLY
        self._envelope = FeishuEnvelope(
            settings.name,
            Seal(settings.encrypt_key.get_secret_value()),
            tenant_key=settings.tenant_key,
            app_id=settings.app_id,
            verification_token=settings.verification_token.get_secret_value(),
            account=settings.account,
        )
        self._client = FeishuClient(settings, session, clock, real_clock, uploads)
        self._files = FeishuFiles(settings.api_base, session, self._client.tokens)

    def open(self, request: Envelope) -> Opened:
        """Verify and read one callback. Raises Unverified or Malformed."""
        return self._envelope.open(request)

    def acknowledge(self, _request: Envelope, /) -> Acknowledgement:
        """An empty object: events read the status alone, and a pressed card stays as it is."""
        return Acknowledgement()

    def calls(self, card: Card, *, to_group: bool) -> int:  # noqa: ARG002
        """How many messages the card takes; an upload of its picture is counted apart."""
        return len(self._client.pieces(card))

    async def send(self, outgoing: Outgoing) -> Sent:
        """Deliver one card, in one attempt. Raises SendError."""
        return await self._client.deliver(outgoing)

    async def fetch(self, key: str, kind: str, take: Take) -> None:
        """Hand a file that a person sent to `take`, part by part. Raises NotFetched, and whatever `take` raises."""
        await self._files.fetch(key, kind, take)

    async def account_of(self, number: str) -> str | None:
        """Whose mobile number that is; None for nobody's. Raises SendError."""
        return await self._client.account_of(number)

    async def finish(self, extra: Mapping[str, str], card: Card | None, *, to_group: bool) -> bool | None:
        """Put `card` in the place of the one that was pressed, for everybody who sees it; within 14 days.

        Never before the press is acknowledged. Raises SendError where it may work later.
        """
        return await self._client.finish(extra, card, to_group=to_group) if card is not None else None

    async def meet_own_bot(self) -> None:
        """Learn by which open_id our bot is mentioned; until then a mention of any bot counts. Raises SendError."""
        open_id = await self._client.bot_open_id()
        if not open_id:
            raise SendError("平台未给出机器人的 open_id")
        self._envelope.bot_open_id = open_id
