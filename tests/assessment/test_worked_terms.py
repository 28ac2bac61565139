"""Arithmetic as it is printed: brackets where they are needed, signs that people write, rounding that is admitted."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.worked_terms import Amount, Calculation, Case, Held, Sign, Term, exact_text, nearest, term_in_words


def n(number: str | int, name: str = "") -> Amount:
    return Amount(Fraction(number), name)


@pytest.mark.parametrize(
    ("term", "printed"),
    [
        ((n(155) - n(0)) / n("168.7") * n(5, "满分"), "(155−0)÷168.7×满分5≈4.59"),
        (n(1) - (n(2) + n(3)), "1−(2＋3)＝−4"),
        (n(8) / (n(4) / n(2)), "8÷(4÷2)＝4"),
        (n(2) * (n(3) + n(4)), "2×(3＋4)＝14"),
        (n(2) + n(3) * n(4), "2＋3×4＝14"),
        (n(2) - n(-3), "2−(−3)＝5"),
        (n(5, "满分") + n(-1, "每次") * n(2), "满分5＋每次(−1)×2＝3"),
        (n(1) / n(8), "1÷8≈0.13"),
        (n(7).at_most(n(5, "满分")), "7，计满分5"),
        (n(3).at_most(n(5, "满分")), "3"),
        (n(1) + (n(2) * n(3)).at_most(n(4, "上限")), "1＋上限4＝5"),
        (Case((Held(n(1), n(2, "标准"), reached=False),), n(0)), "1未达到标准2，计0"),
        (Amount(Fraction(1, 4), "权重", is_stand_in=True) * n(92), "权重0.25◇×92＝23"),
    ],
)
def test_it_is_written_as_people_write_it(term: Term, printed: str) -> None:
    assert term_in_words(term) == printed


def test_a_figure_without_end_is_called_about() -> None:
    assert exact_text(Fraction("0.7322")) == "0.7322"
    assert exact_text(Fraction(-1, 3)) == "−约0.33"
    assert [nearest(Fraction(number)) for number in ("0.005", "-0.005", "-0.004", "2.50")] == [
        "0.01",
        "−0.01",
        "0",
        "2.5",
    ]


AMOUNTS = st.decimals(-50, 50, places=1).map(lambda number: Amount(Fraction(number)))
TERMS = st.recursive(AMOUNTS, lambda inner: st.builds(Calculation, st.sampled_from(Sign), inner, inner), max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(TERMS)
def test_what_is_printed_comes_to_what_was_computed(term: Term) -> None:
    try:
        value = term.value
    except ZeroDivisionError:
        return
    printed = re.split("[＝≈]", term_in_words(term))
    python = printed[0].translate(str.maketrans("＋−×÷", "+-*/"))
    again = eval(re.sub(r"[0-9.]+", r"Fraction('\g<0>')", python), {"Fraction": Fraction})  # noqa: S307 - digits, signs and brackets only

    assert again == value
    if len(printed) > 1:
        assert abs(Fraction(Decimal(printed[1].replace("−", "-"))) - value) <= Fraction(1, 200)
