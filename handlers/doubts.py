"""The one question about a report: what is doubtful is asked back, and the answer settles it item by item."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assessment.notices import Cancelled, Repair, RepairLine
from assessment.report_answers import (
    Cancel,
    Change,
    Confirm,
    NoSuchNumber,
    ReportAnswer,
    TakeOnly,
    Unfilled,
    read_answer,
)
from assessment.report_reading import Item, ReportReading
from assessment.rights import Action, Target
from assessment.submission import Answer, Slot
from handlers.duty_desk import Desk, desk_of, read
from handlers.keeping import keep
from handlers.receipts import answered, request_signature
from handlers.router import Router
from handlers.turn import PRIVATE, Turn
from storage import conversations, obligations

router = Router()


def ask(
    turn: Turn, desk: Desk, text: str, reading: ReportReading, settled: Collection[int] = (), *, why: str = ""
) -> bool:
    """Open the question about what is doubtful; True when it superseded an older one."""
    if all(item.certain for item in reading.items):
        return False
    content = {"obligation": desk.row.id, "text": text, "settled": sorted(settled), "why": why}
    return turn.ask("report", content)


def close_if_answered(turn: Turn, desk: Desk, delta: Answer) -> None:
    """A corrected line answers the open question about the same indicators without its number."""
    question = conversations.current(
        turn.uow,
        person=turn.actor.person,
        channel=turn.asked_on,
        conversation=PRIVATE,
    )
    if question is None or question.kind != "report" or question.content["obligation"] != desk.row.id:
        return
    reading = read(desk, question.content["text"])
    settled = set(question.content["settled"])
    asked = {i.indicator for i in reading.items if not i.certain and i.number not in settled}
    if asked <= {slot.indicator for slot in delta.values} | set(delta.nil_reasons):
        conversations.close(turn.uow, question.id)


@router.question("report")
def take_answer(turn: Turn, content: dict[str, Any], _text: str) -> bool:
    """确认, 只收 1、2, 改 3 27%, 取消 on the doubts of one report; anything else is no answer to it."""
    desk = desk_of(turn, obligations.get(turn.uow, content["obligation"]))
    reading = read(desk, content["text"])
    # As it was typed: here ② is the item's number, elsewhere a list sign.
    answer = read_answer(turn.typed, reading.items, desk.own)
    if answer is None:
        return False
    if not turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
        return True
    if isinstance(answer, Cancel):
        turn.reply(Cancelled())
    elif isinstance(answer, Unfilled):
        _ask_on(turn, content)
        turn.reply(_to_fill(desk, reading, answer.number))
    elif isinstance(answer, NoSuchNumber):
        _ask_on(turn, content)
        facts = {"numbers": _listed(answer.numbers), "asked": _listed(item.number for item in reading.items)}
        turn.reply(RepairLine(about=desk.row.title, repair=Repair.NO_SUCH_ITEM, facts=facts))
    else:
        _settle(turn, desk, content, reading, answer)
    return True


def _ask_on(turn: Turn, content: dict[str, Any]) -> None:
    """The same question stays open."""
    turn.ask("report", {key: value for key, value in content.items() if key != "_id"})


def _to_fill(desk: Desk, reading: ReportReading, number: int) -> RepairLine:
    item = next(item for item in reading.items if item.number == number)
    unit = next((indicator.unit for indicator in desk.own if indicator.id == item.indicator), "")
    slots = [doubt.slot for doubt in item.doubts if doubt.slot is not None]
    figure = f"{slots[0].figure.value} " if slots else ""
    facts = {"number": str(number), "figure": figure, "unit": unit}
    return RepairLine(about=desk.row.title, repair=Repair.NEW_FIGURE, facts=facts)


def _settle(turn: Turn, desk: Desk, content: dict[str, Any], reading: ReportReading, answer: ReportAnswer) -> None:
    """Store what the answer settles, ask again for the rest, and say so in one receipt."""
    settled = set(content["settled"])
    waiting = [item for item in reading.items if not item.certain and item.number not in settled]
    taken, left = _decided(answer, waiting, reading.items)
    delta = Answer(values={slot: value for values in taken.values() for slot, value in values.items()})
    why = content.get("why", "")
    filed, whole, changes = keep(turn, desk, delta, why=why)
    shown = tuple(item for item in reading.items if item.number in taken)
    about = replace(reading, items=(*shown, *left), nils={}, parts={}, foreign=(), leftover="", remarks=())
    if left:
        conversations.close(turn.uow, content["_id"])
        ask(turn, desk, content["text"], reading, {i.number for i in reading.items} - {i.number for i in left}, why=why)
    moved = desk if filed is None else replace(desk, row=filed.row)
    told = answered(turn, moved, whole, filed, about, changes, settled=taken)
    turn.reply(told.model_copy(update={"reason": why if filed is not None else ""}))
    if filed is not None:
        request_signature(turn, desk, filed)


def _decided(
    answer: ReportAnswer, waiting: Sequence[Item], every: Sequence[Item]
) -> tuple[dict[int, Mapping[Slot, Decimal]], list[Item]]:
    """What an answer settles, by item number, and what stays open. 改 may also name an item already stored."""
    taken: dict[int, Mapping[Slot, Decimal]] = {}
    for item in every if isinstance(answer, Change) else waiting:
        likely = item.on_confirm
        match answer:
            case Confirm() if likely is not None:
                taken[item.number] = likely
            case TakeOnly(numbers) if item.number in numbers and likely is not None:
                taken[item.number] = likely
            case Change(number, values, doubts) if item.number == number and not doubts:
                taken[item.number] = {**item.values, **values}
    if isinstance(answer, TakeOnly):
        # 只收 means the rest is not taken: it stays owed, and nobody waits for an answer.
        return taken, [item for item in waiting if item.number in answer.numbers and item.number not in taken]
    # What was corrected and still cannot be read or believed is asked again for its new reason.
    again = answer.doubts if isinstance(answer, Change) else ()
    number = answer.number if isinstance(answer, Change) else 0
    return taken, [
        replace(item, doubts=again) if again and item.number == number else item
        for item in waiting
        if item.number not in taken
    ]


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(str(number) for number in numbers)
