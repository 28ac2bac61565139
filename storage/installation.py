"""What one installation decides and every wing needs: zone, calendar, the ledger's key, classification marks."""

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from assessment.workdays import WorkCalendar


@dataclass(frozen=True)
class Installation:
    """Made once at start and handed to whoever works; holds no state."""

    zone: ZoneInfo
    calendar: WorkCalendar
    ledger_key: bytes = field(repr=False)
    classification_marks: tuple[str, ...] = ()

    def local(self, at: datetime) -> datetime:
        """A moment in the domain zone."""
        return at.astimezone(self.zone)

    def day(self, at: datetime) -> date:
        """The calendar day of a moment in the domain zone."""
        return at.astimezone(self.zone).date()
