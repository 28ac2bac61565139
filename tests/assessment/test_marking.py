"""Marking: what facts and clauses make of each other."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ledger import AccountKey
from assessment.marking import Fact, MatterDone, MatterLate, Proposal, Reported, Returned, UrgedNotReported, mark
from assessment.rulebook import (
    Clause,
    CountFrom,
    Parameter,
    Per,
    Range,
    Readings,
    Rulebook,
    Share,
    Subject,
    Timing,
    Trigger,
)

THURSDAY, FRIDAY, MONDAY = date(2026, 3, 5), date(2026, 3, 6), date(2026, 3, 9)
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))


def a_clause(clause_id: str, trigger: Trigger, points: str | None = "-1", **said: Any) -> Clause:
    value = Parameter[Decimal](value=Decimal(points)) if points is not None else Parameter[Decimal]()
    values: dict[str, Any] = {"id": clause_id, "name": clause_id, "text": "原文", "cite": "一", "trigger": trigger}
    return Clause(**(values | {"points": value} | said))


def a_rulebook(*clauses: Clause, **said: Any) -> Rulebook:
    values = {"id": "r", "name": "办法", "version": "1", "year": 2026, "office": "考核办", "source": "测试"}
    return Rulebook.model_validate({**values, "clauses": clauses, **said})


A_DAY = a_clause("每日", Trigger.URGED_NOT_REPORTED, subject=Subject.PERSON, per=Per.DAY)


def urged(**said: Any) -> UrgedNotReported:
    values: dict[str, Any] = {
        "obligation": 501,
        "unit": 11,
        "person": 21,
        "due_day": THURSDAY,
        "first_urged": FRIDAY,
        "reported": MONDAY,
        "today": date(2026, 3, 20),
    }
    return UrgedNotReported(**(values | said))


def only(fact: Fact, rulebook: Rulebook) -> Proposal:
    found = mark(fact, rulebook, programme="督查")
    assert len(found) == 1
    return found[0]


def points_of(fact: Fact, rulebook: Rulebook) -> Decimal | None:
    """The points of the one proposal, 0 for none."""
    found = mark(fact, rulebook, programme="督查")
    return found[0].points if found else Decimal(0)


def test_urged_on_friday_and_reported_on_monday_costs_three_days() -> None:
    proposal = only(urged(), a_rulebook(A_DAY))

    assert proposal.points == Decimal(-3)
    assert proposal.basis.days == (date(2026, 3, 7), date(2026, 3, 8), MONDAY)
    assert proposal.account == AccountKey("督查", Subject.PERSON, 21)
    assert proposal.key == "obligation/501/每日"


def test_reported_on_the_day_of_the_urging_costs_nothing() -> None:
    assert mark(urged(reported=FRIDAY), a_rulebook(A_DAY), programme="督查") == ()


def test_a_second_urging_changes_nothing() -> None:
    """There is no place for it in the fact: only the first day counts."""
    assert only(urged(today=MONDAY), a_rulebook(A_DAY)) == only(urged(today=date(2026, 4, 1)), a_rulebook(A_DAY))


def test_the_value_grows_by_the_day_under_one_key() -> None:
    rulebook = a_rulebook(A_DAY)
    growing = [only(urged(reported=None, today=MONDAY + timedelta(days=past)), rulebook) for past in range(3)]

    assert [proposal.points for proposal in growing] == [Decimal(-3), Decimal(-4), Decimal(-5)]
    assert len({proposal.key for proposal in growing}) == 1


def test_the_other_reading_counts_from_the_day_after_the_due_day() -> None:
    rulebook = a_rulebook(A_DAY, readings=Readings(count_from=CountFrom.AFTER_DUE))

    assert points_of(urged(), rulebook) == Decimal(-4)
    assert points_of(urged(reported=THURSDAY), rulebook) == Decimal(0)


def test_a_report_before_the_urging_costs_nothing_by_any_reading() -> None:
    late_urging = urged(first_urged=date(2026, 3, 12))

    for reading in CountFrom:
        assert points_of(late_urging, a_rulebook(A_DAY, readings=Readings(count_from=reading))) == Decimal(0)


def test_a_clause_that_does_not_count_days_counts_once() -> None:
    rulebook = a_rulebook(A_DAY.model_copy(update={"per": Per.EACH}))
    proposal = only(urged(), rulebook)

    assert proposal.points == Decimal(-1)
    assert proposal.basis.days == ()


@settings(max_examples=100, deadline=None)
@given(DAYS, DAYS, DAYS)
def test_each_day_from_the_urging_to_the_report_costs_one_point(first: date, reported: date, today: date) -> None:
    fact = urged(due_day=date(2025, 12, 31), first_urged=first, reported=reported, today=today)

    assert points_of(fact, a_rulebook(A_DAY)) == -max((reported - first).days, 0)


@settings(max_examples=100, deadline=None)
@given(DAYS, DAYS, st.none() | DAYS, st.sampled_from(CountFrom))
def test_it_never_gets_cheaper_by_waiting(first: date, today: date, reported: date | None, reading: CountFrom) -> None:
    rulebook = a_rulebook(A_DAY, readings=Readings(count_from=reading))
    fact = urged(due_day=date(2026, 1, 1), first_urged=first, reported=reported, today=today)

    now = points_of(fact, rulebook)
    tomorrow = points_of(replace(fact, today=today + timedelta(days=1)), rulebook)

    assert now is not None
    assert tomorrow is not None
    assert tomorrow <= now <= 0


def test_nobody_is_charged_where_nobody_is_responsible() -> None:
    assert mark(urged(person=None), a_rulebook(A_DAY), programme="督查") == ()


def test_a_line_of_units_is_never_charged_by_a_fact_about_a_unit() -> None:
    assert mark(urged(), a_rulebook(A_DAY.model_copy(update={"subject": Subject.LINE})), programme="督查") == ()


def test_only_the_clauses_of_the_duty_apply() -> None:
    rulebook = a_rulebook(A_DAY, A_DAY.model_copy(update={"id": "别的任务"}))

    assert [p.clause for p in mark(urged(), rulebook, programme="督查", among=["每日"])] == ["每日"]
    assert mark(urged(), rulebook, programme="督查", among=[]) == ()
    assert len(mark(urged(), rulebook, programme="督查")) == 2


def late(**said: Any) -> MatterLate:
    values: dict[str, Any] = {
        "obligation": 502,
        "unit": 11,
        "matter": "M1",
        "share": Share.LEAD,
        "matter_class": "项目",
        "due_day": THURSDAY,
        "today": FRIDAY,
    }
    return MatterLate(**(values | said))


MATTER_CLAUSES = a_rulebook(
    a_clause("主办逾期", Trigger.MATTER_LATE, "-5", share=Share.LEAD, classes=("项目",)),
    a_clause("协办逾期", Trigger.MATTER_LATE, "-2.5", share=Share.CO, classes=("项目",)),
    a_clause("都算", Trigger.MATTER_LATE, "-2"),
)


@pytest.mark.parametrize(
    ("fact", "clauses"),
    [
        (late(), ["主办逾期", "都算"]),
        (late(share=Share.CO), ["协办逾期", "都算"]),
        (late(matter_class="别的"), ["都算"]),
        (late(today=THURSDAY), []),
        (late(done=THURSDAY, today=MONDAY), []),
        (late(done=FRIDAY, today=MONDAY), ["主办逾期", "都算"]),
    ],
)
def test_share_class_and_due_day_choose_the_clauses(fact: MatterLate, clauses: list[str]) -> None:
    found = mark(fact, MATTER_CLAUSES, programme="督查")

    assert [proposal.clause for proposal in found] == clauses
    assert {proposal.matter for proposal in found} <= {"M1"}


def test_a_late_matter_can_be_charged_by_the_day() -> None:
    rulebook = a_rulebook(a_clause("逐日", Trigger.MATTER_LATE, "-0.5", per=Per.DAY))

    assert points_of(late(today=MONDAY), rulebook) == Decimal(-2)
    assert points_of(late(done=FRIDAY, today=MONDAY), rulebook) == Decimal("-0.5")


@pytest.mark.parametrize(
    ("timing", "clauses"),
    [
        (Timing.EARLY, ["按期加分", "提前加分", "不论"]),
        (Timing.ON_TIME, ["按期加分", "不论"]),
        (Timing.LATE, ["逾期办结", "不论"]),
    ],
)
def test_done_early_is_done_on_time_too(timing: Timing, clauses: list[str]) -> None:
    rulebook = a_rulebook(
        a_clause("按期加分", Trigger.MATTER_DONE, "2", timing=Timing.ON_TIME),
        a_clause("提前加分", Trigger.MATTER_DONE, "1", timing=Timing.EARLY),
        a_clause("逾期办结", Trigger.MATTER_DONE, "0", timing=Timing.LATE),
        a_clause("不论", Trigger.MATTER_DONE, "0"),
    )
    fact = MatterDone(obligation=1, unit=11, matter="M1", share=Share.CO, matter_class="项目", timing=timing)

    assert [proposal.clause for proposal in mark(fact, rulebook, programme="督查")] == clauses


def test_each_return_counts() -> None:
    rulebook = a_rulebook(a_clause("退回", Trigger.RETURNED))

    assert points_of(Returned(obligation=1, unit=11, times=3), rulebook) == Decimal(-3)
    assert points_of(Returned(obligation=1, unit=11, times=0), rulebook) == Decimal(0)


@pytest.mark.parametrize(("on_time", "clause"), [(True, "按时"), (False, "逾期")])
def test_a_report_is_either_on_time_or_late(on_time: bool, clause: str) -> None:
    rulebook = a_rulebook(
        a_clause("按时", Trigger.REPORTED_ON_TIME, "0.2"), a_clause("逾期", Trigger.REPORTED_LATE, "-0.2")
    )

    assert only(Reported(obligation=1, unit=11, on_time=on_time, reported=MONDAY), rulebook).clause == clause


def test_a_withheld_value_is_unset_and_never_zero() -> None:
    proposal = only(late(), a_rulebook(a_clause("未给分值", Trigger.MATTER_LATE, None)))

    assert proposal.points is None
    assert proposal.is_unset


def test_a_range_is_left_to_the_office() -> None:
    span = Range(lowest=Decimal("0.5"), highest=Decimal(1))
    proposal = only(late(), a_rulebook(a_clause("酌情", Trigger.MATTER_LATE, None, discretion=span)))

    assert (proposal.points, proposal.lowest, proposal.highest) == (None, Decimal("0.5"), Decimal(1))
    assert not proposal.is_unset


def test_a_stand_in_is_marked() -> None:
    value = Parameter[Decimal](value=Decimal(-1), stand_in="原文未给")
    rulebook = a_rulebook(a_clause("代入", Trigger.MATTER_LATE, None).model_copy(update={"points": value}))

    assert only(late(), rulebook).stand_in


def test_a_line_is_charged_for_itself_and_only_where_there_is_one() -> None:
    of_lines = a_clause("条线", Trigger.RETURNED, subject=Subject.LINE)
    fact = Returned(obligation=501, unit=11, person=21, line=41, times=1)

    assert only(fact, a_rulebook(of_lines)).account == AccountKey("督查", Subject.LINE, 41)
    assert mark(replace(fact, line=None), a_rulebook(of_lines), programme="督查") == ()


@pytest.mark.parametrize(("matter_class", "share", "expected"), [("", None, "计划"), ("交办", Share.CO, "办理结果")])
def test_what_came_of_a_matter_and_a_plan_have_clauses_of_their_own(
    matter_class: str, share: Share | None, expected: str
) -> None:
    """R11: “工作计划或办理结果”: only a clause that names its classes speaks of matters, and of nothing else."""
    by_day = {"subject": Subject.PERSON, "per": Per.DAY}
    rulebook = a_rulebook(
        a_clause("计划", Trigger.URGED_NOT_REPORTED, **by_day),
        a_clause("办理结果", Trigger.URGED_NOT_REPORTED, classes=("交办",), **by_day),
        a_clause("主办的", Trigger.URGED_NOT_REPORTED, classes=("交办",), share=Share.LEAD, **by_day),
        a_clause("别的类别", Trigger.URGED_NOT_REPORTED, classes=("招商",), **by_day),
        matter_classes=("交办", "招商"),
    )

    found = mark(urged(matter_class=matter_class, share=share), rulebook, programme="督查")

    assert [(proposal.clause, proposal.points) for proposal in found] == [(expected, Decimal(-3))]
