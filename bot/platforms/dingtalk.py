"""The pretend DingTalk: one organisation with one app robot, and perhaps a group's own robot, as its manual says.

Source: DingTalk, oauth2/accessToken, robot/oToMessages/batchSend, robot/groupMessages/send, media/upload, custom
robots, gateway/connections/open.
"""

import hashlib
import hmac
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import uuid4
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from bot.channels.dingtalk.client import TOKEN_HEADER, WEBHOOK
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, WINDOW, signed
from bot.clock import Clock
from bot.platforms.dingtalk_messages import Refusal, Seen, seen
from bot.platforms.dingtalk_pen import (
    SESSION_PATH,
    SESSION_UNTIL,
    SESSION_WEBHOOK,
    App,
    milliseconds,
    robot_message,
)
from bot.platforms.dingtalk_stream import StreamGateway
from bot.platforms.platform import Callback, Fault, Line, Platform, Waiting
from handlers.incoming import Incoming

OAPI = "https://oapi.dingtalk.com"
MAX_PEOPLE = 20
HOOK_PER_MINUTE = 20
HOOK_BLOCK = timedelta(minutes=10)
SESSION_LIFE = timedelta(minutes=90)
TOKEN_LIFE = timedelta(hours=2)
_MAX_IMAGE = 20 * 1024 * 1024
_ZONE = ZoneInfo("Asia/Shanghai")

_Taken = Callable[[dict[str, Any], Fault], web.Response]


