"""Telephone numbers are asked of a platform within its limits, once each, and forgotten with their purpose."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count

import pytest
from sqlmodel import col, delete, select

from assessment import notices
from assessment.notices import PhonesLookedUp
from assessment.roster import Role
from bench.town import installation
from schedules.looking_up import Answered, Found, LookingUp, Unanswered
from schedules.rates import LookUps
from storage import phones, programmes, roster
from storage.bindings import LIVES
from storage.database import Crash, Database
from storage.installation import Installation
from storage.outbox import OutboxRow
from storage.phones import Outcome, PhoneLookupRow, PhoneRow, State
from storage.roster import IdentityRow
from storage.unit_of_work import UnitOfWork
from tests.bot.house import RULEBOOK

NOON = datetime(2010, 8, 5, 4, 7, tzinfo=UTC)
BARRED = Unanswered("平台暂停查询一日", refused=True)
NOT_CONNECTED = Unanswered("平台连接不上", asked=False)


@dataclass
class Book:
    """A platform that knows these numbers; `instead` is what it says first, in order."""

    limits: LookUps = field(default_factory=lambda: LookUps(a_day=100))
    knows: dict[str, str] = field(default_factory=dict)
    instead: list[Answered | BaseException] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    tenant: str = "t"

    async def ask(self, number: str) -> Answered:
        self.asked.append(number)
        if self.instead:
            said = self.instead.pop(0)
            if isinstance(said, BaseException):
                raise said
            return said
        return self.knows.get(number)


@dataclass
class Office:
    """Where requests go."""

    found: list[Found] = field(default_factory=list)

    def request(self, _uow: UnitOfWork, _installation: Installation, found: Found, _at: datetime) -> None:
        self.found.append(found)


class Town:
    """One office that runs a programme, people with numbers, a clock, and sweeps; each is a service started anew."""

    def __init__(self, database: Database, book: Book) -> None:
        self.database = database
        self.book = book
        self.office = Office()
        self.now = NOON
        self.people: list[int] = database.write_now(self._found)

    def _found(self, uow: UnitOfWork) -> list[int]:
        unit = roster.add_unit(uow, "督查室")
        self.chen = roster.add_person(uow, "陈静", "sandbox", "t", "chen")
        roster.add_post(uow, self.chen, unit, Role.OFFICE)
        programmes.add(uow, RULEBOOK, "test.yaml", office=unit, live_from=date(2010, 1, 1))
        return []

    def numbers(self, count: int, *, last_day: date | None = None) -> list[str]:
        """So many more people with a number each."""

        def job(uow: UnitOfWork) -> list[str]:
            unit = roster.add_unit(uow, "甲局")
            made = []
            for _ in range(count):
                number = f"138{len(self.people):08}"
                person = roster.add_unreachable(uow, f"某{len(self.people)}")
                roster.add_post(uow, person, unit, Role.REPORTER, **({"last_day": last_day} if last_day else {}))
                phones.keep(uow, person, "wecom", number)
                self.people.append(person)
                made.append(number)
            return made

        return self.database.write_now(job)

    async def sweep(self, database: Database | None = None) -> int:
        at = database or self.database
        return await LookingUp(at, installation(), {"wecom": self.book}, self.office.request, lambda: self.now).sweep()

    def look_ups(self) -> list[str]:
        """How those that count ended."""
        return self.database.read_now(lambda uow: uow.rows(select(PhoneLookupRow.outcome)))

    def kept(self) -> Sequence[PhoneRow]:
        return self.database.read_now(lambda uow: uow.rows(select(PhoneRow).order_by(col(PhoneRow.id))))

    def states(self) -> list[str]:
        return [row.state for row in self.kept()]

    def told(self) -> list[PhonesLookedUp]:
        rows = self.database.read_now(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))
        found = [notices.read(row.notice) for row in rows]
        return [one for one in found if isinstance(one, PhonesLookedUp)]


@pytest.fixture
def town(database: Database) -> Town:
    return Town(database, Book())


async def test_each_number_is_asked_once(town: Town) -> None:
    one, other = town.numbers(2)
    town.book.knows = {one: "zhang", other: "li"}
    assert await town.sweep() == 2
    town.now += timedelta(days=3)
    assert await town.sweep() == 0

    assert town.book.asked == [one, other]
    assert [(found.person, found.account, found.number) for found in town.office.found] == [
        (town.people[0], "zhang", "138****0000"),
        (town.people[1], "li", "138****0001"),
    ]
    assert town.told() == []


async def test_the_office_hears_once_whose_number_leads_to_nobody(town: Town) -> None:
    town.numbers(2)
    await town.sweep()
    town.now += timedelta(days=9)
    await town.sweep()

    (told,) = town.told()
    assert [(one.name, one.units, one.number) for one in told.missed] == [
        ("某0", ("甲局",), "138****0000"),
        ("某1", ("甲局",), "138****0001"),
    ]


async def test_a_corrected_number_is_asked_and_told_anew(town: Town) -> None:
    town.numbers(1)
    await town.sweep()
    town.now += timedelta(days=1)
    town.database.write_now(lambda uow: phones.keep(uow, town.people[0], "wecom", "13911112222"))
    assert await town.sweep() == 1

    assert [one.missed[0].number for one in town.told()] == ["138****0000", "139****2222"]


async def test_the_same_number_once_more_is_no_news(town: Town) -> None:
    (number,) = town.numbers(1)
    await town.sweep()
    assert not town.database.write_now(lambda uow: phones.keep(uow, town.people[0], "wecom", number))

    assert await town.sweep() == 0


async def test_no_more_in_a_day_than_the_platform_takes_also_after_a_restart(town: Town) -> None:
    """Every sweep is that of a new process: nothing of the count is kept in memory."""
    town.book.limits = LookUps(a_day=3)
    town.numbers(7)
    asked = []
    for _ in range(3):
        asked += [await town.sweep(), await town.sweep()]
        town.now += timedelta(days=1, minutes=1)

    assert asked == [3, 0, 3, 0, 1, 0]


async def test_before_too_many_were_wrong_it_stops_and_tells_the_office(town: Town) -> None:
    """Forty-one people, one of ten in seven days: four numbers in vain, and no fifth. The pause is told once."""
    town.book.limits = LookUps(a_day=100, misses=10)
    town.numbers(40)
    assert await town.sweep() == 4
    for _ in range(6):
        town.now += timedelta(days=1)
        assert await town.sweep() == 0

    (told,) = town.told()
    assert len(told.missed) == 4
    assert told.stopped == "查无账号的手机号较多，为免被平台停用查询，暂停查询"
    town.now += timedelta(days=2)
    assert await town.sweep() == 4
    assert [(len(one.missed), bool(one.stopped)) for one in town.told()] == [(4, True), (4, True)], "a pause anew"


async def test_numbers_that_are_right_use_up_nothing_of_that(town: Town) -> None:
    town.book.limits = LookUps(a_day=100, misses=10)
    town.book.knows = {number: f"u{number}" for number in town.numbers(30)}

    assert await town.sweep() == 30


async def test_erasing_numbers_does_not_erase_the_count(town: Town) -> None:
    town.book.limits = LookUps(a_day=100, misses=10)
    town.numbers(40)
    await town.sweep()
    town.database.write_now(phones.erase)
    town.numbers(40)

    assert await town.sweep() == 4, "twice as many people, twice as many; the first four are among them"


async def test_where_the_platform_bars_us_nothing_is_asked_for_a_day(town: Town) -> None:
    first, *_ = town.numbers(3)
    town.book.instead = [BARRED]
    assert await town.sweep() == 1
    town.now += timedelta(hours=23)
    assert await town.sweep() == 0
    assert [one.stopped for one in town.told()] == ["平台暂停查询一日"]

    town.now += timedelta(hours=2)
    town.book.knows = {first: "zhang"}
    assert await town.sweep() == 3
    assert [found.account for found in town.office.found] == ["zhang"]


async def test_a_silent_platform_is_asked_again_by_the_next_sweep(town: Town) -> None:
    (number,) = town.numbers(1)
    town.book.knows = {number: "zhang"}
    town.book.instead = [NOT_CONNECTED]
    assert await town.sweep() == 1
    assert town.told() == []
    assert await town.sweep() == 1

    assert len(town.office.found) == 1


async def test_a_connection_that_failed_asked_nothing(town: Town) -> None:
    """Thirteen people, so that one number in vain would stop it all for a week; a day's outage does not."""
    town.book.limits = LookUps(a_day=12, misses=10)
    town.book.knows = {number: f"u{number}" for number in town.numbers(12)}
    town.book.instead = [NOT_CONNECTED] * 144
    for _ in range(144):
        assert await town.sweep() == 1
        town.now += timedelta(minutes=10)

    assert town.look_ups() == []
    assert await town.sweep() == 12
    assert len(town.office.found) == 12
    assert town.told() == []


