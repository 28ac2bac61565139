"""`duban import` of an 期初 sheet: what stood before the measure ran here, in the name of a person of the office.

Each row of points becomes an entry by the ordinary way: its clause, the sheet's row as evidence, and who brought it in.
Each row of a figure becomes a version of a past report. All or nothing; the same sheet again changes nothing.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from decimal import Decimal
from itertools import groupby

from assessment.clause import Trigger
from assessment.fault import Fault
from assessment.marking import Proposal
from assessment.points import show, show_signed
from assessment.recording import Recorded, Refusal, Refused, check_recorded, record
from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.roster import Role
from assessment.submission import Slot
from bot.all_or_nothing import written
from bot.bring_in import Report, Wishes
from bot.command_line import BAD_USAGE, Stop
from bot.opening_rows import Books, FigureRow, PointsRow, read_row
from bot.opening_table import CLAUSE, FIGURE, POINTS, REASON, UNIT, read_opening
from handlers.marks import in_name, in_text
from storage import audit, calendars, ledger, opening_position, programmes, roster, scoring
from storage.database import Database
from storage.installation import Installation
from storage.programmes import Programme
from storage.proposing import Desk
from storage.unit_of_work import UnitOfWork

CHANNEL = "命令行"
ACTION = "导入期初"
_WHY_NOT: Mapping[Refused, tuple[str, str, str]] = {
    Refused.UNSET: (CLAUSE, "该条分值未设定", "请先补填分值"),
    Refused.NOT_PRINTED: (POINTS, "与条款分值不符", "该条每次{lowest}分，几次请写几行"),
    Refused.OUT_OF_RANGE: (POINTS, "超出条款幅度", "应在{lowest}至{highest}分之间"),
    Refused.NO_REASON: (REASON, "酌定的分值没有事由", "请写明事由"),
    Refused.EXCLUSIVE: (CLAUSE, "同一事项只能按一档记分，已记有同组条款", "请删去一行，或在“事项”一列写明各是哪一项"),
    Refused.ONLY_ONCE: (CLAUSE, "该条只计一次，已记有一次", "请删去一行，或在“事项”一列写明各是哪一项"),
}


def bring_opening(
    file: str,
    text: str,
    database: Database,
    installation: Installation,
    wishes: Wishes,
    *,
    by: str,
    now: datetime,
) -> Report:
    """Enter what the sheet says in the name of `by`, and say what came of it. Raises Stop; then nothing is entered."""

    def enter(uow: UnitOfWork) -> Report:
        knows_days = replace(installation, calendar=calendars.calendar(uow))
        sheet = _Sheet(uow, knows_days, _books(uow, file, text, knows_days, wishes, by), by, now)
        sheet.read()
        if sheet.faults:
            lines = len({fault.line for fault in sheet.faults})
            raise Stop(*map(str, sorted(sheet.faults)), f"有误 {lines} 行，未写入任何一行")
        return sheet.report(dry_run=wishes.dry_run)

    _refuse_marked(file, text, installation.classification_marks)
    return written(database, enter, dry_run=wishes.dry_run)


def _refuse_marked(file: str, text: str, marks: tuple[str, ...]) -> None:
    """A sheet with a classification mark is not read; what stands beside it is not repeated."""
    cells = ((number, cell) for number, line in enumerate(text.splitlines(), 1) for cell in _cells(line))
    found = next((number for number, cell in cells if in_text(cell, marks)), None)
    if found is not None or in_name(file, marks):
        where = f"{file} 第 {found} 行" if found is not None else file
        raise Stop(f"{where}：带有密级标志，不得导入，未写入任何一行")


def _cells(line: str) -> list[str]:
    return [cell.strip('" ') for cell in line.replace("\t", ",").replace(";", ",").split(",")]


def _books(
    uow: UnitOfWork, file: str, text: str, installation: Installation, wishes: Wishes, by: str
) -> Books:
    people = roster.whole(uow)
    running = programmes.running(uow)
    mine = [one for one in running if _officers(uow, one, by, wishes) == 1]
    if not mine:
        closed = "、".join(one.code for one in programmes.closed(uow))
        if not running:
            raise Stop(f"{file}：{f'考核方案 {closed} 已关账' if closed else '没有运行中的考核方案'}，期初不能导入")
        raise Stop(f"“{by}”不是运行中考核方案的考核办同志，或有同名，期初不能导入", status=BAD_USAGE)
    why = {one.code: f"考核方案“{one.code}”已关账" for one in programmes.closed(uow)}
    why |= {one.code: f"“{by}”不是考核方案“{one.code}”的考核办同志" for one in running if one not in mine}
    return Books(file, read_opening(text), people, mine, why, installation, wishes.today)


def _officers(uow: UnitOfWork, programme: Programme, by: str, wishes: Wishes) -> int:
    return len(_named_officers(uow, programme, by, wishes.today))


@dataclass
class _Sheet:
    """A sheet being entered: every row is read, and what is good stands in the transaction until one is found bad."""

    uow: UnitOfWork
    installation: Installation
    books: Books
    by: str
    now: datetime
    faults: list[Fault] = field(default_factory=list)
    points: list[PointsRow] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    unchanged: int = 0
