"""红黄绿: all indicators of a measure at one look, for leaders and the office."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from assessment.figures import Band, Figures, figures, lagging
from assessment.notices import BandLine, LagLine, Overview, Quoted
from assessment.requirements import has_figure, reported_by
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import Indicator
from handlers import standing, whom
from handlers.router import Router
from handlers.turn import Turn
from storage.programmes import Programme

router = Router()

READERS = (Role.LEADER, Role.OFFICE, Role.LEADER_IN_CHARGE)
_ASKED = re.compile(r"(?:全[县市区乡镇省]|总体|整体|各项|所有|\d+项).*(?:怎么样|怎样|如何|进展|情况)[呢啊吗]?[?。]*$")
_WORST_FIRST = (Band.BELOW_BASE, Band.BASE, Band.FULL, None)


class Placed(NamedTuple):
    """One indicator (or cohort) of one unit, as it stands."""

    owner: Unit
    indicator: Indicator
    found: Figures

    @property
    def name(self) -> str:
        """As people know it, the cohort with it."""
        return f"{self.indicator.name}{self.found.cohort or ''}"

    @property
    def reported(self) -> bool:
        """Whether there is a figure at all; what is missing is 未报, never 0."""
        return self.found.by_actual.value is not None or self._forecast is not None

    @property
    def band(self) -> Band | None:
        """By the forecast of the year; by what is done where no forecast is."""
        found = self.found.by_forecast
        return found.band if found is not None and found.value is not None else self.found.by_actual.band

    @property
    def _forecast(self) -> object:
        return self.found.by_forecast.value if self.found.by_forecast is not None else None


@router.command("红黄绿", "亮灯", "红灯", "预警", "全县怎么样", what="查看各项指标总体情况", roles=READERS)
def show_overview(turn: Turn, rest: str) -> None:  # noqa: ARG001 - a command's signature
    """One answer a measure that has indicators."""
    with_indicators = [programme for programme in turn.programmes if programme.rulebook.indicators]
    asked = [(programme, owners_of(turn, programme)) for programme in with_indicators]
    seen = [(programme, owners, mine) for programme, owners in asked if (mine := _seen(turn, programme, owners))]
    if not seen and with_indicators:
        # Asked with nothing visible: leave is asked all the same, so that a refusal is recorded.
        turn.may(Action.SEE_OVERVIEW, Target(with_indicators[0].office), with_indicators[0].rulebook.name)
    for programme, owners, mine in seen:
        if turn.may(Action.SEE_OVERVIEW, Target(programme.office, mine[0].id), programme.rulebook.name):
            turn.reply(overview_of(turn, programme, mine, scope="" if len(mine) == len(owners) else "分管单位"))


@router.reader(order=45)
def read_question(turn: Turn) -> bool:
    """全县36项怎么样: asked in passing, without a unit's name, by whoever may ask."""
    if not turn.actor.units(*READERS) or not _ASKED.search(turn.text) or whom.mentions(turn.roster, turn.text):
        return False
    show_overview(turn, "")
    return True


def owners_of(turn: Turn, programme: Programme) -> list[Unit]:
    """The units that report indicators of a measure."""
    units = (unit for unit in turn.roster.units if unit.belongs_on(turn.today))
    return [unit for unit in units if reported_by(programme.rulebook, unit)]


def _seen(turn: Turn, programme: Programme, owners: list[Unit]) -> list[Unit]:
    return [unit for unit in owners if turn.can(Action.SEE_OVERVIEW, Target(programme.office, unit.id))]


def overview_of(turn: Turn, programme: Programme, owners: list[Unit], *, scope: str) -> Overview:
    """How the indicators of these units stand; leave has been asked."""
    rulebook = programme.rulebook
    placed = [line for unit in owners for line in _placed(turn, programme, unit)]
    reported = [line for line in placed if line.reported]
    by_found = {id(line.found): line for line in placed}
    return Overview(
        programme=rulebook.name,
        version=rulebook.version,
        now=turn.now,
        said=tuple(Quoted(text=said.text, cite=said.cite) for said in rulebook.said),
        bands=tuple(
            BandLine(band=band, names=names)
            for band in _WORST_FIRST
            if (names := tuple(line.name for line in reported if line.band is band))
        ),
        unreported=tuple(line.name for line in placed if not line.reported),
        lagging=tuple(_lag(by_found[id(found)]) for found in lagging(line.found for line in placed)),
        scope=scope,
        mark="◇" if any(line.found.target_stand_in for line in reported) else "",
    )


def _placed(turn: Turn, programme: Programme, unit: Unit) -> Iterator[Placed]:
    period, values = standing.newest_figures(turn, programme, unit)
    for indicator in filter(has_figure, reported_by(programme.rulebook, unit)):
        passed, readings = standing.months(period), programme.rulebook.readings
        for found in figures(indicator, values, months_passed=passed, readings=readings, unit=unit.name):
            yield Placed(unit, indicator, found)


def _lag(line: Placed) -> LagLine:
    by_actual = line.found.by_actual
    assert by_actual.value is not None, "what lags has a figure"
    assert line.found.base is not None, "and something to lag behind"
    return LagLine(
        name=line.name,
        owner=line.owner.name,
        actual=by_actual.value,
        base=line.found.base,
        unit=line.indicator.unit,
        share=standing.percent(by_actual.share_of_base),
        progress_gap=standing.percent(line.found.ahead_of_time),
    )
