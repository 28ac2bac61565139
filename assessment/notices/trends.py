"""走势: the course of a unit's indicators over the periods of the year."""

from datetime import datetime
from decimal import Decimal

from assessment.notices.notice import Facts, Notice
from assessment.rulebook import Direction


class CoursePoint(Facts):
    """What was said on one period."""

    period: str
    """Its name, as 2026-07."""
    cumulative: bool = False
    """Whether the figures run from the start of the year."""
    actual: Decimal | None = None
    forecast: Decimal | None = None
    """Only with the newest figures: older ones are overtaken."""
    due: bool = True
    """Whether the figure was owed by now: without one it is 未报."""
    nil: bool = False
    """零报告: nothing was owed any more."""

    @property
    def missing(self) -> bool:
        """未报, which is never 0."""
        return self.actual is None and self.forecast is None and self.due and not self.nil


class Course(Facts):
    """One indicator (or cohort) in its own unit of measure, oldest period first."""

    name: str
    unit: str
    direction: Direction
    base: Decimal | None
    full: Decimal | None
    base_mark: str = ""
    full_mark: str = ""
    points: tuple[CoursePoint, ...]


class Trend(Notice):
    """走势: the indicators asked about, or all that the unit reports under one measure."""

    unit: str
    programme: str
    version: str
    now: datetime
    courses: tuple[Course, ...]
    pictured: int | None = None
    """Which of them a picture shows; None while there is no figure to be drawn."""
    trial: bool = False
