"""Grades by conditions: exact lines, ties, quotas, flags; and that a better score never means a worse grade."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.grading import Candidate, Condition, Holds, ProposedGrade, propose_grades
from assessment.rulebook import Flag, Grading

EXCELLENT = {"name": "优秀", "at_least": 90, "rank_within": 5}


def a_grading(*grades: Mapping[str, Any], by: str = "条件") -> Grading:
    return Grading.model_validate({"by": by, "grades": grades})


def candidates(*totals: str | None, flagged: Mapping[int, Flag] | None = None) -> list[Candidate]:
    """Holders 1, 2, 3 … with these totals."""
    flags = flagged or {}
    return [
        Candidate(
            holder=holder,
            total=None if total is None else Decimal(total),
            flags=frozenset({flags[holder]} if holder in flags else ()),
        )
        for holder, total in enumerate(totals, start=1)
    ]


def grades(grading: Grading, whom: Iterable[Candidate]) -> list[str]:
    """One word each: the grade, with ? where it is left to people; 无 for none."""
    return [f"{found.grade or '无'}{'?' if found.open else ''}" for found in propose_grades(grading, whom)]


def test_92_4_and_fifth_is_excellent() -> None:
    found = propose_grades(a_grading(EXCELLENT), candidates("96", "95", "94", "93", "92.4", "92"))

    assert [one.holder for one in found if one.grade] == [1, 2, 3, 4, 5]
    assert [(reason.condition, reason.holds, reason.wanted, reason.found) for reason in found[4].reasons] == [
        (Condition.AT_LEAST, Holds.YES, 90, Decimal("92.4")),
        (Condition.RANK_WITHIN, Holds.YES, 5, 5),
    ]
    assert [reason.holds for reason in found[5].reasons] == [Holds.YES, Holds.NO]


def test_90_is_90_and_89_995_is_not() -> None:
    assert grades(a_grading(EXCELLENT), candidates("90", "90.00", "89.995", "89.9999")) == ["优秀", "优秀", "无", "无"]


def test_a_tie_on_the_last_place_within_goes_to_people() -> None:
    whom = candidates("96", "95", "94", "93", "92", "92", "91")
    found = propose_grades(a_grading(EXCELLENT), whom)

    assert grades(a_grading(EXCELLENT), whom) == ["优秀"] * 4 + ["优秀?", "优秀?", "无"]
    assert found[4].reasons[1].tied == (6,)


def test_a_tie_within_is_no_tie_across() -> None:
    whom = candidates("96", "95", "94", "93", "93")

    assert grades(a_grading(EXCELLENT), whom) == ["优秀"] * 5


def test_fewer_than_the_quota_stay_fewer() -> None:
    grading = a_grading({"name": "优秀", "at_least": 90, "quota": 5}, {"name": "良好"})

    assert grades(grading, candidates("95", "91", "89")) == ["优秀", "优秀", "良好"]


def test_a_quota_takes_the_first_and_leaves_the_rest_to_the_next_grade() -> None:
    grading = a_grading({"name": "一等", "quota": 1}, {"name": "二等", "quota": 2}, {"name": "三等"})

    assert grades(grading, candidates("80", "95", "91", "89")) == ["三等", "一等", "二等", "二等"]


def test_a_tie_across_a_quota_goes_to_people_and_keeps_the_places_below_open() -> None:
    """Of the two tied one falls to 二等: its single place is then taken or not by the third; nobody is pushed."""
    grading = a_grading({"name": "一等", "quota": 1}, {"name": "二等", "quota": 1}, {"name": "三等"})

    assert grades(grading, candidates("95", "95", "90", "80")) == ["一等?", "一等?", "二等?", "三等"]


def test_a_flag_excludes_and_its_place_stays_its_own() -> None:
    """96 points and a veto: not excellent; but it was first, and the sixth does not move up."""
    grading = a_grading(EXCELLENT | {"without": ["否决"]}, {"name": "良好", "at_least": 80})
    whom = candidates("96", "95", "94", "93", "92", "91", flagged={1: Flag.VETO})

    assert grades(grading, whom) == ["良好", "优秀", "优秀", "优秀", "优秀", "良好"]


def test_a_flag_that_the_grade_does_not_name_excludes_nobody() -> None:
    grading = a_grading(EXCELLENT | {"without": ["取消评优资格"]})

    assert grades(grading, candidates("96", flagged={1: Flag.RECOMMEND_INELIGIBLE})) == ["优秀"]
    assert grades(grading, candidates("96", flagged={1: Flag.INELIGIBLE})) == ["无"]


def test_grades_by_judgement_are_never_derived() -> None:
    assert propose_grades(a_grading({"name": "好"}, {"name": "较差"}, by="评定"), candidates("96", "40")) == ()


def test_a_number_that_is_withheld_leaves_the_grade_open() -> None:
    grading = a_grading({"name": "优秀", "at_least": None}, {"name": "良好"})

    assert grades(grading, candidates("96", "40")) == ["优秀?", "优秀?"]
    assert propose_grades(grading, candidates("96"))[0].reasons[0].wanted is None


def test_a_condition_that_is_not_written_is_not_asked_for() -> None:
    assert grades(a_grading({"name": "优秀"}), candidates("96", None)) == ["优秀", "优秀"]


def test_a_total_that_is_not_known_leaves_open_what_depends_on_it() -> None:
    grading = a_grading({"name": "优秀", "at_least": 90, "rank_within": 1}, {"name": "良好"})

    assert grades(grading, candidates("96", None, "80")) == ["优秀?", "优秀?", "良好"]
    assert propose_grades(grading, candidates("96", None))[0].reasons[1].found is None
    assert grades(a_grading({"name": "前两名", "rank_within": 2}), candidates("96", None, "80")) == [
        "前两名",
        "前两名?",
        "前两名?",
    ]


@pytest.mark.parametrize("totals", [(), ("50",)])
def test_few_or_none(totals: tuple[str, ...]) -> None:
    assert grades(a_grading(EXCELLENT), candidates(*totals)) == ["无"] * len(totals)


TOTALS = st.lists(st.decimals(86, 93, places=0).map(str), min_size=1, max_size=9)
GRADINGS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "at_least": st.integers(86, 93),
            "rank_within": st.integers(1, 6),
            "quota": st.integers(0, 4),
            "without": st.just(["否决"]),
        },
    ),
    min_size=1,
    max_size=3,
).map(lambda written: a_grading(*({"name": f"{at}等"} | one for at, one in enumerate(written))))
FLAGGED = st.dictionaries(st.integers(1, 9), st.just(Flag.VETO), max_size=3)


def height(grading: Grading, found: ProposedGrade) -> float:
    """Higher is better; an open grade lies between itself and the next lower one."""
    names = [grade.name for grade in grading.grades]
    place = names.index(found.grade) if found.grade else len(names)
    return -place - (0.5 if found.open else 0)


@settings(max_examples=300, deadline=None)
@given(GRADINGS, TOTALS, FLAGGED, st.data())
def test_a_higher_score_never_means_a_lower_grade(
    grading: Grading, totals: list[str], flagged: dict[int, Flag], data: st.DataObject
) -> None:
    who = data.draw(st.integers(0, len(totals) - 1))
    better = [*totals[:who], str(Decimal(totals[who]) + data.draw(st.integers(1, 3))), *totals[who + 1 :]]

    before = propose_grades(grading, candidates(*totals, flagged=flagged))[who]
    after = propose_grades(grading, candidates(*better, flagged=flagged))[who]

    assert height(grading, before) <= height(grading, after)


@settings(max_examples=200, deadline=None)
@given(GRADINGS, TOTALS, FLAGGED)
def test_the_better_scored_of_two_without_flags_is_not_graded_lower(
    grading: Grading, totals: list[str], flagged: dict[int, Flag]
) -> None:
    found = propose_grades(grading, candidates(*totals, flagged=flagged))
    unflagged = [one for one in found if one.holder not in flagged]

    for one in unflagged:
        for other in unflagged:
            if Decimal(totals[one.holder - 1]) > Decimal(totals[other.holder - 1]):
                assert height(grading, one) >= height(grading, other)
            if Decimal(totals[one.holder - 1]) == Decimal(totals[other.holder - 1]):
                assert height(grading, one) == height(grading, other)


@settings(max_examples=200, deadline=None)
@given(GRADINGS, TOTALS, FLAGGED)
def test_no_more_are_proposed_than_the_quota_whatever_people_decide_of_the_open(
    grading: Grading, totals: list[str], flagged: dict[int, Flag]
) -> None:
    found = propose_grades(grading, candidates(*totals, flagged=flagged))

    for grade in grading.grades:
        certain = [one for one in found if one.grade == grade.name and not one.open]
        if grade.quota.value is not None:
            assert len(certain) <= grade.quota.value
        for one in certain:
            assert not (set(grade.without) & {flagged.get(one.holder)})
            assert grade.at_least.value is None or Decimal(totals[one.holder - 1]) >= grade.at_least.value
