"""自选目标: units set themselves targets; the office files them upward, and then they stay as they are (R112)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from assessment.dates_text import read_day
from assessment.notices.own_targets import (
    OwnTargetLine,
    OwnTargetList,
    OwnTargetNotTaken,
    OwnTargetTaken,
    OwnTargetUnclear,
    UpwardAsk,
    UpwardRecorded,
)
from assessment.own_targets import CONTENT, PARTS, TARGET, TIME_LIMIT, WORD, cut, standards
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from assessment.typed_text import plain
from handlers import numbers
from handlers.as_typed import as_typed
from handlers.days import latest_day
from handlers.router import Router, seldom
from handlers.turn import Turn
from storage import counters, own_targets
from storage.own_targets import LETTER, OwnTarget
from storage.programmes import Programme

router = Router()

_FILERS = (Role.REPORTER, Role.DEPUTY, Role.HEAD)
_WITH_OFFICE = (*_FILERS, Role.OFFICE)


def _any_to_set_or_file(turn: Turn) -> bool:
    waiting = (one for programme in turn.offices() for one in own_targets.of_programme(turn.uow, programme.id))
    return bool(_measures(turn)) or any(one.upward is None for one in waiting)


@router.command(WORD, "申报自选目标", what=WORD, roles=_WITH_OFFICE, offered=_any_to_set_or_file, takes_more=True)
def own_target(turn: Turn, rest: str) -> None:
    """自选目标 内容… 目标值… 完成时限… files one; with its number it is changed; alone it lists them."""
    measures = _measures(turn)
    if not rest and turn.offices():
        _list_for_office(turn)
    elif not turn.own_units():
        turn.may(Action.SET_OWN_TARGET, Target(office=0), WORD)
    elif not measures:
        turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.NONE_TO_SET))
    elif rest:
        _take(turn, measures, rest)
    else:
        for programme, unit in measures:
            _list_for_unit(turn, programme, unit)


@router.command(
    "自选目标上报", "自选目标已上报", what="登记自选目标已上报", roles=(Role.OFFICE,), offered=seldom, takes_more=True
)
def file_upward(turn: Turn, rest: str) -> None:
    """自选目标上报 M-1005-1、2 5月20日 文号: ask for confirmation."""
    for programme in turn.offices() or turn.programmes[:1]:
        if not turn.may(Action.FILE_UPWARD, Target(office=programme.office), "自选目标上报"):
            return
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    targets = _unfiled(turn, wanted)
    if targets is None:
        return
    day, reference = latest_day(turn, words)
    if day is None or day > turn.today or not reference:
        turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.NO_PAPER, number=wanted[0]))
        return
    turn.ask(
        "own targets upward",
        {
            "wordings": {one.number: one.wording.id for one in targets},
            "day": day.isoformat(),
            "reference": reference,
        },
    )
    turn.reply(UpwardAsk(lines=tuple(_line(turn, one) for one in targets), day=day, reference=reference))


@router.confirmation("own targets upward")
def take_upward(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts it on record, and each unit hears of its own."""
    seen: dict[str, int] = content["wordings"]
    targets = _unfiled(turn, tuple(seen))
    if targets is None:
        return
    for one in targets:
        programme = turn.programme(one.row.programme)
        if not turn.may(Action.FILE_UPWARD, Target(office=programme.office, unit=one.row.unit), one.number):
            return
        if one.wording.id != seen[one.number]:
            turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.MEANWHILE, number=one.number))
            return
    day, reference = date.fromisoformat(content["day"]), content["reference"]
    for one in targets:
        own_targets.file_upward(turn.uow, one.row.id, day=day, reference=reference, by=turn.actor.person, at=turn.now)
    lines = tuple(_line(turn, one) for one in targets)
    turn.reply(UpwardRecorded(lines=lines, day=day, reference=reference, to_office=True))
    _tell_units(turn, targets, day, reference)


def _measures(turn: Turn) -> list[tuple[Programme, Unit]]:
    """The measures that give one of the sender's units targets of its own to set."""
    return [(p, unit) for p in turn.programmes for unit in turn.own_units() if standards(p.rulebook, unit)]


def _take(turn: Turn, measures: Sequence[tuple[Programme, Unit]], rest: str) -> None:
    wanted, words = numbers.leading(LETTER, rest, turn.today)
    if wanted:
        _change(turn, measures, wanted[0], words)
        return
    programme, unit = next(((p, u) for p, u in measures if p.rulebook.name in rest or u.name in rest), measures[0])
    if not turn.may(Action.SET_OWN_TARGET, Target(office=programme.office, unit=unit.id), WORD):
        return
    said = cut(as_typed(turn, rest))
    missing = tuple(part for part in PARTS if part not in said)
    if missing:
        turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.PARTS, missing=missing))
        return
    due = _day(turn, said[TIME_LIMIT])
    if due is None:
        return
    number = counters.number(turn.uow, LETTER, turn.today)
    _word(turn, own_targets.add(turn.uow, number=number, programme=programme.id, unit=unit.id), said, due)
    _answer(turn, programme, unit, number)


