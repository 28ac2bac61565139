"""The mutants of appeals against entries."""

from tests.mutants import probes_of_appeals as a
from tests.mutants.mutant import one

APPEALS = (
    one(
        "anybody appeals against any entry",
        7,
        "handlers.appealing:appeal",
        "if not turn.may(Action.APPEAL, case.target, entry.number):",
        "if False:",
        a.nobody_appeals_for_another_unit,
    ),
    one(
        "a unit answers its own appeal",
        7,
        "handlers.appeal_answers:_named",
        "if not turn.may(Action.ANSWER_APPEAL, Target(office=office), word):\n        return None",
        "return case_of(turn, ledger.get(turn.uow, appeals.by_number(turn.uow, wanted[0]).row.entry)), "
        "appeals.by_number(turn.uow, wanted[0]), words",
        a.only_the_office_answers,
    ),
    one(
        "an open appeal is shown nowhere",
        0,
        "handlers.standing:_all_listed",
        'update={"disputed": appeal}',
        "update={}",
        a.an_open_appeal_is_shown_and_changes_nothing,
    ),
    one(
        "an answered appeal is disputed for ever",
        0,
        "storage.appeals:_open",
        ", col(AppealRow.id).not_in(answered)",
        "",
        a.an_answered_appeal_is_disputed_no_more,
    ),
    one(
        "a line is appealed against again and again",
        0,
        "handlers.appealing:_why_not",
        "if known is not None and known.answer is not None:",
        "if False:",
        a.one_entry_is_appealed_against_once,
    ),
    one(
        "an appeal that was declined is upheld after all",
        5,
        "handlers.correcting:_still_open",
        "if known is None or known.answer is None:",
        "if True:",
        a.an_appeal_is_answered_once,
    ),
    one(
        "a corrected entry leaves its appeal open",
        0,
        "handlers.correcting:_uphold",
        "if appeal is None or appeal.answer is not None:",
        "if True:",
        a.whatever_takes_the_entry_back_answers_the_appeal,
    ),
    one(
        "the unit hears nothing of the answer",
        0,
        "handlers.appeal_answers:take_decline",
        '_tell(turn, case, made, told, "appeal declined")',
        "pass",
        a.the_unit_is_told_the_answer_with_its_reason,
    ),
    one(
        "the office is reminded of what it has answered",
        4,
        "storage.appeals:answer",
        "_stop_reminding(uow, appeal, at)",
        "pass",
        a.nobody_is_reminded_of_an_answered_appeal,
    ),
    one(
        "a day is guessed that no measure sets",
        0,
        "handlers.appealing:_take",
        "case.programme.rulebook.appeal_workdays.value",
        "case.programme.rulebook.appeal_workdays.value or 10",
        a.no_day_is_guessed,
    ),
)
