"""SVG -> PNG beside the event loop: it goes on, asks once for the same, and survives a renderer that does not."""

import asyncio
import os
import signal
import struct
from collections.abc import AsyncIterator

import pytest

from bot.pictures import render, svg
from bot.pictures.render import NotRendered, Renderer


def picture(words: str) -> str:
    return svg.picture(60, words, (svg.words(10, 45, words, 40, "#000000"),))


@pytest.fixture
async def renderer() -> AsyncIterator[Renderer]:
    async with Renderer() as renderer:
        yield renderer


def asked(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every SVG that really goes to the process."""
    rendered, log = renderer._rendered, []

    async def logged(drawn: str) -> bytes:
        log.append(drawn)
        return await rendered(drawn)

    monkeypatch.setattr(renderer, "_rendered", logged)
    return log


async def test_it_makes_a_png_of_the_right_size(renderer: Renderer) -> None:
    png = await renderer.png(picture("县财政局"))

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (1000, 60)


async def test_the_loop_goes_on_meanwhile(renderer: Renderer) -> None:
    """Rendering in this process would hold the interpreter lock, and nothing would tick."""
    await renderer.png(picture("一"))  # the process is there, so that only rendering is under way below
    rendering = asyncio.ensure_future(renderer.png(picture("二")))
    ticks = 0
    while not rendering.done():
        await asyncio.sleep(0)
        ticks += 1

    assert rendering.result()
    assert ticks > 10


async def test_the_same_picture_is_rendered_once(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    log = asked(renderer, monkeypatch)

    first, second = await asyncio.gather(renderer.png(picture("同")), renderer.png(picture("同")))
    third = await renderer.png(picture("同"))

    assert first is second is third
    assert log == [picture("同")]


async def test_what_was_used_least_recently_makes_room(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Renderer() as trial:
        sizes = [len(await trial.png(picture(words))) for words in "甲乙丙"]
    async with Renderer(most_bytes=sum(sizes) - 1) as renderer:
        log = asked(renderer, monkeypatch)
        for words in "甲乙甲丙甲乙":
            await renderer.png(picture(words))

    assert log == [picture(words) for words in "甲乙丙乙"]


async def test_what_is_no_svg_is_refused_and_the_next_one_drawn(renderer: Renderer) -> None:
    with pytest.raises(NotRendered, match="refuses"):
        await renderer.png("<svg")

    assert await renderer.png(picture("后"))


async def test_a_process_that_dies_is_replaced(renderer: Renderer) -> None:
    await renderer.png(picture("前"))
    assert renderer._worker is not None
    os.kill(renderer._worker, signal.SIGTERM)

    with pytest.raises(NotRendered, match="ended unexpectedly"):
        await renderer.png(picture("中"))
    assert await renderer.png(picture("后"))


async def test_a_picture_that_takes_too_long_is_given_up_and_its_process_ended(
    renderer: Renderer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await renderer.png(picture("前"))
    stuck = renderer._worker
    assert stuck is not None
    monkeypatch.setattr(renderer, "_longest_seconds", 0.05)
    monkeypatch.setattr(render, "_rasterise", never_ending)

    with pytest.raises(NotRendered, match="not finished"):
        await renderer.png(picture("中"))

    with pytest.raises(ProcessLookupError):
        os.kill(stuck, 0)
    monkeypatch.undo()
    assert await renderer.png(picture("后"))


def never_ending(svg: str, fonts: tuple[str, ...]) -> bytes:
    """Stands in for a renderer that does not come back; it runs in the process."""
    signal.pause()
    return b""


async def test_after_closing_no_process_is_left_and_pictures_are_refused() -> None:
    renderer = Renderer()
    await renderer.png(picture("前"))
    worker = renderer._worker
    assert worker is not None

    await renderer.close()
    await renderer.close()

    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)
    with pytest.raises(NotRendered, match="closed"):
        await renderer.png(picture("后"))
