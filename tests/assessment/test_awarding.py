"""Awards: when they are given, who may be chosen, and what they come to."""

from decimal import Decimal
from typing import Any

import pytest

from assessment.awarding import choosable, is_given_in, reward_table
from assessment.eligibility import Eligibility, Standing
from assessment.rulebook import Award, Rulebook
from tests.assessment.cards_of_points import a_rulebook


def an_award(name: str, **written: Any) -> Award:
    return Award.model_validate({"name": name, "to": "县", "cite": "一"} | written)


COUNTY = an_award("先进县", grade="优秀", amount=6000, quota=1)
TOWN = an_award("先进乡镇", to="乡镇", amount=500)
VILLAGE = an_award("示范村", to="村", amount=60)
PEOPLE = an_award("先进个人", to="个人", amount=None)


def a_measure(*awards: Award) -> Rulebook:
    return a_rulebook().model_copy(update={"awards": awards})


def test_a_county_two_towns_and_three_villages_come_to_7180() -> None:
    table = reward_table(
        a_measure(COUNTY, TOWN, VILLAGE), {"先进县": [1], "先进乡镇": [2, 3], "示范村": [4, 5, 6]}, year=2026
    )

    assert [row.total for row in table.rows] == [6000, 1000, 180]
    assert [(one.currency, one.total, one.complete) for one in table.sums] == [("万元", 7180, True)]
    assert (table.unset, table.stand_in) == ((), False)


def test_an_amount_that_is_not_set_is_named_and_not_guessed() -> None:
    table = reward_table(a_measure(COUNTY, PEOPLE), {"先进县": [1], "先进个人": [7]}, year=2026)

    assert table.unset == ("先进个人",)
    assert [(one.total, one.complete) for one in table.sums] == [(6000, False)]


def test_where_no_amount_at_all_is_set_there_is_no_sum() -> None:
    table = reward_table(a_measure(PEOPLE), {"先进个人": [7]}, year=2026)

    assert (table.sums, table.unset) == ((), ("先进个人",))


def test_an_award_without_winners_costs_nothing_and_lacks_nothing() -> None:
    table = reward_table(a_measure(COUNTY, PEOPLE), {"先进县": [1]}, year=2026)

    assert [row.winners for row in table.rows] == [(1,), ()]
    assert (table.unset, table.sums[0].complete) == ((), True)


def test_currencies_are_not_mixed() -> None:
    medal = an_award("奖章", amount=2, currency="枚")
    table = reward_table(a_measure(COUNTY, medal), {"先进县": [1], "奖章": [1, 2]}, year=2026)

    assert [(one.currency, one.total) for one in table.sums] == [("万元", 6000), ("枚", 4)]


def test_more_winners_than_places_are_left_to_people() -> None:
    (row,) = reward_table(a_measure(COUNTY), {"先进县": [1, 2, 3]}, year=2026).rows

    assert (row.winners, row.over_quota) == ((1, 2, 3), 2)


def test_a_stand_in_is_told() -> None:
    stood_in = an_award("先进县", amount={"值": 6000, "代入": "参照上年"})

    assert reward_table(a_measure(stood_in), {"先进县": [1]}, year=2026).stand_in
    assert not reward_table(a_measure(stood_in), {}, year=2026).stand_in


def test_amounts_are_exact() -> None:
    exact = an_award("奖金", amount=Decimal("0.1"))

    assert reward_table(a_measure(exact), {"奖金": [1, 2, 3]}, year=2026).sums[0].total == Decimal("0.3")


@pytest.mark.parametrize(
    ("year", "given"), [(2023, False), (2024, False), (2025, True), (2026, False), (2027, True), (2029, True)]
)
def test_every_two_years_counts_from_its_first(year: int, given: bool) -> None:
    meeting = an_award("督查工作先进单位", every_years=2, from_year=2025)

    assert is_given_in(meeting, year) is given


def test_in_a_year_without_the_award_nobody_wins_it() -> None:
    meeting = an_award("督查工作先进单位", every_years=2, from_year=2025)

    assert reward_table(a_measure(meeting, COUNTY), {}, year=2026).rows[0].award == COUNTY
    with pytest.raises(KeyError):
        reward_table(a_measure(meeting), {"督查工作先进单位": [1]}, year=2026)
    with pytest.raises(KeyError):
        reward_table(a_measure(meeting), {"没有这个奖": [1]}, year=2025)


def test_chosen_are_those_of_the_kind_with_the_grade_and_without_a_flag() -> None:
    found = choosable(
        COUNTY,
        grades={1: "优秀", 2: "优秀", 3: "良好", 4: "优秀", 5: "优秀"},
        groups={1: "县", 2: "县", 3: "县", 4: "乡镇", 5: "县"},
        standings={2: Eligibility(Standing.VETOED), 5: Eligibility(Standing.RECOMMENDED)},
    )

    assert (found.holders, found.excluded) == ((1, 5), (2,))
    assert (found.quota, found.too_many, found.quota_unset) == (1, 1, False)


def test_an_award_without_a_grade_is_open_to_all_of_its_kind() -> None:
    found = choosable(TOWN, grades={2: "良好"}, groups={1: "县", 2: "乡镇", 3: "乡镇"}, standings={})

    assert (found.holders, found.quota, found.too_many) == ((2, 3), None, 0)


def test_a_withheld_quota_is_told() -> None:
    assert choosable(an_award("甲", quota=None), grades={}, groups={}, standings={}).quota_unset
    assert not choosable(an_award("甲"), grades={}, groups={}, standings={}).quota_unset
