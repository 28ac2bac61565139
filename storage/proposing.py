"""From facts to proposals to entries: what marking yields is kept here until a person decides."""

from collections.abc import Container, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from assessment import marking
from assessment.due import midnight_after
from assessment.ledger import AccountKey, Basis, Draft, Entry
from assessment.marking import Fact, MatterDone, MatterLate, Proposal, Reported, Returned, UrgedNotReported
from assessment.named_people import unnamed
from assessment.obligation import Kind, State, first_stamp, keeps_first_until
from assessment.roster import Role
from assessment.rulebook import Subject, Timing, Trigger
from assessment.supervision import mark_nth
from storage import (
    counters,
    following,
    inability,
    ledger,
    lines,
    matter_facts,
    matters,
    proposals,
    roster,
    scoring,
    submissions,
    telling,
)
from storage.ids import new_id
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.submissions import Way
from storage.unit_of_work import UnitOfWork

_A_TICK = timedelta(milliseconds=1)
"""The first moment after one that still counts."""


class NotDecidable(Exception):
    """The proposal cannot be confirmed as it stands: already decided, still growing, or without a value."""


@dataclass(frozen=True)
class Desk:
    """The transaction, the installation, the programme and the moment that a proposal is made in."""

    uow: UnitOfWork
    installation: Installation
    programme: Programme
    now: datetime


def follow(
    uow: UnitOfWork, installation: Installation, programme: Programme, row: ObligationRow, now: datetime
) -> datetime | None:
    """Bring an obligation's proposals up to `now`; return when its value changes again by itself.

    Nothing is proposed where the due day rests on an unknown calendar (office-practice, Time).
    """
    if row.due_assumed:
        return None
    desk = Desk(uow, installation, programme, now)
    if row.kind == Kind.MATTER.value:
        return _follow_matter(desk, row)
    # No text takes anything off for a letter, a written report or a rectification being late, and no point comes of
    # what fell due before the measure ran here.
    is_marked = row.kind == Kind.DUTY.value and _due_day(desk, row) >= programme.live_from
    return _follow_duty(desk, row) if is_marked else None


def confirm(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    row: ProposalRow,
    *,
    by: int | None,
    now: datetime,
    points: Decimal | None = None,
    reason: str = "",
) -> Entry:
    """核定: one proposal becomes one entry. `by` is None only for an automatic clause. Raises NotDecidable,
    also for everything of a trial.
    """
    value = points if points is not None else row.points
    if row.stage not in (Stage.OPEN.value, Stage.PREPARED.value) or value is None or programme.trial:
        raise NotDecidable(row.number)
    account = AccountKey(programme.code, Subject(row.subject), row.holder)
    draft = Draft(
        id=new_id(),
        account=account,
        clause=row.clause,
        points=value,
        matter=row.matter,
        basis=unnamed(
            Basis.from_json(row.basis), telling.named_in(uow, programme, row.unit, account), roster.whole(uow).people
        ),
        author=by,
        proposal=row.id,
        occurred_at=row.occurred_at,
        recorded_at=now,
        rulebook_digest=programme.digest,
    )
    entry = ledger.append(uow, installation.ledger_key, draft, installation.day(now))
    proposals.change(
        uow,
        row.id,
        stage=Stage.CONFIRMED.value,
        decided_at=now,
        decided_by=by,
        decision_reason=reason,
        entry=entry.id,
        points=value,
        basis=entry.basis.to_json(),
    )
    scoring.refresh_total(uow, programme, account, now)
    return entry


def enter(desk: Desk, row: ProposalRow, *, by: int | None, points: Decimal | None = None, reason: str = "") -> Entry:
    """核定 with all that follows from the entry: the same whoever decided, and where the clause is automatic."""
    uow, installation, programme, now = desk.uow, desk.installation, desk.programme, desk.now
    made = confirm(uow, installation, programme, row, by=by, now=now, points=points, reason=reason)
    following.after_entry(uow, installation, programme, made, now)
    return made


def reject(uow: UnitOfWork, row: ProposalRow, *, by: int, now: datetime, reason: str) -> None:
    """不予核定, with its reason. Raises NotDecidable."""
    if row.stage != Stage.OPEN.value:
        raise NotDecidable(row.number)
    proposals.change(uow, row.id, stage=Stage.REJECTED.value, decided_at=now, decided_by=by, decision_reason=reason)


