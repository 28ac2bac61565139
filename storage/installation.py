"""What one installation decides and every wing needs: zone, calendar, the ledger's key, classification marks."""

from collections.abc import Mapping
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
    platforms: Mapping[str, str] = field(default_factory=dict)
    """What people call the platform of each channel."""

    def local(self, at: datetime) -> datetime:
        """A moment in the domain zone."""
        return at.astimezone(self.zone)

    def platform(self, channel: str) -> str:
        """What people call the platform of a channel."""
        return self.platforms.get(channel, channel)

    def day(self, at: datetime) -> date:
        """The calendar day of a moment in the domain zone."""
        return at.astimezone(self.zone).date()
