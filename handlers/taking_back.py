"""零报告 and 撤回: reports that say there is nothing, and reports that are taken back."""

from datetime import datetime, timedelta
from typing import Any

from assessment.notices import (
    NilAsk,
    NothingOwed,
    Repair,
    RepairLine,
    WithdrawAsk,
    Withdrawn,
    WithdrawRefused,
)
from assessment.obligation import State, WrongState, submit, withdraw
from assessment.requirements import missing
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.submission import Answer
from handlers import numbers, recalling
from handlers.duty_desk import desk_of, desks, for_which_unit, free_text, which_of
from handlers.filing import file
from handlers.receipts import answer_with_receipt
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.under_review import report_number
from storage import obligations, proposals, submissions
from storage.obligations import ObligationRow
from storage.proposals import Stage
from storage.submissions import Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@router.command(
    "零报告", "本月无进展", "本月无", what="本期无进展时作零报告", roles=UNIT_ROLES, offered=seldom, takes_more=True
)
def report_nil(turn: Turn, rest: str) -> None:
    """零报告 理由: for what is still owed; asked for confirmation."""
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "零报告"):
        return
    unit, rest = for_which_unit(turn, rest)
    every = [desk for desk in desks(turn, turn.own_units(), tuple(State)) if unit in (None, desk.unit)]
    named = [desk for desk in every if any(name in rest for name in desk.called)]
    # A title names one period. Where what is named is in already, nothing else is meant instead.
    named = [desk for desk in named if desk.row.title in rest] or named
    owing = [desk for desk in named or every if desk.row.state == State.OPEN.value]
    if not owing:
        turn.reply(NothingOwed(unit=_units(turn)))
        return
    if len(owing) > 1:
        turn.reply(which_of(owing, nil=True))
        return
    (desk,) = owing
    called = next((name for name in desk.called if name in rest), "")
    reason = rest.replace(called, "", 1).strip(" ,，:：")
    if not reason:
        turn.reply(RepairLine(about="零报告", repair=Repair.REASON_OF_NIL))
        return
    names = missing(desk.wanted, desk.current)
    if not names:
        # Sent back as it stands: what was said is to be corrected, and a nil report beside figures says two things.
        turn.reply(RepairLine(about=desk.row.title, repair=Repair.NIL_BESIDE_FIGURES))
        return
    turn.ask("nil", {"obligation": desk.row.id, "reason": reason})
    text = free_text(desk)
    turn.reply(NilAsk(unit=desk.unit.name, title=desk.row.title, reason=reason, names=names, text=text))


@router.confirmation("nil")
def take_nil(turn: Turn, content: dict[str, Any]) -> None:
    """确认 stores the nil report for everything that is still missing."""
    desk = desk_of(turn, obligations.get(turn.uow, content["obligation"]))
    programme, row, before = desk.programme, desk.row, desk.current
    if row.state != State.OPEN.value or not missing(desk.wanted, before):
        turn.reply(NothingOwed(unit=desk.unit.name))
        return
    if not turn.may(Action.REPORT, Target(office=programme.office, unit=row.unit), row.title):
        return
    keys = [item.indicator for item in desk.wanted if item.indicator and missing([item], before)]
    nils = dict.fromkeys(keys or [""], content["reason"])
    after = submit(
        row.facts(),
        turn.said_at,
        nil=not (before.values or before.parts or before.scores),
        keep_days=programme.rulebook.keep_first_days,
    )
    filed = file(turn, programme, row, after, Way.NIL, answer=Answer(nil_reasons=nils), note=content["reason"])
    answer_with_receipt(turn, filed)


@router.command(
    "撤回",
    "撤销",
    what="撤回尚未审核的报告",
    roles=(*UNIT_ROLES, Role.OFFICE),
    offered=seldom,
    takes_more=True,
)
def take_back(turn: Turn, rest: str) -> None:
    """撤回 [编号]: the newest report not yet acted on, or the notice of that number; asked for confirmation."""
    if recalling.speaks_of_a_notice(rest):
        recalling.recall(turn, rest)
        return
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "撤回"):
        return
    if numbers.refused_foreign(turn, "撤回", "R", rest):
        return
    wanted, _ = numbers.leading("R", rest, turn.today)
    in_already = desks(turn, turn.own_units(), (State.UNSIGNED, State.REVIEW, State.MET))
    rows = [desk.row for desk in in_already if not wanted or report_number(turn, desk.row) in wanted]
    if not rows:
        turn.reply(WithdrawRefused(unit=_units(turn), title=None))
        return
    row = max(rows, key=lambda row: _came_in(turn, row))
    try:
        _refuse_where_points_rest_on_it(turn, row)
        withdraw(row.facts(), turn.said_at)
    except WrongState:
        turn.reply(WithdrawRefused(unit=turn.roster.unit(row.unit).name, title=row.title))
        return
    turn.ask("withdraw", {"obligation": row.id, "seen": report_number(turn, row)})
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
    """确认 takes back the version that was asked about, and no later one: a new round."""
    row = obligations.get(turn.uow, content["obligation"])
    programme = turn.programme(row.programme)
    unit = turn.roster.unit(row.unit).name
    if not turn.may(Action.REPORT, Target(office=programme.office, unit=row.unit), row.title):
        return
    if report_number(turn, row) != content["seen"]:
        turn.reply(RepairLine(about=row.title, repair=Repair.NEWER_THAN_ASKED))
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


def _came_in(turn: Turn, row: ObligationRow) -> tuple[datetime, datetime, int]:
    """Sorts reports by the time that was said; of those said at one time the one recorded last is the newest."""
    number = report_number(turn, row)
    last = next(each for each in reversed(submissions.versions(turn.uow, row.id)) if each.number == number)
    return row.reported_at or row.drafted_at or turn.now, last.recorded_at, last.id


def _units(turn: Turn) -> str:
    return "、".join(unit.name for unit in turn.own_units())
