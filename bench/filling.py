"""Fills tables with many plausible rows, fast: the house's own columns, Core's inserts in slices."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Engine, insert
from sqlmodel import SQLModel, select

from assessment import ladder
from assessment.due import due_times
from assessment.obligation import Kind
from assessment.periods import Period
from assessment.roster import Role
from bench import town
from bench.databases import working
from bot.county import CHANNEL
from storage import obligations, programmes
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.outbox import AttemptRow, OutboxRow, Priority, Status
from storage.roster import IdentityRow, PersonRow, PostRow, RosterStampRow, UnitRow

_SLICE = 10_000


def write(engine: Engine, row: type[SQLModel], values: Iterable[dict[str, Any]]) -> None:
    """Insert rows, one transaction a slice."""
    source = iter(values)
    while part := list(islice(source, _SLICE)):
        with working(engine) as uow:
            uow.execute(insert(row), part)


def units(engine: Engine, number: int, people_a_unit: int = 2) -> None:
    """More units, each with a head, the reporter `town.reporter(place)` and further ones; all can be reached."""
    new = [(new_id(), place, name) for place, name in enumerate(town.unit_names(number))]
    write(engine, UnitRow, ({"id": unit, "name": f"{name}局", "peers": "部门"} for unit, _, name in new))
    roles = (Role.REPORTER, Role.HEAD)
    people = [
        (unit, new_id(), roles[nth] if nth < len(roles) else Role.REPORTER, f"{name}{nth}", town.account(place, nth))
        for unit, place, name in new
        for nth in range(people_a_unit)
    ]
    write(engine, PersonRow, ({"id": person, "name": name} for _, person, _, name, _ in people))
    write(
        engine,
        PostRow,
        ({"id": new_id(), "person": person, "unit": unit, "role": role.value} for unit, person, role, _, _ in people),
    )
    write(
        engine,
        IdentityRow,
        (
            {"id": new_id(), "person": person, "channel": CHANNEL, "tenant": CHANNEL, "account": account}
            for _, person, _, _, account in people
        ),
    )
    with working(engine) as uow:  # the roster read before is out of date
        uow.update(RosterStampRow, RosterStampRow.id == 1, number=new_id())


def plans_owed(engine: Engine, *, rounds: int, due_rounds: int, now: datetime) -> None:
    """Written plans owed by all units, `rounds` each; the alarms of `due_rounds` have come, the others' have not.

    Those due were due yesterday and stand before their first urging.
    """
    with working(engine) as uow:
        programme = programmes.running(uow)[0]
        owing = [row.id for row in uow.rows(select(UnitRow).where(UnitRow.peers == "部门"))]
    duty = programme.rulebook.duty(town.PLAN)
    installation = town.installation()
    steps = programme.rulebook.ladder(duty.ladder)

    def fresh(period: Period, shift: timedelta) -> dict[str, Any]:
        due = due_times(duty, period, installation.calendar, installation.zone)
        assert due is not None
        planned = ladder.plan(steps, due, installation.calendar, programme.rulebook.office_hours, installation.zone)
        return obligations.fresh(
            programme=programme.id,
            kind=Kind.DUTY.value,
            ref=town.PLAN,
            unit=0,
            title=f"{period.label(cumulative=False)}工作计划",
            due=due.due,
            grace_end=due.grace_end,
            plan=ladder.to_json(planned),
            look_at=now + shift,
        ).model_dump()

    past = fresh(Period.parse(f"{town.YEAR}-08"), -timedelta(minutes=1))
    future = fresh(Period.parse(f"{town.YEAR}-09"), timedelta(days=9))
    write(
        engine,
        ObligationRow,
        (
            {**(past if number < due_rounds else future), "id": new_id(), "unit": unit, "period": _month(number)}
            for number in range(rounds)
            for unit in owing
        ),
    )


def _month(number: int) -> str:
    """The name of a month of its own for each round; one town never has so many years."""
    return f"{town.YEAR + 1 + number // 12}-{number % 12 + 1:02}"


def sent_messages(engine: Engine, number: int, now: datetime) -> None:
    """Messages that left long ago, with their attempts."""
    ids = [new_id() for _ in range(number)]
    with working(engine) as uow:
        people = [row.id for row in uow.rows(select(PersonRow))]
    base = OutboxRow(
        id=0,
        key="",
        channel=CHANNEL,
        recipient="nobody",
        priority=int(Priority.REMINDER),
        notice={"kind": "NoQuestion"},
        initiated=True,
        queued_at=now - timedelta(days=40),
        not_before=now - timedelta(days=40),
        status=Status.SENT.value,
        attempts=1,
        finished_at=now - timedelta(days=40),
    ).model_dump()
    write(
        engine,
        OutboxRow,
        (
            {**base, "id": one, "key": f"sent:{one}", "person": people[place % len(people)]}
            for place, one in enumerate(ids)
        ),
    )
    write(
        engine,
        AttemptRow,
        ({"id": new_id(), "outbox": one, "n": 1, "started_at": base["queued_at"], "result": "sent"} for one in ids),
    )
