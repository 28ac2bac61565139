"""交办, 办结, 销号: a matter with its units, its time limit and its end."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from assessment import ladder
from assessment.due import due_on
from assessment.notices import (
    MatterAsk,
    MatterAssigned,
    MatterClosed,
    MatterReported,
    MatterTold,
    NothingOwed,
    Repair,
    RepairLine,
    Unreached,
    WhichDuty,
)
from assessment.obligation import Kind, State, accept, submit
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Share, TextPart
from assessment.submission import Answer
from handlers import matter_order, numbers, under_review
from handlers.filing import file
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import cases, counters, matters, obligations, roster
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

_A_TICK = timedelta(milliseconds=1)
UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


def _has_matter(turn: Turn) -> bool:
    return any(
        row.kind == Kind.MATTER.value
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
    )


@router.command("交办", "督办事项", what="交办事项", roles=(Role.LEADER, Role.OFFICE), takes_more=True)
def assign(turn: Turn, rest: str) -> None:
    """Read the order and ask for confirmation; nothing is guessed, a missing piece is asked for."""
    able = [p for p in turn.programmes if p.rulebook.matter_ladder is not None and p.rulebook.matter_classes]
    office = next((p.office for p in (*able, *turn.offices(), *turn.programmes)), 0)
    if not turn.may(Action.ASSIGN, Target(office=office), "交办"):
        return
    if not able:
        turn.reply(RepairLine(about="交办", repair=Repair.NO_MATTERS))
        return
    programme = able[0]
    order = matter_order.read(turn, programme, rest)
    if isinstance(order, RepairLine):
        turn.reply(order)
        return
    due = due_on(order.due_day, turn.installation.zone)
    turn.ask(
        "assign",
        {
            "programme": programme.id,
            "title": order.title,
            "category": order.category,
            "leads": [unit.id for unit in order.leads],
            "co": [unit.id for unit in order.co],
            "leader": order.leader,
            "due_day": order.due_day.isoformat(),
        },
    )
    turn.reply(
        MatterAsk(
            title=order.title,
            category=order.category,
            lead="、".join(unit.name for unit in order.leads),
            co=tuple(unit.name for unit in order.co),
            leader=_name(turn, order.leader),
            due=due.due,
            unreached=_unreached(turn, programme, [unit.id for unit in (*order.leads, *order.co)]),
            trial=programme.trial,
        )
    )


@router.confirmation("assign")
def take_assignment(turn: Turn, content: dict[str, Any]) -> None:
    """确认 stores the matter, opens each unit's obligation and tells them."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.ASSIGN, Target(office=programme.office), content["title"]):
        return
    shares = [(unit, Share.LEAD) for unit in content["leads"]] + [(unit, Share.CO) for unit in content["co"]]
    due = due_on(date.fromisoformat(content["due_day"]), turn.installation.zone)
    if due.due <= turn.now:
        turn.reply(RepairLine(about="交办", repair=Repair.TIME_LIMIT_PASSED_MEANWHILE))
        return
    number = counters.number(turn.uow, "S", turn.today)
    matter = matters.add(
        turn.uow,
        number=number,
        programme=programme.id,
        title=content["title"],
        category=content["category"],
        assigned_by=turn.actor.person,
        assigned_at=turn.now,
        due=due.due,
        units=shares,
        leader=content["leader"],
    )
    names = {unit: turn.roster.unit(unit).name for unit, _ in shares}
    told = MatterTold(
        number=number,
        title=content["title"],
        unit="",
        share="",
        due=due.due,
        assigned_by=turn.name,
        # Who stands first convenes (R59); alone there is nobody to convene.
        convener=names[shares[0][0]] if len(shares) > 1 else "",
        leader=_name(turn, content["leader"]),
    )
    for unit, share in shares:
        _open(turn, programme, matter, told.model_copy(update={"unit": names[unit], "share": share.value}), unit)
    turn.reply(
        MatterAssigned(
            number=number,
            title=content["title"],
            lead="、".join(names[unit] for unit in content["leads"]),
            co=tuple(names[unit] for unit in content["co"]),
            leader=told.leader,
            due=due.due,
            unreached=_unreached(turn, programme, list(names)),
            trial=programme.trial,
        )
    )


