"""A card as platforms of different kinds can show it: nothing is cut, and every command stays within reach."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cards import card_of
from bot.channels.card import Button, Card
from bot.channels.channel import Capabilities
from bot.channels.showing import Piece, shown, split
from bot.demo.profiles import PROFILES
from bot.wording import EXAMPLES, ZONE, Example, examples

EVERY = [example for chapter in examples(EXAMPLES.read_text("utf-8")).values() for example in chapter]
KINDS = [profile.can for profile in PROFILES.values()]
NAMES = list(PROFILES)

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r", exclude_categories=("Cc", "Cs")), max_size=60)


def everything_said(pieces: tuple[Piece, ...]) -> str:
    return "\n".join(piece.text for piece in pieces)


@pytest.mark.parametrize("can", KINDS, ids=NAMES)
@pytest.mark.parametrize("example", EVERY, ids=range(len(EVERY)))
def test_every_notice_is_whole_on_every_kind_of_platform(example: Example, can: Capabilities) -> None:
    card = card_of(example.notice, ZONE)
    pieces = shown(card, can)
    said = everything_said(pieces)

    assert all(line in said for line in (card.title, *card.lines, card.note) if len(line.encode()) < can.max_bytes // 2)
    assert all(len(piece.text.encode()) <= can.max_bytes for piece in pieces)
    for piece in pieces:
        buttons = piece.card.buttons if piece.card else ()
        assert len(buttons) <= can.max_buttons
        assert all(len(button.label) <= can.max_label for button in buttons)
        assert not buttons or (piece.card is not None and len(piece.card.lines) <= can.max_lines)
    pressed = {button.command for piece in pieces if piece.card for button in piece.card.buttons}
    assert all(button.command in pressed or button.typed in said for button in card.buttons)


@given(lines=st.lists(TEXTS, max_size=12), labels=st.lists(st.text("甲乙丙", min_size=1, max_size=14), max_size=9))
def test_whatever_a_card_holds(lines: list[str], labels: list[str]) -> None:
    card = Card("标题", tuple(lines), buttons=tuple(Button(label, f"命令{n}") for n, label in enumerate(labels)))
    for can in KINDS:
        pieces = shown(card, can)
        said = everything_said(pieces)
        assert all(len(piece.text.encode()) <= can.max_bytes for piece in pieces)
        assert all(line in said for line in card.lines)
        assert all(button.command in said for button in card.buttons)


@given(text=TEXTS.filter(bool), most=st.integers(30, 200))
def test_splitting_loses_nothing(text: str, most: int) -> None:
    parts = split(text, most)

    assert all(len(part.encode()) <= most for part in parts)
    assert "".join(re.sub(r"^（接上条）\n", "", part) for part in parts).replace("\n", "") == text.replace("\n", "")


def test_lines_stay_whole_where_they_can() -> None:
    text = "\n".join(f"第{number}行，十个字左右的话。" for number in range(20))

    parts = split(text, 200)

    assert len(parts) > 1
    assert all(line in text.split("\n") for part in parts for line in part.replace("（接上条）\n", "").split("\n"))
