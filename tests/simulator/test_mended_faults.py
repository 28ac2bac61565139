"""Faults that the sequences brought to light, each reduced to a few lines. What is mended stays here as a test."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.simulator.model import ANALYSIS, FIGURES, PLAN
from tests.simulator.rulebooks import SEASONS, ZONE
from tests.simulator.world import Fate, Template, World

FULL = "植树面积30亩预测110亩,道路完好率86%"
HOLIDAYS = SEASONS[2]


@pytest.fixture
def world(memory_folder: Path) -> Iterator[World]:
    with Template(memory_folder).world(SEASONS[0]) as opened:
        yield opened


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day, hour, minute, tzinfo=ZONE)


def state(world: World, duty: str) -> str:
    return world.rows()[world.obligations[world.units()[0], duty]].state


def number(world: World, duty: str) -> str:
    return world.number(world.obligations[world.units()[0], duty])


def leaving(world: World) -> list[str]:
    return [flying.row.notice["kind"] for flying in world.claim()]


def test_what_may_have_been_shown_is_not_sent_again_once_its_key_is_forgotten(world: World) -> None:
    """The answer is lost, the service is down for a day: sent again it would be seen twice."""
    world.say("clerk-0", "帮助")
    [flying] = world.claim()
    world.answer(flying, Fate.LOSE_ANSWER)
    world.write_down(flying)
    world.clock.wind_to(at(4, 9))

    world.drain()

    assert world.platform.faults == []
    assert [row.status for row in world.outbox()] == ["unknown"]


def test_what_a_dead_sender_may_have_sent_is_sent_again_in_the_same_words(world: World) -> None:
    """Two of three are reported between the sending and the restart: the message has left, its words stand."""
    world.clock.wind_to(at(6, 9))
    world.sweep()
    for flying in world.claim():
        world.answer(flying, Fate.LOSE_ANSWER)
    world.say("clerk-0", "工作计划:抓好造林")
    world.recover()

    world.drain()

    assert world.platform.faults == []


def test_only_what_an_urging_names_counts_as_urged(world: World) -> None:
    """The analysis came in and awaits the signature when the urging left for the rest."""
    world.clock.wind_to(at(6, 9))
    world.sweep()
    world.say("clerk-0", "运行分析\n存在问题:资金不足\n下一步措施:多方筹措")

    world.drain()

    rows = world.rows()
    urged = {duty: rows[world.obligations[world.units()[0], duty]].urged_at is not None for duty in (PLAN, ANALYSIS)}
    assert urged == {PLAN: True, ANALYSIS: False}


def test_what_waited_for_the_end_of_the_holidays_is_not_given_up_at_its_first_failure(memory_folder: Path) -> None:
    with Template(memory_folder).world(HOLIDAYS) as world:
        world.clock.wind_to(datetime(2026, 9, 30, 18, tzinfo=ZONE))
        world.say("clerk-0", "工作计划:抓好造林")
        world.say("office-0", f"退回 {number(world, PLAN)} 请补充说明")
        world.say("office-0", "确认")
        world.drain()
        world.clock.wind_to(datetime(2026, 10, 8, 9, tzinfo=ZONE))

        # One after the other to each person.
        while batch := world.claim():
            for flying in batch:
                world.answer(flying, Fate.FAIL)
                world.write_down(flying)

        assert {row.status for row in world.outbox()} == {"sent", "retry"}


def test_the_same_report_again_after_a_return_is_a_report(world: World) -> None:
    world.say("clerk-0", FULL)
    world.say("office-0", f"退回 {number(world, FIGURES)} 请核实")
    world.say("office-0", "确认")

    world.say("clerk-0", FULL)

    assert state(world, FIGURES) == "review"


def test_a_nil_report_confirmed_too_late_changes_nothing(world: World) -> None:
    world.say("clerk-0", "零报告 8月工作计划 没有开展")
    world.say("clerk-0", "工作计划:抓好造林")

    world.say("clerk-0", "确认")

    assert not world.rows()[world.obligations[world.units()[0], PLAN]].nil


def test_words_take_the_place_of_a_nil_report(world: World) -> None:
    world.say("clerk-0", "零报告 8月工作计划 没有开展")
    world.say("clerk-0", "确认")

    world.say("clerk-0", "工作计划:抓好造林")

    assert not world.rows()[world.obligations[world.units()[0], PLAN]].nil


def test_the_office_accepts_the_version_that_it_was_shown(world: World) -> None:
    world.say("clerk-0", FULL)
    shown = number(world, FIGURES)
    world.say("office-0", f"通过 {shown}")
    world.say("clerk-0", f"撤回 {shown}")
    world.say("clerk-0", "确认")
    world.say("clerk-0", "植树面积3亩预测110亩,道路完好率86%")

    world.say("office-0", "确认")

    assert state(world, FIGURES) == "review"


def test_a_report_taken_back_and_never_sent_again_is_no_report(world: World) -> None:
    """The days in which the stamp is kept are over, the unit is urged again: from now on the days count."""
    world.say("clerk-0", FULL)
    world.say("clerk-0", "撤回")
    world.say("clerk-0", "确认")
    for day in (6, 8, 10, 12):
        world.clock.wind_to(at(day, 15))
        world.sweep()
        world.drain()

    assert world.rows()[world.obligations[world.units()[0], FIGURES]].urged_at is not None


def test_an_urging_that_was_held_up_waits_for_the_morning(world: World) -> None:
    world.clock.wind_to(at(6, 9))
    world.sweep()
    world.clock.wind_to(at(6, 23))

    assert "Urging" not in leaving(world)


def test_an_urging_goes_to_whoever_holds_the_post_when_it_leaves(world: World) -> None:
    world.clock.wind_to(at(6, 9))
    world.sweep()
    world.replace_clerk(world.units()[0], "clerk-0", "clerk-new")

    recipients = {flying.row.recipient for flying in world.claim() if flying.row.notice["kind"] == "Urging"}

    assert "clerk-0" not in recipients


def test_a_nil_report_of_what_is_reported_already_is_not_taken_for_another_duty(world: World) -> None:
    world.say("clerk-0", FULL)
    world.say("clerk-0", "工作计划:抓好造林")

    world.say("clerk-0", "零报告 8月指标月报 没有开展")
    world.say("clerk-0", "确认")

    assert state(world, ANALYSIS) == "open"


def test_what_is_in_review_lacks_nothing(world: World) -> None:
    """One of two parts in the place of a whole nil report: the other is nil still, or the report is open again."""
    world.say("clerk-0", "零报告 8月运行分析 没有开展")
    world.say("clerk-0", "确认")
    world.say("head-0", "签发")

    world.say("clerk-0", "运行分析\n存在问题:资金不足")

    answer = world.outbox()[-1].notice
    assert state(world, ANALYSIS) == "open" or answer["complete"]
