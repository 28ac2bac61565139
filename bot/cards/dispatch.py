"""One function from a notice to its card; the neighbours in this package register one saying each."""

from dataclasses import replace
from datetime import tzinfo
from functools import singledispatch

from assessment.notices import Notice
from assessment.notices.notice import Ask
from bot.channels.card import Card


def card_for(notice: Notice, zone: tzinfo) -> Card:
    """The card of a notice as it is sent: the buttons of a question bear its sign, so that they answer no other."""
    card = card_of(notice, zone)
    if not isinstance(notice, Ask) or not notice.question:
        return card
    signed = tuple(replace(button, command=f"{button.command} #{notice.question}") for button in card.buttons)
    return replace(card, buttons=signed)


@singledispatch
def card_of(notice: Notice, zone: tzinfo) -> Card:
    """The card that says `notice`, its times in `zone`; NotImplementedError for a notice without wording."""
    raise NotImplementedError(f"no wording for {type(notice).__name__} in {zone}")
