"""What follows from the publication of the year's results: once, for the measure as a whole (R63)."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from assessment.consequences import after_flag, after_grade, after_publication
from assessment.rulebook import Consequence, Flag
from assessment.year_rules import Act
from tests.assessment.cards_of_points import UNIT, a_rulebook

PUBLISHED = date(2027, 1, 25)


def a_consequence(**cause: Any) -> Consequence:
    written = {"id": "抄送", "name": "抄送组织部门", "cite": "六", "text": "原文", "act": "待办"}
    return Consequence.model_validate(written | cause)


def test_a_copy_to_the_department_above_is_one_task_without_an_account() -> None:
    """R63: 抄送组织部门 is a task at publication, whatever the number of units."""
    measure = a_rulebook().model_copy(update={"consequences": (a_consequence(published=True),)})

    (task,) = after_publication(measure, PUBLISHED)

    assert (task.act, task.account, task.counted_from, task.office_sets_day) == (Act.TASK, None, PUBLISHED, False)
    assert after_publication(measure, date(2027, 2, 1))[0].key == task.key
    assert after_grade(measure, UNIT, "较差", PUBLISHED) == ()
    assert after_flag(measure, UNIT, Flag.LAST_PLACE, PUBLISHED) == ()


def test_what_a_grade_brings_does_not_follow_from_the_publication() -> None:
    measure = a_rulebook().model_copy(update={"consequences": (a_consequence(grade="较差"),)})

    assert after_publication(measure, PUBLISHED) == ()


@pytest.mark.parametrize("cause", [{}, {"published": False}, {"published": True, "grade": "较差"}])
def test_a_consequence_has_exactly_one_cause(cause: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="只能写一项"):
        a_consequence(**cause)
