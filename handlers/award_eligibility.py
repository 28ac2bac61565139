"""评优资格, 决定, 奖励, 授奖: who may be chosen this year, what was decided on recommendations, and who was chosen.

A recommendation is no loss until the department concerned has decided (R23); every flag ends with its year (R37).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from assessment.awarding import Choosable, choosable, is_given_in, reward_table
from assessment.eligibility import Decision, Flagged, Standing, flags_of
from assessment.ledger import AccountKey, Entry
from assessment.notices.following_up import FollowUpNotDone, FollowUpRefused
from assessment.notices.results import (
    AwardAsk,
    AwardLine,
    AwardTable,
    EligibilityLine,
    EligibilityTold,
    FlagLine,
    RecommendationAsk,
    RecommendationDecided,
    ResultsNotDone,
    ResultsRefused,
)
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Award, Subject
from assessment.scorecard import View
from handlers import following_up, numbers
from handlers.embargo import is_withheld
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.scores import READERS, SeenAccount, accounts_seen, sees, units_asked
from handlers.turn import Turn
from storage import awards, follow_ups, grades, ledger, recommendations, scoring, telling
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
    if row is None or row.programme not in own or not row.key.startswith(following_up.RECOMMENDED):
        turn.reply(FollowUpNotDone(about="决定", why=FollowUpRefused.NOTHING_LIKE_IT))
        return
    verdict, _, reason = words.partition(" ")
    if verdict not in _LOSES or not reason.strip():
        turn.reply(FollowUpNotDone(about="决定", why=FollowUpRefused.DECIDE_WHAT, number=row.number))
        return
    if not turn.may(Action.FOLLOW_UP, _target(turn, row), row.number):
        return
    if row.stage != Stage.OPEN.value:
        turn.reply(following_up.not_open("决定", row))
        return
    turn.ask("recommendation", {"number": row.number, "loses": _LOSES[verdict], "reason": reason.strip()})
    turn.reply(
        RecommendationAsk(
            number=row.number,
            account=following_up.line_of(turn, row).account,
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
        turn.reply(following_up.not_open("决定", row))
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
        account=following_up.line_of(turn, row).account,
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


@router.command("奖励", what="查看奖项和奖励金额", roles=OFFICE, offered=seldom)
def show_awards(turn: Turn, _rest: str) -> None:
    """Who may be chosen, who was, and what it comes to; amounts that are not set are named (R54)."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.AWARD, Target(office=programme.office), "奖励"):
            return
    with_awards = [programme for programme in turn.offices() if programme.rulebook.awards]
    if not with_awards:
        turn.reply(ResultsNotDone(about="奖励", why=ResultsRefused.NO_AWARDS))
    for programme in with_awards:
        turn.reply(_table(turn, programme))


@router.command("授奖", what="登记授奖名单", roles=OFFICE, offered=seldom, takes_more=True)
def give(turn: Turn, rest: str) -> None:
    """授奖 奖项 名单: asked for confirmation; people award, we keep the list."""
    programmes = turn.offices() or turn.programmes[:1]
    for programme in programmes:
        if not turn.may(Action.AWARD, Target(office=programme.office), "授奖"):
            return
    for programme in programmes:
        given = _given(programme)
        award = next((a for a in sorted(given, key=lambda a: -len(a.name)) if rest.startswith(a.name)), None)
        winners = _names(rest.removeprefix(award.name)) if award is not None else ()
        if award is None or not winners:
            continue
        unknown = tuple(name for name in winners if turn.roster.named(name) is None)
        if unknown and any(unit.group == award.to for unit in turn.roster.units):
            turn.reply(ResultsNotDone(about="授奖", why=ResultsRefused.NOT_IN_ROSTER, words="、".join(unknown)))
            return
        winners = tuple(dict.fromkeys(unit.name if (unit := turn.roster.named(name)) else name for name in winners))
        listed = _choosable(turn, programme, award)
        excluded = {turn.roster.unit(holder).name for holder in listed.excluded}
        fit = excluded | {turn.roster.unit(holder).name for holder in listed.holders}
        turn.ask("award", {"programme": programme.id, "award": award.name, "winners": list(winners)})
        turn.reply(
            AwardAsk(
                award=award.name,
                winners=winners,
                excluded=tuple(name for name in winners if name in excluded),
                unfit=tuple(name for name in winners if name not in fit and name not in unknown),
                unlisted=unknown,
                quota=listed.quota,
                before=sum(row.award == award.name for row in awards.of_programme(turn.uow, programme.id)),
                trial=programme.trial,
            )
        )
        return
    names = "、".join(award.name for programme in programmes for award in _given(programme))
    turn.reply(ResultsNotDone(about="授奖", why=ResultsRefused.NO_AWARDS, words=names))


