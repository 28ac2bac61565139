"""Rounds, medians, limits and the one way a benchmark reports.

Variants are measured in turns, round after round, so that a busy neighbour troubles all of them alike; what is held
is a ratio of medians of the same run. Absolute times are shown for information, unless a limit says otherwise.
"""

import argparse
import json
import math
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

_T = TypeVar("_T")

Cell = str | int | float


def in_turns(rounds: int, variants: Mapping[str, Callable[[], _T]]) -> dict[str, list[_T]]:
    """Measure every variant once a round, in changing order; return what each gave, by name."""
    found: dict[str, list[_T]] = {name: [] for name in variants}
    for number in range(rounds):
        names = list(variants) if number % 2 == 0 else list(variants)[::-1]
        for name in names:
            found[name].append(variants[name]())
    return found


def medians(found: Mapping[str, Sequence[float]]) -> dict[str, float]:
    """The median of each variant."""
    return {name: statistics.median(values) for name, values in found.items()}


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` of them (above 0, at most 1) do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Seconds that one call of `work` takes, by the wall clock, over `times` calls."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


@dataclass(frozen=True)
class Limit:
    """What was measured against what is asked. An aim is shown; a broken limit ends the run with 1."""

    what: str
    measured: float
    bound: float
    at_least: bool
    aim: bool

    @property
    def kept(self) -> bool:
        """Whether the measured value keeps within the bound."""
        return self.measured >= self.bound if self.at_least else self.measured <= self.bound

    def __str__(self) -> str:
        sign = ">=" if self.at_least else "<="
        word = "aim" if self.aim else "limit"
        verdict = "kept" if self.kept else "MISSED" if self.aim else "BROKEN"
        return f"{verdict:6} {word:5} {self.what}: {_shown(self.measured)} (asked: {sign} {_shown(self.bound)})"


@dataclass
class Table:
    """Some rows under one heading."""

    title: str
    columns: tuple[str, ...]
    rows: list[tuple[Cell, ...]] = field(default_factory=list)

    def row(self, *cells: Cell) -> None:
        """Add a line; figures are rounded only for showing."""
        self.rows.append(cells)

    def __str__(self) -> str:
        lines = [self.columns, *(tuple(map(_shown, row)) for row in self.rows)]
        widths = [max(len(line[place]) for line in lines) for place in range(len(self.columns))]
        first, *rest = (
            "  ".join(
                cell.ljust(width) if place == 0 else cell.rjust(width) for place, (cell, width) in enumerate(pairs)
            )
            for pairs in (tuple(zip(line, widths, strict=True)) for line in lines)
        )
        return "\n".join([f"== {self.title}", first, "-" * len(first), *rest])


class Report:
    """What one benchmark found."""

    def __init__(self, name: str, size: str) -> None:
        self.name = name
        self.size = size
        self.tables: list[Table] = []
        self.limits: list[Limit] = []
        self.notes: list[str] = []

    def table(self, title: str, *columns: str) -> Table:
        """Open a table."""
        self.tables.append(Table(title, columns))
        return self.tables[-1]

    def at_most(self, what: str, measured: float, bound: float, *, aim: bool = False) -> None:
        """Hold `measured` to be no more than `bound`."""
        self.limits.append(Limit(what, measured, bound, at_least=False, aim=aim))

    def at_least(self, what: str, measured: float, bound: float, *, aim: bool = False) -> None:
        """Hold `measured` to be no less than `bound`."""
        self.limits.append(Limit(what, measured, bound, at_least=True, aim=aim))

    def note(self, text: str) -> None:
        """Say something beside the tables."""
        self.notes.append(text)

    def end(self, *, as_json: bool, judged: bool) -> int:
        """Print everything; 1 when a limit is broken. `judged` is False at sizes too small to mean anything."""
        if as_json:
            print(json.dumps(self._data(judged=judged), ensure_ascii=False, indent=1))
        else:
            print(f"bench.{self.name}: {self.size}\n{machine()}\n")
            print(*self.tables, sep="\n\n", end="\n\n")
            print(*self.notes, *(self.limits if judged else ["limits are not judged at this size"]), sep="\n")
        return int(judged and any(not limit.kept and not limit.aim for limit in self.limits))

    def _data(self, *, judged: bool) -> dict[str, object]:
        return {
            "bench": self.name,
            "size": self.size,
            "machine": machine(),
            "judged": judged,
            "tables": {
                table.title: [dict(zip(table.columns, row, strict=True)) for row in table.rows] for table in self.tables
            },
            "limits": [
                {
                    "what": limit.what,
                    "measured": limit.measured,
                    "bound": limit.bound,
                    "at least": limit.at_least,
                    "aim": limit.aim,
                    "kept": limit.kept,
                }
                for limit in self.limits
            ],
            "notes": self.notes,
        }


def machine() -> str:
    """The machine in one line, with its load: numbers without it mean nothing."""
    load = " ".join(f"{part:.1f}" for part in os.getloadavg())
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, load {load}"


def options(name: str, rounds: int) -> argparse.ArgumentParser:
    """The options that every benchmark has."""
    parser = argparse.ArgumentParser(prog=f"python -m bench.{name}")
    parser.add_argument("--rounds", type=int, default=rounds, help=f"interleaved rounds (default {rounds})")
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--tiny", action="store_true", help="smallest sizes, limits not judged: does it still run?")
    return parser


def _shown(cell: Cell) -> str:
    if not isinstance(cell, float):
        return str(cell)
    return f"{cell:,.0f}" if abs(cell) >= 1000 else f"{cell:.3g}"
