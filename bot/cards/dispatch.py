"""One function from a notice to its card; the neighbours in this package register one saying each."""

from datetime import tzinfo
from functools import singledispatch

from assessment.notices import Notice
from bot.channels.card import Card


@singledispatch
def card_of(notice: Notice, zone: tzinfo) -> Card:
    """The card that says `notice`, its times in `zone`; NotImplementedError for a notice without wording."""
    raise NotImplementedError(f"no wording for {type(notice).__name__} in {zone}")
