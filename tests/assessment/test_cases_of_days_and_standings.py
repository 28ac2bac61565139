"""The worked examples in cases/日期和对照: days, targets, ranks and standings, as an office worked them out."""

import re

import pytest

from tests.assessment.case_files import RULEBOOKS, Case, all_cases
from tests.assessment.case_kinds import COMMON, FOLDER, KINDS, Worked, worked_cases

CASES = worked_cases()
EVERY: list[Case | Worked] = [*all_cases(), *CASES]
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
FACTS |= {"已做", "事件", "给分", "决定", "各单位"}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_each_case_comes_to_what_the_office_worked_out(case: Worked) -> None:
    """What a case leaves out must be empty: nothing is found that it does not mention."""
    found = case.results()

    assert case.written.keys() <= COMMON | FACTS | KINDS.keys() | found.keys()
    assert {entry: case.written.get(entry, []) for entry in found} == found


def test_the_guide_tells_of_every_kind_of_case() -> None:
    guide = (FOLDER / "说明.md").read_text(encoding="utf-8")

    assert [entry for entry in KINDS if f"| `{entry}`" not in guide] == []


def test_every_kind_of_case_is_used_and_no_name_comes_twice_in_a_file() -> None:
    assert {case.kind for case in CASES} == KINDS.keys()
    assert len({str(case) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", sorted(path.stem for path in RULEBOOKS.glob("*.yaml")))
def test_every_shipped_rulebook_has_worked_examples(name: str) -> None:
    worked = [case for case in EVERY if case.rulebook.id == name]

    assert len(worked) >= 4


def test_requirements_are_named_by_their_numbers() -> None:
    named = {number for case in EVERY for number in case.written.get("要求", ())}

    assert len(named) >= 60
    assert [number for number in named if not re.fullmatch(r"R(0[1-9]|[1-9][0-9]|10[0-9]|11[0-8])", number)] == []
