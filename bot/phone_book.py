"""The platforms that are asked whose telephone number is whose, as the sweep knows them."""

from collections.abc import Iterable, Mapping
from datetime import datetime

import structlog

from bot.channel_settings import ChannelSettings, looks_up
from bot.channels.channel import Channel, SendError
from bot.channels.directory import Directory
from bot.clock import Clock
from handlers import strangers
from schedules.looking_up import Answered, Found, LookingUp, Unanswered
from schedules.rates import LookUps
from storage.database import Database
from storage.installation import Installation
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger("phone_book")


class PhoneBook:
    """Satisfies schedules.looking_up.Asker. Never raises, and says nothing of a number in the log."""

    def __init__(self, directory: Directory, tenant: str) -> None:
        self._directory = directory
        self.tenant = tenant

    @property
    def limits(self) -> LookUps:
        """How often it may be asked."""
        return self._directory.look_ups

    async def ask(self, number: str) -> Answered:
        """Whose mobile number that is."""
        try:
            return await self._directory.account_of(number)
        except SendError as error:
            refused = error.permanent or error.repair
            return Unanswered(error.reason, refused=refused, asked=refused or error.unknown)
        except Exception as error:  # noqa: BLE001 - what it says might quote the number
            log.error("look-up failed", kind=type(error).__name__)  # noqa: TRY400
            return Unanswered("查询程序出错")


def looking_up(
    database: Database,
    installation: Installation,
    tables: Iterable[ChannelSettings],
    channels: Mapping[str, Channel],
    clock: Clock,
) -> LookingUp:
    """The sweep over telephone numbers, on those of the channels whose settings want it."""
    books = {
        table.name: PhoneBook(channel, table.tenant)
        for table in tables
        if looks_up(table) and isinstance(channel := channels[table.name], Directory)
    }
    return LookingUp(database, installation, books, _request_binding, clock.now)


def _request_binding(uow: UnitOfWork, installation: Installation, found: Found, at: datetime) -> None:
    """Ask the office whether the account is the person's."""
    strangers.found(
        uow,
        installation,
        at,
        channel=found.channel,
        tenant=found.tenant,
        account=found.account,
        person=found.person,
        number=found.number,
    )
