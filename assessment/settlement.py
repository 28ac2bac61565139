"""Settlement 结算: an indicator's points for a period become a proposal, and what a corrected figure does to them.

An indicator may come to a third of a point; a ledger holds four decimal places. At settlement, and nowhere else, the
points are rounded half up (away from 0) to four places, and the basis keeps the exact fraction. From there on every
total, rank and threshold goes by what the ledger holds, so that whatever is compared is a sum of what is shown (A16).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from assessment.indicator_marks import IndicatorMark, WhyNot
from assessment.ledger import AccountKey, Basis, Draft, Entry, reversal
from assessment.marking import Proposal, propose
from assessment.open_parameters import has_stand_in
from assessment.points import SCALE, from_scaled
from assessment.rulebook import Indicator, Subject, Trigger, settling_clause


@dataclass(frozen=True)
class Correction:
    """What answers a corrected figure: the entry that takes the settled one back, and the one that stands instead."""

    reversal: Draft
    entry: Draft


class NothingToCorrect(Exception):
    """The indicator was not settled for that period, or the settled points stay as they are."""


def to_ledger(points: Fraction) -> Decimal:
    """Points as the ledger holds them: four places, rounded half up, so 1/3 is 0.3333 and −0.00005 is −0.0001."""
    scaled = abs(points) * SCALE
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return from_scaled(whole if points > 0 else -whole)


def settle(
    indicator: Indicator, mark: IndicatorMark, *, programme: str, unit: int, period: str, reason: str | None = None
) -> Proposal | None:
    """The proposal for a unit's points of one indicator in one period: the year 2026, or a part of it such as 2026Q3.

    Its key names unit, indicator and period, so that settling twice proposes once. Where the rulebook withholds what
    points need, it has none (未设定), and the total is 暂估. None where the mark waits for people: nobody reported the
    figure, or chose, or what was said cannot be used (`mark.lacks`). That is never 0.
    """
    if any(lack.why is not WhyNot.UNSET for lack in mark.lacks):
        return None
    points = mark.points
    proposal = propose(
        settling_clause(indicator),
        AccountKey(programme, Subject.UNIT, unit),
        Basis(
            happened=Trigger.SETTLED,
            period=period,
            exact=None if points is None else _beyond_four_places(points),
            reason=reason,
        ),
        key=proposal_key(unit, indicator.id, period),
    )
    # Not mark.stand_in: the entry's line, which has the rulebook alone to go by, must say the same (scorecard).
    stand_in = has_stand_in(indicator)
    return replace(proposal, points=None if points is None else to_ledger(points), stand_in=stand_in)


def proposal_key(unit: int, indicator: str, period: str) -> str:
    """What a settlement's proposal is called in its programme; all of one period begin with `beginning`."""
    return f"{beginning(period)}{unit}/{indicator}/{period}"


def beginning(period: str) -> str:
    """With what the keys of a period's proposals begin: the year's differ from those of its parts."""
    return "settle/" if period.isdecimal() else f"settle-{period}/"


def settled(entries: Iterable[Entry], account: AccountKey, indicator: str, period: str) -> Entry | None:
    """The entry that stands for that indicator and period in that account, or None."""
    own = [entry for entry in entries if entry.account == account]
    undone = {entry.reverses for entry in own}
    for entry in own:
        about = entry.clause == indicator and entry.basis.period == period
        if about and entry.basis.happened is Trigger.SETTLED and entry.reverses is None and entry.id not in undone:
            return entry
    return None


def unsettled(
    indicators: Iterable[Indicator], entries: Iterable[Entry], account: AccountKey, period: str
) -> tuple[Indicator, ...]:
    """The indicators for which nothing stands yet in that account: while there is one, the total is 暂估 (R103)."""
    known = list(entries)
    return tuple(one for one in indicators if settled(known, account, one.id, period) is None)


def correct(
    entries: Iterable[Entry],
    proposal: Proposal,
    *,
    reversal_id: int,
    entry_id: int,
    reason: str,
    author: int,
    recorded_at: datetime,
    rulebook_digest: str,
) -> Correction:
    """Answer a figure that was corrected after settlement; `proposal` is what `settle` makes of the new figure.

    Both entries occur when the settled one did: known today is that it never held, while what was published until
    `recorded_at` stays. Raises NothingToCorrect, also where the new points have not been computed.
    """
    known = list(entries)
    old = settled(known, proposal.account, proposal.clause, proposal.basis.period or "")
    if old is None or proposal.points is None or _stays_the_same(old, proposal):
        raise NothingToCorrect(proposal.key)
    undoing = reversal(
        old,
        entry_id=reversal_id,
        reason=reason,
        author=author,
        recorded_at=recorded_at,
        rulebook_digest=rulebook_digest,
        entries=known,
    )
    instead = Draft(
        id=entry_id,
        account=old.account,
        clause=old.clause,
        points=proposal.points,
        basis=replace(proposal.basis, reason=reason),
        author=author,
        occurred_at=old.occurred_at,
        recorded_at=recorded_at,
        rulebook_digest=rulebook_digest,
    )
    return Correction(undoing, instead)


def _beyond_four_places(points: Fraction) -> str | None:
    return None if Fraction(to_ledger(points)) == points else str(points)


def _stays_the_same(old: Entry, proposal: Proposal) -> bool:
    return (old.points, old.basis.exact) == (proposal.points, proposal.basis.exact)
