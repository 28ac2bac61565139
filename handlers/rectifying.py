"""整改: the office's notice of problems, and what becomes of each: who sees to it, 已整改, 销号 or 退回.

The unit's 已整改 is its own word; a problem is closed only by the office (A29, R49).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from assessment import ladder
from assessment.consequences import DueAct
from assessment.due import due_on
from assessment.ledger import AccountKey
from assessment.notices import NothingOwed, WhichDuty
from assessment.notices.rectifying import (
    NotTaken,
    RectifyAsk,
    RectifyClosed,
    RectifyItem,
    RectifyOrdered,
    RectifyRefused,
    RectifyReturned,
    RectifyTold,
)
from assessment.obligation import Kind, State, accept, send_back
from assessment.rectification import Problem, before_problems, kind_for_all, read_problems
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Rectification, StepKind, Subject
from assessment.year_rules import Act
from handlers import matters, numbers, whom
from handlers.as_typed import as_typed
from handlers.days import Dated, dated
from handlers.filing import file
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.under_review import report_number
from storage import counters, follow_ups, inability, obligations, rectifications
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.rectifications import ItemRow
from storage.submissions import Way

router = Router()

_LIMIT_AT_END = re.compile(r"[\s。；;，,]+(限期?\s*[^\s。；;，,]{2,16}|请于[^\s。；;，,]{2,16})[\s。；;]*\Z")
_LONGEST_TITLE = 60
NOTICE = "整改通知"
SPECIAL_ORDER = StepKind.SPECIAL_ORDER.value
_TASK = "到期核对整改情况，未整改到位的按规定提出处理建议"
_ALL_CLOSED = "所列问题已全部销号"


@router.command(NOTICE, "整改通知书", what="发出问题整改通知", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def order(turn: Turn, rest: str) -> None:
    """整改通知 单位 限3月20日 1.问题 2.问题 类型 资料缺失: asked for confirmation; nothing is numbered before."""
    _ask(turn, rest, NOTICE)


@router.command(SPECIAL_ORDER, what="下发专项督办令", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def order_specially(turn: Turn, rest: str) -> None:
    """专项督办令 单位 限6月20日 …: as a notice, told to the leader in charge too, and answered for afterwards (R09)."""
    _ask(turn, rest, SPECIAL_ORDER)


def _ask(turn: Turn, rest: str, form: str) -> None:
    offices = turn.offices() or turn.programmes[:1]
    programme = next((one for one in offices if one.rulebook.rectification is not None), None)
    if programme is None:
        if turn.may(Action.RECTIFY, Target(office=offices[0].office if offices else 0), "整改通知"):
            turn.reply(RectifyRefused(why=NotTaken.NO_RULES))
        return
    unit, words = whom.leading(turn.roster, rest)
    target = Target(office=programme.office, unit=unit.id if unit else None)
    if not turn.may(Action.RECTIFY, target, "整改通知"):
        return
    if unit is None:
        turn.reply(RectifyRefused(why=NotTaken.NO_UNIT))
        return
    if whom.leading(turn.roster, words.removeprefix("和").removeprefix("及"))[0] is not None:
        turn.reply(RectifyRefused(why=NotTaken.ONE_UNIT))
        return
    limit, problems = _read(turn, words)
    refused = _why_not(turn, programme, limit, problems)
    if refused is not None:
        turn.reply(refused)
        return
    assert limit.day is not None, "asked before"
    turn.ask(
        "rectify",
        {
            "form": form,
            "programme": programme.id,
            "unit": unit.id,
            "due_day": limit.day.isoformat(),
            "problems": [[one.text, one.kind] for one in problems],
        },
    )
    rules = _rules(programme)
    turn.reply(
        RectifyAsk(
            form=form,
            unit=unit.name,
            due=due_on(limit.day, turn.installation.zone).due,
            items=tuple(RectifyItem(text=one.text, kind=one.kind) for one in problems),
            required=rules.required,
            cite=rules.cite,
            unreached=matters.unreached(turn, [unit.id]),
            trial=programme.trial,
        )
    )


@router.confirmation("rectify")
def take_order(turn: Turn, content: dict[str, Any]) -> None:
    """确认 is the 签发: the notice gets its number, each problem its own, and the unit is told."""
    programme, unit = turn.programme(content["programme"]), turn.roster.unit(content["unit"])
    if not turn.may(Action.RECTIFY, Target(office=programme.office, unit=unit.id), "整改通知"):
        return
    day = date.fromisoformat(content["due_day"])
    due = due_on(day, turn.installation.zone).due
    if due <= turn.now:
        turn.reply(RectifyRefused(why=NotTaken.LIMIT_PASSED, words=f"{day:%-m月%-d日}"))
        return
    number = counters.number(turn.uow, rectifications.LETTER, turn.today)
    problems = [Problem(text, kind) for text, kind in content["problems"]]
    form = content["form"]
    rows = rectifications.record(
        turn.uow,
        number=number,
        form=form,
        programme=programme.id,
        unit=unit.id,
        due=due,
        by=turn.actor.person,
        at=turn.now,
        problems=[(counters.number(turn.uow, rectifications.LETTER, turn.today), one) for one in problems],
    )
    for row in rows:
        _open(turn, programme, unit, row, day)
    told = RectifyTold(
        form=form,
        number=number,
        office=turn.roster.unit(programme.office).name,
        unit=unit.name,
        due=due,
        items=tuple(RectifyItem(number=row.number, text=row.text, kind=row.kind) for row in rows),
        required=_rules(programme).required,
    )
    roles = (Role.REPORTER, Role.HEAD, *((Role.LEADER_IN_CHARGE,) if form == SPECIAL_ORDER else ()))
    people = turn.roster.holders(unit.id, roles, turn.today)
    turn.tell(people, told, key=f"rectify:{number}", not_before=turn.office_time(programme), programme=programme)
    turn.reply(
        RectifyOrdered(
            form=form,
            number=number,
            task=_open_task(turn, programme, unit, number, day) if form == SPECIAL_ORDER else "",
            unit=unit.name,
            due=due,
            items=told.items,
            unreached=matters.unreached(turn, [unit.id]),
            trial=programme.trial,
        )
    )


def closed(turn: Turn, programme: Programme, row: ObligationRow) -> None:
    """销号 of one problem; the unit hears of it, and how many of the same notice are left."""
    file(turn, programme, row, accept(row.facts()), Way.ACCEPT, number=report_number(turn, row))
    told = RectifyClosed(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        on_time=row.facts().on_time,
        left=_left(turn, row),
    )
    if not told.left:
        _close_task(turn, programme, row)
    _tell_reporters(turn, programme, row, told.model_copy(update={"to_unit": True}), f"rectified:{row.id}")
    turn.reply(told)


def returned(turn: Turn, programme: Programme, row: ObligationRow, reason: str) -> None:
    """退回: the problem is open again, its time limit stays."""
    file(turn, programme, row, send_back(row.facts()), Way.SEND_BACK, number=report_number(turn, row), note=reason)
    told = RectifyReturned(
        number=row.number,
        title=row.title,
        unit=turn.roster.unit(row.unit).name,
        reason=reason,
        due=row.due,
        trial=programme.trial,
    )
    _tell_reporters(turn, programme, row, told, f"returned:{row.id}:{row.round}")
    turn.reply(told.model_copy(update={"to_office": True}))


def own_open(turn: Turn) -> list[ObligationRow]:
    """The problems that the sender's units have still to see to."""
    running = {programme.id for programme in turn.programmes}
    return [
        row
        for unit in turn.own_units()
        for row in obligations.of_unit(turn.uow, unit.id, (State.OPEN,))
        if row.kind == Kind.RECTIFICATION.value and row.programme in running
    ]


