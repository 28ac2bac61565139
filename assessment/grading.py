"""Grades 等次 by conditions: a list of proposals with their reasons, for people to decide on.

Grades by judgement (评定) are never derived: nothing is proposed. Scores are compared exactly, so that 89.995 is not
90以上, while 90 is (A1, A16). A tie across a line, a total that is not known and a number that the rulebook withholds
leave the grade open. Fewer than a quota stay fewer.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assessment.ranking import cut, ranked
from assessment.rulebook import Flag, Grading, Parameter
from assessment.year_rules import Grade, GradedBy

_PERHAPS_THE_BEST = Decimal("Infinity")
"""What a total that is not known may turn out to be, when the places of others are judged."""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """Who may be graded: one of a peer group."""

    holder: int
    total: Decimal | None
    """None while it is not known."""
    flags: frozenset[Flag] = frozenset()


class Condition(StrEnum):
    """What a grade asks for."""

    WITHOUT = "不得有"
    AT_LEAST = "得分不低于"
    RANK_WITHIN = "名次在前"
    QUOTA = "名额"


class Holds(StrEnum):
    """Whether a condition is fulfilled."""

    YES = "符合"
    NO = "不符合"
    OPEN = "待定"


@dataclass(frozen=True)
class Reason:
    """One condition of one grade, and how a candidate stands to it."""

    grade: str
    condition: Condition
    holds: Holds
    wanted: Decimal | Flag | None = None
    """None where the rulebook withholds it (未设定)."""
    found: Decimal | None = None
    """The score, or the place; None where it is not known."""
    tied: tuple[int, ...] = ()
    """Who has the very same total."""


@dataclass(frozen=True)
class ProposedGrade:
    """What the conditions come to for one holder."""

    holder: int
    grade: str | None
    """None where none of the grades fits."""
    open: bool
    """Whether it is for people to say if it is this grade or a lower one."""
    reasons: tuple[Reason, ...]
    """Those of the grade, after those for which no better one was proposed."""


def propose_grades(grading: Grading, candidates: Iterable[Candidate]) -> tuple[ProposedGrade, ...]:
    """What to propose for each candidate of ONE peer group, in the order given; nothing where people judge (R41)."""
    if grading.by is GradedBy.JUDGEMENT:
        return ()
    known = {candidate.holder: candidate for candidate in candidates}
    group = _PeerGroup(known)
    reasons: dict[int, list[Reason]] = {holder: [] for holder in known}
    left, above = list(known), list[int]()
    proposed: dict[int, ProposedGrade] = {}
    for grade in grading.grades:
        found = group.judge(grade, left, above)
        for holder, holds in found.items():
            reasons[holder] += holds
            verdict = _together(holds)
            if verdict is not Holds.NO:
                is_open = verdict is Holds.OPEN
                proposed[holder] = ProposedGrade(holder, grade.name, is_open, tuple(reasons[holder]))
                above += [holder] if is_open else []
        left = [holder for holder in left if holder not in proposed]
    return tuple(
        proposed.get(holder) or ProposedGrade(holder, None, open=False, reasons=tuple(reasons[holder]))
        for holder in known
    )


@dataclass(frozen=True)
class _PeerGroup:
    candidates: Mapping[int, Candidate]

    def judge(self, grade: Grade, left: Sequence[int], above: Sequence[int]) -> Mapping[int, list[Reason]]:
        """How those whom no better grade took stand to `grade`. Those `above`, whose better grade is open, may yet
        fall into this one and take a place of its quota.
        """
        found = {holder: list(self._reasons(grade, self.candidates[holder])) for holder in left}
        if not _asks_for(grade, "quota"):
            return found
        sure = [holder for holder, reasons in found.items() if _together(reasons) is Holds.YES]
        perhaps = [holder for holder, reasons in found.items() if _together(reasons) is Holds.OPEN]
        fallen = [h for h in above if _together(list(self._reasons(grade, self.candidates[h]))) is not Holds.NO]
        for holder in (*sure, *perhaps):
            holds = self._first(holder, grade.quota, sure, (*perhaps, *fallen))
            found[holder].append(self._reason(grade, Condition.QUOTA, holds, grade.quota, holder, found=None))
        return found

    def _reasons(self, grade: Grade, candidate: Candidate) -> Iterable[Reason]:
        for flag in grade.without:
            holds = Holds.NO if flag in candidate.flags else Holds.YES
            yield Reason(grade.name, Condition.WITHOUT, holds, flag)
        if _asks_for(grade, "at_least"):
            wanted, total = grade.at_least.value, candidate.total
            holds = Holds.OPEN if wanted is None or total is None else Holds.YES if total >= wanted else Holds.NO
            yield Reason(grade.name, Condition.AT_LEAST, holds, wanted, total)
        if _asks_for(grade, "rank_within"):
            known = [other.holder for other in self.candidates.values() if other.total is not None]
            unknown = [holder for holder in self.candidates if holder not in known]
            holds = self._first(candidate.holder, grade.rank_within, known, unknown)
            place = None if unknown else self._place(candidate.holder)
            yield self._reason(grade, Condition.RANK_WITHIN, holds, grade.rank_within, candidate.holder, found=place)

    def _first(self, holder: int, limit: Parameter[int], certain: Collection[int], uncertain: Collection[int]) -> Holds:
        """Whether `holder` is among the first `limit` of the certain, however many of the uncertain join them. It is
        one of either; what it lacks besides, another reason says.
        """
        if limit.value is None or self.candidates[holder].total is None:
            return Holds.OPEN
        at_best = cut(ranked(self._totals({*certain, holder})), limit.value)
        if holder not in (*at_best.within, *at_best.undecided):
            return Holds.NO
        at_worst = cut(ranked(self._totals({*certain, *uncertain})), limit.value)
        return Holds.YES if holder in at_worst.within else Holds.OPEN

    def _totals(self, holders: Iterable[int]) -> Mapping[int, Decimal]:
        totals = {holder: self.candidates[holder].total for holder in holders}
        return {holder: _PERHAPS_THE_BEST if total is None else total for holder, total in totals.items()}

    def _place(self, holder: int) -> Decimal:
        return next(Decimal(place.place) for place in ranked(self._totals(self.candidates)) if place.holder == holder)

    def _reason(
        self,
        grade: Grade,
        condition: Condition,
        holds: Holds,
        limit: Parameter[int],
        holder: int,
        *,
        found: Decimal | None,
    ) -> Reason:
        total = self.candidates[holder].total
        same = (other for other in self.candidates.values() if other.total == total and other.holder != holder)
        return Reason(
            grade=grade.name,
            condition=condition,
            holds=holds,
            wanted=None if limit.value is None else Decimal(limit.value),
            found=found,
            tied=() if total is None else tuple(other.holder for other in same),
        )


def _asks_for(grade: Grade, field: str) -> bool:
    """Whether the grade has that condition; one written as `null` is asked for and withheld."""
    return field in grade.model_fields_set


def _together(reasons: Iterable[Reason]) -> Holds:
    """All conditions must hold; one that is open leaves it open unless another fails."""
    found = {reason.holds for reason in reasons}
    return Holds.NO if Holds.NO in found else Holds.OPEN if Holds.OPEN in found else Holds.YES
