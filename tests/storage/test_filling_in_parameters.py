"""Parameters filled in during the year: on record, scores anew, and nothing else of a frozen rulebook."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from assessment.fault import Path
from assessment.filling_in import OtherChange
from assessment.ledger import Basis
from assessment.rulebook import Subject, Trigger
from bot.ledger_check import examine
from storage import audit, filling_in, ledger, programmes, proposals, proposing, roster, scoring
from storage.database import Database
from storage.filling_in import ChangedMeanwhile, NothingToFill, WithoutBasis, fill_in
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork
from tests.bot import books
from tests.bot.books import INSTALLATION, KEY, NOW

UNSET = "  - {编号: U3, 名称: 漏报, 依据: 一3, 原文: 漏报的扣分, 触发: 人工记录, 分值: null}\n"
BEFORE = books.RULEBOOK + UNSET
AFTER = BEFORE.replace("分值: null", "分值: -1.5")
PLACE: Path = ("条款", 3, "分值")
BASIS = {PLACE: "县考发〔2026〕3号"}


@pytest.fixture
def running(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """The ledger of `books`, by a rulebook in which one clause has no value, with one proposal by that clause."""
    monkeypatch.setattr(books, "RULEBOOK", BEFORE)

    def job(uow: UnitOfWork) -> None:
        books.fill(uow)
        programme = the_programme(uow)
        unit = roster.whole(uow).named("甲局")
        assert unit is not None
        books._propose(uow, programme, "U3", scoring.unit_account(programme, unit.id), unit.id)

    database.write_now(job)
    return database


def the_programme(uow: UnitOfWork) -> Programme:
    return programmes.running(uow)[0]


def chen(uow: UnitOfWork) -> int:
    return next(person.id for person in roster.whole(uow).people if person.name == "陈静")


def filled(database: Database, text: str = AFTER, basis: dict[Path, str] | None = None) -> None:
    def job(uow: UnitOfWork) -> None:
        fill_in(uow, the_programme(uow), text, basis=BASIS if basis is None else basis, by=chen(uow), at=NOW)

    database.write_now(job)


def without_value(uow: UnitOfWork) -> list[str]:
    return [row.clause for row in proposals.undecided(uow, the_programme(uow).id) if row.points is None]


def test_the_value_counts_from_now_on_and_is_on_record(running: Database) -> None:
    """Who, when, from which document, from what to what."""
    filled(running)

    def look(uow: UnitOfWork) -> None:
        programme = the_programme(uow)
        assert programme.rulebook.clause("U3").points.value == Decimal("-1.5")
        assert without_value(uow) == []
        lines = [row for row in audit.recent(uow) if row.action == filling_in.ACTION]
        assert [(row.object, row.basis) for row in lines] == [
            ("test-2026 条款 › 漏报 › 分值", "未设定 → -1.5；县考发〔2026〕3号")
        ]
        assert (lines[0].person, lines[0].at, lines[0].allowed) == (chen(uow), NOW, True)

    running.read_now(look)


def test_what_now_takes_points_away_waits_until_those_concerned_were_heard(running: Database) -> None:
    filled(running)

    def look(uow: UnitOfWork) -> None:
        row = next(row for row in proposals.undecided(uow, the_programme(uow).id) if row.clause == "U3")
        assert row.points == Decimal("-1.5")
        assert row.untold
        assert not row.is_ripe(NOW + timedelta(days=30))

    running.read_now(look)


def test_totals_are_computed_anew_and_the_ledger_still_verifies(running: Database) -> None:
    """Entries made by the text of before rest on a text that is known; those of any other text do not."""

    def spoil(uow: UnitOfWork) -> None:
        for account in ledger.accounts(uow):
            ledger.set_total(uow, account, total=Decimal(1), raw=Decimal(1))

    running.write_now(spoil)
    filled(running)

    def totals(uow: UnitOfWork) -> list[Decimal]:
        return sorted(ledger.totals(uow, "test-2026", Subject.UNIT).values())

    assert running.read_now(totals) == [Decimal(77), Decimal(82)]
    found = running.read_now(lambda uow: examine(uow, KEY, NOW))
    assert [str(fault) for fault in found.faults] == []

    running.write_now(lambda uow: propose_and_confirm(uow, "U3"))
    assert [str(fault) for fault in running.read_now(lambda uow: examine(uow, KEY, NOW)).faults] == []


def propose_and_confirm(uow: UnitOfWork, clause: str) -> None:
    programme = the_programme(uow)
    row = next(row for row in proposals.undecided(uow, programme.id) if row.clause == clause)
    assert Basis.from_json(row.basis).happened is Trigger.RECORDED
    proposing.confirm(uow, INSTALLATION, programme, row, by=chen(uow), now=NOW, reason="会议决定")


@pytest.mark.parametrize(
    ("text", "basis", "refused"),
    [
        (AFTER.replace("分值: 2", "分值: 3"), BASIS, OtherChange),
        (AFTER.replace("封顶: 100", "封顶: 120"), BASIS, OtherChange),
        (BEFORE.replace("某县文件", "某县新文件"), BASIS, OtherChange),
        (BEFORE + "# 只加了注\n", BASIS, NothingToFill),
        (AFTER, {}, WithoutBasis),
        (AFTER, {PLACE: "  "}, WithoutBasis),
    ],
    ids=["another value", "a cap", "a name", "a remark", "no document", "blanks for a document"],
)
def test_nothing_else_can_be_changed(
    running: Database, text: str, basis: dict[Path, str], refused: type[Exception]
) -> None:
    """R87: the rulebook of the year is frozen."""
    with pytest.raises(refused):
        filled(running, text, basis)

    def look(uow: UnitOfWork) -> None:
        assert the_programme(uow).rulebook.clause("U3").points.value is None
        assert without_value(uow) == ["U3"]
        assert not [row for row in audit.recent(uow) if row.action == filling_in.ACTION]

    running.read_now(look)


def test_what_was_filled_is_frozen_like_the_rest(running: Database) -> None:
    filled(running)

    with pytest.raises(OtherChange, match="条款 › 4 › 分值"):
        filled(running, AFTER.replace("分值: -1.5", "分值: -1"))
    with pytest.raises(NothingToFill):
        filled(running)


def test_of_two_who_fill_in_at_once_one_is_told(running: Database) -> None:
    stale = running.read_now(the_programme)
    filled(running)

    def job(uow: UnitOfWork) -> None:
        fill_in(uow, replace(stale), AFTER.replace("-1.5", "-2"), basis=BASIS, by=chen(uow), at=NOW)

    with pytest.raises(ChangedMeanwhile):
        running.write_now(job)
    assert running.read_now(the_programme).rulebook.clause("U3").points.value == Decimal("-1.5")


def test_a_service_that_runs_beside_it_notices(running: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process is not told; it sees by the digest that what it remembers is no longer so."""
    monkeypatch.setattr(programmes, "forget", lambda _programme: None)
    assert running.read_now(the_programme).rulebook.clause("U3").points.value is None

    filled(running)

    assert running.read_now(the_programme).rulebook.clause("U3").points.value == Decimal("-1.5")
