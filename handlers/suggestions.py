"""修改建议: the year's measure stays as it is; what should read otherwise is collected for the next (R87, R90)."""

import re
from typing import Any

from assessment.notices.suggestions import (
    SuggestionAsk,
    SuggestionDecided,
    SuggestionLine,
    SuggestionList,
    SuggestionTaken,
    SuggestionUnclear,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import counters, suggestions
from storage.programmes import Programme
from storage.suggestions import Stage, SuggestionRow

router = Router()

LETTER = "J"
_WORDS = {Stage.OPEN: "待定", Stage.ADOPTED: "采纳", Stage.DECLINED: "不采纳"}
_CITE = re.compile(r"第?[0-9一二三四五六七八九十百]+[条款项](?:第?[0-9一二三四五六七八九十]+[款项])?")
_MAKERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.OFFICE)


@router.command(
    "建议修改",
    "建议修改标准",
    "建议修改办法",
    what="建议修改下年度办法",
    roles=_MAKERS,
    offered=seldom,
    takes_more=True,
)
def suggest(turn: Turn, rest: str) -> None:
    """建议修改 第3条 …: numbered and put on next year's list; this year's measure is not touched."""
    units = turn.actor.units(*_MAKERS)
    unit = units[0] if units else None
    known = turn.programmes
    for programme in known[:1]:
        if not turn.may(Action.SUGGEST, Target(office=programme.office, unit=unit), "建议修改"):
            return
    if unit is None or not known:
        return
    named = [programme for programme in known if programme.rulebook.name in rest]
    chosen = named or list(turn.offices() or known)
    words = rest
    for programme in named:
        words = words.replace(programme.rulebook.name, " ").strip(" ,，:：《》")
    if not words:
        turn.reply(SuggestionUnclear())
    elif len(chosen) > 1:
        turn.reply(SuggestionUnclear(choices=tuple(programme.rulebook.name for programme in chosen)))
    else:
        _take(turn, chosen[0], unit, words)


def _any_open(turn: Turn) -> bool:
    return any(
        row.stage == Stage.OPEN.value
        for programme in turn.offices()
        for row in suggestions.of_programme(turn.uow, programme.id)
    )


@router.command("修改建议", what="查看修改建议", roles=(Role.OFFICE,), offered=_any_open)
def show_suggestions(turn: Turn, _rest: str) -> None:
    """Everything that was suggested on the office's measures, with what it made of it."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.DECIDE_SUGGESTION, Target(office=programme.office), "修改建议"):
            return
        lines = tuple(_line(turn, row) for row in suggestions.of_programme(turn.uow, programme.id))
        turn.reply(SuggestionList(programme=programme.rulebook.name, year=programme.rulebook.year + 1, lines=lines))


@router.command("采纳", what="采纳修改建议", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def adopt(turn: Turn, rest: str) -> None:
    """采纳 J-2608-3."""
    _ask(turn, rest, adopted=True)


@router.command("不采纳", what="不采纳修改建议", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def decline(turn: Turn, rest: str) -> None:
    """不采纳 J-2608-3 理由."""
    _ask(turn, rest, adopted=False)


@router.confirmation("suggestion")
def take_decision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts the office's word down and tells whoever made the suggestion."""
    row = suggestions.by_number(turn.uow, content["number"])
    assert row is not None, "a suggestion is never deleted"
    programme = turn.programme(row.programme)
    if not turn.may(Action.DECIDE_SUGGESTION, Target(office=programme.office), row.number):
        return
    stage = Stage.ADOPTED if content["adopted"] else Stage.DECLINED
    if not suggestions.decide(turn.uow, row, stage, by=turn.actor.person, at=turn.now, reason=content["reason"]):
        turn.reply(_decided_before(turn, row))
        return
    line = _line(turn, row).model_copy(update={"state": _WORDS[stage], "reason": content["reason"]})
    told = SuggestionDecided(line=line, year=programme.rulebook.year + 1)
    key = f"suggestion:{row.id}:{turn.inbox_id}"
    turn.tell((row.person,), told, key=key, not_before=turn.office_time(programme))
    turn.reply(told.model_copy(update={"to_office": True}))


def _take(turn: Turn, programme: Programme, unit: int, words: str) -> None:
    number = counters.number(turn.uow, LETTER, turn.today)
    text = as_typed(turn, words)
    suggestions.add(
        turn.uow,
        number=number,
        programme=programme.id,
        unit=unit,
        person=turn.actor.person,
        text=text,
        at=turn.said_at,
    )
    cite = _CITE.match(words)
    turn.reply(
        SuggestionTaken(
            number=number,
            programme=programme.rulebook.name,
            year=programme.rulebook.year + 1,
            frozen_until=programme.rulebook.frozen_until,
            cite=cite[0] if cite else "",
            text=text,
        )
    )


def _ask(turn: Turn, rest: str, *, adopted: bool) -> None:
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.DECIDE_SUGGESTION, Target(office=programme.office), "修改建议"):
            return
    wanted, reason = numbers.leading(LETTER, rest, turn.today)
    row = suggestions.by_number(turn.uow, wanted[0]) if wanted else None
    if row is None or row.programme not in {programme.id for programme in turn.offices()}:
        turn.reply(SuggestionUnclear(number=wanted[0] if wanted else rest or "编号"))
        return
    if row.stage != Stage.OPEN.value:
        turn.reply(_decided_before(turn, row))
        return
    if not adopted and not reason:
        turn.reply(SuggestionUnclear(number=row.number, reason_missing=True))
        return
    turn.ask("suggestion", {"number": row.number, "adopted": adopted, "reason": reason})
    year = turn.programme(row.programme).rulebook.year + 1
    turn.reply(SuggestionAsk(line=_line(turn, row), adopted=adopted, reason=reason, year=year))


def _decided_before(turn: Turn, row: SuggestionRow) -> SuggestionDecided:
    """What was decided, by whom and when: one suggestion is decided once."""
    assert row.decided_by is not None, "what is not open was decided by somebody"
    return SuggestionDecided(
        line=_line(turn, row),
        year=turn.programme(row.programme).rulebook.year + 1,
        to_office=True,
        before_by=turn.roster.person(row.decided_by).name,
        before_at=row.decided_at,
    )


def _line(turn: Turn, row: SuggestionRow) -> SuggestionLine:
    return SuggestionLine(
        number=row.number,
        unit=turn.roster.unit(row.unit).name,
        text=row.text,
        made_at=row.made_at,
        state=_WORDS[Stage(row.stage)],
        reason=row.reason,
    )
