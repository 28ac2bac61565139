"""`duban import`: one file of the office -> roster, programme or calendar. All or nothing, and as a dry run first."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from sqlmodel import select

from assessment import rulebook_file
from assessment.fault import Broken, Fault
from assessment.roster import Roster
from assessment.rulebook import Rulebook
from bot.all_or_nothing import written
from bot.authoring.office_files import as_lines, holds_measure, measure_in_grids, read_grids
from bot.command_line import BAD_USAGE, Stop
from bot.roster_file import RosterFile, apply_roster, doubts_here, faults_here, read_roster
from bot.roster_people import Whose, who_is_who
from bot.roster_rows import RosterRow
from bot.roster_table import PHONE, Unreadable, decode
from bot.workbook.sheet import Grid
from storage import calendars, phones, programmes, roster, suggestions
from storage.calendars import Kept
from storage.database import Database
from storage.programmes import ProgrammeRow
from storage.unit_of_work import UnitOfWork

EVERYBODY = "全部"
_CALENDAR = re.compile(r"^\s*(?:放假|上班)\s*[:：]", re.MULTILINE)
_RENEWED = {
    True: "试运行办法已更换，此前形成的拟加拟扣作废；正在运行的服务须重启",
    False: "已由试运行转为正式运行，试运行期间的拟加拟扣作废；正在运行的服务须重启",
}
_RULEBOOK = re.compile(r"^(?:办法|条款|指标|报送任务)\s*[:：]", re.MULTILINE)


@dataclass(frozen=True)
class Wishes:
    """What the caller asks for beside the file."""

    today: date
    live_from: date
    dry_run: bool = False
    trial: bool = False
    skip_bad: bool = False
    end_missing: bool = False


@dataclass(frozen=True)
class Report:
    """What was done, or would have been. `faults` were skipped on request; `remarks` want attention."""

    kind: str
    counts: Mapping[str, int]
    faults: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    dry_run: bool = False
    listed: tuple[str, ...] = ()
    """Line by line what is entered, where the file asks for that."""

    def sentence(self) -> str:
        """新增 3、变更 2、不变 40、停用 1、有误 2."""
        counts = "、".join(f"{what} {number}" for what, number in self.counts.items())
        return f"{self.kind}：{counts}" + ("（试算，未写入）" if self.dry_run else "")


def bring_in(
    path: Path,
    database: Database,
    tenants: Mapping[str, str],
    wishes: Wishes,
    *,
    caseless: Collection[str] = (),
    looked_up: Collection[str] = (),
) -> Report:
    """Read the file, enter it, and say what came of it. Raises Stop when it is refused; then nothing is entered.

    `tenants`: the organisation on each channel. `caseless`: channels whose platform tells no case in accounts.
    `looked_up`: channels on which accounts are looked up by telephone number; without any no number is read.
    """
    data = _bytes_of(path)
    if path.suffix.lower() == ".xlsx":
        grids = read_grids(data, path.name)
        if holds_measure(grids):
            measure = measure_in_grids(grids, path.name)
            return _bring_rulebook(path.name, measure.text, database, wishes, measure.loaded.warnings)
        data = as_lines(next((grid for grid in grids if grid.cells), Grid("", {})))
    if path.suffix.lower() not in (".yaml", ".yml"):
        read = read_roster(data, path.name, phones=bool(looked_up))
        rows = [replace(row, account=row.account.lower()) if row.channel in caseless else row for row in read.rows]
        return _bring_roster(replace(read, rows=tuple(rows)), database, tenants, wishes, looked_up)
    text = _text_of(path.name, data)
    if _CALENDAR.search(text) and not _RULEBOOK.search(text):
        return _bring_calendar(path.name, text, database, wishes)
    return _bring_rulebook(path.name, text, database, wishes)


def unknown_names(rulebook: Rulebook, people: Roster, day: date) -> list[str]:
    """What a rulebook calls units that the roster does not know, each with what may be meant."""
    wanted = [rulebook.office, *([rulebook.assessed] if rulebook.assessed else [])]
    for indicator in rulebook.indicators:
        wanted += indicator.owners
    for duty in rulebook.duties:
        wanted += duty.units
    for indicator in rulebook.indicators:
        wanted += [*indicator.co_owners, *(part.unit for part in (*indicator.split, *indicator.dual_split))]
    known = {name for unit in people.units for name in (unit.name, *unit.aliases, unit.group)}
    missing = [name for name in dict.fromkeys(wanted) if not people.chosen([name], day)]
    return [f"名册中没有“{name}”{_meant(name, known)}" for name in missing]


def _meant(name: str, known: set[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.7)
    return f"，是否指“{close[0]}”" if close else ""


def _bring_roster(
    read: RosterFile, database: Database, tenants: Mapping[str, str], wishes: Wishes, looked_up: Collection[str]
) -> Report:
    if wishes.skip_bad and wishes.end_missing:
        raise Stop("--skip-bad 与 --end-missing 不能同用：跳过的行会被当作已停用", status=BAD_USAGE)

    def enter(uow: UnitOfWork) -> Report:
        people = roster.whole(uow)
        amiss = tuple(faults_here(read, people, tenants.keys(), looked_up))
        lines = {fault.line for fault in amiss}
        who = who_is_who(uow, [row for row in read.rows if row.line not in lines], people, tenants.__getitem__)
        here = (*amiss, *doubts_here(read, who))
        faults = sorted([*read.faults, *here])
        if faults and (not wishes.skip_bad or not read.rows):
            raise Stop(*map(str, faults), f"有误 {len({f.line for f in faults})} 行，未写入任何一行")
        bad = {fault.line for fault in here}
        good = [row for row in read.rows if row.line not in bad]
        ending = wishes.today - timedelta(days=1) if wishes.end_missing else None
        outcome = apply_roster(
            uow, good, tenants.__getitem__, end_missing_on=ending, today=wishes.today, looked_up=looked_up, who=who
        )
        counts = {
            "新增": outcome.added,
            "变更": outcome.changed,
            "不变": outcome.unchanged,
            "停用": outcome.ended,
            "有误": len({fault.line for fault in faults}),
        }
        remarks = (*_of_people(read.file, good, who), *_of_phones(uow, read, looked_up))
        return Report("名册", counts, tuple(map(str, faults)), remarks, dry_run=wishes.dry_run)

    return written(database, enter, dry_run=wishes.dry_run)


def _of_people(file: str, rows: Sequence[RosterRow], who: Mapping[int, Whose]) -> Iterator[str]:
    """Whom the office should look at before it enters them: known again, or new beside one of the same name."""
    for row in rows:
        if row.line in who and (remark := who[row.line].remark):
            yield f"{file} 第 {row.line} 行：{remark}"


def _of_phones(uow: UnitOfWork, read: RosterFile, looked_up: Collection[str]) -> Iterator[str]:
    """What became of the telephone numbers in the file; how many, never which."""
    if PHONE not in read.table.columns:
        return
    if not looked_up:
        yield f"“{PHONE}”一列未读取，也未留存：没有渠道开启按手机号查找账号（phone_lookup）"
        return
    yield f"留存手机号 {phones.count(uow)} 人，仅用于查找账号；账号绑定后或本人离岗后抹去"


def erase_phones(database: Database, whom: str) -> int:
    """Erase the telephone numbers of everybody of that name, or of all (全部); return of how many people."""

    def job(uow: UnitOfWork) -> int:
        before = phones.count(uow)
        named = {person.id for person in roster.whole(uow).people if person.name == whom}
        if whom != EVERYBODY and not named:
            raise Stop(f"名册中没有“{whom}”，未抹去手机号", status=BAD_USAGE)
        phones.erase(uow, None if whom == EVERYBODY else named)
        return before - phones.count(uow)

    return database.write_now(job)


def _bring_rulebook(
    file: str, text: str, database: Database, wishes: Wishes, warnings: Sequence[Fault] | None = None
) -> Report:
    """`warnings`: those of the file that the office wrote, where `text` was made of it."""
    try:
        loaded = rulebook_file.load(text, file)
    except Broken as broken:
        raise Stop(*map(str, broken.faults), f"有误 {len(broken.faults)} 处，未导入") from None
    if loaded.stand_ins and not wishes.trial:
        listed = [f"{file} {found.path}：代入 {found.value}，{found.reason}" for found in loaded.stand_ins]
        advice = f"有代入值 {len(listed)} 项，正式年度不能据此计分。请由考核办设定；仅作试运行请加 --trial"
        raise Stop(*listed, advice)
    rulebook = loaded.rulebook

    def enter(uow: UnitOfWork) -> Report:
        people = roster.whole(uow)
        office = people.named(rulebook.office)
        if office is None:
            raise Stop(f"{file} 主管：{unknown_names(rulebook, people, wishes.today)[0]}。请先导入名册，或改正单位名称")
        known = {row.code: row for row in uow.rows(select(ProgrammeRow))}
        try:
            added = programmes.add(uow, text, file, office=office.id, live_from=wishes.live_from, trial=wishes.trial)
        except programmes.Frozen as frozen:
            raise Stop(f"{file}：{frozen}") from None
        before = known.get(added.code)
        renewed = before is not None and (before.trial, before.digest) != (added.trial, added.digest)
        unset = [f"{file} {found.path}：未设定，暂不能办理{found.blocked}" for found in loaded.unset]
        unknown = [f"{file}：{name}" for name in unknown_names(rulebook, people, wishes.today)]
        remarks = (
            *map(str, loaded.warnings if warnings is None else warnings),
            *unknown,
            *unset,
            *((_RENEWED[added.trial],) if renewed else ()),
            *(_suggested(uow, known.get(f"{rulebook.id}-{rulebook.year - 1}")) if before is None else ()),
        )
        counts = {"新增": int(before is None), "变更": int(renewed), "不变": int(before is not None and not renewed)}
        kind = f"考核办法 {rulebook.name}（{added.live_from} 起用）"
        return Report(kind, counts, (), remarks, wishes.dry_run)

    return written(database, enter, dry_run=wishes.dry_run)


def _suggested(uow: UnitOfWork, last_year: ProgrammeRow | None) -> Iterator[str]:
    """What was suggested on last year's measure, for whoever drafts this year's (R90); not what was declined."""
    if last_year is None:
        return
    for row in suggestions.of_programme(uow, last_year.id):
        if row.stage != suggestions.Stage.DECLINED.value:
            state = "已采纳" if row.stage == suggestions.Stage.ADOPTED.value else "待定"
            yield f"上年度修改建议 {row.number}（{state}）：{row.text}"


def _bring_calendar(file: str, text: str, database: Database, wishes: Wishes) -> Report:
    def enter(uow: UnitOfWork) -> Report:
        try:
            overlay, kept = calendars.keep(uow, text)
        except ValueError as fault:
            raise Stop(f"{file} {fault}") from None
        remarks = () if kept is Kept.SAME else ("正在运行的服务须重启后按新日历计算",)
        counts = {what.value: int(what is kept) for what in Kept}
        return Report(f"{overlay.year} 年日历", counts, (), remarks, wishes.dry_run)

    return written(database, enter, dry_run=wishes.dry_run)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise Stop(f"{path}：文件不能读取（{error.strerror}）", status=BAD_USAGE) from None


def _text_of(file: str, data: bytes) -> str:
    try:
        return decode(data, file)
    except Unreadable as unreadable:
        raise Stop(str(unreadable.fault)) from None
