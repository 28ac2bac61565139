"""Hears a robot's messages over DingTalk's Stream: a websocket that we open, and open again, for as long as we run.

A message is acknowledged once it is kept. What can never be kept, since it is not for us or not understood, is
acknowledged too and logged: the platform could only bring the same again. What failed to be kept gets a 500. Whether
the platform then repeats it is not documented; a repetition is recognised by its id.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from datetime import datetime

import aiohttp
import structlog
from yarl import URL

from bot.channel_settings import DingtalkSettings
from bot.channels.body import MAX_BODY
from bot.channels.calling import Caller
from bot.channels.channel import Ignored, Malformed, Refused, SendError, Unverified
from bot.channels.dingtalk.frames import COME_AGAIN, ROBOT, TAKEN, Frame, connection_address, read_frame
from bot.channels.dingtalk.refusals import refuse
from bot.clock import Clock
from handlers.incoming import Incoming

OPEN = "/v1.0/gateway/connections/open"
FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
LONGEST_WAIT = 300.0
"""Seconds that we let the platform keep us waiting: meanwhile nobody is heard."""
HEARTBEAT = 30.0
CONNECT_SECONDS = 15.0

OpenMessage = Callable[[bytes], Incoming | Ignored]
"""Reads a robot message; raises Unverified or Malformed."""
Keep = Callable[[Incoming, datetime], Awaitable[None]]
"""Keeps one message, given the domain time of its receipt; returns once it is committed, raises if it is not."""
Pause = Callable[[float], Awaitable[None]]

_log = structlog.get_logger("stream")


class StreamReceiver:
    """The listening end of one app."""

    def __init__(
        self,
        settings: DingtalkSettings,
        session: aiohttp.ClientSession,
        open_message: OpenMessage,
        keep: Keep,
        clock: Clock,
        *,
        count: Callable[[str], None] = lambda _outcome: None,
        pause: Pause = asyncio.sleep,
        dice: Callable[[], float] = random.random,
    ) -> None:
        """`clock` is the domain's. The session stays the caller's to close.

        `count` is told the outcome of each message: kept, not kept, ignored, unverified or malformed. `pause` and
        `dice`, from 0 to 1, are the waiting between attempts.
        """
        self.connected = False
        """Whether a connection is open now."""
        self._settings = settings
        self._api = Caller(settings.api_base, session)
        self._session = session
        self._open_message = open_message
        self._keep = keep
        self._clock = clock
        self._count = count
        self._pause = pause
        self._dice = dice
        self._fruitless = 0
        """Attempts in a row, the running one included, that have not brought a frame."""

    async def run(self) -> None:
        """Listen until cancelled; whatever goes wrong is logged, and the next connection tried."""
        while True:
            self._fruitless += 1  # until a frame proves the contrary
            reason, asked_to_wait = "closed", 0.0
            try:
                if await self._listen_once() and not self._fruitless:
                    _log.info("stream changes connection", channel=self._settings.name)
                    continue
            except SendError as error:
                reason, asked_to_wait = error.reason, min(error.retry_after or 0.0, LONGEST_WAIT)
            except Exception as error:  # noqa: BLE001 - whatever it was, nobody is heard until we are back
                reason = type(error).__name__  # its words may hold the ticket
            wait = max(self._backoff(), asked_to_wait)
            _log.warning("stream interrupted", channel=self._settings.name, reason=reason, wait=round(wait, 1))
            await self._pause(wait)

    async def _listen_once(self) -> bool:
        """Use one connection to its end; whether the platform asked us to take another one."""
        address = await self._address()
        async with asyncio.timeout(CONNECT_SECONDS):
            socket = await self._session.ws_connect(address, heartbeat=HEARTBEAT, max_msg_size=MAX_BODY)
        try:
            self.connected = True
            _log.info("stream connected", channel=self._settings.name)
            return await self._listen(socket)
        finally:
            self.connected = False
            await socket.close()

    async def _address(self) -> URL:
        """Ask for a connection. Raises SendError, or Unverified for an address that is not the platform's."""
        body = {
            "clientId": self._settings.app_key,
            "clientSecret": self._settings.app_secret.get_secret_value(),
            "subscriptions": [{"type": "CALLBACK", "topic": ROBOT}],
            "ua": "duban",
            "localIp": "127.0.0.1",
        }
        answer = await self._api.call("POST", OPEN, body=body)
        refuse(answer)
        return connection_address(answer.data, self._settings.api_base)

    async def _listen(self, socket: aiohttp.ClientWebSocketResponse) -> bool:
        """Answer frame after frame, in their order; whether the platform asked us to leave."""
        async for message in socket:
            frame = self._framed(message.data) if message.type is aiohttp.WSMsgType.TEXT else None
            if frame is None:
                continue
            if frame.is_leaving:
                return True
            self._fruitless = 0
            await socket.send_str(frame.answer(await self._judge(frame)))
        return False

    def _framed(self, text: str) -> Frame | None:
        try:
            return read_frame(text)
        except Malformed as refusal:
            _log.warning("frame malformed", channel=self._settings.name, reason=str(refusal))
            return None

    async def _judge(self, frame: Frame) -> int:
        """The code to answer a frame with, after having done what it asks for."""
        if not frame.is_message:
            return TAKEN
        received_at = self._clock.now()
        try:
            opened = self._open_message(frame.data.encode(errors="replace"))
        except Refused as refusal:
            outcome = "unverified" if isinstance(refusal, Unverified) else "malformed"
            _log.warning("message not taken", channel=self._settings.name, outcome=outcome, reason=str(refusal))
            self._count(outcome)
            return TAKEN
        if isinstance(opened, Ignored):
            self._count("ignored")
            return TAKEN
        try:
            await self._keep(opened, received_at)
        except Exception:  # noqa: BLE001 - whatever it was, the message is not kept and has to come again
            _log.exception("intake failed", channel=self._settings.name)
            self._count("not kept")
            return COME_AGAIN
        self._count("kept")
        return TAKEN

    def _backoff(self) -> float:
        """Seconds before the next attempt: longer after each fruitless one, and never quite when others come."""
        longest = min(FIRST_PAUSE * 2.0 ** min(max(self._fruitless - 1, 0), 10), LONGEST_PAUSE)
        return longest * (0.5 + self._dice() / 2)
