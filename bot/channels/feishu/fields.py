"""The values that stand in Feishu's callbacks, each with what is asked of it. No I/O."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from bot.channels.body import storable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS, _MICROSECONDS = 13, 16
"""Digits by which the two units of time are told apart: from 2001 to 2286."""


def _printable(name: str) -> str:
    if not name.isprintable():
        raise ValueError("unprintable")
    return name


def _stored(words: object) -> object:
    return storable(words) if isinstance(words, str) else words


def instant(digits: str) -> datetime:
    """The moment that 13 digits (milliseconds) or 16 digits (microseconds) tell, in UTC. Raises ValueError."""
    if not (digits.isascii() and digits.isdigit() and len(digits) in {_MILLISECONDS, _MICROSECONDS}):
        raise ValueError("no moment")
    return _EPOCH + timedelta(microseconds=int(digits) * (1000 if len(digits) == _MILLISECONDS else 1))


Id = Annotated[str, BeforeValidator(_stored), Field(min_length=1, max_length=128), AfterValidator(_printable)]
Words = Annotated[str, BeforeValidator(_stored)]
