"""The ladder: when each step is reached on the real calendar, and what a changed calendar moves."""

from datetime import UTC, date, datetime

import pytest

from assessment.due import DueTimes, due_on
from assessment.ladder import (
    ObligationFacts,
    Reason,
    decide,
    from_json,
    plan,
    replan,
    to_json,
)
from assessment.rulebook import OFFICE_HOURS, Audience, StepKind
from assessment.workdays import Overlay, WorkCalendar
from tests.assessment.ladders import CALENDAR, OWED, SHANGHAI, USUAL, in_office, issued, ladder, planned, spoken, step

NEW_YEAR_2027 = WorkCalendar((Overlay(2027, off=frozenset({date(2027, 1, 1), date(2027, 1, 4)})),))


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
