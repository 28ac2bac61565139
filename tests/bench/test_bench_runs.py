"""Every benchmark still runs, at a tiny size; no time is judged here (decisions 29)."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import intake, reading, sweep
from bench.measuring import Limit, Report, in_turns, percentile

HOUSE = Path(__file__).parent.parent.parent

RUNS: dict[str, Callable[[], Report]] = {
    "sweep": lambda: sweep.run(("sqlite",), sweep.TINY, 1),
    "intake": lambda: intake.run(("report",), intake.TINY, 1),
    "reading": lambda: reading.run(reading.TINY, 1),
}


@pytest.mark.parametrize("bench", RUNS)
def test_a_bench_runs_and_fills_its_tables(bench: str) -> None:
    """It ends well, no table is left without rows, and something is held."""
    report = RUNS[bench]()

    assert report.name == bench
    assert report.limits
    assert report.tables
    for table in report.tables:
        assert table.rows, table.title
        assert all(len(row) == len(table.columns) for row in table.rows)


def test_the_command_line_prints_json_and_judges_nothing_at_the_tiny_size() -> None:
    """As the README says it is called."""
    command = [sys.executable, "-m", "bench.profile", "--tiny", "--json"]
    done = subprocess.run(command, cwd=HOUSE, capture_output=True, text=True, timeout=50, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)

    assert found["bench"] == "profile"
    assert not found["judged"]
    assert all(found["tables"].values())


def test_a_broken_limit_ends_with_one_and_a_missed_aim_does_not(capsys: pytest.CaptureFixture[str]) -> None:
    """Unless the size is too small to be judged."""
    report = Report("x", "")
    report.at_most("an aim", 3, 2, aim=True)
    assert report.end(as_json=False, judged=True) == 0

    report.at_most("a limit", 3, 2)
    assert report.end(as_json=False, judged=True) == 1
    assert report.end(as_json=False, judged=False) == 0
    assert "BROKEN limit a limit: 3 (asked: <= 2)" in capsys.readouterr().out


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
