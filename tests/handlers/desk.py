"""The demonstration county without HTTP: messages go in by Intake, letters come out of the back door, time is wound."""

import asyncio
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any, cast

import aiohttp
from pydantic import SecretStr
from sqlmodel import col, select

from assessment import notices
from assessment.ledger import AccountKey, Entry
from assessment.notices import Notice
from assessment.roster import Unit
from bot import app
from bot.cards import card_of
from bot.channel_settings import SandboxSettings
from bot.channels.card import Card
from bot.channels.channel import Capabilities, Outgoing, SendError, Sent
from bot.clock import WoundClock
from bot.county import CHANNEL, ZONE, demonstration, found
from bot.outgoing import BackDoor
from bot.settings import Service, Settings
from handlers.incoming import Incoming
from handlers.intake import Intake
from schedules import opening
from schedules.delivery import Delivery
from storage import audit, ledger, obligations, roster, scoring
from storage.audit import AuditRow
from storage.database import Database
from storage.ids import new_id
from storage.obligations import ObligationRow
from storage.outbox import OutboxRow
from storage.programmes import running
from storage.unit_of_work import UnitOfWork

# Accounts of the demonstration's roster by what they are in the tests.
CLERK = "jingmao-li"  # 县经贸局 填报人
DEPUTY = "jingmao-zhou"
HEAD = "jingmao-fang"
IN_CHARGE = "county-he"  # 分管县经贸局
OTHER_IN_CHARGE = "county-lin"
WATER_CLERK = "huanbao-wang"  # 县环保局
PLAN_CLERK = "xinfang-gao"  # 县信访局
ANALYST = "fagai-lin"  # 县发改局 填报人
SIGNER = "fagai-du"  # 县发改局 主要负责人
OFFICE = "ducha-chen"
OFFICE_TWO = "ducha-wu"
SECRETARY = "ducha-shen"
LEADER = "county-zheng"
EVERYBODY = (CLERK, DEPUTY, HEAD, IN_CHARGE, OFFICE, SECRETARY, LEADER)

START = datetime(2010, 8, 4, 9, 12, tzinfo=ZONE)
FOUR_FIGURES = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"
PLAN = "8月工作计划：抓好规上企业运行监测"
MATTER = "交办 县环保局 报送水环境整治方案 8月6日前 类别 县主要领导交办"
KEY = b"a ledger key for the tests only"


@dataclass
class Letterbox:
    """A channel that shows what it is given, once for each key. It may be down, or its answers may get lost."""

    shown: list[tuple[str, Card]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    """The key of every attempt that reached it."""
    down: bool = False
    losing: bool = False
    name: str = CHANNEL
    kind: str = "sandbox"
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(idempotency_seconds=3600))

    async def send(self, outgoing: Outgoing) -> Sent:
        if self.down:
            raise SendError("down")
        if outgoing.key not in self.keys:
            self.shown.append((outgoing.recipient, outgoing.card))
        self.keys.append(outgoing.key)
        if self.losing:
            raise SendError("answer lost", unknown=True)
        return Sent("", START)


