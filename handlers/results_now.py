"""The results of a measure's units as they stand at this moment, of the year or of a part of it."""

from dataclasses import replace
from datetime import datetime, timedelta

from assessment.due import midnight_after
from assessment.periods import Period
from assessment.scorecard import View
from handlers.columns import cells
from handlers.judging import year_facts
from handlers.turn import Turn
from storage import unsettled, year_results
from storage.programmes import Programme
from storage.year_results import Result

_A_TICK = timedelta(milliseconds=1)


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


def results_of_part(turn: Turn, programme: Programme, part: Period) -> list[Result]:
    """What the ledger says of a part of the year that has ended, as far as is known today (R34); stages are the year's.

    Where the measure settles that part, a unit with indicators has no total before 结算 of it has begun, nor while
    nothing of it is settled for this unit.
    """
    units = year_results.assessed(turn.uow, programme, turn.roster, turn.installation, turn.now)
    facts = replace(year_facts(turn, programme), part=part)
    unknown = unsettled.without_a_year(turn.uow, programme, facts, units)
    if programme.rulebook.settles(part) and not unsettled.has_begun(turn.uow, programme, part.name):
        unknown |= {unit.id for unit in units if facts.held_to(unit)}
    as_of = end_of(turn, part)
    return [
        year_results.result(turn.uow, programme, unit, as_of, View.KNOWN, unsettled=unknown, part=part)
        for unit in units
    ]


def end_of(turn: Turn, part: Period) -> datetime:
    """The last moment of a part of the year."""
    return midnight_after(part.last_day, turn.installation.zone) - _A_TICK
