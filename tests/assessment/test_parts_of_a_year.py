"""A part of a year stands beside it in one ledger: whatever was settled for the one is never in the other (R35)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.accounts import Account, Category, CategoryCount
from assessment.chain import seal
from assessment.indicator import Cohort, CohortsMake, Indicator, Measure
from assessment.indicator_facts import IndicatorFacts
from assessment.ledger import AccountKey, Basis, Draft, Entry, Head, reversal
from assessment.marking import propose
from assessment.parameter import Parameter
from assessment.parts_of_year import entries_of
from assessment.periods import Frequency, Period
from assessment.points import to_scaled
from assessment.readings import PartWithoutTask, Readings
from assessment.rulebook import Clause, PartOfYear, Per, Rulebook, Stage, Subject, Trigger, settling_clause
from assessment.scorecard import View, scorecard
from assessment.settlement import beginning, proposal_key
from assessment.stages import apart_from_ledger
from assessment.totals import frame_of
from assessment.year_rules import By, Composite
from tests.assessment.marked_indicators import between_base_and_full, mark

KEY = b"a key for tests only"
ACCOUNT = AccountKey("督查", Subject.UNIT, 11)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
FIRST_HALF, THIRD_QUARTER = Period.parse("2026H1"), Period.parse("2026Q3")
FULL = "无任务"


def figure(name: str) -> Indicator:
    return Indicator.model_validate(
        {"id": name, "name": name, "unit": "万元", "measure": Measure.CUMULATIVE, "owners": ("甲局",), "cite": "一"}
    )


CLAUSE = Clause(id="扣", name="扣", text="扣", cite="二", trigger=Trigger.RECORDED, per=Per.EACH)
RULEBOOK = Rulebook(
    id="measure",
    name="办法",
    version="1",
    year=2026,
    office="考核办",
    source="原文",
    accounts=(Account(subject=Subject.UNIT, base=Decimal(80)),),
    clauses=(CLAUSE,),
    indicators=(figure("税收"), figure("出口")),
)


def entry(entries: list[Entry], clause: str, points: Decimal, period: str | None) -> Entry:
    happened = Trigger.RECORDED if period is None else Trigger.SETTLED
    at = NEW_YEAR + timedelta(days=len(entries))
    draft = Draft(
        id=100 + len(entries),
        account=ACCOUNT,
        clause=clause,
        points=points,
        basis=Basis(happened=happened, period=period),
        author=31,
        occurred_at=at,
        recorded_at=at,
        rulebook_digest="0" * 64,
    )
    return seal(draft, entries[-1].head if entries else Head(ACCOUNT), KEY)


def undone(entries: list[Entry], which: Entry) -> Entry:
    draft = reversal(
        which,
        entry_id=100 + len(entries),
        reason="数据有变动",
        author=31,
        recorded_at=NEW_YEAR + timedelta(days=len(entries)),
        rulebook_digest="0" * 64,
        entries=entries,
    )
    return seal(draft, entries[-1].head, KEY)


POINTS = st.integers(-50_000, 50_000).map(lambda scaled: Decimal(scaled).scaleb(-4))
SETTLED = st.tuples(st.sampled_from(["税收", "出口"]), POINTS, st.sampled_from(["2026", "2026H1", "2026Q3"]))
FACTS = st.lists(st.one_of(SETTLED, st.tuples(st.just("扣"), POINTS, st.none())), max_size=8)


def total(entries: list[Entry], part: Period | None = None) -> Decimal:
    card = scorecard(RULEBOOK, ACCOUNT, entries, as_of=NEW_YEAR + timedelta(days=400), view=View.PUBLISHED, part=part)
    return card.confirmed.final


@settings(max_examples=60, deadline=None)
@given(FACTS, st.sets(st.integers(0, 7)))
def test_the_year_and_its_parts_are_never_mixed(facts: list[tuple[str, Decimal, str | None]], back: set[int]) -> None:
    """R35, R101: each total is the base, the clauses' points and its own settlement; a reversal goes with its entry."""
    entries: list[Entry] = []
    for clause, points, period in facts:
        entries.append(entry(entries, clause, points, period))
    kept = [fact for number, fact in enumerate(facts) if number not in back]
    for number in sorted(number for number in back if number < len(facts)):
        entries.append(undone(entries, entries[number]))

    for part, name in ((None, "2026"), (FIRST_HALF, "2026H1"), (THIRD_QUARTER, "2026Q3")):
        expected = sum((points for _, points, period in kept if period in (None, name)), Decimal(80))
        assert total(entries, part) == expected
        of_others = {id_.id for id_ in entries_of(entries, 2026, part) if id_.basis.period not in (None, name)}
        assert not of_others


def test_an_open_proposal_belongs_to_its_period() -> None:
    clause = settling_clause(RULEBOOK.indicators[0])
    basis = Basis(happened=Trigger.SETTLED, period="2026H1")
    proposal = replace(propose(clause, ACCOUNT, basis, key="x"), points=Decimal(4))
    at = NEW_YEAR + timedelta(days=1)

    year, half = (
        scorecard(RULEBOOK, ACCOUNT, (), [proposal], as_of=at, view=View.KNOWN, part=part)
        for part in (None, FIRST_HALF)
    )

    assert (year.provisional.final, half.provisional.final) == (Decimal(80), Decimal(84))


def test_a_part_and_the_year_are_settled_under_different_keys() -> None:
    """Whether the year's settlement has begun is asked by the beginning of its keys."""
    year, half = (proposal_key(11, "税收", period) for period in ("2026", "2026H1"))

    assert (year, half) == ("settle/11/税收/2026", "settle-2026H1/11/税收/2026H1")
    assert not half.startswith(beginning("2026"))


