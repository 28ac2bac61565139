"""Requests that no platform would send, drawn by seed: genuine ones spoilt from without and from within, and noise."""

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.body import MAX_BODY
from bot.channels.channel import Envelope
from tests.bot.channels.channel_subject import Subject, envelope_at

DEEP = 5000
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    "",
    " ",
    "\0",
    "\ud83d",
    "报\udc00送",
    "\u202e\u200b",
    "９" * 13,
    "9" * 12,
    "9" * 13,
    "9" * 16,
    10**15,
    "9" * 400,
    "9" * 5000,
    "1785893400000",
    "-5",
    "1e9",
    "长" * 5000,
    "x" * 60_000,
    "../../etc/passwd",
    "]]>",
    "<xml>&lol;</xml>",
    '{"text": 5}',
    "[" * 50,
    [],
    {},
    [[]],
    [None] * 5000,
    {"a": {"a": {"a": []}}},
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
)
"""What may stand in any field."""

XML_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(8))
    + b"]><xml><ToUserName>&i;</ToUserName></xml>"
)
BODIES: tuple[bytes, ...] = (
    b"",
    b"null",
    b"[]",
    b"{}",
    b"[" * DEEP,
    b'{"a":' * DEEP,
    b'{"encrypt":' * 19 + b"1" + b"}" * 19,
    b"[" * DEEP + b"]" * DEEP,
    b"9" * 200_000,
    b'{"encrypt": ' + b"9" * 5000 + b"}",
    b'{"createAt": 1e999, "encrypt": NaN}',
    b'{"encrypt": "\\ud800", "chatbotCorpId": "\\udfff"}',
    b'{"encrypt": "' + b"QUFB" * 40_000 + b'"}',
    b"\xef\xbb\xbf{}",
    '{"报": "送"}'.encode("utf-16"),
    b'{"a": 1, "a": 2}',
    b"\0" * 1000,
    XML_BOMB,
    b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>',
    b'<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Encrypt>&x;</Encrypt></xml>',
    b"<xml>" * DEEP,
    b"<xml>" * 30 + b"</xml>" * 30,
    b"<xml " + b" ".join(b'a%d="1"' % n for n in range(5000)) + b"/>",
    b"<xml><Encrypt>" + b"QUFB" * 40_000 + b"</Encrypt></xml>",
    b'<?xml version="1.0" encoding="utf-7"?><xml/>',
    b'<?xml version="1.0" encoding="nonsense"?><xml/>',
    b"<xml>&#x110000;&#0;</xml>",
    b"x" * MAX_BODY,
)
"""Bodies that have broken parsers."""


@dataclass(frozen=True)
class Spoilt:
    """One request, and in which way it was spoilt."""

    way: str
    envelope: Envelope


def spoilt(subject: Subject, seed: str, at: datetime) -> Spoilt:
    """The request of that seed, made at `at`; the random parts of a seal apart it is the same each time."""
    dice = random.Random(seed)
    way = dice.choices(list(_WAYS), weights=[weight for weight, _ in _WAYS.values()])[0]
    return Spoilt(way, _WAYS[way][1](subject, dice, at))


