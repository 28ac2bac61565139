"""Asks the platforms whose telephone number is whose, within their limits; whatever they say, the office decides.

Off unless a channel's settings want it. A number is in no message, no log and no reason; the office sees it masked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

import structlog

from assessment.notices import PhoneLookedUp, PhonesLookedUp, write
from assessment.phone_numbers import masked_number
from assessment.roster import Role, Roster
from schedules.rates import LookUps
from storage import outbox, phones, programmes, roster
from storage.database import Database
from storage.installation import Installation
from storage.outbox import Priority
from storage.phones import Outcome, PhoneRow, State
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

A_DAY, SEVEN_DAYS = timedelta(days=1), timedelta(days=7)
_IN_VAIN = "查无账号的手机号较多，为免被平台停用查询，暂停查询"
_IN_VAIN_OR_LOST = "查无账号和平台未回音的手机号较多，为免被平台停用查询，暂停查询"


@dataclass(frozen=True)
class Unanswered:
    """The platform did not say; `refused` where it does not let us ask before tomorrow."""

    reason: str
    refused: bool = False
    asked: bool = True
    """False where nothing of the question has been taken by the platform: such a look-up does not count."""


Answered = str | None | Unanswered
"""An account, nobody, or nothing at all."""


class Asker(Protocol):
    """One platform that can be asked. Never raises."""

    @property
    def tenant(self) -> str:
        """The platform's id of the organisation."""

    @property
    def limits(self) -> LookUps:
        """How often it may be asked."""

    async def ask(self, number: str) -> Answered:
        """Whose mobile number that is."""


@dataclass(frozen=True)
class Found:
    """An account that belongs to a person's number, as the platform says."""

    person: int
    channel: str
    tenant: str
    account: str
    number: str
    """Masked."""


