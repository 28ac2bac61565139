"""The letter that heads sign, and the event that sets a day, told on a platform with cards and on one without."""

import asyncio
from pathlib import Path

import pytest

from bot.county import county
from bot.story import Player, read_story

YEARS = Path(__file__).parent / "years"


@pytest.mark.parametrize(("kind", "cards"), [("wecom", True), ("feishu", False)])
@pytest.mark.parametrize("name", ["开账-责任书", "开账-限期"])
async def test_the_same_story(name: str, kind: str, cards: bool, house: str, tmp_path: Path) -> None:
    """R81, R61."""
    story = read_story(YEARS / f"{name}.yaml")
    async with county(story.setting(), tmp_path, database_url=house, kinds=(kind,), cards=cards) as box:
        box.speak_on_the_hour()
        await Player(story, box, lambda _: None).play()
        tally = box.tally()
        assert (tally.repeats, tally.conflicts, tally.forged) == (0, 0, 0)
    await asyncio.sleep(0)
