"""The two shipped rulebooks against their source texts: every printed value is there, nothing is invented."""

import csv
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.points import show_signed
from assessment.roster import Role
from assessment.rulebook import (
    Clause,
    Curve,
    Direction,
    Flag,
    Indicator,
    Per,
    Rulebook,
    Share,
    SignOff,
    Subject,
    TextPart,
    Timing,
    Trigger,
)
from assessment.rulebook_file import Loaded, load
from assessment.scoring_ways import Judged

ASSESSMENT = Path(__file__).parents[2] / "assessment"


def shipped(name: str) -> Loaded:
    file = ASSESSMENT / "rulebooks" / f"{name}.yaml"
    return load(file.read_text(encoding="utf-8"), file.name)


SUPERVISION = shipped("supervision-80")
SANMEN = shipped("sanmen-2010")

# 督查室督查工作考核办法(试行), 四: a clause a line, with what the page breaks had torn apart joined again.
SUPERVISION_SOURCE = Path(__file__).parent / "rulebooks" / "supervision-80.txt"
SUPERVISION_TEXT = dict(line.split(" ", 1) for line in SUPERVISION_SOURCE.read_text(encoding="utf-8").splitlines())

PRINTED = re.compile(r"(?P<sign>[加扣])(?P<first>\d+(?:\.\d+)?)(?:-(?P<last>\d+(?:\.\d+)?))?分")


def worth(clause: Clause) -> str:
    """What the clause is worth, as the table below writes it."""
    if clause.discretion is not None:
        return f"{show_signed(clause.discretion.lowest)}…{show_signed(clause.discretion.highest)}"
    return "未设定" if clause.points.value is None else show_signed(clause.points.value)


def printed_values(text: str) -> set[Decimal]:
    return {
        Decimal(number) * (1 if found["sign"] == "加" else -1)
        for found in PRINTED.finditer(text)
        for number in (found["first"], found["last"])
        if number is not None
    }


def values_of(clause: Clause) -> set[Decimal]:
    if clause.discretion is not None:
        return {clause.discretion.lowest, clause.discretion.highest}
    return set() if clause.points.value is None else {clause.points.value}


@pytest.mark.parametrize(
    ("cite", "expected"),
    [
        ("四(一)1", {"U1a": "+2", "U1b": "+1", "U1c": "+0.5…+1", "U1c-2": "+0.5…+1", "U1d": "−5", "U1e": "−2.5"}),
        ("四(一)2", {"U2a": "+0", "U2b": "−2", "U2c": "+5"}),
        ("四(一)3", {"U3a": "+1", "U3b": "+0.5", "U3c": "−1", "U3d": "−0.5"}),
        ("四(一)4", {"U4a": "+1", "U4b": "−2"}),
        ("四(一)5", {"U5a": "+1", "U5b": "−0.5", "U5c": "−2"}),
        ("四(一)6", {"U6": "+1"}),
        ("四(一)7", {"U7": "−2"}),
        ("四(一)8", {"U8": "−10"}),
        ("四(二)1", {"P1a": "+2", "P1b": "−2…−1"}),
        ("四(二)2", {"P2a": "+0.5", "P2b": "−1", "P2c": "−2"}),
        ("四(二)3", {"P3a": "+0.2", "P3b": "−0.2", "P3b-2": "−0.2"}),
        ("四(二)4", {"P4": "−1", "P4-2": "−1"}),
        ("四(二)5", {"P5a": "+1", "P5b": "+2"}),
        ("四(二)6", {"P6a": "−1", "P6b": "−2"}),
        ("四(二)7", {"P7a": "+5", "P7b": "−5"}),
        ("四(二)8", {"P8": "−5"}),
    ],
)
def test_each_clause_of_the_80_point_measure_has_its_value(cite: str, expected: dict[str, str]) -> None:
    found = {clause.id: worth(clause) for clause in SUPERVISION.rulebook.clauses if clause.cite == cite}

    assert found == expected


@pytest.mark.parametrize("cite", SUPERVISION_TEXT)
def test_every_value_that_the_80_point_measure_prints_is_in_a_clause_and_no_other_is(cite: str) -> None:
    clauses = [clause for clause in SUPERVISION.rulebook.clauses if clause.cite == cite]

    assert {value for clause in clauses for value in values_of(clause)} - {Decimal(0)} == printed_values(
        SUPERVISION_TEXT[cite]
    )


