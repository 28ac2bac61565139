"""分解到人: a unit names section and person for each of its indicators; the office sees what nobody has yet (R115)."""

import re
from collections.abc import Mapping, Sequence

from assessment.breakdown import Breakdown, Named, breakdown, works_in
from assessment.indicator import Indicator
from assessment.notices.breakdowns import (
    BreakdownNotTaken,
    BreakdownOwn,
    BreakdownTaken,
    BreakdownTold,
    BreakdownUnclear,
    NamedLine,
    UnitBreakdown,
)
from assessment.requirements import reported_by
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.typed_text import plain
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import breakdowns
from storage.programmes import Programme

router = Router()

WORD = "分解到人"
_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD, Role.OFFICE, Role.LEADER, Role.LEADER_IN_CHARGE)
_BETWEEN = re.compile(r"[\s,，、:：;；。]+")
_SHORTEST = 2
"""A part of an indicator's name of one sign would be found in many."""

Owned = tuple[Programme, Unit, Indicator]


@router.command(WORD, "分解任务到人", what="任务分解到科室和个人", roles=_ROLES, offered=seldom, takes_more=True)
def break_down(turn: Turn, rest: str) -> None:
    """分解到人 指标 科室 姓名 names somebody; alone it says what is still to be broken down."""
    if rest and turn.own_units():
        _take(turn, rest)
        return
    told = _tell_overview(turn)
    for unit in turn.own_units():
        told |= _tell_unit(turn, unit)
    if told:
        return
    if turn.own_units():
        turn.reply(BreakdownNotTaken(why=BreakdownUnclear.NOTHING))
        return
    office = next((programme.office for programme in turn.programmes), 0)
    if turn.may(Action.SEE_OVERVIEW, Target(office=office), WORD):
        turn.reply(BreakdownTold())


def _take(turn: Turn, text: str) -> None:
    owned = [
        (programme, unit, one)
        for programme in turn.programmes
        for unit in turn.own_units()
        for one in reported_by(programme.rulebook, unit)
    ]
    if not owned:
        turn.reply(BreakdownNotTaken(why=BreakdownUnclear.NOTHING))
        return
    meant, words = _meant(owned, text)
    if meant is None:
        names = tuple(dict.fromkeys(one.name for _, _, one in owned))
        turn.reply(BreakdownNotTaken(why=BreakdownUnclear.WHICH, indicators=names))
        return
    programme, unit, indicator = meant
    if not turn.may(Action.BREAK_DOWN, Target(office=programme.office, unit=unit.id), indicator.name):
        return
    parts = [part for part in _BETWEEN.split(words) if part]
    if len(parts) < 2:
        turn.reply(BreakdownNotTaken(why=BreakdownUnclear.WHO, indicator=indicator.name))
        return
    section, name = " ".join(parts[:-1]), parts[-1]
    person = _person(turn, unit, name)
    if person is not None and not works_in(turn.roster, person, unit.id, turn.today):
        turn.reply(BreakdownNotTaken(why=BreakdownUnclear.LEFT, indicator=indicator.name, name=name))
        return
    _name(turn, programme, unit, indicator, Named(indicator.id, section, name, person))


def _name(turn: Turn, programme: Programme, unit: Unit, indicator: Indicator, named: Named) -> None:
    before = _of_unit(turn, programme, unit, breakdowns.of_programme(turn.uow, programme.id)).named.get(indicator.id)
    breakdowns.name(turn.uow, named, programme=programme.id, unit=unit.id, by=turn.actor.person, at=turn.said_at)
    stands = _of_unit(turn, programme, unit, breakdowns.of_programme(turn.uow, programme.id))
    turn.reply(
        BreakdownTaken(
            indicator=indicator.name,
            section=named.section,
            name=named.name,
            in_roster=named.person is not None,
            before=f"{before.section} {_called(turn, before)}" if before is not None else "",
            left=tuple(one.name for one in (*stands.missing, *stands.anew)),
            taken_at=turn.said_at,
        )
    )


def _meant(owned: Sequence[Owned], text: str) -> tuple[Owned | None, str]:
    """The indicator at the start, in full or by a part of its name that no other of the unit's has; and the rest."""
    names = [(plain(name), each) for each in owned for name in (each[2].name, *each[2].aliases)]
    whole = max((one for one in names if text.startswith(one[0])), key=lambda one: len(one[0]), default=None)
    if whole is not None:
        return whole[1], text[len(whole[0]) :]
    word, *rest = _BETWEEN.split(text, maxsplit=1)
    found = [each for each in owned if len(word) >= _SHORTEST and word in plain(each[2].name)]
    return (found[0] if len(found) == 1 else None), " ".join(rest)


def _person(turn: Turn, unit: Unit, name: str) -> int | None:
    """Whoever of that name is or was in the unit, rather who is; None where the roster knows nobody, or several."""
    known = [one.id for one in turn.roster.people if plain(one.name) == name]
    here = [person for person in known if works_in(turn.roster, person, unit.id, turn.today)]
    once = [person for person in known if any(p.person == person and p.unit == unit.id for p in turn.roster.posts)]
    found = here or once
    return found[0] if len(found) == 1 else None


def _tell_overview(turn: Turn) -> bool:
    """One answer for each measure of which the sender may see units other than as one of them."""
    told = False
    for programme in turn.programmes:
        said = breakdowns.of_programme(turn.uow, programme.id)
        lines = []
        for unit in turn.roster.units:
            if not unit.belongs_on(turn.today) or not reported_by(programme.rulebook, unit):
                continue
            if turn.can(Action.SEE_OVERVIEW, Target(office=programme.office, unit=unit.id)):
                lines.append(_line(unit, _of_unit(turn, programme, unit, said)))
        if lines:
            turn.record(Action.SEE_OVERVIEW, f"{programme.rulebook.name}{WORD}")
            turn.reply(BreakdownTold(programme=programme.rulebook.name, lines=tuple(lines)))
            told = True
    return told


def _tell_unit(turn: Turn, unit: Unit) -> bool:
    told = False
    for programme in turn.programmes:
        owned = reported_by(programme.rulebook, unit)
        if not owned:
            continue
        if not turn.may(Action.BREAK_DOWN, Target(office=programme.office, unit=unit.id), WORD):
            return True
        stands = _of_unit(turn, programme, unit, breakdowns.of_programme(turn.uow, programme.id))
        lines = tuple(_named_line(turn, one, stands) for one in owned)
        turn.reply(BreakdownOwn(programme=programme.rulebook.name, unit=unit.name, lines=lines))
        told = True
    return told


def _of_unit(turn: Turn, programme: Programme, unit: Unit, said: Mapping[int, Sequence[Named]]) -> Breakdown:
    owned = reported_by(programme.rulebook, unit)
    return breakdown(owned, said.get(unit.id, ()), turn.roster, unit.id, turn.today)


def _line(unit: Unit, stands: Breakdown) -> UnitBreakdown:
    return UnitBreakdown(
        unit=unit.name,
        indicators=len(stands.named) + len(stands.missing) + len(stands.anew),
        missing=tuple(one.name for one in stands.missing),
        anew=tuple(one.name for one in stands.anew),
    )


def _named_line(turn: Turn, indicator: Indicator, stands: Breakdown) -> NamedLine:
    named = stands.named.get(indicator.id)
    if named is None:
        return NamedLine(indicator=indicator.name, has_left=indicator in stands.anew)
    return NamedLine(indicator=indicator.name, section=named.section, name=_called(turn, named))


def _called(turn: Turn, named: Named) -> str:
    return turn.roster.person(named.person).name if named.person is not None else named.name
