"""Lists of results: a line for each unit, by peer group, and one page of them where they are many."""

from decimal import Decimal
from typing import Any

from pydantic import model_validator

from assessment.notices.notice import Facts


class ResultLine(Facts):
    """One unit, or one leader's line, in a table of results."""

    name: str
    unit: int | None = None
    """Its id, by which a publication knows it again under another name."""
    total: Decimal | None
    mark: str = ""
    place: int | None = None
    tied: bool = False
    grade: str = ""
    standing: str = ""
    """How it stands to awards, where that is not simply 正常."""
    beside: tuple[tuple[str, Decimal], ...] = ()
    """What was published of parts of the year, by their names; it stands beside and is mixed into nothing."""
    ledger: Decimal | None = None
    """What the ledger comes to, where the measure's own score is another total."""
    lacking: int = 0
    """How many indicators have no points yet: the total is then 暂估."""
    undecided: int = 0
    """How many proposals await 核定, before publication."""
    prepared: int = 0
    """How many await 审定, before publication."""

    @model_validator(mode="before")
    @classmethod
    def _as_it_was_kept(cls, data: Any) -> Any:
        """Publications made when only the first half of a year had one of its own."""
        if isinstance(data, dict) and "half" in data:
            half = data["half"]
            kept = {name: value for name, value in data.items() if name != "half"}
            return kept | ({"beside": [("上半年", half)]} if half is not None else {})
        return data


class GroupSums(Facts):
    """A group in short, where a card cannot hold it whole."""

    units: int
    highest: Decimal | None = None
    lowest: Decimal | None = None
    unknown: int = 0
    """How many have no total yet."""


class ResultGroup(Facts):
    """One peer group; without places while somebody's total is not known."""

    name: str
    lines: tuple[ResultLine, ...]
    last: tuple[str, ...] = ()
    """末位; filled only for those who decide on it."""
    sums: GroupSums | None = None
    """Where the lines are only some of the group's."""


class Paged(Facts):
    """Which lines of a list are shown."""

    page: int = 1
    pages: int = 1
