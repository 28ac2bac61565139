"""Recomputing the whole ledger: every chain, every reference, every total, every number given out.

Nothing that is read here is trusted: whoever changed a row may have put anything into it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from sqlmodel import col, select

from assessment import chain, rulebook_file
from assessment.chain import Checkpoint, Damage
from assessment.fault import Broken
from assessment.ledger import AccountKey, Entry, Head
from assessment.roster import Roster
from assessment.rulebook import Subject
from assessment.scorecard import View, scorecard
from storage import ledger, roster
from storage.appeals import AppealRow
from storage.bindings import BindRequestRow
from storage.broadcasts import BroadcastRow
from storage.circulars import CircularRow
from storage.coordination import ProblemRow
from storage.counters import CounterRow
from storage.extensions import ExtensionRow
from storage.filling_in import earlier_digests
from storage.follow_ups import FollowUpRow
from storage.ledger import EntryRow, TotalRow
from storage.major import MajorRow
from storage.matters import MatterRow
from storage.own_targets import OwnTargetRow
from storage.programmes import Programme, ProgrammeRow
from storage.proposals import ProposalRow, Stage
from storage.publications import PublicationRow
from storage.rectifications import ItemRow, RectificationNoticeRow
from storage.samples import SampleRow
from storage.submissions import SubmissionRow
from storage.suggestions import SuggestionRow
from storage.supervision import SupervisionRow
from storage.unit_of_work import UnitOfWork

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
"""What reading a value raises that does not belong where it stands."""

_SENTENCES: Mapping[Damage, str] = {
    Damage.CHANGED: "内容与入账时不符",
    Damage.INSERTED: "不是这个账户入账时的记录",
    Damage.MISSING: "缺少这一条",
    Damage.REORDERED: "次序被调换",
    Damage.BROKEN: "与前一条不衔接",
    Damage.CUT: "从这一条起，后面的记录缺失",
    Damage.OTHER_KEY: "整个账户都不能用现有密钥核对：密钥不对，或账户被重做",
}
_NUMBER = re.compile(r"[A-Z]-([0-9]{4})-([1-9][0-9]{0,8})")
_NUMBERED = (
    EntryRow,
    AppealRow,
    ProposalRow,
    SubmissionRow,
    MatterRow,
    BroadcastRow,
    BindRequestRow,
    SupervisionRow,
    ExtensionRow,
    ProblemRow,
    MajorRow,
    FollowUpRow,
    PublicationRow,
    SampleRow,
    SuggestionRow,
    RectificationNoticeRow,
    ItemRow,
    CircularRow,
    OwnTargetRow,
)
_SKEW = timedelta(minutes=5)
"""By so much the clocks of two machines may differ."""


@dataclass(frozen=True)
class LedgerFault:
    """One thing that does not agree. `number` is the short number of the bad row, empty where a row is missing."""

    what: str
    account: str = ""
    number: str = ""
    seq: int | None = None

    def __str__(self) -> str:
        place = f"{self.account}第 {self.seq} 条" if self.seq is not None else self.account
        where = f"{self.number}（{place}）" if self.number and place else self.number or place
        return f"{where}：{self.what}" if where else self.what


@dataclass(frozen=True)
class Examined:
    """What was recomputed, and what does not agree; the ledger is sound when there are no `faults`."""

    accounts: int
    entries: int
    faults: tuple[LedgerFault, ...]


def examine(uow: UnitOfWork, key: bytes, now: datetime, checkpoint: Checkpoint | None = None) -> Examined:
    """Recompute everything. `checkpoint` is one kept outside the database; without it a ledger that was cut back
    together with everything that speaks of the cut entries cannot be told from a shorter one.
    """
    books = _open_books(uow, now)
    known_heads = {}
    faults: list[LedgerFault] = []
    if checkpoint is not None and chain.verify_checkpoint(checkpoint, key):
        known_heads = {head.account: head for head in checkpoint.heads}
    elif checkpoint is not None:
        faults.append(LedgerFault("检查点文件不能用现有密钥核对：密钥不对，或文件被改动"))
    for account in dict.fromkeys([*books.accounts, *known_heads]):
        faults += _account_faults(books, account, key, known_heads.get(account))
    faults += [*books.faults, *_proposals_without_entry(books), *_number_faults(uow)]
    return Examined(len(books.accounts), sum(map(len, books.accounts.values())), tuple(faults))


@dataclass
class _Books:
    """All that is compared, as far as it can be read; `faults` names the rest."""

    people: Roster
    now: datetime
    accounts: dict[AccountKey, list[Entry]] = field(default_factory=dict)
    totals: dict[AccountKey, TotalRow] = field(default_factory=dict)
    proposals: dict[int, ProposalRow] = field(default_factory=dict)
    programmes: dict[str, Programme] = field(default_factory=dict)
    earlier_texts: dict[str, frozenset[str]] = field(default_factory=dict)
    """Digests of what a programme's text was before parameters were filled in."""
    unreadable: set[AccountKey] = field(default_factory=set)
    faults: list[LedgerFault] = field(default_factory=list)

    def name(self, account: AccountKey) -> str:
        """The account as people know it."""
        try:
            if account.subject is Subject.PERSON:
                return f"{self.people.person(account.holder).name}（个人）"
            return self.people.unit(account.holder).name
        except KeyError:
            return f"账户 {account.programme} {account.subject} {account.holder}"


