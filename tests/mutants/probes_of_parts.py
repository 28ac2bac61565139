"""What parts of a year and of a category promise, as test bodies."""

from decimal import Decimal

from assessment.parts_of_year import entries_of
from assessment.readings import PartWithoutTask
from tests.assessment import test_parts_of_a_year as parts
from tests.handlers.desk import Desk


def a_part_stands_beside_the_year(_desk: Desk) -> None:
    """80 and 10 of the year; 4 and 6 of its parts are in neither; 4 taken back moves nothing but its own."""
    entries = [parts.entry([], "税收", Decimal(10), "2026")]
    entries.append(parts.entry(entries, "税收", Decimal(4), "2026H1"))
    entries.append(parts.entry(entries, "税收", Decimal(6), "2026Q3"))
    assert (parts.total(entries), parts.total(entries, parts.FIRST_HALF)) == (Decimal(90), Decimal(84))

    entries.append(parts.undone(entries, entries[1]))
    assert (parts.total(entries), parts.total(entries, parts.FIRST_HALF)) == (Decimal(90), Decimal(80))
    assert [len(entries_of(entries, 2026, part)) for part in (None, parts.FIRST_HALF)] == [1, 2]


def an_open_proposal_of_a_part_stands_beside_the_year(_desk: Desk) -> None:
    parts.test_an_open_proposal_belongs_to_its_period()


def a_part_without_a_task_keeps_its_points(_desk: Desk) -> None:
    """R33: 16 points are lost, 14 of them at most from the other part."""
    assert parts.category_total(PartWithoutTask.FULL, Decimal(16), {"提案"}) == 13
