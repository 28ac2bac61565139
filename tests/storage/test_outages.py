"""What counts as an outage: from a failure until the next success, or without one, longer than a hiccup."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.outages import NOTICEABLE, lasted

START = datetime(2010, 8, 5, 9, tzinfo=UTC)


def tried(*attempts: tuple[int, bool]) -> list[tuple[datetime, bool]]:
    """Attempts by minutes, and whether each arrived."""
    return [(START + timedelta(minutes=minutes), arrived) for minutes, arrived in attempts]


@pytest.mark.parametrize(
    ("attempts", "outage"),
    [
        ((), False),
        (((0, True), (60, True)), False),
        (((0, False), (1, True)), False),
        (((0, False), (5, True)), True),
        (((0, False), (4, True), (10, False), (11, True)), False),
        (((0, False), (3, False), (6, True)), True),
        (((0, True), (1, False)), True),
    ],
)
def test_a_hiccup_is_no_outage(attempts: tuple[tuple[int, bool], ...], outage: bool) -> None:
    assert lasted(tried(*attempts)) is outage


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 400), min_size=1, max_size=20), st.data())
def test_where_all_arrived_there_was_none_and_where_none_did_there_was(gaps: list[int], data: st.DataObject) -> None:
    minutes = [sum(gaps[:number]) for number in range(1, len(gaps) + 1)]

    assert not lasted(tried(*((minute, True) for minute in minutes)))
    assert lasted(tried(*((minute, False) for minute in minutes)))
    late = data.draw(st.integers(0, len(minutes) - 1))
    mended = tried(*((minute, index != late) for index, minute in enumerate(minutes)))
    gap = mended[late + 1][0] - mended[late][0] if late + 1 < len(mended) else NOTICEABLE
    assert lasted(mended) is (gap >= NOTICEABLE)
