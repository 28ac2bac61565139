"""The ladder: when each step is reached on the real calendar, and what is said at a given moment."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from assessment.due import DueTimes, due_on
from assessment.ladder import (
    Decision,
    Key,
    ObligationFacts,
    PlannedStep,
    Reason,
    decide,
    from_json,
    next_action_at,
    plan,
    replan,
    to_json,
)
from assessment.obligation import State
from assessment.rulebook import OFFICE_HOURS, Audience, Ladder, StepKind
from assessment.workdays import Overlay, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar()
NEW_YEAR_2027 = WorkCalendar((Overlay(2027, off=frozenset({date(2027, 1, 1), date(2027, 1, 4)})),))
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


class TestPlan:
    def test_a_report_due_on_thursday_5_august_2010(self) -> None:
        assert spoken(planned(date(2010, 8, 5))) == [
            "08-04 09:00 提醒 填报人",
            "08-06 09:00 催办 填报人",
            "08-10 09:00 督办 填报人",
            "08-10 09:00 督办 主要负责人",
            "08-12 09:00 专项督办令 主要负责人",
            "08-12 09:00 专项督办令 分管领导",
            "08-19 09:00 通报 填报人",
            "08-19 09:00 通报 考核办",
        ]

    def test_times_are_utc_and_a_reminder_is_good_until_the_due_time(self) -> None:
        reminder, urging, *_ = planned(date(2010, 8, 5))

        assert reminder.at == datetime(2010, 8, 4, 1, tzinfo=UTC)
        assert reminder.at.tzinfo is UTC
        assert reminder.until == in_office(2010, 8, 6)
        assert urging.until is None

    def test_a_report_due_on_a_sunday_is_recalled_on_friday_and_urged_on_monday(self) -> None:
        assert spoken(planned(date(2026, 7, 5)))[:2] == ["07-03 09:00 提醒 填报人", "07-06 09:00 催办 填报人"]

    def test_a_reminder_counted_in_calendar_days_moves_back_to_a_workday(self) -> None:
        day_before = ladder(step("提醒", {"截止前日": 1}, at="15:00"))

        assert spoken(planned(date(2026, 7, 6), steps=day_before)) == ["07-03 15:00 提醒 填报人"]

    def test_before_spring_festival_2026_the_worked_saturday_counts(self) -> None:
        assert spoken(planned(date(2026, 2, 20)))[:4] == [
            "02-14 09:00 提醒 填报人",  # a Saturday, worked
            "02-24 09:00 催办 填报人",
            "02-26 09:00 督办 填报人",
            "02-26 09:00 督办 主要负责人",
        ]

    def test_the_seven_days_of_national_day_2026_put_off_urging_and_are_not_counted(self) -> None:
        assert spoken(planned(date(2026, 9, 30)))[:5] == [
            "09-29 09:00 提醒 填报人",
            "10-08 09:00 催办 填报人",
            "10-10 09:00 督办 填报人",  # a Saturday, worked
            "10-10 09:00 督办 主要负责人",
            "10-13 09:00 专项督办令 主要负责人",
        ]

    def test_steps_after_the_due_day_are_counted_from_the_end_of_grace(self) -> None:
        assert spoken(planned(date(2010, 8, 5), grace_days=4))[:3] == [
            "08-04 09:00 提醒 填报人",
            "08-10 09:00 催办 填报人",
            "08-12 09:00 督办 填报人",
        ]

    @pytest.mark.parametrize(
        ("written", "reminded", "urged"),
        [
            ("07:30", "08-04 09:00", "08-06 09:00"),
            ("12:00", "08-04 14:00", "08-06 14:00"),
            ("16:30", "08-04 16:30", "08-06 16:30"),
            ("20:00", "08-04 14:00", "08-09 09:00"),
        ],
    )
    def test_a_time_of_day_outside_office_hours_is_moved_inside(self, written: str, reminded: str, urged: str) -> None:
        early_and_late = ladder(step("提醒", {"截止前工作日": 1}, at=written), step("催办", {"逾期日": 1}, at=written))

        steps = spoken(planned(date(2010, 8, 5), steps=early_and_late))

        assert steps == [f"{reminded} 提醒 填报人", f"{urged} 催办 填报人"]

    def test_decembers_report_is_planned_in_an_unknown_january_and_says_so(self) -> None:
        reminder, urging, *_ = steps = planned(date(2027, 1, 5))

        assert spoken(steps)[:2] == ["01-04 09:00 提醒 填报人", "01-06 09:00 催办 填报人"]
        assert reminder.assumed
        assert urging.assumed

    def test_a_step_on_a_known_december_day_is_certain(self) -> None:
        reminder, urging, *_ = planned(date(2026, 12, 31))

        assert not reminder.assumed
        assert urging.assumed

    def test_calendar_days_back_over_new_year_need_no_january_calendar(self) -> None:
        ten_days = ladder(step("提醒", {"截止前日": 10}))
        three_workdays = ladder(step("提醒", {"截止前工作日": 3}))

        assert [one.assumed for one in planned(date(2027, 1, 5), steps=ten_days)] == [False]
        assert spoken(planned(date(2027, 1, 5), steps=three_workdays)) == ["12-31 09:00 提醒 填报人"]
        assert [one.assumed for one in planned(date(2027, 1, 5), steps=three_workdays)] == [True]

    def test_a_reminder_in_a_known_december_does_not_look_at_new_years_day(self) -> None:
        reminder, urging, *_ = planned(date(2027, 1, 1), grace_days=3)

        assert spoken([reminder]) == ["12-31 09:00 提醒 填报人"]
        assert not reminder.assumed
        assert urging.assumed

    def test_a_due_day_that_is_assumed_makes_every_step_assumed(self) -> None:
        doubtful = DueTimes(date(2026, 8, 5), in_office(2026, 8, 6), date(2026, 8, 5), in_office(2026, 8, 6), True)

        assert all(one.assumed for one in plan(USUAL, doubtful, CALENDAR, OFFICE_HOURS, SHANGHAI))

    def test_an_audience_named_twice_hears_a_step_once(self) -> None:
        assert len(planned(date(2010, 8, 5), steps=ladder(step("催办", {"逾期日": 1}, "填报人", "填报人")))) == 1

    def test_a_plan_frozen_as_json_is_read_back_the_same(self) -> None:
        steps = planned(date(2027, 1, 5))

        assert from_json(to_json(steps)) == steps
        assert from_json(to_json(())) == ()

    @pytest.mark.parametrize("text", ["", "{}", '[{"index": 0}]', to_json(planned(date(2010, 8, 5))).replace("Z", "")])
    def test_what_is_no_plan_is_refused(self, text: str) -> None:
        with pytest.raises(ValueError, match="validation error"):
            from_json(text)


class TestDecide:
    """One obligation, due on Thursday 5 August 2010."""

    steps = planned(date(2010, 8, 5))

    def at(
        self, now: datetime, facts: ObligationFacts = OWED, settled: frozenset[Key] = frozenset(), **more: bool
    ) -> Decision:
        return decide(self.steps, now=now, settled=settled, facts=facts, **more)

    def test_before_the_reminder_nothing_is_said(self) -> None:
        decision = self.at(in_office(2010, 8, 4, 8, 59))

        assert decision == Decision(reason=Reason.NOT_YET)

    def test_the_reminder_is_said_on_the_minute(self) -> None:
        decision = self.at(in_office(2010, 8, 4, 9, 0))

        assert issued(decision) == [(StepKind.REMIND, Audience.RESPONSIBLE)]
        assert decision.reason is Reason.DUE_SOON

    def test_the_next_morning_after_the_due_day_the_unit_is_urged(self) -> None:
        decision = self.at(in_office(2010, 8, 6, 9, 0), settled=frozenset({(0, Audience.RESPONSIBLE)}))

        assert issued(decision) == [(StepKind.URGE, Audience.RESPONSIBLE)]
        assert decision.reason is Reason.OVERDUE

    def test_a_reminder_missed_until_the_due_time_is_not_said_any_more(self) -> None:
        decision = self.at(in_office(2010, 8, 6, 0, 0))

        assert issued(decision) == []
        assert [(ruling.step.kind, ruling.reason) for ruling in decision.record] == [
            (StepKind.REMIND, Reason.OVERTAKEN)
        ]
        assert issued(self.at(in_office(2010, 8, 5, 23, 59))) == [(StepKind.REMIND, Audience.RESPONSIBLE)]

    def test_after_a_week_of_downtime_each_hears_the_highest_step_only(self) -> None:
        decision = self.at(in_office(2010, 8, 12, 10, 0))

        assert issued(decision) == [
            (StepKind.SUPERVISE, Audience.RESPONSIBLE),
            (StepKind.SPECIAL_ORDER, Audience.HEAD),
            (StepKind.SPECIAL_ORDER, Audience.LEADER),
        ]
        assert [(ruling.step.kind, ruling.step.audience) for ruling in decision.record] == [
            (StepKind.REMIND, Audience.RESPONSIBLE),
            (StepKind.URGE, Audience.RESPONSIBLE),
            (StepKind.SUPERVISE, Audience.HEAD),
        ]
        assert {ruling.reason for ruling in decision.record} == {Reason.OVERTAKEN}

    def test_a_harsh_step_is_proposed_and_does_not_silence_the_urging_below_it(self) -> None:
        decision = self.at(in_office(2010, 8, 19, 9, 0))

        assert {
            (ruling.step.kind, ruling.step.audience): ruling.step.needs_confirmation for ruling in decision.issue
        } == {
            (StepKind.SUPERVISE, Audience.RESPONSIBLE): False,
            (StepKind.SPECIAL_ORDER, Audience.HEAD): False,
            (StepKind.SPECIAL_ORDER, Audience.LEADER): False,
            (StepKind.CRITICISE, Audience.RESPONSIBLE): True,
            (StepKind.CRITICISE, Audience.OFFICE): True,
        }

    def test_only_criticism_and_interview_need_a_person_to_confirm(self) -> None:
        every_kind = ladder(*(step(kind, {"逾期日": 1}) for kind in StepKind))

        harsh = {one.kind for one in planned(date(2010, 8, 5), steps=every_kind) if one.needs_confirmation}

        assert harsh == {StepKind.CRITICISE, StepKind.INTERVIEW}

    @pytest.mark.parametrize(
        ("state", "reason"),
        [
            (State.MET, Reason.ALREADY_REPORTED),
            (State.WAIVED, Reason.WAIVED),
            (State.REVIEW, Reason.UNDER_REVIEW),
        ],
    )
    def test_who_owes_nothing_hears_nothing_and_the_reason_is_recorded(self, state: State, reason: Reason) -> None:
        decision = self.at(in_office(2010, 8, 6, 9, 0), ObligationFacts(state))

        assert issued(decision) == []
        assert decision.hold == ()
        assert [ruling.reason for ruling in decision.record] == [reason, reason]
        assert decision.reason is reason

    def test_a_report_without_its_signature_calls_the_signer_not_the_clerk(self) -> None:
        decision = self.at(in_office(2010, 8, 10, 9, 0), ObligationFacts(State.UNSIGNED))

        assert [(ruling.step.audience, ruling.to_signer) for ruling in decision.issue] == [
            (Audience.RESPONSIBLE, True),
            (Audience.HEAD, False),
        ]
        assert decision.reason is Reason.AWAITING_SIGNATURE

    def test_a_higher_step_open_for_the_same_matter_mutes_the_lower(self) -> None:
        facts = ObligationFacts(higher_open=StepKind.SUPERVISE)
        urging = self.at(in_office(2010, 8, 6, 9, 0), facts, frozenset({(0, Audience.RESPONSIBLE)}))
        supervising = self.at(in_office(2010, 8, 10, 9, 0), facts, frozenset({(1, Audience.RESPONSIBLE)}))

        assert issued(urging) == []
        assert urging.reason is Reason.MUTED_BY_HIGHER
        assert (StepKind.SUPERVISE, Audience.RESPONSIBLE) in issued(supervising)

    def test_steps_before_a_new_round_are_passed_over(self) -> None:
        decision = self.at(in_office(2010, 8, 6, 9, 0), ObligationFacts(since=in_office(2010, 8, 5, 10, 0)))

        assert issued(decision) == [(StepKind.URGE, Audience.RESPONSIBLE)]
        assert [ruling.reason for ruling in decision.record] == [Reason.BEFORE_ROUND]

    def test_a_step_on_the_minute_of_a_new_round_belongs_to_it(self) -> None:
        opened = in_office(2010, 8, 4, 9, 0)

        assert issued(self.at(opened, ObligationFacts(since=opened))) == [(StepKind.REMIND, Audience.RESPONSIBLE)]

    def test_a_lower_step_is_not_said_after_a_higher_one_even_if_that_has_been_moved_on(self) -> None:
        decision = self.at(in_office(2010, 8, 6, 9, 0), settled=frozenset({(2, Audience.RESPONSIBLE)}))

        assert issued(decision) == []
        assert decision.reason is Reason.OVERTAKEN

    def test_outside_office_hours_what_is_reached_waits_and_is_not_lost(self) -> None:
        settled = frozenset({(0, Audience.RESPONSIBLE)})
        at_night = self.at(in_office(2010, 8, 6, 22, 0), settled=settled, in_office_hours=False)
        in_the_morning = self.at(in_office(2010, 8, 9, 9, 0), settled=settled | at_night.settled)

        assert issued(at_night) == []
        assert [ruling.reason for ruling in at_night.hold] == [Reason.OUTSIDE_HOURS]
        assert issued(in_the_morning) == [(StepKind.URGE, Audience.RESPONSIBLE)]

    def test_the_next_look_is_at_the_next_step_and_never_after_the_last(self) -> None:
        everything = frozenset(one.key for one in self.steps)

        assert next_action_at(self.steps, frozenset()) == in_office(2010, 8, 4, 9, 0)
        assert next_action_at(self.steps, {(0, Audience.RESPONSIBLE)}) == in_office(2010, 8, 6, 9, 0)
        assert next_action_at(self.steps, (), {(0, Audience.RESPONSIBLE)}) == in_office(2010, 8, 6, 9, 0)
        assert next_action_at(self.steps, everything) is None
        assert self.at(in_office(2010, 9, 1, 9, 0), settled=everything) == Decision(reason=Reason.NOTHING_DUE)
        assert decide((), now=in_office(2010, 9, 1), settled=(), facts=OWED).reason is Reason.NOTHING_DUE

    def test_keys_read_from_storage_as_plain_text_count(self) -> None:
        decision = self.at(in_office(2010, 8, 4, 9, 0), settled=frozenset({(0, "填报人")}))  # type: ignore[arg-type]

        assert issued(decision) == []


class TestUnknownYear:
    """December 2026's report, due on 5 January 2027, whose calendar nobody knows yet."""

    steps = planned(
        date(2027, 1, 5),
        steps=ladder(step("提醒", {"截止前工作日": 1}), step("催办", {"逾期日": 1}, "填报人", "考核办")),
    )

    def test_personal_messages_wait_for_the_offices_word_but_the_office_itself_hears(self) -> None:
        decision = decide(self.steps, now=in_office(2027, 1, 6, 9), settled=(), facts=OWED)

        assert issued(decision) == [(StepKind.URGE, Audience.OFFICE)]
        assert [(ruling.step.kind, ruling.reason) for ruling in decision.hold] == [
            (StepKind.URGE, Reason.HELD_UNKNOWN_YEAR)
        ]
        assert decision.held == {(1, Audience.RESPONSIBLE)}
        assert [ruling.reason for ruling in decision.record] == [Reason.OVERTAKEN]

    def test_what_is_held_goes_when_the_office_says_so(self) -> None:
        decision = decide(self.steps, now=in_office(2027, 1, 6, 9), settled=(), facts=ObligationFacts(released=True))

        assert (StepKind.URGE, Audience.RESPONSIBLE) in issued(decision)
        assert decision.hold == ()

    def test_the_calendar_file_moves_what_is_not_yet_settled_and_ends_the_doubt(self) -> None:
        held = planned(date(2027, 1, 5))
        settled = frozenset({(1, Audience.RESPONSIBLE)})

        corrected = replan(
            held,
            settled,
            ladder=USUAL,
            due=due_on(date(2027, 1, 5), SHANGHAI),
            calendar=NEW_YEAR_2027,
            hours=OFFICE_HOURS,
            zone=SHANGHAI,
        )
        by_key = {one.key: one for one in corrected}

        assert spoken(corrected)[0] == "12-31 09:00 提醒 填报人"
        assert by_key[1, Audience.RESPONSIBLE] == next(one for one in held if one.index == 1)
        assert not any(one.assumed for one in corrected if one.key not in settled)
        assert len(corrected) == len(held)


class TestCalendarCorrection:
    def test_only_steps_on_or_counted_over_the_changed_day_move(self) -> None:
        """The office declares Monday 10 August 2026 off."""
        before = planned(date(2026, 8, 5))
        corrected = WorkCalendar((Overlay(2026, off=frozenset({date(2026, 8, 10)})),))
        after = replan(
            before,
            frozenset({(0, Audience.RESPONSIBLE)}),
            ladder=USUAL,
            due=due_on(date(2026, 8, 5), SHANGHAI),
            calendar=corrected,
            hours=OFFICE_HOURS,
            zone=SHANGHAI,
        )

        assert spoken(before)[:4] == [
            "08-04 09:00 提醒 填报人",
            "08-06 09:00 催办 填报人",
            "08-10 09:00 督办 填报人",
            "08-10 09:00 督办 主要负责人",
        ]
        assert spoken(after)[:4] == [
            "08-04 09:00 提醒 填报人",
            "08-06 09:00 催办 填报人",
            "08-11 09:00 督办 填报人",
            "08-11 09:00 督办 主要负责人",
        ]
