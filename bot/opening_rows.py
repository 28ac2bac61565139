"""One row of the 期初 sheet -> points by a clause or a figure of a past period, or what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from assessment.clause import Clause, Subject
from assessment.due import due_times, periods_of
from assessment.fault import Fault
from assessment.indicator import Indicator
from assessment.ledger import AccountKey
from assessment.periods import Period
from assessment.periods_text import read_period
from assessment.points import ExtraPlaces, to_scaled
from assessment.requirements import leads, reported_by
from assessment.roster import Roster, Unit
from assessment.rulebook import Duty
from assessment.submission import Figure, Slot
from assessment.typed_text import plain
from bot.opening_table import (
    BASIS,
    CLAUSE,
    COHORT,
    DAY,
    FIGURE,
    INDICATOR,
    MATTER,
    PERIOD,
    PERSON,
    POINTS,
    PROGRAMME,
    REASON,
    UNIT,
)
from bot.roster_rows import day_of
from bot.roster_table import Line, Table
from storage.installation import Installation
from storage.opening_position import PastReport
from storage.programmes import Programme


@dataclass(frozen=True)
class Books:
    """What rows are read against. `programmes` are those that may be meant: they run, and whoever enters is in their
    office.
    """

    file: str
    table: Table
    people: Roster
    programmes: Sequence[Programme]
    officers: Mapping[int, int]
    """In whose name rows are entered, by programme."""
    out: Mapping[str, str]
    """Why other programmes may not be meant, by code."""
    installation: Installation
    today: date


@dataclass(frozen=True)
class PointsRow:
    """Points that a unit or a person had before."""

    line: int
    programme: Programme
    unit: Unit
    account: AccountKey
    clause: Clause
    points: Decimal
    day: date
    matter: str | None
    basis: str
    reason: str


@dataclass(frozen=True)
class FigureRow:
    """A figure of a past period."""

    line: int
    programme: Programme
    unit: Unit
    report: PastReport
    indicator: Indicator
    slot: Slot
    value: Decimal
    basis: str


class Slip(Exception):
    """What is wrong with one cell: which column, what, and what to do."""

    def __init__(self, column: str, what: str, remedy: str) -> None:
        super().__init__(what)
        self.column = column
        self.what = what
        self.remedy = remedy


def read_row(line: Line, books: Books) -> PointsRow | FigureRow | Fault:
    """The row, or the first thing that is wrong with it."""
    try:
        return _Row(line, books).read()
    except Slip as slip:
        return books.table.fault(books.file, line.number, slip.column, slip.what, slip.remedy)


class _Row:
    def __init__(self, line: Line, books: Books) -> None:
        self._line = line
        self._books = books

    def read(self) -> PointsRow | FigureRow:
        of_points, of_figures = bool(self._cell(CLAUSE)), bool(self._cell(INDICATOR))
        if of_points == of_figures:
            what = "条款编号和指标同时填写" if of_points else "没有填写条款编号或指标"
            raise Slip(CLAUSE if CLAUSE in self._books.table.columns else INDICATOR, what, "一行写一项：条款或指标")
        programme = self._programme()
        unit = self._unit()
        basis = self._needed(BASIS)
        return self._points(programme, unit, basis) if of_points else self._figure(programme, unit, basis)

    def _points(self, programme: Programme, unit: Unit, basis: str) -> PointsRow:
        clause = self._clause(programme)
        return PointsRow(
            line=self._line.number,
            programme=programme,
            unit=unit,
            account=AccountKey(programme.code, clause.subject, self._holder(clause, unit)),
            clause=clause,
            points=self._number(POINTS, "分"),
            day=self._day(programme.rulebook.year),
            matter=self._cell(MATTER) or None,
            basis=basis,
            reason=self._cell(REASON),
        )

    def _figure(self, programme: Programme, unit: Unit, basis: str) -> FigureRow:
        indicator = self._indicator(programme, unit)
        names = [cohort.name for cohort in indicator.cohorts]
        cohort = self._cell(COHORT) or None
        if (cohort is None) == bool(names) or (cohort is not None and cohort not in names):
            remedy = f"请写其中之一：{'、'.join(names)}" if names else "请空着"
            raise Slip(COHORT, f"“{indicator.name}”没有分组“{cohort}”" if cohort else "没有填写分组", remedy)
        return FigureRow(
            line=self._line.number,
            programme=programme,
            unit=unit,
            report=self._report(programme, unit),
            indicator=indicator,
            slot=Slot(indicator.id, Figure.ACTUAL, cohort),
            value=self._number(FIGURE, indicator.unit),
            basis=basis,
        )

    def _cell(self, column: str) -> str:
        return self._line.cells.get(column, "")

    def _needed(self, column: str) -> str:
        if not self._cell(column):
            raise Slip(column, f"没有填写{column}", "请补上")
        return self._cell(column)

    def _programme(self) -> Programme:
        written, running = self._cell(PROGRAMME), self._books.programmes
        listed = "、".join(programme.code for programme in running)
        if not written and len(running) == 1:
            return running[0]
        if not written:
            raise Slip(PROGRAMME, "没有填写考核方案，而运行中的不止一个", f"请写其中之一：{listed}")
        found = [one for one in running if written in (one.code, one.rulebook.id, one.rulebook.name)]
        if len(found) != 1:
            why = self._books.out.get(written)
            raise Slip(PROGRAMME, why or f"没有运行中的考核方案“{written}”", f"请写其中之一：{listed}")
        return found[0]

    def _unit(self) -> Unit:
        unit = self._books.people.named(self._needed(UNIT))
        if unit is None:
            raise Slip(UNIT, f"名册中没有“{self._cell(UNIT)}”", "请先导入名册，或改正单位名称")
        return unit

    def _clause(self, programme: Programme) -> Clause:
        written = self._cell(CLAUSE)
        found = [clause for clause in programme.rulebook.clauses if _is(written, clause.id, clause.cite)]
        if len(found) == 1:
            return found[0]
        if not found:
            raise Slip(CLAUSE, f"{programme.rulebook.name}没有条款“{written}”", "请按办法中的条款编号填写")
        raise Slip(CLAUSE, f"“{written}”有几条", f"请写编号：{'、'.join(clause.id for clause in found)}")

    def _holder(self, clause: Clause, unit: Unit) -> int:
        name = self._cell(PERSON)
        if clause.subject is Subject.UNIT:
            if name:
                raise Slip(PERSON, "该条记入单位账户，不记个人", "请空着")
            return unit.id
        if not name:
            raise Slip(PERSON, f"该条记入{clause.subject}账户，没有填写人员", "请补上姓名")
        here = dict.fromkeys(post.person for post in self._books.people.posts if post.unit == unit.id)
        named = [person for person in here if self._books.people.person(person).name == name]
        if len(named) != 1:
            what = f"“{unit.name}”{'有不止一位' if named else '没有'}“{name}”"
            raise Slip(PERSON, what, "请核对名册")
        return named[0]

    def _day(self, year: int) -> date:
        written = self._needed(DAY)
        day = day_of(written)
        if day is None:
            raise Slip(DAY, f"“{written}”不是日期", f"请写作 {year}-01-31")
        if day.year != year:
            raise Slip(DAY, f"{day}不在{year}年度内", "本表只记本年度的分")
        if day > self._books.today:
            raise Slip(DAY, f"{day}在今天以后", "请核对日期")
        return day

    def _number(self, column: str, unit: str) -> Decimal:
        written = self._needed(column)
        digits = plain(written).replace(",", "").replace("−", "-").removesuffix(plain(unit)).strip()
        try:
            value = Decimal(digits)
            to_scaled(value)
        except (InvalidOperation, ExtraPlaces):
            raise Slip(column, f"“{written}”不是数", "请只写数字，至多四位小数") from None
        return value

    def _indicator(self, programme: Programme, unit: Unit) -> Indicator:
        written = self._cell(INDICATOR)
        indicators = programme.rulebook.indicators
        found = [each for each in indicators if _is(written, each.id, each.name, *each.aliases)]
        if not found:
            raise Slip(INDICATOR, f"{programme.rulebook.name}没有指标“{written}”", "请按办法中的指标名称填写")
        if found[0] not in reported_by(programme.rulebook, unit):
            raise Slip(INDICATOR, f"“{found[0].name}”不由“{unit.name}”报送", "请核对承担单位")
        return found[0]

    def _report(self, programme: Programme, unit: Unit) -> PastReport:
        written, rulebook = self._needed(PERIOD), programme.rulebook
        named = read_period(written, rulebook.year)
        if named is None:
            raise Slip(PERIOD, f"“{written}”不是报告期", f"请写作 {rulebook.year}-06、1—6月 或 二季度")
        asked = [
            (duty, period)
            for duty in rulebook.duties
            if duty.indicators and _owes(unit, duty.units or leads(rulebook))
            for period in periods_of(duty, rulebook.year)
            if named.is_asked(period, cumulative=duty.cumulative)
        ]
        if not asked:
            raise Slip(PERIOD, f"“{unit.name}”没有{written}的指标报送任务", "请核对报告期和年度")
        # 1—6月 may be a month's and a quarter's: the period as it was written goes first.
        duty, period = min(asked, key=lambda one: one[1] != named.period)
        return self._past(programme, unit, duty, period)

    def _past(self, programme: Programme, unit: Unit, duty: Duty, period: Period) -> PastReport:
        name = duty.title(period)
        due = due_times(duty, period, self._books.installation.calendar, self._books.installation.zone)
        if due is None:
            raise Slip(PERIOD, f"“{name}”的截止日尚未设定", "请先设定截止日")
        if due.due_day >= programme.live_from:
            what = f"“{name}”{due.due_day}截止，在起用日{programme.live_from}以后"
            raise Slip(PERIOD, what, "请由单位报送，或由考核办代录")
        return PastReport(unit.id, duty, period, due)


def _is(written: str, *names: str) -> bool:
    """Whether one of these is meant, in whatever width it was typed."""
    return plain(written) in map(plain, names)


def _owes(unit: Unit, names: Sequence[str]) -> bool:
    return bool({unit.name, *unit.aliases, unit.group}.intersection(names))
