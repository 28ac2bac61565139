"""What must hold of every scorecard, whatever the ledger."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ledger import Entry
from assessment.marking import Proposal
from assessment.rulebook import CapAt, Rulebook, SameMatter
from assessment.scorecard import Line, Scorecard, Status, View
from tests.assessment.cards_of_points import (
    CLAUSES,
    MERITS,
    SHOWN,
    START,
    TASKS,
    a_proposal,
    a_rulebook,
    an_entry,
    card_of,
    statuses,
    undo,
)

POINTS = st.decimals(-6, 6, places=1)
RULEBOOKS = st.builds(
    a_rulebook,
    same_matter=st.sampled_from(SameMatter),
    cap=st.sampled_from([None, "100", "82"]),
    floor=st.sampled_from([None, "0", "78"]),
    cap_at=st.sampled_from(CapAt),
    categories=st.lists(st.sampled_from([TASKS, MERITS, SHOWN]), unique_by=lambda one: one.name).map(tuple),
)
VIEWS = st.sampled_from(View)


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry]:
    """Entries in the order of recording, some late, some at the same moment, some reversed."""
    entries: list[Entry] = []
    for number in range(1, draw(st.integers(0, 9)) + 1):
        recorded = START + timedelta(days=10 * number)
        open_ones = [e for e in entries if e.reverses is None and all(o.reverses != e.id for o in entries)]
        if open_ones and draw(st.integers(0, 3)) == 0:
            entries.append(replace(undo(draw(st.sampled_from(open_ones)), number), recorded_at=recorded))
            continue
        entries.append(
            an_entry(
                number,
                draw(st.sampled_from([clause.id for clause in CLAUSES])),
                draw(POINTS),
                draw(st.sampled_from([None, "M1", "M2"])),
                occurred_at=recorded - timedelta(days=draw(st.sampled_from([0, 10, 20, 30]))),
                recorded_at=recorded,
            )
        )
    return entries


PROPOSALS = st.lists(
    st.builds(
        a_proposal,
        st.integers(1, 10**6).map("p{}".format),
        st.sampled_from([clause.id for clause in CLAUSES]),
        st.none() | POINTS.map(str),
        st.sampled_from([None, "M1", "M2"]),
    ),
    max_size=4,
    unique_by=lambda proposal: proposal.key,
)


def within(rulebook: Rulebook, total: Decimal) -> Decimal:
    frame = rulebook.accounts[0]
    total = total if frame.cap is None else min(total, frame.cap)
    return total if frame.floor is None else max(total, frame.floor)


def counted(lines: Sequence[Line]) -> Decimal:
    return sum((line.points or Decimal(0) for line in lines if line.status is Status.COUNTED), Decimal(0))


@settings(max_examples=200, deadline=None)
@given(ledgers(), PROPOSALS, RULEBOOKS, VIEWS)
def test_a_scorecard_is_the_sum_of_what_it_shows(
    entries: list[Entry], proposals: list[Proposal], rulebook: Rulebook, view: View
) -> None:
    card = card_of(entries, proposals, rulebook=rulebook, view=view)
    inside = [line.ref for category in card.categories for line in category.lines]
    outside = [line for line in card.lines if line.ref not in inside]
    in_categories = sum((category.confirmed.final for category in card.categories), Decimal(0))

    assert card.confirmed.raw == card.base + in_categories + counted(outside)
    assert card.confirmed.final == within(rulebook, card.confirmed.final)
    if rulebook.accounts[0].cap_at is CapAt.TOTAL:
        assert card.confirmed.final == within(rulebook, card.confirmed.raw)
    assert len(card.lines) == len(entries) + len(proposals)
    assert len(set(inside)) == len(inside)


@settings(max_examples=150, deadline=None)
@given(ledgers(), PROPOSALS, RULEBOOKS, st.sets(st.sampled_from(["任务", "贡献"])))
def test_a_category_is_the_sum_of_its_lines_between_its_bounds(
    entries: list[Entry], proposals: list[Proposal], rulebook: Rulebook, without_task: set[str]
) -> None:
    card = card_of(entries, proposals, rulebook=rulebook, without_task=without_task)

    assert [category.name for category in card.categories] == [
        category.name for category in rulebook.categories if category.name != "列示"
    ]
    for category in card.categories:
        floor = rulebook.category(category.name).floor
        raw = category.start + counted(category.lines)
        assert category.confirmed.raw == raw
        assert category.confirmed.final == (min(raw, category.full) if floor is None else max(min(raw, 16), floor))
        assert {rulebook.clause(line.source.clause).category for line in category.lines} <= {category.name}


@settings(max_examples=100, deadline=None)
@given(ledgers(), PROPOSALS, RULEBOOKS, VIEWS)
def test_a_category_that_is_only_shown_changes_nothing(
    entries: list[Entry], proposals: list[Proposal], rulebook: Rulebook, view: View
) -> None:
    others = tuple(category for category in rulebook.categories if category.name != "列示")
    without = rulebook.model_copy(update={"categories": others})
    with_it = rulebook.model_copy(update={"categories": (*others, SHOWN)})

    assert card_of(entries, proposals, rulebook=without, view=view) == card_of(
        entries, proposals, rulebook=with_it, view=view
    )


@settings(max_examples=100, deadline=None)
@given(ledgers(), PROPOSALS, RULEBOOKS)
def test_provisional_is_what_confirming_everything_would_give(
    entries: list[Entry], proposals: list[Proposal], rulebook: Rulebook
) -> None:
    card = card_of(entries, proposals, rulebook=rulebook)
    last = max((entry.occurred_at for entry in entries), default=START)
    confirmed = [
        an_entry(100 + place, p.clause, p.points, p.matter, occurred_at=last + timedelta(hours=1 + place))
        for place, p in enumerate(sorted(proposals, key=lambda proposal: proposal.key))
        if p.points is not None
    ]

    then = card_of([*entries, *confirmed], rulebook=rulebook)

    assert card.provisional == then.confirmed
    assert [category.provisional for category in card.categories] == [
        category.confirmed for category in then.categories
    ]


@settings(max_examples=150, deadline=None)
@given(ledgers(), RULEBOOKS, VIEWS, POINTS, st.sampled_from([None, "M1"]), st.sampled_from(["甲", "任务一", "贡献一"]))
def test_an_entry_and_its_reversal_cancel(
    entries: list[Entry], rulebook: Rulebook, view: View, points: Decimal, matter: str | None, clause: str
) -> None:
    extra = an_entry(50, clause, points, matter)

    before = card_of(entries, rulebook=rulebook, view=view)
    after = card_of([*entries, extra, undo(extra, 51)], rulebook=rulebook, view=view)

    assert (before.confirmed, before.flags) == (after.confirmed, after.flags)
    assert [one.confirmed for one in before.categories] == [one.confirmed for one in after.categories]
    assert {**statuses(after), **statuses(before)} == statuses(after)


@settings(max_examples=150, deadline=None)
@given(ledgers(), RULEBOOKS, st.integers(0, 120), st.randoms(use_true_random=False))
def test_the_known_view_does_not_depend_on_the_order_of_arrival(
    entries: list[Entry], rulebook: Rulebook, days: int, chance: random.Random
) -> None:
    """The same happenings, recorded in another order and so with other ids, give the same score."""
    as_of = START + timedelta(days=days)
    order = list(entries)
    chance.shuffle(order)
    new_id = {entry.id: 1000 + place for place, entry in enumerate(order)}
    arrived = [
        replace(
            entry,
            id=new_id[entry.id],
            reverses=None if entry.reverses is None else new_id[entry.reverses],
            recorded_at=START + timedelta(days=200 + new_id[entry.id]),
        )
        for entry in order
    ]

    one = card_of(entries, rulebook=rulebook, as_of=as_of, view=View.KNOWN)
    other = card_of(arrived, rulebook=rulebook, as_of=as_of, view=View.KNOWN)

    assert one.confirmed == other.confirmed
    assert [category.confirmed for category in one.categories] == [category.confirmed for category in other.categories]
    assert what_counts(one) == what_counts(other)
    assert [raised.flag for raised in one.flags] == [raised.flag for raised in other.flags]


def what_counts(card: Scorecard) -> Sequence[tuple[str, Decimal | None, str | None, Status]]:
    return sorted(((line.source.clause, line.points, line.source.matter, line.status) for line in card.lines), key=str)


@settings(max_examples=150, deadline=None)
@given(ledgers(), RULEBOOKS, st.integers(0, 10))
def test_what_was_published_never_changes_when_later_entries_come(
    entries: list[Entry], rulebook: Rulebook, number: int
) -> None:
    as_of = START + timedelta(days=10 * number)
    then = [entry for entry in entries if entry.recorded_at <= as_of]

    assert card_of(then, rulebook=rulebook, as_of=as_of) == card_of(entries, rulebook=rulebook, as_of=as_of)


@settings(max_examples=100, deadline=None)
@given(ledgers(), RULEBOOKS, VIEWS)
def test_what_covers_counts_or_is_covered_by_what_counts(entries: list[Entry], rulebook: Rulebook, view: View) -> None:
    card = card_of(entries, rulebook=rulebook, view=view)

    for line in card.lines:
        assert (line.status is Status.SUPPRESSED) == (line.covered_by is not None)
        if line.covered_by is not None:
            covering = card.line(line.covered_by)
            if covering.status is Status.SUPPRESSED:
                assert covering.covered_by is not None
                covering = card.line(covering.covered_by)
            assert covering.status is Status.COUNTED
            assert covering.source.matter == line.source.matter
            assert covering.points is not None
            assert line.points is not None
            assert (covering.points > 0) == (line.points > 0)
