"""整改: a notice's problems as they are typed, and where each stands. R48, R49, R50."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.obligation import Kind, Obligation, State, accept, send_back, submit, waive
from assessment.rectification import (
    Problem,
    Standing,
    before_problems,
    by_kind,
    kind_for_all,
    limit_named,
    read_problems,
    standing,
    unsaid,
)
from assessment.submission import Answer

DUE = datetime(2026, 3, 20, 16, tzinfo=UTC)
REQUIRED = ("责任领导", "责任部门", "整改时限", "整改措施")


def owed(state: State = State.OPEN) -> Obligation:
    return Obligation(1, 1, Kind.RECTIFICATION, "7", 3, "", "台账不全", DUE, DUE, review=True, state=state)


def test_numbered_problems_are_read_one_by_one() -> None:
    assert read_problems("1.台账不全 2、方案未报；（3）水渠未修") == (
        Problem("台账不全"),
        Problem("方案未报"),
        Problem("水渠未修"),
    )


@pytest.mark.parametrize("text", ["1.增长1.5%，低于3.2%", "1.缺第2、3次记录", "1.供应率未达70%。3.另有他事"])
def test_a_figure_inside_a_problem_begins_no_other(text: str) -> None:
    assert [problem.text for problem in read_problems(text)] == [text[2:]]


def test_one_problem_needs_no_number() -> None:
    assert read_problems("台账不全") == (Problem("台账不全"),)
    assert read_problems(" \n") == ()


@pytest.mark.parametrize(
    "text",
    [
        "1.台账不全 类型 资料缺失",
        "1.台账不全（类型：资料缺失）",
        "1.台账不全；类型资料缺失",
        "1.台账不全，类型: 资料缺失。",
    ],
)
def test_a_problem_with_its_kind(text: str) -> None:
    """R50"""
    assert read_problems(text) == (Problem("台账不全", "资料缺失"),)


def test_a_kind_behind_all_of_them_is_that_of_all() -> None:
    read = kind_for_all(read_problems("1.台账不全 2.名单未报 类型 资料缺失"))

    assert [problem.kind for problem in read] == ["资料缺失", "资料缺失"]


def test_a_kind_of_each_stays_with_each() -> None:
    read = kind_for_all(read_problems("1.台账不全 类型 资料缺失 2.水渠未修 类型 进度缓慢"))

    assert [problem.kind for problem in read] == ["资料缺失", "进度缓慢"]


def test_what_stands_before_the_first_problem() -> None:
    assert before_problems("限3月20日 1.台账不全 2.名单未报") == ("限3月20日 ", "1.台账不全 2.名单未报")
    assert before_problems("限3月20日 台账不全") == ("", "限3月20日 台账不全")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("台账不全名单未报水渠", min_size=1, max_size=8), min_size=1, max_size=12))
def test_whatever_is_numbered_is_read_back(texts: list[str]) -> None:
    typed = " ".join(f"{nth}.{text}" for nth, text in enumerate(texts, 1))

    assert [problem.text for problem in read_problems(typed)] == texts


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    assert all(problem.text for problem in read_problems(text))


def test_what_must_be_said_of_a_problem_is_named() -> None:
    """R48: 缺责任领导、整改时限"""
    answer = Answer(parts={"责任部门": "办公室", "整改措施": "补齐"})

    assert unsaid(REQUIRED, answer) == ("责任领导", "整改时限")
    assert limit_named(REQUIRED) == "整改时限"
    assert limit_named(("责任领导",)) is None


BEFORE, AFTER = DUE - timedelta(days=1), DUE


def test_the_units_word_closes_nothing() -> None:
    """R49: 已整改 is 待核验; only what the office has accepted is 已销号."""
    reported = submit(owed(), BEFORE)

    assert standing(reported, AFTER, unclaimed=False, unable=False) is Standing.TO_VERIFY
    assert standing(accept(reported), AFTER, unclaimed=False, unable=False) is Standing.CLOSED
    assert standing(send_back(reported), BEFORE, unclaimed=False, unable=False) is Standing.UNDER_WAY


def test_what_was_not_done_was_not_done_in_time_by_being_said_so() -> None:
    """A29: after a return the first stamp counts for some days only."""
    reported = submit(owed(), BEFORE)
    back = replace(send_back(reported), round_since=BEFORE)

    assert submit(back, BEFORE + timedelta(days=2), keep_days=3).on_time
    assert not submit(back, BEFORE + timedelta(days=4), keep_days=3).on_time


def test_where_an_open_problem_stands() -> None:
    assert standing(owed(), BEFORE, unclaimed=True, unable=False) is Standing.UNCLAIMED
    assert standing(owed(), BEFORE, unclaimed=False, unable=False) is Standing.UNDER_WAY
    assert standing(owed(), AFTER, unclaimed=True, unable=False) is Standing.OVERDUE
    assert standing(owed(), AFTER, unclaimed=True, unable=True) is Standing.TO_EXPLAIN
    assert standing(waive(owed()), AFTER, unclaimed=True, unable=True) is Standing.UNATTAINABLE


def test_kinds_are_counted_the_most_frequent_first() -> None:
    """R50: 资料缺失2、进度缓慢1"""
    assert list(by_kind(["进度缓慢", "资料缺失", "资料缺失"]).items()) == [("资料缺失", 2), ("进度缓慢", 1)]
