"""A message that was given up: the office hears of it, and where it was owed to a unit, a deputy is told instead."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from assessment.notices import (
    BroadcastTold,
    ChannelClosed,
    Escalated,
    FilesNotDelivered,
    HearingTold,
    NotDelivered,
    Notice,
    OwedLine,
    Proposed,
    Reminder,
    ToldInstead,
    Urging,
    read,
    write,
)
from assessment.roster import Role, Roster
from storage import obligations, outbox, programmes, roster
from storage.installation import Installation
from storage.outbox import About, OutboxRow, Priority, Status
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

OWED = (Reminder, Urging)
"""What a unit's reporter has to hear: a deputy or the head stands in where the unit has no other reporter."""
ASKED_BACK = (Urging, Escalated, Proposed, HearingTold)
"""What days are counted from: of these the office hears already when it is uncertain that they arrived.

Any other message whose answer was lost is left at that. A person who misses an answer asks again, 我的任务 shows what
is kept, and a reminder is followed by its ladder; a second copy of each would say everything twice.
"""


def tell(
    uow: UnitOfWork, installation: Installation, row: OutboxRow, status: Status, reason: str, now: datetime
) -> None:
    """Say once that `row` was given up, dead or unknown; of a lost message of this kind nothing more is said."""
    notice = _readable(row)
    perhaps = status is Status.UNKNOWN
    if isinstance(notice, NotDelivered | ChannelClosed) or (perhaps and not isinstance(notice, ASKED_BACK)):
        return
    if isinstance(notice, BroadcastTold) and row.initiated and not row.to_group:
        return  # of many at once: 回执 names all whom a notice has not reached
    if row.person is None and not row.to_group:
        return  # a stranger: nobody's duty
    people = roster.whole(uow)
    stand_ins = () if perhaps else tuple(dict.fromkeys(_pass_on(uow, installation, people, row, notice, now)))
    told = NotDelivered(
        lost="" if row.priority == Priority.ANSWER else type(notice).__name__,
        titles=tuple(dict.fromkeys(line.title for line in _lines(notice))),
        person=people.person(row.person).name if row.person is not None else "",
        units=_units(people, row, notice, installation, now),
        reason=reason or "平台未说明",
        perhaps=perhaps,
        stand_ins=stand_ins,
    )
    for programme in _programmes(uow, row):
        for person in people.holders(programme.office, (Role.OFFICE,), installation.day(now)):
            if person != row.person:
                outbox.tell(
                    uow,
                    person,
                    write(told),
                    key=f"undelivered:{row.id}:{person}",
                    priority=Priority.ESCALATION,
                    queued_at=now,
                )


def files(
    uow: UnitOfWork, installation: Installation, row: OutboxRow, missing: Sequence[tuple[str, str]], now: datetime
) -> None:
    """Say once a notice and reason that words went in the place of files. `missing`: files, each with the reason."""
    notice = _readable(row)
    if not isinstance(notice, BroadcastTold) or notice.trial:
        return
    people, reason = roster.whole(uow), missing[0][1]
    told = FilesNotDelivered(
        number=notice.number, office=notice.office, files=tuple(name for name, _ in missing), reason=reason
    )
    issuer = people.named(notice.office)
    offices = [issuer.id] if issuer else [programme.office for programme in _programmes(uow, row)]
    for office in offices:
        for person in people.holders(office, (Role.OFFICE,), installation.day(now)):
            outbox.tell(
                uow,
                person,
                write(told),
                key=f"files:{notice.number}:{reason}:{person}",
                priority=Priority.ESCALATION,
                queued_at=now,
            )


def closed(
    uow: UnitOfWork, installation: Installation, channel: str, platform: str, reason: str, now: datetime
) -> None:
    """Say once a day to office and administrator that a channel takes nothing before something is repaired."""
    people, day = roster.whole(uow), installation.day(now)
    offices = dict.fromkeys(programme.office for programme in programmes.running(uow))
    listeners = (
        person for office in offices for person in people.holders(office, (Role.OFFICE, Role.ADMINISTRATOR), day)
    )
    for person in dict.fromkeys(listeners):
        outbox.tell(
            uow,
            person,
            write(ChannelClosed(platform=platform, reason=reason)),
            key=f"closed:{channel}:{day}:{person}",
            priority=Priority.ESCALATION,
            queued_at=now,
        )


def _readable(row: OutboxRow) -> Notice:
    """The notice; a bare one where this version cannot read what an older or newer one has stored."""
    try:
        return read(row.notice)
    except (KeyError, ValueError):
        return Notice()


def _pass_on(
    uow: UnitOfWork, installation: Installation, people: Roster, row: OutboxRow, notice: Notice, now: datetime
) -> Iterator[str]:
    """Tell a deputy, or failing one the head, of each unit that has no other reporter; yields their names."""
    if not isinstance(notice, OWED) or row.person is None:
        return
    day = installation.day(now)
    owed = [obligations.get(uow, subject.obligation) for subject in outbox.about(uow, row.id)]
    for unit in dict.fromkeys(item.unit for item in owed):
        if people.holders(unit, (Role.REPORTER,), day) != (row.person,):
            continue
        theirs = [item for item in owed if item.unit == unit]
        lines = tuple(line for line in notice.lines if line.obligation in {item.id for item in theirs})
        told = ToldInstead(missed=people.person(row.person).name, lines=lines, now=now)
        about = [About(item.id, item.round, item.state) for item in theirs]
        for role in (Role.DEPUTY, Role.HEAD):
            deputy = next(iter(people.holders(unit, (role,), day)), None)
            if deputy is not None and outbox.tell(
                uow,
                deputy,
                write(told),
                key=f"{row.key}:{unit}:instead:{deputy}",
                priority=Priority(row.priority),
                queued_at=now,
                about=about,
            ):
                yield people.person(deputy).name
                break


def _lines(notice: Notice) -> Sequence[OwedLine]:
    return notice.lines if isinstance(notice, Reminder | Urging | Escalated) else ()


def _units(
    people: Roster, row: OutboxRow, notice: Notice, installation: Installation, now: datetime
) -> tuple[str, ...]:
    """The units that it was about, or those that the person belongs to."""
    if named := tuple(dict.fromkeys(line.unit for line in _lines(notice))):
        return named
    if row.person is None:
        return ()
    posts = people.posts_of(row.person, installation.day(now))
    return tuple(dict.fromkeys(people.unit(post.unit).name for post in posts))


def _programmes(uow: UnitOfWork, row: OutboxRow) -> list[Programme]:
    """The programmes that it was about; failing that the first that runs, so that some office hears of it."""
    about = [obligations.get(uow, subject.obligation).programme for subject in outbox.about(uow, row.id)]
    if about:
        return [programmes.get(uow, number) for number in dict.fromkeys(about)]
    return list(programmes.running(uow))[:1]
