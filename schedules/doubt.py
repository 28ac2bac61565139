"""What may still be sent of a letter whose answer was lost: nobody may see anything twice."""

from datetime import datetime, timedelta

from schedules.letters import Sender, letter_of
from storage.outbox import GROUP_ROBOT, OutboxRow


def key_lives(sender: Sender, row: OutboxRow, now: datetime) -> bool:
    """Whether a second send would still be recognised, counted from the earliest moment of the first."""
    life = timedelta(0) if row.recipient == GROUP_ROBOT else sender.manner(row.channel).key_life
    return now - (row.first_sent_at or now) < life


def may_go_on(sender: Sender, row: OutboxRow, now: datetime) -> bool:
    """Whether it is tried again: its key lives, or its words are accepted.

    What may be in doubt is a file then. It is not sent again, words in its place say where to have it; the rest goes.
    """
    return key_lives(sender, row, now) or (row.pieces_sent > 0 and sender.weigh(letter_of(row)).files_alone)
