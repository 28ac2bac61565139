"""评优资格, 决定: how each account stands to awards this year, and what was decided on recommendations.

A recommendation is no loss until the department concerned has decided (R23); every flag ends with its year (R37).
"""

from collections.abc import Sequence
from typing import Any

from assessment.eligibility import Decision, Flagged, Standing, flags_of
from assessment.ledger import AccountKey, Entry
from assessment.notices.following_up import FollowUpNotDone, FollowUpRefused
from assessment.notices.results import (
    EligibilityLine,
    EligibilityTold,
    FlagLine,
    RecommendationAsk,
    RecommendationDecided,
)
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Subject
from handlers import follow_up_shown, numbers
from handlers.accounts_seen import SeenAccount, accounts_seen, sees
from handlers.embargo import is_withheld
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.scores import READERS, units_asked
from handlers.turn import Turn
from storage import follow_ups, following, ledger, recommendations, scoring, telling
from storage import year_results as results
from storage.follow_ups import LETTER, FollowUpRow, Stage
from storage.programmes import Programme

router = Router()

_LOSES = {"取消": True, "不取消": False, "不予取消": False}


@router.command("评优资格", what="查看年度评优资格", roles=READERS, offered=seldom, takes_more=True)
def show_eligibility(turn: Turn, rest: str) -> None:
    """评优资格 [单位]: this year's, account by account, with what it rests on."""
    for unit in units_asked(turn, rest):
        lines = [
            _line(turn, programme, seen, unit)
            for programme in turn.programmes
            if sees(turn, programme, unit)
            for seen in accounts_seen(turn, programme, unit)
        ]
        year = turn.programmes[0].rulebook.year if turn.programmes else turn.today.year
        told = tuple(line for line in lines if not line.personal or line.flags)
        turn.reply(EligibilityTold(unit=unit.name, year=year, lines=told))


@router.command("决定", what="登记有关部门的决定", roles=OFFICE, offered=seldom, takes_more=True)
def decide(turn: Turn, rest: str) -> None:
    """决定 H-2612-3 取消/不取消 理由: what the department concerned decided on a recommendation; asked first."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.FOLLOW_UP, Target(office=programme.office), "决定"):
            return
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    row = follow_ups.by_number(turn.uow, wanted[0]) if wanted else None
    own = {programme.id for programme in turn.offices()}
    if row is None or row.programme not in own or not row.key.startswith(following.RECOMMENDED):
        turn.reply(FollowUpNotDone(about="决定", why=FollowUpRefused.NOTHING_LIKE_IT))
        return
    verdict, _, reason = words.partition(" ")
    if verdict not in _LOSES or not reason.strip():
        turn.reply(FollowUpNotDone(about="决定", why=FollowUpRefused.DECIDE_WHAT, number=row.number))
        return
    if not turn.may(Action.FOLLOW_UP, _target(turn, row), row.number):
        return
    if row.stage != Stage.OPEN.value:
        turn.reply(follow_up_shown.not_open("决定", row))
        return
    turn.ask("recommendation", {"number": row.number, "loses": _LOSES[verdict], "reason": reason.strip()})
    turn.reply(
        RecommendationAsk(
            number=row.number,
            account=follow_up_shown.line_of(turn, row).account,
            loses=_LOSES[verdict],
            reason=reason.strip(),
            because=row.because,
        )
    )


@router.confirmation("recommendation")
def take_decision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 keeps the decision and tells those whose account it is."""
    row = follow_ups.by_number(turn.uow, content["number"])
    assert row is not None, "what was asked about is never deleted"
    assert row.entry is not None, "a recommendation comes from an entry"
    if not turn.may(Action.FOLLOW_UP, _target(turn, row), row.number):
        return
    if not follow_ups.close(turn.uow, row.id, Stage.DONE, by=turn.actor.person, at=turn.now, remark=content["reason"]):
        turn.reply(follow_up_shown.not_open("决定", row))
        return
    recommendations.decide(
        turn.uow,
        entry=row.entry,
        loses=content["loses"],
        reason=content["reason"],
        by=turn.actor.person,
        at=turn.now,
    )
    programme = turn.programme(row.programme)
    told = RecommendationDecided(
        number=row.number,
        account=follow_up_shown.line_of(turn, row).account,
        loses=content["loses"],
        reason=content["reason"],
        year=programme.rulebook.year,
    )
    turn.reply(told.model_copy(update={"to_office": True}))
    people: Sequence[int] = ()
    if row.person is not None:
        people = (row.person,)
    elif row.unit is not None:
        people = turn.roster.holders(row.unit, (Role.HEAD, Role.REPORTER), turn.today)
    turn.tell(people, told, key=f"recommendation:{row.id}", not_before=turn.office_time(programme))


def _line(turn: Turn, programme: Programme, seen: SeenAccount, unit: Unit) -> EligibilityLine:
    card = scoring.card(
        turn.uow, programme, seen.account, turn.now, unit=seen.only_of.id if seen.only_of is not None else None
    )
    found = results.standing(turn.uow, programme, seen.account, flags_of(card, programme.rulebook.year))
    told = [f for f in found.because if any(f.may_be_told_to(post.role) for post in turn.actor.posts)]
    account = seen.account
    withheld = is_withheld(turn, programme)
    return EligibilityLine(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        account=telling.account_name(turn.roster, account.subject.value, account.holder, unit.id),
        personal=account.subject is Subject.PERSON,
        standing=found.standing.value if told or found.standing is Standing.ELIGIBLE else Standing.ELIGIBLE.value,
        total=None if withheld else card.confirmed.final,
        flags=tuple(_flag(turn, programme, account, flagged) for flagged in told),
    )


def _flag(turn: Turn, programme: Programme, account: AccountKey, flagged: Flagged) -> FlagLine:
    cause = flagged.cause
    if isinstance(cause, Decision):
        entry = next((one for one in ledger.entries(turn.uow, account) if one.id == cause.on), None)
        return _of_entry(turn, programme, flagged, entry).model_copy(update={"decided": cause.reason})
    return _of_entry(turn, programme, flagged, cause if isinstance(cause, Entry) else None)


def _of_entry(turn: Turn, programme: Programme, flagged: Flagged, entry: Entry | None) -> FlagLine:
    if entry is None:
        return FlagLine(flag=flagged.flag.value)
    return FlagLine(
        flag=flagged.flag.value,
        cite=programme.rulebook.clause(entry.clause).cite,
        entry=entry.number,
        fact=telling.fact(turn.uow, entry.basis),
        at=entry.occurred_at,
    )


def _target(turn: Turn, row: FollowUpRow) -> Target:
    return follow_up_shown.target_of(turn.programme(row.programme), row)
