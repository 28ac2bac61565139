"""撤回 leads back to owing: whoever takes a report back after the last urging is urged once more, and only once."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assessment.due import due_on
from assessment.ladder import Decision, Key, ObligationFacts, PlannedStep, Reason, decide, plan
from assessment.obligation import State
from assessment.rulebook import OFFICE_HOURS, Audience, Ladder, StepKind
from assessment.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
ANOTHER_LOOK = datetime(2010, 9, 1, 9, tzinfo=SHANGHAI)


def in_august(day: int, hour: int = 10) -> datetime:
    return datetime(2010, 8, day, hour, tzinfo=SHANGHAI)


def step(kind: str, when: dict[str, int], *audience: str) -> dict[str, Any]:
    return {"步骤": kind, "时间": when, "时刻": time(9), "对象": audience}


def planned(*steps: dict[str, Any]) -> tuple[PlannedStep, ...]:
    """The ladder of something due on Thursday 5 August 2010."""
    ladder = Ladder.model_validate({"编号": "L", "各步": steps})
    return plan(ladder, due_on(date(2010, 8, 5), SHANGHAI), WorkCalendar(), OFFICE_HOURS, SHANGHAI)


LADDER = planned(
    step("提醒", {"截止前工作日": 1}, "填报人"),
    step("催办", {"逾期日": 1}, "填报人"),  # 6 August
    step("催办", {"逾期日": 4}, "填报人"),  # 9 August
    step("督办", {"逾期工作日": 3}, "主要负责人"),  # 10 August
    step("督办", {"逾期工作日": 5}, "分管领导"),  # 12 August
    step("通报", {"逾期工作日": 10}, "填报人"),  # 19 August
)


def look(
    since: datetime,
    now: datetime,
    settled: frozenset[Key] = frozenset(),
    *,
    withdrawn: bool = True,
    state: State = State.OPEN,
    steps: Sequence[PlannedStep] = LADDER,
    in_office_hours: bool = True,
) -> Decision:
    facts = ObligationFacts(state, since, withdrawn)
    return decide(steps, now=now, settled=settled, facts=facts, in_office_hours=in_office_hours)


def said(decision: Decision) -> list[tuple[int, StepKind, Audience]]:
    return [(ruling.step.index, ruling.step.kind, ruling.step.audience) for ruling in decision.issue]


LAST_URGING = (2, StepKind.URGE, Audience.RESPONSIBLE)


def test_taken_back_after_the_last_urging_the_clerk_is_urged_once_more() -> None:
    decision = look(in_august(11), in_august(11))

    assert said(decision) == [LAST_URGING]
    assert decision.reason is Reason.OVERDUE
    assert {ruling.reason for ruling in decision.record} == {Reason.BEFORE_ROUND}


def test_nobody_above_the_clerk_hears_a_passed_step_again() -> None:
    assert said(look(in_august(16), in_august(16))) == [LAST_URGING]


def test_once_more_and_no_more() -> None:
    first = look(in_august(11), in_august(11))
    later = look(in_august(11), in_august(18), first.settled)

    assert said(later) == [(4, StepKind.SUPERVISE, Audience.LEADER)]
    assert said(look(in_august(11), in_august(18), first.settled | later.settled)) == []


def test_at_night_it_waits_for_office_hours() -> None:
    at_night = look(in_august(11, 22), in_august(11, 22), in_office_hours=False)
    in_the_morning = look(in_august(11, 22), in_august(12, 9), at_night.settled)

    assert said(at_night) == []
    assert [ruling.reason for ruling in at_night.hold] == [Reason.OUTSIDE_HOURS]
    assert said(in_the_morning)[0] == LAST_URGING


@pytest.mark.parametrize("day", [3, 5, 6, 8])
def test_with_an_urging_still_ahead_nothing_is_added(day: int) -> None:
    """Taken back before the 9th: the second urging comes by itself on its day."""
    assert not [kind for _, kind, _ in said(look(in_august(day), in_august(day))) if kind is StepKind.URGE]
    assert LAST_URGING in said(look(in_august(day), in_august(9)))


def test_a_return_is_no_withdrawal() -> None:
    """退回 brings the office's own word; the ladder adds none."""
    assert said(look(in_august(11), in_august(11), withdrawn=False)) == []


def test_a_criticism_ahead_is_no_urging_and_is_only_proposed() -> None:
    """通报 to come on the 19th awaits a person's word: without this the clerk would hear nothing before it."""
    decision = look(in_august(11), ANOTHER_LOOK)

    assert LAST_URGING in said(decision)
    assert [r.step.kind for r in decision.issue if r.step.needs_confirmation] == [StepKind.CRITICISE]


@pytest.mark.parametrize("state", [State.REVIEW, State.MET, State.WAIVED])
def test_reported_again_in_the_meantime_nothing_is_said(state: State) -> None:
    assert said(look(in_august(11), in_august(12), state=state)) == []


def test_reported_again_but_unsigned_it_is_the_signer_who_hears() -> None:
    decision = look(in_august(11), in_august(11), state=State.UNSIGNED)

    assert [(ruling.step.index, ruling.to_signer) for ruling in decision.issue] == [(2, True)]


def test_a_ladder_that_urges_nobody_stays_silent() -> None:
    only_reminds = planned(step("提醒", {"截止前工作日": 1}, "填报人"), step("督办", {"逾期日": 1}, "主要负责人"))

    assert said(look(in_august(11), in_august(11), steps=only_reminds)) == []
    assert said(look(in_august(11), in_august(11), steps=())) == []
