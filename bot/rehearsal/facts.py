"""What a rehearsal found, as facts: every message, what units end with, what the year brings. Read from the copy."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import col, select

from assessment import notices
from assessment.notices import Escalated, Notice, Reminder, ReportAnswered, SignRequest, Urging
from assessment.obligation import Bucket, Kind, bucket
from assessment.roster import Role, Roster
from assessment.rulebook import Subject
from bot.cards import card_for
from bot.rehearsal.conflicts import Conflict, Rest, conflicts, rests
from bot.rehearsal.habits import Habit, Typed
from storage import programmes, roster
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import AttemptRow, OutboxRow, Status
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.unit_of_work import UnitOfWork

GROUP = "群"


@dataclass(frozen=True)
class Played:
    """What was played, and how."""

    year: int
    start: datetime
    until: datetime
    habits: Mapping[int, Habit]
    chosen: Mapping[Habit, int]
    typed: tuple[Typed, ...]
    budgets: Mapping[str, int | None]


@dataclass(frozen=True)
class Message:
    """One message that somebody gets. Times are in the domain zone."""

    at: datetime
    channel: str
    recipient: str
    """The platform's id, as the roster has it."""
    person: str
    post: str
    """Unit and role, of which the first in the roster's order of roles; 群 for a group."""
    role: str
    unit: str
    kind: str
    """The notice's name for programs."""
    title: str
    """What it is headed."""
    reason: str
    """Which step of which duty, or what it answers."""
    initiated: bool
    """Of the bot's own accord: counted by the burden rules."""
    receipts: tuple[int, ...] = ()
    """The obligations whose report it acknowledges: one of each is counted, too."""
    punctual: bool = False
    """The unit reports in time all year."""


@dataclass(frozen=True)
class Calls:
    """API calls of one channel in one month."""

    channel: str
    month: str
    calls: int
    budget: int | None
    title: str = ""
    """What people call the platform; empty where it has no other name."""


@dataclass(frozen=True)
class Points:
    """What one clause comes to for one account over the year, proposed or confirmed."""

    account: str
    clause: str
    cite: str
    number: int
    points: Decimal | None
    """None where the clause has no value yet."""


@dataclass(frozen=True)
class UnitEnd:
    """What a unit of that habit ends with."""

    habit: str
    unit: str
    buckets: Mapping[str, int]
    """按时 11、未提交 1 …: its obligations, each in one."""
    steps: Mapping[str, int]
    """What was said about it, by heading."""
    points: tuple[Points, ...]


@dataclass(frozen=True)
class Rehearsed:
    """Everything that is to be told."""

    year: int
    start: datetime
    until: datetime
    programmes: tuple[str, ...]
    units: int
    clerk_a_month: int
    leader_a_day: int
    messages: tuple[Message, ...]
    typed: tuple[Typed, ...]
    calls: tuple[Calls, ...]
    ends: tuple[UnitEnd, ...]
    rests: tuple[Rest, ...]
    conflicts: tuple[Conflict, ...]
    others: Mapping[str, int] = field(default_factory=dict)
    """How many units besides those of `ends` kept to which habit."""


def gathered(
    uow: UnitOfWork,
    installation: Installation,
    played: Played,
    entered: Sequence[Programme],
    voiceless: set[tuple[int, str]],
) -> Rehearsed:
    """Read everything from the copy as it stands at the end."""
    people = roster.whole(uow)
    sent = _sent(uow)
    owed = uow.rows(select(ObligationRow).order_by(col(ObligationRow.due), col(ObligationRow.id)))
    burdens = [programme.rulebook.burden for programme in entered]
    return Rehearsed(
        year=played.year,
        start=installation.local(played.start),
        until=installation.local(played.until),
        programmes=tuple(programme.rulebook.name for programme in entered),
        units=len(played.habits),
        clerk_a_month=min((burden.clerk_a_month for burden in burdens), default=0),
        leader_a_day=min((burden.leader_a_day for burden in burdens), default=0),
        messages=tuple(_messages(uow, installation, people, played, sent)),
        typed=played.typed,
        calls=tuple(_calls(uow, installation, played.budgets)),
        ends=tuple(_end(uow, people, played, sent, habit, unit) for habit, unit in played.chosen.items()),
        rests=tuple(rests(installation, owed)),
        conflicts=tuple(conflicts(uow, installation, people, entered, owed, played.habits, played.until, voiceless)),
        others=Counter(habit.value for unit, habit in played.habits.items() if unit not in played.chosen.values()),
    )


def _sent(uow: UnitOfWork) -> list[tuple[OutboxRow, Notice]]:
    """Every message that was sent, in order, with what it says."""
    rows = uow.rows(
        select(OutboxRow)
        .where(OutboxRow.status == Status.SENT.value)
        .order_by(col(OutboxRow.finished_at), col(OutboxRow.id))
    )
    return [(row, notices.read(row.notice)) for row in rows]


