"""1—12月 is the year itself: nothing is left to forecast, and gaps go by what was reached."""

from datetime import date

from tests.stories.conftest import CLERK, LEADER, OFFICE, OpenCounty, heard

NEW_YEAR = date(2011, 1, 1)
REACHED = "亩均总产值165,亩均税收7.6,能耗0.79,高新占比27%"


async def test_december_s_figures_are_complete_without_a_forecast(open_county: OpenCounty) -> None:
    """Four figures without 预测 close December's report; no reminder and no answer asks for one."""
    async with open_county(1, 4, 10, 0, year=2011, live_from=NEW_YEAR, units=("县经贸局",)) as box:
        await box.say(CLERK, REACHED)

        assert "1—12月进展情况：已收齐" in box.last(CLERK)
        assert "按已完成距基本任务168.7差3.7，距满分202.44差37.44" in box.last(CLERK)
        await box.say(CLERK, "我的任务")
        assert "进展情况" not in box.last(CLERK)
        assert "预测" not in heard(box, CLERK)


async def test_a_forecast_that_is_given_all_the_same_moves_no_gap(open_county: OpenCounty) -> None:
    """It is kept and shown, and the year is judged by what was reached: in the receipt, in 差距 and in 红黄绿."""
    async with open_county(1, 4, 10, 0, year=2011, live_from=NEW_YEAR, units=("县经贸局",)) as box:
        await box.say(CLERK, "亩均税收7.4预测7.6")

        assert "完成7.4，预测7.6（万元/亩）；按已完成距基本任务7.56差0.16" in box.last(CLERK)
        await box.say(CLERK, "差距")
        assert "0.16" in heard(box, CLERK)
        assert "按全年预测" not in heard(box, CLERK)
        await box.say(LEADER, "红黄绿")
        assert "（低于基本任务）：规上亩均税收。" in box.last(LEADER)


async def test_november_still_asks_for_it(open_county: OpenCounty) -> None:
    """The month before, the same message leaves the four forecasts open."""
    async with open_county(12, 2, 10, 0, live_from=date(2010, 12, 1), units=("县经贸局",)) as box:
        await box.say(CLERK, REACHED)

        assert "1—11月进展情况：已收，尚未报齐" in box.last(CLERK)
        assert "规上亩均税收（预测）" in box.last(CLERK)


async def test_what_the_office_enters_for_december_is_complete_too(open_county: OpenCounty) -> None:
    """代录 on 4 January of what came by telephone on 31 December, written without its year."""
    async with open_county(1, 4, 10, 0, year=2011, live_from=NEW_YEAR, units=("县经贸局",)) as box:
        await box.say(OFFICE, f"代录 县经贸局 12月31日16:30 电话 {REACHED}")
        assert "12月31日 16:30" in box.last(OFFICE)
        await box.say(OFFICE, "确认")

        await box.say(OFFICE, "谁没报 进展情况")
        assert "按时1家" in box.last(OFFICE)
