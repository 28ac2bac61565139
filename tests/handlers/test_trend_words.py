"""走势: the course of indicators, asked by command or in passing, with the rights of 得分."""

from decimal import Decimal

import pytest

from assessment.notices import Course, CoursePoint, Refused, Trend
from tests.handlers.desk import (
    CLERK,
    FOUR_FIGURES,
    HEAD,
    IN_CHARGE,
    LEADER,
    OFFICE,
    WATER_CLERK,
    Desk,
    as_read,
)


def points(course: Course) -> dict[str, CoursePoint]:
    return {point.period: point for point in course.points}


@pytest.mark.parametrize("who", [CLERK, HEAD])
@pytest.mark.parametrize("word", ["走势", "趋势"])
def test_the_own_unit(desk: Desk, who: str, word: str) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    trend = desk.answer(who, word)

    assert isinstance(trend, Trend)
    course = next(course for course in trend.courses if course.name == "规上亩均工业总产值")
    assert points(course)["2010-07"].actual == Decimal(85)
    assert points(course)["2010-07"].forecast == Decimal(155)
    assert "1—7月完成85万元/亩，全年预测155万元/亩；" in as_read(trend)


def test_a_month_that_was_owed_is_unreported_and_never_nought(desk: Desk) -> None:
    """R103: 1—7月未报, and nowhere 完成0."""
    desk.wind(8, 9, 9)
    trend = desk.answer(CLERK, "走势")

    july = [points(course)["2010-07"] for course in trend.courses]
    assert all(point.missing for point in july)
    assert "1—7月未报" in as_read(trend)
    assert "完成0" not in as_read(trend)
    assert trend.pictured is None


def test_before_the_due_day_nothing_is_said_of_a_month(desk: Desk) -> None:
    assert "未报" not in as_read(desk.answer(CLERK, "走势"))


def test_the_forecast_goes_with_the_newest_figure_only(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    desk.wind(9, 3, 9)
    desk.say(CLERK, "亩均总产值95预测160")
    course = desk.answer(CLERK, "走势 规上亩均工业总产值").courses[0]

    assert (points(course)["2010-07"].actual, points(course)["2010-07"].forecast) == (Decimal(85), None)
    assert (points(course)["2010-08"].actual, points(course)["2010-08"].forecast) == (Decimal(95), Decimal(160))


def test_the_indicator_that_lags_most_is_pictured(desk: Desk) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    trend = desk.answer(CLERK, "走势")

    assert trend.pictured is not None
    assert trend.courses[trend.pictured].name == "规上亩均税收"


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (CLERK, "走势 亩均总产值"),
        (CLERK, "走势 规上亩均工业总产值"),
        (LEADER, "走势 县经贸局 亩均总产值"),
        (OFFICE, "经贸局亩均总产值走势怎么样？"),
    ],
)
def test_only_the_indicator_that_was_named(desk: Desk, who: str, asked: str) -> None:
    desk.say(CLERK, FOUR_FIGURES)
    trend = desk.answer(who, asked)

    assert isinstance(trend, Trend)
    assert [course.name for course in trend.courses] == ["规上亩均工业总产值"]
    assert trend.pictured == 0


@pytest.mark.parametrize("text", ["走势 {}", "{}走势", "{}趋势如何", "走势 {} 亩均总产值"])
@pytest.mark.parametrize(
    ("who", "unit", "seen"),
    [
        (LEADER, "环保局", True),
        (OFFICE, "环保局", True),
        (WATER_CLERK, "环保局", True),
        (IN_CHARGE, "环保局", False),
        (CLERK, "环保局", False),
    ],
)
def test_who_sees_whose_course(desk: Desk, who: str, unit: str, seen: bool, text: str) -> None:
    answers = desk.say(who, text.format(unit))

    assert all(isinstance(answer, Trend if seen else Refused) for answer in answers)
    assert desk.audited()[0].allowed is seen


def test_an_unknown_unit_sounds_like_a_forbidden_one(desk: Desk) -> None:
    assert desk.say(CLERK, "走势 县海事局") == [Refused()]


def test_an_unknown_unit_is_none_also_beside_an_indicator(desk: Desk) -> None:
    assert desk.say(CLERK, "走势 县海事局 亩均总产值") == [Refused()]


def test_an_indicator_of_another_unit(desk: Desk) -> None:
    assert as_read(desk.answer(LEADER, "走势 县环保局 亩均总产值")) == "县环保局没有可查走势的指标。"
