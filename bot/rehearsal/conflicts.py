"""What does not go together in the coming year: due days on days of rest, unknown years, steps that come too late."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlmodel import select

from assessment import ladder
from assessment.due import by_event
from assessment.event_days import EventDays
from assessment.ladder import Reason
from assessment.letters import LETTER_DAY
from assessment.obligation import Kind, State
from assessment.roster import Roster
from assessment.rulebook import Audience, Rulebook, StepKind
from bot.rehearsal.habits import Habit
from schedules.escalation import OVER_THE_CAP, PROPOSED_ONLY
from schedules.opening import DAYS_AHEAD
from storage import event_days, programmes
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.steps import StepRow
from storage.unit_of_work import UnitOfWork

CLOSE = timedelta(days=2)
"""Two things due within so much of one another count as due at once."""
_WEEKEND = 5
_NOT_WANTED = frozenset(reason.value for reason in (Reason.ALREADY_REPORTED, Reason.UNDER_REVIEW, Reason.WAIVED))
_NO_WORD = "对象无人在岗或未登记渠道，或在预演结束时仍在等待"


@dataclass(frozen=True)
class Rest:
    """A duty's period that falls due on a day of rest, or in a year whose holidays are not known."""

    due: date
    title: str
    units: int
    why: str


@dataclass(frozen=True)
class Conflict:
    """One thing that does not go together, with how often."""

    what: str
    number: int = 1


def rests(installation: Installation, owed: Sequence[ObligationRow]) -> Iterator[Rest]:
    """Every period whose due day is not worked, or rests on an unknown year, once each with its units."""
    found: Counter[tuple[date, str, str]] = Counter()
    calendar = installation.calendar
    for row in owed:
        day = _due_day(installation, row)
        if row.held or calendar.assumed(day):
            found[day, row.title, "当年放假安排尚未公布，有关消息暂缓，待导入日历或考核办放行"] += 1
        elif not calendar.is_workday(day):
            found[day, row.title, "周末" if day.weekday() >= _WEEKEND else "法定节假日"] += 1
    for (day, title, why), number in sorted(found.items()):
        yield Rest(day, title, number, why)


def conflicts(
    uow: UnitOfWork,
    installation: Installation,
    people: Roster,
    entered: Sequence[Programme],
    owed: Sequence[ObligationRow],
    habits: Mapping[int, Habit],
    until: datetime,
    voiceless: set[tuple[int, str]],
) -> Iterator[Conflict]:
    """Everything, the most urgent first."""
    for unit, what in sorted(voiceless):
        yield Conflict(f"{people.unit(unit).name}没有可在平台上{what}的人，请在名册中补上")
    for programme in entered:
        yield from _not_played(programme.rulebook, event_days.of_programme(uow, programme.id))
    named = {unit for unit, _ in voiceless}
    yield from _not_taken([row for row in owed if row.unit not in named], habits, until)
    yield from _unsaid(uow, owed, until)
    yield from _too_late(uow, installation, owed)
    yield from _at_once(installation, owed)


def _not_played(rulebook: Rulebook, days: EventDays) -> Iterator[Conflict]:
    """What is due on no day as things stand, and so does not come up in the year that was played."""
    for duty in rulebook.duties:
        if duty.due.value is None:
            yield Conflict(f"{duty.name}的截止日未设定，不会布置，未列入预演")
        elif by_event(duty.due.value) and not days.every_day(duty.event):
            yield Conflict(f"{duty.name}按“{duty.event}”计时，其日期尚未记录，未列入预演")
    letter = rulebook.letter
    if letter is not None and letter.due.value is None and days.day(LETTER_DAY, None) is None:
        yield Conflict(f"{letter.name}的签署截止日未设定，不会布置，未列入预演")


def _not_taken(owed: Sequence[ObligationRow], habits: Mapping[int, Habit], until: datetime) -> Iterator[Conflict]:
    """Reports that were complete as typed, and did not arrive as complete."""
    waiting = {
        State.OPEN.value: "报送后仍不完整",
        State.UNSIGNED.value: "报送后无人签发",
        State.REVIEW.value: "报送后无人审核",
    }
    late = timedelta(days=5)
    stuck = Counter(
        f"{row.title}：{'无人签署' if row.kind == Kind.LETTER.value else waiting[row.state]}"
        for row in owed
        if row.state in waiting and row.due + late < until and habits.get(row.unit, Habit.NEVER) is not Habit.NEVER
    )
    yield from (Conflict(f"{what}，请核对办法和名册", number) for what, number in stuck.items())