def _messages(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    played: Played,
    sent: Iterable[tuple[OutboxRow, Notice]],
) -> Iterator[Message]:
    by_name = _receipted(uow, people)
    for row, notice in sent:
        assert row.finished_at is not None, "a message that was sent has a time"
        at = installation.local(row.finished_at)
        posts = sorted(
            people.posts_of(row.person, at.date()) if row.person is not None else (),
            key=lambda post: tuple(Role).index(post.role),
        )
        unit = people.unit(posts[0].unit).name if posts else ""
        role = posts[0].role.value if posts else ""
        yield Message(
            at=at,
            channel=row.channel,
            recipient=row.recipient,
            person=people.person(row.person).name if row.person is not None else "",
            post=GROUP if row.to_group else f"{unit}{role}",
            role=role,
            unit=unit,
            kind=type(notice).__name__,
            title=card_for(notice, installation.zone).title,
            reason=_reason(notice, own_accord=row.initiated),
            initiated=row.initiated,
            receipts=_acknowledged(notice, by_name),
            punctual=bool(posts) and all(played.habits.get(post.unit) is Habit.PUNCTUAL for post in posts),
        )


def _receipted(uow: UnitOfWork, people: Roster) -> dict[tuple[str, str], int]:
    """Obligations by unit and title, as receipts name them."""
    found = uow.rows(select(ObligationRow.unit, ObligationRow.title, ObligationRow.id))
    return {(people.unit(unit).name, title): number for unit, title, number in found}


def _acknowledged(notice: Notice, by_name: Mapping[tuple[str, str], int]) -> tuple[int, ...]:
    if not isinstance(notice, ReportAnswered):
        return ()
    found = by_name.get((notice.unit, notice.title))
    return (found,) if found is not None else ()


def _reason(notice: Notice, *, own_accord: bool) -> str:
    """Which step of which duty; of anything else, what brought it about."""
    if isinstance(notice, Reminder | Urging | Escalated):
        said = Counter(f"{line.title}：{line.reason}" for line in notice.lines)
        return "；".join(f"{what}（{number} 项）" if number > 1 else what for what, number in said.items())
    if isinstance(notice, ReportAnswered | SignRequest):
        return f"{notice.title}：{'已报送' if isinstance(notice, ReportAnswered) else '待签发'}"
    return "系统主动告知" if own_accord else "答复本人来信"


def _calls(uow: UnitOfWork, installation: Installation, budgets: Mapping[str, int | None]) -> Iterator[Calls]:
    used: Counter[tuple[str, str]] = Counter()
    for channel, at, calls in uow.rows(select(AttemptRow.channel, AttemptRow.started_at, AttemptRow.calls)):
        used[channel, f"{installation.local(at):%Y-%m}"] += calls
    for (channel, month), calls in sorted(used.items()):
        yield Calls(channel, month, calls, budgets.get(channel), installation.platforms.get(channel, ""))


def _end(
    uow: UnitOfWork,
    people: Roster,
    played: Played,
    sent: Iterable[tuple[OutboxRow, Notice]],
    habit: Habit,
    unit: int,
) -> UnitEnd:
    kinds = (Kind.DUTY.value, Kind.LETTER.value)
    owed = uow.rows(select(ObligationRow).where(ObligationRow.unit == unit, col(ObligationRow.kind).in_(kinds)))
    now = played.until - timedelta(milliseconds=1)
    found = Counter(bucket(row.facts(), now) for row in owed)
    return UnitEnd(
        habit=habit.value,
        unit=people.unit(unit).name,
        buckets={one.value: found[one] for one in Bucket if found[one]},
        steps=_said_about(sent, people.unit(unit).name),
        points=tuple(_points(uow, people, unit)),
    )


def _said_about(sent: Iterable[tuple[OutboxRow, Notice]], unit: str) -> dict[str, int]:
    said: Counter[str] = Counter()
    for row, notice in sent:
        if not row.initiated:
            continue
        match notice:
            case Reminder():
                name = "提醒"
            case Urging():
                name = "催办"
            case Escalated():
                name = notice.step
            case _:
                continue
        said[name] += any(line.unit == unit for line in notice.lines)
    return {name: number for name, number in said.items() if number}


def _points(uow: UnitOfWork, people: Roster, unit: int) -> Iterator[Points]:
    rows = uow.rows(select(ProposalRow).where(ProposalRow.unit == unit, ProposalRow.stage != Stage.REJECTED.value))
    together: defaultdict[tuple[int, str, int, str], list[ProposalRow]] = defaultdict(list)
    for row in rows:
        together[row.programme, row.subject, row.holder, row.clause].append(row)
    for (number, subject, holder, clause_id), some in together.items():
        clause = programmes.get(uow, number).rulebook.clause(clause_id)
        known = [row.points for row in some if row.points is not None]
        personal = subject == Subject.PERSON.value
        yield Points(
            account=people.person(holder).name if personal else people.unit(holder).name,
            clause=clause.name,
            cite=clause.cite,
            number=len(some),
            points=_sum(known) if len(known) == len(some) else None,
        )


def _sum(points: Iterable[Decimal]) -> Decimal:
    return sum(points, Decimal(0))
