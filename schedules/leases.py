"""How long a sender may keep a letter to itself, by the real clock: leases do not follow the domain's."""

import time

LEASE_MS = 120_000
"""It outlives the longest send, and the longest wait for uploads."""


def now_ms() -> int:
    """The real clock, epoch milliseconds."""
    return time.time_ns() // 1_000_000


def end() -> int:
    """Until when what is leased now is its sender's alone."""
    return now_ms() + LEASE_MS
