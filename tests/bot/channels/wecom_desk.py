"""WeCom's side of the wire for tests of the client: it answers as told, and keeps what it was asked."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

GOOD = {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": "p-1"}


@dataclass
class Desk:
    """A platform that answers as told, in turn, and keeps what it was asked."""

    url: str = ""
    answers: list[object] = field(default_factory=list)
    """Data for an answer, a Response, or None to break the connection; GOOD once they are used up."""
    tokens: list[object] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    used: list[str] = field(default_factory=list)
    """The token of each send."""
    uploads: list[tuple[str, bytes]] = field(default_factory=list)
    upload_answer: object = field(default_factory=lambda: {"errcode": 0, "media_id": "m-1"})
    asked: int = 0

    async def token(self, request: web.Request) -> web.StreamResponse:
        assert dict(request.query) == {"corpid": "ww0123456789abcdef", "corpsecret": "corp-secret"}
        self.asked += 1
        default = {"errcode": 0, "access_token": f"t-{self.asked}", "expires_in": 7200}
        return self._said(self.tokens.pop(0) if self.tokens else default, request)

    async def message(self, request: web.Request) -> web.StreamResponse:
        self.raw.append(await request.read())
        self.sent.append(json.loads(self.raw[-1]))
        self.used.append(request.query.get("access_token", request.query.get("key", "")))
        return self._said(self.answers.pop(0) if self.answers else GOOD, request)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        assert request.query["type"] == "image"
        media = (await request.post())["media"]
        assert isinstance(media, web.FileField)
        self.uploads.append((media.filename, media.file.read()))
        return self._said(self.upload_answer, request)

    @staticmethod
    def _said(answer: object, request: web.Request) -> web.StreamResponse:
        if answer is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return answer if isinstance(answer, web.StreamResponse) else web.json_response(answer)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/cgi-bin/gettoken", self.token)
        app.router.add_post("/cgi-bin/message/send", self.message)
        app.router.add_post("/cgi-bin/message/update_template_card", self.message)
        app.router.add_post("/cgi-bin/media/upload", self.upload)
        app.router.add_post("/cgi-bin/webhook/send", self.message)
        return app
