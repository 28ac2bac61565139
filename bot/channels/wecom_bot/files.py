"""Fetches what people sent to the robot: an address that is good for five minutes, and behind it a ciphertext.

Source: WeCom page 100719: AES-256-CBC under the callback's own key, padded to blocks of 32 bytes, no envelope.
"""

import re
from datetime import timedelta

import aiohttp
from yarl import URL

from assessment.evidence import MAX_BYTES
from bot.channels.channel import Malformed
from bot.channels.downloads import GoneThere, NotFetched, Take, TooLargeThere, Withheld, download, hand_on
from bot.channels.sealed import Seal

LIFE = timedelta(minutes=5)
_PADDING = 32
_PLATFORM = ".weixin.qq.com"
_SHELF = re.compile(r"ww-aibot-img-1258476243\.cos\.[a-z0-9-]+\.myqcloud\.com")
"""The platform's shelf in the store of its own cloud, whose other shelves belong to anybody."""
_PORTS = (None, 443)
_GONE = frozenset({403, 404, 410})
"""What a store answers once the address has expired, or its object is gone."""


class WecomBotFiles:
    """Gives out the files that one robot was sent."""

    def __init__(self, api_base: str, session: aiohttp.ClientSession, seal: Seal) -> None:
        """`api_base`: an installation of the customer's own may keep files at home. The session stays the caller's."""
        self._own = URL(api_base)
        self._session = session
        self._seal = seal

    async def fetch(self, key: str, take: Take) -> None:
        """Hand the file on, deciphered. Raises NotFetched and whatever `take` raises.

        A ciphertext can only be read from its end on, where its padding is: so it is held until all of it is here.
        """
        sealed = bytearray()

        def hold(part: bytes) -> None:
            sealed.extend(part)
            if len(sealed) > MAX_BYTES + _PADDING:
                raise TooLargeThere("文件过大")

        async with download(self._session, self._allowed(key)) as answer:
            if answer.status in _GONE:
                raise GoneThere("文件已过平台保存期限")
            await hand_on(answer, hold)
        try:
            take(self._seal.uncovered(bytes(sealed)))
        except Malformed:
            raise NotFetched("平台给出的文件不能解密，请核对 encoding_aes_key") from None

    def _allowed(self, key: str) -> URL:
        """The address, if it is one of the platform's own. Raises Withheld: nothing else is ever called (T8)."""
        try:
            # As it stands: it is signed, and must not be written anew.
            address = URL(key, encoded=True)
            host, port, user = (address.host or "").lower(), address.explicit_port, address.user
        except ValueError:
            raise Withheld("平台给出的下载地址不合规") from None
        if user is not None or address.fragment:
            raise Withheld("平台给出的下载地址不合规")
        known = host.endswith(_PLATFORM) or _SHELF.fullmatch(host) is not None
        if known and address.scheme in {"https", "http"} and port in _PORTS:
            return address.with_scheme("https")
        # An installation of the customer's own; in rehearsals and tests the platform on this machine.
        if (address.scheme, host, address.port) == (self._own.scheme, self._own.host, self._own.port):
            return address
        raise Withheld("平台给出的下载地址不在允许之列")
