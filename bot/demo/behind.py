"""幕后: what became of a message, read from the tables of the service; and what the outbox has owed people."""

from typing import Any

from sqlalchemy import func
from sqlmodel import col, select

from storage import roster
from storage.audit import AuditRow
from storage.inbox import InboxRow
from storage.ledger import EntryRow
from storage.outbox import OutboxRow, Status
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork

TENANT = "sandbox"
_WITHDRAWN = (Status.WITHDRAWN, Status.DEAD)


def behind(uow: UnitOfWork, message_id: str) -> dict[str, Any]:
    """The steps of one message as plain facts; empty where the service has never committed it."""
    row = uow.row(select(InboxRow).where(col(InboxRow.message_id) == message_id))
    if row is None:
        return {}
    person = roster.known(uow, row.channel, TENANT, row.sender)
    at = row.received_at
    audits = uow.rows(select(AuditRow).where(AuditRow.at == at, AuditRow.person == person).order_by(col(AuditRow.id)))
    versions = uow.rows(select(SubmissionRow).where(SubmissionRow.recorded_at == at, SubmissionRow.person == person))
    entries = uow.rows(select(EntryRow).where(EntryRow.recorded_at == at, EntryRow.author == person))
    letters = uow.rows(select(OutboxRow).where(col(OutboxRow.queued_at) == at))
    return {
        "late": row.late_stamp,
        "rights": [{"action": a.action, "object": a.object, "allowed": a.allowed, "basis": a.basis} for a in audits],
        "versions": [{"number": version.number, "version": version.version} for version in versions],
        "entries": [{"number": e.number, "clause": e.clause, "seal": e.mac[:8], "seq": e.seq} for e in entries],
        "letters": len(letters),
        "sent": sum(letter.status == Status.SENT for letter in letters),
    }


def counts(uow: UnitOfWork) -> dict[str, int]:
    """应发: every message that was to be said and has not been withdrawn with a reason."""
    owed = select(func.count()).where(col(OutboxRow.status).not_in(_WITHDRAWN))
    return {"owed": int(uow.execute(owed).scalar_one())}
