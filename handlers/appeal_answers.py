"""The office's side of an appeal: the day for its answer, 申诉成立 and 申诉不成立; each answer is given once (R102)."""

from typing import Any

from assessment.notices import write
from assessment.notices.appealing import (
    AppealAsk,
    AppealDated,
    AppealDeclined,
    AppealList,
    AppealRefusal,
    AppealRefused,
)
from assessment.rights import Action, Target
from handlers import correcting, numbers
from handlers.appealing import line_of, set_day
from handlers.days import dated
from handlers.entry_cases import EntryCase, case_of, concerned
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import appeals, ledger, outbox
from storage import correcting as corrections
from storage.appeals import LETTER, Appeal
from storage.outbox import Priority

router = Router()

_UPHOLD, _DECLINE, _DAY = "申诉成立", "申诉不成立", "申诉期限"


def show_list(turn: Turn) -> bool:
    """待办: what waits for the answer of the sender's offices. False where nothing does."""
    said = False
    for programme in turn.offices():
        waiting = appeals.open_ones(turn.uow, programme.id)
        if waiting and turn.may(Action.ANSWER_APPEAL, Target(office=programme.office), "待办"):
            lines = tuple(line_of(turn, _case(turn, made), made) for made in waiting)
            turn.reply(AppealList(programme=programme.rulebook.name, today=turn.today, lines=lines))
            said = True
    return said


@router.command(_UPHOLD, what="申诉成立，更正该项记分", roles=OFFICE, offered=seldom, takes_more=True)
def uphold(turn: Turn, rest: str) -> None:
    """申诉成立 A-… 理由: ask; after 确认 the entry is taken back as by 更正分, with the same people (R101)."""
    found = _answerable(turn, rest, _UPHOLD)
    if found is None:
        return
    case, made, reason = found
    if turn.may(Action.REVERSE, case.target, case.entry.number):
        correcting.ask_reversal(turn, case, f"申诉{made.number}成立：{reason}", appeal=made.number)


@router.command(_DECLINE, what="申诉不成立", roles=OFFICE, offered=seldom, takes_more=True)
def decline(turn: Turn, rest: str) -> None:
    """申诉不成立 A-… 理由: ask; after 确认 those concerned are told."""
    found = _answerable(turn, rest, _DECLINE)
    if found is None:
        return
    case, made, reason = found
    turn.ask("decline appeal", {"number": made.number, "reason": reason})
    turn.reply(AppealAsk(line=line_of(turn, case, made), reason=reason))


@router.confirmation("decline appeal")
def take_decline(turn: Turn, content: dict[str, Any]) -> None:
    """确认 writes the answer down; whoever comes second changes nothing."""
    made = appeals.by_number(turn.uow, content["number"])
    assert made is not None, "appeals are never deleted"
    case = _case(turn, made)
    if not turn.may(Action.ANSWER_APPEAL, case.target, made.number):
        return
    refused = _why_not(turn, case, made.number, _DECLINE)
    reason, by = content["reason"], turn.actor.person
    if refused is None and not appeals.answer(turn.uow, made, upheld=False, reason=reason, by=by, at=turn.now):
        refused = _refused(AppealRefusal.ANSWERED, _DECLINE, case, made)
    if refused is not None:
        turn.reply(refused)
        return
    told = AppealDeclined(line=line_of(turn, case, made), reason=reason, by=turn.name)
    turn.reply(told.model_copy(update={"to_office": True}))
    _tell(turn, case, made, told, "appeal declined")


@router.command(_DAY, what="确定申诉的答复期限", roles=OFFICE, offered=seldom, takes_more=True)
def give_day(turn: Turn, rest: str) -> None:
    """申诉期限 A-… 9月30日: where the measure sets none; the unit is told, and the office reminded before it."""
    found = _named(turn, rest, _DAY)
    if found is None:
        return
    case, made, words = found
    when = dated(turn, words)
    refusal = None
    if made.answer is not None:
        refusal = AppealRefusal.ANSWERED
    elif case.programme.rulebook.appeal_workdays.is_set:
        refusal = AppealRefusal.DAY_BY_MEASURE
    elif when.day is None:
        refusal = AppealRefusal.WHICH_DAY
    elif when.day < turn.today:
        refusal = AppealRefusal.DAY_PASSED
    if refusal is not None or when.day is None:
        turn.reply(_refused(refusal or AppealRefusal.WHICH_DAY, _DAY, case, made))
        return
    made = set_day(turn, case, made, when.day, by=turn.actor.person)
    told = AppealDated(line=line_of(turn, case, made), by=turn.name)
    turn.reply(told.model_copy(update={"to_office": True}))
    _tell(turn, case, made, told, f"appeal dated:{turn.inbox_id}")


def _tell(turn: Turn, case: EntryCase, made: Appeal, told: AppealDated | AppealDeclined, key: str) -> None:
    """Tell those concerned and whoever made the appeal."""
    for person in dict.fromkeys((*concerned(turn, case), made.row.person)):
        outbox.tell(
            turn.uow,
            person,
            write(told),
            key=f"{key}:{made.row.id}:{person}",
            priority=Priority.ESCALATION,
            queued_at=turn.now,
            not_before=turn.office_time(case.programme),
        )


def _answerable(turn: Turn, rest: str, word: str) -> tuple[EntryCase, Appeal, str] | None:
    """The appeal that a number names, still open, and the reason behind it; None when answered."""
    found = _named(turn, rest, word)
    if found is None:
        return None
    case, made, reason = found
    refused = _why_not(turn, case, made.number, word)
    if refused is None and not reason:
        refused = _refused(AppealRefusal.ANSWER_LACKS_REASON, word, case, made)
    if refused is None:
        return found
    turn.reply(refused)
    return None


def _named(turn: Turn, rest: str, word: str) -> tuple[EntryCase, Appeal, str] | None:
    """The appeal that a number names, and the words behind it; None when answered."""
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    office = next((programme.office for programme in turn.offices() or turn.programmes), 0)
    if not turn.may(Action.ANSWER_APPEAL, Target(office=office), word):
        return None
    made = appeals.by_number(turn.uow, wanted[0]) if wanted else None
    if made is None:
        turn.reply(AppealRefused(why=AppealRefusal.WHICH, word=word))
        return None
    case = _case(turn, made)
    return (case, made, words) if turn.may(Action.ANSWER_APPEAL, case.target, made.number) else None


def _why_not(turn: Turn, case: EntryCase, number: str, word: str) -> AppealRefused | None:
    """What stands against an answer; from here on nobody else answers or corrects until this turn is over."""
    ledger.hold(turn.uow, case.entry.account)
    made = appeals.by_number(turn.uow, number)
    assert made is not None, "appeals are never deleted"
    if made.answer is not None:
        return _refused(AppealRefusal.ANSWERED, word, case, made)
    if turn.is_closed(case.programme):
        return _refused(AppealRefusal.CLOSED, word, case, made)
    if corrections.waiting(turn.uow, case.entry.number) is not None:
        return _refused(AppealRefusal.WAITS_FOR_SECOND, word, case, made)
    return None


def _refused(why: AppealRefusal, word: str, case: EntryCase, made: Appeal) -> AppealRefused:
    return AppealRefused(
        why=why,
        word=word,
        number=made.number,
        entry=case.entry.number,
        day=made.day,
        workdays=case.programme.rulebook.appeal_workdays.value,
    )


def _case(turn: Turn, made: Appeal) -> EntryCase:
    return case_of(turn, ledger.get(turn.uow, made.row.entry))
