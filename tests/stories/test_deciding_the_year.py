"""Grades, interviews, reports and publication, as years/定等-四等次.yaml tells them, with cards and without."""

from pathlib import Path

import pytest

from bot.county import county
from bot.ledger_check import examine
from bot.story import Player, read_story

STORY = Path(__file__).parent / "years" / "定等-四等次.yaml"


@pytest.mark.parametrize(("kind", "cards"), [("wecom", True), ("feishu", True), ("dingtalk", False)])
@pytest.mark.timeout(120)
async def test_grades_are_decided_by_people_on_every_platform(
    kind: str, cards: bool, house: str, tmp_path: Path
) -> None:
    """R38, R39, R40, R41, R42."""
    story = read_story(STORY)
    async with county(story.setting(), tmp_path, database_url=house, kinds=(kind,), cards=cards) as box:
        box.speak_on_the_hour()
        await Player(story, box, lambda _line: None).play()
        installation = box.service.installation
        found = await box.database.read(lambda uow: examine(uow, installation.ledger_key, box.clock.now()))

        assert not found.faults
        assert (box.tally().repeats, box.tally().conflicts, box.messenger.undelivered) == (0, 0, [])