async def test_an_answer_that_was_lost_has_been_asked_for(town: Town) -> None:
    """It may have been a number in vain, so it counts as one; and the office is told what was the matter."""
    town.book.limits = LookUps(a_day=100, misses=10)
    town.numbers(12)
    town.book.instead = [Unanswered("平台未回音，可能已送达")]
    assert await town.sweep() == 1
    town.now += timedelta(minutes=10)
    assert await town.sweep() == 0

    assert town.look_ups() == [Outcome.LOST]
    assert [one.stopped for one in town.told()] == ["查无账号和平台未回音的手机号较多，为免被平台停用查询，暂停查询"]


async def test_why_no_more_are_asked_is_told_once_however_often_the_platform_refuses(town: Town) -> None:
    town.numbers(3)
    town.book.instead = [BARRED] * 9
    for _ in range(8):
        assert await town.sweep() == 1
        town.now += timedelta(days=1, minutes=1)

    assert [one.stopped for one in town.told()] == ["平台暂停查询一日"] * 2, "the second a week later"


async def test_an_office_that_cannot_be_reached_yet_hears_it_later(town: Town) -> None:
    """At the very first it is the office itself that has no account."""
    town.book.limits = LookUps(a_day=100, misses=10)
    town.database.write_now(lambda uow: uow.execute(delete(IdentityRow)))
    town.numbers(40)
    await town.sweep()
    assert town.told() == []
    town.database.write_now(lambda uow: roster.bind(uow, town.chen, "sandbox", "t", "chen"))
    await town.sweep()

    assert [(len(one.missed), bool(one.stopped)) for one in town.told()] == [(4, True)]


