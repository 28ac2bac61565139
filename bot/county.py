"""A whole installation in one box: the demonstration county, its service and a pretend messenger, over real HTTP.

The demo plays in it, the stories test in it. The clock is wound by hand; nothing waits.
"""

import asyncio
import csv
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from io import StringIO
from itertools import cycle
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from pydantic import SecretStr
from sqlmodel import col, select

from assessment import notices
from assessment.workdays import WorkCalendar
from bot import app
from bot.cards import card_for
from bot.clock import WoundClock
from bot.platforms.platform import FILE, PICTURE, Fault, Line, Platform, Said, Tally
from bot.platforms.tenants import ONLY_ANSWERS, tenant
from bot.roster_file import apply_roster, read_roster
from bot.settings import Service, Settings
from storage import programmes, roster
from storage.database import Database
from storage.outbox import OutboxRow, Status
from storage.unit_of_work import UnitOfWork

DATA = Path(__file__).parent.parent / "assessment"
ROSTER = DATA / "demo" / "roster.csv"
RULEBOOKS = tuple(DATA / "rulebooks" / name for name in (DATA / "demo" / "rulebooks.txt").read_text("utf-8").split())
CHANNEL = "sandbox"
ZONE = ZoneInfo("Asia/Shanghai")
SANDBOX = {CHANNEL: CHANNEL}
"""The organisation on the sandbox, where a county is on nothing else."""
_SOON = timedelta(seconds=10)


@dataclass(frozen=True)
class Setting:
    """What a county starts from: files and days. Tests rename everything in the files and change nothing else."""

    roster: str
    rulebooks: Mapping[str, str]
    start: datetime
    live_from: date
    trial: bool = False
    phone_lookup: bool = False
    """Whether accounts are looked up by the telephone numbers of the roster."""


def demonstration(start: datetime, live_from: date) -> Setting:
    """The shipped demonstration county."""
    return Setting(
        roster=ROSTER.read_text("utf-8-sig"),
        rulebooks={path.name: path.read_text("utf-8") for path in RULEBOOKS},
        start=start,
        live_from=live_from,
    )


class County:
    """A running county. `say` types into a messenger, `wind` lets time pass, `chat` is what people see."""

    def __init__(
        self, service: app.Service, platforms: Mapping[str, Platform], home: Mapping[str, str], clock: WoundClock
    ) -> None:
        """`home`: on which of the `platforms` an account is; the first where it is not named."""
        self.service = service
        self.platforms = platforms
        self.messenger = next(iter(platforms.values()))
        self.clock = clock
        self._home = home

    def platform_of(self, who: str) -> Platform:
        """Where the account is at home."""
        return self.platforms.get(self._home.get(who, ""), self.messenger)

    def address(self, who: str) -> tuple[str, str, str]:
        """The channel, the organisation on it and the account, by which the service knows somebody."""
        platform = self.platform_of(who)
        return platform.channel, platform.tenant, who

    def speak_on_the_hour(self) -> None:
        """Let no channel spread what we start over the minutes after a full hour: for stories that name the minute."""
        for channel in self.service.channels.values():
            channel.capabilities = replace(channel.capabilities, avoids_marks=False)  # type: ignore[misc]

    @property
    def database(self) -> Database:
        """The county's database."""
        return self.service.database

    async def say(self, who: str, text: str, **how: object) -> Said:
        """Type `text` as the account `who`, and let the service answer."""
        said = await self.send(who, text, **how)
        await self._answered()
        return said

    async def send(self, who: str, text: str, **how: object) -> Said:
        """Type `text` as the account `who`; nothing is answered before the next `say`, `wind` or `settle`."""
        return await self.platform_of(who).say(who, text, **how)  # type: ignore[arg-type]

    @asynccontextmanager
    async def cut_off(self, who: str) -> AsyncIterator[None]:
        """Meanwhile the platform of that account cannot reach the service."""
        platform = self.platform_of(who)
        platform.cut_off.set()
        try:
            yield
        finally:
            platform.cut_off.clear()

    async def redeliver(self) -> list[Said]:
        """Let every platform try again what the service did not take."""
        said = [one for platform in self.platforms.values() for one in await platform.redeliver()]
        await self.service.settle()
        return said

    def down(self, start: datetime, end: datetime) -> None:
        """Every platform is in an outage from `start` up to `end`."""
        for platform in self.platforms.values():
            platform.outages.append((start, end))

    def tally(self) -> Tally:
        """What has happened so far on all platforms together."""
        tallies = [asdict(platform.tally) for platform in self.platforms.values()]
        return Tally(**{name: sum(tally[name] for tally in tallies) for name in tallies[0]})

    async def press(self, who: str, label: str) -> Said:
        """Press the newest button of that label in the private chat of `who`; where there are none, type its word."""
        platform = self.platform_of(who)
        if any(label in line.commands for line in self.chat(who)):
            said = await platform.press(who, label)
        else:
            said = await platform.say(who, self._typed(who, label))
        await self._answered()
        return said

    async def _answered(self) -> None:
        """Let the service answer; where a platform takes only so many messages a second, some seconds pass."""
        await self.service.settle()
        soon = self.clock.now() + _SOON
        while (moment := await self.service.next_moment(self.clock.now(), soon)) is not None:
            await self.service.wind(self.clock, moment)

    async def wind(self, month: int, day: int, hour: int = 0, minute: int = 0, *, year: int | None = None) -> None:
        """Let time pass until that moment of the same year, stepping through everything that falls due."""
        moment = datetime(year or self.clock.now().astimezone(ZONE).year, month, day, hour, minute, tzinfo=ZONE)
        await self.service.wind(self.clock, moment)

    def chat(self, who: str) -> tuple[Line, ...]:
        """The private chat of an account with the bot."""
        platform = self.platform_of(who)
        return platform.chat(platform.private_chat(who))

    def told(self, who: str) -> list[str]:
        """What the bot has said to an account, oldest first; what took several messages is one saying."""
        whole = {row.platform_id for row in self._sent_to(who)}
        told, parts = [], []
        for line in self.chat(who):
            if line.card is not None and not line.text.startswith((PICTURE, FILE)):
                parts.append(line.text)
                if line.message_id in whole:
                    told.append("\n".join(parts))
                    parts = []
        return told + parts

    def _sent_to(self, who: str) -> Sequence[OutboxRow]:
        query = select(OutboxRow).where(col(OutboxRow.recipient) == who, col(OutboxRow.status) == Status.SENT.value)
        return self.database.read_now(lambda uow: uow.rows(query.order_by(col(OutboxRow.id))))

    def _typed(self, who: str, label: str) -> str:
        """What the newest saying with a button of that label tells people to type. KeyError where none does."""
        for row, said in zip(reversed(self._sent_to(who)), reversed(self.told(who)), strict=True):
            for button in card_for(notices.read(row.notice), ZONE).buttons:
                if button.label == label and button.typed in said:
                    return button.typed
        raise KeyError(label)

    def last(self, who: str) -> str:
        """The newest saying of the bot to an account; empty when there is none."""
        return next(iter(reversed(self.told(who))), "")


