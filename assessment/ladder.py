"""The ladder 催办阶梯 of one obligation: when each step is reached, and what is to be said now, with the reason.

Nothing is stored or sent here. The plan is made once and frozen into the obligation when it opens; `decide` is asked
again at every sweep and gives the same answer for the same facts, so that a second run has nothing new to say.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum

from pydantic import AwareDatetime, TypeAdapter

from assessment.due import DueTimes
from assessment.obligation import Kind, State
from assessment.rulebook import Audience, Ladder, Rulebook, Step, StepKind
from assessment.workdays import Hours, WorkCalendar

_ONE_DAY = timedelta(days=1)
_RUNGS = tuple(StepKind)
_AUDIENCES = tuple(Audience)
_HARSH = frozenset({StepKind.CRITICISE, StepKind.INTERVIEW})

Key = tuple[int, Audience]
"""What a step is known by within one round of one obligation."""


class Reason(StrEnum):
    """Why a step is said, kept back or passed over; stored with it and shown to the office."""

    DUE_SOON = "临近报送截止"
    OVERDUE = "逾期未报"
    AWAITING_SIGNATURE = "待签发"
    NOT_YET = "未到时间"
    NOTHING_DUE = "没有待办步骤"
    ALREADY_REPORTED = "已报送"
    UNDER_REVIEW = "已报送,待审"
    WAIVED = "免报"
    BEFORE_ROUND = "早于本轮"
    OVERTAKEN = "已由后续步骤取代"
    MUTED_BY_HIGHER = "同一事项已有更高一级督办"
    HELD_UNKNOWN_YEAR = "当年放假安排尚未确定,待考核办确认"
    OUTSIDE_HOURS = "非办公时间,顺延"


_SILENT = {
    State.REVIEW: Reason.UNDER_REVIEW,
    State.MET: Reason.ALREADY_REPORTED,
    State.WAIVED: Reason.WAIVED,
}


@dataclass(frozen=True)
class PlannedStep:
    """One step for one audience, in office hours of a workday."""

    index: int
    """The step's place in the ladder, from 0."""
    kind: StepKind
    audience: Audience
    at: AwareDatetime
    """When it is reached; UTC."""
    until: AwareDatetime | None = None
    """For a step before the due time: that time, from which on it is no longer worth saying."""
    assumed: bool = False
    """Whether `at` rests on the calendar of an unknown year."""

    @property
    def key(self) -> Key:
        """What the step is known by within its round."""
        return self.index, self.audience

    @property
    def needs_confirmation(self) -> bool:
        """Whether it is only proposed, and a named person decides (通报, 约谈)."""
        return self.kind in _HARSH


@dataclass(frozen=True)
class ObligationFacts:
    """What `decide` must know of an obligation beside its plan."""

    state: State = State.OPEN
    since: datetime | None = None
    """Give it for a round that opened in the middle of its plan: steps before it are passed over."""
    withdrawn: bool = False
    """That round began with 撤回: where all urging lies before it, the last one is said once more."""
    higher_open: StepKind | None = None
    """The highest step open elsewhere for the same matter; lower ones are muted by it."""
    released: bool = False
    """The office has given its word that messages planned in an unknown year may go."""


@dataclass(frozen=True)
class Ruling:
    """What becomes of one step that has been reached, and why."""

    step: PlannedStep
    reason: Reason
    to_signer: bool = False
    """The report only lacks a signature: speak to the signer instead of the responsible person."""


@dataclass(frozen=True)
class Decision:
    """What is to be done with the steps that have been reached and not yet settled."""

    issue: tuple[Ruling, ...] = ()
    """To be said now; those with `step.needs_confirmation` are to be proposed, never sent."""
    record: tuple[Ruling, ...] = ()
    """To be recorded without a word."""
    hold: tuple[Ruling, ...] = ()
    """Reached but waiting, for office hours or for the office's word; not to be recorded as settled."""
    reason: Reason = Reason.NOTHING_DUE
    """The one reason to show for the whole."""

    @property
    def settled(self) -> frozenset[Key]:
        """The keys that are done with once this decision is recorded."""
        return frozenset(ruling.step.key for ruling in (*self.issue, *self.record))

    @property
    def held(self) -> frozenset[Key]:
        """The keys that wait."""
        return frozenset(ruling.step.key for ruling in self.hold)


