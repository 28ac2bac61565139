"""Telling a unit about points: proposed, entered, corrected. Facts as words for whoever reads them."""

from collections.abc import Sequence
from datetime import datetime

from assessment.ledger import AccountKey, Basis
from assessment.named_people import named
from assessment.notices import EntriesTold, EntryTold, ProposalLine, Proposed, write
from assessment.periods import Frequency, Period
from assessment.roster import Person, Role, Roster
from assessment.rulebook import Subject, Timing, Trigger
from assessment.scorecard import rests_on_stand_in
from storage import obligations, outbox, roster
from storage.installation import Installation
from storage.outbox import Priority
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork


def account_name(people: Roster, subject: str, holder: int, unit: int | None = None) -> str:
    """A unit's name, a person's with the unit's, or whose line it is."""
    if subject == Subject.LINE.value:
        return f"{people.person(holder).name}{subject}"
    if subject == Subject.PERSON.value:
        name = people.person(holder).name
        return f"{people.unit(unit).name}{name}" if unit is not None else name
    return people.unit(holder).name


def named_in(uow: UnitOfWork, programme: Programme, unit: int, account: AccountKey) -> tuple[Person, ...]:
    """Whose names may stand in a reason: the people of the unit and of the office, ever, and the account's holder."""
    people = roster.whole(uow)
    ids = {post.person for post in people.posts if post.unit in (unit, programme.office)}
    if account.subject.of_a_person:
        ids.add(account.holder)
    return tuple(person for person in people.people if person.id in ids)


def evidence(uow: UnitOfWork, basis: Basis) -> tuple[str, ...]:
    """What proves it, with the people by their names of today."""
    return tuple(named(text, roster.whole(uow)) for text in basis.evidence)


def fact(uow: UnitOfWork, basis: Basis) -> str:
    """What happened, in one line, from the facts that a point rests on; people by their names of today."""
    title = _title(uow, basis)
    match basis.happened:
        case Trigger.URGED_NOT_REPORTED if basis.first_urged is not None:
            ended = f"{_day(basis.reported)}报送" if basis.reported else "尚未报送"
            # What costs once whatever the days has none that count.
            days = f"{_day(basis.counted_from)}至{_day(basis.counted_to)}共{len(basis.days)}天"
            return f"{title}：{_day(basis.first_urged)}催报，{ended}" + (f"，计{days}" if basis.days else "")
        case Trigger.MATTER_LATE:
            ended = f"{_day(basis.reported)}报办结" if basis.reported else "尚未办结"
            return f"{title}：应于{_day(basis.due_day)}前办结，{ended}"
        case Trigger.MATTER_DONE:
            # The data say that it was done early, never that more was done than asked.
            timing = "提前" if basis.timing is Timing.EARLY else basis.timing or ""
            return f"{title}：{_day(basis.reported)}{timing}办结"
        case Trigger.SUPERVISED:
            return f"{title}：{_reason(uow, basis)}"
        case Trigger.RETURNED:
            return f"{title}：退回{basis.times}次" + (f"，{_reason(uow, basis)}" if basis.reason else "")
        case Trigger.REPORTED_ON_TIME | Trigger.REPORTED_LATE:
            return f"{title}：{_day(basis.reported)}报送"
        case Trigger.SETTLED if basis.period is not None:
            return f"{_settled(basis.period)}：{_reason(uow, basis)}"
        case _:
            return _reason(uow, basis) or basis.happened.value


def line(uow: UnitOfWork, programme: Programme, people: Roster, row: ProposalRow, now: datetime) -> ProposalLine:
    """A proposal as it is shown."""
    clause = programme.rulebook.clause(row.clause)
    return ProposalLine(
        number=row.number,
        account=account_name(people, row.subject, row.holder, row.unit),
        personal=row.subject == Subject.PERSON.value,
        clause=clause.name,
        cite=clause.cite,
        points=row.points,
        unset=row.points is None and row.lowest is None,
        mark="◇" if rests_on_stand_in(programme.rulebook, row.clause) else "",
        trial=programme.trial,
        fact=fact(uow, Basis.from_json(row.basis)),
        statement=row.statement,
        statement_until=row.statement_until,
        hearing=row.hearing_since is not None,
        untold=row.untold,
        decidable=row.is_ripe(now),
    )


def concerned(people: Roster, installation: Installation, row: ProposalRow, now: datetime) -> tuple[int, ...]:
    """Who is told: the person whose account or line it is, or the unit's reporters and head."""
    if Subject(row.subject).of_a_person:
        return (row.holder,)
    return people.holders(row.unit, (Role.REPORTER, Role.HEAD), installation.day(now))


def proposed(
    uow: UnitOfWork, installation: Installation, programme: Programme, row: ProposalRow, now: datetime
) -> None:
    """Tell those concerned of a proposed deduction, and until when they may speak; in office hours."""
    people = roster.whole(uow)
    clause = programme.rulebook.clause(row.clause)
    notice = Proposed(
        unit=people.unit(row.unit).name,
        line=line(uow, programme, people, row, now),
        clause_text=clause.text,
    )
    at = installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
    for person in concerned(people, installation, row, now):
        outbox.tell(
            uow,
            person,
            write(notice),
            key=_proposed_key(row, person),
            priority=Priority.ESCALATION,
            queued_at=now,
            not_before=at,
        )


def reached_nobody(uow: UnitOfWork, installation: Installation, row: ProposalRow, now: datetime) -> bool:
    """Whether a deduction was told to nobody of those concerned: every letter was given up, or there was none."""
    if row.points is None or row.points >= 0:
        return False
    people = concerned(roster.whole(uow), installation, row, now)
    letters = outbox.by_keys(uow, [_proposed_key(row, person) for person in people])
    if letters:
        return all(letter.status in outbox.ENDED for letter in letters)
    return not any(roster.address(uow, person) for person in people)


def _proposed_key(row: ProposalRow, person: int) -> str:
    return f"proposed:{row.id}:{row.opened_at:%y%m%d%H%M%S}:{person}"


def decided(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    told: Sequence[tuple[ProposalRow, EntryTold]],
    now: datetime,
) -> None:
    """Tell those concerned what became of proposed deductions that were decided at once: each person one message."""
    people = roster.whole(uow)
    at = installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
    each: dict[int, list[tuple[ProposalRow, EntryTold]]] = {}
    for row, notice in told:
        for person in concerned(people, installation, row, now):
            each.setdefault(person, []).append((row, notice))
    for person, listed in each.items():
        notices = tuple(notice for _, notice in listed)
        outbox.tell(
            uow,
            person,
            write(notices[0] if len(notices) == 1 else EntriesTold(told=notices)),
            key=f"decided:{listed[0][0].id}:{person}",
            priority=Priority.ESCALATION,
            queued_at=now,
            not_before=at,
        )


def _settled(period: str) -> str:
    """What was settled; a part of the year stands beside it, and whoever decides has to see that."""
    found = Period.parse(period)
    if found.frequency is Frequency.YEAR:
        return f"{period}年度结算"
    return f"{found.year}年{found.label()}结算（单列，不计入年度）"


def _reason(uow: UnitOfWork, basis: Basis) -> str:
    return named(basis.reason, roster.whole(uow)) if basis.reason else ""


def _title(uow: UnitOfWork, basis: Basis) -> str:
    if basis.obligation is None:
        return ""
    row = obligations.get(uow, basis.obligation)
    return f"{row.number}{row.title}"


def _day(day: object) -> str:
    return f"{day:%-m月%-d日}" if day is not None else ""
