"""The mutants of what a year comes to, what of it is published, and to whom."""

from tests.mutants import probes_of_unsettled_years as u
from tests.mutants import probes_of_years as y
from tests.mutants.mutant import one

YEARS = (
    # 7 nobody learns what is not theirs
    one(
        "a unit sees everybody's result",
        7,
        "handlers.results_told:for_unit",
        "if unit in row.circle or own is None:",
        "if own is not None:",
        y.a_unit_sees_its_own_result_alone,
    ),
    one(
        "last place is told to the office",
        7,
        "handlers.year_results:_table",
        "if part is None and any(post.role in LAST_PLACE_IS_FOR for post in turn.actor.posts):",
        "if turn.actor.posts:",
        y.last_place_is_for_those_who_decide,
    ),
    # 5 a past that was published does not change
    one(
        "the list goes on with the ledger after publication",
        5,
        "handlers.year_results:_table",
        "as_of, groups = row.as_of, groups_of(row)",
        "as_of, groups = row.as_of, drawn(turn, programme, part).groups",
        y.what_is_published_stays,
    ),
    one(
        "what was not shown is published",
        5,
        "handlers.publishing:take_publication",
        "if not unchanged:",
        "if not programme:",
        y.what_changed_meanwhile_is_not_published,
    ),
    # 0 nothing is guessed
    one(
        "a figure of February is the year's",
        0,
        "storage.year_facts:YearFacts._reported",
        "values = {}  #",
        "pass  #",
        u.an_earlier_figure_does_not_settle_the_year,
    ),
    one(
        "who is not settled has nothing lacking",
        0,
        "storage.unsettled:_is_being_settled",
        "facts.is_over or",
        "",
        u.nothing_settled_is_no_total,
    ),
    one(
        "the earlier of two periods is guessed",
        0,
        "handlers.reporting:_names_no_period",
        "return all(read(desk, text).named_period is None for desk in same)",
        "return False",
        u.of_two_periods_neither_is_guessed,
    ),
)
