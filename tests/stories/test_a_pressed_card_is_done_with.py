"""A card whose question is answered shows so where the platform can; one that asks on keeps its buttons."""

import pytest

from bot.county import County
from tests.stories.conftest import CLERK, Ground, OpenCounty

REPORT = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测25%"
ASKED = "1—7月进展情况：已收，有1处请核"


def asking_line(box: County) -> tuple[str, tuple[str, ...]]:
    """The newest card that asked, as it stands in the chat now."""
    line = next(line for line in reversed(box.chat(CLERK)) if ASKED in line.text and line.card is not None)
    return line.text, tuple(line.commands)


@pytest.mark.parametrize("ground", [Ground(("feishu",)), Ground(("wecom",))], ids=["feishu", "wecom"], indirect=True)
async def test_dealt_with(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        await box.say(CLERK, REPORT)
        assert "确认④" in asking_line(box)[1]

        await box.press(CLERK, "④暂不报")

        assert "还需报送1项" in box.last(CLERK)
        text, buttons = asking_line(box)
        assert not buttons
        assert "已办理" in text


@pytest.mark.parametrize("ground", [Ground(("feishu",)), Ground(("wecom",))], ids=["feishu", "wecom"], indirect=True)
async def test_typed_answers_change_no_card(open_county: OpenCounty) -> None:
    """Nobody pressed it: the platform does not tell which card the words belong to."""
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        await box.say(CLERK, REPORT)
        await box.say(CLERK, "确认")

        assert "已办理" not in asking_line(box)[0]


@pytest.mark.parametrize("ground", [Ground(("dingtalk",))], ids=["dingtalk"], indirect=True)
async def test_where_cards_cannot_change_the_answer_is_enough(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        await box.say(CLERK, REPORT)
        await box.press(CLERK, "确认④")

        assert "应报4项已报齐" in box.last(CLERK)
