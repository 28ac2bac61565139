"""放行: the office's word that messages held because of a year whose holidays are unknown may go all the same."""

from collections.abc import Mapping
from typing import Any

from assessment import ladder
from assessment.ladder import Reason, Ruling
from assessment.notices import HeldLine, ReleaseAsk, Released
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers.router import Router
from handlers.turn import Turn
from storage import cases, obligations, steps
from storage.obligations import ObligationRow

router = Router()


def _holds_back(turn: Turn) -> bool:
    return bool(_held(turn))


@router.command(
    "放行", what="放行因放假安排未定而暂缓的提醒和催报", roles=(Role.OFFICE,), offered=_holds_back, takes_more=True
)
def release(turn: Turn, rest: str) -> None:
    """Ask for confirmation with what is held and why; 放行 任务名称 for that alone."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.URGE, Target(office=programme.office), "放行"):
            return
    held = {row.id: (row, waiting) for row, waiting in _held(turn) if rest in row.title}
    if held:
        # A confirmation holds for the round that was seen, and for the steps that follow in it.
        turn.ask("release", {"rounds": {str(row.id): row.round for row, _ in held.values()}})
    lines = tuple(_line(turn, row, waiting) for row, waiting in held.values())
    turn.reply(ReleaseAsk(year=turn.installation.calendar.missing_year(turn.today), lines=lines))


@router.confirmation("release")
def take_release(turn: Turn, content: Mapping[str, Any]) -> None:
    """确认 lets them go in the next office hours; what is not held any more is left alone."""
    let_go = []
    for row, waiting in _held(turn):
        programme = turn.programme(row.programme)
        if content["rounds"].get(str(row.id)) != row.round:
            continue
        if not turn.may(Action.URGE, Target(office=programme.office), row.title):
            continue
        steps.release(turn.uow, obligation=row.id, round_=row.round, at=turn.now)
        obligations.look_no_later(turn.uow, row.id, turn.now)
        let_go.append(_line(turn, row, waiting))
    at = max((turn.office_time(programme) for programme in turn.offices()), default=turn.now)
    turn.reply(Released(lines=tuple(let_go), held_until=at if at > turn.now else None))


def _held(turn: Turn) -> list[tuple[ObligationRow, tuple[Ruling, ...]]]:
    """What the sender's offices hold back at this moment, with the steps that wait for their word."""
    own = {programme.id for programme in turn.offices()}
    found = []
    for row in obligations.held(turn.uow):
        if row.programme not in own:
            continue
        decision = ladder.decide(
            ladder.from_json(row.plan),
            now=turn.now,
            settled=cases.settled(turn.uow, row),
            facts=cases.ladder_facts(turn.uow, row),
        )
        waiting = tuple(ruling for ruling in decision.hold if ruling.reason is Reason.HELD_UNKNOWN_YEAR)
        if waiting:
            found.append((row, waiting))
    return found


def _line(turn: Turn, row: ObligationRow, waiting: tuple[Ruling, ...]) -> HeldLine:
    return HeldLine(
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        steps=tuple(dict.fromkeys(f"{ruling.step.kind.value}" for ruling in waiting)),
    )
