"""A rule change tried out on the ledger: what every account would come to if its entries rested on another rulebook.

Nothing is decided here. Each entry and open proposal is valued anew from its basis, as marking would value it; then the
scorecard function adds up. A line moves only by what the change moves: where old and new rules give the same value, it
keeps its points, whoever chose them. What a clause that is new would find cannot be told from the ledger.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal, propose
from assessment.remarking import fact_behind
from assessment.rulebook import Clause, Indicator, Part, Rulebook, Trigger
from assessment.scorecard import Line, Scorecard, Status, scorecard

_IN_WORDS_ONLY = frozenset(
    {"name", "aliases", "headings", "owners", "co_owners", "published_by", "category", "cite", "note", "forecast"}
)
"""What of an indicator its points do not depend on."""
_OUT_OF_PLAY = frozenset({Status.REVERSED, Status.REVERSAL})
_IN_THE_SUM = frozenset({Status.COUNTED, Status.PROVISIONAL})


class Outcome(StrEnum):
    """What the other rulebook does to one line."""

    SAME = "不变"
    REVALUED = "分值改变"
    RANGE = "幅度改变"
    """Still to be decided by the office, in another range."""
    SUPPRESSED = "改为不重复计"
    REVIVED = "改为计入"
    TO_DECIDE = "待重新定分"
    """The chosen points lie outside the range that holds now, or what would be needed to tell is not on record."""
    TO_SETTLE = "待重新结算"
    """An indicator's points, and its targets or its way of scoring have changed."""
    UNSET = "分值未设定"
    NO_LONGER_FITS = "不再适用"
    OTHER_ACCOUNT = "改记另一类账户"
    """Points are never moved between accounts: the line falls here and appears nowhere."""
    GONE = "无此条款"


LEFT_OPEN = frozenset({Outcome.TO_DECIDE, Outcome.TO_SETTLE, Outcome.UNSET, Outcome.OTHER_ACCOUNT, Outcome.GONE})
"""After which somebody has to decide before the account can be told."""


@dataclass(frozen=True)
class LineChange:
    """One line before and after; `after` is None where nothing of it is left in the account."""

    before: Line
    after: Line | None
    outcome: Outcome


@dataclass(frozen=True)
class AccountChange:
    """One account before and after, with the lines that change."""

    before: Scorecard
    after: Scorecard
    lines: tuple[LineChange, ...]

    @property
    def differs(self) -> bool:
        """Whether anything that an answer shows would be another."""
        return bool(self.lines) or _shown(self.before) != _shown(self.after)


@dataclass(frozen=True)
class ClauseSum:
    """How many lines of a clause count, proposed ones included, and what they come to."""

    number: int = 0
    points: Decimal = Decimal(0)


@dataclass(frozen=True)
class ClauseChange:
    """What one clause, or indicator, comes to over all accounts."""

    clause: Clause
    before: ClauseSum
    after: ClauseSum


@dataclass(frozen=True)
class Reworded:
    """One reading 读法 that is another."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class RuleChange:
    """The whole difference that another rulebook makes."""

    accounts: tuple[AccountChange, ...]
    """All that were asked about, in their order, whether they differ or not."""
    clauses: tuple[ClauseChange, ...]
    """Those whose sum differs, in the old rulebook's order."""
    added: tuple[Clause, ...]
    removed: tuple[Clause, ...]
    readings: tuple[Reworded, ...]

    @property
    def differs(self) -> bool:
        """Whether any account would be another."""
        return any(account.differs for account in self.accounts)

    @property
    def left_open(self) -> int:
        """How many lines would wait for somebody's decision."""
        return sum(line.outcome in LEFT_OPEN for account in self.accounts for line in account.lines)


def rule_change(
    old: Rulebook,
    new: Rulebook,
    cards: Iterable[Scorecard],
    *,
    day: Callable[[datetime], date],
    duties: Mapping[int, str],
    without_task: Mapping[AccountKey, Collection[str]] | None = None,
) -> RuleChange:
    """What the accounts, given as `old` scores them, come to by `new`.

    `day` gives the day of a moment in the domain zone. `duties` names the duty of each obligation that comes of one:
    its facts count by those clauses only that the duty names. `without_task` as for the scorecard, by account. The
    order in which a rulebook is written changes nothing: ties between clauses fall as they did.
    """
    trial = _Trial(old, _in_order_of(old, new), day, duties)
    none: Mapping[AccountKey, Collection[str]] = {}
    accounts = tuple(trial.account(card, (without_task or none).get(card.account, ())) for card in cards)
    old_ids, new_ids = {clause.id for clause in old.clauses}, {clause.id for clause in new.clauses}
    return RuleChange(
        accounts=accounts,
        clauses=tuple(_clause_changes(old, accounts)),
        added=tuple(clause for clause in new.clauses if clause.id not in old_ids),
        removed=tuple(clause for clause in old.clauses if clause.id not in new_ids),
        readings=tuple(_reworded(old.readings, new.readings)),
    )


