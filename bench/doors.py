"""How soon a message is acknowledged while a broadcast drains: all four platforms' doors, one service on SQLite.

python -m bench.doors [--mixes strangers,known,mixed] [--rate 200] [--rounds N] [--tiny] [--json]
"""

import asyncio
import json
import random
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import aiohttp

from bench import arrivals, town
from bench.arrivals import Arrival, Heard
from bench.databases import Bench, working
from bench.filling import write
from bench.measuring import Report, in_turns, options, percentile
from bench.served_doors import DATABASE, write_tables
from bot.channel_settings import ChannelSettings
from bot.clock import WoundClock
from bot.county import found, listen, moved
from bot.platforms.platform import Callback, Platform
from bot.platforms.tenants import Tenant, tenant
from handlers.incoming import Incoming
from schedules import opening
from storage.ids import new_id
from storage.outbox import OutboxRow, Priority

AT = datetime(town.YEAR, 9, 3, 10, tzinfo=town.ZONE)
KINDS = ("sandbox", "wecom", "feishu", "dingtalk-http")
MIXES = ("strangers", "known", "mixed")
"""strangers: of ten messages nine of people nobody knows and a repeat, which is the door with the least behind it.
known: eight of known people who say what means nothing. mixed: a report, three questions for the own tasks, four times
the menu."""
BROADCAST_ON = KINDS[0]
"""Its platform sets no limits: delivery works as fast as it can, which is the worst for who waits at the door."""

P99_LIMIT_MS = 500.0
MAX_LIMIT_MS = 2000.0


@dataclass(frozen=True)
class Sizes:
    """How many messages a second, for how long, in how large a town, beside how large a broadcast."""

    rate: int = 200
    seconds: float = 20
    letters: int = 10_000
    units: int = 40
    people_a_unit: int = 10


FIRST = Sizes(rate=20, seconds=1, units=2, people_a_unit=4)
"""Sent before anything is measured: what a service reads once, it has read."""
TINY = Sizes(rate=20, seconds=1, letters=20, units=2, people_a_unit=4)


@dataclass(frozen=True)
class Found:
    """One run."""

    latencies: Sequence[float]
    refused: int
    cpu: float
    """Processor time of the service over the time of the run."""
    shown: int
    """Messages that people saw by the time of the last answer: answers, and what had left of the broadcast."""
    left: int
    """Letters of the broadcast that had left by then."""

    def ms(self, share: float) -> float:
        """Milliseconds within which that share of the messages was acknowledged."""
        return 1000 * percentile(self.latencies, share)


def home_of(sizes: Sizes) -> dict[str, str]:
    """People are dealt out to the platforms."""
    return {
        town.account(place, number): KINDS[(place + number) % len(KINDS)]
        for place in range(sizes.units)
        for number in range(sizes.people_a_unit)
    }