def _open_books(uow: UnitOfWork, now: datetime) -> _Books:
    books = _Books(roster.whole(uow), now)
    _read_programmes(uow, books)
    _read_proposals(uow, books)
    _read_totals(uow, books)
    numbers: dict[tuple[str, str, int], list[str]] = {}
    statement = select(EntryRow.programme, EntryRow.subject, EntryRow.holder, EntryRow.number)
    for programme, subject, holder, number in uow.rows(statement.order_by(col(EntryRow.seq), col(EntryRow.id))):
        numbers.setdefault((programme, subject, holder), []).append(number)
    for (programme, subject, holder), own in numbers.items():
        if subject not in set(Subject):
            books.faults += [LedgerFault(f"没有“{subject}”这类账户", number=number) for number in own]
            continue
        _read_account(uow, books, AccountKey(programme, Subject(subject), holder), own)
    return books


def _read_account(uow: UnitOfWork, books: _Books, account: AccountKey, numbers: Iterable[str]) -> None:
    try:
        books.accounts[account] = [_checked(entry) for entry in ledger.entries(uow, account)]
    except _UNREADABLE:
        books.accounts[account] = []
        books.unreadable.add(account)
        for number in numbers:
            try:
                entry = ledger.by_number(uow, number)
                books.accounts[account] += [_checked(entry)] if entry is not None else []
            except _UNREADABLE:
                books.faults.append(LedgerFault("内容无法读取", books.name(account), number))


def _checked(entry: Entry) -> Entry:
    """The entry, when it is such that the chain can be computed over it at all. Raises one of _UNREADABLE."""
    chain.canonical(entry)
    if not (isinstance(entry.seq, int) and isinstance(entry.mac, str) and isinstance(entry.previous, str)):
        raise TypeError(entry.number)
    return entry


def _read_totals(uow: UnitOfWork, books: _Books) -> None:
    for programme, subject, holder in uow.rows(select(TotalRow.programme, TotalRow.subject, TotalRow.holder)):
        try:
            account = AccountKey(programme, Subject(subject), holder)
            row = ledger.total(uow, account)
        except _UNREADABLE:
            books.faults.append(LedgerFault(f"总分表中 {programme} {subject} {holder} 一行无法读取"))
            continue
        if row is not None and (row.seq or row.total is not None):
            books.totals[account] = row
            books.accounts.setdefault(account, [])


def _read_proposals(uow: UnitOfWork, books: _Books) -> None:
    for proposal_id, number in uow.rows(select(ProposalRow.id, ProposalRow.number)):
        try:
            row = uow.row(select(ProposalRow).where(ProposalRow.id == proposal_id))
        except _UNREADABLE:
            books.faults.append(LedgerFault("拟加、拟扣的内容无法读取", number=number))
            continue
        if row is not None:
            books.proposals[row.id] = row


def _read_programmes(uow: UnitOfWork, books: _Books) -> None:
    for row in uow.rows(select(ProgrammeRow)):
        if sha256(row.text.encode("utf-8", "surrogatepass")).hexdigest() != row.digest:
            books.faults.append(LedgerFault(f"考核方案 {row.code} 的办法文本与存入时不符"))
        try:
            # The text that stands there now: storage may remember what this process has read before.
            rulebook = rulebook_file.load(row.text, row.code).rulebook
        except Broken:
            books.faults.append(LedgerFault(f"考核方案 {row.code} 的办法文本无法读取"))
            continue
        books.earlier_texts[row.code] = earlier_digests(uow, row.code)
        books.programmes[row.code] = Programme(row.id, row.code, row.office, row.digest, row.live_from, rulebook)


def _account_faults(books: _Books, account: AccountKey, key: bytes, head: Head | None) -> list[LedgerFault]:
    """The faults of one account. Of a broken chain nothing more is said: what rests on it is wrong anyhow."""
    entries = books.accounts.get(account, [])
    numbers = {entry.id: entry.number for entry in entries}
    name = books.name(account)
    broken = [
        LedgerFault(_SENTENCES[found.damage], name, numbers.get(found.entry, "") if found.entry else "", found.seq)
        for found in chain.verify(account, entries, key, head=head)
    ]
    if broken or account in books.unreadable:
        return broken
    faults = [
        LedgerFault(what, name, entry.number, entry.seq)
        for entry in entries
        for what in _against_entry(books, entry, entries)
    ]
    return faults or [LedgerFault(what, name) for what in _against_total(books, account, entries)]


