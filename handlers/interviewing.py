"""约谈, 约谈结束: the unit's head is asked to come; the clock of what follows runs from the interview's end (R38)."""

from datetime import date
from typing import Any

from assessment.consequences import DueAct, after_end
from assessment.ledger import AccountKey
from assessment.notices.following_up import (
    FollowUpAsk,
    FollowUpNotDone,
    FollowUpRefused,
    InterviewEnded,
    InterviewTold,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from assessment.year_rules import Act
from handlers import whom
from handlers.days import dated, latest_day
from handlers.follow_up_shown import line_of, no_day, not_open, preview, target_of
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import follow_ups, following
from storage.follow_ups import FollowUpRow, Stage
from storage.programmes import Programme

router = Router()

_INTERVIEW, _END = "约谈", "约谈结束"


@router.command(_INTERVIEW, what="通知约谈", roles=OFFICE, offered=seldom, takes_more=True)
def interview(turn: Turn, rest: str) -> None:
    """约谈 单位 1月12日 [地点]: ask; the unit's head is told after 确认."""
    found = _interview_of(turn, rest, _INTERVIEW)
    if found is None:
        return
    row, words = found
    when = dated(turn, words)
    if when.day is None or when.day < turn.today:
        turn.reply(no_day(_INTERVIEW, when, words=_unit(turn, row)))
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


@router.confirmation("interview")
def take_interview(turn: Turn, content: dict[str, Any]) -> None:
    """确认 tells the unit of the interview, or ends it."""
    row = follow_ups.by_number(turn.uow, content["number"])
    assert row is not None, "what was asked about is never deleted"
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    day, remark = date.fromisoformat(content["day"]), content["remark"]
    if row.stage != Stage.OPEN.value:
        turn.reply(not_open(content["act"], row))
    elif content["act"] == _INTERVIEW:
        _tell_of_interview(turn, programme, row, day, remark)
    else:
        _end(turn, programme, row, day, remark)


def _ask(turn: Turn, row: FollowUpRow, act: str, day: date, remark: str) -> None:
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    turn.ask("interview", {"number": row.number, "act": act, "day": day.isoformat(), "remark": remark})
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
    because = f"{row.name}于{day:%-m月%-d日}结束"
    opened = following.open_all(turn.uow, turn.installation, programme, due, because=because, now=turn.now)
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


def _unit(turn: Turn, row: FollowUpRow) -> str:
    return turn.roster.unit(row.unit).name if row.unit is not None else ""
