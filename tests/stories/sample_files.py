"""Files as people send them, and as people with worse in mind do; each only as long as it has to be."""

import struct
import zipfile
import zlib
from io import BytesIO

PDF = b"%PDF-1.4\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(32)
PROGRAM = b"MZ\x90\x00" + bytes(60)
_HEADER = b"\x89PNG\r\n\x1a\n"


def png() -> bytes:
    """One grey pixel."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return _HEADER + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these members."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in members.items():
            package.writestr(zipfile.ZipInfo(name), content, method)  # without the time of the day
    return out.getvalue()


def xlsx(**more: bytes) -> bytes:
    """A workbook with further members; in their names `__` stands for a stroke."""
    return packed({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **_named(more)})


def docx(**more: bytes) -> bytes:
    """A document with further members."""
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **_named(more)})


def _named(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("__", "/"): content for name, content in members.items()}


def encrypted(package: bytes) -> bytes:
    """The same zip, its members said to be behind a password."""
    changed = bytearray(package)
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(mark)
        while at >= 0:
            changed[at + flags] |= 1
            at = changed.find(mark, at + 4)
    return bytes(changed)


def old_office(*streams: str) -> bytes:
    """A compound file whose directory names these streams."""
    entries = b""
    for stream in ("Root Entry", *streams):
        name = stream.encode("utf-16-le") + b"\0\0"
        entries += name.ljust(64, b"\0") + struct.pack("<H", len(name)) + bytes(62)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entries
