"""关账 and whoever acts at the same moment: nothing enters the books of a closed year, and none closes over an act."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Event
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel

from assessment.ledger import Basis, Draft
from assessment.rulebook import Trigger
from storage import (
    appeals,
    awards,
    closed_books,
    closings,
    grades,
    ledger,
    migrate,
    obligations,
    own_targets,
    programmes,
    proposals,
    recommendations,
    roster,
    scoring,
)
from storage.database import Database
from storage.grades import GradeRow
from storage.ids import new_id
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork
from tests.bot import books
from tests.bot.books import KEY, NOW

OWN_LIFE = {"closing": "it is what closes"}
"""Tables of a programme that may grow afterwards, and why."""


@pytest.fixture
def county(database: Database) -> Database:
    database.write_now(books.fill)
    return database


def measure(uow: UnitOfWork) -> Programme:
    """The one programme, running or closed."""
    return next(iter([*programmes.running(uow), *programmes.closed(uow)]))


def unit(uow: UnitOfWork) -> int:
    return next(one.id for one in roster.whole(uow).units if one.name == "甲局")


def chen(uow: UnitOfWork) -> int:
    return roster.whole(uow).people[0].id


def close(uow: UnitOfWork) -> None:
    programme = measure(uow).id
    programmes.hold(uow, programme)
    assert closings.close(uow, programme, by=chen(uow), at=NOW)


def enter(uow: UnitOfWork) -> None:
    programme = measure(uow)
    draft = Draft(
        id=new_id(),
        account=scoring.unit_account(programme, unit(uow)),
        clause="U1",
        points=programme.rulebook.clause("U1").points.value or 0,  # type: ignore[arg-type]
        basis=Basis(happened=Trigger.RECORDED),
        author=chen(uow),
        occurred_at=NOW,
        recorded_at=NOW,
        rulebook_digest=programme.digest,
    )
    ledger.append(uow, KEY, draft, date(2026, 8, 20))


def an_entry(uow: UnitOfWork) -> int:
    return ledger.entries(uow, scoring.unit_account(measure(uow), unit(uow)))[0].id


def grade(uow: UnitOfWork) -> None:
    grades.decide(uow, programme=measure(uow).id, unit=unit(uow), grade="好", reason="", by=chen(uow), at=NOW)


def award(uow: UnitOfWork) -> None:
    awards.give(uow, programme=measure(uow).id, award="先进", winners=["甲局"], by=chen(uow), at=NOW)


def appeal(uow: UnitOfWork) -> appeals.Appeal | None:
    return appeals.make(
        uow,
        number=f"A-{new_id()}",
        programme=measure(uow).id,
        entry=an_entry(uow),
        unit=unit(uow),
        person=chen(uow),
        text="理由",
        at=NOW,
    )


def recommend(uow: UnitOfWork) -> None:
    recommendations.decide(uow, entry=an_entry(uow), loses=True, reason="研究", by=chen(uow), at=NOW)


def own_target(uow: UnitOfWork) -> None:
    own_targets.add(uow, number=f"M-{new_id()}", programme=measure(uow).id, unit=unit(uow))


def confirm(uow: UnitOfWork) -> None:
    (row,) = proposals.undecided(uow, measure(uow).id)
    proposals.change(uow, row.id, stage=proposals.Stage.REJECTED.value)


def owe(uow: UnitOfWork) -> None:
    row = obligations.fresh(
        programme=measure(uow).id, kind="written", ref="1", unit=unit(uow), title="报告", due=NOW, grace_end=NOW
    )
    obligations.open_if_new(uow, row)


@pytest.mark.parametrize("act", [enter, grade, award, appeal, recommend, own_target, confirm, owe])
def test_a_closed_year_takes_nothing_more(county: Database, act: Callable[[UnitOfWork], object]) -> None:
    """Not by the handlers' grace: by the database's own word."""
    county.write_now(close)

    with pytest.raises(IntegrityError) as refused:
        county.write_now(act)

    assert closed_books.is_refusal(refused.value)


def test_an_appeal_is_not_answered_after_closing(county: Database) -> None:
    made = county.write_now(appeal)
    assert made is not None
    county.write_now(close)

    with pytest.raises(IntegrityError, match="the year is closed"):
        county.write_now(lambda uow: appeals.answer(uow, made, upheld=False, reason="不成立", by=chen(uow), at=NOW))
    assert len(county.read_now(lambda uow: appeals.open_ones(uow, measure(uow).id))) == 1


def test_another_year_is_not_concerned(county: Database) -> None:
    county.write_now(close)

    def next_year(uow: UnitOfWork) -> bool:
        text_ = books.RULEBOOK.replace("2026", "2027")
        office = measure(uow).office
        programme = programmes.add(uow, text_, "next.yaml", office=office, live_from=date(2027, 1, 1))
        grades.decide(uow, programme=programme.id, unit=unit(uow), grade="好", reason="", by=chen(uow), at=NOW)
        return True

    assert county.write_now(next_year)


def test_every_table_of_a_programme_is_guarded(county: Database) -> None:
    """A table that is new to the house is guarded without a word, and one that lost its triggers is seen."""
    migrate.load_rows()
    naming = {table.name for table in SQLModel.metadata.tables.values() if "programme" in table.columns}

    # A total is the cached sum of entries, and written with them.
    assert naming - closed_books.guarded().keys() == OWN_LIFE.keys() | {"total"}
    sqlite = county.dialect == "sqlite"
    county.write_now(
        lambda uow: uow.execute(
            text(
                "DROP TRIGGER unit_grade_while_open_INSERT"
                if sqlite
                else "DROP TRIGGER unit_grade_while_open ON unit_grade"
            )
        )
    )
    assert migrate.check(county) == ["unit_grade grows after the year is closed: its triggers are missing"]


def blocked(uow: UnitOfWork) -> bool:
    """Whether somebody waits for a lock; on SQLite the other job waits behind this one in any case."""
    if uow.dialect == "sqlite":
        return True
    return bool(uow.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


@pytest.mark.parametrize("act", [enter, grade, award, appeal, own_target, confirm])
def test_closing_waits_for_an_act_and_sees_it(county: Database, act: Callable[[UnitOfWork], object]) -> None:
    """An act that is not committed yet when 关账 looks is waited for: nothing is closed over that was not shown."""
    acted = Event()

    def write(uow: UnitOfWork) -> None:
        act(uow)
        acted.set()
        while not blocked(uow):
            pass

    def look(uow: UnitOfWork) -> int:
        acted.wait()
        programmes.hold(uow, measure(uow).id)
        return _books(uow)

    before = county.read_now(_books)
    with ThreadPoolExecutor(2) as pool:
        writing = pool.submit(county.write_now, write)
        acted.wait()
        seen = pool.submit(county.write_now, look)
        writing.result()
        assert seen.result() == before + 1


@pytest.mark.parametrize("act", [enter, grade, award, appeal, own_target, confirm])
def test_an_act_waits_for_closing_and_is_refused(county: Database, act: Callable[[UnitOfWork], object]) -> None:
    held = Event()

    def shut(uow: UnitOfWork) -> None:
        programmes.hold(uow, measure(uow).id)
        held.set()
        while not blocked(uow):
            pass
        assert closings.close(uow, measure(uow).id, by=chen(uow), at=NOW)

    before = county.read_now(_books)
    with ThreadPoolExecutor(2) as pool:
        closing = pool.submit(county.write_now, shut)
        held.wait()
        acting = pool.submit(county.write_now, act)
        closing.result()
        with pytest.raises(IntegrityError, match="the year is closed"):
            acting.result()
    assert county.read_now(_books) == before


def test_of_two_closings_at_once_one_closes(county: Database) -> None:
    def shut(_: int) -> bool:
        def job(uow: UnitOfWork) -> bool:
            programme = measure(uow).id
            programmes.hold(uow, programme)
            return closings.close(uow, programme, by=chen(uow), at=NOW)

        return county.write_now(job)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(shut, range(2))) == [False, True]


def test_no_sweep_looks_at_a_closed_year(county: Database) -> None:
    def owed(uow: UnitOfWork) -> None:
        row = obligations.fresh(
            programme=measure(uow).id,
            kind="written",
            ref="1",
            unit=unit(uow),
            title="报告",
            due=NOW,
            grace_end=NOW,
            state="met",
            look_at=NOW,
        )
        obligations.open_if_new(uow, row)

    county.write_now(owed)
    county.write_now(close)

    assert county.write_now(lambda uow: obligations.due_for_a_look(uow, NOW, 10)) == []


def _books(uow: UnitOfWork) -> int:
    """How much stands in the books of the year, undecided proposals counted against it."""
    programme = measure(uow).id
    tables: list[type[Any]] = [GradeRow, awards.AwardRow, appeals.AppealRow, own_targets.OwnTargetRow]
    rows = sum(int(uow.execute(text(f"SELECT count(*) FROM {t.__tablename__}")).scalar_one()) for t in tables)  # noqa: S608
    return rows + len(ledger.all_rows(uow)) - len(proposals.undecided(uow, programme))
