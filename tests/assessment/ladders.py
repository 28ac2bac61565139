"""Ladders and plans as the tests of the ladder write them."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from assessment.due import due_on
from assessment.ladder import (
    Decision,
    ObligationFacts,
    PlannedStep,
    plan,
)
from assessment.rulebook import OFFICE_HOURS, Audience, Ladder, StepKind
from assessment.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
OWED = ObligationFacts()


def step(kind: str, when: dict[str, int], *audience: str, at: str = "09:00") -> dict[str, Any]:
    return {"步骤": kind, "时间": when, "时刻": time.fromisoformat(at), "对象": audience or ("填报人",)}


def ladder(*steps: dict[str, Any]) -> Ladder:
    return Ladder.model_validate({"编号": "L", "各步": steps})


USUAL = ladder(
    step("提醒", {"截止前工作日": 1}),
    step("催办", {"逾期日": 1}),
    step("督办", {"逾期工作日": 3}, "填报人", "主要负责人"),
    step("专项督办令", {"逾期工作日": 5}, "主要负责人", "分管领导"),
    step("通报", {"逾期工作日": 10}, "填报人", "考核办"),
)


def planned(
    due: date, calendar: WorkCalendar = CALENDAR, steps: Ladder = USUAL, grace_days: int = 0
) -> tuple[PlannedStep, ...]:
    return plan(steps, due_on(due, SHANGHAI, grace_days), calendar, OFFICE_HOURS, SHANGHAI)


def in_office(*when: int) -> datetime:
    return datetime(*when, tzinfo=SHANGHAI)  # type: ignore[misc, arg-type]


def spoken(steps: Sequence[PlannedStep]) -> list[str]:
    """Each step as 月-日 时:分 步骤 对象, in the domain's zone."""
    return [f"{one.at.astimezone(SHANGHAI):%m-%d %H:%M} {one.kind} {one.audience}" for one in steps]


def issued(decision: Decision) -> list[tuple[StepKind, Audience]]:
    return [(ruling.step.kind, ruling.step.audience) for ruling in decision.issue]
