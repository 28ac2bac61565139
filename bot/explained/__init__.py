"""`duban explain`: a rulebook printed back as an office reads a measure, each clause beside its source text.

Pure: a rulebook in, lines out. Nothing that a file says is left out; what has no words of its own stands there with
its key (`values.rest`). ◇ marks what rests on a stand-in.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, tzinfo

from assessment.rulebook import Rulebook
from assessment.workdays import WorkCalendar
from bot.cards.phrases import edition, wide
from bot.explained.duties import Example, duties, ladders
from bot.explained.layout import WIDTH, fitted, indented
from bot.explained.readings import matters, readings, unsettled
from bot.explained.rules import accounts, categories, clauses
from bot.explained.targets import indicators
from bot.explained.values import identity, rest, spoken
from bot.explained.year import awards, consequences, doubts, extension, grades, letter, rectification, stages

__all__ = ["CHAPTERS", "WIDTH", "explain"]

CHAPTERS = ("条款", "指标", "报送任务", "催办阶梯", "阶段", "等次", "后果", "奖励", "整改", "读法", "存疑")
"""What may be asked for alone, by its key in the file."""

_TOLD = (
    "id",
    "name",
    "version",
    "year",
    "office",
    "source",
    "said",
    "assessed",
    "accounts",
    "categories",
    "matter_classes",
    "clauses",
    "indicators",
    "duties",
    "ladders",
    "matter_ladder",
    "stages",
    "composite",
    "grading",
    "consequences",
    "approval",
    "embargo",
    "awards",
    "rectification",
    "letter",
    "extension",
    "frozen_until",
    "statement_workdays",
    "appeal_workdays",
    "keep_first_days",
    "reversal_by_two",
    "office_hours",
    "burden",
    "readings",
    "doubts",
)
_DIGITS = "一二三四五六七八九"
_NUMERALS = (*_DIGITS, "十", *(f"十{digit}" for digit in _DIGITS))

Chapter = Callable[[Rulebook, Example], Iterator[str]]


def explain(
    rulebook: Rulebook, *, calendar: WorkCalendar, zone: tzinfo, today: date, only: str | None = None
) -> list[str]:
    """The lines to print, none wider than WIDTH columns.

    Days of examples are those of the first period of the rulebook's year that is due on `today` or later, or of its
    first period where the year is over. `only`: one of CHAPTERS, without the rest.
    """
    example = Example(calendar, zone, today)
    wanted = {only: _CHAPTERS[only]} if only is not None else _CHAPTERS
    lines = [edition(rulebook.name, rulebook.version)]
    if only is None:
        lines += _heading(rulebook)
    told = {title: list(chapter(rulebook, example)) for title, chapter in wanted.items()}
    there = {title: found for title, found in told.items() if found}
    for number, (title, found) in zip(_NUMERALS, there.items(), strict=False):
        lines += ["", f"{number}、{title}" if only is None else title, *map(indented, found)]
    if only is not None and not there:
        lines.append(f"本办法没有“{only}”。")
    return [fit for line in lines for fit in fitted(line)]


def _heading(rulebook: Rulebook) -> Iterator[str]:
    yield f"版本：{rulebook.version}　年度：{rulebook.year}{identity(rulebook.id)}"
    yield f"主管：{wide(rulebook.office)}　受评：{wide(rulebook.assessed) if rulebook.assessed else '各单位'}"
    yield f"出处：{rulebook.source}"
    if rulebook.approval:
        yield "审定：核定之后须经领导小组审定（由其秘书登记）才记入台账"
    if rulebook.embargo:
        yield "公布前保密：年度结果公布之前，各单位不能查得分和名次"
    yield from rest(rulebook, _TOLD)


def _said(rulebook: Rulebook, _example: Example) -> Iterator[str]:
    for said in rulebook.said:
        yield f"原文：{said.text}"
        yield indented(f"依据 {spoken(said.cite)}；只供引用，不作计算")
        yield from map(indented, rest(said, ("text", "cite")))


def _without_days(chapter: Callable[[Rulebook], Iterator[str]]) -> Chapter:
    return lambda rulebook, _example: chapter(rulebook)


_CHAPTERS: Mapping[str, Chapter] = {
    "综述": _said,
    "记分": _without_days(accounts),
    "大类": _without_days(categories),
    "事项": _without_days(matters),
    "条款": _without_days(clauses),
    "指标": _without_days(indicators),
    "报送任务": duties,
    "催办阶梯": _without_days(ladders),
    "阶段": _without_days(stages),
    "等次": _without_days(grades),
    "后果": _without_days(consequences),
    "奖励": _without_days(awards),
    "整改": _without_days(rectification),
    "责任书": _without_days(letter),
    "延期": _without_days(extension),
    "读法": _without_days(readings),
    "存疑": _without_days(doubts),
    "未设定项和代入值": _without_days(unsettled),
}
