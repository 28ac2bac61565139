"""A small county over a real database, driven by hand: no HTTP, no waiting, every act one transaction of its own."""

import asyncio
import json
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import func
from sqlmodel import col, select

from assessment.obligation import State
from assessment.roster import Role
from assessment.workdays import WorkCalendar
from bot.app import router
from bot.clock import WoundClock
from handlers.incoming import Incoming
from handlers.intake import Intake
from schedules import escalation, leases, opening
from schedules.delivery import Delivery
from schedules.letters import Letter, Outcome, Weight
from schedules.rates import Manner
from storage import inbox, leaving, migrate, obligations, programmes, roster, steps, submissions
from storage.database import Database
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import AboutRow, OutboxRow, Status
from storage.submissions import SubmissionRow, Way
from storage.unit_of_work import UnitOfWork
from tests.simulator.rulebooks import OFFICE, OTHER_OFFICE, SEASONS, UNITS, ZONE, Season, rulebooks

CHANNEL, TENANT = "sandbox", "sandbox"
KEY = b"the simulator's ledger key"
KEY_LIFE = timedelta(hours=1)
CALENDAR = WorkCalendar()
_T = TypeVar("_T")


class Fate(Enum):
    """What the platform makes of one send."""

    ACCEPT = auto()
    LOSE_ANSWER = auto()
    """Shown, and the sender never hears of it."""
    LOSE_REQUEST = auto()
    """Not shown, and the sender cannot tell that from a lost answer."""
    FAIL = auto()
    """Answered with an error that may pass; not shown."""
    REFUSE = auto()
    """Answered with an error that stays; not shown."""


@dataclass
class Platform:
    """A messenger that knows idempotency keys for KEY_LIFE. It is the judge of what people saw."""

    now: Callable[[], datetime]
    shown: dict[str, tuple[datetime, str]] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    """What people saw, in order."""
    faults: list[str] = field(default_factory=list)

    def take(self, letter: Letter, fate: Fate) -> Outcome:
        """Give one send its fate."""
        if fate in (Fate.ACCEPT, Fate.LOSE_ANSWER):
            self._show(letter)
        match fate:
            case Fate.ACCEPT:
                return Outcome(Status.SENT, platform_id=letter.key)
            case Fate.FAIL:
                return Outcome(Status.RETRY, "500")
            case Fate.REFUSE:
                return Outcome(Status.DEAD, "404")
            case Fate.LOSE_ANSWER | Fate.LOSE_REQUEST:
                return Outcome(Status.UNKNOWN, "连接中断")

    def _show(self, letter: Letter) -> None:
        said = json.dumps(letter.notice, sort_keys=True)
        at, before = self.shown.get(letter.key, (self.now(), said))
        if letter.key not in self.shown:
            self.shown[letter.key] = at, said
            self.letters.append(letter)
            return
        if said != before:
            self.faults.append(f"{letter.key} was sent again with other words")
        if self.now() - at >= KEY_LIFE:
            self.faults.append(f"{letter.key} was shown twice")


class Post:
    """A Sender that asks `fate` what happens to each letter; by default the platform takes everything."""

    def __init__(self, platform: Platform, fate: Callable[[], Fate] = lambda: Fate.ACCEPT) -> None:
        self._platform = platform
        self._fate = fate

    async def send(self, letter: Letter) -> Outcome:
        return self._platform.take(letter, self._fate())

    async def finish(self, _answer: Letter, _pressed: Letter | None) -> int:
        raise AssertionError("nobody presses anything here")

    def manner(self, _channel: str) -> Manner:
        return Manner(key_life=KEY_LIFE)

    def weigh(self, _letter: Letter) -> Weight:
        return Weight()


@dataclass
class InFlight:
    """A message that has been claimed and not been written down yet."""

    row: OutboxRow
    outcome: Outcome | None = None
    """None while the platform has not answered."""

    @property
    def letter(self) -> Letter:
        row = self.row
        return Letter(row.key, row.channel, row.recipient, row.to_group, row.notice)


