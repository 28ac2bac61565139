"""Marking: facts and clauses -> proposals 拟加/拟扣. What a person decides is not decided here.

There is one proposal per obligation and clause, its value computed as of the fact's `today`. A fact that no clause
speaks of costs nothing. Days are days of the domain zone.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from assessment.ledger import AccountKey, Basis
from assessment.rulebook import Clause, CountFrom, Per, Readings, Rulebook, Share, Subject, Timing, Trigger

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Proposal:
    """One proposed addition or deduction. `key` names it for ever, so that a sweep run twice proposes once."""

    key: str
    clause: str
    account: AccountKey
    points: Decimal | None
    """None while the office has to choose from `lowest` to `highest` or, where these are None too, while the
    rulebook withholds the value (未设定)."""
    matter: str | None = None
    basis: Basis
    lowest: Decimal | None = None
    highest: Decimal | None = None
    stand_in: bool = False
    """Whether the value is a stand-in, to be shown with ◇."""

    @property
    def is_unset(self) -> bool:
        """Whether nothing can be scored because the rulebook withholds the value."""
        return self.points is None and self.lowest is None


@dataclass(frozen=True, kw_only=True)
class Fact(ABC):
    """Something that happened with one obligation of one unit, and that a clause may speak of."""

    obligation: int
    unit: int
    person: int | None = None
    """The responsible person; None where nobody is, and then no person's account is charged."""
    line: int | None = None
    """The leader whose line 条线 it concerns, by the person's id; None where it concerns none."""
    matter: str | None = None
    """The key on which 单项不重复计分 works, where the obligation is a share in a matter."""

    def holder(self, subject: Subject) -> int | None:
        """Whose account of that kind is concerned. Points are never moved between accounts."""
        return {Subject.UNIT: self.unit, Subject.PERSON: self.person, Subject.LINE: self.line}[subject]

    @abstractmethod
    def basis(self, clause: Clause, readings: Readings) -> Basis | None:
        """What a point by that clause would rest on; None where the clause does not fit the fact."""


@dataclass(frozen=True, kw_only=True)
class UrgedNotReported(Fact):
    """Urged and still not reported, by `today` or until `reported`: a report, or what came of a matter 办理结果.

    What was returned counts as reported (A25). Of a matter it names the class and the share; only a clause that names
    its classes speaks of matters, and of nothing else.
    """

    due_day: date
    first_urged: date
    """The day on which the platform accepted the first urging; a second one changes nothing (R12)."""
    reported: date | None
    today: date
    share: Share | None = None
    matter_class: str = ""

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:
        """It counts from the day after the urging, or after the due day, to the day of the report, included (A6)."""
        if bool(clause.classes) != bool(self.matter_class) or not _speaks_of(clause, self.share, self.matter_class):
            return None
        until = self.reported or self.today
        day_zero = self.due_day if readings.count_from is CountFrom.AFTER_DUE else self.first_urged
        if clause.trigger is not Trigger.URGED_NOT_REPORTED or until <= day_zero or until < self.first_urged:
            return None
        by_day = clause.per is Per.DAY
        return Basis(
            happened=clause.trigger,
            obligation=self.obligation,
            due_day=self.due_day,
            first_urged=self.first_urged,
            reported=self.reported,
            counted_from=day_zero + _ONE_DAY if by_day else None,
            counted_to=until if by_day else None,
        )


@dataclass(frozen=True, kw_only=True)
class MatterLate(Fact):
    """A matter not done within its time limit, by `today` or until it was `done`."""

    share: Share
    matter_class: str
    due_day: date
    done: date | None = None
    today: date

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """It fits a clause for that share and class from the day after the due day."""
        until = self.done or self.today
        if clause.trigger is not Trigger.MATTER_LATE or until <= self.due_day:
            return None
        if not _speaks_of(clause, self.share, self.matter_class):
            return None
        by_day = clause.per is Per.DAY
        return Basis(
            happened=clause.trigger,
            obligation=self.obligation,
            share=self.share,
            matter_class=self.matter_class,
            due_day=self.due_day,
            reported=self.done,
            counted_from=self.due_day + _ONE_DAY if by_day else None,
            counted_to=until if by_day else None,
        )


@dataclass(frozen=True, kw_only=True)
class MatterDone(Fact):
    """A matter done, and how that stands to its time limit."""

    share: Share
    matter_class: str
    timing: Timing
    done: date | None = None

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """It fits a clause for that share, class and timing; done early is done on time, too."""
        if clause.trigger is not Trigger.MATTER_DONE or not _speaks_of(clause, self.share, self.matter_class):
            return None
        early_is_on_time = self.timing is Timing.EARLY and clause.timing is Timing.ON_TIME
        if clause.timing not in (None, self.timing) and not early_is_on_time:
            return None
        return Basis(
            happened=clause.trigger,
            obligation=self.obligation,
            share=self.share,
            matter_class=self.matter_class,
            timing=self.timing,
            reported=self.done,
        )


@dataclass(frozen=True, kw_only=True)
class Returned(Fact):
    """A report sent back, so far `times` times; `reason` is that of the last."""

    times: int
    reason: str | None = None

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """Each time counts."""
        if clause.trigger is not Trigger.RETURNED or self.times < 1:
            return None
        return Basis(happened=clause.trigger, obligation=self.obligation, times=self.times, reason=self.reason)


@dataclass(frozen=True, kw_only=True)
class Reported(Fact):
    """A report taken in, and whether its first version came on time."""

    on_time: bool
    reported: date

    def basis(self, clause: Clause, readings: Readings) -> Basis | None:  # noqa: ARG002 - no reading concerns it
        """It fits the clauses on reporting on time, or those on reporting late."""
        if clause.trigger is not (Trigger.REPORTED_ON_TIME if self.on_time else Trigger.REPORTED_LATE):
            return None
        return Basis(happened=clause.trigger, obligation=self.obligation, reported=self.reported)


def mark(fact: Fact, rulebook: Rulebook, *, programme: str, among: Iterable[str] | None = None) -> tuple[Proposal, ...]:
    """What the clauses make of a fact, in the rulebook's order; several clauses may fit one fact.

    `among` limits it to those clause ids: for a duty's facts give `duty.clauses`. Clauses on one matter are not
    weighed against each other here; the scorecard does that.
    """
    wanted = None if among is None else frozenset(among)
    found = []
    for clause in rulebook.clauses:
        basis = fact.basis(clause, rulebook.readings) if wanted is None or clause.id in wanted else None
        holder = fact.holder(clause.subject)
        if basis is not None and holder is not None:
            account = AccountKey(programme, clause.subject, holder)
            key = f"obligation/{fact.obligation}/{clause.id}"
            found.append(propose(clause, account, basis, key=key, matter=fact.matter))
    return tuple(found)


def propose(clause: Clause, account: AccountKey, basis: Basis, *, key: str, matter: str | None = None) -> Proposal:
    """The proposal that one clause makes: its value as often as the basis says, or its range, or neither."""
    value, span = clause.printed, clause.discretion
    return Proposal(
        key=key,
        clause=clause.id,
        account=account,
        points=value * _how_often(clause.per, basis) if value is not None else None,
        matter=matter,
        basis=basis,
        lowest=span.lowest if span else None,
        highest=span.highest if span else None,
        stand_in=clause.points.stand_in is not None,
    )


def _how_often(per: Per, basis: Basis) -> int:
    if per is Per.ONCE:
        return 1
    return len(basis.days) or basis.times or 1


def _speaks_of(clause: Clause, share: Share | None, matter_class: str) -> bool:
    return clause.share in (None, share) and (not clause.classes or matter_class in clause.classes)
