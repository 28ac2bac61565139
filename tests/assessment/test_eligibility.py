"""Flags of a year: a recommendation is no loss, a veto leaves the points, and every flag ends with its year."""

from decimal import Decimal

import pytest

from assessment.eligibility import Decision, Flagged, Standing, eligibility, flags_of, last_place_flags
from assessment.ledger import AccountKey, Entry
from assessment.ranking import ranked
from assessment.roster import Role
from assessment.rulebook import Flag, Subject
from tests.assessment.cards_of_points import UNIT, a_clause, a_rulebook, an_entry, card_of, undo

RULEBOOK = a_rulebook().model_copy(
    update={
        "clauses": (
            a_clause("取消", flag=Flag.INELIGIBLE),
            a_clause("建议", flag=Flag.RECOMMEND_INELIGIBLE),
            a_clause("否决", flag=Flag.VETO),
            a_clause("末位", flag=Flag.LAST_PLACE),
        )
    }
)
LOST = an_entry(1, "取消", "-2")
RECOMMENDED = an_entry(2, "建议", "-10")
VETOED = an_entry(3, "否决", "0")


def flags(*entries: Entry, year: int = 2026) -> tuple[Flagged, ...]:
    return flags_of(card_of(entries, rulebook=RULEBOOK), year)


def decided(on: Entry, *, loses: bool) -> Decision:
    return Decision(on=on.id, loses=loses, author=51, reason="经有关部门研究")


def test_without_a_flag_all_is_normal() -> None:
    assert eligibility(UNIT, 2026, ()).standing is Standing.ELIGIBLE
    assert eligibility(UNIT, 2026, ()).may_be_awarded


def test_a_loss_has_its_cause() -> None:
    found = eligibility(UNIT, 2026, flags(LOST))

    assert (found.standing, found.may_be_awarded) == (Standing.INELIGIBLE, False)
    assert [flagged.cause for flagged in found.because] == [LOST]


def test_a_recommendation_is_not_a_loss() -> None:
    found = eligibility(UNIT, 2026, flags(RECOMMENDED))

    assert (found.standing, found.may_be_awarded) == (Standing.RECOMMENDED, True)


def test_a_recommendation_becomes_a_loss_only_by_a_decision() -> None:
    taken = eligibility(UNIT, 2026, flags(RECOMMENDED), [decided(RECOMMENDED, loses=True)])
    not_taken = eligibility(UNIT, 2026, flags(RECOMMENDED), [decided(RECOMMENDED, loses=False)])

    assert (taken.standing, taken.because[0].cause) == (Standing.INELIGIBLE, decided(RECOMMENDED, loses=True))
    assert not_taken.standing is Standing.ELIGIBLE


def test_the_last_decision_on_a_recommendation_holds() -> None:
    both = [decided(RECOMMENDED, loses=True), decided(RECOMMENDED, loses=False)]

    assert eligibility(UNIT, 2026, flags(RECOMMENDED), both).standing is Standing.ELIGIBLE


def test_a_decision_answers_its_own_recommendation_and_no_later_one() -> None:
    later = an_entry(5, "建议", "-10")

    found = eligibility(UNIT, 2026, flags(RECOMMENDED, later), [decided(RECOMMENDED, loses=False)])

    assert (found.standing, [flagged.cause for flagged in found.because]) == (Standing.RECOMMENDED, [later])


def test_when_the_entry_is_reversed_the_flag_falls_and_what_was_decided_on_it() -> None:
    undone = flags(RECOMMENDED, undo(RECOMMENDED, 9))

    assert undone == ()
    assert eligibility(UNIT, 2026, undone, [decided(RECOMMENDED, loses=True)]).standing is Standing.ELIGIBLE


def test_a_decision_on_a_recommendation_changes_no_other_flag() -> None:
    answered = [decided(VETOED, loses=True), decided(LOST, loses=False)]

    assert eligibility(UNIT, 2026, flags(VETOED), answered).standing is Standing.VETOED
    assert eligibility(UNIT, 2026, flags(LOST), answered).standing is Standing.INELIGIBLE


def test_a_veto_excludes_and_the_points_stay() -> None:
    card = card_of([VETOED, an_entry(4, "取消", "16")], rulebook=RULEBOOK)

    assert eligibility(UNIT, 2026, flags_of(card, 2026)).standing is Standing.VETOED
    assert card.confirmed.final == 96


def test_every_flag_ends_with_its_year() -> None:
    assert eligibility(UNIT, 2026, flags(LOST)).standing is Standing.INELIGIBLE
    assert eligibility(UNIT, 2027, flags(LOST)).standing is Standing.ELIGIBLE


@pytest.mark.parametrize(
    "other",
    [
        AccountKey("督查", Subject.PERSON, 11),
        AccountKey("督查", Subject.UNIT, 12),
        AccountKey("发展", Subject.UNIT, 11),
    ],
)
def test_a_flag_concerns_its_account_alone(other: AccountKey) -> None:
    assert eligibility(other, 2026, flags(LOST)).standing is Standing.ELIGIBLE


def test_last_place_is_for_those_who_decide_and_excludes_nobody() -> None:
    places = ranked({11: Decimal(70), 12: Decimal(90)})
    (flagged,) = last_place_flags(places, programme="督查", year=2026)

    assert (flagged.account, flagged.flag, flagged.cause) == (UNIT, Flag.LAST_PLACE, places[1])
    assert [role for role in Role if flagged.may_be_told_to(role)] == [Role.LEADER, Role.SECRETARY]
    assert eligibility(UNIT, 2026, [flagged]).standing is Standing.ELIGIBLE


def test_other_flags_forbid_nobody_by_themselves() -> None:
    assert all(flagged.may_be_told_to(role) for flagged in flags(LOST, RECOMMENDED, VETOED) for role in Role)


def test_several_may_share_the_last_place_and_of_one_there_is_none() -> None:
    def last(totals: dict[int, Decimal]) -> list[int]:
        return [flagged.account.holder for flagged in last_place_flags(ranked(totals), programme="督查", year=2026)]

    assert last({1: Decimal(90), 2: Decimal(70), 3: Decimal(70)}) == [2, 3]
    assert last({1: Decimal(90)}) == []
    assert last({1: Decimal(90), 2: Decimal(90)}) == []
    assert last({}) == []