def test_clauses_quote_the_80_point_measure_word_for_word() -> None:
    for clause in SUPERVISION.rulebook.clauses:
        assert clause.text in SUPERVISION_TEXT[clause.cite], clause.id


def test_units_start_at_80_and_are_capped_at_100_persons_have_an_account_of_their_own() -> None:
    unit, person = SUPERVISION.rulebook.account(Subject.UNIT), SUPERVISION.rulebook.account(Subject.PERSON)

    assert unit is not None
    assert (unit.base, unit.cap, unit.floor) == (Decimal(80), Decimal(100), None)
    assert person is not None
    assert (person.base, person.cap, person.floor) == (Decimal(0), None, None)


def test_part_one_concerns_units_part_two_persons_and_the_heading_the_leaders_lines() -> None:
    """R24, R26: three kinds of accounts, never mixed; what a line is worth the text does not say."""
    parts = {"四(一)": Subject.UNIT, "四(二)": Subject.PERSON, "四": Subject.LINE}
    for clause in SUPERVISION.rulebook.clauses:
        assert clause.subject is next(parts[part] for part in parts if clause.cite.startswith(part)), clause.id

    line = SUPERVISION.rulebook.account(Subject.LINE)
    assert line is not None
    assert (line.base, line.cap, line.floor) == (Decimal(0), None, None)
    assert not SUPERVISION.rulebook.clause("L1").points.is_set


def test_what_came_of_a_matter_counts_by_the_day_like_a_plan() -> None:
    """R11: “工作计划或办理结果”: a clause for each, the one for matters with their classes."""
    plan, result = SUPERVISION.rulebook.clause("P4"), SUPERVISION.rulebook.clause("P4-2")

    assert (plan.classes, set(result.classes)) == ((), set(SUPERVISION.rulebook.matter_classes))
    assert (result.per, result.points, result.subject) == (plan.per, plan.points, plan.subject)


def test_points_for_matters_depend_on_share_timing_and_class() -> None:
    rulebook = SUPERVISION.rulebook
    lead, co, early, late = (rulebook.clause(name) for name in ("U1a", "U1b", "U1c", "U1d"))

    assert (lead.share, lead.trigger, lead.timing) == (Share.LEAD, Trigger.MATTER_DONE, Timing.ON_TIME)
    assert co.share is Share.CO
    assert (early.timing, early.supplements) == (Timing.EARLY, "U1a")
    assert rulebook.clause("U1c-2").supplements == "U1b"
    assert late.trigger is Trigger.MATTER_LATE
    assert set(lead.classes) == {"招商引资", "为民办实事", "对上争取", "市重大项目", "专项督查"}
    assert rulebook.clause("U2b").classes == ("县主要领导交办",)
    assert set(rulebook.matter_classes) == {*lead.classes, "县主要领导交办"}


def test_network_and_records_are_judged_once_at_one_of_their_grades() -> None:
    groups = Counter(clause.exclusive_group for clause in SUPERVISION.rulebook.clauses if clause.exclusive_group)

    assert groups == {"督查工作网络": 2, "督查台账": 3}
    assert all(clause.per is Per.ONCE for clause in SUPERVISION.rulebook.clauses if clause.exclusive_group)


def test_recommending_to_take_eligibility_away_is_not_taking_it_away() -> None:
    flags = {clause.id: clause.flag for clause in SUPERVISION.rulebook.clauses if clause.flag}

    assert flags == {"U8": Flag.RECOMMEND_INELIGIBLE, "P2c": Flag.INELIGIBLE}


def test_what_other_departments_do_is_only_a_task() -> None:
    follow_ups = {clause.id: clause.follow_up for clause in SUPERVISION.rulebook.clauses if clause.follow_up}

    assert follow_ups.keys() == {"P7a", "P7b", "P8"}


def test_a_plan_late_after_urging_costs_the_person_a_point_a_day() -> None:
    clause = SUPERVISION.rulebook.clause("P4")

    assert (clause.trigger, clause.per, clause.subject) == (Trigger.URGED_NOT_REPORTED, Per.DAY, Subject.PERSON)
    assert SUPERVISION.rulebook.duty("月度工作计划").clauses == ("P3a", "P3b", "P4")


def test_no_clause_of_the_shipped_rulebooks_enters_the_ledger_by_itself() -> None:
    assert not [clause.id for clause in SUPERVISION.rulebook.clauses if clause.automatic]
    assert SANMEN.rulebook.clauses == ()


