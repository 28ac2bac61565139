"""The one life cycle of everything that a unit owes: examples, and what holds whatever happens to it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.obligation import (
    Bucket,
    Kind,
    Obligation,
    State,
    WrongState,
    accept,
    bucket,
    send_back,
    sign,
    submit,
    waive,
    withdraw,
)
from assessment.rulebook import SignOff

DUE = datetime(2010, 8, 5, 16, tzinfo=UTC)
BEFORE, AFTER = DUE - timedelta(hours=1), DUE + timedelta(hours=1)


def owed(**values: object) -> Obligation:
    plain = Obligation(1, 1, Kind.DUTY, "monthly", 1, "2010-07", "7月进展", due=DUE, grace_end=DUE)
    return replace(plain, **values)  # type: ignore[arg-type]


def test_a_report_without_signature_or_review_is_met_at_once() -> None:
    after = submit(owed(), BEFORE)

    assert (after.state, after.reported_at, after.on_time) == (State.MET, BEFORE, True)


def test_at_24_00_it_is_late() -> None:
    """The due time is the exclusive midnight: the last moment on time lies before it."""
    assert submit(owed(), DUE - timedelta(milliseconds=1)).on_time
    assert not submit(owed(), DUE).on_time


def test_the_signature_is_what_counts() -> None:
    drafted = submit(owed(sign_off=SignOff.HEAD), BEFORE)
    assert (drafted.state, drafted.reported_at, drafted.drafted_at) == (State.UNSIGNED, None, BEFORE)

    signed = sign(drafted, AFTER)
    assert (signed.state, signed.reported_at, signed.on_time) == (State.MET, AFTER, False)


def test_review_follows_the_signature() -> None:
    signed = sign(submit(owed(sign_off=SignOff.DEPUTY, review=True), BEFORE), BEFORE)

    assert signed.state is State.REVIEW
    assert accept(signed).state is State.MET


def test_the_first_stamp_survives_returns_and_amendments() -> None:
    first = submit(owed(review=True), BEFORE)
    again = submit(send_back(first), AFTER)

    assert (again.reported_at, again.on_time, again.round) == (BEFORE, True, 2)
    assert submit(again, AFTER + timedelta(days=1)).reported_at == BEFORE


def test_a_matter_sent_back_keeps_its_stamp_only_for_some_days() -> None:
    """Said to be done on time and sent back: the stamp stays, but a matter not done soon was not done (A29)."""
    returned = AFTER
    back = replace(send_back(submit(owed(kind=Kind.MATTER, review=True), BEFORE)), round_since=returned)
    limit = returned + timedelta(days=3)

    assert back.reported_at == BEFORE
    assert submit(back, limit, keep_days=3).reported_at == BEFORE
    assert submit(back, limit + timedelta(milliseconds=1), keep_days=3).on_time is False


def test_a_withdrawal_keeps_the_stamp_for_some_days() -> None:
    """Decisions 16: within `keep_days`, the last moment included."""
    gone = withdraw(submit(owed(), BEFORE), AFTER)
    limit = AFTER + timedelta(days=3)

    assert submit(gone, limit, keep_days=3).reported_at == BEFORE
    assert submit(gone, limit + timedelta(milliseconds=1), keep_days=3).reported_at == limit + timedelta(milliseconds=1)
    assert submit(gone, AFTER, keep_days=0).reported_at == BEFORE


def test_what_was_reviewed_cannot_be_withdrawn() -> None:
    reviewed = accept(submit(owed(review=True), BEFORE))

    with pytest.raises(WrongState) as refused:
        withdraw(reviewed, AFTER)
    assert refused.value.state is State.MET
    assert withdraw(submit(owed(), BEFORE), AFTER).state is State.OPEN


@pytest.mark.parametrize(
    ("act", "states"),
    [
        (lambda o: submit(o, AFTER), set(State) - {State.WAIVED}),
        (lambda o: sign(o, AFTER), {State.UNSIGNED}),
        (accept, {State.REVIEW}),
        (send_back, {State.UNSIGNED, State.REVIEW, State.MET}),
        (lambda o: withdraw(o, AFTER), {State.UNSIGNED, State.REVIEW, State.MET}),
        (waive, set(State) - {State.MET}),
    ],
    ids=["submit", "sign", "accept", "send_back", "withdraw", "waive"],
)
@pytest.mark.parametrize("state", State)
def test_which_act_fits_which_state(act: Callable[[Obligation], Obligation], states: set[State], state: State) -> None:
    obligation = owed(state=state)
    if state in states:
        act(obligation)
    else:
        with pytest.raises(WrongState):
            act(obligation)


@pytest.mark.parametrize(
    ("values", "now", "expected"),
    [
        ({}, BEFORE, Bucket.NOT_DUE),
        ({}, DUE, Bucket.MISSING),
        ({"round": 2, "reported_at": BEFORE}, AFTER, Bucket.MISSING),
        ({"state": State.UNSIGNED}, AFTER, Bucket.UNSIGNED),
        ({"state": State.REVIEW, "reported_at": BEFORE}, AFTER, Bucket.REVIEW),
        ({"state": State.MET, "reported_at": BEFORE}, AFTER, Bucket.ON_TIME),
        ({"state": State.MET, "reported_at": AFTER}, AFTER, Bucket.LATE),
        ({"state": State.MET, "reported_at": AFTER, "nil": True}, AFTER, Bucket.NIL),
        ({"state": State.WAIVED}, AFTER, Bucket.WAIVED),
    ],
)
def test_buckets(values: dict[str, object], now: datetime, expected: Bucket) -> None:
    assert bucket(owed(**values), now) is expected


ACTS: dict[str, Callable[[Obligation, datetime], Obligation]] = {
    "submit": lambda o, at: submit(o, at, keep_days=3),
    "nil": lambda o, at: submit(o, at, nil=True, keep_days=3),
    "sign": sign,
    "accept": lambda o, _at: accept(o),
    "send back": lambda o, _at: send_back(o),
    "withdraw": withdraw,
    "waive": lambda o, _at: waive(o),
}


@settings(max_examples=200, deadline=None)
@given(
    acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=12),
    sign_off=st.sampled_from(SignOff),
    review=st.booleans(),
    gap=st.integers(min_value=1, max_value=30),
)
def test_whatever_happens(acts: list[str], sign_off: SignOff, review: bool, gap: int) -> None:
    """Rounds only grow, the stamp only goes after a withdrawal, and nothing counts unsigned."""
    current, at = owed(sign_off=sign_off, review=review), BEFORE
    withdrawn = False
    for name in acts:
        at += timedelta(hours=gap)
        try:
            after = ACTS[name](current, at)
        except WrongState:
            continue
        withdrawn = withdrawn or name == "withdraw"
        assert after.round == current.round + (name in ("send back", "withdraw"))
        if not withdrawn and current.reported_at is not None:
            assert after.reported_at == current.reported_at
        if sign_off is not SignOff.NONE and name != "sign":
            assert after.reported_at in (current.reported_at, None)
        if after.state in (State.REVIEW, State.MET):
            assert after.reported_at is not None
        assert after.owes is (after.state in (State.OPEN, State.UNSIGNED))
        assert bucket(after, at) in Bucket
        current = after
