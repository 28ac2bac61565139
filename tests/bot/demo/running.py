"""The demonstration as its visitor starts it: the command, its page, and a browser that looks nowhere else."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from playwright.async_api import Page, async_playwright

DESK = (1440, 900)
PHONE = (390, 844)
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 30_000


@contextmanager
def demo() -> Iterator[str]:
    """The page's address; the command is ended as by Ctrl-C and must end well."""
    command = [sys.executable, "-m", "bot", "demo", "--no-open"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found, process.stderr.read() if process.stderr else ""
        yield found[0]
    finally:
        process.terminate()
        _, complaints = process.communicate(timeout=20)
    assert process.returncode == 0
    assert complaints == "", complaints


@dataclass
class Watched:
    """A page, and everything about it that must not happen."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    async def write(self, text: str) -> None:
        """Type and press Enter."""
        await self.page.locator("#text").fill(text)
        await self.page.locator("#text").press("Enter")

    async def be(self, name: str) -> None:
        """Become another persona."""
        await self.page.locator("#people a", has_text=name).first.click()
        await self.page.locator(f"h1 + p:has-text('{name}')").wait_for(timeout=PATIENCE_MS)

    async def told(self, words: str) -> str:
        """Wait until the newest card says these words; returns all of it."""
        newest = self.page.locator("#chat .bubble.bot").last
        await newest.filter(has_text=words).wait_for(timeout=PATIENCE_MS)
        return await newest.inner_text()

    async def press(self, label: str) -> None:
        """Press a button of the newest card."""
        await self.page.locator("#chat .bubble.bot").last.get_by_role("button", name=label, exact=True).click()


@asynccontextmanager
async def visited(
    chromium: str, address: str, size: tuple[int, int], *, bypass_csp: bool = False
) -> AsyncIterator[Watched]:
    """A browser on the page; nothing may be written to its console, asked of another host, or answered with 5xx."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=chromium, args=QUIET)
        width, height = size
        page = await browser.new_page(viewport={"width": width, "height": height}, bypass_csp=bypass_csp)
        watched = Watched(page, address)
        page.on("console", lambda said: watched.faults.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: watched.faults.append(str(error)))
        page.on(
            "request", lambda asked: watched.faults.append(asked.url) if not asked.url.startswith(address) else None
        )
        page.on("response", lambda got: watched.faults.append(f"{got.status} {got.url}") if got.status >= 400 else None)
        await page.goto(address)
        await page.locator("#text").wait_for(timeout=PATIENCE_MS)
        yield watched
        await browser.close()
    assert watched.faults == []