def ladder_for(rulebook: Rulebook, kind: Kind, ref: str) -> Ladder | None:
    """The ladder by which an obligation of that kind is chased; None where the measure has none for it.

    Letters and written reports have no entry of their own: they go by the ladder of matters, else by the first.
    """
    if kind is Kind.DUTY:
        return rulebook.ladder(rulebook.duty(ref).ladder)
    name = rulebook.matter_ladder
    if kind is Kind.RECTIFICATION and rulebook.rectification is not None:
        name = rulebook.rectification.ladder or name
    if name is not None:
        return rulebook.ladder(name)
    return None if kind is Kind.MATTER else next(iter(rulebook.ladders), None)


def plan(
    ladder: Ladder, due: DueTimes, calendar: WorkCalendar, hours: Sequence[Hours], zone: tzinfo
) -> tuple[PlannedStep, ...]:
    """Every step of the ladder for each of its audiences, by time.

    A step before the due day stays before it: from a day off it moves back to the workday before. A step after it,
    counted from the end of grace, moves on to the next office hours.
    """
    planned = [
        PlannedStep(
            index=index,
            kind=step.kind,
            audience=audience,
            at=at.astimezone(UTC),
            until=due.due if step.when.before_due else None,
            assumed=assumed,
        )
        for index, step in enumerate(ladder.steps)
        for at, assumed in [_reached(step, due, calendar, hours, zone)]
        for audience in dict.fromkeys(step.audience)
    ]
    return tuple(sorted(planned, key=_by_time))


def replan(
    steps: Sequence[PlannedStep],
    settled: Container[Key],
    *,
    ladder: Ladder,
    due: DueTimes,
    calendar: WorkCalendar,
    hours: Sequence[Hours],
    zone: tzinfo,
) -> tuple[PlannedStep, ...]:
    """The plan after a correction of the calendar, or after an extension granted before any urging.

    What is settled stays as it was; of the rest only that moves whose days are other ones now. Give the same ladder
    as to `plan`: it is the rulebook's, frozen for the year.
    """
    kept = tuple(step for step in steps if step.key in settled)
    moved = tuple(step for step in plan(ladder, due, calendar, hours, zone) if step.key not in settled)
    return tuple(sorted(kept + moved, key=_by_time))


def decide(
    steps: Sequence[PlannedStep],
    *,
    now: datetime,
    settled: Container[Key],
    facts: ObligationFacts,
    in_office_hours: bool = True,
) -> Decision:
    """Judge the steps reached by `now` that are not yet `settled` in this round.

    After downtime each audience hears only the highest step reached. Steps that a person must confirm are counted
    apart: a proposal nobody has confirmed must not silence the urging below it.
    """
    reached = [step for step in steps if step.at <= now or step.key in settled]
    once_more = _urging_once_more(steps, facts)
    rulings = [
        _judge(step, now=now, reached=reached, facts=facts, once_more=once_more, in_office_hours=in_office_hours)
        for step in reached
        if step.key not in settled
    ]
    said = (Reason.DUE_SOON, Reason.OVERDUE, Reason.AWAITING_SIGNATURE)
    waiting = (Reason.HELD_UNKNOWN_YEAR, Reason.OUTSIDE_HOURS)
    issue = tuple(ruling for ruling in rulings if ruling.reason in said)
    hold = tuple(ruling for ruling in rulings if ruling.reason in waiting)
    record = tuple(ruling for ruling in rulings if ruling.reason not in said + waiting)
    telling = (*issue, *hold, *record)
    if telling:
        reason = telling[0].reason
    else:
        reason = Reason.NOTHING_DUE if next_action_at(steps, settled) is None else Reason.NOT_YET
    return Decision(issue, record, hold, reason)


def next_action_at(steps: Sequence[PlannedStep], settled: Container[Key], held: Container[Key] = ()) -> datetime | None:
    """When the obligation must be looked at again; None when no step is left. UTC.

    Give the keys that wait for the office's word as `held`: its word, not time, brings them back.
    """
    return min((step.at for step in steps if step.key not in settled and step.key not in held), default=None)


_PLAN = TypeAdapter(tuple[PlannedStep, ...])


def to_json(steps: tuple[PlannedStep, ...]) -> str:
    """The plan as it is frozen into an obligation."""
    return _PLAN.dump_json(steps).decode()


def from_json(text: str) -> tuple[PlannedStep, ...]:
    """The inverse of to_json; raises ValueError for anything that is not a plan."""
    return _PLAN.validate_json(text)


