"""The mutants of the end of a year."""

from tests.mutants import probes_of_closing as c
from tests.mutants.mutant import one

CLOSING = (
    one(
        "a year is closed before its last report is due",
        0,
        "handlers.closing:_to_come",
        "owed.due.due > turn.now",
        "owed.due.due < turn.now",
        c.what_falls_due_in_january_keeps_the_year_open,
    ),
    one(
        "units go on reporting for a closed year",
        0,
        "storage.obligations:of_unit",
        "_OF_UNIT_EVER if closed else _OF_UNIT",
        "_OF_UNIT_EVER",
        c.nobody_reports_for_a_closed_year,
    ),
    one(
        "a late report of a closed year is deducted for",
        0,
        "handlers.filing:file",
        "if turn.is_closed(programme):",
        "if False:",
        c.what_the_office_enters_late_costs_nothing,
    ),
    # 7 people decide, and decide what they were shown
    one(
        "a year is closed over an appeal",
        7,
        "handlers.closing:_why_not",
        "unanswered = appeals.open_ones(turn.uow, programme.id)",
        "unanswered = []",
        c.an_unanswered_appeal_keeps_the_year_open,
    ),
    one(
        "a year is closed over what was not shown",
        7,
        "handlers.closing:take_closing",
        'if question.model_dump(mode="json") != content["shown"]:',
        "if False:",
        c.nothing_is_closed_that_was_not_shown,
    ),
    one(
        "a suggestion is decided again",
        7,
        "storage.suggestions:decide",
        "SuggestionRow.stage == Stage.OPEN.value",
        "SuggestionRow.id == row.id",
        c.a_suggestion_is_decided_once,
    ),
    # 0 the rules, to the letter
    one(
        "a report is urged whose cause is no more",
        0,
        "storage.falling_away:let_fall",
        "cases.change(uow, owed, waive(owed.facts()), now)",
        "pass",
        c.what_falls_with_its_cause_is_owed_no_longer,
    ),
    one(
        "what came back with its cause keeps its old days",
        0,
        "storage.follow_ups:_revived",
        "due_day=due.due_day",
        "due_day=known.due_day",
        c.what_comes_back_has_its_days_from_then,
    ),
    one(
        "a unit learns from a report what was not published to it",
        7,
        "storage.following:open_all",
        "if ask and act.act is Act.REPORT",
        "if act.act is Act.REPORT",
        c.who_is_not_told_is_asked_for_nothing,
    ),
    one(
        "what was taken back is still counted as given",
        0,
        "storage.awards:of_programme",
        "if row.id not in gone",
        "if True",
        c.an_award_taken_back_is_no_award,
    ),
)
