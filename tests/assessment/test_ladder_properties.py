"""Properties of the ladder for any steps, any due day and any row of sweeps."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment.due import due_on
from assessment.ladder import (
    Decision,
    Key,
    ObligationFacts,
    PlannedStep,
    decide,
    from_json,
    next_action_at,
    plan,
    replan,
    to_json,
)
from assessment.obligation import State
from assessment.rulebook import OFFICE_HOURS, Audience, Ladder, StepKind
from assessment.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
OWED = ObligationFacts()
QUICK = settings(max_examples=80, deadline=None)


def ladder(steps: object) -> Ladder:
    return Ladder.model_validate({"编号": "L", "各步": steps})


USUAL = ladder(
    [
        {"步骤": "提醒", "时间": {"截止前工作日": 1}},
        {"步骤": "催办", "时间": {"逾期日": 1}},
        {"步骤": "督办", "时间": {"逾期工作日": 3}, "对象": ["填报人", "主要负责人"]},
    ]
)


def planned(due: date, steps: Ladder, grace_days: int = 0) -> tuple[PlannedStep, ...]:
    return plan(steps, due_on(due, SHANGHAI, grace_days), CALENDAR, OFFICE_HOURS, SHANGHAI)


OFFSETS = st.one_of(
    st.builds(lambda form, n: {form: n}, st.sampled_from(["截止前工作日", "截止前日"]), st.integers(1, 10)),
    st.builds(lambda form, n: {form: n}, st.sampled_from(["逾期日", "逾期工作日"]), st.integers(1, 20)),
)
STEPS = st.builds(
    lambda kind, when, at, audience: {"步骤": kind, "时间": when, "时刻": at, "对象": tuple(audience)},
    st.sampled_from(StepKind),
    OFFSETS,
    st.times(),
    st.lists(st.sampled_from(Audience), min_size=1, max_size=3),
)
LADDERS = st.lists(STEPS, max_size=6).map(ladder)
DUE_DAYS = st.dates(date(2010, 1, 1), date(2027, 6, 30))
FACTS = st.builds(
    ObligationFacts,
    state=st.sampled_from(State),
    higher_open=st.none() | st.sampled_from(StepKind),
    released=st.booleans(),
)
LOOKS = st.lists(st.integers(-20 * 24, 45 * 24), min_size=1, max_size=8).map(sorted)
"""Hours against the due time at which a sweep runs."""


def climb(
    steps: Sequence[PlannedStep], due: date, looks: Sequence[int], facts: ObligationFacts
) -> tuple[list[Decision], frozenset[Key]]:
    """Every decision of a row of sweeps, each recorded before the next, and the keys settled in the end."""
    decisions, settled = [], frozenset[Key]()
    for hours in looks:
        now = due_on(due, SHANGHAI).due + timedelta(hours=hours)
        decision = decide(steps, now=now, settled=settled, facts=facts)
        decisions.append(decision)
        settled |= decision.settled
    return decisions, settled


@given(DUE_DAYS, LADDERS, st.integers(0, 5))
@example(date(2026, 10, 7), USUAL, 0)
@example(date(2026, 2, 23), USUAL, 3)
@QUICK
def test_every_step_falls_in_office_hours_on_its_side_of_the_due_time(due: date, steps: Ladder, grace: int) -> None:
    times = due_on(due, SHANGHAI, grace)
    for one in planned(due, steps, grace):
        assert CALENDAR.in_office_hours(one.at, OFFICE_HOURS, SHANGHAI)
        if steps.steps[one.index].when.before_due:
            assert one.at < datetime.combine(due, time.min, SHANGHAI)
            assert one.until == times.due
        else:
            assert one.at > times.grace_end


@given(DUE_DAYS, LADDERS)
@QUICK
def test_a_plan_has_each_step_once_an_audience_in_order_and_survives_json(due: date, steps: Ladder) -> None:
    made = planned(due, steps)

    assert {one.key for one in made} == {(n, who) for n, one in enumerate(steps.steps) for who in one.audience}
    assert len({one.key for one in made}) == len(made)
    assert list(made) == sorted(made, key=lambda one: one.at)
    assert from_json(to_json(made)) == made


@given(DUE_DAYS, LADDERS, LOOKS, FACTS)
@QUICK
def test_steps_only_climb_as_time_passes(due: date, steps: Ladder, looks: list[int], facts: ObligationFacts) -> None:
    decisions, _ = climb(planned(due, steps), due, looks, facts)
    kinds = list(StepKind)
    heard: dict[tuple[Audience, bool], int] = {}
    for decision in decisions:
        for ruling in decision.issue:
            listener = ruling.step.audience, ruling.step.needs_confirmation
            rung = kinds.index(ruling.step.kind)

            assert rung >= heard.get(listener, -1)
            heard[listener] = rung


@given(DUE_DAYS, LADDERS, LOOKS, FACTS)
@QUICK
def test_a_second_sweep_at_the_same_moment_has_nothing_new(
    due: date, steps: Ladder, looks: list[int], facts: ObligationFacts
) -> None:
    made = planned(due, steps)
    decisions, settled = climb(made, due, looks, facts)
    again = decide(made, now=due_on(due, SHANGHAI).due + timedelta(hours=looks[-1]), settled=settled, facts=facts)

    assert again.issue == ()
    assert again.record == ()
    assert again.hold == decisions[-1].hold


@given(DUE_DAYS, LADDERS, LOOKS, FACTS)
@QUICK
def test_a_jump_of_the_clock_settles_the_same_steps_and_says_only_the_highest(
    due: date, steps: Ladder, looks: list[int], facts: ObligationFacts
) -> None:
    made = planned(due, steps)
    _, stepped = climb(made, due, looks, facts)
    (jump,), jumped = climb(made, due, looks[-1:], facts)
    listeners = [(ruling.step.audience, ruling.step.needs_confirmation) for ruling in jump.issue]

    assert jumped == stepped
    assert len(listeners) == len(set(listeners))


@given(DUE_DAYS, LADDERS, LOOKS, FACTS)
@QUICK
def test_nothing_is_said_early_or_twice_and_nothing_reached_is_forgotten(
    due: date, steps: Ladder, looks: list[int], facts: ObligationFacts
) -> None:
    made = planned(due, steps)
    decisions, settled = climb(made, due, looks, facts)
    said = [ruling.step.key for decision in decisions for ruling in (*decision.issue, *decision.record)]
    now = due_on(due, SHANGHAI).due + timedelta(hours=looks[-1])

    assert len(said) == len(set(said))
    assert {one.key for one in made if one.at <= now} == settled | decisions[-1].held
    ahead = next_action_at(made, settled, decisions[-1].held)
    assert ahead is None or ahead > now


@given(DUE_DAYS, LADDERS, LOOKS)
@QUICK
def test_doubtful_personal_messages_never_leave_without_the_offices_word(
    due: date, steps: Ladder, looks: list[int]
) -> None:
    for decision in climb(planned(due, steps), due, looks, OWED)[0]:
        for ruling in decision.issue:
            assert not ruling.step.assumed or ruling.step.audience is Audience.OFFICE


@given(DUE_DAYS, LADDERS, LOOKS)
@QUICK
def test_replanning_on_the_same_calendar_changes_nothing(due: date, steps: Ladder, looks: list[int]) -> None:
    made = planned(due, steps)
    _, settled = climb(made, due, looks, OWED)

    again = replan(
        made,
        settled,
        ladder=steps,
        due=due_on(due, SHANGHAI),
        calendar=CALENDAR,
        hours=OFFICE_HOURS,
        zone=SHANGHAI,
    )

    assert again == made
