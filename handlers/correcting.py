"""更正分: a reversing entry; the original stays, and what it had suppressed is judged again.

Where the measure says so, many points are corrected by two people of the office: the first 确认 leaves it waiting.
"""

from typing import Any

from assessment.ledger import Entry, ReversalRefused, why_irreversible
from assessment.notices import (
    CorrectionDropped,
    CorrectionWaits,
    Repair,
    RepairLine,
    ReverseAsk,
    Reversed,
    write,
)
from assessment.notices.appealing import AppealRefusal, AppealRefused
from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.scorecard import Status
from handlers import numbers
from handlers.embargo import is_told_all_the_same
from handlers.entry_cases import EntryCase, account_name, case_of, concerned, of_the_office
from handlers.points import OFFICE
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import appeals, correcting, ledger, outbox, publications, scoring
from storage.appeals import Appeal
from storage.outbox import Priority
from storage.programmes import Programme

router = Router()

_REPAIRS = {
    ReversalRefused.ALREADY: Repair.CORRECTED_ALREADY,
    ReversalRefused.IS_REVERSAL: Repair.CORRECTION_ITSELF,
}


@router.command("更正分", "冲销", what="更正已入账的分", roles=OFFICE, offered=seldom, takes_more=True)
def reverse(turn: Turn, rest: str) -> None:
    """更正分 L-… 理由: ask, with what would be revived."""
    case, reason = _case_of(turn, rest, "更正分")
    if case is None:
        return
    if not reason and _reversible(turn, case):
        _refuse(turn, case.entry.number, Repair.REASON_OF_CORRECTION)
    elif reason:
        ask_reversal(turn, case, reason)


def ask_reversal(turn: Turn, case: EntryCase, reason: str, *, appeal: str = "") -> None:
    """Ask for 确认, of an `appeal` that would thereby be upheld as of any correction."""
    if not _reversible(turn, case) or (case.takes_two and not _may_ask_a_second(turn, case)):
        return
    turn.ask("reverse", {"entry": case.entry.number, "reason": reason, "appeal": appeal})
    turn.reply(_question(turn, case, reason))


@router.command("同意更正", what="同意他人提出的更正分", roles=OFFICE, offered=seldom, takes_more=True)
def agree(turn: Turn, rest: str) -> None:
    """同意更正 L-…: ask the second person; the first cannot be the second."""
    case, _ = _case_of(turn, rest, "同意更正")
    if case is None:
        return
    waiting = _waiting_for(turn, case)
    if waiting is None:
        return
    asked_by, reason = waiting
    turn.ask("agree to reverse", {"entry": case.entry.number, "reason": reason})
    turn.reply(_question(turn, case, reason).model_copy(update={"takes_two": False, "asked_by": asked_by}))


@router.command("不同意更正", what="不同意或撤回更正分", roles=OFFICE, offered=seldom, takes_more=True)
def disagree(turn: Turn, rest: str) -> None:
    """不同意更正 L-… 理由: the second person declines, or the first takes it back."""
    case, reason = _case_of(turn, rest, "不同意更正")
    if case is None:
        return
    number = case.entry.number
    waiting = correcting.waiting(turn.uow, number)
    if waiting is None:
        _refuse(turn, number, Repair.NOTHING_WAITS)
        return
    correcting.stop_waiting(turn.uow, number)
    dropped = CorrectionDropped(entry=number, by=turn.name, reason=reason)
    turn.reply(dropped)
    turn.tell(
        [waiting.person],
        dropped,
        key=f"correction dropped:{waiting.id}",
        not_before=turn.office_time(case.programme),
    )


@router.confirmation("reverse")
def take_reversal(turn: Turn, content: dict[str, Any]) -> None:
    """确认 appends the reversing entry, or leaves it waiting where the measure asks for two."""
    case = case_of(turn, _entry(turn, content))
    if not _may_be_reversed(turn, case) or not _still_open(turn, case, content.get("appeal", "")):
        return
    if case.takes_two:
        _wait(turn, case, content["reason"])
    else:
        _reverse(turn, case, content["reason"], by=turn.name)


