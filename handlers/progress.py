"""反馈: how far a unit has come with a matter, and the office's word that a feedback does not do."""

from collections.abc import Sequence
from typing import Any

from assessment.notices import NothingOwed, Repair, RepairLine, WhichDuty
from assessment.notices.supervision import (
    ProgressLine,
    ProgressList,
    ProgressReturnAsk,
    ProgressReturned,
    ProgressTaken,
    ProgressTold,
)
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Share, TextPart, Trigger
from assessment.submission import Answer
from assessment.supervision import speaks_of
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.router import Router, seldom
from handlers.supervising import office_matter, round_costs
from handlers.turn import Turn
from handlers.under_review import without_name
from handlers.whom import mentions
from storage import cases, counters, matters, obligations, proposing, submissions
from storage.matters import MatterRow
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import SubmissionRow, Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
_RETURN = "反馈不合要求"


@router.command(
    "反馈",
    "反馈进展",
    what="反馈交办事项进展",
    roles=(*UNIT_ROLES, Role.OFFICE, Role.LEADER, Role.LEADER_IN_CHARGE),
    offered=seldom,
    takes_more=True,
)
def feed_back(turn: Turn, rest: str) -> None:
    """反馈 S-2608-1 进展: kept as a version with its time. With nothing after the number: what was said so far."""
    if numbers.refused_foreign(turn, "反馈", "S", rest):
        return
    wanted, words = numbers.leading("S", rest, turn.today)
    if wanted and not words.strip():
        _show(turn, wanted[0])
        return
    rows = [row for row in _own(turn) if not wanted or row.number in wanted]
    if not rows:
        own = turn.own_units()
        if own or turn.may(Action.FEED_BACK, Target(office=0), "反馈"):
            turn.reply(NothingOwed(unit="、".join(unit.name for unit in own)))
    elif len(rows) > 1:
        turn.reply(WhichDuty(titles=tuple(f"反馈 {row.number} {row.title}" for row in rows)))
    elif not (text := without_name(turn, rows[0], words)):
        _show(turn, rows[0].number)
    else:
        _take(turn, obligations.get(turn.uow, rows[0].id), as_typed(turn, text))


@router.command(_RETURN, what="退回事项反馈", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def return_feedback(turn: Turn, rest: str) -> None:
    """反馈不合要求 S-2608-1 [单位] 理由: asked for confirmation, with what it costs; the time limit stays."""
    found = office_matter(turn, Action.REVIEW, rest, _RETURN)
    if found is None:
        return
    programme, matter, words = found
    rows = [row for row in obligations.of_matter(turn.uow, matter.id) if row.state == State.OPEN.value]
    heard = {row.id: version for row in rows if (version := _unreturned(turn, row)) is not None}
    named = mentions(turn.roster, words)
    if named and named[0].start == 0 and named[0].unit.id in {row.unit for row in rows}:
        rows = [row for row in rows if row.unit == named[0].unit.id]
        words = words[named[0].end :].strip(" ,，:：、")
    rows = [row for row in rows if row.id in heard]
    if not rows:
        turn.reply(RepairLine(about=_RETURN, repair=Repair.NO_FEEDBACK, facts={"number": matter.number}))
    elif len(rows) > 1:
        units = (turn.roster.unit(row.unit).name for row in rows)
        turn.reply(WhichDuty(titles=tuple(f"{_RETURN} {matter.number} {unit}" for unit in units)))
    elif not words:
        unit = turn.roster.unit(rows[0].unit).name
        facts = {"number": matter.number, "unit": unit}
        turn.reply(RepairLine(about=_RETURN, repair=Repair.REASON_OF_RETURNED_FEEDBACK, facts=facts))
    elif turn.may(Action.REVIEW, Target(office=programme.office, unit=rows[0].unit), matter.number):
        version = heard[rows[0].id]
        turn.ask("feedback", {"obligation": rows[0].id, "seen": version.number, "reason": words})
        turn.reply(
            ProgressReturnAsk(
                number=matter.number,
                title=matter.title,
                line=_line(turn, rows[0], version),
                reason=words,
                costs=_costs(turn, programme, matter, rows[0]),
                trial=programme.trial,
            )
        )


@router.confirmation("feedback")
def take_return(turn: Turn, content: dict[str, Any]) -> None:
    """确认 sends that feedback back, unless the unit has written anew or reported done meanwhile."""
    row = obligations.get(turn.uow, content["obligation"])
    programme = turn.programme(row.programme)
    if not turn.may(Action.REVIEW, Target(office=programme.office, unit=row.unit), row.title):
        return
    version = _unreturned(turn, row) if row.state == State.OPEN.value else None
    if version is None or version.number != content["seen"]:
        turn.reply(RepairLine(about=row.title, repair=Repair.CHANGED_MEANWHILE))
        return
    submissions.add(
        turn.uow,
        obligation=row.id,
        way=Way.SEND_BACK,
        number=version.number,
        person=turn.actor.person,
        sent_at=turn.said_at,
        recorded_at=turn.now,
        note=content["reason"],
    )
    told = ProgressReturned(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        reason=content["reason"],
        due=row.due,
        trial=programme.trial,
    )
    turn.tell(
        turn.roster.holders(row.unit, (Role.REPORTER,), turn.today),
        told,
        key=f"feedback-returned:{row.id}:{version.version}",
        not_before=turn.office_time(programme),
        programme=programme,
    )
    again = proposing.follow(turn.uow, turn.installation, programme, row, turn.now)
    if again is not None:
        cases.look_no_later(turn.uow, row.id, again)
    turn.reply(told.model_copy(update={"to_office": True}))


def _take(turn: Turn, row: ObligationRow, text: str) -> None:
    programme = turn.programme(row.programme)
    if not turn.may(Action.FEED_BACK, Target(office=programme.office, unit=row.unit), row.title):
        return
    matter = matters.get(turn.uow, int(row.ref))
    submissions.add(
        turn.uow,
        obligation=row.id,
        way=Way.FEEDBACK,
        number=counters.number(turn.uow, "R", turn.today),
        person=turn.actor.person,
        sent_at=turn.said_at,
        recorded_at=turn.now,
        answer=Answer(parts={TextPart.PROGRESS: text}),
    )
    said = [v for v in submissions.versions(turn.uow, row.id) if v.way == Way.FEEDBACK.value]
    turn.reply(
        ProgressTaken(
            number=matter.number,
            title=matter.title,
            version=len(said),
            text=text,
            sent_at=turn.said_at,
            due=row.due,
            late_stamp=turn.late_stamp,
        )
    )
    told = ProgressTold(number=matter.number, title=matter.title, line=_line(turn, row, said[-1]))
    key, at = f"feedback:{row.id}:{said[-1].version}", turn.office_time(programme)
    convener = matters.units(turn.uow, matter.id)[0][0]
    if convener != row.unit:
        # The first lead convenes and gathers what the others have done (R59).
        turn.tell(
            turn.roster.holders(convener, (Role.REPORTER,), turn.today),
            told,
            key=key,
            not_before=at,
            programme=programme,
        )
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office[:1], told.model_copy(update={"to_office": True}), key=f"{key}:office", not_before=at, programme=programme
    )


