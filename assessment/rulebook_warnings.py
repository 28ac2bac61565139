"""What the office should know of a rulebook that can be used: what does not add up, is out of reach or in doubt."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise

from assessment.accounts import CategoryCount
from assessment.clause import Clause, Subject, Trigger
from assessment.due import by_event, due_day, periods_of
from assessment.duty import Due, Duty
from assessment.fault import Path
from assessment.finding import Finding
from assessment.indicator import Cohort, Direction, Indicator
from assessment.indicator_checks import find_indicator_warnings
from assessment.points import tidy
from assessment.rulebook import Rulebook
from assessment.scoring_ways import Blocks, Panel
from assessment.targets import TargetFrom, binding_target, check_split
from assessment.workdays import WorkCalendar
from assessment.year_rules import Grade, GradedBy

Check = Callable[[Rulebook], Iterator[Finding]]

_REPORTING = frozenset(
    {Trigger.URGED_NOT_REPORTED, Trigger.RETURNED, Trigger.REPORTED_ON_TIME, Trigger.REPORTED_LATE, Trigger.RECORDED}
)


def find_warnings(rulebook: Rulebook) -> Iterator[Finding]:
    """Everything that a careful reader would say before the rulebook is used."""
    for check in _WARNINGS:
        yield from check(rulebook)


# Figures and points


def _targets_crossed(rulebook: Rulebook) -> Iterator[Finding]:
    for at, indicator in enumerate(rulebook.indicators):
        targets: list[tuple[Path, Indicator | Cohort]] = [(("指标", at), indicator)]
        targets += [(("指标", at, "分组", place), cohort) for place, cohort in enumerate(indicator.cohorts)]
        for path, target in targets:
            base, full = target.base.value, target.full.value
            if base is None or full is None or base == full:
                continue
            if (full > base) != (indicator.direction is Direction.HIGHER):
                what = f"满分目标 {full} 与基本任务 {base} 的高低和“{indicator.direction}”不符"
                yield Finding((*path, "满分目标"), what, "请核对原文；按所写的值计")


def _own_target_easier(rulebook: Rulebook) -> Iterator[Finding]:
    for at, indicator in enumerate(rulebook.indicators):
        found = binding_target(indicator, rulebook.readings)
        own, assigned, binding = found.own, found.assigned, found.base.value
        if own is None or assigned is None or binding is None:
            continue
        higher = indicator.direction is Direction.HIGHER
        if own < assigned if higher else own > assigned:
            what = f"自定任务 {_said(own)} {'低' if higher else '高'}于下达任务 {_said(assigned)}"
            yield Finding(("指标", at, "自定任务"), what, f"以{found.name} {_said(binding)} 为准")
        if found.source is TargetFrom.BASE and binding not in (own, assigned):
            what = f"基本任务 {_said(binding)} 与自定、下达任务都不符"
            yield Finding(("指标", at, "基本任务"), what, "请核对；按基本任务计")


def _splits_that_do_not_add_up(rulebook: Rulebook) -> Iterator[Finding]:
    for at, indicator in enumerate(rulebook.indicators):
        found = check_split(indicator, rulebook.readings).split
        if found is not None and found.target is not None and found.gap:
            short = (found.gap > 0) == (indicator.direction is Direction.HIGHER)
            amount = f"{'分解缺口' if short else '分解多出'} {_said(abs(found.gap))}{indicator.unit}"
            what = f"{amount}：各单位合计 {_said(found.parts)}，任务 {_said(found.target)}"
            yield Finding(("指标", at, "分解"), what, "请补足或核对")


def _sums_that_do_not_match(rulebook: Rulebook) -> Iterator[Finding]:
    for at, category in enumerate(rulebook.categories):
        total = sum(category.parts.values())
        if category.parts and total != category.full:
            what = f"分项相加是 {total} 分，标题写 {category.full} 分"
            yield Finding(("大类", at, "分项"), what, f"请核对原文；按标题 {category.full} 分计")


def _weights_that_are_not_one(rulebook: Rulebook) -> Iterator[Finding]:
    found: list[tuple[Path, list[Decimal | None]]] = []
    if rulebook.composite is not None and rulebook.composite.weights:
        found.append((("综合", "加权"), [weight.weight.value for weight in rulebook.composite.weights]))
    for at, indicator in enumerate(rulebook.indicators):
        if isinstance(indicator.way, Panel):
            found.append((("指标", at, "计分", "评议方"), [rater.weight.value for rater in indicator.way.raters]))
        if isinstance(indicator.way, Blocks):
            found.append((("指标", at, "计分", "各块"), [block.weight.value for block in indicator.way.blocks]))
    for path, weights in found:
        total = sum((weight for weight in weights if weight is not None), Decimal(0))
        if None not in weights and total != 1:
            yield Finding(path, f"权重相加是 {_said(total)}，不是 1", "请核对；按所写的值计")


# Clauses


def _lonely_groups(rulebook: Rulebook) -> Iterator[Finding]:
    groups = [clause.exclusive_group for clause in rulebook.clauses]
    for at, group in enumerate(groups):
        if group is not None and groups.count(group) == 1:
            yield Finding(("条款", at, "互斥组"), f"互斥组“{group}”只有这一条", "请补上同组的其他各档，或删去")


def _rounds_without_supervision(rulebook: Rulebook) -> Iterator[Finding]:
    for at, clause in enumerate(rulebook.clauses):
        if clause.round is not None and clause.trigger is not Trigger.SUPERVISED:
            what = f"“{clause.trigger}”不分第几次，“轮次”不起作用"
            yield Finding(("条款", at, "轮次"), what, "请把“触发”改为“督办”，或删去“轮次”")


def _gaps_between_rounds(rulebook: Rulebook) -> Iterator[Finding]:
    supervised = [(at, clause) for at, clause in enumerate(rulebook.clauses) if clause.trigger is Trigger.SUPERVISED]
    written = {clause.round for _, clause in supervised}
    numbers = sorted(number for number in written if number is not None)
    if None in written:
        return
    for earlier, later in pairwise(numbers):
        if later > earlier + 1:
            at = next(at for at, clause in supervised if clause.round == later)
            yield Finding(("条款", at, "轮次"), f"第 {earlier + 1} 次督办没有条款", "请补上，或核对轮次")


def _clauses_out_of_place(rulebook: Rulebook) -> Iterator[Finding]:
    known = {clause.id: clause for clause in rulebook.clauses}
    for at, duty in enumerate(rulebook.duties):
        for place, name in enumerate(duty.clauses):
            if known[name].trigger not in _REPORTING:
                what = f"“{name}”由“{known[name].trigger}”触发，与报送无关"
                yield Finding(("报送任务", at, "条款", place), what, "请核对编号")


def _ids_used_elsewhere(rulebook: Rulebook) -> Iterator[Finding]:
    taken = {clause.id: "条款" for clause in rulebook.clauses}
    taken |= {indicator.id: "指标" for indicator in rulebook.indicators}
    others = {("阶段", at): stage.id for at, stage in enumerate(rulebook.stages)}
    others |= {("后果", at): consequence.id for at, consequence in enumerate(rulebook.consequences)}
    for (key, at), name in others.items():
        if name in taken:
            what = f"编号“{name}”也是{taken[name]}的编号"
            yield Finding((key, at, "编号"), what, "请另用一个，以免引用时混淆")


def _without_a_place_in_the_text(rulebook: Rulebook) -> Iterator[Finding]:
    found: list[tuple[Path, str]] = [(("记分", at), entry.cite) for at, entry in enumerate(rulebook.accounts)]
    found += [(("大类", at), entry.cite) for at, entry in enumerate(rulebook.categories)]
    for key, part in (
        ("综合", rulebook.composite),
        ("等次", rulebook.grading),
        ("整改", rulebook.rectification),
        ("责任书", rulebook.letter),
        ("延期", rulebook.extension),
    ):
        found += [((key,), part.cite)] if part is not None else []
    for path, cite in found:
        if not cite:
            yield Finding((*path, "依据"), "没有写依据", "请写原文件中的条目；由考核办自定的写明文号")


# Days


def _never_opened(rulebook: Rulebook) -> Iterator[Finding]:
    for at, duty in enumerate(rulebook.duties):
        if not duty.due.is_set:
            yield Finding(("报送任务", at, "截止"), f"没有设定截止，不会布置“{duty.name}”", "请由考核办设定截止")


def _periods_left_out(rulebook: Rulebook) -> Iterator[Finding]:
    """Of duties that ask the same of the same units, a period between two others for which none is owed."""
    alike: dict[tuple[object, ...], list[tuple[int, Duty]]] = {}
    for at, duty in enumerate(rulebook.duties):
        if duty.first is not None or duty.last is not None:
            key = (duty.frequency, duty.units, duty.indicators, duty.upper, duty.every_years)
            alike.setdefault(key, []).append((at, duty))
    for duties in alike.values():
        covered = sorted({period for _, duty in duties for period in periods_of(duty, rulebook.year)})
        for earlier, later in pairwise(covered):
            if earlier.following() != later:
                at = next(at for at, duty in duties if later in periods_of(duty, rulebook.year))
                what = f"{earlier.name} 之后到 {later.name} 之前没有布置报送"
                yield Finding(("报送任务", at, "起始"), what, "请核对各任务的“起始”“终止”是否相接")


def _events_that_set_no_day(rulebook: Rulebook) -> Iterator[Finding]:
    for at, duty in enumerate(rulebook.duties):
        if duty.event is not None and duty.due.is_set and not by_event(duty.due.value):
            what = f"截止不按事件计时，“{duty.event}”不起作用"
            yield Finding(("报送任务", at, "事件"), what, "请改“截止”为事件前日或事件后日，或删去")


def _upper_not_after_lower(rulebook: Rulebook) -> Iterator[Finding]:
    """The office's own report is made of those of its units, so it must be due on a later day (R04)."""
    for at, upper in enumerate(rulebook.duties):
        for lower in rulebook.duties:
            if upper.upper and not lower.upper and upper.frequency is lower.frequency:
                days = _first_clash(upper, lower, rulebook.year)
                if days:
                    what = "下级截止日不早于上级"
                    remedy = f"“{lower.name}”{days[0]}截止，“{upper.name}”{days[1]}截止，请核对"
                    yield Finding(("报送任务", at, "截止"), what, remedy)


