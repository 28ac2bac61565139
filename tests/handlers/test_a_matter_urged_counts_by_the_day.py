"""“工作计划或办理结果经催报后仍未报的,每延迟1天扣1分”: what came of a matter counts by the day, like a plan (R11)."""

from decimal import Decimal

from sqlmodel import select

from storage.proposals import ProposalRow, Stage
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import MATTER, OFFICE, WATER_CLERK, Desk

CLAUSE = "P4-2"


def urged(desk: Desk) -> None:
    """A matter due on 6 August, urged on 9 August at 9 and not done."""
    desk.say(OFFICE, MATTER)
    desk.say(OFFICE, "确认")
    for day in (5, 6, 7, 8, 9):
        desk.wind(8, day, 10)
        desk.deliver()


def counted(desk: Desk) -> list[tuple[str, Decimal | None]]:
    """Stage and value of what is counted."""

    def read(uow: UnitOfWork) -> list[ProposalRow]:
        return list(uow.rows(select(ProposalRow).where(ProposalRow.clause == CLAUSE)))

    return [(row.stage, row.points) for row in desk.database.read_now(read)]


def test_it_grows_day_by_day_and_stands_still_at_the_report(desk: Desk) -> None:
    urged(desk)
    desk.wind(8, 11, 10)
    ((stage, grown),) = counted(desk)
    assert stage == Stage.RUNNING.value

    desk.wind(8, 12, 10)
    ((_, next_day),) = counted(desk)
    assert grown is not None
    assert next_day == grown - 1

    desk.say(WATER_CLERK, "办结 方案已报送")
    desk.say(WATER_CLERK, "确认")
    desk.settle()
    desk.wind(8, 16, 10)
    assert counted(desk) == [(Stage.OPEN.value, next_day)]


def test_the_unit_loses_for_the_matter_what_it_always_lost(desk: Desk) -> None:
    """R24: the count is the person's, the two points are the unit's."""
    urged(desk)
    desk.wind(8, 12, 10)

    lines = desk.score("县环保局").lines
    assert [(line.source.clause, line.points) for line in lines] == [("U2b", Decimal(-2))]
