"""分解: the parts of each target held against it, for the office to see what has not been given out yet."""

from assessment.indicator import Direction, Indicator, Measure
from assessment.notices.splits import SplitIndicator, SplitsTold, SplitTotal
from assessment.readings import Readings
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.targets import SplitSum, binding_target, check_split
from handlers.router import Router, seldom
from handlers.turn import Turn

router = Router()


@router.command("分解", "分解情况", what="核对指标分解", roles=(Role.OFFICE,), offered=seldom)
def show_splits(turn: Turn, rest: str) -> None:  # noqa: ARG001 - a command's signature
    """One answer a measure that has indicators and that the sender may see as a whole."""
    measures = [programme for programme in turn.programmes if programme.rulebook.indicators]
    seen = [one for one in measures if turn.can(Action.SEE_OVERVIEW, Target(one.office))]
    if not seen:
        office = next((one.office for one in measures), 0)
        if turn.may(Action.SEE_OVERVIEW, Target(office), "分解"):
            turn.reply(SplitsTold(programme="", version=""))
        return
    for programme in seen:
        rulebook = programme.rulebook
        turn.record(Action.SEE_OVERVIEW, f"{rulebook.name}分解")
        split = (one for one in rulebook.indicators if one.split or one.dual_split)
        turn.reply(
            SplitsTold(
                programme=rulebook.name,
                version=rulebook.version,
                indicators=tuple(_line(one, rulebook.readings) for one in split),
            )
        )


def _line(indicator: Indicator, readings: Readings) -> SplitIndicator:
    target, sums = binding_target(indicator, readings).base, check_split(indicator, readings)
    return SplitIndicator(
        name=indicator.name,
        unit=indicator.unit,
        target=target.value,
        split=_total(sums.split, indicator, len(indicator.split)),
        dual_split=_total(sums.dual_split, indicator, len(indicator.dual_split)),
        is_rate=indicator.measure is Measure.RATE,
        mark="◇" if target.stand_in else "",
    )


def _total(found: SplitSum | None, indicator: Indicator, units: int) -> SplitTotal | None:
    """Of a figure that is to fall, parts beyond the target are what is still to be taken on."""
    if found is None:
        return None
    gap = found.gap
    if gap is not None and indicator.direction is Direction.LOWER:
        gap = -gap
    return SplitTotal(units=units, parts=found.parts, unset=found.unset, gap=gap)
