"""A platform's access token: asked for once, kept while it lives, renewed by one caller at a time."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Token:
    """A token as the platform gave it."""

    value: str = field(repr=False)
    seconds: float
    """So long it lives from now on, by the platform's word."""


Ask = Callable[[], Awaitable[Token]]
"""Asks the platform; raises SendError."""


class TokenCache:
    """The current token of one app. Life is counted by the machine's monotonic clock: domain time may be wound."""

    def __init__(self, ask: Ask, *, margin: float = 300, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`margin`: seconds before its end at which a token is no longer used."""
        self._ask = ask
        self._margin = margin
        self._monotonic = monotonic
        self._asking: asyncio.Task[Token] | None = None
        self._token = Token("", 0)
        self._until = float("-inf")

    async def get(self) -> str:
        """A token that should still be valid. Raises SendError where none is to be had."""
        if self._monotonic() < self._until:
            return self._token.value
        return await self._renewed(self._token.value)

    async def renew(self, refused: str) -> str:
        """Another token than the one that the platform has just refused; whoever comes second gets the first's."""
        return await self._renewed(refused)

    async def _renewed(self, stale: str) -> str:
        if self._token.value != stale and self._monotonic() < self._until:
            return self._token.value
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._once())
        # Whoever waits hears the same, a failure too: a platform that hangs is not asked once for each of them.
        token = await asyncio.shield(self._asking)
        return token.value

    async def _once(self) -> Token:
        token = await self._ask()
        self._token, self._until = token, self._monotonic() + max(token.seconds - self._margin, 0)
        return token
