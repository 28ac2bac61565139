"""Several replicas on PostgreSQL: what arrives in the same moment is neither lost nor undone."""

import asyncio
from collections.abc import Iterator
from itertools import count

import pytest
from sqlmodel import select

from assessment.obligation import State
from bot.county import County
from storage.obligations import ObligationRow
from tests.conftest import PostgresServer
from tests.stories.conftest import CLERK, OpenCounty, assert_books_are_sound, at

pytestmark = pytest.mark.postgres

ANALYST, SIGNER, ENVIRONMENT = "fagai-lin", "fagai-du", "huanbao-wang"
FIGURES = ("能耗1.06预测0.78", "亩均总产值85万预测155", "亩均税收3.8万预测7万", "高新占比25%预测26%")
_number = count(1)


@pytest.fixture
def postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database of its own."""
    name = f"at_once_{next(_number)}"
    yield postgres_server.create(name)
    postgres_server.drop(name)


async def at_once(box: County, *said: tuple[str, str]) -> None:
    """Everybody speaks in the same moment."""
    await asyncio.gather(*(box.messenger.say(who, text) for who, text in said))
    await box.service.settle()


async def the_only(box: County, title: str) -> ObligationRow:
    """The one obligation whose title holds these words."""
    rows = await box.database.read(lambda uow: uow.rows(select(ObligationRow)))
    return next(row for row in rows if title in row.title)


async def test_four_figures_in_four_messages_are_one_complete_report(open_county: OpenCounty, postgres: str) -> None:
    """R97: Each message is incomplete for itself; the last one to be stored completes the report, whichever it is."""
    async with open_county(8, 4, 9, 30, units=("县经贸局",), database_url=postgres) as box:
        await at_once(box, *((CLERK, text) for text in FIGURES))

        assert (await the_only(box, "进展情况")).state == State.MET
        assert sum("应报4项已报齐" in text for text in box.told(CLERK)) == 1
        await assert_books_are_sound(box)


async def test_a_signature_beside_an_amendment_is_not_undone(open_county: OpenCounty, postgres: str) -> None:
    """Whichever comes first: the first stamp stands, and what the signer has not seen is asked for again."""
    async with open_county(8, 4, 9, 30, units=("县发改局",), database_url=postgres) as box:
        await box.say(ANALYST, "运行分析\n工作落实情况：甲\n存在问题：乙\n下一步措施：丙")

        await at_once(box, (SIGNER, "签发"), (ANALYST, "存在问题：乙二"))

        row = await the_only(box, "运行分析")
        assert row.reported_at == at(8, 4, 9, 30)
        assert "已签发" in "".join(box.told(SIGNER))
        if row.state == State.UNSIGNED:
            assert "乙二" in box.last(SIGNER)
        else:
            assert row.state == State.REVIEW


async def test_an_urging_beside_a_partial_report_is_remembered(open_county: OpenCounty, postgres: str) -> None:
    """Delivered while a part of the report is being stored: that it was urged is not overwritten."""
    async with open_county(8, 4, 9, 30, units=("县环保局",), database_url=postgres) as box:
        box.clock.wind_to(at(8, 6, 9))
        await box.service.open_periods()
        await box.service.climb_ladders()

        reports = ("水环境50%预测50%", "COD削减率3%预测5%")
        await asyncio.gather(box.service.deliver(), *(box.messenger.say(ENVIRONMENT, text) for text in reports))
        await box.service.settle()

        assert "催报" in "".join(box.told(ENVIRONMENT))
        assert (await the_only(box, "进展情况")).urged_at == at(8, 6, 9)


async def test_two_doubts_at_once_leave_one_question(open_county: OpenCounty, postgres: str) -> None:
    """Two messages that both have to be asked back: both are answered, the later question is the open one."""
    async with open_county(8, 4, 9, 30, units=("县环保局",), database_url=postgres) as box:
        await at_once(box, (ENVIRONMENT, "水环境50"), (ENVIRONMENT, "COD 12"))

        asked = [text for text in box.told(ENVIRONMENT) if "有1处请核" in text]
        assert len(asked) == 2
        assert sum("此前所问的不再等候答复" in text for text in asked) == 1
        await box.say(ENVIRONMENT, "确认")
        assert "已收" in box.last(ENVIRONMENT)
