"""责任书: what a unit's letter says, its signature, and who has signed."""

from datetime import datetime
from decimal import Decimal

from assessment.notices.notice import Ask, Facts, Notice


class LetterTarget(Facts):
    """One indicator of the unit, with what binds it; None is not set."""

    name: str
    measure: str
    """In what it is measured, e.g. 万元."""
    base: Decimal | None
    full: Decimal | None = None
    mark: str = ""
    part: bool = False
    """It is the unit's part of a target that was split."""
    own: Decimal | None = None
    assigned: Decimal | None = None
    """Own and assigned target, where they differ: the stricter, or the one the measure names, binds."""
    lead: bool = True


class LetterDuty(Facts):
    """One report that the unit owes over the year."""

    name: str
    times: int
    first_due: datetime | None = None
    """None where it is not set, or counts from an event."""
    mark: str = ""
    event: str = ""


class LetterShown(Notice):
    """A unit's letter, to its people or the office."""

    unit: str
    title: str
    cite: str = ""
    due: datetime | None
    targets: tuple[LetterTarget, ...]
    duties: tuple[LetterDuty, ...]
    unset: tuple[str, ...] = ()
    signer: str = ""
    signed_at: datetime | None = None
    may_sign: bool = False


class LetterSigned(Notice):
    """To the head: signed; to the reporters as a copy."""

    unit: str
    title: str
    signer: str
    signed_at: datetime
    on_time: bool
    due: datetime
    copied: bool = False


class LettersWaiting(Notice):
    """Several letters wait for the head: what to type for each. Empty where none does."""

    titles: tuple[str, ...]


class LetterStatus(Notice):
    """To the office: who has signed and who has not."""

    title: str
    due: datetime | None
    signed: tuple[tuple[str, datetime], ...] = ()
    unsigned: tuple[str, ...] = ()
    now: datetime
    trial: bool = False


class LetterDayAsk(Ask):
    """Confirm by when letters are to be signed."""

    title: str
    due: datetime
    before: datetime | None = None
    units: tuple[str, ...] = ()
    """Those who have not signed yet."""
    trial: bool = False


class LetterDaySet(Notice):
    """To the office: the day is set. To a head: a letter waits."""

    title: str
    due: datetime
    units: int = 0
    unit: str = ""
    """Set where it goes to that unit's head."""


class LetterUnclear(Notice):
    """No letter in this measure, or no day that can be one."""

    exists: bool
    """Whether there is a letter at all, so that only the day is missing or wrong."""
    written: str = ""
