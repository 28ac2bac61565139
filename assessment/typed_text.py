"""Typed text made comparable: one width, no invisible characters, and nothing that could pass for a digit."""

import re
import unicodedata
from collections.abc import Iterable

_LIST_SIGN = re.compile("[①-⒛⓪⓵-⓾❶-➓㈠-㈩㉑-㉟㊀-㊉㊱-㊿]")
_SUPERSCRIPT = re.compile("(?<=[0-9０-９])[²³¹⁰⁴-⁹]")
_COMMA_BETWEEN_ITEMS = re.compile("(?<=[0-9])，(?=[0-9０-９])|(?<=[0-9０-９])，(?=[0-9])")
_LONGEST_EXPANSION = 4


def plain(text: str) -> str:
    """NFKC without surprises, trimmed: the form that everything in this package reads.

    NFKC alone would make the list sign ② a figure 2, 5² a 52, and the full-width comma that parts two
    figures a thousands separator; these are set apart first. Line breaks stay, as \\n.
    """
    text = _LIST_SIGN.sub("、", text)
    text = _SUPERSCRIPT.sub("^", text)
    text = _COMMA_BETWEEN_ITEMS.sub("、", text)
    widths = unicodedata.normalize("NFKC", text)
    if len(widths) > _LONGEST_EXPANSION * len(text):
        # Some ligatures unfold into whole sentences; nobody reports in them.
        widths = text
    return visible(widths)


def visible(text: str) -> str:
    """Without control signs and invisible ones, trimmed, line breaks as \n; otherwise as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cf", "Cc"}).strip()


def aligned(text: str) -> str:
    """One width sign by sign, so that places found in it are places of `text`."""
    narrow = (unicodedata.normalize("NFKC", sign) for sign in _LIST_SIGN.sub("、", text))
    return "".join(sign if len(sign) == 1 else "、" for sign in narrow)


class WordTable:
    """Words found at a given place of a text, longest first, letters in either case."""

    def __init__(self, words: Iterable[str]) -> None:
        wanted = sorted({word.lower() for word in words if word}, key=lambda word: (-len(word), word))
        self._longest = len(wanted[0]) if wanted else 0
        self._by_first: dict[str, list[str]] = {}
        for word in wanted:
            self._by_first.setdefault(word[0], []).append(word)

    def at(self, text: str, start: int) -> str | None:
        """The longest word that stands in `text` at `start`, in lower case."""
        here = text[start : start + self._longest].lower()
        return next((word for word in self._by_first.get(here[:1], ()) if here.startswith(word)), None)
