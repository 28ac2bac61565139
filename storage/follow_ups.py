"""What follows 后果 from grades, flags, entries and publications, and how far it has come.

What only people may do is a task for them; what is asked of a unit becomes an obligation once its day is known.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.consequences import DueAct
from assessment.rulebook import Subject
from assessment.year_rules import Act
from storage import counters
from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

LETTER = "H"


class Stage(StrEnum):
    """Where it stands."""

    OPEN = "open"
    WITH_UNIT = "with unit"
    """The unit owes it: see its obligation."""
    DONE = "done"
    DROPPED = "dropped"
    """Its cause is no more, such as a grade that was changed or an entry that was reversed."""


class FollowUpRow(SQLModel, table=True):
    """One thing to be done because of one unit, one person or the measure as a whole."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("programme", "key"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. H-2701-6."""
    programme: int = Field(foreign_key="programme.id")
    key: str
    """What it is about, for ever: it arises once."""
    unit: int | None = Field(default=None, foreign_key="unit.id")
    person: int | None = Field(default=None, foreign_key="person.id")
    """Whose account it is about, where that is a person's."""
    consequence: str | None = None
    entry: int | None = Field(default=None, foreign_key="entry.id")
    act: str
    name: str
    cite: str
    because: str
    """What it follows from, for people: 等次较差, L-2612-3."""
    counted_from: date
    due_day: date | None = None
    awaits_day: bool = False
    """Whether the office has to set the day before anything is asked of the unit (R40)."""
    required: list[str] = Field(default_factory=list, sa_type=JsonText)
    stage: str = Stage.OPEN.value
    planned_day: date | None = None
    """For an interview: the day on which the unit was asked to come."""
    obligation: int | None = Field(default=None, foreign_key="obligation.id")
    opened_at: datetime = Field(sa_type=Moment)
    closed_at: datetime | None = Field(default=None, sa_type=Moment)
    closed_by: int | None = Field(default=None, foreign_key="person.id")
    remark: str = ""


def open_if_new(
    uow: UnitOfWork,
    due: DueAct,
    *,
    programme: int,
    unit: int | None,
    because: str,
    entry: int | None,
    today: date,
    now: datetime,
    awaits_day: bool = False,
) -> FollowUpRow | None:
    """Put one act on the list; one that was dropped with its cause comes back. None where it stands already.

    With `awaits_day` nothing is asked of the unit before the office has set the day, whatever the measure says.
    """
    known = by_key(uow, programme, due.key)
    if known is not None:
        return _revived(uow, known, due, because=because, entry=entry, now=now, awaits_day=awaits_day)
    row_id = new_id()
    row = FollowUpRow(
        id=row_id,
        number=str(row_id),
        programme=programme,
        key=due.key,
        unit=unit,
        person=due.account.holder if due.account is not None and due.account.subject is Subject.PERSON else None,
        consequence=due.consequence,
        entry=entry,
        act=due.act.value,
        name=due.name,
        cite=due.cite,
        because=because,
        counted_from=due.counted_from,
        due_day=due.due_day,
        awaits_day=due.office_sets_day or awaits_day,
        required=list(due.required),
        opened_at=now,
    )
    if not uow.insert_if_new(FollowUpRow, **row.model_dump()):
        return None  # Another transaction put the same on the list a moment ago: that one stands, and has the number.
    number = counters.number(uow, LETTER, today)
    uow.update(FollowUpRow, FollowUpRow.id == row_id, number=number)
    return row.model_copy(update={"number": number})


def _revived(
    uow: UnitOfWork,
    known: FollowUpRow,
    due: DueAct,
    *,
    because: str,
    entry: int | None,
    now: datetime,
    awaits_day: bool,
) -> FollowUpRow | None:
    if known.stage != Stage.DROPPED.value:
        return None
    uow.update(
        FollowUpRow,
        FollowUpRow.id == known.id,
        stage=Stage.OPEN.value,
        because=because,
        entry=entry,
        counted_from=due.counted_from,
        due_day=due.due_day,
        awaits_day=due.office_sets_day or awaits_day,
        planned_day=None,
        obligation=None,
        opened_at=now,
        closed_at=None,
        closed_by=None,
        remark="",
    )
    return by_key(uow, known.programme, known.key)


