"""What the mutants of filling in must be caught by: a frozen rulebook takes values for what was unset, on record."""

from datetime import timedelta
from decimal import Decimal

import pytest

from assessment.fault import Path
from assessment.filling_in import OtherChange, fillings
from assessment.rulebook import Subject
from assessment.rulebook_file import load
from storage import audit, filling_in, ledger, programmes, proposals, roster, scoring
from storage.unit_of_work import UnitOfWork
from tests.bot import books
from tests.bot.books import NOW
from tests.handlers.desk import Desk

_UNSET = "  - {编号: U3, 名称: 漏报, 依据: 一3, 原文: 漏报的扣分, 触发: 人工记录, 分值: null}\n"
_BEFORE = books.RULEBOOK + _UNSET
_AFTER = _BEFORE.replace("分值: null", "分值: -1.5")
_PLACE: Path = ("条款", 3, "分值")


def only_the_unset_can_be_filled(_desk: Desk) -> None:
    """Another value, a stand-in for a value, and a cap that goes up are all refused."""
    old = load(_BEFORE, "x").rulebook
    for changed in (
        _BEFORE.replace("分值: -3", "分值: -2"),
        _BEFORE.replace("分值: null", "分值: {值: 1, 代入: 先用}"),
        _AFTER.replace("封顶: 100", "封顶: 120"),
    ):
        try:
            found = fillings(old, load(changed, "x").rulebook)
        except OtherChange:
            continue
        assert found is None, "it was taken"
    assert [each.at for each in fillings(old, load(_AFTER, "x").rulebook)] == [_PLACE]


def what_is_filled_in_is_on_record_and_counts(desk: Desk) -> None:
    """With its document, its person, new totals, and nobody loses points unheard."""

    def fill(uow: UnitOfWork) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(books, "RULEBOOK", _BEFORE)
            books.fill(uow)
        people = roster.whole(uow)
        unit = people.named("甲局")
        assert unit is not None
        programme = next(each for each in programmes.running(uow) if each.code == "test-2026")
        account = scoring.unit_account(programme, unit.id)
        books._propose(uow, programme, "U3", account, unit.id)
        ledger.set_total(uow, account, total=Decimal(1), raw=Decimal(1))
        by = next(person.id for person in people.people if person.name == "陈静")
        filling_in.fill_in(uow, programme, _AFTER, basis={_PLACE: "县考发3号"}, by=by, at=NOW)
        assert ledger.totals(uow, "test-2026", Subject.UNIT)[unit.id] == Decimal(82)
        assert filling_in.earlier_digests(uow, "test-2026") == {programme.digest}
        told = [row.basis for row in audit.recent(uow) if row.action == filling_in.ACTION]
        assert told == ["未设定 → -1.5；县考发3号"]
        row = next(row for row in proposals.undecided(uow, programme.id) if row.clause == "U3")
        assert row.points == Decimal("-1.5")
        assert not row.is_ripe(NOW + timedelta(days=30))

    desk.database.write_now(fill)
