"""请求协调: a problem beyond a unit's powers goes to the leader in charge, whose answer comes back through here."""

import re

from assessment.notices import Repair, RepairLine, WhichDuty
from assessment.notices.supervision import ProblemAnswered, ProblemLine, ProblemRaised, ProblemsOpen, ProblemTold
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.progress import UNIT_ROLES
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.whom import leading
from storage import coordination, counters, matters, obligations, roster
from storage.coordination import ProblemRow
from storage.obligations import ObligationRow
from storage.programmes import Programme

router = Router()

LETTER = "X"
LEADERS = (Role.LEADER_IN_CHARGE, Role.LEADER)
BLANK = "意见"
"""What the one line of the leader's form is called; typed, it may be left away."""
_FROM_FORM = re.compile(rf"^{BLANK}[\s:：]+")


@router.command("请求协调", "超出职权", what="请分管领导协调", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def raise_problem(turn: Turn, rest: str) -> None:
    """请求协调 [S-2608-1 或任务名称] 问题: kept and passed on; no time limit is put off by it."""
    units = turn.own_units()
    if not units:
        turn.may(Action.RAISE, Target(office=0), "请求协调")
        return
    row, unit, words = _about(turn, units, rest)
    if not words:
        turn.reply(RepairLine(about="请求协调", repair=Repair.WHICH_PROBLEM))
        return
    if unit is None:
        turn.reply(WhichDuty(titles=tuple(f"请求协调 {one.name} {words}" for one in units)))
        return
    live_first = sorted(turn.programmes, key=lambda one: one.trial)
    programme = turn.programme(row.programme) if row is not None else next(iter(live_first), None)
    if programme is None or not turn.may(Action.RAISE, Target(office=programme.office, unit=unit.id), "请求协调"):
        return
    number = counters.number(turn.uow, LETTER, turn.today)
    coordination.raise_problem(
        turn.uow,
        number=number,
        programme=programme.id,
        unit=unit.id,
        obligation=row.id if row is not None else None,
        text=as_typed(turn, words),
        by=turn.actor.person,
        at=turn.said_at,
        leader=_item_leader(turn, row),
    )
    found = coordination.by_number(turn.uow, number)
    assert found is not None, "it was put there a moment ago"
    _pass_on(turn, programme, found)


@router.command(
    "答复",
    what="答复请求协调的问题",
    roles=LEADERS,
    offered=lambda turn: bool(_waiting(turn)),
    takes_more=True,
)
def answer(turn: Turn, rest: str) -> None:
    """答复 X-2608-3 内容: kept once; the unit and the office hear it. With no number the only one that waits."""
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    waiting = _waiting(turn)
    if not wanted and len(waiting) == 1 and words:
        wanted = (waiting[0].number,)
    if not wanted:
        if turn.actor.units(*LEADERS) or turn.may(Action.ANSWER, Target(office=0), "答复"):
            turn.reply(ProblemsOpen(lines=tuple(_line(turn, one) for one in waiting)))
        return
    found = coordination.by_number(turn.uow, wanted[0])
    target = Target(office=0, unit=found.unit, person=found.leader) if found is not None else Target(office=0)
    if not turn.may(Action.ANSWER, target, wanted[0]) or found is None:
        return
    words = _FROM_FORM.sub("", words).strip()
    if not words:
        turn.reply(RepairLine(about="答复", repair=Repair.WORDS_OF_ANSWER, facts={"number": found.number}))
        return
    fresh = coordination.answer(turn.uow, found.id, text=as_typed(turn, words), by=turn.actor.person, at=turn.said_at)
    kept = coordination.by_number(turn.uow, found.number) or found
    told = ProblemAnswered(
        line=_line(turn, kept),
        answer=kept.answer,
        leader=turn.roster.person(kept.answered_by or turn.actor.person).name,
        at=kept.answered_at or turn.said_at,
    )
    turn.reply(told.model_copy(update={"receipt": True, "before": not fresh}))
    if fresh:
        _tell_of_answer(turn, kept, told)


def _pass_on(turn: Turn, programme: Programme, found: ProblemRow) -> None:
    """To whoever leads: the item's own leader, else those in charge of the unit; and to the office."""
    in_charge = turn.roster.holders(found.unit, (Role.LEADER_IN_CHARGE,), turn.today)
    leaders = (found.leader,) if found.leader is not None else in_charge
    leaders = () if programme.trial else leaders
    reached = [leader for leader in leaders if roster.address(turn.uow, leader) is not None]
    names = {leader: turn.roster.person(leader).name for leader in leaders}
    line, at = _line(turn, found), turn.office_time(programme)
    told = ProblemTold(line=line, leaders=tuple(names.values()))
    turn.tell(leaders, told, key=f"problem:{found.number}", not_before=at, programme=programme)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    others = [person for person in office if person not in leaders]
    turn.tell(
        others,
        told.model_copy(update={"to_office": True}),
        key=f"problem:{found.number}",
        not_before=at,
        programme=programme,
    )
    turn.reply(
        ProblemRaised(
            line=line,
            leaders=tuple(names[leader] for leader in reached),
            unreached=tuple(name for leader, name in names.items() if leader not in reached),
        )
    )


def _tell_of_answer(turn: Turn, found: ProblemRow, told: ProblemAnswered) -> None:
    programme = turn.programme(found.programme)
    unit = turn.roster.holders(found.unit, (Role.REPORTER, Role.HEAD), turn.today)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    people = dict.fromkeys((found.raised_by, *unit, *office))
    turn.tell(
        people,
        told,
        key=f"problem-answered:{found.number}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def _about(turn: Turn, units: tuple[Unit, ...], text: str) -> tuple[ObligationRow | None, Unit | None, str]:
    """The item that is named, whose problem it is, and what it is; no unit where several fit."""
    wanted, words = numbers.leading("S", text, turn.today) if text[:1].upper() == "S" else ((), text)
    running = {programme.id for programme in turn.programmes}
    rows = [
        row
        for unit in units
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN, State.UNSIGNED, State.REVIEW))
        if row.programme in running
    ]
    if wanted:
        named = [row for row in rows if row.number in wanted]
    else:
        named = [row for row in rows if words.startswith(row.title)]
    if named:
        row = max(named, key=lambda one: len(one.title))
        return row, turn.roster.unit(row.unit), words.removeprefix(row.title).strip(" ,，:：")
    unit, words = leading(turn.roster, words)
    if unit is not None and unit in units:
        return None, unit, words
    return None, units[0] if len(units) == 1 else None, text.strip()


def _item_leader(turn: Turn, row: ObligationRow | None) -> int | None:
    if row is None or row.kind != Kind.MATTER.value:
        return None
    return matters.get(turn.uow, int(row.ref)).leader


def _waiting(turn: Turn) -> list[ProblemRow]:
    units = turn.actor.units(Role.LEADER_IN_CHARGE)
    return list(coordination.waiting_for(turn.uow, turn.actor.person, units))


def _line(turn: Turn, found: ProblemRow) -> ProblemLine:
    row = obligations.get(turn.uow, found.obligation) if found.obligation is not None else None
    return ProblemLine(
        number=found.number,
        unit=turn.roster.unit(found.unit).name,
        item=f"{row.number} {row.title}".strip() if row is not None else "",
        due=row.due if row is not None else None,
        text=found.text,
        office=turn.roster.unit(turn.programme(found.programme).office).name,
        raised_by=turn.roster.person(found.raised_by).name,
        raised_at=found.raised_at,
    )
