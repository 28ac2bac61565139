"""Programmes: one rulebook, applied by one office to its units for one year."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlmodel import Field, SQLModel, select

from assessment import rulebook_file
from assessment.rulebook import Rulebook
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class ProgrammeRow(SQLModel, table=True):
    """One programme. The rulebook's text is kept whole, so that a past year is always scored by its own words."""

    __tablename__ = "programme"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    code: str = Field(unique=True)
    office: int = Field(foreign_key="unit.id")
    text: str
    digest: str
    live_from: date
    """What fell due before this day is not asked for: an office never goes live on 1 January."""
    trial: bool = False
    """Opened with stand-ins or for practice: never the basis of a year's result."""
    ended: bool = False


@dataclass(frozen=True)
class Programme:
    """A programme with its rulebook read; `office` is the unit that runs it."""

    id: int
    code: str
    office: int
    digest: str
    live_from: date
    rulebook: Rulebook


@lru_cache(maxsize=64)
def _read(text: str, name: str) -> Rulebook:
    return rulebook_file.load(text, name).rulebook


def _programme(row: ProgrammeRow) -> Programme:
    return Programme(row.id, row.code, row.office, row.digest, row.live_from, _read(row.text, row.code))


def running(uow: UnitOfWork) -> list[Programme]:
    """Every programme whose year has not been closed, oldest first."""
    rows = uow.rows(select(ProgrammeRow).where(ProgrammeRow.ended == False).order_by(ProgrammeRow.id))  # type: ignore[arg-type]  # noqa: E712 - SQL
    return [_programme(row) for row in rows]


def get(uow: UnitOfWork, programme_id: int) -> Programme:
    """The programme with that id; KeyError if there is none."""
    row = uow.row(select(ProgrammeRow).where(ProgrammeRow.id == programme_id))
    if row is None:
        raise KeyError(programme_id)
    return _programme(row)


def office_named_in(text: str, name: str) -> str:
    """The name of the unit that a rulebook says runs it; raises rulebook_file.Broken when the text has faults."""
    return rulebook_file.load(text, name).rulebook.office


def add(uow: UnitOfWork, text: str, name: str, *, office: int, live_from: date, trial: bool = False) -> Programme:
    """Store a rulebook as a programme; one already stored under its code is given back unless its text differs.

    Raises rulebook_file.Broken when the text has faults, Frozen when another text runs under that code, and
    StandIns for a live year that would rest on a stand-in (decisions 4); a trial may.
    """
    loaded = rulebook_file.load(text, name)
    if loaded.stand_ins and not trial:
        raise StandIns(tuple(f"{found.path}：{found.reason}" for found in loaded.stand_ins))
    code = f"{loaded.rulebook.id}-{loaded.rulebook.year}"
    row = uow.row(select(ProgrammeRow).where(ProgrammeRow.code == code))
    if row is not None:
        if row.digest != loaded.digest:
            raise Frozen(code)
        return _programme(row)
    programme_id = new_id()
    uow.insert(
        ProgrammeRow,
        id=programme_id,
        code=code,
        office=office,
        text=text,
        digest=loaded.digest,
        live_from=live_from,
        trial=trial,
    )
    return Programme(programme_id, code, office, loaded.digest, live_from, loaded.rulebook)


class StandIns(Exception):
    """A live year cannot be opened with stand-ins; `where` names each with its reason."""

    def __init__(self, where: tuple[str, ...]) -> None:
        super().__init__("正式运行前须由考核办设定：\n" + "\n".join(where))
        self.where = where


class Frozen(Exception):
    """A different text is already running under that code: a year is scored by its one rulebook."""

    def __init__(self, code: str) -> None:
        super().__init__(f"考核方案 {code} 已在运行,当年办法不得改动;改动请列入下一年度")
        self.code = code
