"""Where a platform has forms, a clerk fills in figures instead of typing their names; it says the same."""

import pytest

from tests.stories.conftest import CLERK, Ground, OpenCounty, heard

FEISHU = pytest.mark.parametrize("ground", [Ground(("feishu",))], ids=["feishu"], indirect=True)
BLANKS = ("万元工业增加值能耗", "规上亩均工业总产值", "规上亩均税收", "高新技术产业总产值占比")


@FEISHU
async def test_the_reminder_is_a_form(open_county: OpenCounty) -> None:
    """Two figures now, the rest later: what was left blank is asked for again, by its name."""
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        form = next(line for line in box.chat(CLERK) if "提醒" in line.text)
        assert [name for name in BLANKS if name in form.text.splitlines()] == list(BLANKS)

        platform = box.platform_of(CLERK)
        await platform.submit(CLERK, ["", "85 预测155", "３．８万 预测7万", ""])  # type: ignore[attr-defined]
        await box.service.settle()

        assert "距基本任务168.7差13.7" in box.last(CLERK)
        assert "距基本任务7.56差0.56" in box.last(CLERK)
        assert "已报2/4" in box.last(CLERK)
        await box.say(CLERK, "我的任务")
        asked = box.chat(CLERK)[-1].text.splitlines()
        assert [name for name in BLANKS if name in asked] == [BLANKS[0], BLANKS[3]]

        await platform.submit(CLERK, ["1.06 预测0.78", "26% 预测27%"])  # type: ignore[attr-defined]
        await box.service.settle()
        assert "应报4项已报齐" in box.last(CLERK)


@FEISHU
async def test_nonsense_in_a_blank_is_asked_back(open_county: OpenCounty) -> None:
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        platform = box.platform_of(CLERK)
        await platform.submit(CLERK, ["", "很多", "", ""])  # type: ignore[attr-defined]
        await box.service.settle()

        assert "规上亩均工业总产值" in box.last(CLERK)
        assert "编号R-" not in heard(box, CLERK)


async def test_in_words_nothing_is_missing(open_county: OpenCounty) -> None:
    """Without forms the same card says what to type."""
    async with open_county(8, 4, 9, 12, units=("县经贸局",)) as box:
        assert "报送1—7月进展情况，请直接回复指标名称和数值（可用简称），几项可写在一条里。" in box.last(CLERK)
