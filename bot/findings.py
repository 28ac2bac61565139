"""What `duban check` has found: how it stands, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum


class Mark(StrEnum):
    """How a finding stands."""

    GOOD = "✓"
    OPEN = "△"
    """Not complete, or to be known: the service runs all the same."""
    BAD = "✗"
    TOLD = "○"
    """Nothing to judge: a value to be entered elsewhere, or what cannot be seen from here."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at, and what to do where it is not good."""

    mark: Mark
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.mark} {self.what}" + (f" → {self.remedy}" if self.remedy else "")
