"""A message on its way out: found when its time has come, leased for one attempt, written down. See storage.outbox."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, text
from sqlmodel import col, select

from storage.ids import new_id
from storage.outbox import ENDED, IS_WAITING, AttemptRow, OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork

# Written out as in the index: SQLite uses a partial index only for a condition without parameters.
_IS_SENDING = text("outbox.status = 'sending'")
_BUSY = select(OutboxRow.recipient).where(_IS_SENDING, col(OutboxRow.channel) == bindparam("channel"))
_DUE = (
    select(OutboxRow)
    .where(
        IS_WAITING,
        col(OutboxRow.channel) == bindparam("channel"),
        col(OutboxRow.priority) == bindparam("priority"),
        col(OutboxRow.not_before) <= bindparam("now"),
        col(OutboxRow.recipient).not_in(bindparam("busy", expanding=True)),
    )
    .order_by(col(OutboxRow.not_before), col(OutboxRow.id))
    .limit(bindparam("limit"))
)
_FIRST = (
    select(OutboxRow.not_before)
    .where(
        IS_WAITING,
        col(OutboxRow.channel) == bindparam("channel"),
        col(OutboxRow.priority) == bindparam("priority"),
    )
    .order_by(col(OutboxRow.not_before))
    .limit(1)
)
UPLOADING = "附件上传中"
"""The reason of a message that is being sent: nothing of this attempt can have been seen yet."""
_NEXT_CHANNEL = (
    select(OutboxRow.channel)
    .where(IS_WAITING, col(OutboxRow.channel) > bindparam("after"))
    .order_by(col(OutboxRow.channel))
    .limit(1)
)


def channels_waiting(uow: UnitOfWork) -> list[str]:
    """The channels on which anything waits, whether or not its time has come."""
    found: list[str] = []
    while (channel := uow.value(_NEXT_CHANNEL, after=found[-1] if found else "")) is not None:
        found.append(channel)
    return found


def next_moment(uow: UnitOfWork, *, besides: Collection[str] = ()) -> datetime | None:
    """When the next waiting message may leave, on any channel but those; None when nothing waits."""
    found = [
        moment
        for channel in channels_waiting(uow)
        if channel not in besides
        for priority in Priority
        if (moment := uow.value(_FIRST, channel=channel, priority=int(priority))) is not None
    ]
    return min(found, default=None)


def busy(uow: UnitOfWork, channel: str) -> frozenset[str]:
    """The recipients to whom a message is on its way, whichever replica sends it.

    What takes several messages of its platform stays together that way. Asked once for all priorities, so that nothing
    less urgent slips in when one arrives meanwhile.
    """
    return frozenset(uow.rows(_BUSY, channel=channel))


def due(
    uow: UnitOfWork,
    channel: str,
    *,
    now: datetime,
    limit: int,
    priorities: Iterable[Priority] = Priority,
    busy: Collection[str] = (),
) -> list[OutboxRow]:
    """Up to `limit` messages of a channel whose time has come, most urgent first; nobody else takes them meanwhile.

    None to those who are `busy`.

    Asked priority by priority: so the index leads straight past what is to leave later.
    """
    found: list[OutboxRow] = []
    for priority in priorities:
        if len(found) < limit:
            found += uow.rows(
                uow.for_update(_DUE, skip_locked=True),
                channel=channel,
                priority=int(priority),
                now=now,
                busy=list(busy),
                limit=limit - len(found),
            )
    return found


def lease(
    uow: UnitOfWork,
    row: OutboxRow,
    *,
    worker: str,
    now: datetime,
    lease_until: int,
    calls: int = 1,
    words: str = "",
    said_before: int = 0,
) -> OutboxRow:
    """Take a message for one attempt; return it as it leaves. `lease_until`: real clock, epoch milliseconds."""
    values: dict[str, Any] = {
        "attempts": row.attempts + 1,
        "first_sent_at": row.first_sent_at or now,
        "said_before": said_before,
    }
    uow.update_at(
        OutboxRow,
        {"id": row.id},
        status=Status.SENDING.value,
        lease_by=worker,
        lease_until=lease_until,
        **values,
    )
    uow.insert(
        AttemptRow,
        id=new_id(),
        outbox=row.id,
        n=row.attempts + 1,
        started_at=now,
        channel=row.channel,
        recipient=row.recipient,
        calls=calls,
        words=words,
    )
    return row.model_copy(update=values)


def finish(
    uow: UnitOfWork,
    *,
    outbox_id: int,
    worker: str,
    attempt: int,
    status: Status,
    at: datetime,
    reason: str = "",
    platform_id: str = "",
    not_before: datetime | None = None,
    maybe_shown: bool | None = None,
    pieces_sent: int = 0,
    calls: int | None = None,
) -> bool:
    """Write down how an attempt ended; False when the lease was lost meanwhile (fencing) and nothing was written.

    `calls` where it made other than were leased. `maybe_shown` is None where the attempt says nothing of that.
    """
    values: dict[str, Any] = {"status": status.value, "reason": reason, "lease_by": "", "lease_until": 0}
    if not_before is not None:
        values["not_before"] = not_before
    if maybe_shown is not None:
        values["maybe_shown"] = maybe_shown
    if pieces_sent:
        values["pieces_sent"] = pieces_sent
    if status is Status.SENT:
        values |= {"finished_at": at, "platform_id": platform_id, "extra": None}
    elif status in ENDED:
        values |= {"finished_at": at, "extra": None}
    held = uow.update_at(OutboxRow, _leased(outbox_id, worker, attempt), **values)
    if held:
        ended: dict[str, Any] = {"result": reason or status.value, "ended_at": at}
        if calls is not None:
            ended["calls"] = calls
        uow.update_at(AttemptRow, {"outbox": outbox_id, "n": attempt}, **ended)
    return bool(held)


def keep_on(
    uow: UnitOfWork, row: OutboxRow, *, worker: str, lease_until: int, pieces_sent: int, uploading: bool
) -> bool:
    """Write down how far an attempt has come, and lease on; False when the lease was lost meanwhile.

    `uploading`: its files are, and nothing of this attempt can have been seen. `lease_until`: epoch milliseconds.
    """
    values = {"pieces_sent": pieces_sent, "lease_until": lease_until, "reason": UPLOADING if uploading else ""}
    return bool(uow.update_at(OutboxRow, _leased(row.id, worker, row.attempts), **values))


def _leased(outbox_id: int, worker: str, attempt: int) -> dict[str, Any]:
    """The message while this very attempt holds it."""
    return {"id": outbox_id, "lease_by": worker, "attempts": attempt, "status": Status.SENDING.value}


def put_off(uow: UnitOfWork, row: OutboxRow, not_before: datetime) -> None:
    """Let a waiting message wait until `not_before`."""
    uow.update(OutboxRow, OutboxRow.id == row.id, not_before=not_before)


def end_unsent(uow: UnitOfWork, row: OutboxRow, status: Status, *, at: datetime, reason: str) -> None:
    """End a waiting message that is not to be sent after all: withdrawn or unknown."""
    values = {"status": status.value, "reason": reason, "finished_at": at, "extra": None}
    uow.update(OutboxRow, OutboxRow.id == row.id, **values)


def abandoned(uow: UnitOfWork, real_ms: int) -> Sequence[OutboxRow]:
    """Messages whose sender died: still 'sending' although the lease has run out."""
    return uow.rows(
        uow.for_update(
            select(OutboxRow)
            .where(_IS_SENDING, col(OutboxRow.lease_until) <= real_ms)
            .order_by(col(OutboxRow.lease_until), col(OutboxRow.id)),
            skip_locked=True,
        )
    )
