"""Fetches what people sent to the robot: the download code becomes an address, and the address is looked at first.

Source: DingTalk "download-the-file-content-of-the-robot-receiving-message". How long a code lives is not said there.
"""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address
from typing import Any

import aiohttp
from yarl import URL

from bot.channels.channel import SendError
from bot.channels.downloads import GoneThere, NotFetched, Take, Withheld, download, hand_on

LIFE = timedelta(hours=24)
"""Our own patience: the platform calls its address temporary and does not say for how long a code is good."""
_PATH = "/v1.0/robot/messageFiles/download"
_HOSTS = (".dingtalk.com", ".aliyuncs.com")
_PORTS = (None, 443)

Call = Callable[[str, Mapping[str, object]], Awaitable[Mapping[str, Any]]]
"""Posts to a path of the API under the token. Raises SendError."""


class DingtalkFiles:
    """Gives out the files that one robot was sent."""

    def __init__(self, api_base: str, robot: str, session: aiohttp.ClientSession, call: Call) -> None:
        """The session stays the caller's to close."""
        self._own = URL(api_base)
        self._robot = robot
        self._session = session
        self._call = call

    async def fetch(self, key: str, take: Take) -> None:
        """Hand the file on. Raises NotFetched and whatever `take` raises."""
        try:
            said = await self._call(_PATH, {"downloadCode": key, "robotCode": self._robot})
        except SendError as error:
            if error.permanent:
                # Which codes say that a file has gone is not documented; none of those for good gets better by waiting.
                raise GoneThere(error.reason) from error
            raise NotFetched(error.reason, retry_after=error.retry_after) from error
        address = self._allowed(said.get("downloadUrl"))
        async with download(self._session, address) as answer:
            await hand_on(answer, take)

    def _allowed(self, found: object) -> URL:
        """The address, if it is one of the platform's own. Raises Withheld: nothing else is ever called (T8)."""
        try:
            # As it stands: it is signed, and must not be written anew.
            address = URL(found if isinstance(found, str) else "", encoded=True)
            host, port, user = address.host or "", address.explicit_port, address.user
        except ValueError:
            raise Withheld("平台给出的下载地址不合规") from None
        if user is not None or address.fragment:
            raise Withheld("平台给出的下载地址不合规")
        if host.lower().endswith(_HOSTS) and address.scheme in {"https", "http"} and port in _PORTS:
            return address.with_scheme("https")  # the signature in it does not cover the scheme
        # Where the platform itself is on this machine, in rehearsals and tests.
        if _is_loopback(self._own) and (address.scheme, host, address.port) == (
            self._own.scheme,
            self._own.host,
            self._own.port,
        ):
            return address
        raise Withheld("平台给出的下载地址不在允许之列")


def _is_loopback(address: URL) -> bool:
    try:
        return ip_address(address.host or "").is_loopback
    except ValueError:
        return address.host == "localhost"
