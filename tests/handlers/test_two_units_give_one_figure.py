"""数出: a second unit gives its figure for an indicator that another one leads, and the office rules which is used."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

import pytest

from assessment.notices import ReportAnswered
from assessment.notices.judging import FiguresDiffer, SettleAsk
from bot.county import ZONE
from tests.handlers.desk import CLERK, OFFICE, Desk, as_read
from tests.handlers.one_measure import Under, shipped, some_of_the_county, unit

STATISTICS = "tongji"
OUTPUT = "规上亩均工业总产值"
MEASURE = (
    "    依据: 二,第三\n    说明: 规模以上企业亩均",
    "    数出: 县统计局\n    依据: 二,第三\n    说明: 规模以上企业亩均",
)


@pytest.fixture
def desk(under: Under) -> Iterator[Desk]:
    roster = some_of_the_county("县经贸局") + unit("县统计局", "县直部门", 填报人=STATISTICS)
    with under(shipped("sanmen-2010.yaml", MEASURE), roster, datetime(2010, 8, 4, 9, tzinfo=ZONE)) as opened:
        yield opened


def differing(desk: Desk) -> list[FiguresDiffer]:
    return [notice for notice in desk.told(OFFICE) if isinstance(notice, FiguresDiffer)]


def ask_to_settle(desk: Desk) -> str:
    asked = desk.answer(OFFICE, "结算")
    assert isinstance(asked, SettleAsk)
    return as_read(asked)


def test_the_unit_that_publishes_a_figure_is_asked_for_it(desk: Desk) -> None:
    """R72: the same indicator in the same unit of measure; it need not foresee the year, and owes nothing else."""
    (row,) = desk.rows("县统计局", "进展情况")
    answer = desk.answer(STATISTICS, "亩均总产值172")

    assert isinstance(answer, ReportAnswered)
    assert (answer.complete, answer.required, answer.title) == (True, 1, row.title)


def test_the_office_hears_of_the_difference_once_with_both_figures(desk: Desk) -> None:
    """R72: found when the second figure arrives, whoever sends it; said again only when a figure changes."""
    desk.say(STATISTICS, "亩均总产值172")
    assert not differing(desk)
    desk.say(CLERK, "亩均总产值155预测180")
    desk.say(CLERK, "亩均税收3.8预测7")

    (told,) = differing(desk)
    assert (told.lead, told.led, told.publisher, told.published) == ("县经贸局", Decimal(155), "县统计局", Decimal(172))
    assert "县经贸局155，县统计局172（万元/亩）。" in as_read(told)
    assert "采用 三门县 规上亩均工业总产值 数值 理由" in as_read(told)

    desk.say(CLERK, "更正 亩均总产值160")
    assert [str(one.led) for one in differing(desk)] == ["155", "160"]


def test_neither_figure_counts_until_the_office_rules_and_both_are_kept(desk: Desk) -> None:
    """R72, R84: the settlement names both and takes neither; 采用 takes one, and what was reported stays."""
    desk.say(CLERK, "亩均总产值155预测180")
    desk.say(STATISTICS, "亩均总产值172")
    waiting = f"三门县，{OUTPUT}，数据不一致，请核：县经贸局155，县统计局172"
    assert waiting in ask_to_settle(desk)

    desk.say(STATISTICS, f"采用 三门县 {OUTPUT} 172 统计口径")
    desk.say(STATISTICS, "确认")
    assert waiting in ask_to_settle(desk), "only the office rules"

    own = as_read(desk.answer(CLERK, "差距"))
    assert "与县统计局的数不一致" in own
    assert "172" not in own, "the other unit's figure is for the office"

    asked = as_read(desk.answer(OFFICE, f"采用 三门县 {OUTPUT} 172 统计口径"))
    assert "上报155，核实172，差17" in asked
    desk.say(OFFICE, "确认")

    after = ask_to_settle(desk)
    assert waiting not in after
    assert f"三门县，{OUTPUT}：拟加" in after
    own = as_read(desk.answer(CLERK, "差距"))
    assert "按已完成计155" in own
    assert "不一致" not in own


def test_two_that_agree_are_no_matter_for_the_office(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值172预测180")
    desk.say(STATISTICS, "亩均总产值172.0")

    assert not differing(desk)
    assert f"三门县，{OUTPUT}：拟加" in ask_to_settle(desk)


def test_a_ruling_ends_with_a_new_difference_and_with_the_next_period(desk: Desk) -> None:
    """R72: July's ruling is none on August; where both agree again, what they report counts."""
    desk.say(CLERK, "亩均总产值155预测180")
    desk.say(STATISTICS, "亩均总产值172")
    desk.say(OFFICE, f"采用 三门县 {OUTPUT} 172 统计口径")
    desk.say(OFFICE, "确认")
    desk.pass_minutes(5)
    desk.say(STATISTICS, "更正 亩均总产值173")
    assert "县经贸局155，县统计局173" in ask_to_settle(desk)

    desk.wind(9, 1, 9)
    desk.say(CLERK, "1-8月 亩均总产值175预测180")
    desk.say(STATISTICS, "1-8月 亩均总产值175")
    assert len(differing(desk)) == 2
    assert f"三门县，{OUTPUT}：拟加" in ask_to_settle(desk)
    desk.say(OFFICE, "确认")
    assert "175" in as_read(desk.answer(OFFICE, f"核实 三门县 {OUTPUT} 174 抽查"))


def test_what_comes_by_telephone_is_compared_all_the_same(desk: Desk) -> None:
    desk.say(CLERK, "亩均总产值155预测180")
    desk.say(OFFICE, "代录 县统计局 8月4日8:30 电话 亩均总产值172")
    desk.say(OFFICE, "确认")
    desk.say(STATISTICS, "更正 亩均总产值171")

    assert [one.published for one in differing(desk)][-1] == Decimal(171)
