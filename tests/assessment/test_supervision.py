"""Rounds and returns of a matter: which clause they hit, and that each is proposed under a key of its own."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.clause import Clause
from assessment.rulebook import Per, Rulebook, Share, Trigger
from assessment.supervision import MatterReturned, Supervised, clauses_of_round, mark_nth


def clause(id_: str, trigger: Trigger, **how: object) -> Clause:
    return Clause.model_validate(
        {
            "id": id_,
            "name": id_,
            "text": id_,
            "cite": "一",
            "trigger": trigger,
            "points": {"value": Decimal(-1)},
            **how,
        }
    )


def book(*clauses: Clause) -> Rulebook:
    return Rulebook(id="x", name="试例", version="1", year=2010, office="督查室", source="试例", clauses=clauses)


def supervised(nth: int, share: Share = Share.LEAD, matter_class: str = "专项") -> Supervised:
    return Supervised(
        obligation=7, unit=1, matter="S-1008-1", share=share, matter_class=matter_class, nth=nth, letter=f"D-1008-{nth}"
    )


SECOND = clause("二", Trigger.SUPERVISED, round=2, per=Per.ONCE)
THIRD = clause("三", Trigger.SUPERVISED, round=3)
EVERY = clause("每次", Trigger.SUPERVISED)
ONCE = clause("一次", Trigger.SUPERVISED, per=Per.ONCE)
OF_CO = clause("协办", Trigger.SUPERVISED, share=Share.CO)
OF_CLASS = clause("专项", Trigger.SUPERVISED, classes=("专项",))
BACK = clause("退", Trigger.RETURNED)
ALL = book(SECOND, THIRD, EVERY, ONCE, OF_CO, OF_CLASS, BACK)


def ids(rulebook: Rulebook, nth: int, share: Share = Share.LEAD, matter_class: str = "专项") -> list[str]:
    return [p.clause for p in mark_nth(supervised(nth, share, matter_class), rulebook, programme="p")]


def test_a_clause_speaks_of_its_round_share_and_class() -> None:
    assert ids(ALL, 1) == ["每次", "一次", "专项"]
    assert ids(ALL, 2) == ["二", "每次", "专项"]
    assert ids(ALL, 3) == ["三", "每次", "专项"]
    assert ids(ALL, 1, Share.CO, "其他") == ["每次", "一次", "协办"]


def test_what_the_card_announces_is_what_is_proposed() -> None:
    for nth in (1, 2, 3, 4):
        for share in Share:
            announced = [each.id for each in clauses_of_round(ALL, nth, share, "专项")]
            assert announced == ids(ALL, nth, share)


def test_the_basis_names_the_letter_and_the_matter() -> None:
    (proposal,) = mark_nth(supervised(3), book(THIRD), programme="p")

    assert (proposal.basis.evidence, proposal.matter) == (("D-1008-3",), "S-1008-1")
    assert proposal.points == Decimal(-1)


def test_a_return_of_a_matter_is_no_return_of_a_report() -> None:
    """A clause that a duty names speaks of that duty's reports."""
    returned = MatterReturned(obligation=7, unit=1, share=Share.LEAD, matter_class="专项", nth=1, reason="不实")
    duty = {
        "id": "月报",
        "name": "月报",
        "cite": "一",
        "frequency": "月",
        "due": {"value": {"day_of_next_month": 5}},
        "ladder": "梯",
        "clauses": ("退",),
    }
    free = book(BACK)
    named = Rulebook.model_validate({**free.model_dump(), "duties": (duty,)})

    assert [p.clause for p in mark_nth(returned, free, programme="p")] == ["退"]
    assert list(mark_nth(returned, named, programme="p")) == []


@settings(max_examples=60, deadline=None)
@given(rounds=st.integers(1, 8), again=st.integers(1, 3))
def test_marking_again_proposes_nothing_new(rounds: int, again: int) -> None:
    """However often rounds are looked at, each clause has one key for each round that it counts in."""
    seen: dict[str, set[int]] = {}
    for _ in range(again):
        for nth in range(1, rounds + 1):
            for proposal in mark_nth(supervised(nth), ALL, programme="p"):
                seen.setdefault(proposal.key, set()).add(nth)

    assert all(len(times) == 1 for times in seen.values()), "two rounds under one key"
    assert len(seen) == 2 * rounds + 1 + (rounds >= 2) + (rounds >= 3)
