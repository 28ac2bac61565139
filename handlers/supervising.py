"""督办: the rounds of supervision of a matter, each ordered by the office and signed for by the unit."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assessment.due import due_on
from assessment.notices import Repair, RepairLine, WhichDuty
from assessment.notices.supervision import (
    RoundCost,
    RoundLine,
    RoundRefused,
    RoundSigned,
    SuperviseAsk,
    SuperviseDone,
    SupervisedTold,
)
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Audience, Clause, Rulebook, Share, StepKind
from assessment.supervision import clauses_of_round
from handlers import matters as assigning
from handlers import numbers
from handlers.days import dated
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import cases, counters, matters, obligations, proposing, supervision
from storage.matters import MatterRow
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.supervision import SupervisionRow

router = Router()

LETTER = "D"
_ORDINALS = "一二三四五六七八九十"
_WHICH_ROUND = re.compile(rf"第([{_ORDINALS}])次督办|(再次)督办")
_OFFICE = (Role.OFFICE,)
_UNIT = (Role.REPORTER, Role.HEAD)


@dataclass(frozen=True)
class Order:
    """A round about to be ordered: of which matter, about which shares."""

    programme: Programme
    matter: MatterRow
    rows: Sequence[ObligationRow]
    nth: int


def _something_overdue(turn: Turn) -> bool:
    return any(
        row.due <= turn.now
        for programme in turn.offices()
        for row in obligations.of_programme(turn.uow, programme.id, kind=Kind.MATTER, states=(State.OPEN,))
    )


@router.command(
    "督办",
    "再次督办",
    *(f"第{n}次督办" for n in _ORDINALS[:5]),
    what="督办交办事项",
    roles=_OFFICE,
    offered=_something_overdue,
    takes_more=True,
)
def supervise(turn: Turn, rest: str) -> None:
    """督办 S-2608-1 [限3月20日前] [事由]: ask for confirmation, with what it costs; nothing is numbered yet."""
    found = office_matter(turn, Action.SUPERVISE, rest, "督办")
    if found is None:
        return
    programme, matter, words = found
    rows = _owed(turn, programme, matter)
    if rows is None:
        return
    nth = _next_round(turn, matter, _said_round(turn))
    if nth is None:
        return
    limit = dated(turn, words)
    if limit.unclear or (limit.day is not None and limit.day < turn.today):
        facts = {"number": matter.number, "day": limit.unclear or f"{limit.day:%-m月%-d日}"}
        turn.reply(RepairLine(about="督办", repair=Repair.SUPERVISE_UNTIL, facts=facts))
        return
    order = Order(programme, matter, rows, nth)
    turn.ask(
        "supervise",
        {
            "matter": matter.id,
            "round": nth,
            "obligations": [row.id for row in rows],
            "until": limit.day.isoformat() if limit.day is not None else None,
            "reason": limit.words,
        },
    )
    turn.reply(
        SuperviseAsk(
            number=matter.number,
            title=matter.title,
            nth=nth,
            units=tuple(turn.roster.unit(row.unit).name for row in rows),
            due=matter.due,
            until=_until(turn, limit.day),
            reason=limit.words,
            costs=_costs(turn, order, rows, nth),
            next_costs=_costs(turn, order, rows, nth + 1),
            before=tuple(_round_line(turn, one) for one in supervision.rounds(turn.uow, matter.id)),
            trial=programme.trial,
        )
    )


@router.command("督办单", what="督办交办事项", roles=_OFFICE, offered=seldom, takes_more=True)
def supervise_by_letter(turn: Turn, rest: str) -> None:
    """督办单 S-2608-1: the same, as offices also call it."""
    supervise(turn, rest)


@router.confirmation("supervise")
def take_supervision(turn: Turn, content: dict[str, Any]) -> None:
    """确认 is the 签发: the letter gets its number, the round is recorded, and whoever still owes is told."""
    matter = matters.hold(turn.uow, content["matter"])
    programme = turn.programme(matter.programme)
    if len(supervision.rounds(turn.uow, matter.id)) + 1 != content["round"]:
        turn.reply(RepairLine(about=matter.title, repair=Repair.SUPERVISED_MEANWHILE, facts={"number": matter.number}))
        return
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    rows = [row for row in rows if row.facts().owes]
    if not rows:
        turn.reply(RepairLine(about=matter.title, repair=Repair.NOTHING_TO_SUPERVISE, facts={"number": matter.number}))
        return
    until = _until(turn, date.fromisoformat(content["until"]) if content["until"] else None)
    if until is not None and until <= turn.now:
        turn.reply(RepairLine(about="督办", repair=Repair.TIME_LIMIT_PASSED_MEANWHILE))
        return
    if not all(turn.may(Action.SUPERVISE, _target(programme, row), matter.number) for row in rows):
        return
    order = Order(programme, matter, rows, content["round"])
    letter = counters.number(turn.uow, LETTER, turn.today)
    supervision.record(
        turn.uow,
        number=letter,
        matter=matter.id,
        round_=order.nth,
        by=turn.actor.person,
        at=turn.now,
        until=until,
        reason=content["reason"],
        shares=[row.id for row in rows],
    )
    at = turn.office_time(programme)
    for row in rows:
        _tell(turn, order, row, letter, until, content["reason"], at)
    # After the letters, so that the unit hears of the round before it hears of the points.
    for row in rows:
        again = proposing.follow(turn.uow, turn.installation, programme, row, turn.now)
        if again is not None:
            cases.look_no_later(turn.uow, row.id, again)
    turn.reply(
        SuperviseDone(
            letter=letter,
            number=matter.number,
            title=matter.title,
            nth=order.nth,
            units=tuple(turn.roster.unit(row.unit).name for row in rows),
            until=until,
            held_until=at if at > turn.now else None,
            unreached=assigning.unreached(turn, [row.unit for row in rows]),
            trial=programme.trial,
        )
    )


def owes_a_receipt(turn: Turn) -> bool:
    """Whether a letter to the sender's units waits for its 签收."""
    return any(share.signed_at is None for _, share in _letters(turn))


