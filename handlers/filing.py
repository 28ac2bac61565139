"""Putting a version on record, and everything that follows from it: the one way in for report, signature and review."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from assessment.notices import FigureLine
from assessment.obligation import Obligation
from assessment.periods import Period
from assessment.requirements import reported_by, tells_the_year
from assessment.rulebook import Indicator, Rulebook
from assessment.submission import Answer, Figure, Slot
from handlers.turn import Turn
from storage import cases, counters, proposing, submissions
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
    again = proposing.follow(turn.uow, turn.installation, programme, fresh, turn.now)
    if again is not None:
        cases.look_no_later(turn.uow, row.id, again)
    return Filed(number, fresh)


def figure_lines(rulebook: Rulebook, turn: Turn, row: ObligationRow, answer: Answer) -> tuple[FigureLine, ...]:
    """Every figure of an answer as it stands, in the rulebook's order."""
    year_over = tells_the_year(rulebook.duty(row.ref), Period.parse(row.period))
    lines: list[FigureLine] = []
    for indicator in reported_by(rulebook, turn.roster.unit(row.unit)):
        lines += lines_of(indicator, answer, len(lines) + 1, year_over=year_over)
    return tuple(lines)


def lines_of(
    indicator: Indicator, answer: Answer, number: int, *, year_over: bool, written_as: str | None = None
) -> list[FigureLine]:
    """The lines of one indicator: one, or one for each cohort reported; none when nothing is in."""
    cohorts: Sequence[str | None] = [cohort.name for cohort in indicator.cohorts] or [None]
    found = [_line(indicator, answer, number, cohort) for cohort in cohorts]
    more = {"written_as": written_as, "year_over": year_over}
    return [line.model_copy(update=more) for line in found if line is not None]


def _line(indicator: Indicator, answer: Answer, number: int, cohort: str | None) -> FigureLine | None:
    actual = answer.values.get(Slot(indicator.id, Figure.ACTUAL, cohort))
    forecast = answer.values.get(Slot(indicator.id, Figure.FORECAST, cohort))
    nil = answer.nil_reasons.get(indicator.id)
    if actual is None and forecast is None and nil is None:
        return None
    targets = next((c for c in indicator.cohorts if c.name == cohort), indicator)
    return FigureLine(
        number=number,
        name=f"{indicator.name}{cohort or ''}",
        unit=indicator.unit,
        direction=indicator.direction,
        actual=actual,
        forecast=forecast,
        base=targets.base.value,
        full=targets.full.value,
        nil_reason=nil,
    )
