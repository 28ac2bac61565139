"""Files that come in a chat: noted in their message's own transaction, attached to the report meant, never by guess.

The files themselves are fetched afterwards (schedules/fetching.py). What is meant: the notice that waits for its
confirmation; the report given or asked about last, within a day; failing that the only thing that is open; failing
that the sender is asked. What an office sends that owes nothing waits a day for a 通知 to go with.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from assessment.notices import (
    Cancelled,
    FilesForNotice,
    FilesHelp,
    FilesHomeless,
    FilesTaken,
    FilesUnsupported,
    FilesWhich,
)
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.typed_text import visible
from handlers import appealing, broadcasting, major, under_review
from handlers.duty_desk import desk_of
from handlers.incoming import FileRef
from handlers.keeping import complete_with_files
from handlers.receipts import answer_with_receipt
from handlers.router import CANCEL, QUESTION_LIVES, Router
from handlers.turn import PRIVATE, Turn
from storage import conversations, files, obligations, submissions
from storage.conversations import QuestionRow
from storage.obligations import ObligationRow
from storage.submissions import Way

router = Router()

LAST_REPORT = timedelta(hours=24)
"""So long a file without a word belongs to the report that was given last."""
MOST_CHOICES = 9
LONGEST_NAME = 80

_WHICH = "evidence"
_TAKEN_KINDS = ("image", "file")
_NAMELESS = {"image": "图片", "voice": "语音", "video": "视频", "file": "文件"}
_GAVE = (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED, Way.FEEDBACK, Way.WITHDRAW)
_ASKED = ("report", "nil", "enter")
"""Questions about one report that is being given."""
_HOW = re.compile(
    r"(?:怎么|如何|怎样)?(?:交|发|传|报|报送|上传|提交|附)?(?:附件|佐证|佐证材料|证明材料)"
    r"(?:怎么|如何|怎样)?(?:交|发|传|报|报送|上传|提交|附|办)?[?？。]?"
)
_CHOICE = re.compile(r"(?:附于|附)?\s*第?\s*([1-9][0-9]?)\s*[项个条]?[。.]?")


def is_all(turn: Turn) -> bool:
    """Whether a message is nothing but files: then there are no words to understand."""
    return not turn.text and bool(turn.incoming.files or turn.incoming.attachments)


def receive(turn: Turn) -> None:
    """Note the files of a message that was said to us, and say to what they are attached."""
    if not turn.incoming.addressed:
        return
    if is_all(turn) and not turn.incoming.files:
        turn.reply(FilesUnsupported(names=tuple(map(_harmless, turn.incoming.attachments))))
    found = [file for file in turn.incoming.files if not (file.kind == "voice" and turn.text)]
    taken = [file for file in found if file.kind in _TAKEN_KINDS]
    if len(taken) < len(found):
        turn.reply(FilesUnsupported(names=tuple(_label(f) for f in found if f.kind not in _TAKEN_KINDS)))
    if taken:
        _place(turn, taken)


@router.reader(order=5)
def explain(turn: Turn) -> bool:
    """附件, 佐证材料怎么交: how it is done."""
    if _HOW.fullmatch(turn.text) is None:
        return False
    turn.reply(FilesHelp())
    return True


@router.question(_WHICH)
def take_choice(turn: Turn, content: dict[str, Any], text: str) -> bool:
    """第2项, or the title: the files that wait are attached to it. Anything else is no answer."""
    if text in CANCEL:
        turn.reply(Cancelled())
        return True
    rows = [obligations.get(turn.uow, obligation) for obligation in content["obligations"]]
    # As it was typed: here ② is the item's number, elsewhere a list sign.
    typed = _CHOICE.fullmatch(unicodedata.normalize("NFKC", turn.typed).strip())
    chosen = [row for row in rows if row.title == text]
    if typed is not None and int(typed[1]) <= len(rows):
        chosen = [rows[int(typed[1]) - 1]]
    if len(chosen) != 1:
        return False
    if turn.may(*_asks(turn, chosen[0]), chosen[0].title):
        waiting = files.named(turn.uow, content["files"])
        _attach(turn, [file.id for file in waiting], [file.name for file in waiting], chosen[0])
    return True


def _place(turn: Turn, found: Sequence[FileRef]) -> None:
    """Attach the files, or ask to what; where there is nothing they could belong to, they are not taken."""
    names = [_label(file) for file in found]
    question = _open_question(turn)
    if question is not None and question.kind == "record" and question.content["record"] == turn.inbox_id:
        _expect(turn, found)  # they came with the words of a record, which names them
        turn.reply(FilesTaken(names=tuple(names), title=""))
        return
    if question is not None and question.kind == broadcasting.QUESTION:
        conversations.close(turn.uow, question.id)
        broadcasting.enclose(turn, question.content, _expect(turn, found))
        return
    if question is not None and question.kind == _WHICH and not _answered_since(turn, question):
        _ask_again(turn, question, _expect(turn, found))
        return
    appealed = "" if question is not None and question.kind in _ASKED else appealing.made_last(turn, LAST_REPORT)
    if appealed:
        appealing.attach(turn, appealed, _expect(turn, found), names)
        return
    urgent = "" if question is not None and question.kind in _ASKED else major.reported_last(turn, LAST_REPORT)
    if urgent:
        major.attach(turn, urgent, _expect(turn, found), names)
        return
    meant = _meant(turn, question)
    if meant is not None:
        _attach(turn, _expect(turn, found), names, meant)
        return
    possible = _open(turn)
    if not possible and broadcasting.may_enclose(turn):
        _expect(turn, found)
        turn.reply(FilesForNotice(names=tuple(names)))
        return
    if not possible:
        turn.reply(FilesHomeless(names=tuple(names)))
        return
    ids = _expect(turn, found)
    _ask(turn, ids, names, possible)


def _meant(turn: Turn, question: QuestionRow | None) -> ObligationRow | None:
    """The report given or asked about last; failing that the only one that is open."""
    last = submissions.last_by(turn.uow, turn.actor.person, _GAVE, turn.now - LAST_REPORT)
    asked = question if question is not None and question.kind in _ASKED else None
    latest = None
    if asked is not None and (last is None or asked.asked_at >= last.recorded_at):
        latest = obligations.get(turn.uow, asked.content["obligation"])
    elif last is not None and last.way != Way.WITHDRAW.value:
        latest = obligations.get(turn.uow, last.obligation)
    if latest is not None and _allowed(turn, latest):
        return latest
    owed = _of_own_units(turn, State.OPEN)
    return owed[0] if len(owed) == 1 else None


def _open(turn: Turn) -> list[ObligationRow]:
    """What may be meant where it is not clear: what is open; failing that the newest of what is in."""
    owed = _of_own_units(turn, State.OPEN)
    return owed[:MOST_CHOICES] or _of_own_units(turn, State.UNSIGNED, State.REVIEW, State.MET)[-MOST_CHOICES:]


def _of_own_units(turn: Turn, *states: State) -> list[ObligationRow]:
    rows = [row for unit in turn.own_units() for row in obligations.of_unit(turn.uow, unit.id, states)]
    return sorted((row for row in rows if _allowed(turn, row)), key=lambda row: (row.due, row.id))


def _allowed(turn: Turn, row: ObligationRow) -> bool:
    running = any(programme.id == row.programme for programme in turn.programmes)
    return running and turn.can(*_asks(turn, row))


def _asks(turn: Turn, row: ObligationRow) -> tuple[Action, Target]:
    """The leave that it takes: to report for the own unit, or to enter for another."""
    own = any(unit.id == row.unit for unit in turn.own_units())
    action = Action.REPORT_DONE if row.kind == Kind.MATTER.value else Action.REPORT
    target = Target(office=turn.programme(row.programme).office, unit=row.unit)
    return action if own else Action.ENTER_FOR_UNIT, target


def _attach(turn: Turn, file_ids: Sequence[int], names: Sequence[str], row: ObligationRow) -> None:
    number = under_review.number(turn, row)
    files.attach(turn.uow, file_ids, row.id, number)
    action, _ = _asks(turn, row)
    turn.record(action, f"附件 {row.title}", basis=number)
    matter = row.kind in under_review.CLOSED_BY_NUMBER
    turn.reply(FilesTaken(names=tuple(names), title=row.title, matter=matter, number=number))
    if row.kind == Kind.DUTY.value:
        filed = complete_with_files(turn, desk_of(turn, obligations.get(turn.uow, row.id)))
        if filed is not None:
            answer_with_receipt(turn, filed)


def _ask(turn: Turn, file_ids: Sequence[int], names: Sequence[str], rows: Sequence[ObligationRow]) -> None:
    superseded = turn.ask(_WHICH, {"files": list(file_ids), "obligations": [row.id for row in rows]})
    titles = tuple(_called(turn, row) for row in rows)
    turn.reply(FilesWhich(names=tuple(names), titles=titles, superseded=superseded))


def _ask_again(turn: Turn, question: QuestionRow, file_ids: Sequence[int]) -> None:
    """People send several files one after the other: they wait for one answer together."""
    waiting = files.named(turn.uow, [*question.content["files"], *file_ids])
    rows = [obligations.get(turn.uow, obligation) for obligation in question.content["obligations"]]
    conversations.close(turn.uow, question.id)
    _ask(turn, [file.id for file in waiting], [file.name for file in waiting], rows)


def _answered_since(turn: Turn, question: QuestionRow) -> bool:
    """Whether a report was given after it was asked: that one is meant from then on."""
    last = submissions.last_by(turn.uow, turn.actor.person, _GAVE, turn.now - LAST_REPORT)
    return last is not None and last.recorded_at > question.asked_at


def _called(turn: Turn, row: ObligationRow) -> str:
    """A choice as people know it: a matter by its number, and the unit where somebody works for several."""
    unit = turn.roster.unit(row.unit).name if len(turn.own_units()) > 1 else ""
    return f"{unit} {row.number} {row.title}".strip().replace("  ", " ")


def _open_question(turn: Turn) -> QuestionRow | None:
    question = conversations.current(turn.uow, person=turn.actor.person, channel=turn.asked_on, conversation=PRIVATE)
    return None if question is None or turn.now - question.asked_at > QUESTION_LIVES else question


def _expect(turn: Turn, found: Sequence[FileRef]) -> list[int]:
    """Note that the files are to be fetched; their time runs from when they were sent."""
    return [
        files.expect(
            turn.uow,
            inbox=turn.inbox_id,
            position=position,
            person=turn.actor.person,
            channel=turn.incoming.channel,
            key=file.key,
            kind=file.kind,
            name=_label(file),
            sent_at=min(turn.incoming.sent_at, turn.now),
            asked_at=turn.now,
        )
        for position, file in enumerate(found)
    ]


def _label(file: FileRef) -> str:
    return _harmless(file.name) or _NAMELESS.get(file.kind, "文件")


def _harmless(name: str) -> str:
    """A file's name as a label: its last part, without what cannot be seen, not too long; its ending stays."""
    readable = name.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "")
    label = " ".join(visible(re.split(r"[/\\]", readable)[-1]).split())
    return label if len(label) <= LONGEST_NAME else f"{label[: LONGEST_NAME - 9]}…{label[-8:]}"
