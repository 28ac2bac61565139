"""Intake over HTTP, 64 callers, every answer after its commit, against the least that could do the same.

python -m bench.intake [--kinds repeat,stranger,question,report] [--rounds N] [--tiny] [--json]
"""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Engine

from bench import town
from bench.callers import Heard, call, sealed
from bench.databases import Bench, Recorder, Statement, copy_sqlite
from bench.measuring import Report, in_turns, options
from bench.profile import opened_town, profile, taker
from bench.server import VARIANTS, GroupCommit, write_statements
from bot.app import router
from handlers.incoming import Incoming
from handlers.intake import Intake
from storage.database import Database

AT = datetime(town.YEAR, 9, 3, 10, tzinfo=town.ZONE)
KINDS = ("repeat", "stranger", "question", "report")

HTTP_AIM = 0.65
"""Of bare aiohttp with the same statements, by processor time a request, the domain's own apart (decisions 32;
engine-notes, over HTTP: route 0.65, durable 0.75, query 0.65)."""
NAIVE_AIM = 2.0
"""Times bare aiohttp that commits each message by itself, likewise (engine-notes: durable FULL)."""
TRANSACTION_AIM = 0.7
"""Of raw statements with group commit, without HTTP (engine-notes: intake tx, SQLite FULL)."""
P99_LIMIT_MS = 1000.0
"""No message of 64 callers at once may wait longer (engine-notes: none over 1 s)."""


@dataclass(frozen=True)
class Sizes:
    """How many messages of each kind a round sends, and to how large a town."""

    units: int = 40
    callers: int = 64
    servers: tuple[str, ...] = tuple(VARIANTS)
    messages: tuple[tuple[str, int], ...] = (("repeat", 3000), ("stranger", 2000), ("question", 400), ("report", 160))

    def of(self, kind: str) -> int:
        """How many messages of that kind."""
        return dict(self.messages)[kind]


TINY = Sizes(
    units=2,
    callers=4,
    servers=("duban", "statements"),
    messages=(("repeat", 8), ("stranger", 8), ("question", 4), ("report", 4)),
)


@dataclass(frozen=True)
class Prepared:
    """A kind of message: what is sent, the database it is sent to, and what the service runs for each."""

    messages: Sequence[Incoming]
    database: Path
    statements: Path
    by_message: Mapping[str, list[Statement]]
    take_ms: float
    """Processor time of taking one in, without HTTP."""
    domain_share: float
    """The part of it spent in assessment and handlers with the libraries that they call, not in storage."""


def messages(kind: str, units: int, number: int) -> list[Incoming]:
    """Messages of a kind; each is taken once, but for `repeat`."""
    people = [town.reporter(place % units) for place in range(number)]
    match kind:
        case "repeat":
            return [town.message(f"known-{place % 64}", people[place % 64], "我的任务", AT) for place in range(number)]
        case "stranger":
            return [town.message(f"s-{place}", f"stranger-{place}", "你好", AT) for place in range(number)]
        case "question":
            return [town.message(f"q-{place}", person, "得分", AT) for place, person in enumerate(people)]
        case _:
            return list(town.reports(units, 8, AT))[-number:]


def prepare(bench: Bench, kind: str, sizes: Sizes) -> Prepared:
    """Open a town, and take every message in once on a copy, writing down what runs."""
    opened_town(bench, f"{kind}-town", sizes.units, AT)
    start = bench.path / f"{kind}-town.sqlite"
    sent = messages(kind, sizes.units, sizes.of(kind))
    if kind == "repeat":
        take = taker(_engine(bench, start), AT)
        for message in {message.message_id: message for message in sent}.values():
            take(message)
    engine = _engine(bench, copy_sqlite(start, bench.path / f"{kind}-recorded.sqlite"))
    recorder = Recorder().listen(engine)
    by_message: dict[str, list[Statement]] = {}
    take = taker(engine, AT)

    def record(message: Incoming) -> None:
        take(message)
        by_message[message.message_id] = recorder.take()

    samples, spent, count = profile(record, sent)
    statements = bench.path / f"{kind}.json"
    write_statements(statements, by_message)
    share = samples.share("assessment", "handlers")
    return Prepared(sent, start, statements, by_message, 1000 * spent / count, share)


