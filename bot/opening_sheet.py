"""`duban import` of an 期初 sheet: what stood before the measure ran here, in the name of a person of the office.

All or nothing, and as a dry run first; the same sheet again changes nothing.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from assessment.ledger import AccountKey
from assessment.points import show_points, show_signed
from assessment.roster import Role, Roster
from bot.all_or_nothing import written
from bot.bring_in import Report, Wishes
from bot.command_line import BAD_USAGE, Stop
from bot.opening_entering import Entering
from bot.opening_rows import Books, FigureRow, PointsRow
from bot.opening_table import every_cell, read_opening
from handlers.marks import in_name, in_text
from storage import audit, calendars, ledger, programmes, roster, telling
from storage.database import Database
from storage.installation import Installation
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

CHANNEL = "命令行"
ACTION = "导入期初"


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
    """Enter what the sheet says, in the name of `by`, and say what came of it. Raises Stop; then nothing is entered."""
    _refuse_marked(file, text, installation.classification_marks)

    def enter(uow: UnitOfWork) -> Report:
        knowing = replace(installation, calendar=calendars.calendar(uow))
        books = _books(uow, file, text, knowing, wishes.today, by)
        entering = Entering(uow, books, now)
        entering.take(read_opening(text).lines)
        if entering.faults:
            lines = len({fault.line for fault in entering.faults})
            raise Stop(*map(str, sorted(entering.faults)), f"有误 {lines} 行，未写入任何一行")
        _record(uow, entering, now)
        counts = {"加扣分": len(entering.points), "指标数": len(entering.figures), "不变": entering.unchanged}
        return Report("期初", counts, (), tuple(_remarks(entering)), wishes.dry_run, tuple(_listed(uow, entering)))

    return written(database, enter, dry_run=wishes.dry_run)


def _refuse_marked(file: str, text: str, marks: tuple[str, ...]) -> None:
    """Nothing of a sheet with a classification mark is taken; what stands beside the mark is not repeated."""
    line = next((number for number, cell in every_cell(text) if in_text(cell, marks)), None)
    if line is not None or in_name(file, marks):
        where = f"{file} 第 {line} 行" if line is not None else file
        raise Stop(f"{where}：带有密级标志，不得导入，未写入任何一行")


def _books(uow: UnitOfWork, file: str, text: str, installation: Installation, today: date, by: str) -> Books:
    people, running, closed = roster.whole(uow), programmes.running(uow), programmes.closed(uow)
    officers = {one.id: person for one in running if (person := _officer(people, one, by, today)) is not None}
    if not running:
        why = f"考核方案{'、'.join(one.code for one in closed)}已关账" if closed else "没有运行中的考核方案"
        raise Stop(f"{file}：{why}，不能导入期初")
    if not officers:
        raise Stop(f"“{by}”不是现行考核方案的考核办工作人员，或名册中有同名人员，未写入", status=BAD_USAGE)
    out = {one.code: f"考核方案“{one.code}”已关账" for one in closed}
    out |= {one.code: f"“{by}”不是考核方案“{one.code}”的考核办工作人员" for one in running if one.id not in officers}
    mine = [one for one in running if one.id in officers]
    return Books(file, read_opening(text), people, mine, officers, out, installation, today)


def _officer(people: Roster, programme: Programme, name: str, today: date) -> int | None:
    holders = people.holders(programme.office, (Role.OFFICE,), today)
    named = [person for person in holders if people.person(person).name == name]
    return named[0] if len(named) == 1 else None


def _record(uow: UnitOfWork, entering: Entering, now: datetime) -> None:
    for programme in entering.books.programmes:
        points = sum(row.programme.id == programme.id for row in entering.points)
        figures = sum(row.programme.id == programme.id for row in entering.figures)
        if points or figures:
            audit.record(
                uow,
                at=now,
                person=entering.books.officers[programme.id],
                channel=CHANNEL,
                action=ACTION,
                object_=programme.code,
                allowed=True,
                basis=f"{entering.books.file}：记分 {points} 条、报数 {figures} 个",
            )


def _remarks(entering: Entering) -> Iterator[str]:
    for row in entering.points:
        if row.day >= row.programme.live_from:
            since = row.programme.live_from
            where = f"{entering.books.file} 第 {row.line} 行"
            yield f"{where}：{row.day}在系统起用日（{since}）之后，请核对该项是否已在系统中记过分"


def _listed(uow: UnitOfWork, entering: Entering) -> Iterator[str]:
    """What is new, by account with its sum, and by unit and period."""
    accounts: dict[AccountKey, list[PointsRow]] = {}
    for row in entering.points:
        accounts.setdefault(row.account, []).append(row)
    for account, rows in accounts.items():
        name = telling.account_name(entering.books.people, account.subject.value, account.holder, rows[0].unit.id)
        brought = show_signed(sum((row.points for row in rows), Decimal(0)))
        total = ledger.total(uow, account)
        assert total is not None, "the account has just been written to"
        now = show_points(total.total or Decimal(0)).replace("-", "−")
        yield f"{name}：加扣分{len(rows)}条，合计{brought}分，导入后核定总分{now}分"
        yield from (_of_points(row) for row in rows)
    units: dict[str, list[FigureRow]] = {}
    for figure in entering.figures:
        units.setdefault(figure.unit.name, []).append(figure)
    for name, figures in units.items():
        yield f"{name}：指标数{len(figures)}个"
        yield from (_of_figure(figure) for figure in figures)


def _of_points(row: PointsRow) -> str:
    return f"  第 {row.line} 行：{row.clause.id} {row.clause.name} {row.day} {show_signed(row.points)}分（{row.basis}）"


def _of_figure(row: FigureRow) -> str:
    label = row.report.period.label(cumulative=row.report.duty.cumulative)
    figure = f"{row.indicator.name}{row.slot.cohort or ''} {row.value:f}{row.indicator.unit}"
    return f"  第 {row.line} 行：{label} {figure}（{row.basis}）"
