"""Letters: how wide they are, that the font has them, and that words stay within their place."""

import ast
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import resvg_py
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pylopdf_fonts_zh_cn import serif_path

import bot.pictures
from bot.pictures import svg
from bot.pictures.axis import axis_over
from bot.pictures.figures import column, figure, signed
from bot.pictures.fonts import FAMILY, FontMissing, font_files
from bot.pictures.lettering import fit, plain, width

RARE = "镕喆堃䶮㛃𫖮"
MISSING = "\U0003fffd"
SOURCES = sorted(Path(bot.pictures.__file__).parent.glob("*.py"))


@pytest.fixture(scope="module")
def font() -> Iterator[TTFont]:
    with TTFont(font_files()[0], lazy=True) as font:
        yield font


def pixels(words: str, extra: tuple[Path, ...] = ()) -> bytes:
    drawn = svg.picture(60, "", (svg.words(10, 45, words, 40, "#000000"),))
    files = [str(file) for file in font_files(extra)]
    return resvg_py.svg_to_bytes(svg_string=drawn, skip_system_fonts=True, font_files=files, font_family=FAMILY)


def missing_glyphs(words: str, font: TTFont) -> set[str]:
    return {character for character in words if ord(character) not in font.getBestCmap()}


# ── glyphs ──


@pytest.mark.parametrize("character", RARE)
def test_rare_characters_of_names_are_drawn(character: str, font: TTFont) -> None:
    """Without a glyph there is a blank or an empty box, and no error."""
    assert missing_glyphs(MISSING, font)

    assert pixels(character) not in {pixels(""), pixels(MISSING)}


def test_the_font_has_every_character_of_our_own_words(font: TTFont) -> None:
    """✗, for one, is not in it."""
    written = {
        character
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for character in node.value
        if character.isprintable()
    }

    assert not missing_glyphs("".join(written) + RARE, font)
    assert missing_glyphs("✗", font)


def test_an_extra_font_supplies_what_the_packaged_one_lacks(font: TTFont) -> None:
    lacking = "鿾"

    assert missing_glyphs(lacking, font)
    assert pixels(lacking, (serif_path(),)) != pixels(lacking) == pixels(MISSING)
    assert pixels("县", (serif_path(),)) == pixels("县")
    with pytest.raises(FontMissing, match="未找到字体文件"):
        font_files((Path("no-such-font.otf"),))


# ── widths ──


def test_no_character_is_wider_than_we_think(font: TTFont) -> None:
    advances = font["hmtx"]
    wider = {
        chr(code): advances[glyph][0]
        for code, glyph in font.getBestCmap().items()
        if advances[glyph][0] > width(chr(code), 1000) and plain(chr(code))
    }

    assert not wider


def test_figures_are_equally_wide() -> None:
    assert len({width(digit, 1000) for digit in "0123456789+−"}) == 1


# ── setting ──


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(60, 400), st.integers(1, 3))
def test_words_stay_within_their_room(words: str, room: int, most_lines: int) -> None:
    setting = fit(words, room, (28, 24), most_lines)

    assert len(setting.lines) <= most_lines
    assert setting.width <= room
    said = "".join(setting.lines).replace(" ", "")
    assert said == plain(words).replace(" ", "") or said.endswith("…")


def test_long_names_are_first_smaller_then_wrapped_then_cut() -> None:
    assert fit("县人民政府办公室", 240, (28, 24), 2).size == 28
    assert fit("县人民政府办公室行", 240, (28, 24), 2).size == 24
    wrapped = fit("县人民政府办公室行政处", 240, (28, 24), 2)
    assert wrapped.lines == ("县人民政府办公室", "行政处")
    assert fit("县人民政府办公室" * 4, 240, (28, 24), 2).lines[-1].endswith("…")


def test_a_line_does_not_begin_with_a_closing_mark_or_split_a_number() -> None:
    assert fit("市甲乙丙丁（戊）", 28 * 7, (28,), 2).lines == ("市甲乙丙丁", "（戊）")
    assert fit("合计甲乙1234.5", 28 * 6, (28,), 2).lines == ("合计甲乙", "1234.5")


# ── figures and axes ──


def test_figures_have_a_true_minus_and_no_needless_zeros() -> None:
    assert [figure(Decimal(value)) for value in ("79.0", "-0.50", "1E+3", "-0")] == ["79", "−0.5", "1000", "0"]
    assert [signed(Decimal(value)) for value in ("2", "-2.0", "0.0")] == ["+2", "−2", "0"]
    assert list(column(map(Decimal, ("79", "78.25", "-1"))).values()) == ["79.00", "78.25", "−1.00"]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.decimals(-(10**9), 10**9, places=4), min_size=1, max_size=10))
def test_an_axis_holds_its_figures_and_has_few_marks(values: list[Decimal]) -> None:
    axis = axis_over(values)

    assert axis.start <= min(values) <= max(values) <= axis.end
    assert axis.marks[0] == axis.start
    assert axis.marks[-1] == axis.end
    assert 2 <= len(axis.marks) <= 8
    assert all(0 <= axis.at(value, 0, 400) <= 400 for value in values)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.decimals("0.01", 10**6, places=2), min_size=2, max_size=6))
def test_a_cut_axis_leaves_the_least_a_third_of_the_greatest(values: list[Decimal]) -> None:
    axis = axis_over(values)

    assert 3 * (min(values) - axis.start) >= max(values) - axis.start or axis.start == 0