def _show(turn: Turn, number: str) -> None:
    """Every unit's words to the office, the leaders and the unit that convenes; to any other unit its own."""
    matter = matters.by_number(turn.uow, number)
    shown = [programme.id for programme in turn.programmes if not turn.is_hidden(programme)]
    if matter is None or matter.programme not in shown:
        turn.may(Action.SEE_PROGRESS, Target(office=0), number)
        return
    office = turn.programme(matter.programme).office
    rows = obligations.of_matter(turn.uow, matter.id)
    every = Target(office=office, unit=matters.units(turn.uow, matter.id)[0][0])
    if matter.leader != turn.actor.person and not turn.can(Action.SEE_PROGRESS, every):
        rows = [row for row in rows if turn.can(Action.SEE_PROGRESS, Target(office=office, unit=row.unit))]
    if not rows:
        turn.may(Action.SEE_PROGRESS, Target(office=0), number)
        return
    turn.record(Action.SEE_PROGRESS, number)
    turn.reply(
        ProgressList(
            number=matter.number,
            title=matter.title,
            lines=tuple(_line(turn, row, version) for row in rows for version in _feedback(turn, row)),
        )
    )


def _own(turn: Turn) -> list[ObligationRow]:
    return [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
        if row.kind == Kind.MATTER.value
    ]


def _feedback(turn: Turn, row: ObligationRow) -> list[SubmissionRow]:
    return [v for v in submissions.versions(turn.uow, row.id) if v.way == Way.FEEDBACK.value]


def _unreturned(turn: Turn, row: ObligationRow) -> SubmissionRow | None:
    """The newest feedback, unless the office has answered it."""
    versions = [v for v in submissions.versions(turn.uow, row.id) if v.way in (Way.FEEDBACK, Way.SEND_BACK)]
    return versions[-1] if versions and versions[-1].way == Way.FEEDBACK.value else None


def _line(turn: Turn, row: ObligationRow, version: SubmissionRow) -> ProgressLine:
    answered = _returned(submissions.versions(turn.uow, row.id), version)
    text = submissions.fold([version]).parts.get(TextPart.PROGRESS, "")
    return ProgressLine(unit=turn.roster.unit(row.unit).name, text=text, at=version.sent_at, returned=answered)


def _returned(versions: Sequence[SubmissionRow], version: SubmissionRow) -> str:
    """Why a feedback was sent back; empty where it was not. A return bears its number."""
    return next((v.note for v in versions if v.way == Way.SEND_BACK.value and v.number == version.number), "")


def _costs(turn: Turn, programme: Programme, matter: MatterRow, row: ObligationRow) -> tuple[Any, ...]:
    rulebook = programme.rulebook
    share = matters.share_of(turn.uow, matter.id, row.unit) or Share.LEAD
    of_duties = {clause for duty in rulebook.duties for clause in duty.clauses}
    clauses = [
        clause
        for clause in rulebook.clauses
        if clause.trigger is Trigger.RETURNED
        and clause.id not in of_duties
        and speaks_of(clause, share, matter.category)
    ]
    return round_costs((turn.roster.unit(row.unit).name, clause) for clause in clauses)
