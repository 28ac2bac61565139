"""The checkpoint's file: it comes back whole, and a changed one is refused."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.checkpoint_file import read_checkpoint, write_checkpoint
from bot.command_line import Stop
from tests.bot.books import KEY, NOW, Books

# The checkpoint's file


@pytest.fixture
def checkpoint_path(books: Books, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "checkpoint.json"
    books.database.read_now(lambda uow: write_checkpoint(path, uow, NOW, KEY))
    yield path
    assert [other.name for other in tmp_path.glob("checkpoint*")] == ["checkpoint.json"]


def test_a_checkpoint_comes_back_from_its_file(books: Books, checkpoint_path: Path) -> None:
    assert books.examine(checkpoint=read_checkpoint(checkpoint_path)).faults == ()


def test_a_changed_checkpoint_is_found(books: Books, checkpoint_path: Path) -> None:
    data = json.loads(checkpoint_path.read_text("utf-8"))
    data["heads"] = data["heads"][1:]
    checkpoint_path.write_text(json.dumps(data), "utf-8")

    assert books.faults(read_checkpoint(checkpoint_path)) == ["检查点文件不能用现有密钥核对：密钥不对，或文件被改动"]


@pytest.mark.parametrize("content", ["", "{}", "[1]", '{"heads": [{}], "at": 1, "mac": ""}'])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "something.json"
    path.write_text(content, "utf-8")

    with pytest.raises(Stop, match="不是检查点文件"):
        read_checkpoint(path)
