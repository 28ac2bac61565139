"""The mutants of messages: acknowledged is stored, one effect, one step once, a report stops its reminder."""

from tests.mutants import probes as p
from tests.mutants.mutant import Edit, Mutant, one

_KEEP = "self.database.write(lambda uow: self._intake.take(uow, incoming, received_at))"
_RECORD = "return uow.insert_if_new("
_LEAVES = ("notice = cases.as_it_leaves(", "notice = row.notice or cases.as_it_leaves(")
_WITHDRAW = "_withdraw_pointless(uow, row.id, now)"

MESSAGES = (
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
        "if seen in (Seen.REPEAT, Seen.TOO_MANY):",
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
    one(
        "a signature proves whatever comes with it",
        2,
        "handlers.intake:_spent",
        "if signature is None or",
        "if True or",
        p.one_signature_proves_one_body,
    ),
    one(
        "a signature proves the last body, too",
        2,
        "storage.inbox:comes_first",
        "return uow.value(_FIRST_BODY, **row) == body",
        "return uow.value(_FIRST_BODY, **row) is not None",
        p.one_signature_proves_one_body,
    ),
    one(
        "what is not proven is taken all the same",
        2,
        "storage.inbox:admit",
        "if not spent and uow.insert_if_new(",
        "if uow.insert_if_new(",
        p.one_signature_proves_one_body,
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
        "schedules.letters:letter_of",
        "row.key,",
        'f"{row.key}:{row.attempts}",',
        p.a_lost_answer_is_sent_again_under_its_key,
    ),
    one(
        "a lost answer is given up",
        3,
        "schedules.doubt:key_lives",
        "return now",
        "return False and now",
        p.a_lost_answer_is_sent_again_under_its_key,
    ),
    # 4 a report stops its reminder
    one(
        "no second look as a reminder leaves",
        4,
        "schedules.claims:Claims._look_again",
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
            Edit("schedules.claims:Claims._look_again", *_LEAVES),
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
)
