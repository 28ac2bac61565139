"""From an assigned matter to a deduction, and back to where it was."""

import re

from bot.county import County
from tests.stories.conftest import (
    LEADER,
    OFFICE,
    OpenCounty,
    assert_books_are_sound,
    heard,
    reworded,
)

ENVIRONMENT = "huanbao-wang"
UNITS = ("县环保局",)
ORDER = "交办 县环保局 报送水环境整治方案 7月30日前 类别 县主要领导交办"
SECOND_CLAUSE = """  - 编号: U2x
    名称: 交办事项拖延
    依据: 四(一)2乙
    原文: 未按时完成的另扣1分
    触发: 事项逾期
    类别: [县主要领导交办]
    分值: -1
"""
TWO_CLAUSES = reworded(("  - 编号: U2c\n", f"{SECOND_CLAUSE}  - 编号: U2c\n"))


async def confirmed(box: County, command: str) -> str:
    """Give a command of the office and confirm it; return the last answer."""
    await box.say(OFFICE, command)
    await box.say(OFFICE, "确认")
    return box.last(OFFICE)


async def asked(box: County, question: str) -> str:
    """What the leader is answered."""
    await box.say(LEADER, question)
    return box.last(LEADER)


async def test_the_office_takes_back_a_deduction(open_county: OpenCounty) -> None:
    """R101: 交办, overdue, −2 after 核定, and 更正分: 80 again, both entries kept, and the past as it was published."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        assert "已交办" in await confirmed(box, ORDER)
        await box.wind(8, 6, 9, 30)
        assert "拟扣2分" in heard(box, ENVIRONMENT)
        assert "核定80分" in await asked(box, "环保局得分")

        assert "已核定1项" in await confirmed(box, "核定 全部")
        assert "核定结果：扣2分" in heard(box, ENVIRONMENT)
        assert "核定78分" in await asked(box, "环保局得分")
        entry = re.findall(r"L-\d+-\d+", heard(box, ENVIRONMENT))[0]

        await box.wind(8, 16, 9, 40)
        assert "现核定总分80分" in await confirmed(box, f"更正分 {entry} 会签单显示7月29日已送达")

        assert "现核定总分80分" in box.last(ENVIRONMENT)
        now = await asked(box, "环保局得分")
        assert "核定80分" in now
        then = await asked(box, "环保局8月13日得分")
        assert "核定78分" in then
        assert "当时公布" in then
        assert "核定80分" in await asked(box, "环保局8月2日得分")
        assert "原记录保留" in await asked(box, f"为什么 {entry}")
        await assert_books_are_sound(box)


async def test_a_corrected_entry_is_not_shown_as_if_it_counted(open_county: OpenCounty) -> None:
    """After 更正分 neither 得分 nor 明细 shows the old line without saying that it was corrected."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await confirmed(box, ORDER)
        await box.wind(8, 6, 9, 30)
        await confirmed(box, "核定 全部")
        entry = re.findall(r"L-\d+-\d+", heard(box, ENVIRONMENT))[0]
        await confirmed(box, f"更正分 {entry} 登记遗漏")

        for question in ("环保局得分", "环保局明细"):
            lines = [line for line in (await asked(box, question)).splitlines() if f"（{entry}，" in line]
            assert all("更正" in line for line in lines), lines


async def test_what_was_covered_counts_again_when_the_larger_one_is_corrected(open_county: OpenCounty) -> None:
    """R101: Two clauses on one matter: −2 covers −1; with −2 corrected −1 revives, with that corrected 80 is back."""
    async with open_county(7, 20, 9, 30, change=TWO_CLAUSES, units=UNITS) as box:
        await confirmed(box, ORDER)
        await box.wind(8, 6, 9, 30)
        assert "已核定2项" in await confirmed(box, "核定 全部")
        larger, smaller = sorted(set(re.findall(r"L-\d+-\d+", box.last(OFFICE))))
        answer = await asked(box, "环保局明细")
        assert "核定78分" in answer
        assert "不另计" in answer

        await box.wind(8, 16, 9, 40)
        answer = await confirmed(box, f"更正分 {larger} 登记遗漏")
        assert "恢复计入：四(一)2乙" in answer
        assert "现核定总分79分" in answer
        assert "核定79分" in await asked(box, "环保局得分")

        assert "现核定总分80分" in await confirmed(box, f"更正分 {smaller} 登记遗漏")
        assert "核定78分" in await asked(box, "环保局8月13日得分")
        await assert_books_are_sound(box)


async def test_a_correction_cannot_be_made_twice(open_county: OpenCounty) -> None:
    """更正分 of an entry that was corrected already changes nothing."""
    async with open_county(7, 20, 9, 30, units=UNITS) as box:
        await confirmed(box, ORDER)
        await box.wind(8, 6, 9, 30)
        await confirmed(box, "核定 全部")
        entry = re.findall(r"L-\d+-\d+", heard(box, ENVIRONMENT))[0]
        await confirmed(box, f"更正分 {entry} 登记遗漏")

        await confirmed(box, f"更正分 {entry} 再更正一次")

        assert "核定80分" in await asked(box, "环保局得分")
        await assert_books_are_sound(box)
