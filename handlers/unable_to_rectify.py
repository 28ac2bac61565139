"""确实无法完成 of a problem: the unit's reason, the office's word, and the task to tell the level above (R52)."""

from collections.abc import Sequence
from typing import Any

from assessment.consequences import DueAct
from assessment.ledger import AccountKey
from assessment.notices import Repair, RepairLine
from assessment.notices.rectifying import (
    NotTaken,
    RectifyItem,
    RectifyPart,
    RectifyRefused,
    RectifyUnable,
    RectifyUnableAsk,
)
from assessment.notices.supervision import UnableFiled
from assessment.obligation import Kind, State, waive
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from assessment.year_rules import Act
from handlers import numbers
from handlers.rectifying import meant, own_open
from handlers.router import Router
from handlers.turn import Turn
from storage import cases, follow_ups, inability, obligations, rectifications
from storage.obligations import ObligationRow
from storage.programmes import Programme

router = Router()

_TASK = "将无法完成的问题及原因报上级"


def is_meant(turn: Turn, rest: str) -> bool:
    """Whether 无法完成 is about a problem of a notice: by its number, or because nothing else is open."""
    if rest[:1].upper() == rectifications.LETTER:
        return True
    if rest[:1].upper() == "S" or turn.offices():
        return False
    rows = [row for unit in turn.own_units() for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))]
    return bool(own_open(turn)) and not any(row.kind == Kind.MATTER.value for row in rows)


def cannot_be_done(turn: Turn, rest: str) -> None:
    """无法完成 W-2603-2 原因, from the unit; from the office it is the finding, asked for confirmation."""
    wanted, _ = numbers.leading(rectifications.LETTER, rest, turn.today)
    called = rectifications.meant_by(turn.uow, wanted)
    if turn.offices() and not any(row.number in called for row in own_open(turn)):
        _find(turn, rest)
        return
    rows, reason = meant(turn, rest, "无法完成", Action.FEED_BACK)
    if rows and not reason:
        repair, facts = Repair.REASON_OF_INABILITY, {"number": rows[0].number}
        turn.reply(RepairLine(about="无法完成", repair=repair, facts=facts))
        return
    for row in rows:
        _file(turn, row, reason)


@router.confirmation("unable to rectify")
def take_finding(turn: Turn, content: dict[str, Any]) -> None:
    """确认: completion is urged no more, only the reason until it is in; the office has a task to tell above."""
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    rows = [row for row in rows if row.state == State.OPEN.value and not inability.is_marked(turn.uow, row.id)]
    if not rows:
        turn.reply(RectifyRefused(why=NotTaken.CHANGED))
        return
    programme = turn.programme(rows[0].programme)
    if not all(
        turn.may(Action.MARK_UNABLE, Target(office=programme.office, unit=row.unit), row.number) for row in rows
    ):
        return
    for row in rows:
        inability.mark(turn.uow, row.id, remark=content["remark"], by=turn.actor.person, at=turn.now)
    task = _task_above(turn, programme, rows)
    told = _told(turn, rows, content["remark"])
    for row in rows:
        settle_if_explained(turn, row)
    unit, at = rows[0].unit, turn.office_time(programme)
    people = turn.roster.holders(unit, (Role.REPORTER, Role.HEAD), turn.today)
    turn.tell(
        people, told.model_copy(update={"to": "unit"}), key=f"unable:{rows[0].id}", not_before=at, programme=programme
    )
    leaders = turn.roster.holders(unit, (Role.LEADER_IN_CHARGE,), turn.today)
    turn.tell(
        leaders,
        told.model_copy(update={"to": "upper"}),
        key=f"unable-upper:{rows[0].id}",
        not_before=at,
        programme=programme,
    )
    turn.reply(told.model_copy(update={"task": task}))


