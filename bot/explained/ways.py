"""The ways in which an indicator earns points, one sentence each."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum

from assessment.parameter import Parameter, Part
from assessment.rulebook import Range
from assessment.scoring_ways import (
    Block,
    Blocks,
    Choice,
    CountMin,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    Growth,
    Judged,
    OneOf,
    Panel,
    RatedPlus,
    Rater,
    RatioOfTarget,
    SubCount,
    Threshold,
    TimeLimit,
    VerifiedSum,
    Way,
)
from bot.cards.figures import number
from bot.cards.phrases import wide
from bot.explained.values import UNSET, between, parameter, points, rest, spoken
from bot.explained.words import explained

_PLACE = re.compile(r"{(\w+)}")
_SAID: Mapping[type[Part], Mapping[str, str]] = {
    CountMin: {
        "at_least": "全年至少{figure}次",
        "parts": "其中{parts}",
        "monthly": "每个月都须有，不得以别月补足",
        "full": "全部达到的{result}",
        "each_missing": "每缺一次{change}",
    },
    SubCount: {"at_least": "至少{figure}次"},
    Threshold: {"standard": "标准{figure}（含）", "reached": "达到的{result}", "missed": "未达到的{result}"},
    RatioOfTarget: {"target": "目标{figure}", "full": "完成目标的{result}", "most": "超额的最高{result}"},
    RatedPlus: {
        "standard": "标准{figure}",
        "rated": "达到的{result}",
        "each_more": "每超出一个单位{change}",
        "most_more": "附加分最多{points}",
    },
    OneOf: {"choices": "只能选一档：{parts}"},
    Choice: {"points": "{change}"},
    DeductOnly: {"each": "每发生一次{change}", "lowest": "最多{change}"},
    DeductFromFull: {"full": "满分{points}", "each": "每发生一次{change}，扣完为止"},
    FullIfNoTask: {"full": "没有任务或全部办好的{result}", "each": "每件未按要求办理的{change}，扣完为止"},
    Discretion: {"span": "幅度：{range}"},
    TimeLimit: {
        "by": "期限{figure}24:00",
        "in_time": "按时的{result}",
        "late": "逾期的{result}",
        "each_day": "每逾期一日再{change}",
    },
    Judged: {"full": "最高{points}", "levels": "等级只有：{parts}"},
    Panel: {"full": "评议满分{points}", "raters": "评议方：{parts}"},
    Rater: {"weight": "权重{figure}"},
    Growth: {"by": "比{figure}", "target": "目标{figure}", "full": "达到目标的{result}，不足的按比例"},
    VerifiedSum: {"target": "目标{figure}", "full": "达到目标的{result}，不足的按比例"},
    Blocks: {"full": "各块满分{points}", "blocks": "分块：{parts}"},
    Block: {"weight": "权重{figure}"},
}
"""What each field is in the sentence: {points} 5分, {result} 得5分, {change} 加5分; {figure} is read as it stands."""


def way(of: Way) -> str:
    """倒扣（只扣不加）；每发生一次扣2分。 What the file leaves out is left out here."""
    named = f"{of.way}（{type(of).model_fields['way'].description}）"
    return "；".join((named, *_written(of, ("way",))))


def _written(part: Part, told: tuple[str, ...]) -> Iterator[str]:
    sayings = _SAID.get(type(part), {})
    for name, saying in sayings.items():
        value = getattr(part, name)
        if name in part.model_fields_set and value not in (False, ()):
            yield _PLACE.sub(lambda place, value=value: _in_form(value, place[1]), saying)  # type: ignore[misc]
    yield from rest(part, (*told, *sayings))


def _in_form(value: object, form: str) -> str:
    match value:
        case Range():
            return between(value.lowest, value.highest)
        case Parameter() if form == "figure":
            return parameter(value)
        case Parameter():
            return _worth(value, form)
        case tuple():
            return "、".join(f"{wide(part.name)}{'，'.join(_written(part, ('name',)))}" for part in value)
        case StrEnum():
            return explained(value)
        case _:
            return spoken(value)


def _worth(worth: Parameter[Decimal], form: str) -> str:
    value = worth.value
    if value is None:
        return UNSET if form == "points" else f"分值{UNSET}"
    reason = f"（代入：{worth.stand_in.strip()}）" if worth.stand_in else ""
    if form == "change":
        return f"{points(value)}{worth.mark}{reason}"
    sign = "扣" if value < 0 else "得" if form == "result" else ""
    return f"{sign}{number(abs(value))}分{worth.mark}{reason}"
