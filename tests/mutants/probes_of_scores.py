"""What must hold of scores, grades, flags and what follows from them, as test bodies; no desk is needed."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from assessment.consequences import after_end, after_grade
from assessment.eligibility import Standing, eligibility, flags_of, last_place_flags
from assessment.grading import Candidate, propose_grades
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import mark_indicator
from assessment.ranking import ranked
from assessment.roster import Role
from assessment.rulebook import Composite, Consequence, Flag, Grading, Indicator, Readings, Stage
from assessment.settlement import settle
from assessment.stages import Cell, check_stage, compose
from tests.assessment.cards_of_points import TASKS, UNIT, a_clause, a_rulebook, an_entry, card_of, undo
from tests.handlers.desk import Desk

IN_TASKS = a_rulebook(categories=(TASKS,))
TAX = Indicator.model_validate(
    {
        "id": "税收",
        "name": "税收",
        "unit": "万元",
        "measure": "累计",
        "owners": ["财政局"],
        "cite": "一",
        "base": 3,
        "full": 6,
        "base_points": 3,
        "full_points": 5,
        "curve": "线性",
    }
)


def a_category_keeps_its_losses(_desk: Desk) -> None:
    """80 and 16 in the category: −20 there leaves 80, not 76."""
    card = card_of([an_entry(1, "任务一", "-20")], rulebook=IN_TASKS)

    assert card.confirmed.final == 80
    assert card.categories[0].confirmed.final == 0


def a_category_starts_at_full_marks(_desk: Desk) -> None:
    assert card_of([], rulebook=IN_TASKS).confirmed.final == 96


def a_total_is_the_sum_of_what_is_shown(_desk: Desk) -> None:
    entries = [an_entry(1, "任务一", "-3"), an_entry(2, "甲", "2"), an_entry(3, "任务二", "-1")]
    card = card_of(entries, rulebook=IN_TASKS)

    assert card.confirmed.raw == card.base + card.categories[0].confirmed.final + 2
    assert len(card.categories[0].lines) == 2


def a_reversal_revives_what_was_covered(_desk: Desk) -> None:
    large, small = an_entry(1, "甲", "-5", "M4"), an_entry(2, "乙", "-2", "M4")

    assert card_of([large, small]).confirmed.final == 75
    assert card_of([large, small, undo(large, 3)]).confirmed.final == 78


def settling_rounds_once_and_keeps_the_exact_points(_desk: Desk) -> None:
    """4 between 3 and 6 is worth 11/3: 3.6667 in the ledger, and the fraction beside it."""
    mark = mark_indicator(TAX, IndicatorFacts(value=Decimal(4)), Readings())
    proposal = settle(TAX, mark, programme="发展", unit=11, period="2026")

    assert proposal is not None
    assert mark.points == Fraction(11, 3)
    assert (proposal.points, proposal.basis.exact) == (Decimal("3.6667"), "11/3")
    assert proposal.key == "settle/11/税收/2026"


def what_nobody_reported_is_not_settled(_desk: Desk) -> None:
    mark = mark_indicator(TAX, IndicatorFacts(), Readings())

    assert settle(TAX, mark, programme="发展", unit=11, period="2026") is None


def grades_go_by_exact_scores_and_ties_by_people(_desk: Desk) -> None:
    grading = Grading.model_validate({"by": "条件", "grades": [{"name": "优秀", "at_least": 90, "rank_within": 1}]})

    def found(*totals: str) -> list[tuple[str | None, bool]]:
        candidates = [Candidate(holder=n, total=Decimal(total)) for n, total in enumerate(totals)]
        return [(one.grade, one.open) for one in propose_grades(grading, candidates)]

    assert found("90", "80") == [("优秀", False), (None, False)]
    assert found("89.995") == [(None, False)]
    assert found("95", "95") == [("优秀", True), ("优秀", True)]


def a_judgement_is_never_derived(_desk: Desk) -> None:
    grading = Grading.model_validate({"by": "评定", "grades": [{"name": "好"}]})

    assert propose_grades(grading, [Candidate(holder=1, total=Decimal(96))]) == ()


def a_recommendation_is_no_loss_and_a_flag_ends_with_its_year(_desk: Desk) -> None:
    clauses = (a_clause("建议", flag=Flag.RECOMMEND_INELIGIBLE), a_clause("取消", flag=Flag.INELIGIBLE))
    rulebook = a_rulebook().model_copy(update={"clauses": clauses})
    recommended = flags_of(card_of([an_entry(1, "建议", "-10")], rulebook=rulebook), 2026)
    lost = flags_of(card_of([an_entry(1, "取消", "-2")], rulebook=rulebook), 2026)

    assert eligibility(UNIT, 2026, recommended).may_be_awarded
    assert not eligibility(UNIT, 2026, lost).may_be_awarded
    assert eligibility(UNIT, 2027, lost).standing is Standing.ELIGIBLE


def last_place_is_told_to_those_who_decide(_desk: Desk) -> None:
    flags = last_place_flags(ranked({11: Decimal(70), 12: Decimal(90)}), programme="督查", year=2026)

    assert [flagged.account.holder for flagged in flags] == [11]
    assert not flags[0].may_be_told_to(Role.HEAD)
    assert flags[0].may_be_told_to(Role.LEADER)


def stages_keep_their_order_and_nothing_is_filled_in(_desk: Desk) -> None:
    first, second = (Stage.model_validate({"id": i, "name": i, "cite": "一", "by": "考核办"}) for i in ("甲", "乙"))
    composite = Composite.model_validate(
        {"weights": [{"stage": "甲", "weight": "0.5"}, {"stage": "乙", "weight": "0.5"}]}
    )
    rulebook = a_rulebook().model_copy(update={"stages": (first, second), "composite": composite})
    half = {"甲": Cell(Decimal(90))}

    assert check_stage(rulebook, {}, "乙", Cell(Decimal(90))) is not None
    assert compose(rulebook, half).value is None
    assert compose(rulebook, {**half, "乙": Cell(Decimal(80))}).value == 85


def a_week_counts_from_the_end_of_the_interview(_desk: Desk) -> None:
    written = {"cite": "三", "text": "原文"}
    consequences = (
        Consequence.model_validate({"id": "约谈", "name": "约谈", "grade": "较差", "act": "约谈", **written}),
        Consequence.model_validate(
            {"id": "报告", "name": "报告", "after": "约谈", "act": "书面报告", "days": 7, **written}
        ),
    )
    rulebook = a_rulebook().model_copy(update={"consequences": consequences})
    (interview,) = after_grade(rulebook, UNIT, "较差", date(2027, 1, 5))
    (report,) = after_end(rulebook, interview, date(2027, 1, 12))

    assert interview.due_day is None
    assert report.due_day == date(2027, 1, 19)