def settle_if_explained(turn: Turn, row: ObligationRow) -> bool:
    """Found so and explained: it is owed no longer."""
    known = inability.of_obligation(turn.uow, row.id)
    if known is None or known.marked_at is None or known.filed_at is None:
        return False
    cases.change(turn.uow, row, waive(row.facts()), turn.now)
    return True


def _find(turn: Turn, text: str) -> None:
    for programme in turn.offices():
        if not turn.may(Action.MARK_UNABLE, Target(office=programme.office), "无法完成"):
            return
    wanted, remark = numbers.leading(rectifications.LETTER, text, turn.today)
    called = rectifications.meant_by(turn.uow, wanted)
    rows = [
        row
        for programme in turn.offices()
        for row in obligations.of_programme(turn.uow, programme.id, kind=Kind.RECTIFICATION, states=(State.OPEN,))
        if row.number in called and not inability.is_marked(turn.uow, row.id)
    ]
    if not rows or len({row.unit for row in rows}) > 1:
        turn.reply(RectifyRefused(why=NotTaken.NO_SUCH_ITEM, number=wanted[0] if wanted else ""))
        return
    office = turn.programme(rows[0].programme).office
    if not turn.may(Action.MARK_UNABLE, Target(office=office, unit=rows[0].unit), rows[0].number):
        return
    turn.ask("unable to rectify", {"obligations": [row.id for row in rows], "remark": remark})
    unit = turn.roster.unit(rows[0].unit).name
    trial = turn.programme(rows[0].programme).trial
    turn.reply(RectifyUnableAsk(unit=unit, items=_items(turn, rows), remark=remark, trial=trial))


def _file(turn: Turn, row: ObligationRow, reason: str) -> None:
    programme = turn.programme(row.programme)
    inability.file_reason(turn.uow, row.id, reason=reason, by=turn.actor.person, at=turn.said_at)
    told = UnableFiled(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        reason=reason,
        at=turn.said_at,
        due=row.due,
        early=turn.said_at < row.due,
        settled=settle_if_explained(turn, row),
    )
    turn.reply(told)
    turn.tell(
        turn.roster.holders(programme.office, (Role.OFFICE,), turn.today),
        told.model_copy(update={"to_office": True}),
        key=f"unable-filed:{turn.inbox_id}:{row.id}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _task_above(turn: Turn, programme: Programme, rows: Sequence[ObligationRow]) -> str:
    """The office tells the level above; the list of its tasks keeps it until somebody has. A trial tells nobody."""
    if programme.trial:
        return ""
    rules = programme.rulebook.rectification
    unit = rows[0].unit
    act = DueAct(
        key=f"unable/{rows[0].id}",
        account=AccountKey(programme.code, Subject.UNIT, unit),
        year=programme.rulebook.year,
        act=Act.TASK,
        name=_TASK,
        cite=rules.cite if rules is not None else "",
        consequence=None,
        counted_from=turn.today,
        due_day=None,
    )
    because = "、".join(row.number for row in rows)
    opened = follow_ups.open_if_new(
        turn.uow,
        act,
        programme=programme.id,
        unit=unit,
        because=because,
        entry=None,
        today=turn.today,
        now=turn.now,
    )
    return opened.number if opened is not None else ""


def _told(turn: Turn, rows: Sequence[ObligationRow], remark: str) -> RectifyUnable:
    known = {row.number: inability.of_obligation(turn.uow, row.id) for row in rows}
    given = {number: one.reason for number, one in known.items() if one is not None and one.filed_at is not None}
    return RectifyUnable(
        unit=turn.roster.unit(rows[0].unit).name,
        items=_items(turn, rows),
        reasons=tuple(RectifyPart(name=number, text=reason) for number, reason in given.items()),
        missing=tuple(number for number in known if number not in given),
        remark=remark,
    )


def _items(turn: Turn, rows: Sequence[ObligationRow]) -> tuple[RectifyItem, ...]:
    found = [rectifications.item(turn.uow, row) for row in rows]
    return tuple(RectifyItem(number=one.number, text=one.text, kind=one.kind) for one in found)