def _first_clash(upper: Duty, lower: Duty, year: int) -> tuple[str, str] | None:
    """The days of the first period of the year in which the lower report is not due before the upper one."""
    above, below = upper.due.value, lower.due.value
    if above is None or below is None or by_event(above) != by_event(below):
        return None
    if by_event(above):
        late = upper.event == lower.event and _from_event(below) >= _from_event(above)
        return (_said_from_event(below), _said_from_event(above)) if late else None
    calendar = WorkCalendar()
    shared = [period for period in periods_of(upper, year) if period in periods_of(lower, year)]
    days = [(due_day(below, period, calendar), due_day(above, period, calendar)) for period in shared]
    return next(((_day(low), _day(high)) for low, high in days if low >= high), None)


def _from_event(due: Due) -> int:
    return due.after_event if due.after_event is not None else -(due.before_event or 0)


def _said_from_event(due: Due) -> str:
    days = _from_event(due)
    return f"事件后第 {days} 日" if days >= 0 else f"事件前第 {-days} 日"


def _day(day: date) -> str:
    return f"{day:%Y-%m-%d}"


# Grades


def _grades_out_of_reach(rulebook: Rulebook) -> Iterator[Finding]:
    highest = _highest_total(rulebook)
    for at, grade in _grades(rulebook):
        least, within, quota = grade.at_least.value, grade.rank_within.value, grade.quota.value
        if least is not None and highest is not None and least > highest:
            what = f"得分不低于 {_said(least)}，而总分最多 {_said(highest)} 分，没有单位评得上“{grade.name}”"
            yield Finding(("等次", "各等", at, "得分不低于"), what, "请核对封顶、各项满分和这一条件")
        if within is not None and quota is not None and within > quota:
            what = f"名次取前 {within} 名，名额只有 {quota} 个"
            yield Finding(("等次", "各等", at, "名次在前"), what, "请核对；超出名额的由考核办取舍")


