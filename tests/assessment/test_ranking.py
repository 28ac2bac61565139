"""Ranks within the peer group, on exact totals."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ledger import AccountKey
from assessment.ranking import Place, by_group, cut, last_place, of_kind, own_place, ranked
from assessment.rulebook import Subject

TOTALS = st.dictionaries(st.integers(1, 40), st.decimals(70, 75, places=1), max_size=15)


def places(*totals: str) -> list[int]:
    return [place.place for place in ranked({holder: Decimal(total) for holder, total in enumerate(totals)})]


def test_equals_share_a_place_and_the_next_is_left_out() -> None:
    assert places("90", "90.00", "88") == [1, 1, 3]
    assert places("80", "90", "80", "80") == [1, 2, 2, 2]


def test_what_is_shown_alike_is_not_alike() -> None:
    """89.995 is shown as 90, and is not 90."""
    assert places("90", "89.995") == [1, 2]


def test_own_place_is_within_the_peer_group() -> None:
    totals: dict[int, Decimal | None] = {1: Decimal(90), 2: Decimal(85), 3: Decimal(85), 4: Decimal(99)}
    groups = {1: "同类县", 2: "同类县", 3: "同类县", 4: "另一类"}

    assert own_place(2, totals, groups) == Place(holder=2, total=Decimal(85), place=2, of=3, tied=True)
    assert own_place(4, totals, groups) == Place(holder=4, total=Decimal(99), place=1, of=1, tied=False)


def test_there_is_no_place_while_a_total_of_a_peer_is_not_known() -> None:
    groups = {1: "同类县", 2: "同类县", 3: "另一类"}

    assert own_place(1, {1: Decimal(90), 2: None}, groups) is None
    assert own_place(1, {2: Decimal(90)}, groups) is None
    assert own_place(1, {1: Decimal(90), 2: Decimal(80), 3: None}, groups) is not None


@pytest.mark.parametrize(
    ("quota", "within", "undecided", "left"),
    [
        (0, (), (), 0),
        (1, (1,), (), 0),
        (2, (1,), (2, 3), 1),
        (3, (1, 2, 3), (), 0),
        (4, (1, 2, 3, 4), (), 0),
        (9, (1, 2, 3, 4), (), 0),
    ],
)
def test_a_tie_across_the_line_is_left_to_the_office(
    quota: int, within: tuple[int, ...], undecided: tuple[int, ...], left: int
) -> None:
    found = cut(ranked({1: Decimal(90), 2: Decimal(85), 3: Decimal(85), 4: Decimal(80)}), quota)

    assert (found.within, found.undecided, found.left) == (within, undecided, left)


@settings(max_examples=100, deadline=None)
@given(TOTALS)
def test_a_place_is_one_more_than_how_many_are_better(totals: dict[int, Decimal]) -> None:
    for place in ranked(totals):
        assert place.place == 1 + sum(total > place.total for total in totals.values())
        assert place.tied == (sum(total == place.total for total in totals.values()) > 1)


@settings(max_examples=100, deadline=None)
@given(TOTALS, st.integers(0, 20))
def test_nobody_outside_the_quota_is_better_than_anybody_within(totals: dict[int, Decimal], quota: int) -> None:
    found = cut(ranked(totals), quota)
    outside = totals.keys() - set(found.within)

    assert len(found.within) <= quota
    assert all(totals[inner] > totals[outer] for inner in found.within for outer in outside)
    assert len(found.within) + found.left == min(quota, len(totals))
    assert found.left < len(found.undecided) or not found.undecided


def test_every_peer_group_has_its_own_places() -> None:
    totals: dict[int, Decimal | None] = {1: Decimal(90), 2: Decimal(99), 3: Decimal(95), 4: None}
    counties, towns = by_group(totals, {1: "县", 2: "乡镇", 3: "县", 4: "乡镇"})

    assert [(place.holder, place.place) for place in counties.places] == [(3, 1), (1, 2)]
    assert (towns.name, towns.places, towns.unknown) == ("乡镇", (), (4,))


def test_lines_are_ranked_without_units() -> None:
    line, unit = AccountKey("督查", Subject.LINE, 41), AccountKey("督查", Subject.UNIT, 11)
    other = AccountKey("发展", Subject.LINE, 42)

    assert of_kind({line: Decimal(3), unit: Decimal(99), other: None}, "督查", Subject.LINE) == {41: Decimal(3)}


@settings(max_examples=100, deadline=None)
@given(TOTALS)
def test_those_in_last_place_have_the_lowest_total_and_somebody_before_them(totals: dict[int, Decimal]) -> None:
    last = last_place(ranked(totals))

    if len(set(totals.values())) < 2:
        assert last == ()
    else:
        assert set(last) == {holder for holder, total in totals.items() if total == min(totals.values())}
