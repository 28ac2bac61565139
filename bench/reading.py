"""What understanding costs: one message's words, a large roster, and a year that grows.

python -m bench.reading [--rounds N] [--tiny] [--json]
"""

import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import median

from sqlalchemy import Engine

from assessment import rulebook_file
from assessment.periods import Period
from assessment.report_text import is_report_like, read_report
from assessment.roster import Role, Roster
from assessment.rulebook import Indicator, Rulebook
from bench import filling, town
from bench.databases import Bench, Recorder, working
from bench.measuring import Report, in_turns, medians, options, seconds
from bench.profile import opened_town, taker
from bot.county import CHANNEL, RULEBOOKS, found
from bot.roster_file import apply_roster, read_roster
from handlers.incoming import Incoming
from handlers.intake import LONGEST_TEXT
from schedules import opening
from storage import roster

BUDGET_MS = 50.0
"""Of processor time, to read the longest message."""
LINEAR = 1.5
"""Times what the length alone explains."""
GROWTH = 2.0
"""How much dearer a message may be in a large roster or late in the year."""

AT = datetime(town.YEAR, 9, 3, 10, tzinfo=town.ZONE)


@dataclass(frozen=True)
class Sizes:
    """How large."""

    units: tuple[int, int] = (40, 5000)
    people_a_unit: int = 10
    months: tuple[int, ...] = (1, 6, 12)
    messages: int = 10
    roster_rows: tuple[int, int] = (300, 3000)


TINY = Sizes(units=(2, 4), people_a_unit=2, months=(1, 2), messages=1, roster_rows=(6, 12))


