"""What was understood of a report: facts only; the sentences about it are made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from assessment.periods_text import NamedPeriod
from assessment.submission import Slot


class DoubtReason(StrEnum):
    """Why something is asked back. The values are keys, not wording."""

    UNREADABLE = "unreadable"
    """There is a figure, and it cannot be read."""
    SEVERAL_READINGS = "several readings"
    """One figure, two plausible values."""
    VAGUE = "vague"
    """约, 左右, 差不多: no exact figure."""
    RANGE = "range"
    """Two bounds instead of one figure."""
    UNKNOWN_UNIT = "unknown unit"
    """A word behind the figure that is no unit we know."""
    PERCENT_MISSING = "percent missing"
    """A bare figure for a share."""
    WRONG_UNIT = "wrong unit"
    """A unit of another dimension than the indicator's."""
    WRONG_CURRENCY = "wrong currency"
    """元 for 美元, or the other way round."""
    TOO_MANY_DIGITS = "too many digits"
    """More digits than are stored."""
    NOT_THE_FIGURE = "not the figure"
    """Only a comparison, a target or a change was given, not the indicator's own figure."""
    MAGNITUDE = "magnitude"
    """Far off the target and the last value; `limit` is what it was compared with."""
    ABOVE_HUNDRED = "above hundred"
    """A share of more than the whole."""
    NEGATIVE = "negative"
    """Below zero, where only rates of change can be."""
    FORECAST_BELOW_ACTUAL = "forecast below actual"
    """The forecast lies below what is already reached, which is `limit`."""
    BELOW_PREVIOUS = "below previous"
    """A cumulative figure has shrunk; `limit` is the one of the period before."""
    TWO_VALUES = "two values"
    """The same place was given two values; `candidates` are both as written."""
    FIGURE_UNCLEAR = "figure unclear"
    """Actual or forecast? `slot` is the more likely place."""
    COHORT_MISSING = "cohort missing"
    """The indicator has cohorts and none was named; `candidates` are their names."""
    OTHER_PERIOD = "other period"
    """The value was given for another period than the rest of the report."""
    WORDS_BETWEEN = "words between"
    """Words that were not understood stand between the indicator and its figure."""
    NAME_UNCLEAR = "name unclear"
    """The name fits several indicators equally well; `candidates` are their ids."""
    NO_INDICATOR = "no indicator"
    """A figure that no indicator claims; `candidates` are the ids that it would suit."""
    WHOSE_CHANGE = "whose change"
    """增幅7.2% without a name, where one indicator still owed is called so: its figure, or only a comparison?"""
    NIL_AND_VALUE = "nil and value"
    """A nil report and a value for the same indicator."""


@dataclass(frozen=True)
class Doubt:
    """One thing to ask back, in the indicator's own unit throughout."""

    reason: DoubtReason
    written: str
    slot: Slot | None = None
    read: Decimal | None = None
    """The value as it was read."""
    likely: Decimal | None = None
    """The value that was probably meant."""
    limit: Decimal | None = None
    """What the value was compared with."""
    candidates: tuple[str, ...] = ()

    @property
    def settled_by(self) -> Decimal | None:
        """The value that a plain 确认 chooses; None where only a corrected figure helps."""
        return self.read if self.likely is None else self.likely


@dataclass(frozen=True)
class Item:
    """One indicator of a report, or a figure without one. `number` counts from 1 in order of appearance."""

    number: int
    indicator: str | None
    values: Mapping[Slot, Decimal]
    """What was read, doubtful values included; in the indicator's own unit."""
    written: str
    written_as: str | None = None
    """The name as typed where it was not exactly one of the indicator's names."""
    doubts: tuple[Doubt, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the values may be stored as they are."""
        return self.indicator is not None and not self.doubts and bool(self.values)

    @property
    def on_confirm(self) -> Mapping[Slot, Decimal] | None:
        """The values that a plain 确认 stores, likely ones in the place of doubtful ones; None where it cannot."""
        if self.indicator is None or any(doubt.slot is None or doubt.settled_by is None for doubt in self.doubts):
            return None
        chosen = {doubt.slot: doubt.settled_by for doubt in self.doubts if doubt.slot and doubt.settled_by is not None}
        return {**self.values, **chosen}


@dataclass(frozen=True)
class Foreign:
    """An indicator that another unit reports, named here by one of its exact names."""

    indicator: str
    written: str


@dataclass(frozen=True)
class ReportReading:
    """A whole message taken apart. Nothing that was typed is missing from it."""

    items: tuple[Item, ...] = ()
    parts: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[Foreign, ...] = ()
    remarks: tuple[str, ...] = ()
    """Figures that the text itself calls a comparison or a target (同比增长5%); kept as text, never as values."""
    leftover: str = ""
    """Words that were not understood, in order, one place a line."""
    named_period: NamedPeriod | None = None
    """A period that the text names and that is not the one asked; None where all is as asked."""
    nils: Mapping[str, str] = field(default_factory=dict)
    """Indicator ids (or "" for the whole report) reported as having nothing to report, with the reason given."""