def took_receipt(turn: Turn, rest: str, *, alone: bool) -> bool:
    """收到 D-2608-5, or 收到 `alone` where nothing else waits for it; False where no letter is meant."""
    if rest[:1].upper() == LETTER:
        wanted, _ = numbers.leading(LETTER, rest, turn.today)
        found = _letters(turn, wanted[0]) if wanted else []
    elif not rest and alone:
        found = [one for one in _letters(turn) if one[1].signed_at is None][:1]
    else:
        return False
    if not found:
        return False
    row, share = found[0]
    obligation = obligations.get(turn.uow, share.obligation)
    programme = turn.programme(obligation.programme)
    if not turn.may(Action.RECEIPT, Target(office=programme.office, person=turn.actor.person), row.number):
        return True
    fresh = supervision.sign(turn.uow, share.id, by=turn.actor.person, at=turn.said_at)
    turn.reply(
        RoundSigned(
            letter=row.number,
            nth=row.round,
            title=obligation.title,
            office=turn.roster.unit(programme.office).name,
            signed_at=turn.said_at if fresh or share.signed_at is None else share.signed_at,
            before=not fresh,
        )
    )
    return True


def office_matter(turn: Turn, action: Action, text: str, word: str) -> tuple[Programme, MatterRow, str] | None:
    """The matter that the office means, by its number or its title, and the other words; None when answered."""
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(action, Target(office=programme.office), word):
            return None
    wanted, words = numbers.leading("S", text, turn.today)
    if wanted:
        matter = matters.by_number(turn.uow, wanted[0])
        found = [(p, matter) for p in offices if matter is not None and p.id == matter.programme]
    else:
        found = [one for one in _open_matters(turn, offices) if one[1].title in text] if text else []
    if not found:
        turn.reply(RepairLine(about=word, repair=Repair.WHICH_MATTER, facts={"word": word}))
        return None
    if len(found) > 1:
        turn.reply(WhichDuty(titles=tuple(f"{word} {matter.number} {matter.title}" for _, matter in found)))
        return None
    programme, matter = found[0]
    return programme, matter, words.replace(matter.title, " ", 1).strip(" ,，:：")


def round_costs(clauses: Iterable[tuple[str, Clause]]) -> tuple[RoundCost, ...]:
    """What clauses take off, each once with the units that it concerns."""
    by_clause: dict[str, tuple[Clause, list[str]]] = {}
    for unit, clause in clauses:
        by_clause.setdefault(clause.id, (clause, []))[1].append(unit)
    return tuple(
        RoundCost(
            units=tuple(units),
            cite=clause.cite,
            name=clause.name,
            points=clause.points.value,
            mark=clause.points.mark,
            flag=clause.flag.value if clause.flag is not None else "",
        )
        for clause, units in by_clause.values()
    )


def _open_matters(turn: Turn, offices: Iterable[Programme]) -> list[tuple[Programme, MatterRow]]:
    refs = {
        row.ref: programme
        for programme in offices
        for row in obligations.of_programme(
            turn.uow, programme.id, kind=Kind.MATTER, states=(State.OPEN, State.UNSIGNED, State.REVIEW)
        )
    }
    return [(programme, matters.get(turn.uow, int(ref))) for ref, programme in refs.items()]


