"""The letters of a broadcast: what became of each, who is still owed one, and whether it may leave at this moment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_
from sqlmodel import col, select

from assessment.receipt_tally import Stand, stand
from storage import broadcasts
from storage.broadcasts import BroadcastRow, Errand, RecipientRow, RunRow
from storage.outbox import WAITING, OutboxRow, Status
from storage.roster import Address, IdentityRow
from storage.unit_of_work import UnitOfWork

RECALLED = "通知已撤回"

_IN_FLIGHT = (*WAITING, Status.SENDING.value)
_PERHAPS_SEEN = (Status.SENT.value, Status.UNKNOWN.value, Status.SENDING.value)
_MANY = 500


@dataclass(frozen=True)
class Standing:
    """One recipient, and what became of the letters."""

    id: int
    person: int | None
    unit: int
    role: str
    letter: str
    signed_at: datetime | None
    status: str | None
    """Of the notice in the outbox; None while it is not there."""
    left_at: datetime | None
    """When the notice was sent, or given up."""
    was_shown: bool
    """The recipient has got the notice or a call, or may have seen some of it."""
    stand: Stand

    @property
    def is_silent(self) -> bool:
        """Whether a second call is meant for them: not signed, and the notice is not on its way any more."""
        return self.signed_at is None and self.left_at is not None and self.status != Status.WITHDRAWN


def key(letter: str, errand: Errand, n: int = 0) -> str:
    """The key in the outbox of what an errand brings, beside the notice's own."""
    match errand:
        case Errand.NOTICE:
            return letter
        case Errand.CALL:
            return f"{letter}:call:{n}"
        case Errand.CORRECTION:
            return f"{letter}{_CORRECTION_ENDING}"


_CORRECTION_ENDING = ":correction"


def group_letter(broadcast: int) -> str:
    """The key of the notice in a work group."""
    return f"broadcast:{broadcast}:group"


def standings(uow: UnitOfWork, broadcast: int, *, after: int = 0, limit: int | None = None) -> list[Standing]:
    """The recipients in their order, from the one after `after` on."""
    perhaps = or_(col(OutboxRow.maybe_shown), col(OutboxRow.pieces_sent) > 0)
    query = (
        select(RecipientRow, OutboxRow.status, OutboxRow.finished_at, perhaps)
        .join(OutboxRow, col(OutboxRow.key) == col(RecipientRow.letter), isouter=True)
        .where(RecipientRow.broadcast == broadcast, col(RecipientRow.id) > after)
        .order_by(col(RecipientRow.id))
        .limit(limit)
    )
    called = _called(uow, broadcast)
    written_to = _written_to(uow, broadcast)
    return [
        Standing(
            row.id,
            row.person,
            row.unit,
            row.role,
            row.letter,
            row.signed_at,
            status,
            left_at,
            bool(perhaps) or status in _PERHAPS_SEEN or row.id in called,
            stand(
                signed=row.signed_at is not None,
                delivered=status == Status.SENT or row.id in called,
                waiting=status in _IN_FLIGHT or (status is None and row.id > written_to),
            ),
        )
        for row, status, left_at, perhaps in uow.rows(query)
    ]


def asked_of(uow: UnitOfWork, person: int, number: str | None) -> tuple[BroadcastRow, RecipientRow] | None:
    """The notice of that number if the person is among its recipients; else the newest that waits for a receipt.

    Without a number only what has left counts: nobody signs for what is still to come.
    """
    query = (
        select(BroadcastRow, RecipientRow)
        .join(RecipientRow, col(RecipientRow.broadcast) == col(BroadcastRow.id))
        .where(RecipientRow.person == person)
    )
    if number is not None:
        return uow.row(query.where(BroadcastRow.number == number))
    waiting = (
        query.join(OutboxRow, col(OutboxRow.key) == col(RecipientRow.letter))
        .where(col(OutboxRow.status).not_in((*WAITING, Status.WITHDRAWN.value)))
        .where(col(RecipientRow.signed_at).is_(None), col(BroadcastRow.recalled_at).is_(None))
        .order_by(col(BroadcastRow.send_at).desc(), col(BroadcastRow.id).desc())
    )
    return uow.row(waiting.limit(1))


def group_status(uow: UnitOfWork, broadcast: int) -> str | None:
    """What became of the notice in a work group; None while it is not in the outbox."""
    return uow.row(select(OutboxRow.status).where(OutboxRow.key == group_letter(broadcast)))


def is_owed(standing: Standing, run: RunRow) -> bool:
    """Whether the run has a letter for that recipient. A call is for those alone who were silent when it was asked."""
    match Errand(run.errand):
        case Errand.NOTICE:
            return True
        case Errand.CALL:
            return standing.is_silent and standing.left_at is not None and standing.left_at <= run.ordered_at
        case Errand.CORRECTION:
            return standing.was_shown


