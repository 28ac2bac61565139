"""What a mark is worked out on: what it takes from rulebook and facts, what it lacks, what was met, and the steps."""

from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from assessment.count_slots import Pace
from assessment.indicator import Direction
from assessment.indicator_facts import Exact
from assessment.parameter import Parameter, Part
from assessment.worked_terms import NOTHING, Amount, Held, Term


class WhyNot(StrEnum):
    """Why there are no points."""

    UNREPORTED = "未报"
    UNSET = "未设定"
    UNDECIDED = "未定"
    """A person has to choose."""
    CONTESTED = "数据不一致，请核"
    """Two units gave different figures, and the office has not said which is used."""
    REFUSED = "不予采用"
    """What was said lies outside the bounds, or contradicts itself or the rulebook."""


@dataclass(frozen=True)
class Lack:
    """One thing without which there are no points."""

    why: WhyNot
    what: str
    """The name of a fact or of a parameter; of what is refused, a sentence that says what is wrong."""


@dataclass(frozen=True)
class Met:
    """One figure against what it has to reach."""

    name: str
    has: Fraction | None
    """None: 未报."""
    wanted: Fraction
    direction: Direction = Direction.HIGHER

    @property
    def short(self) -> Fraction | None:
        """How much is missing; 0 where it is reached; None where nobody knows."""
        if self.has is None:
            return None
        short = self.wanted - self.has if self.direction is Direction.HIGHER else self.has - self.wanted
        return max(Fraction(0), short)


POINTS = "拟计分"
"""What the last step's result is called: nothing of it counts before 结算 and 核定."""


@dataclass(frozen=True)
class Step:
    """One step of the arithmetic, and what its result is called."""

    name: str
    term: Term


@dataclass(frozen=True)
class Wanted:
    """Something that points need: a parameter or a fact, or nothing where it is missing."""

    name: str
    number: Exact | None
    why_not: WhyNot
    stand_in: bool = False
    shown: bool = True
    """Whether the arithmetic names it; a reported figure speaks for itself."""

    @property
    def amount(self) -> Amount:
        """The exact amount; only to be asked for behind `require`."""
        if self.number is None:
            raise LookupError(self.name)
        return Amount(Fraction(self.number), self.name if self.shown else "", self.stand_in)


class CannotMark(Exception):
    """There are no points, and these are all the reasons that can be seen so far."""

    def __init__(self, *lacks: Lack) -> None:
        super().__init__("；".join(f"{lack.why}：{lack.what}" for lack in lacks))
        self.lacks = lacks


def refused(what: str) -> CannotMark:
    """What was said, or what the rulebook says, cannot be scored."""
    return CannotMark(Lack(WhyNot.REFUSED, what))


def reported(name: str, number: Exact | None) -> Wanted:
    """A fact that somebody has to report."""
    return Wanted(name, number, WhyNot.UNREPORTED, shown=False)


def setting(part: Part, field_name: str, owner: str = "") -> Wanted:
    """A parameter of the rulebook that the office has to set; `owner` tells which of several parts it belongs to."""
    parameter: Parameter[Any] = getattr(part, field_name)
    name = type(part).model_fields[field_name].alias or field_name
    return Wanted(f"{owner}{name}", parameter.value, WhyNot.UNSET, bool(parameter.stand_in))


def is_written(part: Part, field_name: str) -> bool:
    """Whether the rulebook mentions it. What it leaves out does not apply; what it writes as `null` is withheld."""
    return field_name in part.model_fields_set


def optional(part: Part, field_name: str) -> Wanted | None:
    """The parameter where the rulebook mentions it."""
    return setting(part, field_name) if is_written(part, field_name) else None


def one_at_least(part: Part, *names: str) -> tuple[Wanted | None, ...]:
    """Parameters of which a rulebook may leave some out, but not all: then the first one is unset."""
    found = tuple(optional(part, name) for name in names)
    return found if any(found) else (setting(part, names[0]), *found[1:])


def require(*wanted: Wanted | None) -> None:
    """Raise CannotMark naming everything that is missing of what is wanted."""
    lacks = [Lack(each.why_not, each.name) for each in wanted if each is not None and each.number is None]
    if lacks:
        raise CannotMark(*lacks)


def worth(wanted: Wanted | None) -> Amount:
    """The amount; 0 where the rulebook does not mention it."""
    return NOTHING if wanted is None else wanted.amount


@dataclass
class Worksheet:
    """What came out so far, kept also where there are no points in the end."""

    steps: list[Step] = field(default_factory=list)
    met: list[Met] = field(default_factory=list)
    pace: Pace | None = None
    months_without: tuple[int, ...] = ()
    repeated_vouchers: tuple[str, ...] = ()
    verified: Fraction | None = None

    def step(self, name: str, term: Term) -> Amount:
        """Write a step down; its result goes on into the next one as a plain number."""
        self.steps.append(Step(name, term))
        return Amount(term.value, "", term.stand_in)

    def note(self, name: str, has: Wanted, wanted: Wanted, direction: Direction = Direction.HIGHER) -> None:
        """Keep how far a figure is from what it has to reach, whether or not there will be points."""
        if wanted.number is not None:
            figure = None if has.number is None else Fraction(has.number)
            self.met.append(Met(name, figure, Fraction(wanted.number), direction))


def held(has: Wanted, wanted: Wanted, direction: Direction = Direction.HIGHER) -> Held:
    """Whether a figure reaches what it is held against, exactly reached included (A1)."""
    figure, against = has.amount, wanted.amount
    higher = direction is Direction.HIGHER
    return Held(figure, against, figure.value >= against.value if higher else figure.value <= against.value)


def deduction(each: Wanted, times: int = 1) -> Term:
    """So many times what is taken off each time; a rulebook that would add instead is refused (R60)."""
    if each.amount.value > 0:
        raise refused(f"“{each.name}”写的是正数，扣分须写负数")
    return each.amount if times == 1 else each.amount * Amount(Fraction(times)) if times else NOTHING
