"""The stages 阶段 of an assessment: a column of values for each, never mixed, and one score of them by formula only.

自评, 评审, 抽查, 核实 and 核定 stand side by side. Nothing is averaged unless the rulebook says how (综合).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import MAX_PREC, Context, Decimal
from enum import StrEnum

from assessment.points import tidy
from assessment.rulebook import Composite, Rulebook, Stage, Subject

_EXACT = Context(prec=MAX_PREC)


@dataclass(frozen=True)
class Cell:
    """What one stage gave one holder. Done without a value (抽查未抽到) needs a reason."""

    value: Decimal | None
    reason: str = ""


Columns = Mapping[str, Cell]
"""The cells of one holder by the ids of their stages; a stage that is not in it has not been done."""


class OutOfOrder(StrEnum):
    """Why a stage may not be done now."""

    NOT_YET = "not yet"
    """An earlier stage has to be done first."""
    CLOSED = "closed"
    """A later stage has been built on it: take that one back first."""
    NO_VALUE = "no value"
    """Neither a value nor the reason why there is none."""


@dataclass(frozen=True)
class StageRefusal:
    """Why the stage may not be done, and the stage that stands in the way."""

    why: OutOfOrder
    stage: Stage | None = None


def check_stage(rulebook: Rulebook, columns: Columns, stage_id: str, cell: Cell) -> StageRefusal | None:
    """Why `cell` may not become that stage's column, or None (R55). KeyError for a stage that there is not.

    What is for reference only (仅供参考) holds no other stage up, but is itself not given once a later stage is.
    """
    if cell.value is None and not cell.reason.strip():
        return StageRefusal(OutOfOrder.NO_VALUE)
    at = rulebook.stages.index(rulebook.stage(stage_id))
    for earlier in rulebook.stages[:at]:
        if earlier.id not in columns and not earlier.reference_only:
            return StageRefusal(OutOfOrder.NOT_YET, earlier)
    for later in rulebook.stages[at + 1 :]:
        if later.id in columns and not later.reference_only:
            return StageRefusal(OutOfOrder.CLOSED, later)
    return None


def next_stage(rulebook: Rulebook, columns: Columns) -> Stage | None:
    """The stage that is due next; None when all are done."""
    return next((stage for stage in rulebook.stages if stage.id not in columns and not stage.reference_only), None)


class Lack(StrEnum):
    """Why there is no composite."""

    NO_FORMULA = "未定综合办法"
    NO_VALUE = "本阶段没有分值"
    NO_WEIGHT = "权重未设定"
    NOT_ONE = "权重合计不是1"
    REFERENCE_ONLY = "本阶段仅供参考"


@dataclass(frozen=True)
class Lacking:
    """One thing that is missing for a composite; `stage` is None where it concerns the whole."""

    why: Lack
    stage: Stage | None = None


@dataclass(frozen=True)
class Portion:
    """What one stage brings into the composite."""

    stage: Stage
    value: Decimal
    weight: Decimal
    """1 where the composite takes this one stage."""

    @property
    def points(self) -> Decimal:
        """Value times weight, exactly."""
        return _EXACT.multiply(self.value, self.weight)


@dataclass(frozen=True)
class Composed:
    """One holder's score of all stages, exact. With anything lacking there is none: nothing is filled in."""

    value: Decimal | None
    portions: tuple[Portion, ...]
    lacking: tuple[Lacking, ...]
    beside: tuple[Stage, ...]
    """Stages that have a value and are not in the score: those for reference only, and those not taken."""
    stand_in: bool = False
    """Whether a weight is a stand-in, so that the score is shown with ◇."""


def compose(rulebook: Rulebook, columns: Columns) -> Composed:
    """The holder's score by the rulebook's formula. Raises KeyError where that names a stage that there is not."""
    formula = rulebook.composite
    if formula is None:
        return Composed(None, (), (Lacking(Lack.NO_FORMULA),), _with_value(rulebook, columns, ()))
    weights = _weights(rulebook, formula)
    lacking = tuple(_lacking(weights, columns))
    portions = () if lacking else tuple(_portions(weights, columns))
    total = Decimal(0)
    for portion in portions:
        total = _EXACT.add(total, portion.points)
    return Composed(
        value=None if lacking else tidy(total),
        portions=portions,
        lacking=lacking,
        beside=_with_value(rulebook, columns, tuple(stage for stage, _ in weights if not stage.reference_only)),
        stand_in=any(part.weight.stand_in is not None for part in formula.weights),
    )


def apart_from_ledger(rulebook: Rulebook) -> Stage | None:
    """The stage with which the measure's own score stands apart from what its ledger comes to; None where it does not.

    Such a measure has two totals: points are entered by its clauses or indicators, and its score is made of what its
    stages were given. No text says how the one follows from the other, so they stand side by side and are never merged.
    """
    writes = rulebook.account(Subject.UNIT) is not None and bool(rulebook.indicators or rulebook.clauses)
    if rulebook.composite is None or not writes:
        return None
    return next((stage for stage, _ in reversed(_weights(rulebook, rulebook.composite))), None)


def difference(columns: Columns, stage_id: str, less: str) -> Decimal | None:
    """How far one stage's value stands above another's (R36); None while one of them is not known."""
    one, other = columns.get(stage_id), columns.get(less)
    if one is None or other is None or one.value is None or other.value is None:
        return None
    return _EXACT.subtract(one.value, other.value)


def _weights(rulebook: Rulebook, formula: Composite) -> list[tuple[Stage, Decimal | None]]:
    if formula.take is not None:
        return [(rulebook.stage(formula.take), Decimal(1))]
    return [(rulebook.stage(part.stage), part.weight.value) for part in formula.weights]


def _lacking(weights: Iterable[tuple[Stage, Decimal | None]], columns: Columns) -> Iterable[Lacking]:
    total: Decimal | None = Decimal(0)
    for stage, weight in weights:
        if stage.reference_only:
            yield Lacking(Lack.REFERENCE_ONLY, stage)
        if weight is None:
            yield Lacking(Lack.NO_WEIGHT, stage)
        if stage.id not in columns or columns[stage.id].value is None:
            yield Lacking(Lack.NO_VALUE, stage)
        total = None if total is None or weight is None else _EXACT.add(total, weight)
    if total not in (None, Decimal(1)):
        yield Lacking(Lack.NOT_ONE)


def _portions(weights: Iterable[tuple[Stage, Decimal | None]], columns: Columns) -> Iterable[Portion]:
    for stage, weight in weights:
        value = columns[stage.id].value
        if value is not None and weight is not None:
            yield Portion(stage, value, weight)


def _with_value(rulebook: Rulebook, columns: Columns, taken: tuple[Stage, ...]) -> tuple[Stage, ...]:
    return tuple(
        stage
        for stage in rulebook.stages
        if stage not in taken and stage.id in columns and columns[stage.id].value is not None
    )
