"""Mutants of marks, targets and self-scores."""

from tests.mutants import probes_of_marks as m
from tests.mutants.mutant import Edit, Mutant, Probe


def _one(name: str, where: str, old: str, new: str, probe: Probe) -> Mutant:
    return Mutant(name, 0, (Edit(f"assessment.{where}", old, new),), probe)


MARKS = (
    _one(
        "an indicator that nobody reported counts as nought",
        "worksheet:reported",
        "Wanted(name, number,",
        "Wanted(name, number or Fraction(0),",
        m.unreported_has_no_points,
    ),
    _one(
        "a withheld value counts as nought",
        "worksheet:setting",
        "parameter.value,",
        "parameter.value or 0,",
        m.unset_has_no_points,
    ),
    _one(
        "of two figures the first one counts",
        "indicator_marks:_term",
        "if facts.contested:",
        "if False:",
        m.contested_has_no_points,
    ),
    _one(
        "the larger target is the stricter one",
        "targets:_of_both",
        "own > assigned if indicator.direction is Direction.HIGHER else own < assigned",
        "own > assigned",
        m.the_stricter_target_respects_the_direction,
    ),
    _one(
        "a unit answers for the whole",
        "targets:binding_target",
        "if part is not None:",
        "if False:",
        m.a_unit_is_held_to_its_part,
    ),
    _one(
        "a dual split is added",
        "targets:check_split",
        "_sum(whole, indicator.split)",
        "_sum(whole, (*indicator.split, *indicator.dual_split))",
        m.a_dual_split_is_not_added,
    ),
    _one(
        "a voucher counts as often as it comes",
        "indicator_facts:add_up",
        "tuple(same[0] for same in agreed)",
        "tuple(each for same in agreed for each in same)",
        m.a_voucher_counts_once,
    ),
    _one(
        "a deduction may add",
        "worksheet:deduction",
        "if each.amount.value > 0:",
        "if False:",
        m.a_deduction_never_adds,
    ),
    _one(
        "full marks fall below nothing",
        "points_by_way:deduct_from_full",
        ".at_least(NOTHING)",
        "",
        m.full_marks_end_at_nothing,
    ),
    _one(
        "discretion has no bounds",
        "points_by_way:_given",
        "if not span.holds(facts.given):",
        "if False:",
        m.discretion_is_bounded_and_reasoned,
    ),
    _one(
        "discretion needs no reason",
        "points_by_way:_must_say_why",
        "if not facts.reason.strip():",
        "if False:",
        m.discretion_is_bounded_and_reasoned,
    ),
    _one(
        "only the total is counted",
        "points_by_way:count_min",
        "for pair in compared]",
        "for pair in compared[:1]]",
        m.a_sub_count_counts,
    ),
    _one(
        "the reported figure outdoes the verified one",
        "indicator_facts:IndicatorFacts.figure",
        "self.value if self.verified is None else self.verified",
        "self.value",
        m.the_verified_figure_counts,
    ),
    _one(
        "a self-score's sum is believed",
        "self_scoring:check_self_score",
        "typed.total != score.total",
        "False",
        m.a_self_score_is_checked,
    ),
    _one(
        "a self-score goes above full marks",
        "self_scoring:_fault",
        "if number > full:",
        "if number > 2 * full:",
        m.a_self_score_is_checked,
    ),
    _one(
        "无任务 is believed everywhere",
        "self_scoring:_row",
        "if not category.full_if_no_task:",
        "if False:",
        m.a_self_score_is_checked,
    ),
)
