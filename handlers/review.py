"""签发, 待审, 通过, 退回: what a signature and a review do to a report."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assessment.notices import Repair, RepairLine, Reviewed, ReviewList, SentBack, Signed, SignList
from assessment.obligation import Kind, State, accept, keeps_first_until, send_back, sign
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import SignOff
from handlers import extending, letters, matters, numbers, rectifying, review_chain, under_review
from handlers.filing import file
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.under_review import report_number
from storage import obligations
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()


def _awaits_signature(turn: Turn) -> bool:
    return bool(_to_sign(turn))


@router.command(
    "签发",
    "同意上报",
    what="签发待报送的报告",
    roles=(Role.HEAD, Role.DEPUTY),
    offered=_awaits_signature,
    takes_more=True,
)
def sign_report(turn: Turn, rest: str) -> None:
    """One tap signs the one report that waits; several are listed with what to type for each."""
    if numbers.refused_foreign(turn, "签发", "R", rest):
        return
    wanted, _ = numbers.leading("R", rest, turn.today)
    waiting = _to_sign(turn)
    if not waiting and letters.to_sign(turn):
        letters.sign_letter(turn, rest)
        return
    chosen = [row for row in waiting if not wanted or report_number(turn, row) in wanted]
    if not chosen:
        own = next(iter(turn.actor.units(Role.HEAD, Role.DEPUTY)), None)
        if waiting or turn.may(Action.SIGN, Target(office=0, unit=own), "签发"):
            turn.reply(SignList(titles=()))
        return
    if len(chosen) > 1 and not wanted and "全部" not in rest:
        turn.reply(SignList(titles=tuple(f"签发 {report_number(turn, row)} {row.title}" for row in chosen)))
        return
    for row in chosen:
        _sign(turn, row)


@router.command("待审", "审核", what="查看待审报告", roles=(Role.OFFICE,))
def show_reviews(turn: Turn, _rest: str) -> None:
    """What lies with the office, oldest first in each programme."""
    rows: list[ObligationRow] = []
    for desk in review_chain.desks(turn):
        if not turn.may(Action.REVIEW, Target(office=desk.unit), "待审"):
            return
        rows += review_chain.at(turn, desk)
    turn.reply(ReviewList(lines=tuple(under_review.review_line(turn, row) for row in rows)))


@router.command("通过", "同意", what="审核通过", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def pass_report(turn: Turn, rest: str) -> None:
    """通过 编号: ask for confirmation with what it concerns. A signer who says 同意 signs."""
    if not turn.offices() and (_to_sign(turn) or _signs_only(turn)):
        sign_report(turn, rest)
        return
    if extending.is_meant(rest):
        extending.grant(turn, rest)
        return
    if numbers.refused_foreign(turn, "通过", under_review.LETTERS, rest):
        return
    wanted, _ = under_review.read_numbers(turn, rest)
    rows = _named(turn, wanted, "通过", everything="全部" in rest)
    if rows:
        only_matters = all(row.kind in under_review.CLOSED_BY_NUMBER for row in rows)
        under_review.ask(turn, rows, "pass", "销号" if only_matters else "通过")


@router.confirmation("pass")
def take_pass(turn: Turn, content: dict[str, Any]) -> None:
    """确认 accepts; what changed meanwhile is left alone and said."""
    for obligation in content["obligations"]:
        row = obligations.get(turn.uow, obligation)
        programme = turn.programme(row.programme)
        if not under_review.as_seen(turn, row, content):
            continue
        reviewer = review_chain.reviewer(turn, row)
        if not turn.may(Action.REVIEW, Target(office=reviewer, unit=row.unit), row.title):
            continue
        if row.kind == Kind.MATTER.value:
            matters.closed(turn, programme, row)
            continue
        if row.kind == Kind.RECTIFICATION.value:
            rectifying.closed(turn, programme, row)
            continue
        following = review_chain.next_reviewer(turn, row)
        if following is not None:
            review_chain.hand_on(turn, row, report_number(turn, row), following)
            continue
        file(turn, programme, row, accept(row.facts()), Way.ACCEPT, number=report_number(turn, row))
        unit, called = turn.roster.unit(row.unit).name, under_review.number(turn, row)
        _done(turn, programme, row, reviewer, Reviewed(number=called, unit=unit, title=row.title, accepted=True))


@router.command("退回", "打回", what="退回报告并说明理由", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def return_report(turn: Turn, rest: str) -> None:
    """退回 编号 理由: the reason is mandatory, the unit is told what to repair (R14)."""
    if extending.is_meant(rest):
        extending.refuse(turn, rest)
        return
    if numbers.refused_foreign(turn, "退回", under_review.LETTERS, rest):
        return
    wanted, reason = under_review.read_numbers(turn, rest)
    rows = _named(turn, wanted, "退回", also_met=True)
    if not rows:
        return
    reason = under_review.without_name(turn, rows[0], reason)
    if not reason:
        number = under_review.number(turn, rows[0])
        turn.reply(RepairLine(about="退回", repair=Repair.REASON_OF_RETURN, facts={"number": number}))
        return
    under_review.ask(turn, rows, "return", "退回", reason)


@router.confirmation("return")
def take_return(turn: Turn, content: dict[str, Any]) -> None:
    """确认 sends back: a new round, the first stamp stays, the unit hears the reason at once."""
    for obligation in content["obligations"]:
        row = obligations.get(turn.uow, obligation)
        programme, reviewer = turn.programme(row.programme), review_chain.reviewer(turn, row)
        if not turn.may(Action.REVIEW, Target(office=reviewer, unit=row.unit), row.title):
            continue
        if row.kind == Kind.RECTIFICATION.value:
            if under_review.as_seen(turn, row, content):
                rectifying.returned(turn, programme, row, content["reason"])
        elif under_review.as_seen(turn, row, content, (State.REVIEW, State.MET)):
            _send_back(turn, programme, row, content["reason"], reviewer)


def _signs_only(turn: Turn) -> bool:
    """Whether 同意 of the sender can only be a signature: a head or deputy with whom no review lies."""
    agrees = turn.text.startswith("同意")
    return agrees and bool(turn.actor.units(Role.HEAD, Role.DEPUTY)) and not turn.actor.units(Role.OFFICE)


def _to_sign(turn: Turn) -> list[ObligationRow]:
    return [
        row
        for unit in turn.actor.units(Role.HEAD, Role.DEPUTY)
        for row in obligations.of_unit(turn.uow, unit, (State.UNSIGNED,))
        if row.kind != Kind.LETTER.value and turn.can(Action.SIGN, _target(turn, row))
    ]


def _sign(turn: Turn, row: ObligationRow) -> None:
    if not turn.may(Action.SIGN, _target(turn, row), row.title):
        return
    row = obligations.get(turn.uow, row.id)
    if row.state != State.UNSIGNED.value:
        turn.reply(SignList(titles=()))
        return
    programme = turn.programme(row.programme)
    number = report_number(turn, row)
    after = sign(row.facts(), turn.said_at)
    file(turn, programme, row, after, Way.SIGN, number=number)
    signed = Signed(
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        number=number,
        signer=turn.name,
        signed_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=after.on_time,
        due=row.due,
        review=row.review,
    )
    turn.reply(signed)
    reporters = turn.roster.holders(row.unit, (Role.REPORTER,), turn.today)
    turn.tell(reporters, signed, key=f"signed:{row.id}:{row.round}")


def _done(turn: Turn, programme: Programme, row: ObligationRow, reviewer: int, told: Reviewed) -> None:
    """To who reviewed, and to the programme's office where that was somebody else."""
    turn.reply(told)
    if reviewer != programme.office:
        office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
        by = told.model_copy(update={"by": turn.roster.unit(reviewer).name})
        key, at = f"reviewed:{row.id}:{row.round}", turn.office_time(programme)
        turn.tell(office, by, key=key, not_before=at, programme=programme)