@router.confirmation("agree to reverse")
def take_agreement(turn: Turn, content: dict[str, Any]) -> None:
    """确认 of the second person appends the reversing entry, for the reason that was shown."""
    case = case_of(turn, _entry(turn, content))
    if not _may_be_reversed(turn, case):
        return
    waiting = _waiting_for(turn, case)
    if waiting is None:
        return
    asked_by, reason = waiting
    if reason != content["reason"]:
        _refuse(turn, case.entry.number, Repair.NOTHING_WAITS)
        return
    _reverse(turn, case, reason, by=f"{asked_by}、{turn.name}")


def _case_of(turn: Turn, rest: str, word: str) -> tuple[EntryCase | None, str]:
    """The entry that is named and the words behind it; without one the answer has been given."""
    wanted, words = numbers.leading("L", rest, turn.today)
    programme = next(iter(turn.offices() or turn.programmes), None)
    if programme is None or not turn.may(Action.REVERSE, Target(office=programme.office), word):
        return None, ""
    entry = ledger.by_number(turn.uow, wanted[0]) if wanted else None
    if entry is None:
        turn.reply(RepairLine(about=word, repair=Repair.WHICH_ENTRY, facts={"command": word}))
        return None, ""
    case = case_of(turn, entry)
    return (case, words) if turn.may(Action.REVERSE, case.target, entry.number) else (None, "")


def _entry(turn: Turn, content: dict[str, Any]) -> Entry:
    entry = ledger.by_number(turn.uow, content["entry"])
    assert entry is not None, "entries are never deleted"
    return entry


def _may_be_reversed(turn: Turn, case: EntryCase) -> bool:
    """Between the question and 确认 somebody else may have corrected it, or a post may have ended."""
    return turn.may(Action.REVERSE, case.target, case.entry.number) and _reversible(turn, case)


def _still_open(turn: Turn, case: EntryCase, appeal: str) -> bool:
    """Whether the appeal that this would uphold, if any, waits for its answer still."""
    if not appeal:
        return True
    ledger.hold(turn.uow, case.entry.account)
    known = appeals.by_number(turn.uow, appeal)
    if known is None or known.answer is None:
        return True
    why = AppealRefusal.ANSWERED
    turn.reply(AppealRefused(why=why, word="申诉成立", number=appeal, entry=case.entry.number))
    return False


def _reversible(turn: Turn, case: EntryCase) -> bool:
    if turn.is_closed(case.programme):
        turn.reply(AppealRefused(why=AppealRefusal.CLOSED, word="更正分", entry=case.entry.number))
        return False
    refused = why_irreversible(case.entry, ledger.entries(turn.uow, case.entry.account))
    if refused is not None:
        _refuse(turn, case.entry.number, _REPAIRS[refused])
    return refused is None


def _waiting_for(turn: Turn, case: EntryCase) -> tuple[str, str] | None:
    """Who asked for the correction and why, when the sender may be the second; else the answer has been given."""
    waiting = correcting.waiting(turn.uow, case.entry.number)
    if waiting is None or not _may_still(turn, case, waiting.person):
        _refuse(turn, case.entry.number, Repair.NOTHING_WAITS)
        return None
    if waiting.person == turn.actor.person:
        _refuse(turn, case.entry.number, Repair.SECOND_PERSON)
        return None
    return turn.roster.person(waiting.person).name, waiting.content["reason"]


def _may_still(turn: Turn, case: EntryCase, person: int) -> bool:
    """Whether who asked first holds a post that may correct this, today."""
    first = Actor(person, turn.roster.posts_of(person, turn.today))
    return authorise(first, Action.REVERSE, case.target, Destination.PRIVATE).allowed


def _may_ask_a_second(turn: Turn, case: EntryCase) -> bool:
    """Whether there is somebody to ask, and nobody else has asked for this correction already."""
    number = case.entry.number
    waiting = correcting.waiting(turn.uow, number)
    if waiting is not None and waiting.person != turn.actor.person:
        _refuse(turn, number, Repair.ASKED_FOR_ALREADY, name=turn.roster.person(waiting.person).name)
        return False
    if not _others(turn, case):
        _refuse(turn, number, Repair.NO_SECOND_PERSON)
        return False
    return True


def _others(turn: Turn, case: EntryCase) -> list[int]:
    """Who else of the office may correct this entry."""
    able = of_the_office(turn, case, Action.REVERSE)
    return [person for person in able if person != turn.actor.person]


