"""The pretend WeCom of one company with one 智能机器人, which hears groups and its own chat, and answers once.

Sources: WeCom pages 100719, 101027, 101033, 101138, 101032.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import web

from bot.channels.sealed import Seal
from bot.clock import Clock
from bot.platforms.platform import Callback, Fault, Line, Platform, Said, Waiting
from handlers.incoming import FileRef, Incoming

ANSWER_PATH = "/cgi-bin/aibot/response"
ANSWER_LIFE = timedelta(hours=1)
FILE_LIFE = timedelta(minutes=5)
MAX_MARKDOWN = 20480

OK = 0
BAD_CODE, BAD_JSON, UNKNOWN_KIND, TOO_LONG, CARD_FIELD, CARD_TASK, THROTTLED = (
    60140,
    47001,
    40008,
    45002,
    42027,
    42014,
    45009,
)
"""The codes of page 90313; which of them this very address uses is not documented."""

_CARD_FIELDS = {"card_type", "main_title", "task_id", "button_list"}
_MORE_CARD_FIELDS = {"sub_title_text", "horizontal_content_list"}
_TASK_ID = re.compile(r"[0-9A-Za-z_\-@]{1,128}")


@dataclass(frozen=True)
class Robot:
    """The robot's ids and keys."""

    corp_id: str
    bot_id: str
    bot_name: str
    token: str
    encoding_aes_key: str


class Pen:
    """Writes and seals the callbacks of one robot."""

    def __init__(self, robot: Robot, api_base: Callable[[], str], real_clock: Clock, *, dated: bool = False) -> None:
        """`real_clock` dates the signatures. A message bears no time on the platform; `dated` gives it one as events
        have it, for a county whose clock is wound while signatures bear the machine's time.
        """
        self._robot = robot
        self._api_base = api_base
        self._seal = Seal(robot.token, robot.encoding_aes_key, ("",))
        self._real_clock = real_clock
        self._dated = dated

    def content(self, message: Incoming, code: str, *, pressed: str | None = None) -> bytes:
        """The inner JSON; `code` opens the way for the answer, `pressed` is the task of the card whose button it was.

        Several files, or a file in a group, travel among words; one alone travels by itself.
        """
        head: dict[str, Any] = {"msgid": message.message_id, "aibotid": self._robot.bot_id}
        if self._dated or pressed is not None:
            head["create_time"] = int(message.sent_at.timestamp())
        head |= {"chattype": "single"} if message.private else {"chatid": message.conversation, "chattype": "group"}
        head["from"] = {"userid": message.sender}
        if message.tenant != self._robot.corp_id:
            head["from"]["corpid"] = message.tenant
        head["response_url"] = f"{self._api_base()}{ANSWER_PATH}?response_code={code}"
        body = self._press(message, pressed) if pressed is not None else self._said(message)
        return json.dumps(head | body, ensure_ascii=False).encode()

    def post(self, content: bytes) -> Callback:
        """The request that brings `content`, signed now."""
        query, encrypt = self._sealed(content)
        return Callback(json.dumps({"encrypt": encrypt}).encode(), {"content-type": "application/json"}, query)

    def check(self, echo: str) -> Callback:
        """The request that asks whether the service is there; `echo` is the right answer."""
        query, encrypt = self._sealed(echo.encode())
        return Callback(b"", query={**query, "echostr": encrypt}, method="GET")

    def covered(self, content: bytes) -> bytes:
        """A file as it lies on the platform: ciphertext under the callback's key, without an envelope."""
        return self._seal.covered(content)

    def _sealed(self, content: bytes) -> tuple[dict[str, str], str]:
        stamp, nonce = str(int(self._real_clock.now().timestamp())), str(uuid4().int % 10**10)
        sealed = self._seal.seal(content, timestamp=stamp, nonce=nonce)
        return {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce}, sealed.encrypt

    def _said(self, message: Incoming) -> dict[str, Any]:
        text = message.text if message.private else f"@{self._robot.bot_name} {message.text}"
        if message.private and not message.text and len(message.files) == 1:
            (file,) = message.files
            return {"msgtype": file.kind, file.kind: {"url": file.key}}
        if message.files:
            items = [{"msgtype": "image", "image": {"url": file.key}} for file in message.files]
            return {"msgtype": "mixed", "mixed": {"msg_item": [_text(text), *items]}}
        return _text(text)

    @staticmethod
    def _press(message: Incoming, task_id: str) -> dict[str, Any]:
        event = {"card_type": "button_interaction", "event_key": message.text, "task_id": task_id}
        return {"msgtype": "event", "event": {"eventtype": "template_card_event", "template_card_event": event}}


