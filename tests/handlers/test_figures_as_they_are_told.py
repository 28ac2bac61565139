"""Figures as clerks type them, and what they and the office are told of them: targets, gaps, progress, doubts."""

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import ReportAnswered
from storage.database import Database
from tests.handlers.desk import CLERK, FOUR_FIGURES, START, Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county

POLICE = "gongan-xu"
TRADE = "waijing-zhu"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three departments of the county and its indicators."""
    path = tmp_path_factory.mktemp("figures") / "county.db"
    roster = some_of_the_county("县经贸局", "县公安局", "县外经贸局")
    with desk_under(shipped("sanmen-2010.yaml"), roster, sqlite_template, path, START, date(2010, 8, 1)):
        return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def told(desk: Desk, question: str, who: str = CLERK) -> str:
    """What somebody is answered."""
    return as_read(desk.answer(who, question))


def line_on(shown: str, indicator: str) -> str:
    """The line of an answer that is about this indicator."""
    (line,) = (line for line in shown.splitlines() if line.startswith(f"{indicator}："))
    return line


def test_what_is_lacking_to_the_base_and_to_full_marks_by_both_figures(desk: Desk) -> None:
    """R65, R67: 完成85 and 预测155 are two figures, each with its gap to 168.7 and to 202.44."""
    desk.say(CLERK, FOUR_FIGURES)

    assert line_on(told(desk, "差距"), "规上亩均工业总产值") == (
        "规上亩均工业总产值：按已完成计85万元/亩，距基本任务168.7差83.7，距满分202.44差117.44；"
        "按全年预测计155万元/亩，距基本任务168.7差13.7，距满分202.44差47.44；落后序时进度7.95个百分点。"
    )


def test_where_less_is_better_the_gap_is_how_much_it_is_too_high(desk: Desk) -> None:
    """R66: 能耗 0.78 misses 0.7322 by 0.0478; with 0.73 nothing is lacking."""
    desk.say(CLERK, FOUR_FIGURES)
    assert "按全年预测计0.78吨标准煤/万元，距满分0.7322差0.0478" in told(desk, "差距")

    desk.say(CLERK, "更正 能耗1.06预测0.73")
    assert "按全年预测计0.73吨标准煤/万元，达到满分0.7322" in told(desk, "差距")


def test_a_forecast_below_what_is_done_is_asked_about_and_may_stand(desk: Desk) -> None:
    """R68: a question, no refusal; once confirmed 预测25% stands beside 完成26%."""
    asked = desk.answer(CLERK, "高新占比26%预测25%")
    assert "预测25%低于已完成26%，请核" in as_read(asked)
    assert asked.lines == ()

    confirmed = desk.answer(CLERK, "确认")
    assert isinstance(confirmed, ReportAnswered)
    assert [(line.actual, line.forecast) for line in confirmed.lines] == [(Decimal(26), Decimal(25))]


def test_shares_are_in_percent_their_differences_in_percentage_points(desk: Desk) -> None:
    """R75: 破案率 misses 98% by 43 points; what is done is held against seven months of twelve."""
    desk.say(POLICE, "破案率54.63%预测55%")
    assert "按全年预测计55%，距满分98%差43个百分点" in told(desk, "差距", POLICE)

    desk.say(CLERK, FOUR_FIGURES)
    score = told(desk, "得分")
    output = line_on(score, "规上亩均工业总产值")
    assert "按已完成计85万元/亩，为基本任务的50.39%" in output
    assert "落后序时进度7.95个百分点" in output, "7÷12 is 58.33%"
    assert "序时进度不适用（比率指标）" in line_on(score, "高新技术产业总产值占比")


@pytest.mark.parametrize(
    ("who", "said", "read"),
    [
        (CLERK, "亩均总产值８５万", "规上亩均工业总产值 完成85万元/亩"),
        (TRADE, "出口额38000万美元", "外贸自营出口 完成3.8亿美元"),
        (POLICE, "破案率百分之五十四点六三", "刑事案件破案率 完成54.63%"),
        (POLICE, "破按率54.63%", "刑事案件破案率（您写“破按率”）完成54.63%"),
    ],
)
def test_as_people_type_it_is_taken_and_said_back(desk: Desk, who: str, said: str, read: str) -> None:
    """R95: full-width digits, 万 and 亿, numerals and a slip of the hand, where one own indicator fits."""
    answer = desk.answer(who, said)

    assert f"1. {read}" in as_read(answer)
    assert (len(answer.lines), answer.doubts) == (1, ())


@pytest.mark.parametrize(
    ("who", "said", "asked"),
    [
        (CLERK, "亩均总产值85亿元", "您报85亿元，目标值为168.7万元/亩，相差较大，是否为85万元/亩？"),
        (CLERK, "亩均总产值85%", "规上亩均工业总产值"),
        (TRADE, "出口额4.2亿元", "外贸自营出口"),
        (POLICE, "破按率5463%", "刑事案件破案率"),
    ],
)
def test_what_cannot_be_meant_is_asked_about_and_not_stored(desk: Desk, who: str, said: str, asked: str) -> None:
    """R95, R96: a wrong magnitude, a wrong dimension, another currency, a slip with a value beyond belief."""
    answer = desk.answer(who, said)

    assert isinstance(answer, ReportAnswered)
    assert (len(answer.doubts), answer.lines, answer.reported) == (1, (), 0)
    assert asked in as_read(answer)
    assert all(row.reported_at is None for name in ("县经贸局", "县公安局", "县外经贸局") for row in desk.rows(name))


def test_of_several_in_one_message_the_clear_ones_are_taken(desk: Desk) -> None:
    """R94: three are stored at once, the fourth is asked about by its number."""
    answer = desk.answer(CLERK, "亩均总产值85预测155,亩均税收3.8预测7,能耗1.06预测0.78,高新占比26%预测25%")

    assert [line.number for line in answer.lines] == [1, 2, 3]
    assert [doubt.number for doubt in answer.doubts] == [4]
    assert (answer.reported, answer.required) == (3, 4)


def test_what_nobody_reported_is_called_unreported_and_is_no_nought(desk: Desk) -> None:
    """R103: 未报 by name in 差距 and 得分, without a value and without a gap."""
    desk.say(CLERK, "亩均税收3.8预测7")

    for question in ("差距", "得分"):
        shown = told(desk, question)
        assert "未报：万元工业增加值能耗、规上亩均工业总产值、高新技术产业总产值占比。" in shown
        assert "规上亩均工业总产值：" not in shown
