"""Finishing a card counts among the month's calls where the platform was asked, and only there."""

from collections.abc import Mapping
from typing import Any, cast

import pytest

from assessment.notices import NotUnderstood, write
from bot.channels.calling import ANSWER_LOST, NOT_CONNECTED
from bot.channels.card import Card
from bot.channels.channel import Capabilities, SendError
from bot.county import ZONE
from bot.health import Metrics
from bot.outgoing import BackDoor
from schedules.letters import Letter

ANSWER = Letter("k", "c", "u-7", to_group=False, notice=write(NotUnderstood()), extra={"pressed": "m-1"})


class Finishing:
    """A channel whose finishing ends in a certain way."""

    name = kind = "c"

    def __init__(self, end: bool | SendError | None, *, updates: bool = True) -> None:
        self.capabilities = Capabilities(update=updates)
        self._end = end

    async def finish(self, _extra: Mapping[str, str], _card: Card | None, *, to_group: bool) -> bool | None:
        assert not to_group
        if isinstance(self._end, SendError):
            raise self._end
        return self._end


@pytest.mark.parametrize(
    ("channel", "calls"),
    [
        (Finishing(True), 1),
        (Finishing(False), 1),
        (Finishing(None), 0),
        (Finishing(True, updates=False), 0),
        (Finishing(SendError(NOT_CONNECTED, silent=True)), 0),
        (Finishing(SendError(ANSWER_LOST, unknown=True)), 1),
    ],
    ids=["done", "too late", "nothing to ask for", "never can", "not connected", "answer lost"],
)
async def test_the_calls_of_finishing_a_card(channel: Finishing, calls: int) -> None:
    back = BackDoor({"c": cast("Any", channel)}, ZONE, Metrics())

    assert await back.finish(ANSWER, None) == calls


async def test_a_card_that_cannot_be_drawn_costs_no_call() -> None:
    back = BackDoor({"c": cast("Any", Finishing(True))}, ZONE, Metrics())
    pressed = Letter("p", "c", "u-7", to_group=False, notice={"kind": "unheard of"})

    assert await back.finish(ANSWER, pressed) == 0
