"""Whatever is typed: nothing raises, nothing is certain without a figure, and what is certain reads back the same."""

from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment.periods import Period
from assessment.report_text import ReportReading, is_report_like, read_report
from assessment.rulebook import Indicator, TextPart
from assessment.submission import Answer, Figure, Slot

LONGEST_QUOTE = 110
JULY = Period.parse("2010-07")
INDICATORS = {
    name: Indicator.model_validate(
        {"编号": name, "名称": name, "别名": aliases, "单位": unit, "类型": kind, "承担单位": ["甲局"], "依据": "五"}
        | more
    )
    for name, aliases, unit, kind, more in (
        ("亩均总产值", ["产值"], "万元/亩", "比率", {"满分目标": "202.44"}),
        ("单位能耗", ["能耗"], "吨标准煤/万元", "比率", {"满分目标": "0.7322", "方向": "越小越好"}),
        ("高新占比", [], "%", "比率", {"满分目标": "37.25"}),
        ("出口总额", [], "亿美元", "累计", {"满分目标": "5.03"}),
        ("生产增速", [], "%", "比率", {"变化率": True}),
        ("供地比率", [], "%", "比率", {"分组": [{"名称": "2009年", "满分目标": "60"}, {"名称": "2010年"}]}),
        ("走访次数", [], "次", "累计", {}),
    )
}
OWN = tuple(INDICATORS.values())
OTHERS = (
    Indicator.model_validate(
        {"编号": "o", "名称": "民生支出", "单位": "%", "类型": "比率", "承担单位": ["乙局"], "依据": "五"}
    ),
)
PREVIOUS = Answer({Slot("出口总额", Figure.ACTUAL): Decimal("1.5"), Slot("高新占比", Figure.ACTUAL): Decimal(25)})

PIECES = (
    """
产值|能耗|高新占笔|走访次|民生支出|招商引资|85|3.8|26%|万|亿元|美元|万元/亩|百分之五十|八成五|三|1.5‰|-|—|~|0|次|1,234|．|５
完成|预测|全年|累计|同比|增长|下降|目标|本月|零报告|暂无进展|原因|约|左右|差不多|的|我镇|比|由|到|领导好|😀|abc|^|⁴|½
7月|1-7月|6月|2010年|2009年|上半年|12月底|8月3日|,|，|、|。|:|：|/|1、|2、|①|(1)
存在问题：|下一步|工作进展:|指标：|措施。
""".replace("\n", "|")
    .strip("|")
    .split("|")
)
PIECES += [*INDICATORS, "|", " ", "\n", "\n\n", "\u200b", "\x00"]
DIGITS = "0123456789一二三四五六七八九十百千万亿两零半½⁴①．５"
NO_DIGITS = [piece for piece in PIECES if not set(piece) & set(DIGITS)]
MESSY = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
ANY = st.one_of(st.text(max_size=80), MESSY)
FAST = settings(max_examples=200, deadline=None)


def read(text: str) -> ReportReading:
    return read_report(text, own=OWN, others=OTHERS, period=JULY, cumulative=True, previous=PREVIOUS)


def certain(reading: ReportReading) -> dict[Slot, Decimal]:
    return {slot: value for item in reading.items if item.certain for slot, value in item.values.items()}


def printed(values: dict[Slot, Decimal]) -> str:
    """As a receipt would repeat it."""
    lines = []
    for slot, value in values.items():
        indicator = INDICATORS[slot.indicator]
        lines.append(f"{indicator.name}{slot.cohort or ''}{slot.figure}{value:f}{indicator.unit}")
    return "\n".join(lines)


@FAST
@given(ANY)
@example("一" * 500)
@example("1" * 500)
@example("\ud800能耗1.06")
def test_no_text_raises_and_every_reading_is_well_formed(text: str) -> None:
    reading = read(text)
    is_report_like(text, OWN)
    assert [item.number for item in reading.items] == list(range(1, len(reading.items) + 1))
    for item in reading.items:
        assert item.certain or item.doubts
        assert item.indicator is None or item.indicator in INDICATORS
        for slot, value in item.values.items():
            assert slot.indicator == item.indicator
            assert value.is_finite()
    assert set(reading.parts) <= set(TextPart)


@FAST
@given(MESSY)
def test_what_is_certain_survives_being_printed_and_read_again(text: str) -> None:
    values = certain(read(text))
    assert certain(read(printed(values))) == values


@FAST
@given(st.lists(st.sampled_from(NO_DIGITS), max_size=25).map("".join))
def test_without_a_number_in_the_text_nothing_is_certain(text: str) -> None:
    assert certain(read(text)) == {}


@FAST
@given(MESSY, MESSY)
def test_no_figure_is_silently_ignored(before: str, after: str) -> None:
    """It lies in an item, a written part, a remark, another's indicator or a nil report's reason."""
    reading = read(f"{before} 77.77 {after}")
    kept = [*(item.written for item in reading.items), *(each.written for each in reading.foreign)]
    kept += [*reading.parts.values(), *reading.remarks, *reading.nils.values()]
    assert any("77.77" in each or len(each) >= LONGEST_QUOTE for each in kept)


FIGURES = st.decimals(min_value=Decimal(3), max_value=Decimal(9999), places=2)


@FAST
@given(FIGURES, FIGURES)
def test_a_figure_in_any_writing_lands_in_its_place(actual: Decimal, forecast: Decimal) -> None:
    slot, later = Slot("亩均总产值", Figure.ACTUAL), Slot("亩均总产值", Figure.FORECAST)
    expected = {slot: actual, later: forecast}
    full_width = str.maketrans("0123456789.", "０１２３４５６７８９．")
    for text in (
        f"产值{actual}万预测{forecast}",
        f"亩均总产值完成{actual}万元，全年预测{forecast}万元",
        f"亩均总产值：{actual * 10000:f}元/亩，预测：{forecast * 10000:f}元/亩",
        f"产值{actual}万预测{forecast}".translate(full_width),
        f"领导好！\n产值 {actual:,} 万元\n预计全年达到 {forecast:,} 万元，谢谢",
    ):
        items = read(text).items
        assert len(items) == 1, text
        assert dict(items[0].values) == expected, text
        assert items[0].certain is (forecast >= actual), text


@FAST
@given(FIGURES, st.integers(3, 6))
def test_a_figure_moved_by_many_powers_of_ten_is_never_certain(value: Decimal, powers: int) -> None:
    small = (value / 100).quantize(Decimal("0.01"))
    for moved in (value * 10**powers * 10, small / 10**powers / 10):
        assert certain(read(f"产值{moved:f}")) == {}


@FAST
@given(MESSY, st.sampled_from(sorted(INDICATORS)))
def test_a_unit_reports_only_its_own_indicators(text: str, name: str) -> None:
    """R93: whatever is typed, no item is another unit's indicator."""
    others = [indicator for indicator in OWN if indicator.id != name]
    reading = read_report(text, own=[INDICATORS[name]], others=others, period=JULY, cumulative=True)
    assert all(item.indicator in {name, None} for item in reading.items)
    assert all(each.indicator != name for each in reading.foreign)
