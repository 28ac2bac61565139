"""What is asked back about a report: which item, what was read, why it is doubtful, and what to type."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal

from assessment.notices.reporting import DoubtLine
from assessment.report_reading import DoubtReason
from assessment.submission import Figure
from bot.cards.figures import amount
from bot.cards.phrases import listed, said, wide

_NAME_FIRST = frozenset({DoubtReason.NAME_UNCLEAR, DoubtReason.NO_INDICATOR, DoubtReason.COHORT_MISSING})
"""Questions about which indicator or cohort is meant: no figure answers them, so a plain 确认 does not either."""


_PLAIN_FIGURE = re.compile(r"[-−]?[0-9][0-9.,]*[%‰/\u4e00-\u9fff]{0,8}")
"""Short enough, and of such signs, that it cannot pass for anything else: it needs no quotation marks."""


def settled_by_confirming(doubts: Sequence[DoubtLine]) -> tuple[int, ...]:
    """Numbers of the items that a plain 确认 stores: each of their doubts has a value to take."""
    open_ones = {doubt.number for doubt in doubts if not _has_a_value(doubt)}
    return tuple(sorted({doubt.number for doubt in doubts} - open_ones))


def doubt_line(doubt: DoubtLine) -> str:
    """One question, with the words that answer it."""
    about = wide(doubt.name) or said(doubt.written)
    return f"{doubt.number}. {about}：{_asked(doubt)}{_answers(doubt)}。"


def which_confirming_settles(doubts: Sequence[DoubtLine]) -> Iterable[str]:
    """Said where a plain 确认 settles some questions and not the others."""
    settled = settled_by_confirming(doubts)
    rest = sorted({doubt.number for doubt in doubts} - set(settled))
    if settled and rest:
        yield f"回“确认”只收第{_numbers(settled)}项；第{_numbers(rest)}项请照上面的写法答复。"


def _numbers(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))


def _asked(doubt: DoubtLine) -> str:
    """Why it is asked, as a clause without an end."""
    return _REASONS.get(doubt.reason, _unreadable)(doubt)


def _answers(doubt: DoubtLine) -> str:
    """The likely meaning or an appeal to check, and what to type."""
    if doubt.reason == DoubtReason.COHORT_MISSING and doubt.candidates:
        example = f"{doubt.name}{doubt.candidates[0]} ××{doubt.unit}"
        return f"，请写明后重新发送，如“{wide(example)}”"
    if doubt.reason in _NAME_FIRST:
        return "，请写明指标名称和数值，重新发送"
    figure = f"{doubt.figure} " if doubt.figure else ""
    correction = f"“改 {doubt.number} {figure}××{doubt.unit}”"
    if doubt.reason == DoubtReason.WHOSE_CHANGE and doubt.read is not None:
        return f"？是该项的回“确认”，更正回{correction}，不是的不必答复"
    if doubt.likely is not None:
        return f"，是否为{_meant(doubt, doubt.likely)}？是则回“确认”，更正回{correction}"
    if doubt.read is not None:
        return f"，请核。属实回“确认”，更正回{correction}"
    return f"，请回复{correction}"


def _meant(doubt: DoubtLine, value: Decimal) -> str:
    """The figure is named where the question is which of the two it is."""
    unclear = doubt.reason == DoubtReason.FIGURE_UNCLEAR
    return f"{doubt.figure if unclear else ''}{amount(value, doubt.unit)}"


def _has_a_value(doubt: DoubtLine) -> bool:
    return doubt.reason not in _NAME_FIRST and (doubt.likely is not None or doubt.read is not None)


def _written(doubt: DoubtLine) -> str:
    """What the person wrote, or at least what was read of it; a forecast is called one."""
    which = doubt.figure if doubt.figure == Figure.FORECAST and doubt.reason != DoubtReason.FIGURE_UNCLEAR else ""
    if doubt.written:
        return which + (doubt.written if _PLAIN_FIGURE.fullmatch(doubt.written) else said(doubt.written))
    return which + (amount(doubt.read, doubt.unit) if doubt.read is not None else "此项")


def _against(doubt: DoubtLine, relation: str, otherwise: str) -> str:
    if doubt.read is None or doubt.limit is None:
        return otherwise
    return f"{doubt.figure}{amount(doubt.read, doubt.unit)}{relation}{amount(doubt.limit, doubt.unit)}"


def _unreadable(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，未能识别为确切数值"


def _several_readings(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，可作两种理解"


def _vague(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，不是确切数"


def _range(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，是一个区间，须报一个确切数"


def _unknown_unit(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，单位无法识别，该指标以{doubt.unit}计"


def _percent_missing(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，未带百分号"


def _wrong_unit(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，与该指标的单位（{doubt.unit}）不符"


def _wrong_currency(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，该指标以{doubt.unit}计，币种不符"


def _too_many_digits(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，位数过多"


def _not_the_figure(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，是对比数、目标数或增减数，不是本期数值"


def _magnitude(doubt: DoubtLine) -> str:
    target = f"，目标值为{amount(doubt.limit, doubt.unit)}" if doubt.limit is not None else ""
    return f"您报{_written(doubt)}{target}，相差较大"


def _above_hundred(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，超过百分之百"


def _negative(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，是负数"


def _forecast_below_actual(doubt: DoubtLine) -> str:
    return _against(doubt, "低于已完成", "全年预测低于已完成数")


def _below_previous(doubt: DoubtLine) -> str:
    return _against(doubt, "低于上期累计", "累计数低于上期")


def _two_values(doubt: DoubtLine) -> str:
    values = "、".join(map(said, doubt.candidates)) or said(doubt.written)
    return f"{doubt.figure}数前后不一致（{values}）"


def _figure_unclear(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，未写明是完成还是预测"


def _cohort_missing(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，未写明是哪一组（{listed(doubt.candidates)}）"


def _other_period(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，似为其他报告期的数"


def _words_between(doubt: DoubtLine) -> str:
    return f"您报{_written(doubt)}，其间有未能识别的文字"


def _name_unclear(doubt: DoubtLine) -> str:
    return f"该名称可指{listed(doubt.candidates)}" if doubt.candidates else "该名称可指几项指标"


def _no_indicator(doubt: DoubtLine) -> str:
    return "未写明是哪项指标" + (f"，可能是{listed(doubt.candidates)}" if doubt.candidates else "")


def _whose_change(doubt: DoubtLine) -> str:
    value = f"完成{amount(doubt.read, doubt.unit)}" if doubt.read is not None else "完成数"
    return f"您写{_written(doubt)}，是该项{value}，还是所报其他指标的增减"


def _nil_and_value(doubt: DoubtLine) -> str:
    return f"既写零报告，又写{_written(doubt)}"


_REASONS: Mapping[str, Callable[[DoubtLine], str]] = {
    DoubtReason.UNREADABLE: _unreadable,
    DoubtReason.SEVERAL_READINGS: _several_readings,
    DoubtReason.VAGUE: _vague,
    DoubtReason.RANGE: _range,
    DoubtReason.UNKNOWN_UNIT: _unknown_unit,
    DoubtReason.PERCENT_MISSING: _percent_missing,
    DoubtReason.WRONG_UNIT: _wrong_unit,
    DoubtReason.WRONG_CURRENCY: _wrong_currency,
    DoubtReason.TOO_MANY_DIGITS: _too_many_digits,
    DoubtReason.NOT_THE_FIGURE: _not_the_figure,
    DoubtReason.MAGNITUDE: _magnitude,
    DoubtReason.ABOVE_HUNDRED: _above_hundred,
    DoubtReason.NEGATIVE: _negative,
    DoubtReason.FORECAST_BELOW_ACTUAL: _forecast_below_actual,
    DoubtReason.BELOW_PREVIOUS: _below_previous,
    DoubtReason.TWO_VALUES: _two_values,
    DoubtReason.FIGURE_UNCLEAR: _figure_unclear,
    DoubtReason.COHORT_MISSING: _cohort_missing,
    DoubtReason.OTHER_PERIOD: _other_period,
    DoubtReason.WORDS_BETWEEN: _words_between,
    DoubtReason.NAME_UNCLEAR: _name_unclear,
    DoubtReason.NO_INDICATOR: _no_indicator,
    DoubtReason.WHOSE_CHANGE: _whose_change,
    DoubtReason.NIL_AND_VALUE: _nil_and_value,
}
