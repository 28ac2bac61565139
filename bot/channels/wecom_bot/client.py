"""Posts a robot's one answer to the address that came with the message; the only file of this channel with a network.

Source: WeCom page 101138: no token, one call, within an hour. What the platform answers where it refuses is not
documented; the common codes of page 90313 are taken to mean here what they mean elsewhere.
"""

import aiohttp

from bot.channels.calling import Answer, Caller, refuse_status
from bot.channels.channel import Outgoing, SendError, Sent
from bot.channels.wecom_bot.cards import answer
from bot.channels.wecom_bot.envelope import CHAT, UNTIL, answer_path
from bot.clock import Clock
from handlers.incoming import ANSWERED_AT

ONLY_ONCE = "该机器人只能在被@后一小时内答复一次，主动消息请用自建应用发送"
ELSEWHERE = "答复网址不属于该会话，未发送"
_LATER = {**dict.fromkeys((-1, 6000), "平台繁忙，稍后重发"), **dict.fromkeys((45009, 45033), "平台限流，稍后重发")}
_BLOCKED = 45009
_BLOCKED_SECONDS = 60.0


class WecomBotClient:
    """Answers as one robot of one company."""

    def __init__(self, api_base: str, session: aiohttp.ClientSession, clock: Clock, real_clock: Clock) -> None:
        """`clock` dates deliveries, `real_clock` tells when an address has expired. The session stays the caller's."""
        self._api = Caller(api_base, session)
        self._clock = clock
        self._real_clock = real_clock

    async def deliver(self, outgoing: Outgoing) -> Sent:
        """Say the whole card in one message. Raises SendError."""
        path = self._path(outgoing)
        message = answer(outgoing.card, outgoing.key, to_group=outgoing.to_group)
        _refuse(await self._api.call("POST", path, body=message))
        return Sent("", self._clock.now())

    def _path(self, outgoing: Outgoing) -> str:
        """Where the answer goes. Raises SendError where it may not, or no longer, go anywhere."""
        extra = outgoing.extra
        path = answer_path(extra.get(ANSWERED_AT, ""), self._api.base)
        until = extra.get(UNTIL, "")
        if path is None or not until.isdigit() or self._real_clock.now().timestamp() * 1000 >= int(until):
            raise SendError(ONLY_ONCE, permanent=True)
        chat = outgoing.recipient if outgoing.to_group else f"bot:{outgoing.recipient}"
        if extra.get(CHAT) != chat:
            # What is meant for one person must not be said before a group, whatever went wrong before (T8).
            raise SendError(ELSEWHERE, permanent=True)
        return path


def _refuse(said: Answer) -> None:
    """Raise SendError for anything but success; `unknown` where the answer told nothing."""
    refuse_status(said)
    code = said.data.get("errcode")
    if code == 0:
        return
    if not isinstance(code, int):
        raise SendError("平台的回音无法辨认，可能已送达", unknown=True, silent=True)
    if (later := _LATER.get(code)) is not None:
        raise SendError(later, retry_after=_BLOCKED_SECONDS if code == _BLOCKED else None)
    raise SendError(f"平台未收下答复（错误码 {code}），答复网址可能已用过或已过期", permanent=True)
