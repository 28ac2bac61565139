"""What a file is, is told by its content, in a process that a bad file may bring down without harm (T6)."""

import asyncio
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.evidence import KINDS
from assessment.evidence import Unfit as Why
from bot import evidence, evidence_kinds
from bot.evidence import examine
from bot.evidence_kinds import BOMB, DAMAGED, ENCRYPTED, MACROS, TYPE, Unfit, kind_of
from tests.stories import sample_files as sample

CHART = {"word__embeddings__chart.xlsx": sample.xlsx()}

GOOD = {
    "pdf": sample.PDF,
    "png": sample.png(),
    "jpg": sample.JPG,
    "docx": sample.docx(),
    "xlsx": sample.xlsx(),
    "doc": sample.old_office("WordDocument", "1Table"),
    "xls": sample.old_office("Workbook"),
}
BAD = {
    "nothing at all": (b"", DAMAGED),
    "a program, whatever its name": (sample.PROGRAM, TYPE),
    "a page of the web": (b"<html><script>", TYPE),
    "a picture of another kind": (b"GIF89a" + bytes(20), TYPE),
    "a zip of allowed files": (sample.packed({"a.pdf": sample.PDF}), TYPE),
    "slides": (sample.packed({"[Content_Types].xml": b"", "ppt/presentation.xml": b""}), TYPE),
    "old slides": (sample.old_office("PowerPoint Document"), TYPE),
    "an archive of another kind": (b"Rar!\x1a\x07\x00" + bytes(20), TYPE),
    "a workbook with a program inside": (sample.xlsx(xl__media__image1=sample.PROGRAM), TYPE),
    "a workbook packed as none is": (
        sample.packed({"[Content_Types].xml": b"", "xl/workbook.xml": b"x" * 99}, zipfile.ZIP_LZMA),
        TYPE,
    ),
    "a zip inside a document": (sample.docx(word__a=sample.packed({"a": b"a"})), TYPE),
    "a workbook with macros": (sample.xlsx(**{"xl__vbaProject.bin": b"x"}), MACROS),
    "an old workbook with macros": (sample.old_office("Workbook", "_VBA_PROJECT"), MACROS),
    "a macro inside an embedded workbook": (
        sample.docx(word__a=sample.xlsx(**{"xl__vbaProject.bin": b"x"})),
        MACROS,
    ),
    "a workbook behind a password": (sample.old_office("EncryptionInfo", "EncryptedPackage"), ENCRYPTED),
    "a zip behind a password": (sample.encrypted(sample.xlsx()), ENCRYPTED),
    "a workbook cut in half": (sample.xlsx(xl__a=b"a" * 999)[:200], DAMAGED),
    "a workbook within a workbook within a document": (
        sample.docx(word__a=sample.xlsx(xl__b=sample.xlsx())),
        BOMB,
    ),
    "a member of nothing but zeros": (sample.xlsx(xl__big=bytes(3_000_000)), BOMB),
    "ten thousand members and more": (
        sample.packed({f"xl/{number}": b"" for number in range(evidence_kinds.MAX_MEMBERS + 1)}),
        BOMB,
    ),
    "zeros inside an embedded workbook": (sample.docx(word__a=sample.xlsx(xl__big=bytes(3_000_000))), BOMB),
}


def judged(data: bytes) -> str:
    try:
        return kind_of(BytesIO(data))
    except Unfit as unfit:
        return unfit.reason


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_allowed(kind: str) -> None:
    assert judged(GOOD[kind]) == kind


@pytest.mark.parametrize("what", BAD)
def test_what_is_not(what: str) -> None:
    data, why = BAD[what]

    assert judged(data) == why


def test_a_chart_may_bring_its_workbook_along() -> None:
    assert judged(sample.docx(**CHART)) == "docx"


def test_what_is_declared_is_not_believed() -> None:
    """A directory that calls a member small does not make it small."""
    package = sample.xlsx(xl__big=bytes(3_000_000))
    size = (3_000_000).to_bytes(4, "little")

    assert judged(package.replace(size, (10).to_bytes(4, "little"))) in {BOMB, DAMAGED}


@given(st.sampled_from(sorted(GOOD)), st.data())
@settings(max_examples=150, deadline=None)
def test_damage_never_does_more_than_refuse(kind: str, data: st.DataObject) -> None:
    content = bytearray(GOOD[kind])
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))

    assert judged(bytes(content)) in {*KINDS, TYPE, MACROS, ENCRYPTED, BOMB, DAMAGED}


# ── in a process of its own ──


def examined(tmp_path: Path, data: bytes) -> str | Why:
    path = tmp_path / "证明.pdf.exe"
    path.write_bytes(data)
    with path.open("rb") as file:
        return asyncio.run(examine(file))


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (sample.PDF, "pdf"),
        (sample.xlsx(), "xlsx"),
        (sample.PROGRAM, Why.TYPE),
        (BAD["a zip behind a password"][0], Why.ENCRYPTED),
    ],
    ids=["pdf", "xlsx", "program", "password"],
)
def test_the_process_says_the_same(tmp_path: Path, data: bytes, found: str) -> None:
    assert examined(tmp_path, data) == found


def test_every_word_of_the_process_is_known_here() -> None:
    assert {TYPE, MACROS, ENCRYPTED, BOMB, DAMAGED} <= set(Why)
    assert set(GOOD) == set(KINDS)


@pytest.mark.parametrize(
    ("program", "found"),
    [
        ("raise SystemExit(3)", Why.DAMAGED),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", Why.BOMB),
        ("import time; time.sleep(60)", Why.BOMB),
        ('print(\'{"kind": "exe"}\')', Why.TYPE),
    ],
    ids=["it stumbles", "it is killed", "it never ends", "it names a kind that is not taken"],
)
def test_a_file_that_brings_the_process_down_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, found: Why
) -> None:
    (tmp_path / "examiner.py").write_text(program)
    monkeypatch.setattr(evidence.bot.evidence_kinds, "__file__", str(tmp_path / "examiner.py"))
    monkeypatch.setattr(evidence, "EXAMINING_SECONDS", 0.5)

    assert examined(tmp_path, sample.PDF) is found
