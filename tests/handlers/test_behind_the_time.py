"""落后序时进度: said of figures that add up over the year and have a target, in every answer, and of no rate."""

import pytest

from tests.handlers.desk import CLERK, LEADER, OFFICE, WATER_CLERK, Desk, as_read

BEHIND = "落后序时进度12.61个百分点"
"""77.13 of 168.7 is 45.72 %, and seven months are 58.33 % of the year."""


@pytest.fixture
def reported(desk: Desk) -> Desk:
    desk.say(CLERK, "亩均总产值77.13预测155,亩均税收6预测7,能耗1.06预测0.78,高新占比26%预测27%")
    desk.say(WATER_CLERK, "水环境出境断面完成50%,预测50%")
    return desk


@pytest.mark.parametrize(("who", "asked"), [(CLERK, "差距"), (LEADER, "县经贸局得分"), (LEADER, "红黄绿")])
def test_what_adds_up_is_held_against_the_months_that_have_passed(reported: Desk, who: str, asked: str) -> None:
    """R118: 12.61 percentage points behind after seven months, in every answer that tells how an indicator stands."""
    answers = "\n".join(as_read(answer) for answer in reported.say(who, asked))

    assert answers.count(BEHIND) == 1
    assert [line for line in answers.splitlines() if "规上亩均工业总产值" in line and BEHIND in line]


@pytest.mark.parametrize(("who", "asked"), [(WATER_CLERK, "差距"), (LEADER, "县环保局得分"), (OFFICE, "红黄绿")])
def test_a_rate_has_no_time_progress(reported: Desk, who: str, asked: str) -> None:
    """R118: half of 70 % in July is no 落后序时进度, however far a rate is from its target."""
    answers = "\n".join(as_read(answer) for answer in reported.say(who, asked))
    rates = [line for line in answers.splitlines() if "水环境出境断面指标率" in line]

    assert rates
    assert not [line for line in rates if "落后序时进度" in line or "超序时进度" in line]


def test_who_is_ahead_of_the_time_is_not_called_behind(reported: Desk) -> None:
    """R118: 6 of 7.56 are 79.37 %, which is more than seven months."""
    assert as_read(reported.answer(CLERK, "差距")).count("序时进度") == 1
    assert "超序时进度21.03个百分点" in as_read(reported.answer(LEADER, "县经贸局得分"))
