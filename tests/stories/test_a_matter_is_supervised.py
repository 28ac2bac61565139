"""A matter that is not done: feedback, letters round by round with their cost, a problem for the leader, more time."""

from tests.stories.conftest import LEADER, OFFICE, Change, OpenCounty, assert_books_are_sound, heard, reworded

UNITS = ("县环保局", "县农办")
CLERK, HEAD, IN_CHARGE = "huanbao-wang", "huanbao-yan", "county-lin"
CO_CLERK = "nongban-tian"
ORDER = "交办 县环保局 报送水环境整治方案 8月6日前 类别 县主要领导交办 协办 县农办"
MATTER = "S-1008-1"

CLAUSES = """
条款:
  - 编号: 督办第二次
    名称: 第二次督办扣分
    依据: 二(三)
    原文: 第二次督办的扣3分
    触发: 督办
    轮次: 2
    分值: -3
  - 编号: 督办第三次
    名称: 第三次督办扣分
    依据: 二(三)
    原文: 第三次督办的扣10分，并取消年度评优资格
    触发: 督办
    轮次: 3
    分值: -10
    标记: 取消评优资格
"""


def with_rounds() -> Change:
    """The county whose measure takes points off for the second and the third round, and allows one extension."""
    marker = "\n条款:\n  # ── 四(一) 单位 ──\n"
    return reworded((marker, f"\n延期: {{每项次数: 1, 最长日: 15}}\n{CLAUSES}"))


async def test_round_after_round(open_county: OpenCounty) -> None:
    """Three letters, each with its number and what the next one would cost; the third is not before the second."""
    async with open_county(8, 4, 9, 12, units=UNITS, change=with_rounds()) as box:
        await box.say(LEADER, ORDER)
        await box.press(LEADER, "确认")
        await box.say(CO_CLERK, f"反馈 {MATTER} 已提供三个断面的数据")
        assert "已提供三个断面的数据" in box.last(CLERK)
        await box.wind(8, 9, 9, 40)

        await box.say(OFFICE, f"督办 {MATTER} 首次反馈不合要求")
        assert "请确认第一次督办" in box.last(OFFICE)
        assert "如有第二次督办，县环保局、县农办拟扣3分" in box.last(OFFICE)
        await box.press(OFFICE, "确认")
        assert "第一次督办已记录" in box.last(OFFICE)
        assert "第一次督办（D-1008-" in heard(box, CLERK)
        assert "第一次督办（D-1008-" in heard(box, HEAD)
        assert "督办（D-" not in heard(box, IN_CHARGE)

        await box.say(OFFICE, f"第三次督办 {MATTER}")
        assert "没有第二次督办记录，不能直接记第三次" in box.last(OFFICE)

        await box.say(OFFICE, f"第二次督办 {MATTER} 限8月20日前 仍未报来")
        await box.press(OFFICE, "确认")
        assert "如有第三次督办，拟扣10分，核定后取消评优资格" in heard(box, CLERK)
        assert "抄送您知悉" in box.last(IN_CHARGE)
        await box.press(CLERK, "签收")
        assert "已签收" in box.last(CLERK)
        assert "拟扣3分" in heard(box, CLERK)
        await box.say(OFFICE, "得分 县环保局")
        assert "拟扣3分" in box.last(OFFICE)
        await assert_books_are_sound(box)


async def test_a_problem_is_answered_and_more_time_is_given(open_county: OpenCounty) -> None:
    """The leader's answer reaches the unit; the ladder goes on until the office grants the extension."""
    async with open_county(8, 4, 9, 12, units=UNITS, change=with_rounds()) as box:
        await box.say(LEADER, ORDER)
        await box.press(LEADER, "确认")

        await box.say(CLERK, f"请求协调 {MATTER} 断面上游在邻县，请县里出面")
        assert "不因此顺延，催办照常" in box.last(CLERK)
        assert "断面上游在邻县，请县里出面" in box.last(IN_CHARGE)
        await box.say(IN_CHARGE, "答复 已与邻县约定8月9日会商")
        assert "已与邻县约定8月9日会商" in box.last(CLERK)
        assert "已与邻县约定8月9日会商" in box.last(OFFICE)

        await box.say(CLERK, f"延期 {MATTER} 8月16日 待会商后定稿")
        assert "准予前时限不变" in box.last(CLERK)
        await box.press(OFFICE, "准予延期")
        await box.press(OFFICE, "确认")
        assert "延至8月16日（周一）24:00" in box.last(CLERK)
        before = len(box.told(CLERK))
        await box.wind(8, 16, 17)
        assert f"交办事项{MATTER}" not in heard(box, CLERK, before)
        await box.wind(8, 17, 9, 30)
        assert f"交办事项{MATTER}" in heard(box, CLERK, before)
        await assert_books_are_sound(box)


async def test_a_major_matter_at_night(open_county: OpenCounty) -> None:
    """The office and the leader in charge read it within the minute, on a Saturday night."""
    async with open_county(8, 7, 22, 30, units=UNITS) as box:
        await box.say(CLERK, "重大事项：溪口排污管破裂，已关停两家企业，正在抢修")

        assert "已即时发给" in box.last(CLERK)
        for who in (OFFICE, IN_CHARGE):
            assert "溪口排污管破裂，已关停两家企业，正在抢修" in box.last(who)
        assert "重大事项" not in heard(box, HEAD)
