"""关账: the end of a programme's year, said once by the office and never taken back."""

from datetime import datetime

from sqlmodel import Field, SQLModel, col, select

import storage.closed_books  # noqa: F401 - whoever knows of closings knows what they put an end to
from storage import obligations, outbox
from storage.append_only import append_only
from storage.columns import Moment
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.outbox import Status
from storage.programmes import ProgrammeRow
from storage.unit_of_work import UnitOfWork

YEAR_IS_CLOSED = "本年度已关账"


class ClosingRow(SQLModel, table=True):
    """One closed year."""

    __tablename__ = "closing"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id", unique=True)
    closed_by: int = Field(foreign_key="person.id")
    closed_at: datetime = Field(sa_type=Moment)


append_only(ClosingRow)


def close(uow: UnitOfWork, programme: int, *, by: int, at: datetime) -> bool:
    """Close a programme's year, which is held (`storage.programmes.hold`); False where it is closed already.

    From then on the database takes nothing more into its books, and no sweep looks at what is still open.
    """
    if not uow.insert_if_new(ClosingRow, id=new_id(), programme=programme, closed_by=by, closed_at=at):
        return False
    uow.update(ProgrammeRow, ProgrammeRow.id == programme, ended=True)
    uow.update(
        ObligationRow,
        ObligationRow.programme == programme,
        col(ObligationRow.look_at).is_not(None),
        look_at=None,
    )
    return True


def of_programme(uow: UnitOfWork, programme: int) -> ClosingRow | None:
    """When and by whom it was closed; None while it runs."""
    return uow.row(select(ClosingRow).where(ClosingRow.programme == programme))


def newest(uow: UnitOfWork) -> list[ClosingRow]:
    """Every closed year, the newest first."""
    return uow.rows(select(ClosingRow).order_by(col(ClosingRow.closed_at).desc(), col(ClosingRow.id).desc()))


def rest(uow: UnitOfWork, row: ObligationRow, now: datetime) -> None:
    """Say nothing more of an obligation whose year is closed; it stays as it stands."""
    obligations.look_again(uow, row.id, None)
    for message in outbox.waiting_about(uow, row.id):
        if all(subject.obligation == row.id for subject in outbox.about(uow, message.id)):
            outbox.set_status(uow, message.id, Status.WITHDRAWN, at=now, reason=YEAR_IS_CLOSED)
