"""The mutants of 核定: what may be entered at all, and what was shown before."""

from tests.mutants import probes_of_decisions as d
from tests.mutants.mutant import one

DECISIONS = (
    # 7 people decide, and decide what they were shown
    one(
        "points that were given already leave their range",
        7,
        "handlers.deciding:_objection",
        "if value is not None and value == row.points:",
        "if row.points is not None:",
        d.a_range_is_never_left,
    ),
    one(
        "a deduction becomes an addition",
        7,
        "handlers.points:as_the_clause_goes",
        "return points if points < 0 else points * (direction(clause) or 1)",
        "return points",
        d.a_range_is_never_left,
    ),
    one(
        "printed points are weighed",
        7,
        "handlers.deciding:_objection",
        "differs = points is not None",
        "differs = False and points is not None",
        d.what_the_measure_prints_is_not_weighed,
    ),
    one(
        "what changed meanwhile is entered",
        7,
        "handlers.deciding:take_decision",
        'if as_shown(row) != content["shown"][str(row.id)]:',
        "if False:",
        d.what_was_shown_is_entered_or_nothing,
    ),
    one(
        "only the points are compared",
        7,
        "handlers.as_shown:as_shown",
        "(row.points, said, ",
        "(row.points, ",
        d.another_basis_is_another_decision,
    ),
)
