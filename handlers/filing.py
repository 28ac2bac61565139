"""Putting a version on record, and everything that follows from it: the one way in for report, signature and review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.notices import FigureLine
from assessment.obligation import Obligation, State
from assessment.periods import Period
from assessment.requirements import asked_of, tells_the_year
from assessment.rulebook import Cohort, Indicator, Readings, Rulebook
from assessment.submission import Answer, Figure, Slot
from assessment.targets import Target, binding_target
from handlers import review_chain
from handlers.contests import tell_of_differences
from handlers.turn import Turn
from storage import cases, closings, counters, proposing, submissions
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.submissions import Way


@dataclass(frozen=True)
class Filed:
    """A version on record."""

    number: str
    row: ObligationRow


def file(
    turn: Turn,
    programme: Programme,
    row: ObligationRow,
    after: Obligation,
    way: Way,
    *,
    answer: Answer | None = None,
    number: str | None = None,
    sent_at: datetime | None = None,
    note: str = "",
) -> Filed:
    """Append the version, write the new state, withdraw what became pointless, bring proposals up to date."""
    number = number or counters.number(turn.uow, "R", turn.today)
    submissions.add(
        turn.uow,
        obligation=row.id,
        way=way,
        number=number,
        person=turn.actor.person,
        sent_at=sent_at or turn.said_at,
        recorded_at=turn.now,
        answer=answer,
        note=note,
    )
    cases.change(turn.uow, row, after, turn.now)
    fresh = row.model_copy(
        update={
            "state": after.state.value,
            "round": after.round,
            "round_since": turn.now if after.round != row.round else row.round_since,
            "nil": after.nil,
            "reported_at": after.reported_at,
            "withdrawn_at": after.withdrawn_at,
            "drafted_at": after.drafted_at,
        }
    )
    if turn.is_closed(programme):
        # Locked (decisions 9): the record is complete, and neither points nor urging come of it.
        closings.rest(turn.uow, fresh, turn.now)
        return Filed(number, fresh)
    if State.REVIEW.value == fresh.state != row.state:
        review_chain.hand_in(turn, fresh, number)
    tell_of_differences(turn, programme, fresh)
    again = proposing.follow(turn.uow, turn.installation, programme, fresh, turn.now)
    if again is not None:
        cases.look_no_later(turn.uow, row.id, again)
    return Filed(number, fresh)


def figure_lines(rulebook: Rulebook, turn: Turn, row: ObligationRow, answer: Answer) -> tuple[FigureLine, ...]:
    """Every figure of an answer as it stands, in the rulebook's order."""
    year_over = tells_the_year(rulebook.duty(row.ref), Period.parse(row.period))
    unit, readings = turn.roster.unit(row.unit), rulebook.readings
    lines: list[FigureLine] = []
    for indicator in asked_of(rulebook, unit):
        number = len(lines) + 1
        lines += lines_of(indicator, answer, number, year_over=year_over, readings=readings, unit=unit.name)
    return tuple(lines)


def lines_of(
    indicator: Indicator,
    answer: Answer,
    number: int,
    *,
    year_over: bool,
    readings: Readings,
    unit: str,
    written_as: str | None = None,
) -> list[FigureLine]:
    """The lines of one indicator: one, or one for each cohort reported; none when nothing is in.

    They are held against what binds the unit of that name by those readings.
    """
    cohorts: Sequence[Cohort | None] = indicator.cohorts or [None]
    targets = [(cohort, binding_target(indicator, readings, unit=unit, cohort=cohort)) for cohort in cohorts]
    found = [
        _line(indicator, answer, number, cohort.name if cohort else None, target, written_as, year_over=year_over)
        for cohort, target in targets
    ]
    return [line for line in found if line is not None]


def _line(
    indicator: Indicator,
    answer: Answer,
    number: int,
    cohort: str | None,
    target: Target,
    written_as: str | None,
    *,
    year_over: bool,
) -> FigureLine | None:
    actual = answer.values.get(Slot(indicator.id, Figure.ACTUAL, cohort))
    forecast = answer.values.get(Slot(indicator.id, Figure.FORECAST, cohort))
    nil = answer.nil_reasons.get(indicator.id)
    if actual is None and forecast is None and nil is None:
        return None
    return FigureLine(
        number=number,
        name=f"{indicator.name}{cohort or ''}",
        unit=indicator.unit,
        direction=indicator.direction,
        actual=actual,
        forecast=forecast,
        base=target.base.value,
        full=target.full.value,
        own_way=indicator.way is not None,
        nil_reason=nil,
        written_as=written_as,
        year_over=year_over,
    )
