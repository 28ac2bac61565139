"""Frames that no Stream would bring, drawn by seed: genuine ones spoilt as bytes and as fields, and noise."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from aiohttp import WSMsgType

from bot.channels.body import MAX_BODY
from bot.channels.dingtalk.frames import ROBOT
from tests.bot.channels.channel_subject import Subject
from tests.bot.spoiling import BODIES, ODD, other_bytes, other_fields

_TOPICS = (ROBOT, ROBOT, ROBOT, ROBOT, "ping", "*", "")
_KINDS = ("CALLBACK", "CALLBACK", "CALLBACK", "CALLBACK", "SYSTEM", "EVENT", "")


@dataclass(frozen=True)
class SpoiltFrame:
    """What goes over the socket, and in which way it was spoilt."""

    way: str
    content: bytes
    opcode: WSMsgType = WSMsgType.TEXT

    @property
    def shown(self) -> str:
        """Its beginning, for whoever has to look at it."""
        return f"{self.opcode.name} {self.content[:600]!r}"


def spoilt_frame(subject: Subject, seed: str) -> SpoiltFrame:
    """The frame of that seed."""
    dice = random.Random(seed)
    way = dice.choices(list(_WAYS), weights=[weight for weight, _ in _WAYS.values()])[0]
    made = _WAYS[way][1](subject, dice)
    content, opcode = made if isinstance(made, tuple) else (made, WSMsgType.TEXT)
    return SpoiltFrame(way, content, opcode)


def _framed(data: bytes, dice: random.Random) -> bytes:
    """A frame as the platform writes it; with half a character in it, it is no text any more."""
    headers = {"topic": ROBOT, "messageId": f"f-{dice.randrange(10**9)}", "contentType": "application/json"}
    text = data.decode("utf-8", "surrogateescape")
    frame = {"specVersion": "1.0", "type": "CALLBACK", "headers": headers, "data": text}
    return json.dumps(frame, ensure_ascii=dice.random() < 0.8).encode("utf-8", "surrogateescape")


def _genuine(subject: Subject, dice: random.Random) -> bytes:
    fresh = f"m-{dice.randrange(10**9)}".encode()
    return dice.choice(subject.contents()).replace(subject.message.message_id.encode(), fresh)


def _from_without(subject: Subject, dice: random.Random) -> bytes:
    """Changed bytes of the frame itself."""
    return other_bytes(_framed(_genuine(subject, dice), dice), dice)


def _from_within(subject: Subject, dice: random.Random) -> bytes:
    """Changed bytes of the message in a whole frame."""
    return _framed(other_bytes(_genuine(subject, dice), dice), dice)


def _in_its_fields(subject: Subject, dice: random.Random) -> bytes:
    """Wrong types and odd values anywhere: in the frame's fields and, within its data, in the message's."""
    content = _framed(_genuine(subject, dice), dice)
    for _ in range(dice.randint(1, 2)):
        content = other_fields(content, dice)
    return content


def _of_another_kind(subject: Subject, dice: random.Random) -> bytes:
    """Kinds and topics that do not belong together; among them a good-bye now and then."""
    frame = json.loads(_framed(_genuine(subject, dice), dice))
    frame["type"], frame["headers"]["topic"] = dice.choice(_KINDS), dice.choice(_TOPICS)
    if dice.random() < 0.1:
        frame["type"], frame["headers"]["topic"] = "SYSTEM", "disconnect"
    return json.dumps(frame).encode()


def _notorious(subject: Subject, dice: random.Random) -> bytes:
    return dice.choice(BODIES)


def _notorious_within(subject: Subject, dice: random.Random) -> bytes:
    return _framed(dice.choice(BODIES), dice)


def _odd_words(subject: Subject, dice: random.Random) -> bytes:
    """A genuine message of words that are hard to bear: these go all the way to the handlers."""
    words = [word for word in ODD if isinstance(word, str)] + ["报送7月", "4.2亿", "确认 #1234", "\n", "得分", "改 4"]
    text = dice.choice(["", " ", "\n"]).join(dice.choices(words, k=dice.randint(1, 4)))
    text = text.encode("utf-8", "replace").decode()[:6000]
    number = f"m-{dice.randrange(10**9)}"
    return _framed(subject.inside(replace(subject.message, message_id=number, text=text)), dice)


def _noise(subject: Subject, dice: random.Random) -> tuple[bytes, WSMsgType]:
    """Any bytes under any sign of the socket: binary, pings and pongs nobody asked for, half a message, too much."""
    sign = dice.choice([WSMsgType.BINARY, WSMsgType.TEXT, WSMsgType.PING, WSMsgType.PONG, WSMsgType.CONTINUATION])
    size = dice.choice([0, 1, 16, 125] if sign in {WSMsgType.PING, WSMsgType.PONG} else [0, 1, 300, 5000, MAX_BODY + 1])
    return dice.randbytes(size), sign


_WAYS: Mapping[str, tuple[int, Callable[[Subject, random.Random], bytes | tuple[bytes, WSMsgType]]]] = {
    "from without": (15, _from_without),
    "from within": (20, _from_within),
    "in its fields": (30, _in_its_fields),
    "of another kind": (8, _of_another_kind),
    "notorious": (4, _notorious),
    "notorious within": (6, _notorious_within),
    "odd words": (10, _odd_words),
    "noise": (7, _noise),
}
