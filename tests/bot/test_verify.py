"""Recomputing the ledger: whatever an insider does to a row, with the triggers out of the way, is found and named."""

from datetime import date
from hashlib import sha256

import pytest
from sqlalchemy import text

from assessment.chain import sign_checkpoint
from bot.ledger_check import Examined
from storage import ledger, programmes, roster, scoring
from storage.database import Database
from storage.ledger import EntryRow
from storage.unit_of_work import UnitOfWork
from tests.bot.books import KEY, NOW, RULEBOOK, Books


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
