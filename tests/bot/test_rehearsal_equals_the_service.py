"""What a rehearsal foretells is what the service does: people who type the same hear the same, at the same time.

The county is a whole installation of its own, with the pretend messenger over HTTP; from the rehearsal it is given
nothing but what was typed and when.
"""

import asyncio
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot import app
from bot.channel_settings import SandboxSettings
from bot.county import CHANNEL, ZONE, county, demonstration, found
from bot.rehearsal import copying
from bot.rehearsal.facts import Rehearsed
from bot.rehearsal.running import rehearse, wishes_for
from bot.settings import Service, Settings
from storage.unit_of_work import UnitOfWork

START, LAST = date(2010, 9, 1), date(2010, 10, 31)
SETTING = demonstration(datetime(2010, 9, 1, tzinfo=ZONE), START)


def settings_in(folder: Path) -> Settings:
    return Settings(
        service=Service(
            database=SecretStr(str(folder / "installed.sqlite")),
            ledger_key=SecretStr("k" * 64),
            files=folder,
            rulebooks=folder,
        ),
        channels=(
            SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr("s" * 32), api_base="http://127.0.0.1:1"),
        ),
    )


async def rehearsed(folder: Path) -> Rehearsed:
    settings = settings_in(folder)
    with app.open_database(settings) as database:
        await database.write(lambda uow: found(uow, SETTING, {CHANNEL: CHANNEL}))
        source = await database.read(copying.original)
        before = await database.read(everything)
        played = await rehearse(settings, source, wishes_for(source.running, 2010, SETTING.start, LAST))
        assert await database.read(everything) == before, "the installation itself must stay as it was"
    return played


@pytest.fixture(scope="module")
def foretold(tmp_path_factory: pytest.TempPathFactory) -> Rehearsed:
    return asyncio.run(rehearsed(tmp_path_factory.mktemp("installed")))


def everything(uow: UnitOfWork) -> dict[str, int]:
    names = [name for (name,) in uow.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
    return {name: uow.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in names}  # noqa: S608


async def test_two_months_foretold_are_two_months_lived(foretold: Rehearsed, tmp_path: Path) -> None:
    async with county(SETTING, tmp_path) as box:
        for typed in foretold.typed:
            at = typed.at.astimezone(ZONE)
            await box.wind(at.month, at.day, at.hour, at.minute)
            await box.send(typed.account, typed.text)
        await box.wind(11, 1)
        people = {message.recipient for message in foretold.messages}
        lived = Counter(
            (line.text.partition("\n")[0], who, f"{line.at.astimezone(ZONE):%m-%d %H:%M}")
            for who in people
            for line in box.chat(who)
            if line.card is not None
        )
        tally = box.tally()

    assert len(foretold.messages) > 100
    assert Counter((m.title, m.recipient, f"{m.at:%m-%d %H:%M}") for m in foretold.messages) == lived
    assert tally.shown == len(foretold.messages), "and nobody else heard anything"


def test_every_report_is_taken_as_complete(foretold: Rehearsed) -> None:
    assert not [conflict for conflict in foretold.conflicts if "报送后" in conflict.what]


def test_what_the_holidays_do_is_foretold(foretold: Rehearsed) -> None:
    rests = {(rest.due, rest.why) for rest in foretold.rests}
    conflicts = {conflict.what: conflict.number for conflict in foretold.conflicts}

    assert rests == {(date(2010, 9, 5), "周末"), (date(2010, 10, 5), "法定节假日")}
    # It opens on 1 October, when no workday is left before it falls due.
    assert conflicts["10月工作计划的提醒（填报人）一次也发不出去：已由后续步骤取代"] == 2
    assert conflicts["10月5日前后，10月工作计划与1—9月进展情况同时截止"] == 13


def test_the_three_chosen_units_show_their_habits(foretold: Rehearsed) -> None:
    ends = {end.habit: end for end in foretold.ends}

    assert set(ends["按时"].buckets) <= {"按时", "未到期"}
    assert ends["迟交"].buckets["迟交"] >= 4
    assert ends["不报"].buckets["未提交"] >= 4
    assert ends["按时"].steps.keys() == {"提醒"}
    assert {"催办", "督办"} <= ends["不报"].steps.keys()
    assert all(one.points is not None and one.points < 0 for one in ends["不报"].points)
    assert ends["不报"].points
