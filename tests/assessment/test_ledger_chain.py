"""The ledger's chain: whatever is done to the rows, it shows."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.chain import (
    ChainFault,
    Checkpoint,
    Damage,
    canonical,
    seal,
    sign_checkpoint,
    verify,
    verify_checkpoint,
)
from assessment.ledger import AccountKey, Basis, Draft, Entry, Head, NotReversible, ReversalRefused, reversal
from assessment.points import ExtraPlaces
from assessment.rulebook import Share, Subject, Timing, Trigger

KEY = b"a key for tests only"
AT = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
UNIT = AccountKey("督查", Subject.UNIT, 11)
PERSON = AccountKey("督查", Subject.PERSON, 11)
BASIS = Basis(
    happened=Trigger.URGED_NOT_REPORTED,
    obligation=501,
    due_day=date(2026, 3, 5),
    first_urged=date(2026, 3, 6),
    reported=date(2026, 3, 9),
    counted_from=date(2026, 3, 7),
    counted_to=date(2026, 3, 9),
)


def a_draft(number: int, **said: Any) -> Draft:
    values: dict[str, Any] = {
        "id": 1000 + number,
        "account": UNIT,
        "clause": "丙",
        "points": Decimal(-number),
        "matter": f"M{number}",
        "basis": BASIS,
        "author": 31,
        "proposal": 700 + number,
        "occurred_at": AT + timedelta(hours=number),
        "recorded_at": AT + timedelta(days=3, hours=number),
        "rulebook_digest": "ab" * 32,
    }
    return Draft(**(values | said))


def a_chain(length: int, *, key: bytes = KEY, account: AccountKey = UNIT) -> list[Entry]:
    chain: list[Entry] = []
    for number in range(1, length + 1):
        head = chain[-1].head if chain else Head(account)
        chain.append(seal(a_draft(number, account=account), head, key))
    return chain


def first_fault(entries: list[Entry], *, head: Head | None = None) -> ChainFault | None:
    faults = verify(UNIT, entries, KEY, head=head)
    return faults[0] if faults else None


CHANGES: dict[str, Any] = {
    "id": 9,
    "account": PERSON,
    "clause": "丁",
    "points": Decimal("-0.9999"),
    "matter": None,
    "basis": replace(BASIS, reason="改过"),
    "author": None,
    "proposal": None,
    "occurred_at": AT - timedelta(milliseconds=1),
    "recorded_at": AT - timedelta(milliseconds=1),
    "reverses": 1001,
    "rulebook_digest": "cd" * 32,
    "number": "L-2603-18",
    "seq": 9,
    "previous": "00",
    "mac": "改",
}


def test_a_sound_chain_has_no_fault() -> None:
    chain = a_chain(5)

    assert verify(UNIT, chain, KEY, head=chain[-1].head) == []
    assert verify(UNIT, [], KEY, head=None) == []


def test_the_changes_below_cover_every_field() -> None:
    assert CHANGES.keys() == Entry.__dataclass_fields__.keys()


@pytest.mark.parametrize("field", CHANGES)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_changed_field_is_found(field: str, place: int) -> None:
    chain = a_chain(5)
    head = chain[-1].head
    chain[place] = replace(chain[place], **{field: CHANGES[field]})

    faults = verify(UNIT, chain, KEY, head=head)

    assert faults
    assert any(fault.entry == chain[place].id for fault in faults)
    assert faults[0].seq == place + 1


@pytest.mark.parametrize("field", sorted(CHANGES.keys() - {"seq", "account"}))
def test_a_changed_field_is_called_changed_and_only_that_row_is_named(field: str) -> None:
    chain = a_chain(5)
    chain[2] = replace(chain[2], **{field: CHANGES[field]})

    assert verify(UNIT, chain, KEY) == [ChainFault(Damage.CHANGED, UNIT, 3, chain[2].id)]


@pytest.mark.parametrize("field", sorted(Basis.__dataclass_fields__))
def test_a_changed_fact_of_the_basis_is_found(field: str) -> None:
    other: dict[str, Any] = {
        "happened": Trigger.RECORDED,
        "share": Share.CO,
        "timing": Timing.LATE,
        "evidence": ("另一份",),
        "times": 0,
        "obligation": 502,
    }
    days = {"due_day", "first_urged", "reported", "counted_from", "counted_to"}
    value: Any = date(2026, 1, 1) if field in days else other.get(field, "别的")
    chain = a_chain(3)
    chain[1] = replace(chain[1], basis=replace(chain[1].basis, **{field: value}))

    assert first_fault(chain) == ChainFault(Damage.CHANGED, UNIT, 2, 1002)


def test_a_missing_row_is_found() -> None:
    chain = a_chain(5)
    del chain[2]

    assert verify(UNIT, chain, KEY) == [ChainFault(Damage.MISSING, UNIT, 3, None)]


def test_an_inserted_row_is_found() -> None:
    chain = a_chain(5)
    chain.insert(2, replace(chain[2], id=9999, points=Decimal(5)))

    assert verify(UNIT, chain, KEY) == [ChainFault(Damage.INSERTED, UNIT, 3, 9999)]


def test_a_copied_row_is_found() -> None:
    chain = a_chain(5)
    chain.append(chain[2])

    assert first_fault(chain) == ChainFault(Damage.INSERTED, UNIT, 3, chain[2].id)


def test_a_genuine_row_of_another_account_is_found() -> None:
    chain = a_chain(3)
    strangers = a_chain(4, account=PERSON)

    assert verify(UNIT, strangers[:1], KEY) == [ChainFault(Damage.INSERTED, UNIT, 1, strangers[0].id)]
    assert verify(UNIT, [*chain, strangers[3]], KEY) == [ChainFault(Damage.INSERTED, UNIT, 4, strangers[3].id)]
    assert verify(UNIT, [chain[0], strangers[1], chain[2]], KEY) == [
        ChainFault(Damage.INSERTED, UNIT, 2, strangers[1].id),
        ChainFault(Damage.MISSING, UNIT, 2, None),
    ]


def test_exchanged_rows_are_found() -> None:
    chain = a_chain(5)
    chain[1], chain[2] = chain[2], chain[1]

    assert verify(UNIT, chain, KEY) == [ChainFault(Damage.REORDERED, UNIT, 2, chain[1].id)]


def test_exchanged_numbers_are_found() -> None:
    chain = a_chain(5)
    chain[1], chain[2] = replace(chain[2], seq=2), replace(chain[1], seq=3)

    assert [fault.damage for fault in verify(UNIT, chain, KEY)] == [Damage.CHANGED, Damage.CHANGED]


def test_a_cut_tail_is_found_against_the_checkpoint() -> None:
    chain = a_chain(5)

    assert first_fault(chain[:3]) is None
    assert first_fault(chain[:3], head=chain[-1].head) == ChainFault(Damage.CUT, UNIT, 4, None)
    assert first_fault([], head=chain[-1].head) == ChainFault(Damage.CUT, UNIT, 1, None)


def test_entries_after_the_checkpoint_are_no_fault() -> None:
    chain = a_chain(5)

    assert verify(UNIT, chain, KEY, head=chain[2].head) == []


def test_a_chain_sealed_anew_with_the_same_key_differs_from_the_checkpoint() -> None:
    chain = a_chain(3)
    other = seal(a_draft(3, points=Decimal(5)), chain[1].head, KEY)

    assert first_fault([*chain[:2], other], head=chain[2].head) == ChainFault(Damage.BROKEN, UNIT, 3, other.id)


def test_an_entry_sealed_behind_the_wrong_one_is_found() -> None:
    chain = a_chain(3)
    elsewhere = seal(a_draft(4), replace(chain[2].head, mac=chain[1].mac), KEY)

    assert first_fault([*chain, elsewhere]) == ChainFault(Damage.BROKEN, UNIT, 4, elsewhere.id)


def test_a_chain_sealed_with_another_key_is_found() -> None:
    chain = a_chain(5, key=b"another key")

    assert first_fault(chain) == ChainFault(Damage.OTHER_KEY, UNIT, 1, chain[0].id)


def test_a_chain_continued_with_another_key_is_found() -> None:
    chain = a_chain(3)
    chain.append(seal(a_draft(4), chain[-1].head, b"another key"))

    assert first_fault(chain) == ChainFault(Damage.CHANGED, UNIT, 4, chain[3].id)


@st.composite
def tampered(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    chain = a_chain(draw(st.integers(2, 6)))
    rows = list(chain)
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(rows) - 1))
        match draw(st.sampled_from(["flip", "delete", "insert", "swap", "cut"])):
            case "flip":
                field = draw(st.sampled_from(sorted(CHANGES)))
                rows[place] = replace(rows[place], **{field: CHANGES[field]})
            case "delete":
                del rows[place]
            case "insert":
                rows.insert(place, draw(st.sampled_from(chain)))
            case "swap":
                other = draw(st.integers(0, len(rows) - 1))
                rows[place], rows[other] = rows[other], rows[place]
            case "cut":
                del rows[place:]
        if not rows:
            break
    return chain, rows


@settings(max_examples=200, deadline=None)
@given(tampered())
def test_any_tampering_is_found_and_nothing_else(chain_and_rows: tuple[list[Entry], list[Entry]]) -> None:
    chain, rows = chain_and_rows

    faults = verify(UNIT, rows, KEY, head=chain[-1].head)

    assert bool(faults) == (rows != chain)


def test_a_point_in_time_is_the_same_in_every_zone_and_to_the_millisecond() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))

    assert canonical(a_draft(1, occurred_at=shanghai)) == canonical(a_draft(1, occurred_at=AT))
    assert canonical(a_draft(1, occurred_at=AT + timedelta(microseconds=999))) == canonical(a_draft(1, occurred_at=AT))


def test_points_are_the_same_however_they_are_written() -> None:
    assert canonical(a_draft(1, points=Decimal("-1.0"))) == canonical(a_draft(1, points=Decimal(-1)))


def test_what_the_ledger_cannot_hold_is_not_sealed() -> None:
    with pytest.raises(ExtraPlaces):
        seal(a_draft(1, points=Decimal("0.00001")), Head(UNIT), KEY)
    with pytest.raises(ValueError, match="time zone"):
        seal(a_draft(1, occurred_at=AT.replace(tzinfo=None)), Head(UNIT), KEY)
    with pytest.raises(ValueError, match="key is empty"):
        seal(a_draft(1), Head(UNIT), b"")
    with pytest.raises(ValueError, match="not the account"):
        seal(a_draft(1), Head(PERSON), KEY)


bases = st.builds(
    Basis,
    happened=st.sampled_from(Trigger),
    obligation=st.none() | st.integers(0, 2**63),
    share=st.none() | st.sampled_from(Share),
    timing=st.none() | st.sampled_from(Timing),
    matter_class=st.none() | st.text(),
    due_day=st.none() | st.dates(),
    first_urged=st.none() | st.dates(),
    reported=st.none() | st.dates(),
    counted_from=st.none() | st.dates(),
    counted_to=st.none() | st.dates(),
    times=st.none() | st.integers(0, 99),
    evidence=st.lists(st.text()).map(tuple),
    reason=st.none() | st.text(),
)


@settings(max_examples=100, deadline=None)
@given(bases)
def test_a_basis_survives_being_stored(basis: Basis) -> None:
    assert Basis.from_json(basis.to_json()) == basis


@settings(max_examples=100, deadline=None)
@given(bases, bases)
def test_two_bases_are_never_written_alike(one: Basis, other: Basis) -> None:
    assert (canonical(a_draft(1, basis=one)) == canonical(a_draft(1, basis=other))) == (one == other)


def test_a_basis_has_a_closed_set_of_keys() -> None:
    with pytest.raises(TypeError):
        Basis.from_json({"happened": "退回", "name": "张三"})


def test_the_days_that_count_are_listed() -> None:
    assert BASIS.days == (date(2026, 3, 7), date(2026, 3, 8), date(2026, 3, 9))
    assert Basis(happened=Trigger.RECORDED).days == ()


def test_a_checkpoint_holds_until_anything_in_it_changes() -> None:
    heads = [a_chain(3)[-1].head, a_chain(2, account=PERSON)[-1].head]
    checkpoint = sign_checkpoint(heads, AT, KEY)

    assert verify_checkpoint(checkpoint, KEY)
    assert sign_checkpoint(reversed(heads), AT, KEY) == checkpoint
    assert Checkpoint.from_json(checkpoint.to_json()) == checkpoint
    assert checkpoint.head_of(PERSON) == heads[1]
    assert checkpoint.head_of(AccountKey("发展", Subject.UNIT, 11)) is None
    for changed in (
        replace(checkpoint, at=AT + timedelta(seconds=1)),
        replace(checkpoint, heads=checkpoint.heads[:1]),
        replace(checkpoint, heads=(replace(checkpoint.heads[0], seq=1), checkpoint.heads[1])),
        replace(checkpoint, heads=(replace(checkpoint.heads[0], mac="改"), checkpoint.heads[1])),
        replace(checkpoint, mac="改"),
    ):
        assert not verify_checkpoint(changed, KEY)
    assert not verify_checkpoint(checkpoint, b"another key")


def take_back(entry: Entry, entries: list[Entry]) -> Draft:
    return reversal(
        entry,
        entry_id=2000,
        reason="经核实有误",
        author=32,
        recorded_at=AT + timedelta(days=9),
        rulebook_digest="ab" * 32,
        entries=entries,
    )


def test_a_reversal_takes_back_exactly_its_entry() -> None:
    chain = a_chain(3)

    taken_back = take_back(chain[1], chain)

    assert taken_back.points == -chain[1].points
    assert (taken_back.account, taken_back.clause, taken_back.matter) == (UNIT, "丙", "M2")
    assert taken_back.reverses == chain[1].id
    assert taken_back.occurred_at == chain[1].occurred_at
    assert taken_back.basis.reason == "经核实有误"


def test_an_entry_is_reversed_once_and_a_reversal_never() -> None:
    chain = a_chain(3)
    chain.append(seal(take_back(chain[1], chain), chain[-1].head, KEY))

    with pytest.raises(NotReversible) as again:
        take_back(chain[1], chain)
    with pytest.raises(NotReversible) as back:
        take_back(chain[3], chain)

    assert again.value.why is ReversalRefused.ALREADY
    assert back.value.why is ReversalRefused.IS_REVERSAL
