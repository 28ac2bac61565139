"""待办, 报送期限, 已办: what follows from grades, flags and publications, and who has ticked it off.

Without a day nothing is asked of a unit (R40).
"""

from datetime import date
from typing import Any

from assessment.notices.following_up import (
    FollowUpAsk,
    FollowUpDone,
    FollowUpList,
    FollowUpNotDone,
    FollowUpRefused,
)
from assessment.rights import Action, Target
from assessment.rulebook import Flag
from assessment.year_rules import Act
from handlers import numbers
from handlers.days import dated
from handlers.follow_up_shown import line_of, no_day, not_open, target_of
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import appeals, follow_ups, following
from storage.follow_ups import LETTER, FollowUpRow, Stage
from storage.programmes import Programme

router = Router()

_DAY = "报送期限"
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


@router.command(_DAY, what="设定书面报告的报送期限", roles=OFFICE, offered=seldom, takes_more=True)
def set_day(turn: Turn, rest: str) -> None:
    """报送期限 H-2701-3 1月31日: ask; after 确认 the unit owes the report."""
    row, words = _named(turn, rest, _DAY)
    if row is None:
        return
    when = dated(turn, words)
    if not row.awaits_day or row.stage != Stage.OPEN.value:
        turn.reply(not_open(_DAY, row))
    elif when.day is None or when.day < turn.today:
        turn.reply(no_day(_DAY, when, number=row.number))
    else:
        _ask(turn, row, when.day, when.words)


@router.command("已办", what="登记待办已办理", roles=OFFICE, offered=seldom, takes_more=True)
def tick_off(turn: Turn, rest: str) -> None:
    """已办 H-2701-3 说明: a task of the office's own is done; who and when is kept."""
    row, words = _named(turn, rest, "已办")
    if row is None:
        return
    if row.act not in _TICKED or row.key.startswith(following.RECOMMENDED):
        turn.reply(FollowUpNotDone(about="已办", why=FollowUpRefused.NOT_A_TASK, number=row.number))
        return
    if not follow_ups.close(turn.uow, row.id, Stage.DONE, by=turn.actor.person, at=turn.now, remark=words):
        turn.reply(not_open("已办", row))
        return
    turn.reply(FollowUpDone(line=line_of(turn, row), by=turn.name, at=turn.now, remark=words))


@router.confirmation("follow up")
def take_day(turn: Turn, content: dict[str, Any]) -> None:
    """确认 asks the unit for its report."""
    row = follow_ups.by_number(turn.uow, content["number"])
    assert row is not None, "what was asked about is never deleted"
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    day = date.fromisoformat(content["day"])
    if row.stage != Stage.OPEN.value:
        turn.reply(not_open(_DAY, row))
    elif day < turn.today:
        turn.reply(FollowUpNotDone(about=_DAY, why=FollowUpRefused.DAY_PASSED, number=row.number))
    else:
        asked = following.ask_for_report(turn.uow, turn.installation, programme, row, day, turn.now)
        turn.reply(asked.model_copy(update={"to_office": True}))


def _ask(turn: Turn, row: FollowUpRow, day: date, remark: str) -> None:
    programme = turn.programme(row.programme)
    if not turn.may(Action.FOLLOW_UP, target_of(programme, row), row.number):
        return
    turn.ask("follow up", {"number": row.number, "day": day.isoformat()})
    turn.reply(FollowUpAsk(act=_DAY, line=line_of(turn, row), day=day, remark=remark))


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