def _grades_in_disorder(rulebook: Rulebook) -> Iterator[Finding]:
    asked = [(at, grade.name, least) for at, grade in _grades(rulebook) if (least := grade.at_least.value) is not None]
    for (_, higher, more), (at, lower, least) in pairwise(asked):
        if least >= more:
            what = f"“{lower}”要求的得分不低于更高一等的“{higher}”"
            yield Finding(("等次", "各等", at, "得分不低于"), what, "请由高到低排列")


def _conditions_that_decide_nothing(rulebook: Rulebook) -> Iterator[Finding]:
    grading = rulebook.grading
    for at, grade in _grades(rulebook):
        conditional = grade.at_least.is_set or grade.rank_within.is_set
        if grading is not None and grading.by is GradedBy.JUDGEMENT and conditional:
            what = f"等次由考核办评定，“{grade.name}”的得分和名次条件不起作用"
            yield Finding(("等次", "各等", at), what, "请改“方式”为条件，或删去条件")


def _grades(rulebook: Rulebook) -> Iterator[tuple[int, Grade]]:
    yield from enumerate(rulebook.grading.grades if rulebook.grading is not None else ())


def _highest_total(rulebook: Rulebook) -> Decimal | None:
    """The most points a unit can have; None where nothing sets a limit, or a part of it is still open."""
    account = rulebook.account(Subject.UNIT)
    if account is not None and account.cap is not None:
        return account.cap
    counting = [category for category in rulebook.categories if category.count is not CategoryCount.SHOWN]
    within = {category.name for category in counting}
    fulls = [_full_marks(indicator) for indicator in rulebook.indicators if indicator.category not in within]
    open_ended = any(_may_add(clause) for clause in rulebook.clauses if clause.category not in within)
    if open_ended or None in fulls or not (fulls or counting):
        return None
    base = account.base if account is not None else Decimal(0)
    return base + sum((full for full in (*fulls, *(each.full for each in counting)) if full is not None), Decimal(0))


