"""What is said at a given moment: the highest step, to whom, and why nothing else."""

from datetime import date, datetime

import pytest

from assessment.ladder import (
    Decision,
    Key,
    ObligationFacts,
    Reason,
    decide,
    next_action_at,
)
from assessment.obligation import State
from assessment.rulebook import Audience, StepKind
from tests.assessment.ladders import OWED, in_office, issued, ladder, planned, step


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
