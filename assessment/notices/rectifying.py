"""整改: a notice of problems, what the unit says of each, its report that one is done, and the 台账."""

from datetime import datetime
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice
from assessment.notices.reviewing import Unreached


class RectifyItem(Facts):
    """One problem of a notice."""

    number: str = ""
    """Empty before the notice is out."""
    text: str
    kind: str = ""


class RectifyAsk(Ask):
    """Confirm a notice: to whom, by when, which problems."""

    form: str = "整改通知"
    unit: str
    due: datetime
    items: tuple[RectifyItem, ...]
    required: tuple[str, ...] = ()
    cite: str = ""
    unreached: tuple[Unreached, ...] = ()
    trial: bool = False


class RectifyOrdered(Notice):
    """To the office: out, under its number."""

    form: str = "整改通知"
    task: str = ""
    """The number of the office's task once the time is over, for an order that is answered for."""
    number: str
    unit: str
    due: datetime
    items: tuple[RectifyItem, ...]
    unreached: tuple[Unreached, ...] = ()
    trial: bool = False


class RectifyTold(Notice):
    """To the unit: the notice itself."""

    form: str = "整改通知"
    number: str
    office: str
    unit: str
    due: datetime
    items: tuple[RectifyItem, ...]
    required: tuple[str, ...] = ()


class NotTaken(StrEnum):
    """Why something about a problem was not taken. The values are keys, not wording."""

    # Of a notice as typed.
    NO_RULES = "no rules"
    NO_UNIT = "no unit"
    ONE_UNIT = "one unit"
    NO_LIMIT = "no limit"
    LIMIT_PASSED = "limit passed"
    NO_PROBLEM = "no problem"
    NO_SUCH_KIND = "no such kind"
    """`words` is none of `names`."""

    # Of a unit's word.
    NO_SUCH_ITEM = "no such item"
    """Nothing of that number is open."""
    NOTHING_SAID = "nothing said"
    """None of `names` was found in it."""
    UNREADABLE_LIMIT = "unreadable limit"
    """The unit's own time limit, `words`, is no day."""
    TOO_LATE = "too late"
    """The unit's own time limit, `words`, lies after `due`."""
    MISSING = "missing"
    """`names` are still unsaid, so it cannot be reported done (R48)."""
    NO_ACCOUNT = "no account"
    """Nothing says what was done."""
    CHANGED = "changed"
    """It is not as it was when it was asked about."""


class RectifyRefused(Notice):
    """Not taken, and what to type instead."""

    why: NotTaken
    number: str = ""
    title: str = ""
    names: tuple[str, ...] = ()
    words: str = ""
    due: datetime | None = None
    more_time: bool = False
    """The measure lets a unit ask for more time."""


class RectifyPart(Facts):
    """What the unit has said under one name."""

    name: str
    text: str


class RectifyClaimed(Notice):
    """To the unit: what it said of its problems, and what is still unsaid."""

    numbers: tuple[str, ...]
    parts: tuple[RectifyPart, ...]
    missing: tuple[str, ...] = ()
    due: datetime


class RectifyReported(Notice):
    """The unit says that a problem is done; closing is the office's (R49)."""

    number: str
    title: str
    unit: str
    text: str = ""
    files: tuple[str, ...] = ()
    sent_at: datetime
    late_stamp: bool = False
    on_time: bool
    to_office: bool = False


class RectifyReturned(Notice):
    """The office does not take it for done; or, to the office, that the unit was told so."""

    number: str
    title: str
    unit: str
    reason: str
    due: datetime
    to_office: bool = False
    trial: bool = False
    """The unit is told nothing."""


class RectifyClosed(Notice):
    """销号."""

    number: str
    title: str
    unit: str
    on_time: bool
    left: int = 0
    """So many problems of that notice are not closed yet."""
    to_unit: bool = False


class RectifyCount(Facts):
    """So many of something."""

    name: str
    count: int


class RectifyEntry(Facts):
    """One problem in the 台账."""

    number: str
    text: str
    kind: str = ""
    standing: str
    due: datetime
    parts: tuple[RectifyPart, ...] = ()
    missing: tuple[str, ...] = ()
    why: str = ""
    """Why it cannot be done, where the unit has said so."""


class RectifyUnit(Facts):
    """A unit's problems: counted, and one by one where there are not too many."""

    unit: str
    standings: tuple[RectifyCount, ...]
    kinds: tuple[RectifyCount, ...] = ()
    """Of what is still open."""
    entries: tuple[RectifyEntry, ...] = ()


class RectifyBook(Notice):
    """整改台账, as far as the sender may see it."""

    scope: str = ""
    now: datetime
    standings: tuple[RectifyCount, ...] = ()
    kinds: tuple[RectifyCount, ...] = ()
    units: tuple[RectifyUnit, ...] = ()


class RectifyUnableAsk(Ask):
    """Confirm that problems cannot be done."""

    unit: str
    items: tuple[RectifyItem, ...]
    remark: str = ""
    trial: bool = False


class RectifyUnable(Notice):
    """确实无法完成: only the reason is owed from now on (R52)."""

    unit: str
    items: tuple[RectifyItem, ...]
    reasons: tuple[RectifyPart, ...] = ()
    """By number, what the unit has said."""
    missing: tuple[str, ...] = ()
    """The numbers for which it has said nothing."""
    remark: str = ""
    to: str = "office"
    """Or "unit", or "upper": a leader in charge."""
    task: str = ""
    """The number of the office's task to tell the level above."""
