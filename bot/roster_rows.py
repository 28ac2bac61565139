"""One line of the roster -> one row, or what is wrong with it; rows that contradict each other."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from assessment.fault import Fault
from assessment.phone_numbers import mobile_number
from assessment.roster import Role
from bot.roster_table import PHONE, Line, Table

_ROLES: Mapping[str, Role] = {
    **{role.value: role for role in Role},
    "联络员": Role.REPORTER,
    "经办人": Role.REPORTER,
    "单位主要负责人": Role.HEAD,
    "管理员": Role.ADMINISTRATOR,
}
_LIST = re.compile(r"[、,，;；/\s]+")
_DAYS = (
    re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})"),
    re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 0?0:00(?::00)?)?"),
)


@dataclass(frozen=True)
class RosterRow:
    """One row without faults. What the file does not speak of is None and stays as it is stored."""

    line: int
    unit: str
    aliases: tuple[str, ...] | None = None
    group: str | None = None
    name: str = ""
    role: Role | None = None
    """None where the row names a unit only; then there is no name, channel and account either."""
    channel: str = ""
    account: str = ""
    phone: str = ""
    """A mobile number, where the row has one and it may be read; then the account may be missing."""
    first_day: date | None = None
    last_day: date | None = None


def day_of(written: str) -> date | None:
    """A day as it stands in an office's table: 20260131, 2026-01-31, 2026年1月31日; None for anything else."""
    found = next((found for pattern in _DAYS if (found := pattern.fullmatch(written))), None)
    try:
        return date(*map(int, found.groups())) if found is not None else None
    except ValueError:
        return None


def read_rows(table: Table, file: str) -> tuple[tuple[RosterRow, ...], tuple[Fault, ...]]:
    """The rows that stand alone and agree with those before them, and the faults of all others, by line."""
    read = [_Reading(line, table, file) for line in table.lines]
    rows = [reading.row for reading in read if not reading.faults]
    clashes = list(_clashes(rows, table, file))
    bad = {fault.line for fault in clashes}
    faults = sorted([*(fault for reading in read for fault in reading.faults), *clashes])
    return tuple(row for row in rows if row.line not in bad), tuple(faults)


class _Reading:
    """One line being read: `row` is right only while there are no `faults`."""

    def __init__(self, line: Line, table: Table, file: str) -> None:
        self._line = line
        self._table = table
        self._file = file
        self.faults: list[Fault] = []
        self.row = self._row()

    def _row(self) -> RosterRow:
        unit = self._needed("单位")
        aliases, group = self._aliases(), self._line.cells.get("类别")
        if not any(self._cell(column) for column in ("姓名", "岗位", "账号", PHONE)):
            return RosterRow(self._line.number, unit, aliases, group)
        role = Role.REPORTER if self._table.reporters_only and not self._cell("岗位") else self._role()
        first_day, last_day = self._day("起"), self._day("止")
        phone = self._phone()
        if first_day and last_day and last_day < first_day:
            self._note("止", "“止”早于“起”", "请对调或改正")
        return RosterRow(
            line=self._line.number,
            unit=unit,
            aliases=aliases,
            group=group,
            name=self._needed("姓名"),
            role=role,
            channel=self._needed("渠道"),
            account="" if phone and not self._cell("账号") else self._needed("账号"),
            phone=phone,
            first_day=first_day,
            last_day=last_day,
        )

    def _cell(self, column: str) -> str:
        return self._line.cells.get(column, "")

    def _needed(self, column: str) -> str:
        value = self._cell(column)
        if not value:
            self._note(column, f"没有填写{column}", "请补上")
        elif not value.isprintable():
            self._note(column, f"{column}里有不可见的字符", "请重新录入这一格")
        return value

    def _phone(self) -> str:
        """The number; one that cannot be read is a fault only where it has to stand for the account."""
        number = mobile_number(self._cell(PHONE))
        if number is None and self._cell(PHONE) and not self._cell("账号"):
            # What stands there is not repeated: faults are printed, and it may be somebody's number after all.
            self._note(PHONE, "手机号不是11位手机号码", "请核对手机号，或填写账号")
        return number or ""

    def _role(self) -> Role | None:
        role = _ROLES.get(self._cell("岗位"))
        if role is None:
            what = f"没有岗位“{self._cell('岗位')}”" if self._cell("岗位") else "没有填写岗位"
            self._note("岗位", what, f"请写其中之一：{'、'.join(Role)}")
        return role

    def _aliases(self) -> tuple[str, ...] | None:
        if "单位别名" not in self._line.cells:
            return None
        named = dict.fromkeys(filter(None, _LIST.split(self._cell("单位别名"))))
        return tuple(alias for alias in named if alias != self._cell("单位"))

    def _day(self, column: str) -> date | None:
        written = self._cell(column)
        if not written:
            return None
        day = day_of(written)
        if day is None:
            self._note(column, f"“{written}”不是日期", "请写作 2026-01-01")
        return day

    def _note(self, column: str, what: str, remedy: str) -> None:
        self.faults.append(self._table.fault(self._file, self._line.number, column, what, remedy))


def _clashes(rows: Sequence[RosterRow], table: Table, file: str) -> Iterator[Fault]:
    """Rows that contradict an earlier one; the later is the faulty one."""
    posts: dict[tuple[object, ...], RosterRow] = {}
    accounts: dict[tuple[str, str], RosterRow] = {}
    bearer_of: dict[str, RosterRow] = {}
    groups: dict[str, RosterRow] = {}
    bearers: dict[str, RosterRow] = {}
    names = {row.unit for row in rows}
    for row in rows:
        earlier = posts.setdefault((row.unit, row.role, row.channel, row.account or row.phone, row.first_day), row)
        if earlier is not row:
            yield table.fault(file, row.line, "单位", f"与第 {earlier.line} 行重复", "请删去一行")
        earlier = bearer_of.setdefault(row.phone, row) if row.phone else row
        if earlier.name != row.name:
            what = f"手机号与第 {earlier.line} 行“{earlier.name}”的相同"
            yield table.fault(file, row.line, PHONE, what, "一个手机号只能是一个人，请改正")
        earlier = accounts.setdefault((row.channel, row.account), row) if row.account else row
        if earlier.name != row.name:
            what = f"账号“{row.account}”在第 {earlier.line} 行是“{earlier.name}”"
            yield table.fault(file, row.line, "账号", what, "一个账号只能是一个人，请改正")
        earlier = groups.setdefault(row.unit, row) if row.group else row
        if earlier.group != row.group:
            what = f"“{row.unit}”在第 {earlier.line} 行的类别是“{earlier.group}”"
            yield table.fault(file, row.line, "类别", what, "请统一")
        for alias in row.aliases or ():
            earlier = bearers.setdefault(alias, row)
            if alias in names or earlier.unit != row.unit:
                yield table.fault(file, row.line, "单位别名", f"“{alias}”也是另一单位的名称或别名", "请换一个别名")
