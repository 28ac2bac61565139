"""审定: where the measure asks for it, the leading group's secretary makes entries of what the office has decided."""

from collections.abc import Sequence
from typing import Any

from assessment.notices import Decided, ProposalLine, Repair, RepairLine
from assessment.notices.points import ApproveAsk
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers import numbers
from handlers.as_shown import as_shown
from handlers.deciding import target_of
from handlers.decisions_told import Made, tell_decisions
from handlers.points import proposal_line
from handlers.router import Router
from handlers.turn import Turn
from storage import approving, proposals, proposing, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.proposing import Desk

router = Router()

SECRETARY = (Role.SECRETARY,)


def _awaits(turn: Turn) -> bool:
    return bool(_prepared(turn))


@router.command("审定", what="审定已核定的加分扣分", roles=SECRETARY, offered=_awaits, takes_more=True)
def approve(turn: Turn, rest: str) -> None:
    """审定: the list; 审定 18、19 or 全部: those, after 确认."""
    _approve(turn, rest, reject=False)


@router.command("不予审定", what="不予审定", roles=SECRETARY, offered=_awaits, takes_more=True)
def refuse(turn: Turn, rest: str) -> None:
    """不予审定 18 理由: back to the office, which decides anew."""
    _approve(turn, rest, reject=True)


@router.confirmation("approve")
def take_approval(turn: Turn, content: dict[str, Any]) -> None:
    """确认 makes the entries, or hands back; what changed meanwhile is left as it is."""
    lines: list[ProposalLine] = []
    made: list[Made] = []
    for proposal in content["proposals"]:
        row = proposals.get(turn.uow, proposal)
        programme = turn.programme(row.programme)
        if not turn.may(Action.APPROVE, target_of(programme, row), row.number):
            continue
        if row.stage != Stage.PREPARED.value:
            turn.reply(RepairLine(about=row.number, repair=Repair.DECIDED_BY_OTHERS))
            continue
        if as_shown(row) != content["shown"][str(row.id)]:
            turn.reply(RepairLine(about=row.number, repair=Repair.PROPOSAL_CHANGED, facts={"command": "审定"}))
            continue
        if content["reject"]:
            _hand_back(turn, programme, row, content["reason"])
        else:
            desk = Desk(turn.uow, turn.installation, programme, turn.now)
            entry = proposing.enter(desk, row, by=turn.actor.person, reason=row.decision_reason)
            made.append(Made(programme, row.id, entry, row.decision_reason))
        lines.append(telling.line(turn.uow, programme, turn.roster, proposals.get(turn.uow, proposal), turn.now))
    if lines:
        entries = tuple(one.entry.number for one in made if one.entry is not None)
        turn.reply(Decided(lines=tuple(lines), rejected=content["reject"], entries=entries, word="审定"))
    tell_decisions(turn, made, word="审定")


def _approve(turn: Turn, rest: str, *, reject: bool) -> None:
    word = "不予审定" if reject else "审定"
    own = _own(turn)
    if not own:
        office = turn.programmes[0].office if turn.programmes else 0
        turn.may(Action.APPROVE, Target(office=office), word)
        return
    rows = _prepared(turn)
    wanted, reason = numbers.leading("P", rest.removeprefix("全部"), turn.today)
    chosen: Sequence[ProposalRow] = [row for row in rows if row.number in wanted]
    if rest.startswith("全部"):
        chosen = rows
    if not chosen:
        turn.reply(ApproveAsk(lines=tuple(proposal_line(turn, row) for row in rows), asks=False, reject=reject))
        return
    if reject and not reason:
        facts = {"number": chosen[0].number}
        turn.reply(RepairLine(about=chosen[0].number, repair=Repair.REASON_OF_HANDING_BACK, facts=facts))
        return
    shown = {str(row.id): as_shown(row) for row in chosen}
    turn.ask("approve", {"proposals": [row.id for row in chosen], "shown": shown, "reject": reject, "reason": reason})
    turn.reply(
        ApproveAsk(lines=tuple(proposal_line(turn, row) for row in chosen), asks=True, reject=reject, reason=reason)
    )


def _hand_back(turn: Turn, programme: Programme, row: ProposalRow, reason: str) -> None:
    approving.hand_back(turn.uow, row, reason=reason)
    told = ApproveAsk(
        lines=(proposal_line(turn, proposals.get(turn.uow, row.id)),), asks=False, reject=True, reason=reason, told=True
    )
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office[:1],
        told,
        key=f"handed back:{row.id}:{turn.inbox_id}",
        not_before=turn.office_time(programme),
    )


def _own(turn: Turn) -> list[Programme]:
    return [p for p in turn.programmes if turn.actor.holds(Role.SECRETARY, p.office)]


def _prepared(turn: Turn) -> list[ProposalRow]:
    return [row for programme in _own(turn) for row in proposals.prepared(turn.uow, programme.id)]
