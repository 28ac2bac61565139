"""核定 and 不予核定: a person decides what the machine has proposed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assessment.ledger import Entry
from assessment.notices import (
    DecideAsk,
    Decided,
    DecideList,
    ProposalLine,
    Repair,
    RepairLine,
)
from assessment.recording import Refusal, check_chosen
from assessment.recording import Refused as Objection
from assessment.rights import Action, Target
from assessment.rulebook import Clause, Subject
from handlers import numbers
from handlers.as_shown import as_shown
from handlers.decisions_told import Made, tell_decisions
from handlers.points import OFFICE, Said, as_the_clause_goes, points_and_reason, proposal_line, why_not
from handlers.router import Router, seldom
from handlers.stopping import THROUGH_TODAY, ask_to_stop, heard, stop
from handlers.turn import Turn
from handlers.which_clause import direction
from storage import approving, proposals, proposing, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.proposing import Desk

router = Router()


@router.command(
    "核定", "确认扣分", what="核定拟加拟扣", roles=OFFICE, offered=lambda turn: bool(undecided(turn)), takes_more=True
)
def decide(turn: Turn, rest: str) -> None:
    """核定: the list; 核定 18、19 or 全部: those; 核定 18 理由…: early, with a reason; 核定 18 -1.5: within a range;

    核定 18 截至今日 理由…: what grows by the day, once the year is over.
    """
    _decide(turn, rest, reject=False)


@router.command("不予核定", "不核定", what="不予核定拟加拟扣", roles=OFFICE, offered=seldom, takes_more=True)
def refuse(turn: Turn, rest: str) -> None:
    """不予核定 18 理由: the reason is mandatory."""
    _decide(turn, rest, reject=True)


@router.confirmation("decide")
def take_decision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 enters each proposal, or drops it; what was decided, heard or changed meanwhile is left."""
    lines: list[ProposalLine] = []
    made: list[Made] = []
    for proposal in content["proposals"]:
        row = proposals.get(turn.uow, proposal)
        programme = turn.programme(row.programme)
        if not turn.may(Action.DECIDE, target_of(programme, row), row.number):
            continue
        if "through" in content:
            if not stop(turn, row, content["through"]):
                continue
            row = proposals.get(turn.uow, proposal)
        if row.stage != Stage.OPEN.value:
            turn.reply(RepairLine(about=row.number, repair=Repair.DECIDED_BY_OTHERS))
            continue
        if heard(row) != content["heard"][str(row.id)]:
            turn.reply(RepairLine(about=row.number, repair=Repair.HEARD_MEANWHILE))
            continue
        if as_shown(row) != content["shown"][str(row.id)]:
            turn.reply(RepairLine(about=row.number, repair=Repair.PROPOSAL_CHANGED, facts={"command": "核定"}))
            continue
        made.append(Made(programme, row.id, _settle(turn, programme, row, content), content["reason"]))
        lines.append(telling.line(turn.uow, programme, turn.roster, proposals.get(turn.uow, proposal), turn.now))
    if lines:
        entries = tuple(one.entry.number for one in made if one.entry is not None)
        awaits = len(lines) - len(entries) if not content["reject"] else 0
        turn.reply(Decided(lines=tuple(lines), rejected=content["reject"], entries=entries, awaits_approval=awaits))
    tell_decisions(turn, [one for one in made if content["reject"] or one.entry is not None])


def _decide(turn: Turn, rest: str, *, reject: bool) -> None:
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.DECIDE, Target(office=programme.office), "核定"):
            return
    if numbers.refused_foreign(turn, "不予核定" if reject else "核定", "P", rest):
        return
    rows = undecided(turn)
    everything = rest.startswith("全部")
    wanted, tail = numbers.leading("P", rest.removeprefix("全部"), turn.today)
    if not reject and tail.startswith(THROUGH_TODAY):
        ask_to_stop(turn, wanted, tail.removeprefix(THROUGH_TODAY).strip(" ，,："), everything=everything)
        return
    one = numbers.one_before_a_number("P", rest, turn.today) if not reject else None
    if one is not None and _takes_points(rows, one[0]):
        if any(row.number == one[1] for row in rows):
            turn.reply(_points_or_number(*one))
            return
        wanted, tail = one[:1], one[2]
    said = points_and_reason(tail) if not reject else Said(None, tail)
    points, reason = said.points, said.reason
    chosen = [row for row in rows if row.number in wanted] if wanted else rows
    if everything:
        chosen = [row for row in rows if not turn.programme(row.programme).trial and proposal_line(turn, row).decidable]
        # What the office has to weigh is decided one by one, and holds up nothing else.
        chosen = [row for row in chosen if row.points is not None or (reject and not row.is_unset)]
    unknown = [number for number in wanted if number not in {row.number for row in rows}]
    if unknown:
        facts = {"numbers": "、".join(unknown)}
        turn.reply(RepairLine(about="核定", repair=Repair.NOTHING_TO_DECIDE, facts=facts))
        return
    if not (wanted or everything) or not chosen:
        turn.reply(DecideList(lines=tuple(proposal_line(turn, row) for row in rows)))
        return
    if not reject and any(turn.programme(row.programme).trial for row in chosen):
        turn.reply(RepairLine(about="核定", repair=Repair.TRIAL))
        return
    contrary = next((row for row in chosen if said.way * _way(turn, row) < 0), None)
    if contrary is not None:
        facts = {"number": contrary.number, "way": "扣分" if said.way > 0 else "加分"}
        turn.reply(RepairLine(about=contrary.number, repair=Repair.OTHER_WAY, facts=facts))
        return
    missing = _what_is_missing(turn, chosen, points, reason, reject=reject)
    if missing is not None:
        turn.reply(missing)
        return
    weighed = [row for row in chosen if points is not None and row.lowest is not None]
    typed = {str(row.id): _points_of(turn, row, points) for row in weighed}
    turn.ask(
        "decide",
        {
            "proposals": [row.id for row in chosen],
            "heard": {str(row.id): heard(row) for row in chosen},
            "shown": {str(row.id): as_shown(row) for row in chosen},
            "reason": reason,
            "reject": reject,
            "points": {row: str(value) for row, value in typed.items()},
        },
    )
    lines = tuple(
        proposal_line(turn, row).model_copy(update={"points": typed.get(str(row.id), row.points)}) for row in chosen
    )
    early = tuple(line.number for line in lines if not line.decidable)
    approval = any(turn.programme(row.programme).rulebook.approval for row in chosen)
    turn.reply(DecideAsk(confirm=lines, early=early, reason=reason, reject=reject, approval=approval))


