"""Every card as a phone shows it, in pictures to be looked at: the examples of the wording, or the chats of a story.

python -m tests.bot.demo.gallery --to DIR [--as feishu] [--chapter 关账 …] [--story tests/stories/years/三门.yaml …]
"""

import argparse
import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from types import SimpleNamespace

import jinja2
from playwright.async_api import Page, async_playwright

from bot.cards import card_of
from bot.channels.card import Card
from bot.channels.showing import Piece
from bot.county import ZONE, county
from bot.demo.looking import card_from
from bot.demo.page import HERE, Bubble
from bot.demo.profiles import PROFILES, Profile
from bot.platforms.platform import Line
from bot.story import Player, read_story
from bot.wording import EXAMPLES, examples
from tests.bot.demo.running import QUIET
from tests.bot.demo.screenshots import SEEN
from tests.conftest import program

COLUMN = 358
"""CSS pixels that a chat has on a phone of 390."""
COLUMNS, HEIGHT = 3, 1_060
"""Of one picture, so that its words can still be read."""

_PAGE = """
<!doctype html><html lang="zh-CN"><meta charset="utf-8"><link rel="stylesheet" href="{{ style }}"><style>
@font-face { font-family: "Noto Sans SC"; src: url("{{ font }}"); }
body { display: block; height: auto; padding: 12px; } .bubble { max-width: none; }
main { display: block; columns: {{ columns }} {{ column }}px; column-gap: 16px; column-fill: auto; }
main { height: {{ height }}px; }
.bubble { break-inside: avoid; }</style>
<main>{% include "chat.html" %}</main></html>
"""


def of_wording(chapters: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, Card]]]]:
    """The cards of each chapter of the wording, with who hears them."""
    for chapter, items in examples(EXAMPLES.read_text("utf-8")).items():
        if not chapters or chapter in chapters:
            yield chapter, [(item.listener, card_of(item.notice, ZONE)) for item in items]


async def of_story(path: Path) -> list[tuple[str, Line]]:
    """Everything said in a story, in its order, with who heard it."""
    story = read_story(path)
    with tempfile.TemporaryDirectory() as folder:
        async with county(story.setting(), Path(folder)) as box:
            box.speak_on_the_hour()
            await Player(story, box, lambda _: None).play()
            told = [(name, line) for who, name in story.people.items() for line in box.chat(who)]
    return sorted(told, key=lambda one: one[1].at)


def bubbles_of_cards(cards: Sequence[tuple[str, Card]], profile: Profile) -> list[Bubble]:
    """The cards as the template shows them."""
    return [
        Bubble("", "", own=False, bot=True, sender=f"督办 → {who}", pieces=profile.pieces(card)) for who, card in cards
    ]


def bubbles_of_lines(lines: Sequence[tuple[str, Line]], profile: Profile) -> list[Bubble]:
    """The lines of chats as the template shows them, each with its day."""
    return [
        Bubble(
            f"{line.at.astimezone(ZONE):%-m月%-d日 %H:%M}",
            "",
            own=line.card is None,
            bot=line.card is not None,
            sender=who if line.card is None else f"督办 → {who}",
            pieces=(Piece(line.text),) if line.card is None else profile.pieces(card_from(line.card)),
        )
        for who, line in lines
    ]


async def take(page: Page, bubbles: Sequence[Bubble], to: Path, name: str) -> None:
    """As many pictures as the bubbles need; prints what a machine finds on them."""
    folder = jinja2.FileSystemLoader(HERE / "templates")
    env = jinja2.Environment(loader=folder, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    env.filters["parted"] = lambda text: [text]
    view = SimpleNamespace(query=lambda: "")
    font = Path(str(files("pylopdf_fonts_zh_cn") / "NotoSansSC-Regular.otf")).as_uri()
    style = (HERE / "static" / "style.css").as_uri()
    left, number = list(bubbles), 0
    while left:
        number += 1
        shown = min(len(left), 40)
        while True:
            html = env.from_string(_PAGE).render(
                chat=left[:shown], view=view, style=style, font=font, columns=COLUMNS, column=COLUMN, height=HEIGHT
            )
            sheet = to / f"{name}-{number:02}.html"
            sheet.write_text(html, "utf-8")
            await page.goto(sheet.as_uri())
            await page.evaluate("document.fonts.ready.then(() => 0)")
            if shown == 1 or await page.evaluate("document.documentElement.scrollWidth <= innerWidth"):
                break
            shown = max(1, shown * 4 // 5)
        await page.screenshot(path=sheet.with_suffix(".png"), full_page=True)
        print(sheet.with_suffix(".png").name)
        for finding in await page.evaluate(SEEN):
            print(f"    {finding}")
        sheet.unlink()
        del left[:shown]


async def shoot(to: Path, profile: Profile, chapters: Sequence[str], stories: Sequence[Path]) -> None:
    """All that was asked for."""
    chromium = program("chromium")
    assert chromium, "install Chromium first"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        page = await browser.new_page(viewport={"width": COLUMNS * (COLUMN + 16) + 24, "height": HEIGHT + 24})
        for path in stories:
            await take(page, bubbles_of_lines(await of_story(path), profile), to, path.stem)
        for chapter, cards in of_wording(chapters) if chapters or not stories else ():
            await take(page, bubbles_of_cards(cards, profile), to, chapter)
        await browser.close()


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, required=True)
    parser.add_argument("--as", dest="kind", choices=sorted(PROFILES), default="feishu")
    parser.add_argument("--chapter", nargs="*", default=())
    parser.add_argument("--story", nargs="*", type=Path, default=())
    asked = parser.parse_args()
    asked.to.mkdir(parents=True, exist_ok=True)
    asyncio.run(shoot(asked.to, PROFILES[asked.kind], asked.chapter, asked.story))


if __name__ == "__main__":
    main()
