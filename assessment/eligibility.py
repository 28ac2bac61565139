"""Flags 标记 of a programme's year: what each rests on, whom it concerns, and what it does to awards 评优资格.

A recommendation is not a loss: it waits for whoever decides (R23). A veto excludes from awards and leaves the ledger
as it is (R89). Every flag ends with its year (R37). The service flags; what follows for a person, people decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from assessment.ledger import AccountKey, Entry
from assessment.ranking import Place, last_place
from assessment.roster import Role
from assessment.rulebook import Flag, Subject
from assessment.scorecard import Scorecard

LAST_PLACE_IS_FOR = frozenset({Role.LEADER, Role.SECRETARY})
"""末位 is told to those who decide on it and to nobody else: not to the unit, nor to others in charge (R83)."""


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What the department concerned decided on a recommendation."""

    on: int
    """The id of the entry that recommends. Once that is reversed, there is nothing left that was decided on."""
    loses: bool
    """Whether the recommendation was taken."""
    author: int
    reason: str
    evidence: tuple[str, ...] = ()


Cause = Entry | Place | Decision
"""What a flag rests on: a ledger entry, the last place of a ranking, or a decision."""


@dataclass(frozen=True, kw_only=True)
class Flagged:
    """One flag on one account for one year. Other accounts of the same people are not touched."""

    account: AccountKey
    year: int
    flag: Flag
    cause: Cause

    def may_be_told_to(self, role: Role) -> bool:
        """Whether somebody in that role may learn of it, as far as the flag itself forbids it."""
        return self.flag is not Flag.LAST_PLACE or role in LAST_PLACE_IS_FOR


class Standing(StrEnum):
    """How an account stands to awards in a year."""

    ELIGIBLE = "正常"
    RECOMMENDED = "建议取消，待有关部门决定"
    INELIGIBLE = "取消评优资格"
    VETOED = "否决，不参评"


@dataclass(frozen=True)
class Eligibility:
    """One account's standing in one year, and the flags that make it."""

    standing: Standing
    because: tuple[Flagged, ...] = ()

    @property
    def may_be_awarded(self) -> bool:
        """Whether it may be chosen; while only recommended it still may."""
        return self.standing in (Standing.ELIGIBLE, Standing.RECOMMENDED)


def flags_of(card: Scorecard, year: int) -> tuple[Flagged, ...]:
    """The flags that the confirmed entries of a scorecard raise, for the year of its programme."""
    return tuple(
        Flagged(account=card.account, year=year, flag=raised.flag, cause=raised.cause) for raised in card.flags
    )


def last_place_flags(
    places: Iterable[Place], *, programme: str, year: int, subject: Subject = Subject.UNIT
) -> tuple[Flagged, ...]:
    """末位 of one ranking; of several that share the last place, each is flagged."""
    listed = list(places)
    last = last_place(listed)
    return tuple(
        Flagged(account=AccountKey(programme, subject, place.holder), year=year, flag=Flag.LAST_PLACE, cause=place)
        for place in listed
        if place.holder in last
    )


def eligibility(
    account: AccountKey, year: int, flags: Iterable[Flagged], decisions: Iterable[Decision] = ()
) -> Eligibility:
    """How the account stands in `year`; flags of other accounts and years are left aside.

    Of several `decisions` on one recommendation the last holds. Last place by itself excludes nobody.
    """
    answers = {decision.on: decision for decision in decisions}
    own = [
        decided
        for flagged in flags
        if (flagged.account, flagged.year) == (account, year)
        if (decided := _as_decided(flagged, answers)) is not None
    ]
    for flag, standing in _WORST_FIRST:
        because = tuple(flagged for flagged in own if flagged.flag is flag)
        if because:
            return Eligibility(standing, because)
    return Eligibility(Standing.ELIGIBLE)


_WORST_FIRST = (
    (Flag.VETO, Standing.VETOED),
    (Flag.INELIGIBLE, Standing.INELIGIBLE),
    (Flag.RECOMMEND_INELIGIBLE, Standing.RECOMMENDED),
)


def _as_decided(flagged: Flagged, answers: Mapping[int, Decision]) -> Flagged | None:
    """A recommendation that was answered has become a loss, or nothing."""
    answer = answers.get(flagged.cause.id) if isinstance(flagged.cause, Entry) else None
    if flagged.flag is not Flag.RECOMMEND_INELIGIBLE or answer is None:
        return flagged
    return replace(flagged, flag=Flag.INELIGIBLE, cause=answer) if answer.loses else None
