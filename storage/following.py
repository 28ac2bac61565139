"""What follows is put on the list, and asked of units as soon as its day is known.

The same whether a person decided, a publication told, or an automatic clause was entered by itself (decisions 0022).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlmodel import col, select

from assessment import ladder
from assessment.consequences import DueAct, after_end, after_flag, after_grade
from assessment.consequences import after_entry as asked_by_clause
from assessment.consequences import after_publication as once_for_all
from assessment.due import due_on
from assessment.ledger import AccountKey, Entry
from assessment.notices import write
from assessment.notices.following_up import WrittenAsked
from assessment.obligation import Kind
from assessment.roster import Role
from assessment.rulebook import Flag, Ladder, Rulebook, Subject
from assessment.year_rules import Act
from storage import follow_ups, obligations, outbox, roster, scoring
from storage.follow_ups import FollowUpRow, Stage
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import Priority
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

RECOMMENDED = "recommended/"
"""What a key begins with that stands for 建议取消评优资格: it is decided and not ticked off."""


def open_all(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    due: Iterable[DueAct],
    *,
    because: str,
    now: datetime,
    entry: int | None = None,
    ask: bool = True,
) -> tuple[FollowUpRow, ...]:
    """Put what follows on the list; a written report whose day is known is asked for at once. A trial has none.

    Where an act had been done before its cause fell and came back, what follows its end runs anew, from today. Without
    `ask` nothing is said to a unit: the office sets the day when the unit may know.
    """
    if programme.trial:
        return ()
    opened: list[FollowUpRow] = []
    waiting = list(due)
    for act in waiting:
        unit = _unit_of(uow, installation, act.account, now)
        row = follow_ups.open_if_new(
            uow,
            act,
            programme=programme.id,
            unit=unit,
            because=because,
            entry=entry,
            today=installation.day(now),
            now=now,
            awaits_day=act.act is Act.REPORT and not ask,
        )
        if row is None:
            known = follow_ups.by_key(uow, programme.id, act.key)
            if known is not None and known.stage == Stage.DONE.value:
                waiting += after_end(programme.rulebook, act, installation.day(now))
            continue
        opened.append(row)
        if ask and act.act is Act.REPORT and act.due_day is not None and unit is not None:
            ask_for_report(uow, installation, programme, row, act.due_day, now)
    return tuple(opened)


def after_grade_of(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    account: AccountKey,
    grade: str,
    *,
    now: datetime,
    ask: bool = True,
) -> tuple[FollowUpRow, ...]:
    """What follows from the grade that one unit has been given, counted from today."""
    due = after_grade(programme.rulebook, account, grade, installation.day(now))
    return open_all(uow, installation, programme, due, because=f"等次{grade}", now=now, ask=ask)


def after_entry(
    uow: UnitOfWork, installation: Installation, programme: Programme, entry: Entry, now: datetime
) -> tuple[FollowUpRow, ...]:
    """What follows from an entry: its clause's own task, what its flag brings, and 建议 that somebody has to decide."""
    rulebook, today = programme.rulebook, installation.day(now)
    clause = rulebook.clause(entry.clause)
    due = list(asked_by_clause(rulebook, entry, today))
    if clause.flag is not None and entry.reverses is None:
        due += after_flag(rulebook, entry.account, clause.flag, today)
    if clause.flag is Flag.RECOMMEND_INELIGIBLE and entry.reverses is None:
        due.append(
            DueAct(
                key=f"{RECOMMENDED}{entry.id}",
                account=entry.account,
                year=rulebook.year,
                act=Act.TASK,
                name=f"{clause.flag.value}，待有关部门决定",
                cite=clause.cite,
                consequence=None,
                counted_from=today,
                due_day=None,
            )
        )
    because = f"{entry.number} {clause.name}"
    return open_all(uow, installation, programme, due, because=because, now=now, entry=entry.id)