class WecomBotPlatform(Platform):
    """One robot of one company. It speaks by the addresses that go out with what people say, once by each."""

    def __init__(
        self,
        robot: Robot,
        *,
        clock: Clock,
        session: aiohttp.ClientSession,
        channel: str = "wecom-bot",
        send_faults: Iterable[Fault] = (),
        callback_faults: Iterable[Fault] = (),
        real_clock: Clock | None = None,
        new_id: Callable[[], str] = lambda: uuid4().hex,
    ) -> None:
        """`api_base` has to be told once the platform's own address is known."""
        super().__init__(
            clock=clock,
            session=session,
            channel=channel,
            tenant=robot.corp_id,
            send_faults=send_faults,
            callback_faults=callback_faults,
            real_clock=real_clock,
            new_id=new_id,
        )
        self.api_base = ""
        self.pen = Pen(robot, lambda: self.api_base, self.real_clock, dated=True)
        self._open: dict[str, tuple[str, datetime]] = {}
        self._tasks: set[str] = set()

    @staticmethod
    def private_chat(person: str) -> str:
        """The id of that person's single chat with the robot; ids are the same whatever their case."""
        return f"bot-{person.lower()}"

    def application(self) -> web.Application:
        """The platform's side of `api_base`."""
        app = web.Application()
        app.router.add_post(ANSWER_PATH, self._take)
        app.router.add_get("/files/{key}", self._give_file)
        return app

    def callback(self, message: Incoming, pressed: Line | None) -> Callback:
        """Sealed JSON with an address for one answer; a robot hears nothing of a group but what is said to it."""
        if not message.addressed:
            raise ValueError("a robot hears only what is said to it")
        message = replace(message, files=tuple(self._addressed(file) for file in message.files))
        code = self.new_id()
        self.open_answer(code, message.conversation)
        task_id = str(pressed.card["template_card"]["task_id"]) if pressed and pressed.card else None
        return self.pen.post(self.pen.content(message, code, pressed=task_id))

    def open_answer(self, code: str, chat: str) -> None:
        """Take one answer for that chat at the address that bears the code, from now on for an hour."""
        self._open[code] = (chat, self.clock.now())

    async def press_of(self, line: Line, sender: str, command: str, *, group: str | None) -> Said:
        """Press a button: an event, which comes only once."""
        message = Incoming(
            channel=self.channel,
            tenant=self.tenant,
            message_id=self.new_id(),
            sender=sender,
            conversation=group or self.private_chat(sender),
            private=group is None,
            addressed=True,
            text=command,
            sent_at=self.clock.now(),
        )
        return await self.call_back(message, line)

    async def call_back(self, message: Incoming, pressed: Line) -> Said:
        """Deliver a press. It is tried once: what the service does not take is dropped (page 101027)."""
        self.tally.said += 1
        status = None if self.cut_off.is_set() else await self._post(Waiting(message, pressed))
        return Said(message.message_id, status)

    async def check_address(self) -> bool:
        """Ask whether the service is there, as the platform does when the address is entered."""
        echo = self.new_id()
        async with self._session.get(self.webhook, params=self.pen.check(echo).query) as answer:
            return answer.status == 200 and await answer.text() == echo

    def _addressed(self, file: FileRef) -> FileRef:
        return replace(file, key=self.file_address(file.key))

    def file_address(self, key: str) -> str:
        """What stands in the callback for the file with that key: an address that bears a signature of its own."""
        return f"{self.api_base}/files/{key}?sign=a%2Bb%3D"

    async def _give_file(self, request: web.Request) -> web.Response:
        """What a person sent, under the callback's key, for five minutes (page 100719)."""
        if self.is_down():
            return web.Response(status=503)
        left = self.left.get(request.match_info["key"])
        if request.raw_path.partition("?")[2] != "sign=a%2Bb%3D" or left is None:
            return web.Response(status=404)
        if self.clock.now() - left.at >= FILE_LIFE:
            return web.Response(status=403)
        return web.Response(body=self.pen.covered(left.content), content_type="application/octet-stream")

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        match fault := self.next_fault():
            case Fault.FAIL:
                return web.Response(status=503 if self.is_down() else 500)
            case Fault.THROTTLE:
                return _answer(THROTTLED)
            case Fault.DROP:
                self.tally.dropped += 1
                return _answer(OK)
            case _:
                return await self.answered(request, self._accept(request.query.get("response_code", ""), body), fault)

    def _accept(self, code: str, body: bytes) -> web.Response:
        chat, opened = self._open.get(code, ("", self.clock.now()))
        if not chat or self.clock.now() - opened >= ANSWER_LIFE:
            self.tally.forged += not chat
            return _answer(BAD_CODE)
        message = _object(body)
        if refused := _refusal(message, self._tasks):
            return _answer(refused)
        del self._open[code]
        if message["msgtype"] == "markdown":
            self.show(chat, message["markdown"]["content"].replace("  \n", "\n"), message, key=None)
        else:
            card = message["template_card"]
            self._tasks.add(card["task_id"])
            commands = {button["text"]: button["key"] for button in card["button_list"]}
            self.show(chat, as_seen(card), message, key=None, commands=commands)
        return _answer(OK)


