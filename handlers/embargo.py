"""公布前保密: whether results of a measure may be told to the sender yet (R86)."""

from assessment.rights import Action, Target
from handlers.turn import Turn
from storage import publications
from storage.programmes import Programme


def is_withheld(turn: Turn, programme: Programme) -> bool:
    """Whether the sender may not know scores yet: 公布前保密, and nothing is published (R86)."""
    if not programme.rulebook.embargo or turn.can(Action.SEE_RANKING, Target(office=programme.office)):
        return False
    return publications.last(turn.uow, programme.id) is None
