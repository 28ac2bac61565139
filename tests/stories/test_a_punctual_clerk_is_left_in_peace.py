"""减负: what a month costs somebody who reports in time."""

from tests.stories.conftest import OTHER_CLERK, OpenCounty, times_told

UNITS = ("县财政局", "县公安局")


async def test_a_punctual_clerk_gets_three_messages_in_the_month(open_county: OpenCounty) -> None:
    """One reminder and a receipt for each of two duties, and nothing else until September."""
    async with open_county(8, 1, 8, 0, units=UNITS) as box:
        await box.wind(8, 4, 9, 30)
        await box.say(OTHER_CLERK, "民生支出占比85%,预测86%")
        await box.say(OTHER_CLERK, "8月工作计划：组织好下半年收入")

        await box.wind(8, 31, 23, 59)

        assert len(times_told(box, OTHER_CLERK)) <= 3
        assert len(times_told(box, OTHER_CLERK, "提醒")) == 1


async def test_whoever_reports_before_the_reminder_gets_no_reminder(open_county: OpenCounty) -> None:
    """R98: Reported on the 2nd: two receipts in the whole month; and heads and leaders of nobody late hear nothing."""
    async with open_county(8, 1, 8, 0, units=UNITS) as box:
        await box.wind(8, 2, 10, 0)
        await box.say(OTHER_CLERK, "民生支出占比85%,预测86%")
        await box.say(OTHER_CLERK, "8月工作计划：组织好下半年收入")

        await box.wind(8, 31, 23, 59)

        assert len(times_told(box, OTHER_CLERK)) == 2
        assert times_told(box, "caizheng-wang") == []
        assert times_told(box, "caizheng-qian") == []


async def test_a_clerk_in_arrears_gets_one_urging_for_all_duties(open_county: OpenCounty) -> None:
    """Two duties overdue on the same morning are one message, not two."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.wind(8, 6, 9, 30)

        assert len(times_told(box, OTHER_CLERK, "催报")) == 1


async def test_a_leader_gets_at_most_one_message_a_day(open_county: OpenCounty) -> None:
    """Nobody in the county reports anything for a month: a leader in charge still hears at most once a day."""
    async with open_county(8, 1, 8, 0) as box:
        await box.wind(8, 31, 23, 59)

        for leader in ("county-he", "county-lin", "county-zheng"):
            days = [when.date() for when in times_told(box, leader)]
            assert len(days) == len(set(days))
