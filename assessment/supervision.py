"""Supervision 督办 of a matter: its rounds one after the other, and what a round or a return takes off.

The office orders a round by name and date; nothing here is counted by the clock. Whether several deductions on one
matter add up or the highest stands is the scorecard's reading (A8), never decided here.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from assessment.ledger import AccountKey, Basis
from assessment.marking import Fact, Proposal, propose
from assessment.rulebook import Clause, Per, Readings, Rulebook, Share, Trigger


@dataclass(frozen=True, kw_only=True)
class Supervised(Fact):
    """A unit's share in a matter was supervised for the `nth` time, counted by the matter (A27)."""

    share: Share
    matter_class: str
    nth: int
    letter: str
    """The number of the letter, which proves it."""
    reason: str = ""

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """It fits a clause for that round, or for every round."""
        if clause.trigger is not Trigger.SUPERVISED or clause.round not in (None, self.nth):
            return None
        if not speaks_of(clause, self.share, self.matter_class):
            return None
        return Basis(
            happened=clause.trigger,
            obligation=self.obligation,
            share=self.share,
            matter_class=self.matter_class,
            evidence=(self.letter,),
            reason=self.reason or None,
        )


@dataclass(frozen=True, kw_only=True)
class MatterReturned(Fact):
    """What a unit reported on a matter, done or on its way, was sent back for the `nth` time."""

    share: Share
    matter_class: str
    nth: int
    reason: str = ""

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """Each return is a fact of its own."""
        if clause.trigger is not Trigger.RETURNED or not speaks_of(clause, self.share, self.matter_class):
            return None
        return Basis(
            happened=clause.trigger,
            obligation=self.obligation,
            share=self.share,
            matter_class=self.matter_class,
            times=1,
            reason=self.reason or None,
        )


def speaks_of(clause: Clause, share: Share, matter_class: str) -> bool:
    """Whether the clause is about that part in a matter of that class."""
    return clause.share in (None, share) and (not clause.classes or matter_class in clause.classes)


def clauses_of_round(rulebook: Rulebook, nth: int, share: Share, matter_class: str) -> tuple[Clause, ...]:
    """What the `nth` round costs a unit with that part in a matter of that class, in the rulebook's order."""
    return tuple(
        clause
        for clause in rulebook.clauses
        if clause.trigger is Trigger.SUPERVISED
        and clause.round in (None, nth)
        and not _counted_before(clause, nth)
        and speaks_of(clause, share, matter_class)
    )


def mark_nth(fact: Supervised | MatterReturned, rulebook: Rulebook, *, programme: str) -> Iterator[Proposal]:
    """What the clauses make of one round or return: a proposal for each time, so that none is charged twice.

    A clause that a duty names speaks of that duty's reports and not of matters.
    """
    of_duties = {clause for duty in rulebook.duties for clause in duty.clauses}
    for clause in rulebook.clauses:
        basis = fact.basis(clause, rulebook.readings)
        holder = fact.holder(clause.subject)
        if basis is None or holder is None or clause.id in of_duties or _counted_before(clause, fact.nth):
            continue
        account = AccountKey(programme, clause.subject, holder)
        key = f"obligation/{fact.obligation}/{clause.id}"
        if clause.round is None and fact.nth > 1:
            key = f"{key}/{fact.nth}"
        yield propose(clause, account, basis, key=key, matter=fact.matter)


def _counted_before(clause: Clause, nth: int) -> bool:
    """A clause that counts once for a matter has counted the first time."""
    return clause.per is Per.ONCE and clause.round is None and nth > 1
