"""What the pretend DingTalk takes from a robot, strictly as its manual says, and what people then see of it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bot.platforms.platform import FILE

MAX_PARAM_BYTES = 15_000
FILE_TYPES = {"xlsx", "pdf", "zip", "rar", "doc", "docx"}
_SEND = "dtmd://dingtalkclient/sendMessage?content="
_WORDS = {"title", "text"}
_CARDS = {
    "sampleActionCard": (("singleTitle", "singleURL"),),
    **{
        f"sampleActionCard{count}": tuple((f"actionTitle{n}", f"actionURL{n}") for n in range(1, count + 1))
        for count in range(2, 6)
    },
    "sampleActionCard6": (("buttonTitle1", "buttonUrl1"), ("buttonTitle2", "buttonUrl2")),
}
_FIELDS: Mapping[str, set[str]] = {
    "sampleText": {"content"},
    "sampleMarkdown": _WORDS,
    "sampleImageMsg": {"photoURL"},
    "sampleFile": {"mediaId", "fileName", "fileType"},
    **{key: _WORDS | {name for pair in pairs for name in pair} for key, pairs in _CARDS.items()},
}


class Refusal(Exception):
    """A call is answered with a code."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(frozen=True)
class Seen:
    """A message as people see it."""

    text: str
    payload: dict[str, Any]
    commands: Mapping[str, str] = field(default_factory=dict)
    """Label and words of the buttons that make the client send something."""
    photo: str = ""
    """The id of the picture that it is."""
    file: str = ""
    """The id of the file that it is."""


def seen(key: object, param: object) -> Seen:
    """The message that `msgKey` and `msgParam` make. Raises Refusal."""
    if not isinstance(key, str) or key not in _FIELDS:
        raise Refusal("invalidParameter.msgKey.invalid")
    if not isinstance(param, str):
        raise Refusal("invalidParameter.msgParam.invalid")
    if len(param.encode()) > MAX_PARAM_BYTES:
        raise Refusal("invalidParameter.msgParam.tooLong")
    fields = _fields(param)
    if set(fields) != _FIELDS[key] or not all(isinstance(value, str) and value for value in fields.values()):
        raise Refusal("invalidParameter.msgParam.invalid")
    payload = {"msgKey": key, "msgParam": fields}
    if key == "sampleImageMsg":
        return Seen("", payload, photo=fields["photoURL"])
    if key == "sampleFile":
        if fields["fileType"] not in FILE_TYPES:
            raise Refusal("invalidParameter.msgParam.invalid")
        return Seen(f"{FILE} {fields['fileName']}]", payload, file=fields["mediaId"])
    text = fields["content"] if key == "sampleText" else _read(fields["text"])
    buttons = {fields[title]: fields[address] for title, address in _CARDS.get(key, ())}
    commands = {label: unquote(url.removeprefix(_SEND)) for label, url in buttons.items() if url.startswith(_SEND)}
    return Seen(text, payload, commands)


def _fields(param: str) -> dict[str, Any]:
    try:
        fields = json.loads(param)
    except ValueError:
        raise Refusal("invalidParameter.msgParam.invalid") from None
    if not isinstance(fields, dict):
        raise Refusal("invalidParameter.msgParam.invalid")
    return fields


def _read(markdown: str) -> str:
    """Markdown as the eye reads it: a heading without its signs, lines without the blanks that part them."""
    return "\n".join(line.strip().removeprefix("### ") for line in markdown.split("\n"))
