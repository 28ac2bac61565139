"""The mutants of what is published, to whom, and of what follows."""

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
)
