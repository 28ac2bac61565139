"""The files of a 通知: called for by the word 附件, shown by name, and sent once they are here."""

from collections.abc import Sequence
from datetime import timedelta

from assessment.announcement import Enclosed
from assessment.evidence import with_ending
from assessment.notices import Marked, NoticeFile, Repair, RepairLine
from handlers.marks import in_name
from handlers.turn import Turn
from storage import files
from storage.broadcasts import Enclosure
from storage.files import FileRow, FileStatus

FILES_WAIT = timedelta(hours=24)
"""So long a file may be called for by the word 附件."""
MOST_FILES = 5

Enclosures = tuple[Enclosure, ...]
"""In a draft the name is empty where the file keeps its own."""


def called_for(turn: Turn, wanted: Enclosed | None, about: str) -> Enclosures | None:
    """The files that the sender sent last, as many as are wanted; None, and said why, where they are not there."""
    if wanted is None or turn.incoming.files:
        return ()  # files of this very message are added once its words are dealt with
    if in_name(wanted.name, turn.installation.classification_marks):
        turn.reply(Marked())
        return None
    since = turn.now - FILES_WAIT
    if wanted.count > MOST_FILES:
        turn.reply(RepairLine(about=about, repair=Repair.NOTICE_FILES_MANY, facts={"most": str(MOST_FILES)}))
        return None
    found = files.last_sent(turn.uow, turn.actor.person, since, wanted.count)
    if len(found) < wanted.count:
        turn.reply(RepairLine(about=about, repair=Repair.NOTICE_FILE))
        return None
    return tuple(Enclosure(one.id, wanted.name) for one in found)


def final(turn: Turn, enclosed: Enclosures) -> Enclosures:
    """Each with the name that its recipients will see; its ending is known once the file has been looked into."""
    return tuple(Enclosure(row.id, _name(one, row)) for one, row in _with_rows(turn, enclosed))


def facts(turn: Turn, enclosed: Enclosures) -> tuple[NoticeFile, ...]:
    """The files as a notice tells of them; all of them are stored."""
    return tuple(
        NoticeFile(name=_name(one, row), kind=row.type, size=row.size, sha256=row.sha256)
        for one, row in _with_rows(turn, enclosed)
    )


def hindrance(turn: Turn, enclosed: Enclosures, about: str) -> RepairLine | None:
    """Why a notice cannot go with its files yet, or not at all."""
    for _, row in _with_rows(turn, enclosed):
        if row.status != FileStatus.STORED:
            coming = row.status == FileStatus.WAITING
            repair = Repair.NOTICE_FILE_COMING if coming else Repair.NOTICE_FILE_LOST
            return RepairLine(about=about, repair=repair, facts={"name": row.name})
    return None


def _with_rows(turn: Turn, enclosed: Enclosures) -> Sequence[tuple[Enclosure, FileRow]]:
    rows = {row.id: row for row in files.named(turn.uow, [one.file for one in enclosed])}
    return [(one, rows[one.file]) for one in enclosed]


def _name(enclosure: Enclosure, row: FileRow) -> str:
    name = enclosure.name or row.name
    return with_ending(name, row.type) if row.type else name
