"""The picture of 走势: one indicator over the months, against 基本任务 and 满分.

Four lanes from the top: words on forecasts, figures, months, words on gaps. So no word ever meets another.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from assessment.indicator import Direction
from bot.pictures import palette, svg
from bot.pictures.axis import Axis, axis_over
from bot.pictures.figures import column, figure
from bot.pictures.lettering import fit, leading, width
from bot.pictures.page import LEFT, RIGHT, STAND_IN, STAND_IN_NOTE, Page
from bot.pictures.svg import Anchor

_SIZE = 36
"""14 pixels on a phone."""
_LANE = 56
_PLOT_HEIGHT = 400
_GUTTER = 196
"""At the right, for the names of the two lines."""
_MOST_POINTS = 12
_MISSING = "未报"
_FORECAST = "预测"
_GREAT = ((Decimal(10**8), Decimal(10**8), "亿"), (Decimal(10**5), Decimal(10**4), "万"))
"""From which figure on the picture counts in which larger unit."""


@dataclass(frozen=True)
class TrendPoint:
    """One report period, in order of time."""

    label: str
    """Short, as 7月."""
    actual: Decimal | None = None
    forecast: Decimal | None = None
    due: bool = True
    """Whether the figure was owed by now: without one it is 未报, and before that nothing is said."""


@dataclass(frozen=True)
class TrendPicture:
    """What the picture shows, in the indicator's own unit of measure."""

    unit: str
    indicator: str
    measure: str
    direction: Direction
    as_of: str
    """As `bot.cards.times.through` writes it."""
    points: tuple[TrendPoint, ...]
    """The latest twelve are shown."""
    base: Decimal | None = None
    full: Decimal | None = None
    base_stand_in: bool = False
    full_stand_in: bool = False
    trial: bool = False


@dataclass(frozen=True)
class _Plot:
    """Where the figures go, and in which unit."""

    axis: Axis
    divisor: Decimal
    left: int
    right: int
    top: int
    bottom: int
    count: int

    def x(self, number: int) -> int:
        """The middle of the number-th period's column."""
        return self.left + (2 * number + 1) * (self.right - self.left) // (2 * self.count)

    def y(self, value: Decimal) -> int:
        """The height of a figure."""
        return self.axis.at(value / self.divisor, self.bottom, self.top)

    def written(self, value: Decimal) -> str:
        """The figure in the picture's unit."""
        return figure(value / self.divisor)

    @property
    def column(self) -> int:
        """The width of one period."""
        return (self.right - self.left) // self.count


def draw_trend(trend: TrendPicture) -> str:
    """The SVG of one indicator's course. A month without a figure is a gap that says 未报, and never 0."""
    trend = replace(trend, points=trend.points[-_MOST_POINTS:])
    divisor, measure = _unit(trend)
    page = Page()
    about = (trend.unit, f"单位：{measure}" if measure else "", trend.direction.value, f"截至{trend.as_of}")
    page.heading(trend.indicator, about, _SIZE, trial=trend.trial)
    page.y += 20
    plot = _plot(trend, divisor, page.y)
    _draw_gaps(page, plot, trend)
    _draw_axis(page, plot, trend)
    _draw_references(page, plot, trend)
    _draw_forecasts(page, plot, trend)
    _draw_course(page, plot, trend)
    _draw_labels(page, plot, trend)
    _draw_key(page, trend)
    page.notes(_notes(trend, plot), _SIZE)
    return page.picture(f"{trend.unit}{trend.indicator}走势，截至{trend.as_of}", 28)


def _figures(trend: TrendPicture) -> tuple[Decimal, ...]:
    own = (value for point in trend.points for value in (point.actual, point.forecast))
    return tuple(value for value in (*own, trend.base, trend.full) if value is not None)


