"""Who may give points: never for the own unit, never twice with one 确认, and never against the order of stages."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.roster import Post, Role
from handlers.columns import as_typed
from storage.stage_values import StageValueRow, columns

OFFICE, OWN, OTHER, PERSON = 1, 2, 3, 10


@pytest.mark.parametrize("action", [Action.JUDGE, Action.GIVE_STAGE, Action.SETTLE])
def test_nobody_judges_the_own_unit(action: Action) -> None:
    """R58: an office that is itself assessed, and its people in another unit, leave that to others."""
    actor = Actor(PERSON, (Post(PERSON, OFFICE, Role.OFFICE), Post(PERSON, OWN, Role.REPORTER)))

    def allowed(unit: int) -> bool:
        return authorise(actor, action, Target(office=OFFICE, unit=unit), Destination.PRIVATE).allowed

    assert [allowed(unit) for unit in (OFFICE, OWN, OTHER)] == [False, False, True]


def row(stage: str, value: Decimal | None, *, back: bool = False) -> StageValueRow:
    values: dict[str, Any] = {"stage": stage, "value": value, "taken_back": back}
    return StageValueRow(**values)


def test_a_stage_taken_back_counts_as_not_done() -> None:
    rows = [row("review", Decimal(93)), row("check", Decimal(92)), row("check", None, back=True)]

    assert {stage: one.value for stage, one in columns(rows).items()} == {"review": Decimal(93)}
    assert columns([*rows, row("check", Decimal(91))])["check"].value == 91


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 100), st.booleans()), max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_last_word_on_each_stage_stands(said: list[tuple[str, int, bool]]) -> None:
    """R57: columns are kept apart: what is said of one stage changes no other."""
    found = columns(row(stage, Decimal(value), back=back) for stage, value, back in said)
    for stage in "abc":
        own = [(value, back) for name, value, back in said if name == stage]
        assert (stage in found) == bool(own and not own[-1][1])
        assert stage not in found or found[stage].value == own[-1][0]


def test_no_task_on_record_is_no_number() -> None:
    """R33: 无任务 is kept as such and never as nought."""
    scores: Mapping[str, Decimal | None] = {"一": Decimal(16), "三": None}
    typed = as_typed(scores)

    assert (dict(typed.numbers), typed.without_task) == ({"一": Decimal(16)}, frozenset({"三"}))
