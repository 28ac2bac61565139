"""分析通报 and 报落后指标: what the office makes of the reported figures, for all and for the leaders in charge."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from assessment.analysis import Behind, Group, title_of, written
from assessment.figures import Band
from assessment.notices import Overview
from assessment.notices.circulars import CircularAsk
from assessment.notices.overview import LagAsk, LagRecipient, LagTold
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers import standing
from handlers.overview import overview_of, owners_of
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage.programmes import Programme

router = Router()

OFFICE = (Role.OFFICE,)
_SCOPE = "分管单位"
_MEANINGS = {
    Band.BELOW_BASE: "低于基本任务",
    Band.BASE: "达到基本任务，未达满分目标",
    Band.FULL: "达到满分目标",
    None: "目标未录入，暂不能判断",
}


@router.command("分析通报", "季分析通报", what="起草指标分析通报", roles=OFFICE, offered=seldom, takes_more=True)
def draft(turn: Turn, rest: str) -> None:
    """分析通报 [第三季度]: the draft is shown; 确认 keeps it under a number, and 发通报 sends it."""
    programme = _programme(turn)
    if programme is None or not turn.may(Action.BROADCAST, Target(office=programme.office), "分析通报"):
        return
    owners = owners_of(turn, programme)
    found = overview_of(turn, programme, owners, scope="")
    groups = [Group(_MEANINGS[line.band], line.names) for line in found.bands]
    months = [standing.months(standing.newest_figures(turn, programme, unit)[0]) for unit in owners]
    text = written(rest or title_of(turn.today), groups, found.unreported, _behind(found, max(months, default=0)))
    turn.ask(
        "circular",
        {"programme": programme.id, "issue": "", "text": text, "findings": [], "record": turn.inbox_id},
    )
    turn.reply(CircularAsk(text=text, lines=()))


@router.command("报落后指标", "落后指标报分管领导", what="向分管领导报落后指标", roles=OFFICE, offered=seldom)
def tell_leaders(turn: Turn, _rest: str) -> None:
    """Each leader in charge hears of the lagging indicators of the own units, and of no others (R70)."""
    programme = _programme(turn)
    if programme is None or not turn.may(Action.SEE_OVERVIEW, Target(office=programme.office), "报落后指标"):
        return
    found = [_recipient(turn, leader, units, told) for leader, units, told in _letters(turn, programme)]
    if not found:
        turn.reply(LagTold())
        return
    turn.ask("lagging", {"programme": programme.id})
    turn.reply(LagAsk(recipients=tuple(found)))


@router.confirmation("lagging")
def take_confirmation(turn: Turn, content: dict[str, Any]) -> None:
    """确认 sends each the list as it stands now."""
    programme = turn.programme(content["programme"])
    if not turn.may(Action.SEE_OVERVIEW, Target(office=programme.office), "报落后指标"):
        return
    told = []
    for leader, units, notice in _letters(turn, programme):
        turn.tell((leader,), notice, key=f"lagging:{turn.inbox_id}", not_before=turn.office_time(programme))
        told.append(_recipient(turn, leader, units, notice))
    turn.reply(LagTold(recipients=tuple(told)))


def _programme(turn: Turn) -> Programme | None:
    with_indicators = [one for one in turn.offices() or turn.programmes if one.rulebook.indicators]
    return next(iter(with_indicators or turn.programmes), None)


def _letters(turn: Turn, programme: Programme) -> Iterator[tuple[int, list[Unit], Overview]]:
    """For each leader in charge of a unit with lagging indicators, those units and how they stand."""
    in_charge: dict[int, list[Unit]] = {}
    for unit in owners_of(turn, programme):
        for leader in turn.roster.holders(unit.id, (Role.LEADER_IN_CHARGE,), turn.today):
            in_charge.setdefault(leader, []).append(unit)
    for leader, units in in_charge.items():
        found = overview_of(turn, programme, units, scope=_SCOPE)
        if found.lagging:
            yield leader, units, found


def _recipient(turn: Turn, leader: int, units: list[Unit], notice: Overview) -> LagRecipient:
    names = tuple(unit.name for unit in units)
    return LagRecipient(leader=turn.roster.person(leader).name, units=names, lagging=len(notice.lagging))


def _behind(found: Overview, months: int) -> tuple[Behind, ...]:
    hundredth = Decimal("0.01")
    passed = (Decimal(months) * 100 / 12).quantize(hundredth, ROUND_HALF_UP) if months else None
    return tuple(Behind(line.name, line.owner, line.share, passed) for line in found.lagging)
