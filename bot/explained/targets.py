"""The indicators of a measure in words: what is measured, what is asked for, and what it earns."""

from collections.abc import Iterator

from assessment.parameter import Parameter
from assessment.rulebook import Cohort, Curve, Indicator, Rulebook
from bot.cards.phrases import wide
from bot.explained.layout import indented
from bot.explained.values import UNSET, parameter, rest, spoken
from bot.explained.words import explained

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
    "forecast",
    "cohorts",
    "owners",
    "cite",
    "note",
)


def indicators(rulebook: Rulebook) -> Iterator[str]:
    """Every indicator in the order of the file."""
    for indicator in rulebook.indicators:
        yield f"{wide(indicator.name)}（{indicator.unit}）　编号 {indicator.id}"
        yield from map(indented, _indicator(indicator))


def _indicator(indicator: Indicator) -> Iterator[str]:
    yield f"{'；'.join(_kind(indicator))}。"
    yield f"{'；'.join(_targets(indicator))}。"
    yield f"{'；'.join(_points(indicator))}。"
    yield f"承担单位：{_owners(indicator)}。"
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


def _points(indicator: Indicator) -> Iterator[str]:
    yield f"基本分{parameter(indicator.base_points, '分')}"
    yield f"满分{parameter(indicator.full_points, '分')}"
    yield f"曲线：{_curve(indicator.curve)}"


def _curve(curve: Parameter[Curve]) -> str:
    if curve.value is None:
        return UNSET
    reason = f"（代入：{curve.stand_in.strip()}）" if curve.stand_in else ""
    return f"{explained(curve.value)}{curve.mark}{reason}"


def _owners(indicator: Indicator) -> str:
    """The first leads and reports the figure."""
    first, *others = map(wide, indicator.owners)
    return "、".join([f"{first}（牵头，由其报数）", *others]) if others else first
