"""What is missing or wrong in a command, and a line to copy."""

from datetime import tzinfo
from typing import NamedTuple

from assessment.notices import Repair, RepairLine
from bot.cards.dispatch import card_of
from bot.cards.phrases import wide
from bot.channels.card import Card, Tone


class Sentence(NamedTuple):
    """Why not, and a line to copy; {names} are filled from the notice's facts."""

    why: str
    example: str


SENTENCES = {
    Repair.REASON_OF_RETURN: Sentence("请写明退回理由", "退回 {number} 理由"),
}


@card_of.register
def repair(notice: RepairLine, _zone: tzinfo) -> Card:
    """Which word, why not, and a line to copy. Facts are data: format_map does not look inside them."""
    sentence = SENTENCES[notice.repair] if notice.repair else Sentence(notice.why, notice.example)
    why = wide(sentence.why.format_map(notice.facts))
    return Card(
        f"{wide(notice.about)}：未办理",
        (f"{why}。", f"可回复：{sentence.example.format_map(notice.facts)}"),
        Tone.AMBER,
    )
