"""A report becomes versions. What is certain is stored at once, what is doubtful is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from assessment.notices import (
    Cancelled,
    Change,
    NothingOwed,
    RepairLine,
    SignRequest,
    WhichDuty,
)
from assessment.numerals import Quantity, read_quantity
from assessment.obligation import Obligation, State, send_back, submit
from assessment.report_answers import Cancel, Confirm, NoSuchNumber, ReportAnswer, TakeOnly, read_answer
from assessment.report_answers import Change as Changed
from assessment.report_reading import Item, ReportReading
from assessment.requirements import items, missing
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.rulebook import TextPart
from assessment.submission import Answer, Slot
from handlers import whom
from handlers.duty_desk import Desk, desk_of, desks, free_text, locked, read, speaks_of, what_is_certain
from handlers.filing import Filed, figure_lines, file
from handlers.receipts import answered
from handlers.router import Router, seldom
from handlers.turn import PRIVATE, Turn
from storage import cases, conversations, obligations, submissions
from storage.outbox import About, Priority
from storage.submissions import Way

router = Router()

UNIT_ROLES = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@router.command(
    "报送",
    "上报",
    "填报",
    "交月报",
    "报进度",
    what="报送进展（也可直接发指标和数字）",
    roles=UNIT_ROLES,
    offered=lambda turn: bool(_rows(turn, (State.OPEN,))),
    takes_more=True,
)
def report_by_word(turn: Turn, rest: str) -> None:
    """报送 alone says what is asked; with text it is a report."""
    if rest:
        report(turn, rest)
        return
    if not turn.own_units() and not turn.may(Action.REPORT, Target(office=0), "报送"):
        return
    open_rows = _rows(turn, (State.OPEN,))
    if not open_rows:
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in turn.own_units())))
        return
    for desk in open_rows[:3]:
        turn.reply(answered(turn, desk, desk.current, None, ReportReading(), ()))


@router.command("更正", "修改", "补充", "改", what="更正已报数字", roles=UNIT_ROLES, offered=seldom, takes_more=True)
def amend(turn: Turn, rest: str) -> None:
    """更正 指标 数值: an ordinary report; old values are kept as versions."""
    report(turn, rest)


@router.reader(order=10)
def read_as_report(turn: Turn) -> bool:
    """An own indicator with a number, a written part, or a duty's own name at the start is a report."""
    _, text = _for_which_unit(turn, turn.text)
    if any(speaks_of(desk, text) for desk in _newest(_rows(turn, tuple(State)))):
        report(turn, turn.text)
        return True
    return False


@router.reader(order=80)
def read_as_name(turn: Turn) -> bool:
    """A duty's name without a text behind it: say how its text is written, take nothing."""
    named = [d for d in _rows(turn, (State.OPEN,)) if free_text(d) and d.duty.name in turn.text]
    if named:
        turn.reply(WhichDuty(titles=tuple(f"{desk.row.title}：内容" for desk in named)))
    return bool(named)


@router.reader(order=90)
def read_as_figure(turn: Turn) -> bool:
    """What nothing else recognised: a bare figure, or an indicator of another unit, whose owner is then named."""
    for desk in _rows(turn, (State.OPEN,)):
        if not desk.own:
            continue
        reading = desk.read(turn.text)
        if reading.foreign or isinstance(read_quantity(turn.text), Quantity):
            report(turn, turn.text, desk)
            return True
    return False


def report(turn: Turn, text: str, desk: Desk | None = None) -> None:
    """Read one report, store what is certain, ask back what is not, in one answer."""
    unit, text = _for_which_unit(turn, text)
    desk = desk or _desk_for(turn, text, unit)
    if desk is None:
        return
    if not turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
        return
    desk = locked(turn, desk)
    reading = read(desk, text)
    named = reading.named_period
    if named is not None and named.period.name != desk.row.period:
        other = _same_duty_in(turn, desk, named.period.name)
        if other is None:
            label = named.period.label(cumulative=named.cumulative)
            turn.reply(RepairLine(about=desk.row.title, why=f"没有{label}的报送任务", example="我的任务"))
            return
        desk = locked(turn, other)
        reading = read(desk, text)
    certain = [item for item in reading.items if item.certain]
    delta = what_is_certain(certain, reading)
    filed, answer, changes = _store(turn, desk, delta)
    superseded = _ask(turn, desk, text, reading, ())
    if not superseded:
        _close_if_answered(turn, desk, delta)
    turn.reply(answered(turn, _moved(desk, filed), answer, filed, reading, changes, superseded=superseded))
    if filed is not None:
        request_signature(turn, desk, filed)


