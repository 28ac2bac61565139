"""Where the simulator keeps its databases: in memory where the system has such a folder, since nothing is kept."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of its own is made below it


@pytest.fixture(scope="session")
def memory_root() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="duban-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture
def memory_folder(memory_root: Path) -> Iterator[Path]:
    """A folder for one test's databases."""
    with tempfile.TemporaryDirectory(dir=memory_root) as folder:
        yield Path(folder)
