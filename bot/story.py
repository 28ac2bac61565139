"""Plays a story file through the front door of a county in a box, prints it, and checks every step.

The story, its county and all their names are data (assessment/demo/story.yaml); here stands only how one is played.
"""

import logging
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.county import DATA, ZONE, County, Setting, county
from bot.ledger_check import examine
from bot.logs import configure_logs
from bot.platforms.platform import Line
from handlers.incoming import FileRef

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
    files: tuple[str, ...] = Field((), alias="附", description="names of the files that are sent with it, or alone")
    sent: str | None = Field(None, alias="发于", description="message time, where delivery is later")
    answer: tuple[str, ...] = Field((), alias="答")
    hears: tuple[str, ...] = Field((), alias="听到")
    never: tuple[str, ...] = Field((), alias="不含", description="what none of it may say")
    undisturbed: bool = Field(False, alias="未打扰")
    aside: bool = Field(False, alias="暗", description="checked, but not shown")
    keep: dict[str, str] = Field(default_factory=dict, alias="记", description="name: pattern, for later acts")


class Scene(Part):
    """One moment."""

    title: str = Field(alias="题")
    at: str = Field(alias="时", description="month, day and time; with the year where a new one begins")
    remark: str = Field("", alias="注")
    acts: tuple[Act, ...] = Field(alias="事")


class Story(Part):
    """A whole story with the county that it plays in."""

    preface: str = Field("", alias="前言")
    start: str = Field(alias="开始")
    live_from: date = Field(alias="运行自")
    rulebooks: tuple[str, ...] = Field(alias="办法")
    roster: str = Field(alias="名册", description="the name of a file, or the lines themselves")
    changes: tuple[tuple[str, str], ...] = Field(
        (), alias="设定", description="what the office has set in the rulebooks: old words and new"
    )
    people: dict[str, str] = Field(alias="人物")
    scenes: tuple[Scene, ...] = Field(alias="场景")

    def setting(self, data: Path | None = None) -> Setting:
        """The county's files; `data` holds rulebooks/ and demo/, the shipped ones unless told otherwise."""
        data = data or DATA
        inline = "\n" in self.roster
        texts = {name: (data / "rulebooks" / name).read_text("utf-8") for name in self.rulebooks}
        for old, new in self.changes:
            if not any(old in text for text in texts.values()):
                raise StoryBroken(f"“设定”：办法里没有“{old}”")
            texts = {name: text.replace(old, new) for name, text in texts.items()}
        return Setting(
            roster=self.roster if inline else (data / "demo" / self.roster).read_text("utf-8-sig"),
            rulebooks=texts,
            start=_moment(self.start),
            live_from=self.live_from,
        )