class Desk:
    """A small installation at a moment of its own. `say` types, `wind` lets time pass, `told` is what was queued."""

    def __init__(self, database: Database, start: datetime = START) -> None:
        self.database = database
        self.clock = WoundClock(start)
        self.letterbox = Letterbox()
        settings = Settings(
            service=Service(ledger_key=SecretStr(KEY.decode())),
            channels=(
                SandboxSettings(
                    name=CHANNEL, kind="sandbox", secret=SecretStr("s" * 32), api_base="http://127.0.0.1:1"
                ),
            ),
        )
        self.installation = app.installation_of(settings)
        # Nothing goes through the session: the sandbox channel is replaced by the letterbox.
        nowhere = cast("aiohttp.ClientSession", None)
        self.service = app.Service(settings, database, self.installation, self.clock, nowhere)
        back_door = BackDoor(cast("Any", {CHANNEL: self.letterbox}), ZONE, self.service.metrics)
        self.service.delivery = Delivery(database, back_door, self.installation, self.clock.now)
        self.intake = Intake(app.router(), self.installation)
        self._ids = (f"m-{new_id()}" for _ in count())

    def message(self, who: str, text: str, **how: Any) -> Incoming:
        """A message as a channel would hand it over; `group=True` puts it into a group chat."""
        group = how.pop("group", False)
        values: dict[str, Any] = {
            "channel": CHANNEL,
            "tenant": CHANNEL,
            "message_id": next(self._ids),
            "sender": who,
            "conversation": "g-1" if group else f"p-{who}",
            "private": not group,
            "addressed": True,
            "text": text,
            "sent_at": self.clock.now(),
        }
        return Incoming(**(values | how))

    def take(self, incoming: Incoming) -> list[Notice]:
        """Hand one message in; return what its sender is answered."""
        return self.take_all([incoming])[0]

    def take_all(self, messages: Iterable[Incoming]) -> list[list[Notice]]:
        """Hand messages in, one after the other in one transaction; return what each sender is answered."""
        return self.database.write_now(lambda uow: [self._taken(uow, message) for message in messages])

    def say(self, who: str, text: str, **how: Any) -> list[Notice]:
        """Type `text` as the account `who`; return the answers."""
        return self.take(self.message(who, text, **how))

    def answer(self, who: str, text: str, **how: Any) -> Any:
        """The one answer to a message."""
        (answer,) = self.say(who, text, **how)
        return answer

    def told(self, who: str) -> list[Notice]:
        """Everything ever queued to an account, oldest first."""
        return [notices.read(row.notice) for row in self._outbox() if row.recipient == who]

    def shown(self, who: str) -> list[str]:
        """What has left for an account, as the plain text of its cards."""
        return [card.text() for recipient, card in self.letterbox.shown if recipient == who]

    def wind(self, month: int, day: int, hour: int = 0, minute: int = 0) -> None:
        """Let time pass, doing all that falls due."""
        year = self.clock.now().astimezone(ZONE).year
        asyncio.run(self.service.wind(self.clock, datetime(year, month, day, hour, minute, tzinfo=ZONE)))

    def settle(self) -> None:
        """Do what is due at this moment."""
        asyncio.run(self.service.settle())

    def deliver(self) -> None:
        """Send what may leave now; no sweep."""
        asyncio.run(self.service.deliver())

    def pass_minutes(self, minutes: int) -> None:
        """Turn the clock on without doing anything."""
        self.clock.wind_to(self.clock.now() + timedelta(minutes=minutes))

    def unit(self, name: str) -> Unit:
        """The unit of that name."""
        unit = self.database.read_now(roster.whole).named(name)
        assert unit is not None
        return unit

    def person(self, account: str) -> int:
        """The id of the person with that account."""
        known = self.database.read_now(lambda uow: roster.known(uow, CHANNEL, CHANNEL, account))
        assert known is not None
        return known

    def rows(self, unit: str, title: str = "") -> list[ObligationRow]:
        """The unit's obligations whose title holds `title`, by due time."""
        found = self.database.read_now(lambda uow: obligations.of_unit(uow, self.unit(unit).id))
        return [row for row in found if title in row.title]

    def entries(self, unit: str) -> list[Entry]:
        """The unit's ledger, whatever programme."""
        holder = self.unit(unit).id
        accounts: list[AccountKey] = self.database.read_now(ledger.accounts)
        mine = [account for account in accounts if account.holder == holder]
        return [entry for account in mine for entry in self._entries_of(account)]

    def score(self, unit: str, as_of: datetime | None = None, **how: Any) -> Any:
        """The unit's scorecard in the programme that counts points of units."""
        holder, at = self.unit(unit).id, as_of or self.clock.now()

        def card(uow: Any) -> Any:
            programme = next(p for p in running(uow) if p.rulebook.matter_ladder is not None)
            return scoring.card(uow, programme, scoring.unit_account(programme, holder), at, **how)

        return self.database.read_now(card)

    def audited(self) -> list[AuditRow]:
        """The audit, newest first."""
        return list(self.database.read_now(lambda uow: audit.recent(uow, 1000)))

    def letters(self) -> list[OutboxRow]:
        """The outbox as it stands, oldest first."""
        return self._outbox()

    def _taken(self, uow: UnitOfWork, incoming: Incoming) -> list[Notice]:
        query = select(OutboxRow).order_by(col(OutboxRow.id))
        last = uow.rows(query.order_by(None).order_by(col(OutboxRow.id).desc()).limit(1))
        self.intake.take(uow, incoming, self.clock.now())
        fresh = uow.rows(query.where(col(OutboxRow.id) > (last[0].id if last else 0)))
        return [notices.read(row.notice) for row in fresh if row.recipient == incoming.sender]

    def _entries_of(self, account: AccountKey) -> list[Entry]:
        return self.database.read_now(lambda uow: ledger.entries(uow, account))

    def _outbox(self) -> list[OutboxRow]:
        return self.database.read_now(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))


def furnish(template: Path, path: Path, start: datetime = START) -> Path:
    """A database file with the demonstration county in it, its obligations opened as of `start`."""
    shutil.copy(template, path)
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(lambda uow: found(uow, demonstration(start, date(2010, 8, 1)), {CHANNEL: CHANNEL}))
        installation = Desk(database, start).installation
        database.write_now(lambda uow: opening.sweep(uow, installation, start))
    return path


def overdue_matter(desk: Desk) -> str:
    """县环保局 misses a matter; the number of the proposed deduction, its days for a statement still running."""
    desk.say(OFFICE, MATTER)
    desk.say(OFFICE, "确认")
    desk.wind(8, 9, 9, 5)
    proposed = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, notices.Proposed)]
    return proposed[-1].line.number


def entered_deduction(desk: Desk) -> str:
    """As overdue_matter, and the office enters the deduction at once; the number of the entry."""
    number = overdue_matter(desk)
    desk.say(OFFICE, f"核定 {number} 事实清楚")
    decided = desk.answer(OFFICE, "确认")
    assert isinstance(decided, notices.Decided)
    return decided.entries[0]


def entered_by_hand(desk: Desk, command: str) -> str:
    """The office records `command` (加分 or 扣分) and enters it at once; the number of the entry."""
    desk.say(OFFICE, command)
    number = desk.answer(OFFICE, "确认").line.number
    desk.say(OFFICE, f"核定 {number} 事实清楚")
    decided = desk.answer(OFFICE, "确认")
    assert isinstance(decided, notices.Decided)
    return decided.entries[0]


def as_read(notice: Notice) -> str:
    """A notice as the person reads it."""
    return card_of(notice, ZONE).text()
