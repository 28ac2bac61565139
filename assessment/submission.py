"""A versioned answer to an obligation: figures, forecasts the written parts and self-scores."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Figure(StrEnum):
    """Which of an indicator's two figures a value is; never mixed (R67)."""

    ACTUAL = "完成"
    FORECAST = "预测"


@dataclass(frozen=True, order=True)
class Slot:
    """The place of one value: indicator id, actual or forecast, and the cohort's name where there are cohorts."""

    indicator: str
    figure: Figure
    cohort: str | None = None


@dataclass(frozen=True)
class Answer:
    """What a unit has said on one obligation so far; `values` are in each indicator's own unit."""

    values: Mapping[Slot, Decimal] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    """What was written under each heading that the duty names: one of TextPart, or one of its own (必写)."""
    scores: Mapping[str, Decimal | None] = field(default_factory=dict)
    """A self-score 自评 by category; None is 无任务."""
    nil_reasons: Mapping[str, str] = field(default_factory=dict)
    """Indicator ids (or "" for the whole report) reported as 零报告, with the reason given."""
    files: int = 0
    """How many files are attached; only counted where the duty asks for them (附件)."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was said."""
        return not (self.values or self.parts or self.scores or self.nil_reasons)