@router.question("report")
def take_answer(turn: Turn, content: dict[str, Any], _text: str) -> bool:
    """确认, 只收 1、2, 改 3 27%, 取消 on the doubts of one report; anything else is no answer to it."""
    row = obligations.get(turn.uow, content["obligation"])
    desk = desk_of(turn, row)
    reading = read(desk, content["text"])
    settled = set(content["settled"])
    waiting = [item for item in reading.items if not item.certain and item.number not in settled]
    # As it was typed: here ② is the item's number, elsewhere a list sign.
    answer = read_answer(turn.typed, reading.items, desk.own)
    if answer is None:
        return False
    if not turn.may(Action.REPORT, Target(office=desk.programme.office, unit=desk.unit.id), desk.row.title):
        return True
    if isinstance(answer, Cancel):
        turn.reply(Cancelled())
        return True
    if isinstance(answer, NoSuchNumber):
        numbers = "、".join(str(number) for number in answer.numbers)
        asked = "、".join(str(item.number) for item in reading.items)
        turn.ask("report", {key: value for key, value in content.items() if key != "_id"})
        turn.reply(RepairLine(about=desk.row.title, why=f"没有第{numbers}项，可选{asked}", example=f"只收 {asked}"))
        return True
    taken, left = _decided(answer, waiting, reading.items)
    delta = Answer(values={slot: value for values in taken.values() for slot, value in values.items()})
    filed, whole, changes = _store(turn, desk, delta)
    remaining = replace(reading, items=tuple(left), nils={}, parts={}, foreign=(), leftover="", remarks=())
    shown = tuple(item for item in reading.items if item.number in taken)
    about = replace(remaining, items=(*shown, *left))
    if left:
        conversations.close(turn.uow, content["_id"])
        _ask(
            turn,
            desk,
            content["text"],
            reading,
            tuple({item.number for item in reading.items} - {i.number for i in left}),
        )
    turn.reply(answered(turn, _moved(desk, filed), whole, filed, about, changes, settled=taken))
    if filed is not None:
        request_signature(turn, desk, filed)
    return True


def answer_with_receipt(turn: Turn, filed: Filed) -> None:
    """The receipt of something filed otherwise than by reading a text, and the request to sign it."""
    desk = desk_of(turn, filed.row)
    reading = ReportReading(nils=desk.current.nil_reasons)
    turn.reply(answered(turn, desk, desk.current, filed, reading, ()))
    request_signature(turn, replace(desk, row=desk.row.model_copy(update={"state": State.OPEN.value})), filed)


def request_signature(turn: Turn, desk: Desk, filed: Filed) -> None:
    """Ask the signer for each version that awaits the signature; it is withdrawn when that is no longer so."""
    row = filed.row
    if row.state != State.UNSIGNED.value:
        return
    answer = submissions.current(turn.uow, row.id)
    signers = cases.responsible(turn.roster, row, turn.installation, turn.now)
    turn.tell(
        signers,
        SignRequest(
            unit=desk.unit.name,
            title=row.title,
            number=filed.number,
            reporter=turn.name,
            lines=figure_lines(desk.programme.rulebook, turn, row, answer),
            parts=tuple((part.value, answer.parts[part]) for part in TextPart if part in answer.parts),
            due=row.due,
            due_mark=desk.duty.due.mark,
        ),
        key=f"sign:{row.id}:{filed.number}",
        priority=Priority.ANSWER,
        about=[About(row.id, row.round, row.state)],
    )