@router.confirmation("award")
def take_award(turn: Turn, content: dict[str, Any]) -> None:
    """确认 keeps the winners; one who has the award already is kept once."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.AWARD, Target(office=programme.office), content["award"]):
        return
    if programme.trial:
        turn.reply(ResultsNotDone(about="授奖", why=ResultsRefused.TRIAL))
        return
    awards.give(
        turn.uow,
        programme=programme.id,
        award=content["award"],
        winners=content["winners"],
        by=turn.actor.person,
        at=turn.now,
    )
    turn.reply(_table(turn, programme))


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


def _table(turn: Turn, programme: Programme) -> AwardTable:
    rulebook = programme.rulebook
    given = _given(programme)
    winners: dict[str, list[str]] = {award.name: [] for award in given}
    for row in awards.of_programme(turn.uow, programme.id):
        winners.setdefault(row.award, []).append(row.winner)
    # The table counts heads; who they are is a matter of names here, and a winner need be no unit of the roster.
    table = reward_table(rulebook, {name: range(len(names)) for name, names in winners.items()}, year=rulebook.year)
    return AwardTable(
        programme=rulebook.name,
        year=rulebook.year,
        lines=tuple(
            _award_line(turn, _choosable(turn, programme, row.award), row.award, winners[row.award.name]).model_copy(
                update={"total": row.total}
            )
            for row in table.rows
        ),
        sums=tuple((one.currency, one.total, one.complete) for one in table.sums),
        unset=table.unset,
        mark="◇" if table.stand_in else "",
    )


def _award_line(turn: Turn, listed: Choosable, award: Award, winners: Iterable[str]) -> AwardLine:
    return AwardLine(
        name=award.name,
        to=award.to,
        cite=award.cite,
        choosable=tuple(turn.roster.unit(holder).name for holder in listed.holders),
        excluded=tuple(turn.roster.unit(holder).name for holder in listed.excluded),
        winners=tuple(winners),
        quota=listed.quota,
        quota_unset=listed.quota_unset,
        amount=award.amount.value,
        currency=award.currency,
    )


def _choosable(turn: Turn, programme: Programme, award: Award) -> Choosable:
    units = results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now)
    standings = {
        unit.id: results.result(turn.uow, programme, unit, turn.now, View.PUBLISHED).eligibility
        for unit in units
        if unit.group == award.to
    }
    decided = {unit: row.grade for unit, row in grades.of_programme(turn.uow, programme.id).items()}
    return choosable(award, grades=decided, groups={unit.id: unit.group for unit in units}, standings=standings)


def _given(programme: Programme) -> list[Award]:
    return [award for award in programme.rulebook.awards if is_given_in(award, programme.rulebook.year)]


def _names(text: str) -> tuple[str, ...]:
    for sign in "，,；; 和":
        text = text.replace(sign, "、")
    return tuple(dict.fromkeys(name for part in text.split("、") if (name := part.strip(" ：:"))))


def _target(turn: Turn, row: FollowUpRow) -> Target:
    return following_up.target_of(turn.programme(row.programme), row)
