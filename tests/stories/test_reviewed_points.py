"""Whose points, decided by whom, and what they rest on: nobody judges the own account, nobody reads another's."""

import re
from dataclasses import replace
from datetime import date

from assessment.roster import Role
from bot.county import CHANNEL, County, Setting
from storage import ledger, roster
from storage.unit_of_work import UnitOfWork
from tests.stories.conftest import LEADER, OFFICE, REFUSED, OpenCounty, assert_books_are_sound, enrolled, heard

PETITIONS, COLLEAGUE = "xinfang-gao", "xinfang-two"
UNITS = ("县信访局", "县经贸局")
PLAN = "8月工作计划：集中化解积案"
MATTER = "交办 县信访局 化解积案 8月10日前 类别 专项督查"
TWO_CLERKS = enrolled("县信访局,信访局,县直部门,王二,填报人,sandbox,xinfang-two,2010-01-01,")


async def confirmed(box: County, who: str, command: str) -> str:
    """Give a command and confirm it; return the last answer."""
    await box.say(who, command)
    await box.say(who, "确认")
    return box.last(who)


async def score(box: County, who: str = LEADER, *, of: str = "县信访局") -> str:
    """The answer to 得分."""
    await box.say(who, f"{of}得分")
    return box.last(who)


async def three_days_late(box: County) -> str:
    """The clerk reports three days after the urging; the number of the proposed deduction."""
    await box.wind(8, 9, 10, 30)
    await box.say(PETITIONS, PLAN)
    return re.findall(r"拟扣3分，编号(P-\d+-\d+)", heard(box, PETITIONS))[0]


async def test_a_matter_confirmed_after_its_time_limit_is_not_assigned(open_county: OpenCounty) -> None:
    """Asked at 23:55 of the last day and confirmed after midnight: nobody is made late before being told."""
    async with open_county(8, 10, 23, 55, units=UNITS) as box:
        await box.say(LEADER, MATTER)
        await box.wind(8, 11, 0, 5)

        await box.say(LEADER, "确认")

        assert "时限已过" in box.last(LEADER)
        await box.wind(8, 12, 9, 30)
        assert "化解积案" not in heard(box, PETITIONS)
        assert "暂计80分" in await score(box)


async def test_what_was_not_done_is_not_done_in_time_by_having_been_said_so(open_county: OpenCounty) -> None:
    """办结 in time, sent back as untrue, done six weeks late: the deduction is made and stays, and no 按时."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await confirmed(box, LEADER, MATTER)
        await box.wind(8, 9, 10, 0)
        await box.say(PETITIONS, "办结 已办结")
        assert "已退回" in await confirmed(box, OFFICE, "退回 材料不实")
        assert "8月12日（周四）10:00前重新报办结的仍计为按时" in box.last(PETITIONS)
        await box.wind(8, 12, 10, 5)
        assert "拟扣5分" in await score(box)

        await box.wind(9, 20, 10, 0)
        await box.say(PETITIONS, "办结 确已办结")
        assert "逾期" in box.last(PETITIONS)

        assert "逾期办结" in await confirmed(box, OFFICE, "销号")
        assert "拟扣5分" in await score(box)
        assert "拟加" not in await score(box)


TWO_OFFICES = "县发展考核中心,发展中心,考核办,孙二,考核办,sandbox,fazhan-sun,2010-01-01,\n"


def under_two_offices(setting: Setting) -> Setting:
    """The second rulebook is kept by an office of its own."""
    texts = dict(setting.rulebooks)
    name = next(name for name, text in texts.items() if "报指标: true" in text)
    texts[name] = texts[name].replace("主管: 县委县政府督查室", "主管: 县发展考核中心")
    return replace(setting, rulebooks=texts, roster=setting.roster + TWO_OFFICES)


async def test_each_office_sees_its_own_programme_s_points(open_county: OpenCounty) -> None:
    """得分, 明细 and 为什么 of another office's programme stay closed to an office; the unit and leaders see both."""
    async with open_county(8, 4, 9, 30, change=under_two_offices, units=UNITS) as box:
        await confirmed(box, OFFICE, "扣分 县信访局 U7 不配合")
        for who, points, figures in ((OFFICE, True, False), ("fazhan-sun", False, True), (LEADER, True, True)):
            told = await score(box, who)
            assert ("基础80" in told) is points, who
            assert ("未报：" in told) is figures, who
            await box.say(who, "县信访局明细")
            assert ("拟扣2分" in box.last(who)) is points, who
            await box.say(who, "为什么 P-1008-1")
            assert (box.last(who) != REFUSED) is points, who
        await box.say("fazhan-sun", "谁没报")
        assert "工作计划" not in box.last("fazhan-sun")


