"""Consequences: what follows from a grade, a flag or an interview, and until which day."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.consequences import after_end, after_entry, after_flag, after_grade, missing_contents, with_day_set
from assessment.rulebook import Consequence, Flag, Rulebook
from assessment.year_rules import Act
from tests.assessment.cards_of_points import UNIT, a_clause, a_rulebook, an_entry, undo

DECIDED = date(2027, 1, 5)


def a_consequence(name: str, **written: Any) -> Consequence:
    return Consequence.model_validate({"id": name, "name": name, "cite": "五", "text": "原文"} | written)


MEASURE = a_rulebook().model_copy(
    update={
        "consequences": (
            a_consequence("约谈", grade="较差", act="约谈"),
            a_consequence("书面报告", after="约谈", act="书面报告", days=7, required=["整改措施", "整改时限"]),
            a_consequence("书面说明", grade="一般", act="书面报告", days=None, required=["整改措施"]),
            a_consequence("抄送组织部门", grade="较差", act="待办"),
            a_consequence("限期整改", flag="取消评优资格", act="整改", days={"值": 30, "代入": "参照上年"}),
        )
    }
)


def test_a_poor_grade_brings_an_interview_without_a_day_and_a_task_to_copy() -> None:
    interview, copy = after_grade(MEASURE, UNIT, "较差", DECIDED)

    assert (interview.act, interview.due_day, interview.office_sets_day) == (Act.INTERVIEW, None, False)
    assert (copy.act, copy.name, copy.due_day, copy.office_sets_day) == (Act.TASK, "抄送组织部门", None, False)
    assert (interview.account, interview.year, interview.cite) == (UNIT, 2026, "五")


def test_the_week_is_counted_from_the_day_on_which_the_interview_ended() -> None:
    """约谈 noticed on 5 January, ended on 12 January: report by 19 January, 24:00 (A13)."""
    interview = after_grade(MEASURE, UNIT, "较差", DECIDED)[0]

    (report,) = after_end(MEASURE, interview, date(2027, 1, 12))

    assert (report.act, report.due_day, report.counted_from) == (Act.REPORT, date(2027, 1, 19), date(2027, 1, 12))
    assert report.required == ("整改措施", "整改时限")


def test_nothing_follows_where_nothing_is_written() -> None:
    copy = after_grade(MEASURE, UNIT, "较差", DECIDED)[1]

    assert after_grade(MEASURE, UNIT, "好", DECIDED) == ()
    assert after_flag(MEASURE, UNIT, Flag.VETO, DECIDED) == ()
    assert after_end(MEASURE, copy, DECIDED) == ()


def test_without_a_number_of_days_the_office_sets_the_day_first() -> None:
    (report,) = after_grade(MEASURE, UNIT, "一般", DECIDED)

    assert (report.due_day, report.office_sets_day) == (None, True)
    assert with_day_set(report, date(2027, 1, 20)).due_day == date(2027, 1, 20)
    assert not with_day_set(report, date(2027, 1, 20)).office_sets_day
    with pytest.raises(ValueError, match="2027-01-04"):
        with_day_set(report, date(2027, 1, 4))


def test_a_report_whose_days_are_not_mentioned_waits_for_the_office_too() -> None:
    unmentioned = a_consequence("书面报告", grade="一般", act="书面报告")
    measure = MEASURE.model_copy(update={"consequences": (unmentioned,)})

    assert after_grade(measure, UNIT, "一般", DECIDED)[0].office_sets_day


def test_an_interview_has_no_day_even_where_the_text_withholds_one() -> None:
    withheld = a_consequence("约谈", grade="较差", act="约谈", days=None)
    measure = MEASURE.model_copy(update={"consequences": (withheld,)})

    (interview,) = after_grade(measure, UNIT, "较差", DECIDED)

    assert (interview.due_day, interview.office_sets_day) == (None, False)


def test_a_flag_has_consequences_and_a_stand_in_is_told() -> None:
    (rectify,) = after_flag(MEASURE, UNIT, Flag.INELIGIBLE, date(2026, 3, 12))

    assert (rectify.act, rectify.due_day, rectify.stand_in) == (Act.RECTIFY, date(2026, 4, 11), True)


def test_a_report_says_all_that_is_required() -> None:
    interview = after_grade(MEASURE, UNIT, "较差", DECIDED)[0]
    (report,) = after_end(MEASURE, interview, date(2027, 1, 12))

    assert missing_contents(report, ["整改措施"]) == ("整改时限",)
    assert missing_contents(report, []) == ("整改措施", "整改时限")
    assert missing_contents(report, ["整改时限", "整改措施", "附记"]) == ()


def test_the_same_cause_brings_the_same_act() -> None:
    keys = [due.key for due in after_grade(MEASURE, UNIT, "较差", DECIDED)]

    assert keys == [due.key for due in after_grade(MEASURE, UNIT, "较差", date(2027, 2, 1))]
    assert len(set(keys)) == 2
    assert keys[0] == "consequence/单位/11/2026/约谈"


def a_measure_with_follow_up() -> Rulebook:
    return a_rulebook().model_copy(update={"clauses": (a_clause("重大失误", follow_up="组织处理"), a_clause("甲"))})


def test_a_grave_fault_leaves_a_task_to_others() -> None:
    entry = an_entry(7, "重大失误", "-5")

    (task,) = after_entry(a_measure_with_follow_up(), entry, DECIDED)

    assert (task.act, task.name, task.consequence, task.due_day) == (Act.TASK, "组织处理", None, None)
    assert task.key == "entry/7/重大失误"
    assert after_end(MEASURE, task, DECIDED) == ()
    assert after_entry(a_measure_with_follow_up(), an_entry(8, "甲", "-5"), DECIDED) == ()
    assert after_entry(a_measure_with_follow_up(), undo(entry, 9), DECIDED) == ()


@settings(max_examples=100, deadline=None)
@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 366))
def test_days_are_calendar_days_after_the_end(ended: date, days: int) -> None:
    measure = MEASURE.model_copy(
        update={
            "consequences": (
                MEASURE.consequences[0],
                a_consequence("书面报告", after="约谈", act="书面报告", days=days),
            )
        }
    )
    interview = after_grade(measure, UNIT, "较差", DECIDED)[0]
    (report,) = after_end(measure, interview, ended)

    assert report.due_day is not None
    assert (report.due_day - ended).days == days
