"""What people see of a message that was sent to the pretend Feishu. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.feishu_answers import Refused
from bot.platforms.feishu_card_rules import CardInvalid, check_card, tagged
from bot.platforms.platform import FILE

_MAX_TEXT = 150 * 1024
_PARAMETER = "Your request contains an invalid request parameter"


@dataclass(frozen=True)
class Seen:
    """One message on a screen."""

    text: str
    payload: dict[str, Any]
    commands: Mapping[str, str] = field(default_factory=dict)
    picture: bytes | None = None
    file: bytes | None = None


@dataclass(frozen=True)
class UploadedFile:
    """A file that the service has uploaded."""

    name: str
    content: bytes = field(repr=False)


def seen(
    kind: object, content: object, images: Mapping[str, bytes], files: Mapping[str, UploadedFile] | None = None
) -> Seen:
    """The message of that `msg_type`, given what was uploaded by its key. Raises Refused."""
    try:
        payload = json.loads(content) if isinstance(content, str) else None
    except ValueError:
        payload = None
    if not isinstance(payload, dict) or not isinstance(content, str):
        raise Refused(230001, f"{_PARAMETER}: content is not a string in json format")
    match kind:
        case "text":
            return _seen_text(payload, len(content.encode()))
        case "interactive":
            return _seen_card(payload, len(content.encode()), images)
        case "file":
            file = (files or {}).get(payload.get("file_key", ""))
            if file is None or payload.keys() != {"file_key"}:
                raise Refused(230017, "Bot is NOT the owner of the resource")
            return Seen(f"{FILE} {file.name}]", payload, file=file.content)
    raise Refused(230001, f"{_PARAMETER}: invalid msg_type")


def without_pictures(payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as it is compared with a repetition: a picture is uploaded anew each time, or left away."""
    if "body" not in payload:
        return payload
    kept = [part for part in payload["body"]["elements"] if part["tag"] != "img"]
    return payload | {"body": {"elements": kept}}


def button_values(card: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """The buttons that call back: label, and the value that the callback will bear."""
    return [
        (part["text"]["content"], behavior["value"])
        for part in tagged(card)
        if part["tag"] == "button"
        for behavior in part.get("behaviors", [])
    ]


def _seen_text(payload: dict[str, Any], size: int) -> Seen:
    text = payload.get("text")
    if not isinstance(text, str) or not text or payload.keys() != {"text"}:
        raise Refused(230001, f"{_PARAMETER}: text")
    if size > _MAX_TEXT:
        raise Refused(230025, "The length of the message content reaches its limit")
    return Seen(text, payload)


def _seen_card(card: dict[str, Any], size: int, images: Mapping[str, bytes]) -> Seen:
    try:
        check_card(card, size)
    except CardInvalid as error:
        raise Refused(230099, str(error)) from error
    keys = [part["img_key"] for part in tagged(card) if part["tag"] == "img"]
    if any(key not in images for key in keys):
        raise Refused(230099, "Failed to create card content, ext=ErrCode: 11310; ErrMsg: invalid image keys")
    commands = {label: value["command"] for label, value in button_values(card) if "command" in value}
    return Seen("\n".join(_lines(card)), card, commands, images[keys[0]] if keys else None)


def _lines(card: dict[str, Any]) -> list[str]:
    """Title, text, tables and the labels of a form, from top to bottom; buttons are seen as buttons."""
    lines = [card.get("header", {}).get("title", {}).get("content", "")]
    for part in tagged(card):
        match part["tag"]:
            case "div":
                lines.append(part["text"]["content"])
            case "markdown":
                lines.append(part["content"])
            case "table":
                names = [column["name"] for column in part["columns"]]
                lines.append(" | ".join(column.get("display_name", "") for column in part["columns"]))
                lines += [" | ".join(str(row.get(name, "")) for name in names) for row in part["rows"]]
            case "input" if "label" in part:
                lines.append(part["label"]["content"])
    return [line for line in lines if line]
