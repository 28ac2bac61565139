"""What holds for a measure as a whole: readings, days, hours, limits; and what the office has not yet settled."""

from collections.abc import Iterator, Mapping

from assessment.open_parameters import stand_ins, unset_parameters
from assessment.parameter import Part
from assessment.rulebook import Rulebook
from bot.cards.figures import number
from bot.cards.phrases import wide
from bot.explained.layout import indented
from bot.explained.values import parameter, rest, spoken
from bot.explained.words import explained

_STEP = " › "
_BETWEEN = frozenset({"分组", "计分", "各等", "加权"})
"""Steps of a path that say nothing to whoever reads a list of names."""


def readings(rulebook: Rulebook) -> Iterator[str]:
    """Every choice that the office has, whether the file makes it or leaves it at what is usual."""
    chosen = rulebook.readings
    yield f"同一事项：{explained(chosen.same_matter)}{_by_whom(chosen, 'same_matter')}"
    yield f"催报计日：{explained(chosen.count_from)}{_by_whom(chosen, 'count_from')}"
    yield f"目标并存：{explained(chosen.both_targets)}{_by_whom(chosen, 'both_targets')}"
    yield from rest(chosen, ("same_matter", "count_from", "both_targets"))
    if rulebook.frozen_until is not None:
        yield f"冻结至：{spoken(rulebook.frozen_until)}（含）之前不改办法，修改意见列入下一年度"
    days = parameter(rulebook.statement_workdays, "个工作日")
    yield f"情况说明工作日：拟扣分后，单位有{days}说明情况{_by_whom(rulebook, 'statement_workdays')}"
    yield f"申诉答复工作日：{_appeals(rulebook)}{_by_whom(rulebook, 'appeal_workdays')}"
    kept = f"撤回后{rulebook.keep_first_days}日内重报，仍按第一次报送的时间计"
    yield f"撤回保留日：{kept}{_by_whom(rulebook, 'keep_first_days')}"
    yield f"更正须双人：{_corrections(rulebook)}{_by_whom(rulebook, 'reversal_by_two')}"
    hours = "、".join(f"{spoken(window.start)}至{spoken(window.end)}" for window in rulebook.office_hours)
    yield f"办公时间：工作日{hours}，此外不主动发消息{_by_whom(rulebook, 'office_hours')}"
    burden = rulebook.burden
    caps = f"填报人每月最多{burden.clerk_a_month}次（催报不在此限），领导每日最多{burden.leader_a_day}次"
    yield f"减负上限：系统主动联系，每名{caps}{_by_whom(rulebook, 'burden')}"
    yield from rest(burden, ("clerk_a_month", "leader_a_day"))


def _appeals(rulebook: Rulebook) -> str:
    if not rulebook.appeal_workdays.is_set:
        return "未设定，由考核办逐件确定答复期限"
    return f"对一条记分的申诉，考核办在{parameter(rulebook.appeal_workdays, '个工作日')}内答复"


def matters(rulebook: Rulebook) -> Iterator[str]:
    """The classes that matters are put into, and the ladder that they climb."""
    if rulebook.matter_classes:
        yield f"事项类别：{spoken(rulebook.matter_classes)}"
    if rulebook.matter_ladder is not None:
        yield f"事项阶梯：逾期未办结的，按“{rulebook.matter_ladder}”办理"


def unsettled(rulebook: Rulebook) -> Iterator[str]:
    """What is unset, with what waits for it, and what is a stand-in, with its reason; like ones together."""
    unset, assumed = unset_parameters(rulebook), stand_ins(rulebook)
    yield f"未设定{len(unset)}项，须由考核办设定：" if unset else "没有未设定的项。"
    waiting = _grouped((found.path, found.blocked) for found in unset)
    for (key, blocked), names in waiting.items():
        yield indented(f"{key}（{len(names)}项）：{'、'.join(names)}")
        yield indented(indented(f"影响：{blocked}"))
    yield f"代入值◇{len(assumed)}项，只能试运行，据此得出的结果都标◇：" if assumed else "没有代入值。"
    replaced = _grouped((found.path, f"{found.value}\n{found.reason.strip()}") for found in assumed)
    for (key, value_and_reason), names in replaced.items():
        value, _, reason = value_and_reason.partition("\n")
        yield indented(f"{key}代入{value}（{len(names)}项）：{'、'.join(names)}")
        yield indented(indented(f"理由：{reason}"))


def _grouped(found: Iterator[tuple[str, str]]) -> Mapping[tuple[str, str], list[str]]:
    """Paths by their kind and key and by what is said of them: 指标 › 基本分 of 甲、乙、丙."""
    groups: dict[tuple[str, str], list[str]] = {}
    for path, said in found:
        kind, *names, key = ("本办法", *path.split(_STEP)) if _STEP not in path else path.split(_STEP)
        name = " ".join(wide(each) for each in names if each not in _BETWEEN)
        groups.setdefault((f"{kind}{_STEP}{key}", said), []).append(name or kind)
    return groups


def _corrections(rulebook: Rulebook) -> str:
    limit = rulebook.reversal_by_two
    if limit is None:
        return "不须另一人同意"
    if limit == 0:
        return "更正分一律须考核办另一人同意"
    return f"{number(limit)}分（含）以上的更正分须考核办另一人同意"


def _by_whom(part: Part, field: str) -> str:
    return "〔办法选定〕" if field in part.model_fields_set else "〔办法未写，按系统默认〕"
