"""Fetches evidence from a platform into the store: streamed under a cap, examined away from here, kept by its hash."""

import asyncio
import json
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import structlog

import bot.evidence_kinds
from assessment.evidence import KINDS, Unfit
from bot.channels.downloads import FileSource, GoneThere, NotFetched, TooLargeThere, Withheld
from bot.evidence_store import EvidenceStore, Part, TooLarge
from schedules.fetching import Failed, Fetched, Gone, Refused, Stored, Wanted

log = structlog.get_logger("evidence")

EXAMINING_SECONDS = 60.0
FETCHING_SECONDS = 90.0
_LONGEST_SAYING = 4096


class NotExamined(Exception):
    """The examiner could not be started; nothing is said about the file."""


class EvidenceFetcher:
    """Satisfies schedules.fetching.Fetcher. Never raises: whatever happened is in what it returns."""

    def __init__(self, sources: Mapping[str, FileSource], store: EvidenceStore) -> None:
        """`sources`: the channels, by name, whose platforms hand over files."""
        self._sources = sources
        self._store = store

    def life(self, channel: str) -> timedelta:
        """For how long after it was sent a file is worth asking for; a day where the channel is gone."""
        source = self._sources.get(channel)
        return source.file_life if source is not None else timedelta(days=1)

    async def fetch(self, wanted: Wanted) -> Fetched:
        """One attempt."""
        source = self._sources.get(wanted.channel)
        if source is None:
            return Failed("渠道已不在设置中")
        try:
            with self._store.part() as part:
                async with asyncio.timeout(FETCHING_SECONDS):
                    await source.fetch(wanted.key, wanted.kind, part.take)
                return await self._judged(part)
        except (TooLarge, TooLargeThere):
            return Refused(Unfit.TOO_LARGE)
        except Withheld:
            return Refused(Unfit.WITHHELD)
        except GoneThere:
            return Gone()
        except NotFetched as error:
            return Failed(error.reason, error.retry_after)
        except TimeoutError:
            return Failed("下载超时")
        except Exception:
            log.exception("file not fetched", channel=wanted.channel)
            return Failed("接收程序出错")

    async def _judged(self, part: Part) -> Fetched:
        found = await examine(part.file)
        if isinstance(found, Unfit):
            return Refused(found)
        sha256, size = part.sha256, part.size
        await asyncio.to_thread(self._store.keep, part)
        return Stored(sha256, size, found)


async def examine(file: BinaryIO) -> str | Unfit:
    """What an open file is, one of KINDS, or why it is not taken. Raises NotExamined.

    It is looked at in a process of its own, which has little memory and time and nothing to lose.
    """
    try:
        examiner = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            "-S",
            str(Path(bot.evidence_kinds.__file__)),
            stdin=file.fileno(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd="/",
        )
    except OSError as error:
        raise NotExamined from error
    try:
        async with asyncio.timeout(EXAMINING_SECONDS):
            assert examiner.stdout is not None
            said = await examiner.stdout.read(_LONGEST_SAYING)
            status = await examiner.wait()
    except TimeoutError:
        return Unfit.BOMB
    finally:
        if examiner.returncode is None:
            examiner.kill()
            await examiner.wait()
    if status != 0:
        # Ended by a signal: of its limits, or by a machine short of memory. Otherwise it stumbled over the content.
        return Unfit.BOMB if status < 0 else Unfit.DAMAGED
    return _understood(said)


def _understood(said: bytes) -> str | Unfit:
    found = json.loads(said)
    if "unfit" in found:
        return Unfit(found["unfit"])
    kind = str(found["kind"])
    return kind if kind in KINDS else Unfit.TYPE
