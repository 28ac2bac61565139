"""奖励, 授奖, 撤回授奖: who may be chosen this year, who was, what it comes to, and who has it no longer (R54).

People award and take back; the list keeps both, and shows who would not be chosen any more.
"""

from collections.abc import Sequence
from typing import Any

from assessment.awarding import Choosable, choosable, is_given_in, reward_table
from assessment.notices.results import (
    AwardAsk,
    AwardLine,
    AwardTable,
    AwardTakenBack,
    ResultsNotDone,
    ResultsRefused,
    TakeBackAsk,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Award
from assessment.scorecard import View
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import awards, grades, year_results
from storage.awards import AwardRow
from storage.programmes import Programme

router = Router()


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


@router.command("撤回授奖", "取消授奖", what="撤回已登记的授奖", roles=OFFICE, offered=seldom, takes_more=True)
def take_back(turn: Turn, rest: str) -> None:
    """撤回授奖 奖项 名单 理由: asked for confirmation; what was given stays on record with why it was taken back."""
    programmes = turn.offices() or turn.programmes[:1]
    for programme in programmes:
        if not turn.may(Action.AWARD, Target(office=programme.office), "撤回授奖"):
            return
    for programme in programmes:
        rows, reason = _named_winners(turn, programme, rest)
        if not rows:
            continue
        if not reason:
            names = "、".join(row.winner for row in rows)
            turn.reply(
                ResultsNotDone(about="撤回授奖", why=ResultsRefused.TAKE_BACK_REASON, words=f"{rows[0].award} {names}")
            )
            return
        turn.ask("take back award", {"programme": programme.id, "awards": [row.id for row in rows], "reason": reason})
        turn.reply(TakeBackAsk(award=rows[0].award, winners=tuple(row.winner for row in rows), reason=reason))
        return
    turn.reply(ResultsNotDone(about="撤回授奖", why=ResultsRefused.NOBODY_HAS_IT))


@router.confirmation("take back award")
def take_taking_back(turn: Turn, content: dict[str, Any]) -> None:
    """确认 takes it back from whoever still has it, and tells the units."""
    programme = turn.programme(content["programme"])
    standing = {row.id: row for row in awards.of_programme(turn.uow, programme.id)}
    chosen = [standing[one] for one in content["awards"] if one in standing]
    if not turn.may(Action.AWARD, Target(office=programme.office), "撤回授奖"):
        return
    reason, by = content["reason"], turn.actor.person
    done = [row for row in chosen if awards.take_back(turn.uow, row.id, reason=reason, by=by, at=turn.now)]
    if not done:
        turn.reply(ResultsNotDone(about="撤回授奖", why=ResultsRefused.NOBODY_HAS_IT))
        return
    told = AwardTakenBack(award=done[0].award, winners=tuple(row.winner for row in done), reason=reason, by=turn.name)
    units = {row.id: turn.roster.named(row.winner) for row in done}
    untold = []
    for row in done:
        unit = units[row.id]
        people = turn.roster.holders(unit.id, (Role.HEAD, Role.REPORTER), turn.today) if unit is not None else ()
        one = told.model_copy(update={"winners": (row.winner,)})
        turn.tell(people, one, key=f"award taken back:{row.id}", not_before=turn.office_time(programme))
        untold += [] if people else [row.winner]
    turn.reply(told.model_copy(update={"to_office": True, "untold": tuple(untold)}))
    turn.reply(_table(turn, programme))


def _named_winners(turn: Turn, programme: Programme, rest: str) -> tuple[list[AwardRow], str]:
    """Who has the award that the words begin with, as far as they are named behind it; and what is said after them."""
    standing = awards.of_programme(turn.uow, programme.id)
    award = max((row.award for row in standing if rest.startswith(row.award)), key=len, default="")
    words = rest.removeprefix(award).strip(_BETWEEN)
    winners = sorted((row for row in standing if row.award == award), key=lambda row: -len(row.winner))
    found: list[AwardRow] = []
    while row := next((row for row in winners if row not in found and words.startswith(row.winner)), None):
        found.append(row)
        words = words.removeprefix(row.winner).strip(_BETWEEN)
    return found, words.removeprefix("理由").strip(" ：:")


def _table(turn: Turn, programme: Programme) -> AwardTable:
    rulebook = programme.rulebook
    given = _given(programme)
    winners: dict[str, list[str]] = {award.name: [] for award in given}
    gone = [(row.award, row.winner, back.reason) for row, back in awards.taken_back(turn.uow, programme.id)]
    for row in awards.of_programme(turn.uow, programme.id):
        winners.setdefault(row.award, []).append(row.winner)
    # The table counts heads; who they are is a matter of names here, and a winner need be no unit of the roster.
    table = reward_table(rulebook, {name: range(len(names)) for name, names in winners.items()}, year=rulebook.year)
    return AwardTable(
        programme=rulebook.name,
        year=rulebook.year,
        lines=tuple(
            _award_line(turn, _choosable(turn, programme, row.award), row.award, winners[row.award.name]).model_copy(
                update={
                    "total": row.total,
                    "taken_back": tuple((winner, why) for award, winner, why in gone if award == row.award.name),
                }
            )
            for row in table.rows
        ),
        sums=tuple((one.currency, one.total, one.complete) for one in table.sums),
        unset=table.unset,
        mark="◇" if table.stand_in else "",
    )


def _award_line(turn: Turn, listed: Choosable, award: Award, winners: Sequence[str]) -> AwardLine:
    fit = {turn.roster.unit(holder).name for holder in listed.holders}
    # Whoever is not in the roster is known by name alone: nothing speaks for or against.
    unfit = {name for name in winners if turn.roster.named(name) is not None} - fit
    return AwardLine(
        name=award.name,
        to=award.to,
        cite=award.cite,
        choosable=tuple(turn.roster.unit(holder).name for holder in listed.holders),
        excluded=tuple(turn.roster.unit(holder).name for holder in listed.excluded),
        winners=tuple(winners),
        no_longer_fit=tuple(name for name in winners if name in unfit),
        quota=listed.quota,
        quota_unset=listed.quota_unset,
        amount=award.amount.value,
        currency=award.currency,
    )


def _choosable(turn: Turn, programme: Programme, award: Award) -> Choosable:
    units = year_results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now)
    standings = {
        unit.id: year_results.result(turn.uow, programme, unit, turn.now, View.PUBLISHED).eligibility
        for unit in units
        if unit.group == award.to
    }
    decided = {unit: row.grade for unit, row in grades.of_programme(turn.uow, programme.id).items()}
    return choosable(award, grades=decided, groups={unit.id: unit.group for unit in units}, standings=standings)


_BETWEEN = " 、，,；;：:"


def _given(programme: Programme) -> list[Award]:
    return [award for award in programme.rulebook.awards if is_given_in(award, programme.rulebook.year)]


def _names(text: str) -> tuple[str, ...]:
    for sign in "，,；; 和":
        text = text.replace(sign, "、")
    return tuple(dict.fromkeys(name for part in text.split("、") if (name := part.strip(" ：:"))))
