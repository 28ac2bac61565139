"""先听情况说明: before it decides on a deduction, the office asks those concerned to speak, and waits for them."""

import re
from collections.abc import Iterable

from assessment.notices import DecideList, HearingAsked, HearingTold, Repair, RepairLine
from assessment.rights import Action, Target
from handlers import numbers
from handlers.deciding import target_of, undecided
from handlers.points import OFFICE, proposal_line
from handlers.router import Router
from handlers.turn import Turn
from storage import proposals, proposing, roster, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage

router = Router()
_TOLD_OTHERWISE = re.compile(r"已.{0,8}告知")
"""With these words the office says that it has told those concerned itself: 已电话告知, 已于8日书面告知."""


@router.command(
    "先听情况说明",
    "先听说明",
    what="核定前请单位先作情况说明",
    roles=OFFICE,
    offered=lambda turn: any(_can_be_heard(turn, row) for row in undecided(turn)),
    takes_more=True,
)
def hear_first(turn: Turn, rest: str) -> None:
    """先听情况说明 18 [问题]: one or several; 先听情况说明 18 已电话告知: told by other means; else the list."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.HEAR, Target(office=programme.office), "先听情况说明"):
            return
    rows = {row.number: row for row in undecided(turn)}
    wanted, question = numbers.leading("P", rest, turn.today)
    unknown = [number for number in wanted if number not in rows]
    if unknown:
        facts = {"numbers": "、".join(unknown)}
        turn.reply(RepairLine(about="先听情况说明", repair=Repair.NOTHING_TO_DECIDE, facts=facts))
    elif not wanted:
        turn.reply(DecideList(lines=tuple(proposal_line(turn, row) for row in rows.values())))
    else:
        for number in wanted:
            _hear(turn, rows[number].id, question)


def _hear(turn: Turn, proposal: int, question: str) -> None:
    # Read again with its lock: a colleague may be deciding at this moment.
    row = proposals.get(turn.uow, proposal)
    programme = turn.programme(row.programme)
    if not turn.may(Action.HEAR, target_of(programme, row), row.number):
        return
    objection = _objection(turn, programme, row)
    if objection is not None:
        facts = {"number": row.number}
        turn.reply(RepairLine(about=row.number, repair=objection, facts=facts, until=row.statement_until))
        return
    desk = proposing.Desk(turn.uow, turn.installation, programme, turn.now)
    concerned = telling.concerned(turn.roster, turn.installation, row, turn.now)
    if _TOLD_OTHERWISE.match(question):
        turn.record(Action.HEAR, row.number, basis=question)
        row = proposing.hear_first(desk, row)
        turn.reply(
            HearingAsked(line=proposal_line(turn, row), question=question, told=_names(turn, concerned), otherwise=True)
        )
        return
    can_hear = [person for person in concerned if _can_be_reached(turn, person)]
    row = proposing.hear_first(desk, row) if can_hear else proposing.hear_in_vain(desk, row)
    line, leaves = proposal_line(turn, row), turn.office_time(programme)
    unreachable = turn.tell(
        concerned,
        HearingTold(line=line, question=question, by=turn.name, office=turn.roster.unit(programme.office).name),
        key=f"hearing:{row.id}:{turn.inbox_id}",
        not_before=leaves,
    )
    turn.reply(
        HearingAsked(
            line=line,
            question=question,
            told=_names(turn, can_hear),
            unreachable=_names(turn, unreachable),
            held_until=leaves if leaves > turn.now else None,
        )
    )


def _can_be_reached(turn: Turn, person: int) -> bool:
    """Whether there is anywhere to tell them; the sender knows already."""
    return person == turn.actor.person or roster.address(turn.uow, person) is not None


def _can_be_heard(turn: Turn, row: ProposalRow) -> bool:
    return _objection(turn, turn.programme(row.programme), row) is None


def _objection(turn: Turn, programme: Programme, row: ProposalRow) -> Repair | None:
    if row.stage != Stage.OPEN.value:
        return Repair.DECIDED_BY_OTHERS
    if programme.trial:
        return Repair.TRIAL
    if not row.deducts:
        return Repair.NOTHING_TO_HEAR
    return None if row.is_ripe(turn.now) or row.untold else Repair.BEING_HEARD


def _names(turn: Turn, people: Iterable[int]) -> tuple[str, ...]:
    return tuple(turn.roster.person(person).name for person in people)
