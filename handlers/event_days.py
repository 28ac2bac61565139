"""事件: the office records when the team arrives or the meeting was; what counts from it is opened, or moves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from assessment.dates_text import read_day
from assessment.due import by_event
from assessment.event_days import Recorded
from assessment.notices.event_days import (
    EventAsk,
    EventDuty,
    EventEffect,
    EventLine,
    EventList,
    EventNotRecorded,
    EventRecorded,
    EventTold,
    EventUnclear,
)
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role, Unit
from handlers.days import dated
from handlers.extending import move
from handlers.router import Router
from handlers.turn import Turn
from handlers.whom import mentions
from storage import event_days, evidence_due, extensions, obligations, opening, programmes
from storage.obligations import ObligationRow
from storage.opening import Owed
from storage.programmes import Programme

router = Router()

MOVED = "事件改期"
_OWING = (State.OPEN.value, State.UNSIGNED.value)
_LONGEST_AGO = timedelta(days=180)


@dataclass(frozen=True)
class Meant:
    """The event that the office speaks of, and what else was said."""

    programme: Programme
    event: str
    words: str


@dataclass(frozen=True)
class Consequence:
    """What a day does to one report: of whom it is new, whose time moves or stays, and who is done with it."""

    owed: Owed
    new: Sequence[Unit]
    moved: Sequence[ObligationRow]
    kept: Sequence[ObligationRow]
    done: Sequence[ObligationRow]


def _waits_for_a_day(turn: Turn) -> bool:
    return any(
        event_days.of_programme(turn.uow, programme.id).every_day(event) == []
        for programme in turn.offices()
        for event in _events(programme)
    )


@router.command(
    "事件", "记录事件", what="记录事件日期", roles=(Role.OFFICE,), offered=_waits_for_a_day, takes_more=True
)
def record_event(turn: Turn, rest: str) -> None:
    """事件 考核组进驻 10月20日 [单位]: ask for confirmation with what follows; 事件 alone lists them."""
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.RECORD_EVENT, Target(office=programme.office), "事件"):
            return
    known = [(programme, event) for programme in offices for event in _events(programme)]
    if not known:
        turn.reply(EventNotRecorded(why=EventUnclear.NO_EVENT))
        return
    if not rest:
        turn.reply(EventList(lines=tuple(_line(turn, programme, event) for programme, event in known)))
        return
    meant = _meant(known, rest)
    if meant is None:
        turn.reply(EventNotRecorded(why=EventUnclear.WHICH, events=tuple(event for _, event in known)))
        return
    unit, words = _unit(turn, meant.words)
    day, unclear = _day(turn, words)
    if day is None:
        turn.reply(EventNotRecorded(why=EventUnclear.NO_DAY, event=meant.event, written=unclear))
        return
    _ask(turn, meant, day, unit)


@router.confirmation("event")
def take_event(turn: Turn, content: dict[str, Any]) -> None:
    """确认 puts the day on record, opens what counts from it and moves what is still owed; units are told."""
    programme, event = turn.programme(content["programme"]), content["event"]
    unit = turn.roster.unit(content["unit"]) if content["unit"] is not None else None
    if not turn.may(Action.RECORD_EVENT, Target(office=programme.office), event):
        return
    programmes.hold(turn.uow, programme.id)
    day, before = date.fromisoformat(content["day"]), _recorded(turn, programme, event, unit)
    if (before.isoformat() if before else None) != content["before"]:
        turn.reply(EventNotRecorded(why=EventUnclear.MEANWHILE, event=event))
        return
    word = Recorded(event, unit.id if unit else None, day)
    follows = list(_follows(turn, programme, word))
    news = _news(follows)
    key = event_days.record(
        turn.uow,
        programme=programme.id,
        event=event,
        day=day,
        by=turn.actor.person,
        at=turn.now,
        unit=unit.id if unit else None,
    )
    opened = opening.open_all(turn.uow, turn.installation, programme, turn.roster, turn.today)
    for one in follows:
        for row in one.moved:
            move(turn, programme, obligations.get(turn.uow, row.id), one.owed.due.due_day, MOVED)
    if not programme.trial:
        _tell(turn, programme, word, news, key)
    turn.reply(
        EventRecorded(
            event=event,
            day=day,
            unit=unit.name if unit else "",
            before=before,
            opened=opened,
            moved=sum(len(one.moved) for one in follows),
            trial=programme.trial,
        )
    )


def _ask(turn: Turn, meant: Meant, day: date, unit: Unit | None) -> None:
    programme, event = meant.programme, meant.event
    follows = list(_follows(turn, programme, Recorded(event, unit.id if unit else None, day)))
    if unit is not None and not any(unit.id in {one.id for one in each.owed.units} for each in follows):
        turn.reply(EventNotRecorded(why=EventUnclear.NOBODY, event=event, unit=unit.name))
        return
    before = _recorded(turn, programme, event, unit)
    turn.ask(
        "event",
        {
            "programme": programme.id,
            "event": event,
            "day": day.isoformat(),
            "unit": unit.id if unit else None,
            "before": before.isoformat() if before else None,
        },
    )
    turn.reply(
        EventAsk(
            event=event,
            day=day,
            unit=unit.name if unit else "",
            before=before,
            effects=tuple(_effect(turn, one) for one in follows if one.new or one.moved or one.kept or one.done),
            overdue=any((one.new or one.moved) and one.owed.due.due <= turn.now for one in follows),
            trial=programme.trial,
        )
    )


def _events(programme: Programme) -> list[str]:
    """The events from which the measure counts, in its order."""
    counted = (duty.event for duty in programme.rulebook.duties if by_event(duty.due.value))
    return list(dict.fromkeys(event for event in counted if event))


def _meant(known: Sequence[tuple[Programme, str]], text: str) -> Meant | None:
    """The event named at the start, in full or by a part of its name that no other has."""
    whole = sorted((one for one in known if text.startswith(one[1])), key=lambda one: -len(one[1]))
    if whole:
        programme, event = whole[0]
        return Meant(programme, event, text[len(event) :])
    word, _, words = text.replace("，", " ").replace(",", " ").partition(" ")
    found = [one for one in known if len(word) > 1 and word in one[1]]
    return Meant(*found[0], words) if len(found) == 1 else None


def _unit(turn: Turn, words: str) -> tuple[Unit | None, str]:
    named = mentions(turn.roster, words)
    if not named:
        return None, words
    one = named[0]
    return one.unit, f"{words[: one.start]} {words[one.end :]}"


def _day(turn: Turn, words: str) -> tuple[date | None, str]:
    """The day, also one that lies some months behind; else what stands where it should."""
    found = dated(turn, words)
    if found.day is not None or not found.unclear:
        return found.day, found.unclear
    earlier = read_day(found.unclear, turn.today - _LONGEST_AGO, turn.installation.calendar.add_workdays)
    return (earlier, "") if isinstance(earlier, date) and earlier <= turn.today else (None, found.unclear)


def _recorded(turn: Turn, programme: Programme, event: str, unit: Unit | None) -> date | None:
    return event_days.of_programme(turn.uow, programme.id).day(event, unit.id if unit else None)


def _follows(turn: Turn, programme: Programme, word: Recorded) -> Iterator[Consequence]:
    """What that word would do to each report that counts from the event."""
    days = event_days.of_programme(turn.uow, programme.id).with_word(word)
    rows = _rows(turn, programme)
    for owed in opening.owed_in_year(turn.installation, programme.rulebook, turn.roster, days, turn.today):
        if owed.duty.event != word.event or not by_event(owed.duty.due.value):
            continue
        there = [rows[key] for unit in owed.units if (key := (owed.duty.id, owed.period.name, unit.id)) in rows]
        have = {row.unit for row in there}
        owing = [row for row in there if row.state in _OWING and row.due != owed.due.due]
        kept = [row for row in owing if extensions.granted(turn.uow, row.id) is not None]
        opens = owed.opens <= turn.today and owed.due.due_day >= programme.live_from
        yield Consequence(
            owed=owed,
            new=[unit for unit in owed.units if unit.id not in have] if opens else [],
            moved=[row for row in owing if row not in kept],
            kept=kept,
            done=[row for row in there if row.state not in _OWING],
        )


def _rows(turn: Turn, programme: Programme) -> Mapping[tuple[str, str, int], ObligationRow]:
    every = obligations.of_programme(turn.uow, programme.id, kind=Kind.DUTY)
    return {(row.ref, row.period, row.unit): row for row in every}


def _effect(turn: Turn, one: Consequence) -> EventEffect:
    def names(rows: Sequence[ObligationRow]) -> tuple[str, ...]:
        return tuple(turn.roster.unit(row.unit).name for row in rows)

    return EventEffect(
        title=one.owed.duty.name,
        due=one.owed.due.due,
        mark=one.owed.duty.due.mark,
        opened=tuple(unit.name for unit in one.new),
        moved=names(one.moved),
        kept=names(one.kept),
        done=len(one.done),
    )


def _news(follows: Sequence[Consequence]) -> dict[int, list[EventDuty]]:
    """What each unit is to hear; made before anything moves, while the old time limits are still known."""
    news: dict[int, list[EventDuty]] = {}
    for one in follows:
        duty = EventDuty(title=one.owed.duty.name, due=one.owed.due.due)
        for unit in one.new:
            news.setdefault(unit.id, []).append(duty)
        for row in one.moved:
            news.setdefault(row.unit, []).append(duty.model_copy(update={"before": row.due}))
    return news


def _tell(turn: Turn, programme: Programme, word: Recorded, news: Mapping[int, Sequence[EventDuty]], key: int) -> None:
    """Each unit hears once, of all that counts for it from the event."""
    office = turn.roster.unit(programme.office).name
    for unit_id, duties in news.items():
        name = turn.roster.unit(unit_id).name
        told = EventTold(event=word.event, day=word.day, unit=name, office=office, lines=tuple(duties))
        people = turn.roster.holders(unit_id, (Role.REPORTER, Role.HEAD), turn.today)
        turn.tell(people, told, key=f"event:{key}:{unit_id}", not_before=turn.office_time(programme))


def _line(turn: Turn, programme: Programme, event: str) -> EventLine:
    counted = [d.name for d in programme.rulebook.duties if d.event == event and by_event(d.due.value)]
    last = {row.unit: row.day for row in event_days.words(turn.uow, programme.id) if row.event == event}
    days = tuple((turn.roster.unit(unit).name if unit is not None else "", day) for unit, day in last.items())
    lacking = evidence_due.missing(turn.uow, programme.rulebook, event, programme=programme.id)
    return EventLine(
        event=event,
        duties=tuple(counted),
        days=days,
        evidence_missing=tuple((turn.roster.unit(unit).name, count) for unit, count in lacking.items()),
    )
