"""What a person said in a Feishu message: its words with the mentions resolved, and its files. No I/O.

Source: Feishu, im-v1/message/events/receive and "content of received messages".
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from bot.channels.body import refuse_deep, storable
from bot.channels.channel import Malformed
from bot.channels.feishu.fields import Id, Words
from handlers.incoming import FileRef


class Accounts(BaseModel):
    """One person's ids; those that the app may not see are absent or empty."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    open_id: str | None = ""
    user_id: str | None = ""

    def called(self, account: str) -> str:
        """The id of that kind, empty where it is not told."""
        return (self.open_id if account == "open_id" else self.user_id) or ""


class Mention(BaseModel):
    """One @ in a message; `key` is what stands in the text for it."""

    model_config = ConfigDict(strict=True, extra="ignore", hide_input_in_errors=True)

    key: Id
    id: Accounts = Field(default_factory=Accounts)
    name: Words = ""
    mentioned_type: str = ""

    def is_bot(self, bot_open_id: str | None) -> bool:
        """Whether it is our bot. As long as its open_id is not known, any bot passes for ours."""
        if bot_open_id is None:
            return self.mentioned_type == "bot"
        return self.id.open_id == bot_open_id


@dataclass(frozen=True)
class Speech:
    """The words and the files of one message."""

    text: str
    files: tuple[FileRef, ...] = ()


def speech(
    kind: str, content: str, message_id: str, mentions: Sequence[Mention], bot_open_id: str | None
) -> Speech | None:
    """What a message of that `kind` says; None for kinds that say nothing. Raises Malformed."""
    read = _READERS.get(kind)
    if read is None:
        return None
    said = read(_object(content), message_id)
    return Speech(_resolved(said.text, mentions, bot_open_id), said.files)


def _object(content: str) -> dict[str, Any]:
    content = storable(content)
    refuse_deep(content.encode())
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise Malformed("the content is not JSON") from None
    if not isinstance(found, dict):
        raise Malformed("the content is no object")
    return found


def _resolved(text: str, mentions: Sequence[Mention], bot_open_id: str | None) -> str:
    """The text without the mentions of our bot and with the names of the others."""
    by_key = {mention.key: mention for mention in mentions}
    if not by_key:
        return text
    # Longer keys first: @_user_1 begins @_user_10 too.
    keys = "|".join(re.escape(key) for key in sorted(by_key, key=len, reverse=True))

    def said(found: re.Match[str]) -> str:
        mention = by_key[found[1]]
        return "" if mention.is_bot(bot_open_id) else mention.name + found[2]

    # The client writes a space after a mention; it goes with the mention and is no part of what was typed.
    return re.sub(rf"({keys})( ?)", said, text)


def _text(content: dict[str, Any], _: str) -> Speech:
    return Speech(_words(content, "text"))


def _post(content: dict[str, Any], message_id: str) -> Speech:
    """Rich text as lines, its title the first; emphasis and addresses of links are left out."""
    files: list[FileRef] = []
    lines = [_words(content, "title")] if content.get("title") else []
    for paragraph in _listed(content.get("content")):
        line = ""
        for node in _listed(paragraph):
            if not isinstance(node, dict):
                raise Malformed("a part of a post is no object")
            match node.get("tag"):
                case "text" | "a" | "code_block" | "md":
                    line += _words(node, "text")
                case "at":
                    line += _words(node, "user_id") + " "
                case "img":
                    files.append(_file(node, message_id, "image", "image_key"))
                case "media":
                    files.append(_file(node, message_id, "video", "file_key"))
        lines.append(line)
    return Speech("\n".join(lines), tuple(files))


def _one_file(kind: str, key: str) -> Callable[[dict[str, Any], str], Speech]:
    return lambda content, message_id: Speech("", (_file(content, message_id, kind, key),))


def _file(content: dict[str, Any], message_id: str, kind: str, key: str) -> FileRef:
    """The platform gives a file only together with the message that it came in, so the key names both."""
    found = _words(content, key)
    if not found:
        raise Malformed("a file without its key")
    name = _words(content, "file_name") if "file_name" in content else ""
    return FileRef(name, kind, f"{message_id}/{found}")


def _words(content: dict[str, Any], name: str) -> str:
    found = content.get(name)
    if not isinstance(found, str):
        raise Malformed("the content lacks its words")
    return storable(found)


def _listed(found: object) -> list[Any]:
    if not isinstance(found, list):
        raise Malformed("a part of a post is no list")
    return found


_READERS: dict[str, Callable[[dict[str, Any], str], Speech]] = {
    "text": _text,
    "post": _post,
    "image": _one_file("image", "image_key"),
    "file": _one_file("file", "file_key"),
    "audio": _one_file("voice", "file_key"),
    "media": _one_file("video", "file_key"),
}
