"""撤回 of a notice: what has not left is stopped, and whoever has it gets a correction that names the old number."""

import re
from typing import Any

from assessment.notices import RecallAsk, Recalled, Repair, RepairLine
from assessment.rights import Action, Target
from assessment.typed_text import aligned, visible
from handlers import numbers
from handlers.broadcasting import programme_of
from handlers.receipting import LETTER, leaves, notice_of
from handlers.router import Router
from handlers.turn import Turn
from storage import broadcast_letters, broadcasts
from storage.broadcasts import BroadcastRow
from storage.outbox import Status

router = Router()

_OF_A_NOTICE = re.compile(rf"\s*{LETTER}\s*-?\s*[0-9]", re.IGNORECASE)
_WORD = re.compile(r"\s*\S{2}[\s,，:：]*[Tt]\s*-?\s*(?:[0-9]{4}\s*-\s*)?[0-9]+[\s,，:：、]*")


def speaks_of_a_notice(rest: str) -> bool:
    """Whether what follows 撤回 is a notice's number: T-1008-1, or t1."""
    return _OF_A_NOTICE.match(rest) is not None


def recall(turn: Turn, rest: str) -> None:
    """撤回 T-1008-1 [更正内容]: asked for confirmation, with who would be told."""
    if programme_of(turn, "撤回通知") is None:
        return
    wanted, _ = numbers.leading(LETTER, rest, turn.today)
    broadcast = notice_of(turn, wanted) if wanted else None
    if broadcast is None:
        turn.reply(RepairLine(about="撤回通知", repair=Repair.NO_SUCH_NOTICE))
        return
    if broadcast.recalled_at is not None:
        number = broadcast.number
        turn.reply(RepairLine(about=number, repair=Repair.RECALLED_ALREADY, facts={"number": number}))
        return
    correction = _typed_behind_the_number(turn)
    shown_to, stopped = _reach(turn, broadcast)
    turn.ask("recall", {"broadcast": broadcast.id, "correction": correction})
    turn.reply(
        RecallAsk(
            number=broadcast.number,
            shown_to=shown_to,
            stopped=stopped,
            to_group=broadcast.to_group,
            correction=correction,
        )
    )


@router.confirmation("recall")
def take_recall(turn: Turn, content: dict[str, Any]) -> None:
    """确认 stops it and orders the correction; who got it in between gets the correction too."""
    broadcast = broadcasts.get(turn.uow, content["broadcast"])
    number = broadcast.number
    if not turn.may(Action.BROADCAST, Target(office=broadcast.office), number):
        return
    shown_to, stopped = _reach(turn, broadcast)
    at = leaves(turn, broadcast)
    if not broadcasts.recall(turn.uow, broadcast.id, correction=content["correction"], at=turn.now, due_at=turn.now):
        turn.reply(RepairLine(about=number, repair=Repair.RECALLED_ALREADY, facts={"number": number}))
        return
    turn.reply(
        Recalled(
            number=number,
            shown_to=shown_to,
            stopped=stopped,
            to_group=broadcast.to_group,
            held_until=at if at > turn.now and shown_to else None,
        )
    )


def _reach(turn: Turn, broadcast: BroadcastRow) -> tuple[int, int]:
    """How many have the notice or may have it, and how many were still to get it."""
    if broadcast.to_group:
        sent = broadcast_letters.group_status(turn.uow, broadcast.id) in (Status.SENT, Status.UNKNOWN, Status.SENDING)
        return int(sent), int(not sent)
    every = broadcast_letters.standings(turn.uow, broadcast.id)
    shown_to = sum(one.was_shown for one in every)
    return shown_to, sum(one.person is not None and not one.was_shown for one in every)


def _typed_behind_the_number(turn: Turn) -> str:
    """The correction as it was typed."""
    whole = visible(turn.typed)
    found = _WORD.match(aligned(whole))
    return whole[found.end() :].strip() if found is not None else ""
