"""The mutants of what is filled in during the year."""

from tests.mutants import probes_of_filling as f
from tests.mutants.mutant import one

FILLING = (
    one(
        "a frozen value takes another",
        5,
        "assessment.filling_in:fillings",
        "if others:",
        "if False:",
        f.only_the_unset_can_be_filled,
    ),
    one(
        "a stand-in is taken for a value",
        5,
        "assessment.filling_in:fillings",
        "and value.stand_in is None",
        "and True",
        f.only_the_unset_can_be_filled,
    ),
    one(
        "totals stay as they were",
        5,
        "storage.filling_in:fill_in",
        "if account.programme == programme.code:",
        "if False:",
        f.what_is_filled_in_is_on_record_and_counts,
    ),
    one(
        "the text of before is forgotten",
        5,
        "storage.filling_in:_record",
        "{programme.digest} {digest}",
        "{digest} {digest}",
        f.what_is_filled_in_is_on_record_and_counts,
    ),
    one(
        "points are taken away unheard",
        5,
        "storage.filling_in:_value_proposals",
        "if found.points < 0 and row.stated_at is None:",
        "if False:",
        f.what_is_filled_in_is_on_record_and_counts,
    ),
)