async def test_a_colleague_has_no_part_in_a_personal_deduction(open_county: OpenCounty) -> None:
    """Another clerk of the unit neither reads it nor speaks on it; the person does both."""
    async with open_county(8, 6, 9, 30, change=TWO_CLERKS, units=UNITS) as box:
        number = await three_days_late(box)
        assert number not in heard(box, COLLEAGUE)
        for text in ("得分", "明细", "情况说明", f"情况说明 {number} 我来说明", f"为什么 {number}"):
            await box.say(COLLEAGUE, text)
            assert "拟扣3分" not in box.last(COLLEAGUE), text
            assert "已收" not in box.last(COLLEAGUE), text

        await box.say(PETITIONS, f"情况说明 {number} 当日停电")
        assert "情况说明已收" in box.last(PETITIONS)


async def moved_to_the_office(box: County) -> None:
    """The clerk of 县信访局 becomes a member of the office on 10 August."""

    def move(uow: UnitOfWork) -> None:
        people, person = roster.whole(uow), roster.known(uow, CHANNEL, CHANNEL, PETITIONS)
        old, new = people.named("县信访局"), people.named("县委县政府督查室")
        assert person is not None
        assert old is not None
        assert new is not None
        roster.end_post(uow, person, old.id, Role.REPORTER, date(2010, 8, 9))
        roster.add_post(uow, person, new.id, Role.OFFICE, date(2010, 8, 10))

    await box.database.write(move)
    await box.wind(8, 10, 9, 30)


async def test_who_has_moved_may_still_speak_and_not_decide(open_county: OpenCounty) -> None:
    """Now in the office, the person speaks on the own deduction like anybody, and cannot drop it."""
    async with open_county(8, 6, 9, 30, units=UNITS) as box:
        number = await three_days_late(box)
        await moved_to_the_office(box)

        await box.say(PETITIONS, f"情况说明 {number} 当日停电")
        assert "情况说明已收" in box.last(PETITIONS)

        for command in (f"不予核定 {number} 情况属实", f"核定 {number} 属实"):
            assert await confirmed(box, PETITIONS, command) == REFUSED
        assert "已核定1项" in await confirmed(box, OFFICE, f"核定 {number} 属实")


async def test_the_books_know_people_by_number(open_county: OpenCounty) -> None:
    """A name typed with a personal deduction finds the person; it is not sealed into the chain."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        assert "高一帆" in await confirmed(box, OFFICE, "扣分 县信访局 P6a 高一帆 会议迟到")
        await confirmed(box, OFFICE, "核定 P-1008-1 属实")

        rows = await box.database.read(lambda uow: list(ledger.all_rows(uow)))

        assert len(rows) == 1
        assert "会议迟到" in str(rows[0].basis)
        assert "高一帆" not in str(rows[0].basis)
        await assert_books_are_sound(box)


async def test_a_value_that_the_books_cannot_hold_is_refused_before_it_is_asked(open_county: OpenCounty) -> None:
    """Five places: said at once, not after 确认."""
    async with open_county(8, 4, 9, 30, units=UNITS) as box:
        await box.say(OFFICE, "扣分 县信访局 P1b -1.23456 高一帆 反馈不完整")
        assert "未办理" in box.last(OFFICE)

        await box.say(OFFICE, "确认")
        assert "没有等候您答复的问题" in box.last(OFFICE)
        await box.say(OFFICE, "核定")
        assert "目前没有待核定的事项" in box.last(OFFICE)
