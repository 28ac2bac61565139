"""分解: whether the parts of each target add up to it."""

from decimal import Decimal

from assessment.notices.notice import Facts, Notice


class SplitTotal(Facts):
    """The parts of one target in one direction, and what they come to."""

    units: int
    parts: Decimal
    unset: tuple[str, ...] = ()
    """Units whose part is not set: until then nobody knows the sum."""
    gap: Decimal | None = None
    """What is still to be given out; negative is more than the target; None while it cannot be known."""


class SplitIndicator(Facts):
    """One indicator with its parts; of a rate neither sum is made."""

    name: str
    unit: str
    target: Decimal | None
    split: SplitTotal | None = None
    dual_split: SplitTotal | None = None
    """The same target given out a second time, never added to the first."""
    is_rate: bool = False
    mark: str = ""


class SplitsTold(Notice):
    """Every indicator of one programme that is split among units, in the rulebook's order."""

    programme: str
    version: str
    indicators: tuple[SplitIndicator, ...] = ()
