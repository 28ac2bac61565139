"""Figures as clerks type them, read to the last digit or refused with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.numerals import Quantity, Unclear, UnitFault, UnitProblem, Unreadable, in_unit, read_quantity
from assessment.units_of_measure import unit_of_measure

FAST = settings(max_examples=150, deadline=None)


def value_of(written: str, unit: str, *, change_rate: bool = False) -> Decimal | UnitProblem:
    quantity = read_quantity(written, units=[unit])
    assert isinstance(quantity, Quantity), quantity
    return in_unit(quantity, unit, change_rate=change_rate)


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("4.2亿美元", "亿美元", "4.2"),
        ("4亿2千万", "亿美元", "4.2"),
        ("四亿二千万美元", "亿美元", "4.2"),
        ("42000万美元", "亿美元", "4.2"),
        ("4.2亿", "亿美元", "4.2"),
        ("4.2", "亿美元", "4.2"),
        ("85", "万元/亩", "85"),
        ("85万", "万元/亩", "85"),
        ("85万元", "万元/亩", "85"),
        ("85万元/亩", "万元/亩", "85"),
        ("85万/亩", "万元/亩", "85"),
        ("850000元/亩", "万元/亩", "85"),
        ("85万", "元", "850000"),
        ("1,234.5万元", "万元", "1234.5"),
        ("１，２３４．５万元", "万元", "1234.5"),
        ("0.5亿", "万元", "5000"),
        ("3千万", "万元", "3000"),
        ("1.2百万元", "万元", "120"),
        ("百分之八十五", "%", "85"),
        ("百分之八十五点五", "%", "85.5"),
        ("百分之百", "%", "100"),
        ("百分之一百零二点五", "%", "102.5"),
        ("百分之85.5", "%", "85.5"),
        ("85％", "%", "85"),
        ("85 %", "%", "85"),
        ("八成五", "%", "85"),
        ("八成", "%", "80"),
        ("千分之三", "‰", "3"),
        ("千分之三", "%", "0.3"),
        ("1.5‰", "%", "0.15"),
        ("负百分之二", "%", "-2"),
        ("-2%", "%", "-2"),
        ("−2%", "%", "-2"),
        ("1.06吨标准煤/万元", "吨标准煤/万元", "1.06"),
        ("1.06吨标煤/万元", "吨标准煤/万元", "1.06"),
        ("1.06吨", "吨标准煤/万元", "1.06"),
        ("1.06", "吨标准煤/万元", "1.06"),
        ("0.000106吨标准煤/元", "吨标准煤/万元", "1.06"),
        ("两万五千人", "人", "25000"),
        ("两万五千人", "万人", "2.5"),
        ("两万五", "人", "25000"),
        ("两点五万", "人", "25000"),
        ("两", "户", "2"),
        ("九万十二", "人", "90012"),
        ("两万零五", "人", "20005"),
        ("两万零五百", "人", "20500"),
        ("一千零五十", "户", "1050"),
        ("二百五", "户", "250"),
        ("十五", "件", "15"),
        ("1万2500", "人", "12500"),
        ("5万吨", "万吨", "5"),
        ("12次", "次", "12"),
        ("三点五千万元", "万元", "3500"),
        ("壹佰贰拾万元", "万元", "120"),
        ("下降到0.78", "吨标准煤/万元", "0.78"),
        ("3.8 万元", "万元", "3.8"),
        ("85万元整。", "万元", "85"),
        ("85万元.", "万元", "85"),
        ("8场次", "场次", "8"),
        ("3个标兵户", "个标兵户", "3"),
    ],
)
def test_a_figure_is_read_exactly_in_the_indicators_unit(written: str, unit: str, value: str) -> None:
    assert value_of(written, unit) == Decimal(value)


def test_a_fall_is_negative_only_for_a_rate_of_change() -> None:
    assert value_of("下降2.1%", "%", change_rate=True) == Decimal("-2.1")
    assert value_of("增长14.4%", "%", change_rate=True) == Decimal("14.4")
    assert value_of("增长-2.1%", "%", change_rate=True) == Decimal("-2.1")
    assert value_of("下降2.1%", "%") == UnitProblem(UnitFault.CHANGE_NOT_LEVEL)


@pytest.mark.parametrize(
    ("written", "unit", "fault", "likely"),
    [
        ("85", "%", UnitFault.PERCENT_MISSING, "85"),
        ("五十", "%", UnitFault.PERCENT_MISSING, "50"),
        ("4.2亿美元", "亿元", UnitFault.WRONG_CURRENCY, "4.2"),
        ("4.2亿元", "亿美元", UnitFault.WRONG_CURRENCY, "4.2"),
        ("85%", "万元", UnitFault.WRONG_UNIT, None),
        ("85万元", "%", UnitFault.WRONG_UNIT, None),
        ("85万", "%", UnitFault.WRONG_UNIT, None),
        ("3.8万人", "万元", UnitFault.WRONG_UNIT, None),
        ("12件", "次", UnitFault.WRONG_UNIT, "12"),
        ("85万元/亩", "万元", UnitFault.WRONG_UNIT, "85"),
        ("85万/亩", "万元", UnitFault.WRONG_UNIT, None),
        ("2.5个百分点", "%", UnitFault.WRONG_UNIT, "2.5"),
        ("0.0000000001元", "万元", UnitFault.TOO_MANY_DIGITS, None),
    ],
)
def test_a_figure_in_another_unit_is_a_problem_with_its_likely_meaning(
    written: str, unit: str, fault: UnitFault, likely: str | None
) -> None:
    assert value_of(written, unit) == UnitProblem(fault, None if likely is None else Decimal(likely))


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("6.5-7.0%", Unclear.RANGE),
        ("6.5%～7%", Unclear.RANGE),
        ("六点五到七", Unclear.RANGE),
        ("80至85万元", Unclear.RANGE),
        ("差不多", Unclear.VAGUE),
        ("差不多了", Unclear.VAGUE),
        ("约85万", Unclear.VAGUE),
        ("近85万元", Unclear.VAGUE),
        ("~85万", Unclear.VAGUE),
        ("85万元左右", Unclear.VAGUE),
        ("85万元以上", Unclear.VAGUE),
        ("85%?", Unclear.VAGUE),
        ("一百多家", Unclear.VAGUE),
        ("85余万元", Unclear.VAGUE),
        ("几十万", Unclear.VAGUE),
        ("九成多", Unclear.VAGUE),
        ("一半", Unclear.VAGUE),
        ("85苹果", Unclear.UNKNOWN_UNIT),
        ("85w", Unclear.UNKNOWN_UNIT),
        ("26%,25%", Unclear.SEVERAL_READINGS),
        ("85万预测155", Unclear.SEVERAL_READINGS),
        ("八成三户", Unclear.SEVERAL_READINGS),
        ("—2.1%", Unclear.SEVERAL_READINGS),
        ("下降-2.1%", Unclear.SEVERAL_READINGS),
        ("85万已完成", Unclear.UNKNOWN_UNIT),
        ("8.5.3", Unclear.NOT_A_NUMBER),
        ("1万50", Unclear.NOT_A_NUMBER),
        ("三五个", Unclear.NOT_A_NUMBER),
        ("4.2点三", Unclear.NOT_A_NUMBER),
        ("4.2百五", Unclear.NOT_A_NUMBER),
        ("一百两", Unclear.NOT_A_NUMBER),
        ("5十万", Unclear.NOT_A_NUMBER),
        ("二〇一〇", Unclear.NOT_A_NUMBER),
        ("3½", Unclear.NOT_A_NUMBER),
        ("10⁴", Unclear.NOT_A_NUMBER),
        ("1e5", Unclear.NOT_A_NUMBER),
        (".5%", Unclear.NOT_A_NUMBER),
        ("①", Unclear.NOT_A_NUMBER),
        ("很好", Unclear.NOT_A_NUMBER),
        ("", Unclear.NOT_A_NUMBER),
        ("1" * 4000, Unclear.NOT_A_NUMBER),
        ("一" * 4000, Unclear.NOT_A_NUMBER),
        ("0.00000000001", Unclear.NOT_A_NUMBER),
    ],
)
def test_what_cannot_be_read_exactly_is_refused_with_the_reason(written: str, reason: Unclear) -> None:
    found = read_quantity(written)
    assert isinstance(found, Unreadable)
    assert found.reason is reason


def test_a_full_width_comma_parts_two_figures_and_a_thousands_separator_does_not() -> None:
    assert isinstance(read_quantity("85，155"), Unreadable)
    assert value_of("85,155", "元") == Decimal(85155)
    assert isinstance(read_quantity("1,23"), Unreadable)
    assert isinstance(read_quantity("1,234,56"), Unreadable)


def test_a_compound_unit_is_taken_apart() -> None:
    unit = unit_of_measure("吨标准煤/万元")
    assert (unit.base, unit.power, unit.per, unit.per_power) == ("吨标准煤", 0, "元", 4)
    assert unit_of_measure("千瓦时").power == 3
    assert unit_of_measure("度") == unit_of_measure("千瓦时")
    assert unit_of_measure("个百分点").base == "百分点"


FIGURES = st.decimals(min_value=0, max_value=10**11, places=4, allow_nan=False)
WHOLE = st.integers(min_value=0, max_value=10**12 - 1)
FULL_WIDTH = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def in_chinese(number: int) -> str:
    """An independent writer of Chinese numerals, to be read back."""
    if number == 0:
        return "零"
    parts = []
    for power, word in ((8, "亿"), (4, "万"), (0, "")):
        section, number = divmod(number, 10**power)
        if section == 0:
            continue
        zero = "零" if parts and section < 1000 else ""
        digits = ""
        for place, small in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, section = divmod(section, place)
            if digit:
                digits += "零一二三四五六七八九"[digit] + small
            elif digits and section and not digits.endswith("零"):
                digits += "零"
        parts.append(zero + digits + word)
    return "".join(parts)


@FAST
@given(FIGURES)
def test_however_a_figure_is_printed_it_reads_back_exactly(value: Decimal) -> None:
    plain = f"{value:f}"
    for written in (plain, plain.translate(FULL_WIDTH), f"{value:,f}", f"{value:,f}".translate(FULL_WIDTH)):
        assert value_of(f"{written}万元", "万元") == value
        assert value_of(written, "万元") == value
        assert value_of(f"{written}%", "%") == value
        assert value_of(f"{written}‰", "‰") == value
        assert value_of(f"{written}万", "元") == value * 10**4


@FAST
@given(WHOLE)
def test_chinese_numerals_read_back_exactly(value: int) -> None:
    written = in_chinese(value)
    assert value_of(written, "元") == value
    assert value_of(f"{written}元", "元") == value
    assert value_of(f"百分之{written}", "%") == value
    if value % 10:
        assert value_of(f"{written}点零五元", "元") == Decimal(f"{value}.05")


@FAST
@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    found = read_quantity(text)
    assert isinstance(found, Quantity | Unreadable)
    if isinstance(found, Quantity):
        for unit in ("万元/亩", "%", "人", "吨标准煤/万元", ""):
            in_unit(found, unit)


NUMBER_WORDS = ["4.2", "百分之", "下降", *"180.,万亿千百十五两零点%元/亩成约-至多几 "]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(NUMBER_WORDS), max_size=10).map("".join))
def test_no_heap_of_number_words_raises_or_reads_more_than_is_there(text: str) -> None:
    found = read_quantity(text)
    if isinstance(found, Quantity):
        assert found.value.is_finite()
        assert any(sign in "1804五两零十" for sign in text) or "百分之百" in text
