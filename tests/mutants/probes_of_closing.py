"""What closing a year promises, as test bodies: not before its reports are due, and nothing comes of it afterwards."""

from sqlmodel import select

from assessment.notices.closing import CloseRefused
from storage import closings, obligations, programmes
from storage.programmes import Programme
from storage.proposals import ProposalRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import OFFICE, PLAN_CLERK, Desk

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
