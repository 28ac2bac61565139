"""The page answers this machine's own visitor and nobody else, and shows what people typed as text."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from bot.__main__ import main
from bot.county import listen
from bot.demo.minute import read_minute
from bot.demo.page import page
from bot.demo.stage import Stage

MINUTE = read_minute()
CLERK, OFFICE = MINUTE.personas[0].account, MINUTE.personas[1].account


class Visitor:
    """Speaks plain HTTP to the page, as a browser without scripts would."""

    def __init__(self, session: aiohttp.ClientSession, address: str, stage: Stage) -> None:
        self.session, self.address, self.stage = session, address, stage

    async def get(self, path: str = "/", **headers: str) -> tuple[int, str, dict[str, str]]:
        async with self.session.get(self.address + path, headers=headers) as answer:
            return answer.status, await answer.text(), dict(answer.headers)

    async def post(self, path: str, *, origin: str | None = None, **form: str) -> tuple[int, str]:
        headers = {"Origin": self.address if origin is None else origin}
        async with self.session.post(self.address + path, data=form, headers=headers) as answer:
            return answer.status, await answer.text()


@pytest.fixture
async def closed() -> AsyncIterator[Visitor]:
    """The page before its service has started."""
    stage = Stage(MINUTE)
    async with listen(page(stage)) as address, aiohttp.ClientSession() as session:
        yield Visitor(session, address, stage)


@pytest.fixture
async def visitor(tmp_path: Path) -> AsyncIterator[Visitor]:
    stage = Stage(MINUTE, tmp_path)
    async with listen(page(stage)) as address, aiohttp.ClientSession() as session:
        await stage.open()
        yield Visitor(session, address, stage)
        await stage.close()


async def test_the_page_opens_at_once_and_says_what_it_waits_for(closed: Visitor) -> None:
    status, text, headers = await closed.get()

    assert status == 200
    assert "正在准备" in text
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]


async def test_another_name_for_this_machine_is_refused(closed: Visitor) -> None:
    status, _, _ = await closed.get(Host="rebound.example")

    assert status == 421


@pytest.mark.parametrize("path", ["/say", "/wind", "/plug", "/reset"])
async def test_another_page_cannot_act(closed: Visitor, path: str) -> None:
    assert (await closed.post(path, origin="http://elsewhere.example"))[0] == 403


@pytest.mark.parametrize("path", ["/static/../page.py", "/static/%2e%2e/page.py", "/part/base", "/part/..%2fpage"])
async def test_no_other_file_is_served(closed: Visitor, path: str) -> None:
    status, text, _ = await closed.get(path)

    assert status == 404
    assert "import" not in text


async def test_what_people_type_is_text(visitor: Visitor) -> None:
    status, text = await visitor.post(f"/say?who={CLERK}", text="<img src=x onerror=alert(1)>{{7*7}}")

    assert status == 200
    assert "&lt;img src=x onerror=alert(1)&gt;{{7*7}}" in text
    assert "<img src=x" not in text


@pytest.mark.parametrize("to", ["yesterday", "2010-08-04T09:00", "2030-01-01T00:00+08:00"])
async def test_a_clock_that_cannot_be_wound_so(visitor: Visitor, to: str) -> None:
    before = visitor.stage.now()

    assert (await visitor.post("/wind", to=to))[0] == 400
    assert visitor.stage.now() == before


async def test_time_steps_from_one_due_moment_to_the_next(visitor: Visitor) -> None:
    moments = []
    for _ in range(4):
        await visitor.post("/wind", to="next")
        moments.append(visitor.stage.now())

    assert moments == sorted(set(moments))


async def test_the_group_hears_nothing_of_a_score(visitor: Visitor) -> None:
    await visitor.post(f"/say?who={OFFICE}&in=group", text="@督办 环保局多少分")

    said = [line.text for line in visitor.stage.chat(OFFICE, in_group=True) if line.card is not None]
    assert said == ["已单独发给您。"]
    assert any("县环保局得分" in line.text for line in visitor.stage.chat(OFFICE))


async def test_killed_in_mid_delivery(visitor: Visitor) -> None:
    await visitor.post(f"/say?who={CLERK}", text=MINUTE.steps[0].says)
    told = [line.text for line in visitor.stage.chat(CLERK)]

    for _ in range(3):
        await visitor.post(f"/plug?who={CLERK}")

    power = visitor.stage.power
    assert power is not None
    assert (power.owed, power.twice, power.again) == (power.shown, 0, 1)
    assert [line.text for line in visitor.stage.chat(CLERK)][: len(told)] == told


async def test_a_platform_that_forgets_its_keys_is_found_out(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise 重复 0 would say nothing: here the answer on its way is shown again, and counted."""
    start = visitor.stage._start_child

    async def forgetful() -> None:
        visitor.stage.messenger._shown.clear()
        await start()

    monkeypatch.setattr(visitor.stage, "_start_child", forgetful)
    await visitor.post(f"/plug?who={CLERK}")

    power = visitor.stage.power
    assert power is not None
    assert (power.twice, power.again, power.shown - power.owed) == (1, 0, 1)


async def test_starting_again_forgets_everything(visitor: Visitor) -> None:
    await visitor.post(f"/say?who={CLERK}", text=MINUTE.steps[0].says)
    await visitor.post("/wind", to="next")
    await visitor.post("/reset")

    status, text, _ = await visitor.get(f"/?who={CLERK}")
    assert status == 200
    assert visitor.stage.now() == MINUTE.at(MINUTE.arrival.partition("-")[2])
    assert "R-1008-" not in text


async def test_the_open_streams_end_with_the_page() -> None:
    stage = Stage(MINUTE)
    async with aiohttp.ClientSession() as session:
        async with listen(page(stage)) as address:
            stream = await session.get(f"{address}/events")
            assert stream.status == 200
        async with asyncio.timeout(5):
            await stream.read()


def test_a_directory_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "duban.toml").write_text("", encoding="utf-8")

    assert main(["demo", "--no-open", "--dir", str(tmp_path)]) == 2
    assert "正式使用的目录" in capsys.readouterr().err
