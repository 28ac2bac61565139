"""核定 and 不予核定: a person decides what the machine has proposed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from assessment.ledger import AccountKey
from assessment.notices import (
    DecideAsk,
    Decided,
    DecideList,
    Repair,
    RepairLine,
)
from assessment.recording import Refusal, check_chosen
from assessment.recording import Refused as Objection
from assessment.rights import Action, Target
from assessment.rulebook import Per, Subject
from handlers import following_up, numbers
from handlers.points import OFFICE, points_and_reason, proposal_line, why_not
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import approving, proposals, proposing, publications, scoring, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage

router = Router()


@router.command(
    "核定", "确认扣分", what="核定拟加拟扣", roles=OFFICE, offered=lambda turn: bool(undecided(turn)), takes_more=True
)
def decide(turn: Turn, rest: str) -> None:
    """核定: the list; 核定 18、19 or 全部: those; 核定 18 理由…: early, with a reason; 核定 18 -1.5: within a range."""
    _decide(turn, rest, reject=False)


@router.command("不予核定", "不核定", what="不予核定拟加拟扣", roles=OFFICE, offered=seldom, takes_more=True)
def refuse(turn: Turn, rest: str) -> None:
    """不予核定 18 理由: the reason is mandatory."""
    _decide(turn, rest, reject=True)


@router.confirmation("decide")
def take_decision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 enters each proposal, or drops it; what was decided or heard meanwhile is left as it is."""
    lines, entries = [], []
    for proposal in content["proposals"]:
        row = proposals.get(turn.uow, proposal)
        programme = turn.programme(row.programme)
        if not turn.may(Action.DECIDE, target_of(programme, row), row.number):
            continue
        if row.stage != Stage.OPEN.value:
            turn.reply(RepairLine(about=row.number, repair=Repair.DECIDED_BY_OTHERS))
            continue
        if _heard(row) != content["heard"][str(row.id)]:
            turn.reply(RepairLine(about=row.number, repair=Repair.HEARD_MEANWHILE))
            continue
        entries += _settle(turn, programme, row, content)
        lines.append(telling.line(turn.uow, programme, turn.roster, proposals.get(turn.uow, proposal), turn.now))
    if lines:
        awaits = len(lines) - len(entries) if not content["reject"] else 0
        turn.reply(
            Decided(lines=tuple(lines), rejected=content["reject"], entries=tuple(entries), awaits_approval=awaits)
        )


def _decide(turn: Turn, rest: str, *, reject: bool) -> None:
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.DECIDE, Target(office=programme.office), "核定"):
            return
    rows = undecided(turn)
    everything = rest.startswith("全部")
    wanted, tail = numbers.leading("P", rest.removeprefix("全部"), turn.today)
    points, reason = points_and_reason(tail)
    chosen = [row for row in rows if row.number in wanted] if wanted else rows
    if everything:
        chosen = [row for row in rows if not turn.programme(row.programme).trial and proposal_line(turn, row).decidable]
        chosen = [row for row in chosen if row.points is not None or row.lowest is not None]
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
    missing = _what_is_missing(turn, chosen, points, reason, reject=reject)
    if missing is not None:
        turn.reply(missing)
        return
    turn.ask(
        "decide",
        {
            "proposals": [row.id for row in chosen],
            "heard": {str(row.id): _heard(row) for row in chosen},
            "reason": reason,
            "reject": reject,
            "points": str(points) if points is not None else None,
        },
    )
    lines = tuple(proposal_line(turn, row) for row in chosen)
    if points is not None:
        lines = tuple(line.model_copy(update={"points": points}) for line in lines)
    early = tuple(line.number for line in lines if not line.decidable)
    approval = any(turn.programme(row.programme).rulebook.approval for row in chosen)
    turn.reply(DecideAsk(confirm=lines, early=early, reason=reason, reject=reject, approval=approval))


def undecided(turn: Turn) -> list[ProposalRow]:
    """What awaits 核定 in the programmes of the sender's offices."""
    return [row for programme in turn.offices() for row in proposals.undecided(turn.uow, programme.id)]


def _heard(row: ProposalRow) -> str:
    """When those concerned were last asked to speak and when they spoke: another answer may be another decision."""
    return f"{row.hearing_since}/{row.stated_at}"


def target_of(programme: Programme, row: ProposalRow) -> Target:
    """What leave is asked for: nobody decides on the own unit or the own account."""
    person = row.holder if row.subject == Subject.PERSON.value else None
    return Target(office=programme.office, unit=row.unit, person=person)


def _what_is_missing(
    turn: Turn, chosen: Sequence[ProposalRow], points: Decimal | None, reason: str, *, reject: bool
) -> RepairLine | None:
    first = chosen[0].number
    if reject:
        facts = {"number": first}
        return None if reason else RepairLine(about=first, repair=Repair.REASON_OF_REFUSAL, facts=facts)
    for row in chosen:
        clause = turn.programme(row.programme).rulebook.clause(row.clause)
        chosen_points = points if clause.discretion is not None else row.points
        objection = check_chosen(clause, chosen_points, reason) if clause.per is Per.EACH else None
        if row.points is None and row.lowest is None:
            objection = Refusal(Objection.UNSET)
        if row.points is None and objection is not None:
            return why_not(objection, row.number, command=f"核定 {row.number}", unit=turn.roster.unit(row.unit).name)
        if not reason and not proposal_line(turn, row).decidable:
            facts = {"number": row.number}
            repair = Repair.NOBODY_TOLD if row.untold else Repair.REASON_OF_HASTE
            return RepairLine(about=row.number, repair=repair, facts=facts, until=row.statement_until)
    return None


def _settle(turn: Turn, programme: Programme, row: ProposalRow, content: dict[str, Any]) -> list[str]:
    """Enter or drop one proposal, and tell those concerned of a deduction."""
    reason = content["reason"]
    points = Decimal(content["points"]) if content["points"] is not None and row.lowest is not None else None
    if programme.rulebook.approval and not content["reject"]:
        approving.prepare(turn.uow, programme, row, by=turn.actor.person, now=turn.now, points=points, reason=reason)
        return []
    if content["reject"]:
        proposing.reject(turn.uow, row, by=turn.actor.person, now=turn.now, reason=reason)
        entry = ""
    else:
        made = proposing.confirm(
            turn.uow,
            turn.installation,
            programme,
            row,
            by=turn.actor.person,
            now=turn.now,
            points=points,
            reason=reason,
        )
        entry = made.number
        following_up.after_made(turn, programme, made)
    tell_decision(turn, programme, row, entry=entry, rejected=content["reject"], reason=reason)
    return [entry] if entry else []


def tell_decision(
    turn: Turn, programme: Programme, row: ProposalRow, *, entry: str, rejected: bool, reason: str, word: str = "核定"
) -> None:
    """Tell those concerned of a deduction, and the total as far as they may know it."""
    account = AccountKey(programme.code, Subject(row.subject), row.holder)
    published = not programme.rulebook.embargo or publications.last(turn.uow, programme.id) is not None
    total = scoring.card(turn.uow, programme, account, turn.now).confirmed.final
    telling.decided(
        turn.uow,
        turn.installation,
        programme,
        row,
        entry=entry,
        by=turn.name,
        now=turn.now,
        rejected=rejected,
        reason=reason,
        total=total if published else None,
        word=word,
    )
