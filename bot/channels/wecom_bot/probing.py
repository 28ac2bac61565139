"""What `duban check` can find out about a 智能机器人, of which no interface of the platform tells anything.

Whether the platform is within reach of the answers; and whether this installation answers behind the callback
address, with the keys of its settings.
"""

from collections.abc import AsyncIterator
from uuid import uuid4

import aiohttp

from bot.channel_settings import WecomBotSettings
from bot.channels.probing import AddressCheck, Line, Now
from bot.channels.sealed import Seal
from bot.channels.wecom_bot.envelope import ANSWER_PATH
from bot.findings import Finding, Mark


async def probe(settings: WecomBotSettings, session: aiohttp.ClientSession, now: Now) -> AsyncIterator[Finding]:
    """Look for whoever answers at the platform's address. Raises Halt where nobody does."""
    line = Line(settings.api_base, "api_base", session, now)
    await line.reach("GET", ANSWER_PATH)
    for finding in line.clock():
        yield finding
    yield Finding(
        Mark.TOLD,
        "平台可以连接；智能机器人没有可供查询的接口，密钥是否与后台一致不能在此核对",
        "平台在保存回调网址时会当场验证",
    )


def address_check(settings: WecomBotSettings, now: Now) -> AddressCheck:
    """The platform's request for the callback address (page 101033): nobody is named as its receiver."""
    echo, nonce, stamp = uuid4().hex, str(uuid4().int % 10**10), str(int(now().timestamp()))
    seal = Seal(settings.token.get_secret_value(), settings.encoding_aes_key.get_secret_value(), ("",))
    sealed = seal.seal(echo.encode(), timestamp=stamp, nonce=nonce)
    query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": nonce, "echostr": sealed.encrypt}
    return AddressCheck("GET", echo, query)
