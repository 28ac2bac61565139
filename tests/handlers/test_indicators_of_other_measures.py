"""评定 and 结算 under measures of a test's own choice: what only deducts, what grows, what falls short of its base."""

from datetime import datetime

import pytest

from bot.county import ZONE
from tests.handlers.desk import OFFICE, Desk, as_read
from tests.handlers.one_measure import Under, shipped, some_of_the_county, unit

PROVINCE = unit("省考核办", "考核办", 考核办="ke") + unit("省政府", "省", 领导="sheng")
TOWN = unit("县考核办", "考核办", 考核办="ke") + unit("甲镇", "乡镇", 填报人="jia", 主要负责人="zhang")


def confirmed(desk: Desk, text: str) -> str:
    """Say it and confirm it; what was asked before the confirmation."""
    asked = as_read(desk.answer("ke", text))
    desk.say("ke", "确认")
    return asked


def test_what_only_deducts_never_gives_a_plus(under: Under) -> None:
    """R60: 倒扣分: nothing happened is 不加不扣, twice is twice the deduction."""
    books = shipped("grain-province.yaml", ("计分: {方式: 倒扣, 每次: null}", "计分: {方式: 倒扣, 每次: -1.5}"))
    with under(books, PROVINCE, datetime(2026, 12, 1, 9, tzinfo=ZONE)) as desk:
        assert "拟计分：0分。" in confirmed(desk, "评定 省政府 倒扣分项 0次")
        assert "部分重点考核事项（倒扣分）：不加不扣。" in as_read(desk.answer("ke", "结算"))

        assert "拟计分：每次（−1.5）×2＝−3。" in confirmed(desk, "评定 省政府 倒扣分项 2次 台账不全")
        assert "部分重点考核事项（倒扣分）：拟扣3分。" in as_read(desk.answer("ke", "结算"))


def test_a_positive_deduction_is_not_used(under: Under) -> None:
    """R60: a value that would add is refused, whatever is written."""
    books = shipped("grain-province.yaml", ("计分: {方式: 倒扣, 每次: null}", "计分: {方式: 倒扣, 每次: 1.5}"))
    with under(books, PROVINCE, datetime(2026, 12, 1, 9, tzinfo=ZONE)) as desk:
        refused = as_read(desk.answer("ke", "评定 省政府 倒扣分项 1次 台账不全"))
        assert "“每次”写的是正数，扣分须写负数" in refused, refused
        assert "部分重点考核事项（倒扣分）：不加不扣。" in as_read(desk.answer("ke", "结算"))


@pytest.mark.parametrize(("done", "points"), [("3.9", "拟扣1分◇"), ("4", "拟加3分◇")])
def test_below_the_base_points_may_be_lost(under: Under, done: str, points: str) -> None:
    """R69: 倒扣分 where the measure says so; on the base itself there are the base's points."""
    books = shipped(
        "sanmen-2010.yaml",
        ("    基本任务: null\n    满分目标: 5.03", "    基本任务: 4\n    满分目标: 5.03\n    低于基本: -1"),
    )
    with under(books, some_of_the_county("县外经贸局"), datetime(2011, 1, 4, 9, tzinfo=ZONE)) as desk:
        desk.say("waijing-zhu", f"1-12月 外贸出口{done}亿美元")

        assert f"外贸自营出口：{points}。" in as_read(desk.answer(OFFICE, "结算"))


def test_last_year_and_the_increment_follow_from_a_value_and_its_growth(under: Under) -> None:
    """R82: 生产总值6.81亿元,增长14.4%: the year before about 5.95, the increment 0.8572 held against its target."""
    books = shipped(
        "three-in-one.yaml",
        ("{方式: 增长, 比: 增量, 目标: null, 满分: null}", "{方式: 增长, 比: 增量, 目标: 1, 满分: 10}"),
    )
    with under(books, TOWN, datetime(2011, 12, 26, 9, tzinfo=ZONE)) as desk:
        confirmed(desk, "评定 甲镇 生产总值 6.81 统计年报")
        asked = confirmed(desk, "评定 甲镇 生产总值 增长14.4% 统计年报")

        assert "增量：6.81−约5.95≈0.86。" in asked
        assert "甲镇，生产总值：拟加8.572分" in as_read(desk.answer("ke", "结算"))


def test_each_class_has_the_common_standard_and_those_of_its_own_work(under: Under) -> None:
    """R88: 派出所 and 直管科室 are both judged by 德、能、廉, and each by what only its class does."""
    roster = unit("局考核办", "考核办", 考核办="ke") + "".join(
        unit(name, kind, 填报人=clerk, 主要负责人=f"{clerk}-head")
        for name, kind, clerk in (("甲所", "派出所", "jia"), ("办公室", "直管科室", "ban"))
    )
    with under(shipped("police-points.yaml"), roster, datetime(2001, 12, 26, 9, tzinfo=ZONE)) as desk:
        for name in ("甲所", "办公室"):
            assert f"{name}，二(二) 德、能、廉：8分。" in confirmed(desk, f"评定 {name} 德、能、廉 8 民主测评")
        ours, theirs = as_read(desk.answer("jia", "得分")), as_read(desk.answer("ban", "得分"))

        assert "德、能、廉：" in ours
        assert "德、能、廉：" in theirs
        assert "破案起数：" in ours
        assert "破案起数：" not in theirs
        assert "时间性较强的工作：" in theirs
        assert "时间性较强的工作：" not in ours
        assert "可评定的有德、能、廉、时间性较强的工作" in as_read(desk.answer("ke", "评定 办公室 破案起数 3起"))
