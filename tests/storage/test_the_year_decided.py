"""What is decided on a year stays on record: publications, grades, decisions, samples, and what follows from them."""

from datetime import date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from assessment.consequences import DueAct, after_end, after_grade
from assessment.rulebook import Consequence, Rulebook
from assessment.year_rules import Act
from storage import (
    approving,
    awards,
    follow_ups,
    grades,
    ledger,
    programmes,
    proposals,
    proposing,
    publications,
    recommendations,
    roster,
    samples,
    scoring,
)
from storage.database import Database
from storage.follow_ups import FollowUpRow, Stage
from storage.ids import new_id
from storage.programmes import Programme
from storage.samples import SampleRow
from storage.unit_of_work import UnitOfWork
from tests.bot import books
from tests.bot.books import INSTALLATION, NOW

TODAY = date(2027, 1, 5)
ONLY_GROW = ["publication", "unit_grade", "recommendation_decision", "sample", "award_given", "award_taken_back"]


@pytest.fixture
def county(database: Database) -> Database:
    database.write_now(books.fill)
    return database


def measure(uow: UnitOfWork) -> Programme:
    return programmes.running(uow)[0]


def unit_of(uow: UnitOfWork) -> int:
    found = roster.whole(uow).named("甲局")
    assert found is not None
    return found.id


def person_of(uow: UnitOfWork) -> int:
    return roster.whole(uow).people[0].id


def publish(uow: UnitOfWork, kind: str = publications.YEAR, **content: Any) -> publications.PublicationRow:
    return publications.publish(
        uow,
        number=f"G-{new_id()}",
        programme=measure(uow).id,
        kind=kind,
        as_of=NOW,
        by=person_of(uow),
        at=NOW,
        circle=[],
        content=content,
    )


def with_interviews(rulebook: Rulebook) -> Rulebook:
    common = {"cite": "三", "text": "原文"}
    interview = {"id": "约谈", "name": "约谈", "grade": "较差", "act": "约谈"} | common
    report = {"id": "报告", "name": "书面报告", "after": "约谈", "act": "书面报告", "days": 7} | common
    listed = tuple(Consequence.model_validate(one) for one in (interview, report))
    return rulebook.model_copy(update={"consequences": listed})


def interview(uow: UnitOfWork) -> DueAct:
    programme = measure(uow)
    account = scoring.unit_account(programme, unit_of(uow))
    return after_grade(with_interviews(programme.rulebook), account, "较差", TODAY)[0]


def put(uow: UnitOfWork, due: DueAct, now: datetime = NOW) -> FollowUpRow | None:
    return follow_ups.open_if_new(
        uow,
        due,
        programme=measure(uow).id,
        unit=unit_of(uow),
        because="等次较差",
        entry=None,
        today=TODAY,
        now=now,
    )


def run(statement: str, uow: UnitOfWork) -> None:
    uow.execute(text(statement))


def test_a_correction_is_a_new_publication_and_the_first_stays(county: Database) -> None:
    """R86: what was published is the same answer for ever."""
    county.write_now(lambda uow: publish(uow, total="80"))
    county.write_now(lambda uow: publish(uow, publications.HALF, total="40"))
    county.write_now(lambda uow: publish(uow, total="70"))

    def look(uow: UnitOfWork) -> None:
        last = publications.last(uow, measure(uow).id)
        half = publications.last(uow, measure(uow).id, publications.HALF)
        assert last is not None
        assert half is not None
        assert (last.nth, last.content, half.nth, half.content) == (2, {"total": "70"}, 1, {"total": "40"})
        assert [row.content["total"] for row in publications.every(uow, measure(uow).id)] == ["80", "40", "70"]

    county.read_now(look)


@pytest.mark.parametrize("table", ONLY_GROW)
def test_nothing_of_it_can_be_changed(county: Database, table: str) -> None:
    def fill(uow: UnitOfWork) -> None:
        person, unit = person_of(uow), unit_of(uow)
        publish(uow)
        grades.decide(uow, programme=measure(uow).id, unit=unit, grade="好", reason="", by=person, at=NOW)
        entry = ledger.entries(uow, scoring.unit_account(measure(uow), unit))[0].id
        recommendations.decide(uow, entry=entry, loses=True, reason="研究", by=person, at=NOW)
        awards.give(uow, programme=measure(uow).id, award="先进", winners=["甲局"], by=person, at=NOW)
        (given,) = awards.of_programme(uow, measure(uow).id)
        awards.take_back(uow, given.id, reason="重新评议", by=person, at=NOW)
        sample = SampleRow(
            id=1,
            number="C-1",
            programme=measure(uow).id,
            peers="乡镇",
            seed="1",
            candidates=["甲"],
            chosen=["甲"],
            drawn_by=person,
            drawn_at=NOW,
        )
        samples.seal(uow, sample)

    county.write_now(fill)
    for change in (f"UPDATE {table} SET id = 7", f"DELETE FROM {table}"):  # noqa: S608 - tables named in this file
        with pytest.raises(IntegrityError, match="append-only"):
            county.write_now(partial(run, change))


