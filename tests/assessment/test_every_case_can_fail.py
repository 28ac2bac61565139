"""Every worked example can fail: whatever it expects, changed by one, is noticed; one that cannot fail says nothing."""

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

import tests.assessment.test_cases as points
import tests.assessment.test_cases_of_days_and_standings as others
from tests.assessment.case_files import KINDS, Case
from tests.assessment.case_kinds import Worked

EXPECTED = {
    "得分": ("应记", "合计", "暂计", "封顶前", "大类", "标记", "资格", "暂估", "计日"),
    "指标进度": ("按已完成计", "按全年预测计", "序时进度", "未设定"),
    "指标得分": ("得分", "算式", "缺"),
    "等次": ("等次",),
    "综合": ("综合", "缺", "并列", "下一环节"),
    "后果": ("后果",),
    "奖励": ("合计", "金额未设定", "超出名额"),
}
CHECKS = {
    "得分": points.test_points_are_as_the_office_worked_them_out,
    "指标进度": points.test_figures_are_as_the_office_worked_them_out,
    "指标得分": points.test_indicators_earn_what_the_office_worked_out,
    "等次": points.test_grades_are_proposed_as_the_office_worked_them_out,
    "综合": points.test_stages_come_to_what_the_office_worked_out,
    "后果": points.test_consequences_are_due_as_the_office_worked_them_out,
    "奖励": points.test_rewards_come_to_what_the_office_worked_out,
}
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def changed(expected: Any) -> Iterator[Any]:
    """The same with one thing in it changed: a number by one, or else a word; something too many, something too few."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from ({**expected, key: other} for other in changed(value))
    elif isinstance(expected, list):
        for place, value in enumerate(expected):
            yield from ([*expected[:place], other, *expected[place + 1 :]] for other in changed(value))
        yield [*expected, *(expected[-1:] or ["多出的一项"])]
        yield from [expected[:-1]] if expected else []
    elif NUMBER.search(expected):
        yield NUMBER.sub(lambda found: f"{Decimal(found[0]) + 1:f}", expected, count=1)
    else:
        yield f"不是{expected}"


@pytest.mark.parametrize("case", points.EVERY, ids=str)
def test_a_case_notices_every_change_of_what_it_expects(case: Case) -> None:
    CHECKS[case.kind](case)
    unnoticed = []
    for entry in case.written.keys() & EXPECTED[case.kind]:
        for other in changed(case.written[entry]):
            try:
                CHECKS[case.kind](replace(case, written={**case.written, entry: other}))
            except AssertionError:
                continue
            unnoticed.append((entry, other))

    assert not unnoticed


@pytest.mark.parametrize("case", others.CASES, ids=str)
def test_a_case_of_days_and_standings_notices_every_change_of_what_it_expects(case: Worked) -> None:
    found = case.results()
    expected = {entry: case.written[entry] for entry in found if entry in case.written}

    assert expected
    for entry, value in expected.items():
        assert all(other != found[entry] for other in changed(value))


def test_nothing_that_a_case_expects_is_left_out_here() -> None:
    assert EXPECTED.keys() == CHECKS.keys() == KINDS.keys()
