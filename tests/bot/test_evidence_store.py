"""Contents under their own hash: whole or not at all, once each, and nobody else's to read."""

import hashlib
import os
from pathlib import Path

import pytest

from assessment.evidence import MAX_BYTES
from bot.evidence_store import EvidenceStore, TooLarge
from tests.stories.sample_files import PDF


def kept(store: EvidenceStore, content: bytes = PDF) -> str:
    with store.part() as part:
        part.take(content[:4])
        part.take(content[4:])
        store.keep(part)
        return part.sha256


def contents(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_content_lies_under_its_hash_and_is_private(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)

    digest = kept(store)

    (path,) = contents(tmp_path)
    assert digest == path.name == hashlib.sha256(PDF).hexdigest()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    with store.open(digest) as file:
        assert file.read() == PDF
    assert store.is_whole(digest)


def test_the_same_twice_is_stored_once(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)

    assert kept(store) == kept(store)
    assert len(contents(tmp_path)) == 1


def test_what_is_not_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)

    with store.part() as part:
        part.take(PDF)

    assert contents(tmp_path) == []


def test_no_more_is_taken_than_a_file_may_have(tmp_path: Path) -> None:
    with EvidenceStore(tmp_path).part() as part:
        part.take(bytes(MAX_BYTES))
        with pytest.raises(TooLarge):
            part.take(b"x")


def test_damage_is_noticed_and_healed_by_the_same_file(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    digest = kept(store)
    (path,) = contents(tmp_path)
    path.write_bytes(b"something else")

    assert not store.is_whole(digest)
    kept(store)
    assert store.is_whole(digest)
    path.unlink()
    assert not store.is_whole(digest)


@pytest.mark.parametrize("digest", ["", "../../duban", "A" * 64, "a" * 63])
def test_only_a_hash_leads_to_a_content(tmp_path: Path, digest: str) -> None:
    with pytest.raises(ValueError, match="hash"):
        EvidenceStore(tmp_path).open(digest)


def test_what_a_dead_process_began_is_removed_after_a_day(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    store.tidy()
    kept(store)
    left, fresh = (tmp_path / "evidence" / "incoming" / name for name in ("left", "fresh"))
    left.write_bytes(b"half")
    fresh.write_bytes(b"half")
    os.utime(left, (0, 0))

    store.tidy()

    assert not left.exists()
    assert fresh.exists()
