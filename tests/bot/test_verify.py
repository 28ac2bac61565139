"""Recomputing the ledger: whatever an insider does to a row, with the triggers out of the way, is found and named."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from assessment.chain import Checkpoint, sign_checkpoint
from assessment.ledger import AccountKey, Basis, Draft, Entry, reversal
from assessment.marking import Proposal
from assessment.rulebook import Trigger
from assessment.workdays import WorkCalendar
from bot.checkpoint_file import read_checkpoint, write_checkpoint
from bot.command_line import Stop
from bot.ledger_check import Examined, examine
from bot.roster_file import apply_roster, read_roster
from storage import ledger, programmes, proposals, proposing, roster, scoring
from storage.database import Database
from storage.ids import new_id
from storage.installation import Installation
from storage.ledger import EntryRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

KEY = b"a key that the insider does not have"
NOW = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
INSTALLATION = Installation(ZoneInfo("Asia/Shanghai"), WorkCalendar(), KEY)

ROSTER = """单位,类别,姓名,岗位,通道,账号
督查室,考核办,陈静,考核办,sandbox,chen
甲局,部门,王芳,填报人,sandbox,wang
乙局,部门,赵敏,填报人,sandbox,zhao
"""
RULEBOOK = """编号: test
办法: 某县督查工作考核办法
版本: 试行
年度: 2026
主管: 督查室
出处: 某县文件
记分:
  - {对象: 单位, 基础分: 80, 封顶: 100}
  - {对象: 个人}
条款:
  - {编号: U1, 名称: 表彰, 依据: 一1, 原文: 受表彰的加2分, 触发: 人工记录, 分值: 2}
  - {编号: U2, 名称: 误报, 依据: 一2, 原文: 误报的扣3分, 触发: 人工记录, 分值: -3}
  - {编号: P1, 名称: 迟报, 依据: 二1, 原文: 迟报的扣0.2分, 对象: 个人, 触发: 人工记录, 分值: -0.2}
"""


@dataclass
class Books:
    """A database with a ledger of two units and a person, and the hand of an insider."""

    database: Database

    def examine(self, key: bytes = KEY, checkpoint: Checkpoint | None = None) -> Examined:
        return self.database.read_now(lambda uow: examine(uow, key, NOW, checkpoint))

    def faults(self, checkpoint: Checkpoint | None = None) -> list[str]:
        return [str(fault) for fault in self.examine(checkpoint=checkpoint).faults]

    def tamper(self, *statements: str, **values: object) -> None:
        """Run statements as whoever can write to the file would: the trigger goes first."""
        drop = ["DROP TRIGGER entry_no_change ON entry"]
        if self.database.dialect == "sqlite":
            drop = ["DROP TRIGGER entry_no_update", "DROP TRIGGER entry_no_delete"]

        def job(uow: UnitOfWork) -> None:
            for statement in [*drop, *statements]:
                uow.execute(text(statement), values if statement not in drop else None)

        self.database.write_now(job)


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the ledger; copied, never opened by a test."""
    path = tmp_path_factory.mktemp("books") / "duban.db"
    shutil.copy(sqlite_template, path)
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(fill)
    return path


@pytest.fixture
def books(filled: Path, tmp_path: Path) -> Iterator[Books]:
    """A copy of the ledger, on SQLite."""
    path = shutil.copy(filled, tmp_path / "duban.db")
    with Database.open(f"sqlite:///{path}") as database:
        yield Books(database)


@pytest.fixture
def books_on_both(database: Database) -> Books:
    """The ledger on SQLite and on PostgreSQL."""
    database.write_now(fill)
    return Books(database)


def fill(uow: UnitOfWork) -> None:
    """甲局: L-2608-2 +2, L-2608-4 −3, reversed by L-2608-5. 王芳: L-2608-7 −0.2. 乙局: L-2608-9 −3. One is open."""
    apply_roster(uow, read_roster(ROSTER).rows, lambda channel: channel)
    people = roster.whole(uow)
    office, first, second = (people.named(name).id for name in ("督查室", "甲局", "乙局"))  # type: ignore[union-attr]
    chen, wang = people.people[0].id, people.people[1].id
    programme = programmes.add(uow, RULEBOOK, "test.yaml", office=office, live_from=date(2026, 1, 1))
    enter = _entering(uow, programme, chen)
    enter("U1", scoring.unit_account(programme, first), first)
    enter("U2", scoring.unit_account(programme, first), first)
    _reverse_last(uow, programme, scoring.unit_account(programme, first), chen)
    enter("P1", scoring.person_account(programme, wang), first)
    enter("U2", scoring.unit_account(programme, second), second)
    _propose(uow, programme, "U1", scoring.unit_account(programme, second), second)


