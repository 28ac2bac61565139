"""The mutants of rights: who may do what, who is told what, and that a refusal is on record."""

from tests.mutants import probes_of_people as q
from tests.mutants.mutant import one

RIGHTS = (
    # 7 rights
    one(
        "default allow",
        7,
        "assessment.rights:authorise",
        'allowed=False, basis="岗位无此权限"',
        'allowed=True, basis="岗位无此权限"',
        q.nobody_else_decides,
    ),
    one(
        "a refusal is only said, not kept to",
        7,
        "handlers.turn:Turn.may",
        "return verdict.allowed",
        "return True",
        q.nobody_else_decides,
    ),
    one(
        "any role will do",
        7,
        "assessment.rights:Actor.holds",
        "post.role is role and post.unit == unit",
        "post.role is role",
        q.nobody_sees_anothers_points,
    ),
    one(
        "the destination is ignored",
        7,
        "assessment.rights:authorise",
        "if destination is Destination.GROUP and action in ALWAYS_PRIVATE:",
        "if False:",
        q.a_group_learns_no_points,
    ),
    one(
        "answers go where the question came from",
        7,
        "handlers.answering:Answers.privately",
        "Address(self.incoming.channel, self.incoming.sender)",
        "Address(self.incoming.channel, self.incoming.conversation)",
        q.a_group_learns_no_points,
    ),
    one(
        "the list is not filtered",
        7,
        "handlers.chasing:_visible",
        "return [row for row in rows if",
        "return [row for row in rows if True or",
        q.a_leader_in_charge_sees_the_own_units_only,
    ),
    one(
        "the own unit is no bar",
        7,
        "assessment.rights:authorise",
        "if action in NOT_ON_OWN_UNIT and target.unit",
        "if False and target.unit",
        q.nobody_decides_on_the_own_unit,
    ),
    one(
        "decided while the unit is being heard",
        7,
        "handlers.deciding:take_decision",
        'if heard(row) != content["heard"][str(row.id)]:',
        "if False:",
        q.nobody_decides_while_the_unit_is_heard,
    ),
    one(
        "what was said before being asked opens 核定",
        7,
        "storage.proposals:ProposalRow.is_ripe",
        "self.statement is not None and self.hearing_since is None",
        "True",
        q.nobody_decides_while_the_unit_is_heard,
    ),
    one(
        "a refusal leaves no trace",
        7,
        "handlers.turn:Turn.may",
        "self.record(action, what, allowed=verdict.allowed, basis=verdict.basis)",
        "pass",
        q.a_refusal_is_recorded,
    ),
    one(
        "a stranger in a group is answered unasked",
        7,
        "handlers.intake:Intake._greet_stranger",
        "if not incoming.addressed:",
        "if False:",
        q.a_stranger_learns_nothing,
    ),
)