def _engine(bench: Bench, path: Path) -> Engine:
    return bench.open(f"sqlite:///{path}")


class Server:
    """One variant's process."""

    def __init__(self, variant: str) -> None:
        self.variant = variant
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.server", variant], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def measure(self, prepared: Prepared, copy: Path, callers: int) -> tuple[Heard, float]:
        """Send every message to a fresh copy of the database; what the callers heard, and the server's cpu seconds."""
        copy_sqlite(prepared.database, copy)
        port = self._say(do="open", at=AT.isoformat(), database=str(copy), statements=str(prepared.statements))["port"]
        requests = sealed(prepared.messages)
        before = self._say(do="cpu")["cpu"]
        heard = asyncio.run(call(port, requests, callers))
        spent = self._say(do="cpu")["cpu"] - before
        self._say(do="close")
        return heard, spent

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def _say(self, **what: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(what), file=self._process.stdin, flush=True)
        return json.loads(self._process.stdout.readline())


def over_http(report: Report, bench: Bench, kind: str, prepared: Prepared, sizes: Sizes, rounds: int) -> None:
    """Every variant in turns; requests a second, and processor time a request."""
    with ExitStack() as stack:
        servers = {variant: Server(variant) for variant in sizes.servers}
        for server in servers.values():
            stack.callback(server.close)
        copy = bench.path / "round.sqlite"
        variants: dict[str, Callable[[], tuple[Heard, float]]] = {
            name: lambda server=server: server.measure(prepared, copy, sizes.callers)  # type: ignore[misc]
            for name, server in servers.items()
        }
        in_turns(1, variants)  # the first of a process costs more
        found = in_turns(rounds, variants)
    count = len(prepared.messages)
    rate = {name: median(heard.rate for heard, _ in many) for name, many in found.items()}
    cpu = {name: median(1000 * spent / count for _, spent in many) for name, many in found.items()}
    p99 = {name: median(heard.p(0.99) for heard, _ in many) for name, many in found.items()}
    statements = sum(map(len, prepared.by_message.values())) / len(prepared.by_message)
    title = f"{kind}: {count} messages, {sizes.callers} callers, {statements:.1f} statements each"
    table = report.table(title, "server", "req/s", "duban is", "cpu ms each", "p50 ms", "p99 ms")
    for name, many in found.items():
        p50 = median(heard.p(0.5) for heard, _ in many)
        table.row(name, rate[name], rate["duban"] / rate[name], cpu[name], p50, p99[name])
    # Taken in by itself a message costs more than in a group: never more is set apart than the server has spent.
    taking = min(prepared.take_ms, cpu["duban"])
    domain = taking * prepared.domain_share
    _against_bare(report, kind, rate, cpu, domain)
    report.at_most(f"{kind}: p99 of {sizes.callers} callers at once, ms", p99["duban"], P99_LIMIT_MS)
    apart = report.table(f"{kind}: processor time of one message, ms", "part", "ms")
    apart.row("the domain's own (assessment, handlers)", domain)
    apart.row("the rest of intake (storage, SQLAlchemy, SQLite)", taking - domain)
    apart.row("HTTP, signature, waiting threads", cpu["duban"] - taking)