class LookingUp:
    """One worker over the numbers that wait; several may run on several replicas."""

    def __init__(
        self,
        database: Database,
        installation: Installation,
        askers: Mapping[str, Asker],
        request: Callable[[UnitOfWork, Installation, Found, datetime], None],
        now: Callable[[], datetime],
    ) -> None:
        """`askers` by channel. `request` asks the office whether an account that was found is the person's."""
        self._database = database
        self._installation = installation
        self._askers = askers
        self._request = request
        self._now = now

    async def sweep(self) -> int:
        """Erase what has no purpose left, then ask for every number that waits; return how many were asked."""
        if not await self._database.read(phones.count):
            return 0
        await self._database.write(self._tidy)
        return sum([await self._ask_all(channel, asker) for channel, asker in sorted(self._askers.items())])

    def _tidy(self, uow: UnitOfWork) -> None:
        day = self._installation.day(self._now())
        staying = {post.person for post in roster.whole(uow).posts if post.last_day >= day}
        phones.tidy(uow, self._askers.keys(), staying)

    async def _ask_all(self, channel: str, asker: Asker) -> int:
        made, stopped = 0, ""
        while not stopped:
            taken = await self._database.write(lambda uow: self._take(uow, channel, asker.limits))
            if taken is None:
                break
            if isinstance(taken, str):
                stopped = taken
                break
            made += 1
            stopped = await self._ask(asker, *taken)
        await self._database.write(lambda uow: self._tell(uow, channel, stopped))
        return made

    def _take(self, uow: UnitOfWork, channel: str, limits: LookUps) -> tuple[PhoneRow, int] | str | None:
        """Begin a look-up; or say why no more may be asked now; None where no number waits.

        Counted and begun in one hold: of several replicas none begins one too many.
        """
        if not phones.waits(uow, channel, self._now()):
            return None
        phones.hold(uow, channel)
        return self._full(uow, channel, limits) or phones.begin(uow, channel, self._now())

    def _full(self, uow: UnitOfWork, channel: str, limits: LookUps) -> str:
        """Why no more may be asked now; empty where it may. What ended without an answer counts as in vain."""
        now = self._now()
        if phones.made_since(uow, channel, now - A_DAY, (Outcome.REFUSED,)):
            return _SILENTLY
        if phones.made_since(uow, channel, now - A_DAY) >= limits.a_day:
            return _SILENTLY
        if limits.misses is None:
            return ""
        people = {post.person for post in roster.whole(uow).posts if post.held_on(self._installation.day(now))}
        endings = phones.endings_since(uow, channel, now - SEVEN_DAYS, now - phones.LONGEST_ASKING)
        nothing = (0, 0)
        missed, _ = endings.get(Outcome.MISSED, nothing)
        unknown, under_way = endings.get(Outcome.UNKNOWN, nothing)
        lost = endings.get(Outcome.LOST, nothing)[0] + unknown
        most = max(len(people) * limits.misses // 100, 1)
        if missed + lost < most:
            return ""
        if missed + lost - under_way < most:
            return _SILENTLY
        return _IN_VAIN_OR_LOST if lost > under_way else _IN_VAIN

    async def _ask(self, asker: Asker, row: PhoneRow, lookup: int) -> str:
        """Ask for one number and write down what came of it; why no more may be asked, empty where it may."""
        answered = await asker.ask(row.number)
        await self._database.write(lambda uow: self._write_down(uow, asker, row, lookup, answered))
        if isinstance(answered, Unanswered):
            log.warning("look-up not answered", channel=row.channel, reason=answered.reason)
            return answered.reason if answered.refused else _SILENTLY
        return ""

    def _write_down(self, uow: UnitOfWork, asker: Asker, row: PhoneRow, lookup: int, answered: Answered) -> None:
        if isinstance(answered, Unanswered) and not (answered.asked or answered.refused):
            phones.unasked(uow, row, lookup)
        elif isinstance(answered, Unanswered):
            outcome = Outcome.REFUSED if answered.refused else Outcome.LOST
            phones.end(uow, row, lookup, outcome, State.WAITING)
        elif answered is None:
            phones.end(uow, row, lookup, Outcome.MISSED, State.MISSED)
        elif phones.end(uow, row, lookup, Outcome.FOUND, State.FOUND):
            holder = roster.known(uow, row.channel, asker.tenant, answered)
            if holder is not None:
                # Somebody is known by it already: the number is not, or no longer, this person's.
                phones.end_as(uow, row, State.MISSED)
                return
            found = Found(row.person, row.channel, asker.tenant, answered, masked_number(row.number))
            self._request(uow, self._installation, found, self._now())

    def _tell(self, uow: UnitOfWork, channel: str, stopped: str) -> None:
        """Tell each office whose numbers led to nobody, and why no more are asked: that once in seven days."""
        now, people = self._now(), roster.whole(uow)
        day = self._installation.day(now)
        why = "" if stopped == _SILENTLY else stopped
        if not (why or phones.missed(uow, channel)):
            return
        # Held, so that of several replicas one tells.
        book, missed = phones.hold(uow, channel), phones.missed(uow, channel)
        if book.told == why and book.told_at is not None and now - book.told_at < SEVEN_DAYS:
            why = ""
        if not (missed or why):
            return
        told = PhonesLookedUp(
            platform=self._installation.platform(channel),
            missed=tuple(_looked_up(people, row, day) for row in missed),
            stopped=why,
        )
        for programme in programmes.running(uow):
            for person in people.holders(programme.office, (Role.OFFICE,), day):
                if outbox.tell(
                    uow,
                    person,
                    write(told),
                    key=f"phones:{channel}:{missed[-1].id if missed else 0}:{now:%y%m%d%H%M%S%f}:{person}",
                    priority=Priority.BULK,
                    queued_at=now,
                    not_before=self._installation.calendar.office_time(
                        now, programme.rulebook.office_hours, self._installation.zone
                    ),
                ):
                    phones.tell(uow, missed)
                    if why:
                        phones.tell_why(uow, channel, why, now)
                    break


def _looked_up(people: Roster, row: PhoneRow, day: date) -> PhoneLookedUp:
    units = dict.fromkeys(people.unit(post.unit).name for post in people.posts_of(row.person, day))
    return PhoneLookedUp(name=people.person(row.person).name, units=tuple(units), number=masked_number(row.number))


_SILENTLY = "later"
"""No more is asked now, and the office need not hear of it."""
