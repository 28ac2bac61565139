"""分析通报: the office's draft on how the indicators stand, from the figures that were reported (R07)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from assessment.points import show

_DONE = {3: "第一季度", 6: "上半年", 9: "第三季度", 12: "全年"}


@dataclass(frozen=True)
class Group:
    """Indicators that stand alike, by name."""

    meaning: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Behind:
    """One indicator that lags: its share of 基本任务 and how much of the year has passed, in percent."""

    name: str
    owner: str
    share: Decimal | None
    passed: Decimal | None


def title_of(today: date) -> str:
    """The part of the year that was last over by quarters: 第三季度 in October, 全年 in January."""
    month = (today.month - 1) // 3 * 3 or 12
    return _DONE[month]


def written(title: str, groups: Sequence[Group], unreported: Sequence[str], behind: Sequence[Behind]) -> str:
    """The draft: how many stand where, by name, and what lags, worst first; for people to complete and send."""
    total = sum(len(group.names) for group in groups) + len(unreported)
    lines = [f"【{title}分析通报】", f"列入系统的指标{total}项，已报{total - len(unreported)}项。"]
    lines += [f"{group.meaning}{len(group.names)}项：{'、'.join(group.names)}。" for group in groups]
    if unreported:
        lines.append(f"未报{len(unreported)}项：{'、'.join(unreported)}。")
    if behind:
        lines.append("落后指标（由低到高）：")
        lines += [f"{nth}. {_one(one)}。" for nth, one in enumerate(behind, 1)]
    return "\n".join(lines)


def _one(one: Behind) -> str:
    share = f"完成基本任务的{show(one.share)}%" if one.share is not None else "未达基本任务"
    if one.share is None or one.passed is None:
        return f"{one.name}（{one.owner}）：{share}"
    gap = one.passed - one.share
    pace = f"落后{show(gap)}个百分点" if gap > 0 else "不落后于时间进度"
    return f"{one.name}（{one.owner}）：{share}，时间进度{show(one.passed)}%，{pace}"
