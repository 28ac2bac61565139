"""`duban check`: everything that must be right before the service runs, each with what to do about it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import make_url

from assessment import rulebook_file
from assessment.fault import Broken
from assessment.requirements import asks, leads
from assessment.roster import Role, Roster
from assessment.rulebook import Rulebook, SignOff
from assessment.rulebook_file import Loaded
from bot.app import database_url
from bot.bring_in import unknown_names
from bot.channel_settings import looks_up
from bot.findings import Finding, Mark
from bot.installed import UNUSABLE, why_unusable
from bot.settings import Settings
from storage import calendars, migrate, phones, programmes, roster
from storage.database import Database
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

__all__ = ["Finding", "Mark", "check_up", "conclusion", "what_is_missing"]

_SHOWN = 5
"""So many of a long list are named; the rest are counted."""


def check_up(settings: Settings, today: date) -> list[Finding]:
    """Look at everything beyond the settings themselves. Nothing is changed, and no database is made."""
    loaded: dict[str, Loaded] = {}
    findings = [*_folders(settings), *_rulebooks(settings.service.rulebooks, loaded)]
    return [*findings, *_database(settings, loaded, today)]


def conclusion(findings: Iterable[Finding]) -> str:
    """The last line: whether the service may run, and how much is to be done."""
    marks = [finding.mark for finding in findings]
    bad, open_ends = marks.count(Mark.BAD), marks.count(Mark.OPEN)
    if bad:
        rest = f"；另有 {open_ends} 项待完善（{Mark.OPEN}）" if open_ends else ""
        return f"须处理 {bad} 项（{Mark.BAD}），处理后再次运行 duban check{rest}"
    if open_ends:
        return f"没有必须处理的问题，服务可以运行；{open_ends} 项待完善（{Mark.OPEN}）"
    return "全部正常，服务可以运行"


def what_is_missing(uow: UnitOfWork, today: date) -> list[Finding]:
    """What the stored roster, programmes and calendar lack on that day; good findings included."""
    people, running = roster.whole(uow), programmes.running(uow)
    return [*_calendar(uow, today), *_roster(people, today), *_programmes(running, people, today)]


def _folders(settings: Settings) -> Iterator[Finding]:
    if not settings.channels:
        yield Finding(Mark.OPEN, "没有设置渠道，不能收发消息", "请在设置文件中添加一节 [[channels]]")
    if not settings.service.files.is_dir():
        yield Finding(
            Mark.BAD, f"没有附件目录 {settings.service.files}", "请建立该目录，或改正设置文件 [service] 一节的 files"
        )


def _rulebooks(folder: Path, loaded: dict[str, Loaded]) -> Iterator[Finding]:
    if not folder.is_dir():
        yield Finding(Mark.BAD, f"没有考核办法目录 {folder}", "请建立该目录，或改正设置文件 [service] 一节的 rulebooks")
        return
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml"))
    for path in paths:
        yield from _rulebook(path, loaded)


def _rulebook(path: Path, loaded: dict[str, Loaded]) -> Iterator[Finding]:
    try:
        found = rulebook_file.load(path.read_text("utf-8-sig"), path.name)
    except Broken as broken:
        for fault in broken.faults:
            place = f"{fault.file} 第 {fault.line} 行 第 {fault.column} 列 {fault.path}".rstrip()
            yield Finding(Mark.BAD, f"{place}：{fault.what}", fault.remedy)
        return
    except (OSError, UnicodeDecodeError):
        yield Finding(Mark.BAD, f"{path.name} 不能读取", "请将文件另存为 UTF-8 编码，并核对是否有权读取")
        return
    loaded[str(path)] = found
    rulebook = found.rulebook
    size = f"条款 {len(rulebook.clauses)}、指标 {len(rulebook.indicators)}、报送任务 {len(rulebook.duties)}"
    yield Finding(Mark.GOOD, f"{path.name}：{rulebook.name}，{rulebook.year} 年度，{size}")
    for warning in found.warnings:
        yield Finding(Mark.OPEN, f"{path.name} 第 {warning.line} 行 {warning.path}：{warning.what}", warning.remedy)
    if found.unset:
        listed = _listed([unset.path for unset in found.unset])
        waiting = "、".join(dict.fromkeys(unset.blocked for unset in found.unset))
        remedy = f"请由考核办设定，此前暂不能办理：{waiting}"
        yield Finding(Mark.OPEN, f"{path.name} 未设定 {len(found.unset)} 项：{listed}", remedy)
    if found.stand_ins:
        listed = _listed([f"{stand_in.path}（{stand_in.value}）" for stand_in in found.stand_ins])
        remedy = "只能试运行，有关结果标◇；正式运行前请由考核办设定"
        yield Finding(Mark.OPEN, f"{path.name} 有 {len(found.stand_ins)} 项是代入值：{listed}", remedy)


def _database(settings: Settings, loaded: Mapping[str, Loaded], today: date) -> Iterator[Finding]:
    address = make_url(database_url(settings))
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").exists():
        yield from _no_rulebooks(settings, loaded)
        yield Finding(Mark.OPEN, "数据库尚未建立", "请先导入名册：duban import roster.csv，数据库随之建立")
        return
    try:
        with Database.open(database_url(settings)) as database:
            yield from _opened(database, settings, loaded, today)
    except UNUSABLE as error:
        yield Finding(Mark.BAD, why_unusable(error), "处理后再次运行 duban check")


def _no_rulebooks(settings: Settings, loaded: Mapping[str, Loaded]) -> Iterator[Finding]:
    """Nothing to begin with. Once a measure runs, which may have come from a workbook, nothing lacks in the folder."""
    folder = settings.service.rulebooks
    if not loaded and folder.is_dir() and not any(folder.glob("*.y*ml")):
        yield Finding(Mark.OPEN, f"考核办法目录 {folder} 是空的", "请放入考核办法文件（.yaml），再逐个导入")


def _opened(database: Database, settings: Settings, loaded: Mapping[str, Loaded], today: date) -> Iterator[Finding]:
    at, newest = migrate.current(database), migrate.newest()
    if at != newest:
        newer = at is not None and newest is not None and at > newest
        remedy = "请使用建立数据库时的版本或更新版本的程序" if newer else "请先备份数据库；下次导入或运行服务时自动升级"
        what = f"数据库结构版本为 {at or '空'}，程序需要 {newest}"
        yield Finding(Mark.BAD if newer else Mark.OPEN, what, remedy)
        return
    if not database.read_now(programmes.running):
        yield from _no_rulebooks(settings, loaded)
    yield Finding(Mark.GOOD, f"数据库可用，结构版本 {newest}")
    yield from database.read_now(lambda uow: what_is_missing(uow, today))
    yield from _phones(settings, database.read_now(phones.count))
    yield from database.read_now(lambda uow: list(_against_files(programmes.running(uow), loaded)))
    yield from database.read_now(lambda uow: list(_names_in_files(uow, loaded, today)))


def _calendar(uow: UnitOfWork, today: date) -> Iterator[Finding]:
    missing = calendars.calendar(uow).missing_year(today)
    if missing is None:
        yield Finding(Mark.GOOD, f"{today.year} 年的工作日历已有")
        return
    remedy = f"放假通知公布后，请写成 {missing}.yaml（年度、放假、上班三项），运行 duban import {missing}.yaml"
    if missing == today.year:
        yield Finding(Mark.BAD, f"{missing} 年的工作日历尚未导入，暂按周一至周五安排，且不据此拟扣分", remedy)
    else:
        yield Finding(Mark.OPEN, f"{missing} 年的工作日历尚未导入", remedy)


def _roster(people: Roster, today: date) -> Iterator[Finding]:
    posts = [post for post in people.posts if post.held_on(today)]
    if not posts:
        yield Finding(Mark.OPEN, "名册为空", "请填好 roster.csv，运行 duban import roster.csv")
        return
    units, persons = [unit for unit in people.units if unit.belongs_on(today)], {post.person for post in posts}
    yield Finding(Mark.GOOD, f"名册：单位 {len(units)}、人员 {len(persons)}、岗位 {len(posts)}")


def _phones(settings: Settings, kept: int) -> Iterator[Finding]:
    """Whether telephone numbers are read, and how many are kept; they are personal data."""
    titles_of = "、".join(channel.name for channel in settings.channels if looks_up(channel))
    if titles_of:
        remedy = "账号绑定后或本人离岗后抹去；提前抹去请运行 duban import --erase-phone 姓名"
        yield Finding(Mark.TOLD, f"按手机号查找账号：已开启（{titles_of}），留存手机号 {kept} 人", remedy)
    elif kept:
        remedy = "请运行 duban import --erase-phone 全部"
        yield Finding(Mark.OPEN, f"按手机号查找账号未开启，数据库中仍留存手机号 {kept} 人", remedy)
    else:
        yield Finding(Mark.TOLD, "按手机号查找账号：未开启", "名册中的手机号一列不读取，也不留存")


def _programmes(running: Iterable[Programme], people: Roster, today: date) -> Iterator[Finding]:
    known = list(running)
    if not known:
        yield Finding(Mark.OPEN, "没有运行中的考核方案", "请导入考核办法：duban import 考核办法文件")
    for programme in known:
        bad = [Finding(Mark.BAD, f"{programme.code}：{name}", _AGREE) for name in _unknown(programme, people, today)]
        yield from bad or [Finding(Mark.GOOD, f"{programme.code}：主管、承担单位都在名册中")]
        silent = [unit for unit in _owing(programme.rulebook, people, today) if not _has_reporter(people, unit, today)]
        if silent:
            names = _listed([people.unit(unit).name for unit in silent])
            yield Finding(Mark.OPEN, f"{programme.code}：{names}没有填报人，提醒和催报无人接收", _ADD)
        yield from _without_signer(programme.rulebook, people, today)

    yield from _owing_nothing(known, people, today)


def _without_signer(rulebook: Rulebook, people: Roster, today: date) -> Iterator[Finding]:
    """Posts that a duty needs and nobody holds: without them no report comes about."""
    for duty in rulebook.duties:
        role = {SignOff.HEAD: Role.HEAD, SignOff.DEPUTY: Role.DEPUTY}.get(duty.sign_off)
        units = [unit for unit in people.chosen(duty.units or leads(rulebook), today) if asks(rulebook, duty, unit)]
        vacant = [unit.name for unit in units if role is not None and not people.holders(unit.id, (role,), today)]
        if vacant and role is not None:
            what = f"“{duty.name}”须由{role}签发，{_listed(vacant)}没有{role}"
            yield Finding(Mark.OPEN, what, "请在名册中补上后重新导入，否则报送后无人签发")


def _owing_nothing(running: Iterable[Programme], people: Roster, today: date) -> Iterator[Finding]:
    """Units that no programme asks anything of: perhaps on purpose, perhaps forgotten."""
    known = list(running)
    owing = {unit for programme in known for unit in _owing(programme.rulebook, people, today)}
    owing |= {programme.office for programme in known}
    idle = [unit.name for unit in people.units if unit.belongs_on(today) and unit.id not in owing]
    if known and idle:
        remedy = "如应报送，请核对办法中的“承担单位”与名册的名称或类别；不报送的不必处理"
        yield Finding(Mark.TOLD, f"{_listed(idle)}没有承担指标和报送任务", remedy)


_AGREE = "请改正名册后重新导入，名称须与办法一致"
_ADD = "请在名册中补上填报人后重新导入"


def _unknown(programme: Programme, people: Roster, today: date) -> Iterator[str]:
    yield from unknown_names(programme.rulebook, people, today)
    if programme.office not in {unit.id for unit in people.units if unit.belongs_on(today)}:
        yield "主管单位已不在名册中"


def _owing(rulebook: Rulebook, people: Roster, today: date) -> list[int]:
    names = [name for duty in rulebook.duties for name in duty.units]
    names += [name for indicator in rulebook.indicators for name in indicator.owners]
    return [unit.id for unit in people.chosen(names, today)]


def _has_reporter(people: Roster, unit: int, today: date) -> bool:
    return bool(people.holders(unit, (Role.REPORTER,), today))


def _against_files(running: Iterable[Programme], loaded: Mapping[str, Loaded]) -> Iterator[Finding]:
    """A file that says something else than what runs: the year goes on with what runs."""
    digests = {programme.code: programme.digest for programme in running}
    for name, found in loaded.items():
        code = f"{found.rulebook.id}-{found.rulebook.year}"
        if code not in digests:
            yield Finding(Mark.OPEN, f"{name} 尚未导入", f"请运行 duban import {name}{_on_trial(found)}")
        elif digests[code] != found.digest:
            yield Finding(Mark.OPEN, f"{name} 与运行中的 {code} 不同，当年仍按已导入的计分", "改动请列入下一年度")


def _names_in_files(uow: UnitOfWork, loaded: Mapping[str, Loaded], today: date) -> Iterator[Finding]:
    """Rulebooks not yet imported against the roster: whom they name that nobody knows."""
    codes = {programme.code for programme in programmes.running(uow)}
    people = roster.whole(uow)
    for name, found in loaded.items():
        if f"{found.rulebook.id}-{found.rulebook.year}" not in codes and people.units:
            unknown = unknown_names(found.rulebook, people, today)
            if unknown:
                yield Finding(Mark.OPEN, f"{name}：{_listed(unknown)}", "导入前请核对名称，须与名册一致")


def _on_trial(found: Loaded) -> str:
    return "；含代入值，只能试运行，请加 --trial" if found.stand_ins else ""


def _listed(names: list[str]) -> str:
    more = f"等 {len(names)} 项" if len(names) > _SHOWN else ""
    return "、".join(names[:_SHOWN]) + more
