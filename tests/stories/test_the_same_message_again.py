"""The platform delivers a message more than once, or delivers it late."""

from sqlmodel import select

from bot.platforms.platform import Fault
from storage.inbox import KeptAsideRow
from storage.submissions import SubmissionRow
from tests.stories.conftest import OFFICE, OTHER_CLERK, OpenCounty, assert_books_are_sound, at, heard

REPORT = "民生支出占比85%,预测86%"
PLAN = "8月工作计划：组织好下半年收入"
UNITS = ("县财政局", "县公安局")


async def test_a_message_delivered_many_times_has_one_effect_and_one_answer(open_county: OpenCounty) -> None:
    """R97: Three deliveries, each repeated by the platform once more, make one version and one answer."""
    async with open_county(8, 4, 9, 12, callback_faults=[Fault.REPEAT] * 3, units=UNITS) as box:
        before = len(box.told(OTHER_CLERK))

        await box.say(OTHER_CLERK, REPORT, message_id="m-1", copies=3)

        assert box.tally().callbacks == 6
        assert len(box.told(OTHER_CLERK)) == before + 1
        assert "已报齐" in box.last(OTHER_CLERK)
        versions = await box.database.read(lambda uow: uow.rows(select(SubmissionRow)))
        assert [version.version for version in versions] == [1]
        await assert_books_are_sound(box)


async def test_a_message_whose_acknowledgement_was_lost_is_not_taken_again(open_county: OpenCounty) -> None:
    """R97: The service took it, the platform did not hear so and delivers it again: one effect, one answer."""
    async with open_county(8, 4, 9, 12, callback_faults=[Fault.LOSE_ANSWER] * 3, units=UNITS) as box:
        before = len(box.told(OTHER_CLERK))

        said = await box.say(OTHER_CLERK, PLAN)
        assert not said.acknowledged
        again = await box.redeliver()
        await box.service.settle()

        assert [answer.acknowledged for answer in again] == [True]
        assert len(box.told(OTHER_CLERK)) == before + 1


async def test_a_known_id_with_other_content_is_kept_aside_and_asked_back(open_county: OpenCounty) -> None:
    """Nothing of it is executed, it is not lost, and the sender alone is asked, once."""
    async with open_county(8, 4, 9, 12, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT, message_id="m-1")
        before = len(box.told(OTHER_CLERK))

        await box.say(OTHER_CLERK, "民生支出占比58%,预测59%", message_id="m-1", copies=2)

        assert len(box.told(OTHER_CLERK)) == before + 1
        assert "编号相同、内容不同" in box.last(OTHER_CLERK)
        assert "58" not in heard(box, OTHER_CLERK)
        assert len(await box.database.read(lambda uow: uow.rows(select(KeptAsideRow)))) == 1
        await box.say(OTHER_CLERK, "差距")
        assert "85%" in box.last(OTHER_CLERK)
        assert "58%" not in box.last(OTHER_CLERK)


async def test_sent_before_midnight_and_delivered_after_it_is_on_time(open_county: OpenCounty) -> None:
    """The platform's own message time decides 按时, and whoever was on time is not urged."""
    async with open_county(8, 6, 0, 10, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT, at=at(8, 5, 23, 58))
        assert "8月5日 23:58，按时" in box.last(OTHER_CLERK)
        await box.say(OTHER_CLERK, PLAN, at=at(8, 5, 23, 59))
        before = len(box.told(OTHER_CLERK))

        await box.wind(8, 13, 18)

        assert heard(box, OTHER_CLERK, before) == ""
        await box.say(OFFICE, "谁没报 进展情况")
        assert "按时1家，未提交1家" in box.last(OFFICE)


async def test_a_stamp_that_cannot_be_believed_gives_way_to_the_time_of_receipt(open_county: OpenCounty) -> None:
    """A stamp older than eight hours or in the future does not decide 按时, and the receipt says so."""
    async with open_county(8, 6, 0, 10, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT, at=at(8, 5, 16, 9))
        assert "8月6日 00:10（以收到时间为准），迟交" in box.last(OTHER_CLERK)
        await box.say(OTHER_CLERK, PLAN, at=at(8, 5, 16, 11))
        assert "8月5日 16:11，按时" in box.last(OTHER_CLERK)


async def test_a_stamp_from_the_future_counts_from_its_receipt(open_county: OpenCounty) -> None:
    """Five minutes ahead is a clock that goes wrong, more is not the time at which anything was sent."""
    async with open_county(8, 5, 23, 50, units=UNITS) as box:
        await box.say(OTHER_CLERK, REPORT, at=at(8, 6, 1, 0))
        assert "8月5日 23:50（以收到时间为准），按时" in box.last(OTHER_CLERK)
        await box.say(OTHER_CLERK, PLAN, at=at(8, 5, 23, 54))
        assert "8月5日 23:54，按时" in box.last(OTHER_CLERK)
