"""An obligation with all that hangs on it: its steps, its messages, its proposals. Verbs that both wings use."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import col, select

from assessment import ladder, requirements
from assessment.due import midnight_after
from assessment.notices import Escalated, OwedLine, Reminder, Urging, read, write
from assessment.obligation import Kind, Obligation, State
from assessment.periods import Period
from assessment.rectification import unsaid
from assessment.roster import Role, Roster
from assessment.rulebook import Audience, Clause, CountFrom, SignOff, StepKind, Subject, Trigger
from storage import (
    broadcast_letters,
    evidence_due,
    follow_ups,
    inability,
    matters,
    obligations,
    outbox,
    programmes,
    roster,
    steps,
    submissions,
    supervision,
)
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import About, AboutRow, OutboxRow, Priority, Status
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

NO_LONGER_OWED = "发出前已报送或已不再需要"
EXPLANATION = "无法完成的原因"
"""All that is owed of a matter that the office has found cannot be done."""


def change(uow: UnitOfWork, row: ObligationRow, after: Obligation, now: datetime) -> None:
    """Write a change of the life cycle with what follows: messages that became pointless, the next look.

    A new round starts its ladder afresh, but steps that lie before it are passed over (退回 is no urging), and so are
    those that lie before an amendment that has to be signed again.
    """
    values: dict[str, Any] = {}
    if after.round != row.round or (after.owes and not row.facts().owes):
        values["round_since"] = now
    plan = ladder.from_json(row.plan)
    if after.owes:
        done = _settled(uow, row.id, after.round)
        values["look_at"] = ladder.next_action_at(plan, done)
    else:
        values["look_at"] = None
    obligations.save(uow, after, **values)
    _withdraw_pointless(uow, row.id, now)


def as_it_leaves(uow: UnitOfWork, installation: Installation, row: OutboxRow, now: datetime) -> dict[str, Any] | None:
    """The notice as it should read at this moment, or None when nothing of it is to be said any more.

    Nobody is told of what is no longer owed or, after an outage, of a step that a later one has overtaken. What is
    meant for the responsible person goes to whoever that is by now (交接).
    """
    subjects = outbox.about(uow, row.id)
    if not subjects:
        return broadcast_letters.as_it_leaves(uow, row)
    still: dict[int, ObligationRow] = {}
    for subject in subjects:
        obligation = obligations.get(uow, subject.obligation)
        if obligation.round == subject.round and obligation.state == subject.state:
            still[obligation.id] = obligation
    if not still:
        return None
    notice = read(row.notice)
    if row.maybe_shown or row.pieces_sent or not isinstance(notice, Reminder | Urging | Escalated):
        return row.notice
    still = {key: owed for key, owed in still.items() if not _overtaken(uow, row, notice, owed, now)}
    if not still:
        return None
    people = roster.whole(uow)
    lines = tuple(
        _as_before(owed_line(uow, installation, people, still[line.obligation], now), line)
        for line in notice.lines
        if line.obligation in still
    )
    as_of: dict[str, Any] = {} if isinstance(notice, Reminder) else {"now": now}
    if isinstance(notice, Urging) and notice.rest_days:
        as_of["rest_days"] = rest_days_ahead(installation, now)
    notice = notice.model_copy(update={"lines": lines, **as_of})
    if not isinstance(notice, Escalated):
        handed_over = [
            owed for owed in still.values() if row.person not in responsible(people, owed, installation, now)
        ]
        for owed in handed_over:
            _pass_on(uow, installation, people, row, notice, owed, now)
            del still[owed.id]
        if not still:
            return None
        notice = notice.model_copy(update={"lines": tuple(line for line in lines if line.obligation in still)})
    refreshed = write(notice)
    uow.update_at(OutboxRow, {"id": row.id}, notice=refreshed)
    return refreshed


def _as_before(fresh: OwedLine, said: OwedLine) -> OwedLine:
    """What stands now, for the same reason; days that were not counted then are not counted now."""
    fresh = fresh.model_copy(update={"reason": said.reason})
    return fresh if said.per_day is not None else uncounted(fresh)


def uncounted(line: OwedLine) -> OwedLine:
    """The line without the days that a clause would count: for what is said in a year of unknown holidays."""
    return line.model_copy(update={"per_day": None, "per_day_cite": "", "per_day_personal": False})


def _overtaken(
    uow: UnitOfWork, row: OutboxRow, notice: Reminder | Urging | Escalated, owed: ObligationRow, now: datetime
) -> bool:
    """Whether its due time has passed a reminder by, or the same person hears of it by a later step."""
    if isinstance(notice, Reminder) and now >= owed.due:
        return True
    return bool(_steps_told(uow, row.person, owed, after=row.id))


_TOLD = (
    select(OutboxRow)
    .join(AboutRow, col(AboutRow.outbox) == col(OutboxRow.id))
    .where(
        col(AboutRow.obligation) == bindparam("obligation"),
        col(AboutRow.round) == bindparam("round"),
        col(OutboxRow.person).is_not_distinct_from(bindparam("person")),
        col(OutboxRow.status).not_in((Status.WITHDRAWN.value, Status.DEAD.value)),
        col(OutboxRow.id) > bindparam("after"),
    )
)


def _steps_told(uow: UnitOfWork, person: int | None, owed: ObligationRow, *, after: int = 0) -> list[OutboxRow]:
    """The messages by which a person hears, or is about to hear, of the steps of an obligation's present round.

    Only those queued later than `after`.
    """
    found = uow.rows(_TOLD, obligation=owed.id, round=owed.round, person=person, after=after)
    return [message for message in found if isinstance(read(message.notice), Reminder | Urging | Escalated)]


def _pass_on(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    row: OutboxRow,
    notice: Reminder | Urging,
    owed: ObligationRow,
    now: datetime,
) -> None:
    """Tell those who are responsible now, unless the same step reaches them by itself."""
    lines = tuple(line for line in notice.lines if line.obligation == owed.id)
    for person in responsible(people, owed, installation, now):
        if any(message.queued_at >= row.queued_at for message in _steps_told(uow, person, owed)):
            continue
        outbox.tell(
            uow,
            person,
            write(notice.model_copy(update={"lines": lines})),
            key=f"{row.key}:{owed.id}:{person}",
            priority=Priority(row.priority),
            queued_at=now,
            about=[About(owed.id, owed.round, owed.state, urging=isinstance(notice, Urging))],
        )


def time_to_leave(uow: UnitOfWork, installation: Installation, row: OutboxRow, at: datetime) -> datetime:
    """`at`, or for what we write of our own accord the next office hours; an answer leaves at any hour."""
    if not row.initiated or row.priority == Priority.ANSWER:
        return at
    about = [
        programmes.get(uow, obligations.get(uow, subject.obligation).programme) for subject in outbox.about(uow, row.id)
    ]
    hours = [programme.rulebook.office_hours for programme in about or programmes.running(uow)]
    return installation.calendar.office_time(at, hours[0], installation.zone) if hours else at


def accepted_by_platform(uow: UnitOfWork, installation: Installation, row: OutboxRow, at: datetime) -> None:
    """The platform took a message: where it urged, that is the fact 'urged' (decisions 5).

    `row` is the message as it left: what had been dropped from it by then was not urged.
    """
    notice = read(row.notice)
    if not isinstance(notice, Urging):
        return
    named = {line.obligation for line in notice.lines}
    for subject in outbox.about(uow, row.id):
        if not subject.urging or subject.obligation not in named:
            continue
        obligation = obligations.get(uow, subject.obligation)
        facts = obligation.facts()
        unreported = facts.reported_at is None or facts.withdrawn_at is not None
        if facts.urged_at is None and facts.owes and unreported:
            uow.update(ObligationRow, ObligationRow.id == obligation.id, urged_at=at, urged_person=row.person)
            # From the day after, each day may count: look again then.
            obligations.look_no_later(uow, obligation.id, next_midnight(installation, at))


def next_midnight(installation: Installation, at: datetime) -> datetime:
    """The start of the next day in the domain zone."""
    return midnight_after(installation.day(at), installation.zone)


def owed_line(
    uow: UnitOfWork, installation: Installation, people: Roster, row: ObligationRow, now: datetime
) -> OwedLine:
    """What is owed on one obligation, and who has to sign it, as of `now`."""
    unit = people.unit(row.unit)
    waiting = ""
    owed: tuple[str, ...] = ()
    reported = required = 0
    headings: tuple[str, ...] = ()
    counted: dict[str, Any] = {}
    unclaimed: tuple[str, ...] = ()
    if row.state == State.UNSIGNED.value:
        signers = responsible(people, row, installation, now)
        waiting = "、".join(people.person(person).name for person in signers)
    elif row.kind == Kind.DUTY.value:
        programme = programmes.get(uow, row.programme)
        duty = programme.rulebook.duty(row.ref)
        wanted = requirements.items(programme.rulebook, duty, unit, Period.parse(row.period))
        answer = submissions.current(uow, row.id, with_files=duty.files)
        headings = duty.required
        owed = requirements.missing(wanted, answer)
        required = len(wanted)
        reported = sum(requirements.is_in(item, answer) for item in wanted)
        counted = _counted_by_day(programme, row)
        whose: dict[str, Any] = {"programme": row.programme, "unit": row.unit, "today": installation.day(now)}
        counted |= evidence_due.ahead(uow, programme.rulebook, duty, **whose)
    elif row.kind in (Kind.MATTER.value, Kind.RECTIFICATION.value) and inability.is_marked(uow, row.id):
        owed = (EXPLANATION,)
    elif row.kind == Kind.WRITTEN.value:
        cause = follow_ups.of_obligation(uow, row.id)
        said = submissions.current(uow, row.id).parts
        headings = tuple(cause.required) if cause is not None else ()
        owed = tuple(part for part in headings if not said.get(part))
        reported, required = len(headings) - len(owed), len(headings) or 1
        counted = {"reply": f"书面报告 {row.number}"}
    elif row.kind == Kind.RECTIFICATION.value:
        rules = programmes.get(uow, row.programme).rulebook.rectification
        unclaimed = unsaid(rules.required if rules is not None else (), submissions.current(uow, row.id))
    return OwedLine(
        obligation=row.id,
        number=row.number,
        unit=unit.name,
        title=row.title,
        due=row.due,
        due_mark=due_mark(uow, row),
        owed=owed,
        headings=headings,
        reported=reported,
        required=required,
        waiting_for=waiting,
        returned=row.round > 1 and row.reported_at is not None and row.withdrawn_at is None,
        urged_before=row.urged_at is not None,
        letter=row.kind == Kind.LETTER.value,
        problem=row.kind == Kind.RECTIFICATION.value,
        unclaimed=unclaimed,
        **counted,
    )


def _counted_by_day(programme: Programme, row: ObligationRow) -> dict[str, Any]:
    """What each day after urging costs, where the duty names a clause that counts days and its value is set."""
    clause = clause_for(programme, row, Trigger.URGED_NOT_REPORTED)
    if clause is None or clause.points.value is None:
        return {}
    return {
        "per_day": clause.points.value,
        "per_day_cite": clause.cite,
        "per_day_personal": clause.subject is Subject.PERSON,
        "counted_from_due": programme.rulebook.readings.count_from is CountFrom.AFTER_DUE,
    }


def due_mark(uow: UnitOfWork, row: ObligationRow) -> str:
    """◇ where the due day is a stand-in."""
    if row.kind != Kind.DUTY.value:
        return ""
    return programmes.get(uow, row.programme).rulebook.duty(row.ref).due.mark


def responsible(people: Roster, row: ObligationRow, installation: Installation, at: datetime) -> tuple[int, ...]:
    """Who must act now: the reporters, or the signer while a signature is missing (decisions 9)."""
    day = installation.day(at)
    if row.state == State.UNSIGNED.value:
        roles = (Role.HEAD,) if row.sign_off == SignOff.HEAD.value else (Role.DEPUTY, Role.HEAD)
        found = people.holders(row.unit, roles, day)
        return found[:1] if row.sign_off == SignOff.DEPUTY.value else found
    return people.holders(row.unit, (Role.REPORTER,), day)


def hearers(
    uow: UnitOfWork,
    people: Roster,
    row: ObligationRow,
    programme: Programme,
    audience: Audience,
    installation: Installation,
    at: datetime,
) -> tuple[int, ...]:
    """Who hears a step for that audience."""
    day = installation.day(at)
    match audience:
        case Audience.RESPONSIBLE:
            return responsible(people, row, installation, at)
        case Audience.HEAD:
            return people.holders(row.unit, (Role.HEAD,), day)
        case Audience.LEADER:
            in_charge = people.holders(row.unit, (Role.LEADER_IN_CHARGE,), day)
            own = matters.get(uow, int(row.ref)).leader if row.kind == Kind.MATTER.value else None
            # A matter's own leader 包抓领导 hears its steps, too, and first (R116).
            return tuple(dict.fromkeys((*(() if own is None else (own,)), *in_charge)))
        case Audience.OFFICE:
            return people.holders(programme.office, (Role.OFFICE,), day)


def ladder_facts(uow: UnitOfWork, row: ObligationRow) -> ladder.ObligationFacts:
    """What its ladder must know of an obligation."""
    return ladder.ObligationFacts(
        state=State(row.state),
        since=row.round_since,
        withdrawn=row.withdrawn_at is not None,
        released=row.held and steps.is_released(uow, row.id, row.round),
        higher_open=_supervised(uow, row),
    )


def _supervised(uow: UnitOfWork, row: ObligationRow) -> StepKind | None:
    """Once the office has sent a letter about a matter, the gentler steps of its ladder are said no more."""
    if row.kind != Kind.MATTER.value or not supervision.of_obligation(uow, row.id):
        return None
    return StepKind.SUPERVISE


def settled(uow: UnitOfWork, row: ObligationRow) -> frozenset[ladder.Key]:
    """The steps of the present round that are done with."""
    return _settled(uow, row.id, row.round)


def _settled(uow: UnitOfWork, obligation: int, round_: int) -> frozenset[ladder.Key]:
    return frozenset((step.step, Audience(step.audience)) for step in steps.recorded(uow, obligation, round_))


def _withdraw_pointless(uow: UnitOfWork, obligation: int, now: datetime) -> None:
    """Take back at once what speaks of nothing else; a grouped message is looked at again when it leaves."""
    for message in outbox.waiting_about(uow, obligation):
        if not any(_still(uow, subject) for subject in outbox.about(uow, message.id)):
            outbox.set_status(uow, message.id, Status.WITHDRAWN, at=now, reason=NO_LONGER_OWED)


def _still(uow: UnitOfWork, subject: outbox.AboutRow) -> bool:
    row = obligations.get(uow, subject.obligation)
    return row.round == subject.round and row.state == subject.state


def clause_for(programme: Programme, row: ObligationRow, trigger: Trigger) -> Clause | None:
    """The clause of that trigger that the obligation's duty names, or None."""
    if row.kind != Kind.DUTY.value:
        return None
    wanted = programme.rulebook.duty(row.ref).clauses
    found = [clause for clause in programme.rulebook.clauses if clause.id in wanted and clause.trigger is trigger]
    return found[0] if found else None


def rest_days_ahead(installation: Installation, now: datetime, days: int = 7) -> tuple[str, ...]:
    """The days of rest in the coming week, which are counted all the same and said in advance.

    As 7日, 8日; where one of them lies in another month, with each month once: 7月31日, 8月1日, 7日.
    """
    today = installation.day(now)
    ahead = [today + timedelta(days=number) for number in range(1, days + 1)]
    resting = [day for day in ahead if not installation.calendar.is_workday(day)]
    if all(day.month == today.month for day in resting):
        return tuple(f"{day.day}日" for day in resting)
    before = (None, *(day.month for day in resting))
    return tuple(
        f"{day.day}日" if day.month == month else f"{day.month}月{day.day}日"
        for day, month in zip(resting, before, strict=False)
    )


def names(people: Roster, ids: Sequence[int]) -> tuple[str, ...]:
    """The names of people, for showing."""
    return tuple(people.person(person).name for person in ids)


def look_no_later(uow: UnitOfWork, obligation: int, at: datetime) -> None:
    """Make sure that the sweep looks at an obligation by `at`."""
    obligations.look_no_later(uow, obligation, at)
