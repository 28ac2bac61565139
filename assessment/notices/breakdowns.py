"""分解到人: who sees to what, and what nobody sees to yet."""

from datetime import datetime
from enum import StrEnum

from assessment.notices.notice import Facts, Notice


class BreakdownUnclear(StrEnum):
    """Why nobody was named."""

    NOTHING = "nothing"
    """The unit has no indicators."""
    WHICH = "which"
    """None of `indicators` is named, or several are."""
    WHO = "who"
    """The section or the name is missing."""
    LEFT = "left"
    """Whoever is named no longer works in the unit."""


class BreakdownNotTaken(Notice):
    """Nobody was named, and what to type."""

    why: BreakdownUnclear
    indicator: str = ""
    indicators: tuple[str, ...] = ()
    name: str = ""


class BreakdownTaken(Notice):
    """The receipt, with what is still to be broken down."""

    indicator: str
    section: str
    name: str
    in_roster: bool
    before: str = ""
    """The section and name that stood there."""
    left: tuple[str, ...] = ()
    taken_at: datetime


class NamedLine(Facts):
    """One indicator with who sees to it; `name` is empty while nobody does."""

    indicator: str
    section: str = ""
    name: str = ""
    has_left: bool = False


class BreakdownOwn(Notice):
    """To a unit: all of its indicators under one measure."""

    programme: str
    unit: str
    lines: tuple[NamedLine, ...]


class UnitBreakdown(Facts):
    """How far one unit has come."""

    unit: str
    indicators: int
    missing: tuple[str, ...] = ()
    anew: tuple[str, ...] = ()
    """Whoever was named for these has left."""


class BreakdownTold(Notice):
    """To the office and the leaders: every unit under one measure; without one there is nothing to break down."""

    programme: str = ""
    lines: tuple[UnitBreakdown, ...] = ()
