"""关账: the office closes a measure's year; what must come first is named, and what stays open is counted."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from assessment.notices.closing import CloseAsk, CloseRefused, OpenItem, YearClosed
from assessment.obligation import Kind, State
from assessment.rights import Action, Target
from assessment.roster import Role
from assessment.settlement import settled
from handlers import follow_up_shown
from handlers.router import Router, seldom
from handlers.running_counts import running
from handlers.turn import Turn
from storage import (
    appeals,
    closings,
    conversations,
    correcting,
    event_days,
    follow_ups,
    ledger,
    obligations,
    opening,
    programmes,
    proposals,
    publications,
    scoring,
    settling,
    suggestions,
    telling,
)
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.proposals import Stage
from storage.year_facts import YearFacts

router = Router()

_UNDONE = (State.OPEN, State.UNSIGNED, State.REVIEW)


@router.command(
    "关账", "年度关账", "年终关账", "年度结账", what="年度关账", roles=(Role.OFFICE,), offered=seldom, takes_more=True
)
def ask_to_close(turn: Turn, rest: str) -> None:
    """关账 [办法名称]: refuse with what must come first, else ask for confirmation with what stays open."""
    offices = turn.offices() or turn.programmes[:1]
    for programme in offices:
        if not turn.may(Action.CLOSE, Target(office=programme.office), "关账"):
            return
    named = [programme for programme in offices if programme.rulebook.name in rest or programme.code in rest]
    chosen = named or list(offices)
    if len(chosen) != 1:
        turn.reply(CloseRefused(choices=tuple(programme.rulebook.name for programme in chosen)))
        return
    programme = chosen[0]
    refused = _why_not(turn, programme)
    if refused is not None:
        turn.reply(refused)
        return
    _ask(turn, programme, _question(turn, programme))


@router.confirmation("close")
def take_closing(turn: Turn, content: dict[str, Any]) -> None:
    """确认 closes for good: nothing is urged, reported or entered any more but by 代录.

    Nobody adds to the books from the look until the end of the turn, so that nothing is closed that was not shown.
    """
    programme = programmes.get(turn.uow, content["programme"])
    if not turn.may(Action.CLOSE, Target(office=programme.office), "关账"):
        return
    programmes.hold(turn.uow, programme.id)
    refused = _why_not(turn, programme)
    if refused is not None:
        turn.reply(refused)
        return
    question = _question(turn, programme)
    if question.model_dump(mode="json") != content["shown"]:
        _ask(turn, programme, question.model_copy(update={"changed": True}))
        return
    rows = obligations.of_programme(turn.uow, programme.id, states=_UNDONE)
    closings.close(turn.uow, programme.id, by=turn.actor.person, at=turn.now)
    for row in rows:
        closings.rest(turn.uow, row, turn.now)
    # Whatever anybody was asked before would be carried out on a closed year.
    conversations.close_all(turn.uow)
    turn.reply(
        YearClosed(
            programme=programme.rulebook.name,
            version=programme.rulebook.version,
            year=programme.rulebook.year,
            closed_at=turn.now,
            left_open=len(rows),
        )
    )


def _ask(turn: Turn, programme: Programme, question: CloseAsk) -> None:
    shown = question.model_copy(update={"changed": False}).model_dump(mode="json")
    turn.ask("close", {"programme": programme.id, "shown": shown})
    turn.reply(question)


def _question(turn: Turn, programme: Programme) -> CloseAsk:
    """What stays open for good, group by group."""
    rows = obligations.of_programme(turn.uow, programme.id, states=_UNDONE)
    letters = [row for row in rows if row.kind == Kind.LETTER.value]
    every = suggestions.of_programme(turn.uow, programme.id)
    return CloseAsk(
        programme=programme.rulebook.name,
        year=programme.rulebook.year,
        open=tuple(_by_title(turn, [row for row in rows if row not in letters])),
        unsettled=tuple(_unsettled(turn, programme)),
        unsigned=tuple(_by_title(turn, letters)),
        follow_ups=tuple(_to_be_done(turn, programme)),
        unset=tuple(_unset(turn, programme)),
        suggestions=tuple(one.number for one in every if one.stage == suggestions.Stage.OPEN.value),
        unpublished=_is_unpublished(turn, programme),
    )


def _why_not(turn: Turn, programme: Programme) -> CloseRefused | None:
    rulebook = programme.rulebook
    closed = closings.of_programme(turn.uow, programme.id)
    # What the rulebook gives no value can be confirmed by nobody: it is named in the question, and holds up nothing.
    waiting = [row for row in proposals.undecided_or_running(turn.uow, programme.id) if not row.is_unset]
    to_come = sorted(_to_come(turn, programme), key=lambda one: one[1])
    counts = [row for row in running(turn, programme) if not row.is_unset] if not to_come else []
    # A trial has nothing to publish.
    unpublished = rulebook.embargo and not programme.trial and _is_unpublished(turn, programme)
    unanswered = appeals.open_ones(turn.uow, programme.id)
    half_done = correcting.waiting_in(turn.uow, programme)
    if closed is None and not (waiting or to_come or unpublished or unanswered or half_done):
        return None
    return CloseRefused(
        programme=rulebook.name,
        year=rulebook.year,
        proposals=tuple(row.number for row in waiting if row.stage != Stage.RUNNING.value),
        running=tuple(row.number for row in waiting if row.stage == Stage.RUNNING.value),
        counts=tuple(telling.line(turn.uow, programme, turn.roster, row, turn.now) for row in counts),
        appeals=tuple(one.number for one in unanswered),
        corrections=tuple(half_done),
        to_come=tuple(to_come),
        unpublished=unpublished,
        closed_by=turn.roster.person(closed.closed_by).name if closed else "",
        closed_at=closed.closed_at if closed else None,
    )


def _is_unpublished(turn: Turn, programme: Programme) -> bool:
    return publications.last(turn.uow, programme.id) is None


def year_is_over(turn: Turn, programme: Programme) -> bool:
    """Whether nothing of the programme's year falls due any more."""
    return not any(_to_come(turn, programme))


