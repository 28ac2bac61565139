"""What no single entry of a rulebook shows: references that lead nowhere, names used twice, ladders out of order."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from assessment.due import by_event
from assessment.duty import Due
from assessment.fault import Path
from assessment.finding import Finding
from assessment.periods import Period
from assessment.rulebook import Clause, Indicator, Offset, Rulebook, Step, StepKind, Trigger
from assessment.rulebook_errors import nearest
from assessment.rulebook_warnings import find_warnings

__all__ = ["EXCLUDED_TOPICS", "Finding", "find_faults", "find_warnings"]

EXCLUDED_TOPICS = ("舆情", "舆论引导", "舆论监测", "网评", "网络评论")
"""Duban neither watches nor steers what the public says, and no rulebook may make it (R106)."""

_KINDS = tuple(StepKind)

Check = Callable[[Rulebook], Iterator[Finding]]
Reference = tuple[Path, str, Sequence[str], str]
"""Where it stands, the name, the names that there are, and the list that they stand in."""


def find_faults(rulebook: Rulebook, excused: frozenset[str] = frozenset()) -> Iterator[Finding]:
    """Everything for which the rulebook must be refused. A reference to a name in `excused` is not judged."""
    for check in _FAULTS:
        yield from check(rulebook)
    yield from _dangling(rulebook, excused)
    if not excused:
        yield from _owed_by_nobody(rulebook)


# Names


def _repeated_names(rulebook: Rulebook) -> Iterator[Finding]:
    yield from _repeated([entry.id for entry in rulebook.clauses], ("条款",), "编号")
    yield from _repeated([entry.id for entry in rulebook.indicators], ("指标",), "编号")
    yield from _repeated([entry.id for entry in rulebook.duties], ("报送任务",), "编号")
    yield from _repeated([entry.id for entry in rulebook.ladders], ("催办阶梯",), "编号")
    yield from _repeated([entry.subject for entry in rulebook.accounts], ("记分",), "对象")
    yield from _repeated([entry.name for entry in rulebook.categories], ("大类",), "名称")
    yield from _repeated([entry.id for entry in rulebook.stages], ("阶段",), "编号")
    yield from _repeated([entry.id for entry in rulebook.consequences], ("后果",), "编号")
    if rulebook.grading is not None:
        yield from _repeated([grade.name for grade in rulebook.grading.grades], ("等次", "各等"), "名称")
    for at, indicator in enumerate(rulebook.indicators):
        yield from _repeated([cohort.name for cohort in indicator.cohorts], ("指标", at, "分组"), "名称")
        yield from _repeated_in_way(indicator, ("指标", at, "计分"))


def _repeated_in_way(indicator: Indicator, path: Path) -> Iterator[Finding]:
    """Levels, parts, raters and blocks are told apart by their names."""
    for name, field in type(indicator.way).model_fields.items() if indicator.way is not None else ():
        entries = getattr(indicator.way, name)
        if isinstance(entries, tuple):
            yield from _repeated(
                [str(getattr(entry, "name", "")) for entry in entries], (*path, field.alias or ""), "名称"
            )


def _one_id_for_clause_and_indicator(rulebook: Rulebook) -> Iterator[Finding]:
    """The ledger names both by their ids alone."""
    clauses = {clause.id: clause for clause in rulebook.clauses}
    for at, indicator in enumerate(rulebook.indicators):
        if indicator.id in clauses:
            what = f"编号“{indicator.id}”也是条款“{clauses[indicator.id].name}”的编号"
            yield Finding(("指标", at, "编号"), what, "请另用一个编号，否则台账里分不清")


def _repeated(names: Sequence[str], path: Path, key: str) -> Iterator[Finding]:
    for at, name in enumerate(names):
        if name in names[:at]:
            yield Finding((*path, at, key), f"{key}“{name}”前面已经用过", f"请另用一个{key}")


def _ambiguous_aliases(rulebook: Rulebook) -> Iterator[Finding]:
    taken: dict[str, Indicator] = {}
    for at, indicator in enumerate(rulebook.indicators):
        paths: dict[Path, str] = {("指标", at, "名称"): indicator.name}
        paths.update({("指标", at, "别名", place): alias for place, alias in enumerate(indicator.aliases)})
        for path, name in paths.items():
            owner = taken.setdefault(unicodedata.normalize("NFKC", name).casefold(), indicator)
            if owner is not indicator:
                yield Finding(path, f"“{name}”也是指标“{owner.name}”的名称或别名", "请换一个，否则报送时分不清是哪一项")


def _excluded_topics(rulebook: Rulebook) -> Iterator[Finding]:
    names: dict[Path, str] = {("条款", at, "名称"): entry.name for at, entry in enumerate(rulebook.clauses)}
    names.update({("指标", at, "名称"): entry.name for at, entry in enumerate(rulebook.indicators)})
    names.update({("报送任务", at, "名称"): entry.name for at, entry in enumerate(rulebook.duties)})
    for path, name in names.items():
        if any(topic in name for topic in EXCLUDED_TOPICS):
            yield Finding(path, "Duban 不考核舆情内容", "请删去这一项")


# References


def _dangling(rulebook: Rulebook, excused: frozenset[str]) -> Iterator[Finding]:
    accounts = [account.subject for account in rulebook.accounts]
    for path, name, known, table in (*_references(rulebook), *_references_of_the_year(rulebook)):
        if name not in known and name not in excused:
            meant = nearest(name, known) if len(name) > 2 else None  # A7 is not a slip of A1
            yield Finding(
                path, f"“{table}”里没有“{name}”", f"是不是想写“{meant}”？" if meant else f"请在“{table}”里补上"
            )
    for at, clause in enumerate(rulebook.clauses):
        if clause.supplements == clause.id:
            yield Finding(("条款", at, "补充"), "不能补充自己", "请写所补充的那一条的编号")
        if clause.subject not in accounts and clause.subject not in excused:
            yield Finding(("条款", at, "对象"), f"“记分”里没有“{clause.subject}”", "请在“记分”里写明这类账户的基础分")


def _references(rulebook: Rulebook) -> Iterator[Reference]:
    clauses = [clause.id for clause in rulebook.clauses]
    ladders = [ladder.id for ladder in rulebook.ladders]
    categories = [category.name for category in rulebook.categories]
    for at, clause in enumerate(rulebook.clauses):
        if clause.supplements is not None:
            yield ("条款", at, "补充"), clause.supplements, clauses, "条款"
        if clause.category is not None:
            yield ("条款", at, "大类"), clause.category, categories, "大类"
        for place, name in enumerate(clause.classes):
            yield ("条款", at, "类别", place), name, rulebook.matter_classes, "事项类别"
    for at, indicator in enumerate(rulebook.indicators):
        if indicator.category is not None:
            yield ("指标", at, "大类"), indicator.category, categories, "大类"
    for at, duty in enumerate(rulebook.duties):
        yield ("报送任务", at, "阶梯"), duty.ladder, ladders, "催办阶梯"
        for place, name in enumerate(duty.clauses):
            yield ("报送任务", at, "条款", place), name, clauses, "条款"
    if rulebook.matter_ladder is not None:
        yield ("事项阶梯",), rulebook.matter_ladder, ladders, "催办阶梯"
    if rulebook.rectification is not None and rulebook.rectification.ladder is not None:
        yield ("整改", "阶梯"), rulebook.rectification.ladder, ladders, "催办阶梯"


def _references_of_the_year(rulebook: Rulebook) -> Iterator[Reference]:
    stages = [stage.id for stage in rulebook.stages]
    grades = [grade.name for grade in rulebook.grading.grades] if rulebook.grading is not None else []
    consequences = [consequence.id for consequence in rulebook.consequences]
    composite, rectification = rulebook.composite, rulebook.rectification
    if composite is not None and composite.take is not None:
        yield ("综合", "取"), composite.take, stages, "阶段"
    for place, weight in enumerate(composite.weights if composite is not None else ()):
        yield ("综合", "加权", place, "阶段"), weight.stage, stages, "阶段"
    for at, consequence in enumerate(rulebook.consequences):
        if consequence.grade is not None:
            yield ("后果", at, "等次"), consequence.grade, grades, "等次"
        if consequence.after is not None:
            yield ("后果", at, "在后"), consequence.after, consequences, "后果"
    for at, award in enumerate(rulebook.awards):
        if award.grade is not None:
            yield ("奖励", at, "等次"), award.grade, grades, "等次"
    if rectification is not None and rectification.unattainable is not None:
        yield ("整改", "无法完成"), rectification.unattainable, rectification.kinds, "类型"


def _owed_by_nobody(rulebook: Rulebook) -> Iterator[Finding]:
    if rulebook.indicators:
        return
    for at, duty in enumerate(rulebook.duties):
        if duty.indicators:
            yield Finding(("报送任务", at, "报指标"), "要求报指标，但办法里没有指标", "请补“指标”，或删去“报指标”")
        elif not duty.units:
            yield Finding(("报送任务", at), "没有写由谁报送", "请写“承担单位”")


# Single entries that contradict themselves


def _contradictory_clauses(rulebook: Rulebook) -> Iterator[Finding]:
    for at, clause in enumerate(rulebook.clauses):
        has_points = "points" in clause.model_fields_set
        if has_points and clause.discretion is not None:
            yield Finding(("条款", at, "幅度"), "“分值”与“幅度”只能写其中一项", "由考核办酌情的只写“幅度”")
        elif not has_points and clause.discretion is None and not _only_consequence(clause):
            yield Finding(("条款", at), "没有写分值", "请写“分值”或“幅度”；原文没有的写“分值: null”")
        if clause.automatic and clause.discretion is not None:
            yield Finding(("条款", at, "自动"), "酌情给分的条款不能自动入账", "请删去“自动”或改为固定分值")


def _clauses_for_settling(rulebook: Rulebook) -> Iterator[Finding]:
    for at, clause in enumerate(rulebook.clauses):
        if clause.trigger is Trigger.SETTLED:
            yield Finding(("条款", at, "触发"), "“结算”由系统自用，条款不能写", "指标的得分请写在“指标”的“计分”里")


def _only_consequence(clause: Clause) -> bool:
    return clause.flag is not None or clause.follow_up is not None


def _ownerless_indicators(rulebook: Rulebook) -> Iterator[Finding]:
    for at, indicator in enumerate(rulebook.indicators):
        if not indicator.owners:
            yield Finding(("指标", at, "承担单位"), "没有承担单位", "请写名册中的单位名称，牵头的写在最前")


def _reversed_spans(rulebook: Rulebook) -> Iterator[Finding]:
    for at, duty in enumerate(rulebook.duties):
        if duty.first and duty.last and Period.parse(duty.last) < Period.parse(duty.first):
            yield Finding(("报送任务", at, "终止"), f"终止 {duty.last} 早于起始 {duty.first}", "请对调或改正")
    for at, window in enumerate(rulebook.office_hours):
        if window.end <= window.start:
            yield Finding(("办公时间", at, "至"), "“至”不晚于“自”", "请对调或改正")


def _uncounted_years(rulebook: Rulebook) -> Iterator[Finding]:
    for at, duty in enumerate(rulebook.duties):
        if duty.every_years > 1 and duty.first is None:
            yield Finding(("报送任务", at, "每几年"), "没有写“起始”，不知从哪一年起算", "请写“起始”")


def _events_without_a_name(rulebook: Rulebook) -> Iterator[Finding]:
    for at, duty in enumerate(rulebook.duties):
        if by_event(duty.due.value) and duty.event is None:
            yield Finding(("报送任务", at, "截止"), "截止按事件计时，但没有写是哪一件事", "请写“事件”，如“考核组进驻”")
    others: list[tuple[Path, Due | None]] = [
        (("阶段", at, "截止"), stage.due.value) for at, stage in enumerate(rulebook.stages)
    ]
    others += [(("责任书", "截止"), rulebook.letter.due.value)] if rulebook.letter is not None else []
    for path, due in others:
        if by_event(due):
            yield Finding(path, "这里的截止不能按事件计时", "请写日期，或写 null 由考核办另定")


def _consequences_in_a_ring(rulebook: Rulebook) -> Iterator[Finding]:
    """Each waits for the one before it; in a ring none would ever begin."""
    after = {consequence.id: consequence.after for consequence in rulebook.consequences}
    for at, consequence in enumerate(rulebook.consequences):
        seen: list[str] = []
        step = consequence.after
        while step is not None and step not in seen:
            seen.append(step)
            step = after.get(step)
        if consequence.id in seen:
            yield Finding(("后果", at, "在后"), "几项后果互相等待，没有一项能开始", "请核对“在后”所写的编号")


def _disorderly_ladders(rulebook: Rulebook) -> Iterator[Finding]:
    for at, ladder in enumerate(rulebook.ladders):
        for place, step in enumerate(ladder.steps):
            here: Path = ("催办阶梯", at, "各步", place)
            if step.when.before_due and step.kind is not StepKind.REMIND:
                yield Finding((*here, "步骤"), f"截止之前不能{step.kind}", "截止之前只写“提醒”")
            if not step.when.before_due and step.kind is StepKind.REMIND:
                yield Finding((*here, "步骤"), "截止之后不再是提醒", "请写“催办”")
            if place > 0:
                yield from _out_of_order(ladder.steps[place - 1], step, here)


def _out_of_order(earlier: Step, later: Step, here: Path) -> Iterator[Finding]:
    if _certainly_before(later, earlier):
        yield Finding((*here, "时间"), "这一步的时间早于上一步", "请按时间先后排列")
    elif _KINDS.index(later.kind) < _KINDS.index(earlier.kind):
        yield Finding((*here, "步骤"), f"“{later.kind}”轻于上一步的“{earlier.kind}”", "请由轻到重排列")


def _certainly_before(step: Step, other: Step) -> bool:
    """Whether `step` comes before `other` on every calendar; workdays and calendar days often cannot be compared."""
    form, number = _offset(step.when)
    other_form, other_number = _offset(other.when)
    if form == other_form:
        return (number, step.at) < (other_number, other.at)
    latest = number if form.startswith("days") or step.when.before_due else float("inf")
    earliest = other_number if other_form.startswith("days") or not other.when.before_due else float("-inf")
    return latest < earliest


def _offset(when: Offset) -> tuple[str, int]:
    """The form in use, and its number: negative before the due day. Of workdays it is the fewest calendar days."""
    form, number = next((form, number) for form, number in when if number is not None)
    return form, -number if when.before_due else number


_FAULTS: tuple[Check, ...] = (
    _repeated_names,
    _ambiguous_aliases,
    _one_id_for_clause_and_indicator,
    _excluded_topics,
    _contradictory_clauses,
    _clauses_for_settling,
    _ownerless_indicators,
    _reversed_spans,
    _uncounted_years,
    _events_without_a_name,
    _consequences_in_a_ring,
    _disorderly_ladders,
)
