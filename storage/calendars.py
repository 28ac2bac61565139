"""Calendar overlays: what the office has said of a year's holidays and make-up workdays, as it wrote it."""

from enum import StrEnum

from sqlmodel import Field, SQLModel, col, select

from assessment.workdays import Overlay, WorkCalendar, parse_overlay
from storage.unit_of_work import UnitOfWork


class CalendarRow(SQLModel, table=True):
    """One year's calendar file. The text is kept whole, so that it can be shown to whoever asks where a day is from."""

    __tablename__ = "calendar"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    text: str


class Kept(StrEnum):
    """What became of a calendar file."""

    ADDED = "新增"
    CHANGED = "变更"
    SAME = "不变"


def keep(uow: UnitOfWork, text: str) -> tuple[Overlay, Kept]:
    """Store a calendar file in place of the year's earlier one. Raises ValueError that names the line of a fault."""
    overlay = parse_overlay(text)
    if uow.insert_if_new(CalendarRow, year=overlay.year, text=text):
        return overlay, Kept.ADDED
    changed = uow.update(CalendarRow, CalendarRow.year == overlay.year, CalendarRow.text != text, text=text)
    return overlay, Kept.CHANGED if changed else Kept.SAME


def calendar(uow: UnitOfWork) -> WorkCalendar:
    """The working calendar with every overlay that has been stored."""
    texts = uow.rows(select(CalendarRow.text).order_by(col(CalendarRow.year)))
    return WorkCalendar(tuple(parse_overlay(text) for text in texts))
