"""The back door: an outbox letter becomes a notice, a card, perhaps a picture, and one attempt on its channel."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from assessment import notices
from assessment.notices import Notice
from bot.cards import card_for
from bot.cards.pictures import drawing_for
from bot.channels.channel import Channel, Outgoing, Picture, SendError
from bot.health import Metrics
from schedules.delivery import Letter, Outcome
from storage.outbox import Status

log = structlog.get_logger("outgoing")

PICTURE_SECONDS = 8.0
"""So long one rendering may take: its process is ended before the card stops waiting."""
_WAITING_SECONDS = 10.0
"""So long a card waits for its picture, others before it included."""

Render = Callable[[str], Awaitable[bytes]]
"""SVG -> PNG. May raise and may hang: then there is no picture."""


class BackDoor:
    """Satisfies schedules.delivery.Sender. Never raises: whatever happened is in the outcome."""

    def __init__(
        self, channels: Mapping[str, Channel], zone: ZoneInfo, metrics: Metrics, render: Render | None = None
    ) -> None:
        """Without `render` every card goes without a picture."""
        self._channels = channels
        self._zone = zone
        self._metrics = metrics
        self._render = render

    async def send(self, letter: Letter) -> Outcome:
        """Render the notice as it stands and try once."""
        channel = self._channels.get(letter.channel)
        if channel is None:
            return Outcome(Status.DEAD, "渠道已不在设置中")
        outcome = await self._try(channel, letter)
        self._metrics.sends.labels(letter.channel, outcome.status.value).inc()
        return outcome

    def key_life(self, channel: str) -> timedelta:
        """How long a send whose answer was lost may be repeated without being seen twice."""
        found = self._channels.get(channel)
        return timedelta(seconds=(found and found.capabilities.idempotency_seconds) or 0)

    async def _try(self, channel: Channel, letter: Letter) -> Outcome:
        try:
            notice = notices.read(letter.notice)
            card = card_for(notice, self._zone)
        except Exception:
            log.exception("letter cannot be rendered", channel=letter.channel, kind=letter.notice.get("kind"))
            return Outcome(Status.DEAD, "消息无法生成")
        picture = await self._picture(channel, notice)
        try:
            sent = await channel.send(Outgoing(letter.key, letter.recipient, letter.to_group, card, picture))
        except SendError as error:
            if error.unknown:
                return Outcome(Status.UNKNOWN, error.reason)
            if error.permanent:
                return Outcome(Status.DEAD, error.reason)
            return Outcome(Status.RETRY, error.reason, retry_after=error.retry_after)
        except Exception:
            log.exception("letter cannot be rendered", channel=letter.channel, kind=letter.notice.get("kind"))
            return Outcome(Status.DEAD, "消息无法生成")
        return Outcome(Status.SENT, platform_id=sent.platform_message_id)

    async def _picture(self, channel: Channel, notice: Notice) -> Picture | None:
        """The picture where channel and notice have one; a card never fails for want of it."""
        if self._render is None or not channel.capabilities.picture:
            return None
        try:
            drawing = drawing_for(notice, self._zone)
            if drawing is None:
                return None
            async with asyncio.timeout(_WAITING_SECONDS):
                png = await self._render(drawing.svg)
        except Exception:
            log.exception("card goes without its picture", channel=channel.name, kind=type(notice).__name__)
            return None
        if len(png) > channel.capabilities.max_picture_bytes:
            log.error("picture is too large for the channel", channel=channel.name, bytes=len(png))
            return None
        return Picture(png, drawing.alternative)