def _same_duty_in(turn: Turn, desk: Desk, period: str) -> Desk | None:
    """The same unit's obligation from the same duty in another period."""
    found = (d for d in desks(turn, (desk.unit,), tuple(State)) if d.row.period == period)
    return next((d for d in found if (d.programme.id, d.duty.id) == (desk.programme.id, desk.duty.id)), None)


def _decided(
    answer: ReportAnswer, waiting: Sequence[Item], every: Sequence[Item]
) -> tuple[dict[int, Mapping[Slot, Decimal]], list[Item]]:
    """What an answer settles, by item number, and what stays open. 改 may also name an item already stored."""
    taken: dict[int, Mapping[Slot, Decimal]] = {}
    for item in every if isinstance(answer, Changed) else waiting:
        likely = item.on_confirm
        match answer:
            case Confirm() if likely is not None:
                taken[item.number] = likely
            case TakeOnly(numbers) if item.number in numbers and likely is not None:
                taken[item.number] = likely
            case Changed(number, values, doubts) if item.number == number and not doubts:
                taken[item.number] = {**item.values, **values}
    if isinstance(answer, TakeOnly):
        # 只收 means the rest is not taken: it stays owed, and nobody waits for an answer.
        return taken, [item for item in waiting if item.number in answer.numbers and item.number not in taken]
    # What was corrected and still cannot be read or believed is asked again for its new reason.
    again = answer.doubts if isinstance(answer, Changed) else ()
    number = answer.number if isinstance(answer, Changed) else 0
    return taken, [
        replace(item, doubts=again) if again and item.number == number else item
        for item in waiting
        if item.number not in taken
    ]


def _store(turn: Turn, desk: Desk, delta: Answer) -> tuple[Filed | None, Answer, tuple[Change, ...]]:
    """Append what is new or changed; nothing new is no version. Returns the whole answer as it now stands."""
    before = submissions.current(turn.uow, desk.row.id)
    values = {slot: value for slot, value in delta.values.items() if before.values.get(slot) != value}
    parts = {part: text for part, text in delta.parts.items() if before.parts.get(part) != text}
    nils = {key: reason for key, reason in delta.nil_reasons.items() if before.nil_reasons.get(key) != reason}
    complete = not missing(items(desk.programme.rulebook, desk.duty, desk.unit), before)
    sent_again = desk.row.state == State.OPEN.value and complete and not delta.is_empty
    if not values and not parts and not nils and not sent_again:
        return None, before, ()
    changes = _changes(desk, before, values)
    still_nil = {key: reason for key, reason in before.nil_reasons.items() if key or not (values or parts)}
    whole = Answer(
        values={**before.values, **values},
        parts={**before.parts, **parts},
        nil_reasons={**still_nil, **nils},
    )
    way = Way.AMEND if changes and desk.row.state != State.OPEN.value else Way.REPORT
    filed = file(
        turn,
        desk.programme,
        desk.row,
        _after(turn, desk, whole),
        way,
        answer=Answer(values=values, parts=parts, nil_reasons=nils),
        note="填报人更正" if changes else "",
    )
    return filed, whole, changes


def _after(turn: Turn, desk: Desk, whole: Answer) -> Obligation:
    """The obligation is met when its last required item is in (decisions 18)."""
    facts = desk.row.facts()
    if missing(items(desk.programme.rulebook, desk.duty, desk.unit), whole):
        # What was complete as a nil report and is not any more is open again; its first stamp stays.
        return facts if facts.state in (State.OPEN, State.WAIVED) else send_back(facts)
    keep = desk.programme.rulebook.keep_first_days
    return submit(facts, turn.said_at, nil=_is_nil(whole), keep_days=keep)


def _is_nil(whole: Answer) -> bool:
    return bool(whole.nil_reasons) and not whole.values and not whole.parts


