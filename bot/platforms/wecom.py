"""The pretend WeCom 企业微信 of one company with one self-built app, and the robot of one of its groups."""

import hashlib
from base64 import b64decode
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.channels.wecom.envelope import PRESS, press_id
from bot.clock import Clock
from bot.platforms.platform import Callback, Fault, Line, Platform, Said
from bot.platforms.wecom_answers import Code, answer, picture_name, read_object
from bot.platforms.wecom_files import BAD_FILE, MAX_FILE, MEDIA_LIFE, Shelf
from bot.platforms.wecom_forms import as_cut, as_seen, refusal
from bot.platforms.wecom_pen import Pen, Pressed
from handlers.incoming import Incoming

TOKEN_SECONDS = 7200
CODE_LIFE = timedelta(hours=72)
A_MINUTE, AN_HOUR = timedelta(minutes=1), timedelta(hours=1)
MEMBER_LIMITS = ((A_MINUTE, 30), (AN_HOUR, 1000))
"""Messages to one member in a span; what exceeds them is dropped without a word."""
HOOK_LIMIT = 20
"""Messages a minute of a group robot; what exceeds them is refused."""
LONGEST_CHECK = 4 * 60 * 60


class WecomPlatform(Platform):
    """One company. Tokens live until a fault ends them: domain time may be wound, theirs is real."""

    def __init__(
        self,
        *,
        corp_id: str,
        agent_id: int,
        secret: str,
        token: str,
        encoding_aes_key: str,
        clock: Clock,
        session: aiohttp.ClientSession,
        channel: str = "wecom",
        hook_key: str = "",
        hook_group: str = "webhook",
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: str(uuid4().int % 10**19),
    ) -> None:
        """`hook_key` opens the robot of the group `hook_group`; without it there is none."""
        super().__init__(
            clock=clock,
            session=session,
            channel=channel,
            tenant=corp_id,
            send_faults=send_faults,
            callback_faults=callback_faults,
            real_clock=real_clock,
            new_id=new_id,
        )
        self.tells_file_names = False
        self.pen = Pen(
            corp_id=corp_id,
            agent_id=agent_id,
            token=token,
            encoding_aes_key=encoding_aes_key,
            real_clock=self.real_clock,
        )
        self.untrusted_address = ""
        """Set, the service's calls are refused as coming from there; a token is given all the same."""
        self.visible_to: dict[str, object] = {"allow_partys": {"partyid": [1]}}
        """The app's visible scope, in the platform's own words."""
        self.head_count = 100
        self.wrong_numbers = 0
        """Asked for in vain; above a fifth of the head-count nobody may ask any more."""
        self.closed = False
        """Whether the app is switched off."""
        self._agent_id = agent_id
        self._secret = secret
        self._hook_key = hook_key
        self._hook_group = hook_group
        self._token = ""
        self._old_tokens: set[str] = set()
        self._media: dict[str, bytes] = {}
        self._files = Shelf()
        self._first_seen: dict[str, datetime] = {}
        self._tasks: dict[str, str] = {}
        self._codes: dict[str, tuple[str, datetime]] = {}
        self._sent_to: defaultdict[str, list[datetime]] = defaultdict(list)
        self._told_group: list[datetime] = []

    @staticmethod
    def private_chat(person: str) -> str:
        """The id of that person's private chat with the app; ids are the same whatever their case."""
        return f"private-{person.lower()}"

    def application(self) -> web.Application:
        """The platform's side of `api_base`."""
        app = web.Application(client_max_size=MAX_FILE + 64 * 1024)
        app.router.add_get("/cgi-bin/gettoken", self._give_token)
        app.router.add_get("/cgi-bin/agent/get", self._tell_app)
        app.router.add_get("/cgi-bin/getcallbackip", self._tell_sources)
        app.router.add_post("/cgi-bin/message/send", self._take_message)
        app.router.add_post("/cgi-bin/message/update_template_card", self._update)
        app.router.add_post("/cgi-bin/user/getuserid", self._tell_whose_number)
        app.router.add_post("/cgi-bin/media/upload", self._take_media)
        app.router.add_get("/cgi-bin/media/get", self._give_media)
        app.router.add_post("/cgi-bin/webhook/send", self._take_for_group)
        app.router.add_post("/cgi-bin/webhook/upload_media", self._take_media_for_group)
        return app

    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """XML in an envelope; for a press an event with a code to change the card. The app hears nothing of groups."""
        if not message.private:
            raise ValueError("a self-built app is not in groups")
        task_id = _task_of(pressed)
        button = Pressed(task_id, self._new_code(task_id)) if task_id else None
        return self.pen.post(self.pen.content(message, button))

    async def press_of(self, line: Line, sender: str, command: str, *, group: str | None) -> Said:
        """Press a button: an event of its own, which bears no message id."""
        del group
        now = self.clock.now()
        at = str(int(now.timestamp()))
        message = Incoming(
            channel=self.channel,
            tenant=self.tenant,
            message_id=press_id(sender.lower(), at, PRESS, command, _task_of(line)),
            sender=sender,
            conversation=self.private_chat(sender),
            private=True,
            addressed=True,
            text=command,
            sent_at=now,
        )
        return await self.call_back(message, line)

    async def check_address(self) -> bool:
        """Ask whether the app is there, as the platform does when the address is entered."""
        echo = self.new_id()
        sealed = self.pen.check(echo)
        async with self._session.get(self.webhook, params=sealed.query) as answer:
            return answer.status == 200 and await answer.text() == echo

    async def _give_token(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        if request.query.get("corpid") != self.tenant:
            return answer(Code.BAD_CORP)
        if request.query.get("corpsecret") != self._secret:
            self.tally.forged += 1
            return answer(Code.BAD_SECRET)
        self._token = self._token or f"token-{self.new_id()}"
        return answer(Code.OK, access_token=self._token, expires_in=TOKEN_SECONDS)

    async def _tell_app(self, request: web.Request) -> web.Response:
        if code := self._token_refusal(request):
            return answer(
                code, errmsg=f"not allow to access from your ip, from ip: {self.untrusted_address}, more info"
            )
        if request.query.get("agentid") != str(self._agent_id):
            return answer(Code.BAD_AGENT)
        return answer(Code.OK, agentid=self._agent_id, name="督办", close=int(self.closed), **self.visible_to)

    async def _tell_sources(self, request: web.Request) -> web.Response:
        if code := self._token_refusal(request):
            return answer(code)
        return answer(Code.OK, ip_list=["101.226.103.*", "101.226.62.*"])

    async def _take_message(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self.is_down() and (code := self._token_refusal(request)):
            return answer(code)
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500)
            case Fault.THROTTLE:
                return answer(Code.THROTTLED)
            case Fault.EXPIRE:
                self._old_tokens.add(self._token)
                self._token = ""
                return answer(Code.OLD_TOKEN)
            case Fault.DROP:
                self.tally.dropped += 1
                return self._accepted(self.new_id())
            case _:
                return await self.answered(request, self._accept(body), fault)

    def _accept(self, body: bytes) -> web.Response:
        message = read_object(body)
        if message is None:
            return answer(Code.BAD_JSON)
        if code := refusal(message, self._agent_id):
            return answer(code)
        person: str = message["touser"].lower()
        if person in {gone.lower() for gone in self.gone}:
            return answer(Code.NOBODY, invaliduser=person)
        if message["msgtype"] == "image" and message["image"].get("media_id") not in self._media:
            return answer(Code.BAD_MEDIA)
        if message["msgtype"] == "file" and self._files.find(message, self.clock.now(), hook=False) is None:
            return answer(Code.BAD_MEDIA)
        key = self._key(body, message)
        card = message.get("template_card")
        if card is not None and self._tasks.setdefault(card["task_id"], key) != key:
            self.tally.conflicts += 1
            return answer(Code.BAD_TASK)
        if key not in self._shown and self._is_too_much(person):
            self.tally.dropped += 1
            return self._accepted(self.new_id())
        message_id = self._show(person, message, key)
        return (
            self._accepted(message_id, response_code=self._new_code(card["task_id"]))
            if card
            else self._accepted(message_id)
        )

    def _key(self, body: bytes, message: dict[str, Any]) -> str:
        """What tells this message from others: its JSON, as long as the sender asked to have that remembered."""
        digest = hashlib.sha256(body).hexdigest()
        seconds = min(message.get("duplicate_check_interval", 1800), LONGEST_CHECK)
        life = timedelta(seconds=seconds if message["enable_duplicate_check"] else 0)
        now = self.clock.now()
        first = self._first_seen.get(digest)
        if first is None or now - first >= life:
            self._first_seen[digest] = first = now
        return f"{digest} {first.isoformat()}" if life else f"{digest} {self.new_id()}"

    def _show(self, person: str, message: dict[str, Any], key: str) -> str:
        chat = self.private_chat(person)
        match message["msgtype"]:
            case "text":
                return self.show(chat, as_cut(message["text"]["content"]), message, key=key)
            case "image":
                png = self._media[message["image"]["media_id"]]
                return self.show(chat, picture_name(png), message, key=key, picture=png)
            case "file":
                file = self._files.find(message, self.clock.now(), hook=False)
                assert file is not None, "looked for before"
                return self.show(chat, file.line, message, key=key, file=file.content)
            case _:
                card = message["template_card"]
                commands = {button["text"]: button["key"] for button in card["button_list"]}
                return self.show(chat, as_seen(card), message, key=key, commands=commands)

    def _is_too_much(self, person: str) -> bool:
        """Whether a member's limit is reached; counts the message otherwise."""
        now = self.clock.now()
        recent = self._sent_to[person] = [at for at in self._sent_to[person] if now - at < AN_HOUR]
        if any(sum(now - at < span for at in recent) >= most for span, most in MEMBER_LIMITS):
            return True
        recent.append(now)
        return False

    async def _tell_whose_number(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        if code := self._token_refusal(request):
            return answer(code)
        number = (read_object(await request.read()) or {}).get("mobile")
        if not isinstance(number, str) or not number:
            return answer(Code.BAD_JSON)
        if self.wrong_numbers * 5 > self.head_count:
            return answer(Code.THROTTLED)
        if (account := self.phones.get(number)) is None:
            self.wrong_numbers += 1
            return answer(Code.NO_SUCH_USER)
        return answer(Code.OK, userid=account)

    async def _take_media(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        if code := self._token_refusal(request):
            return answer(code)
        file = (await request.post()).get("media")
        if request.query.get("type") == "file":
            return self._keep_file(file, hook=False)
        if request.query.get("type") != "image" or not isinstance(file, web.FileField) or not file.filename:
            return answer(Code.BAD_MEDIA)
        media_id = f"media-{self.new_id()}"
        self._media[media_id] = file.file.read()
        return answer(Code.OK, type="image", media_id=media_id, created_at=str(int(self.clock.now().timestamp())))

    async def _take_media_for_group(self, request: web.Request) -> web.Response:
        if not self._hook_key or request.query.get("key") != self._hook_key:
            self.tally.forged += 1
            return answer(Code.BAD_HOOK)
        if request.query.get("type") != "file":
            return answer(BAD_FILE)
        return self._keep_file((await request.post()).get("media"), hook=True)

    def _keep_file(self, part: object, *, hook: bool) -> web.Response:
        now = self.clock.now()
        kept = BAD_FILE if self.refuses_uploads else self._files.keep(part, now, hook=hook)
        if isinstance(kept, int):
            return answer(kept)
        self.uploads += 1
        return answer(Code.OK, type="file", media_id=kept, created_at=str(int(now.timestamp())))

    async def _give_media(self, request: web.Request) -> web.Response:
        """What a member has sent, for three days; a refusal comes as JSON, under 200 as the rest."""
        if self.is_down():
            return web.Response(status=503)
        if code := self._token_refusal(request):
            return answer(code)
        left = self.left.get(request.query.get("media_id", ""))
        if left is None or self.clock.now() - left.at >= MEDIA_LIFE:
            return answer(Code.BAD_MEDIA)
        headers = {"content-disposition": 'attachment; filename="MEDIA_ID.jpg"'}
        return web.Response(body=left.content, content_type="image/jpeg", headers=headers)

    async def _update(self, request: web.Request) -> web.Response:
        if self.is_down():
            return web.Response(status=503)
        if code := self._token_refusal(request):
            return answer(code)
        wanted = await request.json()
        task_id, issued = self._codes.pop(wanted.get("response_code", ""), ("", self.clock.now()))
        if not task_id or self.clock.now() - issued >= CODE_LIFE:
            return answer(Code.USED_CODE)
        if wanted.get("agentid") != self._agent_id:
            return answer(40056)
        self._close(task_id, wanted["button"]["replace_name"])
        return answer(Code.OK, invaliduser=[])

    def _close(self, task_id: str, words: str) -> None:
        """Take the buttons off a card; `words` stand in their place."""
        for chat in self._chats.values():
            for place, line in enumerate(chat):
                if _task_of(line) == task_id:
                    chat[place] = replace(line, commands={}, text=f"{line.text}\n[{words}]")

    async def _take_for_group(self, request: web.Request) -> web.Response:
        body = await request.read()
        if not self._hook_key or request.query.get("key") != self._hook_key:
            self.tally.forged += 1
            return answer(Code.BAD_HOOK)
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500)
            case Fault.THROTTLE:
                return answer(Code.THROTTLED)
            case Fault.DROP:
                self.tally.dropped += 1
                return answer(Code.OK)
            case _:
                return await self.answered(request, self._accept_for_group(body), fault)

    def _accept_for_group(self, body: bytes) -> web.Response:
        message = read_object(body) or {}
        now = self.clock.now()
        self._told_group = [at for at in self._told_group if now - at < A_MINUTE]
        if len(self._told_group) >= HOOK_LIMIT:
            return answer(Code.THROTTLED)
        match message.get("msgtype"):
            case "text" if message["text"].get("content"):
                self.show(self._hook_group, as_cut(message["text"]["content"]), message, key=None)
            case "image":
                png = b64decode(message["image"]["base64"])
                if hashlib.md5(png, usedforsecurity=False).hexdigest() != message["image"]["md5"]:
                    return answer(Code.BAD_MEDIA)
                self.show(self._hook_group, picture_name(png), message, key=None, picture=png)
            case "file":
                file = self._files.find(message, now, hook=True)
                if file is None:
                    return answer(Code.BAD_MEDIA)
                self.show(self._hook_group, file.line, message, key=None, file=file.content)
            case _:
                return answer(40008)
        self._told_group.append(now)
        return answer(Code.OK)

    def _token_refusal(self, request: web.Request) -> int:
        """The code with which a request's token is refused, 0 for a right one."""
        token = request.query.get("access_token", "")
        if token and token == self._token:
            return Code.NOT_TRUSTED if self.untrusted_address else 0
        if token in self._old_tokens:
            return Code.OLD_TOKEN
        self.tally.forged += 1
        return Code.BAD_TOKEN if token else Code.NO_TOKEN

    def _new_code(self, task_id: str) -> str:
        code = f"code-{self.new_id()}"
        self._codes[code] = (task_id, self.clock.now())
        return code

    @staticmethod
    def _accepted(message_id: str, **more: str) -> web.Response:
        return answer(Code.OK, invaliduser="", unlicenseduser="", msgid=message_id, **more)


def _task_of(line: Line | None) -> str:
    """The task id of a card with buttons; empty for any other line."""
    card = line.card.get("template_card") if line and line.card else None
    return str(card["task_id"]) if card else ""
