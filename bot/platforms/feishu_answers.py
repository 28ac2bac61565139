"""How the pretend Feishu answers: a code in JSON, mostly under HTTP 400."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Refused(Exception):
    """An answer with a code other than 0."""

    def __init__(self, code: int, words: str, *, status: int = 400) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.status = status


class Throttled(Exception):
    """One call too many; the answer says how long to wait."""


def success(**more: object) -> web.Response:
    """Code 0 and what else there is to tell."""
    return web.json_response({"code": 0, "msg": "success", **more})


async def body_of(request: web.Request) -> dict[str, Any]:
    """The JSON object of a request. Raises Refused."""
    try:
        found = json.loads(await request.read())
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise Refused(99992402, "field validation failed")
    return found


def answering(handler: Handler) -> Handler:
    """The handler, its refusals turned into answers."""

    async def answer(request: web.Request) -> web.Response:
        try:
            return await handler(request)
        except Throttled:
            said = {"code": 99991400, "msg": "request trigger frequency limit"}
            return web.json_response(said, status=429, headers={"x-ogw-ratelimit-reset": "1"})
        except Refused as refusal:
            said = {"code": refusal.code, "msg": refusal.words}
            return web.json_response(said, status=refusal.status)

    return answer
