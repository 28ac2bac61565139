"""零报告 and 撤回: reports that say there is nothing, and reports that are taken back."""

from datetime import datetime, timedelta
from typing import Any

from assessment.notices import (
    NilAsk,
    NothingOwed,
    RepairLine,
    WhichDuty,
    WithdrawAsk,
    Withdrawn,
    WithdrawRefused,
)
from assessment.obligation import Kind, State, WrongState, submit, withdraw
from assessment.requirements import items, missing
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.submission import Answer
from handlers import numbers
from handlers.filing import file
from handlers.reporting import answer_with_receipt
from handlers.review import report_number
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import obligations, proposals, submissions
from storage.obligations import ObligationRow
from storage.proposals import Stage
from storage.submissions import Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@router.command("零报告", "本月无进展", what="本期无进展时作零报告", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def report_nil(turn: Turn, rest: str) -> None:
    """零报告 理由: for what is still owed; asked for confirmation."""
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "零报告"):
        return
    rows = _duties(turn, (State.OPEN,))
    if not rows:
        turn.reply(NothingOwed(unit=_units(turn)))
        return
    named = [
        row for row in rows if row.title in rest or turn.programme(row.programme).rulebook.duty(row.ref).name in rest
    ]
    if not named and any(row.title in rest or _duty_name(turn, row) in rest for row in _duties(turn, tuple(State))):
        # It names what is in already; another duty is not meant.
        turn.reply(NothingOwed(unit=_units(turn)))
        return
    if len(named or rows) > 1:
        turn.reply(WhichDuty(titles=tuple(f"零报告 {row.title} 理由" for row in rows)))
        return
    row = (named or rows)[0]
    reason = rest.replace(row.title, "", 1).strip(" ,，:：")
    if not reason:
        turn.reply(RepairLine(about="零报告", why="请写明理由", example="零报告 本月未开展相关工作"))
        return
    turn.ask("nil", {"obligation": row.id, "reason": reason})
    turn.reply(NilAsk(unit=turn.roster.unit(row.unit).name, title=row.title, reason=reason, names=_missing(turn, row)))


@router.confirmation("nil")
def take_nil(turn: Turn, content: dict[str, Any]) -> None:
    """确认 stores the nil report for everything that is still missing."""
    row = obligations.get(turn.uow, content["obligation"])
    if row.state != State.OPEN.value:
        turn.reply(NothingOwed(unit=turn.roster.unit(row.unit).name))
        return
    programme = turn.programme(row.programme)
    if not turn.may(Action.REPORT, Target(office=programme.office, unit=row.unit), row.title):
        return
    before = submissions.current(turn.uow, row.id)
    duty = programme.rulebook.duty(row.ref)
    wanted = items(programme.rulebook, duty, turn.roster.unit(row.unit))
    keys = [item.indicator for item in wanted if item.indicator and missing([item], before)]
    nils = dict.fromkeys(keys or [""], content["reason"])
    after = submit(
        row.facts(),
        turn.said_at,
        nil=not before.values and not before.parts,
        keep_days=programme.rulebook.keep_first_days,
    )
    filed = file(turn, programme, row, after, Way.NIL, answer=Answer(nil_reasons=nils), note=content["reason"])
    answer_with_receipt(turn, filed)


@router.command("撤回", "撤销", what="撤回尚未审核的报告", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def take_back(turn: Turn, rest: str) -> None:
    """撤回 [编号]: the newest report not yet acted on; asked for confirmation."""
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "撤回"):
        return
    wanted, _ = numbers.leading("R", rest, turn.today)
    rows = [
        row
        for row in _duties(turn, (State.UNSIGNED, State.REVIEW, State.MET))
        if not wanted or report_number(turn, row) in wanted
    ]
    rows = sorted(rows, key=lambda row: row.reported_at or row.drafted_at or turn.now)
    if not rows:
        turn.reply(WithdrawRefused(unit=_units(turn), title=None))
        return
    row = rows[-1]
    try:
        _refuse_where_points_rest_on_it(turn, row)
        withdraw(row.facts(), turn.said_at)
    except WrongState:
        turn.reply(WithdrawRefused(unit=turn.roster.unit(row.unit).name, title=row.title))
        return
    turn.ask("withdraw", {"obligation": row.id})
    turn.reply(
        WithdrawAsk(
            unit=turn.roster.unit(row.unit).name,
            title=row.title,
            number=report_number(turn, row),
            keep_until=_keep_until(turn, row),
        )
    )


@router.confirmation("withdraw")
def take_withdrawal(turn: Turn, content: dict[str, Any]) -> None:
    """确认 takes it back: a new round."""
    row = obligations.get(turn.uow, content["obligation"])
    programme = turn.programme(row.programme)
    unit = turn.roster.unit(row.unit).name
    if not turn.may(Action.REPORT, Target(office=programme.office, unit=row.unit), row.title):
        return
    try:
        _refuse_where_points_rest_on_it(turn, row)
        after = withdraw(row.facts(), turn.said_at)
    except WrongState:
        turn.reply(WithdrawRefused(unit=unit, title=row.title))
        return
    file(turn, programme, row, after, Way.WITHDRAW)
    turn.reply(Withdrawn(unit=unit, title=row.title, due=row.due, keep_until=_keep_until(turn, row)))


def _keep_until(turn: Turn, row: ObligationRow) -> datetime:
    return turn.said_at + timedelta(days=turn.programme(row.programme).rulebook.keep_first_days)


def _refuse_where_points_rest_on_it(turn: Turn, row: ObligationRow) -> None:
    """What has become a ledger entry has been acted on; raises WrongState."""
    if any(p.stage == Stage.CONFIRMED.value for p in proposals.of_obligation(turn.uow, row.id)):
        raise WrongState(State(row.state))


def _duties(turn: Turn, states: tuple[State, ...]) -> list[ObligationRow]:
    return [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, states)
        if row.kind == Kind.DUTY.value
    ]


def _missing(turn: Turn, row: ObligationRow) -> tuple[str, ...]:
    programme = turn.programme(row.programme)
    wanted = items(programme.rulebook, programme.rulebook.duty(row.ref), turn.roster.unit(row.unit))
    return missing(wanted, submissions.current(turn.uow, row.id))


def _duty_name(turn: Turn, row: ObligationRow) -> str:
    return turn.programme(row.programme).rulebook.duty(row.ref).name


def _units(turn: Turn) -> str:
    return "、".join(unit.name for unit in turn.own_units())
