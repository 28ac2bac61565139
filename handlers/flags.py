"""The flags of a scorecard as the sender may read them: 末位 for those alone who decide on it (R83), and what became
of a recommendation once the department concerned has decided (R23).
"""

from assessment.eligibility import LAST_PLACE_IS_FOR
from assessment.rulebook import Flag
from assessment.scorecard import Raised, Scorecard
from handlers.turn import Turn
from storage import recommendations
from storage.programmes import Programme


def flags_shown(turn: Turn, programme: Programme, card: Scorecard) -> tuple[str, ...]:
    """Each flag that may be told, with its citation; a decided recommendation with what was decided."""
    told = [raised for raised in card.flags if may_be_told(turn, raised.flag)]
    decisions = recommendations.decisions(turn.uow, [raised.cause.id for raised in told]) if told else ()
    decided = {decision.on: decision.loses for decision in decisions}
    return tuple(_shown(programme, raised, decided.get(raised.cause.id)) for raised in told)


def may_be_told(turn: Turn, flag: Flag) -> bool:
    """Whether the sender may learn of a flag at all."""
    return flag is not Flag.LAST_PLACE or any(post.role in LAST_PLACE_IS_FOR for post in turn.actor.posts)


def _shown(programme: Programme, raised: Raised, loses: bool | None) -> str:
    cite = programme.rulebook.clause(raised.cause.clause).cite
    if loses is None or raised.flag is not Flag.RECOMMEND_INELIGIBLE:
        return f"{raised.flag.value}（{cite}）"
    return f"{raised.flag.value}（{cite}），有关部门已决定{'取消' if loses else '不取消'}"
