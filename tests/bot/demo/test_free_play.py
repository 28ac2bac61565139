"""Whatever a visitor does, the page holds. The long run is a command: python -m tests.bot.demo.monkey --minutes 10."""

import pytest

from tests.bot.demo.monkey import play

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(300)]


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_visitor_without_manners(chromium: str, seed: int) -> None:
    assert await play(chromium, seed=seed, acts=40) == 40
