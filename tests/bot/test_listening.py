"""Who hears the platforms to which we connect ourselves: one that has stopped for good is named, the others go on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest
import structlog
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot import listening
from bot.channels.channel import SendError
from bot.channels.dingtalk.stream import StreamReceiver
from bot.channels.feishu import FeishuChannel
from bot.health import Metrics, mount_health
from bot.listening import Listeners, Receiver, met
from bot.platforms.dingtalk import DingtalkPlatform
from tests.bot.doors import Doors, open_doors

STREAM = "dingtalk"


@dataclass
class Ear:
    """A receiver that listens until it is told how to end."""

    connected: bool = True
    listens: asyncio.Event = field(default_factory=asyncio.Event)
    end: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def run(self) -> None:
        self.listens.set()
        await self.end


@dataclass
class Listening:
    """Two ears at work, and the service's pages."""

    near: Ear
    far: Ear
    task: asyncio.Task[None]
    http: TestClient[web.Request, web.Application]

    async def ready(self) -> tuple[int, dict[str, bool]]:
        answer = await self.http.get("/readyz")
        return answer.status, await answer.json()


@pytest.fixture
async def at_work() -> AsyncIterator[Listening]:
    near, far, metrics, app = Ear(), Ear(), Metrics(), web.Application()
    listeners = Listeners({"near": near, "far": far}, metrics)
    mount_health(app, listeners.checks, metrics)
    async with TestClient(TestServer(app)) as http:
        with structlog.testing.capture_logs():
            task = asyncio.create_task(listeners.run())
            await asyncio.gather(near.listens.wait(), far.listens.wait())
            yield Listening(near, far, task, http)
            task.cancel()
            await asyncio.wait([task])


async def test_while_all_are_listened_to(at_work: Listening) -> None:
    assert await at_work.ready() == (200, {"listening: near": True, "listening: far": True})


ENDINGS: dict[str, Callable[[Ear], object]] = {
    "by an error": lambda ear: ear.end.set_exception(ValueError("SENTINEL")),
    "by itself": lambda ear: ear.end.set_result(None),
    "by a cancellation that nobody meant": lambda ear: ear.end.cancel(),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_whoever_has_stopped_is_named_and_the_other_goes_on(at_work: Listening, ending: str) -> None:
    with structlog.testing.capture_logs() as logs:
        ENDINGS[ending](at_work.near)

        assert await at_work.ready() == (503, {"listening: near": False, "listening: far": True})

    assert [(log["event"], log["channel"]) for log in logs] == [("no longer listening", "near")]
    assert (at_work.task.done(), at_work.far.end.done()) == (False, False)
    assert (await at_work.http.get("/healthz")).status == 200


async def test_ending_the_service_is_no_deafness(at_work: Listening) -> None:
    at_work.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await at_work.task

    assert (await at_work.ready())[0] == 200


async def test_a_lost_connection_is_measured_and_makes_no_service_unready(at_work: Listening) -> None:
    """The platform is down, or has cut us off: it is tried again, and the other platforms' people are served."""
    at_work.near.connected = False

    assert (await at_work.ready())[0] == 200
    text = await (await at_work.http.get("/metrics")).text()
    assert 'duban_listening{channel="near"} 0.0' in text
    assert 'duban_listening{channel="far"} 1.0' in text


@asynccontextmanager
async def a_service(folder: Path, *kinds: str) -> AsyncIterator[tuple[Doors, DingtalkPlatform]]:
    """The whole service at the platforms, listening."""
    async with open_doors(folder, (STREAM, *kinds)) as doors:
        platform = doors.platforms[STREAM]
        assert isinstance(platform, DingtalkPlatform)
        task = asyncio.create_task(doors.service.listen())
        try:
            yield doors, platform
        finally:
            task.cancel()
            await asyncio.wait([task])


async def page(doors: Doors, path: str) -> tuple[int, str]:
    async with TestClient(TestServer(doors.service.application())) as http:
        answer = await http.get(path)
        return answer.status, await answer.text()


async def test_the_service_names_a_stream_that_has_died(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = asyncio.Event()

    async def dies(_: StreamReceiver) -> None:
        ended.set()
        raise RuntimeError("SENTINEL")

    monkeypatch.setattr(StreamReceiver, "run", dies)
    with structlog.testing.capture_logs():
        async with a_service(tmp_path) as (doors, _):
            await ended.wait()
            status, said = await page(doors, "/readyz")

    assert status == 503
    assert '"listening: dingtalk": false' in said
    assert '"database": true' in said


async def test_the_service_measures_its_stream(tmp_path: Path) -> None:
    async with a_service(tmp_path) as (doors, platform):
        assert 'duban_listening{channel="dingtalk"} 0.0' in (await page(doors, "/metrics"))[1]
        assert platform.gateway is not None
        await platform.gateway.online.wait()
        await platform.gateway.ping("{}")

        assert 'duban_listening{channel="dingtalk"} 1.0' in (await page(doors, "/metrics"))[1]
        assert (await page(doors, "/readyz"))[0] == 200


@pytest.mark.parametrize("fault", [SendError("平台繁忙"), RuntimeError("SENTINEL"), KeyError("open_id")], ids=repr)
async def test_asking_for_the_own_id_disturbs_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """Feishu's answer breaks what reads it, time and again: DingTalk's people are heard all the while."""
    asked = asyncio.Semaphore(0)

    async def breaks(_: FeishuChannel) -> None:
        asked.release()
        raise fault

    monkeypatch.setattr(FeishuChannel, "meet_own_bot", breaks)
    monkeypatch.setattr(listening, "_ASK_AGAIN_SECONDS", 0)
    with structlog.testing.capture_logs():
        async with a_service(tmp_path, "feishu") as (doors, platform):
            assert platform.gateway is not None
            await platform.gateway.online.wait()
            for _ in range(3):
                await asked.acquire()
            said = replace(doors.subjects[STREAM].message, text="我的任务")

            assert await platform.gateway.deliver(platform._body(said)) is not None
            assert (await doors.kept())[0] == 1
            assert (await page(doors, "/readyz"))[0] == 200


async def test_the_own_id_is_asked_for_until_it_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    faults: list[Exception] = [OSError("SENTINEL"), SendError("平台繁忙")]

    class Asking:
        name = "feishu"

        async def meet_own_bot(self) -> None:
            if faults:
                raise faults.pop()

    monkeypatch.setattr(listening, "_ASK_AGAIN_SECONDS", 0)
    with structlog.testing.capture_logs() as logs:
        await met(cast("FeishuChannel", Asking()))

    assert (faults, [log["event"] for log in logs]) == ([], ["own bot unknown"] * 2)


async def test_a_service_without_streams_listens_to_nothing() -> None:
    none: dict[str, Receiver] = {}
    listeners = Listeners(none, Metrics())

    assert listeners.checks == {}
    await listeners.run()
