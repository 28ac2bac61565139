"""What a duty asks of one unit, and what an answer still lacks: missing is never nought."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment import rulebook_file
from assessment.periods import Period
from assessment.requirements import is_in, items, leads, missing, reported_by, tells_the_year
from assessment.roster import Unit
from assessment.rulebook import Duty, Rulebook, TextPart
from assessment.submission import Answer, Figure, Slot

RULEBOOKS = Path(__file__).parent.parent.parent / "assessment" / "rulebooks"
TOWN = rulebook_file.load((RULEBOOKS / "sanmen-2010.yaml").read_text("utf-8"), "sanmen-2010.yaml").rulebook
OFFICE = rulebook_file.load((RULEBOOKS / "supervision-80.yaml").read_text("utf-8"), "supervision-80.yaml").rulebook

TRADE = Unit(1, "县经贸局", ("经贸局",))
LAND = Unit(2, "国土资源局", ("县国土资源局",))
PLANNING = Unit(3, "县发改局")
TOURISM = Unit(4, "县旅游局")
MONTHLY, ANALYSIS, PLAN = TOWN.duty("月进展"), TOWN.duty("半年分析"), OFFICE.duty("月度工作计划")
JULY, DECEMBER = Period.parse("2010-07"), Period.parse("2010-12")
TAX, EXPECTED_TAX = Slot("tax-per-mu", Figure.ACTUAL), Slot("tax-per-mu", Figure.FORECAST)


def lacking(
    answer: Answer, unit: Unit = TRADE, duty: Duty = MONTHLY, rulebook: Rulebook = TOWN, period: Period = JULY
) -> tuple[str, ...]:
    return missing(items(rulebook, duty, unit, period), answer)


def test_the_first_owner_reports_a_shared_indicator() -> None:
    """The four shared with 科技, 地税, 国税 and 国土 are 县经贸局's, which is named first (R93)."""
    assert [i.id for i in reported_by(TOWN, TRADE)] == ["energy", "output-per-mu", "tax-per-mu", "high-tech"]
    assert reported_by(TOWN, Unit(5, "县科技局")) == ()


def test_whoever_publishes_a_figure_is_asked_for_it_and_for_no_forecast() -> None:
    """R72: 数出 makes a second figure of the same indicator; whose points it is about stays as it was."""
    published = [
        one.model_copy(update={"published_by": "县统计局"} if one.id == TAX.indicator else {})
        for one in TOWN.indicators
    ]
    town, statistics = TOWN.model_copy(update={"indicators": tuple(published)}), Unit(6, "县统计局")

    assert [one.slots for one in items(town, MONTHLY, statistics, JULY)] == [(TAX,)]
    assert reported_by(town, statistics) == ()
    assert "县统计局" in leads(town)
    assert items(town, MONTHLY, TRADE, JULY) == items(TOWN, MONTHLY, TRADE, JULY)


def test_an_alias_is_as_good_as_the_name() -> None:
    assert [i.id for i in reported_by(TOWN, LAND)] == ["land-supply"]


def test_a_unit_without_indicators_owes_nothing() -> None:
    assert items(TOWN, MONTHLY, TOURISM, JULY) == ()


def test_nothing_in_yet() -> None:
    assert lacking(Answer()) == (
        "万元工业增加值能耗",
        "规上亩均工业总产值",
        "规上亩均税收",
        "高新技术产业总产值占比",
    )


def test_half_of_an_indicator_names_the_other_half() -> None:
    answer = Answer(values={TAX: Decimal("3.8")})

    assert "规上亩均税收(预测)" in lacking(answer)


def test_december_leaves_nothing_to_forecast() -> None:
    """1—12月 is the year's own figure; a month by itself is not, and neither is 1—7月."""
    reached = Answer(values={TAX: Decimal("7.6")})
    single = MONTHLY.model_copy(update={"cumulative": False})

    assert "规上亩均税收" not in "".join(lacking(reached, period=DECEMBER))
    assert "规上亩均税收(预测)" in lacking(reached, period=JULY)
    assert "规上亩均税收(预测)" in lacking(reached, duty=single, period=DECEMBER)


@pytest.mark.parametrize(
    ("period", "last"),
    [
        ("2010-11", False),
        ("2010-12", True),
        ("2010Q3", False),
        ("2010Q4", True),
        ("2010H1", False),
        ("2010H2", True),
        ("2010", True),
        ("2010-W51", False),
        ("2010-W52", True),
    ],
)
def test_the_period_that_ends_the_year(period: str, last: bool) -> None:
    assert tells_the_year(MONTHLY, Period.parse(period)) is last


def test_nought_is_a_figure_and_missing_is_not() -> None:
    assert "规上亩均税收" not in lacking(Answer(values={TAX: Decimal(0), EXPECTED_TAX: Decimal(0)}))
    assert "规上亩均税收" in lacking(Answer())


def test_every_cohort_is_asked_for() -> None:
    one = Answer(values={Slot("land-supply", Figure.ACTUAL, "2007年"): Decimal("70.4")})

    assert lacking(one, LAND) == ("农转用土地供地率(2008年、2009年、2010年)",)


def test_a_nil_of_one_indicator_and_of_the_whole_duty() -> None:
    assert "规上亩均税收" not in lacking(Answer(nil_reasons={"tax-per-mu": "停产"}))
    assert lacking(Answer(nil_reasons={"": "本月未开展"})) == ()


@pytest.mark.parametrize("text", ["", None])
def test_written_parts(text: str | None) -> None:
    full: dict[TextPart, str] = {TextPart.PROGRESS: "已写", TextPart.PROBLEMS: "已写", TextPart.NEXT_STEPS: "已写"}
    assert lacking(Answer(parts=full), PLANNING, ANALYSIS) == ()

    without = {part: words for part, words in full.items() if part.value != "存在问题"}
    if text is not None:
        without[TextPart.PROBLEMS] = text
    assert lacking(Answer(parts=without), PLANNING, ANALYSIS) == ("存在问题",)


def test_a_duty_of_one_free_text() -> None:
    assert lacking(Answer(), TOURISM, PLAN, OFFICE) == ("工作计划",)
    assert lacking(Answer(parts={TextPart.PROGRESS: "抓落实"}), TOURISM, PLAN, OFFICE) == ()


SLOTS = [slot for item in items(TOWN, MONTHLY, TRADE, JULY) for slot in item.slots]


@settings(max_examples=100, deadline=None)
@given(st.sets(st.sampled_from(SLOTS)), st.sets(st.sampled_from(SLOTS)))
def test_more_figures_never_lack_more(some: set[Slot], more: set[Slot]) -> None:
    """What is in stays in, and an item is in exactly when nothing of it is named as missing."""
    wanted = items(TOWN, MONTHLY, TRADE, JULY)
    small, large = (Answer(values=dict.fromkeys(slots, Decimal(1))) for slots in (some, some | more))

    assert {name.split("(")[0] for name in missing(wanted, large)} <= {n.split("(")[0] for n in missing(wanted, small)}
    assert sum(is_in(item, large) for item in wanted) == len(wanted) - len(missing(wanted, large))
