"""回执: where each recipient of a notice stands. Whoever is counted stands in exactly one place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stand(StrEnum):
    """Where a recipient stands. What the platform accepted is 已送达, signed for or not; there is no 已读."""

    SIGNED = "已签收"
    SILENT = "未签收"
    """Delivered, and not signed for."""
    WAITING = "待发"
    UNREACHED = "未送达"
    """Given up, withdrawn, or reachable nowhere."""


def stand(*, signed: bool, delivered: bool, waiting: bool) -> Stand:
    """Who has signed has got it, whatever the platform says of it."""
    if signed:
        return Stand.SIGNED
    if delivered:
        return Stand.SILENT
    return Stand.WAITING if waiting else Stand.UNREACHED


@dataclass(frozen=True)
class Tally:
    """How many stand where; `signed + silent + waiting + unreached == total`, `signed + silent == delivered`."""

    signed: int
    silent: int
    waiting: int
    unreached: int

    @property
    def delivered(self) -> int:
        """已送达."""
        return self.signed + self.silent

    @property
    def total(self) -> int:
        """All recipients."""
        return self.delivered + self.waiting + self.unreached


def tally(stands: Iterable[Stand]) -> Tally:
    """Count them."""
    counted = Counter(stands)
    return Tally(
        signed=counted[Stand.SIGNED],
        silent=counted[Stand.SILENT],
        waiting=counted[Stand.WAITING],
        unreached=counted[Stand.UNREACHED],
    )
