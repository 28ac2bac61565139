"""Sweeps and the outbox: constant work when nothing is due, and what one due obligation costs.

python -m bench.sweep [--databases sqlite,postgres] [--rounds N] [--tiny] [--json]
"""

import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from statistics import median

from sqlalchemy import Engine

from bench import filling, town
from bench.databases import Bench, Recorder, analyse, connect_raw, copy_sqlite, plan, play, working
from bench.measuring import Report, in_turns, medians, options, seconds
from bot.county import found
from schedules import escalation, opening
from storage import leaving, obligations, roster
from storage.unit_of_work import UnitOfWork

GROWTH = 2.0
"""How much dearer the largest size may be than the smallest where the work is meant to be the same."""
LONGEST_MS = 100.0
"""The longest transaction of any batch: all intake waits behind it on SQLite."""
IDLE_MS = 1.0

REMINDING = datetime(town.YEAR, 8, 4, 9, 30, tzinfo=town.ZONE)
"""The day before the plans of August fall due, in office hours: their reminder is to be said."""
URGING = datetime(town.YEAR, 8, 6, 9, 30, tzinfo=town.ZONE)
"""The day after: their first urging is."""

INSTALLATION = town.installation()
IDLE: Mapping[str, Callable[[UnitOfWork], object]] = {
    "escalation.sweep": lambda uow: escalation.sweep(uow, INSTALLATION, URGING),
    "obligations.next_alarm": obligations.next_alarm,
    "leaving.due": lambda uow: leaving.due(uow, "sandbox", now=URGING, limit=16),
    "leaving.channels_waiting": leaving.channels_waiting,
    "leaving.abandoned": lambda uow: leaving.abandoned(uow, 0),
    "leaving.next_moment": leaving.next_moment,
}
INDEXES = {
    "escalation.sweep": "ix_obligation_look_at",
    "obligations.next_alarm": "ix_obligation_look_at",
    "leaving.due": "ix_outbox_waiting",
    "leaving.channels_waiting": "ix_outbox_waiting",
    "leaving.abandoned": "ix_outbox_sending",
    "leaving.next_moment": "ix_outbox_waiting",
}


@dataclass(frozen=True)
class Sizes:
    """How much is filled in."""

    idle: tuple[int, ...] = (100, 10_000, 100_000)
    units: int = 1000
    rounds_of_duty: tuple[int, int] = (10, 100)
    due_rounds: int = 5
    batches: tuple[int, ...] = (25, 50, 100, 200)
    reminded: int = 100
    sent: tuple[int, int] = (100, 100_000)
    county: int = 40


TINY = Sizes(
    idle=(10, 100), units=10, rounds_of_duty=(2, 4), due_rounds=2, batches=(2, 4), reminded=10, sent=(1, 50), county=3
)


def run(kinds: tuple[str, ...], sizes: Sizes, rounds: int) -> Report:
    """Everything, on each kind of database."""
    report = Report("sweep", f"{rounds} rounds, {sizes}")
    with Bench() as bench:
        for kind in kinds:
            _nothing_due(report, bench, kind, sizes, rounds)
            _reminding(report, bench, kind, sizes, rounds)
            _urging(report, bench, kind, sizes)
            _batches(report, bench, kind, sizes, rounds)
        _opening(report, bench, sizes, rounds)
    return report


def _town(bench: Bench, kind: str, name: str, units: int) -> Engine:
    engine = bench.engine(kind, name)
    with working(engine) as uow:
        found(uow, town.setting(0, REMINDING, reporting=1))
    filling.units(engine, units)
    return engine


def _nothing_due(report: Report, bench: Bench, kind: str, sizes: Sizes, rounds: int) -> None:
    """The same questions put to a small and a large table in which nothing waits."""
    engines: dict[int, Engine] = {}
    for size in sizes.idle:
        engines[size] = _town(bench, kind, f"idle{size}", size)
        filling.plans_owed(engines[size], rounds=1, due_rounds=0, now=URGING)
        filling.sent_messages(engines[size], size, URGING)
        analyse(engines[size])
    variants = {f"{what}/{size}": _timed(engine, ask) for what, ask in IDLE.items() for size, engine in engines.items()}
    milliseconds = medians(in_turns(rounds * 10, variants))  # short work, much noise: many turns
    small, large = sizes.idle[0], sizes.idle[-1]
    table = report.table(
        f"{kind}: nothing due, ms a call", "asked", *(f"{size} units" for size in sizes.idle), "ratio", "index used"
    )
    for what, ask in IDLE.items():
        ratio = milliseconds[f"{what}/{large}"] / milliseconds[f"{what}/{small}"]
        chosen = _plan_of(engines[large], ask)
        uses = INDEXES[what] in chosen
        table.row(what, *(milliseconds[f"{what}/{size}"] for size in sizes.idle), ratio, "yes" if uses else chosen)
        report.at_most(f"{kind} {what}, nothing due: {large} against {small}", ratio, GROWTH)
        report.at_least(f"{kind} {what} by {INDEXES[what]} at {large}", float(uses), 1)
        report.at_most(f"{kind} {what}, nothing due at {large}, ms", milliseconds[f"{what}/{large}"], IDLE_MS, aim=True)


