"""The balance at the end of a sequence: everything due was said once, or it is recorded why not."""

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from assessment import ladder
from assessment.rulebook import Audience, StepKind
from storage.outbox import Status
from tests.simulator.model import FIGURES, PLAN, TITLES
from tests.simulator.rulebooks import UNITS

if TYPE_CHECKING:
    from tests.simulator.play import Run

GIVE_UP_AFTER = timedelta(hours=72)
REMIND = StepKind.REMIND.value
RESPONSIBLE = Audience.RESPONSIBLE.value


class Violation(AssertionError):
    """Something that must be true is not."""


def judge_end(run: "Run") -> None:
    """Raise Violation for the first thing that is wrong."""
    _nothing_twice_by_the_platform(run)
    _every_message_taken_once(run)
    _everything_has_left_or_says_why(run)
    _every_step_reached_is_settled(run)
    _no_step_said_twice(run)
    _the_roster_adds_up(run)


def _nothing_twice_by_the_platform(run: "Run") -> None:
    if run.world.platform.faults:
        raise Violation(run.world.platform.faults[0])


def _every_message_taken_once(run: "Run") -> None:
    kept = run.world.inbox()
    if len(kept) != run.messages:
        raise Violation(f"{run.messages} messages were sent and {len(kept)} are kept")
    parked = [row.text for row in kept if row.parked]
    if parked:
        raise Violation(f"a handler failed on {parked[0]!r}")


def _everything_has_left_or_says_why(run: "Run") -> None:
    now = run.world.now
    for row in run.world.outbox():
        match Status(row.status):
            case Status.QUEUED | Status.RETRY if row.not_before > now:
                continue
            case Status.SENT:
                if row.key not in run.world.platform.shown:
                    raise Violation(f"{row.key} counts as sent and nobody saw it")
            case Status.DEAD if row.key not in run.refused:
                tried = now - run.first_left[row.key]
                if tried < GIVE_UP_AFTER:
                    raise Violation(f"{row.key} was given up after {tried}")
            case Status.UNKNOWN if row.key not in run.perhaps_shown:
                raise Violation(f"{row.key} counts as unknown and its answer was heard")
            case Status.QUEUED | Status.RETRY | Status.SENDING:
                raise Violation(f"{row.key} is still {row.status}")
        if row.status != Status.SENT.value and not row.reason:
            raise Violation(f"{row.key} is {row.status} without a reason")


def _every_step_reached_is_settled(run: "Run") -> None:
    recorded = {(step.obligation, step.round, step.step, step.audience) for step in run.world.steps()}
    for row in run.world.rows().values():
        if not run.cases[row.id].owes:
            continue
        for planned in ladder.from_json(row.plan):
            if planned.at <= run.world.now and (row.id, row.round, *planned.key) not in recorded:
                raise Violation(f"{planned.kind} of {row.title} was due and nothing is recorded of it")


def _no_step_said_twice(run: "Run") -> None:
    """Of each step that was said there is one message for each person, and no other message speaks of a step."""
    said = Counter(
        (step.obligation, step.round, _tone(step.kind, step.audience)) for step in run.world.steps() if step.said
    )
    heard = Counter(
        (about.obligation, about.round, row.notice["kind"], row.recipient) for row, about in run.world.chasing()
    )
    for (obligation, round_, kind, recipient), times in heard.items():
        if times > said[obligation, round_, kind]:
            raise Violation(f"{recipient} heard {kind} of {obligation} {times} times")
    for obligation, round_, kind in said:
        if not any(key[:3] == (obligation, round_, kind) for key in heard):
            raise Violation(f"{kind} of {obligation} counts as said and no message speaks of it")


def _the_roster_adds_up(run: "Run") -> None:
    """谁没报: every unit stands under exactly one heading, and under the right one."""
    for duty in (FIGURES, PLAN):
        run.world.say("office-0", f"谁没报 {TITLES[duty][2:]}")
        found = run.world.outbox()[-1].notice
        shown = sorted((row["bucket"], unit) for row in found["rows"] for unit in row["units"])
        true = sorted((c.bucket(run.world.now), UNITS[c.unit]) for c in run.cases.values() if c.duty == duty)
        if shown != true or found["total"] != len(UNITS):
            raise Violation(f"the roster shows {shown} and should show {true}")


def _tone(kind: str, audience: str) -> str:
    if kind == REMIND:
        return "Reminder"
    return "Urging" if audience == RESPONSIBLE else "Escalated"
