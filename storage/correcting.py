"""更正分 as stored: the reversing entry, and a correction that waits for a second person of the office."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import col, select

from assessment.ledger import Entry, reversal
from assessment.named_people import unnamed
from storage import conversations, falling_away, ledger, roster, scoring, telling
from storage.conversations import QuestionRow
from storage.ids import new_id
from storage.installation import Installation
from storage.ledger import EntryRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

_TO_ANY = ""
"""A waiting correction is a question to whoever else is of the office, on any channel."""
_KIND = "second person"
_CORRECTED = "记分已更正"


def reverse(
    uow: UnitOfWork,
    installation: Installation,
    programme: Programme,
    entry: Entry,
    *,
    unit: int,
    by: int,
    now: datetime,
    reason: str,
) -> Entry:
    """Append the entry that takes `entry` back; `unit` is the one concerned. Raises NotReversible."""
    draft = reversal(
        entry,
        entry_id=new_id(),
        reason=reason,
        author=by,
        recorded_at=now,
        rulebook_digest=programme.digest,
        entries=ledger.entries(uow, entry.account),
    )
    basis = unnamed(draft.basis, telling.named_in(uow, programme, unit, entry.account), roster.whole(uow).people)
    made = ledger.append(uow, installation.ledger_key, replace(draft, basis=basis), installation.day(now))
    scoring.refresh_total(uow, programme, entry.account, now)
    stop_waiting(uow, entry.number)
    falling_away.drop_of_entry(uow, installation, programme, entry, by=by, now=now, why=_CORRECTED)
    return made


def wait(uow: UnitOfWork, number: str, content: Mapping[str, Any], *, person: int, now: datetime) -> None:
    """Keep the correction of that entry which `person` has asked for until a second person agrees to it."""
    stop_waiting(uow, number)
    conversations.ask(
        uow,
        person=person,
        channel=_TO_ANY,
        conversation=number,
        kind=_KIND,
        content=dict(content),
        asked_at=now,
    )


def waiting(uow: UnitOfWork, number: str) -> QuestionRow | None:
    """The correction of that entry which waits for a second person; `person` has asked for it."""
    return uow.row(uow.for_update(select(QuestionRow).where(*_of(number)).order_by(col(QuestionRow.id)).limit(1)))


def waiting_in(uow: UnitOfWork, programme: Programme) -> list[str]:
    """The numbers of a programme's entries whose correction waits for a second person, oldest first."""
    return uow.rows(
        select(EntryRow.number)
        .join(QuestionRow, col(QuestionRow.conversation) == col(EntryRow.number))
        .where(
            EntryRow.programme == programme.code,
            col(QuestionRow.channel) == _TO_ANY,
            col(QuestionRow.kind) == _KIND,
        )
        .order_by(col(EntryRow.id))
    )


def stop_waiting(uow: UnitOfWork, number: str) -> None:
    """Forget it: it was agreed to, withdrawn or asked for anew."""
    uow.execute(delete(QuestionRow).where(*_of(number)))


def _of(number: str) -> tuple[Any, ...]:
    return (
        col(QuestionRow.channel) == _TO_ANY,
        col(QuestionRow.conversation) == number,
        col(QuestionRow.kind) == _KIND,
    )
