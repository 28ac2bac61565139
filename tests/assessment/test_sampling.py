"""A sample is drawn by the seed alone, and anybody can draw it again (R114)."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.sampling import draw

TOWNS = ("甲镇", "乙镇", "丙镇", "丁镇", "戊镇")
SEED = "31415926535897932384626433832795"
NAMES = st.sets(st.text("甲乙丙丁戊己庚辛镇乡", min_size=1, max_size=4), min_size=1, max_size=12)


def test_two_towns_drawn_as_with_a_pocket_tool() -> None:
    """R114: printf '种子\\n甲镇' | sha256sum for each town, sorted: the first two are drawn."""
    by_hand = sorted(TOWNS, key=lambda town: sha256(f"{SEED}\n{town}".encode()).hexdigest())

    assert draw(TOWNS, 2, SEED) == tuple(by_hand[:2]) == ("戊镇", "丙镇")


@settings(deadline=None, max_examples=60)
@given(NAMES, st.data(), st.text("0123456789", min_size=1, max_size=32))
def test_the_order_of_the_names_does_not_matter(names: set[str], data: st.DataObject, seed: str) -> None:
    wanted = data.draw(st.integers(1, len(names)))
    shuffled = data.draw(st.permutations(sorted(names)))

    drawn = draw(shuffled, wanted, seed)

    assert drawn == draw(sorted(names), wanted, seed)
    assert len(set(drawn)) == wanted
    assert set(drawn) <= names


@settings(deadline=None, max_examples=60)
@given(NAMES, st.data())
def test_a_larger_sample_begins_with_the_smaller_one(names: set[str], data: st.DataObject) -> None:
    wanted = data.draw(st.integers(1, len(names)))

    assert draw(names, len(names), SEED)[:wanted] == draw(names, wanted, SEED)


def test_another_seed_draws_others() -> None:
    assert len({draw(TOWNS, 1, str(seed)) for seed in range(60)}) == len(TOWNS)


@pytest.mark.parametrize("wanted", [0, -1, 6])
def test_none_and_more_than_there_are_cannot_be_drawn(wanted: int) -> None:
    with pytest.raises(ValueError, match="cannot be drawn"):
        draw(TOWNS, wanted, SEED)
