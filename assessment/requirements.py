"""What a duty asks of one unit, item by item, and which items an answer still lacks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assessment.periods import Period
from assessment.roster import Unit
from assessment.rulebook import Duty, Indicator, Rulebook, TextPart
from assessment.submission import Answer, Figure, Slot
from assessment.very_same import VerySame


@dataclass(frozen=True)
class Item:
    """One thing that must be in: an indicator with all its slots, a written part, or a category's self-score."""

    name: str
    slots: tuple[Slot, ...] = ()
    indicator: str | None = None
    part: str | None = None
    category: str | None = None


def reported_by(rulebook: Rulebook, unit: Unit) -> tuple[Indicator, ...]:
    """The indicators that a unit reports: those for which it is named first; the others' figures are theirs (R93)."""
    led = _led_by(VerySame(rulebook.indicators))
    places = sorted(place for name in {unit.name, *unit.aliases} for place in led.get(name, ()))
    return tuple(rulebook.indicators[place] for place in places)


def leads(rulebook: Rulebook) -> tuple[str, ...]:
    """The names under which units report figures, in the order in which the rulebook first names them."""
    return tuple(_led_by(VerySame(rulebook.indicators)))


@lru_cache(maxsize=64)
def _led_by(key: VerySame[Indicator]) -> Mapping[str, Sequence[int]]:
    """Where in the rulebook those stand that a name leads: it may have thousands, and is asked for each message."""
    places: dict[str, list[int]] = {}
    for place, indicator in enumerate(key.items):
        places.setdefault(indicator.owners[0], []).append(place)
    return places


def tells_the_year(duty: Duty, period: Period) -> bool:
    """Whether what is reached at the period's end is the year's own figure: 1—12月 leaves nothing to forecast."""
    return duty.cumulative and period.following().year > period.year


def items(rulebook: Rulebook, duty: Duty, unit: Unit, period: Period) -> tuple[Item, ...]:
    """Everything that the duty asks of the unit for the period, in the rulebook's order.

    Empty when it asks nothing of this unit. A duty that names neither figures nor parts asks for one free text.
    """
    if not (duty.indicators or duty.parts or duty.required or duty.self_score):
        return (Item(name=duty.name, part=TextPart.PROGRESS),)
    figures = reported_by(rulebook, unit) if duty.indicators else ()
    to_come = not tells_the_year(duty, period)
    return (
        *(Item(name=i.name, slots=tuple(_slots(i, forecast=i.forecast and to_come)), indicator=i.id) for i in figures),
        *(Item(name=f"{c.name}自评", category=c.name) for c in rulebook.categories if duty.self_score),
        *(Item(name=part, part=part) for part in (*(part.value for part in duty.parts), *duty.required)),
    )


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
