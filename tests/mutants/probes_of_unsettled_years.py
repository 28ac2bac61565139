"""What is promised of periods that nobody named and of a year that nobody settled, as test bodies: nothing is guessed.

They are told of a measure of their own, beside the county.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlmodel import SQLModel

from bot.county import ZONE
from storage.database import Database
from tests.handlers import test_a_measure_never_seen_before as reporting
from tests.handlers import test_a_year_over_before_it_is_settled as year
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under

_FEBRUARY = datetime(2026, 2, 2, 9, tzinfo=ZONE)


def an_earlier_figure_does_not_settle_the_year(_desk: Desk) -> None:
    with _towns(year.EARLY_DECEMBER, date(2026, 11, 1)) as desk:
        year.test_a_figure_before_the_last_report_that_was_due_does_not_settle_the_year(desk)


def nothing_settled_is_no_total(_desk: Desk) -> None:
    with _towns(year.EARLY_DECEMBER, date(2026, 11, 1)) as desk:
        year.test_nothing_settled_after_the_years_end_is_no_total_and_no_grade(desk)


def of_two_periods_neither_is_guessed(_desk: Desk) -> None:
    with _towns(_FEBRUARY, date(2026, 1, 1)) as desk:
        reporting.test_with_two_periods_owed_the_text_is_kept_and_the_period_asked(desk)


@contextmanager
def _towns(start: datetime, live_from: date) -> Iterator[Desk]:
    with TemporaryDirectory() as folder:
        empty = Path(folder) / "empty.db"
        with Database.open(f"sqlite:///{empty}") as database:
            database.write_now(lambda uow: SQLModel.metadata.create_all(uow.connection))
        books = {"towns.yaml": reporting.TOWNS + year.GRADES}
        with desk_under(books, year.ROSTER, empty, Path(folder) / "towns.db", start, live_from) as desk:
            yield desk
