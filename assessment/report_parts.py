"""A report's written parts and its figures, told apart by the headings that offices use."""

import re
from collections.abc import Callable

from assessment.rulebook import TextPart
from assessment.typed_text import aligned

_HEADINGS: tuple[tuple[TextPart | None, str], ...] = (
    (TextPart.PROGRESS, "(?:主要)?工作(?:落实|进展|推进|开展|完成)?情况|(?:落实|进展|推进)情况|工作进展|主要工作|进展"),
    (TextPart.PROBLEMS, "(?:目前|当前)?(?:主要)?(?:存在)?(?:的)?(?:主要)?(?:困难|问题)(?:[和与及、](?:困难|问题))?"),
    (TextPart.NEXT_STEPS, "下一?步(?:的)?(?:重点)?(?:工作|整改)?(?:措施|打算|计划|安排|举措|建议)?"),
    (TextPart.NEXT_STEPS, "(?:工作|整改|改进|对策)?措施|工作打算"),
    (None, "(?:主要|各项)?指标(?:数据|完成情况|情况)?|数据|完成情况"),
)
_ANY = "|".join(f"(?P<h{index}>{words})" for index, (_, words) in enumerate(_HEADINGS))
_UNMISTAKABLE = (
    "(?P<problems>存在(?:的)?(?:困难|问题))|(?P<steps>下一?步(?:工作|整改)?(?:措施|打算|计划|安排)?)"
    "|(?P<progress>工作(?:落实|进展|推进|开展)情况(?= ))"
)
_NUMBERING = r"(?:[(【\[]?(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})[)】\].、]{1,2} ?|[【\[#*●•、]{1,4})?"
_HEADING = re.compile(rf"(?:\A|(?<=[\n。;,!、 ])){_NUMBERING}(?:{_ANY})[】\]]? ?:")
_HEADING_LINE = re.compile(rf"(?:\A|(?<=\n)) ?{_NUMBERING}(?:{_ANY})[】\]]? ?(?=\n|\Z)")
_HEADING_WITHOUT_COLON = re.compile(rf"(?:\A|(?<=\n)) ?{_NUMBERING}(?:{_UNMISTAKABLE}) ?(?=[^:\n ])")

_FORECAST = re.compile(
    r"(?<=[。;\n]) ?(?:(?:全年|年底)(?:预测|预计)|(?:预测|预计)(?:全年|年底))(?:完成|为|达到)?[: ]*"
    r"[0-9][0-9.,]* ?(?:[%‰]|[万亿]?[^0-9\s,;。]{0,6})[。.]?\s*\Z"
)


def split_parts(text: str, holds_figures: Callable[[str], bool]) -> tuple[str, dict[str, str]]:
    """The text in which figures stand, and the written parts as typed, trimmed, empty ones left out.

    A part runs to the next heading; figures come back behind a blank line where `holds_figures` says so of a line.
    In the progress part such a line counts as both, because many report their figures there. A bare 全年预测4.2亿
    that follows a part is no longer of it.
    """
    figures: list[str] = []
    parts: dict[str, list[str]] = {}
    for part, whole in _stretches(text):
        if part is None:
            figures.append(whole.strip("\n"))
            continue
        stretch, forecast = _without_forecast(whole)
        written = parts.setdefault(part, [])
        after_blank = False
        returned = False
        for line in stretch.split("\n"):
            returned = returned or (after_blank and holds_figures(line))
            after_blank = bool(written) and not line.strip()
            if returned or (part is TextPart.PROGRESS and holds_figures(line)):
                figures.append(line)
            if not returned and (line.strip() or written):
                written.append(line)
        if forecast:
            figures.append(forecast)
    texts = {part: "\n".join(lines).strip() for part, lines in parts.items()}
    return "\n".join(figures), {part: written for part, written in texts.items() if written}


def _without_forecast(stretch: str) -> tuple[str, str]:
    """A written part, and the sentence at its end that is a forecast and nothing else."""
    found = _FORECAST.search(aligned(stretch))
    return (stretch, "") if found is None else (stretch[: found.start()], stretch[found.start() :].strip())


def _stretches(text: str) -> list[tuple[TextPart | None, str]]:
    """The text cut at its headings, each piece with the part that it belongs to."""
    found: dict[int, tuple[int, TextPart | None]] = {}
    narrow = aligned(text)
    for pattern in (_HEADING_WITHOUT_COLON, _HEADING_LINE, _HEADING):
        for match in pattern.finditer(narrow):
            found[match.start()] = (match.end(), _part(match))
    stretches: list[tuple[TextPart | None, str]] = []
    place, part = 0, None
    for start, (end, following) in sorted(found.items()):
        if start >= place:
            stretches.append((part, text[place:start]))
            place, part = end, following
    stretches.append((part, text[place:]))
    return stretches


def _part(match: re.Match[str]) -> TextPart | None:
    groups = match.groupdict()
    if groups.get("progress"):
        return TextPart.PROGRESS
    if groups.get("problems"):
        return TextPart.PROBLEMS
    if groups.get("steps"):
        return TextPart.NEXT_STEPS
    return next((part for index, (part, _) in enumerate(_HEADINGS) if groups.get(f"h{index}")), None)
