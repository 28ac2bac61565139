"""Dying at every statement of a piece of work: whatever the moment, the county ends as if nothing had happened."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import text
from sqlmodel import col, select

from assessment import chain
from storage import ledger, programmes, proposals, scoring
from storage.database import Crash, Database
from storage.outbox import AttemptRow
from storage.proposals import ProposalRow, Stage
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork
from tests.simulator.model import PLAN
from tests.simulator.rulebooks import SEASONS, ZONE
from tests.simulator.world import KEY, Fate, World

SEASON = SEASONS[0]


@dataclass(frozen=True)
class Work:
    """One piece of work. `act` is done once more after a death, as the platform or the timetable would."""

    name: str
    prepare: Callable[[World], None]
    act: Callable[[World], None]


def _nothing(_world: World) -> None:
    return None


def _message(who: str, text: str) -> Callable[[World], None]:
    """The platform delivers this message; after a death it delivers the very same one."""
    return lambda world: world.take(world.message(who, text, message_id="the-one"))


DOUBTFUL = "道路完好率86%,植树面积30亩预测20亩"


def _with_a_doubt(world: World) -> None:
    world.say("clerk-0", DOUBTFUL)


def _on_the_day_after(world: World) -> None:
    world.clock.wind_to(_at(6, 9))


def _urgings_wait(world: World) -> None:
    _on_the_day_after(world)
    world.sweep()


def _decision_asked(world: World) -> None:
    """Urged on the 6th, reported on the 9th: the office has been asked to confirm three days' deduction."""
    _urgings_wait(world)
    world.drain()
    world.clock.wind_to(_at(9, 10))
    world.say("clerk-0", "工作计划:集中化解积案")
    unit = world.units()[0]
    rows = world.read(lambda uow: proposals.of_obligation(uow, world.obligations[unit, PLAN]))
    numbers = "、".join(row.number for row in rows if row.stage == Stage.OPEN.value)
    world.say("office-0", f"核定 {numbers} 情况清楚")


def _deliver(world: World) -> None:
    for flying in world.claim():
        world.answer(flying, Fate.ACCEPT)
        world.write_down(flying)


WORKS = (
    Work("a report, certain and doubtful", _nothing, _message("clerk-0", DOUBTFUL)),
    Work("确认 of a doubt", _with_a_doubt, _message("clerk-0", "确认")),
    Work("a report with an automatic entry", _nothing, _message("clerk-0", "工作计划:抓好造林")),
    Work("a sweep with steps due", _on_the_day_after, World.sweep),
    Work("核定 into the ledger", _decision_asked, _message("office-0", "确认")),
    Work("a batch delivered", _urgings_wait, _deliver),
)


@dataclass
class Death:
    """Dies at the n-th statement, counted from 1."""

    n: int
    passed: int = 0

    def __call__(self, statement: str) -> None:
        self.passed += 1
        if self.passed == self.n:
            raise Crash(statement)


Opener = Callable[[], AbstractContextManager[Database]]
"""Opens a fresh copy of the database as it was when the work was prepared."""


def _until_the_dead_let_go(database: Database) -> None:
    """PostgreSQL notices a broken connection a moment later; until then its rows are locked, and others skip them."""
    if database.dialect != "postgresql":
        return
    others = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
        "AND xact_start IS NOT NULL"
    )
    while database.read_now(lambda uow: uow.connection.execute(others).scalar_one()):
        pass


def examine(work: Work, fresh: Opener, prepared_at: datetime, *, every: int = 1) -> int:
    """Die at each `every`-th statement of the work until it survives; return how many deaths were died."""
    with fresh() as database:
        world = _world(database, prepared_at)
        work.act(world)
        undisturbed = _outcome(world)
    for deaths in count():
        with fresh() as database:
            world = _world(database, prepared_at)
            if not _dies(world, work, deaths * every + 1):
                return deaths
            world.delivery = world.new_worker()
            work.act(world)
            outcome = _outcome(world)
            for what, expected in undisturbed.items():
                assert outcome[what] == expected, f"{work.name}: {what} differs after death {deaths * every + 1}"
    raise AssertionError("no work is endless")


def _world(database: Database, at: datetime) -> World:
    world = World(database, SEASON)
    world.clock.wind_to(at)
    return world


def _dies(world: World, work: Work, n: int) -> bool:
    """Begin the work and die at its n-th statement; False when it was done before."""
    world.database.on_statement = Death(n)
    try:
        work.act(world)
    except Crash:
        return True
    finally:
        world.database.on_statement = None
    return False


def _outcome(world: World) -> dict[str, Any]:
    """Let everything come to rest, and say what there is: ids left out, everything else counted."""
    world.recover()
    world.sweep()
    world.drain()
    rows = world.rows()
    assert not world.platform.faults
    examine_ledger(world.database, world.now)
    return {
        "obligations": sorted(
            (r.unit, r.ref, r.state, r.round, r.nil, r.reported_at, r.urged_at is None) for r in rows.values()
        ),
        "versions": sorted(_versions(world)),
        "inbox": sorted((row.message_id, row.parked) for row in world.inbox()),
        "outbox": Counter((row.recipient, row.notice["kind"], row.status) for row in world.outbox()),
        "shown": Counter((letter.recipient, letter.notice["kind"]) for letter in world.platform.letters),
        "steps": sorted((s.obligation, s.round, s.step, s.audience, s.said, s.reason) for s in world.steps()),
        "proposals": sorted((p.number, p.clause, p.stage, p.points) for p in world.read(_proposals)),
        "entries": sorted(world.read(_entries)),
        "attempts twice": max(world.read(_attempts).values(), default=0) <= 2,
    }


def examine_ledger(database: Database, now: datetime) -> None:
    """Every chain is whole, and every total is what its scorecard gives."""

    def look(uow: UnitOfWork) -> None:
        by_code = {programme.code: programme for programme in programmes.running(uow)}
        for account in ledger.accounts(uow):
            entries = ledger.entries(uow, account)
            total = ledger.total(uow, account)
            assert chain.verify(account, entries, KEY) == []
            assert total is not None
            confirmed = scoring.card(uow, by_code[account.programme], account, now).confirmed
            assert (total.total, total.seq) == (confirmed.final, len(entries))

    database.read_now(look)


def _versions(world: World) -> Iterator[tuple[Any, ...]]:
    rows = world.read(lambda uow: uow.rows(select(SubmissionRow).order_by(col(SubmissionRow.id))))
    return ((row.obligation, row.version, row.way, row.number, str(row.content)) for row in rows)


def _proposals(uow: UnitOfWork) -> list[ProposalRow]:
    return uow.rows(select(ProposalRow))


def _entries(uow: UnitOfWork) -> list[tuple[Any, ...]]:
    found = [entry for account in ledger.accounts(uow) for entry in ledger.entries(uow, account)]
    return [(e.number, e.account, e.seq, e.clause, e.points, e.author) for e in found]


def _attempts(uow: UnitOfWork) -> Counter[int]:
    return Counter(row.outbox for row in uow.rows(select(AttemptRow)))


def _at(day: int, hour: int) -> datetime:
    return datetime(SEASON.year, SEASON.month, day, hour, tzinfo=ZONE)
