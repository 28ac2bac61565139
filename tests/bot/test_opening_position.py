"""What an 期初 sheet leaves behind, on both databases: sums, past figures, and silence."""

import shutil
import tempfile
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlmodel import select

from assessment.obligation import Bucket, bucket
from assessment.workdays import WorkCalendar
from bot.bring_in import Report, Wishes
from bot.command_line import Stop
from bot.ledger_check import examine
from bot.opening_sheet import bring_opening
from bot.roster_file import apply_roster, read_roster
from storage import ledger, obligations, programmes, proposals, roster, scoring, submissions
from storage.database import Database
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.outbox import OutboxRow
from storage.proposals import Stage
from storage.submissions import Way
from storage.unit_of_work import UnitOfWork
from tests.bot.opening_county import HEAD, ROSTER, RULEBOOK, SHEET

KEY = b"a ledger key for the tests only"
HERE = Installation(ZoneInfo("Asia/Shanghai"), WorkCalendar(), KEY)
NOW = datetime(2026, 8, 3, 1, 0, tzinfo=UTC)
Row = tuple[str, Decimal, date]
ONE_ROW: st.SearchStrategy[Row] = st.tuples(
    st.sampled_from(("甲局", "乙局")),
    st.decimals(Decimal(1), Decimal(5), places=4),
    st.dates(date(2026, 1, 1), date(2026, 8, 3)),
)


def found_county(uow: UnitOfWork) -> None:
    apply_roster(uow, read_roster(ROSTER).rows, lambda channel: channel)
    office = roster.whole(uow).named("督查室")
    assert office is not None
    programmes.add(uow, RULEBOOK, "kaohe.yaml", office=office.id, live_from=date(2026, 8, 1))


@pytest.fixture
def house(database: Database) -> Database:
    database.write_now(found_county)
    return database


def bring(database: Database, text: str, *, dry_run: bool = False) -> Report:
    wishes = Wishes(today=date(2026, 8, 3), live_from=date(2026, 8, 1), dry_run=dry_run)
    return bring_opening("期初.csv", text, database, HERE, wishes, by="陈静", now=NOW)


def scored(database: Database) -> dict[str, Decimal]:
    """What 得分 shows of each unit, and the cached totals must agree with it."""

    def job(uow: UnitOfWork) -> dict[str, Decimal]:
        (programme,) = programmes.running(uow)
        found = {}
        for each in roster.whole(uow).units:
            account = scoring.unit_account(programme, each.id)
            found[each.name] = scoring.card(uow, programme, account, NOW).confirmed.final
            total = ledger.total(uow, account)
            assert total is None or total.total == found[each.name]
        return found

    return database.read_now(job)


def test_points_are_entries_by_a_person_and_figures_are_met_reports(house: Database) -> None:
    bring(house, SHEET)

    def job(uow: UnitOfWork) -> None:
        (programme,) = programmes.running(uow)
        people = roster.whole(uow)
        for row in ledger.all_rows(uow):
            proposal = proposals.get(uow, row.proposal or 0)
            assert proposal.stage == Stage.CONFIRMED.value
            assert people.person(row.author or 0).name == "陈静"
            assert row.occurred_at.astimezone(HERE.zone).date() < programme.live_from
        rows = obligations.of_programme(uow, programme.id)
        assert [(row.title, bucket(row.facts(), NOW), row.look_at) for row in rows] == [
            ("1—5月指标进展", Bucket.ON_TIME, None),
            ("1—6月指标进展", Bucket.ON_TIME, None),
        ]
        versions = [version for row in rows for version in submissions.versions(uow, row.id)]
        assert [(version.way, version.note) for version in versions] == [
            (Way.ENTERED.value, "期初：期初.csv第5、6行：《报表汇编》5月"),
            (Way.ENTERED.value, "期初：期初.csv第7行：《报表汇编》6月"),
        ]
        assert uow.rows(select(OutboxRow)) == []
        assert not examine(uow, KEY, NOW).faults

    # Rows are read as they are decided on, with their locks.
    house.write_now(job)


def test_a_sheet_again_or_a_dry_run_leaves_no_trace(house: Database) -> None:
    bring(house, SHEET)
    before = house.read_now(ledger.all_rows)

    assert bring(house, SHEET).counts == {"加扣分": 0, "指标数": 0, "不变": 6}
    bring(house, SHEET + "乙局,,U1,-1,2026-02-03,,,,,台账\n", dry_run=True)

    assert [row.mac for row in house.read_now(ledger.all_rows)] == [row.mac for row in before]


def test_a_fault_on_the_last_row_leaves_nothing_of_the_first(house: Database) -> None:
    with pytest.raises(Stop):
        bring(house, SHEET + "甲局,,U9,-1,2026-02-03,,,,,台账\n")

    assert house.read_now(ledger.all_rows) == []
    assert house.read_now(lambda uow: uow.rows(select(ObligationRow))) == []


@given(st.lists(ONE_ROW, max_size=8))
@settings(max_examples=15, deadline=None)
def test_what_the_sheet_adds_up_to_is_what_is_shown(sqlite_template: Path, rows: list[Row]) -> None:
    """In whatever order, and brought in in one piece or in two."""
    lines = [f"{name},,U2,{points},{day},表彰{at},,,,台账\n" for at, (name, points, day) in enumerate(rows)]
    half = len(lines) // 2
    with tempfile.TemporaryDirectory() as folder:
        path = shutil.copy(sqlite_template, Path(folder) / "duban.db")
        with Database.open(f"sqlite:///{path}") as database:
            database.write_now(found_county)
            bring(database, HEAD + "".join(lines[half:]))
            bring(database, HEAD + "".join(reversed(lines)))

            shown = scored(database)

    for name in ("甲局", "乙局"):
        assert shown[name] == 80 + sum((points for whose, points, _ in rows if whose == name), Decimal(0))
