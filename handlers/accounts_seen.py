"""Whose accounts somebody may see: a unit's with those of its people, or a person's."""

from dataclasses import dataclass

from assessment.ledger import AccountKey
from assessment.rights import OWN_ROLES, Action, Target
from assessment.roster import Unit
from assessment.rulebook import Subject
from handlers.turn import Turn
from storage import scoring
from storage.programmes import Programme


@dataclass(frozen=True)
class SeenAccount:
    """An account that the sender may see: all of it, or `only_of` the matters of one unit."""

    account: AccountKey
    only_of: Unit | None = None


def accounts_seen(turn: Turn, programme: Programme, unit: Unit) -> list[SeenAccount]:
    """The unit's account and those of its people, as far as the sender may see them.

    Leaders of a unit are assessed like anybody in it, so that whoever holds a post of the unit may have an account.
    """
    rulebook = programme.rulebook
    found = []
    framed = rulebook.account(Subject.UNIT) is not None or scoring.has_points(
        turn.uow, programme, scoring.unit_account(programme, unit.id)
    )
    if framed and rulebook.assessed in (None, unit.name, *unit.aliases):
        found.append(SeenAccount(scoring.unit_account(programme, unit.id)))
    if rulebook.account(Subject.PERSON) is not None:
        people = turn.roster.holders(unit.id, OWN_ROLES, turn.today)
        seen = (seen_of_person(turn, programme, person, unit) for person in people)
        found += [account for account in seen if account is not None]
    return found


def seen_of_person(turn: Turn, programme: Programme, person: int, unit: Unit) -> SeenAccount | None:
    """A person's account: that person and the office see all of it, a head what came of the own unit's matters."""
    account = scoring.person_account(programme, person)
    if turn.can(Action.SEE_PERSON_SCORE, Target(office=programme.office, person=person)):
        return SeenAccount(account)
    if turn.can(Action.SEE_PERSON_SCORE, Target(office=programme.office, unit=unit.id, person=person)):
        return SeenAccount(account, unit)
    return None


def sees(turn: Turn, programme: Programme, unit: Unit) -> bool:
    """Each office sees its own programme; the unit's people and leaders see all."""
    return turn.can(Action.SEE_SCORE, Target(office=programme.office, unit=unit.id))