@dataclass(frozen=True)
class _Valued:
    """A line's source under the new rulebook; None where it falls."""

    outcome: Outcome
    source: Entry | Proposal | None


@dataclass(frozen=True)
class _Trial:
    """Both rulebooks, and what is known of the facts."""

    old: Rulebook
    new: Rulebook
    day: Callable[[datetime], date]
    duties: Mapping[int, str]

    def account(self, before: Scorecard, without_task: Collection[str]) -> AccountChange:
        valued = {line.ref: self._valued(line, before.as_of) for line in before.lines}
        sources = [each.source for each in valued.values()]
        after = scorecard(
            self.new,
            before.account,
            [source for source in sources if isinstance(source, Entry)],
            [source for source in sources if isinstance(source, Proposal)],
            as_of=before.as_of,
            view=before.view,
            without_task=without_task,
        )
        now = {line.ref: line for line in after.lines}
        lines = (_change(line, now.get(line.ref), valued[line.ref].outcome) for line in before.lines)
        return AccountChange(before, after, tuple(line for line in lines if line.outcome is not Outcome.SAME))

    def _valued(self, line: Line, as_of: datetime) -> _Valued:
        source = line.source
        if line.status in _OUT_OF_PLAY:
            # A pair that undoes itself counts under no rulebook; without its clause there is nothing to show.
            return _Valued(Outcome.SAME, source if _has(self.new, source.clause) else None)
        if not _has(self.new, source.clause):
            return _Valued(Outcome.GONE, None)
        before, after = self.old.clause(source.clause), self.new.clause(source.clause)
        if before.subject is not after.subject:
            return _Valued(Outcome.OTHER_ACCOUNT, None)
        if before.trigger is Trigger.SETTLED:
            return self._settled(source)
        return self._by_clause(source, before, after, self.day(_happened(source) or as_of))

    def _settled(self, source: Entry | Proposal) -> _Valued:
        if not any(indicator.id == source.clause for indicator in self.new.indicators):
            return _Valued(Outcome.GONE, None)
        before, after = self.old.indicator(source.clause), self.new.indicator(source.clause)
        two_targets = before.own_target.is_set and before.assigned_target.is_set
        if _measured(before) == _measured(after) and (
            not two_targets or self.old.readings.both_targets is self.new.readings.both_targets
        ):
            return _Valued(Outcome.SAME, source)
        return _Valued(Outcome.TO_SETTLE, _undecided(source))

    def _by_clause(self, source: Entry | Proposal, before: Clause, after: Clause, until: date) -> _Valued:
        if before.trigger is after.trigger is Trigger.SUPERVISED and before.round is None and after.round is not None:
            # Which round it was stands nowhere but in words.
            return _Valued(Outcome.TO_DECIDE, _undecided(source))
        fact = fact_behind(source.basis, before, until)
        was = fact.basis(before, self.old.readings) if fact is not None else None
        now = fact.basis(after, self.new.readings) if fact is not None else None
        fitted = was is not None and self._named(self.old, source)
        if fitted and (now is None or not self._named(self.new, source)):
            return _Valued(Outcome.NO_LONGER_FITS, None)
        then = propose(before, source.account, was or source.basis, key="")
        anew = propose(after, source.account, now or source.basis, key="")
        if _worth(then) == _worth(anew):
            return _Valued(Outcome.SAME, source)
        counted = _counted_anew(source.basis, now) if now is not None else source.basis
        if anew.points is not None:
            return _Valued(Outcome.REVALUED, _with(source, anew.points, counted, anew))
        if anew.lowest is None or anew.highest is None:
            return _Valued(Outcome.UNSET, _undecided(source, anew))
        if source.points is None:
            return _Valued(Outcome.RANGE, _undecided(source, anew))
        if anew.lowest <= source.points <= anew.highest:
            return _Valued(Outcome.SAME, _with(source, source.points, source.basis, anew))
        return _Valued(Outcome.TO_DECIDE, _undecided(source, anew))

    def _named(self, rulebook: Rulebook, source: Entry | Proposal) -> bool:
        """Whether the duty of which it comes names the clause; what comes of no duty needs no naming."""
        ref = self.duties.get(source.basis.obligation or 0)
        return ref is None or any(duty.id == ref and source.clause in duty.clauses for duty in rulebook.duties)


