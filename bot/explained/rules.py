"""The clauses of a measure in words, each with its source text, and the accounts that they are kept in."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from assessment.rulebook import Account, CapAt, Category, Clause, Per, Rulebook, Trigger
from bot.cards.figures import number
from bot.cards.phrases import wide
from bot.explained.layout import indented
from bot.explained.values import UNSET, between, points, rest, spoken
from bot.explained.words import explained, meaning

_OFTEN = {Per.EACH: "每次", Per.DAY: "每日", Per.ONCE: "同一事项只计一次，"}
_TOLD_OF_ACCOUNTS = ("subject", "base", "cap", "cap_at", "floor", "cite")
_TOLD_OF_CATEGORIES = ("name", "full", "count", "floor", "full_if_no_task", "parts", "cite")
_TOLD_OF_CLAUSES = (
    "id",
    "name",
    "text",
    "cite",
    "subject",
    "trigger",
    "share",
    "timing",
    "classes",
    "round",
    "category",
    "points",
    "discretion",
    "per",
    "automatic",
    "exclusive_group",
    "supplements",
    "flag",
    "follow_up",
)


def accounts(rulebook: Rulebook) -> Iterator[str]:
    """The frame of every kind of account."""
    for account in rulebook.accounts:
        yield f"{account.subject}：{'；'.join(_frame(account))}。"


def categories(rulebook: Rulebook) -> Iterator[str]:
    """The headings with their full marks and parts, as the source adds them up."""
    for category in rulebook.categories:
        yield f"{wide(category.name)}：{'；'.join(_marks(category))}。"


def clauses(rulebook: Rulebook) -> Iterator[str]:
    """Every clause under its account and its place in the source, in the order of the file."""
    for subject in dict.fromkeys(clause.subject for clause in rulebook.clauses):
        yield f"〔{subject}账户〕{meaning(subject)}；各条经考核办核定后入账，注明自动入账的除外。"
        yield indented(f"同一事项：{explained(rulebook.readings.same_matter)}。")
        cite = None
        for clause in (each for each in rulebook.clauses if each.subject is subject):
            if clause.cite != cite:
                cite = clause.cite
                yield f"依据 {spoken(cite)}"
            yield from map(indented, _clause(clause, rulebook))


def brief(clause: Clause) -> str:
    """A clause in one line, for what may lead to it: U1 迟报（每次扣1分◇）."""
    return f"{clause.id} {wide(clause.name)}（{_how_much(clause)}{clause.points.mark}）"


def _frame(account: Account) -> Iterator[str]:
    yield meaning(account.subject)
    yield f"基础分{number(account.base)}分"
    yield f"封顶{number(account.cap)}分" if account.cap is not None else "不封顶"
    yield f"下限{number(account.floor)}分" if account.floor is not None else "不设下限"
    if account.cap is not None or account.floor is not None or account.cap_at is not CapAt.TOTAL:
        yield f"封顶方式为{explained(account.cap_at)}"
    if account.cite:
        yield f"依据{spoken(account.cite)}"
    yield from rest(account, _TOLD_OF_ACCOUNTS)


def _marks(category: Category) -> Iterator[str]:
    yield f"满分{number(category.full)}分"
    yield f"计法：{explained(category.count)}"
    if category.floor is not None:
        yield f"下限{number(category.floor)}分，不倒扣到别的大类"
    if category.full_if_no_task:
        yield "没有任务的单位得满分"
    if category.parts:
        added = sum(category.parts.values(), Decimal(0))
        parts = "、".join(f"{wide(name)}{number(value)}分" for name, value in category.parts.items())
        yield f"分项：{parts}"
        if added != category.full:
            yield f"分项相加为{number(added)}分，与标题不符，按标题计"
    if category.cite:
        yield f"依据{spoken(category.cite)}"
    yield from rest(category, _TOLD_OF_CATEGORIES)


def _clause(clause: Clause, rulebook: Rulebook) -> Iterator[str]:
    yield f"{clause.id}　{wide(clause.name)}　{_how_much(clause)}{clause.points.mark}"
    yield indented(f"{'；'.join(_when(clause, rulebook))}。")
    yield from (indented(f"{words}。") for words in _then(clause, rulebook))
    if clause.points.stand_in:
        yield indented(f"分值是代入值◇：{clause.points.stand_in.strip()}")
    yield indented(f"原文：{clause.text}")
    yield from map(indented, rest(clause, _TOLD_OF_CLAUSES))


def _how_much(clause: Clause) -> str:
    if clause.discretion is not None:
        return f"{_OFTEN.get(clause.per, clause.per)}酌情{between(clause.discretion.lowest, clause.discretion.highest)}"
    if "points" not in clause.model_fields_set:
        return "不计分" if clause.per is Per.EACH else f"{_OFTEN.get(clause.per, clause.per)}不计分"
    value = clause.points.value
    return f"{_OFTEN.get(clause.per, clause.per)}{points(value) if value is not None else f'分值{UNSET}'}"


def _when(clause: Clause, rulebook: Rulebook) -> Iterator[str]:
    yield f"触发：{explained(clause.trigger)}"
    if clause.share is not None:
        yield f"限{clause.share}单位"
    if clause.timing is not None:
        yield f"时限：{explained(clause.timing)}"
    if clause.round is not None:
        yield f"限第{clause.round}次"
    if clause.category is not None:
        yield f"计入大类“{wide(clause.category)}”"
    if clause.classes:
        yield f"限这几类事项：{spoken(clause.classes)}"
    duties = [duty.name for duty in rulebook.duties if clause.id in duty.clauses]
    if duties:
        yield f"用于报送任务：{spoken(tuple(dict.fromkeys(duties)))}"


def _then(clause: Clause, rulebook: Rulebook) -> Iterator[str]:
    if clause.per is Per.DAY:
        yield _days_counted(clause, rulebook)
    if clause.automatic:
        yield "自动入账，不经核定"
    if clause.discretion is not None:
        yield "由考核办在此幅度内定分，并写明理由"
    if clause.exclusive_group is not None:
        yield f"互斥组“{wide(clause.exclusive_group)}”{_others_in_group(clause, rulebook.clauses)}"
    if clause.supplements is not None:
        yield f"在{clause.supplements}的小计上另加"
    if clause.flag is not None:
        yield f"并标记：{explained(clause.flag)}"
    if clause.follow_up is not None:
        yield f"后续：{wide(clause.follow_up)}（由有关部门办理，系统只列待办）"


def _days_counted(clause: Clause, rulebook: Rulebook) -> str:
    if clause.trigger is Trigger.URGED_NOT_REPORTED:
        return f"{meaning(rulebook.readings.count_from)}，每延迟1日计一次"
    if clause.trigger is Trigger.MATTER_LATE:
        return "从时限的次日起计日，每延迟1日计一次"
    return "按日计，日数由考核办据实记录"


def _others_in_group(clause: Clause, every: Iterable[Clause]) -> str:
    others = [each.id for each in every if each.exclusive_group == clause.exclusive_group and each is not clause]
    return f"：与{'、'.join(others)}只能选一" if others else "：同组没有其他条款"