def _changes(desk: Desk, before: Answer, values: Mapping[Slot, Decimal]) -> tuple[Change, ...]:
    named = {indicator.id: indicator for indicator in desk.own}
    return tuple(
        Change(
            name=f"{named[slot.indicator].name}{slot.cohort or ''}",
            unit=named[slot.indicator].unit,
            figure=slot.figure.value,
            old=before.values[slot],
            new=value,
        )
        for slot, value in values.items()
        if slot in before.values
    )


def _ask(turn: Turn, desk: Desk, text: str, reading: ReportReading, settled: Sequence[int]) -> bool:
    """Open the question about what is doubtful; True when it superseded an older one."""
    if all(item.certain for item in reading.items):
        return False
    return turn.ask("report", {"obligation": desk.row.id, "text": text, "settled": list(settled)})


def _close_if_answered(turn: Turn, desk: Desk, delta: Answer) -> None:
    """A corrected line answers the open question about the same indicators without its number."""
    question = conversations.current(
        turn.uow,
        person=turn.actor.person,
        channel=turn.incoming.channel,
        conversation=PRIVATE,
    )
    if question is None or question.kind != "report" or question.content["obligation"] != desk.row.id:
        return
    reading = read(desk, question.content["text"])
    settled = set(question.content["settled"])
    asked = {i.indicator for i in reading.items if not i.certain and i.number not in settled}
    if asked <= {slot.indicator for slot in delta.values} | set(delta.nil_reasons):
        conversations.close(turn.uow, question.id)


def _moved(desk: Desk, filed: Filed | None) -> Desk:
    return desk if filed is None else replace(desk, row=filed.row)


def _for_which_unit(turn: Turn, text: str) -> tuple[Unit | None, str]:
    """Who works for several units may begin with the name of the one that a report is for."""
    units = turn.own_units()
    named, rest = whom.leading(turn.roster, text)
    return (named, rest) if named in units and len(units) > 1 else (None, text)


def _desk_for(turn: Turn, text: str, unit: Unit | None) -> Desk | None:
    """The one obligation that a text speaks of; when there is none or several, the answer has been given."""
    if not turn.own_units():
        turn.may(Action.REPORT, Target(office=0), "报送")
        return None
    every = [desk for desk in _rows(turn, tuple(State)) if unit in (None, desk.unit)]
    if not every:
        turn.reply(NothingOwed(unit="、".join(unit.name for unit in turn.own_units())))
        return None
    spoken = [desk for desk in every if speaks_of(desk, text)]
    # A title names one period; a free text is only ever taken under its own name.
    spoken = [desk for desk in spoken if desk.row.title in text] or spoken
    possible = spoken or [desk for desk in every if not free_text(desk)]
    owing = [desk for desk in possible if desk.row.state == State.OPEN.value]
    # The period that is open and falls due first; with nothing open it is an amendment of the newest.
    candidates = owing or possible[-1:]
    if not candidates:
        titles = tuple(f"{desk.row.title}：内容" for desk in every if desk.row.state == State.OPEN.value)
        turn.reply(WhichDuty(titles=titles or tuple(f"{desk.row.title}：内容" for desk in every[-1:])))
        return None
    kinds = {(desk.programme.id, desk.duty.id, desk.unit.id) for desk in candidates}
    if len(kinds) > 1 and not spoken:
        turn.reply(WhichDuty(titles=tuple(f"{desk.row.title}" for desk in candidates)))
        return None
    if len({desk.unit.id for desk in candidates}) > 1:
        turn.reply(WhichDuty(titles=tuple(f"{desk.unit.name} {desk.row.title}" for desk in candidates)))
        return None
    return candidates[0]


def _newest(every: Sequence[Desk]) -> list[Desk]:
    """The newest desk of each duty and unit: what a text may speak of is the same for all its periods.

    But for a free text, which is known by the title of its period.
    """
    named = ((desk.row.unit, desk.row.programme, desk.row.ref, free_text(desk) and desk.row.period) for desk in every)
    return list(dict(zip(named, every, strict=True)).values())


def _rows(turn: Turn, states: Sequence[State]) -> list[Desk]:
    """The sender's obligations from duties in those states, by due time."""
    return desks(turn, turn.own_units(), states)