def _unit(trend: TrendPicture) -> tuple[Decimal, str]:
    """Long figures are counted in 万 or 亿, unless the measure itself already is."""
    greatest = max(map(abs, _figures(trend)), default=Decimal(0))
    for least, divisor, word in _GREAT:
        if greatest >= least and trend.measure and trend.measure[0] not in "万亿":
            return divisor, word + trend.measure
    return Decimal(1), trend.measure


def _plot(trend: TrendPicture, divisor: Decimal, top: int) -> _Plot:
    axis = axis_over(value / divisor for value in _figures(trend))
    widest = max(width(written, _SIZE) for written in column(axis.marks).values())
    first = top + (_LANE if _has_forecast(trend) else 0) + _LANE
    return _Plot(
        axis=axis,
        divisor=divisor,
        left=LEFT + widest + 16,
        right=RIGHT - _GUTTER - 24,
        top=first,
        bottom=first + _PLOT_HEIGHT,
        count=max(len(trend.points), 1),
    )


def _has_forecast(trend: TrendPicture) -> bool:
    return any(point.forecast is not None for point in trend.points)


def _is_missing(point: TrendPoint) -> bool:
    return point.actual is None and point.due


def _draw_axis(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    written = column(plot.axis.marks)
    for mark in plot.axis.marks if _figures(trend) else ():
        y = plot.axis.at(mark, plot.bottom, plot.top)
        page.add(svg.line(((plot.left, y), (plot.right, y)), palette.RULE, 1))
        page.add(svg.words(plot.left - 14, y + 13, written[mark], _SIZE, palette.MUTED, Anchor.END))
    page.add(svg.line(((plot.left, plot.bottom), (plot.right, plot.bottom)), palette.MUTED))
    every = 1
    while every * plot.column < max((width(point.label, _SIZE) + 10 for point in trend.points), default=0):
        every += 1
    for number, point in enumerate(trend.points):
        if (len(trend.points) - 1 - number) % every == 0:
            page.add(svg.words(plot.x(number), plot.bottom + 46, point.label, _SIZE, palette.MUTED, Anchor.MIDDLE))
    page.y = plot.bottom + _LANE + _gap_lane(plot, trend) + 8


def _draw_references(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    """The two lines, each with its name and figure at the right; close ones are moved apart."""
    lines = [
        (plot.y(value), name, plot.written(value) + (STAND_IN if stand_in else ""), colour, dashes)
        for value, name, stand_in, colour, dashes in (
            (trend.base, "基本任务", trend.base_stand_in, palette.AMBER, "14 8"),
            (trend.full, "满分", trend.full_stand_in, palette.GREEN, "4 6"),
        )
        if value is not None
    ]
    free = plot.top - _LANE
    below = (len(lines) - 1) * 2 * leading(_SIZE)
    for y, name, written, colour, dashes in sorted(lines):
        top = max(free, min(y - leading(_SIZE), plot.bottom - 2 * leading(_SIZE) - below))
        page.add(svg.line(((plot.left, y), (plot.right, y)), colour, 3, dashes))
        page.add(svg.line(((plot.right, y), (plot.right + 22, top + leading(_SIZE))), colour))
        value = fit(written, _GUTTER - 8, (_SIZE, 30, 26, 22, 18, 14))
        page.add(svg.words(plot.right + 32, top + _SIZE, name, _SIZE, colour))
        page.add(svg.words(plot.right + 32, top + _SIZE + leading(_SIZE), value.lines[0], value.size, colour))
        free = top + 2 * leading(_SIZE) + 8
        below -= 2 * leading(_SIZE)


def _gap_lines(plot: _Plot) -> tuple[str, ...]:
    """未报 on one line, or below each other where a column is too narrow."""
    return (_MISSING,) if width(_MISSING, _SIZE) + 8 <= plot.column else tuple(_MISSING)


def _gap_lane(plot: _Plot, trend: TrendPicture) -> int:
    return len(_gap_lines(plot)) * leading(_SIZE) if any(map(_is_missing, trend.points)) else 0


def _draw_gaps(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    """A pale column, with the word below the month."""
    foot = plot.bottom + _LANE + _gap_lane(plot, trend)
    for number, point in enumerate(trend.points):
        if not _is_missing(point):
            continue
        x, half = plot.x(number), min(plot.column // 2 - 2, 44)
        page.add(svg.rectangle(x - half, plot.top, 2 * half, foot - plot.top, fill=palette.AMBER_PANEL))
        size = min(_SIZE, plot.column - 2)
        for place, said in enumerate(_gap_lines(plot)):
            y = plot.bottom + _LANE + 34 + place * leading(_SIZE)
            page.add(svg.words(x, y, said, size, palette.AMBER, Anchor.MIDDLE))


def _draw_forecasts(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    """Hollow points; the word and the figure stand in the lane above, the latest first if there is no room for all."""
    free = plot.right + _GUTTER
    for number, point in reversed(list(enumerate(trend.points))):
        if point.forecast is None:
            continue
        x, y = plot.x(number), plot.y(point.forecast)
        said = f"{_FORECAST} {plot.written(point.forecast)}"
        wide = width(said, _SIZE)
        left = min(x - wide // 2, free - wide)
        if left >= plot.left:
            page.add(svg.words(left, plot.top - _LANE - 14, said, _SIZE, palette.NAVY))
            page.add(svg.line(((x, plot.top - _LANE), (x, y - 12)), palette.NAVY, 2, "3 6"))
            free = left - 20
        page.add(svg.dot(x, y, 11, fill=palette.PAPER, stroke=palette.NAVY))


def _draw_course(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    """The reported figures, joined only where no month between them is missing."""
    run: list[tuple[int, int]] = []
    for number, point in enumerate((*trend.points, TrendPoint(""))):
        if point.actual is not None:
            run.append((plot.x(number), plot.y(point.actual)))
            continue
        if len(run) > 1:
            page.add(svg.line(run, palette.NAVY, 5))
        page.add(*(svg.dot(x, y, 9, fill=palette.NAVY, stroke=palette.NAVY, thick=0) for x, y in run))
        run = []


def _draw_labels(page: Page, plot: _Plot, trend: TrendPicture) -> None:
    """The figure at each point where all have room, else only at the latest."""
    known = [(number, point.actual) for number, point in enumerate(trend.points) if point.actual is not None]
    roomy = all(width(plot.written(value), _SIZE) + 8 <= plot.column for _, value in known)
    for number, value in known if roomy else known[-1:]:
        wide = width(plot.written(value), _SIZE)
        x = min(max(plot.x(number), plot.left + wide // 2), plot.right - wide // 2)
        page.add(svg.words(x, plot.y(value) - 20, plot.written(value), _SIZE, palette.NAVY, Anchor.MIDDLE, halo=True))


def _draw_key(page: Page, trend: TrendPicture) -> None:
    """What the marks mean."""
    x, middle = LEFT + 10, page.y + 26
    has_actual = any(point.actual is not None for point in trend.points)
    for said, hollow, is_there in (("实际", False, has_actual), (_FORECAST, True, _has_forecast(trend))):
        if not is_there:
            continue
        page.add(svg.dot(x, middle, 9, fill=palette.PAPER if hollow else palette.NAVY, stroke=palette.NAVY))
        page.add(svg.words(x + 24, middle + 13, said, _SIZE, palette.INK))
        x += 24 + width(said, _SIZE) + 44
    page.y += 60 if has_actual or _has_forecast(trend) else 12


def _notes(trend: TrendPicture, plot: _Plot) -> Iterator[str]:
    if not _figures(trend):
        yield "尚无数据。"
    elif plot.axis.is_cut:
        yield f"纵轴自 {figure(plot.axis.start)} 起。"
    if trend.base is None:
        yield "基本任务未设定。"
    if (trend.base is not None and trend.base_stand_in) or (trend.full is not None and trend.full_stand_in):
        yield STAND_IN_NOTE