class World:
    """The county, its clock, its messenger and the parts of the service that work on its database."""

    def __init__(self, database: Database, season: Season, seed: int = 0) -> None:
        self.database = database
        self.clock = WoundClock(season.opens)
        self.season = season
        self.installation = Installation(zone=ZONE, calendar=CALENDAR, ledger_key=KEY)
        self.platform = Platform(self.clock.now)
        self.post = Post(self.platform)
        self.intake = Intake(router(), self.installation)
        self._jitter = random.Random(seed)
        self.delivery = self.new_worker()
        self.obligations = {
            (row.unit, row.ref): row.id for row in database.read_now(lambda uow: uow.rows(select(ObligationRow)))
        }
        self._messages = 0

    @property
    def now(self) -> datetime:
        """The county's time."""
        return self.clock.now()

    def new_worker(self) -> Delivery:
        """A delivery worker such as a fresh process has."""
        return Delivery(self.database, self.post, self.installation, self.clock.now, jitter=self._jitter)

    def write(self, job: Callable[[UnitOfWork], _T]) -> _T:
        return self.database.write_now(job)

    def read(self, job: Callable[[UnitOfWork], _T]) -> _T:
        return self.database.read_now(job)

    def message(
        self, who: str, text: str, *, sent_at: datetime | None = None, message_id: str | None = None
    ) -> Incoming:
        """A message with an id of its own, not yet delivered."""
        self._messages += 1
        return Incoming(
            channel=CHANNEL,
            tenant=TENANT,
            message_id=message_id or f"m{self._messages}",
            sender=who,
            conversation=f"private-{who}",
            private=True,
            addressed=True,
            text=text,
            sent_at=sent_at or self.now,
        )

    def take(self, incoming: Incoming) -> None:
        """The platform delivers a message; returning is the acknowledgement."""
        now = self.now
        self.write(lambda uow: self.intake.take(uow, incoming, now))

    def say(self, who: str, text: str, *, sent_at: datetime | None = None) -> Incoming:
        """Type a message and have it delivered."""
        incoming = self.message(who, text, sent_at=sent_at)
        self.take(incoming)
        return incoming

    def open_periods(self) -> int:
        now = self.now
        return self.write(lambda uow: opening.sweep(uow, self.installation, now)).count

    def sweep(self) -> None:
        """Look at every obligation whose alarm has come; raises when that never ends."""
        now = self.now
        for _ in range(20):
            if not self.write(lambda uow: escalation.sweep(uow, self.installation, now)):
                return
        raise AssertionError("the sweep finds something to do again and again")

    def claim(self) -> list[InFlight]:
        """A batch leaves."""
        leased, _ = self.write(lambda uow: self.delivery.claims.take(uow, CHANNEL))
        return [InFlight(row) for row in leased]

    def answer(self, flying: InFlight, fate: Fate) -> None:
        """The platform takes, loses or refuses what was sent to it."""
        flying.outcome = self.platform.take(flying.letter, fate)

    def write_down(self, flying: InFlight) -> bool:
        """The sender writes down what it heard; whether that counted (the lease was still its own)."""
        outcome = flying.outcome
        assert outcome is not None
        before = self.read(lambda uow: _status(uow, flying.row.id))
        self.write(lambda uow: self.delivery.outcomes.write_down(uow, flying.row, outcome))
        return before == (Status.SENDING.value, flying.row.attempts)

    def drain(self) -> None:
        """Send everything that may leave now."""
        asyncio.run(self.delivery.drain())

    def recover(self) -> None:
        """Another process takes back what a dead one left behind: its leases have run out by then."""
        with leases_run_out():
            self.write(self.delivery.outcomes.recover)

    def next_moment(self) -> datetime | None:
        """When something falls due next."""
        moments = self.read(lambda uow: (obligations.next_alarm(uow), leaving.next_moment(uow)))
        return min((moment for moment in moments if moment is not None and moment > self.now), default=None)

    def rows(self) -> dict[int, ObligationRow]:
        """Every obligation as it is stored."""
        return {row.id: row for row in self.read(lambda uow: uow.rows(select(ObligationRow)))}

    def outbox(self) -> list[OutboxRow]:
        return self.read(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))

    def steps(self) -> list[steps.StepRow]:
        return self.read(lambda uow: uow.rows(select(steps.StepRow).order_by(col(steps.StepRow.id))))

    def inbox(self) -> list[inbox.InboxRow]:
        return self.read(lambda uow: uow.rows(select(inbox.InboxRow).order_by(col(inbox.InboxRow.id))))

    def versions(self, obligation: int) -> Sequence[submissions.SubmissionRow]:
        return self.read(lambda uow: submissions.versions(uow, obligation))

    def version_counts(self) -> dict[int, int]:
        """How many versions each obligation has; obligations without any are left out."""
        query = select(SubmissionRow.obligation, func.count()).group_by(col(SubmissionRow.obligation))
        return dict(self.read(lambda uow: uow.rows(query)))

    def chasing(self) -> list[tuple[OutboxRow, AboutRow]]:
        """Every reminder, urging and escalation with each obligation that it speaks of."""
        query = select(OutboxRow, AboutRow).join(AboutRow, col(AboutRow.outbox) == col(OutboxRow.id))
        kinds = ("Reminder", "Urging", "Escalated")
        return [pair for pair in self.read(lambda uow: uow.rows(query)) if pair[0].notice["kind"] in kinds]

    def number(self, obligation: int) -> str:
        """The short number of the newest report on an obligation; empty when there is none."""
        ways = {Way.REPORT.value, Way.AMEND.value, Way.NIL.value}
        return next((v.number for v in reversed(self.versions(obligation)) if v.way in ways), "")

    def replace_clerk(self, unit: int, old: str, new: str) -> None:
        """Another person takes over a unit's reports from today on."""
        today = self.installation.day(self.now)

        def job(uow: UnitOfWork) -> None:
            person = roster.known(uow, CHANNEL, TENANT, old)
            assert person is not None
            roster.end_post(uow, person, unit, Role.REPORTER, today - timedelta(days=1))
            roster.add_post(uow, roster.add_person(uow, new, CHANNEL, TENANT, new), unit, Role.REPORTER, today)

        self.write(job)

    def units(self) -> list[int]:
        """The ids of UNITS, in their order."""
        return self.read(lambda uow: [unit.id for unit in roster.whole(uow).units if unit.name in UNITS])


