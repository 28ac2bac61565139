"""Contents on the disk, each under its own hash: written whole or not at all, never changed, told apart by content.

A name that a person gave a file occurs in no path (T7).
"""

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from assessment.evidence import MAX_BYTES

_DIGEST = re.compile(r"[0-9a-f]{64}")
_CHUNK = 1024 * 1024
_ABANDONED_SECONDS = 24 * 3600
"""Older beginnings were left by a process that died."""


class TooLarge(Exception):
    """More than MAX_BYTES came; the rest is not taken."""


class Part:
    """A content on its way in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        """Of what has come so far."""
        return self._hash.hexdigest()

    @property
    def file(self) -> BinaryIO:
        """The content so far, from its beginning, for reading."""
        self._file.flush()
        self._file.seek(0)
        return self._file

    def take(self, data: bytes) -> None:
        """The next part. Raises TooLarge."""
        self.size += len(data)
        if self.size > MAX_BYTES:
            raise TooLarge
        self._hash.update(data)
        self._file.write(data)


class EvidenceStore:
    """One folder. It comes into being with the first file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "evidence"
        self._incoming = self._folder / "incoming"

    @contextmanager
    def part(self) -> Iterator[Part]:
        """A place for a content that comes in; whatever is not kept is gone at the end of the block."""
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._incoming / secrets.token_hex(16)
        with open(path, "x+b", opener=_private) as file:
            try:
                yield Part(file)
            finally:
                path.unlink(missing_ok=True)

    def keep(self, part: Part) -> None:
        """Put the content under its hash; once this returns it outlives a power cut. Twice the same is stored once."""
        file = part.file
        os.fsync(file.fileno())
        target = self._path(part.sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # In place of what may lie there already: the same by its hash, or damaged and now whole again.
        Path(file.name).replace(target)
        for folder in (target.parent, self._folder):
            _sync(folder)

    def open(self, sha256: str) -> BinaryIO:
        """The content; FileNotFoundError where it is not there. Whether it is what it was, `is_whole` says."""
        return self._path(sha256).open("rb")

    def content(self, sha256: str) -> bytes:
        """All of it. Raises FileNotFoundError where it is not there, or not any more what it was."""
        with self.open(sha256) as file:
            found = file.read(MAX_BYTES + 1)
        if hashlib.sha256(found).hexdigest() != sha256:
            raise FileNotFoundError("damaged")
        return found

    def is_whole(self, sha256: str) -> bool:
        """Whether the content is there and still has its hash."""
        found = hashlib.sha256()
        try:
            with self.open(sha256) as file:
                while chunk := file.read(_CHUNK):
                    found.update(chunk)
        except (OSError, ValueError):
            return False
        return found.hexdigest() == sha256

    def tidy(self) -> None:
        """Remove what a process that died had begun to take in."""
        if not self._incoming.is_dir():
            return
        for path in self._incoming.iterdir():
            if time.time() - path.stat().st_mtime > _ABANDONED_SECONDS:
                path.unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if _DIGEST.fullmatch(sha256) is None:
            raise ValueError("not a hash")
        return self._folder / sha256[:2] / sha256


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