def _takes_points(rows: Sequence[ProposalRow], number: str) -> bool:
    """Whether the office has to choose that proposal's points within a range."""
    return any(row.number == number and row.points is None and row.lowest is not None for row in rows)


def _points_or_number(number: str, other: str, behind: str) -> RepairLine:
    """核定 18 4 理由, where 4 are the points of 18 or the proposal 4, which is open too: only the office knows."""
    facts = {"number": number, "other": other, "points": behind.split(maxsplit=1)[0]}
    return RepairLine(about=number, repair=Repair.POINTS_OR_NUMBER, facts=facts)


def undecided(turn: Turn) -> list[ProposalRow]:
    """What awaits 核定 in the programmes of the sender's offices."""
    return [row for programme in turn.offices() for row in proposals.undecided(turn.uow, programme.id)]


def target_of(programme: Programme, row: ProposalRow) -> Target:
    """What leave is asked for: nobody decides on the own unit or the own account."""
    person = row.holder if Subject(row.subject).of_a_person else None
    return Target(office=programme.office, unit=row.unit, person=person)


def _what_is_missing(
    turn: Turn, chosen: Sequence[ProposalRow], points: Decimal | None, reason: str, *, reject: bool
) -> RepairLine | None:
    first = chosen[0].number
    if reject:
        facts = {"number": first}
        return None if reason else RepairLine(about=first, repair=Repair.REASON_OF_REFUSAL, facts=facts)
    for row in chosen:
        objection = _objection(turn, row, points, reason)
        if objection is not None:
            return why_not(objection, row.number, command=f"核定 {row.number}", unit=turn.roster.unit(row.unit).name)
        if not reason and not proposal_line(turn, row).decidable:
            facts = {"number": row.number}
            repair = Repair.NOBODY_TOLD if row.untold else Repair.REASON_OF_HASTE
            return RepairLine(about=row.number, repair=repair, facts=facts, until=row.statement_until)
    return None


def _objection(turn: Turn, row: ProposalRow, points: Decimal | None, reason: str) -> Refusal | None:
    """What stands against these points, typed or not: a range is never left, and no other value ever changed."""
    if row.is_unset:
        return Refusal(Objection.UNSET)
    if row.lowest is None:
        differs = points is not None and row.points is not None and abs(points) != abs(row.points)
        return Refusal(Objection.NOT_PRINTED, row.points, row.points) if differs else None
    value = _points_of(turn, row, points)
    if value is not None and value == row.points:
        return None
    return check_chosen(_clause(turn, row), value, reason)


def _points_of(turn: Turn, row: ProposalRow, points: Decimal | None) -> Decimal | None:
    """What would be entered within a range: what was typed, which goes the clause's way, or else what is proposed."""
    return row.points if points is None else as_the_clause_goes(_clause(turn, row), points)


def _way(turn: Turn, row: ProposalRow) -> int:
    """-1 for what takes points off, 1 for what adds them, 0 where it may be either."""
    if row.points:
        return -1 if row.points < 0 else 1
    return direction(_clause(turn, row))


def _clause(turn: Turn, row: ProposalRow) -> Clause:
    return turn.programme(row.programme).rulebook.clause(row.clause)


def _settle(turn: Turn, programme: Programme, row: ProposalRow, content: dict[str, Any]) -> Entry | None:
    """Enter or drop one proposal; None where there is no entry, or none before 审定."""
    reason = content["reason"]
    typed = content["points"].get(str(row.id))
    points = Decimal(typed) if typed is not None else None
    if content["reject"]:
        proposing.reject(turn.uow, row, by=turn.actor.person, now=turn.now, reason=reason)
        return None
    if programme.rulebook.approval:
        approving.prepare(turn.uow, programme, row, by=turn.actor.person, now=turn.now, points=points, reason=reason)
        return None
    desk = Desk(turn.uow, turn.installation, programme, turn.now)
    return proposing.enter(desk, row, by=turn.actor.person, points=points, reason=reason)
