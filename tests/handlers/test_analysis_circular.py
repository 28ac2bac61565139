"""分析通报 and 报落后指标: the office's draft from the reported figures, and what each leader in charge hears."""

from datetime import date
from decimal import Decimal

import pytest

from assessment.analysis import Behind, Group, title_of, written
from assessment.notices import Overview, Refused
from assessment.notices.circulars import CircularAsk, CircularRecorded
from assessment.notices.overview import LagAsk, LagTold
from tests.handlers.desk import CLERK, FOUR_FIGURES, IN_CHARGE, OFFICE, OTHER_IN_CHARGE, Desk


@pytest.mark.parametrize(
    ("today", "title"),
    [
        (date(2010, 10, 8), "第三季度"),
        (date(2010, 7, 5), "上半年"),
        (date(2011, 1, 6), "全年"),
        (date(2010, 6, 9), "第一季度"),
    ],
)
def test_the_part_of_the_year_that_was_last_over(today: date, title: str) -> None:
    assert title_of(today) == title


def test_what_lags_is_held_against_the_time_that_has_passed() -> None:
    """R07"""
    behind = [
        Behind("亩均税收", "县经贸局", Decimal("50.26"), Decimal("75")),
        Behind("能耗", "县经贸局", None, Decimal("75")),
    ]
    text = written("第三季度", [Group("达到满分目标", ("高新占比",))], ("引资额",), behind)

    assert text.splitlines() == [
        "【第三季度分析通报】",
        "列入系统的指标2项，已报1项。",
        "达到满分目标1项：高新占比。",
        "未报1项：引资额。",
        "落后指标（由低到高）：",
        "1. 亩均税收（县经贸局）：完成基本任务的50.26%，时间进度75%，落后24.74个百分点。",
        "2. 能耗（县经贸局）：未达基本任务。",
    ]


def test_the_office_gets_a_draft_and_keeps_it(desk: Desk) -> None:
    """R07"""
    desk.say(CLERK, FOUR_FIGURES)
    asked = desk.answer(OFFICE, "分析通报 第三季度")
    assert isinstance(asked, CircularAsk)
    assert asked.text.startswith("【第三季度分析通报】")
    assert "落后指标" in asked.text
    assert isinstance(desk.answer(OFFICE, "确认"), CircularRecorded)
    assert isinstance(desk.answer(CLERK, "分析通报"), Refused)


def test_each_leader_in_charge_hears_of_the_own_units_only(desk: Desk) -> None:
    """R70: 落后指标报送至县分管领导"""
    desk.say(CLERK, FOUR_FIGURES)
    assert isinstance(desk.answer(OFFICE, "报落后指标"), LagAsk)
    assert isinstance(desk.answer(OFFICE, "确认"), LagTold)

    told = [notice for notice in desk.told(IN_CHARGE) if isinstance(notice, Overview)]
    assert [line.owner for notice in told for line in notice.lagging]
    assert {line.owner for notice in told for line in notice.lagging} == {"县经贸局"}
    assert not [notice for notice in desk.told(OTHER_IN_CHARGE) if isinstance(notice, Overview)]


def test_nothing_lags(desk: Desk) -> None:
    assert desk.answer(OFFICE, "报落后指标") == LagTold()
