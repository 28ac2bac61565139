"""The mutants: what is broken, which invariant that is, and which probe has to notice."""

from tests.mutants import probes as p
from tests.mutants import probes_of_people as q
from tests.mutants.catalogue_of_appeals import APPEALS
from tests.mutants.catalogue_of_closing import CLOSING
from tests.mutants.catalogue_of_decisions import DECISIONS
from tests.mutants.catalogue_of_files import FILES
from tests.mutants.catalogue_of_filling import FILLING
from tests.mutants.catalogue_of_marks import MARKS
from tests.mutants.catalogue_of_matters import MATTERS
from tests.mutants.catalogue_of_messages import MESSAGES
from tests.mutants.catalogue_of_problems import PROBLEMS
from tests.mutants.catalogue_of_rights import RIGHTS
from tests.mutants.catalogue_of_scores import MUTANTS_OF_SCORES
from tests.mutants.catalogue_of_years import YEARS
from tests.mutants.mutant import Edit, Mutant, one

MUTANTS = (
    *MESSAGES,
    *APPEALS,
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
    *RIGHTS,
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
        "schedules.outcomes:Outcomes.write_down",
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
    # marks, targets, self-scores
    *MARKS,
    *DECISIONS,
    *MATTERS,
    *PROBLEMS,
    *MUTANTS_OF_SCORES,
    *FILES,
    *FILLING,
    *YEARS,
    *CLOSING,
)
