"""Settlement: what an indicator earned becomes an entry, rounded once, and a corrected figure leaves the old entry."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.chain import seal, verify
from assessment.indicator_facts import IndicatorFacts
from assessment.indicator_marks import IndicatorMark, Lack, WhyNot, mark_indicator
from assessment.ledger import AccountKey, Basis, Draft, Entry, Head
from assessment.marking import Proposal
from assessment.points import to_scaled
from assessment.rulebook import Indicator, Measure, Readings, Subject, Trigger
from assessment.scorecard import Status, View, scorecard
from assessment.settlement import Correction, NothingToCorrect, correct, settle, settled, to_ledger, unsettled
from assessment.targets import binding_target
from tests.assessment.cards_of_points import a_rulebook, statuses

KEY = b"a key for tests only"
JANUARY = datetime(2027, 1, 10, tzinfo=UTC)
MARCH = datetime(2027, 3, 1, tzinfo=UTC)
ACCOUNT = AccountKey("发展", Subject.UNIT, 11)
TAX = Indicator(id="税收", name="亩均税收", unit="万元", measure=Measure.CUMULATIVE, owners=("财政局",), cite="一")
RULEBOOK = a_rulebook().model_copy(update={"indicators": (TAX,)})


def a_mark(points: Fraction | None, *lacks: WhyNot) -> IndicatorMark:
    return IndicatorMark(
        indicator="税收",
        points=points,
        lacks=tuple(Lack(why, "税收") for why in lacks),
        stand_in=False,
        steps=(),
        met=(),
        target=binding_target(TAX, Readings()),
    )


def of_2026(points: Fraction | None, indicator: Indicator = TAX, *, unit: int = 11, period: str = "2026") -> Proposal:
    lacks = [WhyNot.UNSET] if points is None else []
    proposal = settle(indicator, a_mark(points, *lacks), programme="发展", unit=unit, period=period)
    assert proposal is not None
    return proposal


def entered(proposal: Proposal) -> Entry:
    assert proposal.points is not None
    draft = Draft(
        id=1,
        account=proposal.account,
        clause=proposal.clause,
        points=proposal.points,
        basis=proposal.basis,
        author=31,
        occurred_at=JANUARY,
        recorded_at=JANUARY,
        rulebook_digest="ab",
    )
    return seal(draft, Head(proposal.account), KEY)


def corrected(entries: list[Entry], proposal: Proposal) -> Correction:
    return correct(
        entries,
        proposal,
        reversal_id=len(entries) + 1,
        entry_id=len(entries) + 2,
        reason="统计局核定数更正",
        author=31,
        recorded_at=MARCH,
        rulebook_digest="ab",
    )


def sealed(entries: list[Entry], correction: Correction) -> list[Entry]:
    undone = seal(correction.reversal, entries[-1].head, KEY)
    return [*entries, undone, seal(correction.entry, undone.head, KEY)]


@pytest.mark.parametrize(
    ("exact", "held"),
    [
        (Fraction(13, 3), "4.3333"),
        (Fraction(2, 3), "0.6667"),
        (Fraction(4), "4"),
        (Fraction(1, 20000), "0.0001"),
        (Fraction(-1, 20000), "-0.0001"),
        (Fraction(1, 20001), "0"),
        (Fraction(-7, 3), "-2.3333"),
        (Fraction(0), "0"),
    ],
)
def test_the_ledger_holds_four_places_rounded_half_up(exact: Fraction, held: str) -> None:
    assert to_ledger(exact) == Decimal(held)


@settings(max_examples=200, deadline=None)
@given(st.fractions(-200, 200))
def test_rounding_is_by_at_most_half_a_step_and_fits_the_ledger(points: Fraction) -> None:
    held = to_ledger(points)

    assert abs(Fraction(held) - points) <= Fraction(1, 20000)
    assert Fraction(to_scaled(held), 10000) == Fraction(held)
    assert to_ledger(-points) == -held
    assert to_ledger(Fraction(held)) == held


@settings(max_examples=100, deadline=None)
@given(st.fractions(0, 100), st.fractions(0, 100))
def test_more_points_are_never_held_as_fewer(one: Fraction, other: Fraction) -> None:
    assert (to_ledger(one) <= to_ledger(other)) or one > other


def test_the_proposal_names_unit_indicator_and_period_and_keeps_the_exact_points() -> None:
    proposal = of_2026(Fraction(13, 3))

    assert (proposal.key, proposal.clause) == ("settle/11/税收/2026", "税收")
    assert (proposal.account, proposal.points) == (ACCOUNT, Decimal("4.3333"))
    assert proposal.basis == Basis(happened=Trigger.SETTLED, period="2026", exact="13/3")
    assert Basis.from_json(proposal.basis.to_json()) == proposal.basis


def test_what_four_places_hold_needs_no_fraction() -> None:
    assert of_2026(Fraction(9, 2)).basis.exact is None


def test_settling_twice_makes_the_same_proposal() -> None:
    assert of_2026(Fraction(13, 3)) == of_2026(Fraction(13, 3))
    assert of_2026(Fraction(1)).key != of_2026(Fraction(1), unit=12).key
    assert of_2026(Fraction(1)).key != of_2026(Fraction(1), period="2026Q3").key


def test_what_the_rulebook_withholds_is_proposed_without_points() -> None:
    proposal = of_2026(None)

    assert (proposal.points, proposal.is_unset, proposal.basis.exact) == (None, True, None)
    card = scorecard(RULEBOOK, ACCOUNT, (), [proposal], as_of=MARCH, view=View.PUBLISHED)
    assert (card.estimated, card.provisional.final) == (("亩均税收",), 80)


@pytest.mark.parametrize("why", [WhyNot.UNREPORTED, WhyNot.UNDECIDED, WhyNot.REFUSED])
def test_what_waits_for_people_is_not_proposed(why: WhyNot) -> None:
    """未报 is never 0, and never settled beside something that is only 未设定."""
    for lacks in ([why], [WhyNot.UNSET, why]):
        assert settle(TAX, a_mark(None, *lacks), programme="发展", unit=11, period="2026") is None


def test_a_mark_of_the_real_arithmetic_is_settled() -> None:
    """基本任务 3 with 3 points, 满分目标 6 with 5: 4 is worth 3 and two thirds."""
    indicator = Indicator.model_validate(
        TAX.model_dump(exclude_unset=True) | {"base": 3, "full": 6, "base_points": 3, "full_points": 5, "curve": "线性"}
    )
    mark = mark_indicator(indicator, IndicatorFacts(value=Decimal(4)), Readings())
    unreported = mark_indicator(indicator, IndicatorFacts(), Readings())

    proposal = settle(indicator, mark, programme="发展", unit=11, period="2026")

    assert proposal is not None
    assert (proposal.points, proposal.basis.exact) == (Decimal("3.6667"), "11/3")
    assert settle(indicator, unreported, programme="发展", unit=11, period="2026") is None


def test_a_stand_in_is_told() -> None:
    stood_in = Indicator.model_validate(
        TAX.model_dump(exclude_unset=True) | {"base_points": {"值": Decimal(3), "代入": "原文未给"}}
    )

    assert of_2026(Fraction(3), stood_in).stand_in
    assert not of_2026(Fraction(3)).stand_in


def test_a_corrected_figure_is_a_reversal_and_a_new_entry() -> None:
    first = entered(of_2026(Fraction(13, 3)))
    entries = sealed([first], corrected([first], of_2026(Fraction(7, 2))))
    card = scorecard(RULEBOOK, ACCOUNT, entries, as_of=MARCH, view=View.PUBLISHED)
    published_then = scorecard(RULEBOOK, ACCOUNT, entries, as_of=JANUARY, view=View.PUBLISHED)
    known_of_then = scorecard(RULEBOOK, ACCOUNT, entries, as_of=JANUARY, view=View.KNOWN)

    assert [str(entry.points) for entry in entries] == ["4.3333", "-4.3333", "3.5"]
    assert entries[2].basis == Basis(happened=Trigger.SETTLED, period="2026", reason="统计局核定数更正")
    assert statuses(card) == {"1": Status.REVERSED, "2": Status.REVERSAL, "3": Status.COUNTED}
    assert card.confirmed.final == Decimal("83.5")
    assert published_then.confirmed.final == Decimal("84.3333")
    assert known_of_then.confirmed.final == Decimal("83.5")
    assert verify(ACCOUNT, entries, KEY) == []


def test_what_was_corrected_can_be_corrected_again() -> None:
    first = entered(of_2026(Fraction(1)))
    entries = sealed([first], corrected([first], of_2026(Fraction(2))))
    entries = sealed(entries, corrected(entries, of_2026(Fraction(1))))

    standing = settled(entries, ACCOUNT, "税收", "2026")
    assert standing is entries[-1]
    assert sum(entry.points for entry in entries) == 1


def test_there_may_be_nothing_to_correct() -> None:
    first = entered(of_2026(Fraction(13, 3)))

    for entries, proposal in (
        ([], of_2026(Fraction(1))),
        ([first], of_2026(Fraction(13, 3))),
        ([first], of_2026(None)),
        ([first], of_2026(Fraction(1), period="2026Q3")),
        ([first], of_2026(Fraction(1), unit=12)),
    ):
        with pytest.raises(NothingToCorrect):
            corrected(entries, proposal)


def test_other_exact_points_that_round_alike_are_a_correction() -> None:
    first = entered(of_2026(Fraction(1, 3)))

    correction = corrected([first], of_2026(Fraction(3333, 10000)))

    assert correction.entry.points == first.points
    assert correction.entry.basis.exact is None


def test_what_is_not_settled_yet_is_named() -> None:
    energy = TAX.model_copy(update={"id": "能耗", "name": "能耗"})
    first = entered(of_2026(Fraction(1)))

    assert unsettled([TAX, energy], [first], ACCOUNT, "2026") == (energy,)
    assert unsettled([TAX, energy], [first], ACCOUNT, "2026Q3") == (TAX, energy)
    undone = [first, seal(corrected([first], of_2026(Fraction(2))).reversal, first.head, KEY)]
    assert unsettled([TAX], undone, ACCOUNT, "2026") == (TAX,)


def test_an_entry_by_hand_is_not_a_settlement() -> None:
    by_hand = replace(entered(of_2026(Fraction(1))), basis=Basis(happened=Trigger.RECORDED, period="2026"))

    assert settled([by_hand], ACCOUNT, "税收", "2026") is None
