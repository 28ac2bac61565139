"""Deductions, time limits and what people choose, by examples that an office worker can check with a pencil."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from assessment.scoring_ways import (
    Blocks,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    Judged,
    OneOf,
    Panel,
    TimeLimit,
)
from tests.assessment.marked_indicators import (
    lacks,
    marked,
    said,
)

# 倒扣, 满分扣减, 无任务计满


def test_a_deduct_only_indicator_never_adds() -> None:
    """R60: nothing happened is 0, never a plus; a positive value is not used."""
    way = DeductOnly.model_validate({"方式": "倒扣", "每次": -2, "最多扣": -5})
    unset = DeductOnly.model_validate({"方式": "倒扣", "每次": None})
    absurd = DeductOnly.model_validate({"方式": "倒扣", "每次": 2})

    assert marked(way).points == 0
    assert marked(way, occurrences=2).points == -4
    assert said(marked(way, occurrences=3)) == ("拟计分：每次(−2)×3＝−6，计最多扣(−5)",)
    assert marked(unset).points == 0, "nothing happened"
    assert lacks(marked(unset, occurrences=1)) == [("未设定", "每次")]
    assert lacks(marked(absurd, occurrences=1)) == [("不予采用", "“每次”写的是正数，扣分须写负数")]


def test_full_marks_are_taken_off_until_nothing_is_left() -> None:
    """Four provincial dissatisfactions of −5 on 16 points end at 0 (A4)."""
    way = DeductFromFull.model_validate({"方式": "满分扣减", "满分": 16, "每次": -5})

    assert marked(way).points == 16
    assert said(marked(way, occurrences=3)) == ("拟计分：满分16＋每次(−5)×3＝1",)
    assert said(marked(way, occurrences=4)) == ("拟计分：满分16＋每次(−5)×4＝−4，计0",)


def test_without_proposals_full_marks() -> None:
    way = FullIfNoTask.model_validate({"方式": "无任务计满", "满分": 27, "每次": -2})

    assert marked(way, tasks=0).points == 27
    assert marked(way, tasks=2, occurrences=1).points == 25
    assert lacks(marked(way)) == [("未报", "任务件数")]
    assert lacks(marked(way, tasks=0, occurrences=1)) == [("不予采用", "任务0件，未按要求办理的却有1件")]


# 时限


def test_done_in_time_and_three_days_late() -> None:
    way = TimeLimit.model_validate(
        {"方式": "时限", "期限": "2009-06-10", "按时分": 2, "逾期分": 1, "每逾期一日": "-0.5"}
    )

    assert said(marked(way, done=date(2009, 6, 10))) == ("拟计分：6月10日完成，期限6月10日，按时分2",)
    assert said(marked(way, done=date(2009, 6, 13))) == (
        "拟计分：6月13日完成，期限6月10日，逾期3日，逾期分1＋每逾期一日(−0.5)×3＝−0.5",
    )
    assert lacks(marked(way)) == [("未报", "完成日期")]
    assert lacks(marked(TimeLimit.model_validate({"方式": "时限", "按时分": 2}), done=date(2009, 6, 1))) == [
        ("未设定", "期限")
    ]
    assert (
        marked(
            TimeLimit.model_validate({"方式": "时限", "期限": "2009-06-10", "逾期分": -2}), done=date(2009, 6, 9)
        ).points
        == 0
    )


# What people choose


def test_one_of_three_levels() -> None:
    way = OneOf.model_validate(
        {
            "方式": "分档",
            "各档": [{"名称": "规范", "分值": 1}, {"名称": "不规范", "分值": "-0.5"}, {"名称": "未建", "分值": None}],
        }
    )

    assert said(marked(way, choice="不规范")) == ("拟计分：不规范，−0.5分",)
    assert lacks(marked(way)) == [("未定", "须在规范、不规范、未建中选定一档")]
    assert lacks(marked(way, choice="较好")) == [("不予采用", "没有“较好”这一档，只有规范、不规范、未建")]
    assert lacks(marked(way, choice="未建")) == [("未设定", "未建分值")]


def test_discretion_stays_within_the_printed_span_and_has_a_reason() -> None:
    way = Discretion.model_validate({"方式": "酌情", "幅度": {"自": "0.5", "至": 1}})

    assert said(marked(way, given=Decimal("0.8"), reason="提前完成")) == ("拟计分：酌定，0.8分",)
    assert marked(way, given=Decimal(1), reason="提前完成").points == 1
    assert lacks(marked(way)) == [("未定", "须在0.5至1分之间给定")]
    assert lacks(marked(way, given=Decimal("1.2"), reason="提前完成")) == [("不予采用", "1.2超出0.5至1，请重填")]
    assert lacks(marked(way, given=Decimal("0.8"), reason=" ")) == [("不予采用", "没有写明理由")]


def test_a_judgement_is_a_persons() -> None:
    points = Judged.model_validate({"方式": "定性", "满分": 10})
    levels = Judged.model_validate({"方式": "定性", "等级": [{"名称": "好", "分值": 5}, {"名称": "一般", "分值": 3}]})

    assert marked(points, given=Decimal(8), reason="综合评价").points == 8
    assert lacks(marked(points, given=Decimal(11), reason="综合评价")) == [("不予采用", "11超出0至10，请重填")]
    assert lacks(marked(points, value=Decimal(8))) == [("未定", "须在0至10分之间给定")]
    assert marked(levels, choice="一般", reason="综合评价").points == 3
    assert lacks(marked(levels, choice="一般")) == [("不予采用", "没有写明理由")]


# 评议, 分块


def test_equal_blocks_are_stand_ins() -> None:
    """并行等重 is read as a quarter each (A12)."""
    quarter = {"值": "0.25", "代入": "并行等重"}
    names = ("经济发展", "生态环境", "民生工作", "领导履职")
    way = Blocks.model_validate(
        {"方式": "分块", "满分": 100, "各块": [{"名称": name, "权重": quarter} for name in names]}
    )
    values = dict(zip(names, map(Decimal, (92, 88, 90, 95)), strict=True))
    found = marked(way, parts=values)

    assert (found.points, found.stand_in) == (Fraction("91.25"), True)
    assert said(found)[0].startswith("拟计分：经济发展92×权重0.25◇＋生态环境88×")
    assert lacks(marked(way, parts=values | {"民生工作": Decimal(101)})) == [
        ("不予采用", "民生工作101超出0至100，请重填")
    ]
    assert lacks(marked(way, parts={})) == [("未报", name) for name in names]


def test_without_all_weights_there_is_no_total() -> None:
    raters = [{"名称": "服务对象", "权重": None}, {"名称": "考核领导小组", "权重": None}]
    way = Panel.model_validate({"方式": "评议", "满分": 100, "评议方": raters})
    found = marked(way, parts={"服务对象": Decimal(90), "考核领导小组": Decimal(95)})

    assert found.points is None
    assert said(found) == ("未设定：服务对象权重、考核领导小组权重",)


def test_weights_are_never_normalised() -> None:
    raters = [{"名称": "服务对象", "权重": "0.5"}, {"名称": "考核领导小组", "权重": "0.4"}]
    way = Panel.model_validate({"方式": "评议", "满分": 100, "评议方": raters})

    assert marked(way, parts={"服务对象": Decimal(100), "考核领导小组": Decimal(100)}).points == 90
