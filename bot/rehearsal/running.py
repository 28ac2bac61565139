"""The run: the service's own sweeps, intake and delivery over the copy, on a clock that is wound; nothing leaves."""

import asyncio
import gc
import secrets
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import cast

import aiohttp
from pydantic import SecretStr

from assessment.due import midnight_after
from assessment.evidence import KINDS
from assessment.letters import signing_units
from bot import app
from bot.clock import WoundClock
from bot.outgoing import BackDoor
from bot.rehearsal import copying
from bot.rehearsal.acting import Cast, Wave
from bot.rehearsal.copying import Original, Text
from bot.rehearsal.facts import Played, Rehearsed, gathered
from bot.rehearsal.habits import Habit, Typed
from bot.settings import Settings
from handlers.incoming import FileRef, Incoming
from schedules.delivery import Delivery
from schedules.fetching import Fetched, Fetching, Stored, Wanted
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import Manner
from storage import calendars, event_days, roster
from storage.database import Database
from storage.installation import Installation
from storage.opening import owed_in_year
from storage.outbox import Status
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

Progress = Callable[[date], object]
"""Told of each day that is over."""


@dataclass(frozen=True)
class Wishes:
    """What is to be rehearsed: from `start` until `until`, by those rulebooks."""

    year: int
    start: datetime
    until: datetime
    texts: tuple[Text, ...]
    behaviour: Habit = Habit.PUNCTUAL


class Accepting:
    """A Sender that takes every letter at once, by the limits of the real platforms. Nothing leaves the process."""

    def __init__(self, back_door: BackDoor, channels: Mapping[str, object]) -> None:
        self._back_door = back_door
        self._channels = channels

    async def send(self, letter: Letter) -> Outcome:
        """Accept it; but for a channel that the settings do not have, as in the service."""
        if letter.channel not in self._channels:
            return await self._back_door.send(letter)
        return Outcome(Status.SENT)

    async def finish(self, answer: Letter, pressed: Letter | None) -> int:  # noqa: ARG002
        """Nobody presses a button here."""
        return 0

    def manner(self, channel: str) -> Manner:
        """What the real platform allows."""
        return self._back_door.manner(channel)

    def weigh(self, letter: Letter) -> Weight:
        """What it would take on the real platform."""
        return self._back_door.weigh(letter)


class Keeping:
    """A Fetcher that has every file at once, as if it were fit to be taken. Nothing is fetched, nothing kept."""

    def life(self, channel: str) -> timedelta:  # noqa: ARG002
        """Longer than it takes."""
        return timedelta(days=1)

    async def fetch(self, wanted: Wanted) -> Fetched:
        """It is there, under a name of its own."""
        return Stored(sha256(wanted.key.encode()).hexdigest(), len(wanted.key), KINDS[0])


async def rehearse(settings: Settings, source: Original, wishes: Wishes, progress: Progress = bool) -> Rehearsed:
    """Live through it in a database of its own, which is gone afterwards. Raises Stop for a rulebook with faults."""
    with tempfile.TemporaryDirectory(prefix="duban-rehearsal-") as folder:
        own = _settings(settings, Path(folder))
        with app.open_database(own) as database:
            await database.write(lambda uow: copying.copy(uow, source))
            installation = app.installation_of(own, await database.read(calendars.calendar))
            first = installation.day(wishes.start)
            entered = await database.write(lambda uow: copying.enter(uow, wishes.texts, first))
            habits, chosen = await database.read(
                lambda uow: habits_of(uow, installation, entered, first, wishes.behaviour)
            )
            cast_ = Cast(installation, habits)
            clock = WoundClock(wishes.start)
            service = _service(own, database, installation, clock)
            with _rulebooks_left_alone():
                typed = await live(service, clock, cast_, wishes.until, progress)
            budgets = {name: one.capabilities.monthly_calls for name, one in service.channels.items()}
            played = Played(wishes.year, wishes.start, wishes.until, habits, chosen, tuple(typed), budgets)
            return await database.read(lambda uow: gathered(uow, installation, played, entered, cast_.voiceless))


