"""A unit's self-score 自评 by categories 大类: what was typed, what is wrong with it, and the official one beside it.

Nothing is repaired: a sum that does not fit, a number above its full marks and a missing row are said and asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from assessment.accounts import Category
from assessment.points import ExtraPlaces, show_points, to_scaled


@dataclass(frozen=True)
class Row:
    """One category as the unit scores itself."""

    category: str
    points: Decimal
    no_task: bool = False
    """It said 无任务 instead of a number; the points are then the full ones."""
    parts_without_task: tuple[str, ...] = ()
    """The parts 分项 of which it said so, beside its number for the category as a whole."""


@dataclass(frozen=True)
class Typed:
    """What a message says, before anything is checked."""

    numbers: Mapping[str, Decimal] = field(default_factory=dict)
    """By the name of the category."""
    without_task: frozenset[str] = frozenset()
    """Names of the categories for which 无任务 was said, and of single parts of one."""
    with_task: frozenset[str] = frozenset()
    """Parts of the categories that it names, of which it does not say so."""
    total: Decimal | None = None
    """The sum as the unit wrote it."""
    unclear: tuple[str, ...] = ()
    """What was written and could not be read."""
    repeated: tuple[str, ...] = ()
    """Categories for which two different things were said."""

    @property
    def says_anything(self) -> bool:
        """Whether it names a score, or a category without a task."""
        return bool(self.numbers or self.without_task or self.total is not None)

    def amended_by(self, later: "Typed") -> "Typed":
        """A later message puts right what it names and leaves the rest as it was."""
        named = later.numbers.keys() | later.without_task | later.with_task
        kept = {name: number for name, number in self.numbers.items() if name not in named}
        return Typed(
            numbers={**kept, **later.numbers},
            without_task=(self.without_task - named) | later.without_task,
            total=self.total if later.total is None else later.total,
            unclear=later.unclear,
            repeated=tuple(name for name in self.repeated if name not in named) + later.repeated,
        )


class ScoreFault(StrEnum):
    """What can be wrong with a self-score. The values are keys, not wording."""

    MISSING = "missing"
    ABOVE_FULL = "above full"
    BELOW_NOTHING = "below 0"
    EXTRA_PLACES = "extra places"
    TASK_EXPECTED = "task expected"
    REPEATED = "repeated"
    UNCLEAR = "unclear"
    SUM = "sum"


@dataclass(frozen=True)
class ScoreDoubt:
    """One thing to ask the unit."""

    fault: ScoreFault
    category: str = ""
    """The category's name; what was written where it could not be read; empty for the sum."""
    typed: Decimal | None = None
    wanted: Decimal | None = None
    """The full marks, or what the sum should be."""


@dataclass(frozen=True)
class SelfScore:
    """A self-score as far as it is known. It counts as given when there is no doubt left."""

    rows: tuple[Row, ...]
    """In the order of the rulebook; only those that are in order."""
    stated_total: Decimal | None
    doubts: tuple[ScoreDoubt, ...]

    @property
    def total(self) -> Decimal:
        """The rows added up; of an incomplete self-score it is only what is there so far."""
        return sum((row.points for row in self.rows), Decimal(0))

    @property
    def complete(self) -> bool:
        """Whether it may go to the head for signature."""
        return not self.doubts


def check_self_score(typed: Typed, categories: Sequence[Category]) -> SelfScore:
    """Hold what was typed against the categories. A sum need not be written, but a written one has to fit."""
    rows = []
    doubts = [ScoreDoubt(ScoreFault.UNCLEAR, written) for written in typed.unclear]
    for category in categories:
        found = _row(category, typed)
        if isinstance(found, Row):
            rows.append(found)
        else:
            doubts.append(found)
    score = SelfScore(tuple(rows), typed.total, ())
    if len(rows) == len(categories) and typed.total is not None and typed.total != score.total:
        doubts.append(ScoreDoubt(ScoreFault.SUM, "", typed.total, score.total))
    return SelfScore(score.rows, score.stated_total, tuple(doubts))