def _change(turn: Turn, measures: Sequence[tuple[Programme, Unit]], number: str, words: str) -> None:
    """A part that is not written stays as it was."""
    found = own_targets.by_number(turn.uow, number)
    mine = {(programme.id, unit.id): (programme, unit) for programme, unit in measures}
    if found is None or (found.row.programme, found.row.unit) not in mine:
        turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.NO_SUCH_NUMBER, number=number))
        return
    programme, unit = mine[found.row.programme, found.row.unit]
    if not turn.may(Action.SET_OWN_TARGET, Target(office=programme.office, unit=unit.id), number):
        return
    if found.upward is not None:
        turn.reply(_filed_already(found))
        return
    said = cut(as_typed(turn, words))
    if not said:
        turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.PARTS, number=number, missing=PARTS))
        return
    due = _day(turn, said[TIME_LIMIT]) if TIME_LIMIT in said else found.wording.due
    if due is None:
        return
    _word(turn, found.row.id, {CONTENT: found.wording.content, TARGET: found.wording.target} | said, due)
    _answer(turn, programme, unit, number, before=_line(turn, found))


def _day(turn: Turn, written: str) -> date | None:
    day = read_day(plain(written), turn.today, turn.installation.calendar.add_workdays)
    if isinstance(day, date) and day >= turn.today:
        return day
    turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.NO_DAY, written=written))
    return None


def _word(turn: Turn, own_target: int, said: dict[str, str], due: date) -> None:
    words = {"content": said[CONTENT], "target": said[TARGET]}
    own_targets.word(turn.uow, own_target, **words, due=due, by=turn.actor.person, at=turn.said_at)


def _answer(turn: Turn, programme: Programme, unit: Unit, number: str, before: OwnTargetLine | None = None) -> None:
    stands = own_targets.by_number(turn.uow, number)
    assert stands is not None, "it was put there a moment ago"
    turn.reply(
        OwnTargetTaken(
            line=_line(turn, stands),
            programme=programme.rulebook.name,
            standards=_names(programme, unit),
            taken_at=turn.said_at,
            before=before,
        )
    )


def _unfiled(turn: Turn, wanted: Sequence[str]) -> list[OwnTarget] | None:
    """The office's targets with these numbers, held; None, and said why, where one is none or was filed before."""
    offices = {programme.id for programme in turn.offices()}
    found = []
    for number in sorted(wanted) or [""]:
        one = own_targets.by_number(turn.uow, number)
        if one is None or one.row.programme not in offices:
            turn.reply(OwnTargetNotTaken(why=OwnTargetUnclear.NO_SUCH_NUMBER, number=number))
            return None
        if one.upward is not None:
            turn.reply(_filed_already(one))
            return None
        found.append(one)
    return found


def _filed_already(one: OwnTarget) -> OwnTargetNotTaken:
    assert one.upward is not None
    filed = {"filed_on": one.upward.day, "reference": one.upward.reference}
    return OwnTargetNotTaken(why=OwnTargetUnclear.FILED_UPWARD, number=one.number, **filed)


def _tell_units(turn: Turn, targets: Iterable[OwnTarget], day: date, reference: str) -> None:
    """Each unit hears once; of a trial nobody but the office hears."""
    shares: dict[tuple[int, int], list[OwnTarget]] = {}
    for one in targets:
        shares.setdefault((one.row.programme, one.row.unit), []).append(one)
    for (programme_id, unit), share in shares.items():
        programme = turn.programme(programme_id)
        if programme.trial:
            continue
        told = UpwardRecorded(lines=tuple(_line(turn, one) for one in share), day=day, reference=reference)
        people = turn.roster.holders(unit, (Role.REPORTER, Role.HEAD), turn.today)
        key = f"own-targets:{share[0].row.id}:{turn.inbox_id}"
        turn.tell(people, told, key=key, not_before=turn.office_time(programme))


def _list_for_office(turn: Turn) -> None:
    for programme in turn.offices():
        if not turn.may(Action.FILE_UPWARD, Target(office=programme.office), WORD):
            return
        lines = tuple(_line(turn, one) for one in own_targets.of_programme(turn.uow, programme.id))
        turn.reply(OwnTargetList(programme=programme.rulebook.name, lines=lines, to_office=True))


def _list_for_unit(turn: Turn, programme: Programme, unit: Unit) -> None:
    if not turn.may(Action.SET_OWN_TARGET, Target(office=programme.office, unit=unit.id), WORD):
        return
    own = (one for one in own_targets.of_programme(turn.uow, programme.id) if one.row.unit == unit.id)
    lines = tuple(_line(turn, one) for one in own)
    turn.reply(OwnTargetList(programme=programme.rulebook.name, lines=lines, standards=_names(programme, unit)))


def _names(programme: Programme, unit: Unit) -> tuple[str, ...]:
    return tuple(one.name for one in standards(programme.rulebook, unit))


def _line(turn: Turn, one: OwnTarget) -> OwnTargetLine:
    return OwnTargetLine(
        number=one.number,
        unit=turn.roster.unit(one.row.unit).name,
        content=one.wording.content,
        target=one.wording.target,
        due=one.wording.due,
        filed_on=one.upward.day if one.upward else None,
        reference=one.upward.reference if one.upward else "",
    )
