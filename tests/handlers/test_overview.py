"""红黄绿: all indicators at one look."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from assessment.figures import Band
from assessment.notices import Overview, Refused
from tests.handlers.desk import CLERK, IN_CHARGE, LEADER, OFFICE, WATER_CLERK, Desk

CLAIMS = "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测27%"
WATER = "水环境出境断面完成50%,预测50%"


@pytest.fixture
def reported(desk: Desk) -> Iterator[Desk]:
    desk.answer(CLERK, CLAIMS)
    desk.answer(WATER_CLERK, WATER)
    return desk


@pytest.mark.parametrize("asked", ["红黄绿", "全县36项怎么样", "全县怎么样", "各项指标进展如何?"])
def test_a_leader_sees_the_lagging_ones_worst_first(reported: Desk, asked: str) -> None:
    told = reported.answer(LEADER, asked)

    assert isinstance(told, Overview)
    assert [(line.name, line.share) for line in told.lagging] == [
        ("规上亩均税收", Decimal("50.26")),
        ("规上亩均工业总产值", Decimal("50.39")),
        ("水环境出境断面指标率", Decimal("71.43")),
    ]


def test_what_the_source_says_is_quoted_beside_what_is_entered(reported: Desk) -> None:
    told = reported.answer(OFFICE, "红黄绿")

    assert isinstance(told, Overview)
    assert "10项连基本分也得不到" in told.said[0].text
    assert told.said[0].cite == "二,第一"


def test_every_indicator_stands_in_one_place_and_what_is_missing_is_not_red(reported: Desk) -> None:
    told = reported.answer(LEADER, "红黄绿")

    assert isinstance(told, Overview)
    bands = {line.band: line.names for line in told.bands}
    everything = [name for names in bands.values() for name in names] + list(told.unreported)
    assert len(everything) == len(set(everything))
    assert set(bands[Band.BELOW_BASE]) == {"规上亩均工业总产值", "规上亩均税收", "水环境出境断面指标率"}
    assert "万元工业增加值能耗" in bands[None], "its 基本任务 is not entered, so nobody can say"
    assert "外贸自营出口" in told.unreported


def test_a_leader_in_charge_sees_the_own_units_only(reported: Desk) -> None:
    told = reported.answer(IN_CHARGE, "红黄绿")

    assert isinstance(told, Overview)
    assert told.scope == "分管单位"
    assert "水环境出境断面指标率" not in [line.name for line in told.lagging]


def test_a_clerk_is_refused(reported: Desk) -> None:
    assert isinstance(reported.answer(CLERK, "红黄绿"), Refused)
    assert not isinstance(reported.answer(CLERK, "全县36项怎么样"), Overview)
