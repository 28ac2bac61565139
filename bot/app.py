"""The only place where things are built and tied together."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import aiohttp
import structlog
from aiohttp import web

from assessment.due import midnight_after
from assessment.workdays import WorkCalendar
from bot.channel_settings import (
    ChannelSettings,
    DingtalkSettings,
    FeishuSettings,
    SandboxSettings,
    WecomBotSettings,
    WecomSettings,
)
from bot.channel_titles import titles
from bot.channels.channel import Channel
from bot.channels.dingtalk import DingtalkChannel
from bot.channels.downloads import FileSource
from bot.channels.feishu import FeishuChannel
from bot.channels.sandbox import SandboxChannel
from bot.channels.uploads import Uploads
from bot.channels.wecom import WecomChannel
from bot.channels.wecom_bot import WecomBotChannel
from bot.clock import Clock, SystemClock, WoundClock
from bot.evidence import EvidenceFetcher
from bot.evidence_store import EvidenceStore
from bot.health import Metrics, database_answers, mount_health, outbox_moves, sweeps_run
from bot.incoming import FrontDoor
from bot.listening import Listeners, met
from bot.outgoing import PICTURE_SECONDS, BackDoor
from bot.phone_book import looking_up
from bot.pictures.render import Renderer
from bot.settings import Settings
from bot.upload_book import UploadBook
from handlers.features import router
from handlers.incoming import Incoming, Signature
from handlers.intake import Intake
from schedules import broadcasting as spreading
from schedules import budget, calendar_news, escalation, handover, hearings, opening
from schedules.budget import Budget
from schedules.delivery import Delivery
from schedules.fetching import Fetching
from schedules.timetable import Pulse, timetable
from storage import broadcasts, files, inbox, leaving, migrate, obligations, proposals
from storage.database import Database
from storage.installation import Installation

log = structlog.get_logger("service")


def database_url(settings: Settings) -> str:
    """The database's address; a plain path is an SQLite file."""
    address = settings.service.database.get_secret_value()
    return address if "://" in address else f"sqlite:///{address}"


def installation_of(settings: Settings, calendar: WorkCalendar | None = None) -> Installation:
    """What the settings decide for every wing."""
    return Installation(
        zone=settings.service.zone,
        calendar=calendar or WorkCalendar(),
        ledger_key=settings.service.ledger_key.get_secret_value().encode(),
        classification_marks=settings.service.classification_marks,
        platforms=titles(settings.channels),
    )


def channel(
    table: ChannelSettings, session: aiohttp.ClientSession, clock: Clock, uploads: Uploads | None = None
) -> Channel:
    """The channel that a table of the settings describes; without `uploads` it keeps ids of files to itself."""
    match table:
        case SandboxSettings():
            return SandboxChannel(table, session, clock, SystemClock())
        case WecomSettings():
            return WecomChannel(table, session, clock, SystemClock(), uploads)
        case FeishuSettings():
            return FeishuChannel(table, session, clock, SystemClock(), uploads)
        case DingtalkSettings():
            return DingtalkChannel(table, session, clock, SystemClock(), uploads)
        case WecomBotSettings():
            return WecomBotChannel(table, session, clock, SystemClock())


