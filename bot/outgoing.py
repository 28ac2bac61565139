"""The back door: an outbox letter becomes a notice, a card, perhaps a picture, and one attempt on its channel."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import structlog

from assessment import notices
from assessment.notices import Notice
from bot.attachments import Read, attachments, carried, with_the_rest
from bot.cards import card_for
from bot.cards.pictures import drawing_for
from bot.channels.calling import NOT_CONNECTED
from bot.channels.card import DEALT_WITH, Card
from bot.channels.channel import Channel, Outgoing, Picture, SendError
from bot.health import Metrics
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import Manner
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
        self,
        channels: Mapping[str, Channel],
        zone: ZoneInfo,
        metrics: Metrics,
        render: Render | None = None,
        read: Read | None = None,
    ) -> None:
        """Without `render` every card goes without a picture; without `read` no file can be sent."""
        self._channels = channels
        self._zone = zone
        self._metrics = metrics
        self._render = render
        self._read = read or _nothing_stored

    async def send(self, letter: Letter) -> Outcome:
        """Render the notice as it stands and try once."""
        channel = self._channels.get(letter.channel)
        if channel is None:
            return Outcome(Status.RETRY, "渠道已不在设置中，请核对设置", repair=True)
        outcome = await self._try(channel, letter)
        self._metrics.sends.labels(letter.channel, outcome.status.value).inc()
        return outcome

    async def finish(self, answer: Letter, pressed: Letter | None) -> int:
        """Show on the card that was pressed that it is dealt with, where its platform can; a nicety, never a fault.

        Returns how many calls of the platform's API it took.
        """
        channel = self._channels.get(answer.channel)
        if channel is None or not channel.capabilities.update:
            return 0
        try:
            card = self._dealt_with(pressed) if pressed else None
            done = await channel.finish(answer.extra, card, to_group=bool(pressed and pressed.to_group))
        except SendError as error:
            log.warning("card not finished", channel=answer.channel, reason=error.reason)
            return 0 if NOT_CONNECTED in error.reason else 1
        except Exception as error:  # noqa: BLE001 - the answer has arrived; the old card may stay as it was
            log.warning("card not finished", channel=answer.channel, kind=type(error).__name__)
            return 0
        return 0 if done is None else 1

    def _dealt_with(self, pressed: Letter) -> Card:
        card = card_for(notices.read(pressed.notice), self._zone)
        return replace(card, buttons=(), form=None, note=f"{card.note}{DEALT_WITH}。")

    def manner(self, channel: str) -> Manner:
        """What the channel's platform allows and remembers; nothing of a channel that is gone from the settings."""
        found = self._channels.get(channel)
        if found is None:
            return Manner(platform="")
        can = found.capabilities
        return Manner(
            platform=found.kind,
            key_life=timedelta(seconds=can.idempotency_seconds or 0),
            rates=can.rates,
            monthly_calls=can.monthly_calls,
            avoids_marks=can.avoids_marks,
            drops_repeats=timedelta(seconds=can.repeat_seconds),
        )

    def weigh(self, letter: Letter) -> Weight:
        """What the letter takes and says; one call where it cannot be rendered, as `send` will tell."""
        channel = self._channels.get(letter.channel)
        if channel is None:
            return Weight()
        try:
            notice = notices.read(letter.notice)
            files = carried(notice, channel.capabilities, letter)
            card = with_the_rest(card_for(notice, self._zone), notice, files)
            pictured = channel.capabilities.picture and drawing_for(notice, self._zone) is not None
        except Exception:  # noqa: BLE001 - told by `send`, in its place
            return Weight()
        words = channel.calls(card, to_group=letter.to_group)
        # A picture is uploaded first, then sent; a file is uploaded once for all who get it, and counted then.
        calls = max(words + len(files) - letter.pieces_sent, 1) + (2 if pictured else 0)
        return Weight(calls, card.text(), files_alone=bool(files) and letter.pieces_sent >= words)

    async def _try(self, channel: Channel, letter: Letter) -> Outcome:
        try:
            notice = notices.read(letter.notice)
            files = carried(notice, channel.capabilities, letter)
            card = with_the_rest(card_for(notice, self._zone), notice, files)
            doubtful = letter.pieces_sent - channel.calls(card, to_group=letter.to_group) if letter.doubtful else None
        except Exception:
            log.exception("letter cannot be rendered", channel=letter.channel, kind=letter.notice.get("kind"))
            return Outcome(Status.DEAD, "消息无法生成")
        picture = await self._picture(channel, notice)
        outgoing = Outgoing(
            letter.key,
            letter.recipient,
            letter.to_group,
            card,
            picture,
            extra=letter.extra,
            files=attachments(notice, files, self._read, doubtful),
            pieces_sent=letter.pieces_sent,
            said_before=letter.said_before,
            waits_for_files=letter.waits_for_files,
            way=letter.way,
        )
        try:
            sent = await channel.send(outgoing)
        except SendError as error:
            status = Status.UNKNOWN if error.unknown else Status.DEAD if error.permanent else Status.RETRY
            pieces = max(error.pieces_sent, letter.pieces_sent)
            if error.unknown and pieces == letter.pieces_sent and doubtful is not None and doubtful >= 0:
                pieces += 1  # it was words in the place of a doubtful file: they are not said for ever
            return Outcome(
                status,
                error.reason,
                retry_after=error.retry_after,
                pieces_sent=pieces,
                silent=error.silent,
                repair=error.repair,
            )
        except Exception:
            # How far it came is not known: it is not sent again where it might be seen twice.
            log.exception("channel failed", channel=letter.channel, kind=letter.notice.get("kind"))
            return Outcome(Status.UNKNOWN, "发送程序出错")
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


def _nothing_stored(_sha256: str) -> bytes:
    raise FileNotFoundError
