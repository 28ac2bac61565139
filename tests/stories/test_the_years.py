"""A year of every assessment system, told through the chat: the files in years/, which an office can read and change.

Each is played as the demonstration's month is: every message comes in by the front door and leaves by the outbox,
on a clock that is wound through everything that falls due. At the end the books are verified entry by entry.

Each takes place on the ground that its name falls on, a platform and a database, so that all of them are walked on and
the suite stays quick. `pytest tests/stories/test_the_years.py --everywhere` plays every year on every ground.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from zlib import crc32

import pytest

from bot.county import county
from bot.ledger_check import examine
from bot.story import Player, read_story
from tests.stories.conftest import GROUNDS, PLATFORMS, Ground

YEARS = sorted((Path(__file__).parent / "years").glob("*.yaml"))
ON_POSTGRES = {f"{name}-postgres": replace(ground, on_postgres=True) for name, ground in GROUNDS.items()}
CARRIES_NO_FILES = "sandbox"
"""Here people can send none: a year with files takes place elsewhere."""
LATER, LATER_THAN = "feishu", "2001-09-10"
"""Its moments are told apart by their digits, of which they have enough only since then."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Deal the years out to the grounds, or play each on all."""
    if "path" not in metafunc.fixturenames:
        return
    everywhere = metafunc.config.getoption("everywhere")
    dealt = {
        f"{path.stem}-{name}": (path, ground)
        for path in YEARS
        for name, ground in (grounds_for(path) if everywhere else own_ground(path)).items()
    }
    metafunc.parametrize(("path", "ground"), dealt.values(), ids=dealt.keys(), indirect=["ground"])


def grounds_for(path: Path) -> Mapping[str, Ground]:
    """Every ground on which this year can take place."""
    story = read_story(path)
    files = any(act.files for scene in story.scenes for act in scene.acts)
    closed = {CARRIES_NO_FILES} if files else set()
    closed |= {LATER} if story.start < LATER_THAN else set()
    return {name: one for name, one in (GROUNDS | ON_POSTGRES).items() if closed.isdisjoint(one.kinds)}


def own_ground(path: Path) -> Mapping[str, Ground]:
    """The ground that the year's name falls on; it stays the same when other years are added."""
    number = crc32(path.stem.encode())
    chosen = [name for name in grounds_for(path) if name.endswith("-postgres") is (number % 3 == 0)]
    name = chosen[number // 3 % len(chosen)]
    return {name: (GROUNDS | ON_POSTGRES)[name]}


def test_the_years_are_spread_over_every_platform_and_both_databases() -> None:
    dealt = [ground for path in YEARS for ground in own_ground(path).values()]

    assert {(kind, ground.cards) for ground in dealt for kind in ground.kinds} >= {
        (kind, cards) for kind in PLATFORMS for cards in (True, False)
    }
    assert len(YEARS) / 6 < sum(ground.on_postgres for ground in dealt) < len(YEARS) / 2


@pytest.mark.timeout(300)
async def test_the_year(path: Path, ground: Ground, house: str, tmp_path: Path) -> None:
    story = read_story(path)
    said: list[str] = []
    async with county(story.setting(), tmp_path, database_url=house, kinds=ground.kinds, cards=ground.cards) as box:
        box.speak_on_the_hour()
        await Player(story, box, said.append).play()
        installation = box.service.installation
        found = await box.database.read(lambda uow: examine(uow, installation.ledger_key, box.clock.now()))
        assert not found.faults
        tally = box.tally()
        undelivered = [one for platform in box.platforms.values() for one in platform.undelivered]
        assert (tally.repeats, tally.conflicts, tally.forged, undelivered) == (0, 0, 0, [])
    await asyncio.sleep(0)
