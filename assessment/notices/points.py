"""Proposals, decisions, entries and corrections."""

from datetime import date, datetime
from decimal import Decimal

from assessment.notices.notice import Ask, Facts, Notice


class ProposalLine(Facts):
    """One proposed addition or deduction."""

    number: str
    account: str
    """A unit's name, or a person's with the unit."""
    personal: bool = False
    clause: str
    cite: str
    points: Decimal | None
    mark: str = ""
    unset: bool = False
    """The measure gives it neither a value nor a range: it cannot be decided before that is set."""
    fact: str
    """What happened, as facts: made by cards.facts from the basis."""
    statement: str | None = None
    statement_until: datetime
    hearing: bool = False
    """The office has asked to hear those concerned first, and they have not spoken since."""
    untold: bool = False
    """That could be told to nobody: no days run."""
    unheard: bool = False
    """Its days are over, and no platform took the letter that told of it."""
    decidable: bool
    suppressed_by: str = ""
    trial: bool = False
    """Of a trial: shown to the office, never decided."""
    outage: bool = False
    """The platform was known to be out around the due time: to be weighed before a deduction is confirmed."""


class Proposed(Notice):
    """To the unit: 拟扣 with its clause and fact, and until when it may speak."""

    unit: str
    line: ProposalLine
    clause_text: str


class StatementTaken(Notice):
    """情况说明 was taken."""

    number: str
    unit: str
    cite: str
    text: str
    to_office: bool = False
    late: bool = False


class StatementWhich(Notice):
    """Which proposal does the statement concern? Empty when there is none."""

    lines: tuple[ProposalLine, ...]
    unknown: str = ""
    """The numbers that were typed, where none of them is the sender's to speak on."""


class HearingTold(Notice):
    """To those concerned: the office wishes to hear them before it decides; until when is in the line."""

    line: ProposalLine
    question: str = ""
    """What the office asks, in its own words."""
    by: str
    office: str = ""
    """By its own name."""


class HearingAsked(Notice):
    """To the office: whom 先听情况说明 was put to."""

    line: ProposalLine
    question: str = ""
    told: tuple[str, ...]
    unreachable: tuple[str, ...] = ()
    otherwise: bool = False
    """The office itself has told them, by other means, as `question` says."""
    held_until: datetime | None = None
    """Set where it leaves only in the next office hours."""


class DecideList(Notice):
    """What awaits 核定."""

    lines: tuple[ProposalLine, ...]


class DecideAsk(Ask):
    """Confirm a decision in bulk."""

    confirm: tuple[ProposalLine, ...]
    early: tuple[str, ...] = ()
    """Numbers whose days for a statement are not over."""
    reason: str = ""
    reject: bool = False
    approval: bool = False
    """Whether 审定 comes after it."""
    through: date | None = None
    """The last day that counts, where the office ends a count by the day."""


class Decided(Notice):
    """To the office, or to the leading group's secretary: what was decided."""

    lines: tuple[ProposalLine, ...]
    rejected: bool
    entries: tuple[str, ...] = ()
    awaits_approval: int = 0
    """How many of them wait for 审定 now, and are no entries yet."""
    word: str = "核定"
    """核定 or 审定."""


class ApproveAsk(Ask):
    """审定: what waits for it, a question about some, or what was handed back to the office."""

    lines: tuple[ProposalLine, ...]
    asks: bool
    reject: bool = False
    reason: str = ""
    told: bool = False
    """To the office: handed back."""


class EntryTold(Notice):
    """To the unit: an entry was made, or a proposal was dropped."""

    unit: str
    account: str
    personal: bool = False
    clause: str
    cite: str
    points: Decimal | None
    entry: str
    by: str
    rejected: bool = False
    reason: str = ""
    total: Decimal | None = None
    covered_by: str = ""
    """What covers it, where it does not count 不重复计: the clause and number of the line that does."""
    word: str = "核定"
    """核定 or 审定."""


class EntriesTold(Notice):
    """To one person: what became of several proposals that were decided at once."""

    told: tuple[EntryTold, ...]


class RecordAsk(Ask):
    """Confirm 加分 or 扣分."""

    account: str
    programme: str = ""
    """Named where the office runs more than one measure."""
    clause: str
    cite: str
    clause_text: str
    points: Decimal
    matter: str = ""
    """What the points are for, where it was named: of one matter only the highest counts."""
    reason: str
    evidence: tuple[str, ...] = ()


class Recorded(Notice):
    """A proposal was made by hand."""

    line: ProposalLine


class ReverseAsk(Ask):
    """Confirm 更正分."""

    entry: str
    account: str
    cite: str
    points: Decimal
    reason: str
    revived: tuple[str, ...] = ()
    takes_two: bool = False
    """Whether it then waits for a second person of the office."""
    asked_by: str = ""
    """Who asked for it, where the second person is asked now."""


class CorrectionWaits(Notice):
    """更正分 of so many points waits for a second person of the office."""

    entry: str
    account: str
    cite: str
    points: Decimal
    reason: str
    by: str
    to_second: bool = False


class CorrectionDropped(Notice):
    """更正分 that waited for a second person is not made."""

    entry: str
    by: str
    reason: str = ""


class Reversed(Notice):
    """To the office and the unit: corrected, the original stays on record."""

    entry: str
    by_entry: str
    account: str
    unit: str
    cite: str
    points: Decimal
    reason: str
    by: str
    revived: tuple[str, ...] = ()
    total: Decimal | None = None
    to_unit: bool = False
    appeal: str = ""
    """The number of the appeal that is upheld thereby."""