def _timed(engine: Engine, ask: Callable[[UnitOfWork], object], times: int = 5) -> Callable[[], float]:
    def once() -> float:
        with working(engine) as uow:
            ask(uow)  # the first of a session costs more
            return 1000 * seconds(lambda: ask(uow), times)

    return once


def _plan_of(engine: Engine, ask: Callable[[UnitOfWork], object]) -> str:
    recorder = Recorder().listen(engine)
    with working(engine) as uow:
        ask(uow)
    recorder.on = False
    return "; ".join(plan(engine, statement) for statement in recorder.take())


def _reminding(report: Report, bench: Bench, kind: str, sizes: Sizes, rounds: int) -> None:
    """Reminders count what a person was sent before: does that depend on what everybody was ever sent?"""
    engines: dict[int, Engine] = {}
    for sent in sizes.sent:
        engines[sent] = _town(bench, kind, f"remind{sent}", sizes.reminded)
        filling.plans_owed(engines[sent], rounds=rounds + 1, due_rounds=rounds, now=REMINDING)
        filling.sent_messages(engines[sent], sent, REMINDING)
        analyse(engines[sent])
    variants = {str(sent): _Batch(engine, REMINDING, sizes.reminded) for sent, engine in engines.items()}
    found = medians({name: [ms for ms, _ in batches] for name, batches in in_turns(rounds, variants).items()})
    small, large = (found[str(sent)] / sizes.reminded for sent in sizes.sent)
    table = report.table(
        f"{kind}: {sizes.reminded} reminders, ms for one", *(f"{sent} sent before" for sent in sizes.sent), "ratio"
    )
    table.row(small, large, large / small)
    report.at_most(f"{kind} one reminder: {sizes.sent[1]} sent before against {sizes.sent[0]}", large / small, GROWTH)