def by_key(uow: UnitOfWork, programme: int, key: str) -> FollowUpRow | None:
    """What stands under that key, held until the end of the transaction."""
    query = select(FollowUpRow).where(FollowUpRow.programme == programme, FollowUpRow.key == key)
    return uow.row(uow.for_update(query))


def by_number(uow: UnitOfWork, number: str) -> FollowUpRow | None:
    """The act with that number, held until the end of the transaction."""
    return uow.row(uow.for_update(select(FollowUpRow).where(FollowUpRow.number == number)))


def of_obligation(uow: UnitOfWork, obligation: int) -> FollowUpRow | None:
    """What an obligation came from."""
    return uow.row(select(FollowUpRow).where(FollowUpRow.obligation == obligation))


def listed(
    uow: UnitOfWork, programme: int, *, stages: Iterable[Stage] = (Stage.OPEN,), act: Act | None = None
) -> Sequence[FollowUpRow]:
    """A programme's acts in those stages, in the order in which they arose."""
    query = select(FollowUpRow).where(
        FollowUpRow.programme == programme, col(FollowUpRow.stage).in_([stage.value for stage in stages])
    )
    if act is not None:
        query = query.where(FollowUpRow.act == act.value)
    return uow.rows(query.order_by(col(FollowUpRow.opened_at), col(FollowUpRow.id)))


def of_entry(uow: UnitOfWork, entry: int) -> Sequence[FollowUpRow]:
    """What is still to be done or owed because of one entry, held until the end of the transaction."""
    still = col(FollowUpRow.stage).in_([Stage.OPEN.value, Stage.WITH_UNIT.value])
    query = select(FollowUpRow).where(FollowUpRow.entry == entry, still)
    return uow.rows(uow.for_update(query.order_by(col(FollowUpRow.id))))


def rest_on(uow: UnitOfWork, follow_up: int, *, entry: int, because: str) -> None:
    """From now on it follows from another entry."""
    uow.update(FollowUpRow, FollowUpRow.id == follow_up, entry=entry, because=because)


def plan(uow: UnitOfWork, follow_up: int, day: date) -> None:
    """The day for which the unit was asked to come."""
    uow.update(FollowUpRow, FollowUpRow.id == follow_up, planned_day=day)


def hand_to_unit(uow: UnitOfWork, follow_up: int, *, obligation: int, due_day: date) -> None:
    """From now on the unit owes it."""
    uow.update(
        FollowUpRow,
        FollowUpRow.id == follow_up,
        stage=Stage.WITH_UNIT.value,
        obligation=obligation,
        due_day=due_day,
        awaits_day=False,
    )


def close(uow: UnitOfWork, follow_up: int, stage: Stage, *, by: int, at: datetime, remark: str = "") -> bool:
    """Tick it off; False where somebody was first."""
    still = (FollowUpRow.id == follow_up, col(FollowUpRow.stage) == Stage.OPEN.value)
    return uow.update(FollowUpRow, *still, stage=stage.value, closed_by=by, closed_at=at, remark=remark) == 1


def drop(uow: UnitOfWork, follow_up: int, *, by: int, at: datetime, remark: str) -> bool:
    """Drop it with its cause, also where a unit owes it; False where it had come to an end before."""
    still = (FollowUpRow.id == follow_up, col(FollowUpRow.stage).in_([Stage.OPEN.value, Stage.WITH_UNIT.value]))
    values = {"stage": Stage.DROPPED.value, "closed_by": by, "closed_at": at, "remark": remark}
    return uow.update(FollowUpRow, *still, **values) == 1