def _propose(uow: UnitOfWork, programme: Programme, clause: str, account: AccountKey, unit: int) -> int:
    desk = proposing.Desk(uow, INSTALLATION, programme, NOW)
    basis = Basis(happened=Trigger.RECORDED, reason="据实记录", evidence=("通报一份",))
    points = programme.rulebook.clause(clause).points.value
    row = proposing.put(
        desk,
        Proposal(key=f"record/{new_id()}", clause=clause, account=account, points=points, basis=basis),
        unit=unit,
        obligation=None,
        occurred_at=NOW - timedelta(days=1),
    )
    assert row is not None
    return row.id


def _entering(uow: UnitOfWork, programme: Programme, by: int) -> Callable[[str, AccountKey, int], None]:
    def enter(clause: str, account: AccountKey, unit: int) -> None:
        row = proposals.get(uow, _propose(uow, programme, clause, account, unit))
        proposing.confirm(uow, INSTALLATION, programme, row, by=by, now=NOW)

    return enter


def _reverse_last(uow: UnitOfWork, programme: Programme, account: AccountKey, by: int) -> None:
    entries = ledger.entries(uow, account)
    draft = reversal(
        entries[-1],
        entry_id=new_id(),
        reason="核实有误",
        author=by,
        recorded_at=NOW,
        rulebook_digest=programme.digest,
        entries=entries,
    )
    ledger.append(uow, KEY, draft, date(2026, 8, 20))
    scoring.refresh_total(uow, programme, account, NOW)


def test_a_sound_ledger(books_on_both: Books) -> None:
    assert books_on_both.examine() == Examined(accounts=3, entries=5, faults=())


def test_an_empty_ledger_is_sound(database: Database) -> None:
    assert Books(database).examine() == Examined(0, 0, ())


OTHER: dict[str, object] = {
    "id": 17,
    "programme": "another-2026",
    "subject": "条线",
    "holder": 4711,
    "seq": 9,
    "clause": "U2",
    "points": 40000,
    "matter": "S-2608-1",
    "basis": '{"happened":"人工记录","reason":"另一个理由"}',
    "author": 4711,
    "proposal": 4711,
    "occurred_at": 1_700_000_000_000,
    "recorded_at": 1_700_000_000_000,
    "reverses": 4711,
    "rulebook_digest": "0" * 64,
    "previous": "0" * 64,
    "mac": "0" * 64,
    "number": "L-2608-77",
}


@pytest.mark.parametrize("column", [column.name for column in EntryRow.__table__.columns])  # type: ignore[attr-defined]
def test_each_column_of_an_entry_is_guarded(books: Books, column: str) -> None:
    books.tamper(f"UPDATE entry SET {column} = :value WHERE number = 'L-2608-2'", value=OTHER[column])  # noqa: S608

    assert any("L-2608-2" in fault or "L-2608-77" in fault for fault in books.faults())


@pytest.mark.parametrize("column", ["basis", "points", "seq", "holder", "subject", "recorded_at", "mac", "clause"])
def test_garbage_that_cannot_even_be_read_is_named(books: Books, column: str) -> None:
    """SQLite takes anything in any column."""
    books.tamper(f"UPDATE entry SET {column} = x'00ff' WHERE number = 'L-2608-2'")  # noqa: S608

    assert any("L-2608-2" in fault for fault in books.faults())


def test_the_first_bad_row_is_said_with_number_account_and_what(books_on_both: Books) -> None:
    books_on_both.tamper("UPDATE entry SET points = 50000 WHERE number = 'L-2608-9'")

    assert books_on_both.faults() == ["L-2608-9（乙局第 1 条）：内容与入账时不符"]


def test_a_deleted_entry_is_missed_by_chain_proposal_and_number(books: Books) -> None:
    books.tamper("DELETE FROM entry WHERE number = 'L-2608-2'")

    assert books.faults() == [
        "甲局第 1 条：缺少这一条",
        "P-2608-1：已核定，台账中没有对应的记录",
        "编号 2608-2 已经发出，查无记录",
    ]


def test_a_cut_tail_is_found_even_without_a_checkpoint(books: Books) -> None:
    books.tamper("DELETE FROM entry WHERE number = 'L-2608-5'")

    assert "甲局：总分表记有 3 条，台账只有 2 条" in books.faults()


