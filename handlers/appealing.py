"""申诉: those concerned object to one entry of the ledger; it stands, 争议中, until the office has answered (R102)."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from assessment.due import midnight_after
from assessment.ledger import AccountKey, Entry, why_irreversible
from assessment.notices import FilesTaken, write
from assessment.notices.appealing import (
    AppealDue,
    AppealLine,
    AppealRefusal,
    AppealRefused,
    AppealTaken,
    AppealWhich,
    EntryChoice,
)
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.rulebook import Subject
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.embargo import is_told_all_the_same, is_withheld
from handlers.entry_cases import EntryCase, account_name, case_of, of_the_office
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import appeals, counters, files, ledger, major, outbox, proposals, scoring, submissions, telling
from storage.appeals import LETTER, Appeal
from storage.outbox import Priority
from storage.submissions import Way

router = Router()

WORD = "申诉"
_GAVE = (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED, Way.FEEDBACK)


@router.command(
    WORD,
    "有异议",
    "复核",
    what="对一条记分提出申诉",
    roles=(Role.REPORTER, Role.DEPUTY, Role.HEAD),
    offered=seldom,
    takes_more=True,
)
def appeal(turn: Turn, rest: str) -> None:
    """申诉 L-2608-18 理由: numbered, and told to the office. Without a number: the entries, to choose from."""
    if rest[:1].upper() == "P":
        _of_a_proposal(turn, rest)
        return
    if numbers.refused_foreign(turn, WORD, "L", rest):
        return
    wanted, words = numbers.leading("L", rest, turn.today)
    if not wanted:
        _choose(turn)
        return
    entry = ledger.by_number(turn.uow, wanted[0])
    if entry is None:
        turn.may(Action.APPEAL, Target(office=0), wanted[0])
        return
    case = case_of(turn, entry)
    if not turn.may(Action.APPEAL, case.target, entry.number):
        return
    # From here on corrections and answers wait: what is judged now still holds when it is written.
    ledger.hold(turn.uow, entry.account)
    refused = _why_not(turn, case, wanted, words)
    if refused is not None:
        turn.reply(refused)
    else:
        _take(turn, case, as_typed(turn, words))


def made_last(turn: Turn, since: timedelta) -> str:
    """The number of the open appeal to which a file belongs that comes without a word; empty where none is newest."""
    last = appeals.last_by(turn.uow, turn.actor.person, turn.now - since)
    known = appeals.by_number(turn.uow, last.number) if last is not None else None
    if last is None or known is None or known.answer is not None:
        return ""
    given = submissions.last_by(turn.uow, turn.actor.person, _GAVE, turn.now - since)
    urgent = major.last_by(turn.uow, turn.actor.person, turn.now - since)
    newer = [one.recorded_at for one in (given, urgent) if one is not None and one.recorded_at > last.made_at]
    return "" if newer else last.number


def attach(turn: Turn, number: str, file_ids: Sequence[int], names: Sequence[str]) -> None:
    """Keep files under the number of an appeal, where the office reads them."""
    files.attach(turn.uow, file_ids, None, number)
    turn.record(Action.APPEAL, "附件", basis=number)
    turn.reply(FilesTaken(names=tuple(names), title=WORD, number=number))


def line_of(turn: Turn, case: EntryCase, made: Appeal) -> AppealLine:
    """An appeal as it is shown."""
    clause = case.programme.rulebook.clause(case.entry.clause)
    return AppealLine(
        number=made.number,
        unit=turn.roster.unit(case.unit).name,
        account=account_name(turn, case),
        personal=case.is_personal,
        entry=case.entry.number,
        cite=clause.cite,
        clause=clause.name,
        points=case.entry.points,
        fact=telling.fact(turn.uow, case.entry.basis),
        text=made.row.text,
        by=turn.roster.person(made.row.person).name,
        made_at=made.row.made_at,
        day=made.day,
        assumed=made.day is not None and turn.installation.calendar.assumed(made.day),
        files=tuple(file.name for file in files.of_number(turn.uow, made.number)),
    )


def set_day(turn: Turn, case: EntryCase, made: Appeal, day: date, *, by: int | None) -> Appeal:
    """The day holds from now on; the office is reminded on the workday before, in office hours."""
    appeals.set_day(turn.uow, made, day, by=by, at=turn.now)
    dated = Appeal(made.row, day, None)
    at = _reminded_at(turn, case, day)
    if at > turn.now:
        for person in answerers(turn, case):
            outbox.tell(
                turn.uow,
                person,
                write(AppealDue(line=line_of(turn, case, dated))),
                key=f"{appeals.reminder_key(made, day)}:{turn.inbox_id}:{person}",
                priority=Priority.ESCALATION,
                queued_at=turn.now,
                not_before=at,
            )
    return dated


def answerers(turn: Turn, case: EntryCase) -> list[int]:
    """Who of the office may answer an appeal against that entry."""
    return of_the_office(turn, case, Action.ANSWER_APPEAL)


def _reminded_at(turn: Turn, case: EntryCase, day: date) -> datetime:
    calendar, zone = turn.installation.calendar, turn.installation.zone
    eve = calendar.previous_workday(day)
    morning = midnight_after(eve - timedelta(days=1), zone)
    return calendar.office_time(morning, case.programme.rulebook.office_hours, zone)


def _why_not(turn: Turn, case: EntryCase, wanted: Sequence[str], words: str) -> AppealRefused | None:
    """What stands against an appeal; what was answered before is said again."""
    entry = case.entry
    known = appeals.of_entry(turn.uow, entry.id)
    if len(wanted) > 1:
        return _refused(AppealRefusal.SEVERAL, entry.number)
    if known is not None and known.answer is not None:
        why = AppealRefusal.UPHELD_BEFORE if known.answer.upheld else AppealRefusal.DECLINED_BEFORE
        return _refused(why, entry.number).model_copy(update={"number": known.number, "reason": known.answer.reason})
    if known is not None:
        refused = _refused(AppealRefusal.OPEN_ALREADY, entry.number)
        return refused.model_copy(update={"number": known.number, "day": known.day})
    if turn.is_closed(case.programme):
        return _refused(AppealRefusal.CLOSED, entry.number)
    if why_irreversible(entry, ledger.entries(turn.uow, entry.account)) is not None:
        return _refused(AppealRefusal.CORRECTED, entry.number)
    return None if words else _refused(AppealRefusal.NO_REASON, entry.number)


def _refused(why: AppealRefusal, entry: str) -> AppealRefused:
    return AppealRefused(why=why, word=WORD, entry=entry)


def _take(turn: Turn, case: EntryCase, words: str) -> None:
    made = appeals.make(
        turn.uow,
        number=counters.number(turn.uow, LETTER, turn.today),
        programme=case.programme.id,
        entry=case.entry.id,
        unit=case.unit,
        person=turn.actor.person,
        text=words,
        at=turn.now,
    )
    assert made is not None, "the account is held, and there was none a moment ago"
    workdays = case.programme.rulebook.appeal_workdays.value
    if workdays is not None:
        day = turn.installation.calendar.add_workdays(turn.today, workdays)
        made = set_day(turn, case, made, day, by=None)
    taken = AppealTaken(
        line=line_of(turn, case, made),
        workdays=workdays,
        office=turn.roster.unit(case.programme.office).name,
        late_stamp=turn.late_stamp,
    )
    turn.reply(taken)
    turn.tell(
        answerers(turn, case),
        taken.model_copy(update={"to_office": True}),
        key=f"appeal:{made.row.id}",
        not_before=turn.office_time(case.programme),
    )


def _of_a_proposal(turn: Turn, rest: str) -> None:
    """What is only proposed is spoken of in a 情况说明."""
    wanted, _ = numbers.leading("P", rest, turn.today)
    row = proposals.by_number(turn.uow, wanted[0]) if wanted else None
    if row is None:
        turn.may(Action.APPEAL, Target(office=0), rest[:20])
        return
    person = row.holder if Subject(row.subject).of_a_person else None
    target = Target(office=turn.programme(row.programme).office, unit=row.unit, person=person)
    if turn.may(Action.APPEAL, target, row.number):
        entry = ledger.of_proposal(turn.uow, row.id)
        why = AppealRefusal.NO_REASON if entry is not None else AppealRefusal.PROPOSED
        turn.reply(_refused(why, entry.number if entry is not None else row.number))


def _choose(turn: Turn) -> None:
    """The entries of the sender's units and of the sender, each with what to type."""
    if not turn.own_units() and not turn.may(Action.APPEAL, Target(office=0, person=turn.actor.person), WORD):
        return
    turn.reply(AppealWhich(lines=tuple(_choice(turn, case) for case in _open_cases(turn))))


def _open_cases(turn: Turn) -> Iterator[EntryCase]:
    """What an appeal is possible against, newest last."""
    for programme in turn.programmes:
        withheld = is_withheld(turn, programme)
        accounts = [scoring.unit_account(programme, unit.id) for unit in turn.own_units()]
        held = (AccountKey(programme.code, subject, turn.actor.person) for subject in Subject if subject.of_a_person)
        for account in (*accounts, *held):
            every = ledger.entries(turn.uow, account)
            for entry in every:
                if withheld and not is_told_all_the_same(entry.points):
                    continue
                if why_irreversible(entry, every) is None and appeals.of_entry(turn.uow, entry.id) is None:
                    yield case_of(turn, entry)


def _choice(turn: Turn, case: EntryCase) -> EntryChoice:
    entry: Entry = case.entry
    clause = case.programme.rulebook.clause(entry.clause)
    return EntryChoice(
        entry=entry.number,
        account=account_name(turn, case),
        personal=case.is_personal,
        cite=clause.cite,
        clause=clause.name,
        points=entry.points,
        fact=telling.fact(turn.uow, entry.basis),
    )
