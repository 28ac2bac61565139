"""Whom the office means by its words; what it cannot mean for certain is named, never guessed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.audience import Audience, possible_words, read_audience
from assessment.roster import Role
from tests.assessment.offices import ASKER, DEPARTMENTS, LEADER, ROSTER, TOWNS, UNITS, known


def people(words: str, asker: int = ASKER) -> list[int]:
    """Whom the words mean; they have to be clear."""
    found = read_audience(words, known(asker))
    assert found.unclear == ()
    return [person for addressee in found.addressees for person in addressee.people]


def unclear(words: str) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(one.written, one.meanings, one.near) for one in read_audience(words, known()).unclear]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("全体", [10, 20, 30, 40]),
        ("各单位", [10, 20, 30, 40]),
        ("乡镇类", [10, 20, 30]),
        ("乡镇", [10, 20, 30]),
        ("各乡镇", [10, 20, 30]),
        ("甲镇", [10]),
        ("甲镇、水利局", [10, 40]),
        ("甲镇,水利局", [10, 40]),
        ("甲镇和水利局", [10, 40]),
        ("县农和水利局和甲镇", [40, 10]),
        ("主要负责人", [12, 22, 32, 42, 52]),
        ("乡镇分管负责人", [11, 21, 31]),
        ("甲镇的主要负责人", [12]),
        ("甲镇、乙镇主要负责人", [12, 22]),
        ("甲镇填报人、乙镇主要负责人", [10, 22]),
        ("乡镇主要负责人、分管负责人", [12, 22, 32, 11, 21, 31]),
        ("何林分管单位", [10, 40]),
        ("何林分管的单位主要负责人", [12, 42]),
        ("未报单位", [10, 40]),
        ("7月进展情况未报单位", [10, 40]),
        ("8月工作计划未报单位", [40]),
        ("乡镇、甲镇", [10, 20, 30]),
    ],
)
def test_whom_the_words_mean(words: str, expected: list[int]) -> None:
    assert people(words) == expected


def test_a_leader_speaks_of_the_own_line() -> None:
    assert people("分管单位", asker=LEADER) == [10, 40]


def test_the_office_says_whose_line_it_means() -> None:
    assert unclear("分管单位") == [("分管单位", ("何林分管单位", "方远分管单位"), ())]


def test_a_leader_in_charge_is_told_of_each_unit() -> None:
    found = read_audience("分管领导", known())

    assert [(one.unit, one.people) for one in found.addressees if one.people] == [(1, (80,)), (2, (81,)), (4, (80,))]


def test_a_vacant_post_is_not_left_out() -> None:
    (addressee,) = read_audience("交通局", known()).addressees

    assert (addressee.unit, addressee.role, addressee.people) == (5, Role.REPORTER, ())


def test_everybody_is_neither_the_office_nor_the_leaders_own_house() -> None:
    units = {one.unit for one in read_audience("全体", known()).addressees}

    assert units == {1, 2, 3, 4, 5}, "and not a unit that is no more"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("丁镇", [("丁镇", (), ("丙镇", "乙镇", "甲镇"))]),
        ("县交痛局", [("县交痛局", (), ("县交通局",))]),
        ("甲镇、各条线", [("各条线", (), ())]),
        ("小镇", [("小镇", ("乙镇", "丙镇"), ())]),
        ("小镇主要负责人", [("小镇", ("乙镇", "丙镇"), ())]),
        ("撤并镇", [("撤并镇", (), ())]),
        ("甲镇长", [("甲镇长", (), ("甲镇",))]),
        ("9月计划未报单位", [("9月计划未报单位", (), ())]),
        ("全体主要领导", [("全体主要领导", (), ())]),
    ],
)
def test_what_is_not_understood_is_named(
    words: str, expected: list[tuple[str, tuple[str, ...], tuple[str, ...]]]
) -> None:
    found = unclear(words)

    assert [(written, meanings) for written, meanings, _ in found] == [(w, m) for w, m, _ in expected]
    assert [set(near) for _, _, near in found] == [set(near) for _, _, near in expected]


def test_the_possible_words_are_understood() -> None:
    for word in possible_words(known()):
        assert word == "工作群" or not read_audience(word, known()).unclear


NAMES = st.lists(st.sampled_from([*TOWNS, *DEPARTMENTS]), min_size=1, max_size=5, unique=True)
ROLES = st.sampled_from([Role.REPORTER, Role.DEPUTY, Role.HEAD])


@settings(max_examples=60, deadline=None)
@given(names=NAMES, role=ROLES, between=st.sampled_from(["、", ",", ";", "和"]))
def test_exactly_the_units_named_in_that_role(names: list[str], role: Role, between: str) -> None:
    found = read_audience(between.join(names) + role.value, known())

    assert found.unclear == ()
    assert [(ROSTER.unit(one.unit).name, one.role) for one in found.addressees] == [(name, role) for name in names]


@settings(max_examples=60, deadline=None)
@given(names=NAMES, strange=st.text("丁戊己庚辛壬", min_size=1, max_size=6), place=st.integers(0, 5))
def test_one_strange_word_is_enough_to_ask(names: list[str], strange: str, place: int) -> None:
    words = [*names[:place], strange, *names[place:]]
    found = read_audience("、".join(words), known())

    assert [one.written for one in found.unclear] == [strange]


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from([*TOWNS, "全体", "、", "主要负责人", "未报", "分管单位"])).map("".join)
)
def test_whatever_is_written(words: str) -> None:
    """Nothing raises, and whoever is meant exists and holds that post."""
    found: Audience = read_audience(words, known())
    for one in found.addressees:
        assert one.unit in {unit.id for unit in UNITS}
        assert one.people == ROSTER.holders(one.unit, (one.role,), known().day)
