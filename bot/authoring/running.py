"""Rulebooks by name: a file, or a programme that runs; and parameters written into a programme that runs."""

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

from sqlmodel import col, select

from assessment import rulebook_file
from assessment.filling_in import OtherChange
from assessment.roster import Role
from bot.authoring.office_files import Measure, measure_at
from bot.authoring.parameters import FilledSheet
from bot.clock import SystemClock
from bot.command_line import BAD_USAGE, Stop
from bot.installed import database_of, settings_at
from storage import programmes, roster
from storage.filling_in import ChangedMeanwhile, NothingToFill, fill_in
from storage.programmes import ProgrammeRow
from storage.unit_of_work import UnitOfWork


def is_file(measure: str) -> bool:
    """Whether a file is meant, not a running programme."""
    return Path(measure).suffix.lower() in (".yaml", ".yml", ".xlsx") or Path(measure).exists()


def measure_named(measure: str, config: Path) -> Measure:
    """The rulebook in that file or of that running programme. Raises Stop."""
    if is_file(measure):
        return measure_at(Path(measure))
    with database_of(settings_at(config)) as database:
        row = database.read_now(lambda uow: _running(uow, measure))
    return Measure(row.text, rulebook_file.load(row.text, row.code))


def fill_in_running(config: Path, code: str, measure: Measure, filled: FilledSheet, by: str) -> Sequence[str]:
    """Write the values into the programme, in the name of that person of its office; return what to know of it.

    A trial takes the text as one more draft. Raises Stop; then nothing is written.
    """
    settings = settings_at(config)
    now = SystemClock().now()

    def job(uow: UnitOfWork) -> None:
        row = _running(uow, code)
        person = _officer(uow, row, by, settings.service.zone)
        if row.digest != measure.loaded.digest:
            raise ChangedMeanwhile
        if row.trial:
            programmes.add(uow, filled.text, code, office=row.office, live_from=row.live_from, trial=True)
            return
        basis = {change.at: change.basis for change in filled.changes}
        fill_in(uow, programmes.get(uow, row.id), filled.text, basis=basis, by=person, at=now)

    with database_of(settings) as database:
        try:
            database.write_now(job)
        except ChangedMeanwhile:
            raise Stop(f"考核方案 {code} 刚被他人改动，未写入，请重新出参数表") from None
        except (OtherChange, NothingToFill) as refused:
            raise Stop(f"{refused}，未写入") from None
    return ("有关得分已重新计算；此前没有分值的拟扣分，须先听情况说明再核定", "提醒、催办自系统下一次检查起按新值办理")


def _running(uow: UnitOfWork, code: str) -> ProgrammeRow:
    row = uow.row(select(ProgrammeRow).where(ProgrammeRow.code == code, col(ProgrammeRow.ended).is_(False)))
    if row is None:
        known = [programme.code for programme in programmes.running(uow)]
        listed = "、".join(known) or "没有"
        raise Stop(f"没有文件，也没有运行中的考核方案“{code}”。运行中的：{listed}", status=BAD_USAGE)
    return row


def _officer(uow: UnitOfWork, row: ProgrammeRow, name: str, zone: tzinfo) -> int:
    people = roster.whole(uow)
    today = SystemClock().now().astimezone(zone).date()
    holders = people.holders(row.office, (Role.OFFICE,), today)
    named = [person for person in holders if people.person(person).name == name]
    if len(named) != 1:
        listed = "、".join(people.person(person).name for person in holders) or "无"
        raise Stop(f"“{name}”不是本方案考核办的同志，现有：{listed}", status=BAD_USAGE)
    return named[0]
