"""待办, 约谈, 约谈结束, 报送期限, 已办: what follows from grades, flags and publications, and who has ticked it off.

An interview's end starts the clock of what follows it (R38). Without a day nothing is asked of a unit (R40).
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from assessment.consequences import DueAct, after_end, after_entry, after_flag
from assessment.ledger import AccountKey, Entry
from assessment.notices.following_up import (
    FollowUpAsk,
    FollowUpDone,
    FollowUpLine,
    FollowUpList,
    FollowUpNotDone,
    FollowUpRefused,
    InterviewEnded,
    InterviewTold,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Flag, Subject
from assessment.year_rules import Act
from handlers import numbers, whom, written
from handlers.days import dated, latest_day
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import appeals, follow_ups
from storage.follow_ups import LETTER, FollowUpRow, Stage
from storage.programmes import Programme

router = Router()

_INTERVIEW, _END, _DAY = "约谈", "约谈结束", "报送期限"
_TICKED = frozenset({Act.TASK.value, Act.CIRCULAR.value, Act.REWARD.value, Act.RECTIFY.value})


def show_list(turn: Turn) -> bool:
    """待办 of the sender's offices; of 末位 only for those who decide on it. False where nothing was said."""
    lists = []
    for programme in turn.programmes:
        target = Target(office=programme.office)
        deciding = turn.can(Action.SEE_LAST_PLACE, target)
        leave = Action.SEE_LAST_PLACE if deciding else Action.FOLLOW_UP
        if not turn.can(leave, target) or not turn.may(leave, target, "待办"):
            continue
        office = turn.can(Action.FOLLOW_UP, target)
        rows = [
            row
            for row in follow_ups.listed(turn.uow, programme.id)
            if (deciding if _is_of_last_place(programme, row) else office)
        ]
        if rows or (office and not appeals.open_ones(turn.uow, programme.id)):
            lines = tuple(line_of(turn, row) for row in rows)
            lists.append(FollowUpList(programme=programme.rulebook.name, lines=lines))
    for found in [one for one in lists if one.lines] or lists[:1]:
        turn.reply(found)
    return bool(lists)


@router.command(_INTERVIEW, what="通知约谈", roles=OFFICE, offered=seldom, takes_more=True)
def interview(turn: Turn, rest: str) -> None:
    """约谈 单位 1月12日 [地点]: ask; the unit's head is told after 确认."""
    found = _interview_of(turn, rest, _INTERVIEW)
    if found is None:
        return
    row, words = found
    when = dated(turn, words)
    if when.day is None:
        turn.reply(FollowUpNotDone(about=_INTERVIEW, why=FollowUpRefused.WHICH_DAY, words=_unit(turn, row)))
        return
    if when.day < turn.today:
        turn.reply(FollowUpNotDone(about=_INTERVIEW, why=FollowUpRefused.DAY_PASSED, words=_unit(turn, row)))
        return
    _ask(turn, row, _INTERVIEW, when.day, when.words)


@router.command(_END, what="登记约谈结束", roles=OFFICE, offered=seldom, takes_more=True)
def end_interview(turn: Turn, rest: str) -> None:
    """约谈结束 单位 [1月12日]: ask; from that day the clock of what follows runs."""
    found = _interview_of(turn, rest, _END)
    if found is None:
        return
    row, words = found
    day, remark = latest_day(turn, words)
    day = day or turn.today
    if day > turn.today or day < row.counted_from:
        why = FollowUpRefused.END_AHEAD if day > turn.today else FollowUpRefused.END_BEFORE_CAUSE
        turn.reply(FollowUpNotDone(about=_END, why=why, words=_unit(turn, row)))
        return
    _ask(turn, row, _END, day, remark)