@contextmanager
def _rulebooks_left_alone() -> Iterator[None]:
    """What is in memory by now stays to the end: looking through it again and again for garbage costs a sixth."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _settings(settings: Settings, folder: Path) -> Settings:
    """The same, but for where things are kept: the copy has a database, a folder and a key of its own."""
    own = settings.service.model_copy(
        update={
            "database": SecretStr(str(folder / "rehearsal.sqlite")),
            "files": folder,
            "ledger_key": SecretStr(secrets.token_hex(32)),
        }
    )
    return settings.model_copy(update={"service": own})


def _service(settings: Settings, database: Database, installation: Installation, clock: WoundClock) -> app.Service:
    """The service without a network: no session to speak through, and a sender in the place of the back door."""
    service = app.Service(settings, database, installation, clock, cast("aiohttp.ClientSession", None))
    back_door = BackDoor(service.channels, installation.zone, service.metrics)
    service.delivery = Delivery(database, Accepting(back_door, service.channels), installation, clock.now)
    service.fetching = Fetching(database, Keeping(), clock.now)
    return service


def habits_of(
    uow: UnitOfWork, installation: Installation, entered: list[Programme], day: date, behaviour: Habit
) -> tuple[dict[int, Habit], dict[Habit, int]]:
    """The habit of every unit that owes anything, and the unit chosen to show each: punctual, late, never.

    Chosen are those that owe most, so that they show most; where there are fewer than three, somebody behaves.
    """
    people = roster.whole(uow)
    owed = Counter[int]()
    for programme in entered:
        days, last = event_days.of_programme(uow, programme.id), date(programme.rulebook.year, 12, 31)
        for each in owed_in_year(installation, programme.rulebook, people, days, last):
            owed.update(unit.id for unit in each.units)
        if programme.rulebook.letter is not None:
            owed.update(unit.id for unit in signing_units(programme.rulebook, people, day))
    habits = dict.fromkeys(owed, behaviour)
    most = [unit for unit, _ in owed.most_common(3)]
    chosen = dict(zip((Habit.PUNCTUAL, Habit.LATE, Habit.NEVER), most, strict=False))
    if len(most) == 2:
        del chosen[Habit.LATE]
        chosen[Habit.NEVER] = most[1]
    habits |= {unit: habit for habit, unit in chosen.items()}
    return habits, chosen


async def live(
    service: app.Service, clock: WoundClock, cast_: Cast, until: datetime, progress: Progress = bool
) -> list[Typed]:
    """Let time pass until then, with everybody typing in time; return what was typed, in order."""
    numbers, said = count(1), list[Typed]()
    zone = service.installation.zone
    await service.settle()
    while clock.now() < until:
        day = service.installation.day(clock.now())
        for time_, wave in cast_.waves():
            moment = datetime.combine(day, time_, zone)
            if not clock.now() <= moment < until:
                continue
            typed = await service.database.read(partial(_asked, wave, moment))
            if typed:
                await _wind(service, clock, moment)
                messages = [_incoming(one, next(numbers)) for one in typed]
                # Together, so that many share a commit; each is an intake of its own, in this order.
                await asyncio.gather(*(service.take(message, moment) for message in messages))
                await service.settle()
                said += typed
        await _wind(service, clock, min(midnight_after(day, zone), until))
        progress(day)
    return said


def _asked(wave: Wave, moment: datetime, uow: UnitOfWork) -> list[Typed]:
    return wave(uow, moment)


async def _wind(service: app.Service, clock: WoundClock, until: datetime) -> None:
    """As Service.wind, but for what has just been settled."""
    while (moment := await service.next_moment(clock.now(), until)) is not None:
        clock.wind_to(moment)
        await service.settle()
    if clock.now() < until:
        clock.wind_to(until)
        await service.settle()


def _incoming(typed: Typed, number: int) -> Incoming:
    return Incoming(
        channel=typed.channel,
        tenant=typed.tenant,
        message_id=f"rehearsal-{number}",
        sender=typed.account,
        conversation=f"private-{typed.account}",
        private=True,
        addressed=True,
        text=typed.text,
        sent_at=typed.at,
        attachments=typed.files,
        files=tuple(FileRef(name, "file", f"rehearsal-{number}") for name in typed.files),
    )


def wishes_for(
    texts: tuple[Text, ...], year: int, now: datetime, last: date | None = None, behaviour: Habit = Habit.PUNCTUAL
) -> Wishes:
    """What is left of that year, with the January of its last reports; `last` is the last day, where it is earlier.

    A year that is over is rehearsed whole, and asked for whole. `now` is in the domain zone.
    """
    begin, until = datetime(year, 1, 1, tzinfo=now.tzinfo), datetime(year + 1, 2, 1, tzinfo=now.tzinfo)
    if last is not None:
        until = min(until, datetime.combine(last + timedelta(days=1), time.min, now.tzinfo))
    if now >= until:
        texts = tuple(replace(text, live_from=date.min) for text in texts)
        return Wishes(year, begin, until, texts, behaviour)
    begun = min((text.live_from for text in texts), default=now.date())
    start = max(begin, now, datetime.combine(begun, time.min, now.tzinfo))
    return Wishes(year, start, until, texts, behaviour)
