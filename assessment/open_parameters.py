"""What a rulebook still leaves open: unset parameters and what they block, and stand-ins with their reasons."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from assessment.fault import Path
from assessment.rulebook import Cohort, Duty, Indicator, Letter, Parameter, Part, Rulebook, Stage
from assessment.scoring_ways import Block, Choice, Rater
from assessment.year_rules import Weight

_GAP = "离“{}”的差距和折算得分"
_POINTS = "折算得分"
_BLOCKED: Mapping[str, str] = {
    "分值": "这一条的加减分（台账写“未设定”，总分为暂估）",
    "基本任务": _GAP.format("基本任务"),
    "满分目标": _GAP.format("满分目标"),
    "基本分": _POINTS,
    "满分": _POINTS,
    "曲线": _POINTS,
    "截止": "这项任务的布置",
    "情况说明工作日": "未作情况说明时的核定",
    "申诉答复工作日": "申诉的答复期限（由考核办逐件另定）",
    "期限日": "这一后果的期限（办结时由考核办另定）",
    "名额": "按名额取舍",
    "金额": "奖励金额的合计",
    "权重": "合成总分",
    "分组合成": "本项得分（各组得分并列）",
    "至少": "达到与否的判断",
    "标准": "达到与否的判断",
    "得分不低于": "按这一条件评等次",
    "名次在前": "按这一条件评等次",
    "自定任务": "自定任务与下达任务的比较",
    "下达任务": "自定任务与下达任务的比较",
}
_BLOCKED_IN: Mapping[tuple[type[Part], str], str] = {
    (Stage, "截止"): "这一环节的期限（由考核办另定）",
    (Letter, "截止"): "签署的期限（由考核办另定）",
    (Choice, "分值"): "选这一档的得分",
}
"""Where the same key holds up something else in another part."""

_ELSE = "按这一项计分"
_ALWAYS = frozenset({"基本任务", "满分目标", "基本分", "满分", "曲线", "截止", "情况说明工作日", "权重"})
"""What something waits for even where the file does not mention it; else only what is written as `null`."""
_OF_TWO = frozenset({"own_target", "assigned_target"})


@dataclass(frozen=True)
class Unset:
    """A parameter that the office still has to set."""

    path: str
    """By names: 指标 › 名称 › 基本任务."""
    blocked: str
    """What cannot be done until then."""
    at: Path = field(default=(), compare=False)
    """Where it stands in the file."""


@dataclass(frozen=True)
class StandIn:
    """A value that the source text does not give; every result that rests on it is shown with ◇."""

    path: str
    value: str
    reason: str
    at: Path = field(default=(), compare=False)
    """Where it stands in the file."""


def unset_parameters(rulebook: Rulebook) -> tuple[Unset, ...]:
    """Every parameter without a value that something waits for, in the order of the file."""
    return tuple(
        Unset(" › ".join((*names, key)), _blocked(owner, key), (*at, key))
        for names, at, key, owner, parameter in _parameters(rulebook)
        if not parameter.is_set and _is_needed(owner, key)
    )


def stand_ins(rulebook: Rulebook) -> tuple[StandIn, ...]:
    """Every stand-in, in the order of the file."""
    return tuple(
        StandIn(" › ".join((*names, key)), written(parameter.value), parameter.stand_in, (*at, key))
        for names, at, key, _, parameter in _parameters(rulebook)
        if parameter.stand_in is not None
    )


def has_stand_in(part: Part) -> bool:
    """Whether any value of that clause, indicator or other part is a stand-in."""
    return any(parameter.stand_in is not None for *_, parameter in _parameters(part))


_Found = tuple[tuple[str, ...], Path, str, Part, Parameter[object]]
"""Names and path of the part in which it stands, its key, that part, and the parameter itself."""


def _parameters(part: Part, names: tuple[str, ...] = (), at: Path = ()) -> Iterator[_Found]:
    for name, field_info in type(part).model_fields.items():
        value, key = getattr(part, name), field_info.alias or name
        if isinstance(value, Parameter):
            yield names, at, key, part, value
        elif isinstance(value, Part):
            yield from _parameters(value, (*names, key), (*at, key))
        elif isinstance(value, tuple):
            for place, item in enumerate(value):
                if isinstance(item, Part):
                    label = str(getattr(item, "name", None) or getattr(item, "id", place + 1))
                    yield from _parameters(item, (*names, key, label), (*at, key, place))


def _blocked(owner: Part, key: str) -> str:
    return _BLOCKED_IN.get((type(owner), key)) or _BLOCKED.get(key, _ELSE)


def _is_needed(owner: Part, key: str) -> bool:
    if isinstance(owner, Indicator) and owner.way is not None:
        return False  # scored in its own way: what that needs is written there
    if isinstance(owner, Indicator) and owner.cohorts and key in ("基本任务", "满分目标"):
        return False
    if isinstance(owner, Indicator) and key == "基本任务" and _OF_TWO & owner.model_fields_set:
        return False  # one of these two binds, as soon as it is set
    if isinstance(owner, Rulebook | Duty | Indicator | Cohort | Weight | Rater | Block) and key in _ALWAYS:
        return True
    return any(type(owner).model_fields[name].alias == key for name in owner.model_fields_set)


def written(value: object) -> str:
    """The value as it stands in the file."""
    if isinstance(value, Part):
        fields = type(value).model_fields
        return "、".join(f"{fields[name].alias} {item}" for name, item in value if item is not None)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
