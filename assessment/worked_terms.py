"""Arithmetic that can be shown 算式: a term knows its exact value and how it came about.

What is printed is what was computed; there is no second text that could disagree. Only the printing rounds (A16).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal, Inexact, localcontext
from enum import StrEnum
from fractions import Fraction

from assessment.points import tidy

_PLACES = 2


class Sign(StrEnum):
    """The four operations."""

    PLUS = "＋"
    MINUS = "−"
    TIMES = "×"
    OVER = "÷"


class Term(ABC):
    """Something with an exact value; terms are combined with + − × ÷."""

    @property
    @abstractmethod
    def value(self) -> Fraction:
        """The exact value."""

    @property
    @abstractmethod
    def stand_in(self) -> bool:
        """Whether it rests on a stand-in ◇."""

    def __add__(self, other: "Term") -> "Term":
        return Calculation(Sign.PLUS, self, other)

    def __sub__(self, other: "Term") -> "Term":
        return Calculation(Sign.MINUS, self, other)

    def __mul__(self, other: "Term") -> "Term":
        return Calculation(Sign.TIMES, self, other)

    def __truediv__(self, other: "Term") -> "Term":
        return Calculation(Sign.OVER, self, other)

    def at_most(self, limit: "Term") -> "Term":
        """This, or `limit` where this is more."""
        return Limited(self, limit, upper=True)

    def at_least(self, limit: "Term") -> "Term":
        """This, or `limit` where this is less."""
        return Limited(self, limit, upper=False)


@dataclass(frozen=True)
class Amount(Term):
    """A number that was given, with the name by which a rulebook or a report calls it."""

    number: Fraction
    name: str = ""
    is_stand_in: bool = False

    @property
    def value(self) -> Fraction:
        return self.number

    @property
    def stand_in(self) -> bool:
        return self.is_stand_in


NOTHING = Amount(Fraction(0))


@dataclass(frozen=True)
class Calculation(Term):
    """Two terms joined by an operation; dividing by 0 raises ZeroDivisionError when the value is asked for."""

    sign: Sign
    left: Term
    right: Term

    @property
    def value(self) -> Fraction:
        left, right = self.left.value, self.right.value
        match self.sign:
            case Sign.PLUS:
                return left + right
            case Sign.MINUS:
                return left - right
            case Sign.TIMES:
                return left * right
            case Sign.OVER:
                return left / right

    @property
    def stand_in(self) -> bool:
        return self.left.stand_in or self.right.stand_in


@dataclass(frozen=True)
class Limited(Term):
    """A term that may not go beyond a limit."""

    term: Term
    limit: Term
    upper: bool

    @property
    def bites(self) -> bool:
        """Whether the limit took effect."""
        return self.term.value > self.limit.value if self.upper else self.term.value < self.limit.value

    @property
    def value(self) -> Fraction:
        return self.limit.value if self.bites else self.term.value

    @property
    def stand_in(self) -> bool:
        return self.term.stand_in or self.limit.stand_in


@dataclass(frozen=True)
class Held:
    """One figure held against another: reached or not, whichever way is better."""

    figure: Amount
    against: Amount
    reached: bool
    words: str = ""
    """What to print instead where the figures themselves say nothing to people, as those of days."""


@dataclass(frozen=True)
class Case(Term):
    """A term that applies because of how figures compare."""

    because: tuple[Held, ...]
    then: Term

    @property
    def value(self) -> Fraction:
        return self.then.value

    @property
    def stand_in(self) -> bool:
        return self.then.stand_in or any(held.figure.stand_in or held.against.stand_in for held in self.because)


# In words


def term_in_words(term: Term) -> str:
    """The arithmetic as a person writes it: 155÷168.7×满分5≈4.59; 63未达到标准85，未达标分−1."""
    if isinstance(term, Case):
        then = "计0" if term.then == NOTHING else term_in_words(term.then)
        return "，".join([*(held_in_words(held) for held in term.because), then])
    if isinstance(term, Limited):
        inner = term_in_words(term.term)
        return f"{inner}，计{_written(term.limit)}" if term.bites else inner
    if isinstance(term, Amount):
        return _written(term)
    return f"{_written(term)}{_equals(term.value)}"


def held_in_words(held: Held) -> str:
    """63未达到标准85."""
    return held.words or f"{_written(held.figure)}{'达到' if held.reached else '未达到'}{_written(held.against)}"


def exact_text(number: Fraction) -> str:
    """The number in full where it ends, else to two places behind 约; the minus is U+2212."""
    ended = _ended(abs(number))
    text = f"约{nearest(abs(number))}" if ended is None else f"{ended:f}"
    return f"−{text}" if number < 0 else text


def nearest(number: Fraction) -> str:
    """Half away from zero to two places, trailing zeros dropped, for people only (A16); the minus is U+2212."""
    whole, rest = divmod(abs(number) * 10**_PLACES, 1)
    text = f"{tidy(Decimal(int(whole) + (2 * rest >= 1)).scaleb(-_PLACES)):f}"
    return f"−{text}" if number < 0 and text != "0" else text


def _equals(value: Fraction) -> str:
    ended = _ended(value)
    short = ended is not None and (ended * 10**_PLACES) % 1 == 0
    return f"{'＝' if short else '≈'}{nearest(value)}"


def _ended(number: Fraction) -> Decimal | None:
    """The exact decimal, or None where it has no end."""
    rest = number.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return None
    places = number.denominator.bit_length()
    with localcontext(Context(prec=MAX_PREC, traps=[Inexact])):
        return tidy(Decimal(number.numerator * 10**places // number.denominator).scaleb(-places))


_STRENGTH = {Sign.PLUS: 1, Sign.MINUS: 1, Sign.TIMES: 2, Sign.OVER: 2}


def _written(term: Term) -> str:
    match term:
        case Amount():
            number = exact_text(term.number)
            number = f"({number})" if term.number < 0 and term.name else number
            return f"{term.name}{number}{'◇' if term.is_stand_in else ''}"
        case Calculation():
            left, right = _bracketed(term.left, term.sign), _bracketed(term.right, term.sign, on_the_right=True)
            return f"{left}{term.sign}{right}"
        case Limited():
            return _written(term.limit if term.bites else term.term)
        case Case():
            return _written(term.then)
    raise TypeError(f"no such term: {type(term).__name__}")


def _bracketed(term: Term, sign: Sign, *, on_the_right: bool = False) -> str:
    inner = _shown(term)
    text = _written(inner)
    if isinstance(inner, Calculation):
        weaker = _STRENGTH[inner.sign] < _STRENGTH[sign]
        undone = on_the_right and sign in (Sign.MINUS, Sign.OVER) and _STRENGTH[inner.sign] == _STRENGTH[sign]
        return f"({text})" if weaker or undone else text
    return f"({text})" if on_the_right and text.startswith("−") else text


def _shown(term: Term) -> Term:
    """The term that is printed where this one stands inside another."""
    if isinstance(term, Limited):
        return _shown(term.limit if term.bites else term.term)
    return _shown(term.then) if isinstance(term, Case) else term
