"""What marks, targets and self-scores promise, as test bodies. They need no desk."""

from decimal import Decimal

from assessment.accounts import Category
from assessment.indicator_facts import IndicatorFacts, Voucher
from assessment.readings import Readings
from assessment.scoring_ways import (
    CountMin,
    DeductFromFull,
    DeductOnly,
    Discretion,
    FullIfNoTask,
    RatioOfTarget,
    Threshold,
    VerifiedSum,
)
from assessment.self_score_text import read_self_score
from assessment.targets import binding_target, check_split
from tests.assessment.marked_indicators import LOWER, a_split, an_indicator, figure, mark, marked, value
from tests.handlers.desk import Desk

_RATIO = RatioOfTarget.model_validate({"方式": "完成比例", "目标": 100, "满分": 5})
_CATEGORIES = (
    Category(name="甲类", full=Decimal(60)),
    Category(name="乙类", full=Decimal(40), full_if_no_task=True),
)


def unreported_has_no_points(_: Desk) -> None:
    assert marked(_RATIO).points is None
    assert marked(FullIfNoTask.model_validate({"方式": "无任务计满", "满分": 27, "每次": -2})).points is None


def unset_has_no_points(_: Desk) -> None:
    line = Threshold.model_validate({"方式": "达标", "标准": 70, "达标分": 2, "未达标分": None})

    assert marked(line, value=Decimal(50)).points is None


def contested_has_no_points(_: Desk) -> None:
    assert marked(_RATIO, value=Decimal(90), contested="甲局90，乙局80").points is None


def the_stricter_target_respects_the_direction(_: Desk) -> None:
    falling = an_indicator(own_target=value("0.80"), assigned_target=value("0.78"), direction=LOWER)

    assert binding_target(falling, Readings()).base.value == Decimal("0.78")


def a_unit_is_held_to_its_part(_: Desk) -> None:
    assert mark(an_indicator(way=_RATIO, split=(a_split("甲镇", "40"),)), figure("40"), unit="甲镇").points == 5


def a_dual_split_is_not_added(_: Desk) -> None:
    parts = {"split": (a_split("甲镇", "100"),), "dual_split": (a_split("乙局", "100"),)}
    found = check_split(an_indicator(base=value("100"), **parts), Readings()).split

    assert found is not None
    assert found.gap == 0


def a_voucher_counts_once(_: Desk) -> None:
    way = VerifiedSum.model_validate({"方式": "核实合计", "目标": 100, "满分": 10})
    twice = (Voucher("A2", Decimal(40)), Voucher("A2", Decimal(40)))

    assert marked(way, vouchers=twice).points == 4


def a_deduction_never_adds(_: Desk) -> None:
    assert marked(DeductOnly.model_validate({"方式": "倒扣", "每次": 2}), occurrences=1).points is None


def full_marks_end_at_nothing(_: Desk) -> None:
    assert (
        marked(DeductFromFull.model_validate({"方式": "满分扣减", "满分": 16, "每次": -5}), occurrences=4).points == 0
    )


def discretion_is_bounded_and_reasoned(_: Desk) -> None:
    way = Discretion.model_validate({"方式": "酌情", "幅度": {"自": "0.5", "至": 1}})

    assert marked(way, given=Decimal("1.2"), reason="提前").points is None
    assert marked(way, given=Decimal("0.8")).points is None


def a_sub_count_counts(_: Desk) -> None:
    terms = {"方式": "达到次数", "至少": 12, "其中": [{"名称": "扩大", "至少": 4}], "达到得分": 5}

    assert marked(CountMin.model_validate(terms), value=Decimal(17), parts={"扩大": Decimal(3)}).points == 0


def the_verified_figure_counts(_: Desk) -> None:
    assert mark(an_indicator(way=_RATIO), IndicatorFacts(value=Decimal(100), verified=Decimal(80))).points == 4


def a_self_score_is_checked(_: Desk) -> None:
    assert not read_self_score("(一)59(二)40 合计100", _CATEGORIES).complete
    assert not read_self_score("(一)61(二)39 合计100", _CATEGORIES).complete
    assert not read_self_score("(一)无任务(二)40", _CATEGORIES).complete
    assert not read_self_score("(一)60 合计60", _CATEGORIES).complete