def _to_come(turn: Turn, programme: Programme) -> Iterator[tuple[str, datetime]]:
    """Reports of the year that fall due only later: December's belongs to it, also when it is due in January (R03)."""
    days = event_days.of_programme(turn.uow, programme.id)
    end_of_year = date(programme.rulebook.year, 12, 31)
    for owed in opening.owed_in_year(turn.installation, programme.rulebook, turn.roster, days, end_of_year):
        if owed.units and owed.due.due > turn.now and owed.due.due_day >= programme.live_from:
            yield owed.duty.title(owed.period), owed.due.due


def _by_title(turn: Turn, rows: Sequence[ObligationRow]) -> Iterator[OpenItem]:
    """What is still owed or lies with the office, by its title and with its units."""
    titles: dict[str, list[str]] = {}
    for row in rows:
        titles.setdefault(f"{row.number} {row.title}".strip(), []).append(turn.roster.unit(row.unit).name)
    for title, units in titles.items():
        yield OpenItem(name=title, count=len(units), whose=tuple(dict.fromkeys(units)))


def _to_be_done(turn: Turn, programme: Programme) -> Iterator[OpenItem]:
    """What follows from results and waits for the office; what a unit owes because of it is among what is owed."""
    for row in follow_ups.listed(turn.uow, programme.id):
        line = follow_up_shown.line_of(turn, row)
        yield OpenItem(name=f"{line.number} {line.name}", count=1, whose=(line.account,) if line.account else ())


def _unsettled(turn: Turn, programme: Programme) -> Iterator[OpenItem]:
    """Indicators whose points neither stand in a unit's ledger nor were refused one."""
    facts = YearFacts(turn.uow, programme, turn.roster, turn.today, turn.now)
    period = settling.period_of(programme)
    for unit in facts.units():
        account = scoring.unit_account(programme, unit.id)
        entries = list(ledger.entries(turn.uow, account))
        names = tuple(one.name for one in facts.held_to(unit) if settled(entries, account, one.id, period) is None)
        if names:
            yield OpenItem(name=unit.name, count=len(names), whose=names)


def _unset(turn: Turn, programme: Programme) -> Iterator[OpenItem]:
    """What happened and has no points because the rulebook gives no value, by clause; nobody can confirm it."""
    rows = [row for row in proposals.undecided_or_running(turn.uow, programme.id) if row.is_unset]
    clauses: dict[str, list[str]] = {}
    for row in rows:
        whose = telling.account_name(turn.roster, row.subject, row.holder, row.unit)
        clauses.setdefault(row.clause, []).append(whose)
    for clause, accounts in clauses.items():
        name = programme.rulebook.clause(clause).name
        yield OpenItem(name=name, count=len(accounts), whose=tuple(dict.fromkeys(accounts)))
