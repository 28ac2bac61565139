"""December's report falls due in January, in a year whose holidays nobody has published yet."""

from datetime import date

from sqlmodel import select

from assessment.workdays import WorkCalendar, parse_overlay
from storage.proposals import ProposalRow
from tests.stories.conftest import (
    EVERYBODY,
    OFFICE,
    OFFICE_TWO,
    OTHER_CLERK,
    REFUSED,
    OpenCounty,
    at,
    heard,
    reworded,
    times_told,
)

YEAR_2026 = (
    ("年度: 2010", "年度: 2026"),
    ("起始: 2010-07", "起始: 2026-07"),
    ("起始: 2010-08", "起始: 2026-08"),
    ("起始: 2010H1", "起始: 2026H1"),
)
PLANS_IN_JANUARY = (("{值: {当月: 5}", "{值: {次月: 5}"),)
JANUARY = date(2027, 1, 1)
UNITS = ("县财政局", "县公安局")


async def test_no_clerk_is_written_to_on_a_day_that_may_be_a_holiday(open_county: OpenCounty) -> None:
    """The calendar of 2027 is unknown: personal messages are held for the office's word, whatever falls due."""
    async with open_county(12, 28, 9, 0, year=2026, live_from=JANUARY, change=reworded(*YEAR_2026), units=UNITS) as box:
        await box.wind(1, 29, 17, year=2027)

        assert not [who for who in EVERYBODY if heard(box, who) and who not in (OFFICE, OFFICE_TWO)]


async def test_what_is_held_goes_once_the_office_gives_its_word(open_county: OpenCounty) -> None:
    """放行 lists what waits and why; once confirmed the urging goes in office hours, and still no day is counted."""
    change = reworded(*YEAR_2026, *PLANS_IN_JANUARY)
    async with open_county(12, 28, 9, 0, year=2026, live_from=JANUARY, change=change, units=UNITS) as box:
        await box.wind(1, 7, 18, year=2027)
        assert not heard(box, OTHER_CLERK)

        await box.say(OTHER_CLERK, "放行")
        assert box.last(OTHER_CLERK) == REFUSED
        await box.say(OFFICE, "放行")
        assert "2027年放假安排尚未录入" in box.last(OFFICE)
        assert "县财政局：12月工作计划（" in box.last(OFFICE)
        await box.say(OFFICE, "取消")
        await box.wind(1, 7, 19, year=2027)
        before = len(box.told(OTHER_CLERK))
        await box.say(OFFICE, "放行 工作计划")
        await box.say(OFFICE, "确认")
        assert "将于1月8日 09:00发出" in box.last(OFFICE)

        await box.wind(1, 8, 9, 30, year=2027)

        assert "12月工作计划" in heard(box, OTHER_CLERK, before)
        await box.say(OFFICE, "放行 工作计划")
        assert "目前没有因放假安排未定而暂缓" in box.last(OFFICE)
        await box.wind(1, 20, 17, year=2027)
        assert not await box.database.read(lambda uow: uow.rows(select(ProposalRow)))


async def test_the_office_is_told_well_ahead_that_next_year_s_calendar_is_missing(open_county: OpenCounty) -> None:
    """From 45 days before the new year the office knows that the holidays of 2027 are not entered."""
    async with open_county(11, 1, 9, 0, year=2026, live_from=JANUARY, change=reworded(*YEAR_2026), units=UNITS) as box:
        await box.wind(11, 15, 17)
        assert "2027" not in heard(box, OFFICE)

        await box.wind(11, 20, 17)

        assert "2027" in heard(box, OFFICE)
        assert "2027" not in heard(box, OTHER_CLERK)


async def test_with_the_calendar_entered_december_is_a_month_like_any_other(open_county: OpenCounty) -> None:
    """Once the office has entered the holidays of 2027, the reminder comes on 4 January and the urging on the 6th."""
    calendar = WorkCalendar((parse_overlay("年度: 2027\n放假: 1月1日至1月3日"),))
    async with open_county(
        12, 28, 9, 0, year=2026, live_from=JANUARY, change=reworded(*YEAR_2026), units=UNITS, calendar=calendar
    ) as box:
        await box.wind(1, 6, 17, year=2027)

        assert times_told(box, OTHER_CLERK) == [at(1, 4, 9, year=2027), at(1, 6, 9, year=2027)]
        assert "2027" not in heard(box, OFFICE)


async def test_december_s_report_counts_for_the_year_that_it_is_about(open_county: OpenCounty) -> None:
    """Reported on 4 January 2027 it is 按时 and belongs to 2026's 1—12月."""
    async with open_county(1, 4, 10, 0, year=2027, live_from=JANUARY, change=reworded(*YEAR_2026), units=UNITS) as box:
        await box.say(OTHER_CLERK, "民生支出占比85%,预测86%")

        assert "1—12月进展情况" in box.last(OTHER_CLERK)
        assert "按时" in box.last(OTHER_CLERK)
        await box.wind(1, 6, 10, year=2027)
        await box.say(OFFICE, "谁没报 进展情况")
        assert "按时1家，未提交1家" in box.last(OFFICE)


async def test_no_deduction_is_proposed_because_of_an_unknown_day(open_county: OpenCounty) -> None:
    """Nobody is urged on a day that may be a holiday, so no day counts, however long a plan stays away."""
    change = reworded(*YEAR_2026, *PLANS_IN_JANUARY)
    async with open_county(12, 28, 9, 0, year=2026, live_from=JANUARY, change=change, units=UNITS) as box:
        await box.wind(1, 29, 17, year=2027)

        assert not await box.database.read(lambda uow: uow.rows(select(ProposalRow)))
        await box.say(OFFICE, "谁没报 工作计划")
        assert "未提交2家" in box.last(OFFICE)
        assert "催报" not in heard(box, OTHER_CLERK)


async def test_the_office_s_own_word_still_reaches_people(open_county: OpenCounty) -> None:
    """催报 by hand is the office's word that this day is one on which people may be written to."""
    async with open_county(1, 12, 10, 0, year=2027, live_from=JANUARY, change=reworded(*YEAR_2026), units=UNITS) as box:
        await box.say(OFFICE, "催报 进展情况")
        await box.say(OFFICE, "确认")

        assert "1—12月进展情况" in box.last(OTHER_CLERK)
