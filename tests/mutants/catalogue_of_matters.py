"""Mutants of the life of a supervised matter."""

from tests.mutants import probes_of_matters as s
from tests.mutants.mutant import Edit, Mutant, Probe


def _one(name: str, where: str, old: str, new: str, probe: Probe, invariant: int = 0) -> Mutant:
    return Mutant(name, invariant, (Edit(where, old, new),), probe)


MATTERS = (
    _one(
        "a plan's clause counts for a matter too",
        "assessment.marking:UrgedNotReported.basis",
        "if bool(clause.classes) != bool(self.matter_class) or",
        "if",
        s.a_matter_urged_is_counted_once,
        5,
    ),
    _one(
        "a third round without a second",
        "handlers.supervising:_next_round",
        "if wanted == comes:",
        "if True:",
        s.no_round_is_left_out,
    ),
    _one(
        "a round is ordered by each colleague",
        "handlers.supervising:take_supervision",
        '+ 1 != content["round"]:',
        '+ 1 < content["round"]:',
        s.a_round_is_ordered_once,
    ),
    _one(
        "a draft uses up a number",
        "handlers.supervising:supervise",
        "    order = Order(programme, matter, rows, nth)",
        "    order = Order(programme, matter, rows, nth)\n    counters.number(turn.uow, LETTER, turn.today)",
        s.a_letter_has_its_number_from_the_confirmation,
    ),
    Mutant(
        "whoever reported done is supervised",
        0,
        (
            Edit("handlers.supervising:_owed", "[row for row in every if row.facts().owes]", "list(every)"),
            Edit("handlers.supervising:take_supervision", "if row.facts().owes]", "]"),
        ),
        s.whoever_is_done_is_not_supervised,
    ),
    _one(
        "every round costs what any of them does",
        "assessment.supervision:Supervised.basis",
        "or clause.round not in (None, self.nth)",
        "",
        s.each_round_costs_once,
    ),
    _one(
        "the second return is the first",
        "assessment.supervision:mark_nth",
        'key = f"{key}/{fact.nth}"',
        "pass",
        s.each_return_of_a_matter_costs,
    ),
    _one(
        "more time after the time limit",
        "handlers.extending:_why_not",
        "if turn.said_at >= row.due:",
        "if False:",
        s.more_time_is_asked_for_in_time,
    ),
    _one(
        "more time without end",
        "handlers.extending:_why_not",
        "if _used(every) >= allowed.times:",
        "if False:",
        s.more_time_is_granted_so_often_and_no_more,
    ),
    _one(
        "an urging by the old time limit still counts",
        "storage.extensions:move_due",
        "if row.urged_at is not None or any(",
        "if False and any(",
        s.granted_time_is_not_urged_in,
    ),
    _one(
        "what was dropped by the old time limit never comes back",
        "storage.proposing:put",
        "known.decided_by is None and known.decided_at is not None",
        "False",
        s.granted_time_is_not_urged_in,
    ),
    _one(
        "a problem puts the ladder off",
        "handlers.coordinating:_pass_on",
        "    in_charge = ",
        "    if found.obligation: obligations.look_again(turn.uow, found.obligation, None)\n    in_charge = ",
        s.a_problem_puts_nothing_off,
    ),
    _one(
        "any leader answers for any unit",
        "assessment.rights:_in_charge",
        "if target.unit is not None and actor.holds(Role.LEADER_IN_CHARGE, target.unit)",
        "if actor.units(Role.LEADER_IN_CHARGE)",
        s.only_the_leader_in_charge_answers,
        7,
    ),
    _one(
        "a major matter waits for the morning",
        "handlers.major:_take",
        "priority=Priority.ANSWER)",
        "priority=Priority.ESCALATION, not_before=turn.office_time(turn.programmes[0]))",
        s.a_major_matter_leaves_at_night,
    ),
)
