"""交接: whoever takes over a reporter's post is told once what is open and what was left unfinished."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlmodel import col, select

from assessment.notices import HandedOver, write
from assessment.obligation import State
from assessment.roster import Post, Role, Roster
from storage import cases, obligations, outbox, programmes, roster
from storage.conversations import QuestionRow
from storage.installation import Installation
from storage.outbox import OutboxRow, Priority
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

GAP = timedelta(days=31)
"""A post vacant for longer has no predecessor who could hand anything over."""
STILL_NEWS = timedelta(days=7)
"""For so long a new holder who could not be reached yet is tried again."""


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> int:
    """Tell every new reporter who has not been told; return how many that were. Run again, it tells nobody twice."""
    live = [programme for programme in programmes.running(uow) if not programme.trial]
    if not live:
        # A trial is the office's alone: the units hear nothing of it.
        return 0
    people = roster.whole(uow)
    return sum(
        _tell(uow, installation, people, live, post, left, now)
        for post, left in _handed_over(people, installation, now)
        if not _told(uow, _key(post))
    )


def _handed_over(people: Roster, installation: Installation, now: datetime) -> Iterator[tuple[Post, list[Post]]]:
    """Posts newly held, each with those of the predecessors; a second clerk beside the first is no hand-over."""
    today = installation.day(now)
    for post in people.posts:
        if post.role is not Role.REPORTER or not today - STILL_NEWS <= post.first_day <= today <= post.last_day:
            continue
        others = [p for p in people.posts if (p.unit, p.role) == (post.unit, post.role) and p.person != post.person]
        left = [p for p in others if post.first_day - GAP <= p.last_day < post.first_day]
        if left and not any(p.held_on(today) and p.first_day < post.first_day for p in others):
            yield post, left


def _tell(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    live: Sequence[Programme],
    post: Post,
    left: list[Post],
    now: datetime,
) -> bool:
    known = {programme.id for programme in live}
    rows = [row for row in obligations.of_unit(uow, post.unit, (State.OPEN, State.UNSIGNED)) if row.programme in known]
    unanswered = _unanswered(uow, [predecessor.person for predecessor in left])
    notice = HandedOver(
        unit=people.unit(post.unit).name,
        predecessors=cases.names(people, tuple(dict.fromkeys(predecessor.person for predecessor in left))),
        lines=tuple(cases.owed_line(uow, installation, people, row, now) for row in rows),
        unanswered=tuple(row.title for row in rows if row.id in unanswered),
    )
    at = installation.calendar.office_time(now, live[0].rulebook.office_hours, installation.zone)
    return outbox.tell(
        uow,
        post.person,
        write(notice),
        key=_key(post),
        priority=Priority.BULK,
        queued_at=now,
        not_before=at,
    )


def _unanswered(uow: UnitOfWork, people: list[int]) -> set[int]:
    """The obligations about which a predecessor was asked something and did not answer."""
    questions = uow.rows(select(QuestionRow).where(col(QuestionRow.person).in_(people)))
    return {question.content["obligation"] for question in questions if "obligation" in question.content}


def _key(post: Post) -> str:
    return f"handover:{post.unit}:{post.person}:{post.first_day}"


def _told(uow: UnitOfWork, key: str) -> bool:
    return uow.row(select(OutboxRow.id).where(OutboxRow.key == key)) is not None
