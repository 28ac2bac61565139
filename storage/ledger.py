"""The ledger: append and read, nothing else; triggers refuse UPDATE and DELETE. Totals are its cached result."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment import chain
from assessment.ledger import AccountKey, Basis, Draft, Entry, Head
from assessment.rulebook import Subject
from storage import counters
from storage.append_only import append_only
from storage.columns import JsonText, Moment, PointsType
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class EntryRow(SQLModel, table=True):
    """One entry, as it was sealed into its account's chain."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("programme", "subject", "holder", "seq"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    programme: str
    subject: str
    holder: int
    seq: int
    clause: str
    points: Decimal = Field(sa_type=PointsType)
    matter: str | None = None
    basis: dict[str, Any] = Field(sa_type=JsonText)
    author: int | None = None
    proposal: int | None = Field(default=None, unique=True)
    occurred_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    reverses: int | None = Field(default=None, unique=True)
    rulebook_digest: str
    previous: str
    mac: str


append_only(EntryRow)


class TotalRow(SQLModel, table=True):
    """An account's total: the cached scorecard, written in the transaction of the entry. Locked while one is added."""

    __tablename__ = "total"
    __table_args__ = (UniqueConstraint("programme", "subject", "holder"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: str
    subject: str
    holder: int
    seq: int = 0
    mac: str = ""
    total: Decimal | None = Field(default=None, sa_type=PointsType)
    raw: Decimal | None = Field(default=None, sa_type=PointsType)


def append(uow: UnitOfWork, key: bytes, draft: Draft, day: date) -> Entry:
    """Seal `draft` behind its account's last entry and store it; two writers of one account take turns.

    `day` is the day of recording in the domain zone: the entry's short number is of its month.
    """
    head = _locked_head(uow, draft.account)
    numbered = replace(draft, number=draft.number or counters.number(uow, "L", day))
    entry = chain.seal(numbered, head, key)
    account = entry.account
    uow.insert(
        EntryRow,
        id=entry.id,
        number=entry.number,
        programme=account.programme,
        subject=account.subject.value,
        holder=account.holder,
        seq=entry.seq,
        clause=entry.clause,
        points=entry.points,
        matter=entry.matter,
        basis=entry.basis.to_json(),
        author=entry.author,
        proposal=entry.proposal,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        reverses=entry.reverses,
        rulebook_digest=entry.rulebook_digest,
        previous=entry.previous,
        mac=entry.mac,
    )
    uow.update(TotalRow, *_is(TotalRow, account), seq=entry.seq, mac=entry.mac)
    return entry


def hold(uow: UnitOfWork, account: AccountKey) -> None:
    """Whoever else touches this account waits until the transaction ends."""
    _locked_head(uow, account)


def entries(uow: UnitOfWork, account: AccountKey) -> list[Entry]:
    """All entries of an account, in the order in which they stand."""
    rows = uow.rows(select(EntryRow).where(*_is(EntryRow, account)).order_by(col(EntryRow.seq)))
    return [_entry(row) for row in rows]


def by_number(uow: UnitOfWork, number: str) -> Entry | None:
    """The entry with that short number."""
    row = uow.row(select(EntryRow).where(EntryRow.number == number))
    return _entry(row) if row is not None else None


def get(uow: UnitOfWork, entry_id: int) -> Entry:
    """The entry with that id; KeyError if there is none."""
    row = uow.row(select(EntryRow).where(EntryRow.id == entry_id))
    if row is None:
        raise KeyError(entry_id)
    return _entry(row)


def of_proposal(uow: UnitOfWork, proposal: int) -> Entry | None:
    """The entry that a proposal became."""
    row = uow.row(select(EntryRow).where(EntryRow.proposal == proposal))
    return _entry(row) if row is not None else None


def accounts(uow: UnitOfWork) -> list[AccountKey]:
    """Every account that has an entry or a total."""
    found = {
        *uow.rows(select(EntryRow.programme, EntryRow.subject, EntryRow.holder).distinct()),
        *uow.rows(select(TotalRow.programme, TotalRow.subject, TotalRow.holder)),
    }
    return sorted(AccountKey(programme, Subject(subject), holder) for programme, subject, holder in found)


def total(uow: UnitOfWork, account: AccountKey) -> TotalRow | None:
    """The cached total of an account, or None when it was never touched."""
    return uow.row(select(TotalRow).where(*_is(TotalRow, account)))


def totals(uow: UnitOfWork, programme: str, subject: Subject) -> dict[int, Decimal]:
    """The cached totals of all touched accounts of one kind, by holder."""
    rows = uow.rows(select(TotalRow).where(TotalRow.programme == programme, TotalRow.subject == subject.value))
    return {row.holder: row.total for row in rows if row.total is not None}


def set_total(uow: UnitOfWork, account: AccountKey, *, total: Decimal | None, raw: Decimal | None) -> None:
    """Write down what the scorecard function gives for a touched account."""
    _locked_head(uow, account)
    uow.update(TotalRow, *_is(TotalRow, account), total=total, raw=raw)


def heads(uow: UnitOfWork) -> tuple[Head, ...]:
    """The end of every chain, from the entries themselves."""
    ends = []
    for account in accounts(uow):
        own = entries(uow, account)
        if own:
            ends.append(own[-1].head)
    return tuple(ends)


def _locked_head(uow: UnitOfWork, account: AccountKey) -> Head:
    uow.insert_if_new(
        TotalRow, id=new_id(), programme=account.programme, subject=account.subject.value, holder=account.holder
    )
    row = uow.row(uow.for_update(select(TotalRow).where(*_is(TotalRow, account))))
    assert row is not None, "it was there or has just been written"
    return Head(account, row.seq, row.mac)


def _is(table: type[EntryRow] | type[TotalRow], account: AccountKey) -> tuple[Any, ...]:
    return (
        col(table.programme) == account.programme,
        col(table.subject) == account.subject.value,
        col(table.holder) == account.holder,
    )


def _entry(row: EntryRow) -> Entry:
    return Entry(
        id=row.id,
        number=row.number,
        account=AccountKey(row.programme, Subject(row.subject), row.holder),
        seq=row.seq,
        clause=row.clause,
        points=row.points,
        matter=row.matter,
        basis=Basis.from_json(row.basis),
        author=row.author,
        proposal=row.proposal,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        reverses=row.reverses,
        rulebook_digest=row.rulebook_digest,
        previous=row.previous,
        mac=row.mac,
    )


def all_rows(uow: UnitOfWork) -> Sequence[EntryRow]:
    """Every row as stored, for verification."""
    return uow.rows(select(EntryRow).order_by(col(EntryRow.id)))
