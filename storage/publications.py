"""Publications 公布 of results: each keeps what it showed, and of when it is; a correction is a new one (R86)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.append_only import append_only
from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork

YEAR = "年度"
HALF = "上半年"


class PublicationRow(SQLModel, table=True):
    """One publication; of a programme's publications of one kind the last holds, and none is ever taken back."""

    __tablename__ = "publication"
    __table_args__ = (UniqueConstraint("programme", "kind", "nth"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    """E.g. G-2612-4."""
    programme: int = Field(foreign_key="programme.id")
    kind: str
    nth: int
    as_of: datetime = Field(sa_type=Moment)
    """The moment that the results are of."""
    published_by: int = Field(foreign_key="person.id")
    published_at: datetime = Field(sa_type=Moment)
    circle: list[int] = Field(default_factory=list, sa_type=JsonText)
    """The units that may know of all of it; nobody but the own results where it is empty."""
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    """The results as they were shown: the same answer for ever."""


append_only(PublicationRow)


def publish(
    uow: UnitOfWork,
    *,
    number: str,
    programme: int,
    kind: str,
    as_of: datetime,
    by: int,
    at: datetime,
    circle: Iterable[int],
    content: dict[str, Any],
) -> PublicationRow:
    """Keep one publication; IntegrityError where another is being made at the same time."""
    before = last(uow, programme, kind)
    row = PublicationRow(
        id=new_id(),
        number=number,
        programme=programme,
        kind=kind,
        nth=before.nth + 1 if before is not None else 1,
        as_of=as_of,
        published_by=by,
        published_at=at,
        circle=list(circle),
        content=content,
    )
    uow.insert(PublicationRow, **row.model_dump())
    return row


def last(uow: UnitOfWork, programme: int, kind: str = YEAR) -> PublicationRow | None:
    """The publication that holds; None before the first."""
    return uow.row(
        select(PublicationRow)
        .where(PublicationRow.programme == programme, PublicationRow.kind == kind)
        .order_by(col(PublicationRow.nth).desc())
        .limit(1)
    )


def every(uow: UnitOfWork, programme: int) -> Sequence[PublicationRow]:
    """All of a programme's publications, oldest first."""
    return uow.rows(
        select(PublicationRow)
        .where(PublicationRow.programme == programme)
        .order_by(col(PublicationRow.published_at), col(PublicationRow.id))
    )
