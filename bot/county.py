"""A whole installation in one box: the demonstration county, its service and a pretend messenger, over real HTTP.

The demo plays in it, the stories test in it. The clock is wound by hand; nothing waits.
"""

import secrets
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web
from pydantic import SecretStr

from assessment.workdays import WorkCalendar
from bot import app
from bot.channel_settings import SandboxSettings
from bot.clock import WoundClock
from bot.platforms.platform import Fault, Line, Said
from bot.platforms.sandbox import Messenger
from bot.roster_file import apply_roster, read_roster
from bot.settings import Service, Settings
from storage import programmes, roster
from storage.database import Database
from storage.unit_of_work import UnitOfWork

DATA = Path(__file__).parent.parent / "assessment"
ROSTER = DATA / "demo" / "roster.csv"
RULEBOOKS = tuple(DATA / "rulebooks" / name for name in (DATA / "demo" / "rulebooks.txt").read_text("utf-8").split())
CHANNEL = "sandbox"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Setting:
    """What a county starts from: files and days. Tests rename everything in the files and change nothing else."""

    roster: str
    rulebooks: Mapping[str, str]
    start: datetime
    live_from: date
    trial: bool = False


def demonstration(start: datetime, live_from: date) -> Setting:
    """The shipped demonstration county."""
    return Setting(
        roster=ROSTER.read_text("utf-8-sig"),
        rulebooks={path.name: path.read_text("utf-8") for path in RULEBOOKS},
        start=start,
        live_from=live_from,
    )


class County:
    """A running county. `say` types into the messenger, `wind` lets time pass, `chat` is what people see."""

    def __init__(self, service: app.Service, messenger: Messenger, clock: WoundClock) -> None:
        self.service = service
        self.messenger = messenger
        self.clock = clock

    @property
    def database(self) -> Database:
        """The county's database."""
        return self.service.database

    async def say(self, who: str, text: str, **how: object) -> Said:
        """Type `text` as the account `who`, and let the service answer."""
        said = await self.messenger.say(who, text, **how)  # type: ignore[arg-type]
        await self.service.settle()
        return said

    async def press(self, who: str, label: str) -> Said:
        """Press the newest button of that label in the private chat of `who`."""
        said = await self.messenger.press(who, label)
        await self.service.settle()
        return said

    async def wind(self, month: int, day: int, hour: int = 0, minute: int = 0, *, year: int | None = None) -> None:
        """Let time pass until that moment of the same year, stepping through everything that falls due."""
        moment = datetime(year or self.clock.now().astimezone(ZONE).year, month, day, hour, minute, tzinfo=ZONE)
        await self.service.wind(self.clock, moment)

    def chat(self, who: str) -> tuple[Line, ...]:
        """The private chat of an account with the bot."""
        return self.messenger.chat(self.messenger.private_chat(who))

    def told(self, who: str) -> list[str]:
        """What the bot has said to an account, oldest first."""
        return [line.text for line in self.chat(who) if line.card is not None]

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
) -> AsyncIterator[County]:
    """Start service and messenger on free ports of the loopback; everything ends with the block."""
    clock = WoundClock(setting.start)
    secret = secrets.token_hex(24)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        messenger = Messenger(
            secret=secret,
            clock=clock,
            session=session,
            channel=CHANNEL,
            send_faults=send_faults,
            callback_faults=callback_faults,
        )
        platform = await stack.enter_async_context(listen(messenger.application()))
        settings = Settings(
            service=Service(
                database=SecretStr((database_url or str(folder / "duban.sqlite")).removeprefix("sqlite:///")),
                ledger_key=SecretStr(secrets.token_hex(32)),
                files=folder,
                rulebooks=folder,
            ),
            channels=(SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr(secret), api_base=platform),),
        )
        database = app.open_database(settings)
        stack.callback(database.close)
        await database.write(lambda uow: found(uow, setting))
        service = app.Service(settings, database, app.installation_of(settings, calendar), clock, session)
        messenger.webhook = f"{await stack.enter_async_context(listen(service.application()))}/webhooks/{CHANNEL}"
        await service.settle()
        yield County(service, messenger, clock)


def found(uow: UnitOfWork, setting: Setting) -> None:
    """Enter roster and rulebooks; entering them again changes nothing."""
    lines = read_roster(setting.roster)
    if lines.faults:
        raise ValueError("\n".join(str(fault) for fault in lines.faults))
    apply_roster(uow, lines.rows, lambda _channel: "sandbox")
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
