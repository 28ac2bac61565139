"""The indicators of a measure in words: what is measured, what is asked for, and what it earns."""

from collections.abc import Iterator

from assessment.parameter import Parameter
from assessment.rulebook import Cohort, Curve, Indicator, Rulebook, Split
from bot.cards.phrases import wide
from bot.explained.layout import indented
from bot.explained.values import UNSET, identity, parameter, points, rest, spoken
from bot.explained.ways import way
from bot.explained.words import explained

_STEP = " › "
_TOLD_OF_SPLITS = ("unit", "base", "full")
_TOLD_OF_COHORTS = ("name", "base", "full")
_TOLD_OF_INDICATORS = (
    "id",
    "name",
    "aliases",
    "unit",
    "measure",
    "direction",
    "change_rate",
    "base",
    "full",
    "base_points",
    "full_points",
    "curve",
    "below_base",
    "forecast",
    "cohorts",
    "way",
    "category",
    "headings",
    "own_target",
    "assigned_target",
    "split",
    "dual_split",
    "co_owners",
    "published_by",
    "owners",
    "cite",
    "note",
)


def indicators(rulebook: Rulebook) -> Iterator[str]:
    """Every indicator in the order of the file."""
    for indicator in rulebook.indicators:
        yield f"{wide(indicator.name)}（{indicator.unit}）{identity(indicator.id)}"
        yield from map(indented, _indicator(indicator, rulebook))


def _indicator(indicator: Indicator, rulebook: Rulebook) -> Iterator[str]:
    yield f"{'；'.join(_kind(indicator))}。"
    if indicator.headings:
        yield f"归属：{_STEP.join(map(wide, indicator.headings))}。"
    if indicator.way is not None:
        yield f"计分：{way(indicator.way)}。"
    if indicator.way is None or indicator.model_fields_set & {"base", "full"} or indicator.cohorts:
        yield f"{'；'.join(_targets(indicator))}。"
    if indicator.model_fields_set & {"own_target", "assigned_target"}:
        yield f"{'；'.join(_two_targets(indicator, rulebook))}。"
    if indicator.way is None or indicator.model_fields_set & {"base_points", "full_points", "curve", "below_base"}:
        yield f"{'；'.join(_points(indicator))}。"
    if indicator.category is not None:
        yield f"得分计入大类“{wide(indicator.category)}”。"
    for key, split in (("分解", indicator.split), ("双向分解，不与分解相加", indicator.dual_split)):
        if split:
            yield f"{key}：{'；'.join(_share(each, indicator.unit) for each in split)}。"
    yield f"承担单位：{_owners(indicator)}。"
    if indicator.co_owners:
        yield f"配合单位：{spoken(indicator.co_owners)}，不报数。"
    if indicator.published_by is not None:
        yield f"{wide(indicator.published_by)}另报这项数，不一致的由考核办采用其一。"
    if indicator.aliases:
        yield f"报送时也可写作：{spoken(indicator.aliases)}"
    yield from rest(indicator, _TOLD_OF_INDICATORS)
    yield f"依据：{spoken(indicator.cite)}"
    if indicator.note is not None:
        yield f"原文：{indicator.note}"


def _kind(indicator: Indicator) -> Iterator[str]:
    yield explained(indicator.measure)
    yield explained(indicator.direction)
    if indicator.change_rate:
        yield "变化率，“下降”读作负数"
    yield "须报全年预测" if indicator.forecast and not indicator.cohorts else "不报全年预测"


def _targets(indicator: Indicator) -> Iterator[str]:
    for cohort in indicator.cohorts:
        yield f"{wide(cohort.name)}：{'，'.join(_pair(cohort, indicator.unit))}"
    written = {"base", "full"} & indicator.model_fields_set
    if written or not indicator.cohorts:
        yield "，".join(_pair(indicator, indicator.unit))


def _pair(of: Indicator | Cohort, unit: str) -> Iterator[str]:
    yield f"基本任务{parameter(of.base, unit)}"
    yield f"满分目标{parameter(of.full, unit)}"
    if isinstance(of, Cohort):
        yield from rest(of, _TOLD_OF_COHORTS)


def _two_targets(indicator: Indicator, rulebook: Rulebook) -> Iterator[str]:
    yield f"自定任务{parameter(indicator.own_target, indicator.unit)}"
    yield f"下达任务{parameter(indicator.assigned_target, indicator.unit)}"
    yield f"两者不同时，{explained(rulebook.readings.both_targets)}"


def _share(split: Split, unit: str) -> str:
    full = [f"满分目标{parameter(split.full, unit)}"] if "full" in split.model_fields_set else []
    return "，".join((f"{wide(split.unit)}{parameter(split.base, unit)}", *full, *rest(split, _TOLD_OF_SPLITS)))


def _points(indicator: Indicator) -> Iterator[str]:
    yield f"基本分{parameter(indicator.base_points, '分')}"
    yield f"满分{parameter(indicator.full_points, '分')}"
    yield f"曲线：{_curve(indicator.curve)}"
    if "below_base" in indicator.model_fields_set:
        below = indicator.below_base
        reason = f"（代入：{below.stand_in.strip()}）" if below.stand_in else ""
        yield f"低于基本任务的{points(below.value) if below.value is not None else f'分值{UNSET}'}{below.mark}{reason}"


def _curve(curve: Parameter[Curve]) -> str:
    if curve.value is None:
        return UNSET
    reason = f"（代入：{curve.stand_in.strip()}）" if curve.stand_in else ""
    return f"{explained(curve.value)}{curve.mark}{reason}"


def _owners(indicator: Indicator) -> str:
    """The first leads and reports the figure."""
    first, *others = map(wide, indicator.owners)
    return "、".join([f"{first}（牵头，由其报数）", *others]) if others else first
