"""Who reports for which unit: a liaison is replaced, a person works for two, a figure is another unit's."""

from datetime import date

from sqlmodel import select

from assessment.roster import Role
from bot.county import County
from storage import roster
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork
from tests.stories.conftest import CLERK, OFFICE, OTHER_CLERK, REFUSED, OpenCounty, at, enrolled, heard, times_told

SUCCESSOR = "jingmao-new"
UNITS = ("县经贸局", "县科技局", "县财政局")
ALSO_OF_SCIENCE = "县科技局,科技局,县直部门,李敏,填报人,sandbox,jingmao-li,2010-01-01,"


async def hand_over(box: County, last_day: date, first_day: date) -> None:
    """交接: the clerk's post ends, the successor's begins."""

    def change(uow: UnitOfWork) -> None:
        unit = roster.whole(uow).named("县经贸局")
        old = roster.known(uow, *box.address(CLERK))
        assert unit is not None
        assert old is not None
        roster.end_post(uow, old, unit.id, Role.REPORTER, last_day)
        new = roster.add_person(uow, "赵新任", *box.address(SUCCESSOR))
        roster.add_post(uow, new, unit.id, Role.REPORTER, first_day)

    await box.database.write(change)


async def test_open_items_and_drafts_go_along_when_the_reporter_is_replaced(open_county: OpenCounty) -> None:
    """R104: The duty belongs to the post: the successor finds what is in and what is lacking, and is the one urged."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "亩均总产值85预测155,亩均税收3.8预测7,高新占比26%预测25%")
        await hand_over(box, date(2010, 8, 4), date(2010, 8, 5))
        await box.wind(8, 5, 10)
        left = len(box.told(CLERK))

        await box.say(SUCCESSOR, "我的任务")
        tasks = box.last(SUCCESSOR)
        july = next(line for line in tasks.splitlines() if "1—7月进展情况" in line)
        assert "8月工作计划" in tasks
        assert "万元工业增加值能耗、高新技术产业总产值占比" in july
        assert "亩均税收" not in july

        await box.wind(8, 6, 9, 30)
        assert "催报" in heard(box, SUCCESSOR)
        assert heard(box, CLERK, left) == ""

        await box.say(SUCCESSOR, "能耗1.06预测0.78,高新占比26%预测27%")
        assert "应报4项已报齐" in box.last(SUCCESSOR)


async def test_the_successor_is_told_once_what_is_open_and_left_unfinished(open_county: OpenCounty) -> None:
    """R104: 交接: one message in office hours, with what lacks and the question that the predecessor did not answer."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "亩均总产值85预测155,亩均税收3.8预测7,高新占比26%预测25%")
        await hand_over(box, date(2010, 8, 4), date(2010, 8, 5))
        await box.wind(8, 5, 8, 30)
        assert not heard(box, SUCCESSOR)

        await box.wind(8, 13, 17)

        assert times_told(box, SUCCESSOR, "填报工作交接") == [at(8, 5, 9)]
        told = next(text for text in box.told(SUCCESSOR) if "填报工作交接" in text)
        assert "由李敏交接给您" in told
        july = next(line for line in told.splitlines() if "1—7月进展情况" in line)
        assert "已报2/4，还缺万元工业增加值能耗" in july
        assert "有一处曾请前任核实，尚未答复" in july
        assert "交接" not in heard(box, CLERK)


