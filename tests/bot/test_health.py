"""Alive, ready, measured."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import LONGEST_WAIT, Check, Metrics, database_answers, mount_health, outbox_moves, sweeps_run
from schedules.timetable import CLIMB_LADDERS, LONGEST_SILENCE, Pulse
from storage import outbox
from storage.database import Database, DatabaseClosed
from storage.outbox import Priority
from storage.unit_of_work import UnitOfWork

NOW = datetime(2010, 8, 5, 2, 0, tzinfo=UTC)


async def holds() -> bool:
    return True


async def fails() -> bool:
    return False


async def breaks() -> bool:
    raise OSError("sentinel")


def client(metrics: Metrics | None = None, **checks: Check) -> TestClient[web.Request, web.Application]:
    app = web.Application()
    mount_health(app, checks, metrics or Metrics())
    return TestClient(TestServer(app))


async def test_alive_though_not_ready() -> None:
    async with client(database=fails) as http:
        assert (await http.get("/healthz")).status == 200


async def test_ready_when_every_check_holds() -> None:
    async with client(database=holds, workers=holds) as http:
        answer = await http.get("/readyz")

        assert (answer.status, await answer.json()) == (200, {"database": True, "workers": True})


async def test_not_ready_names_the_check_and_not_the_reason() -> None:
    async with client(database=holds, workers=fails, migrated=breaks) as http:
        answer = await http.get("/readyz")

        assert answer.status == 503
        assert await answer.json() == {"database": True, "workers": False, "migrated": False}


async def test_not_ready_when_the_sweeps_have_stopped() -> None:
    """A scheduler that died leaves a service that answers and urges nobody."""
    seconds = [0.0]
    pulse = Pulse(lambda: seconds[0])
    pulse.begin()
    async with client(sweeps=sweeps_run(pulse)) as http:
        assert (await http.get("/readyz")).status == 200

        seconds[0] += LONGEST_SILENCE[CLIMB_LADDERS] + 1
        answer = await http.get("/readyz")

        assert (answer.status, await answer.json()) == (503, {"sweeps": False})
        assert (await http.get("/healthz")).status == 200


@pytest.mark.parametrize(
    ("waited", "status"), [(timedelta(0), 200), (LONGEST_WAIT, 200), (LONGEST_WAIT + timedelta(seconds=1), 503)]
)
async def test_not_ready_when_the_outbox_is_stuck(database: Database, waited: timedelta, status: int) -> None:
    """The oldest message that is due has been so for too long; what is due later is not late."""
    await database.write(lambda uow: wait_since(uow, "late", NOW - waited))
    await database.write(lambda uow: wait_since(uow, "tomorrow", NOW + timedelta(days=1)))
    async with client(outbox=outbox_moves(database, lambda: NOW, lambda: ())) as http:
        answer = await http.get("/readyz")

        assert (answer.status, await answer.json()) == (status, {"outbox": status == 200})


async def test_an_empty_outbox_is_not_stuck(database: Database) -> None:
    assert await outbox_moves(database, lambda: NOW, lambda: ())()


async def test_a_closed_database_does_not_answer(empty_database: Database) -> None:
    assert await database_answers(empty_database)()
    empty_database.close()
    with pytest.raises(DatabaseClosed):
        await database_answers(empty_database)()


def wait_since(uow: UnitOfWork, key: str, at: datetime) -> None:
    """A message that may leave since then."""
    outbox.put(uow, key=key, channel="c", recipient="r", notice={}, priority=Priority.ANSWER, queued_at=at)


async def test_metrics() -> None:
    metrics = Metrics()
    metrics.callbacks.labels("door", "kept").inc(3)
    metrics.outbox.labels("queued").set(7)
    async with client(metrics) as http:
        answer = await http.get("/metrics")
        text = await answer.text()

    assert answer.status == 200
    assert 'duban_callbacks_total{channel="door",outcome="kept"} 3.0' in text
    assert 'duban_outbox_notices{state="queued"} 7.0' in text


def test_two_services_count_apart() -> None:
    assert Metrics().registry is not Metrics().registry


async def test_what_waits_for_its_platform_makes_no_service_unready(database: Database) -> None:
    """One platform is silent for hours: the others' people must not be turned away for it."""
    await database.write(lambda uow: wait_since(uow, "late", NOW - timedelta(hours=5)))

    assert not await outbox_moves(database, lambda: NOW, lambda: ())()
    assert await outbox_moves(database, lambda: NOW, lambda: ("c",))()
