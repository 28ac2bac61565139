"""Alive, ready, measured."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import Check, Metrics, mount_health


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