def _against_entry(books: _Books, entry: Entry, entries: Sequence[Entry]) -> Iterator[str]:
    programme = books.programmes.get(entry.account.programme)
    if programme is None:
        yield f"没有考核方案 {entry.account.programme}"
        return
    try:
        clause = programme.rulebook.clause(entry.clause)
    except KeyError:
        yield f"办法中没有条款 {entry.clause}"
        return
    if entry.rulebook_digest not in {programme.digest, *books.earlier_texts.get(programme.code, ())}:
        yield "所依据的办法文本不是现存的这一份"
    if clause.subject is not entry.account.subject:
        yield f"条款 {entry.clause} 记{clause.subject}账户，不记{entry.account.subject}账户"
    if entry.author is None and not (clause.automatic and entry.reverses is None):
        yield "没有核定人，而条款不是自动入账"
    elif entry.author is not None and entry.author not in {person.id for person in books.people.people}:
        yield "核定人不在名册中"
    if entry.recorded_at > books.now + _SKEW:
        yield "入账时间晚于现在"
    yield from _against_proposal(books, entry)
    if entry.reverses is not None:
        yield from _against_reversed(entry, entries)


def _against_proposal(books: _Books, entry: Entry) -> Iterator[str]:
    if entry.proposal is None:
        return
    row = books.proposals.get(entry.proposal)
    if row is None:
        yield "没有对应的拟加、拟扣"
        return
    programme = books.programmes[entry.account.programme]
    agreed = {
        "状态": (row.stage, row.entry) == (Stage.CONFIRMED.value, entry.id),
        "账户": (row.programme, row.subject, row.holder)
        == (programme.id, entry.account.subject.value, entry.account.holder),
        "条款": row.clause == entry.clause,
        "分值": row.points == entry.points,
        "事项": row.matter == entry.matter,
        "事实": row.basis == entry.basis.to_json(),
        "核定人": row.decided_by == entry.author,
        "发生时间": row.occurred_at == entry.occurred_at,
    }
    different = [what for what, same in agreed.items() if not same]
    if different:
        yield f"与拟加、拟扣 {row.number} 不一致：{'、'.join(different)}"


def _against_reversed(entry: Entry, entries: Sequence[Entry]) -> Iterator[str]:
    original = next((other for other in entries if other.id == entry.reverses), None)
    if original is None:
        yield "所更正的记录不在这个账户中"
    elif original.reverses is not None:
        yield f"所更正的 {original.number} 本身是更正"
    elif (original.clause, -original.points) != (entry.clause, entry.points):
        yield f"与所更正的 {original.number} 不能抵消"


def _against_total(books: _Books, account: AccountKey, entries: Sequence[Entry]) -> Iterator[str]:
    row, programme = books.totals.get(account), books.programmes.get(account.programme)
    last = entries[-1].head if entries else Head(account)
    if row is None:
        yield "有台账记录，总分表中没有这个账户"
    elif row.seq > last.seq:
        yield f"总分表记有 {row.seq} 条，台账只有 {last.seq} 条"
    elif (row.seq, row.mac) != (last.seq, last.mac):
        yield "总分表所记的末条与台账不符"
    elif programme is not None:
        as_of = max([books.now, *(entry.recorded_at for entry in entries)])
        found = scorecard(programme.rulebook, account, entries, as_of=as_of, view=View.PUBLISHED).confirmed
        for what, stored, computed in (("", row.total, found.final), ("封顶前", row.raw, found.raw)):
            if stored != computed:
                yield f"总分表{what}记 {stored} 分，按台账应为 {computed} 分"


def _proposals_without_entry(books: _Books) -> Iterator[LedgerFault]:
    entered = {entry.id: entry for entries in books.accounts.values() for entry in entries}
    for row in books.proposals.values():
        entry = entered.get(row.entry) if row.entry is not None else None
        if row.stage == Stage.CONFIRMED.value and (entry is None or entry.proposal != row.id):
            yield LedgerFault("已核定，台账中没有对应的记录", number=row.number)


def _number_faults(uow: UnitOfWork) -> Iterator[LedgerFault]:
    """Numbers are given out without gaps in the transaction that uses them: one that nobody bears was deleted."""
    used: dict[str, set[int]] = {}
    for kind in _NUMBERED:
        for number in uow.rows(select(kind.number)):
            found = _NUMBER.fullmatch(str(number))
            if found is not None:
                used.setdefault(found[1], set()).add(int(found[2]))
    given = {row.month: row.last for row in uow.rows(select(CounterRow))}
    for month in sorted(given.keys() | used.keys()):
        last, borne = given.get(month, 0), used.get(month, set())
        yield from (LedgerFault(f"编号 {month}-{n} 已经发出，查无记录") for n in range(1, last + 1) if n not in borne)
        yield from (LedgerFault(f"编号 {month}-{n} 没有发出过") for n in sorted(borne) if n > last)
