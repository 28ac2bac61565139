"""What the office may record by hand, and what comes of it."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from assessment.chain import seal
from assessment.ledger import AccountKey, Draft, Entry, Head
from assessment.recording import Recorded, Refused, check_chosen, check_recorded, record
from assessment.rulebook import Clause, Parameter, Per, Range, Rulebook, Subject, Trigger

UNIT = AccountKey("督查", Subject.UNIT, 11)


def a_clause(clause_id: str, points: str | None = "-1", **said: Any) -> Clause:
    value = Parameter[Decimal](value=Decimal(points)) if points is not None else Parameter[Decimal]()
    values: dict[str, Any] = {"id": clause_id, "name": clause_id, "text": "原文", "cite": "一", "points": value}
    return Clause(**(values | {"trigger": Trigger.RECORDED} | said))


def a_rulebook(*clauses: Clause) -> Rulebook:
    return Rulebook(id="r", name="办法", version="1", year=2026, office="考核办", source="测试", clauses=clauses)


BY_HAND = a_rulebook(
    a_clause("固定", "-2"),
    a_clause("酌情", None, discretion=Range(lowest=Decimal("0.5"), highest=Decimal(1))),
    a_clause("未设", None),
    a_clause("好", "1", exclusive_group="台账", per=Per.ONCE),
    a_clause("差", "-0.5", exclusive_group="台账"),
    a_clause("逐日", "-0.5", per=Per.DAY),
    a_clause("个人", "-1", subject=Subject.PERSON),
)


def recorded(clause: str, points: str | None = None, **said: Any) -> Recorded:
    values: dict[str, Any] = {
        "record": 7,
        "clause": clause,
        "account": UNIT,
        "points": None if points is None else Decimal(points),
        "reason": "现场所见",
        "evidence": ("照片1",),
    }
    return Recorded(**(values | said))


@pytest.mark.parametrize(
    ("act", "why"),
    [
        (recorded("固定"), None),
        (recorded("固定", "-2.0"), None),
        (recorded("固定", reason=""), None),
        (recorded("固定", "-1"), Refused.NOT_PRINTED),
        (recorded("固定", "2"), Refused.NOT_PRINTED),
        (recorded("固定", evidence=()), Refused.NO_EVIDENCE),
        (recorded("酌情", "0.5"), None),
        (recorded("酌情", "1"), None),
        (recorded("酌情", "1.2"), Refused.OUT_OF_RANGE),
        (recorded("酌情", "0.4999"), Refused.OUT_OF_RANGE),
        (recorded("酌情"), Refused.NO_POINTS),
        (recorded("酌情", "0.8", reason=" "), Refused.NO_REASON),
        (recorded("酌情", "0.8", evidence=()), Refused.NO_EVIDENCE),
        (recorded("未设"), Refused.UNSET),
        (recorded("未设", "-1"), Refused.UNSET),
        (recorded("逐日", "-1.5"), None),
        (recorded("逐日", "-1.6"), Refused.NOT_PRINTED),
        (recorded("逐日", "0.5"), Refused.NOT_PRINTED),
        (recorded("逐日", "0"), Refused.NOT_PRINTED),
        (recorded("个人"), Refused.WRONG_ACCOUNT),
    ],
)
def test_only_what_is_printed_may_be_recorded(act: Recorded, why: Refused | None) -> None:
    refusal = check_recorded(act, BY_HAND)

    assert (refusal.why if refusal else None) is why


def test_a_refusal_says_what_is_printed() -> None:
    outside = check_recorded(recorded("酌情", "1.2"), BY_HAND)
    other = check_recorded(recorded("固定", "-1"), BY_HAND)

    assert outside is not None
    assert (outside.lowest, outside.highest) == (Decimal("0.5"), Decimal(1))
    assert other is not None
    assert (other.lowest, other.highest) == (Decimal(-2), Decimal(-2))


def test_the_points_chosen_when_confirming_are_held_to_the_same_bounds() -> None:
    clause = BY_HAND.clause("酌情")

    assert check_chosen(clause, Decimal("0.8"), "提前十天") is None
    refusal = check_chosen(clause, Decimal("1.2"), "提前十天")
    assert refusal is not None
    assert refusal.why is Refused.OUT_OF_RANGE


def an_entry(clause: str, points: str, entry_id: int = 1, **said: Any) -> Entry:
    basis = record(recorded(clause), BY_HAND).basis
    values: dict[str, Any] = {"id": entry_id, "account": UNIT, "clause": clause, "points": Decimal(points)}
    at = datetime(2026, 3, 9, tzinfo=UTC)
    draft = Draft(**(values | said), basis=basis, author=31, occurred_at=at, recorded_at=at, rulebook_digest="ab")
    return seal(draft, Head(UNIT), b"a key for tests only")


def test_of_a_group_only_one_may_stand_for_an_account() -> None:
    first = an_entry("好", "1")

    refusal = check_recorded(recorded("差"), BY_HAND, entries=[first])

    assert refusal is not None
    assert refusal.why is Refused.EXCLUSIVE
    assert refusal.first == first
    assert check_recorded(recorded("固定"), BY_HAND, entries=[first]) is None


def test_an_open_proposal_of_the_group_stands_as_well() -> None:
    first = record(recorded("好"), BY_HAND)

    refusal = check_recorded(recorded("差"), BY_HAND, proposals=[first])

    assert refusal is not None
    assert refusal.first == first


def test_the_group_is_free_again_once_the_first_is_reversed() -> None:
    first = an_entry("好", "1")
    taken_back = an_entry("好", "-1", entry_id=2, reverses=1)

    assert check_recorded(recorded("差"), BY_HAND, entries=[first, taken_back]) is None


def test_the_group_of_another_matter_does_not_bar() -> None:
    first = an_entry("好", "1", matter="M1")

    assert check_recorded(recorded("差", matter="M2"), BY_HAND, entries=[first]) is None
    assert check_recorded(recorded("差", matter="M1"), BY_HAND, entries=[first]) is not None
    assert check_recorded(recorded("差"), BY_HAND, entries=[first]) is not None


def test_the_group_of_another_account_does_not_bar() -> None:
    other = replace(an_entry("好", "1"), account=AccountKey("督查", Subject.UNIT, 12))

    assert check_recorded(recorded("差"), BY_HAND, entries=[other]) is None


def test_what_counts_once_is_recorded_once() -> None:
    refusal = check_recorded(recorded("好"), BY_HAND, entries=[an_entry("好", "1")])

    assert refusal is not None
    assert refusal.why is Refused.ONLY_ONCE


def test_what_is_recorded_bears_its_reason_and_evidence() -> None:
    proposal = record(recorded("酌情", "0.8", matter="M1"), BY_HAND)

    assert (proposal.points, proposal.matter, proposal.key) == (Decimal("0.8"), "M1", "record/7/酌情")
    assert (proposal.basis.reason, proposal.basis.evidence) == ("现场所见", ("照片1",))
    assert proposal.basis.happened is Trigger.RECORDED
    assert record(recorded("固定"), BY_HAND).points == Decimal(-2)
