"""红黄绿: how all indicators of a measure stand, worst first."""

from datetime import datetime
from decimal import Decimal

from assessment.figures import Band
from assessment.notices.notice import Ask, Facts, Notice


class Quoted(Facts):
    """A sentence of the measure's source, word for word, with its citation."""

    text: str
    cite: str


class BandLine(Facts):
    """The indicators of one band, by name. `band` None: it cannot be said while a target is not entered."""

    band: Band | None
    names: tuple[str, ...]


class LagLine(Facts):
    """One indicator that lies below 基本任务 by what is done; `share` in percent, None where it is to fall."""

    name: str
    owner: str
    actual: Decimal
    base: Decimal
    unit: str
    share: Decimal | None
    progress_gap: Decimal | None = None
    """Percentage points against 序时进度, negative behind it; None for rates, which have none (R118)."""


class LagRecipient(Facts):
    """A leader in charge, and how many lagging indicators the letter names."""

    leader: str
    units: tuple[str, ...]
    lagging: int


class LagAsk(Ask):
    """Confirm telling the leaders in charge which indicators of their units lag (R70)."""

    recipients: tuple[LagRecipient, ...]


class LagTold(Notice):
    """They are told; `nobody` where nothing lags or nobody is in charge."""

    recipients: tuple[LagRecipient, ...] = ()


class Overview(Notice):
    """Every indicator that the reader may see is in exactly one of `bands` and `unreported`."""

    programme: str
    version: str
    now: datetime
    said: tuple[Quoted, ...] = ()
    bands: tuple[BandLine, ...] = ()
    unreported: tuple[str, ...] = ()
    lagging: tuple[LagLine, ...] = ()
    scope: str = ""
    """Empty, or of which units only the reader sees the indicators."""
    mark: str = ""
