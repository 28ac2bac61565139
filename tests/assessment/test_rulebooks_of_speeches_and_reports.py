"""The seven measures that speeches and reports describe: what the text fixes is there, what it withholds is null."""

from decimal import Decimal
from pathlib import Path

import pytest

from assessment.clause import Trigger
from assessment.periods import Frequency
from assessment.rulebook import Rulebook
from assessment.rulebook_file import load
from assessment.scoring_ways import CountMin, DeductOnly, Judged
from assessment.year_rules import Act, By, GradedBy

FOLDER = Path(__file__).parents[2] / "assessment" / "rulebooks"


def shipped(name: str) -> Rulebook:
    return load((FOLDER / f"{name}.yaml").read_text("utf-8"), name).rulebook


PROVINCE, CITY, MONTHLY = shipped("grain-province"), shipped("grain-city"), shipped("monthly-roundup")
RURAL, GRADES = shipped("two-assessments"), shipped("four-grades")
SPECIAL, REPAIR = shipped("special-supervision"), shipped("rectification")


def test_the_province_scores_itself_first_then_ministries_then_the_spot_check() -> None:
    assert [(stage.name, stage.by) for stage in PROVINCE.stages] == [
        ("省级自评", By.UNIT),
        ("部委评审", By.DEPARTMENT),
        ("国家抽查", By.ASSESSORS),
    ]
    assert "佐证材料" in PROVINCE.stages[0].required
    assert PROVINCE.composite is None


def test_one_item_of_the_province_only_deducts_one_is_judged_and_none_has_points() -> None:
    ways = {indicator.id: indicator.way for indicator in PROVINCE.indicators}
    deductions, qualitative = ways["deductions"], ways["qualitative"]

    assert isinstance(deductions, DeductOnly)
    assert isinstance(qualitative, Judged)
    assert not deductions.each.is_set
    assert not qualitative.full.is_set
    assert all(indicator.headings for indicator in PROVINCE.indicators)
    assert PROVINCE.duty("评分依据材料").files


def test_the_department_named_first_leads() -> None:
    assert PROVINCE.indicator("deductions").owners == ("省粮食局", "省发改委", "省农委")


def test_the_province_has_five_stages_for_its_cities_and_a_rehearsal_that_does_not_count() -> None:
    rehearsal, *stages = CITY.stages

    assert (rehearsal.name, rehearsal.reference_only) == ("模拟考核", True)
    assert [stage.name for stage in stages] == ["自查评分", "部门评审", "部门抽查", "综合评价", "考核通报"]
    assert not any(stage.reference_only for stage in stages)
    assert all(not stage.due.is_set for stage in CITY.stages)
    assert CITY.composite is None


def test_a_city_is_assessed_and_assesses_its_counties() -> None:
    assert CITY.duty("对县考核").units == ("市(地)",)
    assert "省考核" in CITY.said[0].text


def test_two_months_from_the_meeting_are_a_stand_in_of_days() -> None:
    duty = CITY.duty("监督检查科")

    assert duty.due.value is not None
    assert (duty.due.value.after_event, duty.due.mark) == (60, "◇")
    assert duty.event == "推进汇报暨培训动员会议"


def test_what_the_monthly_round_up_withholds_stays_open() -> None:
    assert [duty.due.is_set for duty in MONTHLY.duties] == [False, False]
    assert [duty.upper for duty in MONTHLY.duties] == [False, True]
    assert [duty.first for duty in MONTHLY.duties] == [None, None]
    assert all(not clause.points.is_set and clause.trigger is not Trigger.RECORDED for clause in MONTHLY.clauses)


@pytest.mark.parametrize(("lower", "upper", "told"), [(8, 8, True), (9, 8, True), (5, 8, False)])
def test_the_provinces_own_day_must_come_after_that_of_the_cities(lower: int, upper: int, *, told: bool) -> None:
    text = (FOLDER / "monthly-roundup.yaml").read_text("utf-8")
    for day in (lower, upper):
        text = text.replace("截止: null", f"截止: {{次月: {day}}}", 1)

    warnings = [warning.what for warning in load(text, "月信息.yaml").warnings]

    assert ("下级截止日不早于上级" in warnings) is told


