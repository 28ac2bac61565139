"""What closing a year promises, as test bodies: not before its reports are due, and nothing comes of it afterwards."""

from datetime import date

from sqlmodel import select

from assessment.consequences import DueAct
from assessment.ledger import AccountKey
from assessment.notices.closing import CloseAsk, CloseRefused
from assessment.obligation import Kind, State
from assessment.rulebook import Subject
from assessment.year_rules import Act
from storage import awards, closings, falling_away, follow_ups, following, obligations, programmes
from storage.follow_ups import FollowUpRow
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.suggestions import SuggestionRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import OFFICE, OFFICE_TWO, PLAN_CLERK, WATER_CLERK, Desk, entered_deduction

_LATE = "代录 县信访局 8月9日8:00 电话 8月工作计划：抓好信访工作"


def what_falls_due_in_january_keeps_the_year_open(desk: Desk) -> None:
    for programme in _running(desk):
        assert isinstance(desk.answer(OFFICE, f"关账 {programme.rulebook.name}"), CloseRefused)


def nobody_reports_for_a_closed_year(desk: Desk) -> None:
    _close_all(desk)

    desk.say(PLAN_CLERK, "8月工作计划：抓好信访工作")

    assert not any(row.reported_at for row in _rows(desk))


def what_the_office_enters_late_costs_nothing(desk: Desk) -> None:
    _close_all(desk)
    desk.clock.wind_to(desk.clock.now().replace(day=9, hour=10))
    desk.say(OFFICE, _LATE)
    desk.say(OFFICE, "确认")

    assert any(row.reported_at for row in _rows(desk))
    assert desk.database.read_now(lambda uow: uow.rows(select(ProposalRow))) == []


def an_unanswered_appeal_keeps_the_year_open(desk: Desk) -> None:
    entry = entered_deduction(desk)
    programme = next(one for one in _running(desk) if one.rulebook.matter_ladder is not None)
    desk.say(WATER_CLERK, f"申诉 {entry} 会签单显示已送达")
    desk.clock.wind_to(desk.clock.now().replace(year=2011, month=2, day=14))

    refused = desk.answer(OFFICE, f"关账 {programme.rulebook.name}")

    assert isinstance(refused, CloseRefused)
    assert len(refused.appeals) == 1


def nothing_is_closed_that_was_not_shown(desk: Desk) -> None:
    programme = next(one for one in _running(desk) if one.rulebook.matter_ladder is not None)
    desk.clock.wind_to(desk.clock.now().replace(year=2011, month=2, day=14))
    assert isinstance(desk.answer(OFFICE, f"关账 {programme.rulebook.name}"), CloseAsk)
    desk.say(WATER_CLERK, f"建议修改 {programme.rulebook.name} 第4条 分值应写明")

    desk.say(OFFICE, "确认")

    assert desk.database.read_now(programmes.closed) == []


def a_suggestion_is_decided_once(desk: Desk) -> None:
    programme = _running(desk)[0].rulebook.name
    number = desk.answer(WATER_CLERK, f"建议修改 {programme} 第4条 分值应写明").number
    desk.say(OFFICE, f"采纳 {number}")
    desk.say(OFFICE_TWO, f"不采纳 {number} 已有规定")
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, "确认")

    rows = desk.database.read_now(lambda uow: uow.rows(select(SuggestionRow)))
    assert [row.stage for row in rows] == ["adopted"]


def what_falls_with_its_cause_is_owed_no_longer(desk: Desk) -> None:
    row = _asked(desk, date(2010, 8, 20))
    _let_fall(desk, row)

    assert [(one.state, one.look_at) for one in _written(desk)] == [(State.WAIVED.value, None)]


def what_comes_back_has_its_days_from_then(desk: Desk) -> None:
    row = _asked(desk, date(2010, 8, 20))
    _let_fall(desk, row)
    again = _asked(desk, date(2010, 9, 20), ask=False)

    assert (again.number, again.due_day) == (row.number, date(2010, 9, 20))


def who_is_not_told_is_asked_for_nothing(desk: Desk) -> None:
    assert _asked(desk, date(2010, 8, 20), ask=False).awaits_day
    assert _written(desk) == []


def an_award_taken_back_is_no_award(desk: Desk) -> None:
    programme, by, at = _running(desk)[0].id, desk.person(OFFICE), desk.clock.now()

    def job(uow: UnitOfWork) -> list[str]:
        awards.give(uow, programme=programme, award="先进", winners=["甲镇", "乙镇"], by=by, at=at)
        first = awards.of_programme(uow, programme)[0]
        awards.take_back(uow, first.id, reason="重新评议", by=by, at=at)
        return [row.winner for row in awards.of_programme(uow, programme)]

    assert desk.database.write_now(job) == ["乙镇"]


def _asked(desk: Desk, day: date, *, ask: bool = True) -> FollowUpRow:
    """A written report that follows, and is due on that day."""
    programme, unit = _running(desk)[0], desk.unit("县信访局").id
    due = DueAct(
        key="consequence/unit/report",
        account=AccountKey(programme.code, Subject.UNIT, unit),
        year=2010,
        act=Act.REPORT,
        name="书面报告",
        cite="三",
        consequence=None,
        counted_from=date(2010, 8, 4),
        due_day=day,
    )
    now = desk.clock.now()
    (row,) = desk.database.write_now(
        lambda uow: following.open_all(uow, desk.installation, programme, [due], because="等次", now=now, ask=ask)
    )
    return row


def _let_fall(desk: Desk, row: FollowUpRow) -> None:
    by, now, programme = desk.person(OFFICE), desk.clock.now(), _running(desk)[0]

    def job(uow: UnitOfWork) -> None:
        known = follow_ups.by_number(uow, row.number)
        assert known is not None
        falling_away.let_fall(uow, desk.installation, programme, known, by=by, now=now, why="等次已重新评定")

    desk.database.write_now(job)


def _written(desk: Desk) -> list[obligations.ObligationRow]:
    return [row for row in _rows(desk) if row.kind == Kind.WRITTEN.value]


def _close_all(desk: Desk) -> None:
    by, at = desk.person(OFFICE), desk.clock.now()

    def close(uow: UnitOfWork) -> None:
        for programme in programmes.running(uow):
            closings.close(uow, programme.id, by=by, at=at)
            for row in obligations.of_programme(uow, programme.id):
                closings.rest(uow, row, at)

    desk.database.write_now(close)


def _running(desk: Desk) -> list[Programme]:
    return desk.database.read_now(programmes.running)


def _rows(desk: Desk) -> list[obligations.ObligationRow]:
    holder = desk.unit("县信访局").id
    return list(desk.database.read_now(lambda uow: obligations.of_unit(uow, holder, closed=True)))
