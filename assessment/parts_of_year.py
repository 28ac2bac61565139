"""The parts of a year 分期 in its one ledger: what was settled for a part stands beside the year, never added to it.

A clause's points belong to the year and, by when they happened, to every part that has not ended before. The points of
an indicator belong to the period for which they were settled, and to no other.
"""

from collections.abc import Iterable

from assessment.ledger import Basis, Entry
from assessment.marking import Proposal
from assessment.periods import Period
from assessment.rulebook import Trigger


def settled_for(basis: Basis) -> str | None:
    """The name of the period that was settled; None for points that no settlement gave."""
    return basis.period if basis.happened is Trigger.SETTLED else None


def part_of(basis: Basis, year: int) -> Period | None:
    """The part of the year whose settlement gave the points; None for all that belongs to the year."""
    name = settled_for(basis)
    return None if name in (None, str(year)) else Period.parse(str(name))


def entries_of(entries: Iterable[Entry], year: int, part: Period | None = None) -> list[Entry]:
    """Of an account's entries those of the year, or of one part of it; a reversal goes with what it takes back."""
    listed = list(entries)
    names = {entry.id: settled_for(entry.basis) for entry in listed}
    wanted = (None, _name(year, part))
    return [entry for entry in listed if names.get(entry.reverses or entry.id) in wanted]


def proposals_of(proposals: Iterable[Proposal], year: int, part: Period | None = None) -> list[Proposal]:
    """Likewise of open proposals."""
    return [one for one in proposals if settled_for(one.basis) in (None, _name(year, part))]


def _name(year: int, part: Period | None) -> str:
    return str(year) if part is None else part.name
