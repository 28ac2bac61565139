"""The stage of the demonstration: pretend messenger and wound clock here, the real service as a child beside it.

The clock is mastered here and never jumps over a due time; what other people write arrives at its moment.
"""

import asyncio
import json
import secrets
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import WoundClock
from bot.county import CHANNEL, ZONE, listen
from bot.demo.child import TOKEN, Site
from bot.demo.minute import Letter, Minute, Step
from bot.platforms.platform import BOT, Line
from bot.platforms.sandbox import Messenger

QUICK = 0.01
"""Seconds between two looks at whether an answer is on its way."""
_PATIENCE = 20.0
"""Seconds after which a service that does not answer counts as gone."""


class NoService(Exception):
    """The service did not start or does not answer; the message is for the log."""


@dataclass(frozen=True)
class Power:
    """What the count was after the service had been killed and started again."""

    owed: int
    held: int
    """Messages whose hour has not come yet, such as what waits for the morning; not among those owed now."""
    shown: int
    twice: int
    """Words that came more than once into one chat since the plug was pulled."""
    again: int
    """Sends repeated under their old number, which the platform recognised and did not show again."""


@dataclass
class Stage:
    """Everything that the page shows and does. One visitor, one thing at a time."""

    minute: Minute
    folder: Path | None = None
    """Where the state is kept, each time in a directory of its own; it goes with the page unless told otherwise."""
    ready: bool = False
    progress: str = "正在准备"
    news: Callable[[], None] = lambda: None
    """Called after whatever changes what the page shows."""
    done: set[str] = field(default_factory=set)
    power: Power | None = None
    last_message: str = ""
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    _seen: dict[tuple[str, str], int] = field(default_factory=dict)
    _letters: list[Letter] = field(default_factory=list)
    _child: Process | None = None

    async def open(self) -> None:
        """Start messenger and service and play what has happened before the visitor comes."""
        self._stack = AsyncExitStack()
        self._letters = list(self.minute.letters)
        self._place = self._own_place()
        self.clock = WoundClock(self.minute.setting().start)
        self._session = await self._stack.enter_async_context(aiohttp.ClientSession())
        self._secrets = {name: secrets.token_hex(32) for name in ("secret", "ledger_key", "token")}
        self.messenger = Messenger(
            secret=self._secrets["secret"], clock=self.clock, session=self._session, channel=CHANNEL
        )
        self._platform = await self._stack.enter_async_context(listen(self.messenger.application()))
        self._say("正在启动服务，建立台账")
        await self._start_child()
        self._say("正在重放7月20日以来的往来")
        await self._wind(self._arrival())
        self.ready = True
        self._say("")

    async def close(self) -> None:
        """End the child and everything else."""
        opened, self.ready = self.ready, False
        if opened and self._child is not None:
            await self._stop_child(self._child)
        await self._kill()
        await self._stack.aclose()

    async def reset(self) -> None:
        """Begin again with an empty installation."""
        await self.close()
        self.done, self.power, self.last_message, self._seen = set(), None, "", {}
        await self.open()

    # ── what the visitor does

    async def say(self, who: str, text: str, *, in_group: bool = False, attachments: tuple[str, ...] = ()) -> None:
        """Type `text` as `who`; returns when the service has answered."""
        group = self.minute.group.id if in_group else None
        said = await self.messenger.say(who, text, group=group, addressed=f"@{BOT}" in text, attachments=attachments)
        self.last_message = said.message_id
        await self._settled()
        self._look_what_is_done()
        self.news()

    async def wind(self, until: datetime) -> None:
        """Let time pass, stepping through everything that falls due."""
        if until > self.clock.now():
            await self._wind(until)
        self._look_what_is_done()
        self.news()

    async def wind_on(self) -> None:
        """Let time pass until somebody is told something; a week at most."""
        told, end = self.messenger.tally.shown, self.clock.now() + timedelta(days=7)
        while self.messenger.tally.shown == told and self.clock.now() < end:
            await self._wind(await self._next_due())
        self._look_what_is_done()
        self.news()

    async def _next_due(self) -> datetime:
        """The next moment at which something may happen; tomorrow at nine where nothing does before."""
        now = self.clock.now().astimezone(ZONE)
        tomorrow = (now + timedelta(days=1)).replace(hour=9, minute=0)
        moments = [m for m in (await self._next(tomorrow), self._next_letter()) if m is not None and m > now]
        return min([*moments, tomorrow])

    async def pull_the_plug(self, who: str) -> None:
        """Kill the service while an answer is on its way, start it again at the same moment, and count."""
        self.messenger.answering.clear()
        before, repeats, words = (
            self.messenger.tally.shown,
            self.messenger.tally.repeats,
            self.messenger.said_by_the_bot,
        )
        asking = asyncio.create_task(self.messenger.say(who, "帮助"))
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while self.messenger.tally.shown == before:  # noqa: ASYNC110 - another process brings the change
                    await asyncio.sleep(QUICK)
        await self._kill()
        self.messenger.answering.set()
        await asking
        await self._start_child()
        await self.messenger.redeliver()
        await self._settled()
        outbox = await self._pull("counts")
        said = self.messenger.said_by_the_bot
        twice = sum(times - 1 for times in (said - words).values())
        again = self.messenger.tally.repeats - repeats
        self.power = Power(outbox["owed"], outbox["held"], said.total(), twice, again)
        self.done.update(step.title for step in self.minute.steps if step.sees == "断电重启")
        self.news()

    # ── what the page shows

    def now(self) -> datetime:
        """The demonstration's time, in its zone."""
        return self.clock.now().astimezone(ZONE)

    def chat(self, who: str, *, in_group: bool = False) -> tuple[Line, ...]:
        """A persona's private chat with the bot, or the group."""
        return self.messenger.chat(self.minute.group.id if in_group else self.messenger.private_chat(who))

    def look(self, who: str, *, in_group: bool = False) -> int:
        """Everything in a chat is seen now; returns how many lines had been seen before."""
        key = (who, "group" if in_group else "private")
        before = self._seen.get(key, 0)
        self._seen[key] = len(self.chat(who, in_group=in_group))
        return before

    def unread(self, who: str, *, in_group: bool = False) -> int:
        """Lines that the visitor has not looked at as that persona."""
        key = (who, "group" if in_group else "private")
        return len(self.chat(who, in_group=in_group)) - self._seen.get(key, 0)

    def next_step(self, who: str | None = None) -> Step | None:
        """The first thing not yet tried, of that persona where one is named."""
        return next((s for s in self.minute.steps if s.title not in self.done and who in (None, s.who)), None)

    async def behind(self) -> dict[str, Any]:
        """What became of the visitor's last message; empty also while the plug is out."""
        try:
            return await self._pull("behind", message=self.last_message) if self.last_message else {}
        except NoService:
            return {}

    # ── inside

    def _own_place(self) -> Path:
        """A new directory each time: nothing that lies there already is touched, whatever it is."""
        if self.folder is None:
            return Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="duban-demo-")))
        self.folder.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix="demo-", dir=self.folder))

    def _arrival(self) -> datetime:
        return self.minute.at(self.minute.arrival.partition("-")[2])

    def _say(self, progress: str) -> None:
        self.progress = progress
        self.news()

    def _next_letter(self) -> datetime | None:
        return self.minute.at(self._letters[0].at) if self._letters else None

    async def _wind(self, until: datetime) -> None:
        """Step by step: the clock here first, then the service's, so that every line bears its own time."""
        while True:
            letter = self._next_letter()
            if letter is not None and letter <= self.clock.now():
                written = self._letters.pop(0)
                await self.messenger.say(written.who, written.says)
                await self._settled()
                continue
            if self.clock.now() >= until:
                return
            limit = min(until, letter) if letter is not None else until
            moment = await self._next(limit) or limit
            await self._step(moment)

    async def _step(self, moment: datetime) -> None:
        self.clock.wind_to(max(moment, self.clock.now()))
        await self._pull("wind", to=self.clock.now().isoformat())

    async def _next(self, until: datetime) -> datetime | None:
        at = (await self._pull("next", until=until.isoformat()))["at"]
        return datetime.fromisoformat(at) if at else None

    async def _settled(self) -> None:
        """Have the service say what it owes at this moment."""
        await self._pull("wind", to=self.clock.now().isoformat())

    def _look_what_is_done(self) -> None:
        for step in self.minute.steps:
            if any(line.card is not None and step.sees in line.text for line in self.chat(step.who)):
                self.done.add(step.title)

    async def _start_child(self) -> None:
        setting = self.minute.setting()
        site = Site(
            folder=self._place,
            api_base=self._platform,
            now=self.clock.now(),
            roster=setting.roster,
            rulebooks=dict(setting.rulebooks),
            start=setting.start,
            live_from=setting.live_from,
            **self._secrets,
        )
        # In a session of its own, so that Ctrl-C reaches the page alone, which then closes the child's input.
        child = self._child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot.demo.child", stdin=PIPE, stdout=PIPE, start_new_session=True
        )
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(site.model_dump_json().encode() + b"\n")
        await child.stdin.drain()
        answer = await asyncio.wait_for(child.stdout.readline(), _PATIENCE * 3)
        if not answer:
            raise NoService("the service ended before it answered")
        addresses = json.loads(answer)
        self._strings = addresses["strings"]
        self.messenger.webhook = f"{addresses['webhook']}/webhooks/{CHANNEL}"

    async def _stop_child(self, child: Process) -> None:
        assert child.stdin is not None
        child.stdin.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(child.wait(), 3)

    async def _kill(self) -> None:
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()

    async def _pull(self, string: str, **told: str) -> dict[str, Any]:
        timeout = aiohttp.ClientTimeout(total=_PATIENCE)
        headers = {TOKEN: self._secrets["token"]}
        try:
            async with self._session.post(
                f"{self._strings}/{string}", json=told, headers=headers, timeout=timeout
            ) as answer:
                answer.raise_for_status()
                found: dict[str, Any] = await answer.json()
                return found
        except (aiohttp.ClientError, TimeoutError) as error:
            raise NoService(string) from error