async def test_a_second_clerk_beside_the_first_takes_nothing_over(open_county: OpenCounty) -> None:
    """Nobody left: nothing is handed over."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await hand_over(box, date(2010, 8, 31), date(2010, 8, 5))
        await box.wind(8, 12, 17)

        assert "交接" not in heard(box, SUCCESSOR)


async def test_an_urging_on_its_way_reaches_the_successor(open_county: OpenCounty) -> None:
    """R104: Urged in the evening, to be sent at nine; the post changes hands at midnight: the new reporter is told."""
    async with open_county(8, 10, 17, 30, units=UNITS) as box:
        left = len(box.told(CLERK))
        await box.say(OFFICE, "催报 8月工作计划")
        await box.say(OFFICE, "确认")
        await hand_over(box, date(2010, 8, 10), date(2010, 8, 11))

        await box.wind(8, 11, 9, 30)

        assert heard(box, CLERK, left) == ""
        assert "8月工作计划" in heard(box, SUCCESSOR)


async def test_whoever_handed_over_may_no_longer_report(open_county: OpenCounty) -> None:
    """Neither a new report nor the answer to an older question of the bot's is taken from the former reporter."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "亩均税收3.8预测7,高新占比26%预测25%")
        await hand_over(box, date(2010, 8, 4), date(2010, 8, 5))
        await box.wind(8, 5, 8, 30)
        versions = len(await box.database.read(lambda uow: uow.rows(select(SubmissionRow))))

        for text in ("确认", "报送 能耗1.06预测0.78", "我的任务", "得分"):
            await box.say(CLERK, text)
            assert box.last(CLERK).splitlines()[0] == REFUSED
        await box.say(CLERK, "能耗1.06预测0.78")

        assert len(await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))) == versions


async def test_a_figure_of_another_unit_is_not_taken_and_its_owner_is_named(open_county: OpenCounty) -> None:
    """R93: A clerk who reports another unit's indicator is told whose it is; nothing is stored for either unit."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "民生支出占比85%,预测86%")

        assert "民生支出占财政支出比重：该指标由县财政局报送" in box.last(CLERK)
        assert not await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))
        await box.say(OTHER_CLERK, "我的任务")
        assert "还缺民生支出占财政支出比重" in box.last(OTHER_CLERK)


async def test_own_figures_are_taken_beside_another_unit_s(open_county: OpenCounty) -> None:
    """R93, R94: What is one's own is stored although the same message names another unit's indicator."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "亩均税收3.8预测7,民生支出占比85%")

        assert "该指标由县财政局报送" in box.last(CLERK)
        assert "已报1/4" in box.last(CLERK)


async def test_a_clerk_of_two_units_is_asked_for_which_and_can_answer(open_county: OpenCounty) -> None:
    """Where the same plan is owed by both units nothing is guessed; the unit's name before it settles it."""
    async with open_county(8, 4, 9, 0, change=enrolled(ALSO_OF_SCIENCE), units=UNITS) as box:
        await box.say(CLERK, "8月工作计划：组织企业技术改造")
        assert "县经贸局 8月工作计划" in box.last(CLERK)
        assert "县科技局 8月工作计划" in box.last(CLERK)
        assert not await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))

        await box.say(CLERK, "县科技局 8月工作计划：组织企业技术改造")
        assert "已报齐" in box.last(CLERK)
        await box.say(CLERK, "我的任务")
        assert "县科技局目前没有待办事项" in box.last(CLERK)
        await box.say(OFFICE, "谁没报 工作计划")
        assert "未到期2家" in box.last(OFFICE)
        assert "按时1家" in box.last(OFFICE)


async def test_a_report_for_the_wrong_unit_can_be_taken_back(open_county: OpenCounty) -> None:
    """撤回 of what was reported for the wrong unit leaves it owed, and the right unit's report is not touched."""
    async with open_county(8, 4, 9, 0, change=enrolled(ALSO_OF_SCIENCE), units=UNITS) as box:
        await box.say(CLERK, "县经贸局 8月工作计划：组织企业技术改造")
        await box.say(CLERK, "撤回")
        assert "县经贸局" in box.last(CLERK)
        await box.say(CLERK, "确认")
        await box.say(CLERK, "县科技局 8月工作计划：组织企业技术改造")

        await box.say(CLERK, "我的任务")
        science, trade = box.told(CLERK)[-1], box.told(CLERK)[-2]
        assert "县经贸局" in trade
        assert "8月工作计划" in trade
        assert "8月工作计划" not in science
