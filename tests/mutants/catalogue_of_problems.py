"""Mutants of 整改 and 督查通报."""

from tests.mutants import probes_of_problems as s
from tests.mutants.mutant import one

PROBLEMS = (
    one(
        "a problem without anybody responsible is reported done",
        0,
        "handlers.rectified:report",
        "    if missing:",
        "    if False:",
        s.what_must_be_said_is_asked_for,
    ),
    one(
        "the unit closes its own problem",
        0,
        "handlers.rectifying:_open",
        "review=True",
        "review=False",
        s.the_units_word_closes_nothing,
    ),
    one(
        "the unit sets itself a later limit",
        0,
        "handlers.rectified:_limit_is_off",
        "elif day > turn",
        "elif False and day > turn",
        s.the_units_limit_lies_within_the_notices,
    ),
    one(
        "criticism makes up for praise",
        0,
        "assessment.circular:_lines",
        "if one.sign is sign]",
        "if one.sign is sign and all(o.sign is sign for o in findings if o.unit == one.unit)]",
        s.praise_and_criticism_both_stand,
    ),
)
