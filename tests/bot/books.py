"""A ledger of two units and a person, and the hand of an insider."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import text

from assessment.chain import Checkpoint
from assessment.ledger import AccountKey, Basis, reversal
from assessment.marking import Proposal
from assessment.rulebook import Trigger
from assessment.workdays import WorkCalendar
from bot.ledger_check import Examined, examine
from bot.roster_file import apply_roster, read_roster
from storage import ledger, programmes, proposals, proposing, roster, scoring
from storage.database import Database
from storage.ids import new_id
from storage.installation import Installation
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

KEY = b"a key that the insider does not have"
NOW = datetime(2026, 8, 20, 2, 0, tzinfo=UTC)
INSTALLATION = Installation(ZoneInfo("Asia/Shanghai"), WorkCalendar(), KEY)
ROSTER = """单位,类别,姓名,岗位,渠道,账号
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
