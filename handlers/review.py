"""签发, 待审, 通过, 退回: what a signature and a review do to a report."""

from collections.abc import Sequence
from typing import Any

from assessment.notices import (
    FigureLine,
    RepairLine,
    Reviewed,
    ReviewLine,
    ReviewList,
    SentBack,
    Signed,
    SignList,
    WhichDuty,
)
from assessment.obligation import Kind, State, accept, send_back, sign
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import SignOff
from handlers import matters, numbers
from handlers.filing import figure_lines, file
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import obligations, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

_BRINGS_CONTENT = tuple(way.value for way in (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED))


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
    wanted, _ = numbers.leading("R", rest, turn.today)
    waiting = _to_sign(turn)
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
    """What lies with the office, oldest first."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.REVIEW, Target(office=programme.office), "待审"):
            return
        rows = obligations.of_programme(turn.uow, programme.id, states=(State.REVIEW,))
        if rows or programme is (turn.offices() or turn.programmes)[-1]:
            turn.reply(ReviewList(lines=tuple(_review_line(turn, programme, row) for row in rows)))


@router.command("通过", "同意", what="审核通过", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def pass_report(turn: Turn, rest: str) -> None:
    """通过 编号: ask for confirmation with what it concerns. A signer who says 同意 signs."""
    if not turn.offices() and _to_sign(turn):
        sign_report(turn, rest)
        return
    rows = _named(turn, rest)
    if rows is None:
        return
    turn.ask("pass", {"obligations": [row.id for row in rows], "seen": _numbers(turn, rows)})
    lines = tuple(_review_line(turn, turn.programme(row.programme), row) for row in rows)
    turn.reply(ReviewList(lines=lines, ask="通过"))


@router.confirmation("pass")
def take_pass(turn: Turn, content: dict[str, Any]) -> None:
    """确认 accepts; what changed meanwhile is left alone and said."""
    for obligation in content["obligations"]:
        row = obligations.get(turn.uow, obligation)
        programme = turn.programme(row.programme)
        if not turn.may(Action.REVIEW, Target(office=programme.office, unit=row.unit), row.title):
            continue
        if row.state != State.REVIEW.value:
            turn.reply(RepairLine(about=row.title, why="已不在待审状态，未作处理", example="待审"))
            continue
        if report_number(turn, row) not in content["seen"]:
            turn.reply(RepairLine(about=row.title, why="其间已更正，未作处理，请重新审核", example="待审"))
            continue
        if row.kind == Kind.MATTER.value:
            matters.closed(turn, programme, row)
            continue
        number = report_number(turn, row)
        file(turn, programme, row, accept(row.facts()), Way.ACCEPT, number=number)
        turn.reply(Reviewed(number=number, unit=turn.roster.unit(row.unit).name, title=row.title, accepted=True))


@router.command("退回", "打回", what="退回报告并说明理由", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def return_report(turn: Turn, rest: str) -> None:
    """退回 编号 理由: the reason is mandatory, the unit is told what to repair (R14)."""
    wanted, reason = numbers.leading("R", rest, turn.today)
    rows = _named(turn, " ".join(wanted), also_met=True)
    if rows is None:
        return
    if not reason:
        example = f"退回 {wanted[0] if wanted else 'R-1008-17'} 理由"
        turn.reply(RepairLine(about="退回", why="请写明退回理由", example=example))
        return
    turn.ask("return", {"obligations": [row.id for row in rows], "reason": reason})
    lines = tuple(_review_line(turn, turn.programme(row.programme), row) for row in rows)
    turn.reply(ReviewList(lines=lines, ask="退回", reason=reason))


@router.confirmation("return")
def take_return(turn: Turn, content: dict[str, Any]) -> None:
    """确认 sends back: a new round, the first stamp stays, the unit hears the reason at once."""
    for obligation in content["obligations"]:
        row = obligations.get(turn.uow, obligation)
        programme = turn.programme(row.programme)
        if not turn.may(Action.REVIEW, Target(office=programme.office, unit=row.unit), row.title):
            continue
        if row.state not in (State.REVIEW.value, State.MET.value):
            turn.reply(RepairLine(about=row.title, why="已不在待审状态，未作处理", example="待审"))
            continue
        _send_back(turn, programme, row, content["reason"])


def report_number(turn: Turn, row: ObligationRow) -> str:
    """The number of the report that stands: the last version that brought content."""
    versions = submissions.versions(turn.uow, row.id)
    content = [v.number for v in versions if v.way in _BRINGS_CONTENT]
    return content[-1] if content else ""


def _numbers(turn: Turn, rows: Sequence[ObligationRow]) -> list[str]:
    """What was looked at: a confirmation holds for these versions and no later ones."""
    return [report_number(turn, row) for row in rows]


def _to_sign(turn: Turn) -> list[ObligationRow]:
    return [
        row
        for unit in turn.actor.units(Role.HEAD, Role.DEPUTY)
        for row in obligations.of_unit(turn.uow, unit, (State.UNSIGNED,))
        if turn.can(Action.SIGN, _target(turn, row))
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
        on_time=after.on_time,
        due=row.due,
        review=row.review,
    )
    turn.reply(signed)
    reporters = turn.roster.holders(row.unit, (Role.REPORTER,), turn.today)
    turn.tell(reporters, signed, key=f"signed:{row.id}:{row.round}")


def _send_back(turn: Turn, programme: Programme, row: ObligationRow, reason: str) -> None:
    number = report_number(turn, row)
    unit = turn.roster.unit(row.unit).name
    file(turn, programme, row, send_back(row.facts()), Way.SEND_BACK, number=number, note=reason)
    turn.reply(Reviewed(number=number, unit=unit, title=row.title, accepted=False, reason=reason))
    first = row.reported_at or row.drafted_at or turn.now
    turn.tell(
        turn.roster.holders(row.unit, (Role.REPORTER,), turn.today),
        SentBack(unit=unit, title=row.title, number=number, reason=reason, first_at=first, on_time=first < row.due),
        key=f"returned:{row.id}:{row.round}",
        not_before=turn.office_time(programme),
    )


def _named(turn: Turn, text: str, *, also_met: bool = False) -> Sequence[ObligationRow] | None:
    """The reports that the numbers mean, as far as the sender may review them; None when already answered."""
    states = (State.REVIEW, State.MET) if also_met else (State.REVIEW,)
    wanted, _ = numbers.leading("R", text, turn.today)
    office = turn.offices() or turn.programmes[:1]
    for programme in office:
        if not turn.may(Action.REVIEW, Target(office=programme.office), "审核"):
            return None
    rows = [
        row
        for programme in office
        for row in obligations.of_programme(turn.uow, programme.id, states=states)
        if (report_number(turn, row) in wanted if wanted else row.state == State.REVIEW.value)
    ]
    if not rows:
        turn.reply(RepairLine(about="审核", why="没有待审报告，或编号有误", example="待审"))
        return None
    if len(rows) > 1 and not wanted and "全部" not in text:
        turn.reply(WhichDuty(titles=tuple(_titled(turn, row) for row in rows)))
        return None
    return rows


def _titled(turn: Turn, row: ObligationRow) -> str:
    return f"{report_number(turn, row)} {turn.roster.unit(row.unit).name} {row.title}"


def _review_line(turn: Turn, programme: Programme, row: ObligationRow) -> ReviewLine:
    figures: tuple[FigureLine, ...] = ()
    if row.kind == Kind.DUTY.value:
        figures = figure_lines(programme.rulebook, turn, row, submissions.current(turn.uow, row.id))
    return ReviewLine(
        number=report_number(turn, row),
        unit=turn.roster.unit(row.unit).name,
        title=row.title,
        sent_at=row.reported_at or row.drafted_at or turn.now,
        on_time=row.facts().on_time,
        lines=figures,
    )


def _target(turn: Turn, row: ObligationRow) -> Target:
    programme = turn.programme(row.programme)
    return Target(office=programme.office, unit=row.unit, head_must_sign=row.sign_off == SignOff.HEAD.value)
