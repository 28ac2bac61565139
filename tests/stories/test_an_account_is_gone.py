"""The platform no longer knows a clerk's account: the office hears what did not arrive, a deputy is told instead."""

from bot.county import County
from tests.stories.conftest import (
    OFFICE,
    OTHER_CLERK,
    OpenCounty,
    assert_books_are_sound,
    at,
    heard,
    times_told,
)

DEPUTY = "caizheng-wang"
HEAD = "caizheng-qian"
PLAN = "8月工作计划：组织好下半年收入"


async def the_clerk_leaves(box: County) -> None:
    """The account is closed on the platform; the roster does not know yet."""
    box.messenger.gone.add(OTHER_CLERK)


async def test_the_office_hears_of_it_and_a_deputy_is_told_instead(open_county: OpenCounty) -> None:
    async with open_county(8, 2, 9, 0, units=("县财政局",)) as box:
        await the_clerk_leaves(box)
        await box.wind(8, 4, 10, 0)

        told = heard(box, OFFICE)
        assert "发给县财政局张若溪的报送提醒（8月工作计划、1—7月进展情况）未送达。" in told
        assert "原因：平台查无此账号。" in told
        assert "已改发汪盈科，请提醒其转告。" in told
        assert times_told(box, DEPUTY, "县财政局：请转告并安排报送") == [at(8, 4, 9)]
        instead = heard(box, DEPUTY)
        assert "8月工作计划截止时间为8月5日（周四）24:00◇，尚未报送。" in instead
        assert "1—7月进展情况截止时间为8月5日（周四）24:00◇，尚未报送。" in instead
        assert "通知未能送达填报人张若溪" in instead
        await assert_books_are_sound(box)


async def test_no_day_counts_from_an_urging_that_nobody_took(open_county: OpenCounty) -> None:
    """R10: 'Urged' is what the platform accepted for the responsible person; a deputy who hears of it is not that."""
    async with open_county(8, 2, 9, 0, units=("县财政局",)) as box:
        await the_clerk_leaves(box)
        await box.wind(8, 6, 10, 0)
        assert "发给县财政局张若溪的催报" in heard(box, OFFICE)
        assert "不作为已催报" in heard(box, OFFICE)
        assert "已逾期" in heard(box, DEPUTY)

        box.messenger.gone.clear()
        await box.wind(8, 11, 17, 0)
        await box.say(OTHER_CLERK, PLAN)
        await box.say(OFFICE, "核定")

        assert "8月9日催报，8月11日报送，计8月10日至8月11日共2天" in box.last(OFFICE)
        await assert_books_are_sound(box)


async def test_once_reported_nobody_is_told_instead(open_county: OpenCounty) -> None:
    async with open_county(8, 2, 9, 0, units=("县财政局",)) as box:
        await box.say(OTHER_CLERK, PLAN)
        await the_clerk_leaves(box)
        await box.wind(8, 4, 10, 0)

        assert "8月工作计划" not in heard(box, DEPUTY)
        assert "1—7月进展情况" in heard(box, DEPUTY)


async def test_a_lost_notice_of_loss_starts_no_chain(open_county: OpenCounty) -> None:
    """Both of the office are gone too: nobody is told that nobody could be told."""
    async with open_county(8, 2, 9, 0, units=("县财政局",)) as box:
        box.messenger.gone |= {OTHER_CLERK, OFFICE, "ducha-wu"}
        await box.wind(8, 7, 9, 0)

        assert not heard(box, OFFICE)
        assert not box.messenger.undelivered
        await assert_books_are_sound(box)


async def test_the_office_sees_that_a_deduction_was_told_to_nobody(open_county: OpenCounty) -> None:
    """Days ran, and nobody knew: before 核定 the office is told to speak to them first."""
    async with open_county(8, 2, 9, 0, units=("县财政局",)) as box:
        box.messenger.gone |= {OTHER_CLERK, HEAD}
        await box.say(OFFICE, "扣分 县财政局 U7 8月3日会议缺席")
        await box.say(OFFICE, "确认")
        await box.wind(8, 16, 10, 0)
        await box.say(OFFICE, "核定")
        assert "拟扣分的告知未能送达，请先电话告知并听取说明，再作核定。" in box.last(OFFICE)

        box.messenger.gone.clear()
        await box.say(OFFICE, "扣分 县财政局 U7 8月10日会议缺席")
        await box.say(OFFICE, "确认")
        await box.wind(8, 25, 10, 0)
        await box.say(OFFICE, "核定")
        assert box.last(OFFICE).count("拟扣分的告知未能送达") == 1
        await assert_books_are_sound(box)