def _reached(
    step: Step, due: DueTimes, calendar: WorkCalendar, hours: Sequence[Hours], zone: tzinfo
) -> tuple[datetime, bool]:
    """When the step is reached, and whether that rests on the calendar of an unknown year."""
    nominal, counted_from = _nominal_day(step, due, calendar)
    if step.when.before_due:
        day = nominal if calendar.is_workday(nominal) else calendar.previous_workday(nominal)
        at = _office_time_on(day, step, calendar, hours, zone)
    else:
        at = calendar.office_time(datetime.combine(nominal, step.at, zone), hours, zone)
    looked_at = sorted((counted_from, at.date()))
    return at, due.assumed or calendar.assumed_between(*looked_at)


def _nominal_day(step: Step, due: DueTimes, calendar: WorkCalendar) -> tuple[date, date]:
    """The day that the offset names, and the first day that had to be judged a workday or not to find it."""
    when = step.when
    if when.workdays_before is not None:
        return calendar.add_workdays(due.due_day, -when.workdays_before), due.due_day - _ONE_DAY
    if when.workdays_after is not None:
        return calendar.add_workdays(due.grace_day, when.workdays_after), due.grace_day + _ONE_DAY
    if when.days_before is not None:
        day = due.due_day - timedelta(days=when.days_before)
    else:
        day = due.grace_day + timedelta(days=when.days_after or 0)
    return day, day


def _office_time_on(day: date, step: Step, calendar: WorkCalendar, hours: Sequence[Hours], zone: tzinfo) -> datetime:
    """The step's time of day moved into the office hours of that workday, whose last opening is the latest choice."""
    at = calendar.office_time(datetime.combine(day, step.at, zone), hours, zone)
    if at.date() == day:
        return at
    return datetime.combine(day, max(window.start for window in hours if window.start < window.end), zone)


def _judge(
    step: PlannedStep,
    *,
    now: datetime,
    reached: Sequence[PlannedStep],
    facts: ObligationFacts,
    once_more: PlannedStep | None,
    in_office_hours: bool,
) -> Ruling:
    if facts.state in _SILENT:
        return Ruling(step, _SILENT[facts.state])
    if facts.since is not None and step.at < facts.since and step is not once_more:
        return Ruling(step, Reason.BEFORE_ROUND)
    if (step.until is not None and step.until <= now) or _is_overtaken(step, reached):
        return Ruling(step, Reason.OVERTAKEN)
    if facts.higher_open is not None and _RUNGS.index(step.kind) < _RUNGS.index(facts.higher_open):
        return Ruling(step, Reason.MUTED_BY_HIGHER)
    if step.assumed and step.audience is not Audience.OFFICE and not facts.released:
        return Ruling(step, Reason.HELD_UNKNOWN_YEAR)
    if not in_office_hours:
        return Ruling(step, Reason.OUTSIDE_HOURS)
    if facts.state is State.UNSIGNED:
        return Ruling(step, Reason.AWAITING_SIGNATURE, to_signer=step.audience is Audience.RESPONSIBLE)
    return Ruling(step, Reason.DUE_SOON if step.until else Reason.OVERDUE)


def _urging_once_more(steps: Sequence[PlannedStep], facts: ObligationFacts) -> PlannedStep | None:
    """The responsible person's last urging, where a withdrawal left all of them behind its round; else None.

    Without it whoever takes a report back late enough would never be urged for it again.
    """
    if facts.since is None or not facts.withdrawn:
        return None
    urgings = [
        step
        for step in steps
        if step.audience is Audience.RESPONSIBLE and step.until is None and not step.needs_confirmation
    ]
    if any(step.at >= facts.since for step in urgings):
        return None
    return max(urgings, key=_height, default=None)


def _is_overtaken(step: PlannedStep, reached: Sequence[PlannedStep]) -> bool:
    """Whether the same audience has reached a higher step, of those that are said or of those that are proposed."""
    return any(
        other.audience is step.audience
        and other.needs_confirmation is step.needs_confirmation
        and _height(other) > _height(step)
        for other in reached
    )


def _by_time(step: PlannedStep) -> tuple[datetime, int, int]:
    return step.at, step.index, _AUDIENCES.index(step.audience)


def _height(step: PlannedStep) -> tuple[int, datetime, int]:
    return _RUNGS.index(step.kind), step.at, step.index
