"""What the service has uploaded to the pretend WeCom: for three days, and each file for one way of sending (90253)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from aiohttp import web

from bot.platforms.platform import FILE

MEDIA_LIFE = timedelta(days=3)
MAX_FILE = 20 * 1024 * 1024
BAD_FILE, TOO_SMALL, TOO_LARGE = 40004, 40006, 45001


@dataclass(frozen=True)
class UploadedFile:
    """A file under the name with which it came."""

    name: str
    content: bytes = field(repr=False)
    at: datetime
    hook: bool
    """By a group's robot, and for it alone."""

    @property
    def line(self) -> str:
        """How it stands in a chat."""
        return f"{FILE} {self.name}]"


class Shelf:
    """The files of one company, by media_id."""

    def __init__(self) -> None:
        self._files: dict[str, UploadedFile] = {}

    def keep(self, part: object, at: datetime, *, hook: bool) -> str | int:
        """The media_id of an uploaded part, or the code with which it is refused."""
        if not isinstance(part, web.FileField) or not part.filename:
            return BAD_FILE
        content = part.file.read()
        if not 5 < len(content) <= MAX_FILE:
            return TOO_LARGE if len(content) > MAX_FILE else TOO_SMALL
        media_id = f"file-{uuid4().hex}"
        self._files[media_id] = UploadedFile(part.filename, content, at, hook)
        return media_id

    def find(self, message: dict[str, Any], at: datetime, *, hook: bool) -> UploadedFile | None:
        """What a message of the kind file names, if it was uploaded for this way of sending and is still there."""
        found = self._files.get(message["file"].get("media_id"))
        return found if found is not None and found.hook is hook and at - found.at < MEDIA_LIFE else None
