"""The demonstration county in a box, for stories told through the chat."""

import csv
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.ledger import AccountKey
from assessment.rulebook import Subject
from bot.county import CHANNEL, ROSTER, ZONE, County, Setting, county, demonstration
from bot.ledger_check import examine
from storage import ledger, programmes, roster
from storage.unit_of_work import UnitOfWork

# The accounts of assessment/demo/roster.csv by what they are in the stories.
CLERK = "jingmao-li"
OTHER_CLERK = "caizheng-zhang"
OFFICE = "ducha-chen"
OFFICE_TWO = "ducha-wu"
LEADER = "county-zheng"

EVERYBODY = tuple(dict.fromkeys(line["账号"] for line in csv.DictReader(ROSTER.read_text("utf-8-sig").splitlines())))

REFUSED = "该结果在规定范围内知悉，如需了解请联系考核办。"

Change = Callable[[Setting], Setting]
OpenCounty = Callable[..., AbstractAsyncContextManager[County]]


@dataclass(frozen=True)
class Ground:
    """On which platforms a story takes place, whether they may be sent cards, and whether it is kept on PostgreSQL."""

    kinds: tuple[str, ...] = (CHANNEL,)
    cards: bool = True
    on_postgres: bool = False


EVERYWHERE = (
    "test_a_matter_is_supervised",
    "test_clocks_and_outages",
    "test_days_of_rest",
    "test_points_are_corrected",
    "test_posts_change_hands",
    "test_returned_and_taken_back",
    "test_the_head_never_signs",
    "test_the_month",
    "test_the_same_message_again",
    "test_two_at_once",
)
"""The story and the twelve bad days: these pass on every platform, with cards and in words alone."""
PLATFORMS = ("wecom", "feishu", "dingtalk", "dingtalk-http")
GROUNDS = {
    "sandbox": Ground(),
    **{kind: Ground((kind,)) for kind in PLATFORMS},
    **{f"{kind}-words": Ground((kind,), cards=False) for kind in PLATFORMS},
    "all-at-once": Ground(PLATFORMS[:3]),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tell some stories on every ground."""
    if "ground" in metafunc.fixturenames and metafunc.module.__name__.rpartition(".")[2] in EVERYWHERE:
        metafunc.parametrize("ground", GROUNDS.values(), ids=GROUNDS.keys(), indirect=True)


@pytest.fixture
def ground(request: pytest.FixtureRequest) -> Ground:
    """The sandbox, unless a story takes place on every platform."""
    chosen: Ground = getattr(request, "param", Ground())
    return chosen


@pytest.fixture
def house(ground: Ground, installed_url: Callable[[bool], str]) -> str:
    """The address of the county's database, which a service has left without rows."""
    return installed_url(ground.on_postgres)


@pytest.fixture
def open_county(tmp_path: Path, ground: Ground, house: str) -> OpenCounty:
    """A county from a given moment: `async with open_county(8, 4) as box`. 2010 unless told otherwise.

    `units` leaves all other departments away, which is quicker; `change` makes another county of the
    demonstration: see `enrolled` and `reworded`.
    """

    @asynccontextmanager
    async def opened(
        month: int,
        day: int,
        hour: int = 0,
        minute: int = 0,
        *,
        year: int = 2010,
        live_from: date | None = None,
        units: tuple[str, ...] = (),
        change: Change = lambda setting: setting,
        **how: object,
    ) -> AsyncIterator[County]:
        start = datetime(year, month, day, hour, minute, tzinfo=ZONE)
        setting = change(of_units(units, demonstration(start, live_from or date(2010, 8, 1))))
        how.setdefault("database_url", house)
        async with county(setting, tmp_path, kinds=ground.kinds, cards=ground.cards, **how) as box:  # type: ignore[arg-type]
            box.speak_on_the_hour()
            yield box

    return opened


def of_units(units: tuple[str, ...], setting: Setting) -> Setting:
    """The county with only these departments, or with all where none is named; leaders and office stay."""
    heading, *lines = setting.roster.splitlines(keepends=True)
    kept = [line for line in lines if not units or line.split(",")[2] != "县直部门" or line.split(",")[0] in units]
    return replace(setting, roster=heading + "".join(kept))


def enrolled(*lines: str) -> Change:
    """The county with further lines in its roster."""
    return lambda setting: replace(setting, roster=setting.roster + "".join(f"{line}\n" for line in lines))


def reworded(*changes: tuple[str, str]) -> Change:
    """The county with other words in its rulebooks; each old wording must stand somewhere."""

    def change(setting: Setting) -> Setting:
        texts = dict(setting.rulebooks)
        for old, new in changes:
            assert any(old in text for text in texts.values()), old
            texts = {name: text.replace(old, new) for name, text in texts.items()}
        return replace(setting, rulebooks=texts)

    return change


def at(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2010) -> datetime:
    """A moment by the county's clock on the wall."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def heard(box: County, who: str, since: int = 0) -> str:
    """Everything that the bot has said to an account after its first `since` messages."""
    return "\n".join(box.told(who)[since:])


def times_told(box: County, who: str, words: str = "") -> list[datetime]:
    """When the bot said something with these words to an account, by the county's clock."""
    return [line.at.astimezone(ZONE) for line in box.chat(who) if line.card is not None and words in line.text]


async def points_of_person(box: County, account: str) -> dict[str, Decimal]:
    """The entries on a person's own account in the programme that has such accounts: points by clause."""

    def read(uow: UnitOfWork) -> dict[str, Decimal]:
        person = roster.known(uow, *box.address(account))
        assert person is not None
        programme = next(p for p in programmes.running(uow) if p.rulebook.account(Subject.PERSON) is not None)
        entries = ledger.entries(uow, AccountKey(programme.code, Subject.PERSON, person))
        assert len({entry.clause for entry in entries}) == len(entries), "one clause, one entry"
        return {entry.clause: entry.points for entry in entries}

    return await box.database.read(read)


async def assert_books_are_sound(box: County) -> None:
    """Every chain, total and number agrees, and nothing was sent twice or in two wordings."""
    key = box.service.installation.ledger_key
    found = await box.database.read(lambda uow: examine(uow, key, box.clock.now()))
    assert not found.faults
    tally = box.messenger.tally
    assert (tally.repeats, tally.conflicts, tally.forged) == (0, 0, 0)
