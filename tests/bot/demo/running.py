"""The demonstration as its visitor starts it: the command, its page, and a browser that looks nowhere else."""

import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from playwright.async_api import Locator, Page, async_playwright, expect

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
FEW_STOPS = 12
"""How often a key may be pressed to get to the next thing; more is a maze."""


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
    """A page in the hands of somebody with a mouse, and everything about it that must not happen."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)

    async def arrive(self) -> None:
        """Wait until the service behind the page is ready."""
        await self.page.locator("#text").wait_for(timeout=PATIENCE_MS)

    async def write(self, text: str) -> None:
        """Type and press Enter."""
        await self.page.locator("#text").fill(text)
        await self.page.locator("#text").press("Enter")

    async def send(self) -> None:
        """Send what the page has written into the box."""
        await self.page.get_by_role("button", name="发送", exact=True).click()

    async def be(self, name: str) -> None:
        """Become another persona."""
        await self.page.locator("#people a", has_text=name).first.click()
        await self.met(name)

    async def met(self, name: str) -> None:
        """Wait until the page is that persona's."""
        await self.page.locator(f"h1 + p:has-text('{name}')").wait_for(timeout=PATIENCE_MS)
        await self.arrive()

    async def told(self, words: str) -> str:
        """Wait until the newest card says these words; returns all of it."""
        newest = self.newest.filter(has_text=words)
        await newest.wait_for(timeout=PATIENCE_MS)
        return await newest.inner_text()

    async def press(self, label: str) -> None:
        """Press a button of the newest card."""
        await self.newest.get_by_role("button", name=label, exact=True).click()

    async def turn(self, label: str) -> None:
        """Press a button of the bar: the clock, the plug."""
        await self.page.locator("#bar").get_by_role("button", name=label).click()

    @property
    def newest(self) -> Locator:
        """The newest card in the chat."""
        return self.page.locator("#chat .bubble.bot").last


class ByKeyboard(Watched):
    """The same without a mouse: Tab, Shift+Tab, Enter, Space and letters; the focus is seen at every stop."""

    async def write(self, text: str) -> None:
        """Type and press Enter; one goes on writing afterwards."""
        await self._go_to_the_box()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.type(text)
        await self.send()

    async def send(self) -> None:
        """Send what stands in the box."""
        await self._go_to_the_box()
        await self.page.keyboard.press("Enter")
        await expect(self.page.locator("#busy")).to_be_hidden(timeout=PATIENCE_MS)
        await expect(self.page.locator("#text")).to_be_focused()

    async def be(self, name: str) -> None:
        """Become another persona; the link to the box is the first stop of the new page where it has no focus yet."""
        await self._press(self.page.locator("#people a", has_text=name).first, "Enter")
        await self.met(name)

    async def press(self, label: str) -> None:
        """Press a button of the newest card; one is then at the answer."""
        asked = await self.page.locator("#chat .bubble").count()
        await self._press(self.newest.get_by_role("button", name=label, exact=True), "Space")
        await self.page.locator("#chat .bubble").nth(asked + 1).wait_for(timeout=PATIENCE_MS)
        await expect(self.newest).to_be_focused()

    async def turn(self, label: str) -> None:
        """Press a button of the bar; one stays there."""
        await self._press(self.page.locator("#bar").get_by_role("button", name=label), "Enter")
        await expect(self.page.locator("#busy")).to_be_hidden(timeout=PATIENCE_MS)
        await expect(self.page.locator("#bar button:focus")).to_have_count(1)

    async def _go_to_the_box(self) -> None:
        box = self.page.locator("#text")
        if await box.evaluate("() => document.activeElement === document.body"):
            await self._press(self.page.locator("a.skip[href='#text']"), "Enter")
            await expect(box).to_be_focused()
        await self._reach(box)

    async def _press(self, target: Locator, key: str) -> None:
        await self._reach(target)
        await self.page.keyboard.press(key)

    async def _reach(self, target: Locator) -> None:
        """Tab towards it, back or on, with few stops; a link behind the box leads out of a long chat."""
        if await target.evaluate(_LIES_OUTSIDE):
            await self._press(self.page.locator("main a.skip"), "Enter")
            await expect(self.page.locator("#bar button:focus")).to_have_count(1)
        key = "Shift+Tab" if await target.evaluate(_LIES_BEFORE) else "Tab"
        for _ in range(FEW_STOPS):
            if await target.evaluate("there => there === document.activeElement"):
                return
            await self.page.keyboard.press(key)
            unseen = await self.page.evaluate(_UNSEEN)
            assert not unseen, unseen
        raise AssertionError(f"{target} is more than {FEW_STOPS} stops away")


Hands = TypeVar("Hands", bound=Watched)

_LIES_OUTSIDE = """
there => !there.closest("main") && Boolean(document.activeElement.closest("main"))
"""
_LIES_BEFORE = """
there => Boolean(document.activeElement.compareDocumentPosition(there) & Node.DOCUMENT_POSITION_PRECEDING)
"""
_UNSEEN = """
() => {
  const here = document.activeElement, style = getComputedStyle(here), box = here.getBoundingClientRect();
  const middle = (from, to, end) => (Math.max(from, 0) + Math.min(to, end)) / 2;
  const at = document.elementFromPoint(
    middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight));
  const ringed = here.matches(":focus-visible") && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return ringed && here.contains(at) ? "" : `${here.outerHTML.slice(0, 200)} ringed: ${ringed}, on the screen: ${at}`;
}
"""


def visited(
    chromium: str, address: str, size: tuple[int, int], *, bypass_csp: bool = False
) -> AbstractAsyncContextManager[Watched]:
    """A browser on the page, in the hands of somebody with a mouse."""
    return visited_by(Watched, chromium, address, size, bypass_csp=bypass_csp)


@asynccontextmanager
async def visited_by(
    hands: Callable[[Page, str], Hands],
    chromium: str,
    address: str,
    size: tuple[int, int],
    *,
    bypass_csp: bool = False,
) -> AsyncIterator[Hands]:
    """A browser on the page; nothing may be written to its console, asked of another host, or be answered an error."""
    async with async_playwright() as player:
        browser = await player.chromium.launch(executable_path=chromium, args=QUIET)
        width, height = size
        page = await browser.new_page(viewport={"width": width, "height": height}, bypass_csp=bypass_csp)
        watched = hands(page, address)
        page.on("console", lambda said: watched.faults.append(said.text) if said.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: watched.faults.append(str(error)))
        page.on(
            "request", lambda asked: watched.faults.append(asked.url) if not asked.url.startswith(address) else None
        )
        page.on("response", lambda got: watched.faults.append(f"{got.status} {got.url}") if got.status >= 400 else None)
        await page.goto(address)
        await watched.arrive()
        yield watched
        await browser.close()
    assert watched.faults == []
