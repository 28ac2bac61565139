"""What a duty asks of one unit, item by item, and which items an answer still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assessment.periods import Period
from assessment.roster import Unit
from assessment.rulebook import Duty, Indicator, Rulebook, TextPart
from assessment.scoring_ways import Blocks, Discretion, Judged, OneOf, Panel
from assessment.submission import Answer, Figure, Slot
from assessment.very_same import VerySame

FILES = "附件材料"
"""What the files are called that a duty asks for (附件)."""
SELF_SCORE = "自评"
"""What a category's self-score is called, behind the category's name."""


_GIVEN_BY_PEOPLE = (Judged, Panel, Discretion, OneOf, Blocks)


@dataclass(frozen=True)
class Item:
    """One thing that must be in: an indicator with all its slots, a written part, a category's self-score, or files."""

    name: str
    slots: tuple[Slot, ...] = ()
    indicator: str | None = None
    part: str | None = None
    category: str | None = None
    files: bool = False


def reported_by(rulebook: Rulebook, unit: Unit) -> tuple[Indicator, ...]:
    """The indicators that a unit reports: those for which it is named first; the others' figures are theirs (R93).

    It is named also by its peer group: then every unit of the group reports its own.
    """
    return _reported(VerySame(rulebook.indicators), frozenset((unit.name, *unit.aliases, unit.group)))


def asked_of(rulebook: Rulebook, unit: Unit) -> tuple[Indicator, ...]:
    """The indicators whose figures a unit is asked for: those that it reports, and those that it publishes (数出).

    Neither figure stands for the other: where they differ, the office rules which one is used (R72).
    """
    return _asked_of(VerySame(rulebook.indicators), frozenset((unit.name, *unit.aliases, unit.group)))


def figures_of(rulebook: Rulebook, unit: Unit) -> tuple[Indicator, ...]:
    """Of `asked_of` those that have a figure to report: what people give themselves 定性, 评议 is nobody's report."""
    return tuple(one for one in asked_of(rulebook, unit) if has_figure(one))


def has_figure(indicator: Indicator) -> bool:
    """Whether units report a figure for it at all."""
    return not isinstance(indicator.way, _GIVEN_BY_PEOPLE)


def leads(rulebook: Rulebook) -> tuple[str, ...]:
    """The names under which units give figures, in the order in which the rulebook first names them."""
    key = VerySame(rulebook.indicators)
    return tuple(dict.fromkeys((*_led_by(key), *_published_by(key))))


@lru_cache(maxsize=8192)
def _reported(key: VerySame[Indicator], names: frozenset[str]) -> tuple[Indicator, ...]:
    led = _led_by(key)
    return tuple(key.items[place] for place in sorted(place for name in names for place in led.get(name, ())))


@lru_cache(maxsize=8192)
def _asked_of(key: VerySame[Indicator], names: frozenset[str]) -> tuple[Indicator, ...]:
    led, published = _led_by(key), _published_by(key)
    places = {place for name in names for place in (*led.get(name, ()), *published.get(name, ()))}
    return tuple(key.items[place] for place in sorted(places))


@lru_cache(maxsize=64)
def _led_by(key: VerySame[Indicator]) -> Mapping[str, Sequence[int]]:
    """Where in the rulebook those stand that a name leads: it may have thousands, and is asked for each message."""
    places: dict[str, list[int]] = {}
    for place, indicator in enumerate(key.items):
        places.setdefault(indicator.owners[0], []).append(place)
    return places


@lru_cache(maxsize=64)
def _published_by(key: VerySame[Indicator]) -> Mapping[str, Sequence[int]]:
    places: dict[str, list[int]] = {}
    for place, indicator in enumerate(key.items):
        if indicator.published_by is not None:
            places.setdefault(indicator.published_by, []).append(place)
    return places


def tells_the_year(duty: Duty, period: Period) -> bool:
    """Whether what is reached at the period's end is the year's own figure: 1—12月 leaves nothing to forecast."""
    return duty.cumulative and period.following().year > period.year


def items(rulebook: Rulebook, duty: Duty, unit: Unit, period: Period) -> tuple[Item, ...]:
    """Everything that the duty asks of the unit for the period, in the rulebook's order.

    Empty when it asks nothing of this unit. A duty that names neither figures nor parts asks for one free text, or
    where it asks for files for these alone.
    """
    if not (duty.indicators or duty.parts or duty.required or duty.self_score):
        return (Item(FILES, files=True) if duty.files else Item(name=duty.name, part=TextPart.PROGRESS),)
    figures = figures_of(rulebook, unit) if duty.indicators else ()
    # Whoever only publishes a figure is not asked what the year will bring.
    own = {indicator.id for indicator in reported_by(rulebook, unit)} if not tells_the_year(duty, period) else set()
    return (
        *(
            Item(name=i.name, slots=tuple(_slots(i, forecast=i.forecast and i.id in own)), indicator=i.id)
            for i in figures
        ),
        *(Item(name=f"{c.name}{SELF_SCORE}", category=c.name) for c in rulebook.categories if duty.self_score),
        *(Item(name=part, part=part) for part in (*(part.value for part in duty.parts), *duty.required)),
        *((Item(FILES, files=True),) if duty.files else ()),
    )


def asks(rulebook: Rulebook, duty: Duty, unit: Unit) -> bool:
    """Whether the duty asks anything of the unit, in whatever period: whether `items` has any, without making them."""
    if duty.parts or duty.required or (duty.self_score and rulebook.categories):
        return True
    return any(map(has_figure, asked_of(rulebook, unit))) if duty.indicators else not duty.self_score


def missing(wanted: Sequence[Item], answer: Answer) -> tuple[str, ...]:
    """Names of the items that are not in; a nil report with its reason counts as in."""
    if "" in answer.nil_reasons:
        return ()
    return tuple(name for item in wanted for name in _lacking(item, answer))


def is_in(item: Item, answer: Answer) -> bool:
    """Whether that item is complete."""
    return "" in answer.nil_reasons or not tuple(_lacking(item, answer))


def _slots(indicator: Indicator, *, forecast: bool) -> Iterable[Slot]:
    if indicator.cohorts:
        return (Slot(indicator.id, Figure.ACTUAL, cohort.name) for cohort in indicator.cohorts)
    figures = (Figure.ACTUAL, Figure.FORECAST) if forecast else (Figure.ACTUAL,)
    return (Slot(indicator.id, figure) for figure in figures)


def _lacking(item: Item, answer: Answer) -> Iterable[str]:
    if item.files:
        if not answer.files:
            yield item.name
        return
    if item.part is not None:
        if not answer.parts.get(item.part):
            yield item.name
        return
    if item.category is not None:
        if item.category not in answer.scores:
            yield item.name
        return
    if item.indicator in answer.nil_reasons:
        return
    lacking = [slot for slot in item.slots if slot not in answer.values]
    if len(lacking) == len(item.slots):
        yield item.name
    elif lacking:
        yield f"{item.name}({'、'.join(slot.cohort or slot.figure.value for slot in lacking)})"
