"""走势: how the figures of a unit's indicators have moved over the year. It only reads, with the rights of 得分."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assessment.figures import Figures, figures, lagging
from assessment.notices import Course, CoursePoint, Trend
from assessment.obligation import Kind, State
from assessment.periods import Period
from assessment.requirements import reported_by
from assessment.roster import Unit
from assessment.rulebook import Indicator
from assessment.submission import Answer, Figure, Slot
from assessment.typed_text import plain
from handlers import standing, whom
from handlers.accounts_seen import sees
from handlers.router import Router, seldom
from handlers.scores import READERS, units_asked
from handlers.turn import Turn
from storage import obligations, submissions
from storage.programmes import Programme

router = Router()

_WORD = re.compile(r"走势|趋势")
_QUESTION = re.compile(r"^(?:走势|趋势)|(?:走势|趋势)图?(?:怎么样|怎样|如何)?[呢啊吗]?[?。]*$")
_LONGEST_QUESTION = 30
"""A longer text that ends with such a word is somebody's report."""


@dataclass(frozen=True)
class _Reported:
    """What a unit has said on one period."""

    period: Period
    cumulative: bool
    due: bool
    answer: Answer

    def is_nil(self, indicator: Indicator) -> bool:
        return indicator.id in self.answer.nil_reasons or "" in self.answer.nil_reasons


@router.command("走势", "趋势", what="查看指标走势", roles=READERS, offered=seldom, takes_more=True)
def show_trends(turn: Turn, rest: str) -> None:
    """One answer a measure under which the unit reports figures; about the indicators named, or about all."""
    named = _indicators_named(turn, rest)
    for name in named:
        rest = rest.replace(name, " ")
    for unit in units_asked(turn, _WORD.sub(" ", rest).strip()):
        wanted = {indicator for indicators in named.values() for indicator in indicators}
        told = [trend for programme in turn.programmes if (trend := _trend(turn, programme, unit, wanted)) is not None]
        for trend in told or [_nothing(turn, unit)]:
            turn.reply(trend)


@router.reader(order=48)
def read_question(turn: Turn) -> bool:
    """A unit's name with 走势 behind or before it: leaders do not type commands."""
    is_question = len(turn.text) <= _LONGEST_QUESTION and _QUESTION.search(turn.text)
    if not is_question or not whom.mentions(turn.roster, turn.text):
        return False
    show_trends(turn, turn.text)
    return True


def _indicators_named(turn: Turn, text: str) -> Mapping[str, frozenset[tuple[int, str]]]:
    """The names of indicators in the text, the longest first, each with the programmes' indicators that bear it."""
    bearers: dict[str, set[tuple[int, str]]] = {}
    for programme in turn.programmes:
        for indicator in programme.rulebook.indicators:
            for name in filter(None, map(plain, (indicator.name, *indicator.aliases))):
                bearers.setdefault(name, set()).add((programme.id, indicator.id))
    found: dict[str, frozenset[tuple[int, str]]] = {}
    for name in sorted(bearers, key=len, reverse=True):
        if name in text:
            found[name] = frozenset(bearers[name])
            text = text.replace(name, " ")
    return found


def _trend(turn: Turn, programme: Programme, unit: Unit, wanted: set[tuple[int, str]]) -> Trend | None:
    """The courses of the unit's indicators; None where it reports none of those wanted, or may not be seen."""
    own = reported_by(programme.rulebook, unit)
    asked = [indicator for indicator in own if (programme.id, indicator.id) in wanted] if wanted else own
    if not asked or not sees(turn, programme, unit):
        return None
    reported = _reported(turn, programme, unit)
    newest = next((each for each in reversed(reported) if each.answer.values), None)
    values: Mapping[Slot, Decimal] = newest.answer.values if newest is not None else {}
    passed = standing.months(newest.period) if newest is not None else 0
    readings = programme.rulebook.readings
    placed = [
        (indicator, found)
        for indicator in asked
        for found in figures(indicator, values, months_passed=passed, readings=readings, unit=unit.name)
    ]
    courses = tuple(_course(indicator, found, reported) for indicator, found in placed)
    return Trend(
        unit=unit.name,
        programme=programme.rulebook.name,
        version=programme.rulebook.version,
        now=turn.now,
        courses=courses,
        pictured=_pictured([found for _, found in placed], courses),
        trial=programme.trial,
    )


def _reported(turn: Turn, programme: Programme, unit: Unit) -> list[_Reported]:
    """The unit's periods with figures to be reported, oldest first; what was waived is not among them."""
    found = []
    for row in obligations.of_unit(turn.uow, unit.id, set(State) - {State.WAIVED}):
        if row.programme != programme.id or row.kind != Kind.DUTY.value:
            continue
        duty = programme.rulebook.duty(row.ref)
        if duty.indicators:
            answer = submissions.current(turn.uow, row.id)
            found.append(_Reported(Period.parse(row.period), duty.cumulative, row.due <= turn.now, answer))
    return sorted(found, key=lambda each: each.period.last_day)


def _course(indicator: Indicator, found: Figures, reported: Sequence[_Reported]) -> Course:
    part = next((cohort for cohort in indicator.cohorts if cohort.name == found.cohort), indicator)
    return Course(
        name=f"{indicator.name}{found.cohort or ''}",
        unit=indicator.unit,
        direction=indicator.direction,
        base=found.base,
        full=found.full,
        base_mark="◇" if part.base.stand_in else "",
        full_mark="◇" if part.full.stand_in else "",
        points=tuple(_points(indicator, found.cohort, reported)),
    )


def _points(indicator: Indicator, cohort: str | None, reported: Sequence[_Reported]) -> Iterator[CoursePoint]:
    actual, forecast = (Slot(indicator.id, figure, cohort) for figure in (Figure.ACTUAL, Figure.FORECAST))
    newest = next((each for each in reversed(reported) if {actual, forecast} & each.answer.values.keys()), None)
    for each in reported:
        yield CoursePoint(
            period=each.period.name,
            cumulative=each.cumulative,
            actual=each.answer.values.get(actual),
            forecast=each.answer.values.get(forecast) if each is newest else None,
            due=each.due,
            nil=each.is_nil(indicator),
        )


def _pictured(found: Sequence[Figures], courses: Sequence[Course]) -> int | None:
    """The indicator that lags most; where none does, the first with a figure."""
    worst = next(iter(lagging(found)), None)
    if worst is not None:
        return next(number for number, each in enumerate(found) if each is worst)
    drawable = (n for n, course in enumerate(courses) if any(p.actual is not None for p in course.points))
    return next(drawable, None)


def _nothing(turn: Turn, unit: Unit) -> Trend:
    return Trend(unit=unit.name, programme="", version="", now=turn.now, courses=())
