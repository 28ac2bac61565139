"""Fetches what people sent in a chat with the bot, by message and key.

Source: Feishu, im-v1/message-resource/get. How long the platform keeps a file is not said there.
"""

import re
from datetime import timedelta
from http import HTTPStatus

import aiohttp

from bot.channels.calling import Answer
from bot.channels.channel import SendError
from bot.channels.downloads import (
    GoneThere,
    NotFetched,
    Take,
    TooLargeThere,
    Withheld,
    download,
    hand_on,
    said_instead,
)
from bot.channels.feishu.refusals import TOKEN, code_of, judged
from bot.channels.tokens import TokenCache

LIFE = timedelta(days=3)
"""Our own patience; the platform keeps files longer than that."""
_KEY = re.compile(r"[A-Za-z0-9_-]{1,128}/[A-Za-z0-9_-]{1,256}")
"""What may become part of an address: nothing else was ever seen in either."""
_GONE = frozenset({230011, 230110})
"""The message was recalled or deleted."""
_WITHHELD = frozenset({234004, 234038})
"""The bot is not in the chat, or the chat forbids to save what is said in it."""
_TOO_LARGE = 234037


class FeishuFiles:
    """Gives out the files of the chats in which one app's bot is."""

    def __init__(self, api_base: str, session: aiohttp.ClientSession, tokens: TokenCache) -> None:
        """The session stays the caller's to close."""
        self._base = f"{api_base.rstrip('/')}/open-apis/im/v1/messages"
        self._session = session
        self._tokens = tokens

    async def fetch(self, key: str, kind: str, take: Take) -> None:
        """Hand the file on; `key`: the message's id, a stroke, and the file's. Raises NotFetched, or as `take` does."""
        if _KEY.fullmatch(key) is None:
            raise GoneThere("平台给出的文件编号无法辨认")
        try:
            token = await self._tokens.get()
            said = await self._ask(token, key, kind, take)
            if said is not None and code_of(said) in TOKEN:
                said = await self._ask(await self._tokens.renew(token), key, kind, take)
            if said is not None:
                _refuse(said)
        except SendError as error:
            raise NotFetched(error.reason, retry_after=error.retry_after) from error

    async def _ask(self, token: str, key: str, kind: str, take: Take) -> Answer | None:
        """None where the file came; otherwise what was said in its place."""
        message_id, _, file_key = key.partition("/")
        address = f"{self._base}/{message_id}/resources/{file_key}"
        params = {"type": "image" if kind == "image" else "file"}
        headers = {"authorization": f"Bearer {token}"}
        async with download(self._session, address, params=params, headers=headers) as answer:
            if answer.status != HTTPStatus.OK:
                return await said_instead(answer)
            await hand_on(answer, take)
        return None


def _refuse(said: Answer) -> None:
    code = code_of(said)
    if code in _GONE:
        raise GoneThere("文件已不在平台上")
    if code in _WITHHELD:
        raise Withheld("平台不允许取用该文件")
    if code == _TOO_LARGE:
        raise TooLargeThere("文件超过平台允许下载的大小")
    judged(said)
    raise NotFetched("平台未给出文件")
