"""核定 … 截至今日: at the end of a year the office ends a count by the day that no report is going to end (0019)."""

from collections.abc import Sequence

from assessment.notices import DecideAsk, Repair, RepairLine
from handlers.as_shown import as_shown
from handlers.closing import year_is_over
from handlers.points import proposal_line
from handlers.running_counts import running
from handlers.turn import Turn
from storage import proposals
from storage.proposals import ProposalRow, Stage

THROUGH_TODAY = "截至今日"


def ask_to_stop(turn: Turn, wanted: Sequence[str], reason: str, *, everything: bool) -> None:
    """核定 P-… 截至今日 理由: refuse what cannot be ended, else ask for confirmation with this day's value."""
    # A value that is not set cannot be entered on any day: such a proposal is left where 关账 counts it.
    every = [row for programme in turn.offices() for row in running(turn, programme)]
    rows = [row for row in every if row.points is not None]
    chosen = rows if everything else [row for row in rows if row.number in wanted]
    unknown = [number for number in wanted if number not in {row.number for row in rows}]
    objection = _objection(turn, chosen, unknown, reason)
    if objection is not None:
        turn.reply(objection)
        return
    turn.ask(
        "decide",
        {
            "proposals": [row.id for row in chosen],
            "heard": {str(row.id): heard(row) for row in chosen},
            "shown": {str(row.id): as_shown(row) for row in chosen},
            "reason": reason,
            "reject": False,
            "points": {},
            "through": turn.today.isoformat(),
        },
    )
    turn.reply(
        DecideAsk(
            confirm=tuple(proposal_line(turn, row) for row in chosen),
            reason=reason,
            approval=any(turn.programme(row.programme).rulebook.approval for row in chosen),
            through=turn.today,
        )
    )


def stop(turn: Turn, row: ProposalRow, through: str) -> bool:
    """End the count as it was shown; where it has moved on since, say so, and leave it. The report stays owed."""
    if row.stage != Stage.RUNNING.value or turn.today.isoformat() != through:
        turn.reply(RepairLine(about=row.number, repair=Repair.COUNT_MOVED_ON))
        return False
    proposals.stand_still(turn.uow, row.id, at=turn.now)
    return True


def heard(row: ProposalRow) -> str:
    """When those concerned were last asked to speak and when they spoke: another answer may be another decision."""
    return f"{row.hearing_since}/{row.stated_at}"


def _objection(turn: Turn, chosen: Sequence[ProposalRow], unknown: Sequence[str], reason: str) -> RepairLine | None:
    if unknown or not chosen:
        facts = {"numbers": "、".join(unknown) or "逐日计扣"}
        return RepairLine(about="核定", repair=Repair.NOTHING_TO_DECIDE, facts=facts)
    programmes = [turn.programme(row.programme) for row in chosen]
    if any(programme.trial for programme in programmes):
        return RepairLine(about="核定", repair=Repair.TRIAL)
    facts = {"number": chosen[0].number}
    if not all(year_is_over(turn, programme) for programme in programmes):
        return RepairLine(about=chosen[0].number, repair=Repair.COUNT_RUNS_ON, facts=facts)
    return None if reason else RepairLine(about=chosen[0].number, repair=Repair.REASON_OF_STOPPING, facts=facts)