def test_of_several_decisions_on_a_grade_the_last_holds(county: Database) -> None:
    def decide(grade: str) -> None:
        county.write_now(
            lambda uow: grades.decide(
                uow, programme=measure(uow).id, unit=unit_of(uow), grade=grade, reason="研究", by=person_of(uow), at=NOW
            )
        )

    decide("较差")
    decide("一般")

    held = county.read_now(lambda uow: grades.of_programme(uow, measure(uow).id)[unit_of(uow)])
    assert (held.nth, held.grade) == (2, "一般")


def test_an_act_arises_once_and_its_number_is_not_wasted(county: Database) -> None:
    first = county.write_now(lambda uow: put(uow, interview(uow)))
    again = county.write_now(lambda uow: put(uow, interview(uow)))

    assert first is not None
    assert again is None
    assert county.read_now(lambda uow: len(follow_ups.listed(uow, measure(uow).id))) == 1


def test_what_was_dropped_with_its_grade_comes_back_with_it(county: Database) -> None:
    row = county.write_now(lambda uow: put(uow, interview(uow)))
    assert row is not None
    county.write_now(lambda uow: follow_ups.close(uow, row.id, Stage.DROPPED, by=person_of(uow), at=NOW))
    assert county.read_now(lambda uow: follow_ups.listed(uow, measure(uow).id)) == []

    back = county.write_now(lambda uow: put(uow, interview(uow)))

    assert back is not None
    assert (back.number, back.stage, back.closed_by) == (row.number, Stage.OPEN.value, None)


def test_who_is_second_to_tick_off_changes_nothing(county: Database) -> None:
    row = county.write_now(lambda uow: put(uow, interview(uow)))
    assert row is not None

    def close(remark: str) -> bool:
        return county.write_now(
            lambda uow: follow_ups.close(uow, row.id, Stage.DONE, by=person_of(uow), at=NOW, remark=remark)
        )

    assert [close("先"), close("后")] == [True, False]
    closed = county.write_now(lambda uow: follow_ups.by_number(uow, row.number))
    assert closed is not None
    assert closed.remark == "先"


def test_the_report_is_due_a_week_after_the_interview_ended(county: Database) -> None:
    """R38: 1月12日结束, 1月19日 24:00."""

    def job(uow: UnitOfWork) -> FollowUpRow | None:
        (report,) = after_end(with_interviews(measure(uow).rulebook), interview(uow), date(2027, 1, 12))
        return put(uow, report)

    row = county.write_now(job)
    assert row is not None
    assert (row.act, row.due_day, row.awaits_day) == (Act.REPORT.value, date(2027, 1, 19), False)


def test_the_last_word_on_a_recommendation_holds(county: Database) -> None:
    """R23: recommended is not lost; what the department decided is."""

    def job(uow: UnitOfWork) -> list[bool]:
        entry = ledger.entries(uow, scoring.unit_account(measure(uow), unit_of(uow)))[0].id
        for loses in (True, False):
            recommendations.decide(uow, entry=entry, loses=loses, reason="研究", by=person_of(uow), at=NOW)
        return [decision.loses for decision in recommendations.decisions(uow, [entry])]

    assert county.write_now(job) == [True, False]


def test_what_is_prepared_is_no_entry_until_it_is_approved(county: Database) -> None:
    """审定: 核定 alone enters nothing where the measure asks for both."""

    def job(uow: UnitOfWork) -> tuple[int, str, int]:
        programme = measure(uow)
        row = next(row for row in proposals.undecided(uow, programme.id) if row.points is not None)
        account = scoring.unit_account(programme, unit_of(uow))
        before = len(ledger.all_rows(uow))
        approving.prepare(uow, programme, row, by=person_of(uow), now=NOW)
        waiting = proposals.prepared(uow, programme.id)
        assert [one.id for one in waiting] == [row.id]
        assert row.id not in {one.id for one in proposals.undecided(uow, programme.id)}
        with pytest.raises(proposing.NotDecidable):
            approving.prepare(uow, programme, waiting[0], by=person_of(uow), now=NOW)
        middle = len(ledger.all_rows(uow))
        entry = proposing.confirm(uow, INSTALLATION, programme, waiting[0], by=person_of(uow), now=NOW)
        with pytest.raises(proposing.NotDecidable):
            approving.hand_back(uow, proposals.get(uow, row.id), reason="补附")
        assert account.programme == entry.account.programme
        return middle - before, proposals.get(uow, row.id).stage, len(ledger.all_rows(uow)) - middle

    assert county.write_now(job) == (0, "confirmed", 1)


def test_what_is_handed_back_is_decided_anew(county: Database) -> None:
    def job(uow: UnitOfWork) -> tuple[str, int | None, str]:
        programme = measure(uow)
        row = next(row for row in proposals.undecided(uow, programme.id) if row.points is not None)
        approving.prepare(uow, programme, row, by=person_of(uow), now=NOW)
        approving.hand_back(uow, proposals.get(uow, row.id), reason="补附谈话通知")
        again = proposals.get(uow, row.id)
        return again.stage, again.decided_by, again.decision_reason

    assert county.write_now(job) == ("open", None, "补附谈话通知")
