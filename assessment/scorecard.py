"""The scorecard 得分: a pure function of rulebook, ledger and a moment, with every point explained.

How entries meet on one matter (A2): of those that point the same way, across clauses, the clause with the largest
subtotal counts and the others are suppressed; additions and deductions do not offset each other. A clause that
supplements another adds to its subtotal. An entry without a matter always counts. Where the rulebook reads 逐条累计,
nothing is covered but what comes after the first of a clause that counts once for a matter (计次: 一次), or of clauses
of which only one may be chosen (互斥组).

What counts is added up inside its category and then in the account (assessment.totals).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal
from assessment.open_parameters import has_stand_in
from assessment.parts_of_year import entries_of, proposals_of
from assessment.periods import Period
from assessment.rulebook import CategoryCount, Clause, Flag, Per, Rulebook, SameMatter, Trigger
from assessment.totals import Frame, Sums, Total, frame_of

__all__ = [
    "CategoryTotal",
    "Line",
    "Raised",
    "Scorecard",
    "Status",
    "Total",
    "View",
    "Why",
    "ref_of",
    "rests_on_stand_in",
    "scorecard",
    "why",
]


class View(StrEnum):
    """Which "as of" is meant (decisions 10)."""

    PUBLISHED = "当时公布"
    """What was recorded by then; it never changes afterwards."""
    KNOWN = "现在所知"
    """What had happened by then, as far as we know today; it does not depend on the order of arrival."""


class Status(StrEnum):
    """What became of one line."""

    COUNTED = "计入"
    SUPPRESSED = "不重复计"
    REVERSED = "已更正"
    REVERSAL = "更正"
    PROVISIONAL = "待核定"
    UNDECIDED = "待定分"
    """Proposed, and the office has to choose the points within the printed range."""
    UNSET = "未设定"


@dataclass(frozen=True)
class Line:
    """One entry or open proposal, and what became of it."""

    source: Entry | Proposal
    status: Status
    covered_by: str | None = None
    """The `ref` of the line that covers it, where it is suppressed."""
    would_be_covered_by: str | None = None
    """The `ref` of the line that would cover it once all open proposals are confirmed."""

    @property
    def ref(self) -> str:
        """What names the line: the entry's id, or the proposal's key."""
        return ref_of(self.source)

    @property
    def points(self) -> Decimal | None:
        """What it adds or takes off where it counts; None while nobody has decided that."""
        return self.source.points


@dataclass(frozen=True)
class Raised:
    """A flag and the entry that raised it. It falls when that entry is reversed, not when its points are covered."""

    flag: Flag
    cause: Entry


@dataclass(frozen=True)
class CategoryTotal:
    """One category 大类 of an account: what it started with, what became of it, and by which lines."""

    name: str
    full: Decimal
    count: CategoryCount
    start: Decimal
    """Full marks where it is deducted from, else 0; also full where there was no task and that means full marks."""
    confirmed: Total
    """Raw is the start and what was counted; final is held at full marks and at the category's floor."""
    provisional: Total
    lines: tuple[Line, ...]
    parts_without_task: tuple[str, ...] = ()
    """The parts in which alone there was no task; the reading 部分无任务 says what becomes of their points."""


@dataclass(frozen=True)
class Scorecard:
    """One account at one moment. `confirmed` rests on entries alone; `provisional` has the open proposals, too."""

    account: AccountKey
    as_of: datetime
    view: View
    base: Decimal
    lines: tuple[Line, ...]
    categories: tuple[CategoryTotal, ...]
    """Those that count, in the rulebook's order; an entry in none of them changes the total directly."""
    confirmed: Total
    """Raw is the base, the final values of the categories and what counts outside them."""
    provisional: Total
    estimated: tuple[str, ...]
    """Names of clauses whose value is not set although something happened: with any, the total is 暂估."""
    stand_in: bool
    """Whether a value is a stand-in, so that the totals are shown with ◇."""
    flags: tuple[Raised, ...]

    def line(self, ref: str) -> Line:
        """The line of that name; KeyError if there is none."""
        for line in self.lines:
            if line.ref == ref:
                return line
        raise KeyError(ref)


@dataclass(frozen=True)
class Why:
    """One point explained: clause, fact, person, times. Proposals have no person and no times yet."""

    clause: Clause
    basis: Basis
    status: Status
    points: Decimal | None
    covered_by: Line | None
    reversed_by: Entry | None
    author: int | None
    occurred_at: datetime | None
    recorded_at: datetime | None


