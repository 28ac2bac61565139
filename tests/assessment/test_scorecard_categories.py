"""Categories 大类 of a scorecard: deducted from full marks, added up, floors, and what never leaves its category."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from assessment.ledger import AccountKey, Entry
from assessment.rulebook import (
    Account,
    CapAt,
    Category,
    CategoryCount,
    Clause,
    Indicator,
    Measure,
    Readings,
    Rulebook,
    SameMatter,
    Subject,
    Trigger,
)
from assessment.scorecard import Scorecard, Status, View, scorecard
from tests.assessment.cards_of_points import (
    END,
    MERITS,
    TASKS,
    UNIT,
    a_clause,
    a_proposal,
    a_rulebook,
    an_entry,
    card_of,
    statuses,
    undo,
)


def a_category(name: str, full: str) -> Category:
    return Category(name=name, full=Decimal(full), count=CategoryCount.DEDUCT, floor=Decimal(0))


PANJIN = Rulebook(
    id="panjin",
    name="政府系统督查工作考核制度",
    version="1",
    year=2026,
    office="市政府督查室",
    source="测试",
    accounts=(Account(subject=Subject.UNIT, cap=Decimal(100)),),
    categories=(a_category("(一)", "16"), a_category("(二)", "45"), a_category("(三)", "27"), a_category("(四)", "12")),
    clauses=(
        a_clause("省领导不满意", category="(一)"),
        a_clause("反馈不合要求", category="(二)"),
        a_clause("第二次督办", category="(二)", trigger=Trigger.SUPERVISED, round=2),
        a_clause("第三次督办", category="(二)", trigger=Trigger.SUPERVISED, round=3),
        a_clause("上访曝光", category="(四)"),
    ),
    readings=Readings(same_matter=SameMatter.ALL),
)


def panjin(*entries: Entry, rulebook: Rulebook = PANJIN, without_task: Sequence[str] = ()) -> Scorecard:
    return scorecard(rulebook, UNIT, entries, as_of=END, view=View.PUBLISHED, without_task=without_task)


def finals(card: Scorecard) -> list[int]:
    return [int(category.confirmed.final) for category in card.categories]


def test_nothing_deducted_is_full_marks() -> None:
    card = panjin()

    assert finals(card) == [16, 45, 27, 12]
    assert (card.base, card.confirmed.final) == (0, 100)


def test_three_supervisions_of_one_matter_leave_31_of_45() -> None:
    """−1, −3 and −10 in order of time, one after the other (A8)."""
    card = panjin(
        an_entry(1, "反馈不合要求", "-1", "X"),
        an_entry(2, "第二次督办", "-3", "X"),
        an_entry(3, "第三次督办", "-10", "X"),
    )

    assert finals(card) == [16, 31, 27, 12]
    assert card.confirmed.final == 86
    assert [line.ref for line in card.categories[1].lines] == ["1", "2", "3"]


def test_by_the_other_reading_the_highest_stands() -> None:
    highest = PANJIN.model_copy(update={"readings": Readings(same_matter=SameMatter.HIGHEST_SUBTOTAL)})
    card = panjin(an_entry(1, "反馈不合要求", "-1", "X"), an_entry(2, "第三次督办", "-10", "X"), rulebook=highest)

    assert finals(card) == [16, 35, 27, 12]
    assert statuses(card) == {"1": Status.SUPPRESSED, "2": Status.COUNTED}


def test_what_is_lost_beyond_a_category_reaches_no_other() -> None:
    """Four times −5 on 16 points: the category has nothing left, the others are whole."""
    card = panjin(*(an_entry(number, "省领导不满意", "-5") for number in range(1, 5)))

    assert (card.categories[0].confirmed.raw, card.categories[0].confirmed.final) == (-4, 0)
    assert (card.confirmed.raw, card.confirmed.final) == (84, 84)


def test_what_is_taken_back_counts_again_from_the_raw_value() -> None:
    four = [an_entry(number, "省领导不满意", "-5") for number in range(1, 5)]
    card = panjin(*four, undo(four[0], 5), undo(four[1], 6))

    assert finals(card)[0] == 6


def test_an_open_proposal_is_seen_in_its_category_beside_what_stands() -> None:
    card = scorecard(PANJIN, UNIT, (), [a_proposal("p", "上访曝光", "-10")], as_of=END, view=View.PUBLISHED)
    fourth = card.categories[3]

    assert (fourth.confirmed.final, fourth.provisional.final) == (12, 2)
    assert (card.confirmed.final, card.provisional.final) == (100, 90)


def test_categories_start_only_in_the_accounts_that_they_concern() -> None:
    person = AccountKey("督查", Subject.PERSON, 21)

    card = scorecard(PANJIN, person, (), as_of=END, view=View.PUBLISHED)

    assert (card.categories, card.confirmed.final) == ((), 0)


def test_a_category_of_persons_is_not_one_of_units() -> None:
    rulebook = PANJIN.model_copy(
        update={"clauses": (*PANJIN.clauses, a_clause("会风", category="(三)", subject=Subject.PERSON))}
    )
    person = AccountKey("督查", Subject.PERSON, 21)

    assert [one.name for one in scorecard(rulebook, person, (), as_of=END, view=View.KNOWN).categories] == ["(三)"]
    assert [one.name for one in panjin(rulebook=rulebook).categories] == ["(一)", "(二)", "(四)"]


def test_no_task_means_full_marks_where_the_rulebook_says_so() -> None:
    rulebook = a_rulebook(categories=(TASKS, MERITS))

    with_tasks = card_of([], rulebook=rulebook)
    without = card_of([], rulebook=rulebook, without_task=["贡献"])
    without_saying_so = card_of([], rulebook=rulebook, without_task=["任务"])

    assert [int(one.confirmed.final) for one in with_tasks.categories] == [16, 0]
    assert [int(one.confirmed.final) for one in without.categories] == [16, 6]
    assert with_tasks == without_saying_so


def test_what_adds_up_stops_at_full_marks() -> None:
    card = card_of([an_entry(1, "贡献一", "4"), an_entry(2, "贡献一", "5")], rulebook=a_rulebook(categories=(MERITS,)))

    assert (card.categories[0].confirmed.raw, card.categories[0].confirmed.final) == (9, 6)
    assert (card.confirmed.raw, card.confirmed.final) == (86, 86)


def test_beside_categories_the_account_is_held_after_every_entry() -> None:
    """80 + 16 = 96; +10 is held at 100; then −1 in the category gives 99, at the end it would be 100."""
    entries = [an_entry(1, "甲", "10"), an_entry(2, "任务一", "-1")]

    running = card_of(entries, rulebook=a_rulebook(categories=(TASKS,), cap_at=CapAt.RUNNING))
    at_the_end = card_of(entries, rulebook=a_rulebook(categories=(TASKS,)))

    assert (running.confirmed.raw, running.confirmed.final) == (105, 99)
    assert (at_the_end.confirmed.raw, at_the_end.confirmed.final) == (105, 100)


def test_what_an_account_starts_with_is_held_too() -> None:
    """80 and 16 under a cap of 82, before anything happened."""
    for cap_at in CapAt:
        card = card_of([], rulebook=a_rulebook(cap="82", categories=(TASKS,), cap_at=cap_at))
        assert (card.confirmed.raw, card.confirmed.final) == (96, 82)


def test_an_entry_that_its_category_cannot_feel_does_not_move_the_account_either() -> None:
    entries = [an_entry(1, "任务一", "-20"), an_entry(2, "任务一", "-5"), an_entry(3, "甲", "1")]

    card = card_of(entries, rulebook=a_rulebook(categories=(TASKS,), cap_at=CapAt.RUNNING))

    assert card.confirmed.final == 81


def test_what_counts_once_counts_once_by_either_reading() -> None:
    entries = [an_entry(1, "一次", "2", "M4"), an_entry(2, "一次", "2", "M4"), an_entry(3, "甲", "1", "M4")]
    card = card_of(entries, rulebook=a_rulebook(same_matter=SameMatter.ALL))

    assert statuses(card) == {"1": Status.COUNTED, "2": Status.SUPPRESSED, "3": Status.COUNTED}


@pytest.mark.parametrize("same_matter", SameMatter)
def test_of_clauses_that_exclude_each_other_the_first_on_a_matter_counts(same_matter: SameMatter) -> None:
    """A report sent back and the same lateness recorded by hand: one deduction, whichever came first."""
    entries = [an_entry(1, "退回扣", "-1", "X"), an_entry(2, "记录扣", "-1", "X"), an_entry(3, "记录扣", "-1", "Y")]
    card = card_of(entries, rulebook=a_rulebook(same_matter=same_matter))
    after_correction = card_of([*entries, undo(entries[0], 4)], rulebook=a_rulebook(same_matter=same_matter))

    assert statuses(card) == {"1": Status.COUNTED, "2": Status.SUPPRESSED, "3": Status.COUNTED}
    assert statuses(after_correction)["2"] is Status.COUNTED


@pytest.fixture
def with_indicator() -> Rulebook:
    indicator = Indicator(
        id="税收", name="税收", unit="万元", measure=Measure.CUMULATIVE, owners=("财政局",), cite="一", category="贡献"
    )
    return a_rulebook(categories=(MERITS,)).model_copy(update={"indicators": (indicator,)})


def test_a_settled_indicator_counts_in_its_category(with_indicator: Rulebook) -> None:
    card = card_of([an_entry(1, "税收", "4.3333"), an_entry(2, "甲", "1")], rulebook=with_indicator)

    assert card.categories[0].confirmed.final == Decimal("4.3333")
    assert card.confirmed.final == Decimal("85.3333")


def test_an_indicator_without_points_makes_the_total_an_estimate(with_indicator: Rulebook) -> None:
    card = card_of([], [a_proposal("settle/11/税收/2026", "税收", None)], rulebook=with_indicator)

    assert card.estimated == ("税收",)
    assert card.lines[0].status is Status.UNSET


def test_points_of_an_indicator_with_a_stand_in_are_told(with_indicator: Rulebook) -> None:
    stand_in = {"值": Decimal(5), "代入": "原文未给"}
    indicator = Indicator.model_validate(
        with_indicator.indicators[0].model_dump(exclude_unset=True) | {"full_points": stand_in}
    )
    told = with_indicator.model_copy(update={"indicators": (indicator,)})

    assert card_of([an_entry(1, "税收", "4")], rulebook=told).stand_in
    assert not card_of([an_entry(1, "税收", "4")], rulebook=with_indicator).stand_in


def test_a_clause_of_a_category_that_does_not_exist_counts_outside() -> None:
    clause: Clause = a_clause("甲", category="没有这一类")
    rulebook = a_rulebook().model_copy(update={"clauses": (clause,)})

    assert card_of([an_entry(1, "甲", "-3")], rulebook=rulebook).confirmed.final == 77
