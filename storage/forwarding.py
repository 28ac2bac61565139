"""What waits for a person at an account that is theirs no more goes to where they are reached now."""

from datetime import datetime

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from storage.outbox import WAITING, OutboxRow, Priority, Status
from storage.roster import IdentityRow, address
from storage.unit_of_work import UnitOfWork

UNBOUND = "账号已解绑"


def waiting(uow: UnitOfWork, ended: IdentityRow) -> int:
    """How many messages that we start wait to leave for that account."""
    return len(uow.rows(select(OutboxRow.id).where(*_at(ended), OutboxRow.priority != Priority.ANSWER)))


def forward(uow: UnitOfWork, ended: IdentityRow, *, at: datetime) -> int:
    """Turn what waits for an account to the person's present one; return how many. Without one all is withdrawn.

    A letter stays the same letter: those who ask what became of it know it by its key. Answers are withdrawn, for it
    is not known any more who asked. Of what may have been shown in part the whole is said again.
    """
    moved = 0
    found = address(uow, ended.person)
    if found is not None:
        moved = uow.update(
            OutboxRow,
            *_at(ended),
            OutboxRow.priority != Priority.ANSWER,
            channel=found.channel,
            recipient=found.account,
            first_sent_at=None,
            maybe_shown=False,
            pieces_sent=0,
            extra=None,
        )
    uow.update(OutboxRow, *_at(ended), status=Status.WITHDRAWN.value, reason=UNBOUND, finished_at=at, extra=None)
    return moved


def _at(ended: IdentityRow) -> tuple[ColumnElement[bool], ...]:
    return (
        col(OutboxRow.person) == ended.person,
        col(OutboxRow.channel) == ended.channel,
        col(OutboxRow.recipient) == ended.account,
        col(OutboxRow.to_group).is_(False),
        col(OutboxRow.status).in_(WAITING),
    )
