"""Ids of rows: made by us, so that a row can be written and referred to without asking the database first."""

import os
import secrets
import threading
import time

_EPOCH_MS = 1_577_836_800_000  # 2020-01-01T00:00:00Z
_PROCESS_BITS = 12
_COUNTER_BITS = 11
# 40 bits of milliseconds stand above them, enough until 2054. 2,048 ids a millisecond; more are lent by the next one.


class _Maker:
    """Makes ids that only rise, also when the clock is set back."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0
        self._process = secrets.randbits(_PROCESS_BITS) << _COUNTER_BITS

    def new(self) -> int:
        now = (time.time_ns() // 1_000_000 - _EPOCH_MS) << _COUNTER_BITS
        with self._lock:
            self._last = max(now, self._last + 1)
            tick = self._last
        moment, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
        return (moment << (_PROCESS_BITS + _COUNTER_BITS)) | self._process | counter


_maker = _Maker()


def new_id() -> int:
    """Return an id below 2**63 that no other call returns and that is greater than those this process made before.

    Ids of several processes are ordered by the real clock, to the millisecond; each process marks its ids with
    twelve random bits. Ids order rows; they are never read as a time of the domain.
    """
    return _maker.new()


def _start_anew() -> None:
    global _maker  # noqa: PLW0603 - a forked child must not go on with its parent's mark
    _maker = _Maker()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_start_anew)
