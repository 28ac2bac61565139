"""Stages 阶段: their order, their columns side by side, and one score of them by formula only."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.rulebook import Composite, Parameter, Rulebook, Stage
from assessment.stages import Cell, Lack, OutOfOrder, check_stage, compose, difference, next_stage
from assessment.year_rules import By, Weight
from tests.assessment.cards_of_points import a_rulebook

SELF, HALF, REVIEW, SPOT = (
    Stage(id="self", name="自查评分", cite="一", by=By.UNIT),
    Stage(id="half", name="半年检查", cite="二", by=By.OFFICE, reference_only=True),
    Stage(id="review", name="部门评审", cite="三", by=By.DEPARTMENT),
    Stage(id="spot", name="部门抽查", cite="四", by=By.ASSESSORS),
)


def a_measure(formula: Composite | None = None) -> Rulebook:
    return a_rulebook().model_copy(update={"stages": (SELF, HALF, REVIEW, SPOT), "composite": formula})


def shares(**weights: str | None) -> Composite:
    def share(stage: str, value: str | None) -> Weight:
        return Weight(stage=stage, weight=Parameter[Decimal](value=None if value is None else Decimal(value)))

    return Composite(weights=tuple(share(stage, value) for stage, value in weights.items()))


def given_values(**values: str | None) -> Mapping[str, Cell]:
    return {stage: Cell(None, "未抽到") if value is None else Cell(Decimal(value)) for stage, value in values.items()}


def refused(columns: Mapping[str, Cell], stage: str, **cell: Any) -> tuple[OutOfOrder, str | None] | None:
    found = check_stage(a_measure(), columns, stage, Cell(**({"value": Decimal(90)} | cell)))
    return None if found is None else (found.why, found.stage.id if found.stage else None)


def test_a_later_stage_may_not_precede_an_earlier_one() -> None:
    assert refused({}, "review") == (OutOfOrder.NOT_YET, "self")
    assert refused({}, "self") is None
    assert refused(given_values(self="95"), "spot") == (OutOfOrder.NOT_YET, "review")
    assert refused(given_values(self="95"), "review") is None


def test_what_a_later_stage_was_built_on_is_closed() -> None:
    assert refused(given_values(self="95", review="93"), "self") == (OutOfOrder.CLOSED, "review")
    assert refused(given_values(self="95", review="93"), "review") is None


def test_what_is_for_reference_holds_nobody_up() -> None:
    assert refused(given_values(self="95"), "half") is None
    assert refused(given_values(self="95", half="92"), "self") is None
    assert refused(given_values(self="95", review="93"), "half") == (OutOfOrder.CLOSED, "review")
    assert next_stage(a_measure(), given_values(self="95")) == REVIEW
    assert next_stage(a_measure(), given_values(self="95", review="93", spot=None)) is None


def test_a_stage_without_a_value_needs_a_reason() -> None:
    assert refused({}, "self", value=None) == (OutOfOrder.NO_VALUE, None)
    assert refused({}, "self", value=None, reason="新设单位") is None


def test_a_stage_that_there_is_not_is_an_error() -> None:
    with pytest.raises(KeyError):
        refused({}, "expert")


def test_nothing_is_averaged_without_a_formula() -> None:
    """自评95.5 评审93 抽查92.5 stand side by side (R57)."""
    found = compose(a_measure(), given_values(self="95.5", review="93", spot="92.5"))

    assert found.value is None
    assert [lack.why for lack in found.lacking] == [Lack.NO_FORMULA]
    assert found.beside == (SELF, REVIEW, SPOT)


def test_one_stage_may_be_the_score() -> None:
    found = compose(a_measure(Composite(take="review")), given_values(self="95.5", half="92", review="86"))

    assert (found.value, found.lacking) == (Decimal(86), ())
    assert found.beside == (SELF, HALF)


def test_shares_are_added_exactly() -> None:
    found = compose(
        a_measure(shares(self="0.2", review="0.3", spot="0.5")), given_values(self="95.5", review="93", spot="92.5")
    )

    assert found.value == Decimal("93.25")
    assert [portion.points for portion in found.portions] == [Decimal("19.1"), Decimal("27.9"), Decimal("46.25")]


def test_a_weight_that_is_not_set_means_no_total() -> None:
    found = compose(a_measure(shares(self="0.4", review=None)), given_values(self="95.5", review="93"))

    assert (found.value, found.portions) == (None, ())
    assert [(lack.why, lack.stage) for lack in found.lacking] == [(Lack.NO_WEIGHT, REVIEW)]


def test_a_missing_column_is_named_and_never_nought() -> None:
    formula = shares(self="0.4", review="0.3", spot="0.3")
    found = compose(a_measure(formula), given_values(self="95.5", spot=None))

    assert found.value is None
    assert [(lack.why, lack.stage) for lack in found.lacking] == [(Lack.NO_VALUE, REVIEW), (Lack.NO_VALUE, SPOT)]


def test_shares_that_are_not_a_whole_give_no_total() -> None:
    found = compose(a_measure(shares(self="40", review="60")), given_values(self="95.5", review="93"))

    assert (found.value, [lack.why for lack in found.lacking]) == (None, [Lack.NOT_ONE])


def test_what_is_for_reference_is_never_mixed_in() -> None:
    found = compose(a_measure(shares(half="0.5", review="0.5")), given_values(self="90", half="92", review="86"))

    assert (found.value, [lack.why for lack in found.lacking]) == (None, [Lack.REFERENCE_ONLY])
    assert found.beside == (SELF, HALF)


def test_a_weight_that_is_a_stand_in_is_told() -> None:
    stood_in = Weight.model_validate({"stage": "self", "weight": {"值": Decimal(1), "代入": "原文未给"}})
    formula = Composite(weights=(stood_in,))

    assert compose(a_measure(formula), given_values(self="90")).stand_in
    assert not compose(a_measure(shares(self="1")), given_values(self="90")).stand_in


def test_the_difference_of_two_columns() -> None:
    columns = given_values(self="100", review="86", spot=None)

    assert difference(columns, "review", less="self") == -14
    assert difference(columns, "spot", less="self") is None
    assert difference(columns, "half", less="self") is None


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals(0, 100, places=4), min_size=3, max_size=3), st.integers(0, 10000), st.integers(0, 10000))
def test_a_composite_is_the_exact_sum_of_its_portions_and_lies_between_the_columns(
    values: list[Decimal], one: int, other: int
) -> None:
    low, high = sorted((one, other))
    cuts = [Decimal(low) / 10000, Decimal(high - low) / 10000, Decimal(10000 - high) / 10000]
    formula = shares(self=str(cuts[0]), review=str(cuts[1]), spot=str(cuts[2]))
    found = compose(
        a_measure(formula),
        {stage: Cell(value) for stage, value in zip(("self", "review", "spot"), values, strict=True)},
    )

    assert found.value == sum(portion.points for portion in found.portions)
    assert found.value is not None
    assert min(values) <= found.value <= max(values)


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.sampled_from(["self", "half", "review", "spot"])), st.sampled_from(["self", "half", "review", "spot"])
)
def test_by_allowed_steps_alone_the_columns_are_always_filled_from_the_front(done: set[str], wanted: str) -> None:
    order = ["self", "review", "spot"]
    in_order = [stage for stage in order if stage in done] == order[: len(done - {"half"})]
    columns = {stage: Cell(Decimal(90)) for stage in done}
    if in_order and check_stage(a_measure(), columns, wanted, Cell(Decimal(91))) is None:
        after = {*done, wanted} - {"half"}
        assert [stage for stage in order if stage in after] == order[: len(after)]
