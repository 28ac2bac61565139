"""A rule change tried out on the ledger: what moves, what falls, what would have to be decided anew, and what stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.ledger import Basis, Entry
from assessment.marking import Proposal
from assessment.rule_change import AccountChange, ClauseSum, Outcome, RuleChange, rule_change
from assessment.rulebook import (
    Account,
    Clause,
    CountFrom,
    Due,
    Duty,
    Flag,
    Indicator,
    Measure,
    Parameter,
    Per,
    Range,
    Readings,
    Rulebook,
    SameMatter,
    Share,
    Subject,
    Timing,
    Trigger,
)
from assessment.scorecard import Status
from tests.assessment.cards_of_points import a_clause, a_proposal, a_rulebook, an_entry, card_of, undo

URGED = Basis(
    happened=Trigger.URGED_NOT_REPORTED,
    obligation=7,
    due_day=date(2026, 8, 5),
    first_urged=date(2026, 8, 7),
    reported=date(2026, 8, 10),
    counted_from=date(2026, 8, 8),
    counted_to=date(2026, 8, 10),
)
BY_DAY = a_clause("按日", trigger=Trigger.URGED_NOT_REPORTED, per=Per.DAY, points=Parameter(value=Decimal(-1)))
CHOSEN = a_clause("酌定", points=Parameter[Decimal](), discretion=Range(lowest=Decimal(-5), highest=Decimal(-1)))
UNSET = a_clause("未定", points=Parameter[Decimal]())
LATE_MATTER = a_clause("事项迟", trigger=Trigger.MATTER_LATE, share=Share.LEAD, points=Parameter(value=Decimal(-5)))
OUTPUT = Indicator(
    id="产值",
    name="产值",
    unit="万元",
    measure=Measure.CUMULATIVE,
    base=Parameter(value=Decimal(100)),
    owners=("甲局",),
    cite="二",
)
RULES = a_rulebook(cap="100").model_copy(
    update={
        "clauses": (*a_rulebook().clauses, BY_DAY, CHOSEN, UNSET, LATE_MATTER),
        "indicators": (OUTPUT,),
    }
)


def day(at: datetime) -> date:
    return at.date()


def tried(
    new: Rulebook, *sources: Entry | Proposal, old: Rulebook = RULES, duties: dict[int, str] | None = None
) -> RuleChange:
    entries = [source for source in sources if isinstance(source, Entry)]
    proposals = [source for source in sources if isinstance(source, Proposal)]
    return rule_change(old, new, [card_of(entries, proposals, rulebook=old)], day=day, duties=duties or {})


def only(found: RuleChange) -> AccountChange:
    (account,) = found.accounts
    return account


def outcomes(found: RuleChange) -> dict[str, Outcome]:
    return {line.before.ref: line.outcome for line in only(found).lines}


def with_clause(clause_id: str, rulebook: Rulebook = RULES, **said: object) -> Rulebook:
    changed = tuple(one.model_copy(update=said) if one.id == clause_id else one for one in rulebook.clauses)
    return rulebook.model_copy(update={"clauses": changed})


def worth(value: str | None) -> Parameter[Decimal]:
    return Parameter[Decimal](value=None if value is None else Decimal(value))


def test_a_fixed_value_is_the_new_one() -> None:
    found = tried(with_clause("甲", points=worth("2")), an_entry(1, "甲", "1"), a_proposal("p", "甲", "1"))

    account = only(found)
    assert outcomes(found) == {"1": Outcome.REVALUED, "p": Outcome.REVALUED}
    assert [line.after.points for line in account.lines if line.after] == [2, 2]
    assert [card.confirmed.final for card in (account.before, account.after)] == [81, 82]
    assert [card.provisional.final for card in (account.before, account.after)] == [82, 84]
    (clause,) = found.clauses
    assert (clause.clause.id, clause.before, clause.after) == ("甲", ClauseSum(2, Decimal(2)), ClauseSum(2, Decimal(4)))


def test_by_the_day_it_is_the_new_value_for_each_day() -> None:
    entry = an_entry(1, "按日", "-3", basis=URGED)

    found = tried(with_clause("按日", points=worth("-0.5")), entry)

    assert only(found).after.line("1").points == Decimal("-1.5")


def test_counting_days_from_the_due_day_adds_the_days_before_the_urging() -> None:
    entry = an_entry(1, "按日", "-3", basis=URGED)

    found = tried(RULES.model_copy(update={"readings": Readings(count_from=CountFrom.AFTER_DUE)}), entry)

    after = only(found).after.line("1")
    assert after.points == -5, "6 to 10 August"
    assert after.source.basis.counted_from == date(2026, 8, 6)
    assert [(one.name, one.before, one.after) for one in found.readings] == [("催报计日", "首次催报次日", "截止次日")]


def test_what_counted_from_the_due_day_may_fall_when_the_urging_counts() -> None:
    old = RULES.model_copy(update={"readings": Readings(count_from=CountFrom.AFTER_DUE)})
    basis = replace(URGED, reported=date(2026, 8, 7), counted_from=date(2026, 8, 6), counted_to=date(2026, 8, 7))

    found = tried(RULES, an_entry(1, "按日", "-2", basis=basis), old=old)

    assert outcomes(found) == {"1": Outcome.NO_LONGER_FITS}
    assert only(found).after.confirmed.final == 80


def test_once_instead_of_by_the_day() -> None:
    found = tried(with_clause("按日", per=Per.ONCE), an_entry(1, "按日", "-3", basis=URGED))

    assert only(found).after.line("1").points == -1


def test_each_time_of_a_return_counts() -> None:
    rules = with_clause("甲", trigger=Trigger.RETURNED, points=worth("-1"))
    entry = an_entry(1, "甲", "-3", basis=Basis(happened=Trigger.RETURNED, obligation=7, times=3))

    found = tried(with_clause("甲", rules, points=worth("-2")), entry, old=rules)

    assert only(found).after.line("1").points == -6


def test_chosen_points_stay_while_they_lie_inside_the_range() -> None:
    entry = an_entry(1, "酌定", "-2")
    wider = with_clause("酌定", discretion=Range(lowest=Decimal(-9), highest=Decimal(-2)))
    narrower = with_clause("酌定", discretion=Range(lowest=Decimal(-9), highest=Decimal(-3)))

    assert not tried(wider, entry).differs
    found = tried(narrower, entry)
    assert outcomes(found) == {"1": Outcome.TO_DECIDE}
    assert only(found).after.line("1").status is Status.UNDECIDED
    assert only(found).after.confirmed.final == 80
    assert found.left_open == 1


def test_a_proposal_not_yet_decided_has_another_range() -> None:
    waiting = a_proposal("p", "酌定", None, lowest=Decimal(-5), highest=Decimal(-1))

    found = tried(with_clause("酌定", discretion=Range(lowest=Decimal(-9), highest=Decimal(-1))), waiting)

    assert outcomes(found) == {"p": Outcome.RANGE}
    assert found.left_open == 0, "it was open before"


def test_a_value_that_is_withheld_leaves_the_total_estimated() -> None:
    found = tried(with_clause("甲", points=worth(None)), an_entry(1, "甲", "1"))

    assert outcomes(found) == {"1": Outcome.UNSET}
    assert only(found).after.estimated == ("甲之名",)
    assert (
        only(tried(with_clause("未定", points=worth("-2")), a_proposal("p", "未定", None))).after.provisional.final
        == 78
    )


def test_a_clause_that_is_gone_counts_for_nothing() -> None:
    without = RULES.model_copy(update={"clauses": tuple(one for one in RULES.clauses if one.id != "甲")})

    found = tried(without, an_entry(1, "甲", "1"), an_entry(2, "乙", "1"))

    assert outcomes(found) == {"1": Outcome.GONE}
    assert [clause.id for clause in found.removed] == ["甲"]
    assert not found.added
    assert only(found).after.confirmed.final == 81


def test_a_reversed_entry_of_a_clause_that_is_gone_says_nothing() -> None:
    entry = an_entry(1, "甲", "1")
    without = RULES.model_copy(update={"clauses": tuple(one for one in RULES.clauses if one.id != "甲")})

    assert not tried(without, entry, undo(entry, 2)).differs


def test_points_are_never_moved_to_another_account() -> None:
    found = tried(with_clause("甲", subject=Subject.PERSON), an_entry(1, "甲", "1"))

    assert outcomes(found) == {"1": Outcome.OTHER_ACCOUNT}
    assert only(found).after.lines == ()


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"share": Share.CO}, Outcome.NO_LONGER_FITS),
        ({"classes": ("民生",)}, Outcome.NO_LONGER_FITS),
        ({"trigger": Trigger.MATTER_DONE}, Outcome.NO_LONGER_FITS),
        ({"points": worth("-2.5")}, Outcome.REVALUED),
    ],
)
def test_a_matter_is_asked_again_whether_the_clause_speaks_of_it(said: dict[str, object], outcome: Outcome) -> None:
    basis = Basis(
        happened=Trigger.MATTER_LATE,
        obligation=9,
        share=Share.LEAD,
        matter_class="重点",
        due_day=date(2026, 8, 5),
        reported=date(2026, 8, 9),
    )

    found = tried(with_clause("事项迟", RULES, **said), an_entry(1, "事项迟", "-5", "M-1", basis=basis))

    assert outcomes(found) == {"1": outcome}


def test_done_in_time_and_reports_in_time_fall_with_the_clause_that_meant_late() -> None:
    done = a_clause("办结", trigger=Trigger.MATTER_DONE, timing=Timing.ON_TIME)
    filed = a_clause("按时报", trigger=Trigger.REPORTED_ON_TIME)
    rules = RULES.model_copy(update={"clauses": (done, filed)})
    of_matter = Basis(
        happened=Trigger.MATTER_DONE, obligation=9, share=Share.LEAD, matter_class="重点", timing=Timing.EARLY
    )
    report = Basis(happened=Trigger.REPORTED_ON_TIME, obligation=7, reported=date(2026, 8, 5))
    entries = an_entry(1, "办结", "1", basis=of_matter), an_entry(2, "按时报", "1", basis=report)

    new = with_clause("办结", with_clause("按时报", rules, trigger=Trigger.REPORTED_LATE), timing=Timing.LATE)

    assert set(outcomes(tried(new, *entries, old=rules)).values()) == {Outcome.NO_LONGER_FITS}
    assert not tried(rules, *entries, old=rules).differs


def test_which_round_it_was_is_not_on_record() -> None:
    rules = with_clause("甲", trigger=Trigger.SUPERVISED)
    basis = Basis(happened=Trigger.SUPERVISED, obligation=9, share=Share.LEAD, matter_class="重点")

    found = tried(with_clause("甲", rules, round=2), an_entry(1, "甲", "1", basis=basis), old=rules)

    assert outcomes(found) == {"1": Outcome.TO_DECIDE}


def test_a_duty_that_no_longer_names_the_clause_costs_nothing() -> None:
    duty = Duty(
        id="月报",
        name="月报",
        frequency="月",
        due=Parameter(value=Due(day_of_next_month=5)),
        ladder="l",
        clauses=("按日",),
        cite="一",
    )
    old = RULES.model_copy(update={"duties": (duty,)})
    new = RULES.model_copy(update={"duties": (duty.model_copy(update={"clauses": ()}),)})
    entry = an_entry(1, "按日", "-3", basis=URGED)

    assert outcomes(tried(new, entry, old=old, duties={7: "月报"})) == {"1": Outcome.NO_LONGER_FITS}
    assert not tried(new, entry, old=old).differs, "nothing is known of a duty"


def test_what_covered_another_may_cover_it_no_longer() -> None:
    entries = an_entry(1, "甲", "1", "M-1"), an_entry(2, "乙", "3", "M-1")

    found = tried(with_clause("乙", points=worth("0.5")), *entries)
    assert outcomes(found) == {"1": Outcome.REVIVED, "2": Outcome.REVALUED}
    assert only(found).after.line("2").status is Status.SUPPRESSED

    added_up = tried(RULES.model_copy(update={"readings": Readings(same_matter=SameMatter.ALL)}), *entries)
    assert outcomes(added_up) == {"1": Outcome.REVIVED}
    assert only(added_up).after.confirmed.final == 84


def test_base_cap_and_flags_are_told_though_no_line_moves() -> None:
    lower = Account(subject=Subject.UNIT, base=Decimal(80), cap=Decimal("80.5"))
    capped = tried(RULES.model_copy(update={"accounts": (lower,)}), an_entry(1, "甲", "1"))
    flagged = tried(with_clause("甲", flag=Flag.VETO), an_entry(1, "甲", "1"))

    for found in (capped, flagged):
        assert found.differs
        assert only(found).lines == ()
    assert only(capped).after.confirmed.capped
    assert [raised.flag for raised in only(flagged).after.flags] == [Flag.VETO]


def test_an_indicator_with_other_targets_must_be_settled_anew() -> None:
    entry = an_entry(1, "产值", "12", basis=Basis(happened=Trigger.SETTLED, period="2026"))
    renamed = RULES.model_copy(update={"indicators": (OUTPUT.model_copy(update={"name": "总产值", "cite": "三"}),)})
    harder = RULES.model_copy(update={"indicators": (OUTPUT.model_copy(update={"base": worth("120")}),)})
    dropped = RULES.model_copy(update={"indicators": ()})

    assert not tried(renamed, entry).differs
    assert outcomes(tried(harder, entry)) == {"1": Outcome.TO_SETTLE}
    assert outcomes(tried(dropped, entry)) == {"1": Outcome.GONE}


def test_points_that_somebody_settled_otherwise_move_only_with_the_rule() -> None:
    entry = an_entry(1, "甲", "0.7")

    assert not tried(with_clause("甲", name="另名"), entry).differs
    assert only(tried(with_clause("甲", points=worth("2")), entry)).after.line("1").points == 2


CLAUSE_IDS = [clause.id for clause in RULES.clauses]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Entry | Proposal]:
    basis = st.sampled_from(
        [
            Basis(happened=Trigger.RECORDED, reason="现场所见"),
            URGED,
            Basis(happened=Trigger.RETURNED, obligation=7, times=2),
            Basis(
                happened=Trigger.MATTER_LATE,
                obligation=9,
                share=Share.LEAD,
                matter_class="重点",
                due_day=date(2026, 8, 5),
            ),
            Basis(happened=Trigger.SUPERVISED, obligation=9, share=Share.CO, matter_class="重点"),
        ]
    )
    points = st.decimals(-9, 9, places=1, allow_nan=False)
    sources: list[Entry | Proposal] = []
    for number in range(1, draw(st.integers(0, 8)) + 1):
        clause, matter = draw(st.sampled_from(CLAUSE_IDS)), draw(st.sampled_from([None, "M-1", "M-2"]))
        if draw(st.booleans()):
            same_day = {"occurred_at": card_of([]).as_of - timedelta(days=draw(st.integers(1, 3)))}
            sources.append(an_entry(number, clause, draw(points), matter, basis=draw(basis), **same_day))
        else:
            value = draw(st.none() | points)
            one = a_proposal(f"p{number}", clause, None, matter)
            sources.append(replace(one, points=value, basis=draw(basis)))
    entries = [source for source in sources if isinstance(source, Entry)]
    reverses: bool = draw(st.booleans())
    if entries and reverses:
        sources.append(undo(entries[0], 99))
    return sources


@settings(max_examples=80, deadline=None)
@given(ledgers(), st.permutations(list(RULES.clauses)), st.sampled_from(list(SameMatter)))
def test_the_same_rules_in_whatever_order_change_nothing(
    sources: list[Entry | Proposal], clauses: list[Clause], same_matter: SameMatter
) -> None:
    old = RULES.model_copy(update={"readings": Readings(same_matter=same_matter)})

    found = tried(old.model_copy(update={"clauses": tuple(clauses)}), *sources, old=old)

    assert not found.differs
    assert (found.clauses, found.added, found.removed, found.readings) == ((), (), (), ())


@settings(max_examples=60, deadline=None)
@given(ledgers(), st.permutations(list(RULES.clauses)), st.sampled_from(CLAUSE_IDS))
def test_the_order_of_the_new_rules_does_not_matter(
    sources: list[Entry | Proposal], clauses: list[Clause], changed: str
) -> None:
    shuffle: Callable[[Rulebook], Rulebook] = lambda book: book.model_copy(  # noqa: E731
        update={"clauses": tuple(next(one for one in book.clauses if one.id == clause.id) for clause in clauses)}
    )
    new = with_clause(changed, points=worth("-4"), discretion=None)

    assert only(tried(new, *sources)) == only(tried(shuffle(new), *sources))


@settings(max_examples=60, deadline=None)
@given(ledgers(), st.sampled_from(CLAUSE_IDS))
def test_another_value_of_one_clause_revalues_its_lines_alone_and_loses_none(
    sources: list[Entry | Proposal], changed: str
) -> None:
    account = only(tried(with_clause(changed, points=worth("-4"), discretion=None), *sources))

    revalued = {line.before.source.clause for line in account.lines if line.outcome is Outcome.REVALUED}
    assert revalued <= {changed}
    assert {line.ref for line in account.after.lines} == {line.ref for line in account.before.lines}
