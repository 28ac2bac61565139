"""Every benchmark still runs, at a tiny size; no time is judged here (decisions 29)."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.measuring import Limit, in_turns, percentile

HOUSE = Path(__file__).parent.parent.parent

RUNS = {
    "sweep": ("--databases", "sqlite"),
    "intake": ("--kinds", "report"),
    "reading": (),
    "profile": (),
}


def run(bench: str) -> dict[str, Any]:
    command = [sys.executable, "-m", f"bench.{bench}", "--tiny", "--json", *RUNS[bench]]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def figures(found: dict[str, Any]) -> list[float]:
    return [
        cell
        for rows in found["tables"].values()
        for row in rows
        for cell in row.values()
        if isinstance(cell, int | float)
    ]


@pytest.mark.parametrize("bench", RUNS)
def test_a_bench_runs_and_fills_its_tables(bench: str) -> None:
    """It ends well, names itself, and no table is left without figures."""
    found = run(bench)

    assert found["bench"] == bench
    assert not found["judged"]
    assert found["tables"]
    assert all(found["tables"].values())
    assert figures(found)
    assert bench == "profile" or found["limits"]


def test_a_limit_is_kept_on_its_own_side() -> None:
    """At most, at least; the bound itself is within."""
    assert Limit("x", 2.0, 2.0, at_least=False, aim=False).kept
    assert not Limit("x", 2.1, 2.0, at_least=False, aim=False).kept
    assert Limit("x", 0.7, 0.7, at_least=True, aim=False).kept
    assert not Limit("x", 0.6, 0.7, at_least=True, aim=False).kept


def test_variants_are_measured_in_turns() -> None:
    """Round after round, in changing order, so that a busy neighbour troubles all alike."""
    heard: list[str] = []

    def variant(name: str) -> str:
        heard.append(name)
        return name

    found = in_turns(2, {"a": lambda: variant("a"), "b": lambda: variant("b")})

    assert heard == ["a", "b", "b", "a"]
    assert found == {"a": ["a", "a"], "b": ["b", "b"]}


def test_a_percentile_is_one_of_the_values() -> None:
    """Half of 1 to 100 do not exceed 50, ninety-nine of them not 99."""
    values = [float(value) for value in range(100, 0, -1)]

    assert percentile(values, 0.5) == 50
    assert percentile(values, 0.99) == 99
    assert percentile([7.0], 0.99) == 7
