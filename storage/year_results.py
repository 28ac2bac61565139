"""The year's results of a measure: totals by its own formula, flags, eligibility, for every unit that it assesses."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from assessment.eligibility import Eligibility, Flagged, eligibility, flags_of
from assessment.ledger import AccountKey, Entry
from assessment.periods import Period
from assessment.ranking import Place, by_group
from assessment.roster import Role, Roster, Unit
from assessment.rulebook import Subject
from assessment.scorecard import View
from assessment.stages import Cell, apart_from_ledger, compose
from storage import ledger, matters, recommendations, scoring
from storage.installation import Installation
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

_WORKING = (Role.REPORTER, Role.DEPUTY, Role.HEAD)


@dataclass(frozen=True)
class Result:
    """How one unit stands."""

    unit: Unit
    total: Decimal | None
    """None while the measure's formula lacks something; nothing is filled in."""
    stand_in: bool
    flags: tuple[Flagged, ...]
    eligibility: Eligibility
    ledger: Decimal | None = None
    """What the ledger comes to, where `total` is made of the stages and the one does not follow from the other."""


@dataclass(frozen=True)
class Peers:
    """One peer group; no places while somebody's total is not known."""

    name: str
    results: tuple[Result, ...]
    places: Mapping[int, Place]


def assessed(
    uow: UnitOfWork, programme: Programme, people: Roster, installation: Installation, now: datetime
) -> tuple[Unit, ...]:
    """The units that a measure assesses, but for its office: the one that it names as a whole; else whoever owes it
    something or holds an account in it; and where it names nobody, whoever has people to report.
    """
    day, rulebook = installation.day(now), programme.rulebook
    whole = rulebook.assessed
    owing = _owing(uow, programme, people, day) - {programme.office}
    return tuple(
        unit
        for unit in people.units
        if unit.belongs_on(day)
        and unit.id != programme.office
        and (whole in (unit.name, *unit.aliases) if whole else bool(people.holders(unit.id, _WORKING, day)))
        and (whole is not None or not owing or unit.id in owing)
    )


def _owing(uow: UnitOfWork, programme: Programme, people: Roster, day: date) -> set[int]:
    """Whoever the rulebook holds to a duty or an indicator, by name or as a group, has a matter, or points."""
    rulebook = programme.rulebook
    names = {name for duty in rulebook.duties for name in duty.units}
    for one in rulebook.indicators:
        names |= {*one.owners, *one.co_owners, *(part.unit for part in (*one.split, *one.dual_split))}
    names |= {award.to for award in rulebook.awards}
    by_text = {unit.id for unit in people.chosen(names, day)} - {programme.office}
    if not by_text:
        return set()
    return by_text | matters.holders(uow, programme.id) | set(ledger.totals(uow, programme.code, Subject.UNIT))


def result(
    uow: UnitOfWork,
    programme: Programme,
    unit: Unit,
    as_of: datetime,
    view: View,
    cells: Mapping[str, Cell] | None = None,
    *,
    unsettled: Collection[int] = (),
    part: Period | None = None,
) -> Result:
    """One unit's result: by the formula of all stages, where the measure has one and their `cells` are given; without
    them by the ledger alone, which says nothing yet of the `unsettled` units (unsettled.without_a_year). With `part`
    it is the result of that part of the year by itself.
    """
    account = scoring.unit_account(programme, unit.id)
    card = scoring.card(uow, programme, account, as_of, view, part=part)
    flags = flags_of(card, programme.rulebook.year)
    stands = standing(uow, programme, account, flags)
    if programme.rulebook.account(Subject.UNIT) is None:
        return Result(unit, None, stand_in=False, flags=flags, eligibility=stands)
    if programme.rulebook.composite is None or cells is None:
        total = card.confirmed.final if unit.id not in unsettled else None
        return Result(unit, total, card.stand_in, flags, stands)
    composed = compose(programme.rulebook, cells)
    apart = apart_from_ledger(programme.rulebook) is not None and unit.id not in unsettled
    ledger_total = card.confirmed.final if apart else None
    return Result(unit, composed.value, composed.stand_in or (apart and card.stand_in), flags, stands, ledger_total)


def standing(uow: UnitOfWork, programme: Programme, account: AccountKey, flags: Iterable[Flagged]) -> Eligibility:
    """How an account stands to awards in the measure's year, after what the departments concerned decided (R23)."""
    listed = tuple(flags)
    causes = [flagged.cause.id for flagged in listed if isinstance(flagged.cause, Entry)]
    return eligibility(account, programme.rulebook.year, listed, recommendations.decisions(uow, causes))


def peers(results: Iterable[Result]) -> tuple[Peers, ...]:
    """The results by peer group with the places."""
    known = {one.unit.id: one for one in results}
    totals = {unit: one.total for unit, one in known.items()}
    groups = by_group(totals, {unit: one.unit.group for unit, one in known.items()})
    return tuple(
        Peers(
            group.name,
            (
                *(known[place.holder] for place in group.places),
                *(one for one in known.values() if one.unit.group == group.name and not group.places),
            ),
            {place.holder: place for place in group.places},
        )
        for group in groups
    )