def test_a_cut_that_hides_all_its_traces_needs_the_checkpoint(books: Books) -> None:
    checkpoint = books.database.read_now(lambda uow: sign_checkpoint(ledger.heads(uow), NOW, KEY))
    books.tamper(
        "DELETE FROM entry WHERE number = 'L-2608-9'",
        "DELETE FROM total WHERE seq = 1 AND subject = '单位'",
        "DELETE FROM proposal WHERE number IN ('P-2608-8', 'P-2608-10')",
        "UPDATE counter SET last = 7",
    )

    assert books.faults() == []
    assert books.faults(checkpoint) == ["乙局第 1 条：从这一条起，后面的记录缺失"]


def test_two_entries_that_change_places(books: Books) -> None:
    books.tamper(
        "UPDATE entry SET seq = 99 WHERE number = 'L-2608-2'",
        "UPDATE entry SET seq = 1 WHERE number = 'L-2608-4'",
        "UPDATE entry SET seq = 2 WHERE number = 'L-2608-2'",
    )

    assert books.faults()[0] == "L-2608-4（甲局第 1 条）：内容与入账时不符"


def test_a_chain_rebuilt_without_the_key(books: Books) -> None:
    def rebuild(uow: UnitOfWork) -> None:
        people = roster.whole(uow)
        (programme,) = programmes.running(uow)
        unit = people.named("甲局")
        assert unit is not None
        account = scoring.unit_account(programme, unit.id)
        drafts = ledger.entries(uow, account)
        uow.execute(text("DELETE FROM entry WHERE holder = :unit"), {"unit": unit.id})
        uow.execute(text("UPDATE total SET seq = 0, mac = '' WHERE holder = :unit"), {"unit": unit.id})
        for draft in drafts:
            ledger.append(uow, b"a guess", draft, date(2026, 8, 20))

    books.tamper()
    books.database.write_now(rebuild)

    assert books.faults()[0] == "L-2608-2（甲局第 1 条）：整个账户都不能用现有密钥核对：密钥不对，或账户被重做"


def test_the_wrong_key_is_told(books: Books) -> None:
    assert any("密钥不对" in str(fault) for fault in books.examine(b"another key").faults)


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE total SET total = 990000 WHERE seq = 3", "甲局：总分表记 99 分，按台账应为 82 分"),
        ("UPDATE total SET raw = 990000 WHERE seq = 3", "甲局：总分表封顶前记 99 分，按台账应为 82 分"),
        ("UPDATE total SET mac = 'x' WHERE seq = 3", "甲局：总分表所记的末条与台账不符"),
        ("UPDATE total SET seq = 2 WHERE seq = 3", "甲局：总分表所记的末条与台账不符"),
        ("DELETE FROM total WHERE seq = 3", "甲局：有台账记录，总分表中没有这个账户"),
        (
            "UPDATE proposal SET points = 10000, stage = 'open' WHERE number = 'P-2608-1'",
            "L-2608-2（甲局第 1 条）：与拟加、拟扣 P-2608-1 不一致：状态、分值",
        ),
        ("DELETE FROM proposal WHERE number = 'P-2608-1'", "L-2608-2（甲局第 1 条）：没有对应的拟加、拟扣"),
        (
            "UPDATE proposal SET stage = 'confirmed' WHERE number = 'P-2608-10'",
            "P-2608-10：已核定，台账中没有对应的记录",
        ),
        ("UPDATE counter SET last = 12", "编号 2608-12 已经发出，查无记录"),
        ("UPDATE counter SET last = 9", "编号 2608-10 没有发出过"),
    ],
)
def test_what_stands_round_the_ledger_must_agree_with_it(books: Books, statement: str, fault: str) -> None:
    books.tamper(statement)

    assert fault in books.faults()


def test_another_rulebook_text_is_found(books: Books) -> None:
    books.tamper("UPDATE programme SET text = replace(text, '分值: 2', '分值: 9')")

    assert "考核方案 test-2026 的办法文本与存入时不符" in books.faults()


def test_an_entry_by_a_clause_that_the_rulebook_lacks(books: Books) -> None:
    shorter = "\n".join(line for line in RULEBOOK.splitlines() if "P1" not in line) + "\n"
    books.tamper(
        "UPDATE programme SET text = :text, digest = :digest", text=shorter, digest=sha256(shorter.encode()).hexdigest()
    )

    assert "L-2608-7（王芳（个人）第 1 条）：办法中没有条款 P1" in books.faults()
    assert "L-2608-2（甲局第 1 条）：所依据的办法文本不是现存的这一份" in books.faults()


