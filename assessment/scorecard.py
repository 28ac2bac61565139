"""The scorecard 得分: a pure function of rulebook, ledger and a moment, with every point explained.

How entries meet on one matter (A2): of those that point the same way, across clauses, the clause with the largest
subtotal counts and the others are suppressed; additions and deductions do not offset each other. A clause that
supplements another adds to its subtotal. An entry without a matter always counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal
from assessment.rulebook import Account, CapAt, Clause, Flag, Per, Rulebook, SameMatter


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
class Total:
    """A sum before and after the account's cap and floor."""

    raw: Decimal
    final: Decimal

    @property
    def capped(self) -> bool:
        """Whether the cap took something away."""
        return self.final < self.raw


@dataclass(frozen=True)
class Scorecard:
    """One account at one moment. `confirmed` rests on entries alone; `provisional` has the open proposals, too."""

    account: AccountKey
    as_of: datetime
    view: View
    base: Decimal
    lines: tuple[Line, ...]
    confirmed: Total
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
) -> Scorecard:
    """Add up one account as of an aware moment.

    Entries and proposals of other accounts are left aside. `proposals` are those open at that moment; each counts
    in `provisional` as if it were confirmed, which is computed afresh, because one may cover what counted before.
    Raises KeyError for a clause that is not in the rulebook.
    """
    seen = _seen(rulebook, account, entries, as_of, view)
    undone = {entry.reverses for entry in seen} - {None}
    live = [entry for entry in seen if entry.reverses is None and entry.id not in undone]
    opened = sorted((proposal for proposal in proposals if proposal.account == account), key=ref_of)
    valued = [proposal for proposal in opened if proposal.points is not None]
    with_opened: list[Entry | Proposal] = [*live, *valued]
    covered = _covered(rulebook, live)
    would_be_covered = _covered(rulebook, with_opened)
    frame = rulebook.account(account.subject) or Account(subject=account.subject)
    unset = [rulebook.clause(proposal.clause).name for proposal in opened if proposal.is_unset]
    return Scorecard(
        account=account,
        as_of=as_of,
        view=view,
        base=frame.base,
        lines=(
            *(_line_of_entry(entry, undone, covered, would_be_covered) for entry in seen),
            *(_line_of_proposal(proposal, would_be_covered) for proposal in opened),
        ),
        confirmed=_total(frame, live, covered),
        provisional=_total(frame, with_opened, would_be_covered),
        estimated=tuple(dict.fromkeys(unset)),
        stand_in=any(rulebook.clause(source.clause).points.stand_in for source in with_opened),
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


def _seen(
    rulebook: Rulebook, account: AccountKey, entries: Iterable[Entry], as_of: datetime, view: View
) -> list[Entry]:
    """What the view shows, in the order in which it happened: the same whatever the order of arrival."""
    place = {clause.id: number for number, clause in enumerate(rulebook.clauses)}
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
    if rulebook.readings.same_matter is SameMatter.ALL:
        return {}
    covered: dict[str, str] = {}
    for same_way in _by_matter_and_way(sources).values():
        repeated = _repeated(rulebook, same_way)
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
    """What comes after the first of a clause that counts once for a matter."""
    first: dict[str, str] = {}
    repeated = {}
    for source in sources:
        if rulebook.clause(source.clause).per is Per.ONCE:
            earlier = first.setdefault(source.clause, ref_of(source))
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


def _total(frame: Account, sources: Sequence[Entry | Proposal], covered: Mapping[str, str]) -> Total:
    counted = [source for source in sources if ref_of(source) not in covered]
    raw = frame.base + _sum(counted)
    if frame.cap_at is CapAt.TOTAL:
        return Total(raw, _within(frame, raw))
    running = frame.base
    for source in counted:
        running = _within(frame, running + (source.points or 0))
    return Total(raw, running)


def _within(frame: Account, total: Decimal) -> Decimal:
    if frame.cap is not None:
        total = min(total, frame.cap)
    return total if frame.floor is None else max(total, frame.floor)


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