@asynccontextmanager
async def county(
    setting: Setting,
    folder: Path,
    *,
    database_url: str | None = None,
    calendar: WorkCalendar | None = None,
    send_faults: Iterable[Fault] = (),
    callback_faults: Iterable[Fault] = (),
    kinds: Sequence[str] = (CHANNEL,),
    cards: bool = True,
) -> AsyncIterator[County]:
    """Start service and messengers on free ports of the loopback; everything ends with the block.

    People are dealt out to the platforms of these `kinds` in turn, but for those that only answer; the faults happen
    on each. `cards`: whether the platforms may be sent cards.
    """
    clock = WoundClock(setting.start)
    homes = [kind for kind in kinds if kind not in ONLY_ANSWERS]
    home = dict(zip(accounts_in(setting.roster), cycle(homes), strict=False))
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        send_script, callback_script = tuple(send_faults), tuple(callback_faults)
        tenants = {
            kind: tenant(kind, clock, session, cards=cards, send_faults=send_script, callback_faults=callback_script)
            for kind in kinds
        }
        channels = tuple(
            [
                one.settings(await stack.enter_async_context(listen(one.platform.application())))
                for one in tenants.values()
            ]
        )
        if setting.phone_lookup:
            channels = tuple(one.model_copy(update={"phone_lookup": True}) for one in channels)
        settings = Settings(
            service=Service(
                database=SecretStr((database_url or str(folder / "duban.sqlite")).removeprefix("sqlite:///")),
                ledger_key=SecretStr(secrets.token_hex(32)),
                files=folder,
                rulebooks=folder,
            ),
            channels=channels,
        )
        database = app.open_database(settings)
        stack.callback(database.close)
        at_home = replace(setting, roster=moved(setting.roster, home))
        named = {channel.name: channel.tenant for channel in channels}
        await database.write(lambda uow: found(uow, at_home, named))
        service = app.Service(settings, database, app.installation_of(settings, calendar), clock, session)
        door = await stack.enter_async_context(listen(service.application()))
        for kind, one in tenants.items():
            one.platform.webhook = f"{door}/webhooks/{kind}"
        listening = asyncio.create_task(service.listen())
        stack.push_async_callback(ended, listening)
        await asyncio.gather(*(one.platform.connected() for one in tenants.values()))
        await service.settle()
        yield County(service, {kind: one.platform for kind, one in tenants.items()}, home, clock)


async def ended(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait for its end."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def accounts_in(roster_text: str) -> list[str]:
    """The accounts of a roster file in order, each once."""
    return list(dict.fromkeys(line["账号"] for line in csv.DictReader(roster_text.splitlines()) if line["账号"]))


def moved(roster_text: str, home: Mapping[str, str]) -> str:
    """The same roster with each account on the channel where it is at home."""
    heading, *lines = csv.reader(roster_text.splitlines())
    channel, account = heading.index("渠道"), heading.index("账号")
    for line in lines:
        line[channel] = home.get(line[account], line[channel])
    written = StringIO()
    csv.writer(written, lineterminator="\n").writerows([heading, *lines])
    return written.getvalue()


def found(uow: UnitOfWork, setting: Setting, tenants: Mapping[str, str] = SANDBOX) -> None:
    """Enter roster and rulebooks; entering them again changes nothing. `tenants`: the organisation on each channel."""
    lines = read_roster(setting.roster, phones=setting.phone_lookup)
    if lines.faults:
        raise ValueError("\n".join(str(fault) for fault in lines.faults))
    apply_roster(uow, lines.rows, tenants.__getitem__, looked_up=tenants if setting.phone_lookup else ())
    people = roster.whole(uow)
    for name, text in setting.rulebooks.items():
        office = people.named(programmes.office_named_in(text, name))
        if office is None:
            raise ValueError(f"{name}: 主管单位不在名册中")
        programmes.add(
            uow,
            text,
            name,
            office=office.id,
            live_from=setting.live_from,
            trial=setting.trial,
            demonstration=True,
        )


@asynccontextmanager
async def listen(application: web.Application, port: int = 0) -> AsyncIterator[str]:
    """Serve an application on the loopback, on a free port unless one is given; yields its address."""
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        host, taken = runner.addresses[0][:2]
        yield f"http://{host}:{taken}"
    finally:
        await runner.cleanup()
