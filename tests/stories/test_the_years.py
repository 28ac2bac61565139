"""A year of every assessment system, told through the chat: the files in years/, which an office can read and change.

Each is played as the demonstration's month is: every message comes in by the front door and leaves by the outbox,
on a clock that is wound through everything that falls due. At the end the books are verified entry by entry.
"""

import asyncio
from pathlib import Path

import pytest

from bot.county import CHANNEL, county
from bot.ledger_check import examine
from bot.story import Player, Story, read_story

YEARS = sorted((Path(__file__).parent / "years").glob("*.yaml"))


@pytest.mark.parametrize("path", YEARS, ids=[path.stem for path in YEARS])
@pytest.mark.timeout(300)
async def test_the_year(path: Path, tmp_path: Path) -> None:
    story = read_story(path)
    said: list[str] = []
    async with county(story.setting(), tmp_path, kinds=(_channel(story),)) as box:
        box.speak_on_the_hour()
        await Player(story, box, said.append).play()
        installation = box.service.installation
        found = await box.database.read(lambda uow: examine(uow, installation.ledger_key, box.clock.now()))
        assert not found.faults
        tally = box.tally()
        assert (tally.repeats, tally.conflicts, tally.forged, box.messenger.undelivered) == (0, 0, 0, [])
    await asyncio.sleep(0)


def _channel(story: Story) -> str:
    """The sandbox carries no files: a story with files is played where people can send any."""
    return "feishu" if any(act.files for scene in story.scenes for act in scene.acts) else CHANNEL