def ref_of(source: Entry | Proposal) -> str:
    """The name of the line that an entry or a proposal makes."""
    return str(source.id) if isinstance(source, Entry) else source.key


def scorecard(
    rulebook: Rulebook,
    account: AccountKey,
    entries: Iterable[Entry],
    proposals: Iterable[Proposal] = (),
    *,
    as_of: datetime,
    view: View,
    without_task: Collection[str] = (),
    part: Period | None = None,
) -> Scorecard:
    """Add up one account as of an aware moment.

    Entries and proposals of other accounts are left aside. `proposals` are those open at that moment; each counts in
    `provisional` as if it were confirmed, which is computed afresh, because one may cover what counted before.
    `without_task` names the categories in which the holder had no task by that moment. With `part` the card is that
    part's of the year, and without it the year's: what was settled for the one is never in the other. Raises KeyError
    for an entry of neither a clause nor an indicator of the rulebook.
    """
    seen = _seen(rulebook, account, entries_of(entries, rulebook.year, part), as_of, view)
    undone = {entry.reverses for entry in seen} - {None}
    live = [entry for entry in seen if entry.reverses is None and entry.id not in undone]
    own = [proposal for proposal in proposals if proposal.account == account]
    opened = sorted(proposals_of(own, rulebook.year, part), key=ref_of)
    valued = [proposal for proposal in opened if proposal.points is not None]
    with_opened: list[Entry | Proposal] = [*live, *valued]
    covered = _covered(rulebook, live)
    would_be_covered = _covered(rulebook, with_opened)
    frame = frame_of(rulebook, account.subject, without_task)
    confirmed = _sums(rulebook, frame, live, covered)
    provisional = _sums(rulebook, frame, with_opened, would_be_covered)
    lines = (
        *(_line_of_entry(entry, undone, covered, would_be_covered) for entry in seen),
        *(_line_of_proposal(proposal, would_be_covered) for proposal in opened),
    )
    unset = [rulebook.clause(proposal.clause).name for proposal in opened if proposal.is_unset]
    return Scorecard(
        account=account,
        as_of=as_of,
        view=view,
        base=frame.account.base,
        lines=lines,
        categories=_categories(rulebook, frame, lines, confirmed, provisional),
        confirmed=confirmed.total,
        provisional=provisional.total,
        estimated=tuple(dict.fromkeys(unset)),
        stand_in=any(rests_on_stand_in(rulebook, clause_id) for clause_id in {one.clause for one in with_opened}),
        flags=tuple(Raised(flag, entry) for entry in live if (flag := rulebook.clause(entry.clause).flag) is not None),
    )


def why(rulebook: Rulebook, card: Scorecard, ref: str) -> Why:
    """Explain one line of `card`; KeyError if it has none of that name."""
    line = card.line(ref)
    source = line.source
    entry = source if isinstance(source, Entry) else None
    others = [other.source for other in card.lines if isinstance(other.source, Entry)]
    return Why(
        clause=rulebook.clause(source.clause),
        basis=source.basis,
        status=line.status,
        points=line.points,
        covered_by=card.line(line.covered_by) if line.covered_by else None,
        reversed_by=next((other for other in others if entry is not None and other.reverses == entry.id), None),
        author=entry.author if entry else None,
        occurred_at=entry.occurred_at if entry else None,
        recorded_at=entry.recorded_at if entry else None,
    )


def rests_on_stand_in(rulebook: Rulebook, clause_id: str) -> bool:
    """Whether points by that clause, or of that indicator, rest on a stand-in and are shown with ◇."""
    clause = rulebook.clause(clause_id)
    return has_stand_in(rulebook.indicator(clause.id) if clause.trigger is Trigger.SETTLED else clause)


def _seen(
    rulebook: Rulebook, account: AccountKey, entries: Iterable[Entry], as_of: datetime, view: View
) -> list[Entry]:
    """What the view shows, in the order in which it happened: the same whatever the order of arrival."""
    names = [*(clause.id for clause in rulebook.clauses), *(indicator.id for indicator in rulebook.indicators)]
    place = {name: number for number, name in enumerate(names)}
    return sorted(
        (
            entry
            for entry in entries
            if entry.account == account
            and (entry.recorded_at if view is View.PUBLISHED else entry.occurred_at) <= as_of
        ),
        key=lambda entry: (entry.occurred_at, place[entry.clause], entry.reverses is not None, entry.points, entry.id),
    )