@router.command(_DAY, what="设定书面报告的报送期限", roles=OFFICE, offered=seldom, takes_more=True)
def set_day(turn: Turn, rest: str) -> None:
    """报送期限 H-2701-3 1月31日: ask; after 确认 the unit owes the report."""
    row, words = _named(turn, rest, _DAY)
    if row is None:
        return
    when = dated(turn, words)
    if not row.awaits_day or row.stage != Stage.OPEN.value:
        turn.reply(not_open(_DAY, row))
    elif when.day is None:
        turn.reply(FollowUpNotDone(about=_DAY, why=FollowUpRefused.WHICH_DAY, number=row.number))
    elif when.day < turn.today:
        turn.reply(FollowUpNotDone(about=_DAY, why=FollowUpRefused.DAY_PASSED, number=row.number))
    else:
        _ask(turn, row, _DAY, when.day, when.words)


@router.command("已办", what="登记待办已办理", roles=OFFICE, offered=seldom, takes_more=True)
def tick_off(turn: Turn, rest: str) -> None:
    """已办 H-2701-3 说明: a task of the office's own is done; who and when is kept."""
    row, words = _named(turn, rest, "已办")
    if row is None:
        return
    if row.act not in _TICKED or row.key.startswith(RECOMMENDED):
        turn.reply(FollowUpNotDone(about="已办", why=FollowUpRefused.NOT_A_TASK, number=row.number))
        return
    if not follow_ups.close(turn.uow, row.id, Stage.DONE, by=turn.actor.person, at=turn.now, remark=words):
        turn.reply(not_open("已办", row))
        return
    turn.reply(FollowUpDone(line=line_of(turn, row), by=turn.name, at=turn.now, remark=words))


@router.confirmation("follow up")
def take_follow_up(turn: Turn, content: dict[str, Any]) -> None:
    """确认 tells the unit of the interview, ends it, or asks the unit for its report."""
    row = follow_ups.by_number(turn.uow, content["number"])
    assert row is not None, "what was asked about is never deleted"
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    if row.stage != Stage.OPEN.value:
        turn.reply(not_open(content["act"], row))
        return
    day, remark = date.fromisoformat(content["day"]), content["remark"]
    if content["act"] == _INTERVIEW:
        _tell_of_interview(turn, programme, row, day, remark)
    elif content["act"] == _END:
        _end(turn, programme, row, day, remark)
    elif day < turn.today:
        turn.reply(FollowUpNotDone(about=_DAY, why=FollowUpRefused.DAY_PASSED, number=row.number))
    else:
        written.ask_for(turn, programme, row, day)


RECOMMENDED = "recommended/"
"""What a key begins with that stands for 建议取消评优资格: it is decided and not ticked off."""


def open_all(
    turn: Turn, programme: Programme, due: Iterable[DueAct], *, because: str, entry: int | None = None
) -> tuple[FollowUpRow, ...]:
    """Put what follows on the list; a written report whose day is known is asked for at once. A trial has none."""
    if programme.trial:
        return ()
    opened = []
    for act in due:
        row = follow_ups.open_if_new(
            turn.uow,
            act,
            programme=programme.id,
            unit=_unit_of(turn, act.account),
            because=because,
            entry=entry,
            today=turn.today,
            now=turn.now,
        )
        if row is None:
            continue
        opened.append(row)
        if act.act is Act.REPORT and act.due_day is not None and row.unit is not None:
            written.ask_for(turn, programme, row, act.due_day, answered=False)
    return tuple(opened)


def after_made(turn: Turn, programme: Programme, entry: Entry) -> None:
    """What follows from an entry: its clause's own task, what its flag brings, and 建议 that somebody has to decide."""
    clause = programme.rulebook.clause(entry.clause)
    due = list(after_entry(programme.rulebook, entry, turn.today))
    if clause.flag is not None and entry.reverses is None:
        due += after_flag(programme.rulebook, entry.account, clause.flag, turn.today)
    if clause.flag is Flag.RECOMMEND_INELIGIBLE and entry.reverses is None:
        due.append(
            DueAct(
                key=f"{RECOMMENDED}{entry.id}",
                account=entry.account,
                year=programme.rulebook.year,
                act=Act.TASK,
                name=f"{clause.flag.value}，待有关部门决定",
                cite=clause.cite,
                consequence=None,
                counted_from=turn.today,
                due_day=None,
            )
        )
    open_all(turn, programme, due, because=f"{entry.number} {clause.name}", entry=entry.id)