def after_publication(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    *,
    because: str,
    now: datetime,
    last: Collection[int],
    graded: Iterable[tuple[int, str]],
    told: Collection[int],
) -> tuple[FollowUpRow, ...]:
    """What follows from the year's publication: from 末位, from grades kept secret until now, and once for all.

    `last` are the units in the last place; what that brings is seen by those alone who decide on it and so is not
    returned (R83). `graded` is each unit's grade as published. A unit that is not among the `told` is asked for
    nothing: the office sets the day when the unit may know.
    """
    rulebook, today = programme.rulebook, installation.day(now)
    for unit in last:
        due = after_flag(rulebook, scoring.unit_account(programme, unit), Flag.LAST_PLACE, today)
        open_all(uow, installation, programme, due, because=Flag.LAST_PLACE.value, now=now)
    opened: list[FollowUpRow] = []
    for unit, grade in graded if rulebook.embargo else ():
        account, ask = scoring.unit_account(programme, unit), unit in told
        opened += after_grade_of(uow, installation, programme, account, grade, now=now, ask=ask)
    due = once_for_all(rulebook, today)
    return (*opened, *open_all(uow, installation, programme, due, because=because, now=now))


def ask_for_report(
    uow: UnitOfWork, installation: Installation, programme: Programme, row: FollowUpRow, day: date, now: datetime
) -> WrittenAsked:
    """Let the unit owe the report by the end of `day`, and tell it."""
    assert row.unit is not None, "a written report is one unit's"
    due = due_on(day, installation.zone)
    rulebook, calendar = programme.rulebook, installation.calendar
    rungs = _ladder(rulebook)
    steps = ladder.plan(rungs, due, calendar, rulebook.office_hours, installation.zone) if rungs is not None else ()
    obligation = obligations.fresh(
        programme=programme.id,
        kind=Kind.WRITTEN.value,
        ref=_next_ref(uow, row),
        unit=row.unit,
        number=row.number,
        title=row.name,
        due=due.due,
        grace_end=due.grace_end,
        review=True,
        plan=ladder.to_json(steps),
        held=any(step.assumed for step in steps),
        round_since=now,
        look_at=now,
    )
    obligations.open_if_new(uow, obligation)
    follow_ups.hand_to_unit(uow, row.id, obligation=obligation.id, due_day=day)
    people = roster.whole(uow)
    told = WrittenAsked(
        number=row.number,
        unit=people.unit(row.unit).name,
        name=row.name,
        cite=row.cite,
        because=row.because,
        due=due.due,
        required=tuple(row.required),
        office=people.unit(programme.office).name,
    )
    hearers = people.holders(row.unit, (Role.HEAD, Role.REPORTER), installation.day(now))
    tell(uow, installation, programme, hearers, write(told), f"written:{obligation.id}", now)
    return told


def _next_ref(uow: UnitOfWork, row: FollowUpRow) -> str:
    """An obligation that fell stays on record: what is asked anew has a name of its own."""
    refs = uow.rows(
        select(ObligationRow.ref).where(
            ObligationRow.programme == row.programme,
            ObligationRow.kind == Kind.WRITTEN.value,
            (col(ObligationRow.ref) == str(row.id)) | col(ObligationRow.ref).startswith(f"{row.id}/"),
        )
    )
    return f"{row.id}/{len(refs) + 1}" if refs else str(row.id)


def tell(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    people: Iterable[int],
    notice: dict[str, object],
    key: str,
    now: datetime,
) -> None:
    """Queue a notice to each of `people`, for the next office hours; a person hears it once under one key."""
    at = installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
    for person in dict.fromkeys(people):
        outbox.tell(
            uow,
            person,
            notice,
            key=f"{key}:{person}",
            priority=Priority.ESCALATION,
            queued_at=now,
            not_before=at,
        )


def _unit_of(uow: UnitOfWork, installation: Installation, account: AccountKey | None, now: datetime) -> int | None:
    """The unit that an act is about; of a person's account the unit in which the person works."""
    if account is None:
        return None
    if account.subject is Subject.UNIT:
        return account.holder
    posts = roster.whole(uow).posts_of(account.holder, installation.day(now))
    return posts[0].unit if posts else None


def _ladder(rulebook: Rulebook) -> Ladder | None:
    """The ladder of 整改, else that of matters, else the measure's only one; without one nobody is urged."""
    named = rulebook.rectification.ladder if rulebook.rectification is not None else None
    chosen = named or rulebook.matter_ladder
    if chosen is not None:
        return rulebook.ladder(chosen)
    return rulebook.ladders[0] if len(rulebook.ladders) == 1 else None
