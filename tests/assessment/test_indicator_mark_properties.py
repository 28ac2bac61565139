"""What holds of marks whatever the figures: within bounds, better is never worth less, and unset is no number."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.indicator import Direction
from assessment.indicator_facts import IndicatorFacts, Voucher, add_up
from assessment.indicator_marks import IndicatorMark
from assessment.parameter import Parameter
from assessment.scoring_ways import (
    Block,
    Blocks,
    CountMin,
    DeductFromFull,
    DeductOnly,
    FullIfNoTask,
    Growth,
    GrowthBy,
    Panel,
    RatedPlus,
    Rater,
    RatioOfTarget,
    SubCount,
    Threshold,
    VerifiedSum,
    Way,
)
from tests.assessment.marked_indicators import an_indicator, between_base_and_full, lacks, mark, marked

FIGURES = st.decimals(-1000, 1000, places=2)
POSITIVE = st.decimals("0.01", 1000, places=2)
WORTHS = st.decimals(0, 20, places=1)
LOSSES = st.decimals(-20, 0, places=1)
COUNTS = st.integers(0, 40)
FEW = settings(max_examples=60, deadline=None)


def p(number: Decimal | int) -> Parameter[Decimal]:
    return Parameter[Decimal](value=Decimal(number))


def points(found: IndicatorMark) -> Fraction:
    assert found.points is not None, lacks(found)
    assert found.lacks == ()
    assert found.steps[-1].term.value == found.points, "what is printed is what was computed"
    return found.points


@FEW
@given(FIGURES, FIGURES, POSITIVE, WORTHS, WORTHS)
def test_a_better_figure_is_never_worth_less(
    one: Decimal, other: Decimal, target: Decimal, less: Decimal, more: Decimal
) -> None:
    ways: list[Way] = [
        Threshold(way="达标", standard=p(target), reached=p(less + more), missed=p(-less)),
        RatioOfTarget(way="完成比例", target=p(target), full=p(less), most=p(less + more)),
        RatedPlus(way="额定加附加", standard=p(target), rated=p(less), each_more=p(more), most_more=p(more)),
        Growth(way="增长", target=p(target), full=p(more)),
        Growth(way="增长", by=GrowthBy.RATE, target=p(target), full=p(more)),
    ]
    for way in ways:
        for direction in Direction:
            if isinstance(way, RatioOfTarget) and direction is Direction.LOWER:
                continue
            worse, better = sorted((one, other), reverse=direction is Direction.LOWER)
            first, second = (
                points(marked(way, value=value, last_year=Decimal(100), direction=direction))
                for value in (worse, better)
            )
            assert first <= second


@FEW
@given(FIGURES, POSITIVE, WORTHS)
def test_a_share_of_the_target_lies_between_nothing_and_full_marks(
    figure: Decimal, target: Decimal, full: Decimal
) -> None:
    ways: list[Way] = [
        RatioOfTarget(way="完成比例", target=p(target), full=p(full)),
        Growth(way="增长", target=p(target), full=p(full)),
        VerifiedSum(way="核实合计", target=p(target), full=p(full)),
    ]
    for way in ways:
        found = marked(way, value=figure, last_year=Decimal(0), vouchers=(Voucher("1", figure),))
        assert 0 <= points(found) <= full
        if figure >= target:
            assert found.points == full


@FEW
@given(COUNTS, COUNTS, LOSSES, WORTHS)
def test_more_occurrences_never_cost_less_and_never_add(fewer: int, more: int, each: Decimal, full: Decimal) -> None:
    fewer, more = sorted((fewer, more))
    only: list[Way] = [DeductOnly(way="倒扣", each=p(each)), DeductOnly(way="倒扣", each=p(each), lowest=p(-7))]
    of_full: list[Way] = [
        DeductFromFull(way="满分扣减", full=p(full), each=p(each)),
        FullIfNoTask(way="无任务计满", full=p(full), each=p(each)),
    ]
    for way in only:
        assert points(marked(way, occurrences=more)) <= points(marked(way, occurrences=fewer)) <= 0
    assert points(marked(only[1], occurrences=more)) >= -7
    for way in of_full:
        first, second = (points(marked(way, occurrences=times, tasks=40)) for times in (more, fewer))
        assert 0 <= first <= second <= full


@FEW
@given(COUNTS, COUNTS, COUNTS, COUNTS, st.one_of(st.none(), LOSSES))
def test_another_meeting_never_costs_points(
    meetings: int, of_a_kind: int, wanted: int, wanted_of_a_kind: int, each: Decimal | None
) -> None:
    terms: dict[str, Any] = {} if each is None else {"each_missing": p(each)}
    way = CountMin(
        way="达到次数",
        at_least=p(wanted),
        parts=(SubCount(name="扩大", at_least=p(wanted_of_a_kind)),),
        full=p(5),
        **terms,
    )

    def at(total: int, part: int) -> Fraction:
        return points(marked(way, value=Decimal(total), parts={"扩大": Decimal(part)}))

    here = at(meetings, of_a_kind)
    assert 0 <= here <= 5
    assert here <= at(meetings + 1, of_a_kind)
    assert here <= at(meetings, of_a_kind + 1)
    if meetings >= wanted and of_a_kind >= wanted_of_a_kind:
        assert here == 5


@FEW
@given(st.lists(st.tuples(st.integers(1, 20), st.decimals(0, 100, places=1)), min_size=2, max_size=6), st.randoms())
def test_blocks_and_raters_are_added_up_in_any_order(listed: list[tuple[int, Decimal]], random: Any) -> None:
    whole = sum(share for share, _ in listed)
    names = [f"第{place}块" for place in range(len(listed))]
    weights = {name: Decimal(share) / 128 for name, (share, _) in zip(names, listed, strict=True)}
    values = {name: score for name, (_, score) in zip(names, listed, strict=True)}
    expected = sum((Fraction(weights[name]) * Fraction(values[name]) for name in names), Fraction(0))
    random.shuffle(names)
    shuffled = {name: values[name] for name in names}
    ways: list[Way] = [
        Blocks(way="分块", full=p(100), blocks=tuple(Block(name=name, weight=p(weights[name])) for name in names)),
        Panel(way="评议", full=p(100), raters=tuple(Rater(name=name, weight=p(weights[name])) for name in names)),
    ]
    for way in ways:
        assert points(marked(way, parts=shuffled)) == expected <= 100 * Fraction(whole, 128)


VOUCHERS = st.lists(st.builds(Voucher, st.sampled_from(["A1", "A2", "B7", "9"]), st.just(Decimal("12.5"))), max_size=8)


@FEW
@given(VOUCHERS, st.randoms())
def test_a_voucher_counts_once_wherever_it_comes(listed: list[Voucher], random: Any) -> None:
    numbers = {voucher.number for voucher in listed}
    shuffled = list(listed)
    random.shuffle(shuffled)
    first, second = add_up(listed), add_up(shuffled)

    assert first.total == second.total == len(numbers) * Fraction("12.5")
    assert (
        set(first.repeated) == set(second.repeated) == {n for n in numbers if [v.number for v in listed].count(n) > 1}
    )
    assert add_up([*listed, *listed]).total == first.total


WAYS: list[tuple[Callable[..., Way], dict[str, str]]] = [
    (CountMin, {"at_least": "12", "full": "5", "each_missing": "-1"}),
    (Threshold, {"standard": "10", "reached": "2", "missed": "-1"}),
    (RatioOfTarget, {"target": "10", "full": "5", "most": "6"}),
    (RatedPlus, {"standard": "10", "rated": "5", "each_more": "1", "most_more": "2"}),
    (DeductOnly, {"each": "-1", "lowest": "-5"}),
    (DeductFromFull, {"full": "5", "each": "-1"}),
    (FullIfNoTask, {"full": "5", "each": "-1"}),
    (Growth, {"target": "1", "full": "5"}),
    (VerifiedSum, {"target": "10", "full": "5"}),
]
FACTS = IndicatorFacts(
    value=Decimal(9), last_year=Decimal(8), occurrences=2, tasks=3, vouchers=(Voucher("1", Decimal(9)),)
)


def test_whichever_parameter_is_withheld_there_are_no_points_and_it_is_named() -> None:
    for build, terms in WAYS:
        keys = build.model_fields  # type: ignore[attr-defined]
        word = keys["way"].annotation.__args__[0]
        whole = build(way=word, **{name: p(Decimal(number)) for name, number in terms.items()})
        points(mark(an_indicator(way=whole), FACTS))
        for name in terms:
            withheld = whole.model_copy(update={name: Parameter[Decimal]()})
            found = mark(an_indicator(way=withheld), FACTS)
            assert found.points is None
            assert lacks(found) == [("未设定", keys[name].alias)]


def test_what_nobody_reported_has_no_points_in_any_way() -> None:
    for build, terms in WAYS:
        word = build.model_fields["way"].annotation.__args__[0]  # type: ignore[attr-defined]
        whole = build(way=word, **{name: p(Decimal(number)) for name, number in terms.items()})
        found = mark(an_indicator(way=whole), IndicatorFacts())
        if build in (DeductOnly, DeductFromFull):
            assert points(found) >= 0, "what did not happen is nothing"
        else:
            assert found.points is None
            assert {why for why, _ in lacks(found)} == {"未报"}


@FEW
@given(FIGURES)
def test_between_base_and_full_the_mark_is_that_of_the_figures(figure: Decimal) -> None:
    found = points(mark(between_base_and_full("-10", "10"), IndicatorFacts(value=figure)))

    assert 0 <= found <= 5
    assert found == (0 if figure < -10 else 5 if figure >= 10 else 3 + 2 * (Fraction(figure) + 10) / 20)
