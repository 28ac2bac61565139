"""A month of the joined demonstration county, played through the front door and checked line by line.

Two counties' texts are joined here, and ◇ marks what they leave open. Whoever speaks types into the pretend
messenger; the service answers through its webhook, its outbox and its sweeps, as it would on any platform.
"""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bot.county import ZONE, County, county, demonstration
from bot.ledger_check import examine
from storage import outbox


class StoryBroken(Exception):
    """Something is not as the story says; the message names the scene and what is off."""


@dataclass
class Teller:
    """Plays scenes, prints what was said, and stops at the first thing that is off."""

    county: County
    tell: Callable[[str], None]
    people: dict[str, str] = field(default_factory=dict)
    scene: str = ""
    _heard: dict[str, int] = field(default_factory=dict)

    def begin(self, title: str, remark: str = "") -> None:
        """A new scene."""
        self.scene = title
        now = self.county.clock.now().astimezone(ZONE)
        self.tell(f"\n── {now:%-m月%-d日} 周{'一二三四五六日'[now.weekday()]} {now:%H:%M} · {title} ──")
        if remark:
            self.tell(f"   （{remark}）")

    async def says(self, who: str, text: str, *expected: str, quiet: bool = False) -> None:
        """`who` types `text`; the answer must hold every expected piece."""
        if not quiet:
            self._show(f"{self.people[who]}：", text)
        await self.county.say(who, text)
        self.hears(who, *expected, quiet=quiet)

    def hears(self, who: str, *expected: str, quiet: bool = False) -> None:
        """`who` has been told something new that holds every expected piece."""
        told = self.county.told(who)
        fresh = told[self._heard.get(who, 0) :]
        self._heard[who] = len(told)
        if not quiet:
            for text in fresh:
                self._show(f"督办→{self.people[who]}：", text)
        joined = "\n".join(fresh)
        for piece in expected:
            if piece not in joined:
                raise StoryBroken(f"{self.scene}：应告知{self.people[who]}“{piece}”，实际为：\n{joined or '（没有消息）'}")

    def hears_nothing(self, who: str) -> None:
        """`who` has not been disturbed since last heard."""
        fresh = self.county.told(who)[self._heard.get(who, 0) :]
        if fresh:
            raise StoryBroken(f"{self.scene}：不应打扰{self.people[who]}，实际发了：\n" + "\n".join(fresh))

    def catch_up(self) -> None:
        """Everything said so far counts as heard."""
        for who in self.people:
            self._heard[who] = len(self.county.told(who))

    def check(self, what: str, holds: bool) -> None:
        """One thing that must be true."""
        if not holds:
            raise StoryBroken(f"{self.scene}：{what}")
        self.tell(f"   ✓ {what}")

    def _show(self, speaker: str, text: str) -> None:
        lines = text.splitlines() or [""]
        self.tell(f"  {speaker}{lines[0]}")
        for line in lines[1:]:
            self.tell(f"      {line}")


CLERK, HEAD_OF_CLERK = "jingmao-li", "jingmao-fang"
OFFICE, LEADER = "ducha-chen", "county-zheng"


async def play(tell: Callable[[str], None] = print) -> int:
    """Play the month; 0 when everything was as it should be, 1 with the reason otherwise."""
    with tempfile.TemporaryDirectory(prefix="duban-story-") as folder:
        setting = demonstration(datetime(2010, 7, 20, 9, 30, tzinfo=ZONE), date(2010, 8, 1))
        async with county(setting, Path(folder)) as box:
            teller = Teller(box, tell)
            try:
                await _month(teller)
            except StoryBroken as broken:
                tell(f"\n✗ {broken}")
                return 1
    tell("\n✓ 故事各处均与预期一致。")
    return 0


async def _month(t: Teller) -> None:
    raise NotImplementedError