def _unsaid(uow: UnitOfWork, owed: Sequence[ObligationRow], until: datetime) -> Iterator[Conflict]:
    """Steps that were due to somebody who owed, and were never said; reminders by period, others over the year."""
    recorded: defaultdict[int, dict[ladder.Key, StepRow]] = defaultdict(dict)
    for outcome in uow.rows(select(StepRow)):
        recorded[outcome.obligation][outcome.step, Audience(outcome.audience)] = outcome
    said: Counter[tuple[str, str]] = Counter()
    unsaid: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in owed:
        owes = row.state == (State.UNSIGNED if row.kind == Kind.LETTER.value else State.OPEN).value
        for step in ladder.from_json(row.plan):
            found = recorded[row.id].get(step.key)
            if (found is None and (step.at >= until or not owes)) or step.assumed:
                continue
            reason = _NO_WORD if found is None else found.reason
            if reason in _NOT_WANTED or reason == PROPOSED_ONLY:
                continue
            name = row.title if step.kind is StepKind.REMIND else _called(uow, row)
            about = name, f"{step.kind.value}（{step.audience.value}）"
            if found is not None and found.said:
                said[about] += 1
            else:
                unsaid[about][reason] += 1
    for about, reasons in unsaid.items():
        if not said[about] or OVER_THE_CAP in reasons:
            why = "、".join(reasons)
            yield Conflict(
                f"{about[0]}的{about[1]}{'有的' if said[about] else '一次也'}发不出去：{why}", reasons.total()
            )


def _called(uow: UnitOfWork, row: ObligationRow) -> str:
    """What it is called in every period."""
    is_duty = row.kind == Kind.DUTY.value
    return programmes.get(uow, row.programme).rulebook.duty(row.ref).name if is_duty else row.title


def _too_late(uow: UnitOfWork, installation: Installation, owed: Sequence[ObligationRow]) -> Iterator[Conflict]:
    """Steps that come when the next period has been handed down already: the unit hears of two at a time."""
    periods: dict[tuple[int, str], dict[str, ObligationRow]] = defaultdict(dict)
    for row in owed:
        if row.kind == Kind.DUTY.value:
            periods[row.programme, row.ref].setdefault(row.period, row)
    late: Counter[str] = Counter()
    for (number, ref), rows in periods.items():
        duty = programmes.get(uow, number).rulebook.duty(ref)
        for row, following in pairwise(sorted(rows.values(), key=lambda row: row.due)):
            opened = _due_day(installation, following) - DAYS_AHEAD
            for step in ladder.from_json(row.plan):
                if installation.day(step.at) > opened:
                    late[f"{duty.name}的{step.kind.value}（{step.audience.value}）晚于下一期任务的布置"] += 1
    yield from (Conflict(what, number) for what, number in late.items())


def _at_once(installation: Installation, owed: Sequence[ObligationRow]) -> Iterator[Conflict]:
    """Two duties of one unit that fall due at the same time."""
    by_unit: defaultdict[int, list[ObligationRow]] = defaultdict(list)
    for row in owed:
        by_unit[row.unit].append(row)
    pairs: Counter[tuple[date, str, str]] = Counter()
    for rows in by_unit.values():
        for place, row in enumerate(rows):
            for other in rows[place + 1 :]:
                if other.due - row.due >= CLOSE:
                    break
                if (other.programme, other.ref) != (row.programme, row.ref):
                    first, second = sorted((row.title, other.title))
                    pairs[_due_day(installation, row), first, second] += 1
    for (day, first, second), number in sorted(pairs.items()):
        yield Conflict(f"{day.month}月{day.day}日前后，{first}与{second}同时截止", number)


def _due_day(installation: Installation, row: ObligationRow) -> date:
    return installation.day(row.due - timedelta(milliseconds=1))
