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
)
