"""Two people give the same answer at the same moment: it takes effect once, and the second is told so."""

import asyncio
import re
from decimal import Decimal

from sqlmodel import col, select

from bot.county import County
from storage.submissions import SubmissionRow
from tests.stories.conftest import (
    CLERK,
    OFFICE,
    OFFICE_TWO,
    OpenCounty,
    assert_books_are_sound,
    enrolled,
    heard,
    points_of_person,
    times_told,
)

PETITIONS = "xinfang-gao"
UNITS = ("县信访局", "县经贸局")
COLLEAGUE = "jingmao-two"


async def at_once(box: County, text: str, *people: str) -> None:
    """Each says it, all callbacks under way together."""
    await asyncio.gather(*(box.send(who, text) for who in people))
    await box.service.settle()


async def test_two_confirm_the_same_deduction(open_county: OpenCounty) -> None:
    """核定 of one proposal by two office members makes one entry; one of the two hears that it is done."""
    async with open_county(8, 6, 9, 30, units=UNITS) as box:
        await box.wind(8, 9, 10, 30)
        await box.say(PETITIONS, "8月工作计划：集中化解积案")
        await box.wind(8, 16, 9, 30)
        number = re.findall(r"拟扣3分，编号(P-\d+-\d+)", heard(box, PETITIONS))[0]
        for who in (OFFICE, OFFICE_TWO):
            await box.say(who, f"核定 {number}")

        await at_once(box, "确认", OFFICE, OFFICE_TWO)

        answers = sorted((box.last(OFFICE), box.last(OFFICE_TWO)), key=lambda text: "先行办理" in text)
        assert "已核定1项" in answers[0]
        assert "其他同志已先行办理，本次未重复办理" in answers[1]
        assert await points_of_person(box, PETITIONS) == {"P4": Decimal(-3)}
        assert heard(box, PETITIONS).count("核定结果") == 1
        await assert_books_are_sound(box)


async def test_two_confirm_the_same_urging(open_county: OpenCounty) -> None:
    """催报 confirmed by two office members reaches each clerk once; one of the two hears that it is done."""
    async with open_county(8, 10, 9, 30, units=UNITS) as box:
        before = len(times_told(box, PETITIONS, "8月工作计划"))
        for who in (OFFICE, OFFICE_TWO):
            await box.say(who, "催报 8月工作计划")

        await at_once(box, "确认", OFFICE, OFFICE_TWO)

        assert len(times_told(box, PETITIONS, "8月工作计划")) == before + 1
        answers = sorted((box.last(OFFICE), box.last(OFFICE_TWO)), key=lambda text: "未重复" in text)
        assert "已催报2家" in answers[0]
        assert "未重复" in answers[1]


async def test_two_clerks_answer_the_same_doubt(open_county: OpenCounty) -> None:
    """Two reporters of one unit confirm the same doubtful figure: one version holds it, the second hears that."""
    colleague = "县经贸局,经贸局、县经济贸易局,县直部门,王二,填报人,sandbox,jingmao-two,2010-01-01,"
    async with open_county(8, 4, 9, 0, change=enrolled(colleague), units=UNITS) as box:
        for who in (CLERK, COLLEAGUE):
            await box.say(who, "高新占比26%预测25%")
            assert "请核" in box.last(who)

        await at_once(box, "确认", CLERK, COLLEAGUE)

        versions = await box.database.read(
            lambda uow: uow.rows(select(SubmissionRow).order_by(col(SubmissionRow.version)))
        )
        assert sum("high-tech" in str(version.content) for version in versions) == 1
        answers = sorted((box.last(CLERK), box.last(COLLEAGUE)), key=lambda text: "此前已收" in text)
        assert "已报1/4" in answers[0]
        assert "以上内容此前已收，未作变动" in answers[1]


async def test_two_replies_to_one_question_are_one_answer(open_county: OpenCounty) -> None:
    """确认 tapped twice in two messages: the second finds no open question and changes nothing."""
    async with open_county(8, 4, 9, 0, units=UNITS) as box:
        await box.say(CLERK, "高新占比26%预测25%")

        await at_once(box, "确认", CLERK, CLERK)

        assert sorted("没有等候您答复的问题" in text for text in box.told(CLERK)[-2:]) == [False, True]