@pytest.mark.parametrize(
    ("said", "wrong"), [({"周期": "周"}, "周期"), ({"周期": "年"}, "周期"), ({"周期": "半年", "只限": [3]}, "只限")]
)
def test_only_parts_that_a_year_has(said: dict[str, object], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        PartOfYear.model_validate({"依据": "二", **said})


def test_only_the_parts_that_the_measure_names() -> None:
    halves = RULEBOOK.model_copy(
        update={"parts_of_year": (PartOfYear(frequency=Frequency.HALF, only=(1,), cite="二"),)}
    )

    assert halves.settles(FIRST_HALF)
    assert not any(map(halves.settles, (Period.parse("2026H2"), THIRD_QUARTER, Period.parse("2025H1"))))


# 两个合计


def test_a_score_made_of_stages_stands_apart_from_the_ledger() -> None:
    """R57: no text says how the one follows from the other."""
    stage = Stage(id="核实", name="实地核实", cite="二", by=By.ASSESSORS)
    measure = RULEBOOK.model_copy(update={"stages": (stage,), "composite": Composite(take="核实")})
    without_points = measure.model_copy(update={"clauses": (), "indicators": ()})

    assert apart_from_ledger(measure) == stage
    assert apart_from_ledger(without_points) is None
    assert apart_from_ledger(RULEBOOK) is None


# 部分无任务


def proposals_and_motions(reading: PartWithoutTask, floor: Decimal | None = Decimal(0)) -> Rulebook:
    category = Category(
        name="建议提案",
        full=Decimal(27),
        count=CategoryCount.DEDUCT,
        floor=floor,
        full_if_no_task=True,
        parts={"建议": Decimal(14), "提案": Decimal(13)},
    )
    update = {"categories": (category,), "readings": Readings(part_without_task=reading)}
    return RULEBOOK.model_copy(update=update)


def category_total(reading: PartWithoutTask, taken_off: Decimal, without: set[str]) -> Decimal:
    frame = frame_of(proposals_and_motions(reading), Subject.UNIT, without)
    return frame.add_up([("建议提案", -taken_off)]).categories["建议提案"].final


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400_000).map(lambda scaled: Decimal(scaled).scaleb(-4)))
def test_what_is_lost_elsewhere_never_reaches_a_part_without_a_task(taken_off: Decimal) -> None:
    """R33: 没有的那一类按无任务计满."""
    kept = category_total(PartWithoutTask.FULL, taken_off, {"提案"})

    assert kept == max(Decimal(27) - taken_off, Decimal(13))
    assert kept >= category_total(PartWithoutTask.FULL, taken_off, set())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 400_000).map(lambda scaled: Decimal(scaled).scaleb(-4)))
def test_spread_over_the_others_it_is_their_share_of_full_marks(taken_off: Decimal) -> None:
    spread = category_total(PartWithoutTask.SPREAD, taken_off, {"提案"})
    exact = Fraction(max(Decimal(14) - taken_off, Decimal(0))) * 27 / 14

    assert abs(Fraction(spread) - exact) <= Fraction(1, 20_000)
    assert to_scaled(spread) is not None, "four places, as the ledger holds them"
    assert category_total(PartWithoutTask.SPREAD, Decimal(0), {"提案"}) == 27


@pytest.mark.parametrize("reading", PartWithoutTask)
def test_with_no_task_in_any_part_it_is_the_whole(reading: PartWithoutTask) -> None:
    whole = category_total(reading, Decimal(4), {"建议提案"})

    assert category_total(reading, Decimal(4), {"建议", "提案"}) == whole == 23


# 分组合成


COHORTS = (
    Cohort(name="2007年", base=Parameter(value=Decimal(60)), full=Parameter(value=Decimal(95))),
    Cohort(name="2010年", base=Parameter(value=Decimal(20)), full=Parameter(value=Decimal(40))),
)


def together(made: CohortsMake | None, **parts: str) -> Fraction | None:
    indicator = between_base_and_full(None, None, cohorts=COHORTS, cohorts_make=Parameter[CohortsMake](value=made))
    return mark(indicator, IndicatorFacts(parts={name: Decimal(value) for name, value in parts.items()})).points


def test_cohorts_make_one_result_only_as_the_office_says() -> None:
    """R74: 3.594… and 4 points, each exactly."""
    figures = {"2007年": "70.4", "2010年": "30"}
    one, other = Fraction(3) + 2 * Fraction("10.4") / 35, Fraction(4)

    assert together(None, **figures) is None
    assert together(CohortsMake.MEAN, **figures) == (one + other) / 2
    assert together(CohortsMake.LOWEST, **figures) == one
    assert together(CohortsMake.SUM, **figures) == one + other


def test_one_cohort_missing_leaves_no_result_however_they_are_put_together() -> None:
    """R103: missing is 未报, never 0."""
    assert all(together(made, **{"2007年": "70.4"}) is None for made in CohortsMake)


def test_what_the_office_chose_for_now_is_marked() -> None:
    made = Parameter[CohortsMake](value=CohortsMake.MEAN, stand_in="原文未写")
    indicator = between_base_and_full(None, None, cohorts=COHORTS, cohorts_make=made)
    figures = IndicatorFacts(parts={"2007年": Decimal("70.4"), "2010年": Decimal("30")})

    assert mark(indicator, figures).stand_in
