"""What a file is, by its content: run as a program of its own, on a file that nobody trusts yet (T6).

The program gets the file as its standard input and writes one line of JSON. It imports nothing of the house, opens
nothing, and has little memory and time: whatever the file does to it, it does to it alone. Nothing is ever unpacked
to a path; unpacking here only counts.
"""

import io
import json
import resource
import struct
import sys
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes of all members together, those of packages inside included."""
MAX_RATIO = 100
"""How many times its own size a package may unpack to."""
MAX_MEMBERS = 10_000
MAX_DEPTH = 2
"""A document may hold a workbook for its chart; that one may hold nothing packed any more."""

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 20

TYPE, MACROS, ENCRYPTED, BOMB, DAMAGED = "type", "macros", "encrypted", "bomb", "damaged"
"""Why a file is unfit; the words of assessment.evidence.Unfit."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEMBER = b"PK\x01\x02"
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe")
_CHUNK = 64 * 1024
_MAIN_PARTS = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_OLE_STREAMS = {"WordDocument": "doc", "Workbook": "xls", "Book": "xls"}
_CONTENT_TYPES = "[Content_Types].xml"
_IS_ENCRYPTED = 0x1
_COMPRESSIONS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}


class Unfit(Exception):
    """The file is not taken; the reason is one of the words above."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass
class _Budget:
    """What may still be unpacked, over a file and all packages inside it."""

    left: int
    members: int = MAX_MEMBERS

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise Unfit(BOMB)

    def count(self, members: int) -> None:
        self.members -= members
        if self.members < 0:
            raise Unfit(BOMB)


def kind_of(file: IO[bytes]) -> str:
    """The kind of a whole file by its usual ending: pdf, png, jpg, docx, xlsx, doc or xls. Raises Unfit."""
    data = file.read()
    try:
        return _kind(data, _Budget(min(MAX_UNPACKED, MAX_RATIO * len(data))), depth=1)
    except MemoryError:
        raise Unfit(BOMB) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, RuntimeError, OSError):
        raise Unfit(DAMAGED) from None


def _kind(data: bytes, budget: _Budget, *, depth: int) -> str:
    if data.startswith(b"%PDF-"):
        return "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR":
        return "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if data.startswith(_OLE):
        return _old_office(data)
    if data.startswith(_ZIP):
        if depth > MAX_DEPTH:
            raise Unfit(BOMB)
        return _package(data, budget, depth=depth)
    raise Unfit(TYPE if data else DAMAGED)


def _old_office(data: bytes) -> str:
    """A compound file: its directory names its streams, in UTF-16 with a zero behind."""
    if _names(data, "EncryptedPackage"):
        raise Unfit(ENCRYPTED)
    if _names(data, "_VBA_PROJECT") or _names(data, "_VBA_PROJECT_CUR"):
        raise Unfit(MACROS)
    kinds = [kind for stream, kind in _OLE_STREAMS.items() if _names(data, stream)]
    if not kinds:
        raise Unfit(TYPE)
    return kinds[0]


def _names(data: bytes, stream: str) -> bool:
    """Whether an entry of the directory, each 128 bytes on a boundary of its own, bears that name."""
    entry = stream.encode("utf-16-le") + b"\0\0"
    at = data.find(entry)
    while at >= 0:
        if at % 128 == 0 and data[at + 64 : at + 66] == struct.pack("<H", len(entry)):
            return True
        at = data.find(entry, at + 1)
    return False


def _package(data: bytes, budget: _Budget, *, depth: int) -> str:
    """A docx or xlsx; a zip of anything else is refused. Every member is unpacked to its end, and only counted."""
    if data.count(_MEMBER) > MAX_MEMBERS:
        raise Unfit(BOMB)  # counted before the directory is read, which takes memory for each
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        members = package.infolist()
        budget.count(len(members))
        if any(member.flag_bits & _IS_ENCRYPTED for member in members):
            raise Unfit(ENCRYPTED)
        if any(member.compress_type not in _COMPRESSIONS for member in members):
            raise Unfit(TYPE)  # no office program writes them, and some take memory at will
        names = {member.filename for member in members}
        kind = next((kind for part, kind in _MAIN_PARTS.items() if part in names), None)
        if kind is None or _CONTENT_TYPES not in names:
            raise Unfit(TYPE)
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unfit(MACROS)
        for member in members:
            _weigh(package, member, budget, depth=depth)
        if b"macroEnabled" in package.read(_CONTENT_TYPES):
            raise Unfit(MACROS)
    return kind


def _weigh(package: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget, *, depth: int) -> None:
    """Unpack a member as far as there is budget; look into it where it is packed itself."""
    with package.open(member) as unpacked:
        head = unpacked.read(_CHUNK)
        budget.spend(len(head))
        if head.startswith(_PROGRAMS):
            raise Unfit(TYPE)
        inner = bytearray(head) if head.startswith((_ZIP, _OLE)) else None
        while chunk := unpacked.read(_CHUNK):
            budget.spend(len(chunk))
            if inner is not None:
                inner += chunk
    if inner is not None and inner.startswith(_ZIP):
        _kind(bytes(inner), budget, depth=depth + 1)
    elif inner is not None and _names(bytes(inner), "_VBA_PROJECT"):
        raise Unfit(MACROS)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    try:
        said = {"kind": kind_of(sys.stdin.buffer)}
    except Unfit as unfit:
        said = {"unfit": unfit.reason}
    sys.stdout.write(json.dumps(said))


if __name__ == "__main__":
    main()
