"""Hearing the platforms to which we connect ourselves, and knowing when one is heard no more."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Protocol

import structlog

from bot.channels.channel import SendError
from bot.channels.feishu import FeishuChannel
from bot.health import Check, Metrics, listens

log = structlog.get_logger("service")

_ASK_AGAIN_SECONDS = 60


class Receiver(Protocol):
    """The listening end of one channel."""

    @property
    def connected(self) -> bool:
        """Whether a connection is open now."""

    async def run(self) -> None:
        """Listen until cancelled."""


class Listeners:
    """All receivers of a service. One that ends leaves the others listening, and is not started again."""

    def __init__(self, receivers: Mapping[str, Receiver], metrics: Metrics) -> None:
        """`receivers` by their channels' names; whether each is connected stands among the metrics."""
        self._receivers = receivers
        self._deaf: set[str] = set()
        for name, receiver in receivers.items():
            metrics.listening.labels(name).set_function(partial(getattr, receiver, "connected"))

    @property
    def checks(self) -> Mapping[str, Check]:
        """For each channel, whether it is listened to; before anything runs, as with a wound clock, nobody is deaf."""
        return {f"listening: {name}": listens(self._deaf, name) for name in self._receivers}

    async def run(self) -> None:
        """Listen until cancelled; over at once where there is nothing to listen to."""
        async with asyncio.TaskGroup() as group:
            for name, receiver in self._receivers.items():
                group.create_task(self._hear(name, receiver))

    async def _hear(self, channel: str, receiver: Receiver) -> None:
        error: BaseException | None = None
        try:
            await receiver.run()
        except asyncio.CancelledError as cancelled:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise
            error = cancelled  # nobody cancelled us: a library's own has got out
        except Exception as unforeseen:  # noqa: BLE001 - a receiver gets over whatever it foresees by itself
            error = unforeseen
        self._deaf.add(channel)
        log.error("no longer listening", channel=channel, exc_info=error)


async def met(feishu: FeishuChannel) -> None:
    """Learn by which id our bot is mentioned in groups; asked again each minute until the platform says."""
    while True:
        try:
            return await feishu.meet_own_bot()
        except SendError as error:
            log.warning("own bot unknown", channel=feishu.name, reason=error.reason)
        except Exception:  # whatever it was, those who listen beside it must go on listening
            log.exception("own bot unknown", channel=feishu.name)
        await asyncio.sleep(_ASK_AGAIN_SECONDS)
