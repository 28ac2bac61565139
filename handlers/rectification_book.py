"""整改台账: every problem with where it stands; counted, and one by one where few are asked for."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assessment.notices.rectifying import RectifyBook, RectifyCount, RectifyEntry, RectifyPart, RectifyUnit
from assessment.obligation import Kind
from assessment.rectification import SETTLED, Standing, by_kind, standing, unsaid
from assessment.rights import Action, Target
from assessment.roster import Unit
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.whom import mentions
from storage import inability, obligations, rectifications, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme

router = Router()

_SHOWN = 12
"""So many problems are listed one by one; more are only counted, unless a unit, a kind or a standing is asked for."""


@dataclass(frozen=True)
class _Problem:
    unit: Unit
    standing: Standing
    entry: RectifyEntry


@router.command("整改台账", "问题清单", "整改情况", what="查看整改台账", offered=seldom, takes_more=True)
def show(turn: Turn, rest: str) -> None:
    """整改台账 [单位] [类型] [待核验]: all to the office and the leaders; to others what is their own."""
    found = [
        _problem(turn, programme, row)
        for programme in turn.programmes
        if not turn.is_hidden(programme)
        for row in obligations.of_programme(turn.uow, programme.id, kind=Kind.RECTIFICATION)
        if turn.can(Action.SEE_PROGRESS, Target(office=programme.office, unit=row.unit))
    ]
    if not found and not turn.own_units() and not turn.offices():
        turn.may(Action.SEE_PROGRESS, Target(office=0), "整改台账")
        return
    turn.record(Action.SEE_PROGRESS, "整改台账")
    chosen, scope = _chosen(turn, found, rest)
    turn.reply(
        RectifyBook(
            scope=scope,
            now=turn.now,
            standings=_standings(chosen),
            kinds=_kinds(chosen),
            units=tuple(_units(chosen, listed=bool(scope) or len(chosen) <= _SHOWN)),
        )
    )


def _chosen(turn: Turn, found: Sequence[_Problem], text: str) -> tuple[Sequence[_Problem], str]:
    """What is asked for, and in which words: by units, by a kind of problem, by a standing."""
    units = dict.fromkeys(mention.unit.id for mention in mentions(turn.roster, text))
    rules = [programme.rulebook.rectification for programme in turn.programmes]
    kinds = [kind for rule in rules if rule is not None for kind in rule.kinds if kind in text]
    standings = [one for one in Standing if one.value in text]
    chosen = [
        one
        for one in found
        if (not units or one.unit.id in units)
        and (not kinds or one.entry.kind in kinds)
        and (not standings or one.standing in standings)
    ]
    names = (*(turn.roster.unit(unit).name for unit in units), *dict.fromkeys(kinds), *standings)
    return chosen, "、".join(names)


def _units(chosen: Sequence[_Problem], *, listed: bool) -> Iterable[RectifyUnit]:
    of_unit: dict[str, list[_Problem]] = {}
    for one in chosen:
        of_unit.setdefault(one.unit.name, []).append(one)
    for name, problems in of_unit.items():
        yield RectifyUnit(
            unit=name,
            standings=_standings(problems),
            kinds=_kinds(problems),
            entries=tuple(one.entry for one in problems) if listed else (),
        )


def _standings(chosen: Sequence[_Problem]) -> tuple[RectifyCount, ...]:
    counted = Counter(one.standing for one in chosen)
    return _counts({one.value: counted[one] for one in Standing if counted[one]})


def _kinds(chosen: Sequence[_Problem]) -> tuple[RectifyCount, ...]:
    return _counts(by_kind(one.entry.kind for one in chosen if one.entry.kind and one.standing not in SETTLED))


def _counts(counted: Mapping[str, int]) -> tuple[RectifyCount, ...]:
    return tuple(RectifyCount(name=name, count=count) for name, count in counted.items())


def _problem(turn: Turn, programme: Programme, row: ObligationRow) -> _Problem:
    item = rectifications.item(turn.uow, row)
    rules = programme.rulebook.rectification
    required = rules.required if rules is not None else ()
    said = submissions.current(turn.uow, row.id)
    missing, known = unsaid(required, said), inability.of_obligation(turn.uow, row.id)
    unable = known is not None and known.marked_at is not None
    where = standing(row.facts(), turn.now, unclaimed=bool(missing), unable=unable)
    entry = RectifyEntry(
        number=row.number,
        text=item.text,
        kind=item.kind,
        standing=where.value,
        due=row.due,
        parts=tuple(RectifyPart(name=name, text=said.parts[name]) for name in required if name in said.parts),
        missing=missing if where in (Standing.UNCLAIMED, Standing.OVERDUE) else (),
        why=known.reason if known is not None else "",
    )
    return _Problem(turn.roster.unit(row.unit), where, entry)
