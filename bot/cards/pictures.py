"""Notice -> picture: what a card says in words once more as an SVG, where there is a drawing for it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import singledispatch

from assessment.notices import CoursePoint, Notice, PointLine, PointsBlock, ScoreTold, Trend
from assessment.periods import Period
from assessment.scorecard import Status
from bot.cards.dispatch import card_of
from bot.cards.phrases import edition, holder, listed, wide
from bot.cards.scores import covered
from bot.cards.times import through
from bot.pictures.score import ScoreLine, ScorePicture, draw_score
from bot.pictures.trend import TrendPicture, TrendPoint, draw_trend

_MOST_ACCOUNTS = 3
"""A unit and two people; more would make a picture that nobody scrolls through."""


@dataclass(frozen=True)
class Drawing:
    """A picture before it is rendered, and what is read to whoever does not see it."""

    svg: str
    alternative: str


def drawing_for(notice: Notice, zone: tzinfo) -> Drawing | None:
    """The drawing of a notice, its times in `zone`; None for what words say best. Equal for equal notices."""
    svg = _svg_of(notice, zone)
    return Drawing(svg, card_of(notice, zone).title) if svg else None


@singledispatch
def _svg_of(notice: Notice, zone: tzinfo) -> str:  # noqa: ARG001 - the registered ones need both
    return ""


@_svg_of.register
def _score(notice: ScoreTold, zone: tzinfo) -> str:
    """Each account with a heading and totals of its own. Figures of indicators are no points and stay in the words."""
    if not notice.points:
        return ""
    as_of = through(notice.as_of or notice.now, zone)
    as_of = f"{as_of}，按{wide(notice.view)}" if notice.view else as_of
    drawn = (_score_picture(block, as_of) for block in notice.points[:_MOST_ACCOUNTS])
    return draw_score(*drawn, left_out=_left_out(notice))


def _left_out(notice: ScoreTold) -> Iterator[str]:
    """What the card has beside the picture, by name, so that nobody takes the picture for the whole answer."""
    further = [holder(block.account, personal=block.personal) for block in notice.points[_MOST_ACCOUNTS:]]
    if further:
        yield f"{listed(further)}的得分见文字部分，图中未列。"
    for block in notice.figures:
        yield f"{edition(block.programme, block.version)}的指标完成情况见文字部分，图中未列。"


def _score_picture(block: PointsBlock, as_of: str) -> ScorePicture:
    programme = edition(block.programme, block.version)
    return ScorePicture(
        account=holder(block.account, personal=block.personal),
        programme=f"{programme}，只计{block.only_of}事项" if block.only_of else programme,
        as_of=as_of,
        base=block.base,
        confirmed=block.confirmed,
        provisional=block.provisional,
        lines=tuple(map(_score_line, block.lines)),
        raw=block.raw if block.capped else None,
        estimated=tuple(map(wide, block.estimated)),
        stand_in=bool(block.mark),
        trial=block.trial,
    )


def _score_line(line: PointLine) -> ScoreLine:
    return ScoreLine(
        name=wide(line.clause),
        cite=line.cite,
        points=line.points,
        status=Status(line.status),
        number=line.entry,
        reason=covered(line.covered_by) if line.covered_by else line.fact,
    )


@_svg_of.register
def _trend(notice: Trend, zone: tzinfo) -> str:
    if notice.pictured is None:
        return ""
    course = notice.courses[notice.pictured]
    return draw_trend(
        TrendPicture(
            unit=notice.unit,
            indicator=wide(course.name),
            measure=course.unit,
            direction=course.direction,
            as_of=through(notice.now, zone),
            points=tuple(map(_trend_point, course.points)),
            base=course.base,
            full=course.full,
            base_stand_in=bool(course.base_mark),
            full_stand_in=bool(course.full_mark),
            trial=notice.trial,
        )
    )


def _trend_point(point: CoursePoint) -> TrendPoint:
    label = Period.parse(point.period).label()
    return TrendPoint(label, point.actual, point.forecast, due=point.missing)
