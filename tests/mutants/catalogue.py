"""The mutants: what is broken, which invariant that is, and which probe has to notice."""

from tests.mutants import probes as p
from tests.mutants import probes_of_people as q
from tests.mutants.mutant import Edit, Mutant, Probe

_KEEP = "self.database.write(lambda uow: self._intake.take(uow, incoming, received_at))"
_RECORD = "return uow.insert_if_new("
_LEAVES = ("notice = cases.as_it_leaves(", "notice = row.notice or cases.as_it_leaves(")
_WITHDRAW = "_withdraw_pointless(uow, row.id, now)"


def one(name: str, invariant: int, where: str, old: str, new: str, probe: Probe) -> Mutant:
    """A mutant of one edit."""
    return Mutant(name, invariant, (Edit(where, old, new),), probe)


MUTANTS = (
    # 1 acknowledged is stored
    one(
        "acknowledges before the commit",
        1,
        "bot.app:Service.take",
        f"await {_KEEP}",
        f"asyncio.ensure_future({_KEEP})",
        p.acknowledged_is_stored,
    ),
    one(
        "acknowledges what failed",
        1,
        "bot.incoming:FrontDoor._keep",
        "return False\n    finally",
        "return True\n    finally",
        p.acknowledged_is_stored,
    ),
    # 2 one message, one effect
    one(
        "the inbox takes a repeat for new",
        2,
        "storage.inbox:admit",
        "return Seen.REPEAT, 0",
        "return Seen.NEW, inbox_id",
        p.a_message_takes_effect_once,
    ),
    one(
        "a repeat is answered again",
        2,
        "handlers.intake:Intake.take",
        "if seen is Seen.REPEAT:",
        "if False:",
        p.a_message_takes_effect_once,
    ),
    one(
        "other words under a known number are done",
        2,
        "handlers.intake:Intake.take",
        "if seen is Seen.OTHER_CONTENT:",
        "if False:",
        p.other_words_under_a_known_number_are_not_executed,
    ),
    # 3 one step, once
    Mutant(
        "the step's key is ignored",
        3,
        (
            Edit("storage.steps:record", _RECORD, "return True or uow.insert_if_new("),
            Edit("storage.cases:settled", "_settled(uow, row.id, row.round)", "frozenset()"),
            Edit("schedules.escalation:_queue", 'key = f"step:', 'key = f"{now}{id(said)}step:'),
        ),
        p.a_step_is_issued_once,
    ),
    one(
        "every attempt has a key of its own",
        3,
        "schedules.delivery:Delivery._deliver",
        "Letter(row.key,",
        'Letter(f"{row.key}:{row.attempts}",',
        p.a_lost_answer_is_sent_again_under_its_key,
    ),
    one(
        "a lost answer is given up",
        3,
        "schedules.delivery:Delivery._key_lives",
        "return now",
        "return False and now",
        p.a_lost_answer_is_sent_again_under_its_key,
    ),
    # 4 a report stops its reminder
    one(
        "no second look as a reminder leaves",
        4,
        "schedules.delivery:Delivery._look_again",
        *_LEAVES,
        p.a_report_stops_its_reminder,
    ),
    one(
        "a report withdraws nothing",
        4,
        "storage.cases:change",
        _WITHDRAW,
        "pass",
        p.a_report_withdraws_what_waits,
    ),
    Mutant(
        "neither withdrawn nor looked at again",
        4,
        (
            Edit("schedules.delivery:Delivery._look_again", *_LEAVES),
            Edit("storage.cases:change", _WITHDRAW, "pass"),
        ),
        p.a_report_stops_its_reminder,
    ),
    one(
        "withdrawn without a reason",
        4,
        "storage.outbox:set_status",
        '"reason": reason',
        '"reason": ""',
        p.a_report_withdraws_what_waits,
    ),
    # 5 append-only, chained, explained, recomputed
    one(
        "a reversal rewrites the entry",
        5,
        "storage.ledger:append",
        "head = _locked_head(uow, draft.account)",
        "head = _locked_head(uow, draft.account)\n"
        "    if draft.reverses: uow.update(EntryRow, EntryRow.id == draft.reverses, points=Decimal(0))",
        p.a_reversal_leaves_the_original,
    ),
    one(
        "a reversal adds nothing",
        5,
        "assessment.ledger:reversal",
        "points=-entry.points",
        "points=entry.points * 0",
        p.a_reversal_leaves_the_original,
    ),
    one(
        "no trigger guards the ledger",
        5,
        "storage.append_only:refuse_changes",
        "for statement in",
        "for statement in () and",
        p.the_ledger_refuses_change,
    ),
    one(
        "points are not sealed",
        5,
        "assessment.chain:canonical",
        '"points": to_scaled(entry.points),',
        '"points": 0,',
        p.tampering_shows,
    ),
    one(
        "the total is not refreshed after a reversal",
        5,
        "storage.correcting:reverse",
        "scoring.refresh_total(uow, programme, entry.account, now)",
        "pass",
        p.recomputing_gives_the_same,
    ),
    one(
        "nobody stands behind an entry",
        5,
        "storage.proposing:confirm",
        "author=by,",
        "author=None,",
        p.every_point_leads_to_clause_basis_and_person,
    ),
    one(
        "points pass through float",
        5,
        "assessment.points:to_scaled",
        "int(points.quantize(_STEP, context=_EXACT).scaleb(PLACES, context=_EXACT))",
        "int(float(points) * SCALE)",
        p.points_are_exact,
    ),
    # 6 as of any date
    one(
        "as-of looks at what happened, not at what was recorded",
        6,
        "assessment.scorecard:_seen",
        "entry.recorded_at if view is View.PUBLISHED else entry.occurred_at",
        "entry.occurred_at",
        p.the_past_stays_as_it_was_published,
    ),
    one(
        "both views are the published one",
        6,
        "assessment.scorecard:_seen",
        "entry.recorded_at if view is View.PUBLISHED else entry.occurred_at",
        "entry.recorded_at",
        p.the_past_stays_as_it_was_published,
    ),
    one(
        "the date in the question is dropped",
        6,
        "handlers.scores:show_score",
        "as_of or turn.now, view",
        "turn.now, view",
        p.a_leader_asks_for_a_past_day,
    ),
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
        "handlers.intake:Intake._put",
        "recipient=incoming.sender",
        "recipient=incoming.conversation",
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
    # 8 nothing lost, everything answered
    one(
        "a failure is swallowed",
        8,
        "handlers.intake:Intake._park",
        "turn.replies[:] = [Failed()]",
        "turn.replies[:] = []",
        q.a_failure_is_told_and_undone,
    ),
    one(
        "half-done work stays",
        8,
        "handlers.intake:Intake._handle",
        "with turn.uow.savepoint():",
        "if True:",
        q.a_failure_is_told_and_undone,
    ),
    one(
        "a failed message is not put aside",
        8,
        "handlers.intake:Intake._park",
        "inbox.park(turn.uow, turn.inbox_id)",
        "pass",
        q.a_failure_is_told_and_undone,
    ),
    one(
        "the text is dropped",
        8,
        "handlers.intake:Intake.take",
        "keep_text=not marked",
        "keep_text=False",
        q.every_text_is_kept,
    ),
    Mutant(
        "what is not understood is ignored",
        8,
        (
            Edit("handlers.router:Router._answer", "turn.reply(NotUnderstood(choices=self._likely(turn)))", "pass"),
            Edit("handlers.intake:Intake._handle", "turn.replies.append(NotUnderstood())", "pass"),
        ),
        q.whatever_is_wrong_is_named,
    ),
    one(
        "what is doubtful is taken",
        8,
        "assessment.report_reading:Item.certain",
        "return",
        "return True or",
        q.what_is_doubtful_is_not_stored,
    ),
    # stamps, urgings, figures
    one(
        "urged is what was queued",
        0,
        "schedules.delivery:Delivery._write_down",
        "if held and outcome.status is Status.SENT:",
        "if held:",
        q.urged_is_what_was_delivered,
    ),
    one(
        "days count from the urging itself",
        0,
        "assessment.marking:UrgedNotReported.basis",
        "day_zero + _ONE_DAY if by_day",
        "day_zero if by_day",
        q.days_count_from_the_day_after_the_urging,
    ),
    one(
        "a return costs the first stamp",
        0,
        "assessment.obligation:send_back",
        "drafted_at=None",
        "drafted_at=None, reported_at=None",
        q.the_first_stamp_survives_a_return,
    ),
    one(
        "24:00 is still on time",
        0,
        "assessment.obligation:bucket",
        "Bucket.ON_TIME if obligation.on_time else",
        "Bucket.ON_TIME if obligation.reported_at <= obligation.due else",
        q.on_time_ends_at_midnight,
    ),
    one(
        "the time of receipt decides",
        0,
        "handlers.intake:Intake.take",
        "said_at=received_at if late_stamp else incoming.sent_at",
        "said_at=received_at",
        q.the_senders_time_decides,
    ),
    one(
        "missing counts as nought",
        0,
        "assessment.figures:_figures",
        "values.get(Slot(indicator.id, Figure.ACTUAL, cohort))",
        "values.get(Slot(indicator.id, Figure.ACTUAL, cohort), Decimal(0))",
        q.missing_is_not_nought,
    ),
)
