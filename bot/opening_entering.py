"""The rows of an 期初 sheet into the books: each is checked against what stands, those of the sheet included."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time

from assessment.fault import Fault
from assessment.marking import Proposal
from assessment.points import show, show_signed
from assessment.recording import Recorded, Refusal, Refused, check_recorded, record
from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.rulebook import Subject
from bot.opening_rows import Books, FigureRow, PointsRow, read_row
from bot.opening_table import CLAUSE, FIGURE, POINTS, REASON, UNIT
from bot.roster_table import Line
from storage import ledger, opening_position, scoring
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.proposing import Desk
from storage.unit_of_work import UnitOfWork

_ELSEWHERE = "请删去一行，或在“事项”一列写明各是哪一项"
_WHY_NOT: Mapping[Refused, tuple[str, str, str]] = {
    Refused.UNSET: (CLAUSE, "该条分值未设定", "请先补填分值"),
    Refused.NOT_PRINTED: (POINTS, "与条款分值不符", "应为{lowest}分；几次的请写几行"),
    Refused.OUT_OF_RANGE: (POINTS, "超出条款幅度", "应在{lowest}至{highest}分之间"),
    Refused.NO_REASON: (REASON, "由考核办酌定的分值没有写事由", "请补上"),
    Refused.EXCLUSIVE: (CLAUSE, "同一事项只能按一档记分，已按同组的一条记过", _ELSEWHERE),
    Refused.ONLY_ONCE: (CLAUSE, "该条只计一次，已记过", _ELSEWHERE),
}


class Entering:
    """Enters a sheet row by row. Where `faults` are found in the end, the caller undoes the transaction."""

    def __init__(self, uow: UnitOfWork, books: Books, now: datetime) -> None:
        self.books = books
        self.faults: list[Fault] = []
        self.points: list[PointsRow] = []
        """What is new."""
        self.figures: list[FigureRow] = []
        self.unchanged = 0
        self._uow = uow
        self._now = now
        self._first: dict[object, int] = {}
        """The line on which each thing stands first."""

    def take(self, lines: Iterable[Line]) -> None:
        """Enter all lines."""
        for line in lines:
            row = read_row(line, self.books)
            if isinstance(row, Fault):
                self.faults.append(row)
            elif not self._may_enter(row):
                continue
            elif isinstance(row, PointsRow):
                self._enter_points(row)
            else:
                self._take_figure(row)
        self._enter_figures()

    def _may_enter(self, row: PointsRow | FigureRow) -> bool:
        """Nobody brings in points of the own unit or the own account."""
        person = self._by(row.programme)
        actor = Actor(person, self.books.people.posts_of(person, self.books.today))
        holder = row.account.holder if isinstance(row, PointsRow) and row.account.subject is Subject.PERSON else None
        target = Target(office=row.programme.office, unit=row.unit.id, person=holder)
        actions = (Action.RECORD, Action.DECIDE) if isinstance(row, PointsRow) else (Action.ENTER_FOR_UNIT,)
        verdicts = [authorise(actor, action, target, Destination.PRIVATE) for action in actions]
        refused = next((verdict for verdict in verdicts if not verdict.allowed), None)
        if refused is not None:
            self._note(row, UNIT, refused.basis, "请由考核办其他同志导入")
        return refused is None

    def _enter_points(self, row: PointsRow) -> None:
        desk = self._desk(row.programme)
        recorded = Recorded(
            record=0,
            clause=row.clause.id,
            account=row.account,
            points=row.points,
            matter=row.matter,
            reason=row.reason,
            evidence=(f"{self.books.file}第{row.line}行：{row.basis}",),
        )
        key = _key(row)
        if self._is_repeated(row, key, REASON, "确有两次的，请在事由中写明"):
            return
        known = opening_position.standing(desk, key)
        if known is not None:
            self._compare(row, known)
            return
        refusal = self._refusal(desk, recorded)
        if refusal is not None:
            self._refuse(row, refusal)
            return
        said = replace(recorded, reason=f"{opening_position.NOTE}：{row.reason or row.basis}")
        proposal = replace(record(said, row.programme.rulebook), key=key)
        began = datetime.combine(row.day, time.min, self.books.installation.zone)
        by = self._by(row.programme)
        opening_position.enter_points(desk, proposal, unit=row.unit.id, occurred_at=began, by=by)
        self.points.append(row)

    def _refusal(self, desk: Desk, recorded: Recorded) -> Refusal | None:
        card = scoring.card(self._uow, desk.programme, recorded.account, self._now)
        return check_recorded(
            recorded,
            desk.programme.rulebook,
            entries=ledger.entries(self._uow, recorded.account),
            proposals=[line.source for line in card.lines if isinstance(line.source, Proposal)],
        )

    def _refuse(self, row: PointsRow, refusal: Refusal) -> None:
        column, what, remedy = _WHY_NOT[refusal.why]
        bounds = {"lowest": refusal.lowest, "highest": refusal.highest}
        said = {name: show(value) if value is not None else "" for name, value in bounds.items()}
        self._note(row, column, what, remedy.format(**said))

    def _compare(self, row: PointsRow, known: ProposalRow) -> None:
        if known.points == row.points:
            self.unchanged += 1
            return
        entry = next(each for each in ledger.entries(self._uow, row.account) if each.proposal == known.id)
        what = f"此前已按{show_signed(entry.points)}分记入台账（{entry.number}）"
        self._note(row, POINTS, what, f"请先更正 {entry.number}，再在事由中写明后导入")

    def _take_figure(self, row: FigureRow) -> None:
        key = (row.programme.id, row.unit.id, row.report.duty.id, row.report.period, row.slot)
        if self._is_repeated(row, key, FIGURE, "一个报告期只能有一个数"):
            return
        known = opening_position.figures_of(self._desk(row.programme), row.report).get(row.slot)
        if known == row.value:
            self.unchanged += 1
        elif known is not None:
            self._note(row, FIGURE, f"这一期已有数{known:f}", "请由单位更正，或由考核办代录")
        else:
            self.figures.append(row)

    def _enter_figures(self) -> None:
        """All figures of one report are one version."""
        reports: dict[object, list[FigureRow]] = {}
        for row in self.figures:
            key = (row.programme.id, row.unit.id, row.report.duty.id, row.report.period)
            reports.setdefault(key, []).append(row)
        for rows in reports.values():
            first = rows[0]
            lines = "、".join(str(row.line) for row in rows)
            note = f"{self.books.file}第{lines}行：{'；'.join(dict.fromkeys(row.basis for row in rows))}"
            values = {row.slot: row.value for row in rows}
            by = self._by(first.programme)
            opening_position.enter_figures(self._desk(first.programme), first.report, values, note=note, by=by)

    def _is_repeated(self, row: PointsRow | FigureRow, key: object, column: str, remedy: str) -> bool:
        first = self._first.setdefault(key, row.line)
        if first != row.line:
            self._note(row, column, f"与第 {first} 行重复", f"请删去一行；{remedy}")
        return first != row.line

    def _desk(self, programme: Programme) -> Desk:
        return Desk(self._uow, self.books.installation, programme, self._now)

    def _by(self, programme: Programme) -> int:
        return self.books.officers[programme.id]

    def _note(self, row: PointsRow | FigureRow, column: str, what: str, remedy: str) -> None:
        self.faults.append(self.books.table.fault(self.books.file, row.line, column, what, remedy))


def _key(row: PointsRow) -> str:
    """What makes the row the same row in a sheet that was sorted, saved under another name or read again."""
    account = (row.account.programme, row.account.subject, row.account.holder, row.unit.id)
    words = (*account, row.clause.id, row.day, row.matter, row.basis, row.reason)
    digest = hashlib.sha256("\n".join(map(str, words)).encode()).hexdigest()
    return f"opening/{digest[:32]}"