@pytest.mark.parametrize("round_", range(3))
async def test_several_replicas_ask_no_more_than_one_may(database: Database, round_: int) -> None:
    """Six in vain are allowed: three replicas that ask at once ask six, and tell the office once why no more."""
    town = Town(database, Book(limits=LookUps(a_day=100, misses=10)))
    town.numbers(60)
    address = database.url.render_as_string(hide_password=False)
    with Database.open(address) as second, Database.open(address) as third:
        asked = await asyncio.gather(*(town.sweep(replica) for replica in (database, second, third) * 2))

    assert (sum(asked), len(set(town.book.asked))) == (6, 6)
    assert sum(len(one.missed) for one in town.told()) == 6
    assert len([one for one in town.told() if one.stopped]) == 1


@pytest.mark.parametrize("database", [pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True)
@pytest.mark.parametrize("moment", range(4))
async def test_one_that_ends_while_all_are_counted_is_counted(database: Database, moment: int) -> None:
    """Five in vain, a sixth under way at another replica, which hears that it was in vain, too: there is no seventh."""
    town = Town(database, Book(limits=LookUps(a_day=100, misses=10)))
    town.numbers(60)
    town.book.instead = [*[None] * 5, Crash()]
    with pytest.raises(Crash):
        await town.sweep()
    counted = count()

    def ends(statement: str) -> None:
        if statement.startswith("SELECT") and "FROM phone_lookup" in statement and next(counted) == moment:
            under_way = PhoneLookupRow.outcome == Outcome.UNKNOWN.value
            database.write_now(lambda uow: uow.update(PhoneLookupRow, under_way, outcome=Outcome.MISSED.value))

    with Database.open(database.url.render_as_string(hide_password=False)) as other:
        other.on_statement = ends
        assert await town.sweep(other) == 0


async def test_a_process_that_dies_while_it_asks_has_asked(town: Town) -> None:
    (number,) = town.numbers(1)
    town.book.instead = [Crash()]
    with pytest.raises(Crash):
        await town.sweep()
    assert town.states() == [State.ASKING]
    assert len(town.database.read_now(lambda uow: uow.rows(select(PhoneLookupRow)))) == 1, "it counts"

    assert await town.sweep() == 0, "somebody else may be asking"
    town.now += timedelta(minutes=11)
    town.book.knows = {number: "zhang"}
    assert await town.sweep() == 1
    assert len(town.office.found) == 1


async def test_an_account_that_is_somebody_elses_already_is_nobodys_find(town: Town) -> None:
    (number,) = town.numbers(1)
    town.book.knows = {number: "zhang"}
    town.database.write_now(lambda uow: roster.add_person(uow, "张三", "wecom", "t", "zhang"))
    await town.sweep()

    assert town.office.found == []
    assert [one.name for one in town.told()[0].missed] == ["某0"]


async def test_a_request_that_lapsed_is_made_anew(town: Town) -> None:
    (number,) = town.numbers(1)
    town.book.knows = {number: "zhang"}
    await town.sweep()
    town.now += LIVES
    await town.sweep()
    assert len(town.office.found) == 2

    town.database.write_now(lambda uow: phones.decline(uow, town.people[0], "wecom"))
    town.now += LIVES
    assert await town.sweep() == 0, "what the office has declined is not asked again"


async def test_declining_does_not_reach_a_number_that_has_led_to_nothing(town: Town) -> None:
    (number,) = town.numbers(1)
    town.book.knows = {number: "zhang", "13911112222": "li"}
    await town.sweep()

    def job(uow: UnitOfWork) -> None:
        phones.keep(uow, town.people[0], "wecom", "13911112222")
        phones.decline(uow, town.people[0], "wecom")

    town.database.write_now(job)
    assert await town.sweep() == 1
    assert [found.account for found in town.office.found] == ["zhang", "li"]


async def test_who_is_bound_and_who_has_left_is_forgotten(town: Town) -> None:
    """On the platform in question: an account elsewhere is no reason."""
    bound, elsewhere = (town.numbers(1), town.people[-1])[1], (town.numbers(1), town.people[-1])[1]
    town.numbers(1, last_day=date(2010, 8, 4))
    town.numbers(1, last_day=date(2010, 8, 5))
    last = town.people[-1]

    def job(uow: UnitOfWork) -> None:
        roster.bind(uow, bound, "wecom", "t", "zhang")
        roster.bind(uow, elsewhere, "feishu", "t", "li")

    town.database.write_now(job)
    await town.sweep()

    assert [row.person for row in town.kept()] == [elsewhere, last]


async def test_a_channel_that_is_switched_off_keeps_none(town: Town) -> None:
    town.numbers(2)
    off = LookingUp(town.database, installation(), {}, town.office.request, lambda: town.now)

    assert await off.sweep() == 0
    assert town.kept() == []
    assert town.book.asked == []
