"""ONE sweep over the ladders: remind, urge, supervise.

It asks what is owed as of now, so a missed tick heals itself.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from assessment import ladder
from assessment.ladder import Decision, Ruling
from assessment.notices import Escalated, Notice, OwedLine, Reminder, write
from assessment.obligation import Kind
from assessment.roster import Role, Roster
from assessment.rulebook import Audience, StepKind
from storage import cases, obligations, outbox, programmes, proposing, roster, steps, urging
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import About, Priority
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

log = structlog.get_logger()

BATCH = 50
"""Few enough that intake waits for no sweep for long; a unit's items stand together in the order of looks."""
OVER_THE_CAP = "本月主动提醒已达上限"
IN_TRIAL = "试运行，只报考核办"
PROPOSED_ONLY = "须由专人核定后发出"


@dataclass(frozen=True)
class Said:
    """One step that is said to one person, before messages are grouped."""

    row: ObligationRow
    line: OwedLine
    ruling: Ruling
    programme: Programme


Group = tuple[int, StepKind, Audience]
"""All that one person hears of one kind, of every office, is one message."""


@dataclass
class Round:
    """What one run of the sweep collects: a person's many items become one message a kind."""

    said: dict[Group, list[Said]] = field(default_factory=lambda: defaultdict(list))
    untold: set[int] = field(default_factory=set)
    """Obligations of which a step found nobody in post."""


def sweep(uow: UnitOfWork, installation: Installation, now: datetime, limit: int = BATCH) -> int:
    """Judge every obligation whose alarm has come; return how many there were. Run again, it says nothing twice."""
    rows = obligations.due_for_a_look(uow, now, limit)
    if not rows:
        return 0
    people = roster.whole(uow)
    collected = Round()
    for row in rows:
        _look(uow, installation, people, row, now, collected)
    for (person, kind, audience), said in collected.said.items():
        _queue(uow, installation, people, person, kind, audience, said, now)
    return len(rows)


def _look(
    uow: UnitOfWork, installation: Installation, people: Roster, row: ObligationRow, now: datetime, collected: Round
) -> None:
    programme = programmes.get(uow, row.programme)
    hours = programme.rulebook.office_hours
    planned = ladder.from_json(row.plan)
    done = cases.settled(uow, row)
    decision = ladder.decide(
        planned,
        now=now,
        settled=done,
        facts=cases.ladder_facts(uow, row),
        in_office_hours=installation.calendar.in_office_hours(now, hours, installation.zone),
    )
    for ruling in decision.record:
        _record(uow, row, ruling, now, said=False, reason=ruling.reason.value)
    for ruling in decision.issue:
        _issue(uow, installation, people, programme, row, ruling, now, collected)
    times = [proposing.follow(uow, installation, programme, row, now)]
    times.append(_next_look(installation, programme, planned, done, decision, now))
    if row.id in collected.untold:
        tomorrow = cases.next_midnight(installation, now)
        times.append(installation.calendar.office_time(tomorrow, hours, installation.zone))
    obligations.look_again(uow, row.id, min((at for at in times if at is not None), default=None))


def _issue(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    programme: Programme,
    row: ObligationRow,
    ruling: Ruling,
    now: datetime,
    collected: Round,
) -> None:
    step = ruling.step
    if step.needs_confirmation:
        _record(uow, row, ruling, now, said=False, reason=PROPOSED_ONLY)
        return
    if programme.trial and step.audience is not Audience.OFFICE:
        _record(uow, row, ruling, now, said=False, reason=IN_TRIAL)
        return
    hearers = [
        person
        for person in cases.hearers(uow, people, row, programme, step.audience, installation, now)
        if roster.address(uow, person) is not None
    ]
    willing = [
        person
        for person in hearers
        if not _over_the_cap(uow, installation, people, programme, row, step.kind, person, now)
    ]
    if not hearers:
        # Not settled: whoever takes the post hears it on the next office day.
        log.error("nobody to tell", obligation=row.id, step=step.kind.value)
        collected.untold.add(row.id)
        return
    if not willing:
        _record(uow, row, ruling, now, said=False, reason=OVER_THE_CAP)
        return
    if not _record(uow, row, ruling, now, said=True, reason=ruling.reason.value):
        return
    line = cases.owed_line(uow, installation, people, row, now).model_copy(update={"reason": ruling.reason.value})
    if step.assumed:
        line = cases.uncounted(line)
    for person in willing:
        collected.said[person, step.kind, step.audience].append(Said(row, line, ruling, programme))


