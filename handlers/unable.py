"""确实无法完成: the unit says why early, the office says so; then only the reason is urged for, not the matter."""

from typing import Any

from assessment.notices import NothingOwed, Repair, RepairLine, WhichDuty
from assessment.notices.supervision import UnableAsk, UnableFiled, UnableMarked
from assessment.obligation import Kind, State, waive
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers import numbers, unable_to_rectify
from handlers.as_typed import as_typed
from handlers.progress import UNIT_ROLES
from handlers.router import Router, seldom
from handlers.supervising import office_matter
from handlers.turn import Turn
from handlers.under_review import without_name
from handlers.whom import mentions
from storage import cases, inability, matters, obligations, proposing
from storage.inability import InabilityRow
from storage.matters import MatterRow
from storage.obligations import ObligationRow

router = Router()


@router.command(
    "无法完成",
    "确无法完成",
    "确实无法完成",
    what="说明或认定事项无法完成",
    roles=(*UNIT_ROLES, Role.OFFICE),
    offered=seldom,
    takes_more=True,
)
def cannot_be_done(turn: Turn, rest: str) -> None:
    """无法完成 S-2608-1 原因, from the unit; from the office it is the finding."""
    if unable_to_rectify.is_meant(turn, rest):
        unable_to_rectify.cannot_be_done(turn, rest)
        return
    if numbers.refused_foreign(turn, "无法完成", "S", rest):
        return
    wanted, words = numbers.leading("S", rest, turn.today)
    own = [row for row in _own(turn) if not wanted or row.number in wanted]
    if turn.offices() and not own:
        _find(turn, rest)
    elif not own:
        units = turn.own_units()
        if units or turn.may(Action.FEED_BACK, Target(office=0), "无法完成"):
            turn.reply(NothingOwed(unit="、".join(unit.name for unit in units)))
    elif len(own) > 1:
        turn.reply(WhichDuty(titles=tuple(f"无法完成 {row.number} {row.title}" for row in own)))
    elif not (reason := without_name(turn, own[0], words)):
        facts = {"number": own[0].number}
        turn.reply(RepairLine(about="无法完成", repair=Repair.REASON_OF_INABILITY, facts=facts))
    else:
        _file(turn, obligations.get(turn.uow, own[0].id), as_typed(turn, reason))


@router.confirmation("unable")
def take_finding(turn: Turn, content: dict[str, Any]) -> None:
    """确认: whoever gave a reason owes nothing more; the others owe the reason, and are urged for nothing else."""
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    rows = [row for row in rows if row.state == State.OPEN.value and not inability.is_marked(turn.uow, row.id)]
    matter = matters.get(turn.uow, content["matter"])
    programme = turn.programme(matter.programme)
    if not rows:
        turn.reply(RepairLine(about=matter.title, repair=Repair.NOTHING_TO_SUPERVISE, facts={"number": matter.number}))
        return
    if not all(
        turn.may(Action.MARK_UNABLE, Target(office=programme.office, unit=row.unit), matter.number) for row in rows
    ):
        return
    for row in rows:
        inability.mark(turn.uow, row.id, remark=content["remark"], by=turn.actor.person, at=turn.now)
    told = _told(turn, matter, rows, content["remark"])
    for row in rows:
        _settle_if_explained(turn, row)
        mine = _told(turn, matter, [row], content["remark"]).model_copy(update={"to": "unit"})
        people = turn.roster.holders(row.unit, (Role.REPORTER, Role.HEAD), turn.today)
        turn.tell(people, mine, key=f"unable:{row.id}", not_before=turn.office_time(programme), programme=programme)
    upper = dict.fromkeys(person for person in (matter.assigned_by, matter.leader) if person is not None)
    turn.tell(
        upper,
        told.model_copy(update={"to": "upper"}),
        key=f"unable:{matter.id}:{rows[0].id}",
        not_before=turn.office_time(programme),
        programme=programme,
    )
    turn.reply(told)


def _find(turn: Turn, text: str) -> None:
    found = office_matter(turn, Action.MARK_UNABLE, text, "确实无法完成")
    if found is None:
        return
    programme, matter, words = found
    rows = [
        row
        for row in obligations.of_matter(turn.uow, matter.id)
        if row.state == State.OPEN.value and not inability.is_marked(turn.uow, row.id)
    ]
    named = mentions(turn.roster, words)
    if named and named[0].start == 0 and named[0].unit.id in {row.unit for row in rows}:
        rows = [row for row in rows if row.unit == named[0].unit.id]
        words = words[named[0].end :].strip(" ,，:：、")
    if not rows:
        turn.reply(RepairLine(about=matter.title, repair=Repair.NOTHING_TO_SUPERVISE, facts={"number": matter.number}))
        return
    if not all(
        turn.may(Action.MARK_UNABLE, Target(office=programme.office, unit=row.unit), matter.number) for row in rows
    ):
        return
    turn.ask("unable", {"matter": matter.id, "obligations": [row.id for row in rows], "remark": words})
    told = _told(turn, matter, rows, words)
    turn.reply(
        UnableAsk(
            number=told.number,
            title=told.title,
            units=told.units,
            reasons=told.reasons,
            missing=told.missing,
            remark=words,
            trial=programme.trial,
        )
    )


def _file(turn: Turn, row: ObligationRow, reason: str) -> None:
    programme = turn.programme(row.programme)
    if not turn.may(Action.FEED_BACK, Target(office=programme.office, unit=row.unit), row.title):
        return
    inability.file_reason(turn.uow, row.id, reason=reason, by=turn.actor.person, at=turn.said_at)
    told = UnableFiled(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        reason=reason,
        at=turn.said_at,
        due=row.due,
        early=turn.said_at < row.due,
        settled=_settle_if_explained(turn, row),
    )
    turn.reply(told)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office,
        told.model_copy(update={"to_office": True}),
        key=f"unable-filed:{turn.inbox_id}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _settle_if_explained(turn: Turn, row: ObligationRow) -> bool:
    """Found so and explained: the matter is owed no longer. Found so only: it is looked at by what it owes now."""
    known = inability.of_obligation(turn.uow, row.id)
    if known is None or known.marked_at is None:
        return False
    settled = known.filed_at is not None
    if settled:
        after = waive(row.facts())
        cases.change(turn.uow, row, after, turn.now)
        row = row.model_copy(update={"state": after.state.value})
    again = proposing.follow(turn.uow, turn.installation, turn.programme(row.programme), row, turn.now)
    if again is not None and not settled:
        cases.look_no_later(turn.uow, row.id, again)
    return settled


def _told(turn: Turn, matter: MatterRow, rows: list[ObligationRow], remark: str) -> UnableMarked:
    known = {row.id: inability.of_obligation(turn.uow, row.id) for row in rows}
    units = {row.id: turn.roster.unit(row.unit).name for row in rows}
    return UnableMarked(
        number=matter.number,
        title=matter.title,
        units=tuple(units.values()),
        reasons=tuple((units[row], one.reason) for row, one in known.items() if one is not None and _is_filed(one)),
        missing=tuple(units[row] for row, one in known.items() if one is None or not _is_filed(one)),
        remark=remark,
    )


def _is_filed(one: InabilityRow) -> bool:
    return one.filed_at is not None


def _own(turn: Turn) -> list[ObligationRow]:
    return [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
        if row.kind == Kind.MATTER.value
    ]
