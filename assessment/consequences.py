"""Consequences 后果 of a grade, a flag or another consequence: what is due, for whom, and until which day.

A time limit after an interview is counted from the day on which it ended, not from the notice (R38). Where the text
withholds the number of days there is no time limit until the office has set the day (R40). Only what the rulebook
says follows; what people alone may do is a task for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assessment.ledger import AccountKey, Entry
from assessment.rulebook import Consequence, Flag, Rulebook
from assessment.year_rules import Act

_NEEDS_A_DAY = frozenset({Act.REPORT, Act.RECTIFY})
"""What is asked of a unit, and so makes no sense without a day; what the office does itself may go without one."""


@dataclass(frozen=True, kw_only=True)
class DueAct:
    """One thing that is to be done because of one account. `key` names it for ever, so that it arises once."""

    key: str
    account: AccountKey | None
    """None for what concerns the measure as a whole."""
    year: int
    act: Act
    name: str
    cite: str
    consequence: str | None
    """The id of the consequence; None for what an entry's clause asks of others (后续)."""
    counted_from: date
    """The day on which its cause came about; the first day that counts is the next one."""
    due_day: date | None
    """The last day, until 24:00; None while there is none."""
    office_sets_day: bool = False
    """Whether nothing may be sent before the office has set the day: 请先设定报送期限."""
    required: tuple[str, ...] = ()
    """What a written report must say; one thing missing and it is returned (R39)."""
    stand_in: bool = False
    """Whether the number of days is a stand-in."""


def after_grade(rulebook: Rulebook, account: AccountKey, grade: str, decided: date) -> tuple[DueAct, ...]:
    """What follows from a grade that people decided on that day; a proposed grade has no consequences."""
    caused = [consequence for consequence in rulebook.consequences if consequence.grade == grade]
    return _due(rulebook, account, caused, decided)


def after_flag(rulebook: Rulebook, account: AccountKey, flag: Flag, raised: date) -> tuple[DueAct, ...]:
    """What follows from a flag raised on that day."""
    caused = [consequence for consequence in rulebook.consequences if consequence.flag is flag]
    return _due(rulebook, account, caused, raised)


def after_end(rulebook: Rulebook, ended: DueAct, day: date) -> tuple[DueAct, ...]:
    """What follows when that act is over, such as an interview: counted from the day on which it ended."""
    caused = [
        consequence
        for consequence in rulebook.consequences
        if consequence.after is not None and consequence.after == ended.consequence
    ]
    return _due(rulebook, ended.account, caused, day)


def after_publication(rulebook: Rulebook, day: date) -> tuple[DueAct, ...]:
    """What follows once from the publication of the year's results, such as a copy to the department above (R63)."""
    return _due(rulebook, None, [consequence for consequence in rulebook.consequences if consequence.published], day)


def after_entry(rulebook: Rulebook, entry: Entry, day: date) -> tuple[DueAct, ...]:
    """The task for others that an entry's clause names (后续), such as 组织处理 (R109); `day` is that of the entry."""
    clause = rulebook.clause(entry.clause)
    if clause.follow_up is None or entry.reverses is not None:
        return ()
    task = DueAct(
        key=f"entry/{entry.id}/{clause.id}",
        account=entry.account,
        year=rulebook.year,
        act=Act.TASK,
        name=clause.follow_up,
        cite=clause.cite,
        consequence=None,
        counted_from=day,
        due_day=None,
    )
    return (task,)


def with_day_set(due: DueAct, day: date) -> DueAct:
    """The act with the day that the office has set; ValueError for a day before its cause."""
    if day < due.counted_from:
        raise ValueError(f"{day} lies before {due.counted_from}, the day from which it is counted")
    return replace(due, due_day=day, office_sets_day=False)


def missing_contents(due: DueAct, written: Iterable[str]) -> tuple[str, ...]:
    """What the report still has to say, in the rulebook's order; `written` names the parts that are there."""
    there = set(written)
    return tuple(part for part in due.required if part not in there)


def _due(
    rulebook: Rulebook, account: AccountKey | None, caused: Iterable[Consequence], day: date
) -> tuple[DueAct, ...]:
    return tuple(_act(rulebook.year, account, consequence, day) for consequence in caused)


def _act(year: int, account: AccountKey | None, consequence: Consequence, day: date) -> DueAct:
    days = consequence.days.value
    whose = "published" if account is None else f"{account.subject}/{account.holder}"
    return DueAct(
        key=f"consequence/{whose}/{year}/{consequence.id}",
        account=account,
        year=year,
        act=consequence.act,
        name=consequence.name,
        cite=consequence.cite,
        consequence=consequence.id,
        counted_from=day,
        due_day=None if days is None else day + timedelta(days=days),
        office_sets_day=days is None and consequence.act in _NEEDS_A_DAY,
        required=consequence.required,
        stand_in=consequence.days.stand_in is not None,
    )
