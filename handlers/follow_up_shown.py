"""One act that follows, as it is shown; what leave it takes, and why it is not done."""

from collections.abc import Sequence

from assessment.consequences import DueAct
from assessment.ledger import AccountKey
from assessment.notices.following_up import FollowUpLine, FollowUpNotDone, FollowUpRefused
from assessment.rights import Target
from assessment.rulebook import Subject
from handlers.days import Dated
from handlers.turn import Turn
from storage.follow_ups import FollowUpRow, Stage
from storage.programmes import Programme


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


def no_day(about: str, when: Dated, *, words: str = "", number: str = "") -> FollowUpNotDone:
    """No day was written, or one that lies behind or cannot be: the office is asked whether it is right."""
    written = when.unclear or (f"{when.day:%-m月%-d日}" if when.day is not None else "")
    why = FollowUpRefused.DAY_PASSED if written else FollowUpRefused.WHICH_DAY
    return FollowUpNotDone(about=about, why=why, words=words, number=number, written=written)


def _account_name(turn: Turn, account: AccountKey | None) -> str:
    if account is None:
        return ""
    if account.subject is Subject.UNIT:
        return turn.roster.unit(account.holder).name
    return turn.roster.person(account.holder).name