def test_the_80_point_measure_gives_no_due_day() -> None:
    plan, weekly = SUPERVISION.rulebook.duties

    assert plan.due.value is not None
    assert (plan.due.value.day_of_month, plan.due.mark, plan.sign_off) == (5, "◇", SignOff.NONE)
    assert [stand_in.path for stand_in in SUPERVISION.stand_ins] == ["报送任务 › 工作计划 › 截止"]
    assert not weekly.due.is_set
    assert "报送任务 › 工作完成情况 › 截止" in [unset.path for unset in SUPERVISION.unset]
    assert [(w.path, w.what) for w in SUPERVISION.warnings if not w.path.startswith("存疑")] == [
        ("报送任务 › 2 › 截止", "没有设定截止，不会布置“工作完成情况”")
    ]


# Name, unit, base, full mark; — where the speech withholds the figure.
SANMEN_TABLE = """
外贸自营出口 亿美元 — 5.03
农转用土地供地率/2007年 % — 95
农转用土地供地率/2008年 % — 85
农转用土地供地率/2009年 % — 60
农转用土地供地率/2010年 % — 40
万元工业增加值能耗 吨标准煤/万元 — 0.7322
规上亩均工业总产值 万元/亩 168.7 202.44
规上亩均税收 万元/亩 7.56 9.08
高新技术产业总产值占比 % — 37.25
水环境出境断面指标率 % 70 80
化学需氧量排放量削减率 % — —
二氧化硫排放量削减率 % — —
计划生育率 % — —
信访积案化解息访率 % — 85
刑事案件破案率 % — 98
食品安全抽检合格率 % — —
民生支出占财政支出比重 % — 98
城镇居民人均可支配收入 元 — —
农民居民人均纯收入 元 — —
社会保障覆盖率 % — —
新型农村合作医疗参保率 % — —
"""


def table_of(rulebook: Rulebook) -> list[list[str]]:
    return [
        [
            f"{indicator.name}/{target.name}" if target is not indicator else indicator.name,
            indicator.unit,
            *(str(value) if value is not None else "—" for value in (target.base.value, target.full.value)),
        ]
        for indicator in rulebook.indicators
        if indicator.way is None
        for target in (indicator.cohorts or (indicator,))
    ]


def test_each_figure_of_the_speech_is_in_the_table_and_none_is_invented() -> None:
    assert table_of(SANMEN.rulebook) == [line.split() for line in SANMEN_TABLE.strip().splitlines()]


def test_figures_are_quoted_in_the_remark_that_goes_with_them() -> None:
    for indicator in SANMEN.rulebook.indicators:
        for target in indicator.cohorts or (indicator,):
            for value in (target.base.value, target.full.value):
                assert value is None or str(value) in (indicator.note or ""), indicator.name


def between_base_and_full() -> list[Indicator]:
    return [indicator for indicator in SANMEN.rulebook.indicators if indicator.way is None]


def test_the_county_has_no_points_in_its_text_so_all_of_them_are_stand_ins() -> None:
    for indicator in between_base_and_full():
        assert indicator.base_points.value == 3
        assert indicator.full_points.value == (Decimal("4.6") if indicator.name == "计划生育率" else 5)
        assert indicator.curve.value is Curve.LINEAR
        assert indicator.base_points.mark == indicator.full_points.mark == indicator.curve.mark == "◇"
    assert len(SANMEN.stand_ins) == 3 * len(between_base_and_full()) + len(SANMEN.rulebook.duties)


def test_targets_that_units_set_themselves_are_judged_and_have_no_points_in_the_text() -> None:
    """R112: 特色创新自选目标, led by two departments; nobody reports a figure for it."""
    (own,) = [indicator for indicator in SANMEN.rulebook.indicators if indicator.way is not None]

    assert isinstance(own.way, Judged)
    assert not own.way.full.is_set
    assert (own.headings, own.owners) == (("特色创新自选目标",), ("县发改局", "县纪委"))


def test_below_base_food_safety_costs_what_the_speech_does_not_say() -> None:
    """R69: “还要出现倒扣分现象”: unset, and so never 0."""
    withheld = [i.name for i in SANMEN.rulebook.indicators if "below_base" in i.model_fields_set]

    assert withheld == ["食品安全抽检合格率"]
    assert not SANMEN.rulebook.indicator("food-safety").below_base.is_set


