"""A unit's rulebook, entries and proposals, written short, and the scorecard they make."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from assessment.ledger import AccountKey, Basis, Entry
from assessment.marking import Proposal
from assessment.rulebook import (
    Account,
    CapAt,
    Category,
    CategoryCount,
    Clause,
    Flag,
    Parameter,
    Per,
    Readings,
    Rulebook,
    SameMatter,
    Subject,
    Trigger,
)
from assessment.scorecard import Scorecard, Status, View, scorecard

START = datetime(2026, 1, 1, tzinfo=UTC)
END = START + timedelta(days=400)
UNIT = AccountKey("督查", Subject.UNIT, 11)
BASIS = Basis(happened=Trigger.RECORDED, reason="现场所见")


def a_clause(clause_id: str, **said: Any) -> Clause:
    points = Parameter[Decimal](value=Decimal(1))
    values: dict[str, Any] = {"id": clause_id, "name": f"{clause_id}之名", "text": "原文", "cite": "一"}
    return Clause(**(values | {"trigger": Trigger.RECORDED, "points": points} | said))


CLAUSES = (
    a_clause("甲"),
    a_clause("乙"),
    a_clause("补甲", supplements="甲"),
    a_clause("一次", per=Per.ONCE),
    a_clause("退回扣", exclusive_group="反馈"),
    a_clause("记录扣", exclusive_group="反馈"),
    a_clause("取消", flag=Flag.INELIGIBLE),
    a_clause("代入", points=Parameter[Decimal](value=Decimal(1), stand_in="原文未给")),
    a_clause("任务一", category="任务"),
    a_clause("任务二", category="任务"),
    a_clause("贡献一", category="贡献"),
    a_clause("列示一", category="列示"),
)
TASKS = Category(name="任务", full=Decimal(16), count=CategoryCount.DEDUCT, floor=Decimal(0))
MERITS = Category(name="贡献", full=Decimal(6), count=CategoryCount.ADD, full_if_no_task=True)
SHOWN = Category(name="列示", full=Decimal(10), count=CategoryCount.SHOWN, floor=Decimal(0))


def a_rulebook(
    *,
    same_matter: SameMatter = SameMatter.HIGHEST_SUBTOTAL,
    cap: str | None = "100",
    floor: str | None = None,
    cap_at: CapAt = CapAt.TOTAL,
    categories: tuple[Category, ...] = (),
) -> Rulebook:
    frame = Account(
        subject=Subject.UNIT,
        base=Decimal(80),
        cap=None if cap is None else Decimal(cap),
        floor=None if floor is None else Decimal(floor),
        cap_at=cap_at,
    )
    return Rulebook(
        id="r",
        name="办法",
        version="1",
        year=2026,
        office="考核办",
        source="测试",
        accounts=(frame,),
        categories=categories,
        clauses=CLAUSES,
        readings=Readings(same_matter=same_matter),
    )


RULEBOOK = a_rulebook()


def an_entry(entry_id: int, clause: str, points: str | Decimal, matter: str | None = None, **said: Any) -> Entry:
    at = START + timedelta(days=entry_id)
    values: dict[str, Any] = {
        "id": entry_id,
        "account": UNIT,
        "clause": clause,
        "points": Decimal(points),
        "matter": matter,
        "basis": BASIS,
        "author": 31,
        "occurred_at": at,
        "recorded_at": at,
        "rulebook_digest": "ab",
        "seq": entry_id,
        "previous": "",
        "mac": "",
    }
    return Entry(**(values | said))


def undo(entry: Entry, entry_id: int, days_later: int = 1) -> Entry:
    at = entry.recorded_at + timedelta(days=days_later)
    return replace(entry, id=entry_id, points=-entry.points, reverses=entry.id, recorded_at=at)


def a_proposal(key: str, clause: str, points: str | None, matter: str | None = None, **said: Any) -> Proposal:
    value = None if points is None else Decimal(points)
    return Proposal(key=key, clause=clause, account=UNIT, points=value, matter=matter, basis=BASIS, **said)


def card_of(
    entries: Iterable[Entry],
    proposals: Iterable[Proposal] = (),
    *,
    rulebook: Rulebook = RULEBOOK,
    as_of: datetime = END,
    view: View = View.PUBLISHED,
    without_task: Collection[str] = (),
) -> Scorecard:
    return scorecard(rulebook, UNIT, entries, proposals, as_of=as_of, view=view, without_task=without_task)


def statuses(card: Scorecard) -> dict[str, Status]:
    return {line.ref: line.status for line in card.lines}