class DingtalkPlatform(Platform):
    """One organisation of DingTalk."""

    def __init__(
        self,
        app: App,
        *,
        clock: Clock,
        session: aiohttp.ClientSession,
        channel: str = "dingtalk",
        mode: Literal["stream", "http"] = "http",
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        monthly_calls: int | None = None,
        hook_token: str = "",
        hook_secret: str = "",
        oapi_base: str = OAPI,
    ) -> None:
        """`mode`: how messages reach the service; over HTTP `webhook`, its address, may be set later.

        `monthly_calls`: of the API in a calendar month of domain time, tokens not counted. `hook_token` is the key
        of the group robot, whose group's chat is named "webhook"; without one there is no such robot. `oapi_base` is
        where session webhooks are said to live. The session stays the caller's to close.
        """
        super().__init__(
            clock=clock,
            session=session,
            channel=channel,
            tenant=app.corp_id,
            send_faults=send_faults,
            callback_faults=callback_faults,
            real_clock=real_clock,
            new_id=new_id,
        )
        self.gateway = StreamGateway(app, new_id) if mode == "stream" else None
        """The platform's end of Stream; None where messages are posted."""
        self.calls = 0
        """Calls of the API in the running month, those beyond the quota included."""
        self.download_base = ""
        """Where files are said to lie; the platform's own address unless told otherwise."""
        self._tickets: dict[str, str] = {}
        self._app = app
        self._stamp = 0
        self._monthly_calls = monthly_calls
        self._month = ""
        self._token = ""
        self._token_until = clock.now()
        self._media: dict[str, bytes] = {}
        self._hook_token = hook_token
        self._hook_secret = hook_secret
        self._hook_sends: deque[datetime] = deque()
        self._hook_blocked_until: datetime | None = None
        self._oapi_base = oapi_base

    async def connected(self) -> None:
        """Over Stream, wait for the service's connection."""
        if self.gateway is not None:
            await self.gateway.online.wait()

    def application(self) -> web.Application:
        """The platform's side of both bases, `api_base` and `oapi_base`."""
        app = web.Application(client_max_size=_MAX_IMAGE + 64 * 1024)
        app.router.add_post("/v1.0/oauth2/accessToken", self._give_token)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._send_to_people)
        app.router.add_post("/v1.0/robot/groupMessages/send", self._send_to_group)
        app.router.add_post("/media/upload", self._upload)
        app.router.add_post("/topapi/v2/user/getbymobile", self._tell_whose_number)
        app.router.add_post("/robot/send", self._send_by_hook)
        app.router.add_post("/v1.0/gateway/connections/open", self._open_connection)
        app.router.add_post("/v1.0/robot/messageFiles/download", self._tell_where)
        app.router.add_get("/files/{ticket}", self._give_file)
        if self.gateway:
            self.gateway.mount(app)
        return app

    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """The plain JSON body, under a signature that covers the stamp alone; a press is typing."""
        del pressed
        # Two people may write within one millisecond, and share a signature. Here nobody does: it would be chance.
        self._stamp = max(milliseconds(self.real_clock.now()), self._stamp + 1)
        timestamp = str(self._stamp)
        headers = {
            TIMESTAMP: timestamp,
            SIGN: signed(self._app.app_secret, timestamp),
            "content-type": "application/json; charset=utf-8",
        }
        return Callback(json.dumps(self._body(message), ensure_ascii=False).encode(), headers)

    async def _post(self, waiting: Waiting) -> int | None:
        if not waiting.message.private and not waiting.message.addressed:
            return 200  # what is not said to the robot never leaves the platform
        if self.gateway is None:
            return await super()._post(waiting)
        self.tally.callbacks += 1
        ack = await self.gateway.deliver(self._body(waiting.message))
        return ack.code if ack else None

    def _body(self, message: Incoming) -> dict[str, Any]:
        until = milliseconds(message.sent_at + SESSION_LIFE)
        session = f"{self._oapi_base}{SESSION_PATH}?session={message.message_id}"
        extra = {SESSION_WEBHOOK: session, SESSION_UNTIL: str(until)}
        return robot_message(replace(message, extra=extra), self._app)

    async def _give_token(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        body = await _object(request)
        if (body.get("appKey"), body.get("appSecret")) != (self._app.app_key, self._app.app_secret):
            self.tally.forged += 1
            return _refused(Refusal("invalidClientIdOrSecret"))
        if not self._is_current(self._token):
            self._token = self.new_id()
        self._token_until = self.clock.now() + TOKEN_LIFE
        return web.json_response({"accessToken": self._token, "expireIn": int(TOKEN_LIFE.total_seconds())})

    def _is_current(self, token: str) -> bool:
        current = bool(self._token) and self.clock.now() < self._token_until
        return current and hmac.compare_digest(token.encode(errors="replace"), self._token.encode())

    async def _send_to_people(self, request: web.Request) -> web.Response:
        def take(body: dict[str, Any], fault: Fault) -> web.Response:
            people = body.get("userIds")
            if not isinstance(people, list) or not all(isinstance(one, str) and one for one in people):
                raise Refusal("invalidParameter.userIds.invalid")
            if not 0 < len(people) <= MAX_PEOPLE:
                raise Refusal("invalidParameter.userIds.tooLong" if people else "invalidParameter.userIds.empty")
            shot = seen(body.get("msgKey"), body.get("msgParam"))
            message_id = self.new_id()
            for one in people:
                if one not in self.gone:
                    message_id = self._put(self.private_chat(one), shot, fault)
            absent = [one for one in people if one in self.gone]
            return web.json_response(
                {"processQueryKey": message_id, "invalidStaffIdList": absent, "flowControlledStaffIdList": []}
            )

        return await self._send(request, take)

    async def _send_to_group(self, request: web.Request) -> web.Response:
        def take(body: dict[str, Any], fault: Fault) -> web.Response:
            group = body.get("openConversationId")
            if not isinstance(group, str) or not group or group in self.gone:
                raise Refusal("invalid.openConversationId")
            shot = seen(body.get("msgKey"), body.get("msgParam"))
            return web.json_response({"processQueryKey": self._put(group, shot, fault)})

        return await self._send(request, take)

    async def _send(self, request: web.Request, take: _Taken) -> web.Response:
        """One call of the robot API: token, quota, fault, and what `take` makes of the body."""
        body = await _object(request)
        try:
            self._admit(request.headers.get(TOKEN_HEADER, ""))
            fault = self.next_fault()
            if fault is Fault.FAIL:
                return _failing(down=self.is_down())
            self._check(fault, body)
            return await self.answered(request, take(body, fault), fault)
        except Refusal as refusal:
            return _refused(refusal)

    def _check(self, fault: Fault, body: dict[str, Any]) -> None:
        """Raise Refusal for what is wrong with any call of the robot API."""
        if fault is Fault.THROTTLE:
            raise Refusal("Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", 403)
        if fault is Fault.EXPIRE:
            self._token = ""
            raise Refusal("InvalidAuthentication", 401)
        if body.get("robotCode") != self._app.robot:
            raise Refusal("invalidParameter.robotCode.notExist")

    def _admit(self, token: str) -> None:
        """Check the token and count the call. Raises Refusal."""
        if not self._is_current(token):
            raise Refusal("InvalidAuthentication", 401)
        month = self.clock.now().astimezone(_ZONE).strftime("%Y-%m")
        if month != self._month:
            self._month, self.calls = month, 0
        self.calls += 1
        if self._monthly_calls is not None and self.calls > self._monthly_calls:
            raise Refusal("Forbidden.AccessDenied.ApiCountLimitForOrg", 403)

    def _put(self, chat: str, shot: Seen, fault: Fault) -> str:
        """Show the message unless it is to be dropped. Raises Refusal for a picture that was never uploaded."""
        image, file = self._media.get(shot.photo), self._media.get(shot.file)
        if (shot.photo and image is None) or (shot.file and file is None):
            raise Refusal("invalidParameter.msgParam.invalid")
        if fault is Fault.DROP:
            self.tally.dropped += 1
            return self.new_id()
        # A picture has no words; a trace of it stands in for them, so that two pictures are not taken for one.
        text = shot.text if image is None else f"[图片 {hashlib.sha256(image).hexdigest()[:8]}]"
        return self.show(chat, text, shot.payload, key=None, commands=shot.commands, picture=image, file=file)

    async def _upload(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        try:
            self._admit(request.query.get("access_token", ""))
        except Refusal as refusal:
            return _errcode(40014 if refusal.status == 401 else 90020)
        form = await request.post()
        media = form.get("media")
        kind = form.get("type")
        if kind not in {"image", "file"} or not isinstance(media, web.FileField):
            return _errcode(40035)
        if self.refuses_uploads:
            return _errcode(40005)
        self.uploads += media.filename != "picture.png"
        media_id = f"@{self.new_id()}"
        self._media[media_id] = media.file.read()
        return web.json_response({"errcode": 0, "errmsg": "ok", "media_id": media_id, "type": kind})

    async def _tell_whose_number(self, request: web.Request) -> web.Response:
        """The address book is not counted in the month's calls."""
        if self.is_down():
            return web.Response(status=503)
        if not self._is_current(request.query.get("access_token", "")):
            return _errcode(40014)
        account = self.phones.get((await _object(request)).get("mobile", ""))
        if account is None:
            return _errcode(60121)
        return web.json_response({"errcode": 0, "errmsg": "ok", "result": {"userid": account}})

    async def _tell_where(self, request: web.Request) -> web.Response:
        """For a download code the address at which the file may be had, once."""
        if self.is_down():
            return web.Response(status=503)
        body = await _object(request)
        try:
            self._admit(request.headers.get(TOKEN_HEADER, ""))
            self._check(Fault.NONE, body)
        except Refusal as refusal:
            return _refused(refusal)
        if body.get("downloadCode") not in self.left:
            return _refused(Refusal("invalidParameter.downloadCode"))
        ticket = self.new_id()
        self._tickets[ticket] = body["downloadCode"]
        base = self.download_base or f"{request.scheme}://{request.host}"
        return web.json_response({"downloadUrl": f"{base}/files/{ticket}?Signature=a%2Bb%3D"})

    async def _give_file(self, request: web.Request) -> web.Response:
        code = self._tickets.pop(request.match_info["ticket"], "")
        if code not in self.left or request.raw_path.partition("?")[2] != "Signature=a%2Bb%3D":
            return web.Response(status=403)
        return web.Response(body=self.left[code].content, content_type="application/octet-stream")

    async def _send_by_hook(self, request: web.Request) -> web.Response:
        body = await _object(request)
        fault = self.next_fault()
        if fault in {Fault.FAIL, Fault.EXPIRE}:
            return _failing(down=self.is_down())
        code = 410100 if fault is Fault.THROTTLE else self._hook_code(request, body)
        if code:
            return _errcode(code)
        if fault is Fault.DROP:
            self.tally.dropped += 1
        else:
            self.show(WEBHOOK, body["text"]["content"], body, key=None)
        return await self.answered(request, _errcode(0), fault)

    def _hook_code(self, request: web.Request, body: dict[str, Any]) -> int:
        """What is wrong with a send to the group's own robot; 0 for nothing."""
        if not self._hook_token or request.query.get("access_token") != self._hook_token:
            return 400101
        if not self._hook_vouched(request):
            self.tally.forged += 1
            return 310000
        text = body.get("text")
        if body.get("msgtype") != "text" or not isinstance(text, dict) or not text.get("content"):
            return 400105
        return 410100 if self._hook_hurries() else 0

    def _hook_vouched(self, request: web.Request) -> bool:
        if not self._hook_secret:
            return True
        timestamp, sign = request.query.get(TIMESTAMP, ""), request.query.get(SIGN, "")
        if not timestamp.isdecimal() or not hmac.compare_digest(
            signed(self._hook_secret, timestamp).encode(), sign.encode(errors="replace")
        ):
            return False
        return abs(milliseconds(self.real_clock.now()) - int(timestamp)) <= WINDOW // timedelta(milliseconds=1)

    def _hook_hurries(self) -> bool:
        """Count the send; whether it is one too many, by domain time."""
        now = self.clock.now()
        if self._hook_blocked_until is not None and now < self._hook_blocked_until:
            return True
        while self._hook_sends and now - self._hook_sends[0] >= timedelta(minutes=1):
            self._hook_sends.popleft()
        self._hook_sends.append(now)
        if len(self._hook_sends) <= HOOK_PER_MINUTE:
            return False
        self._hook_sends.clear()
        self._hook_blocked_until = now + HOOK_BLOCK
        return True

    async def _open_connection(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        if self.gateway is None:
            return _refused(Refusal("stream.notEnabled"))
        try:
            return web.json_response(self.gateway.ticket(await _object(request), request.host))
        except Refusal as refusal:
            self.tally.forged += 1
            return _refused(refusal)


async def _object(request: web.Request) -> dict[str, Any]:
    """The body; empty for what is no JSON object."""
    try:
        body = json.loads(await request.read())
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _refused(refusal: Refusal) -> web.Response:
    """The new API's manner."""
    return web.json_response({"code": refusal.code, "message": "refused", "requestid": "R-1"}, status=refusal.status)


def _errcode(code: int) -> web.Response:
    """The old API's manner: always 200."""
    return web.json_response({"errcode": code, "errmsg": "refused" if code else "ok"})


def _failing(*, down: bool) -> web.Response:
    if down:
        return web.Response(status=503)
    return web.json_response({"code": "system.error", "message": "busy", "requestid": "R-1"}, status=500)