def _may_add(clause: Clause) -> bool:
    if clause.subject is not Subject.UNIT:
        return False
    if clause.discretion is not None:
        return clause.discretion.highest > 0
    return "points" in clause.model_fields_set and (clause.points.value is None or clause.points.value > 0)


def _full_marks(indicator: Indicator) -> Decimal | None:
    """The most that the indicator can give; None where that is not written as one value."""
    if indicator.way is None:
        return indicator.full_points.value
    full = getattr(indicator.way, "full", None)
    most = getattr(indicator.way, "most", None)
    chosen = most if most is not None and most.is_set else full
    return chosen.value if chosen is not None else None


# What the file itself calls doubtful


def _doubts(rulebook: Rulebook) -> Iterator[Finding]:
    for at, doubt in enumerate(rulebook.doubts):
        yield Finding(("存疑", at), f"{doubt.id} {doubt.what}（{doubt.cite}）", doubt.handling)


def _said(value: Decimal) -> str:
    return f"{tidy(value):f}"


_WARNINGS: Sequence[Check] = (
    _targets_crossed,
    _own_target_easier,
    _splits_that_do_not_add_up,
    find_indicator_warnings,
    _sums_that_do_not_match,
    _weights_that_are_not_one,
    _lonely_groups,
    _rounds_without_supervision,
    _gaps_between_rounds,
    _clauses_out_of_place,
    _ids_used_elsewhere,
    _without_a_place_in_the_text,
    _never_opened,
    _periods_left_out,
    _events_that_set_no_day,
    _upper_not_after_lower,
    _grades_out_of_reach,
    _grades_in_disorder,
    _conditions_that_decide_nothing,
    _doubts,
)
