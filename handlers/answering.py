"""Where an answer goes: to the sender privately; a group hears one short word and never a score (decisions 20).

Some platforms take one answer to a message, in the chat where it was said, and nothing else (Incoming.answered_once).
In private that is the first answer; in a group it is the short word. All the rest goes to the sender's own chat on
another channel. Whoever has none cannot be answered in a group at all: there nothing is done, and they are told so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from assessment.notices import Notice, SayInPrivate, ToldPrivately, write
from handlers.incoming import ANSWERED_AT, Incoming
from storage import outbox, roster
from storage.outbox import Priority
from storage.roster import Address
from storage.unit_of_work import UnitOfWork


def elsewhere(uow: UnitOfWork, incoming: Incoming, person: int | None) -> Address | None:
    """The sender's own chat on another channel, where this one does not take every answer; None where it does."""
    if person is None or not incoming.answered_once:
        return None
    found = roster.address(uow, person)
    return found if found is not None and found.channel != incoming.channel else None


@dataclass(frozen=True)
class Answers:
    """Puts the answers to one message into the outbox."""

    uow: UnitOfWork
    incoming: Incoming
    at: datetime
    person: int | None
    elsewhere: Address | None

    @property
    def only_the_group_hears(self) -> bool:
        """Whether nothing can be said to the sender alone."""
        return self.incoming.answered_once and not self.incoming.private and self.elsewhere is None

    def privately(self, notice: Notice, key: str, extra: Mapping[str, str] | None = None) -> None:
        """Answer the sender; `extra` is what the platform wants to see with the first answer."""
        place = Address(self.incoming.channel, self.incoming.sender)
        if self.incoming.answered_once and not (self.incoming.private and extra and extra.get(ANSWERED_AT)):
            # With nowhere else to go it stays here: it cannot be sent, and the office hears of that.
            place, extra = self.elsewhere or place, None
        self._put(notice, key, place, extra=extra, to_group=False)

    def before_all(self, key: str, notice: Notice | None = None) -> None:
        """Say the short word in the group."""
        extra = self.incoming.extra if self.incoming.answered_once else None
        place = Address(self.incoming.channel, self.incoming.conversation)
        self._put(notice or ToldPrivately(), key, place, extra=extra, to_group=True)

    def only(self, notice: Notice, key: str) -> None:
        """Answer with nothing else; a group hears a word only where the sender cannot be answered alone."""
        if self.only_the_group_hears:
            self.before_all(key, SayInPrivate())
        else:
            self.privately(notice, key, self.incoming.extra if self.incoming.answered_once else None)

    def _put(
        self, notice: Notice, key: str, place: Address, *, extra: Mapping[str, str] | None, to_group: bool
    ) -> None:
        outbox.put(
            self.uow,
            key=key,
            channel=place.channel,
            recipient=place.account,
            to_group=to_group,
            person=None if to_group else self.person,
            notice=write(notice),
            priority=Priority.ANSWER,
            queued_at=self.at,
            extra=extra,
        )
