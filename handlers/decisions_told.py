"""What those concerned are told of decided deductions: one message to each, however many were decided at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from assessment.ledger import AccountKey, Basis, Entry
from assessment.notices import EntryTold
from assessment.parts_of_year import part_of
from assessment.rulebook import Subject
from assessment.scorecard import Scorecard
from handlers.standing import point_line
from handlers.turn import Turn
from storage import proposals, publications, scoring, telling
from storage.programmes import Programme
from storage.proposals import ProposalRow


@dataclass(frozen=True)
class Made:
    """What became of one proposal: an entry, or nothing where it was dropped; and why, where a reason was given."""

    programme: Programme
    proposal: int
    entry: Entry | None
    reason: str = ""


def tell_decisions(turn: Turn, decided: Iterable[Made], *, word: str = "核定") -> None:
    """Tell of deductions once all are entered, so that totals and what covers what are those that stay.

    Additions are read in 得分: no message for them.
    """
    by_programme: dict[int, list[Made]] = {}
    for made in decided:
        by_programme.setdefault(made.programme.id, []).append(made)
    for several in by_programme.values():
        programme = several[0].programme
        rows = [(proposals.get(turn.uow, made.proposal), made) for made in several]
        told = [(row, _told(turn, row, made, word)) for row, made in rows if row.deducts]
        telling.decided(turn.uow, turn.installation, programme, told, turn.now)


def _told(turn: Turn, row: ProposalRow, made: Made, word: str) -> EntryTold:
    programme, entry = made.programme, made.entry
    clause = programme.rulebook.clause(row.clause)
    account = AccountKey(programme.code, Subject(row.subject), row.holder)
    part = part_of(Basis.from_json(row.basis), programme.rulebook.year)
    card = scoring.card(turn.uow, programme, account, turn.now, part=part)
    return EntryTold(
        unit=turn.roster.unit(row.unit).name,
        account=telling.account_name(turn.roster, row.subject, row.holder, row.unit),
        personal=row.subject == Subject.PERSON.value,
        clause=clause.name,
        cite=clause.cite,
        points=row.points,
        entry=entry.number if entry is not None else "",
        by=turn.name,
        rejected=entry is None,
        reason=made.reason,
        # What was decided of a part of the year moves no total of the year.
        total=_total(turn, programme, card) if part is None else None,
        covered_by=point_line(turn, programme, card, card.line(str(entry.id))).covered_by if entry is not None else "",
        word=word,
    )


def _total(turn: Turn, programme: Programme, card: Scorecard) -> Decimal | None:
    """The total as far as they may know it."""
    published = not programme.rulebook.embargo or publications.last(turn.uow, programme.id) is not None
    return card.confirmed.final if published else None