def test_excellent_is_90_points_and_the_first_five_places_for_five_cities() -> None:
    assert RURAL.grading is not None
    (excellent,) = RURAL.grading.grades

    assert RURAL.grading.by is GradedBy.CONDITIONS
    assert (excellent.at_least.value, excellent.rank_within.value, excellent.quota.value) == (Decimal(90), 5, 5)
    assert RURAL.composite is not None
    assert RURAL.composite.take == "实绩"


def test_rewards_are_those_that_the_speech_prints() -> None:
    assert {award.name: award.amount.value for award in RURAL.awards} == {
        "优秀市州": None,
        "乡村振兴先进县": 6000,
        "成效显著县": 4000,
        "重点帮扶优秀县": 4000,
        "乡村振兴先进乡镇": 500,
        "乡村振兴示范村": 60,
        "重点帮扶优秀村": 60,
    }
    assert {award.currency for award in RURAL.awards} == {"万元"}


def test_problems_have_four_kinds_and_evidence_is_due_before_the_team_arrives() -> None:
    assert RURAL.rectification is not None
    assert RURAL.rectification.kinds == ("资料缺失", "进度缓慢", "确实无法完成", "加减分项")
    assert RURAL.rectification.unattainable == "确实无法完成"
    due = RURAL.duty("佐证材料").due.value
    assert due is not None
    assert (due.before_event, RURAL.duty("佐证材料").files) == (1, True)


def test_four_grades_are_judged_and_told_in_a_circle() -> None:
    assert GRADES.grading is not None
    assert [grade.name for grade in GRADES.grading.grades] == ["好", "较好", "一般", "较差"]
    assert GRADES.grading.by is GradedBy.JUDGEMENT
    assert GRADES.grading.circle
    assert GRADES.clauses == ()


def test_the_written_report_is_due_a_week_after_the_interview_has_ended() -> None:
    interview, report, explanation = GRADES.consequences

    assert (interview.grade, interview.act, interview.days.value) == ("较差", Act.INTERVIEW, None)
    assert (report.after, report.days.value, report.required) == ("约谈", 7, ("整改措施", "整改时限"))
    assert (explanation.grade, explanation.act, explanation.days.value) == ("一般", Act.REPORT, None)


def counts(rulebook: Rulebook) -> dict[str, CountMin]:
    return {indicator.name: indicator.way for indicator in rulebook.indicators if isinstance(indicator.way, CountMin)}


def test_meetings_and_reports_are_counted() -> None:
    assert {name: count.at_least.value for name, count in counts(GRADES).items()} == {
        "专题研究": 2,
        "情况通报": 2,
        "专题汇报次数": 2,
    }
    assert counts(SPECIAL).keys() == {indicator.name for indicator in SPECIAL.indicators}
    study, service = counts(SPECIAL)["中心组集中学习"], counts(SPECIAL)["志愿服务活动"]
    assert study.at_least.value == 12
    assert {part.name: part.at_least.value for part in study.parts} == {"扩大学习": 4, "邀请旁听": 1}
    assert (service.monthly, study.monthly) == (True, False)


def test_the_topic_report_is_owed_every_half_year() -> None:
    duty = GRADES.duty("专题汇报")

    assert duty.frequency is Frequency.HALF
    assert duty.due.value is not None
    assert duty.due.value.last_day is True


def test_praise_and_criticism_of_the_circular_are_recorded_without_points() -> None:
    assert [(clause.name, bool(clause.follow_up)) for clause in SPECIAL.clauses] == [
        ("督查通报表扬", True),
        ("督查通报批评", True),
    ]
    assert not any("points" in clause.model_fields_set for clause in SPECIAL.clauses)


def test_an_item_of_rectification_names_who_how_and_by_when() -> None:
    assert REPAIR.rectification is not None
    assert REPAIR.rectification.required == ("责任领导", "责任部门", "整改时限", "整改措施")
    assert {duty.event for duty in REPAIR.duties} == {"收到整改通知书"}


def test_no_measure_of_the_seven_takes_eligibility_away_or_enters_anything_by_itself() -> None:
    every = (PROVINCE, CITY, MONTHLY, RURAL, GRADES, SPECIAL, REPAIR)

    assert not [clause.id for book in every for clause in book.clauses if clause.automatic or clause.flag]
