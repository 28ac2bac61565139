"""The demonstration's own story, on both databases: what `duban demo --story` plays."""

from pathlib import Path

import pytest

from bot.county import county
from bot.ledger_check import examine
from bot.story import Player, StoryBroken, read_story
from tests.stories.conftest import Ground


async def test_the_month_is_as_told(database_url: str, tmp_path: Path) -> None:
    """Every scene holds, every chain verifies, nothing is shown twice, on SQLite and on PostgreSQL."""
    story = read_story()
    async with county(story.setting(), tmp_path, database_url=database_url) as box:
        await Player(story, box, lambda _line: None).play()
        key = box.service.installation.ledger_key
        found = await box.database.read(lambda uow: examine(uow, key, box.clock.now()))

        assert not found.faults
        assert found.entries == 3
        assert box.messenger.tally.repeats == box.messenger.tally.conflicts == 0
        assert not box.messenger.undelivered


async def test_the_month_on_every_ground(ground: Ground, house: str, tmp_path: Path) -> None:
    """The same scenes on each platform, with cards and in words alone, and with people on all of them at once."""
    story = read_story()
    async with county(story.setting(), tmp_path, database_url=house, kinds=ground.kinds, cards=ground.cards) as box:
        box.speak_on_the_hour()
        await Player(story, box, lambda _line: None).play()
        key = box.service.installation.ledger_key
        found = await box.database.read(lambda uow: examine(uow, key, box.clock.now()))

        assert not found.faults
        assert found.entries == 3
        assert box.tally().conflicts == box.tally().dropped == box.tally().forged == 0


async def test_a_story_that_is_off_says_where(house: str, tmp_path: Path) -> None:
    """A sentence that nobody says breaks the story, naming the scene and what was said instead."""
    story = read_story()
    first = story.scenes[0]
    wrong = first.acts[0].model_copy(update={"answer": ("此句不会出现",)})
    broken = story.model_copy(update={"scenes": (first.model_copy(update={"acts": (wrong,)}),)})
    async with county(broken.setting(), tmp_path, database_url=house) as box:
        with pytest.raises(StoryBroken, match="此句不会出现"):
            await Player(broken, box, lambda _line: None).play()
