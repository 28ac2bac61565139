"""How every unit that a measure assesses stands now: what 考核结果, 等次 and 名次 are drawn from."""

from assessment.scorecard import View
from handlers.columns import cells
from handlers.judging import year_facts
from handlers.turn import Turn
from storage import unsettled, year_results
from storage.programmes import Programme
from storage.year_results import Result


def results_now(turn: Turn, programme: Programme) -> list[Result]:
    """By the measure's own formula; without a total while nothing of a unit's year is settled and others' is."""
    units = year_results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now)
    unknown = unsettled.without_a_year(turn.uow, programme, year_facts(turn, programme), units)
    return [
        year_results.result(
            turn.uow, programme, unit, turn.now, View.PUBLISHED, cells(turn, programme, unit), unsettled=unknown
        )
        for unit in units
    ]
