"""Classification marks 密级标志 in texts and in the names of files (decisions 24)."""

import re
import unicodedata

from assessment.typed_text import visible


def in_name(name: str, marks: tuple[str, ...]) -> bool:
    """Whether a mark is a part of a file's name of its own: 名单（机密）.pdf; 计算机密码.pdf bears none."""
    if not marks:
        return False
    words = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    alone = re.compile(rf"(?:^|[^\w]|_)(?:{words})(?:[^\w]|_|★|$)")
    return alone.search(visible(unicodedata.normalize("NFKC", name))) is not None


def in_text(text: str, marks: tuple[str, ...]) -> bool:
    """Whether a mark stands alone in a text: on its own line, in brackets, or before ★; 计算机密码 bears none."""
    if not marks:
        return False
    words = "|".join(map(re.escape, sorted(marks, key=len, reverse=True)))
    alone = re.compile(rf"(?:^[ \t]*|[(\[【〔《「“\"])(?:{words})(?=[ \t]*$|[)\]】〕》」”\"]|[ \t]*★)", re.MULTILINE)
    # As it is read: what stands invisibly between its signs does not hide a mark.
    read = visible(unicodedata.normalize("NFKC", text))
    return bool(alone.search(read) or re.search(rf"(?:{words})[ \t]*★", read))
