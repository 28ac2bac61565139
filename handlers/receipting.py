"""收到 and 回执: who has signed for a notice, and a second call to those who are silent."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assessment.notices import (
    CallAsk,
    CallMade,
    LateReceipt,
    NothingToSign,
    ReceiptsTold,
    ReceiptTaken,
    Repair,
    RepairLine,
    TrialSigned,
)
from assessment.receipt_tally import Stand, tally
from assessment.rights import Action, Target
from assessment.roster import Role
from handlers import numbers, supervising
from handlers.broadcasting import OFFICE, programme_of
from handlers.router import Router
from handlers.turn import Turn
from storage import broadcast_letters, broadcasts
from storage.broadcast_letters import Standing
from storage.broadcasts import BroadcastRow
from storage.outbox import Status
from storage.programmes import Programme

router = Router()

LETTER = "T"
_CALL = re.compile("再催|催")
_TRIAL = "试发"


def _owes_a_receipt(turn: Turn) -> bool:
    return _awaits_receipt(turn) or supervising.owes_a_receipt(turn)


@router.command("收到", "签收", what="签收通知", offered=_owes_a_receipt, takes_more=True)
def sign(turn: Turn, rest: str) -> None:
    """收到 T-1008-1, or alone for the newest notice that waits for it. The first receipt counts."""
    if rest == _TRIAL:
        turn.reply(TrialSigned())
        return
    if supervising.took_receipt(turn, rest, alone=not _awaits_receipt(turn)):
        return
    wanted, more = numbers.leading(LETTER, rest, turn.today)
    number = wanted[0] if wanted else None
    found = broadcast_letters.asked_of(turn.uow, turn.actor.person, number)
    if found is None:
        turn.reply(NothingToSign(number=number or ""))
        return
    broadcast, recipient = found
    target = Target(office=broadcast.office, person=recipient.person)
    if not turn.may(Action.RECEIPT, target, broadcast.number):
        return
    fresh = broadcast.recalled_at is None and broadcasts.sign(turn.uow, recipient.id, turn.said_at)
    signed_at = turn.said_at if fresh or recipient.signed_at is None else recipient.signed_at
    turn.reply(
        ReceiptTaken(
            number=broadcast.number,
            office=turn.roster.unit(broadcast.office).name,
            signed_at=signed_at,
            before=not fresh,
            late=broadcast.receipt_until is not None and signed_at >= broadcast.receipt_until,
            recalled=broadcast.recalled_at is not None,
            unread=any(sign.isdigit() for sign in more),
        )
    )


def _awaits_receipt(turn: Turn) -> bool:
    return broadcast_letters.asked_of(turn.uow, turn.actor.person, None) is not None


def _has_ordered(turn: Turn) -> bool:
    return _newest(turn) is not None


@router.command("回执", "谁没回", what="查看通知的签收情况", roles=OFFICE, offered=_has_ordered, takes_more=True)
def show_receipts(turn: Turn, rest: str) -> None:
    """回执 [编号] [再催]: who has signed; without a number for the newest notice."""
    programme = programme_of(turn, "回执")
    if programme is None:
        return
    wanted, more = numbers.leading(LETTER, rest, turn.today)
    broadcast = notice_of(turn, wanted)
    if broadcast is None:
        turn.reply(RepairLine(about="回执", repair=Repair.NO_SUCH_NOTICE))
    elif _CALL.match(more):
        _ask_to_call(turn, broadcast)
    else:
        turn.reply(_receipts(turn, broadcast))


@router.confirmation("call")
def take_call(turn: Turn, content: dict[str, Any]) -> None:
    """确认 calls those who are silent still; each is looked at once more as the letter leaves."""
    broadcast = broadcasts.get(turn.uow, content["broadcast"])
    number, n = broadcast.number, content["n"]
    if not turn.may(Action.BROADCAST, Target(office=broadcast.office), number):
        return
    silent = _silent(turn, broadcast)
    at = leaves(turn, broadcast)
    if broadcast.recalled_at is not None:
        turn.reply(RepairLine(about=number, repair=Repair.RECALLED_ALREADY, facts={"number": number}))
    elif not silent:
        turn.reply(RepairLine(about=number, repair=Repair.NOBODY_SILENT, facts={"number": number}))
    elif not broadcasts.call(turn.uow, broadcast.id, n=n, at=turn.now, due_at=at):
        turn.reply(RepairLine(about=number, repair=Repair.CALLED_MEANWHILE, facts={"number": number}))
    else:
        turn.reply(CallMade(number=number, people=len(silent), held_until=at if at > turn.now else None))


def notice_of(turn: Turn, wanted: tuple[str, ...]) -> BroadcastRow | None:
    """The notice of that number, or the newest, if the sender's own office ordered it."""
    if not wanted:
        return _newest(turn)
    found = broadcasts.by_number(turn.uow, wanted[0])
    return found if found is not None and found.office in _offices(turn) else None


