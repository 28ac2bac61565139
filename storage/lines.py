"""The accounts of the leaders' lines 条线: who holds them, and how they stand among one another (R26)."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from assessment.ledger import AccountKey
from assessment.lines import Line, leader_of
from assessment.marking import Fact
from assessment.rulebook import Rulebook, Subject
from assessment.scorecard import View
from storage import roster, scoring
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

AnyFact = TypeVar("AnyFact", bound=Fact)


def account(programme: Programme, leader: int) -> AccountKey:
    """The account of a leader's line in a programme."""
    return AccountKey(programme.code, Subject.LINE, leader)


def unset_clauses(rulebook: Rulebook) -> tuple[str, ...]:
    """The names of the clauses on lines whose points the text withholds: until they are set no line is ranked."""
    return tuple(
        clause.name
        for clause in rulebook.clauses
        if clause.subject is Subject.LINE and clause.printed is None and clause.discretion is None
    )


def totals(
    uow: UnitOfWork, programme: Programme, lines: Iterable[Line], as_of: datetime
) -> Mapping[int, Decimal | None]:
    """The confirmed total of each line as recorded by then, by leader; None while something of it is unset."""
    if unset_clauses(programme.rulebook):
        return {line.leader: None for line in lines}
    cards = {
        line.leader: scoring.card(uow, programme, account(programme, line.leader), as_of, View.PUBLISHED)
        for line in lines
    }
    return {leader: None if card.estimated else card.confirmed.final for leader, card in cards.items()}


def with_line(uow: UnitOfWork, rulebook: Rulebook, fact: AnyFact, day: date) -> AnyFact:
    """The fact with the leader in whose line the unit was on that day, where the measure has accounts for lines."""
    if rulebook.account(Subject.LINE) is None:
        return fact
    return replace(fact, line=leader_of(roster.whole(uow), fact.unit, day))
