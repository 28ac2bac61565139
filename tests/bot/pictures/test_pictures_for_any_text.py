"""Whatever is written in a name or a figure: the SVG is sound, nothing collides, and the bytes are always the same."""

from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment.indicator import Direction
from assessment.scorecard import Status
from bot.pictures import svg
from bot.pictures.lettering import plain
from bot.pictures.ranking import RankingPicture, RankingRow, draw_ranking
from bot.pictures.score import ScoreLine, ScorePicture, draw_score
from bot.pictures.trend import TrendPicture, TrendPoint, draw_trend
from tests.bot.pictures.boxes import read

HOSTILE = (
    "</text><script>alert(1)</script>",
    "&amp;&#0;&x;",
    "\"' onload='x",
    "]]>",
    "\x00\x08\x0b\ufffe\uffff\ud800",
    "县\u202e局政财\u2066",
    "（《“" * 40,
    "）》”" * 40,
    "W" * 300,
    "县住房和城乡建设规划局" * 20,
    "",
)
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(), max_size=60),
    st.text("县财政局（）《》“”，。0123456789abWi ", max_size=80),
)
POINTS = st.decimals(-9999, 9999, places=4)
FIGURES = st.one_of(st.decimals(0, 100, places=2), st.decimals(-(10**9), 10**9, places=4), st.just(Decimal(0)))
MAYBE = st.none() | FIGURES

SCORE_LINES = st.builds(
    ScoreLine,
    name=TEXT,
    cite=TEXT,
    points=st.none() | POINTS,
    status=st.sampled_from(Status),
    number=TEXT,
    day=st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    reason=TEXT,
    stand_in=st.booleans(),
)
SCORES = st.builds(
    ScorePicture,
    account=TEXT,
    programme=TEXT,
    as_of=TEXT,
    base=POINTS,
    confirmed=st.none() | POINTS,
    provisional=st.none() | POINTS,
    lines=st.lists(SCORE_LINES, max_size=20).map(tuple),
    raw=st.none() | POINTS,
    estimated=st.lists(TEXT, max_size=3).map(tuple),
    stand_in=st.booleans(),
    trial=st.booleans(),
)
TRENDS = st.builds(
    TrendPicture,
    unit=TEXT,
    indicator=TEXT,
    measure=TEXT,
    direction=st.sampled_from(Direction),
    as_of=TEXT,
    points=st.lists(
        st.builds(
            TrendPoint,
            label=st.integers(1, 12).map(lambda month: f"{month}月"),
            actual=MAYBE,
            forecast=MAYBE,
            due=st.booleans(),
        ),
        max_size=14,
    ).map(tuple),
    base=MAYBE,
    full=MAYBE,
    base_stand_in=st.booleans(),
    full_stand_in=st.booleans(),
    trial=st.booleans(),
)
ROWS = st.builds(
    RankingRow,
    name=TEXT,
    place=st.none() | st.integers(1, 200),
    total=st.none() | POINTS,
    lacking=st.sampled_from(["", "暂估", "未设定"]),
    own=st.booleans(),
    stand_in=st.booleans(),
)
RANKINGS = st.builds(
    RankingPicture,
    title=TEXT,
    peers=TEXT,
    as_of=TEXT,
    kind=TEXT,
    rows=st.lists(ROWS, max_size=30).map(tuple),
    base=st.none() | POINTS,
    trial=st.booleans(),
)
ANSWERS = st.builds(
    lambda scores, left_out: draw_score(*scores, left_out=left_out),
    st.lists(SCORES, min_size=2, max_size=3),
    st.lists(TEXT, max_size=2),
)
PICTURES = st.one_of(SCORES.map(draw_score), ANSWERS, TRENDS.map(draw_trend), RANKINGS.map(draw_ranking))


@settings(max_examples=120, deadline=None)
@given(PICTURES)
def test_it_is_sound_and_no_words_meet(drawn: str) -> None:
    """Read with an XML parser; boxes are those of the builder's own measure."""
    picture = read(drawn)

    assert not picture.collisions()
    assert not picture.outside()
    assert {element.tag.rpartition("}")[2] for element in picture.root.iter()} <= {
        *("svg", "title", "text", "rect", "polyline", "circle")
    }


@settings(max_examples=30, deadline=None)
@given(SCORES, TRENDS, RANKINGS)
def test_the_same_facts_make_the_same_bytes(score: ScorePicture, trend: TrendPicture, ranking: RankingPicture) -> None:
    assert draw_score(score) == draw_score(score)
    assert draw_trend(trend) == draw_trend(trend)
    assert draw_ranking(ranking) == draw_ranking(ranking)


@settings(max_examples=60, deadline=None)
@given(POINTS, POINTS, POINTS)
def test_a_figure_is_never_cut(confirmed: Decimal, provisional: Decimal, points: Decimal) -> None:
    """A unit's name may end in …, a figure may not: 123… is another figure."""
    score = ScorePicture(
        "甲", "乙", "丙", points, confirmed, provisional, (ScoreLine("丁", "戊", points, stand_in=True),)
    )

    assert not [said for said in read(draw_score(score)).said if "…" in said]


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(), max_size=40))
@example("<>&\"'")
@example("a\u202eb\x00c\ud800")
def test_words_are_escaped_and_come_back_as_they_were(said: str) -> None:
    element = ET.fromstring(svg.words(0, 0, said, 20, "#000000"))  # noqa: S314 - our own

    assert (element.text or "") == plain(said)
    assert not list(element)


@pytest.mark.parametrize("said", HOSTILE, ids=ascii)
def test_an_attribute_cannot_be_closed_from_within(said: str) -> None:
    """Colours and the like are ours, and yet they pass through the same gate."""
    element = ET.fromstring(svg.words(0, 0, "字", 20, said))  # noqa: S314 - our own

    assert element.attrib["fill"] == plain(said)
    assert set(element.attrib) == {"x", "y", "font-size", "fill", "text-anchor"}


def test_nothing_is_left_that_turns_the_direction() -> None:
    assert plain("县\u202e局政财\u2066\u200b　 某\n\t科") == "县局政财 某 科"