def hear_first(desk: Desk, row: ProposalRow) -> ProposalRow:
    """先听情况说明: the days for a statement begin anew, and what was said before opens 核定 no longer."""
    proposals.change(desk.uow, row.id, hearing_since=desk.now, statement_until=statement_until(desk))
    return proposals.get(desk.uow, row.id)


def hear_in_vain(desk: Desk, row: ProposalRow) -> ProposalRow:
    """先听情况说明 that reached nobody: no days begin, and 核定 takes a reason until somebody has been told."""
    proposals.change(desk.uow, row.id, hearing_since=desk.now)
    return proposals.get(desk.uow, row.id)


def put(
    desk: Desk,
    proposal: Proposal,
    *,
    unit: int,
    obligation: int | None,
    occurred_at: datetime,
    growing: bool = False,
    author: int | None = None,
) -> ProposalRow | None:
    """Store a proposal or bring the stored one up to date; None when it has been decided already."""
    known = proposals.by_key(desk.uow, _key(desk, proposal))
    if known is None:
        return _open(desk, proposal, unit, obligation, occurred_at, growing, author)
    if known.stage == Stage.REJECTED.value and known.decided_by is None and known.decided_at is not None:
        # Dropped by `drop`, not by a person: its fact had ceased to hold, and holds again by a time limit moved since.
        proposals.reopen(desk.uow, known.id, at=desk.now)
        return put(desk, proposal, unit=unit, obligation=obligation, occurred_at=occurred_at, growing=growing)
    if known.stage not in (Stage.RUNNING.value, Stage.OPEN.value):
        return None
    stage = Stage.RUNNING if growing else Stage.OPEN
    closing = known.stage == Stage.RUNNING.value and stage is Stage.OPEN
    values: dict[str, Any] = {
        "points": proposal.points,
        "basis": proposal.basis.to_json(),
        "stage": stage.value,
        "occurred_at": occurred_at,
    }
    if closing:
        # The days for a statement begin when the value stands still.
        values["statement_until"] = statement_until(desk)
    proposals.change(desk.uow, known.id, **values)
    changed = proposals.get(desk.uow, known.id)
    return _stands_still(desk, changed) if closing else changed


def drop(desk: Desk, keys: Iterable[str], reason: str) -> None:
    """Take back proposals whose fact turned out not to hold; what a person decided stays."""
    for key in keys:
        proposals.drop(desk.uow, f"{desk.programme.id}/{key}", at=desk.now, reason=reason)


def _follow_duty(desk: Desk, row: ObligationRow) -> datetime | None:
    duty = desk.programme.rulebook.duty(row.ref)
    day = desk.installation.day
    again = None
    # A report taken back is no report, until the unit reports again.
    taken_back = row.withdrawn_at is not None and row.state == State.OPEN.value
    reported_at = None if taken_back else row.reported_at
    if row.urged_at is not None:
        fact = UrgedNotReported(
            obligation=row.id,
            unit=row.unit,
            person=row.urged_person,
            due_day=_due_day(desk, row),
            first_urged=day(row.urged_at),
            reported=day(reported_at) if reported_at is not None else None,
            today=day(desk.now),
        )
        again = _count_since_urging(desk, row, fact, among=duty.clauses)
    met = row.state == State.MET.value and reported_at is not None
    # What no clause of the duty speaks of is not looked up for each report.
    spoken_of = {desk.programme.rulebook.clause(clause).trigger for clause in duty.clauses}
    if met and not spoken_of.isdisjoint((Trigger.REPORTED_ON_TIME, Trigger.REPORTED_LATE)):
        _propose_for_report(desk, row, duty.clauses)
    _drop_what_no_longer_holds(desk, row, met=met)
    if Trigger.RETURNED in spoken_of:
        _propose_for_returns(desk, row, duty.clauses)
    return again


