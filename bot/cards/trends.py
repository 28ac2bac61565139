"""走势: an indicator's figures period by period. What was owed and did not come is 未报, never 0."""

from collections.abc import Iterable
from datetime import tzinfo

from assessment.notices import Course, CoursePoint, Trend
from assessment.periods import Period
from bot.cards.dispatch import card_of
from bot.cards.figures import amount
from bot.cards.phrases import edition, saying, stand_in_explained, wide
from bot.cards.times import clock
from bot.channels.card import Card


@card_of.register
def trend(notice: Trend, zone: tzinfo) -> Card:
    """One line an indicator; the picture, where there is one, shows the same figures again."""
    if not notice.courses:
        return saying(f"{notice.unit}没有可查走势的指标。")
    marks = (mark for course in notice.courses for mark in (course.base_mark, course.full_mark))
    note = "".join((stand_in_explained(*marks), _narrower(notice)))
    return Card(f"{notice.unit}指标走势（截至{clock(notice.now, zone)}）", tuple(_lines(notice)), note=note)


def _lines(notice: Trend) -> Iterable[str]:
    yield f"依据{edition(notice.programme, notice.version)}。"
    if notice.trial:
        yield "该办法正在试运行，以下只供核对，不作为正式结果。"
    for course in notice.courses:
        yield f"{wide(course.name)}：{'；'.join(_said(course))}。"


def _said(course: Course) -> Iterable[str]:
    spoken = [words for point in course.points if (words := _point(course, point))]
    yield from spoken or ["尚无数据"]
    targets = [
        f"{name}{amount(target, course.unit)}{mark}"
        for name, target, mark in (
            ("基本任务", course.base, course.base_mark),
            ("满分", course.full, course.full_mark),
        )
        if target is not None
    ]
    if targets:
        yield "，".join(targets)


def _point(course: Course, point: CoursePoint) -> str:
    """1—7月完成85万元/亩，全年预测155万元/亩; nothing on a period that is not over."""
    label = Period.parse(point.period).label(cumulative=point.cumulative)
    given = [
        f"{word}{amount(value, course.unit)}"
        for word, value in (("完成", point.actual), ("全年预测", point.forecast))
        if value is not None
    ]
    if given:
        return label + "，".join(given)
    if point.nil:
        return f"{label}零报告"
    return f"{label}未报" if point.missing else ""


def _narrower(notice: Trend) -> str:
    if len(notice.courses) < 2:
        return ""
    other = next(n for n in range(len(notice.courses)) if n != notice.pictured)
    return f"只看一项请回复“走势 {notice.unit} {wide(notice.courses[other].name)}”。"