def _urging(report: Report, bench: Bench, kind: str, sizes: Sizes) -> None:
    """Ten thousand due of a hundred thousand, a batch a transaction; the same of ten thousand; the bare statements."""
    few, many = sizes.rounds_of_duty
    batch = min(escalation.BATCH, sizes.units)
    engines: dict[int, Engine] = {}
    for rounds in sizes.rounds_of_duty:
        engines[rounds] = _town(bench, kind, f"urge{rounds}", sizes.units)
        due = sizes.due_rounds * (2 if rounds == many else 1)
        filling.plans_owed(engines[rounds], rounds=rounds, due_rounds=due, now=URGING)
        analyse(engines[rounds])
    bare = _bare_statements(bench, engines[many], many, batch) if kind == "sqlite" else None
    variants = {str(rounds): _Batch(engine, URGING, batch) for rounds, engine in engines.items()}
    batches = in_turns(sizes.due_rounds * sizes.units // batch, variants)
    while (rest := variants[str(many)]())[1]:
        batches[str(many)].append(rest)
    each = {name: median(ms / count for ms, count in timed) for name, timed in batches.items()}
    longest = max(ms for ms, _ in batches[str(many)])
    done = sum(count for _, count in batches[str(many)])
    table = report.table(
        f"{kind}: {done} urgings due, batches of {batch}, {sizes.units} units",
        "obligations",
        "ms for one",
        "statements for one",
        "longest batch ms",
    )
    statements = variants[str(many)].statements
    for rounds in sizes.rounds_of_duty:
        slowest = max(ms for ms, _ in batches[str(rounds)])
        table.row(rounds * sizes.units, each[str(rounds)], statements, slowest)
    if bare is not None:
        table.row("bare statements", bare / batch, statements, bare)
        ratio = each[str(many)] * batch / bare
        report.at_most(f"{kind} one urging against its bare statements", ratio, 3, aim=True)
    report.at_most(
        f"{kind} one urging: of {many * sizes.units} against of {few * sizes.units}",
        each[str(many)] / each[str(few)],
        GROWTH,
    )
    report.at_most(f"{kind} longest transaction of a sweep, a batch of {batch}, ms", longest, LONGEST_MS)


def _batches(report: Report, bench: Bench, kind: str, sizes: Sizes, rounds: int) -> None:
    """How long the lock is held by batches of several sizes: which is the largest that keeps the limit?"""
    engine = _town(bench, kind, "batches", sizes.units)
    due = -(-rounds * sum(sizes.batches) // sizes.units)
    filling.plans_owed(engine, rounds=due + 1, due_rounds=due, now=URGING)
    analyse(engine)
    variants = {str(size): _Batch(engine, URGING, size, counting=False) for size in sizes.batches}
    found = {name: [ms for ms, _ in batches] for name, batches in in_turns(rounds, variants).items()}
    table = report.table(
        f"{kind}: one batch of urgings in one transaction, ms", "batch", "median", "longest", "ms for one"
    )
    for size in sizes.batches:
        ms = found[str(size)]
        table.row(size, median(ms), max(ms), median(ms) / size)
    kept = [size for size in sizes.batches if max(found[str(size)]) <= LONGEST_MS]
    largest = max(kept, default=0)
    report.note(f"{kind}: largest batch within {LONGEST_MS:.0f} ms here: {largest}; the sweep takes {escalation.BATCH}")


class _Batch:
    """One batch of the sweep in one transaction: milliseconds with the commit, and how many were looked at."""

    def __init__(self, engine: Engine, now: datetime, limit: int, *, counting: bool = True) -> None:
        self._engine, self._now, self._limit = engine, now, limit
        self._recorder = Recorder(on=counting).listen(engine)
        self.statements = 0.0

    def __call__(self) -> tuple[float, int]:
        with working(self._engine) as uow:
            roster.whole(uow)  # kept for one database only, as a service has one: read it again before the watch runs
        self._recorder.take()
        start = time.perf_counter()
        with working(self._engine) as uow:
            looked = escalation.sweep(uow, INSTALLATION, self._now, self._limit)
        taken = 1000 * (time.perf_counter() - start)
        statements = sum(len(s.parameters) if s.many else 1 for s in self._recorder.take())
        if looked:
            self.statements = statements / looked
        return taken, looked


def _bare_statements(bench: Bench, engine: Engine, rounds: int, batch: int) -> float:
    """Milliseconds of one batch's statements on sqlite3 alone."""
    target = copy_sqlite(bench.path / f"urge{rounds}.sqlite", bench.path / "bare.sqlite")
    recorder = Recorder()
    with working(engine) as uow:
        recorder.listen(engine)
        uow.connection.begin_nested()
        escalation.sweep(uow, INSTALLATION, URGING, batch)
        uow.connection.get_nested_transaction().rollback()  # type: ignore[union-attr]
    recorder.on = False
    connection = connect_raw(target)
    start = time.perf_counter()
    connection.execute("BEGIN IMMEDIATE")
    play(connection, recorder.take())
    connection.execute("COMMIT")
    taken = 1000 * (time.perf_counter() - start)
    connection.close()
    return taken


def _opening(report: Report, bench: Bench, sizes: Sizes, rounds: int) -> None:
    """The hourly look for new periods, with none to open: at the start of the year and at its end."""
    variants: dict[str, Callable[[], float]] = {}
    for month in (2, 12):
        now = datetime(town.YEAR, month, 20, 10, tzinfo=town.ZONE)
        engine = bench.engine("sqlite", f"open{month}")
        with working(engine) as uow:
            found(uow, town.setting(sizes.county, now))
            opening.sweep(uow, INSTALLATION, now)
        variants[str(month)] = _timed(engine, partial(opening.sweep, installation=INSTALLATION, now=now), 2)
    ms = medians(in_turns(rounds, variants))
    title = f"sqlite: opening.sweep, nothing to open, {sizes.county} units, ms"
    table = report.table(title, "February", "December", "ratio")
    table.row(ms["2"], ms["12"], ms["12"] / ms["2"])
    report.at_most("opening.sweep in December against February", ms["12"] / ms["2"], GROWTH, aim=True)
    report.at_most("opening.sweep in December, ms", ms["12"], LONGEST_MS)


def main() -> int:
    """The command line."""
    parser = options("sweep", rounds=5)
    parser.add_argument("--databases", default="sqlite,postgres", help="which to measure (default sqlite,postgres)")
    given = parser.parse_args()
    report = run(tuple(given.databases.split(",")), TINY if given.tiny else Sizes(), 1 if given.tiny else given.rounds)
    return report.end(as_json=given.json, judged=not given.tiny)


if __name__ == "__main__":
    sys.exit(main())
