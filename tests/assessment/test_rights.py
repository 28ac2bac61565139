"""The rights table: who may do what to whom, and where the answer may go."""

from itertools import product

import pytest

from assessment.rights import (
    ALWAYS_PRIVATE,
    NOT_FOR_ONESELF,
    NOT_ON_OWN_UNIT,
    Action,
    Actor,
    Destination,
    Target,
    authorise,
)
from assessment.roster import Post, Role

OFFICE_UNIT, OWN, OTHER, LINE = 1, 2, 3, 4
"""The office, the actor's unit, another unit, and the unit of a leader in charge."""
ACTOR, SOMEBODY = 10, 11

EVERY_PAIR = tuple(product(Action, Role))
THE_OFFICE = {Role.OFFICE}
OWN_ROLES = {Role.REPORTER, Role.DEPUTY, Role.HEAD}

# action: (roles that may do it to their own unit, roles that may do it to another unit)
TABLE: dict[Action, tuple[set[Role], set[Role]]] = {
    Action.REPORT: (OWN_ROLES, set()),
    Action.SIGN: ({Role.DEPUTY, Role.HEAD}, set()),
    Action.STATE: (OWN_ROLES, set()),
    Action.APPEAL: (OWN_ROLES, set()),
    Action.ANSWER_APPEAL: (THE_OFFICE, THE_OFFICE),
    Action.SEE_OWN_TASKS: (OWN_ROLES, set()),
    Action.SEE_SCORE: (OWN_ROLES | {Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.SEE_PERSON_SCORE: ({Role.HEAD, Role.OFFICE}, THE_OFFICE),
    Action.SEE_LINE: ({Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.SEE_RANKING: ({Role.LEADER, Role.SECRETARY, Role.OFFICE}, {Role.LEADER, Role.SECRETARY, Role.OFFICE}),
    Action.SEE_ROSTER: ({Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.SEE_OVERVIEW: ({Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.URGE: (THE_OFFICE, THE_OFFICE),
    Action.REVIEW: (THE_OFFICE, THE_OFFICE),
    Action.ENTER_FOR_UNIT: (THE_OFFICE, THE_OFFICE),
    Action.RECORD: (THE_OFFICE, THE_OFFICE),
    Action.DECIDE: (THE_OFFICE, THE_OFFICE),
    Action.JUDGE: (THE_OFFICE, THE_OFFICE),
    Action.GIVE_STAGE: (THE_OFFICE, THE_OFFICE),
    Action.SETTLE: (THE_OFFICE, THE_OFFICE),
    Action.HEAR: (THE_OFFICE, THE_OFFICE),
    Action.REVERSE: (THE_OFFICE, THE_OFFICE),
    Action.ASSIGN: ({Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.REPORT_DONE: (OWN_ROLES, set()),
    Action.SUPERVISE: (THE_OFFICE, THE_OFFICE),
    Action.FEED_BACK: (OWN_ROLES, set()),
    Action.SEE_PROGRESS: (OWN_ROLES | {Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.EXTEND: (OWN_ROLES, set()),
    Action.GRANT: (THE_OFFICE, THE_OFFICE),
    Action.RAISE: (OWN_ROLES, set()),
    Action.ANSWER: ({Role.LEADER_IN_CHARGE}, set()),
    Action.REPORT_MAJOR: (OWN_ROLES, set()),
    Action.SEE_MAJOR: (OWN_ROLES | {Role.LEADER_IN_CHARGE, Role.LEADER, Role.OFFICE}, {Role.LEADER, Role.OFFICE}),
    Action.MARK_UNABLE: (THE_OFFICE, THE_OFFICE),
    Action.RECTIFY: (THE_OFFICE, THE_OFFICE),
    Action.RECORD_EVENT: (THE_OFFICE, THE_OFFICE),
    Action.SUGGEST: (OWN_ROLES | THE_OFFICE, THE_OFFICE),
    Action.DECIDE_SUGGESTION: (THE_OFFICE, THE_OFFICE),
    Action.SET_OWN_TARGET: (OWN_ROLES, set()),
    Action.FILE_UPWARD: (THE_OFFICE, THE_OFFICE),
    Action.BREAK_DOWN: (OWN_ROLES, set()),
    Action.CLOSE: (THE_OFFICE, THE_OFFICE),
    Action.BROADCAST: (THE_OFFICE, THE_OFFICE),
    Action.RECEIPT: (set(), set()),
    Action.BIND: (THE_OFFICE, THE_OFFICE),
    Action.UNBIND: (THE_OFFICE, THE_OFFICE),
    Action.APPROVE: ({Role.SECRETARY}, {Role.SECRETARY}),
    Action.GRADE: (THE_OFFICE, THE_OFFICE),
    Action.PUBLISH: (THE_OFFICE, THE_OFFICE),
    Action.FOLLOW_UP: (THE_OFFICE, THE_OFFICE),
    Action.SEE_LAST_PLACE: ({Role.LEADER, Role.SECRETARY}, {Role.LEADER, Role.SECRETARY}),
    Action.AWARD: (THE_OFFICE, THE_OFFICE),
    Action.SAMPLE: (THE_OFFICE, THE_OFFICE),
}


def actor(*posts: tuple[Role, int]) -> Actor:
    return Actor(ACTOR, tuple(Post(ACTOR, unit, role) for role, unit in posts))


def holder(role: Role) -> Actor:
    """Somebody with one post: office staff and the leading group's secretary in the office, everybody else in OWN."""
    return actor((role, OFFICE_UNIT if role in (Role.OFFICE, Role.SECRETARY) else OWN))


def who_does(action: Action) -> Role:
    """The one who does what nobody does for oneself."""
    return Role.SECRETARY if action in (Action.APPROVE, Action.SEE_LAST_PLACE) else Role.OFFICE


def allowed(who: Actor, action: Action, target: Target, where: Destination = Destination.PRIVATE) -> bool:
    return authorise(who, action, target, where).allowed


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(Action)


@pytest.mark.parametrize(("action", "role"), EVERY_PAIR, ids=str)
def test_each_role_and_action(action: Action, role: Role) -> None:
    own, other = TABLE[action]

    assert allowed(holder(role), action, Target(OFFICE_UNIT, OWN)) is (role in own)
    assert allowed(holder(role), action, Target(OFFICE_UNIT, OTHER)) is (role in other)


@pytest.mark.parametrize(("action", "role"), EVERY_PAIR, ids=str)
def test_in_a_group_nobody_learns_points_or_names(action: Action, role: Role) -> None:
    """Whoever may ask in private gets no score, ranking or roster in a group; everything else is as in private."""
    for unit in (OWN, OTHER):
        private = allowed(holder(role), action, Target(OFFICE_UNIT, unit))
        grouped = allowed(holder(role), action, Target(OFFICE_UNIT, unit), Destination.GROUP)

        assert grouped is (private and action not in ALWAYS_PRIVATE)


@pytest.mark.parametrize("action", Action)
def test_nobody_without_a_post_may_anything(action: Action) -> None:
    assert not allowed(Actor(ACTOR, ()), action, Target(OFFICE_UNIT, OWN))
    assert not allowed(Actor(ACTOR, ()), action, Target(OFFICE_UNIT))


@pytest.mark.parametrize("action", sorted(NOT_ON_OWN_UNIT))
@pytest.mark.parametrize("role", sorted(OWN_ROLES))
def test_office_staff_of_an_assessed_unit_do_not_decide_on_it(action: Action, role: Role) -> None:
    """Seconded to the office, and still in a unit that is assessed: everybody's matters but the own unit's."""
    seconded = actor((who_does(action), OFFICE_UNIT), (role, OWN))

    assert not allowed(seconded, action, Target(OFFICE_UNIT, OWN))
    assert allowed(seconded, action, Target(OFFICE_UNIT, OTHER))


@pytest.mark.parametrize("action", sorted(NOT_ON_OWN_UNIT))
def test_an_office_that_is_assessed_itself_does_not_decide_on_itself(action: Action) -> None:
    assert not allowed(holder(Role.OFFICE), action, Target(OFFICE_UNIT, OFFICE_UNIT))


@pytest.mark.parametrize("action", [action for action in Action if Role.OFFICE in TABLE[action][1]])
def test_another_programmes_office_has_no_say(action: Action) -> None:
    assert not allowed(actor((Role.OFFICE, OTHER)), action, Target(OFFICE_UNIT, OWN))


@pytest.mark.parametrize("action", sorted(NOT_FOR_ONESELF))
def test_the_office_does_nothing_of_this_for_itself(action: Action) -> None:
    """Of two in the office, each may bind the other's account and neither the own."""
    mine, theirs = Target(OFFICE_UNIT, person=ACTOR), Target(OFFICE_UNIT, person=SOMEBODY)

    assert not allowed(holder(who_does(action)), action, mine)
    assert allowed(holder(who_does(action)), action, theirs)


def test_a_report_that_only_the_head_signs() -> None:
    target = Target(OFFICE_UNIT, OWN, head_must_sign=True)

    assert allowed(holder(Role.HEAD), Action.SIGN, target)
    assert not allowed(holder(Role.DEPUTY), Action.SIGN, target)


def test_one_sees_ones_own_points_wherever_one_works() -> None:
    mine, theirs = Target(OFFICE_UNIT, OTHER, person=ACTOR), Target(OFFICE_UNIT, OTHER, person=SOMEBODY)
    clerk = holder(Role.REPORTER)

    for action in (Action.SEE_PERSON_SCORE, Action.STATE, Action.APPEAL):
        assert allowed(clerk, action, mine)
        assert not allowed(clerk, action, theirs)


def test_a_leader_in_charge_sees_the_units_in_charge_and_no_other() -> None:
    leader = actor((Role.LEADER_IN_CHARGE, OWN), (Role.LEADER_IN_CHARGE, LINE))

    for action in (Action.SEE_SCORE, Action.SEE_ROSTER, Action.SEE_OVERVIEW):
        seen = [unit for unit in (OWN, LINE, OTHER) if allowed(leader, action, Target(OFFICE_UNIT, unit))]
        assert seen == [OWN, LINE]
        assert not allowed(leader, action, Target(OFFICE_UNIT))


def test_the_audit_learns_by_which_post() -> None:
    private = Destination.PRIVATE
    own = authorise(holder(Role.REPORTER), Action.SEE_SCORE, Target(OFFICE_UNIT, OWN), private)
    office = authorise(holder(Role.OFFICE), Action.DECIDE, Target(OFFICE_UNIT, OWN), private)
    refused = authorise(holder(Role.REPORTER), Action.DECIDE, Target(OFFICE_UNIT, OWN), private)

    assert (own.basis, office.basis) == ("本单位填报人", "考核办")
    assert (refused.allowed, bool(refused.basis)) == (False, True)
