"""An entry to be corrected or appealed against: in whose programme, and on which unit's matter."""

from dataclasses import dataclass

from assessment.ledger import Entry
from assessment.rights import Action, Actor, Destination, Target, authorise
from assessment.roster import Role
from assessment.rulebook import Subject
from handlers.turn import Turn
from storage import ledger, programmes, scoring, telling
from storage.programmes import Programme


@dataclass(frozen=True)
class EntryCase:
    """An entry, in whose programme, and the unit on whose matter it rests."""

    entry: Entry
    programme: Programme
    unit: int

    @property
    def target(self) -> Target:
        """What leave is asked for: on a person's account that person is meant, on a line its leader."""
        account = self.entry.account
        person = account.holder if account.subject.of_a_person else None
        return Target(office=self.programme.office, unit=self.unit, person=person)

    @property
    def is_personal(self) -> bool:
        """Whether it stands on a person's account."""
        return self.entry.account.subject is Subject.PERSON

    @property
    def takes_two(self) -> bool:
        """Whether its correction takes two people of the office."""
        limit = self.programme.rulebook.reversal_by_two
        return limit is not None and abs(self.entry.points) >= limit


def case_of(turn: Turn, entry: Entry) -> EntryCase:
    """The case of an entry, also where its year is closed."""
    known = (*turn.programmes, *programmes.closed(turn.uow))
    programme = next(programme for programme in known if programme.code == entry.account.programme)
    unit = scoring.units_of(turn.uow, programme, entry.account, ledger.entries(turn.uow, entry.account))[entry.id]
    assert unit is not None, "an entry of a person rests on a proposal, and that on a unit's matter"
    return EntryCase(entry, programme, unit)


def concerned(turn: Turn, case: EntryCase) -> tuple[int, ...]:
    """Whose points they are: the person, or the unit's reporters and head."""
    if case.entry.account.subject.of_a_person:
        return (case.entry.account.holder,)
    return turn.roster.holders(case.unit, (Role.REPORTER, Role.HEAD), turn.today)


def of_the_office(turn: Turn, case: EntryCase, action: Action) -> list[int]:
    """Who of the office may do that with this entry, the sender among them."""
    office = turn.roster.holders(case.programme.office, (Role.OFFICE,), turn.today)
    actors = [Actor(person, turn.roster.posts_of(person, turn.today)) for person in office]
    return [a.person for a in actors if authorise(a, action, case.target, Destination.PRIVATE).allowed]


def account_name(turn: Turn, case: EntryCase) -> str:
    """A unit's name, or a person's."""
    return telling.account_name(turn.roster, case.entry.account.subject.value, case.entry.account.holder)