def _from_without(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    """A genuine request whose bytes, headers or query were changed."""
    content, wrap = _genuine(subject, dice)
    envelope = wrap(content)
    for _ in range(dice.randint(1, 2)):
        match dice.randrange(5):
            case 0 | 1:
                envelope = replace(envelope, body=other_bytes(envelope.body, dice))
            case 2:
                envelope = replace(envelope, headers=_other_names(envelope.headers, dice, _header))
            case 3:
                envelope = replace(envelope, query=_other_names(envelope.query, dice, _query))
            case _:
                envelope = replace(envelope, method=dice.choice(["GET", "POST", "PUT"]))
    return envelope


def _from_within(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    """Changed bytes under a genuine seal."""
    content, wrap = _genuine(subject, dice, at)
    return wrap(other_bytes(content, dice))


def _in_its_fields(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    """Wrong types and odd values in any field, under a genuine seal."""
    content, wrap = _genuine(subject, dice, at)
    for _ in range(dice.randint(1, 2)):
        content = other_fields(content, dice)
    return wrap(content)


def _notorious_within(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    _, wrap = _genuine(subject, dice, at)
    return wrap(dice.choice(BODIES))


def _notorious(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    """Such a body beside a proof that is genuine for something else."""
    content, wrap = _genuine(subject, dice, at)
    return replace(wrap(content), body=dice.choice(BODIES))


def _odd_words(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    """A genuine message of words that are hard to bear: these go all the way to the handlers."""
    words = [word for word in ODD if isinstance(word, str)] + ["报送7月", "4.2亿", "确认 #1234", "\n", "得分", "改 4"]
    said = subject.message
    text = dice.choice(["", " ", "\n"]).join(dice.choices(words, k=dice.randint(1, 4)))
    text = text.encode("utf-8", "replace").decode()[:6000]
    message = replace(said, message_id=_fresh(dice), text=text)
    return subject.wrap(subject.inside(message), None, at)


def _fresh(dice: random.Random) -> str:
    return f"m-{dice.randrange(10**9)}"


def _noise(subject: Subject, dice: random.Random, at: datetime) -> Envelope:
    names = (*subject.signed_headers, *subject.signed_query, "content-type", "x-request-id")
    headers = {name: _header(dice) for name in names if dice.random() < 0.5}
    query = {name: _query(dice) for name in (*names, "echostr", "signature") if dice.random() < 0.3}
    body = dice.randbytes(dice.choice([0, 1, 16, 300, 5000]))
    return envelope_at(at, body, headers=headers, query=query, method=dice.choice(["GET", "POST"]))


_WAYS: Mapping[str, tuple[int, Callable[[Subject, random.Random, datetime], Envelope]]] = {
    "from without": (20, _from_without),
    "from within": (20, _from_within),
    "in its fields": (30, _in_its_fields),
    "notorious within": (6, _notorious_within),
    "notorious": (6, _notorious),
    "odd words": (10, _odd_words),
    "noise": (8, _noise),
}


def _genuine(
    subject: Subject, dice: random.Random, at: datetime | None = None
) -> tuple[bytes, Callable[[bytes], Envelope]]:
    contents, wrap = dice.choice(subject.pens())
    moment = at or subject.message.sent_at
    content = dice.choice(contents).replace(subject.message.message_id.encode(), _fresh(dice).encode())
    return content, lambda content: wrap(content, None, moment)


def other_bytes(body: bytes, dice: random.Random) -> bytes:
    """A few bytes turned, cut off, put in or doubled."""
    changed = bytearray(body or b"x")
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(changed) or 1)
        match dice.randrange(5):
            case 0 if changed:
                changed[place % len(changed)] ^= 1 << dice.randrange(8)
            case 1:
                del changed[place:]
            case 2:
                changed[place:place] = dice.randbytes(dice.randint(1, 4))
            case 3:
                changed[place : place + dice.randint(1, 8)] = b""
            case _:
                end = place + dice.randint(1, 40)
                changed[place:place] = changed[place:end]
    return bytes(changed)


def _other_names(
    values: Mapping[str, str], dice: random.Random, draw: Callable[[random.Random], str]
) -> dict[str, str]:
    changed = dict(values) or {"x-nothing": ""}
    name = dice.choice(list(changed))
    match dice.randrange(3):
        case 0:
            del changed[name]
        case 1:
            changed[name] = draw(dice)
        case _:
            changed[name] += draw(dice)
    return changed


def _header(dice: random.Random) -> str:
    """What HTTP lets stand in a header; bytes that are no text as the lone surrogates that they become."""
    noise = bytes(dice.choice([*range(32, 127), *range(128, 256)]) for _ in range(dice.randint(0, 40)))
    odd = str(dice.choice([value for value in ODD if isinstance(value, int | float)]))
    return dice.choice([noise.decode("utf-8", "surrogateescape"), odd, "９" * 10, "9" * 4000, "", "é"])


def _query(dice: random.Random) -> str:
    return str(dice.choice([value for value in ODD if not isinstance(value, list | dict)]))[:3000]


def other_fields(content: bytes, dice: random.Random) -> bytes:
    """One place of the JSON or XML bears something else; what is neither stays as it is."""
    if content.startswith(b"<"):
        return _other_elements(content, dice)
    try:
        tree = json.loads(content)
    except (ValueError, RecursionError):
        return content
    changed = json.dumps(_other_tree(tree, dice), ensure_ascii=dice.random() < 0.7)
    return changed.encode("utf-8", "surrogatepass")


def _other_tree(tree: Any, dice: random.Random) -> Any:
    """The tree with one of its places changed, each as likely as the others; texts that are JSON have places too."""
    path = dice.choice(list(_places(tree)))
    match dice.randrange(12):
        case 0 if path:
            return _changed(tree, path[:-1], lambda parent: _without(parent, path[-1]))
        case 1:
            return _changed(tree, path, lambda found: [found, {str(dice.choice(ODD))[:50]: found}])
        case _:
            return _changed(tree, path, lambda _: dice.choice(ODD))


def _places(tree: Any) -> Iterator[tuple[Any, ...]]:
    yield ()
    for name, child in _children(tree):
        for path in _places(child):
            yield (name, *path)


def _children(tree: Any) -> list[tuple[Any, Any]]:
    match tree:
        case dict():
            return list(tree.items())
        case list():
            return list(enumerate(tree))
        case str() if tree.startswith("{") and _is_json(tree):
            return _children(json.loads(tree))
    return []


def _changed(tree: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(tree)
    if isinstance(tree, str):
        return json.dumps(_changed(json.loads(tree), path, change))
    return _with(tree, path[0], _changed(tree[path[0]], path[1:], change))


def _with(tree: Any, name: Any, value: Any) -> Any:
    if isinstance(tree, dict):
        return {**tree, name: value}
    return [*tree[:name], value, *tree[name + 1 :]]


def _without(tree: Any, name: Any) -> Any:
    if isinstance(tree, dict):
        return {other: value for other, value in tree.items() if other != name}
    return [*tree[:name], *tree[name + 1 :]] if isinstance(tree, list) else ""


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _other_elements(content: bytes, dice: random.Random) -> bytes:
    """XML with one element's content changed, doubled, left away or nested, or with a head of its own."""
    elements = list(re.finditer(rb"<(\w+)>(?:<!\[CDATA\[.*?\]\]>|[^<]*)</\1>", content, re.DOTALL))
    if not elements:
        return content
    found = dice.choice(elements)
    name, start, end = found[1], *found.span()
    odd = dice.choice(ODD)
    text = (odd if isinstance(odd, str) else json.dumps(odd)).encode("utf-8", "surrogatepass")
    match dice.randrange(8):
        case 0:
            instead = b""
        case 1:
            instead = found[0] * 2
        case 2:
            instead = b"<%s>%s</%s>" % (name, found[0], name)
        case 3:
            return dice.choice([XML_BOMB[:-60], b'<?xml version="1.0" encoding="gbk"?>', b"\xef\xbb\xbf"]) + content
        case 4:
            instead = b"<%s>%s</%s>" % (name, text, name)
        case _:
            instead = b"<%s><![CDATA[%s]]></%s>" % (name, text, name)
    return content[:start] + instead + content[end:]
