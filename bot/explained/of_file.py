"""The command `duban explain`: a rulebook file read and told, or refused with everything that is wrong in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from assessment import rulebook_file
from assessment.fault import Broken, Fault
from assessment.workdays import WorkCalendar
from bot.command_line import BAD_USAGE, Stop
from bot.explained import CHAPTERS, explain
from bot.findings import Finding, Mark
from bot.roster_table import Unreadable, decode

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Explained:
    """What is printed, and what is to be known of the file besides."""

    lines: Sequence[str]
    remarks: Sequence[str]


def explained_file(path: Path, today: date, only: str | None) -> Explained:
    """The rulebook in that file, by the published calendar. Raises Stop: 2 for wrong use or no file, 1 for faults."""
    if only is not None and only not in CHAPTERS:
        raise Stop(f"--only 应写{'、'.join(CHAPTERS)}之一，不是“{only}”", status=BAD_USAGE)
    try:
        text = decode(path.read_bytes(), path.name)
        found = rulebook_file.load(text, path.name)
    except FileNotFoundError:
        raise Stop(f"没有文件 {path}，请核对路径", status=BAD_USAGE) from None
    except OSError as error:
        raise Stop(f"{path}：文件不能读取（{error.strerror}）", status=BAD_USAGE) from None
    except Unreadable as unreadable:
        raise Stop(str(unreadable.fault)) from None
    except Broken as broken:
        raise Stop(*(_told(fault, Mark.BAD) for fault in broken.faults), f"有误 {len(broken.faults)} 处") from None
    lines = explain(found.rulebook, calendar=WorkCalendar(), zone=ZONE, today=today, only=only)
    return Explained(lines, [_told(warning, Mark.OPEN) for warning in found.warnings])


def _told(fault: Fault, mark: Mark) -> str:
    """As `duban check` tells it."""
    place = f"{fault.file} 第 {fault.line} 行 第 {fault.column} 列 {fault.path}".rstrip()
    return str(Finding(mark, f"{place}：{fault.what}", fault.remedy))
