"""Typed text made comparable: one width, no invisible characters, and nothing that could pass for a digit."""

import re
import unicodedata
from collections.abc import Iterable

_LIST_SIGN = re.compile("[①-⒛⓪⓵-⓾❶-➓㈠-㈩㉑-㉟㊀-㊉㊱-㊿]")
_SUPERSCRIPT = re.compile("(?<=[0-9０-９])[²³¹⁰⁴-⁹]")
_COMMA_BETWEEN_ITEMS = re.compile("(?<=[0-9])，(?=[0-9０-９])|(?<=[0-9０-９])，(?=[0-9])")
_POINT_AS_FULL_STOP = re.compile("(?<=[0-9])。(?=[0-9]{1,4} ?[%‰万亿元吨])")
"""Only with a unit behind it: 完成85。2,出口 is the end of a sentence and the next number of a list."""
_POINT_AND_BLANK = re.compile("(?<=[^\n0-9.][0-9])[.] (?=[0-9]+ ?[%‰万亿元吨])")
_BLANK_FOR_THOUSANDS = re.compile("(?<![0-9.,])([1-9][0-9]?) ([0-9]{3})(?= ?元)")
_LONGEST_EXPANSION = 4
_TRADITIONAL = (
    "畝亩 總总 產产 稅税 預预 測测 計计 萬万 億亿 領领 導导 貿贸 營营 謝谢 報报 數数 據据 統统 經经 長长 農农 轉转 "
    "環环 斷断 學学 當当 鎮镇 鄉乡 縣县 業业 規规 標标 準准 達达 實实 現现 進进 開开 無无 問问 題题 間间 關关 與与 "
    "對对 較较 從从 會会 劃划 財财 佔占 療疗 醫医 純纯 應应 東东 門门 單单 區区 國国 圍围 際际 們们 請请 閱阅 審审 "
    "勞劳 險险 蓋盖 積积 訪访 辦办 衛卫 質质 監监 檢检 驗验 齊齐 補补 將将 來来 時时 點点 餘余 約约 過过 後后 個个 "
    "項项 額额 幣币 頓顿 噸吨 戶户 條条 處处 場场 員员 參参 爭争 劑剂 減减 續续 穩稳 況况 兩两 遲迟 還还 僅仅 為为 "
    "這这 說说"
)
_SIMPLE = str.maketrans({pair[0]: pair[1] for pair in _TRADITIONAL.split()})


def plain(text: str) -> str:
    """NFKC without surprises, trimmed, in simplified characters: the form that everything in this package reads.

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
    return _mended(visible(widths)).translate(_SIMPLE)


def _mended(text: str) -> str:
    """1。03吨, 2. 47 亿 and 13 306元 as they were meant; without a unit behind it, a blank may part two figures."""
    text = _POINT_AND_BLANK.sub(".", _POINT_AS_FULL_STOP.sub(".", text))
    return _BLANK_FOR_THOUSANDS.sub(r"\1\2", text)


def visible(text: str) -> str:
    """Without control signs and invisible ones, trimmed, line breaks as \n; otherwise as typed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if text.replace("\n", "").isprintable():
        return text.strip()
    return "".join(sign for sign in text if sign == "\n" or unicodedata.category(sign) not in {"Cf", "Cc"}).strip()


def aligned(text: str) -> str:
    """One width sign by sign, so that places found in it are places of `text`."""
    narrow = (unicodedata.normalize("NFKC", sign) for sign in _LIST_SIGN.sub("、", text))
    return "".join(sign if len(sign) == 1 else "、" for sign in narrow).translate(_SIMPLE)


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
