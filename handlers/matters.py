"""交办, 办结, 销号: a matter with its units, its time limit and its end."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from assessment import ladder
from assessment.dates_text import UnreadableDay, read_day
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
from assessment.roster import Role, Unit
from assessment.rulebook import Share, TextPart
from assessment.submission import Answer
from handlers import numbers, under_review
from handlers.filing import file
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.under_review import matter_number
from handlers.whom import mentions
from storage import cases, counters, matters, obligations, roster
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way

router = Router()

_CO_UNITS = re.compile(r"协办\s*[:：]?\s*")
_CLASS = re.compile(r"类别\s*[:：]?\s*")
_DAY = re.compile(
    r"(?:于|在|限)?\s*(\S*?(?:月底|季度末|年底|前|内|[日号]|下?周[一二三四五六日天]))(?:完成|办结|反馈)?$"
)


UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


def _has_matter(turn: Turn) -> bool:
    return any(
        row.kind == Kind.MATTER.value
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
    )


@dataclass(frozen=True)
class Order:
    """A matter as it was typed."""

    title: str
    category: str
    lead: Unit
    co: tuple[Unit, ...]
    due_day: date


@router.command("交办", "督办事项", what="交办事项", roles=(Role.LEADER, Role.OFFICE), takes_more=True)
def assign(turn: Turn, rest: str) -> None:
    """Read the order and ask for confirmation; nothing is guessed, a missing piece is asked for."""
    programme = next((p for p in turn.programmes if p.rulebook.matter_ladder is not None), None)
    if programme is None or not turn.may(Action.ASSIGN, Target(office=programme.office), "交办"):
        return
    order = _read(turn, programme, rest)
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
            "lead": order.lead.id,
            "co": [unit.id for unit in order.co],
            "due_day": order.due_day.isoformat(),
        },
    )
    turn.reply(
        MatterAsk(
            title=order.title,
            category=order.category,
            lead=order.lead.name,
            co=tuple(unit.name for unit in order.co),
            due=due.due,
            unreached=_unreached(turn, (order.lead.id, *(unit.id for unit in order.co))),
        )
    )


@router.confirmation("assign")
def take_assignment(turn: Turn, content: dict[str, Any]) -> None:
    """确认 stores the matter, opens each unit's obligation and tells them."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.ASSIGN, Target(office=programme.office), content["title"]):
        return
    shares = [(content["lead"], Share.LEAD), *((unit, Share.CO) for unit in content["co"])]
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
    )
    for unit, share in shares:
        _open(turn, programme, matter, number, content["title"], unit, share, date.fromisoformat(content["due_day"]))
    names = [turn.roster.unit(unit).name for unit, _ in shares]
    turn.reply(
        MatterAssigned(
            number=number,
            title=content["title"],
            lead=names[0],
            co=tuple(names[1:]),
            due=due.due,
            unreached=_unreached(turn, [unit for unit, _ in shares]),
        )
    )


@router.command("办结", what="报告交办事项办结", roles=UNIT_ROLES, offered=_has_matter, takes_more=True)
def report_done(turn: Turn, rest: str) -> None:
    """The unit says that a matter is done; the office still has to close it (A29)."""
    if not turn.own_units() and not turn.may(Action.REPORT_DONE, Target(office=0), "办结"):
        return
    wanted, words = numbers.leading("S", rest, turn.today)
    rows = [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
        if row.kind == Kind.MATTER.value and (not wanted or matter_number(turn, row) in wanted)
    ]
    if not rows:
        units = turn.own_units()
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in units)))
        return
    if len(rows) > 1:
        turn.reply(WhichDuty(titles=tuple(f"办结 {matter_number(turn, row)} {row.title}" for row in rows)))
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
        number=matter_number(turn, row),
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
    )


@router.command("销号", what="办结事项销号", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def close(turn: Turn, rest: str) -> None:
    """The office closes what a unit has reported done: asked for confirmation, as 通过 is."""
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.REVIEW, Target(office=programme.office), "销号"):
            return
    wanted, _ = numbers.leading("S", rest, turn.today)
    rows = [
        row
        for programme in offices
        for row in obligations.of_programme(turn.uow, programme.id, kind=Kind.MATTER, states=(State.REVIEW,))
        if not wanted or matter_number(turn, row) in wanted
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
            number=matter_number(turn, row),
            title=row.title,
            unit=turn.roster.unit(row.unit).name,
            on_time=row.facts().on_time,
        )
    )


def _open(
    turn: Turn, programme: Programme, matter: int, number: str, title: str, unit: int, share: Share, due_day: date
) -> None:
    due = due_on(due_day, turn.installation.zone)
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
        title=title,
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
        MatterTold(
            number=number,
            title=title,
            unit=turn.roster.unit(unit).name,
            share=share.value,
            due=due.due,
            assigned_by=turn.name,
        ),
        key=f"matter:{row.id}",
        not_before=turn.office_time(programme),
    )


def _unreached(turn: Turn, units: Sequence[int]) -> tuple[Unreached, ...]:
    """The units of which nobody would be told: the post that is vacant, or who holds it and is on no platform."""
    found = []
    for unit in units:
        reporters = turn.roster.holders(unit, (Role.REPORTER,), turn.today)
        there = (person == turn.actor.person or roster.address(turn.uow, person) for person in reporters)
        if not any(there):
            names = cases.names(turn.roster, reporters)
            found.append(Unreached(unit=turn.roster.unit(unit).name, post=Role.REPORTER.value, people=names))
    return tuple(found)


def _read(turn: Turn, programme: Programme, text: str) -> Order | RepairLine:
    classes = programme.rulebook.matter_classes
    category = next((name for name in sorted(classes, key=len, reverse=True) if name in text), None)
    if category is not None:
        # Cut out only where it was written as the category; elsewhere it may be a part of what is to be done.
        text = re.sub(rf"类别\s*[:：]?\s*{re.escape(category)}", " ", text, count=1)
    head, *tail = _CO_UNITS.split(text, maxsplit=1)
    leads = mentions(turn.roster, head)
    if not leads or leads[0].start > 0:
        return RepairLine(about="交办", repair=Repair.LEAD_UNIT)
    lead = leads[0]
    co = tuple(found.unit for found in mentions(turn.roster, tail[0])) if tail else ()
    words = " ".join((head[lead.end :].strip(" ,，:：、"), _after_units(turn, tail[0]) if tail else "")).strip()
    found = _DAY.search(words)
    day = read_day(found[1], turn.today, turn.installation.calendar.add_workdays) if found else None
    if found is None or day is None or isinstance(day, UnreadableDay):
        return RepairLine(about="交办", repair=Repair.TIME_LIMIT)
    if day < turn.today:
        return RepairLine(about="交办", repair=Repair.TIME_LIMIT_PASSED, facts={"day": f"{day:%-m月%-d日}"})
    title = words[: found.start()].strip(" ,，;；。")
    if not title:
        return RepairLine(about="交办", repair=Repair.WHAT_TO_DO)
    if category is None:
        facts = {"classes": "、".join(classes), "order": text.strip(), "class": classes[-1]}
        return RepairLine(about="交办", repair=Repair.MATTER_CLASS, facts=facts)
    return Order(title, category, lead.unit, tuple(unit for unit in co if unit != lead.unit), day)


def _after_units(turn: Turn, text: str) -> str:
    found = mentions(turn.roster, text)
    return text[found[-1].end :].strip(" ,，、") if found else text
