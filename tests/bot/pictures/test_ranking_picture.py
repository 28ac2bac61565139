"""What the picture of 排名 says."""

from dataclasses import replace
from decimal import Decimal

from assessment.ranking import ranked
from bot.pictures import palette
from bot.pictures.ranking import RankingPicture, RankingRow, draw_ranking
from tests.bot.pictures.boxes import Read, read

TOTALS = {1: Decimal("82.5"), 2: Decimal(80), 3: Decimal(80), 4: Decimal(77)}
RANKING = RankingPicture(
    title="2010年8月得分排名",
    peers="县直部门",
    as_of="2010年8月31日24:00",
    kind="暂计",
    rows=(
        RankingRow("丁局", None, None, "未设定"),
        RankingRow("戊局", None, Decimal("76"), "暂估"),
        *(RankingRow(f"第{each.holder}局", each.place, each.total, own=each.holder == 3) for each in ranked(TOTALS)),
    ),
    base=Decimal(80),
)


def bars(picture: Read, colour: str) -> list[tuple[int, int]]:
    return [
        (int(mark.attrib["x"]), int(mark.attrib["width"]))
        for mark in picture.marks("rect")
        if mark.attrib["fill"] == colour and mark.attrib["height"] == "26"
    ]


def test_equals_share_a_place_and_it_is_said() -> None:
    picture = read(draw_ranking(RANKING))

    assert [said for said in picture.said if said in {"1", "2", "3", "4"}] == ["1", "2", "2", "4"]
    assert picture.saying("并列").said == "横轴自 74 分起；虚线为基础分 80 分；得分相同的名次并列。"


def test_totals_stand_below_each_other() -> None:
    picture = read(draw_ranking(RANKING))
    totals = [words for words in picture.words if words.said in {"82.5", "80.0", "77.0"}]

    assert [words.said for words in totals] == ["82.5", "80.0", "80.0", "77.0"]
    assert len({words.right for words in totals}) == 1


def test_whoever_has_no_total_stands_at_the_end_with_a_word_and_without_a_bar() -> None:
    picture = read(draw_ranking(RANKING))
    heights = {name: picture.saying(name).top for name in ("第4局", "丁局", "戊局")}

    assert heights["第4局"] < min(heights["丁局"], heights["戊局"])
    assert {"未设定", "暂估 76.0"} <= set(picture.said)
    assert "0" not in picture.said
    assert len(bars(picture, palette.BLUE)) + len(bars(picture, palette.NAVY)) == len(TOTALS)
    assert "未设定分值或得分为暂估的单位，不排名次，列于最后。" in picture.said


def test_the_own_unit_has_a_frame_and_the_word() -> None:
    picture = read(draw_ranking(RANKING))
    frames = [mark for mark in picture.marks("rect") if mark.attrib["stroke"] == palette.NAVY]

    assert len(frames) == 1
    top = int(frames[0].attrib["y"])
    for said in ("第3局", "本单位"):
        words = picture.saying(said)
        assert top < words.top < words.bottom < top + int(frames[0].attrib["height"])


def test_a_minus_goes_to_the_other_side_of_zero() -> None:
    rows = tuple(
        RankingRow(f"第{each.holder}局", each.place, each.total) for each in ranked({1: Decimal(4), 2: Decimal(-2)})
    )
    (right, above), (left, below) = bars(read(draw_ranking(replace(RANKING, rows=rows, base=None))), palette.BLUE)

    assert left + below == right
    assert above == 2 * below


def test_totals_that_differ_little_are_still_told_apart() -> None:
    """89.995 is not 90 (A16)."""
    rows = tuple(
        RankingRow(f"第{each.holder}局", each.place, each.total)
        for each in ranked({1: Decimal(90), 2: Decimal("89.995")})
    )

    assert {"90.000", "89.995"} <= set(read(draw_ranking(replace(RANKING, rows=rows))).said)


def test_twenty_units_take_about_1116_pixels_and_forty_simply_more() -> None:
    rows = tuple(RankingRow(f"第{number}局", number, Decimal(100 - number)) for number in range(1, 41))
    twenty, forty = (read(draw_ranking(replace(RANKING, rows=rows[:count]))) for count in (20, 40))

    assert twenty.root.attrib["width"] == forty.root.attrib["width"] == "1000"
    assert 1060 <= int(twenty.root.attrib["height"]) <= 1170
    assert min(words.size for words in forty.words) >= 24
    assert not forty.collisions()


def test_nobody_placed_yet() -> None:
    picture = read(draw_ranking(replace(RANKING, rows=RANKING.rows[:1])))

    assert {"丁局", "未设定"} <= set(picture.said)
    assert not bars(picture, palette.BLUE)