def _covered(rulebook: Rulebook, sources: Sequence[Entry | Proposal]) -> Mapping[str, str]:
    """Which lines another line covers: ref -> ref of the covering one. `sources` are in order of time."""
    covered: dict[str, str] = {}
    for same_way in _by_matter_and_way(sources).values():
        repeated = _repeated(rulebook, same_way)
        if rulebook.readings.same_matter is SameMatter.ALL:
            covered |= repeated
            continue
        bundles = _by_clause(rulebook, [source for source in same_way if ref_of(source) not in repeated])
        # max keeps the first of equals, and the first is the earliest.
        winner = max(bundles.values(), key=lambda bundle: abs(_sum(bundle)))
        covered |= repeated
        covered |= {
            ref_of(source): ref_of(winner[0])
            for bundle in bundles.values()
            if bundle is not winner
            for source in bundle
        }
    return covered


def _by_matter_and_way(sources: Iterable[Entry | Proposal]) -> Mapping[tuple[str, bool], list[Entry | Proposal]]:
    grouped: defaultdict[tuple[str, bool], list[Entry | Proposal]] = defaultdict(list)
    for source in sources:
        if source.matter is not None and source.points:
            grouped[source.matter, source.points > 0].append(source)
    return grouped


def _repeated(rulebook: Rulebook, sources: Iterable[Entry | Proposal]) -> dict[str, str]:
    """What comes after the first of a clause that counts once for a matter, or of clauses that exclude each other."""
    first: dict[str, str] = {}
    repeated = {}
    for source in sources:
        clause = rulebook.clause(source.clause)
        if clause.per is Per.ONCE or clause.exclusive_group is not None:
            earlier = first.setdefault(clause.exclusive_group or clause.id, ref_of(source))
            if earlier != ref_of(source):
                repeated[ref_of(source)] = earlier
    return repeated


def _by_clause(rulebook: Rulebook, sources: Iterable[Entry | Proposal]) -> Mapping[str, list[Entry | Proposal]]:
    """The bundles whose subtotals are compared: a clause with those that supplement it."""
    bundles: defaultdict[str, list[Entry | Proposal]] = defaultdict(list)
    for source in sources:
        bundles[rulebook.clause(source.clause).supplements or source.clause].append(source)
    return bundles


def _sum(sources: Iterable[Entry | Proposal]) -> Decimal:
    return sum((source.points for source in sources if source.points is not None), Decimal(0))


def _sums(rulebook: Rulebook, frame: Frame, sources: Iterable[Entry | Proposal], covered: Mapping[str, str]) -> Sums:
    return frame.add_up(
        (rulebook.clause(source.clause).category, source.points)
        for source in sources
        if source.points is not None and ref_of(source) not in covered
    )


def _categories(
    rulebook: Rulebook, frame: Frame, lines: Iterable[Line], confirmed: Sums, provisional: Sums
) -> tuple[CategoryTotal, ...]:
    inside: defaultdict[str | None, list[Line]] = defaultdict(list)
    for line in lines:
        inside[rulebook.clause(line.source.clause).category].append(line)
    return tuple(
        CategoryTotal(
            name=name,
            full=category.full,
            count=category.count,
            start=frame.start(name),
            confirmed=confirmed.categories[name],
            provisional=provisional.categories[name],
            lines=tuple(inside[name]),
            parts_without_task=frame.parts_without_task(category),
        )
        for name, category in frame.categories.items()
    )


def _line_of_entry(
    entry: Entry, undone: set[int | None], covered: Mapping[str, str], would_be_covered: Mapping[str, str]
) -> Line:
    if entry.reverses is not None:
        return Line(entry, Status.REVERSAL)
    if entry.id in undone:
        return Line(entry, Status.REVERSED)
    by = covered.get(ref_of(entry))
    status = Status.COUNTED if by is None else Status.SUPPRESSED
    return Line(entry, status, by, would_be_covered.get(ref_of(entry)))


def _line_of_proposal(proposal: Proposal, would_be_covered: Mapping[str, str]) -> Line:
    if proposal.is_unset:
        return Line(proposal, Status.UNSET)
    if proposal.points is None:
        return Line(proposal, Status.UNDECIDED)
    by = would_be_covered.get(proposal.key)
    return Line(proposal, Status.PROVISIONAL if by is None else Status.SUPPRESSED, by, by)