def _owed(turn: Turn, programme: Programme, matter: MatterRow) -> list[ObligationRow] | None:
    """The shares that are still owed, if the sender may supervise them all; None when answered."""
    every = obligations.of_matter(turn.uow, matter.id)
    rows = [row for row in every if row.facts().owes]
    if not rows:
        reported = any(row.state == State.REVIEW.value for row in every)
        repair = Repair.MATTER_REPORTED_DONE if reported else Repair.NOTHING_TO_SUPERVISE
        turn.reply(RepairLine(about=matter.title, repair=repair, facts={"number": matter.number}))
        return None
    if not all(turn.may(Action.SUPERVISE, _target(programme, row), matter.number) for row in rows):
        return None
    return rows


def _said_round(turn: Turn) -> int | None:
    """Which round was said: 第二次 is 2, 再次 is 0 for one that is not the first; None where nothing was said."""
    found = _WHICH_ROUND.match(turn.text)
    if found is None:
        return None
    return _ORDINALS.index(found[1]) + 1 if found[1] else 0


def _next_round(turn: Turn, matter: MatterRow, said: int | None) -> int | None:
    """The round that comes next, if it is the one that was said; None when answered (A27)."""
    stands = supervision.rounds(turn.uow, matter.id)
    comes = len(stands) + 1
    wanted = comes if said is None else said or max(comes, 2)
    if wanted == comes:
        return comes
    one = stands[wanted - 1] if wanted < comes else None
    turn.reply(
        RoundRefused(
            number=matter.number,
            title=matter.title,
            wanted=wanted,
            stands=comes - 1,
            letter=one.number if one else "",
            at=one.ordered_at if one else None,
        )
    )
    return None


def _costs(turn: Turn, order: Order, rows: Iterable[ObligationRow], nth: int) -> tuple[RoundCost, ...]:
    shares = dict(matters.units(turn.uow, order.matter.id))
    rulebook, category = order.programme.rulebook, order.matter.category
    return round_costs(
        (
            (turn.roster.unit(row.unit).name, clause)
            for row in rows
            for clause in clauses_of_round(rulebook, nth, shares.get(row.unit, Share.LEAD), category)
        ),
    )


def _tell(
    turn: Turn, order: Order, row: ObligationRow, letter: str, until: datetime | None, reason: str, at: datetime
) -> None:
    """The letter to those who must act and their head; a copy to the leaders from the second round on."""
    told = SupervisedTold(
        letter=letter,
        number=order.matter.number,
        title=order.matter.title,
        nth=order.nth,
        unit=turn.roster.unit(row.unit).name,
        due=row.due,
        until=until,
        reason=reason,
        costs=_costs(turn, order, [row], order.nth),
        next_costs=_costs(turn, order, [row], order.nth + 1),
        office=turn.roster.unit(order.programme.office).name,
    )
    # Not withdrawn by a report that comes meanwhile: the round is on record, and the unit must know of it.
    unit = dict.fromkeys(
        (
            *cases.responsible(turn.roster, row, turn.installation, turn.now),
            *turn.roster.holders(row.unit, (Role.HEAD,), turn.today),
        )
    )
    turn.tell(unit, told, key=f"supervised:{letter}:{row.id}", not_before=at, programme=order.programme)
    leaders: Sequence[int] = ()
    if order.nth > 1 or _leaders_are_told(order.programme.rulebook):
        leaders = cases.hearers(
            turn.uow, turn.roster, row, order.programme, Audience.LEADER, turn.installation, turn.now
        )
    elif order.matter.leader is not None:
        leaders = (order.matter.leader,)
    copied = told.model_copy(update={"copied": True})
    turn.tell(
        (p for p in leaders if p not in unit),
        copied,
        key=f"supervised:{letter}:{row.id}",
        not_before=at,
        programme=order.programme,
    )


def _leaders_are_told(rulebook: Rulebook) -> bool:
    """Whether the ladder of matters itself tells the leader in charge when it comes to 督办."""
    steps = rulebook.ladder(rulebook.matter_ladder).steps if rulebook.matter_ladder is not None else ()
    return any(step.kind is StepKind.SUPERVISE and Audience.LEADER in step.audience for step in steps)


def _round_line(turn: Turn, row: SupervisionRow) -> RoundLine:
    shares = [
        (turn.roster.unit(obligations.get(turn.uow, share.obligation).unit).name, share.signed_at)
        for share in supervision.shares(turn.uow, row.id)
    ]
    return RoundLine(
        nth=row.round,
        letter=row.number,
        at=row.ordered_at,
        signed=tuple(unit for unit, signed_at in shares if signed_at is not None),
        unsigned=tuple(unit for unit, signed_at in shares if signed_at is None),
    )


def _letters(turn: Turn, number: str | None = None) -> list[Any]:
    own = [row.id for unit in turn.own_units() for row in obligations.of_unit(turn.uow, unit.id)]
    return supervision.letters_to(turn.uow, own, number) if own else []


def _until(turn: Turn, day: date | None) -> datetime | None:
    return due_on(day, turn.installation.zone).due if day is not None else None


def _target(programme: Programme, row: ObligationRow) -> Target:
    return Target(office=programme.office, unit=row.unit)
