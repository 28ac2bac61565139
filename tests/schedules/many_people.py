"""An office and as many people as a test wants, on one platform, with a notice for all of them."""

from datetime import UTC, datetime

from sqlalchemy import insert
from sqlmodel import col, select

from storage import broadcasts, roster
from storage.broadcasts import Whom
from storage.database import Database
from storage.ids import new_id
from storage.outbox import OutboxRow
from storage.roster import IdentityRow, PersonRow
from storage.unit_of_work import UnitOfWork

NOW = datetime(2010, 8, 4, 2, 0, tzinfo=UTC)
CHANNEL = "c"


def people(uow: UnitOfWork, number: int) -> tuple[int, list[int]]:
    """A unit and so many people; every one has an account."""
    unit = roster.add_unit(uow, "考核办公室")
    ids = [new_id() for _ in range(number)]
    uow.execute(insert(PersonRow), [{"id": person, "name": f"某{place}"} for place, person in enumerate(ids)])
    accounts = [
        {"id": new_id(), "person": person, "channel": CHANNEL, "tenant": CHANNEL, "account": f"a{place}"}
        for place, person in enumerate(ids)
    ]
    uow.execute(insert(IdentityRow), [{**account, "preferred": True} for account in accounts])
    return unit, ids


def ordered(database: Database, number: int) -> tuple[int, list[int]]:
    """A notice T-1008-1 for so many people, due now; its id and the people."""

    def job(uow: UnitOfWork) -> tuple[int, list[int]]:
        unit, ids = people(uow, number)
        broadcast = broadcasts.order(
            uow,
            number="T-1008-1",
            office=unit,
            ordered_by=ids[0],
            ordered_at=NOW,
            send_at=NOW,
            words="明天上午开会",
            receipt_until=None,
            whom=[Whom(unit, "填报人", person) for person in ids],
        )
        return broadcast, ids

    return database.write_now(job)


def letters(database: Database) -> list[OutboxRow]:
    """The outbox, oldest first."""
    return database.read_now(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))