def _against_bare(
    report: Report, kind: str, rate: Mapping[str, float], cpu: Mapping[str, float], domain: float
) -> None:
    """The ratio as it is defined, and the plain one of requests a second, which carries the domain's own work."""
    table = report.table(f"{kind}: duban against bare aiohttp", "which", "req/s", "cpu", "cpu, domain apart")
    table.row("without a database", *_ratios(rate, cpu, "bare", domain))
    for other, aim in (("statements", HTTP_AIM), ("one-each", NAIVE_AIM)):
        if other not in rate:
            continue
        plain, by_cpu, apart = _ratios(rate, cpu, other, domain)
        table.row(
            {"statements": "the same statements", "one-each": "the same, a commit each"}[other], plain, by_cpu, apart
        )
        report.at_least(f"{kind}: duban against {other}, cpu, domain apart", apart, aim, aim=True)
        report.at_least(f"{kind}: duban against {other}, req/s with the domain", plain, aim, aim=True)


def _ratios(
    rate: Mapping[str, float], cpu: Mapping[str, float], other: str, domain: float
) -> tuple[float, float, float]:
    if other not in rate:
        return 0.0, 0.0, 0.0
    return rate["duban"] / rate[other], cpu[other] / cpu["duban"], cpu[other] / max(cpu["duban"] - domain, 1e-9)


def transactions(report: Report, bench: Bench, kind: str, prepared: Prepared, sizes: Sizes, rounds: int) -> None:
    """The same without HTTP: the writer's thread against raw statements, both with group commit."""
    variants = {
        "duban": lambda: _through_database(prepared, bench.path / "tx.sqlite", sizes.callers),
        "raw": lambda: _raw(prepared, bench.path / "tx.sqlite", sizes.callers),
    }
    rate = {name: median(many) for name, many in in_turns(rounds, variants).items()}
    table = report.table(f"{kind}: transactions without HTTP, a second", "duban", "raw group commit", "ratio")
    table.row(rate["duban"], rate["raw"], rate["duban"] / rate["raw"])
    what = f"{kind}: intake transactions against raw group commit"
    report.at_least(what, rate["duban"] / rate["raw"], TRANSACTION_AIM, aim=True)


def _through_database(prepared: Prepared, path: Path, callers: int) -> float:
    copy_sqlite(prepared.database, path)
    intake = Intake(router(), town.installation())

    async def all_of_them(database: Database) -> None:
        rest = iter(prepared.messages)

        async def caller() -> None:
            for message in rest:
                await database.write(lambda uow, message=message: intake.take(uow, message, AT))  # type: ignore[misc]

        await asyncio.gather(*(caller() for _ in range(callers)))

    with Database.open(f"sqlite:///{path}") as database:
        start = time.perf_counter()
        asyncio.run(all_of_them(database))
        return len(prepared.messages) / (time.perf_counter() - start)


def _raw(prepared: Prepared, path: Path, callers: int) -> float:
    line = GroupCommit(copy_sqlite(prepared.database, path), callers)
    left = threading.Semaphore(0)
    start = time.perf_counter()
    for message in prepared.messages:
        line.submit(prepared.by_message[message.message_id], left.release)
    for _ in prepared.messages:
        left.acquire()
    taken = time.perf_counter() - start
    line.close()
    return len(prepared.messages) / taken


def run(kinds: Sequence[str], sizes: Sizes, rounds: int) -> Report:
    """Every kind of message, over HTTP and without."""
    report = Report("intake", f"{rounds} rounds, {sizes}, synchronous=FULL")
    for kind in kinds:
        with Bench() as bench:
            prepared = prepare(bench, kind, sizes)
            over_http(report, bench, kind, prepared, sizes, rounds)
            transactions(report, bench, kind, prepared, sizes, rounds)
    return report


def main() -> int:
    """The command line."""
    parser = options("intake", rounds=5)
    parser.add_argument("--kinds", default=",".join(KINDS), help="which messages (default all)")
    given = parser.parse_args()
    report = run(given.kinds.split(","), TINY if given.tiny else Sizes(), 1 if given.tiny else given.rounds)
    return report.end(as_json=given.json, judged=not given.tiny)


if __name__ == "__main__":
    sys.exit(main())
