"""修改建议 for next year's measure: taken, listed, decided."""

from datetime import date, datetime

from assessment.notices.notice import Ask, Facts, Notice


class SuggestionTaken(Notice):
    """To whoever made it: on the list of the coming year; this year's measure stays as it is."""

    number: str
    programme: str
    year: int
    """The year whose measure it is for."""
    frozen_until: date | None = None
    cite: str = ""
    text: str


class SuggestionUnclear(Notice):
    """Nothing was put on the list: no words, or several measures to choose from; what to type for each."""

    choices: tuple[str, ...] = ()
    number: str = ""
    """Set where the office's word on a suggestion lacks its reason, or nothing bears that number."""
    reason_missing: bool = False


class SuggestionLine(Facts):
    """One suggestion as it stands."""

    number: str
    unit: str
    text: str
    made_at: datetime
    state: str
    """待定, 采纳 or 不采纳."""
    reason: str = ""


class SuggestionList(Notice):
    """To the office: what was suggested on one measure."""

    programme: str
    year: int
    lines: tuple[SuggestionLine, ...]


class SuggestionAsk(Ask):
    """Confirm the office's word on one suggestion."""

    line: SuggestionLine
    adopted: bool
    reason: str = ""
    year: int


class SuggestionDecided(Notice):
    """The office's word, to itself and to whoever made it."""

    line: SuggestionLine
    year: int
    to_office: bool = False
    before_by: str = ""
    """Who had decided it before, so that nothing was decided now."""
    before_at: datetime | None = None
