"""Headings that a duty asks for by name (必写): 整改时限:3月底前 is cut out of a text under its own name."""

import re
from collections.abc import Iterable

from assessment.typed_text import aligned

_NUMBERING = r"(?:[(【\[]?(?:[一二三四五六七八九十]{1,2}|[0-9]{1,2})[)】\].、]{1,2} ?)?"


def cut_named(text: str, names: Iterable[str]) -> tuple[str, dict[str, str]]:
    """The text without its named parts, and each part as typed, trimmed; what is empty is left out.

    A part begins at the start of a line or behind a full stop or semicolon, with its name and a colon, and runs to
    the next named part or to an empty line. A name that comes twice is put together.
    """
    listed = sorted(set(names), key=len, reverse=True)
    if not listed:
        return text, {}
    heading = re.compile(rf"(?:\A|(?<=[\n。;,! ])) *{_NUMBERING}(?P<name>{'|'.join(map(re.escape, listed))})[】\]]? ?:")
    narrow = aligned(text)
    found = list(heading.finditer(narrow))
    if not found:
        return text, {}
    parts: dict[str, list[str]] = {}
    rest = [text[: found[0].start()]]
    for match, following in zip(found, [*found[1:], None], strict=True):
        stretch = text[match.end() : following.start() if following is not None else len(text)]
        part, gap, behind = stretch.partition("\n\n")
        parts.setdefault(match["name"], []).append(part.strip().rstrip(";；,，"))
        rest.append(gap + behind)
    return "".join(rest).strip("\n"), {name: "\n".join(filter(None, said)) for name, said in parts.items() if any(said)}