def _wait(turn: Turn, case: EntryCase, reason: str) -> None:
    if not _may_ask_a_second(turn, case):
        return
    entry = case.entry
    correcting.wait(turn.uow, entry.number, {"reason": reason}, person=turn.actor.person, now=turn.now)
    waits = CorrectionWaits(
        entry=entry.number,
        account=account_name(turn, case),
        cite=case.programme.rulebook.clause(entry.clause).cite,
        points=entry.points,
        reason=reason,
        by=turn.name,
    )
    turn.reply(waits)
    turn.tell(
        _others(turn, case),
        waits.model_copy(update={"to_second": True}),
        key=f"correction waits:{entry.id}:{turn.inbox_id}",
        not_before=turn.office_time(case.programme),
    )


def _reverse(turn: Turn, case: EntryCase, reason: str, *, by: str) -> None:
    """Append the reversing entry; what was suppressed is judged again by the scorecard. Tell those concerned."""
    entry, programme = case.entry, case.programme
    revived = _covered_by(turn, case)
    waited = correcting.waiting(turn.uow, entry.number)
    made = correcting.reverse(
        turn.uow,
        turn.installation,
        programme,
        entry,
        unit=case.unit,
        by=turn.actor.person,
        now=turn.now,
        reason=reason,
    )
    upheld = _uphold(turn, case, reason)
    told = Reversed(
        appeal=upheld.number if upheld is not None else "",
        entry=entry.number,
        by_entry=made.number,
        account=account_name(turn, case),
        unit=turn.roster.unit(case.unit).name,
        cite=programme.rulebook.clause(entry.clause).cite,
        points=entry.points,
        reason=reason,
        by=by,
        revived=revived,
        total=scoring.card(turn.uow, programme, entry.account, turn.now).confirmed.final,
    )
    turn.reply(told)
    if waited is not None:
        key = f"correction made:{made.id}"
        turn.tell([waited.person], told, key=key, not_before=turn.office_time(programme))
    appellant = (upheld.row.person,) if upheld is not None else ()
    secret = _is_secret(turn, programme)
    if secret and not is_told_all_the_same(entry.points):
        return  # It has never heard of what was added.
    to_unit = {"to_unit": True} | ({"total": None} if secret else {})
    for person in dict.fromkeys((*concerned(turn, case), *appellant)):
        outbox.tell(
            turn.uow,
            person,
            write(told.model_copy(update=to_unit)),
            key=f"reversed:{made.id}:{person}",
            priority=Priority.ESCALATION,
            queued_at=turn.now,
            not_before=turn.office_time(programme),
        )


def _uphold(turn: Turn, case: EntryCase, reason: str) -> Appeal | None:
    """An entry taken back answers the appeal against it, whichever word was used (R102)."""
    appeal = appeals.of_entry(turn.uow, case.entry.id)
    if appeal is None or appeal.answer is not None:
        return None
    appeals.answer(turn.uow, appeal, upheld=True, reason=reason, by=turn.actor.person, at=turn.now)
    return appeal


def _is_secret(turn: Turn, programme: Programme) -> bool:
    """Whether the unit may not know its total before publication (R86)."""
    return programme.rulebook.embargo and publications.last(turn.uow, programme.id) is None


def _question(turn: Turn, case: EntryCase, reason: str) -> ReverseAsk:
    return ReverseAsk(
        entry=case.entry.number,
        account=account_name(turn, case),
        cite=case.programme.rulebook.clause(case.entry.clause).cite,
        points=case.entry.points,
        reason=reason,
        revived=_covered_by(turn, case),
        takes_two=case.takes_two,
    )


def _refuse(turn: Turn, number: str, repair: Repair, **facts: str) -> None:
    turn.reply(RepairLine(about=number, repair=repair, facts={"number": number, **facts}))


def _covered_by(turn: Turn, case: EntryCase) -> tuple[str, ...]:
    card = scoring.card(turn.uow, case.programme, case.entry.account, turn.now)
    ref = str(case.entry.id)
    return tuple(
        case.programme.rulebook.clause(line.source.clause).cite
        for line in card.lines
        if line.status is Status.SUPPRESSED and line.covered_by == ref
    )