Forgery = Callable[[UnitOfWork, Programme, AccountKey], Draft]


def _copy(draft: Draft, **changes: Any) -> Draft:
    values: dict[str, Any] = {field.name: getattr(draft, field.name) for field in fields(Draft)}
    return Draft(**{**values, "id": new_id(), "number": "", "proposal": None, **changes})


def _first(uow: UnitOfWork, account: AccountKey) -> Entry:
    return ledger.entries(uow, account)[0]


def _without_a_person(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    return _copy(_first(uow, account), author=None)


def _by_a_stranger(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    return _copy(_first(uow, account), author=4711)


def _from_the_future(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    return _copy(_first(uow, account), recorded_at=NOW + timedelta(days=1))


def _by_a_clause_for_persons(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    return _copy(_first(uow, account), clause="P1")


def _reversing_a_stranger(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    return _copy(_first(uow, account), reverses=4711)


def _reversing_a_reversal(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    last = ledger.entries(uow, account)[-1]
    return _copy(last, reverses=last.id, points=-last.points)


def _reversing_too_much(uow: UnitOfWork, _programme: Programme, account: AccountKey) -> Draft:
    first = _first(uow, account)
    return _copy(first, reverses=first.id, points=Decimal(-9))


def _at_another_time_than_proposed(uow: UnitOfWork, programme: Programme, account: AccountKey) -> Draft:
    proposal = proposals.get(uow, _propose(uow, programme, "U1", account, account.holder))
    entry = new_id()
    by = _first(uow, account).author
    proposals.change(uow, proposal.id, stage="confirmed", entry=entry, decided_by=by)
    basis = Basis.from_json(proposal.basis)
    return _copy(_first(uow, account), occurred_at=NOW, basis=basis, proposal=proposal.id, id=entry)


@pytest.mark.parametrize(
    ("forge", "fault"),
    [
        (_without_a_person, "没有核定人，而条款不是自动入账"),
        (_by_a_stranger, "核定人不在名册中"),
        (_from_the_future, "入账时间晚于现在"),
        (_by_a_clause_for_persons, "条款 P1 记个人账户，不记单位账户"),
        (_reversing_a_stranger, "所更正的记录不在这个账户中"),
        (_reversing_a_reversal, "所更正的 L-2608-5 本身是更正"),
        (_reversing_too_much, "与所更正的 L-2608-2 不能抵消"),
        (_at_another_time_than_proposed, "与拟加、拟扣 P-2608-11 不一致：发生时间"),
    ],
)
def test_what_is_sealed_but_agrees_with_nothing(books: Books, forge: Forgery, fault: str) -> None:
    """Whoever has the key can seal anything; references, accounts and persons are checked all the same."""

    def job(uow: UnitOfWork) -> str:
        (programme,) = programmes.running(uow)
        unit = roster.whole(uow).named("甲局")
        assert unit is not None
        account = scoring.unit_account(programme, unit.id)
        return ledger.append(uow, KEY, forge(uow, programme, account), date(2026, 8, 20)).number

    number = books.database.write_now(job)

    assert books.faults() == [f"{number}（甲局第 4 条）：{fault}"]


# The checkpoint's file


@pytest.fixture
def checkpoint_path(books: Books, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "checkpoint.json"
    books.database.read_now(lambda uow: write_checkpoint(path, uow, NOW, KEY))
    yield path
    assert [other.name for other in tmp_path.glob("checkpoint*")] == ["checkpoint.json"]


def test_a_checkpoint_comes_back_from_its_file(books: Books, checkpoint_path: Path) -> None:
    assert books.examine(checkpoint=read_checkpoint(checkpoint_path)).faults == ()


def test_a_changed_checkpoint_is_found(books: Books, checkpoint_path: Path) -> None:
    data = json.loads(checkpoint_path.read_text("utf-8"))
    data["heads"] = data["heads"][1:]
    checkpoint_path.write_text(json.dumps(data), "utf-8")

    assert books.faults(read_checkpoint(checkpoint_path)) == ["检查点文件不能用现有密钥核对：密钥不对，或文件被改动"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"heads": [{}], "at": 1, "mac": ""}'])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "something.json"
    path.write_text(content, "utf-8")

    with pytest.raises(Stop, match="不是检查点文件"):
        read_checkpoint(path)
