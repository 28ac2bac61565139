"""分解到人: each indicator of a unit has a section and a person, and the office sees which have none."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.breakdown import Named, breakdown
from assessment.notices import Refused
from assessment.notices.breakdowns import (
    BreakdownNotTaken,
    BreakdownOwn,
    BreakdownTaken,
    BreakdownTold,
    BreakdownUnclear,
)
from assessment.roster import Person, Post, Role, Roster, Unit
from assessment.rulebook_file import load
from bot.county import ZONE
from storage import roster
from storage.database import Database
from tests.handlers.desk import CLERK, OFFICE, WATER_CLERK, Desk, as_read
from tests.handlers.one_measure import desk_under, shipped, some_of_the_county

LAND, TAX = "亩均总产值", "亩均税收"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("persons") / "county.db"
    books = shipped("sanmen-2010.yaml") | shipped("supervision-80.yaml")
    start = datetime(2010, 8, 4, 9, 12, tzinfo=ZONE)
    with desk_under(books, some_of_the_county("县经贸局", "县环保局"), sqlite_template, path, start, date(2010, 8, 1)):
        return path


@pytest.fixture
def desk(template: Path, tmp_path: Path) -> Iterator[Desk]:
    with Database.open(f"sqlite:///{shutil.copy(template, tmp_path / 'county.db')}") as database:
        yield Desk(database)


def named(desk: Desk, words: str) -> BreakdownTaken:
    taken = desk.answer(CLERK, f"分解到人 {words}")
    assert isinstance(taken, BreakdownTaken), taken
    return taken


def of_unit(desk: Desk, name: str = "县经贸局") -> tuple[int, int]:
    """How many of a unit's indicators the office sees without a person, and with one that has left."""
    told = desk.answer(OFFICE, "分解到人")
    assert isinstance(told, BreakdownTold)
    (line,) = (line for line in told.lines if line.unit == name)
    return len(line.missing), len(line.anew)


def test_the_office_sees_per_unit_what_nobody_has(desk: Desk) -> None:
    """R115: 未分解到人：2项, with their names."""
    whole, _ = of_unit(desk)
    first = named(desk, f"{LAND} 企业科 李敏")
    assert len(first.left) == whole - 1

    assert of_unit(desk) == (whole - 1, 0)
    shown = as_read(desk.answer(OFFICE, "分解到人"))
    assert f"县经贸局（共{whole}项）：未分解到人：{whole - 1}项，{'、'.join(first.left)}。" in shown
    assert first.indicator not in shown.split("县经贸局（", 1)[1].splitlines()[0]


def test_the_receipt_says_who_and_the_unit_sees_its_own(desk: Desk) -> None:
    """R115: down to the section and the person."""
    taken = named(desk, f"{LAND} 企业科 李敏")
    stranger = named(desk, f"{TAX} 税源 管理科 田丰年")

    assert (taken.section, taken.name, taken.in_roster) == ("企业科", "李敏", True)
    assert (stranger.section, stranger.name, stranger.in_roster) == ("税源 管理科", "田丰年", False)
    own = desk.answer(CLERK, "分解到人")
    assert isinstance(own, BreakdownOwn)
    assert {line.name for line in own.lines if line.name} == {"李敏", "田丰年"}
    assert "名册中没有此人" in as_read(stranger)


def test_the_last_word_counts_and_says_who_it_was_before(desk: Desk) -> None:
    named(desk, f"{LAND} 企业科 李敏")

    assert named(desk, f"{LAND} 综合科 周启航").before == "企业科 李敏"


def test_when_that_person_leaves_somebody_is_to_be_named_anew(desk: Desk) -> None:
    """R115, R104."""
    whole, _ = of_unit(desk)
    named(desk, f"{LAND} 企业科 李敏")
    unit, person = desk.unit("县经贸局").id, desk.person(CLERK)

    desk.database.write_now(lambda uow: roster.end_post(uow, person, unit, Role.REPORTER, date(2010, 8, 4)))

    assert of_unit(desk) == (whole - 1, 0)
    desk.wind(8, 5, 9, 30)

    assert of_unit(desk) == (whole - 1, 1)
    assert "人员变动须重新分解：1项" in as_read(desk.answer(OFFICE, "分解到人"))
    deputy = desk.answer("jingmao-zhou", f"分解到人 {LAND} 企业科 李敏")
    assert deputy.why is BreakdownUnclear.LEFT
    desk.say("jingmao-zhou", f"分解到人 {LAND} 企业科 周启航")
    assert of_unit(desk) == (whole - 1, 0)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("没有这项 企业科 李敏", BreakdownUnclear.WHICH),
        ("亩均 企业科 李敏", BreakdownUnclear.WHICH),
        (LAND, BreakdownUnclear.WHO),
        (f"{LAND} 李敏", BreakdownUnclear.WHO),
    ],
)
def test_what_is_unclear_is_asked_for(desk: Desk, words: str, why: BreakdownUnclear) -> None:
    refused = desk.answer(CLERK, f"分解到人 {words}")

    assert isinstance(refused, BreakdownNotTaken)
    assert refused.why is why
    assert not any(line.name for line in desk.answer(CLERK, "分解到人").lines)


def test_another_units_targets_are_not_ones_own_to_break_down(desk: Desk) -> None:
    before = of_unit(desk)

    assert desk.answer(WATER_CLERK, f"分解到人 {LAND} 企业科 李敏").why is BreakdownUnclear.WHICH
    assert not isinstance(desk.answer(WATER_CLERK, "分解到人"), BreakdownTold | Refused)
    assert of_unit(desk) == before


UNIT, HERE, GONE = 1, 10, 11
PEOPLE = Roster(
    units=(Unit(UNIT, "甲"),),
    people=(Person(HERE, "在"), Person(GONE, "离")),
    posts=(Post(HERE, UNIT, Role.REPORTER), Post(GONE, UNIT, Role.REPORTER, last_day=date(2010, 8, 3))),
)
INDICATORS = load(shipped("sanmen-2010.yaml")["sanmen-2010.yaml"], "x").rulebook.indicators[:4]
WORDS = st.builds(
    Named,
    st.sampled_from([one.id for one in INDICATORS]),
    st.just("科"),
    st.just("某"),
    st.sampled_from([None, HERE, GONE]),
)


@given(st.lists(WORDS, max_size=8))
def test_each_indicator_stands_in_exactly_one_place(words: list[Named]) -> None:
    found = breakdown(INDICATORS, words, PEOPLE, UNIT, date(2010, 8, 4))

    placed = [*found.named, *(one.id for one in found.missing), *(one.id for one in found.anew)]
    assert sorted(placed) == sorted(one.id for one in INDICATORS)
    last = {word.indicator: word.person for word in words}
    assert {one.id for one in found.anew} == {key for key, person in last.items() if person == GONE}
    assert found.is_complete is (len(found.named) == len(INDICATORS))
