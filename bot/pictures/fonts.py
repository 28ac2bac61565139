"""Which font files the pictures are drawn with. Fonts of the machine are never used: they differ from desk to desk."""

from collections.abc import Iterable
from pathlib import Path

from pylopdf_fonts_zh_cn import sans_path

FAMILY = "Noto Sans SC"
"""The family inside the packaged file; it has one weight, so that sizes and colours make the hierarchy."""


class FontMissing(ValueError):
    """A font file that was asked for is not there."""


def font_files(extra: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The packaged font, then the office's own for characters which that one lacks. Raises FontMissing."""
    files = (sans_path(), *extra)
    for file in files:
        if not file.is_file():
            raise FontMissing(f"未找到字体文件 {file}，请核对路径")
    return files
