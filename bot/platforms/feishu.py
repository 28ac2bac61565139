"""The pretend Feishu: one organisation with one app and perhaps a group robot, behaving as its manual says.

Source: Feishu, auth/v3/tenant_access_token/internal, im/v1/messages and images, bot/v3/info, custom bot guide,
im.message.receive_v1, card.action.trigger.
"""

import json
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.channels.feishu.client import HOOK, hook_sign
from bot.channels.feishu.envelope import MESSAGE, PRESS
from bot.channels.feishu.pressing import blank_name
from bot.channels.feishu.seal import NONCE, SIGNATURE, TIMESTAMP, Seal
from bot.clock import Clock
from bot.platforms import feishu_limits as limits
from bot.platforms.feishu_answers import Refused, Throttled, answering, body_of, success
from bot.platforms.feishu_app import PHONE_SCOPE, SCOPES, TENANT_SCOPE, App
from bot.platforms.feishu_events import BOT_NAME, BOT_OPEN_ID, message_event, milliseconds, press_event
from bot.platforms.feishu_sight import UploadedFile, button_values, seen, without_pictures
from bot.platforms.platform import Callback, Fault, Line, Platform, Said, Waiting
from handlers.incoming import Incoming


class FeishuPlatform(Platform):
    """One organisation of Feishu."""

    def __init__(
        self,
        app: App,
        *,
        clock: Clock,
        session: aiohttp.ClientSession,
        tenant: str,
        channel: str = "feishu",
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
        qps: int | None = None,
        hook_token: str = "",
        hook_secret: str = "",
        hook_chat: str = HOOK,
    ) -> None:
        """`qps` limits the sends to one receiver within any real second (the real platform: 5).

        With `hook_token` there is a group robot: its address ends in it, its messages stand in the chat `hook_chat`.
        """
        super().__init__(
            clock=clock,
            session=session,
            channel=channel,
            tenant=tenant,
            send_faults=send_faults,
            callback_faults=callback_faults,
            real_clock=real_clock,
            new_id=new_id,
        )
        self.images: dict[str, bytes] = {}
        """What was uploaded, by its key."""
        self.files: dict[str, UploadedFile] = {}
        self.scopes = {*SCOPES, PHONE_SCOPE}
        """What the app was granted."""
        self.bot_state: int | None = limits.BOT_IN_USE
        """What became of the app in the organisation; None: it has no bot."""
        self._app = app
        self._seal = Seal(app.encrypt_key)
        self._qps = qps
        self._hook_token = hook_token
        self._hook_secret = hook_secret
        self._hook_chat = hook_chat
        self._tokens: dict[str, datetime] = {}
        """Each token that was ever given, and the domain time of its end."""
        self._sends: defaultdict[str, deque[datetime]] = defaultdict(deque)
        self._values: dict[str, tuple[dict[str, Any], dict[str, str] | None]] = {}
        """By the id of a press: the button's value and what was filled in."""

    def application(self) -> web.Application:
        """The platform's side of `api_base`."""
        app = web.Application(client_max_size=limits.MAX_UPLOAD + 64 * 1024)
        routes = {
            ("POST", "/open-apis/auth/v3/tenant_access_token/internal"): self._give_token,
            ("POST", "/open-apis/im/v1/messages"): self._create,
            ("PATCH", "/open-apis/im/v1/messages/{message_id}"): self._update,
            ("POST", "/open-apis/im/v1/images"): self._upload,
            ("POST", "/open-apis/im/v1/files"): self._upload_file,
            ("GET", "/open-apis/im/v1/messages/{message_id}/resources/{file_key}"): self._give_file,
            ("POST", "/open-apis/contact/v3/users/batch_get_id"): self._tell_whose_numbers,
            ("GET", "/open-apis/bot/v3/info"): self._tell_bot,
            ("GET", "/open-apis/application/v6/scopes"): self._tell_scopes,
            ("GET", "/open-apis/tenant/v2/tenant/query"): self._tell_tenant,
            ("POST", "/open-apis/bot/v2/hook/{token}"): self._hook,
        }
        for (method, path), handler in routes.items():
            app.router.add_route(method, path, answering(handler))
        return app

    # What people do

    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """An encrypted and signed event; a message is words or, without words, its first file."""
        account = self._app.account
        if pressed is None:
            # A resend may come with another event id: only the message's own id tells it apart.
            return self.sealed(self._headed(message, MESSAGE, uuid4().hex, message_event(message, account)))
        value, filled = self._values[message.message_id]
        event = press_event(message, account, pressed.message_id, value, filled)
        return self.sealed(self._headed(message, PRESS, message.message_id, event))

    def sealed(self, content: dict[str, Any]) -> Callback:
        """Any content as the platform would post it."""
        body = self._seal.seal(json.dumps(content, ensure_ascii=False).encode())
        stamp, nonce = str(int(self.real_clock.now().timestamp())), uuid4().hex
        signature = self._seal.signature(body, timestamp=stamp, nonce=nonce)
        return Callback(
            body,
            {"content-type": "application/json", TIMESTAMP: stamp, NONCE: nonce, SIGNATURE: signature},
        )

    def _headed(self, message: Incoming, kind: str, event_id: str, event: dict[str, Any]) -> dict[str, Any]:
        header = {
            "event_id": event_id,
            "event_type": kind,
            "create_time": milliseconds(message.sent_at) + ("000" if kind == PRESS else ""),
            "token": self._app.verification_token,
            "app_id": self._app.app_id,
            "tenant_key": message.tenant,
        }
        return {"schema": "2.0", "header": header, "event": event}

    async def press_of(self, line: Line, sender: str, command: str, *, group: str | None) -> Said:
        """Press a button of `line`; KeyError if it has none with that command."""
        for _, button in button_values(line.card or {}):
            if button.get("command") == command:
                return await self._press(line, sender, button, None, group, text=command)
        raise KeyError(command)

    async def submit(self, sender: str, values: Sequence[str], *, group: str | None = None) -> Said:
        """Fill in the newest form of the chat, `values` in the order of its blanks; KeyError if there is none."""
        for line in reversed(self.chat(group or self.private_chat(sender))):
            for _, value in button_values(line.card or {}):
                if "form" in value:
                    filled = {blank_name(place): said for place, said in enumerate(values)}
                    return await self._press(line, sender, value, filled, group, text="")
        raise KeyError("form")

    async def call_back(self, message: Incoming, pressed: Line) -> Said:
        """Deliver a press, once: the platform never tries one again, the person sees that it failed."""
        self.tally.said += 1
        fault = next(self._callback_faults, Fault.NONE)
        status = await self._post(Waiting(message, pressed))
        return Said(message.message_id, None if fault is Fault.LOSE_ANSWER else status)

    async def _press(
        self,
        line: Line,
        sender: str,
        value: dict[str, Any],
        filled: dict[str, str] | None,
        group: str | None,
        *,
        text: str,
    ) -> Said:
        message = Incoming(
            channel=self.channel,
            tenant=self.tenant,
            message_id=self.new_id(),
            sender=sender,
            conversation=group or self.private_chat(sender),
            private=group is None,
            addressed=True,
            text=text,
            sent_at=self.clock.now(),
        )
        self._values[message.message_id] = (value, filled)
        return await self.call_back(message, line)

    # What the service calls

    async def _give_token(self, request: web.Request) -> web.Response:
        """The same token while more than half an hour is left, then another beside it."""
        asked = await body_of(request)
        if (asked.get("app_id"), asked.get("app_secret")) != (self._app.app_id, self._app.app_secret):
            self.tally.forged += 1
            known = asked.get("app_id") == self._app.app_id
            raise Refused(10014, "app secret invalid" if known else "app id not exists", status=200)
        if self.is_down():
            return web.Response(status=503)
        now = self.clock.now()
        token = next((name for name, end in self._tokens.items() if end - now >= limits.RENEWED_BELOW), "")
        if not token:
            token = f"t-{self.new_id()}"
            self._tokens[token] = now + limits.TOKEN_LIFE
        left = int((self._tokens[token] - now).total_seconds())
        return success(tenant_access_token=token, expire=left)

    async def _create(self, request: web.Request) -> web.Response:
        token = self._known_token(request)
        message = await body_of(request)
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500, text="<html>Bad Gateway</html>")
            case Fault.THROTTLE:
                raise Throttled
            case Fault.EXPIRE:
                self._tokens[token] = self.clock.now()
        self._refuse_expired(token)
        receiver, chat = self._receiver(request.query.get("receive_id_type", ""), message)
        self._count(receiver)
        shown = seen(message.get("msg_type"), message.get("content"), self.images, self.files)
        if fault is Fault.DROP:
            self.tally.dropped += 1
            return success(data={"message_id": self.new_id(), "chat_id": chat})
        uuid = message.get("uuid", "")
        if not isinstance(uuid, str) or len(uuid) > 50:
            raise Refused(99992402, "field validation failed: uuid")
        self.forget_keys_before(self.clock.now() - limits.KEY_LIFE)
        message_id = self.show(
            chat,
            shown.text,
            shown.payload,
            key=uuid or None,
            said=without_pictures(shown.payload),
            commands=shown.commands,
            picture=shown.picture,
            file=shown.file,
        )
        answer = success(data={"message_id": message_id, "chat_id": chat})
        return await self.answered(request, answer, fault)

    async def _update(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        if self.is_down():
            return web.Response(status=503)
        message_id = request.match_info["message_id"]
        shown = seen("interactive", (await body_of(request)).get("content"), self.images)
        for chat in self._chats.values():
            for place, line in enumerate(chat):
                if line.message_id == message_id:
                    if self.clock.now() - line.at > limits.CARD_LIFE:
                        raise Refused(230031, "The message has exceeded the update deadline")
                    chat[place] = replace(
                        line, text=shown.text, card=shown.payload, commands=shown.commands, picture=shown.picture
                    )
                    return success(data={})
        raise Refused(230011, "The message has been recalled or does not exist")

    async def _upload(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        if self.is_down():
            return web.Response(status=503)
        form = await request.post()
        image = form.get("image")
        data = image.file.read() if isinstance(image, web.FileField) else b""
        if form.get("image_type") != "message" or not 0 < len(data) <= limits.MAX_IMAGE:
            raise Refused(234001, "Invalid request param")
        key = f"img_{self.new_id()}"
        self.images[key] = data
        return success(data={"image_key": key})

    async def _upload_file(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        if self.is_down():
            return web.Response(status=503)
        form = await request.post()
        file, name = form.get("file"), form.get("file_name")
        data = file.file.read() if isinstance(file, web.FileField) else b""
        right = (
            form.get("file_type") in limits.FILE_TYPES and isinstance(name, str) and 0 < len(data) <= limits.MAX_UPLOAD
        )
        if self.refuses_uploads or not right:
            raise Refused(234001, "Invalid request param")
        self.uploads += 1
        key = f"file_{self.new_id()}"
        self.files[key] = UploadedFile(str(name), data)
        return success(data={"file_key": key})

    async def _give_file(self, request: web.Request) -> web.Response:
        """A file of a message to the bot; the manual's limit is far above ours."""
        self._refuse_expired(self._known_token(request))
        if self.is_down():
            return web.Response(status=503)
        left = self.left.get(request.match_info["file_key"])
        if request.query.get("type") not in {"image", "file"}:
            raise Refused(234001, "Invalid request param")
        if left is None:
            raise Refused(230110, "Action unavailable as the message has been deleted")
        if len(left.content) > limits.MAX_FILE:
            raise Refused(234037, "Downloaded file size exceeds limit")
        return web.Response(body=left.content, content_type="application/octet-stream")

    async def _tell_whose_numbers(self, request: web.Request) -> web.Response:
        """Whose numbers those are; one that nobody has comes back without an id."""
        self._refuse_expired(self._known_token(request))
        if self.is_down():
            return web.Response(status=503)
        if PHONE_SCOPE not in self.scopes:
            raise Refused(99991672, f"Access denied. One of the following scopes is required: [{PHONE_SCOPE}].")
        numbers = (await body_of(request)).get("mobiles")
        if request.query.get("user_id_type") != self._app.account or not isinstance(numbers, list) or len(numbers) > 50:
            raise Refused(99992402, "field validation failed")
        found = [{"mobile": one} | ({"user_id": self.phones[one]} if one in self.phones else {}) for one in numbers]
        return success(data={"user_list": found})

    async def _tell_bot(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        if self.bot_state is None:
            raise Refused(11205, "app do not have bot")
        return success(bot={"activate_status": self.bot_state, "app_name": BOT_NAME, "open_id": BOT_OPEN_ID})

    async def _tell_scopes(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        asked_for = sorted(self.scopes.union(SCOPES))
        granted = [{"scope_name": name, "grant_status": 1 if name in self.scopes else 2} for name in asked_for]
        return success(data={"scopes": granted})

    async def _tell_tenant(self, request: web.Request) -> web.Response:
        self._refuse_expired(self._known_token(request))
        if TENANT_SCOPE not in self.scopes:
            raise Refused(99991672, f"Access denied. One of the following scopes is required: [{TENANT_SCOPE}].")
        return success(data={"tenant": {"name": "某县", "tenant_tag": 0, "tenant_key": self.tenant}})

    async def _hook(self, request: web.Request) -> web.Response:
        message = await body_of(request)
        if not self._hook_token or request.match_info["token"] != self._hook_token:
            raise Refused(19001, "param invalid: incoming webhook access token invalid", status=200)
        if self._hook_secret and not self._is_signed(message):
            self.tally.forged += 1
            raise Refused(19021, "sign match fail or timestamp is not within one hour from current time", status=200)
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500)
            case Fault.THROTTLE:
                raise Refused(11232, "frequency limited", status=200)
            case Fault.DROP:
                self.tally.dropped += 1
                return success(data={})
        content = message.get("content")
        text = content.get("text") if isinstance(content, dict) else None
        if message.get("msg_type") != "text" or not isinstance(text, str):
            raise Refused(9499, "Bad Request", status=200)
        self.show(self._hook_chat, text, message, key=None)
        return await self.answered(request, success(data={}), fault)

    def _is_signed(self, message: dict[str, Any]) -> bool:
        stamp = message.get("timestamp", "")
        if not (isinstance(stamp, str) and stamp.isdigit()):
            return False
        near = abs(self.real_clock.now().timestamp() - int(stamp)) <= limits.HOOK_WINDOW.total_seconds()
        return near and message.get("sign") == hook_sign(stamp, self._hook_secret)

    def _known_token(self, request: web.Request) -> str:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if token not in self._tokens:
            self.tally.forged += 1
            raise Refused(99991663 if token else 99991661, "Invalid access token for authorization")
        return token

    def _refuse_expired(self, token: str) -> None:
        if self._tokens[token] <= self.clock.now():
            raise Refused(99991663, "Invalid access token for authorization")

    def _receiver(self, id_type: str, message: dict[str, Any]) -> tuple[str, str]:
        """Whom a message is for, and in which chat it stands."""
        receiver = message.get("receive_id")
        if id_type not in limits.ID_TYPES or not isinstance(receiver, str) or not receiver:
            raise Refused(230001, "Your request contains an invalid request parameter: receive_id")
        if id_type not in {"chat_id", self._app.account}:
            raise Refused(99992351, "The request you send is not a valid {open_id} or not exists")
        if id_type == "chat_id":
            if receiver in self.gone:
                raise Refused(230002, "Bot/User can NOT be out of the chat")
            return receiver, receiver
        if receiver in self.gone:
            raise Refused(230013, "Bot has NO availability to this user")
        return receiver, self.private_chat(receiver)

    def _count(self, receiver: str) -> None:
        """Refuse the send that is one too many for its receiver within a second."""
        if self._qps is None:
            return
        now, sends = self.real_clock.now(), self._sends[receiver]
        while sends and now - sends[0] >= timedelta(seconds=1):
            sends.popleft()
        if len(sends) >= self._qps:
            raise Throttled
        sends.append(now)