def _row(category: Category, typed: Typed) -> Row | ScoreDoubt:
    name, full = category.name, category.full
    number = typed.numbers.get(name)
    if name in typed.repeated:
        return ScoreDoubt(ScoreFault.REPEATED, name)
    if name in typed.without_task:
        if not category.full_if_no_task:
            return ScoreDoubt(ScoreFault.TASK_EXPECTED, name)
        if number is not None and number != full:
            return ScoreDoubt(ScoreFault.REPEATED, name)
        return Row(name, full, no_task=True)
    parts = tuple(part for part in category.parts if part in typed.without_task)
    if parts and not category.full_if_no_task:
        return ScoreDoubt(ScoreFault.TASK_EXPECTED, name)
    if number is None:
        return ScoreDoubt(ScoreFault.MISSING, name)
    fault = _fault(number, full)
    return Row(name, number, parts_without_task=parts) if fault is None else ScoreDoubt(fault, name, number, full)


def _fault(number: Decimal, full: Decimal) -> ScoreFault | None:
    if number > full:
        return ScoreFault.ABOVE_FULL
    if number < 0:
        return ScoreFault.BELOW_NOTHING
    try:
        to_scaled(number)
    except ExtraPlaces:
        return ScoreFault.EXTRA_PLACES
    return None


def doubt_in_words(doubt: ScoreDoubt) -> str:
    """What is asked, as it stands in a card."""
    typed, wanted = ("" if number is None else f"{number:f}" for number in (doubt.typed, doubt.wanted))
    match doubt.fault:
        case ScoreFault.MISSING:
            return f"缺{doubt.category}自评分"
        case ScoreFault.ABOVE_FULL:
            return f"{doubt.category}满分{wanted}，您填{typed}"
        case ScoreFault.BELOW_NOTHING:
            return f"{doubt.category}不能低于0，您填{typed}"
        case ScoreFault.EXTRA_PLACES:
            return f"{doubt.category}最多四位小数，您填{typed}"
        case ScoreFault.TASK_EXPECTED:
            return f"{doubt.category}没有无任务计满的规定，请填分数"
        case ScoreFault.REPEATED:
            return f"{doubt.category}填了不同的数，请只填一个"
        case ScoreFault.UNCLEAR:
            return f"“{doubt.category}”不知是哪一项"
        case ScoreFault.SUM:
            return f"合计应为{wanted}，您填{typed}"


# Beside the official score


@dataclass(frozen=True)
class BesideOfficial:
    """One self-scored value and the official one; never averaged (R57)."""

    name: str
    """The category, or empty for the total."""
    own: Decimal | None
    official: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Official less own; None while either is unknown."""
        return None if self.own is None or self.official is None else self.official - self.own


def beside_official(
    score: SelfScore, official: Mapping[str, Decimal], official_total: Decimal | None, categories: Iterable[Category]
) -> tuple[BesideOfficial, ...]:
    """Each category, then the total; the official total has its caps and floors already and is no sum."""
    own = {row.category: row.points for row in score.rows}
    listed = [BesideOfficial(each.name, own.get(each.name), official.get(each.name)) for each in categories]
    return (*listed, BesideOfficial("", score.total if score.complete else None, official_total))


def beside_in_words(found: BesideOfficial, office: str) -> str:
    """自评100分，考核办评86分，比自评低14分; `office` is whose the official score is."""
    heading = f"{found.name}：" if found.name else ""
    return heading + "，".join(_beside(found, office))


def _beside(found: BesideOfficial, office: str) -> Iterator[str]:
    yield "未报自评" if found.own is None else f"自评{show_points(found.own)}分"
    yield f"{office}未评" if found.official is None else f"{office}评{show_points(found.official)}分"
    gap = found.difference
    if gap is not None:
        yield f"比自评{'高' if gap > 0 else '低'}{show_points(abs(gap))}分" if gap else "与自评一致"
