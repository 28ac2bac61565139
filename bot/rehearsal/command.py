"""`duban rehearse`: what was asked for → a rehearsal → the report, the data and the exit status."""

import asyncio
import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path

import typer

from bot.command_line import BAD_USAGE, DONE, FAULTS, Stop, complain
from bot.installed import database_of, settings_at
from bot.logs import configure_logs
from bot.rehearsal import copying, report
from bot.rehearsal.copying import Original, Text
from bot.rehearsal.facts import Rehearsed
from bot.rehearsal.habits import Habit
from bot.rehearsal.progress import bar
from bot.rehearsal.running import rehearse, wishes_for
from storage.roster import UnitRow


@dataclass(frozen=True)
class Asked:
    """The options as they were typed."""

    config: Path
    year: int | None
    until: str | None
    rulebooks: tuple[Path, ...]
    behaviour: str
    data: Path | None


def rehearse_year(asked: Asked, today: Callable[[tzinfo], date]) -> int:
    """Rehearse, say what was found, and return the exit status: 1 where a cap is exceeded. Raises Stop."""
    behaviour = _behaviour(asked.behaviour)
    settings = settings_at(asked.config)
    with database_of(settings) as database:
        source = database.read_now(copying.original)
    now = datetime.combine(today(settings.service.zone), time.min, settings.service.zone)
    texts = _texts(asked, source, now.year)
    last = _last_day(asked.until, texts[0].year) if asked.until else None
    wishes = wishes_for(texts, texts[0].year, now, last, behaviour)
    # The service's own news concern nobody here; what is wrong stands in the report.
    configure_logs(stream=sys.stderr, level=logging.CRITICAL)
    with bar(wishes) as tick:
        found = asyncio.run(rehearse(settings, source, wishes, tick))
    if asked.data is not None:
        _save(asked.data, found)
    typer.echo("\n".join(report.text(found)))
    faults = report.faults(found)
    if faults:
        complain(["", f"预演未通过：{len(faults)} 处超过上限，请调整办法的截止日、催办阶梯或减负上限后再次预演"])
    return FAULTS if faults else DONE


def _texts(asked: Asked, source: Original, this_year: int) -> tuple[Text, ...]:
    """The rulebooks of the one year that is rehearsed: the year asked for, else this one, else the newest."""
    if not source.rows[UnitRow]:
        raise Stop("名册是空的，请先导入名册：duban import roster.csv")
    every = tuple(map(copying.in_file, asked.rulebooks)) or source.running
    if not every:
        raise Stop("没有考核方案，请先导入考核办法，或用 --rulebook 指明文件")
    years = {text.year for text in every}
    year = asked.year or (this_year if this_year in years else max(years))
    chosen = tuple(text for text in every if text.year == year)
    if not chosen:
        raise Stop(f"没有 {year} 年度的考核方案，现有：{'、'.join(map(str, sorted(years)))}；可用 --rulebook 指明文件")
    return chosen


def _behaviour(typed: str) -> Habit:
    try:
        return Habit(typed)
    except ValueError:
        listed = "、".join(habit.value for habit in Habit)
        raise Stop(f"--behaviour 应为 {listed} 之一，不是“{typed}”", status=BAD_USAGE) from None


def _last_day(typed: str, year: int) -> date:
    try:
        return datetime.strptime(f"{year}-{typed}", "%Y-%m-%d").date()  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        raise Stop(f"--until 应写成 09-30 的样子，不是“{typed}”", status=BAD_USAGE) from None


def _save(path: Path, found: Rehearsed) -> None:
    """A name that ends in .csv asks for the messages as a table, any other for everything as JSON."""
    if path.suffix.lower() == ".csv":
        _write(path, report.messages_table(found), "utf-8-sig")  # without the mark a spreadsheet misreads Chinese
    else:
        _write(path, json.dumps(report.data(found), ensure_ascii=False, indent=1), "utf-8")


def _write(path: Path, text: str, encoding: str) -> None:
    try:
        path.write_text(text, encoding)
    except OSError as error:
        raise Stop(f"{path} 不能写入：{error.strerror}") from None
