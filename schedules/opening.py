"""Duties of the year become this period's obligations, once each, some days before they fall due."""

from dataclasses import dataclass
from datetime import datetime

from storage import programmes, roster
from storage.installation import Installation
from storage.opening import DAYS_AHEAD, open_all
from storage.unit_of_work import UnitOfWork

__all__ = ["DAYS_AHEAD", "Opened", "sweep"]


@dataclass(frozen=True)
class Opened:
    """How many obligations a sweep opened."""

    count: int = 0


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> Opened:
    """Open every obligation that is near enough to be worked on; run again, it opens nothing twice."""
    today = installation.day(now)
    people = roster.whole(uow)
    return Opened(sum(open_all(uow, installation, each, people, today) for each in programmes.running(uow)))
