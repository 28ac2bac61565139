"""申诉 from the receipt to the answer: 争议中, the total unchanged; then taken back or kept, and told with a reason."""

import re

import pytest

from bot.county import CHANNEL, County
from tests.stories.conftest import OFFICE, Ground, OpenCounty, assert_books_are_sound, heard, reworded

GROUNDS = pytest.mark.parametrize(
    "ground", [Ground((CHANNEL,)), Ground(("feishu",))], ids=["sandbox", "feishu"], indirect=True
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


async def asked(box: County, who: str, question: str) -> str:
    await box.say(who, question)
    return box.last(who)


async def entered(box: County) -> str:
    """The matter is missed and both clauses are entered; the number of the entry of 2 points."""
    await confirmed(box, ORDER)
    await box.wind(8, 6, 9, 30)
    assert "已核定2项" in await confirmed(box, "核定 全部")
    await box.wind(8, 6, 10, 0)
    numbers: list[str] = re.findall(r"扣2分，陈静怡核定，台账编号(L-\d+-\d+)", heard(box, ENVIRONMENT))
    return numbers[0]


@GROUNDS
async def test_an_appeal_is_upheld_and_what_was_covered_counts(open_county: OpenCounty) -> None:
    """R101, R102: −2 covers −1 of the same matter; appealed against, 争议中, taken back: −1 is judged again, 79."""
    async with open_county(7, 20, 9, 30, units=UNITS, change=TWO_CLAUSES) as box:
        entry = await entered(box)
        assert "核定78分" in await asked(box, ENVIRONMENT, "得分")
        assert "请写明对哪一条记分申诉" in await asked(box, ENVIRONMENT, "有异议")

        receipt = await asked(box, ENVIRONMENT, f"申诉 {entry} 会签单显示7月29日已送达")
        number = re.findall(r"编号(A-\d+-\d+)", receipt)[0]
        assert "答复期限由" in receipt
        score = await asked(box, ENVIRONMENT, "得分")
        assert "核定78分" in score
        assert f"争议中，申诉{number}" in score

        await box.say(OFFICE, f"申诉期限 {number} 8月13日")
        await box.wind(8, 12, 9, 30)
        assert "申诉待答复：8月13日（周五）24:00前" in heard(box, OFFICE)
        assert "现核定总分79分" in await confirmed(box, f"申诉成立 {number} 会签单属实")

        told = box.last(ENVIRONMENT)
        assert f"申诉{number}成立" in told
        assert "恢复计入：四(一)2乙" in told
        score = await asked(box, ENVIRONMENT, "得分")
        assert "核定79分" in score
        assert "争议中" not in score
        assert "已答复：成立" in await asked(box, ENVIRONMENT, f"申诉 {entry} 再申诉")
        await assert_books_are_sound(box)


@GROUNDS
async def test_an_appeal_is_declined_and_the_points_stay(open_county: OpenCounty) -> None:
    """R102: told with the reason; the same line is not taken up again, and 为什么 shows the answer."""
    async with open_county(7, 20, 9, 30, units=UNITS, change=TWO_CLAUSES) as box:
        entry = await entered(box)
        receipt = await asked(box, ENVIRONMENT, f"申诉 {entry} 会签单显示7月29日已送达")
        number = re.findall(r"编号(A-\d+-\d+)", receipt)[0]
        assert "待答复申诉1件" in await asked(box, OFFICE, "待办")

        await confirmed(box, f"申诉不成立 {number} 会签单为8月2日")

        assert "会签单为8月2日" in box.last(ENVIRONMENT)
        assert "核定78分" in await asked(box, ENVIRONMENT, "得分")
        assert "会签单为8月2日" in await asked(box, ENVIRONMENT, f"申诉 {entry} 再申诉")
        assert f"申诉{number}：不成立" in await asked(box, ENVIRONMENT, f"为什么 {entry}")
        assert "待答复申诉" not in await asked(box, OFFICE, "待办")
        await assert_books_are_sound(box)