@dataclass
class Player:
    """Plays the acts, shows what is said, and stops at the first thing that is off."""

    story: Story
    county: County
    show: Callable[[str], None]
    dim: Callable[[str], str] = str
    """How a time is made to stand back; as it is unless told otherwise."""
    scene: str = ""
    _about: frozenset[str] = frozenset()
    kept: dict[str, str] = field(default_factory=dict)
    _day: date = date.min
    _sent: int = 0
    """How many files have been sent."""
    _heard: dict[str, int] = field(default_factory=dict)
    _shown: dict[str, int] = field(default_factory=dict)

    async def play(self) -> None:
        """Every scene in order; raises StoryBroken."""
        if self.story.preface:
            self.show(self.story.preface)
        for scene in self.story.scenes:
            await self._begin(scene)
            for act in scene.acts:
                await self._act(act)

    async def _begin(self, scene: Scene) -> None:
        self.scene, self._about = scene.title, frozenset(act.who for act in scene.acts)
        at = self._on(scene.at)
        await self.county.service.wind(self.county.clock, at)
        remark = f"（{scene.remark}）" if scene.remark else ""
        self.show(f"\n── {at:%-m月%-d日} 周{'一二三四五六日'[at.weekday()]} {at:%H:%M}  {scene.title}{remark}")
        self._day = at.date()
        self._show_news()

    async def _act(self, act: Act) -> None:
        if act.undisturbed:
            self._left_alone(act.who)
            return
        if act.says is not None or act.files:
            text = re.sub(r"\{(\w+)\}", lambda found: self.kept[found[1]], act.says or "")
            sent = self._on(act.sent) if act.sent else None
            await self.county.say(act.who, text, at=sent, **self._with_files(act))
        if act.aside:
            self._shown[act.who] = len(self.county.chat(act.who))
        self._show_news(first=act.who)
        self._check(act)

    def _with_files(self, act: Act) -> dict[str, Any]:
        """The files of an act, each with a content of its own, left where the platform gives it out."""
        if not act.files:
            return {}
        platform = self.county.platform_of(act.who)
        found = []
        for name in act.files:
            self._sent += 1
            key = f"story-{self._sent}"
            platform.leave_file(key, b"%PDF-1.4\n" + name.encode() + b"\n%%EOF\n")
            found.append(FileRef(name, "file", key))
        return {"files": tuple(found)}

    def _show_news(self, first: str = "") -> None:
        """Show what the people of the story have said and been told since, each line at its own time.

        Where several are told the same at once, it is shown in full only to those whom the scene is about.
        """
        news = self._news(first)
        told: dict[tuple[datetime, str], list[str]] = {}
        for who, line in news:
            if line.card is not None:
                told.setdefault(_occasion(line), []).append(who)
        for who, line in news:
            name, alike = self.story.people[who], told.get(_occasion(line), [])
            if line.card is None:
                self._print(line.at, f"{name}：", line.text)
            elif len(alike) == 1 or who in self._about:
                self._print(line.at, f"督办 → {name}：", line.text)
            elif who == (others := [other for other in alike if other not in self._about])[0]:
                names = "、".join(self.story.people[other] for other in others)
                self._print(line.at, f"督办 → {names}：", f"{_occasion(line)[1]}（内容从略）")

    def _news(self, first: str) -> list[tuple[str, Line]]:
        """What has not been shown yet, in order; of one moment, what concerns `first`, then those of the scene."""
        news: list[tuple[str, Line]] = []
        for who in self.story.people:
            chat = self.county.chat(who)
            news += [(who, line) for line in chat[self._shown.get(who, 0) :]]
            self._shown[who] = len(chat)
        return sorted(news, key=lambda one: (one[1].at, one[0] != first, one[0] not in self._about))

    def _check(self, act: Act) -> None:
        """Compare what the account was told since it was last looked at with what the act expects."""
        joined = "\n".join(self._unheard(act.who))
        for piece in self._expected(act):
            if piece not in joined:
                actual = joined or "（没有消息）"
                raise StoryBroken(f"“{self.scene}”一节：应告知{self._name(act.who)}“{piece}”，实际为：\n{actual}")
        for piece in act.never:
            if piece in joined:
                raise StoryBroken(f"“{self.scene}”一节：不应告知{self._name(act.who)}“{piece}”，实际为：\n{joined}")
        for name, pattern in act.keep.items():
            found = re.search(pattern, joined)
            if found is None:
                raise StoryBroken(f"“{self.scene}”一节：没有找到“{name}”（{pattern}）")
            self.kept[name] = found[0]

    def _expected(self, act: Act) -> Iterator[str]:
        """What is to be heard; no name of a file where the platform tells none."""
        nameless = act.files if not self.county.platform_of(act.who).tells_file_names else ()
        yield from (piece for piece in (*act.answer, *act.hears) if piece not in nameless)

    def _left_alone(self, who: str) -> None:
        fresh = self._unheard(who)
        if fresh:
            raise StoryBroken(f"“{self.scene}”一节：不应打扰{self._name(who)}，实际发了：\n" + "\n".join(fresh))
        self._print(self._now(), "", f"（{self._name(who)}已报送，未被打扰）")

    def _unheard(self, who: str) -> list[str]:
        told = self.county.told(who)
        fresh = told[self._heard.get(who, 0) :]
        self._heard[who] = len(told)
        return fresh

    def _on(self, written: str) -> datetime:
        """A moment of the story; of the year that it has come to where none is written."""
        with_year = written if written.count("-") == 2 else f"{self._now().year}-{written}"
        return _moment(with_year)

    def _name(self, who: str) -> str:
        return self.story.people.get(who, who)

    def _now(self) -> datetime:
        return self.county.clock.now().astimezone(ZONE)

    def _print(self, at: datetime, speaker: str, text: str) -> None:
        here = at.astimezone(ZONE)
        time = f"{here:%H:%M}" if here.date() == self._day else f"{here:%-m月%-d日 %H:%M}"
        first, *rest = text.splitlines() or [""]
        self.show(f"  {self.dim(time)}  {speaker}{first}")
        for line in rest:
            self.show(f"         {line}")


def read_story(path: Path | None = None) -> Story:
    """Read a story file; raises OSError, yaml.YAMLError or pydantic's ValidationError."""
    raw: Any = yaml.load((path or STORY).read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506 - BaseLoader makes only text
    return Story.model_validate(raw)


async def play(show: Callable[[str], None] = print, data: Path = DATA) -> int:
    """Play the demonstration's month; 0 when all was as it should be, 1 with the reason otherwise."""
    dim = _faint if sys.stdout.isatty() and "NO_COLOR" not in os.environ else str
    configure_logs(stream=sys.stderr, level=logging.ERROR)
    story = read_story(data / "demo" / "story.yaml")
    with tempfile.TemporaryDirectory(prefix="duban-story-") as folder:
        async with county(story.setting(data), Path(folder)) as box:
            try:
                await Player(story, box, show, dim).play()
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


def _occasion(line: Line) -> tuple[datetime, str]:
    return line.at, line.text.partition("\n")[0]


def _faint(text: str) -> str:
    return f"\x1b[2m{text}\x1b[0m"


def _moment(written: str) -> datetime:
    return datetime.strptime(written, "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)
