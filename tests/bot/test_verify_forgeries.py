"""Entries sealed with the right key that agree with nothing round them."""

from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from assessment.ledger import AccountKey, Basis, Draft, Entry
from storage import ledger, programmes, proposals, roster, scoring
from storage.ids import new_id
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork
from tests.bot.books import KEY, NOW, Books, _propose

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
