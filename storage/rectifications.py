"""整改通知书 with their problems, recorded once and never changed; what a unit owes for each is an obligation."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.obligation import Kind
from assessment.rectification import Problem
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.unit_of_work import UnitOfWork

LETTER = "W"
"""问题: of a notice and of each of its problems; a notice's number stands for all of them."""


class RectificationNoticeRow(SQLModel, table=True):
    """One notice to one unit, under the number that it got at its 签发."""

    __tablename__ = "rectification_notice"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    form: str
    """What it is called: 整改通知, or 专项督办令."""
    programme: int = Field(foreign_key="programme.id", index=True)
    unit: int = Field(foreign_key="unit.id")
    due: datetime = Field(sa_type=Moment)
    """As the notice said it; an obligation's may be later where more time was granted."""
    ordered_by: int = Field(foreign_key="person.id")
    ordered_at: datetime = Field(sa_type=Moment)


append_only(RectificationNoticeRow)


class ItemRow(SQLModel, table=True):
    """One problem of a notice; its obligation's `ref` is this id."""

    __tablename__ = "rectification_item"
    __table_args__ = (UniqueConstraint("notice", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    notice: int = Field(foreign_key="rectification_notice.id")
    nth: int
    text: str
    kind: str = ""


append_only(ItemRow)


def record(
    uow: UnitOfWork,
    *,
    number: str,
    form: str,
    programme: int,
    unit: int,
    due: datetime,
    by: int,
    at: datetime,
    problems: Iterable[tuple[str, Problem]],
) -> Sequence[ItemRow]:
    """Put a notice on record with its problems, each under its own number; return these in order."""
    notice = new_id()
    values = {"number": number, "form": form, "programme": programme, "unit": unit, "due": due}
    uow.insert(RectificationNoticeRow, id=notice, **values, ordered_by=by, ordered_at=at)
    rows = [
        ItemRow(id=new_id(), number=own, notice=notice, nth=nth, text=problem.text, kind=problem.kind)
        for nth, (own, problem) in enumerate(problems, 1)
    ]
    for row in rows:
        uow.insert(ItemRow, **row.model_dump())
    return rows


def item(uow: UnitOfWork, row: ObligationRow) -> ItemRow:
    """What an obligation is about; KeyError if it is about no problem."""
    found = uow.row(select(ItemRow).where(ItemRow.id == int(row.ref)))
    if found is None or row.kind != Kind.RECTIFICATION.value:
        raise KeyError(row.id)
    return found


def notice_of(uow: UnitOfWork, found: ItemRow) -> RectificationNoticeRow:
    """The notice that named it."""
    row = uow.row(select(RectificationNoticeRow).where(RectificationNoticeRow.id == found.notice))
    assert row is not None, "a notice is never deleted"
    return row


def meant_by(uow: UnitOfWork, numbers: Iterable[str]) -> frozenset[str]:
    """The numbers of the problems that are meant: a notice's stands for all its own."""
    wanted = list(numbers)
    query = (
        select(ItemRow.number)
        .join(RectificationNoticeRow, col(RectificationNoticeRow.id) == col(ItemRow.notice))
        .where(col(ItemRow.number).in_(wanted) | col(RectificationNoticeRow.number).in_(wanted))
    )
    return frozenset(uow.rows(query)) if wanted else frozenset()
