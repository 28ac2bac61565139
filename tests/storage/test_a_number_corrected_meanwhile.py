"""An office declines what a number led to while an import corrects that number: the new one is asked in any case."""

import asyncio
from datetime import UTC, date, datetime

from sqlmodel import select

from storage import bindings, phones, roster
from storage.bindings import State
from storage.database import Database
from storage.phones import PhoneRow
from storage.unit_of_work import UnitOfWork

NOON = datetime(2010, 8, 5, 4, 0, tzinfo=UTC)
OLD, NEW = "13800001234", "13855551234"


def found(uow: UnitOfWork, number: int) -> tuple[int, int, int]:
    """Somebody whose number has led to an account: the person, the request, and who decides on it."""
    person, decides = roster.add_unreachable(uow, "钱和"), roster.add_unreachable(uow, "陈静")
    phones.keep(uow, person, "wecom", OLD)
    uow.update(PhoneRow, PhoneRow.person == person, state=phones.State.FOUND.value)
    request = bindings.found(
        uow,
        channel="wecom",
        tenant="t",
        account=f"u-{number}",
        person=person,
        words="138****1234",
        now=NOON,
        day=date(2010, 8, 5),
    )
    assert request is not None
    return person, request.id, decides


def decline(uow: UnitOfWork, person: int, request: int, by: int) -> bool:
    """What 不同意绑定 does; whether the request was still open."""
    row = bindings.get(uow, request)
    if not row.is_open(NOON):
        return False
    bindings.decide(uow, row.id, State.DECLINED, by=by, at=NOON)
    phones.decline(uow, person, "wecom")
    return True


async def race(database: Database, replica: Database, number: int) -> tuple[bool, PhoneRow, str]:
    """Decline and correct at once; whether it was declined in time, and how number and request stand then."""
    person, request, by = database.write_now(lambda uow: found(uow, number))
    declined, _ = await asyncio.gather(
        replica.write(lambda uow: decline(uow, person, request, by)),
        database.write(lambda uow: phones.keep(uow, person, "wecom", NEW)),
    )
    row = database.read_now(lambda uow: uow.row(select(PhoneRow).where(PhoneRow.person == person)))
    assert row is not None
    return declined, row, database.write_now(lambda uow: bindings.get(uow, request)).state


async def test_whoever_comes_first_the_new_number_waits(database: Database) -> None:
    with Database.open(database.url.render_as_string(hide_password=False)) as replica:
        for number in range(10):
            homes = (database, replica) if number % 2 else (replica, database)
            declined, row, stands = await race(*homes, number)

            assert (row.number, row.state) == (NEW, phones.State.WAITING)
            assert stands == (State.DECLINED if declined else State.OUTDATED)
