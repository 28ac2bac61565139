"""What 整改, 审核链 and 督查通报 promise, as test bodies."""

from sqlmodel import select

from assessment.circular import Finding, Heading, Sign, written
from assessment.notices.rectifying import NotTaken, RectifyBook, RectifyRefused, RectifyReported
from storage.programmes import ProgrammeRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import OFFICE, WATER_CLERK, Desk

_RULES = "\n整改: {必填: [责任领导, 整改时限]}\n"
_CLAIM = "责任领导：严敏；整改时限：8月18日"


def what_must_be_said_is_asked_for(desk: Desk) -> None:
    number = _told_of_a_problem(desk)

    assert _refusal(desk, f"已整改 {number} 已补齐") is NotTaken.MISSING


def the_units_word_closes_nothing(desk: Desk) -> None:
    number = _told_of_a_problem(desk)
    assert isinstance(desk.answer(WATER_CLERK, f"已整改 {number} 已补齐 {_CLAIM}"), RectifyReported)
    book = desk.answer(OFFICE, "整改台账")

    assert isinstance(book, RectifyBook)
    assert [one.name for one in book.standings] == ["待核验"]


def the_units_limit_lies_within_the_notices(desk: Desk) -> None:
    number = _told_of_a_problem(desk)

    assert _refusal(desk, f"整改 {number} 整改时限：8月21日") is NotTaken.TOO_LATE


def praise_and_criticism_both_stand(_desk: Desk) -> None:
    text = written(Heading(), [Finding(Sign.PRAISE, "甲镇", "一"), Finding(Sign.CRITICISM, "甲镇", "二")])

    assert text.count("甲镇") == len(Sign)


def _refusal(desk: Desk, words: str) -> NotTaken | None:
    answer = desk.answer(WATER_CLERK, words)
    return answer.why if isinstance(answer, RectifyRefused) else None


def _told_of_a_problem(desk: Desk) -> str:
    desk.database.write_now(_with_rules)
    desk.say(OFFICE, "整改通知 县环保局 限8月20日 台账不全")
    number: str = desk.answer(OFFICE, "确认").items[0].number
    return number


def _with_rules(uow: UnitOfWork) -> None:
    for row in uow.rows(select(ProgrammeRow)):
        uow.update(ProgrammeRow, ProgrammeRow.id == row.id, text=row.text + _RULES, digest=f"{row.digest[:-2]}55")
