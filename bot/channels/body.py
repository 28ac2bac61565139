"""What every channel asks of a body before it reads on."""

import re

from bot.channels.channel import Malformed

MAX_BODY = 256 * 1024
"""Bytes; more is not even read."""
MAX_DEPTH = 20

_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


def refuse_deep(body: bytes) -> None:
    """Raise Malformed if brackets nest deeper than MAX_DEPTH, before any parser has to climb down (T4)."""
    depth = 0
    for mark in re.findall(rb"[\[{\]}]", _JSON_STRING.sub(b"", body)):
        depth += 1 if mark in b"[{" else -1
        if depth > MAX_DEPTH:
            raise Malformed("nested too deeply")


def storable(text: str) -> str:
    """`text` with what no database takes, NUL and lone surrogates, replaced visibly; nothing else is changed."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
