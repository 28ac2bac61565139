"""The reporting duties and ladders of a measure in words, with the days that they come to."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, tzinfo

from assessment.due import DueTimes, by_event, due_times, periods_of
from assessment.ladder import plan
from assessment.parameter import Parameter
from assessment.periods import Period
from assessment.rulebook import Due, Duty, Ladder, Offset, Rulebook, Step, StepKind
from assessment.workdays import WorkCalendar, weekday_name
from bot.cards.phrases import wide
from bot.explained.layout import indented
from bot.explained.rules import brief
from bot.explained.values import UNSET, identity, rest, spoken
from bot.explained.words import explained, meaning

_TOLD_OF_DUTIES = (
    "id",
    "name",
    "cite",
    "frequency",
    "first",
    "last",
    "cumulative",
    "due",
    "grace_days",
    "units",
    "indicators",
    "parts",
    "required",
    "files",
    "self_score",
    "event",
    "every_years",
    "upper",
    "sign_off",
    "review",
    "review_chain",
    "ladder",
    "clauses",
)
_TOLD_OF_STEPS = ("kind", "when", "at", "audience")


@dataclass(frozen=True)
class Example:
    """By which days the examples are reckoned."""

    calendar: WorkCalendar
    zone: tzinfo
    today: date


def duties(rulebook: Rulebook, example: Example) -> Iterator[str]:
    """Every duty in the order of the file, the next period of each with its days."""
    for duty in rulebook.duties:
        yield f"{wide(duty.name)}{identity(duty.id)}"
        yield from map(indented, _duty(duty, rulebook, example))


def ladders(rulebook: Rulebook) -> Iterator[str]:
    """Every ladder, step by step, and what it is used for."""
    for ladder in rulebook.ladders:
        used = [f"“{wide(duty.name)}”" for duty in rulebook.duties if duty.ladder == ladder.id]
        used += ["交办事项"] if rulebook.matter_ladder == ladder.id else []
        yield f"{ladder.id}　{f'用于{_listed(used)}' if used else '没有用到'}"
        for number, step in enumerate(ladder.steps, start=1):
            yield indented(f"第{number}步　{'；'.join(_step(step))}。")
        yield from map(indented, rest(ladder, ("id", "steps")))


def _review(duty: Duty) -> str:
    if not duty.review:
        return "不须审核"
    after = f"，通过后依次由{'、'.join(map(wide, duty.review_chain))}审核" if duty.review_chain else ""
    return f"报送后由考核办审核，可退回{after}"


def due_rule(rule: Due) -> str:
    """A due rule in words, the day counting until 24:00."""
    if rule.day_of_month is not None:
        return f"报告期当月{rule.day_of_month}日24:00前"
    if rule.day_of_next_month is not None:
        return f"报告期次月{rule.day_of_next_month}日24:00前"
    if rule.days_after is not None:
        return f"报告期结束后第{rule.days_after}日24:00前"
    if rule.workdays_after is not None:
        return f"报告期结束后第{rule.workdays_after}个工作日24:00前"
    if rule.last_day is not None:
        return "报告期期末最后一日24:00前"
    if rule.on is not None:
        return f"{spoken(rule.on)}24:00前"
    if rule.after_event is not None:
        return f"事件之后第{rule.after_event}日24:00前"
    if rule.before_event is not None:
        return f"事件之前第{rule.before_event}日24:00前"
    return spoken(rule)


def offset(when: Offset) -> str:
    """When a step is reached, in words."""
    if when.workdays_before is not None:
        return f"截止前{when.workdays_before}个工作日"
    if when.days_before is not None:
        return f"截止前{when.days_before}日"
    if when.days_after is not None:
        return f"逾期第{when.days_after}日"
    if when.workdays_after is not None:
        return f"逾期第{when.workdays_after}个工作日"
    return spoken(when)


def period_named(period: Period, *, cumulative: bool = False) -> str:
    """A period with its year: 2010年7月, 2010年1—7月, 2010年."""
    label = period.label(cumulative=cumulative)
    year = f"{period.year}年"
    return label if label == year else f"{year}{label}"


def _duty(duty: Duty, rulebook: Rulebook, example: Example) -> Iterator[str]:
    yield f"{'；'.join(_rhythm(duty))}。"
    yield f"截止：{_due(duty.due)}{_grace(duty)}。"
    yield f"报送单位：{_who(duty)}；内容：{_what(duty, rulebook)}。"
    yield f"签发：{explained(duty.sign_off)}；{_review(duty)}。"
    yield from rest(duty, _TOLD_OF_DUTIES)
    yield from _next(duty, rulebook, example)
    known = {clause.id: clause for clause in rulebook.clauses}
    if duty.clauses:
        yield "可能引用的条款："
        yield from (indented(brief(known[name]) if name in known else name) for name in duty.clauses)
    yield f"依据：{spoken(duty.cite)}"


def _rhythm(duty: Duty) -> Iterator[str]:
    if duty.event is not None:
        yield f"按事件“{wide(duty.event)}”报送，{meaning(duty.frequency)}，事件日期由考核办记录"
    else:
        yield f"周期：{explained(duty.frequency)}"
    if duty.first is not None:
        yield f"自{period_named(Period.parse(duty.first))}起"
    if duty.last is not None:
        yield f"至{period_named(Period.parse(duty.last))}止"
    if duty.every_years > 1:
        yield f"每{duty.every_years}年一次，从起始所在年起算"
    if duty.cumulative:
        yield "累计口径，数从年初算起"
    if duty.upper:
        yield "主管单位自己向上级报送，截止应晚于下级"


def _due(due: Parameter[Due]) -> str:
    if due.value is None:
        return f"{UNSET}，考核办设定之前不布置"
    reason = f"（代入：{due.stand_in.strip()}）" if due.stand_in else ""
    return f"{due_rule(due.value)}{due.mark}{reason}"


def _grace(duty: Duty) -> str:
    return f"；宽限{duty.grace_days}日，宽限内不催报、不拟扣，仍记为逾期" if duty.grace_days else "；没有宽限"


def _who(duty: Duty) -> str:
    return spoken(duty.units) if duty.units else "各项指标的承担单位，每项由列在最前的报数"


def _what(duty: Duty, rulebook: Rulebook) -> str:
    figures = [f"所承担的指标（全办法共{len(rulebook.indicators)}项）"] if duty.indicators else []
    texts = [f"文字{len(duty.parts)}部分（{spoken(duty.parts)}）"] if duty.parts else []
    texts += [f"必须写明{spoken(duty.required)}"] if duty.required else []
    others = ["各大类自评打分"] if duty.self_score else []
    others += ["须附材料"] if duty.files else []
    return "，".join([*(figures or texts or ["一段文字"]), *(texts if figures else ()), *others])


def _next(duty: Duty, rulebook: Rulebook, example: Example) -> Iterator[str]:
    """The next period of the rulebook's year, or its first where the year is over, and every day that hangs on it."""
    ladder = next((each for each in rulebook.ladders if each.id == duty.ladder), None)
    found = None if by_event(duty.due.value) else _next_period(duty, rulebook.year, example)
    if found is None or ladder is None:
        yield f"未报的按阶梯“{duty.ladder}”办理。"
        return
    period, due = found
    name = period_named(period, cumulative=duty.cumulative)
    assumed = "（当年放假安排尚未公布，暂按周一至周五推算）" if due.assumed else ""
    yield f"以{name}的为例：{_day_named(due.due_day)}24:00前报送{assumed}；未报的按阶梯“{ladder.id}”办理："
    yield from map(indented, _days(ladder, due, rulebook, example))


