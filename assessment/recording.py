"""What the office records by hand 加分/扣分: what may be recorded, and the proposal that comes of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal, propose
from assessment.rulebook import Clause, Per, Range, Rulebook, Trigger


@dataclass(frozen=True, kw_only=True)
class Recorded:
    """What the office says happened. `record` is the id of this act; it makes the proposal's key."""

    record: int
    clause: str
    account: AccountKey
    points: Decimal | None = None
    """As the office gave them; None for the printed value."""
    matter: str | None = None
    reason: str = ""
    evidence: tuple[str, ...] = ()


class Refused(StrEnum):
    """Why something may not be recorded."""

    WRONG_ACCOUNT = "wrong account"
    """The clause concerns another kind of account (单位, 个人)."""
    UNSET = "unset"
    """The rulebook withholds the clause's value: set the parameter first."""
    NO_POINTS = "no points"
    """The office has to choose within `lowest` and `highest`."""
    NOT_PRINTED = "not printed"
    """The points are not what the clause prints (`lowest` = `highest`)."""
    OUT_OF_RANGE = "out of range"
    NO_EVIDENCE = "no evidence"
    NO_REASON = "no reason"
    """Points that the office chose need a reason."""
    EXCLUSIVE = "exclusive"
    """Another of the clauses of which only one may be chosen stands already: `first`."""
    ONLY_ONCE = "only once"
    """The clause counts once and stands already: `first`."""


@dataclass(frozen=True)
class Refusal:
    """What stands against it. `first` is what stands already: an entry, or a proposal not yet decided."""

    why: Refused
    lowest: Decimal | None = None
    highest: Decimal | None = None
    first: Entry | Proposal | None = None


def check_recorded(
    recorded: Recorded, rulebook: Rulebook, *, entries: Iterable[Entry] = (), proposals: Iterable[Proposal] = ()
) -> Refusal | None:
    """The first thing that stands against recording this, or None.

    `entries` are those of the account, `proposals` its open ones. Raises KeyError for an unknown clause.
    """
    clause = rulebook.clause(recorded.clause)
    if clause.subject is not recorded.account.subject:
        return Refusal(Refused.WRONG_ACCOUNT)
    if not recorded.evidence:
        return Refusal(Refused.NO_EVIDENCE)
    return check_chosen(clause, recorded.points, recorded.reason) or _against_what_stands(
        clause, recorded, rulebook, [*_unreversed(entries), *proposals]
    )


def check_chosen(clause: Clause, points: Decimal | None, reason: str) -> Refusal | None:
    """Whether these points may stand for that clause, when recorded and again at 核定; `points` None is as printed."""
    span, printed = clause.discretion, clause.printed
    if span is not None:
        return _against_choice(span, points, reason)
    if printed is None:
        return Refusal(Refused.UNSET)
    if points in (None, printed) or (clause.per is Per.DAY and points is not None and _days(points, printed) >= 1):
        return None
    return Refusal(Refused.NOT_PRINTED, printed, printed)


def record(recorded: Recorded, rulebook: Rulebook) -> Proposal:
    """The proposal for what `check_recorded` has let pass."""
    clause = rulebook.clause(recorded.clause)
    basis = Basis(happened=Trigger.RECORDED, reason=recorded.reason or None, evidence=recorded.evidence)
    key = f"record/{recorded.record}/{clause.id}"
    proposal = propose(clause, recorded.account, basis, key=key, matter=recorded.matter)
    return proposal if recorded.points is None else replace(proposal, points=recorded.points)


def _against_choice(span: Range, points: Decimal | None, reason: str) -> Refusal | None:
    if points is None:
        return Refusal(Refused.NO_POINTS, span.lowest, span.highest)
    if not span.holds(points):
        return Refusal(Refused.OUT_OF_RANGE, span.lowest, span.highest)
    return None if reason.strip() else Refusal(Refused.NO_REASON, span.lowest, span.highest)


def _days(points: Decimal, a_day: Decimal) -> int:
    return int(points / a_day) if a_day and points % a_day == 0 else 0


def _against_what_stands(
    clause: Clause, recorded: Recorded, rulebook: Rulebook, standing: Iterable[Entry | Proposal]
) -> Refusal | None:
    for first in standing:
        if first.account != recorded.account or not _may_be_the_same(first.matter, recorded.matter):
            continue
        if clause.per is Per.ONCE and first.clause == clause.id:
            return Refusal(Refused.ONLY_ONCE, first=first)
        group = clause.exclusive_group
        if group is not None and rulebook.clause(first.clause).exclusive_group == group:
            return Refusal(Refused.EXCLUSIVE, first=first)
    return None


def _may_be_the_same(matter: str | None, other: str | None) -> bool:
    return matter is None or other is None or matter == other


def _unreversed(entries: Iterable[Entry]) -> list[Entry]:
    known = list(entries)
    reversed_ids = {entry.reverses for entry in known}
    return [entry for entry in known if entry.reverses is None and entry.id not in reversed_ids]
