"""The back door: an outbox letter becomes a notice, a card, and one attempt on its channel."""

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from assessment import notices
from bot.cards import card_for
from bot.channels.channel import Channel, Outgoing, SendError
from bot.health import Metrics
from schedules.delivery import Letter, Outcome
from storage.outbox import Status

log = structlog.get_logger("outgoing")


class BackDoor:
    """Satisfies schedules.delivery.Sender. Never raises: whatever happened is in the outcome."""

    def __init__(self, channels: Mapping[str, Channel], zone: ZoneInfo, metrics: Metrics) -> None:
        self._channels = channels
        self._zone = zone
        self._metrics = metrics

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
            card = card_for(notices.read(letter.notice), self._zone)
        except Exception:
            log.exception("letter cannot be rendered", channel=letter.channel, kind=letter.notice.get("kind"))
            return Outcome(Status.DEAD, "消息无法生成")
        try:
            sent = await channel.send(Outgoing(letter.key, letter.recipient, letter.to_group, card))
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