def meant(turn: Turn, rest: str, word: str, action: Action) -> tuple[list[ObligationRow], str]:
    """The own open problems that a message begins with, held by this transaction, and its other words as typed.

    None of them when it was answered: nothing is open, nothing bears that number, or it is not said which is meant.
    """
    if numbers.refused_foreign(turn, word, rectifications.LETTER, rest):
        return [], ""
    wanted, words = numbers.leading(rectifications.LETTER, rest, turn.today)
    rows = own_open(turn)
    if not rows:
        own = turn.own_units()
        if own or turn.may(action, Target(office=0), word):
            turn.reply(NothingOwed(unit="、".join(unit.name for unit in own)))
        return [], ""
    called = rectifications.meant_by(turn.uow, wanted)
    chosen = [row for row in rows if row.number in called] if wanted else rows
    if not chosen:
        turn.reply(RectifyRefused(why=NotTaken.NO_SUCH_ITEM, number=wanted[0]))
        return [], ""
    if len(chosen) > 1 and not wanted:
        turn.reply(WhichDuty(titles=tuple(f"{word} {row.number} {row.title}" for row in chosen)))
        return [], ""
    for row in chosen:
        office = turn.programme(row.programme).office
        if not turn.may(action, Target(office=office, unit=row.unit), row.number):
            return [], ""
    if len(chosen) == 1:
        words = words.removeprefix(chosen[0].title).strip(" ,，")
    return [obligations.get(turn.uow, row.id) for row in chosen], as_typed(turn, words)