def test_family_planning_leaves_the_1_6_points_open_that_the_speech_names() -> None:
    indicator = SANMEN.rulebook.indicator("family-planning")

    assert "1.6分" in (indicator.note or "")
    assert (indicator.full_points.value or 0) - (indicator.base_points.value or 0) == Decimal("1.6")


def test_everything_that_the_speech_withholds_is_listed_as_unset() -> None:
    gaps = sum(line.count("—") for line in SANMEN_TABLE.splitlines())

    targets = [unset for unset in SANMEN.unset if unset.path.endswith(("基本任务", "满分目标"))]
    assert len(targets) == gaps
    assert "指标 › 万元工业增加值能耗 › 基本任务" in {unset.path for unset in SANMEN.unset}
    assert [warning.path for warning in SANMEN.warnings if not warning.path.startswith("存疑")] == []


def test_only_energy_use_improves_downwards() -> None:
    lower = [entry.name for entry in SANMEN.rulebook.indicators if entry.direction is Direction.LOWER]

    assert lower == ["万元工业增加值能耗"]


def reported_first_by(unit: str) -> list[Indicator]:
    return [indicator for indicator in SANMEN.rulebook.indicators if indicator.owners[0] == unit]


def test_the_bureau_of_economy_and_trade_reports_four_indicators() -> None:
    assert [indicator.name for indicator in reported_first_by("县经贸局")] == [
        "万元工业增加值能耗",
        "规上亩均工业总产值",
        "规上亩均税收",
        "高新技术产业总产值占比",
    ]
    assert len(reported_first_by("县环保局")) == 3


@pytest.mark.parametrize(
    ("typed", "indicator"),
    [
        ("亩均总产值", "output-per-mu"),
        ("亩均税收", "tax-per-mu"),
        ("能耗", "energy"),
        ("高新占比", "high-tech"),
        ("供地率", "land-supply"),
        ("破案率", "crimes-solved"),
        ("水环境", "water"),
        ("SO2", "so2"),
    ],
)
def test_words_that_clerks_use_are_aliases(typed: str, indicator: str) -> None:
    assert typed in SANMEN.rulebook.indicator(indicator).aliases


def test_the_county_reports_monthly_figures_unsigned_and_a_signed_quarterly_analysis() -> None:
    monthly, analysis = SANMEN.rulebook.duties

    assert (monthly.indicators, monthly.cumulative, monthly.parts, monthly.sign_off) == (True, True, (), SignOff.NONE)
    assert monthly.first == "2010-07"
    assert (set(analysis.parts), analysis.sign_off, analysis.review) == (set(TextPart), SignOff.HEAD, True)
    assert all(duty.due.value is not None and duty.due.stand_in for duty in SANMEN.rulebook.duties)


# The demonstration county


def roster() -> list[dict[str, str]]:
    with (ASSESSMENT / "demo" / "roster.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_unit_that_the_rulebooks_name_is_in_the_demo_roster() -> None:
    known = {row["单位"] for row in roster()} | {row["类别"] for row in roster()}
    rulebooks = (SUPERVISION.rulebook, SANMEN.rulebook)
    named = {rulebook.office for rulebook in rulebooks} | {SANMEN.rulebook.assessed}
    named |= {unit for rulebook in rulebooks for duty in rulebook.duties for unit in duty.units}
    named |= {unit for indicator in SANMEN.rulebook.indicators for unit in indicator.owners}

    # The text speaks of townships and the commission for discipline, of which the demonstration has none.
    assert named - known == {"乡镇", "县纪委"}


def test_every_department_has_someone_to_report_to_sign_and_to_be_told() -> None:
    for unit in {row["单位"] for row in roster() if row["类别"] == "县直部门"}:
        posts = Counter(row["岗位"] for row in roster() if row["单位"] == unit)
        assert posts == {Role.REPORTER: 1, Role.DEPUTY: 1, Role.HEAD: 1, Role.LEADER_IN_CHARGE: 1}, unit


def test_the_demo_roster_is_consistent() -> None:
    rows = roster()
    names = [name for row in {row["单位"]: row for row in rows}.values() for name in (row["单位"], *aliases(row))]

    assert {row["岗位"] for row in rows} <= set(Role)
    assert len(names) == len(set(names))
    for key, value in (("账号", "姓名"), ("姓名", "账号"), ("单位", "单位别名"), ("单位", "类别")):
        assert len({(row[key], row[value]) for row in rows}) == len({row[key] for row in rows}), (key, value)


def aliases(row: dict[str, str]) -> list[str]:
    return row["单位别名"].split("、")
