"""结算: the year's points of the indicators become proposals, which 核定 enters; a corrected figure reverses first."""

import re
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from assessment.ledger import Entry
from assessment.mark_words import in_words
from assessment.notices import Repair, RepairLine, Reversed, write
from assessment.notices.judging import SettleAsk, SettleBlock, SettleDone, SettleLine
from assessment.periods import Frequency, Period
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers import judging, stage_scores, whom
from handlers.judging import year_facts
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import outbox, publications, scoring, settling
from storage.outbox import Priority
from storage.programmes import Programme
from storage.proposing import Desk
from storage.settling import Outcome, SettledLine, YearFacts

router = Router().mount(judging.router, stage_scores.router)


_STRETCH = re.compile("上半年|[一二三1-3]季度")
_LAST_MONTH = {"上": 6, "一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9}
"""The month with which a stretch of the year ends, by the first letter of what people call it."""


@router.command("结算", what="结算指标得分", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def settle(turn: Turn, rest: str) -> None:
    """结算 [单位…] [上半年]: what settling the year would do, for all units or those named; nothing is written yet."""
    offices = [programme for programme in turn.offices() if programme.rulebook.indicators]
    if not offices:
        office = next((programme.office for programme in turn.offices()), 0)
        if turn.may(Action.SETTLE, Target(office=office), "结算"):
            turn.reply(SettleAsk(blocks=(), nothing=True))
        return
    named = tuple(mention.unit for mention in whom.mentions(turn.roster, rest))
    stretch = _STRETCH.search(rest)
    if stretch is not None:
        _tell_reference(turn, offices, named, stretch[0])
        return
    looked = [(programme, _look(turn, programme, named)) for programme in offices]
    blocks = tuple(_block(turn, programme, lines, named) for programme, lines in looked if lines)
    todo = any(line.is_new for _, lines in looked for line in lines)
    if todo:
        content: dict[str, object] = {
            "programmes": [programme.id for programme in offices],
            "units": [unit.id for unit in named],
            "seen": [_mark_of(programme, line) for programme, lines in looked for line in lines if line.is_new],
        }
        turn.ask("settle", content)
    turn.reply(SettleAsk(blocks=blocks, unit="、".join(unit.name for unit in named), nothing=not todo))


def _tell_reference(turn: Turn, offices: Sequence[Programme], named: Sequence[Unit], stretch: str) -> None:
    """What the figures up to then would come to; no measure enters points of half a year, so there is no question."""
    blocks = []
    for programme in offices:
        until = Period(programme.rulebook.year, Frequency.MONTH, _LAST_MONTH[stretch[0]]).last_day
        facts = replace(year_facts(turn, programme), until=until)
        units = [unit for unit in facts.units() if (not named or unit in named) and _may(turn, programme, unit)]
        lines = settling.look(_desk(turn, programme), facts, units)
        if lines:
            turn.record(Action.SETTLE, f"{programme.rulebook.name}{stretch}参考")
            blocks.append(_reference(programme, facts, lines))
    turn.reply(SettleAsk(blocks=tuple(blocks), unit="、".join(u.name for u in named), nothing=True, reference=stretch))


def _reference(programme: Programme, facts: YearFacts, lines: Sequence[SettledLine]) -> SettleBlock:
    worked = [line for line in lines if line.proposal is not None]
    return SettleBlock(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        period=settling.period_of(programme),
        months=facts.months_passed,
        proposed=tuple(_shown(line) for line in worked if line.mark.points is not None),
        unset=tuple(_shown(line) for line in worked if line.mark.points is None),
        waiting=tuple(_shown(line) for line in lines if line.proposal is None),
    )


@router.confirmation("settle")
def take_settlement(turn: Turn, content: dict[str, Any]) -> None:
    """确认 carries out what was shown and nothing else: a figure that has come since is shown first."""
    named = tuple(turn.roster.unit(unit) for unit in content["units"])
    looked = []
    for programme in (turn.programme(one) for one in content["programmes"]):
        if not turn.may(Action.SETTLE, Target(office=programme.office), programme.rulebook.name):
            return
        looked.append((programme, _look(turn, programme, named)))
    now = {_mark_of(programme, line) for programme, lines in looked for line in lines if line.is_new}
    if now != set(content["seen"]):
        turn.reply(RepairLine(about="结算", repair=Repair.FIGURES_CHANGED))
        return
    done = []
    for programme, lines in looked:
        for line in lines:
            undoing = settling.carry_out(_desk(turn, programme), line, by=turn.actor.person)
            if undoing is not None:
                _tell(turn, programme, line, undoing)
        if lines:
            done.append(_block(turn, programme, lines, named))
    turn.reply(SettleDone(blocks=tuple(done)))


def _mark_of(programme: Programme, line: SettledLine) -> str:
    """What a line would do, so that it is known again at 确认."""
    proposal = line.proposal
    said = proposal.basis.to_json() if proposal is not None else {}
    points = proposal.points if proposal is not None else None
    old = line.old.number if line.old is not None else ""
    what = (programme.code, line.unit.id, line.indicator.id, line.outcome.value, points, old, sorted(said.items()))
    return sha256(repr(what).encode()).hexdigest()


def _look(turn: Turn, programme: Programme, named: Sequence[Unit]) -> list[SettledLine]:
    """What settling would do for the units that the sender may settle."""
    facts = year_facts(turn, programme)
    units = [unit for unit in facts.units() if not named or unit in named]
    return settling.look(_desk(turn, programme), facts, [unit for unit in units if _may(turn, programme, unit)])


def _may(turn: Turn, programme: Programme, unit: Unit) -> bool:
    return turn.can(Action.SETTLE, Target(office=programme.office, unit=unit.id))


def _desk(turn: Turn, programme: Programme) -> Desk:
    return Desk(turn.uow, turn.installation, programme, turn.now)


def _block(turn: Turn, programme: Programme, lines: Sequence[SettledLine], named: Sequence[Unit]) -> SettleBlock:
    def those(outcome: Outcome) -> tuple[SettleLine, ...]:
        return tuple(_shown(line) for line in lines if line.outcome is outcome)

    facts = year_facts(turn, programme)
    units = [unit for unit in facts.units() if not named or unit in named]
    return SettleBlock(
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        period=settling.period_of(programme),
        months=facts.months_passed,
        proposed=those(Outcome.NEW),
        unset=those(Outcome.UNSET),
        waiting=those(Outcome.WAITING),
        dropped=tuple(_shown(line) for line in lines if line.falls),
        changed=those(Outcome.CHANGED),
        prepared=those(Outcome.PREPARED),
        by_two=those(Outcome.BY_TWO),
        refused=sum(line.outcome is Outcome.REFUSED for line in lines),
        same=sum(line.outcome is Outcome.SAME for line in lines),
        own=tuple(unit.name for unit in units if not _may(turn, programme, unit)),
        trial=programme.trial,
    )


def _shown(line: SettledLine) -> SettleLine:
    proposal = line.proposal
    return SettleLine(
        unit=line.unit.name,
        indicator=line.indicator.name,
        points=proposal.points if proposal is not None else None,
        mark="◇" if proposal is not None and proposal.stand_in else "",
        reasons=in_words(line.mark)[-len({lack.why for lack in line.mark.lacks}) :] if line.mark.lacks else (),
        entry=line.old.number if line.old is not None else "",
    )


def _tell(turn: Turn, programme: Programme, line: SettledLine, undoing: Entry) -> None:
    """The unit hears that an entry was reversed, and of the new proposal as of any other."""
    assert line.old is not None, "what was reversed stood"
    secret = programme.rulebook.embargo and publications.last(turn.uow, programme.id) is None
    told = Reversed(
        entry=line.old.number,
        by_entry=undoing.number,
        account=line.unit.name,
        unit=line.unit.name,
        cite=line.indicator.cite,
        points=line.old.points,
        reason=undoing.basis.reason or "",
        by=turn.name,
        total=None if secret else scoring.card(turn.uow, programme, line.old.account, turn.now).confirmed.final,
        to_unit=True,
    )
    for person in turn.roster.holders(line.unit.id, (Role.REPORTER, Role.HEAD), turn.today):
        outbox.tell(
            turn.uow,
            person,
            write(told),
            key=f"reversed:{undoing.id}:{person}",
            priority=Priority.ESCALATION,
            queued_at=turn.now,
            not_before=turn.office_time(programme),
        )
