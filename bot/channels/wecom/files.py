"""Fetches what people sent to the app by its media_id, which WeCom keeps for three days.

Source: WeCom page 90254 (media/get); the errors are in page 90313. A document cannot be sent in the app's chat at all.
"""

from datetime import timedelta

import aiohttp

from bot.channels.calling import Answer
from bot.channels.channel import SendError
from bot.channels.downloads import GoneThere, NotFetched, Take, download, hand_on, is_json, said_instead
from bot.channels.tokens import TokenCache
from bot.channels.wecom.codes import MEDIA_GONE, TOKEN_REFUSED, code_of, refuse_code

LIFE = timedelta(days=3)


class WecomFiles:
    """Gives out the media of one app."""

    def __init__(self, api_base: str, session: aiohttp.ClientSession, tokens: TokenCache) -> None:
        """The session stays the caller's to close."""
        self._address = f"{api_base.rstrip('/')}/cgi-bin/media/get"
        self._session = session
        self._tokens = tokens

    async def fetch(self, key: str, take: Take) -> None:
        """Hand the file on. Raises NotFetched and whatever `take` raises."""
        try:
            token = await self._tokens.get()
            said = await self._ask(token, key, take)
            if said is not None and _code(said) in TOKEN_REFUSED:
                said = await self._ask(await self._tokens.renew(token), key, take)
        except SendError as error:
            raise NotFetched(error.reason, retry_after=error.retry_after) from error
        if said is not None:
            _refuse(said)

    async def _ask(self, token: str, key: str, take: Take) -> Answer | None:
        """None where the file came; otherwise what was said in its place."""
        params = {"access_token": token, "media_id": key}
        async with download(self._session, self._address, params=params) as answer:
            if is_json(answer):
                return await said_instead(answer)
            await hand_on(answer, take)
        return None


def _code(said: Answer) -> int | None:
    try:
        return code_of(said)
    except SendError as error:
        raise NotFetched(error.reason, retry_after=error.retry_after) from error


def _refuse(said: Answer) -> None:
    code = _code(said)
    if code in MEDIA_GONE:
        raise GoneThere("文件已过平台保存期限")
    try:
        refuse_code(code)
    except SendError as error:
        raise NotFetched(error.reason, retry_after=error.retry_after) from error
    raise NotFetched("平台未给出文件")