def _words(report: Report, rounds: int) -> None:
    """read_report on messages as they are typed, and on the longest that are taken at all."""
    rulebook = max((_load(path) for path in RULEBOOKS), key=lambda book: len(book.indicators))
    owner = Counter(each.owners[0] for each in rulebook.indicators).most_common(1)[0][0]
    own = [each for each in rulebook.indicators if each.owners[0] == owner]
    others = [each for each in rulebook.indicators if each not in own]
    typed = _typed(own)
    texts = {
        "as typed": typed,
        "1,000 characters of it": _long(typed, LONGEST_TEXT // 4),
        "4,000 characters of it": _long(typed, LONGEST_TEXT),
        "4,000 characters: names": _long("".join((own[0].name, *own[0].aliases)), LONGEST_TEXT),
        "4,000 characters: others' names": _long("".join(each.name for each in others), LONGEST_TEXT),
        "4,000 characters: digits": _long("12345.678", LONGEST_TEXT),
        "4,000 characters: numbers": _long("3.8万预测7万,", LONGEST_TEXT),
        "4,000 characters: Chinese numbers": _long("三千八百万零五点六", LONGEST_TEXT),
        "4,000 characters: prose": _long("一是抓好规上企业运行监测，确保完成全年任务。", LONGEST_TEXT),
        "4,000 characters: nearly a name": _long(own[0].name[:-1] + "某", LONGEST_TEXT),
    }

    def read(text: str) -> Callable[[], float]:
        return lambda: (
            1000
            * _cpu(
                lambda: read_report(
                    text, own=own, others=others, period=Period.parse(f"{rulebook.year}-07"), cumulative=True
                )
            )
        )

    def like(text: str) -> Callable[[], float]:
        return lambda: 1000 * _cpu(lambda: is_report_like(text, own))

    reading = medians(in_turns(rounds, {name: read(text) for name, text in texts.items()}))
    glancing = medians(in_turns(rounds, {name: like(text) for name, text in texts.items()}))
    table = report.table(
        f"one message's words, cpu ms ({len(own)} own indicators, {len(others)} others)",
        "message",
        "characters",
        "read_report",
        "is_report_like",
    )
    for name, text in texts.items():
        table.row(name, len(text), reading[name], glancing[name])
    worst = max(reading, key=lambda name: reading[name])
    report.at_most(f"read_report, {worst}, cpu ms", reading[worst], BUDGET_MS)
    ratio = reading["4,000 characters of it"] / reading["1,000 characters of it"] / 4
    report.at_most("read_report, 4,000 characters against 1,000, by the character", ratio, LINEAR)


def _load(path: Path) -> Rulebook:
    return rulebook_file.load(path.read_text("utf-8"), path.name).rulebook


def _typed(own: list[Indicator]) -> str:
    """A report by the shortest alias, with full-width digits and missing blanks."""
    names = (min((each.name, *each.aliases), key=len) for each in own)
    return "１－７月" + ",".join(f"{name}{place}.8 预测{place}.９" for place, name in enumerate(names, 3))


def _long(text: str, characters: int) -> str:
    return (text * (characters // len(text) + 1))[:characters]


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def _rosters(report: Report, bench: Bench, sizes: Sizes, rounds: int) -> None:
    """The same messages in a county and where the roster is a province's."""
    engines: dict[int, Engine] = {}
    for units in sizes.units:
        engine = engines[units] = bench.engine("sqlite", f"roster{units}")
        with working(engine) as uow:
            found(uow, town.setting(0, AT, reporting=min(sizes.units)))
        filling.units(engine, units, sizes.people_a_unit)
        with working(engine) as uow:
            opening.sweep(uow, town.installation(), AT)
    place = min(sizes.units) - 1
    unit = town.unit_names(min(sizes.units))[place]
    asked: Mapping[str, tuple[str, str]] = {
        "得分 of the own unit": (town.reporter(place), "得分"),
        "得分 by name, from the office": ("office", f"{unit}局得分"),
        "words that mean nothing": (town.reporter(place), "请问在吗"),
        "stranger": ("nobody", "你好"),
        "the same report again": (town.reporter(place), town.report(unit, 8)),
    }
    table = report.table(
        f"one message, cpu ms ({sizes.people_a_unit} people a unit)",
        "message",
        *(f"{units} units" for units in sizes.units),
        "ratio",
    )
    for name, (sender, text) in asked.items():
        variants = {str(units): _asking(engine, name, sender, text) for units, engine in engines.items()}
        ms = medians(in_turns(rounds, variants))
        small, large = (ms[str(units)] for units in sizes.units)
        table.row(name, small, large, large / small)
        report.at_most(f"{name}: {sizes.units[1]} units against {sizes.units[0]}", large / small, GROWTH)
    reading = {str(units): _reading_anew(engine) for units, engine in engines.items()}
    ms = medians(in_turns(rounds, reading))
    small, large = (ms[str(units)] for units in sizes.units)
    table.row("roster read anew, once after each change", small, large, large / small)


def _asking(engine: Engine, name: str, sender: str, text: str) -> Callable[[], float]:
    take = taker(engine, AT)
    number = 0

    def once() -> float:
        nonlocal number
        number += 1
        # The roster and its keys are kept for one database only, as a service has one: the first message pays.
        take(town.message(f"{name}-first-{number}", sender, text, AT))
        with working(engine) as uow:
            _look_up(roster.whole(uow))
        message = town.message(f"{name}-{number}", sender, text, AT)
        return 1000 * _cpu(lambda: take(message))

    return once


def _reading_anew(engine: Engine) -> Callable[[], float]:
    def once() -> float:
        with working(engine) as uow:
            roster.add_unit(uow, town.OFFICE)  # a change, be it none
            return 1000 * _cpu(lambda: _look_up(roster.whole(uow)))

    return once


def _look_up(people: Roster) -> None:
    """Ask everything once: the keys of a roster are made when they are first asked for."""
    unit, person = people.units[0], people.people[0]
    assert (people.unit(unit.id), people.person(person.id), people.named(unit.name)) == (unit, person, unit)
    people.posts_of(person.id, AT.date())
    people.holders(unit.id, tuple(Role), AT.date())


def _year(report: Report, bench: Bench, sizes: Sizes) -> None:
    """The reports of a month when the year is young and when it is old."""
    table = report.table(
        "in the course of the year, cpu ms",
        "month",
        "a report of 4 indicators",
        "its statements",
        "4,000 characters of prose",
    )
    cost: dict[int, float] = {}
    longest = _long("一是抓好规上企业运行监测，确保完成全年任务。", LONGEST_TEXT)
    for month in sizes.months:
        at = datetime(town.YEAR + month // 12, month % 12 + 1, 3, 10, tzinfo=town.ZONE)
        engine = opened_town(bench, f"month{month}", min(sizes.units), at)
        recorder = Recorder().listen(engine)
        cost[month], statements = _reporting(engine, recorder, month, at, sizes)
        message = town.message("long", town.reporter(0), longest, at)
        prose = 1000 * _cpu(partial(taker(engine, at), message))
        table.row(month, cost[month], statements, prose)
    first, last = cost[sizes.months[0]], cost[sizes.months[-1]]
    report.at_most(f"the longest message in month {sizes.months[-1]}, whole intake, cpu ms", prose, BUDGET_MS)
    report.at_most(f"a report of month {sizes.months[-1]} against month {sizes.months[0]}", last / first, GROWTH)


def _reporting(engine: Engine, recorder: Recorder, month: int, at: datetime, sizes: Sizes) -> tuple[float, float]:
    """Milliseconds of processor time and statements; the months before have been reported already."""
    take = taker(engine, at)
    units = town.unit_names(min(sizes.units))[: sizes.messages + 1]
    for before in range(1, month):
        for place, unit in enumerate(units):
            take(_report(unit, place, before, at))
    spent = []
    recorder.take()
    for place, unit in enumerate(units):
        message = _report(unit, place, month, at)
        spent.append(1000 * _cpu(lambda message=message: take(message)))  # type: ignore[misc]
    return median(spent), len(recorder.take()) / len(units)


def _report(unit: str, place: int, month: int, at: datetime) -> Incoming:
    return town.message(f"r-{month}-{place}", town.reporter(place), town.report(unit, month), at)


def _entering(report: Report, bench: Bench, sizes: Sizes) -> None:
    """Entering a roster file, and entering it again."""
    table = report.table("entering a roster in one transaction, ms a row", "rows", "first time", "again, unchanged")
    again: dict[int, float] = {}
    for rows in sizes.roster_rows:
        text = town.roster(rows // 3)
        engine = bench.engine("sqlite", f"entering{rows}")

        def enter(engine: Engine = engine, text: str = text) -> None:
            with working(engine) as uow:
                apply_roster(uow, read_roster(text).rows, lambda _channel: CHANNEL)

        first = 1000 * seconds(enter) / rows
        again[rows] = 1000 * seconds(enter) / rows
        table.row(rows, first, again[rows])
    small, large = sizes.roster_rows
    what = f"entering {large} rows again against {small}, by the row"
    report.at_most(what, again[large] / again[small], GROWTH, aim=True)


def run(sizes: Sizes, rounds: int) -> Report:
    """Words, rosters, the year."""
    report = Report("reading", f"{rounds} rounds, {sizes}")
    _words(report, rounds)
    with Bench() as bench:
        _rosters(report, bench, sizes, rounds)
        _year(report, bench, sizes)
        _entering(report, bench, sizes)
    return report


def main() -> int:
    """The command line."""
    parser = options("reading", rounds=7)
    given = parser.parse_args()
    report = run(TINY if given.tiny else Sizes(), 1 if given.tiny else given.rounds)
    return report.end(as_json=given.json, judged=not given.tiny)


if __name__ == "__main__":
    sys.exit(main())