def _count_since_urging(
    desk: Desk, row: ObligationRow, fact: UrgedNotReported | None, among: tuple[str, ...] | None = None
) -> datetime | None:
    """What each day after the urging costs; the moment from which it is more, while nothing has been reported."""
    found = _marked(desk, row, fact, among) if fact is not None else ()
    unreported = fact is not None and fact.reported is None
    growing = unreported and row.state in (State.OPEN.value, State.UNSIGNED.value)
    happened = desk.now if unreported else row.reported_at or desk.now
    for proposal in found:
        put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=happened, growing=growing)
    if not found:
        _drop_of(desk, row, {Trigger.URGED_NOT_REPORTED}, "按报送时间不计")
    return midnight_after(desk.installation.day(desk.now), desk.installation.zone) if growing else None


def _marked(desk: Desk, row: ObligationRow, fact: Fact, among: tuple[str, ...] | None = None) -> tuple[Proposal, ...]:
    """What the clauses make of it, those on lines for the line in which the unit was when it fell due."""
    rulebook = desk.programme.rulebook
    fact = lines.with_line(desk.uow, rulebook, fact, _due_day(desk, row))
    return marking.mark(fact, rulebook, programme=desk.programme.code, among=among)


def _drop_what_no_longer_holds(desk: Desk, row: ObligationRow, *, met: bool) -> None:
    """Undecided proposals for a report that was taken back, or for the other side of on time."""
    on_time = row.reported_at is not None and row.reported_at < row.due
    holds = Trigger.REPORTED_ON_TIME if on_time else Trigger.REPORTED_LATE
    wrong = {Trigger.REPORTED_ON_TIME, Trigger.REPORTED_LATE} - ({holds} if met else set())
    _drop_of(desk, row, wrong, "报送情况已变")


def _drop_of(desk: Desk, row: ObligationRow, triggers: Container[Trigger], reason: str) -> None:
    clauses = (clause.id for clause in desk.programme.rulebook.clauses if clause.trigger in triggers)
    drop(desk, (f"obligation/{row.id}/{clause}" for clause in clauses), reason)


def _propose_for_report(desk: Desk, row: ObligationRow, clauses: tuple[str, ...]) -> None:
    """On time or late, by the first stamp. A 零报告 is a report like any other: the unit has said by the day, with its
    reason, that there is nothing to say, and nothing more was asked of it; 零报告 in the roster says only which it was.
    """
    assert row.reported_at is not None
    fact = Reported(
        obligation=row.id,
        unit=row.unit,
        person=_reporter(desk, row),
        on_time=row.reported_at < row.due,
        reported=desk.installation.day(row.reported_at),
    )
    for proposal in _marked(desk, row, fact, clauses):
        put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=row.reported_at)


def _propose_for_returns(desk: Desk, row: ObligationRow, clauses: tuple[str, ...]) -> None:
    returned = [v for v in submissions.versions(desk.uow, row.id) if v.way == Way.SEND_BACK.value]
    if not returned:
        return
    fact = Returned(
        obligation=row.id, unit=row.unit, person=_reporter(desk, row), times=len(returned), reason=returned[-1].note
    )
    for proposal in _marked(desk, row, fact, clauses):
        put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=returned[-1].recorded_at)


def _follow_matter(desk: Desk, row: ObligationRow) -> datetime | None:
    matter = matters.get(desk.uow, int(row.ref))
    share = matters.share_of(desk.uow, matter.id, row.unit)
    assert share is not None, "an obligation of a matter belongs to one of its units"
    day = desk.installation.day
    keep_days = desk.programme.rulebook.keep_first_days
    # What was sent back and not done in time again is not done, whatever had been said (A29).
    reported_at = first_stamp(row.facts(), desk.now, keep_days)
    done = day(reported_at) if reported_at is not None else None
    whose: dict[str, Any] = {"obligation": row.id, "unit": row.unit, "matter": matter.number, "share": share}
    whose["matter_class"] = matter.category
    late = MatterLate(**whose, due_day=_due_day(desk, row), today=day(desk.now), done=done)
    rulebook = desk.programme.rulebook
    overdue = desk.now >= row.grace_end if reported_at is None else reported_at >= row.grace_end
    excused = row.state == State.WAIVED.value or inability.is_marked(desk.uow, row.id)
    found = _marked(desk, row, late) if overdue and not excused else ()
    for proposal in found:
        put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=row.grace_end)
    if not overdue or excused:
        _drop_of(desk, row, {Trigger.MATTER_LATE}, "按办结时间不计")
    if row.state == State.MET.value and not overdue:
        timing = matter_facts.timing(done, late.due_day)
        fact = MatterDone(**whose, timing=timing, done=done)
        for proposal in _marked(desk, row, fact):
            put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=reported_at or desk.now)
        if timing is not Timing.EARLY:
            early = (clause.id for clause in rulebook.clauses if clause.timing is Timing.EARLY)
            drop(desk, (f"obligation/{row.id}/{clause}" for clause in early), "按办结时间不计")
    for each, happened in matter_facts.times(desk.uow, row, matter, share, person=_reporter(desk, row)):
        nth = lines.with_line(desk.uow, rulebook, each, _due_day(desk, row))
        for proposal in mark_nth(nth, rulebook, programme=desk.programme.code):
            put(desk, proposal, unit=row.unit, obligation=row.id, occurred_at=happened)
    urged = None if excused else matter_facts.urged(row, matter, share, day, desk.now)
    again = _count_since_urging(desk, row, urged)
    if reported_at is None:
        return row.grace_end if desk.now < row.grace_end else again
    until = keeps_first_until(row.facts(), keep_days)
    return max(row.grace_end, until + _A_TICK) if until is not None else None


