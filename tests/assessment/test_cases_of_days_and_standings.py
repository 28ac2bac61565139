"""The worked examples in cases/日期和对照: days, targets, ranks and standings, as an office worked them out."""

import pytest

from tests.assessment.case_kinds import COMMON, KINDS, Worked, worked_cases

CASES = worked_cases()
FACTS = {
    "单位",
    "数据",
    "月数",
    "报告期",
    "经过",
    "现在",
    "自",
    "考核办定",
    "写了",
    "收到",
    "官方",
    "文字",
    "得分",
    "名额",
}
FACTS |= {"已做", "给分", "决定", "各单位"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_case_comes_to_what_the_office_worked_out(case: Worked) -> None:
    """What a case leaves out must be empty: nothing is found that it does not mention."""
    found = case.results()

    assert case.written.keys() <= COMMON | FACTS | KINDS.keys() | found.keys()
    assert {entry: case.written.get(entry, []) for entry in found} == found
