"""The checkpoint of the ledger in a file, which the office keeps away from the database."""

import json
import os
from datetime import datetime
from pathlib import Path

from assessment.chain import Checkpoint, sign_checkpoint
from bot.command_line import BAD_USAGE, Stop
from storage import ledger
from storage.unit_of_work import UnitOfWork


def read_checkpoint(path: Path) -> Checkpoint:
    """The checkpoint as it stands in the file; whether it is genuine is not looked at. Raises Stop."""
    try:
        return Checkpoint.from_json(json.loads(path.read_text("utf-8")))
    except OSError as error:
        raise Stop(f"{path}：检查点文件不能读取（{error.strerror}）", status=BAD_USAGE) from None
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Stop(f"{path}：不是检查点文件，或内容已损坏") from None


def write_checkpoint(path: Path, uow: UnitOfWork, at: datetime, key: bytes) -> None:
    """Sign the end of every chain as it is now; a file of that name is replaced in one step. Raises Stop."""
    checkpoint = sign_checkpoint(ledger.heads(uow), at, key)
    written = path.with_name(f"{path.name}.new")
    try:
        with written.open("w", encoding="utf-8") as file:
            file.write(json.dumps(checkpoint.to_json(), ensure_ascii=False, indent=1) + "\n")
            file.flush()
            os.fsync(file.fileno())
        written.replace(path)
    except OSError as error:
        raise Stop(f"{path}：检查点文件不能写入（{error.strerror}）") from None
