"""The scorecard: what counts, what is covered, and that the past stays as it was."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from assessment.ledger import AccountKey
from assessment.rulebook import CapAt, Flag, SameMatter, Subject
from assessment.scorecard import Raised, Status, View, scorecard, why
from tests.assessment.cards_of_points import (
    BASIS,
    END,
    RULEBOOK,
    START,
    a_proposal,
    a_rulebook,
    an_entry,
    card_of,
    statuses,
    undo,
)


def test_an_empty_account_has_its_base() -> None:
    card = card_of([])

    assert {card.base, card.confirmed.final, card.provisional.final} == {Decimal(80)}
    assert not card.confirmed.capped


def test_an_account_without_a_frame_starts_at_nothing() -> None:
    person = AccountKey("督查", Subject.PERSON, 11)
    card = scorecard(RULEBOOK, person, [an_entry(1, "甲", "-1", account=person)], as_of=END, view=View.PUBLISHED)

    assert card.confirmed.final == -1


def test_other_accounts_are_left_aside() -> None:
    others = [
        an_entry(1, "甲", "-1", account=AccountKey("督查", Subject.PERSON, 11)),
        an_entry(2, "甲", "-1", account=AccountKey("督查", Subject.UNIT, 12)),
        an_entry(3, "甲", "-1", account=AccountKey("发展", Subject.UNIT, 11)),
    ]

    assert card_of(others) == card_of([])


def test_the_covered_line_names_what_covers_it() -> None:
    card = card_of([an_entry(1, "甲", "1", "M4"), an_entry(2, "乙", "2", "M4")])

    assert card.confirmed.final == 82
    assert card.line("1").status is Status.SUPPRESSED
    assert card.line("1").covered_by == "2"


def test_a_supplement_is_weighed_with_the_clause_that_it_supplements() -> None:
    card = card_of([an_entry(1, "乙", "2.5", "M4"), an_entry(2, "甲", "2", "M4"), an_entry(3, "补甲", "0.8", "M4")])

    assert card.confirmed.final == Decimal("82.8")
    assert statuses(card) == {"1": Status.SUPPRESSED, "2": Status.COUNTED, "3": Status.COUNTED}


def test_what_counts_once_for_a_matter_counts_once() -> None:
    entries = [
        an_entry(1, "一次", "2", "M4"),
        an_entry(2, "一次", "2", "M4"),
        an_entry(3, "一次", "2", "M5"),
        an_entry(4, "甲", "3", "M4"),
    ]
    card = card_of(entries)

    assert card.confirmed.final == 85
    assert statuses(card) == {
        "1": Status.SUPPRESSED,
        "2": Status.SUPPRESSED,
        "3": Status.COUNTED,
        "4": Status.COUNTED,
    }


def test_of_two_at_the_same_moment_the_order_of_arrival_does_not_choose() -> None:
    one = an_entry(1, "一次", "1", "M4", occurred_at=START)
    other = an_entry(2, "一次", "2", "M4", occurred_at=START)

    arrived_the_other_way = [replace(one, id=2), replace(other, id=1)]

    assert card_of([one, other]).confirmed == card_of(arrived_the_other_way).confirmed


def test_nothing_is_covered_by_the_other_reading() -> None:
    card = card_of(
        [an_entry(1, "甲", "1", "M4"), an_entry(2, "乙", "2", "M4")], rulebook=a_rulebook(same_matter=SameMatter.ALL)
    )

    assert card.confirmed.final == 83


def test_a_reversal_revives_what_was_covered() -> None:
    large, small = an_entry(1, "甲", "-5", "M4"), an_entry(2, "乙", "-2", "M4")

    assert card_of([large, small]).confirmed.final == 75
    card = card_of([large, small, undo(large, 3)])
    assert card.confirmed.final == 78
    assert statuses(card) == {"1": Status.REVERSED, "2": Status.COUNTED, "3": Status.REVERSAL}


def test_the_cap_acts_at_the_end_or_on_the_way() -> None:
    entries = [an_entry(1, "甲", "24"), an_entry(2, "乙", "-1")]

    at_the_end = card_of(entries).confirmed
    on_the_way = card_of(entries, rulebook=a_rulebook(cap_at=CapAt.RUNNING)).confirmed

    assert (at_the_end.raw, at_the_end.final, at_the_end.capped) == (Decimal(103), Decimal(100), True)
    assert (on_the_way.raw, on_the_way.final) == (Decimal(103), Decimal(99))


def test_the_floor_holds() -> None:
    entries = [an_entry(1, "甲", "-90"), an_entry(2, "乙", "3")]

    assert card_of(entries).confirmed.final == -7
    assert card_of(entries, rulebook=a_rulebook(floor="0")).confirmed.final == 0
    assert card_of(entries, rulebook=a_rulebook(floor="0", cap_at=CapAt.RUNNING)).confirmed.final == 3


def test_provisional_is_computed_afresh_and_not_added() -> None:
    card = card_of([an_entry(1, "甲", "1", "M4")], [a_proposal("p", "乙", "2", "M4")])

    assert (card.confirmed.final, card.provisional.final) == (Decimal(81), Decimal(82))
    assert card.line("1").status is Status.COUNTED
    assert card.line("1").would_be_covered_by == "p"
    assert card.line("p").status is Status.PROVISIONAL


def test_a_proposal_that_would_not_count_says_so() -> None:
    card = card_of([an_entry(1, "甲", "2", "M4")], [a_proposal("p", "乙", "1", "M4")])

    assert (card.confirmed.final, card.provisional.final) == (Decimal(82), Decimal(82))
    assert (card.line("p").status, card.line("p").covered_by) == (Status.SUPPRESSED, "1")


def test_an_unset_value_makes_the_total_an_estimate() -> None:
    card = card_of([], [a_proposal("p", "甲", None), a_proposal("q", "甲", None), a_proposal("r", "乙", "-1")])

    assert card.estimated == ("甲之名",)
    assert card.line("p").status is Status.UNSET
    assert card.provisional.final == 79


def test_a_range_that_nobody_has_decided_counts_nothing() -> None:
    card = card_of([], [a_proposal("p", "甲", None, lowest=Decimal("0.5"), highest=Decimal(1))])

    assert card.line("p").status is Status.UNDECIDED
    assert card.provisional.final == 80
    assert card.estimated == ()


def test_a_stand_in_is_told() -> None:
    assert card_of([an_entry(1, "代入", "1")]).stand_in
    assert card_of([], [a_proposal("p", "代入", "1")]).stand_in
    assert not card_of([an_entry(1, "甲", "1")]).stand_in


def test_a_flag_stands_with_its_entry_even_if_its_points_are_covered() -> None:
    cause = an_entry(1, "取消", "-2", "M4")
    covering = an_entry(2, "甲", "-5", "M4")

    assert card_of([cause, covering]).flags == (Raised(Flag.INELIGIBLE, cause),)
    assert card_of([cause, covering, undo(cause, 3)]).flags == ()
    assert card_of([], [a_proposal("p", "取消", "-2")]).flags == ()


def test_why_tells_clause_basis_person_and_times() -> None:
    first, second = an_entry(1, "甲", "-5", "M4"), an_entry(2, "乙", "-2", "M4")
    card = card_of([first, second, undo(first, 3)], [a_proposal("p", "甲", "-7", "M4")])

    reversed_ = why(RULEBOOK, card, "1")
    proposed = why(RULEBOOK, card, "p")

    assert (reversed_.clause.id, reversed_.basis, reversed_.author) == ("甲", BASIS, 31)
    assert (reversed_.occurred_at, reversed_.recorded_at) == (first.occurred_at, first.recorded_at)
    assert reversed_.reversed_by is not None
    assert reversed_.reversed_by.id == 3
    assert (proposed.status, proposed.author, proposed.recorded_at) == (Status.PROVISIONAL, None, None)
    with pytest.raises(KeyError):
        why(RULEBOOK, card, "99")


def test_why_shows_the_covering_line() -> None:
    card = card_of([an_entry(1, "甲", "-5", "M4"), an_entry(2, "乙", "-2", "M4")])

    covering = why(RULEBOOK, card, "2").covered_by

    assert covering is not None
    assert covering.ref == "1"


def test_a_clause_that_is_not_in_the_rulebook_is_an_error() -> None:
    with pytest.raises(KeyError):
        card_of([an_entry(1, "没有这条", "1")])


def test_published_then_and_known_now_differ_where_something_was_corrected() -> None:
    """−5 of day 1 was entered on day 10 and taken back on day 20."""
    entry = an_entry(1, "甲", "-5", recorded_at=START + timedelta(days=10))
    entries = [entry, undo(entry, 2, days_later=10)]

    def final(days: int, view: View) -> Decimal:
        return card_of(entries, as_of=START + timedelta(days=days), view=view).confirmed.final

    assert [final(day, View.PUBLISHED) for day in (5, 10, 15, 20)] == [80, 75, 75, 80]
    assert [final(day, View.KNOWN) for day in (5, 10, 15, 20)] == [80, 80, 80, 80]


def test_the_moment_itself_belongs_to_the_past() -> None:
    entry = an_entry(1, "甲", "-5")

    assert card_of([entry], as_of=entry.recorded_at).confirmed.final == 75
    assert card_of([entry], as_of=entry.recorded_at - timedelta(milliseconds=1)).confirmed.final == 80