def after_last_place(turn: Turn, programme: Programme, units: Iterable[int]) -> None:
    """What follows from 末位; only those who decide on it see it (R83)."""
    for unit in units:
        account = AccountKey(programme.code, Subject.UNIT, unit)
        due = after_flag(programme.rulebook, account, Flag.LAST_PLACE, turn.today)
        open_all(turn, programme, due, because=Flag.LAST_PLACE.value)


def drop_of_grade(turn: Turn, programme: Programme, unit: int, grade: str) -> None:
    """What a grade brought about that no longer stands, as far as it has not begun."""
    ids = {one.id for one in programme.rulebook.consequences if one.grade == grade}
    for row in follow_ups.listed(turn.uow, programme.id):
        if row.unit == unit and row.consequence in ids:
            follow_ups.close(turn.uow, row.id, Stage.DROPPED, by=turn.actor.person, at=turn.now, remark="等次已改")


def target_of(programme: Programme, row: FollowUpRow) -> Target:
    """What leave is asked for: nobody acts on what follows for the own unit or oneself."""
    return Target(office=programme.office, unit=row.unit, person=row.person)


def not_open(about: str, row: FollowUpRow) -> FollowUpNotDone:
    """Why nothing is done: it was done before, or its cause is no more."""
    gone = row.stage == Stage.DROPPED.value
    why = FollowUpRefused.CAUSE_GONE if gone else FollowUpRefused.DONE_BEFORE
    return FollowUpNotDone(about=about, why=why, number=row.number, words=row.remark if gone else "")


def line_of(turn: Turn, row: FollowUpRow) -> FollowUpLine:
    """One act as it is shown."""
    whose = ""
    if row.person is not None:
        whose = turn.roster.person(row.person).name
    elif row.unit is not None:
        whose = turn.roster.unit(row.unit).name
    return FollowUpLine(
        number=row.number,
        act=row.act,
        name=row.name,
        cite=row.cite,
        because=row.because,
        account=whose,
        due_day=row.due_day,
        planned_day=row.planned_day,
        awaits_day=row.awaits_day,
        overdue=row.due_day is not None and row.due_day < turn.today,
    )


def preview(turn: Turn, due: Sequence[DueAct], because: str) -> tuple[FollowUpLine, ...]:
    """What would come about, before it has a number."""
    return tuple(
        FollowUpLine(
            number="",
            act=act.act.value,
            name=act.name,
            cite=act.cite,
            because=because,
            account=_account_name(turn, act.account),
            due_day=act.due_day,
            awaits_day=act.office_sets_day,
        )
        for act in due
    )


def _ask(turn: Turn, row: FollowUpRow, act: str, day: date, remark: str) -> None:
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    turn.ask("follow up", {"number": row.number, "act": act, "day": day.isoformat(), "remark": remark})
    follow = preview(turn, after_end(programme.rulebook, _as_due(programme, row), day), row.name) if act == _END else ()
    turn.reply(FollowUpAsk(act=act, line=line_of(turn, row), day=day, remark=remark, follow=follow))


def _tell_of_interview(turn: Turn, programme: Programme, row: FollowUpRow, day: date, remark: str) -> None:
    assert row.unit is not None, "an interview is one unit's"
    follow_ups.plan(turn.uow, row.id, day)
    told = InterviewTold(
        number=row.number,
        unit=turn.roster.unit(row.unit).name,
        name=row.name,
        cite=row.cite,
        day=day,
        remark=remark,
        office=turn.roster.unit(programme.office).name,
    )
    turn.tell(
        turn.roster.holders(row.unit, (Role.HEAD,), turn.today),
        told,
        key=f"interview:{row.id}:{turn.inbox_id}",
        not_before=turn.office_time(programme),
    )
    turn.reply(told.model_copy(update={"to_office": True}))