def _send_back(turn: Turn, programme: Programme, row: ObligationRow, reason: str, reviewer: int) -> None:
    number = under_review.number(turn, row)
    unit = turn.roster.unit(row.unit).name
    back = send_back(row.facts())
    file(turn, programme, row, back, Way.SEND_BACK, number=report_number(turn, row), note=reason)
    done = Reviewed(number=number, unit=unit, title=row.title, accepted=False, reason=reason, trial=programme.trial)
    _done(turn, programme, row, reviewer, done)
    first = row.reported_at or row.drafted_at or turn.now
    # The new round began with this message, which the row does not know yet.
    keeps = keeps_first_until(replace(back, round_since=turn.now), programme.rulebook.keep_first_days)
    turn.tell(
        turn.roster.holders(row.unit, (Role.REPORTER,), turn.today),
        SentBack(
            unit=unit,
            title=row.title,
            number=number,
            matter=row.kind == Kind.MATTER.value,
            reason=reason,
            by=turn.roster.unit(reviewer).name if reviewer != programme.office else "",
            first_at=first,
            on_time=first < row.due,
            on_time_until=max(row.due, keeps) if keeps is not None and first < row.due else None,
        ),
        key=f"returned:{row.id}:{row.round}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _named(
    turn: Turn, wanted: Sequence[str], word: str, *, also_met: bool = False, everything: bool = False
) -> Sequence[ObligationRow]:
    """What the numbers mean, as far as the sender may review it; nothing when already answered."""
    states = (State.REVIEW, State.MET) if also_met else (State.REVIEW,)
    desks = review_chain.desks(turn)
    for desk in desks:
        if not turn.may(Action.REVIEW, Target(office=desk.unit), "审核"):
            return ()
    rows = [
        row
        for desk in desks
        for row in review_chain.at(turn, desk, states)
        if row.kind != Kind.LETTER.value
        # A problem that has been closed is not opened again: a new notice names it.
        and not (row.kind == Kind.RECTIFICATION.value and row.state == State.MET.value)
        and (under_review.is_called(turn, row, wanted) if wanted else row.state == State.REVIEW.value)
    ]
    if not rows:
        turn.reply(RepairLine(about="审核", repair=Repair.NOTHING_TO_REVIEW))
        return ()
    # Shares of one matter bear one number: which of them goes back must be said.
    unclear = not everything if not wanted else word == "退回" and len(rows) > len(wanted)
    if len(rows) > 1 and unclear:
        turn.reply(under_review.which(turn, rows, word))
        return ()
    return rows


def _target(turn: Turn, row: ObligationRow) -> Target:
    programme = turn.programme(row.programme)
    return Target(office=programme.office, unit=row.unit, head_must_sign=row.sign_off == SignOff.HEAD.value)
