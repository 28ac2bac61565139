"""A whole year of a large town: units × 36 indicators × 12 months, by the real sweeps, intake and delivery.

python -m bench.rehearsal [--units N] [--indicators N] [--shared] [--until MM-DD]

Each unit has that many indicators, or with --shared the whole town has: then most units write plans alone.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from datetime import date, datetime
from itertools import islice, product
from pathlib import Path

from pydantic import SecretStr

from bench import town
from bot import app
from bot.channel_settings import SandboxSettings
from bot.county import CHANNEL, Setting, found
from bot.rehearsal import copying
from bot.rehearsal.facts import Rehearsed
from bot.rehearsal.progress import bar
from bot.rehearsal.running import rehearse, wishes_for
from bot.settings import Service, Settings

START = datetime(town.YEAR, 1, 1, tzinfo=town.ZONE)
_SIGNS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳酉戌亥"
# As short as may be: a rulebook's file has its limit, and seven thousand indicators of one are at it.
_INDICATOR = (
    "- {{编号: i{place}-{number},名称: {unit}{name}值,单位: 万元,类型: 累计,"
    "基本任务: {base},承担单位: [{unit}局],依据: 一}}\n"
)


def main() -> int:
    """Rehearse the year and say what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--indicators", type=int, default=36)
    parser.add_argument("--shared", action="store_true", help="so many in the whole town, one a unit")
    parser.add_argument("--until", default=None, help="MM-DD")
    asked = parser.parse_args()
    last = datetime.strptime(f"{town.YEAR}-{asked.until}", "%Y-%m-%d").date() if asked.until else None  # noqa: DTZ007
    with tempfile.TemporaryDirectory(prefix="duban-bench-") as folder:
        settings = _settings(Path(folder))
        began, cpu = time.perf_counter(), time.process_time()
        with app.open_database(settings) as database:
            setting = large_town(asked.units, asked.indicators, shared=asked.shared)
            database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
            source = database.read_now(copying.original)
        founded = time.perf_counter() - began
        began, cpu = time.perf_counter(), time.process_time()
        wishes = wishes_for(source.running, town.YEAR, START, last)
        with bar(wishes) as tick:
            played: Rehearsed = asyncio.run(rehearse(settings, source, wishes, tick))
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    sys.stdout.write(
        f"{asked.units} units × {asked.indicators} indicators, {wishes.start:%Y-%m-%d} to {wishes.until:%Y-%m-%d}: "
        f"{len(played.typed)} messages in, {len(played.messages)} out; "
        f"{wall:.1f} s, CPU {cpu:.1f} s on {os.cpu_count()} cores (entering the rulebook before: {founded:.1f} s)\n"
    )
    stuck = [one.what for one in played.conflicts if "不完整" in one.what]
    sys.stdout.writelines(f"{line}\n" for line in stuck)
    return 1 if stuck else 0


def large_town(units: int, indicators: int, *, shared: bool = False) -> Setting:
    """The invented town with that many indicators for each unit, or for the first units one each."""
    if shared:
        owners, indicators = min(units, indicators), 1
    else:
        owners = units
    names = ["".join(signs) for signs in islice(product(_SIGNS, repeat=2), indicators)]
    text = town.rulebook(0) + "".join(
        _INDICATOR.format(place=place, number=number, unit=unit, name=name, base=100 + number)
        for place, unit in enumerate(town.unit_names(owners))
        for number, name in enumerate(names)
    )
    return Setting(town.roster(units), {"town.yaml": text}, START, date(town.YEAR, 1, 1))


def _settings(folder: Path) -> Settings:
    return Settings(
        service=Service(
            database=SecretStr(str(folder / "town.sqlite")),
            ledger_key=SecretStr("k" * 64),
            files=folder,
            rulebooks=folder,
        ),
        channels=(
            SandboxSettings(name=CHANNEL, kind="sandbox", secret=SecretStr("s" * 32), api_base="http://127.0.0.1:1"),
        ),
    )


if __name__ == "__main__":
    raise SystemExit(main())
