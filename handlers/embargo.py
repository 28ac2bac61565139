"""公布前保密: whether results of a measure may be told to the sender yet (R86)."""

from datetime import datetime
from decimal import Decimal

from assessment.rights import Action, Target
from handlers.turn import Turn
from storage import publications
from storage.programmes import Programme


def is_told_all_the_same(points: Decimal | None, *, takes_back: bool = False) -> bool:
    """Whether a line may be spoken of before publication: a deduction on which people have a right to be heard. What
    takes an addition back is none: it would tell what was added.
    """
    return points is not None and points < 0 and not takes_back


def known_until(turn: Turn, programme: Programme) -> datetime | None:
    """Of a measure kept secret until publication, the moment as of which its units know it; None for all others.

    What was corrected since is theirs to know with the next publication.
    """
    if not programme.rulebook.embargo or turn.can(Action.SEE_RANKING, Target(office=programme.office)):
        return None
    row = publications.last(turn.uow, programme.id)
    return row.as_of if row is not None else None


def is_withheld(turn: Turn, programme: Programme) -> bool:
    """Whether the sender may not know scores yet: 公布前保密, and nothing is published (R86)."""
    if not programme.rulebook.embargo or turn.can(Action.SEE_RANKING, Target(office=programme.office)):
        return False
    return publications.last(turn.uow, programme.id) is None