def said(sizes: Sizes, mix: str) -> list[tuple[str, str]]:
    """Who says what. Of ten messages the last two are a stranger's and a repeat; the others are as the mix says."""
    units, people = town.unit_names(sizes.units), list(home_of(sizes))
    messages: list[tuple[str, str]] = []
    for number in range(int(sizes.rate * sizes.seconds)):
        place, person = number // 10, people[number * 7 % len(people)]
        match number % 10:
            case 9:
                messages.append(messages[_original(number)])
            case 8:
                messages.append((f"stranger{number}", "你好"))
            case 0 if mix == "mixed":
                unit = place % sizes.units
                messages.append((town.reporter(unit), town.report(units[unit], 1 + place // sizes.units % 8)))
            case 1 | 2 | 3 if mix == "mixed":
                messages.append((person, "我的任务"))
            case _ if mix == "mixed":
                messages.append((person, "帮助"))
            case _:
                messages.append((person if mix == "known" else f"stranger{number}", "今天下雨"))
    return messages


def _original(number: int) -> int:
    """The message that this one repeats, or itself."""
    return number - 4 if number % 10 == 9 else number


def requests(sizes: Sizes, mix: str, platforms: Mapping[str, Platform], *, ids_from: int) -> list[Arrival]:
    """The messages as their platforms post them, at random moments of the same long-run rate; alike each time."""
    dice, home = random.Random(1), home_of(sizes)
    messages = said(sizes, mix)
    moments = accumulate(dice.expovariate(sizes.rate) for _ in messages)
    return [
        Arrival(at, _request(platforms[kind], kind, ids_from + _original(number), who, text))
        for number, (at, (who, text)) in enumerate(zip(moments, messages, strict=True))
        for kind in [home.get(who, KINDS[number % len(KINDS)])]
    ]


def _request(platform: Platform, kind: str, number: int, who: str, text: str) -> bytes:
    message = Incoming(kind, platform.tenant, str(number), who, f"p-{who}", True, True, text, AT)
    return _raw(kind, platform.callback(message, None))


def _raw(kind: str, callback: Callback) -> bytes:
    query = f"?{urlencode(callback.query)}" if callback.query else ""
    head = {"host": "127.0.0.1", "content-length": str(len(callback.body)), **callback.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"{callback.method} /webhooks/{kind}{query} HTTP/1.1\r\n{lines}\r\n".encode() + callback.body


def prepare(bench: Bench, sizes: Sizes, tenants: Mapping[str, str], letters: int) -> None:
    """A town whose periods are open, and a broadcast of `letters` in its outbox."""
    engine = bench.engine("sqlite", DATABASE.removesuffix(".sqlite"))
    setting = town.setting(sizes.units, AT, sizes.people_a_unit)
    roster = moved(setting.roster, home_of(sizes))
    with working(engine) as uow:
        found(uow, type(setting)(roster, setting.rulebooks, AT, setting.live_from), tenants)
        opening.sweep(uow, town.installation(), AT)
    letter = OutboxRow(
        id=0,
        key="",
        channel=BROADCAST_ON,
        recipient="",
        priority=int(Priority.BULK),
        notice={"kind": "NoQuestion"},
        queued_at=AT - timedelta(minutes=1),
        not_before=AT - timedelta(minutes=1),
    ).model_dump()
    rows = ({**letter, "id": new_id(), "key": f"bulk:{one}", "recipient": f"reader-{one}"} for one in range(letters))
    write(engine, OutboxRow, rows)


async def measure(sizes: Sizes, mix: str, letters: int) -> Found:
    """One service, one run of arrivals, beside a broadcast of so many letters."""
    with Bench() as bench:
        async with AsyncExitStack() as stack:
            session = await stack.enter_async_context(aiohttp.ClientSession())
            made = {kind: tenant(kind, WoundClock(AT), session) for kind in KINDS}
            tables = [await _table(stack, one) for one in made.values()]
            prepare(bench, sizes, {table.name: table.tenant for table in tables}, letters)
            write_tables(bench.path, AT, tables)
            platforms = {kind: one.platform for kind, one in made.items()}
            first, calls = bench.path / "first.json", bench.path / "arrivals.json"
            arrivals.write(first, requests(FIRST, mix, platforms, ids_from=1))
            arrivals.write(calls, requests(sizes, mix, platforms, ids_from=10**9))
            service, port = await stack.enter_async_context(_service(bench.path))
            await _call(port, first)
            return await _run(service, port, calls, platforms)


async def _table(stack: AsyncExitStack, one: Tenant) -> ChannelSettings:
    return one.settings(await stack.enter_async_context(listen(one.platform.application())))


async def _run(service: Process, port: int, calls: Path, platforms: Mapping[str, Platform]) -> Found:
    before, start = await _cpu(service), time.perf_counter()
    heard = await _call(port, calls)
    seconds = time.perf_counter() - start
    broadcast = platforms[BROADCAST_ON]
    left = sum(recipient.startswith("private-reader-") for recipient, _ in broadcast.said_by_the_bot)
    shown = sum(platform.tally.shown for platform in platforms.values())
    return Found(heard.latencies, heard.refused, (await _cpu(service) - before) / seconds, shown, left)


async def _call(port: int, calls: Path) -> Heard:
    callers = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.arrivals", str(port), str(calls), stdout=PIPE
    )
    told, _ = await callers.communicate()
    return Heard(**json.loads(told))


@asynccontextmanager
async def _service(folder: Path) -> AsyncIterator[tuple[Process, int]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.served_doors", str(folder), stdin=PIPE, stdout=PIPE
    )
    try:
        yield process, int(await _line(process))
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()


async def _cpu(process: Process) -> float:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    return float(await _line(process))


async def _line(process: Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


def run(sizes: Sizes, mixes: Sequence[str], rounds: int) -> Report:
    """The same arrivals with and without a broadcast, for each mix."""
    report = Report("doors", f"{rounds} rounds, {sizes}, synchronous=FULL")
    title = f"acknowledged, at {sizes.rate} messages a second over {len(KINDS)} platforms"
    columns = ("beside", "messages", "not taken", "p50 ms", "p99 ms", "max ms", "cpu", "shown", "of it broadcast")
    for mix in mixes:
        variants = {
            "nothing": lambda mix=mix: asyncio.run(measure(sizes, mix, 0)),
            "a broadcast": lambda mix=mix: asyncio.run(measure(sizes, mix, sizes.letters)),
        }
        found: dict[str, list[Found]] = in_turns(rounds, variants)
        table = report.table(f"{mix}: {title}", *columns)
        for name, many in found.items():
            middle = [median(one.ms(share) for one in many) for share in (0.5, 0.99, 1.0)]
            refused, last = sum(one.refused for one in many), many[-1]
            cpu = median(one.cpu for one in many)
            table.row(name, len(last.latencies), refused, *middle, cpu, last.shown, last.left)
        during = found["a broadcast"]
        report.at_most(f"{mix}: not taken during the broadcast", sum(one.refused for one in during), 0)
        report.at_most(f"{mix}: p99 of the worst round, ms", max(one.ms(0.99) for one in during), P99_LIMIT_MS)
        report.at_most(f"{mix}: longest of all, ms", max(one.ms(1.0) for one in during), MAX_LIMIT_MS)
    report.note("Latency is counted from the moment at which a message was due, not from when a caller came to it.")
    return report


def main() -> int:
    """The command line."""
    parser = options("doors", rounds=1)
    parser.add_argument("--mixes", default=",".join(MIXES), help="what people say (default all)")
    parser.add_argument("--rate", type=int, default=Sizes().rate, help="messages a second")
    given = parser.parse_args()
    sizes = TINY if given.tiny else replace(Sizes(), rate=given.rate)
    report = run(sizes, given.mixes.split(","), 1 if given.tiny else given.rounds)
    return report.end(as_json=given.json, judged=not given.tiny)


if __name__ == "__main__":
    sys.exit(main())
