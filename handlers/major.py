"""重大事项: an unscheduled report, told to the office and the leader in charge at once, at whatever hour."""

from collections.abc import Sequence
from datetime import timedelta

from assessment.notices import FilesTaken, Repair, RepairLine, WhichDuty
from assessment.notices.supervision import MajorLine, MajorList, MajorTaken, MajorTold
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.progress import UNIT_ROLES
from handlers.router import Router, seldom
from handlers.turn import Turn
from handlers.whom import leading
from storage import counters, files, major, roster, submissions
from storage.major import MajorRow
from storage.outbox import Priority
from storage.submissions import Way

router = Router()

LETTER = "Z"
MOST_LISTED = 10
_SEES = (Role.OFFICE, Role.LEADER, Role.LEADER_IN_CHARGE)
_GAVE = (Way.REPORT, Way.AMEND, Way.NIL, Way.ENTERED, Way.FEEDBACK)


@router.command(
    "重大事项",
    "重大事项报告",
    "随时报告",
    what="报告重大事项",
    roles=(*UNIT_ROLES, *_SEES),
    offered=seldom,
    takes_more=True,
)
def report(turn: Turn, rest: str) -> None:
    """重大事项 内容: stored and told. 重大事项 Z-2608-5 shows one; alone it lists what the reader may see."""
    if rest[:1].upper() == LETTER and (wanted := numbers.leading(LETTER, rest, turn.today)[0]):
        _show(turn, wanted[0])
        return
    units = turn.own_units()
    if not units:
        _list(turn)
        return
    if numbers.refused_foreign(turn, "重大事项", LETTER, rest):
        return
    named, words = leading(turn.roster, rest)
    unit = named if named in units else units[0] if len(units) == 1 else None
    words = words if named in units else rest
    if not words:
        turn.reply(RepairLine(about="重大事项", repair=Repair.WHAT_HAPPENED))
    elif unit is None:
        turn.reply(WhichDuty(titles=tuple(f"重大事项 {one.name} {words}" for one in units)))
    elif turn.may(Action.REPORT_MAJOR, Target(office=0, unit=unit.id), "重大事项"):
        _take(turn, unit, as_typed(turn, words))


def reported_last(turn: Turn, since: timedelta) -> str:
    """The number of the report to which a file belongs that comes without a word; empty where another is newer."""
    last = major.last_by(turn.uow, turn.actor.person, turn.now - since)
    if last is None:
        return ""
    given = submissions.last_by(turn.uow, turn.actor.person, _GAVE, turn.now - since)
    return last.number if given is None or given.recorded_at <= last.recorded_at else ""


def attach(turn: Turn, number: str, file_ids: Sequence[int], names: Sequence[str]) -> None:
    """Keep files under the number of a report; they are named when it is looked up."""
    files.attach(turn.uow, file_ids, None, number)
    turn.record(Action.REPORT_MAJOR, "附件", basis=number)
    turn.reply(FilesTaken(names=tuple(names), title="重大事项报告", number=number))


def _take(turn: Turn, unit: Unit, words: str) -> None:
    number = counters.number(turn.uow, LETTER, turn.today)
    major.add(
        turn.uow,
        number=number,
        unit=unit.id,
        person=turn.actor.person,
        text=words,
        sent_at=turn.said_at,
        recorded_at=turn.now,
    )
    people = dict.fromkeys(
        (
            *(
                person
                for office in _offices(turn)
                for person in turn.roster.holders(office, (Role.OFFICE,), turn.today)
            ),
            *turn.roster.holders(unit.id, (Role.LEADER_IN_CHARGE,), turn.today),
        )
    )
    told = MajorTold(number=number, unit=unit.name, text=words, sent_at=turn.said_at, reporter=turn.name)
    # An answer's priority: what happened does not wait for office hours (docs/decisions/0016).
    turn.tell(people, told, key=f"major:{number}", priority=Priority.ANSWER)
    reached = [
        turn.roster.person(person).name
        for person in people
        if person != turn.actor.person and roster.address(turn.uow, person) is not None
    ]
    turn.reply(
        MajorTaken(number=number, unit=unit.name, sent_at=turn.said_at, late_stamp=turn.late_stamp, told=tuple(reached))
    )


def _show(turn: Turn, number: str) -> None:
    found = major.by_number(turn.uow, number)
    if found is None or not _may_see(turn, found):
        turn.may(Action.SEE_MAJOR, Target(office=0), number)
        return
    turn.record(Action.SEE_MAJOR, number)
    turn.reply(
        MajorTold(
            number=found.number,
            unit=turn.roster.unit(found.unit).name,
            text=found.text,
            sent_at=found.sent_at,
            reporter=turn.roster.person(found.person).name,
            files=tuple(file.name for file in files.of_number(turn.uow, number)),
        )
    )


def _list(turn: Turn) -> None:
    in_office = any(turn.actor.holds(Role.OFFICE, office) for office in _offices(turn))
    everything = in_office or bool(turn.actor.units(Role.LEADER))
    units = None if everything else turn.actor.units(Role.LEADER_IN_CHARGE)
    if units == ():
        turn.may(Action.REPORT_MAJOR, Target(office=0), "重大事项")
        return
    turn.record(Action.SEE_MAJOR, "重大事项")
    turn.reply(
        MajorList(
            lines=tuple(
                MajorLine(
                    number=found.number,
                    unit=turn.roster.unit(found.unit).name,
                    text=found.text,
                    sent_at=found.sent_at,
                )
                for found in major.recent(turn.uow, units, MOST_LISTED)
            )
        )
    )


def _may_see(turn: Turn, found: MajorRow) -> bool:
    offices = _offices(turn) or (0,)
    return any(turn.can(Action.SEE_MAJOR, Target(office=office, unit=found.unit)) for office in offices)


def _offices(turn: Turn) -> tuple[int, ...]:
    """Every office once, also between two years: that of a measure whose last year is closed goes on sitting."""
    return tuple(dict.fromkeys(programme.office for programme in turn.readable()))
