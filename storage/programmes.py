"""Programmes: one rulebook, applied by one office to its units for one year."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from sqlmodel import Field, SQLModel, col, select

from assessment import rulebook_file
from assessment.rulebook import Rulebook
from storage import proposals
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
    """试运行: everything goes to the office only, and nothing becomes an entry, until it is switched to live."""
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
    trial: bool = False


@lru_cache(maxsize=64)
def _read(text: str, name: str) -> Rulebook:
    return rulebook_file.load(text, name).rulebook


def _programme(row: ProgrammeRow) -> Programme:
    return Programme(row.id, row.code, row.office, row.digest, row.live_from, _read(row.text, row.code), row.trial)


_RUNNING = (
    select(col(ProgrammeRow.id), col(ProgrammeRow.trial), col(ProgrammeRow.digest))
    .where(col(ProgrammeRow.ended).is_(False))
    .order_by(col(ProgrammeRow.id))
)

TRIAL_IS_OVER = "试运行期间形成，不作为正式依据"
_MANY = 64
_read_already: dict[int, Programme] = {}
"""Programmes by id, which are never used twice. A live one changes in nothing but `ended` and what is filled in; a
trial may take another text and becomes live in the end, so what `running` finds changed is read anew, whoever changed
it."""


def running(uow: UnitOfWork) -> list[Programme]:
    """Every programme whose year has not been closed, oldest first."""
    found = []
    for programme_id, trial, digest in uow.execute(_RUNNING).all():
        known = _read_already.get(programme_id)
        if known is not None and (known.trial, known.digest) != (trial, digest):
            _read_already.pop(programme_id, None)
        found.append(get(uow, programme_id))
    return found


def closed(uow: UnitOfWork) -> list[Programme]:
    """Every programme whose year has been closed, the newest year first."""
    ids = uow.rows(select(ProgrammeRow.id).where(col(ProgrammeRow.ended).is_(True)).order_by(col(ProgrammeRow.id)))
    return sorted((get(uow, each) for each in ids), key=lambda programme: -programme.rulebook.year)


def get(uow: UnitOfWork, programme_id: int) -> Programme:
    """The programme with that id; KeyError if there is none."""
    known = _read_already.get(programme_id)
    if known is not None:
        return known
    row = uow.row(select(ProgrammeRow).where(ProgrammeRow.id == programme_id))
    if row is None:
        raise KeyError(programme_id)
    found = _programme(row)
    _remember(found)
    return found


def _remember(programme: Programme) -> None:
    if len(_read_already) >= _MANY:
        _read_already.clear()
    _read_already[programme.id] = programme


def hold(uow: UnitOfWork, programme_id: int) -> None:
    """Wait for whoever is adding to the programme's books, and let nobody else add until the transaction ends.

    What is read from here on stays true while it is acted on: 关账, and every act of an office that two could do at
    once (decisions 0022).
    """
    uow.row(uow.for_update(select(ProgrammeRow.id).where(ProgrammeRow.id == programme_id)))


def forget(programme_id: int) -> None:
    """Read that programme anew when it is next asked for."""
    _read_already.pop(programme_id, None)


def office_named_in(text: str, name: str) -> str:
    """The name of the unit that a rulebook says runs it; raises rulebook_file.Broken when the text has faults."""
    return rulebook_file.load(text, name).rulebook.office


def add(
    uow: UnitOfWork,
    text: str,
    name: str,
    *,
    office: int,
    live_from: date,
    trial: bool = False,
    demonstration: bool = False,
) -> Programme:
    """Store a rulebook as a programme; one already stored under its code is given back unless its text differs.

    A trial takes a new text as often as there is one, and is switched to live by being added without `trial`.
    Raises rulebook_file.Broken when the text has faults, Frozen when another text runs live under that code, and
    StandIns for a live year that would rest on a stand-in (decisions 4); a trial and a demonstration may.
    """
    loaded = rulebook_file.load(text, name)
    if loaded.stand_ins and not (trial or demonstration):
        raise StandIns(tuple(f"{found.path}：{found.reason}" for found in loaded.stand_ins))
    code = f"{loaded.rulebook.id}-{loaded.rulebook.year}"
    row = uow.row(select(ProgrammeRow).where(ProgrammeRow.code == code))
    if row is not None and row.trial and (not trial or row.digest != loaded.digest):
        return _renew_trial(uow, row, text=text, digest=loaded.digest, live_from=live_from, trial=trial)
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
    added = Programme(programme_id, code, office, loaded.digest, live_from, loaded.rulebook, trial)
    # Thousands of indicators take a second to read: not once more for the first who asks.
    uow.after_commit(lambda: _remember(added))
    return added


def _renew_trial(
    uow: UnitOfWork, row: ProgrammeRow, *, text: str, digest: str, live_from: date, trial: bool
) -> Programme:
    """Give a trial another text, or make it live; what it proposed until now will never count."""
    proposals.drop_all(uow, row.id, TRIAL_IS_OVER)
    uow.update(ProgrammeRow, ProgrammeRow.id == row.id, text=text, digest=digest, live_from=live_from, trial=trial)
    uow.after_commit(lambda: forget(row.id))
    renewed = row.model_copy(update={"text": text, "digest": digest, "live_from": live_from, "trial": trial})
    return _programme(renewed)


class StandIns(Exception):
    """A live year cannot be opened with stand-ins; `where` names each with its reason."""

    def __init__(self, where: tuple[str, ...]) -> None:
        super().__init__("正式运行前须由考核办设定：\n" + "\n".join(where))
        self.where = where


class Frozen(Exception):
    """A different text is already running under that code: a year is scored by its one rulebook."""

    def __init__(self, code: str) -> None:
        super().__init__(
            f"考核方案 {code} 已在运行，当年办法不得改动，改动请列入下一年度；未设定的数可用 duban rulebook fill 补填"
        )
        self.code = code