class Service:
    """One running Duban: front door, sweeps, back door, over one database.

    With a WoundClock nothing runs by itself: `settle` and `wind` do, in order, what the timetable would.
    """

    def __init__(
        self,
        settings: Settings,
        database: Database,
        installation: Installation,
        clock: Clock,
        session: aiohttp.ClientSession,
    ) -> None:
        self.settings = settings
        self.database = database
        self.installation = installation
        self.clock = clock
        self.metrics = Metrics()
        self._upload_book = UploadBook(database, clock.now, SystemClock())
        self._uploads = Uploads(self._upload_book, clock.now)
        self.channels: Mapping[str, Channel] = {
            table.name: channel(table, session, clock, self._uploads) for table in settings.channels
        }
        self._budgets = {
            name: Budget(one.kind, one.capabilities.monthly_calls)
            for name, one in self.channels.items()
            if one.capabilities.monthly_calls is not None
        }
        self._listeners = Listeners(
            {
                name: receiver
                for name, one in self.channels.items()
                if isinstance(one, DingtalkChannel) and (receiver := one.receiver(self.take, self._counted(one)))
            },
            self.metrics,
        )
        self._intake = Intake(router(), installation)
        self.evidence = EvidenceStore(settings.service.files)
        self._renderer = Renderer(longest_seconds=PICTURE_SECONDS)
        self.delivery = Delivery(
            database,
            BackDoor(self.channels, installation.zone, self.metrics, self._renderer.png, self.evidence.content),
            installation,
            clock.now,
        )
        sources = {name: one for name, one in self.channels.items() if isinstance(one, FileSource)}
        self.fetching = Fetching(database, EvidenceFetcher(sources, self.evidence), clock.now)
        self._looking_up = looking_up(database, installation, settings.channels, self.channels, clock)
        self._wake = asyncio.Event()
        self._pulse = Pulse()

    async def listen(self) -> None:
        """Hear the platforms to which we connect ourselves, until cancelled; over at once where there is none."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listeners.run())
            for one in self.channels.values():
                if isinstance(one, FeishuChannel):
                    group.create_task(met(one))

    def _counted(self, channel: Channel) -> Callable[[str], None]:
        return lambda outcome: self.metrics.callbacks.labels(channel.name, outcome).inc()

    async def spend(self, channel: str, signature: Signature, received_at: datetime) -> None:
        """Let a channel's signature prove nothing but the body it came with; returns once that is committed."""
        values = {"channel": channel, "signature": signature.digest, "body": signature.body}
        await self.database.write(lambda uow: inbox.comes_first(uow, **values, received_at=received_at))

    async def take(self, incoming: Incoming, received_at: datetime) -> None:
        """Keep one message; returns once it is committed."""
        try:
            await self.database.write(lambda uow: self._intake.take(uow, incoming, received_at))
        finally:
            # Also where the caller has gone: what is committed is to be answered all the same.
            self._wake.set()

    def application(self) -> web.Application:
        """The service's HTTP side."""
        app = web.Application()
        door = FrontDoor(
            self.channels,
            self.take,
            clock=self.clock,
            real_clock=SystemClock(),
            metrics=self.metrics,
            spend=self.spend,
        )
        door.mount(app)
        checks = {
            "database": database_answers(self.database),
            "sweeps": sweeps_run(self._pulse),
            "outbox": outbox_moves(self.database, self.clock.now, self.delivery.held),
            **self._listeners.checks,
        }
        mount_health(app, checks, self.metrics)
        app.on_cleanup.append(self._end_pictures)
        return app

    async def _end_pictures(self, _: web.Application) -> None:
        """With the HTTP side the renderer's process ends; a card still on its way goes without its picture."""
        await self._renderer.close()

    async def run(self, app: web.Application) -> None:
        """Work by the real clock until cancelled: sweeps once at start, then by the timetable.

        A sweep or a delivery that fails is logged and tried again; only a failing start ends the service.
        """
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        scheduler = timetable(
            self.installation.zone,
            self._pulse,
            open_periods=self.open_periods,
            climb_ladders=self.climb_ladders,
            deliver=self.delivery.start,
            recover=self.delivery.recover,
            fetch=self.fetching.start,
            spread=self.spread,
            look_up=self._looking_up.sweep,
        )
        listening: asyncio.Task[None] | None = None
        try:
            await asyncio.to_thread(self.evidence.tidy)
            await self.delivery.recover()
            await self.open_periods()
            await self.climb_ladders()
            await web.TCPSite(runner, self.settings.service.host, self.settings.service.port).start()
            log.info("serving", host=self.settings.service.host, port=self.settings.service.port)
            scheduler.start()
            self._pulse.begin()
            listening = asyncio.create_task(self.listen())
            await self.deliver_when_woken()
        finally:
            if listening is not None:
                listening.cancel()
            if scheduler.running:
                scheduler.shutdown(wait=False)
            self.delivery.stop()
            await runner.cleanup()
            await self.fetching.close()
            # What is on its way is still written down; nothing new is claimed.
            await self.delivery.finish()
            await self._uploads.close()

    async def deliver_when_woken(self) -> None:
        """Send what a commit has left to be sent, until cancelled; where a platform is full, as soon as it opens."""
        while True:
            try:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._wake.wait(), self._seconds_to_room())
                self._wake.clear()
                await self.delivery.start()
            except Exception:  # a database lost for a moment must not end the service (I12)
                log.exception("delivery failed")
                await asyncio.sleep(1)
                self._wake.set()

    def _seconds_to_room(self) -> float | None:
        """How long until a full channel has room again; None where none is full."""
        opens = self.delivery.opens_at()
        return None if opens is None else max((opens - self.clock.now()).total_seconds(), 0.05)

    async def open_periods(self) -> int:
        """Open what this period brings, and forget what is no longer needed."""
        now = self.clock.now()
        opened = await self.database.write(lambda uow: opening.sweep(uow, self.installation, now))
        await self.database.write(lambda uow: calendar_news.sweep(uow, self.installation, now))
        await self.database.write(lambda uow: handover.sweep(uow, self.installation, now))
        await self.database.write(lambda uow: inbox.forget(uow, now))
        await self._upload_book.sweep()
        if self._budgets:
            await self.database.write(lambda uow: budget.sweep(uow, self.installation, self._budgets, now))
        return opened.count

    async def climb_ladders(self) -> int:
        """Look at every obligation whose alarm has come."""
        looked = 0
        while batch := await self._climb(self.clock.now()):
            looked += batch
            self._wake.set()
        if await self.database.read(proposals.being_heard):
            now = self.clock.now()
            await self.database.write(lambda uow: hearings.sweep(uow, self.installation, now))
        return looked

    async def _climb(self, now: datetime) -> int:
        return await self.database.write(lambda uow: escalation.sweep(uow, self.installation, now))

    async def spread(self) -> int:
        """Write the letters of notices whose time has come, slice by slice: between two of them others get through."""
        written = 0
        while some := await self._spread(self.clock.now()):
            written += some
            self._wake.set()
        return written

    async def _spread(self, now: datetime) -> int:
        return await self.database.write(lambda uow: spreading.sweep(uow, self.installation, now))

    async def fetch(self) -> int:
        """Fetch the files that people sent and that are not here yet."""
        made = await self.fetching.sweep()
        if made:
            self._wake.set()
        return made

    async def deliver(self) -> int:
        """Send what may leave, and wait until it has left."""
        return await self.delivery.drain()

    async def settle(self) -> None:
        """Do everything that is due at this moment of a wound clock."""
        await self.open_periods()
        await self._looking_up.sweep()
        while await self.climb_ladders() or await self.spread() or await self.fetch() or await self.deliver():
            pass

    async def wind(self, clock: WoundClock, until: datetime) -> None:
        """Wind the clock to `until`, stepping through every due time in order and jumping over none."""
        await self.settle()
        while (moment := await self.next_moment(clock.now(), until)) is not None:
            clock.wind_to(moment)
            await self.settle()
        clock.wind_to(until)
        await self.settle()

    async def next_moment(self, now: datetime, until: datetime) -> datetime | None:
        """The next moment before `until` at which something is due; None when nothing is."""
        alarms = await self.database.read(
            lambda uow: (
                obligations.next_alarm(uow),
                leaving.next_moment(uow),
                files.next_moment(uow),
                broadcasts.next_run(uow),
            )
        )
        midnight = midnight_after(self.installation.day(now), self.installation.zone)
        # What is due already and could not be done (a platform that is down or full) must not stop the clock.
        waiting = self.delivery.opens_at() or now + timedelta(minutes=1)
        moments = [m if m > now else waiting for m in (*alarms, midnight) if m is not None]
        moment = min(moments)
        return moment if moment < until else None


def open_database(settings: Settings) -> Database:
    """Open the database and bring its tables up to date."""
    database = Database.open(database_url(settings))
    try:
        migrate.upgrade(database)
    except BaseException:
        database.close()
        raise
    return database