def _change(before: Line, after: Line | None, outcome: Outcome) -> LineChange:
    if outcome is Outcome.REVALUED and after is not None and after.points == before.points:
        outcome = Outcome.SAME
    if outcome is Outcome.SAME and after is not None and after.status is not before.status:
        outcome = Outcome.SUPPRESSED if after.status is Status.SUPPRESSED else Outcome.REVIVED
    return LineChange(before, after, outcome)


def _has(rulebook: Rulebook, clause_id: str) -> bool:
    in_indicators = any(indicator.id == clause_id for indicator in rulebook.indicators)
    return in_indicators or any(clause.id == clause_id for clause in rulebook.clauses)


def _happened(source: Entry | Proposal) -> datetime | None:
    return source.occurred_at if isinstance(source, Entry) else None


def _worth(proposal: Proposal) -> tuple[Decimal | None, ...]:
    return proposal.points, proposal.lowest, proposal.highest


def _measured(indicator: Indicator) -> object:
    return indicator.model_dump(exclude=set(_IN_WORDS_ONLY))


def _counted_anew(basis: Basis, now: Basis) -> Basis:
    """The same facts with the days that count now; evidence and words stay."""
    return replace(basis, counted_from=now.counted_from, counted_to=now.counted_to)


def _with(source: Entry | Proposal, points: Decimal | None, basis: Basis, anew: Proposal) -> Entry | Proposal:
    if isinstance(source, Entry):
        return source if points is None else replace(source, points=points, basis=basis)
    return replace(
        source,
        points=points,
        basis=basis,
        lowest=anew.lowest,
        highest=anew.highest,
        stand_in=anew.stand_in,
    )


def _undecided(source: Entry | Proposal, anew: Proposal | None = None) -> Proposal:
    """What it is while nobody has given it points: a proposal, under the name of the line."""
    return Proposal(
        key=str(source.id) if isinstance(source, Entry) else source.key,
        clause=source.clause,
        account=source.account,
        points=None,
        matter=source.matter,
        basis=source.basis,
        lowest=anew.lowest if anew else None,
        highest=anew.highest if anew else None,
    )


def _shown(card: Scorecard) -> object:
    categories = {
        category.name: (category.full, category.count, category.start, category.confirmed, category.provisional)
        for category in card.categories
    }
    flags = {(raised.flag, raised.cause.id) for raised in card.flags}
    return card.base, card.confirmed, card.provisional, categories, flags, frozenset(card.estimated), card.stand_in


def _in_order_of(old: Rulebook, new: Rulebook) -> Rulebook:
    clauses = {clause.id: place for place, clause in enumerate(old.clauses)}
    indicators = {indicator.id: place for place, indicator in enumerate(old.indicators)}
    last = len(clauses) + len(indicators)
    return new.model_copy(
        update={
            "clauses": tuple(sorted(new.clauses, key=lambda one: clauses.get(one.id, last))),
            "indicators": tuple(sorted(new.indicators, key=lambda one: indicators.get(one.id, last))),
        }
    )


def _clause_changes(old: Rulebook, accounts: Iterable[AccountChange]) -> Iterable[ClauseChange]:
    before: defaultdict[str, ClauseSum] = defaultdict(ClauseSum)
    after: defaultdict[str, ClauseSum] = defaultdict(ClauseSum)
    for account in accounts:
        _add_up(before, account.before)
        _add_up(after, account.after)
    order = [*(clause.id for clause in old.clauses), *(indicator.id for indicator in old.indicators)]
    for clause_id in order:
        if before[clause_id] != after[clause_id]:
            yield ClauseChange(old.clause(clause_id), before[clause_id], after[clause_id])


def _add_up(sums: defaultdict[str, ClauseSum], card: Scorecard) -> None:
    for line in card.lines:
        if line.status in _IN_THE_SUM and line.points is not None:
            known = sums[line.source.clause]
            sums[line.source.clause] = ClauseSum(known.number + 1, known.points + line.points)


def _reworded(old: Part, new: Part) -> Iterable[Reworded]:
    for name, field in type(old).model_fields.items():
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            yield Reworded(field.alias or name, str(before), str(after))
