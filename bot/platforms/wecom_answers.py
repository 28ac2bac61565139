"""What the pretend WeCom answers with: its codes, and the JSON in which they stand."""

import hashlib
import json
from enum import IntEnum
from typing import Any

from aiohttp import web


class Code(IntEnum):
    """The codes of its answers."""

    OK = 0
    BAD_CORP = 40013
    BAD_SECRET = 40001
    NO_TOKEN = 41001
    BAD_TOKEN = 40014
    OLD_TOKEN = 42001
    BAD_MEDIA = 40007
    BAD_TASK = 42014
    BAD_JSON = 47001
    NOBODY = 81013
    USED_CODE = 60140
    THROTTLED = 45009
    BAD_HOOK = 93000
    NO_SUCH_USER = 46004
    BAD_AGENT = 40056
    NOT_TRUSTED = 60020


def answer(code: int, **more: object) -> web.Response:
    """An answer with that code."""
    return web.json_response({"errcode": code, "errmsg": "ok" if code == Code.OK else "refused", **more})


def read_object(body: bytes) -> dict[str, Any] | None:
    """The JSON object in a body, or None."""
    try:
        found = json.loads(body)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def picture_name(png: bytes) -> str:
    """How a picture stands in a transcript: two alike are the same words twice."""
    return f"[图片 {hashlib.sha256(png).hexdigest()[:8]}]"
