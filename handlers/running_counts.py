"""Proposals that still grow by the day, as they stand today."""

from handlers.turn import Turn
from storage import obligations, proposals, proposing
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage


def running(turn: Turn, programme: Programme) -> list[ProposalRow]:
    """A programme's proposals whose value grows until the report is in, with this day's value."""
    growing = (Stage.RUNNING,)
    rows = [row for row in proposals.undecided_or_running(turn.uow, programme.id) if row.stage in growing]
    for obligation in dict.fromkeys(row.obligation for row in rows if row.obligation is not None):
        owed = obligations.get(turn.uow, obligation)
        proposing.follow(turn.uow, turn.installation, programme, owed, turn.now)
    fresh = [proposals.get(turn.uow, row.id) for row in rows]
    return [row for row in fresh if row.stage in growing]