def _read(turn: Turn, words: str) -> tuple[Dated, tuple[Problem, ...]]:
    """The time limit and the problems; a day inside a problem is none of the notice's."""
    head, text = before_problems(words)
    limit = dated(turn, head)
    if head:
        typed = as_typed(turn, text)
    else:
        limit = dated(turn, text)
        typed = limit.words
    at_end = _LIMIT_AT_END.search(typed)
    if at_end is not None and limit.day is None:
        limit, typed = dated(turn, at_end[1]), typed[: at_end.start()]
    return limit, kind_for_all(read_problems(typed))


def _why_not(turn: Turn, programme: Programme, limit: Dated, problems: Sequence[Problem]) -> RectifyRefused | None:
    if limit.unclear or limit.day is None:
        return RectifyRefused(why=NotTaken.NO_LIMIT, words=limit.unclear)
    if limit.day < turn.today:
        return RectifyRefused(why=NotTaken.LIMIT_PASSED, words=f"{limit.day:%-m月%-d日}")
    if not problems:
        return RectifyRefused(why=NotTaken.NO_PROBLEM)
    kinds = _rules(programme).kinds
    strange = next((one.kind for one in problems if one.kind and one.kind not in kinds), None)
    if strange is not None:
        return RectifyRefused(why=NotTaken.NO_SUCH_KIND, words=strange, names=kinds)
    return None


def _open(turn: Turn, programme: Programme, unit: Unit, item: ItemRow, day: date) -> None:
    rulebook, due = programme.rulebook, due_on(day, turn.installation.zone)
    chased_by = ladder.ladder_for(rulebook, Kind.RECTIFICATION, "")
    steps = (
        ladder.plan(chased_by, due, turn.installation.calendar, rulebook.office_hours, turn.installation.zone)
        if chased_by is not None
        else ()
    )
    text = item.text
    row = obligations.fresh(
        programme=programme.id,
        kind=Kind.RECTIFICATION.value,
        ref=str(item.id),
        unit=unit.id,
        number=item.number,
        title=text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1]}…",
        due=due.due,
        grace_end=due.grace_end,
        review=True,
        plan=ladder.to_json(steps),
        held=any(step.assumed for step in steps),
        round_since=turn.now,
        look_at=turn.now,
    )
    obligations.open_if_new(turn.uow, row)
    if item.kind and item.kind == _rules(programme).unattainable:
        # Named as what cannot be done, it is asked for its reason from the start and for nothing else.
        inability.mark(turn.uow, row.id, remark=item.kind, by=turn.actor.person, at=turn.now)


def _open_task(turn: Turn, programme: Programme, unit: Unit, number: str, day: date) -> str:
    """What the office has to do once the time is over: look, and hold to account where it is not done (R09).

    Its number; empty in a trial, of which nothing has to be done.
    """
    if programme.trial:
        return ""
    task = DueAct(
        key=_task_key(number),
        account=AccountKey(programme.code, Subject.UNIT, unit.id),
        year=programme.rulebook.year,
        act=Act.TASK,
        name=_TASK,
        cite=_rules(programme).cite,
        consequence=None,
        counted_from=turn.today,
        due_day=day,
    )
    opened = follow_ups.open_if_new(
        turn.uow,
        task,
        programme=programme.id,
        unit=unit.id,
        because=f"{SPECIAL_ORDER}{number}",
        entry=None,
        today=turn.today,
        now=turn.now,
    )
    return opened.number if opened is not None else ""


def _close_task(turn: Turn, programme: Programme, row: ObligationRow) -> None:
    notice = rectifications.notice_of(turn.uow, rectifications.item(turn.uow, row))
    for task in follow_ups.listed(turn.uow, programme.id, act=Act.TASK):
        if task.key == _task_key(notice.number):
            follow_ups.close(
                turn.uow, task.id, follow_ups.Stage.DONE, by=turn.actor.person, at=turn.now, remark=_ALL_CLOSED
            )


def _task_key(number: str) -> str:
    return f"rectify/{number}"


def _rules(programme: Programme) -> Rectification:
    rules = programme.rulebook.rectification
    assert rules is not None, "asked before anything was ordered"
    return rules


def _left(turn: Turn, row: ObligationRow) -> int:
    notice = rectifications.item(turn.uow, row).notice
    every = obligations.of_unit(turn.uow, row.unit, (State.OPEN, State.REVIEW))
    return sum(
        other.kind == Kind.RECTIFICATION.value
        and other.id != row.id
        and rectifications.item(turn.uow, other).notice == notice
        for other in every
    )


def _tell_reporters(
    turn: Turn, programme: Programme, row: ObligationRow, told: RectifyClosed | RectifyReturned, key: str
) -> None:
    people = turn.roster.holders(row.unit, (Role.REPORTER,), turn.today)
    turn.tell(people, told, key=key, not_before=turn.office_time(programme), programme=programme)