def as_seen(card: dict[str, Any]) -> str:
    """What a template card shows, its buttons left out."""
    fields = [f"{field['keyname']}：{field['value']}" for field in card.get("horizontal_content_list", [])]
    return "\n".join(part for part in (card["main_title"]["title"], card.get("sub_title_text", ""), *fields) if part)


def _refusal(message: dict[str, Any], tasks: set[str]) -> int:
    """The code with which a message is refused, 0 for a right one."""
    if not message:
        return BAD_JSON
    kind = message.get("msgtype")
    if kind not in {"markdown", "template_card"} or message.keys() != {"msgtype", kind}:
        return UNKNOWN_KIND
    if kind == "template_card":
        return _card_refusal(message[kind], tasks)
    content = message[kind].get("content")
    if not isinstance(content, str) or not content:
        return UNKNOWN_KIND
    return TOO_LONG if len(content.encode()) > MAX_MARKDOWN else 0


def _card_refusal(card: dict[str, Any], tasks: set[str]) -> int:
    """Lengths that the page only advises are demanded here: what goes beyond is not seen whole on every screen."""
    if not _CARD_FIELDS <= card.keys() <= _CARD_FIELDS | _MORE_CARD_FIELDS:
        return CARD_FIELD
    if not _TASK_ID.fullmatch(str(card["task_id"])) or card["task_id"] in tasks:
        return CARD_TASK
    right = (
        card["card_type"] == "button_interaction"
        and card["main_title"].keys() == {"title"}
        and _is_text(card["main_title"]["title"], 26)
        and _is_text(card.get("sub_title_text", "－"), 112)
        and len(fields := card.get("horizontal_content_list", [])) <= 6
        and all(_is_text(field.get("keyname"), 5) and _is_text(field.get("value"), 26) for field in fields)
        and 1 <= len(buttons := card["button_list"]) <= 6
        and all(_is_button(button) for button in buttons)
        and len({button["key"] for button in buttons}) == len(buttons)
    )
    return 0 if right else CARD_FIELD


def _is_button(button: dict[str, Any]) -> bool:
    return (
        button.keys() == {"text", "style", "key"}
        and _is_text(button["text"], 10)
        and button["style"] in {1, 2, 3, 4}
        and isinstance(button["key"], str)
        and 1 <= len(button["key"].encode()) <= 1024
    )


def _is_text(value: object, most: int) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= most


def _text(content: str) -> dict[str, Any]:
    return {"msgtype": "text", "text": {"content": content}}


def _answer(code: int) -> web.Response:
    return web.json_response({"errcode": code, "errmsg": "ok" if code == OK else "refused"})


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
