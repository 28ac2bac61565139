"""更正须双人: where the measure says so, one of the office asks for a correction and another agrees to it."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import CorrectionDropped, CorrectionWaits, Refused, Repair, ReverseAsk, Reversed
from assessment.roster import Role
from bot.county import CHANNEL, demonstration, found
from bot.ledger_check import examine
from schedules import opening
from storage import roster
from storage.database import Database
from tests.handlers.desk import (
    HEAD,
    KEY,
    OFFICE,
    OFFICE_TWO,
    START,
    WATER_CLERK,
    Desk,
    entered_by_hand,
    entered_deduction,
)

FROM_TWO_POINTS_ON = "\n更正须双人: 2\n"


@pytest.fixture(scope="module")
def careful(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, datetime, str]:
    """A county whose measures ask for two people from 2 points on, with a deduction of 2 entered."""
    path = Path(shutil.copy(sqlite_template, tmp_path_factory.mktemp("careful") / "county.db"))
    setting = demonstration(START, date(2010, 8, 1))
    books = {name: text + FROM_TWO_POINTS_ON for name, text in setting.rulebooks.items()}
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(lambda uow: found(uow, replace(setting, rulebooks=books), {CHANNEL: CHANNEL}))
        desk = Desk(database, START)
        database.write_now(lambda uow: opening.sweep(uow, desk.installation, START))
        number = entered_deduction(desk)
        return path, desk.clock.now(), number


@pytest.fixture
def desk(careful: tuple[Path, datetime, str], tmp_path: Path) -> Iterator[Desk]:
    """A copy of that county."""
    path, at, _ = careful
    with Database.open(f"sqlite:///{shutil.copy(path, tmp_path / 'county.db')}") as database:
        yield Desk(database, at)


@pytest.fixture
def entry(careful: tuple[Path, datetime, str]) -> str:
    """The number of the deduction."""
    return careful[2]


def ask(desk: Desk, entry: str, reason: str = "会签单显示已送达") -> CorrectionWaits:
    """陈静怡 asks for the correction; what she is told once it waits."""
    asked = desk.answer(OFFICE, f"更正分 {entry} {reason}")
    assert isinstance(asked, ReverseAsk)
    assert asked.takes_two
    waits = desk.answer(OFFICE, "确认")
    assert isinstance(waits, CorrectionWaits)
    return waits


def test_the_first_confirmation_changes_nothing_yet(desk: Desk, entry: str) -> None:
    waits = ask(desk, entry)

    assert (waits.entry, waits.points, waits.to_second) == (entry, Decimal(-2), False)
    assert [made.points for made in desk.entries("县环保局")] == [Decimal(-2)]
    (told,) = [notice for notice in desk.told(OFFICE_TWO) if isinstance(notice, CorrectionWaits)]
    assert told.to_second
    assert not [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, Reversed)]


def test_a_second_person_agrees(desk: Desk, entry: str) -> None:
    ask(desk, entry)
    asked = desk.answer(OFFICE_TWO, f"同意更正 {entry}")
    assert isinstance(asked, ReverseAsk)
    assert (asked.asked_by, asked.reason) == ("陈静怡", "会签单显示已送达")

    done = desk.answer(OFFICE_TWO, "确认")
    assert isinstance(done, Reversed)
    assert (done.by, done.total) == ("陈静怡、吴磊", Decimal(80))
    assert [made.author for made in desk.entries("县环保局")] == [desk.person(OFFICE), desk.person(OFFICE_TWO)]
    for who in (OFFICE, WATER_CLERK):
        assert any(isinstance(notice, Reversed) for notice in desk.told(who))
    assert desk.answer(OFFICE_TWO, f"同意更正 {entry}").repair is Repair.NOTHING_WAITS
    assert not desk.database.read_now(lambda uow: examine(uow, KEY, desk.clock.now())).faults


def test_nobody_is_both_people(desk: Desk, entry: str) -> None:
    ask(desk, entry)

    assert desk.answer(OFFICE, f"同意更正 {entry}").repair is Repair.SECOND_PERSON
    assert isinstance(ask(desk, entry, "再次提出"), CorrectionWaits)
    assert len(desk.entries("县环保局")) == 1


def test_whoever_would_ask_a_second_time_is_sent_to_agree(desk: Desk, entry: str) -> None:
    ask(desk, entry)

    assert desk.answer(OFFICE_TWO, f"更正分 {entry} 已送达").repair is Repair.ASKED_FOR_ALREADY


def test_both_ask_before_either_confirms(desk: Desk, entry: str) -> None:
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, f"更正分 {entry} 已送达")

    assert isinstance(desk.answer(OFFICE, "确认"), CorrectionWaits)
    assert desk.answer(OFFICE_TWO, "确认").repair is Repair.ASKED_FOR_ALREADY


@pytest.mark.parametrize("who", [OFFICE, OFFICE_TWO])
def test_it_is_declined_or_taken_back(desk: Desk, entry: str, who: str) -> None:
    ask(desk, entry)

    assert isinstance(desk.answer(who, f"不同意更正 {entry} 单据不全"), CorrectionDropped)
    assert desk.answer(OFFICE_TWO, f"同意更正 {entry}").repair is Repair.NOTHING_WAITS
    assert len(desk.entries("县环保局")) == 1


def test_what_was_agreed_to_is_what_was_shown(desk: Desk, entry: str) -> None:
    """The first asks anew with another reason while the second's question is open: that 确认 agrees to nothing."""
    ask(desk, entry)
    desk.say(OFFICE_TWO, f"同意更正 {entry}")
    ask(desk, entry, "另有原因")

    assert desk.answer(OFFICE_TWO, "确认").repair is Repair.NOTHING_WAITS
    assert len(desk.entries("县环保局")) == 1


def test_fewer_points_take_one_person(desk: Desk) -> None:
    entry = entered_by_hand(desk, "加分 县环保局 U6 抽用1次")
    desk.say(OFFICE, f"更正分 {entry} 登记遗漏")

    assert isinstance(desk.answer(OFFICE, "确认"), Reversed)


def test_without_a_second_person_it_is_refused_at_once(desk: Desk, entry: str) -> None:
    office = desk.unit("县委县政府督查室").id
    day = date(2010, 8, 8)
    desk.database.write_now(lambda uow: roster.end_post(uow, desk.person(OFFICE_TWO), office, Role.OFFICE, day))

    assert desk.answer(OFFICE, f"更正分 {entry} 已送达").repair is Repair.NO_SECOND_PERSON


@pytest.mark.parametrize("word", ["同意更正", "不同意更正"])
def test_agreeing_is_the_offices(desk: Desk, entry: str, word: str) -> None:
    ask(desk, entry)

    assert not isinstance(desk.answer(HEAD, f"{word} {entry}"), Reversed | ReverseAsk | CorrectionDropped)
    assert desk.answer(WATER_CLERK, f"{word} {entry}") == Refused()
