"""The long runs: python -m tests.simulator --seeds 0:10000, or --kills 1000. Ranges may be run apart and added up."""

import argparse
import asyncio
import logging
import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import structlog

from tests.simulator.conftest import MEMORY
from tests.simulator.kills import kill_again_and_again
from tests.simulator.play import Lived, play
from tests.simulator.world import Template

KILLS_A_COUNTY = 20
PROGRESS = 500

_template: Template


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
    _be_quiet()
    faults = 0
    if options.seeds is not None:
        faults += _play_all(options.seeds, options.jobs)
    if options.kills is not None:
        faults += _kill_all(options.kills, options.first)
    return 1 if faults else 0


def _range(text: str) -> range:
    start, _, stop = text.partition(":")
    return range(int(start), int(stop))


def _play_all(seeds: range, jobs: int) -> int:
    """Play every seed; a fault is printed with the seed that replays it, and the next is played."""
    faults, lived = 0, Lived()
    with tempfile.TemporaryDirectory(prefix="duban-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        done = seeds.start
        try:
            with multiprocessing.get_context("spawn").Pool(jobs, _take_place, (folder,)) as pool:
                for seed, found in zip(seeds, pool.imap(_play, seeds, chunksize=20), strict=True):
                    if isinstance(found, Lived):
                        lived += found
                    else:
                        faults += 1
                        print(f"\n{found}\nreplay: python -m tests.simulator --seeds {seed}:{seed + 1}", flush=True)
                    done = seed + 1
                    if done % PROGRESS == 0:
                        print(f"{done} of {seeds.stop}: {faults} faults", flush=True)
        except KeyboardInterrupt:
            print(f"stopped; go on with --seeds {done}:{seeds.stop}")
    print(
        f"seeds {seeds.start}:{done}: {lived.acts} acts, {lived.messages} messages, {lived.shown} messages shown, "
        f"{lived.unit_days} unit-days, {faults} faults"
    )
    return faults


def _take_place(folder: str) -> None:
    global _template  # noqa: PLW0603 - each process of the pool has a folder of its own
    _be_quiet()
    _template = Template(Path(tempfile.mkdtemp(dir=folder)))


def _play(seed: int) -> Lived | str:
    try:
        return play(_template, seed)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this seed's and the next one is played
        return "\n".join((f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())))


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


def _be_quiet() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))


if __name__ == "__main__":
    sys.exit(main())
