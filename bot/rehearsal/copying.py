"""The copy of an installation that a rehearsal plays in: its roster and calendar, the programmes, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlmodel import SQLModel, col, select

from assessment import rulebook_file
from assessment.fault import Broken
from bot.command_line import Stop
from storage import event_days, programmes, roster
from storage.calendars import CalendarRow
from storage.event_days import EventDayRow
from storage.programmes import Programme, ProgrammeRow
from storage.roster import IdentityRow, PersonRow, PostRow, RosterStampRow, UnitRow
from storage.unit_of_work import UnitOfWork

_COPIED: tuple[type[SQLModel], ...] = (UnitRow, PersonRow, PostRow, IdentityRow, RosterStampRow, CalendarRow)


@dataclass(frozen=True)
class Text:
    """A rulebook as its office wrote it."""

    name: str
    text: str
    year: int
    live_from: date = date.min
    """From which day on its duties are asked for."""
    office: int | None = None
    """The unit that runs it, where that is settled already."""
    days: tuple[EventDayRow, ...] = ()
    """The days of events that its office has recorded: what counts from an event is due on none without them."""


@dataclass(frozen=True)
class Original:
    """What is taken over from the installation."""

    rows: Mapping[type[SQLModel], Sequence[SQLModel]]
    running: tuple[Text, ...]


def original(uow: UnitOfWork) -> Original:
    """Read all that a rehearsal starts from."""
    rows = {table: uow.rows(select(table)) for table in _COPIED}
    found = uow.rows(select(ProgrammeRow).where(col(ProgrammeRow.ended).is_(False)).order_by(col(ProgrammeRow.id)))
    return Original(rows, tuple(_text(uow, row) for row in found))


def _text(uow: UnitOfWork, row: ProgrammeRow) -> Text:
    # A code ends in its year; a large rulebook is not read whole only to learn that.
    year, days = int(row.code.rpartition("-")[2]), tuple(event_days.words(uow, row.id))
    return Text(row.code, row.text, year, row.live_from, row.office, days)


def in_file(path: Path) -> Text:
    """A rulebook that has not been imported. Raises Stop with its faults."""
    try:
        text = path.read_text("utf-8-sig")
        return Text(path.name, text, rulebook_file.load(text, path.name).rulebook.year)
    except (OSError, UnicodeDecodeError):
        raise Stop(f"{path} 不能读取，请核对文件名，并另存为 UTF-8 编码") from None
    except Broken as broken:
        raise Stop(*map(str, broken.faults)) from None


def copy(uow: UnitOfWork, source: Original) -> None:
    """Write roster and calendar into an empty database, under the same ids."""
    for table, rows in source.rows.items():
        for row in rows:
            uow.insert(table, **row.model_dump())


def enter(uow: UnitOfWork, texts: Sequence[Text], live_from: date) -> list[Programme]:
    """Enter the programmes as live ones, a trial as what it will be. Raises Stop where the office is unknown."""
    return [_enter(uow, text, live_from) for text in texts]


def _enter(uow: UnitOfWork, text: Text, live_from: date) -> Programme:
    added = programmes.add(
        uow,
        text.text,
        text.name,
        office=text.office or _office(uow, text),
        live_from=max(text.live_from, live_from),
        # What is on trial may still hold stand-ins.
        demonstration=True,
    )
    for word in text.days:
        uow.insert(EventDayRow, **(word.model_dump() | {"programme": added.id}))
    return added


def _office(uow: UnitOfWork, text: Text) -> int:
    name = programmes.office_named_in(text.text, text.name)
    found = roster.whole(uow).named(name)
    if found is None:
        raise Stop(f"{text.name} 主管：名册中没有“{name}”，请先导入名册，或改正单位名称")
    return found.id