def stop(uow: UnitOfWork, keys: Sequence[str], at: datetime) -> None:
    """Take back letters that have not left and of which nothing can have been seen."""
    uow.update(
        OutboxRow,
        col(OutboxRow.key).in_(keys),
        col(OutboxRow.status).in_(WAITING),
        col(OutboxRow.maybe_shown).is_(False),
        OutboxRow.pieces_sent == 0,
        status=Status.WITHDRAWN.value,
        reason=RECALLED,
        finished_at=at,
        extra=None,
    )


def addresses(uow: UnitOfWork, people: Sequence[int]) -> dict[int, Address]:
    """Where each of many people is reached; who is reached nowhere is left out."""
    found: dict[int, Address] = {}
    for some in _by_hundreds(people):
        query = (
            select(IdentityRow.person, IdentityRow.channel, IdentityRow.account)
            .where(col(IdentityRow.person).in_(some))
            .order_by(col(IdentityRow.preferred).desc(), col(IdentityRow.id))
        )
        for person, channel, account in uow.rows(query):
            found.setdefault(person, Address(channel, account))
    return found


def initiated(uow: UnitOfWork, people: Sequence[int], since: datetime) -> dict[int, int]:
    """How many messages the bot has started to each of many people since then; who got none is left out."""
    found: dict[int, int] = {}
    for some in _by_hundreds(people):
        query = (
            select(OutboxRow.person, func.count())
            .where(
                col(OutboxRow.person).in_(some),
                col(OutboxRow.initiated).is_(True),
                col(OutboxRow.status) != Status.WITHDRAWN.value,
                col(OutboxRow.queued_at) >= since,
            )
            .group_by(col(OutboxRow.person))
        )
        found |= {person: count for person, count in uow.rows(query) if person is not None}
    return found


def as_it_leaves(uow: UnitOfWork, row: OutboxRow) -> dict[str, Any] | None:
    """What a message says as it leaves; None where nothing of it is to be said any more.

    A recalled notice does not leave, nor a second call to somebody who has signed by now, nor the correction of
    what was never seen. Every other message leaves as it is.
    """
    kind = row.notice["kind"]
    if kind not in (_TOLD, _CORRECTED) or not row.initiated:
        return row.notice
    broadcast = broadcasts.by_number(uow, row.notice["number"])
    assert broadcast is not None, "a notice is stored before its letters"
    if kind == _CORRECTED:
        return row.notice if _was_shown(uow, broadcast, row) else None
    called_in_vain = row.notice["call"] and broadcasts.has_signed(uow, broadcast.id, row.person)
    return None if broadcast.recalled_at is not None or called_in_vain else row.notice


_TOLD, _CORRECTED = "BroadcastTold", "BroadcastCorrected"


def _called(uow: UnitOfWork, broadcast: int) -> set[int]:
    """Recipients whom a second call has reached."""
    found: set[int] = set()
    for n in range(1, broadcasts.calls(uow, broadcast) + 1):
        query = (
            select(RecipientRow.id)
            .join(OutboxRow, col(OutboxRow.key) == col(RecipientRow.letter) + key("", Errand.CALL, n))
            .where(RecipientRow.broadcast == broadcast, OutboxRow.status == Status.SENT.value)
        )
        found.update(uow.rows(query))
    return found


def _written_to(uow: UnitOfWork, broadcast: int) -> float:
    """Up to which recipient letters were written: beyond all of them once the run is over or the notice recalled."""
    run = uow.row(select(RunRow).where(RunRow.broadcast == broadcast, RunRow.errand == Errand.NOTICE.value))
    assert run is not None, "stored together with the notice"
    over = run.done or broadcasts.get(uow, broadcast).recalled_at is not None
    return float("inf") if over else run.after


def _was_shown(uow: UnitOfWork, broadcast: BroadcastRow, row: OutboxRow) -> bool:
    """Whether the notice that the letter corrects, or a call for it, has left by now."""
    letter = row.key.removesuffix(_CORRECTION_ENDING)
    rounds = range(1, broadcasts.calls(uow, broadcast.id) + 1)
    keys = [letter, *(key(letter, Errand.CALL, n) for n in rounds)]
    found = uow.rows(select(OutboxRow).where(col(OutboxRow.key).in_(keys)))
    return any(one.maybe_shown or one.pieces_sent or one.status in _PERHAPS_SEEN for one in found)


def _by_hundreds(people: Sequence[int]) -> Iterator[Sequence[int]]:
    """Not more in one query than a database takes."""
    return (people[start : start + _MANY] for start in range(0, len(people), _MANY))
