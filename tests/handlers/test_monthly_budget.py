"""The office hears of a budget that runs out: at each level once a month, and ahead of it where the pace says so."""

from datetime import UTC, datetime

import pytest
from sqlmodel import select

from assessment.notices import BudgetAlarm
from bot.county import CHANNEL, ZONE
from schedules import budget
from schedules.budget import Budget, runs_out_at
from storage.ids import new_id
from storage.outbox import AttemptRow, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import Desk

OFFICE, ADMINISTRATOR, CLERK = "ducha-chen", "ducha-wu", "jingmao-li"
BUDGETS = {CHANNEL: Budget("dingtalk", 1000)}


def spend(desk: Desk, calls: int, day: int, month: int = 8) -> None:
    """So many calls were made that day, for a message that was sent long ago."""
    desk.say(CLERK, "我的任务")

    def job(uow: UnitOfWork) -> None:
        message = uow.rows(select(OutboxRow))[0].id
        at = datetime(2010, month, day, 10, tzinfo=ZONE)
        number = len(uow.rows(select(AttemptRow))) + 1000
        uow.insert(AttemptRow, id=new_id(), outbox=message, n=number, started_at=at, channel=CHANNEL, calls=calls)

    desk.database.write_now(job)


def look(desk: Desk, day: int, month: int = 8) -> int:
    now = datetime(2010, month, day, 12, tzinfo=ZONE)
    return desk.database.write_now(lambda uow: budget.sweep(uow, desk.installation, BUDGETS, now))


def alarms(desk: Desk, who: str) -> list[BudgetAlarm]:
    return [notice for notice in desk.told(who) if isinstance(notice, BudgetAlarm)]


def test_enough_is_no_news(desk: Desk) -> None:
    spend(desk, 100, 4)

    assert look(desk, 20) == 0


@pytest.mark.parametrize(("used", "told"), [(599, 0), (600, 2)])
def test_a_level_is_told_to_office_and_administrator(desk: Desk, used: int, told: int) -> None:
    """On the 31st: so late no pace reaches the end of the month."""
    spend(desk, used, 4)

    assert look(desk, 31) == told
    assert len(alarms(desk, OFFICE)) == len(alarms(desk, ADMINISTRATOR)) == told // 2
    assert not alarms(desk, CLERK)


def test_each_level_once(desk: Desk) -> None:
    spend(desk, 610, 4)
    look(desk, 30)
    look(desk, 31)
    spend(desk, 200, 30)
    look(desk, 31)

    assert [(one.used, one.budget) for one in alarms(desk, OFFICE)] == [(610, 1000), (810, 1000)]


def test_foreseen_before_any_level(desk: Desk) -> None:
    """450 in ten days: the month would take 1,395."""
    spend(desk, 450, 9)
    look(desk, 10)
    (told,) = alarms(desk, OFFICE)

    assert told.runs_out is not None
    assert told.runs_out.astimezone(ZONE).day == 22


def test_the_first_days_show_no_pace(desk: Desk) -> None:
    spend(desk, 300, 2)

    assert look(desk, 3) == 0


def test_a_new_month_begins_at_nothing(desk: Desk) -> None:
    spend(desk, 990, 31, 7)

    assert look(desk, 1) == 0


def test_the_pace() -> None:
    start, now = datetime(2010, 8, 1, tzinfo=UTC), datetime(2010, 8, 11, tzinfo=UTC)

    assert runs_out_at(500, 1000, start, now) == datetime(2010, 8, 21, tzinfo=UTC)
    assert runs_out_at(0, 1000, start, now) is None