def _over_the_cap(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    programme: Programme,
    row: ObligationRow,
    kind: StepKind,
    person: int,
    now: datetime,
) -> bool:
    """Reminders stay under the burden cap, which counts one receipt a duty (decisions 14): of the month's places so
    many are kept as it has brought or will bring receipts. The month's first message always goes, and so does the
    first word on anything that costs points when it is late or counts from an event: nobody should lose them for the
    sake of quiet, and the rehearsal names a cap that cannot be kept. Urgings are never held back.
    """
    if kind is not StepKind.REMIND or (_is_said_in_any_case(programme, row) and not cases.settled(uow, row)):
        return False
    month = installation.local(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    following = (month + timedelta(days=31)).replace(day=1)
    units = {post.unit for post in people.posts_of(person, installation.day(now)) if post.role is Role.REPORTER}
    receipts = max(obligations.receipts_between(uow, units, month, following), 1)
    started = outbox.initiated_since(uow, person, month)
    return started > 0 and started + receipts >= programme.rulebook.burden.clerk_a_month


def _is_said_in_any_case(programme: Programme, row: ObligationRow) -> bool:
    """Whether it is reminded of beyond the cap: a clause speaks of its being late, or its day counts from an event."""
    if row.kind == Kind.DUTY.value:
        duty = programme.rulebook.duty(row.ref)
        return bool(duty.clauses) or duty.event is not None
    return row.kind == Kind.MATTER.value


def _record(uow: UnitOfWork, row: ObligationRow, ruling: Ruling, now: datetime, *, said: bool, reason: str) -> bool:
    step = ruling.step
    return steps.record(
        uow,
        obligation=row.id,
        round_=row.round,
        step=step.index,
        kind=step.kind.value,
        audience=step.audience.value,
        planned_for=step.at,
        recorded_at=now,
        said=said,
        reason=reason,
    )


def _next_look(
    installation: Installation,
    programme: Programme,
    planned: tuple[ladder.PlannedStep, ...],
    done: frozenset[ladder.Key],
    decision: Decision,
    now: datetime,
) -> datetime | None:
    """The earlier of the next step, and the next office hours for what waits for them."""
    times = [ladder.next_action_at(planned, done | decision.settled, decision.held)]
    if any(ruling.reason is ladder.Reason.OUTSIDE_HOURS for ruling in decision.hold):
        times.append(installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone))
    return min((at for at in times if at is not None), default=None)


def _queue(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    person: int,
    kind: StepKind,
    audience: Audience,
    said: list[Said],
    now: datetime,
) -> None:
    first = said[0]
    key = f"step:{first.row.id}:{first.row.round}:{first.ruling.step.index}:{audience.value}:{person}"
    responsible = audience is Audience.RESPONSIBLE
    outbox.tell(
        uow,
        person,
        write(_notice(installation, people, kind, audience, said, now)),
        key=key,
        priority=Priority.REMINDER if kind is StepKind.REMIND else Priority.ESCALATION,
        queued_at=now,
        not_before=_leader_waits(uow, installation, first.programme, person, now) if not responsible else None,
        about=[About(s.row.id, s.row.round, s.row.state, urging=responsible and _counts(s.ruling.step)) for s in said],
    )


def _counts(step: ladder.PlannedStep) -> bool:
    """Whether being told of it is being urged; never on a day of an unknown year, at whose word ever it was said."""
    return step.kind is not StepKind.REMIND and not step.assumed


def _leader_waits(
    uow: UnitOfWork, installation: Installation, programme: Programme, person: int, now: datetime
) -> datetime | None:
    """A leader hears at most so many messages a day; the next one waits for the next day's office hours."""
    midnight = installation.local(now).replace(hour=0, minute=0, second=0, microsecond=0)
    if outbox.initiated_since(uow, person, midnight) < programme.rulebook.burden.leader_a_day:
        return None
    tomorrow = midnight + timedelta(days=1)
    return installation.calendar.office_time(tomorrow, programme.rulebook.office_hours, installation.zone)


def _notice(
    installation: Installation, people: Roster, kind: StepKind, audience: Audience, said: list[Said], now: datetime
) -> Notice:
    lines = tuple(item.line for item in said)
    if kind is StepKind.REMIND:
        return Reminder(lines=lines)
    if audience is Audience.RESPONSIBLE:
        return urging.notice(installation, lines, now)
    today = installation.day(now)
    reporters = [person for item in said for person in people.holders(item.row.unit, (Role.REPORTER,), today)]
    return Escalated(
        step=kind.value, lines=lines, now=now, reporters=cases.names(people, tuple(dict.fromkeys(reporters)))
    )
