"""条线: how the leaders' lines stand, apart from the units."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from assessment.notices.notice import Facts, Notice


class LinePlace(Facts):
    """One leader's line among the lines; without a place while some line's total is not known."""

    leader: str
    units: tuple[str, ...]
    total: Decimal | None
    place: int | None = None
    tied: bool = False


class LineRanking(Notice):
    """条线排名, for the office and the leaders: no unit is in it (R26)."""

    programme: str
    version: str
    as_of: datetime
    published: bool = False
    """Whether it is as of the publication of the year's results; else it is for these people alone."""
    lines: tuple[LinePlace, ...]
    unset: tuple[str, ...] = ()
    """The clauses whose points the text withholds: until they are set nothing is ranked."""


class OwnLineRank(Notice):
    """To a leader in charge, after publication: the own line's place and nobody else's."""

    programme: str
    version: str
    as_of: datetime
    line: LinePlace
    of: int


class LineUnclear(StrEnum):
    """Why nothing was said of a line."""

    NO_LINES = "no lines"
    """No measure here has accounts for lines."""
    WHICH_LINE = "which line"


class LineNotTold(Notice):
    """Nothing to say, and what to type instead."""

    why: LineUnclear
    leaders: tuple[str, ...] = ()
    """Whose lines there are."""
