"""What the picture of 走势 says."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from assessment.indicator import Direction
from bot.pictures import palette
from bot.pictures.page import STAND_IN_NOTE
from bot.pictures.trend import TrendPicture, TrendPoint, draw_trend
from tests.bot.pictures.boxes import Read, read


def months(*actual: str | None, due: int = 12) -> tuple[TrendPoint, ...]:
    return tuple(
        TrendPoint(f"{number}月", None if value is None else Decimal(value), due=number <= due)
        for number, value in enumerate(actual, start=1)
    )


TREND = TrendPicture(
    unit="县经贸局",
    indicator="亩均产值",
    measure="万元/亩",
    direction=Direction.HIGHER,
    as_of="2010年8月31日24:00",
    points=months("20", "40", None, "60", "85"),
    base=Decimal("168.7"),
    full=Decimal("202.44"),
)


def dots(picture: Read, fill: str) -> list[tuple[int, int]]:
    """The marks inside the plot; those of the key stand further left."""
    return [
        (int(mark.attrib["cx"]), int(mark.attrib["cy"]))
        for mark in picture.marks("circle")
        if mark.attrib["fill"] == fill and int(mark.attrib["cy"]) < picture.saying("1月").top
    ]


def lines(picture: Read, colour: str, thick: int) -> list[Sequence[str]]:
    return [
        mark.attrib["points"].split()
        for mark in picture.marks("polyline")
        if mark.attrib["stroke"] == colour and mark.attrib["stroke-width"] == str(thick)
    ]


def test_a_month_without_a_figure_is_a_gap_that_says_so_and_no_zero() -> None:
    picture = read(draw_trend(TREND))

    assert picture.saying("未报").left < picture.saying("3月").right
    assert [len(line) for line in lines(picture, palette.NAVY, 5)] == [2, 2]
    assert len(dots(picture, palette.NAVY)) == 4
    assert max(y for _, y in dots(picture, palette.NAVY)) < picture.saying("3月").top - 40


def test_what_is_not_due_yet_is_not_called_missing() -> None:
    said = read(draw_trend(replace(TREND, points=months("20", "40", None, None, due=2)))).said

    assert "未报" not in said


def test_a_real_zero_is_a_point() -> None:
    picture = read(draw_trend(replace(TREND, points=months("0", "40"))))

    assert "未报" not in "".join(picture.said)
    assert len(dots(picture, palette.NAVY)) == 2


def test_in_a_narrow_column_the_word_stands_below_itself() -> None:
    points = months("1", None, "3", "4", "5", "6", "7", "8", "9", "10", "11", "12")
    picture = read(draw_trend(replace(TREND, points=points)))

    assert picture.saying("未").bottom <= picture.saying("报").top
    assert abs(picture.saying("未").left - picture.saying("报").left) <= 1


def test_both_lines_have_their_names_and_figures() -> None:
    picture = read(draw_trend(TREND))

    assert picture.saying("满分").bottom < picture.saying("202.44").bottom < picture.saying("基本任务").bottom
    assert picture.saying("168.7").fill == palette.AMBER != picture.saying("202.44").fill
    assert {"14 8", "4 6"} <= {mark.attrib["stroke-dasharray"] for mark in picture.marks("polyline")}


def test_a_forecast_is_hollow_and_has_the_word() -> None:
    assert "预测" not in "".join(read(draw_trend(TREND)).said)

    picture = read(
        draw_trend(replace(TREND, points=(*TREND.points, TrendPoint("12月", forecast=Decimal(155), due=False))))
    )

    assert "预测 155" in picture.said
    assert len(dots(picture, palette.PAPER)) == 1


def test_it_says_where_a_cut_axis_starts() -> None:
    picture = read(draw_trend(replace(TREND, points=months("1.12", "1.09"), base=Decimal("1.0"), full=Decimal("0.98"))))

    assert picture.saying("纵轴自").said == "纵轴自 0.9 起。"
    assert "纵轴" not in "".join(read(draw_trend(TREND)).said)


def test_long_figures_are_counted_in_larger_units() -> None:
    points = months("380000000", "420000000")
    picture = read(draw_trend(replace(TREND, measure="美元", points=points, base=Decimal(500000000), full=None)))

    assert "单位：亿美元" in picture.saying("单位").said
    assert {"3.8", "4.2"} <= set(picture.said)
    assert "单位：万元" in read(draw_trend(replace(TREND, measure="万元", points=points))).saying("单位").said


def test_small_figures_are_not_rounded_to_zero() -> None:
    assert "0.000012" in read(draw_trend(replace(TREND, points=months("0.000012"), base=None, full=None))).said


def test_stand_ins_are_marked_and_what_is_unset_is_said() -> None:
    picture = read(draw_trend(replace(TREND, full_stand_in=True)))

    assert {"202.44◇", STAND_IN_NOTE} <= set(picture.said)
    assert "基本任务未设定。" in read(draw_trend(replace(TREND, base=None))).said


def test_it_is_read_on_a_phone() -> None:
    """14 pixels at 390 wide; only the trial mark, which is a frame of its own, may be smaller."""
    assert min(words.size for words in read(draw_trend(TREND)).words) * 390 / 1000 >= 14


def test_of_a_long_course_the_latest_twelve_are_shown() -> None:
    points = tuple(TrendPoint(f"{year}年", Decimal(year)) for year in range(1990, 2010))
    picture = read(draw_trend(replace(TREND, points=points, base=None, full=None)))
    marks = [mark for mark in picture.marks("circle") if mark.attrib["stroke-width"] == "0"]

    assert len(marks) == 12
    assert "2009年" in picture.said


def test_nothing_reported_yet() -> None:
    picture = read(draw_trend(replace(TREND, points=months(None, None), base=None, full=None)))

    assert {"尚无数据。", "基本任务未设定。"} <= set(picture.said)
    assert "0" not in picture.said
