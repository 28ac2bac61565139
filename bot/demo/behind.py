"""幕后: what became of a message, read from the tables of the service; and what the outbox has owed people."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func
from sqlmodel import col, select

from handlers.router import ANSWERS
from storage import programmes, roster
from storage.audit import AuditRow
from storage.inbox import InboxRow
from storage.ledger import EntryRow
from storage.outbox import WAITING, OutboxRow, Status
from storage.proposals import ProposalRow
from storage.submissions import SubmissionRow
from storage.unit_of_work import UnitOfWork

TENANT = "sandbox"
_WITHDRAWN = (Status.WITHDRAWN, Status.DEAD)


def behind(uow: UnitOfWork, message_id: str, word_in: Callable[[str], str | None]) -> dict[str, Any]:
    """The steps of one message as plain facts; empty where the service has never committed it.

    `word_in` gives the command that a text begins with.
    """
    row = uow.row(select(InboxRow).where(col(InboxRow.message_id) == message_id))
    if row is None:
        return {}
    own = _written_with(uow, row)
    person = roster.known(uow, row.channel, TENANT, row.sender)
    audits = uow.rows(select(AuditRow).where(*own(AuditRow), AuditRow.person == person).order_by(col(AuditRow.id)))
    versions = uow.rows(select(SubmissionRow).where(*own(SubmissionRow), SubmissionRow.person == person))
    proposals = uow.rows(select(ProposalRow).where(*own(ProposalRow), ProposalRow.opened_at == row.received_at))
    entries = uow.rows(select(EntryRow).where(*own(EntryRow), EntryRow.author == person))
    letters = uow.rows(select(OutboxRow).where(*own(OutboxRow), OutboxRow.queued_at == row.received_at))
    answers = [letter for letter in letters if letter.key.startswith(f"reply:{row.id}:")]
    return {
        "late": row.late_stamp,
        "kept": bool(row.text),
        "answers_question": row.text.partition("#")[0].strip() in ANSWERS,
        "word": word_in(row.text),
        "rights": [{"action": a.action, "object": a.object, "allowed": a.allowed, "basis": a.basis} for a in audits],
        "versions": [{"number": version.number, "version": version.version} for version in versions],
        "proposals": [proposal.number for proposal in proposals],
        "entries": [{"number": e.number, "clause": _cited(uow, e), "seal": e.mac[:8], "seq": e.seq} for e in entries],
        "answers": len(answers),
        "others": len(letters) - len(answers),
        "sent": sum(letter.status == Status.SENT for letter in letters),
    }


def counts(uow: UnitOfWork, now: datetime) -> dict[str, int]:
    """应发: every message whose hour has come and that was not withdrawn; apart from these, those still to come."""
    later = col(OutboxRow.status).in_(WAITING) & (col(OutboxRow.not_before) > now) & (col(OutboxRow.attempts) == 0)
    owed = select(func.count()).where(col(OutboxRow.status).not_in(_WITHDRAWN), ~later)
    held = select(func.count()).where(later)
    return {"owed": int(uow.execute(owed).scalar_one()), "held": int(uow.execute(held).scalar_one())}


def _cited(uow: UnitOfWork, entry: EntryRow) -> str:
    """The clause as the office cites it, with its name."""
    for programme in programmes.running(uow):
        if programme.code == entry.programme:
            clause = programme.rulebook.clause(entry.clause)
            return f"{clause.cite} {clause.name}"
    return entry.clause


def _written_with(uow: UnitOfWork, row: InboxRow) -> Callable[[Any], tuple[ColumnElement[bool], ...]]:
    """Which rows of a table came with this message: ids rise, and the clock may stand still over many messages."""
    following = uow.row(select(func.min(InboxRow.id)).where(col(InboxRow.id) > row.id))

    def own(table: Any) -> tuple[ColumnElement[bool], ...]:
        after = col(table.id) > row.id
        return (after,) if following is None else (after, col(table.id) < following)

    return own
