"""Which target binds, what one unit takes of it, and whether the parts add up: figures of 2009 and 2011."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.figures import figures
from assessment.indicator import Direction, Measure, Split
from assessment.indicator_checks import find_indicator_warnings
from assessment.readings import BothTargets, Readings
from assessment.rulebook import Rulebook
from assessment.scoring_ways import DeductOnly, RatioOfTarget
from assessment.submission import Figure, Slot
from assessment.targets import TargetFrom, binding_target, check_split
from tests.assessment.marked_indicators import LOWER, a_split, an_indicator, between_base_and_full, value

STRICTER = Readings()


def reading(both: BothTargets) -> Readings:
    return Readings(both_targets=both)


@pytest.mark.parametrize(
    ("both", "binding", "source"),
    [
        (BothTargets.STRICTER, "1.74", TargetFrom.ASSIGNED),
        (BothTargets.ASSIGNED, "1.74", TargetFrom.ASSIGNED),
        (BothTargets.OWN, "1.69", TargetFrom.OWN),
    ],
)
def test_the_county_set_169_and_the_city_assigned_174(both: BothTargets, binding: str, source: TargetFrom) -> None:
    found = binding_target(an_indicator(own_target=value("1.69"), assigned_target=value("1.74")), reading(both))

    assert (found.base.value, found.source) == (Decimal(binding), source)
    assert (found.own, found.assigned, found.differ) == (Decimal("1.69"), Decimal("1.74"), True)


def test_where_less_is_better_the_smaller_one_is_stricter() -> None:
    indicator = an_indicator(own_target=value("0.80"), assigned_target=value("0.78"), direction=LOWER)
    higher_own = an_indicator(own_target=value("1.80"), assigned_target=value("1.74"))

    assert binding_target(indicator, STRICTER).base.value == Decimal("0.78")
    assert binding_target(higher_own, STRICTER).base.value == Decimal("1.80")


def test_one_that_is_not_written_is_not_waited_for_and_one_that_is_withheld_is() -> None:
    only_own = an_indicator(own_target=value("1.69"))
    withheld = an_indicator(own_target=value("1.69"), assigned_target=value(None))

    assert binding_target(only_own, STRICTER).base.value == Decimal("1.69")
    assert binding_target(only_own, reading(BothTargets.ASSIGNED)).base.value == Decimal("1.69")
    assert binding_target(withheld, STRICTER).base.value is None
    assert binding_target(withheld, reading(BothTargets.OWN)).base.value == Decimal("1.69")
    assert binding_target(an_indicator(), STRICTER).base.value is None


def test_a_written_base_goes_before_both() -> None:
    indicator = an_indicator(base=value("1.70"), own_target=value("1.69"), assigned_target=value("1.74"))

    assert binding_target(indicator, STRICTER).base.value == Decimal("1.70")


SPLIT = (a_split("甲镇", "6000"), a_split("乙镇", "7000"), a_split("丙镇", "4000"))


def test_a_split_that_lacks_400() -> None:
    """分解缺口400万; what departments take of the same task is another sum and not added (A28)."""
    indicator = an_indicator(base=value("17400"), split=SPLIT, dual_split=(a_split("丁局", "17400"),))
    found = check_split(indicator, STRICTER)

    assert found.split is not None
    assert found.dual_split is not None
    assert (found.split.parts, found.split.gap) == (Decimal(17000), Decimal(400))
    assert (found.dual_split.parts, found.dual_split.gap) == (Decimal(17400), Decimal(0))


def test_no_gap_is_known_while_a_part_or_the_target_is_unset() -> None:
    open_part = an_indicator(base=value("17400"), split=(*SPLIT, a_split("戊镇", None)))
    no_target = an_indicator(split=SPLIT)
    rate = an_indicator(base=value("85"), split=SPLIT, measure=Measure.RATE)

    assert (found := check_split(open_part, STRICTER).split) is not None
    assert (found.gap, found.unset) == (None, ("戊镇",))
    assert (found := check_split(no_target, STRICTER).split) is not None
    assert found.gap is None
    assert check_split(rate, STRICTER).split is None, "rates do not add up to anything"


def test_the_binding_target_is_what_figures_are_held_against() -> None:
    indicator = between_base_and_full(
        None, "1.80", own_target=value("1.69"), assigned_target=value("1.74", "代入")
    ).model_copy(update={"forecast": False})
    (found,) = figures(indicator, {Slot("x", Figure.ACTUAL): Decimal("1.69")}, months_passed=12)

    assert found.base == Decimal("1.74")
    assert found.by_actual.short_of_base == Decimal("0.05")
    assert (found.by_actual.points, found.target_stand_in, found.target.own) == (0, True, Decimal("1.69"))


def test_what_is_unset_is_called_by_its_own_name() -> None:
    indicator = between_base_and_full(None, "1.80", own_target=value("1.69"), assigned_target=value(None))

    assert figures(indicator, {}, months_passed=5)[0].unset == ("下达任务",)


def test_a_unit_is_held_to_its_part_and_the_others_to_the_whole() -> None:
    indicator = between_base_and_full("100", "120", split=(a_split("甲镇", "40", "50"), a_split("乙镇", "60")))
    reported = {Slot("x", Figure.ACTUAL): Decimal(45)}

    def of(unit: str | None) -> tuple[Decimal | None, object]:
        (found,) = figures(indicator, reported, months_passed=12, unit=unit)
        return found.base, found.by_actual.points

    assert of("甲镇") == (Decimal(40), 4)
    assert of("乙镇") == (Decimal(60), None), "its full mark is not set, and that of the whole is not its"
    assert of("县本级") == of(None) == (Decimal(100), 0)


NUMBERS = st.decimals(-1000, 1000, places=2)


@settings(max_examples=80, deadline=None)
@given(NUMBERS, NUMBERS, st.sampled_from(Direction))
def test_whoever_reaches_the_stricter_target_reaches_both(own: Decimal, assigned: Decimal, way: Direction) -> None:
    indicator = an_indicator(own_target=value(str(own)), assigned_target=value(str(assigned)), direction=way)
    found = binding_target(indicator, STRICTER).base.value

    assert found is not None
    assert found in (own, assigned)
    assert found >= max(own, assigned) if way is Direction.HIGHER else found <= min(own, assigned)


@settings(max_examples=80, deadline=None)
@given(NUMBERS, st.lists(NUMBERS, min_size=1, max_size=5), st.lists(NUMBERS, max_size=5))
def test_the_other_half_of_a_dual_split_changes_nothing(
    whole: Decimal, parts: list[Decimal], dual: list[Decimal]
) -> None:
    def splits(numbers: Sequence[Decimal]) -> tuple[Split, ...]:
        return tuple(a_split(f"第{place}镇", str(number)) for place, number in enumerate(numbers))

    alone = check_split(an_indicator(base=value(str(whole)), split=splits(parts)), STRICTER)
    both = check_split(an_indicator(base=value(str(whole)), split=splits(parts), dual_split=splits(dual)), STRICTER)

    assert alone.split == both.split
    assert alone.split is not None
    assert alone.split.gap == whole - sum(parts)


# What the office is told of its file


def told(**said: object) -> list[tuple[str, str]]:
    indicator = an_indicator(**said)
    rulebook = Rulebook(
        id="r", name="办法", version="1", year=2026, office="考核办", source="测试", indicators=(indicator,)
    )
    return [(" ".join(map(str, found.path)), found.what) for found in find_indicator_warnings(rulebook)]


def test_the_office_is_told_of_more_than_the_task_and_of_parts_given_twice() -> None:
    assert told(base=value("17000"), split=SPLIT, dual_split=(a_split("丁局", "9000"),)) == []
    assert told(base=value("17000"), split=SPLIT, dual_split=(a_split("丁局", "18000"),)) == [
        ("指标 0 双向分解", "双向分解合计 18000万元，超过任务 17000万元")
    ]
    assert told(split=(a_split("甲镇", "1"), a_split("甲镇", "2")))[0] == (
        "指标 0 分解 1 单位",
        "“甲镇”前面已经分过",
    )


def test_the_office_is_told_of_signs_and_ways_that_cannot_be_as_meant() -> None:
    assert told(way=DeductOnly.model_validate({"方式": "倒扣", "每次": 2})) == [
        ("指标 0 计分 每次", "“每次”写的是正数 2")
    ]
    assert told(below_base=value("1")) == [("指标 0 低于基本", "“低于基本”写的是正数 1")]
    ratio = RatioOfTarget.model_validate({"方式": "完成比例", "目标": 1, "满分": 1})
    assert told(way=ratio, direction=LOWER) == [("指标 0 计分 方式", "越小越好的指标没有完成比例")]
    assert told(way=ratio) == []
