"""The first scene: one messy message, its receipt, and a reminder that is not sent."""

from tests.stories.conftest import CLERK, OTHER_CLERK, OpenCounty

MESSY = "１－７月亩均总产值85万预测155,亩均税収3.8万 预测7万,能耗1.06预测0.78,高新占笔26%预测25%"


async def test_a_messy_report_is_taken_and_its_doubt_asked_in_one_answer(open_county: OpenCounty) -> None:
    """R68, R94, R95: Three of four are stored at once, the fourth is asked; 确认 finishes it (the report shape)."""
    async with open_county(8, 4, 9, 12) as box:
        await box.say(CLERK, MESSY)

        answer = box.last(CLERK)
        for piece in ("155", "距基本任务168.7差13.7", "差0.0478", "25%低于已完成26%", "按时", "已报3/4", "改 4"):
            assert piece in answer

        await box.say(CLERK, "确认")

        assert "已报齐" in box.last(CLERK)


async def test_whoever_has_reported_is_not_urged(open_county: OpenCounty) -> None:
    """R98: The report stops the reminder of its duty; the urging goes to the others only."""
    async with open_county(8, 3, 9, 12) as box:
        await box.say(CLERK, MESSY)
        await box.say(CLERK, "确认")
        await box.say(CLERK, "8月工作计划：抓好规上企业运行监测")
        before = len(box.told(CLERK))

        await box.wind(8, 6, 9, 30)

        assert len(box.told(CLERK)) == before
        assert any("催报" in text for text in box.told(OTHER_CLERK))
