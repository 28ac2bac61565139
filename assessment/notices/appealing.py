"""Appeals 申诉 against one ledger entry: taken, listed, dated and answered."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from assessment.notices.notice import Ask, Facts, Notice


class AppealLine(Facts):
    """One appeal as it stands."""

    number: str
    unit: str
    account: str
    """A unit's name, or a person's with the unit."""
    personal: bool = False
    entry: str
    cite: str
    clause: str
    points: Decimal
    fact: str
    text: str
    by: str
    """Who made it."""
    made_at: datetime
    day: date | None = None
    """By when the office is to answer; None while nobody has set that."""
    assumed: bool = False
    """That day lies where the year's holidays are not known yet."""
    files: tuple[str, ...] = ()


class AppealTaken(Notice):
    """The receipt to the unit; or to the office, that it has to answer."""

    line: AppealLine
    workdays: int | None = None
    """In how many workdays the measure wants it answered; None where the office sets the day."""
    office: str
    to_office: bool = False
    late_stamp: bool = False


class AppealDated(Notice):
    """The office has set the day for its answer; to the unit, or as a receipt."""

    line: AppealLine
    by: str
    to_office: bool = False


class AppealList(Notice):
    """To the office: what waits for its answer in one measure."""

    programme: str
    today: date
    lines: tuple[AppealLine, ...]


class AppealDue(Notice):
    """To the office, before the day: this appeal is still to be answered."""

    line: AppealLine


class AppealAsk(Ask):
    """Confirm 申诉不成立."""

    line: AppealLine
    reason: str


class AppealDeclined(Notice):
    """申诉不成立, to the unit or as a receipt; the points stay."""

    line: AppealLine
    reason: str
    by: str
    to_office: bool = False


class EntryChoice(Facts):
    """A ledger entry that could be appealed against."""

    entry: str
    account: str
    personal: bool = False
    cite: str
    clause: str
    points: Decimal
    fact: str


class AppealWhich(Notice):
    """Against which entry? None where the unit has none."""

    lines: tuple[EntryChoice, ...]


class AppealRefusal(StrEnum):
    """Why an appeal, its day or its answer was not taken."""

    NO_REASON = "no reason"
    SEVERAL = "several"
    """More than one entry is named."""
    PROPOSED = "proposed"
    """It is a proposal still: 情况说明 is the way."""
    CORRECTED = "corrected"
    """The entry was corrected, or is itself a correction."""
    CLOSED = "closed"
    """Its year is closed."""
    OPEN_ALREADY = "open already"
    UPHELD_BEFORE = "upheld before"
    DECLINED_BEFORE = "declined before"
    WHICH = "which"
    """The office named none that there is."""
    ANSWERED = "answered"
    WAITS_FOR_SECOND = "waits for second"
    """Somebody has asked for its correction, and a second person has not agreed yet."""
    DAY_BY_MEASURE = "day by measure"
    WHICH_DAY = "which day"
    DAY_PASSED = "day passed"
    ANSWER_LACKS_REASON = "answer lacks reason"


class AppealRefused(Notice):
    """Why it was not taken, and what to do."""

    why: AppealRefusal
    word: str
    """What was typed: 申诉, 申诉成立, 申诉不成立, 申诉期限."""
    number: str = ""
    """The appeal's."""
    entry: str = ""
    """The entry's, or the proposal's."""
    reason: str = ""
    """Of the answer that was given before."""
    day: date | None = None
    workdays: int | None = None