def _end(turn: Turn, programme: Programme, row: FollowUpRow, day: date, remark: str) -> None:
    follow_ups.close(turn.uow, row.id, Stage.DONE, by=turn.actor.person, at=turn.now, remark=remark)
    due = after_end(programme.rulebook, _as_due(programme, row), day)
    opened = open_all(turn, programme, due, because=f"{row.name}于{day:%-m月%-d日}结束")
    turn.reply(
        InterviewEnded(
            number=row.number,
            unit=_unit(turn, row),
            day=day,
            follow=tuple(line_of(turn, one) for one in opened),
        )
    )


def _as_due(programme: Programme, row: FollowUpRow) -> DueAct:
    """The act again, for what follows on its end."""
    account = None if row.unit is None else AccountKey(programme.code, Subject.UNIT, row.unit)
    return DueAct(
        key=row.key,
        account=account,
        year=programme.rulebook.year,
        act=Act(row.act),
        name=row.name,
        cite=row.cite,
        consequence=row.consequence,
        counted_from=row.counted_from,
        due_day=row.due_day,
    )


def _interview_of(turn: Turn, rest: str, word: str) -> tuple[FollowUpRow, str] | None:
    """The open interview of the unit that is named; None when answered."""
    programmes = turn.offices() or turn.programmes[:1]
    for programme in programmes:
        if not turn.may(Action.FOLLOW_UP, Target(office=programme.office), word):
            return None
    unit, words = whom.leading(turn.roster, rest)
    rows = [row for programme in programmes for row in follow_ups.listed(turn.uow, programme.id, act=Act.INTERVIEW)]
    if unit is None:
        turn.reply(FollowUpNotDone(about=word, why=FollowUpRefused.INTERVIEW_WHICH_UNIT))
        return None
    own = [row for row in rows if row.unit == unit.id]
    if not own:
        turn.reply(FollowUpNotDone(about=word, why=FollowUpRefused.NOTHING_TO_INTERVIEW, words=unit.name))
        return None
    return own[0], words


def _named(turn: Turn, rest: str, word: str) -> tuple[FollowUpRow | None, str]:
    """The act that a number names, of the sender's offices; None when answered."""
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    row = follow_ups.by_number(turn.uow, wanted[0]) if wanted else None
    programme = next((p for p in turn.programmes if row is not None and p.id == row.programme), None)
    target, last = Target(office=_some_office(turn)), False
    if row is not None and programme is not None:
        target, last = target_of(programme, row), _is_of_last_place(programme, row)
    if not turn.may(Action.SEE_LAST_PLACE if last else Action.FOLLOW_UP, target, word):
        return None, ""
    if row is None or programme is None:
        turn.reply(FollowUpNotDone(about=word, why=FollowUpRefused.NOTHING_LIKE_IT))
        return None, ""
    return row, words


def _some_office(turn: Turn) -> int:
    return next((programme.office for programme in turn.offices() or turn.programmes), 0)


def _is_of_last_place(programme: Programme, row: FollowUpRow) -> bool:
    return any(one.id == row.consequence and one.flag is Flag.LAST_PLACE for one in programme.rulebook.consequences)


def _unit_of(turn: Turn, account: AccountKey | None) -> int | None:
    """The unit that an act is about; of a person's account the unit in which the person works."""
    if account is None:
        return None
    if account.subject is Subject.UNIT:
        return account.holder
    posts = turn.roster.posts_of(account.holder, turn.today)
    return posts[0].unit if posts else None


def _account_name(turn: Turn, account: AccountKey | None) -> str:
    if account is None:
        return ""
    if account.subject is Subject.UNIT:
        return turn.roster.unit(account.holder).name
    return turn.roster.person(account.holder).name


def _unit(turn: Turn, row: FollowUpRow) -> str:
    return turn.roster.unit(row.unit).name if row.unit is not None else ""
