"""A visitor without manners: clicks, types, winds and pulls the plug at random; after each act all must still hold.

python -m tests.bot.demo.monkey --minutes 10 [--seed N]
"""

import argparse
import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable

from bot.demo.profiles import PROFILES
from tests.bot.demo.running import DESK, PHONE, Watched, demo, visited
from tests.conftest import program

TECHNICAL = re.compile(r"Traceback|Error|Exception|None|null|undefined|\{\{|\bnan\b|[a-z]{4,}")
"""What never stands in a sentence of the bot."""
_WORDS = (
    "帮助",
    "确认",
    "取消",
    "得分",
    "明细",
    "差距",
    "排名",
    "红黄绿",
    "谁没报",
    "催报",
    "核定",
    "待审",
    "我的任务",
    "撤回",
    "零报告 本月未开展",
    "改 4",
    "改 1 85",
    "只收 1",
    "环保局多少分",
    "为什么 17",
    "能耗1.06预测0.78",
    "高新占比百分之二十六",
    "8月工作计划：照常推进",
    "交办 县环保局 清理河道 8月9日前 类别 县主要领导交办",
    "加分 县环保局 1 理由",
    "情况说明 已送",
    "<script>alert(1)</script>",
    "{{7*7}} ${x} %s '; drop table inbox; --",
    "①②③④ ٣ ３．１４ 〇 卌",
    "秘密★ 计算机密码",
    "😀镕喆堃䶮㛃𫖮",
    "\u202e反着写\u200b",
    "字" * 3000,
)


class Monkey:
    """Plays with one page; each act is drawn from the dice alone, so that a seed can be played again."""

    def __init__(self, visit: Watched, dice: random.Random) -> None:
        self.visit = visit
        self.dice = dice
        self.acts = 0

    async def act(self) -> None:
        """One act, and then everything that must hold."""
        acts: list[tuple[Callable[[], Awaitable[None]], int]] = [
            (self.type, 8),
            (self.press_a_button, 8),
            (self.change_persona, 4),
            (self.wind, 3),
            (self.change_platform, 2),
            (self.pull_the_plug, 1),
        ]
        chosen = self.dice.choices([act for act, _ in acts], [often for _, often in acts])[0]
        await chosen()
        self.acts += 1
        await self.all_holds()

    async def type(self) -> None:
        await self.visit.write(self.dice.choice(_WORDS))
        await self.answered()

    async def press_a_button(self) -> None:
        buttons = self.visit.page.locator("#chat .buttons button, #composer .words button")
        if count := await buttons.count():
            await buttons.nth(self.dice.randrange(count)).click()
            await self.answered()

    async def change_persona(self) -> None:
        people = self.visit.page.locator("#people a")
        chosen = people.nth(self.dice.randrange(await people.count()))
        async with self.visit.page.expect_navigation():
            await chosen.click()

    async def change_platform(self) -> None:
        switch = self.visit.page.locator("#as")
        others = [kind for kind in PROFILES if kind != await switch.input_value()]
        async with self.visit.page.expect_navigation():
            await switch.select_option(self.dice.choice(others))

    async def wind(self) -> None:
        await self.visit.page.get_by_role("button", name=self.dice.choice(["→ 下一件事", "→ 一天后"])).click()
        await self.answered()

    async def pull_the_plug(self) -> None:
        await self.visit.page.get_by_role("button", name="拔电源").click()
        await self.answered()

    async def answered(self) -> None:
        """The page says so itself while it waits for the service."""
        await self.visit.page.wait_for_load_state("networkidle")
        await self.visit.page.locator("#busy").wait_for(state="hidden", timeout=60_000)

    async def all_holds(self) -> None:
        page = self.visit.page
        assert self.visit.faults == [], self.visit.faults
        assert await page.locator("#text").count() == 1
        for said in await page.locator("#chat .bubble.bot").all_inner_texts():
            assert not TECHNICAL.search(_own_words(said)), said
        power = page.locator(".power")
        if await power.count():
            owed, shown, twice = re.findall(r"\d+", await power.inner_text())[:3]
            assert (owed, twice) == (shown, "0")


def _own_words(said: str) -> str:
    """Without what a person wrote: quotations, and titles that somebody typed."""
    return "\n".join(re.sub(r"“[^”]*”|《[^》]*》", "", line) for line in said.splitlines() if not line.startswith("│"))


async def play(chromium: str, *, seed: int, acts: int | None = None, seconds: float | None = None) -> int:
    """Play until so many acts or seconds are over; returns the acts. Raises AssertionError at the first fault."""
    dice = random.Random(seed)
    ends = time.monotonic() + seconds if seconds is not None else None
    with demo() as address:
        async with visited(chromium, address, dice.choice([DESK, PHONE])) as visit:
            monkey = Monkey(visit, dice)
            while (acts is None or monkey.acts < acts) and (ends is None or time.monotonic() < ends):
                await monkey.act()
            return monkey.acts


def main() -> None:
    """The long run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    chromium = program("chromium")
    assert chromium, "install Chromium first"
    acts = asyncio.run(play(chromium, seed=options.seed, seconds=options.minutes * 60))
    print(f"seed {options.seed}: {acts} acts in {options.minutes} minutes, 0 faults")


if __name__ == "__main__":
    main()
