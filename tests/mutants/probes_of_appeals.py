"""What an appeal promises, as test bodies: made by those concerned, once, answered once, and nothing changes before."""

from decimal import Decimal

from assessment.notices import Refused, Reversed
from assessment.notices.appealing import AppealDeclined, AppealRefused, AppealTaken
from storage import appeals
from tests.handlers.desk import CLERK, OFFICE, OFFICE_TWO, WATER_CLERK, Desk, as_read, entered_deduction

_UNIT = "县环保局"


def nobody_appeals_for_another_unit(desk: Desk) -> None:
    entry = entered_deduction(desk)

    assert isinstance(desk.answer(CLERK, f"申诉 {entry} 理由"), Refused)


def only_the_office_answers(desk: Desk) -> None:
    number = _appealed(desk, entered_deduction(desk))

    assert isinstance(desk.answer(WATER_CLERK, f"申诉不成立 {number} 理由"), Refused)


def an_open_appeal_is_shown_and_changes_nothing(desk: Desk) -> None:
    _appealed(desk, entered_deduction(desk))

    assert "争议中" in as_read(desk.answer(WATER_CLERK, "得分"))
    assert desk.score(_UNIT).confirmed.final == Decimal(78)


def an_answered_appeal_is_disputed_no_more(desk: Desk) -> None:
    _declined(desk)

    assert "争议中" not in as_read(desk.answer(WATER_CLERK, "得分"))


def one_entry_is_appealed_against_once(desk: Desk) -> None:
    entry = _declined(desk)

    again = desk.answer(WATER_CLERK, f"申诉 {entry} 再次")
    assert isinstance(again, AppealRefused)
    assert again.reason == "会签单为8月9日"


def an_appeal_is_answered_once(desk: Desk) -> None:
    number = _appealed(desk, entered_deduction(desk))
    desk.say(OFFICE, f"申诉不成立 {number} 理由甲")
    desk.say(OFFICE_TWO, f"申诉成立 {number} 理由乙")
    for who in (OFFICE, OFFICE_TWO):
        desk.say(who, "确认")

    assert len(desk.entries(_UNIT)) == 1


def whatever_takes_the_entry_back_answers_the_appeal(desk: Desk) -> None:
    entry = entered_deduction(desk)
    _appealed(desk, entry)
    desk.say(OFFICE, f"更正分 {entry} 理由")
    desk.say(OFFICE, "确认")

    (told,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, Reversed)]
    assert told.appeal
    made = desk.database.read_now(lambda uow: appeals.by_number(uow, told.appeal))
    assert made is not None
    assert made.answer is not None


def the_unit_is_told_the_answer_with_its_reason(desk: Desk) -> None:
    _declined(desk)

    told = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, AppealDeclined)]
    assert [notice.reason for notice in told] == ["会签单为8月9日"]


def nobody_is_reminded_of_an_answered_appeal(desk: Desk) -> None:
    number = _appealed(desk, entered_deduction(desk))
    desk.say(OFFICE, f"申诉期限 {number} 8月20日")
    desk.say(OFFICE, f"申诉不成立 {number} 理由")
    desk.say(OFFICE, "确认")

    assert {row.status for row in desk.letters() if row.notice["kind"] == "AppealDue"} == {"withdrawn"}


def no_day_is_guessed(desk: Desk) -> None:
    number = _appealed(desk, entered_deduction(desk))
    made = desk.database.read_now(lambda uow: appeals.by_number(uow, number))

    assert made is not None
    assert made.day is None


def _appealed(desk: Desk, entry: str) -> str:
    taken = desk.answer(WATER_CLERK, f"申诉 {entry} 会签单显示已送达")
    assert isinstance(taken, AppealTaken)
    return taken.line.number


def _declined(desk: Desk) -> str:
    """An appeal that the office has declined; the number of the entry."""
    entry = entered_deduction(desk)
    desk.say(OFFICE, f"申诉不成立 {_appealed(desk, entry)} 会签单为8月9日")
    desk.say(OFFICE, "确认")
    return entry
