"""Plays the script of the first minute at both widths, takes a picture of each step, and says what a machine can see.

python -m tests.bot.demo.screenshots --to DIR
"""

import argparse
import asyncio
import re
from functools import partial
from pathlib import Path

from playwright.async_api import Page

from bot.demo.minute import read_minute
from bot.demo.profiles import PROFILES
from tests.bot.demo.running import DESK, PHONE, Watched, demo, visited_by
from tests.bot.demo.test_the_first_minute import play
from tests.conftest import program

MINUTE = read_minute()
LATIN = re.compile(r"[A-Za-z]{3,}")
"""What a sentence of the bot has no need of; numbers such as R-1008-1 have shorter ones."""
_NOT_IN_A_NAME = re.compile(r"[^\w—]+")

SEEN = """
() => {
  const found = [], words = [];
  const cut = (a, b) => ({left: Math.max(a.left, b.left), top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right), bottom: Math.min(a.bottom, b.bottom)});
  const part = (one, other) => { const both = cut(one, other); return both.right - both.left > 2
    && both.bottom - both.top > 2; };
  const screen = {left: 0, top: 0, right: innerWidth, bottom: innerHeight};
  const say = (what, text) => found.push(`${what}: ${text.trim().replace(/\\s+/g, " ").slice(0, 60)}`);

  if (document.documentElement.scrollWidth > innerWidth) say("the page is wider than the screen", "");
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const here = node.parentElement;
    if (!node.data.trim() || !here.checkVisibility({visibilityProperty: true})) continue;
    if (here.closest(".only-read, .skip, option, script, noscript")) continue;
    if (parseFloat(getComputedStyle(here).fontSize) < 14) say("smaller than 14 px", node.data);
    const range = document.createRange();
    range.selectNodeContents(node);
    let window_ = screen;
    for (let box = here; box !== document.documentElement; box = box.parentElement) {
      const style = getComputedStyle(box);
      if (style.overflowX !== "visible" || style.overflowY !== "visible")
        window_ = cut(window_, box.getBoundingClientRect());
    }
    for (const rect of range.getClientRects()) {
      const bounds = cut(rect, window_);
      if (bounds.right - bounds.left < 2 || bounds.bottom - bounds.top < 2) {
        if (rect.left >= window_.right - 2 || rect.right <= window_.left + 2)
          say("only by moving sideways", node.data);
        continue;
      }
      if (rect.right > window_.right + 1 || rect.left < window_.left - 1) say("cut at the side", node.data);
      words.push({node, here, bounds});
    }
  }
  for (const box of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(box);
    if (!box.checkVisibility() || box.closest(".only-read")) continue;
    if (/hidden|clip/.test(style.overflowX) && box.scrollWidth > box.clientWidth + 1) say("cut", box.innerText);
    else if (/hidden|clip/.test(style.overflowY) && box.scrollHeight > box.clientHeight + 1) say("cut", box.innerText);
  }
  words.forEach((one, number) => {
    for (const other of words.slice(number + 1))
      if (one.node !== other.node && part(one.bounds, other.bounds))
        say("one above the other", `${one.node.data.trim().slice(0, 20)} | ${other.node.data.trim().slice(0, 20)}`);
  });
  return [...new Set(found)];
}
"""


class Photographer(Watched):
    """Somebody with a mouse who takes a picture after everything that is said."""

    def __init__(self, page: Page, address: str, to: Path) -> None:
        """Pictures go `to` a directory."""
        super().__init__(page, address)
        self.to = to
        self.taken = 0

    async def arrive(self) -> None:
        """The page while it waits, and then the page as it is met."""
        if await self.page.locator("body.starting").count():
            await self.take("等候")
            await super().arrive()
            await self.take("到场")
        await super().arrive()

    async def be(self, name: str) -> None:
        """Become another persona."""
        await super().be(name)
        await self.take(name)

    async def told(self, words: str) -> str:
        """Wait for the words; a card higher than the screen is taken once more at its other end."""
        said = await super().told(words)
        await self.take(words)
        if await self.newest.evaluate(_TO_ITS_OTHER_END):
            await self.take(f"{words}续")
        return said

    async def turn(self, label: str) -> None:
        """Press a button of the bar."""
        await super().turn(label)
        await self.page.locator("#busy").wait_for(state="hidden", timeout=60_000)
        await self.take(label)

    async def take(self, name: str) -> None:
        """Save a picture of the screen and print what is found on it."""
        await self.page.wait_for_function(_AT_REST)
        self.taken += 1
        width = (self.page.viewport_size or {"width": 0})["width"]
        title = f"{width}-{self.taken:02}-{_NOT_IN_A_NAME.sub('', name)}"
        await self.page.screenshot(path=self.to / f"{title}.png", caret="initial")
        print(title)
        latin = [
            word for said in await self.page.locator("#chat .bot").all_inner_texts() for word in LATIN.findall(said)
        ]
        for finding in [*await self.page.evaluate(SEEN), *(f"Latin letters: {word}" for word in sorted(set(latin)))]:
            print(f"    {finding}")


_TO_ITS_OTHER_END = """
card => {
  const chat = card.closest("#chat"), window_ = chat.getBoundingClientRect(), box = card.getBoundingClientRect();
  const below = box.bottom - window_.bottom, above = window_.top - box.top;
  chat.scrollTop += below > 1 ? below : above > 1 ? -above : 0;
  return below > 1 || above > 1;
}
"""
_AT_REST = """
() => {
  const due = image => image.getBoundingClientRect().bottom > 0 && image.getBoundingClientRect().top < innerHeight;
  return document.fonts.status === "loaded" && !document.querySelector(".htmx-request")
    && [...document.images].every(image => image.complete || !due(image));
}
"""


async def show_everything(visit: Photographer) -> None:
    """The script, and then what it does not come to: the other platforms, behind the scenes, the group, the rest."""
    await play(visit)
    for kind, profile in PROFILES.items():
        await visit.page.locator("#as").select_option(kind)
        await visit.arrive()
        await visit.take(profile.name)
    await visit.page.goto(visit.address)
    for title in await visit.page.locator("summary").all():
        if not await title.evaluate("title => title.parentElement.open"):
            await title.click()
    await visit.page.locator("#behind").scroll_into_view_if_needed()
    await visit.take("幕后")
    for persona in MINUTE.personas[3:]:
        await visit.be(persona.name)
    await visit.page.locator("#people .group a").click()
    await visit.page.locator("h1", has_text=MINUTE.group.name).wait_for()
    await visit.write("@督办 环保局多少分")
    await visit.told("已单独发给您")
    await visit.turn("重来")


async def shoot(chromium: str, to: Path) -> None:
    """Both widths, each with a service of its own."""
    for size in (DESK, PHONE):
        with demo() as address:
            async with visited_by(partial(Photographer, to=to), chromium, address, size) as visit:
                await show_everything(visit)


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True)
    to: Path = parser.parse_args().to
    to.mkdir(parents=True, exist_ok=True)
    chromium = program("chromium")
    assert chromium, "install Chromium first"
    asyncio.run(shoot(chromium, to))


if __name__ == "__main__":
    main()
