"""Whether every file that the records call stored is still there, and still what it was."""

from bot.evidence_store import EvidenceStore
from bot.ledger_check import LedgerFault
from storage import broadcasts, files
from storage.files import FileRow
from storage.unit_of_work import UnitOfWork


def damaged(uow: UnitOfWork, store: EvidenceStore) -> tuple[LedgerFault, ...]:
    """One fault for each content that is missing or changed, with the reports and notices that it belongs to."""
    return tuple(
        LedgerFault(f"附件“{row.name}”缺失或与存入时不符", number=number)
        for digest, _ in files.stored_contents(uow)
        if not store.is_whole(digest)
        for row in files.with_content(uow, digest)
        for number in _numbers(uow, row)
    )


def _numbers(uow: UnitOfWork, row: FileRow) -> list[str]:
    """Of the report and of the notices with the file; one that is empty where it belongs to none."""
    notices = broadcasts.numbers_with(uow, row.id)
    return [row.number, *notices] if row.number or not notices else notices