def _next_period(duty: Duty, year: int, example: Example) -> tuple[Period, DueTimes] | None:
    dated = [
        (period, due)
        for period in periods_of(duty, year)
        if (due := due_times(duty, period, example.calendar, example.zone)) is not None
    ]
    ahead = [(period, due) for period, due in dated if due.due_day >= example.today]
    return next(iter(ahead or dated), None)


def _days(ladder: Ladder, due: DueTimes, rulebook: Rulebook, example: Example) -> Iterator[str]:
    for step in plan(ladder, due, example.calendar, rulebook.office_hours, example.zone):
        at = step.at.astimezone(example.zone)
        assumed = "（放假安排未定）" if step.assumed else ""
        yield f"{_day_named(at.date())}{at:%H:%M}　{step.kind}{step.audience}{assumed}"


def _day_named(day: date) -> str:
    return f"{spoken(day)}（{weekday_name(day)}）"


def _step(step: Step) -> Iterator[str]:
    yield f"{offset(step.when)} {spoken(step.at)}，{step.kind}{_listed(step.audience)}"
    if step.kind in (StepKind.CRITICISE, StepKind.INTERVIEW):
        yield meaning(step.kind)
    yield from rest(step, _TOLD_OF_STEPS)


def _listed(names: Iterable[str]) -> str:
    return "、".join(dict.fromkeys(names))