def leaves(turn: Turn, broadcast: BroadcastRow) -> datetime:
    """Now, or the next office hours of the office that ordered the notice."""
    return turn.office_time(_programme(turn, broadcast))


def who(turn: Turn, standing: Standing) -> str:
    """A recipient by unit and name; a leader by name."""
    name = turn.roster.person(standing.person).name if standing.person is not None else f"{standing.role}空缺"
    if standing.person is not None and standing.role == Role.LEADER_IN_CHARGE:
        return f"{name}（{standing.role}）"
    return f"{turn.roster.unit(standing.unit).name}（{name}）"


def _receipts(turn: Turn, broadcast: BroadcastRow) -> ReceiptsTold:
    every = broadcast_letters.standings(turn.uow, broadcast.id)
    counted = tally(one.stand for one in every)
    until = broadcast.receipt_until
    late = (one for one in every if one.signed_at is not None and until is not None and one.signed_at >= until)
    return ReceiptsTold(
        number=broadcast.number,
        text=broadcast.words,
        send_at=broadcast.send_at,
        now=turn.now,
        signed=counted.signed,
        silent=counted.silent,
        waiting=counted.waiting,
        unreached=counted.unreached,
        silent_ones=_those(turn, every, Stand.SILENT),
        unreached_ones=_those(turn, every, Stand.UNREACHED),
        late=tuple(LateReceipt(who=who(turn, one), at=one.signed_at) for one in late if one.signed_at is not None),
        receipt_until=until,
        recalled_at=broadcast.recalled_at,
        to_group=broadcast.to_group,
        delivered=broadcast_letters.group_status(turn.uow, broadcast.id) == Status.SENT,
        may_call=broadcast.recalled_at is None and any(one.is_silent for one in every),
    )


def _ask_to_call(turn: Turn, broadcast: BroadcastRow) -> None:
    number, silent = broadcast.number, _silent(turn, broadcast)
    if broadcast.recalled_at is not None:
        turn.reply(RepairLine(about=number, repair=Repair.RECALLED_ALREADY, facts={"number": number}))
    elif not silent:
        turn.reply(RepairLine(about=number, repair=Repair.NOBODY_SILENT, facts={"number": number}))
    else:
        # A confirmation is for the call that was shown: of two colleagues only the first one's goes out.
        turn.ask("call", {"broadcast": broadcast.id, "n": broadcasts.calls(turn.uow, broadcast.id) + 1})
        turn.reply(CallAsk(number=number, people=tuple(who(turn, one) for one in silent)))


def _silent(turn: Turn, broadcast: BroadcastRow) -> list[Standing]:
    """Those who have not signed and whom a letter would reach."""
    silent = [one for one in broadcast_letters.standings(turn.uow, broadcast.id) if one.is_silent]
    reached = broadcast_letters.addresses(turn.uow, [one.person for one in silent if one.person is not None])
    return [one for one in silent if one.person in reached]


def _those(turn: Turn, every: Iterable[Standing], where: Stand) -> tuple[str, ...]:
    return tuple(who(turn, one) for one in every if one.stand is where)


def _newest(turn: Turn) -> BroadcastRow | None:
    return broadcasts.newest_of(turn.uow, _offices(turn))


def _offices(turn: Turn) -> list[int]:
    return [programme.office for programme in turn.offices()]


def _programme(turn: Turn, broadcast: BroadcastRow) -> Programme:
    return next(programme for programme in turn.programmes if programme.office == broadcast.office)
