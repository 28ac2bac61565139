"""The long runs: python -m tests.simulator --seeds 0:10000, or --kills 1000. Ranges may be run apart and added up."""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.simulator.kills import kill_again_and_again
from tests.simulator.seeds import be_quiet, play_all

KILLS_A_COUNTY = 20


def main(arguments: list[str] | None = None) -> int:
    """0 when nothing was found, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seeds", type=_range, metavar="FROM:TO", help="play the sequences of these seeds")
    parser.add_argument("--kills", type=int, metavar="N", help="kill the service N times with SIGKILL")
    parser.add_argument("--first", type=int, default=0, metavar="SEED", help="seed of the first county of --kills")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes for --seeds")
    options = parser.parse_args(arguments)
    if options.seeds is None and options.kills is None:
        parser.error("say --seeds FROM:TO or --kills N")
    be_quiet()
    faults = 0
    if options.seeds is not None:
        faults += play_all(options.seeds, options.jobs)
    if options.kills is not None:
        faults += _kill_all(options.kills, options.first)
    return 1 if faults else 0


def _range(text: str) -> range:
    start, _, stop = text.partition(":")
    return range(int(start), int(stop))


def _kill_all(kills: int, first: int) -> int:
    faults = 0
    for seed, number in _counties(kills, first):
        with tempfile.TemporaryDirectory(prefix="duban-") as folder:
            count = asyncio.run(kill_again_and_again(Path(folder), seed, number))
        faults += len(count.faults)
        print(f"county {seed}: {count}", *count.faults, sep="\n  ", flush=True)
    return faults


def _counties(kills: int, first: int) -> Iterator[tuple[int, int]]:
    """Seeds of counties, each with as many kills as it has to bear."""
    while kills > 0:
        yield first, min(kills, KILLS_A_COUNTY)
        first, kills = first + 1, kills - KILLS_A_COUNTY


if __name__ == "__main__":
    sys.exit(main())
