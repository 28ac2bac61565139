"""Whether every evidence that the records call stored is still there, and still what it was."""

from bot.evidence_store import EvidenceStore
from bot.ledger_check import LedgerFault
from storage import files
from storage.unit_of_work import UnitOfWork


def damaged(uow: UnitOfWork, store: EvidenceStore) -> tuple[LedgerFault, ...]:
    """One fault for each content that is missing or changed, with the reports that it belongs to."""
    return tuple(
        LedgerFault(f"附件“{row.name}”缺失或与存入时不符", number=row.number)
        for digest, _ in files.stored_contents(uow)
        if not store.is_whole(digest)
        for row in files.with_content(uow, digest)
    )
