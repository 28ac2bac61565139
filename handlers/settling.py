"""结算: the points of the indicators for the year, or for a part of it that the measure settles by itself, become
proposals, which 核定 enters; a corrected figure reverses first.
"""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from assessment.ledger import Entry
from assessment.notices import Repair, RepairLine, Reversed, write
from assessment.notices.judging import SettleAsk, SettleDone
from assessment.notices.results import ResultsNotDone, ResultsRefused
from assessment.periods import Period
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers import judging, stage_scores, whom
from handlers.embargo import is_told_all_the_same
from handlers.judging import year_facts
from handlers.router import Router, seldom
from handlers.settlement_shown import Looked, cut_to_page, reference, shown
from handlers.spans import is_over, page_named, part_named
from handlers.turn import Turn
from storage import outbox, programmes, publications, scoring, settling
from storage.outbox import Priority
from storage.programmes import Programme
from storage.proposing import Desk
from storage.settling import SettledLine

router = Router().mount(judging.router, stage_scores.router)


@router.command("结算", what="结算指标得分", roles=(Role.OFFICE,), offered=seldom, takes_more=True)
def settle(turn: Turn, rest: str) -> None:
    """结算 [单位…] [上半年、二季度、8月] [第2页]: what settling would do, for all units or those named; nothing is
    written yet. A part of the year that the measure does not settle is worked out for reference.
    """
    page, said = page_named(rest)
    parts = {programme.id: part_named(said, programme.rulebook.year) for programme in turn.offices()}
    offices = [programme for programme in turn.offices() if programme.rulebook.indicators]
    if not offices:
        _tell_of_no_indicators(turn, parts)
        return
    named = tuple(mention.unit for mention in whom.mentions(turn.roster, said))
    part = parts[offices[0].id]
    if part is None:
        _ask(turn, offices, named, None, page)
        return
    settled_so = [programme for programme in offices if programme.rulebook.settles(part)]
    if not settled_so:
        _tell_reference(turn, offices, named, part, page)
    elif is_over(turn, part, "结算"):
        _ask(turn, settled_so, named, part, page)


@router.confirmation("settle")
def take_settlement(turn: Turn, content: dict[str, Any]) -> None:
    """确认 carries out what was shown and nothing else: a figure that has come since is shown first."""
    named = tuple(turn.roster.unit(unit) for unit in content["units"])
    part = Period.parse(content["part"]) if content.get("part") else None
    looked = []
    for programme in (turn.programme(one) for one in content["programmes"]):
        if not turn.may(Action.SETTLE, Target(office=programme.office), programme.rulebook.name):
            return
        # Two who settle take turns: the second finds the figures entered.
        programmes.hold(turn.uow, programme.id)
        looked.append(_look(turn, programme, named, part))
    now = {_mark_of(one.programme, line) for one in looked for line in one.lines if line.is_new}
    if now != set(content["seen"]):
        turn.reply(RepairLine(about="结算", repair=Repair.FIGURES_CHANGED))
        return
    for one in looked:
        for line in one.lines:
            undoing = settling.carry_out(_desk(turn, one.programme), line, by=turn.actor.person)
            if undoing is not None:
                _tell(turn, one.programme, line, undoing)
    blocks, _ = cut_to_page([shown(one) for one in looked if one.lines], 1)
    turn.reply(SettleDone(blocks=blocks))


def _ask(turn: Turn, offices: Sequence[Programme], named: Sequence[Unit], part: Period | None, page: int) -> None:
    looked = [_look(turn, programme, named, part) for programme in offices]
    new = [(one.programme, line) for one in looked for line in one.lines if line.is_new]
    if new:
        content: dict[str, object] = {
            "programmes": [programme.id for programme in offices],
            "units": [unit.id for unit in named],
            "part": part.name if part is not None else "",
            "seen": [_mark_of(programme, line) for programme, line in new],
        }
        turn.ask("settle", content)
    blocks, pages = cut_to_page([shown(one) for one in looked if one.lines], page)
    turn.reply(
        SettleAsk(
            blocks=blocks,
            unit="、".join(unit.name for unit in named),
            nothing=not new,
            part=part.label() if part is not None else "",
            page=min(page, pages),
            pages=pages,
        )
    )


def _tell_reference(turn: Turn, offices: Sequence[Programme], named: Sequence[Unit], part: Period, page: int) -> None:
    """What the figures up to then would come to; no such measure enters points of it, so there is no question."""
    blocks = []
    for programme in offices:
        if part.year != programme.rulebook.year:
            continue
        found = _look(turn, programme, named, part)
        if found.lines:
            turn.record(Action.SETTLE, f"{programme.rulebook.name}{part.label()}参考")
            blocks.append(reference(found))
    shown_blocks, pages = cut_to_page(blocks, page)
    turn.reply(
        SettleAsk(
            blocks=shown_blocks,
            unit="、".join(unit.name for unit in named),
            nothing=True,
            reference=part.label(),
            page=min(page, pages),
            pages=pages,
        )
    )


def _tell_of_no_indicators(turn: Turn, parts: dict[int, Period | None]) -> None:
    """Nothing is settled; of a part that the measure publishes by itself the ledger says all there is to say."""
    office = next((programme.office for programme in turn.offices()), 0)
    if not turn.may(Action.SETTLE, Target(office=office), "结算"):
        return
    by_ledger = [part for p in turn.offices() if (part := parts[p.id]) is not None and p.rulebook.settles(part)]
    asked = next((part for part in parts.values() if part is not None), None)
    if asked is not None and not by_ledger:
        turn.reply(ResultsNotDone(about="结算", why=ResultsRefused.NOT_BY_PART, words=asked.label()))
        return
    turn.reply(SettleAsk(blocks=(), nothing=True, by_ledger=by_ledger[0].label() if by_ledger else ""))


def _mark_of(programme: Programme, line: SettledLine) -> str:
    """What a line would do, so that it is known again at 确认."""
    proposal = line.proposal
    said = proposal.basis.to_json() if proposal is not None else {}
    points = proposal.points if proposal is not None else None
    old = line.old.number if line.old is not None else ""
    what = (programme.code, line.unit.id, line.indicator.id, line.outcome.value, points, old, sorted(said.items()))
    return sha256(repr(what).encode()).hexdigest()


def _look(turn: Turn, programme: Programme, named: Sequence[Unit], part: Period | None) -> Looked:
    """What settling would do for the units that the sender may settle."""
    facts = replace(year_facts(turn, programme), part=part)
    units = [unit for unit in facts.units() if not named or unit in named]
    allowed = [unit for unit in units if turn.can(Action.SETTLE, Target(office=programme.office, unit=unit.id))]
    return Looked(
        programme=programme,
        facts=facts,
        lines=tuple(settling.look(_desk(turn, programme), facts, allowed)),
        own=tuple(unit for unit in units if unit not in allowed),
    )


def _desk(turn: Turn, programme: Programme) -> Desk:
    return Desk(turn.uow, turn.installation, programme, turn.now)


def _tell(turn: Turn, programme: Programme, line: SettledLine, undoing: Entry) -> None:
    """The unit hears that an entry was reversed, and of the new proposal as of any other."""
    assert line.old is not None, "what was reversed stood"
    secret = programme.rulebook.embargo and publications.last(turn.uow, programme.id) is None
    if secret and not is_told_all_the_same(line.old.points):
        return  # It has never heard of what was added.
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