def _status(uow: UnitOfWork, outbox_id: int) -> tuple[str, int] | None:
    found: Any = uow.row(select(OutboxRow.status, OutboxRow.attempts).where(OutboxRow.id == outbox_id))
    return tuple(found) if found is not None else None


@contextmanager
def leases_run_out() -> Iterator[None]:
    """A moment so far ahead on the machine's clock that every lease has run out."""
    real = leases.now_ms
    leases.now_ms = lambda: real() + 10 * leases.LEASE_MS
    try:
        yield
    finally:
        leases.now_ms = real


def found(database: Database, season: Season) -> None:
    """Enter the roster and the measures, and open what this season brings."""
    migrate.upgrade(database)
    database.write_now(lambda uow: _enter(uow, season))
    installation = Installation(zone=ZONE, calendar=CALENDAR, ledger_key=KEY)
    database.write_now(lambda uow: opening.sweep(uow, installation, season.opens))


def _enter(uow: UnitOfWork, season: Season) -> None:
    offices = {}
    for position, name in enumerate((OFFICE, OTHER_OFFICE)):
        offices[name] = roster.add_unit(uow, name, peers="考核办", position=position)
        _post(uow, f"office-{position}", offices[name], Role.OFFICE)
    for number, name in enumerate(UNITS):
        unit = roster.add_unit(uow, name, peers="乡镇", position=10 + number)
        _post(uow, f"clerk-{number}", unit, Role.REPORTER)
        _post(uow, f"head-{number}", unit, Role.HEAD)
        _post(uow, "leader", unit, Role.LEADER_IN_CHARGE)
    for name, text in rulebooks(season).items():
        office = offices[programmes.office_named_in(text, name)]
        programmes.add(uow, text, name, office=office, live_from=season.opens.date())


def _post(uow: UnitOfWork, account: str, unit: int, role: Role) -> None:
    roster.add_post(uow, roster.add_person(uow, account, CHANNEL, TENANT, account), unit, role)


def copy_database(source: Path, target: Path) -> None:
    """Copy a closed SQLite database, whatever of it still stands in its log, over nothing that is left of another."""
    for leftover in target.parent.glob(f"{target.name}*"):
        leftover.unlink()
    with closing(sqlite3.connect(source)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(source, target)


class Template:
    """Databases founded once for each season and copied for each run."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0

    @contextmanager
    def world(self, season: Season, seed: int = 0) -> Iterator[World]:
        """A fresh county at the morning on which the season opens."""
        path = self._folder / f"season-{SEASONS.index(season)}.sqlite"
        if not path.exists():
            with Database.open(f"sqlite:///{path}") as database:
                found(database, season)
        copy = self._folder / "run.sqlite"
        copy_database(path, copy)
        with Database.open(f"sqlite:///{copy}") as database:
            yield World(database, season, seed)


OWING = (State.OPEN.value, State.UNSIGNED.value)