def _open(
    desk: Desk,
    proposal: Proposal,
    unit: int,
    obligation: int | None,
    occurred_at: datetime,
    growing: bool,
    author: int | None,
) -> ProposalRow | None:
    created = proposals.open_if_new(
        desk.uow,
        key=_key(desk, proposal),
        number=counters.number(desk.uow, "P", desk.installation.day(desk.now)),
        programme=desk.programme.id,
        subject=proposal.account.subject.value,
        holder=proposal.account.holder,
        clause=proposal.clause,
        points=proposal.points,
        lowest=proposal.lowest,
        highest=proposal.highest,
        matter=proposal.matter,
        basis=proposal.basis.to_json(),
        obligation=obligation,
        unit=unit,
        author=author,
        stage=(Stage.RUNNING if growing else Stage.OPEN).value,
        occurred_at=occurred_at,
        opened_at=desk.now,
        statement_until=statement_until(desk),
    )
    assert created is not None, "the key was free a moment ago in this transaction"
    row = proposals.get(desk.uow, created)
    return row if growing else _stands_still(desk, row)


def _stands_still(desk: Desk, row: ProposalRow) -> ProposalRow:
    """The value is final: tell of a deduction, or enter it where the clause is automatic.

    While it still grows nobody is told again: the urging said what each day costs. In a trial the office reads it in
    核定, and nothing is told or entered.
    """
    if desk.programme.trial:
        return row
    if row.points is not None and row.points < 0:
        telling.proposed(desk.uow, desk.installation, desk.programme, row, desk.now)
    if desk.programme.rulebook.clause(row.clause).automatic and row.points is not None:
        enter(desk, row, by=None, reason="自动入账条款")
        return proposals.get(desk.uow, row.id)
    return row


def _key(desk: Desk, proposal: Proposal) -> str:
    return f"{desk.programme.id}/{proposal.key}"


def statement_until(desk: Desk) -> datetime:
    """24:00 of the last day for 情况说明: workdays after the day on which the unit is told, in office hours."""
    rulebook, calendar, zone = desk.programme.rulebook, desk.installation.calendar, desk.installation.zone
    told = calendar.office_time(desk.now, rulebook.office_hours, zone).astimezone(zone).date()
    last = calendar.add_workdays(told, rulebook.statement_workdays.value or 0)
    return midnight_after(last, desk.installation.zone)


def _due_day(desk: Desk, row: ObligationRow) -> date:
    """The last day on which it was on time: the due time is the exclusive midnight after it."""
    return desk.installation.day(row.due - timedelta(milliseconds=1))


def _reporter(desk: Desk, row: ObligationRow) -> int | None:
    """Who sent the first version of the present answer: the person whose account a report concerns."""
    people = roster.whole(desk.uow)
    versions = submissions.versions(desk.uow, row.id)
    first = next((v.person for v in versions if v.way == Way.REPORT.value), None)
    holders = people.holders(row.unit, (Role.REPORTER,), desk.installation.day(desk.now))
    return first if first is not None else next(iter(holders), None)
