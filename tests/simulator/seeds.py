"""A range of seeds played by several processes."""

import logging
import multiprocessing
import tempfile
from pathlib import Path

import structlog

from tests.simulator.conftest import MEMORY
from tests.simulator.play import Lived, play
from tests.simulator.world import Template

PROGRESS = 500

_template: Template


def play_all(seeds: range, jobs: int) -> int:
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
    be_quiet()
    _template = Template(Path(tempfile.mkdtemp(dir=folder)))


def _play(seed: int) -> Lived | str:
    try:
        return play(_template, seed)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this seed's and the next one is played
        return "\n".join((f"{type(error).__name__}: {error}", *getattr(error, "__notes__", ())))


def be_quiet() -> None:
    """The service says nothing: what it does is judged by its effects."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
