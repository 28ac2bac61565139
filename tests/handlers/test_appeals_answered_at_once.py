"""Two of the office answer one appeal at the same moment, on both kinds of databases: one answer counts."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date

import pytest

from assessment.notices import Reversed
from assessment.notices.appealing import AppealDeclined, AppealRefusal, AppealRefused, AppealTaken
from bot.county import CHANNEL, demonstration, found
from schedules import opening
from storage.database import Database
from tests.handlers.desk import OFFICE, OFFICE_TWO, START, WATER_CLERK, Desk, entered_deduction
from tests.handlers.one_measure import HEADING, some_of_the_county


@pytest.fixture
def desk(database: Database) -> Desk:
    """The county with one department."""
    setting = replace(demonstration(START, date(2010, 8, 1)), roster=HEADING + some_of_the_county("县环保局"))
    database.write_now(lambda uow: found(uow, setting, {CHANNEL: CHANNEL}))
    desk = Desk(database, START)
    database.write_now(lambda uow: opening.sweep(uow, desk.installation, START))
    return desk


@pytest.mark.parametrize("words", [("申诉成立", "申诉不成立"), ("申诉不成立", "申诉不成立"), ("申诉成立", "更正分")])
def test_two_answers_at_once(desk: Desk, words: tuple[str, str]) -> None:
    """R102: one of the two hears that it is done; the unit hears one answer."""
    entry = entered_deduction(desk)
    taken = desk.answer(WATER_CLERK, f"申诉 {entry} 会签单显示已送达")
    assert isinstance(taken, AppealTaken)
    for who, word in zip((OFFICE, OFFICE_TWO), words, strict=True):
        desk.say(who, f"{word} {entry if word == '更正分' else taken.line.number} 理由")

    confirmations = [desk.message(who, "确认") for who in (OFFICE, OFFICE_TWO)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(desk.take, confirmations))

    told = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, Reversed | AppealDeclined)]
    assert len(told) == 1
    assert len(desk.entries("县环保局")) == (2 if isinstance(told[0], Reversed) else 1)
    assert not (isinstance(told[0], AppealDeclined) and "不成立" not in "".join(words))


def test_two_appeals_at_once(desk: Desk) -> None:
    """One entry has one appeal, and no number is lost."""
    entry = entered_deduction(desk)
    both = [desk.message(WATER_CLERK, f"申诉 {entry} 理由{n}") for n in "甲乙"]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(desk.take, both))

    answers = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, AppealTaken | AppealRefused)]
    assert sorted(type(notice).__name__ for notice in answers) == ["AppealRefused", "AppealTaken"]
    assert [n.why for n in answers if isinstance(n, AppealRefused)] == [AppealRefusal.OPEN_ALREADY]
