"""Plays a story file through the front door of a county in a box, prints it, and checks every step.

The story, its county and all their names are data (assessment/demo/story.yaml); here stands only how one is played.
"""

import logging
import re
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.county import DATA, ZONE, County, Setting, county
from bot.ledger_check import examine
from bot.logs import configure_logs

STORY = DATA / "demo" / "story.yaml"


class StoryBroken(Exception):
    """Something is not as the story says; the message names the scene and what is off."""


class Part(BaseModel):
    """A piece of a story file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Act(Part):
    """Somebody says something, or is told something, or is left alone."""

    who: str = Field(alias="谁")
    says: str | None = Field(None, alias="说")
    sent: str | None = Field(None, alias="发于", description="message time, where delivery is later")
    answer: tuple[str, ...] = Field((), alias="答")
    hears: tuple[str, ...] = Field((), alias="听到")
    undisturbed: bool = Field(False, alias="未打扰")
    aside: bool = Field(False, alias="暗", description="checked, but not shown")
    keep: dict[str, str] = Field(default_factory=dict, alias="记", description="name: pattern, for later acts")


class Scene(Part):
    """One moment."""

    title: str = Field(alias="题")
    at: str = Field(alias="时")
    remark: str = Field("", alias="注")
    acts: tuple[Act, ...] = Field(alias="事")


class Story(Part):
    """A whole story with the county that it plays in."""

    start: str = Field(alias="开始")
    live_from: date = Field(alias="运行自")
    rulebooks: tuple[str, ...] = Field(alias="办法")
    roster: str = Field(alias="名册")
    people: dict[str, str] = Field(alias="人物")
    scenes: tuple[Scene, ...] = Field(alias="场景")

    def setting(self, data: Path | None = None) -> Setting:
        """The county's files; `data` holds rulebooks/ and demo/, the shipped ones unless told otherwise."""
        data = data or DATA
        return Setting(
            roster=(data / "demo" / self.roster).read_text("utf-8-sig"),
            rulebooks={name: (data / "rulebooks" / name).read_text("utf-8") for name in self.rulebooks},
            start=_moment(self.start),
            live_from=self.live_from,
        )


@dataclass
class Player:
    """Plays the acts, shows what is said, and stops at the first thing that is off."""

    story: Story
    county: County
    show: Callable[[str], None]
    scene: str = ""
    kept: dict[str, str] = field(default_factory=dict)
    _heard: dict[str, int] = field(default_factory=dict)

    async def play(self) -> None:
        """Every scene in order; raises StoryBroken."""
        for scene in self.story.scenes:
            await self._begin(scene)
            for act in scene.acts:
                await self._act(act)

    async def _begin(self, scene: Scene) -> None:
        self.scene = scene.title
        year = self.county.clock.now().astimezone(ZONE).year
        at = _moment(f"{year}-{scene.at}")
        await self.county.service.wind(self.county.clock, at)
        remark = f"（{scene.remark}）" if scene.remark else ""
        self.show(f"\n── {at:%-m月%-d日} 周{'一二三四五六日'[at.weekday()]} {at:%H:%M}  {scene.title}{remark}")

    async def _act(self, act: Act) -> None:
        if act.undisturbed:
            self._left_alone(act.who)
            return
        if act.says is not None:
            text = re.sub(r"\{(\w+)\}", lambda found: self.kept[found[1]], act.says)
            if not act.aside:
                self._print(f"{self._name(act.who)}：", text)
            sent = _moment(f"{self.county.clock.now().astimezone(ZONE).year}-{act.sent}") if act.sent else None
            await self.county.say(act.who, text, at=sent)
        self._listen(act)

    def _listen(self, act: Act) -> None:
        told = self.county.told(act.who)
        fresh = told[self._heard.get(act.who, 0) :]
        self._heard[act.who] = len(told)
        if not act.aside:
            for text in fresh:
                self._print(f"督办 → {self._name(act.who)}：", text)
        joined = "\n".join(fresh)
        for piece in (*act.answer, *act.hears):
            if piece not in joined:
                actual = joined or "（没有消息）"
                raise StoryBroken(f"“{self.scene}”一节：应告知{self._name(act.who)}“{piece}”，实际为：\n{actual}")
        for name, pattern in act.keep.items():
            found = re.search(pattern, joined)
            if found is None:
                raise StoryBroken(f"“{self.scene}”一节：没有找到“{name}”（{pattern}）")
            self.kept[name] = found[0]

    def _left_alone(self, who: str) -> None:
        fresh = self.county.told(who)[self._heard.get(who, 0) :]
        if fresh:
            raise StoryBroken(f"“{self.scene}”一节：不应打扰{self._name(who)}，实际发了：\n" + "\n".join(fresh))
        self.show(f"  （{self._name(who)}已报送，未被打扰）")

    def _name(self, who: str) -> str:
        return self.story.people.get(who, who)

    def _print(self, speaker: str, text: str) -> None:
        lines = text.splitlines() or [""]
        self.show(f"  {speaker}{lines[0]}")
        for line in lines[1:]:
            self.show(f"      {line}")


def read_story(path: Path | None = None) -> Story:
    """Read a story file; raises OSError, yaml.YAMLError or pydantic's ValidationError."""
    raw: Any = yaml.load((path or STORY).read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only text
    return Story.model_validate(raw)


async def play(show: Callable[[str], None] = print, data: Path = DATA) -> int:
    """Play the demonstration's month; 0 when all was as it should be, 1 with the reason otherwise."""
    configure_logs(stream=sys.stderr, level=logging.ERROR)
    story = read_story(data / "demo" / "story.yaml")
    with tempfile.TemporaryDirectory(prefix="duban-story-") as folder:
        async with county(story.setting(data), Path(folder)) as box:
            try:
                await Player(story, box, show).play()
                await _close(box, show)
            except StoryBroken as broken:
                show(f"\n✗ {broken}")
                return 1
    show("✓ 全部情节与预期一致。")
    return 0


async def _close(box: County, show: Callable[[str], None]) -> None:
    """The books at the end: nothing lost, nothing doubled, every point verified."""
    tally = box.messenger.tally
    installation = box.service.installation
    found = await box.database.read(lambda uow: examine(uow, installation.ledger_key, box.clock.now()))
    show("\n── 结账")
    if found.faults:
        raise StoryBroken("台账核验：\n" + "\n".join(map(str, found.faults)))
    show(f"  台账核验：{found.accounts}个账户、{found.entries}条记分，逐条复算一致。")
    if tally.repeats or tally.conflicts or tally.forged or box.messenger.undelivered:
        raise StoryBroken(f"消息核对：{tally}")
    show(f"  消息核对：来信{tally.said}条均有答复，发出{tally.shown}条，重复0条，丢失0条。")


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