@router.command("办结", what="报告交办事项办结", roles=UNIT_ROLES, offered=_has_matter, takes_more=True)
def report_done(turn: Turn, rest: str) -> None:
    """The unit says that a matter is done; the office still has to close it (A29)."""
    if not turn.own_units() and not turn.may(Action.REPORT_DONE, Target(office=0), "办结"):
        return
    if numbers.refused_foreign(turn, "办结", "S", rest):
        return
    wanted, words = numbers.leading("S", rest, turn.today)
    rows = [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
        if row.kind == Kind.MATTER.value and (not wanted or row.number in wanted)
    ]
    if not rows:
        units = turn.own_units()
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in units)))
        return
    if len(rows) > 1:
        turn.reply(WhichDuty(titles=tuple(f"办结 {row.number} {row.title}" for row in rows)))
        return
    row = rows[0]
    words = words.removeprefix(row.title).strip(" ,，:：")
    programme = turn.programme(row.programme)
    if not turn.may(Action.REPORT_DONE, Target(office=programme.office, unit=row.unit), row.title):
        return
    row = obligations.get(turn.uow, row.id)
    if row.state != State.OPEN.value:
        turn.reply(NothingOwed(unit=turn.roster.unit(row.unit).name))
        return
    after = submit(row.facts(), turn.said_at, keep_days=programme.rulebook.keep_first_days)
    answer = Answer(parts={TextPart.PROGRESS: words} if words else {})
    file(turn, programme, row, after, Way.REPORT, answer=answer)
    told = MatterReported(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        text=words,
        sent_at=turn.said_at,
        late_stamp=turn.late_stamp,
        on_time=after.on_time,
    )
    turn.reply(told)
    office = turn.roster.holders(programme.office, (Role.OFFICE,), turn.today)
    turn.tell(
        office[:1],
        told.model_copy(update={"to_office": True}),
        key=f"done:{row.id}:{row.round}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


@router.command("销号", what="办结事项和已整改问题销号", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def close(turn: Turn, rest: str) -> None:
    """The office closes what a unit has reported done: asked for confirmation, as 通过 is."""
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.REVIEW, Target(office=programme.office), "销号"):
            return
    if numbers.refused_foreign(turn, "销号", under_review.LETTERS, rest):
        return
    wanted, _ = under_review.read_numbers(turn, rest)
    rows = [
        row
        for programme in offices
        for row in obligations.of_programme(turn.uow, programme.id, states=(State.REVIEW,))
        if row.kind in under_review.CLOSED_BY_NUMBER and (not wanted or row.number in wanted)
    ]
    if not rows:
        turn.reply(RepairLine(about="销号", repair=Repair.NOTHING_TO_CLOSE))
    elif not wanted and len({row.ref for row in rows}) > 1:
        lines = (under_review.command_for(turn, row, "销号") for row in rows)
        turn.reply(WhichDuty(titles=tuple(lines)))
    else:
        under_review.ask(turn, rows, "pass", "销号")


def closed(turn: Turn, programme: Programme, row: ObligationRow) -> None:
    """销号 of one unit's share, unless it is the sender's own unit."""
    if not turn.may(Action.REVIEW, Target(office=programme.office, unit=row.unit), row.title):
        return
    file(turn, programme, row, accept(row.facts()), Way.ACCEPT)
    turn.reply(
        MatterClosed(
            number=row.number,
            title=row.title,
            unit=turn.roster.unit(row.unit).name,
            on_time=row.facts().on_time,
        )
    )


def _open(turn: Turn, programme: Programme, matter: int, told: MatterTold, unit: int) -> None:
    due = due_on(turn.installation.day(told.due - _A_TICK), turn.installation.zone)
    rulebook = programme.rulebook
    assert rulebook.matter_ladder is not None, "checked when the order was read"
    steps = ladder.plan(
        rulebook.ladder(rulebook.matter_ladder),
        due,
        turn.installation.calendar,
        rulebook.office_hours,
        turn.installation.zone,
    )
    row = obligations.fresh(
        programme=programme.id,
        kind=Kind.MATTER.value,
        ref=str(matter),
        unit=unit,
        number=told.number,
        title=told.title,
        due=due.due,
        grace_end=due.grace_end,
        review=True,
        plan=ladder.to_json(steps),
        held=any(step.assumed for step in steps),
        round_since=turn.now,
        look_at=turn.now,
    )
    obligations.open_if_new(turn.uow, row)
    turn.tell(
        turn.roster.holders(unit, (Role.REPORTER,), turn.today),
        told,
        key=f"matter:{row.id}",
        not_before=turn.office_time(programme),
        programme=programme,
    )


def unreached(turn: Turn, units: Sequence[int]) -> tuple[Unreached, ...]:
    """The units of which nobody would be told: the post that is vacant, or who holds it and is on no platform."""
    found = []
    for unit in units:
        reporters = turn.roster.holders(unit, (Role.REPORTER,), turn.today)
        there = (person == turn.actor.person or roster.address(turn.uow, person) for person in reporters)
        if not any(there):
            names = cases.names(turn.roster, reporters)
            found.append(Unreached(unit=turn.roster.unit(unit).name, post=Role.REPORTER.value, people=names))
    return tuple(found)


def _unreached(turn: Turn, programme: Programme, units: Sequence[int]) -> tuple[Unreached, ...]:
    """The same for a matter of that programme: of a trial nobody is told anyhow."""
    return () if programme.trial else unreached(turn, units)


def _name(turn: Turn, person: int | None) -> str:
    return turn.roster.person(person).name if person is not None else ""
