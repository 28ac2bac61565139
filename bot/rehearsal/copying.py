"""The copy of an installation that a rehearsal plays in: its roster and calendar, the programmes, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import SQLModel, col, select

from assessment import rulebook_file
from assessment.fault import Broken
from assessment.rulebook import Rulebook
from bot.command_line import Stop
from storage import programmes, roster
from storage.calendars import CalendarRow
from storage.programmes import Programme, ProgrammeRow
from storage.roster import IdentityRow, PersonRow, PostRow, RosterStampRow, UnitRow
from storage.unit_of_work import UnitOfWork

_COPIED: tuple[type[SQLModel], ...] = (UnitRow, PersonRow, PostRow, IdentityRow, RosterStampRow, CalendarRow)


@dataclass(frozen=True)
class Text:
    """A rulebook as its office wrote it."""

    name: str
    text: str
    live_from: date = date.min
    """From which day on its duties are asked for."""
    trial: bool = False


@dataclass(frozen=True)
class Original:
    """What is taken over from the installation."""

    rows: Mapping[type[SQLModel], Sequence[SQLModel]]
    running: tuple[Text, ...]


def original(uow: UnitOfWork) -> Original:
    """Read all that a rehearsal starts from."""
    rows = {table: uow.rows(select(table)) for table in _COPIED}
    found = uow.rows(
        select(ProgrammeRow).where(col(ProgrammeRow.ended).is_(False)).order_by(col(ProgrammeRow.id))
    )
    return Original(rows, tuple(Text(row.code, row.text, row.live_from, row.trial) for row in found))


def copy(uow: UnitOfWork, source: Original) -> None:
    """Write roster and calendar into an empty database, under the same ids."""
    for table, rows in source.rows.items():
        for row in rows:
            uow.insert(table, **row.model_dump())


def enter(uow: UnitOfWork, texts: Sequence[Text], live_from: date) -> list[Programme]:
    """Enter the programmes as live ones: what is on trial is rehearsed as it will be. Raises Stop."""
    people = roster.whole(uow)
    entered = []
    for text in texts:
        rulebook = rulebook_of(text)
        office = people.named(rulebook.office)
        if office is None:
            raise Stop(f"{text.name} 主管：名册中没有“{rulebook.office}”，请先导入名册")
        first = max(text.live_from, live_from)
        # As a demonstration: a stand-in is rehearsed like any other value, and named in the report by `duban check`.
        entered.append(
            programmes.add(uow, text.text, text.name, office=office.id, live_from=first, demonstration=True)
        )
    return entered


def rulebook_of(text: Text) -> Rulebook:
    """The rulebook of a text. Raises Stop with its faults."""


    try:
        return rulebook_file.load(text.text, text.name).rulebook
    except Broken as broken:
        raise Stop(*map(str, broken.faults)) from None
