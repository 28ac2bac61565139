"""An account that a platform has found by a telephone number: the office decides, as on one that asked itself."""

from collections.abc import Sequence
from datetime import date

import pytest
from sqlmodel import select

from assessment.notices import BindAsk, BindAsked, BindDeclined, Bound, BoundHere, Notice, Repair, RepairLine, Stranger
from assessment.roster import Role
from bot.county import CHANNEL
from handlers import strangers
from storage import phones, roster
from storage.phones import PhoneRow, State
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import CLERK, OFFICE, OFFICE_TWO, Desk, as_read

NEW, NUMBER, MASKED = "ou_new", "13800001234", "138****1234"
CORRECT = "13855551234"


@pytest.fixture
def person(desk: Desk) -> int:
    """A clerk of 县经贸局 with a number and no account."""

    def job(uow: UnitOfWork) -> int:
        new = roster.add_unreachable(uow, "钱和")
        unit = desk.unit("县经贸局").id
        roster.add_post(uow, new, unit, Role.REPORTER, date(2010, 1, 1))
        phones.keep(uow, new, CHANNEL, NUMBER)
        return new

    return desk.database.write_now(job)


def find(desk: Desk, person: int, account: str = NEW) -> list[BindAsked]:
    """The platform says that the account is that of the person's number; what the office has been asked."""

    def job(uow: UnitOfWork) -> None:
        uow.update(PhoneRow, PhoneRow.person == person, state=State.FOUND.value)
        strangers.found(
            uow,
            desk.installation,
            desk.clock.now(),
            channel=CHANNEL,
            tenant=CHANNEL,
            account=account,
            person=person,
            number=MASKED,
        )

    desk.database.write_now(job)
    return asked(desk)


def correct(desk: Desk, person: int) -> None:
    """The office corrects the person's number by an import."""
    desk.database.write_now(lambda uow: phones.keep(uow, person, CHANNEL, CORRECT))


def asked(desk: Desk) -> list[BindAsked]:
    return [one for who in (OFFICE, OFFICE_TWO) for one in desk.told(who) if isinstance(one, BindAsked)]


def kept(desk: Desk) -> Sequence[PhoneRow]:
    return desk.database.read_now(lambda uow: uow.rows(select(PhoneRow)))


def known(desk: Desk, account: str = NEW) -> int | None:
    return desk.database.read_now(lambda uow: roster.known(uow, CHANNEL, CHANNEL, account))


def of_kind(notices: list[Notice], kind: type[Notice]) -> list[Notice]:
    return [one for one in notices if isinstance(one, kind)]


def test_one_of_the_office_is_asked_and_nobody_is_bound(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)

    assert (request.phone, [one.name for one in request.whom]) == (MASKED, ["钱和"])
    assert MASKED in as_read(request)
    assert known(desk) is None
    assert desk.told(NEW) == []
    assert desk.audited()[0].basis.endswith(f"{MASKED}，待考核办核实")


def test_namesakes_elsewhere_are_not_meant(desk: Desk, person: int) -> None:
    """It is the number that leads to the person, not the name."""

    def job(uow: UnitOfWork) -> None:
        other = roster.add_person(uow, "钱和", CHANNEL, CHANNEL, "jingmao-qian")
        roster.add_post(uow, other, desk.unit("县经贸局").id, Role.DEPUTY, date(2010, 1, 1))

    desk.database.write_now(job)
    (request,) = find(desk, person)
    desk.say(OFFICE, f"同意绑定 {request.number}")
    desk.say(OFFICE, "确认")

    assert known(desk) == person


def test_agreed_to_it_is_bound_and_the_number_erased(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    ask = desk.answer(OFFICE, f"同意绑定 {request.number}")
    assert isinstance(ask, BindAsk)
    assert MASKED in as_read(ask)
    assert isinstance(desk.answer(OFFICE, "确认"), Bound)

    assert known(desk) == person
    assert of_kind(desk.told(NEW), BoundHere)
    assert kept(desk) == []


def test_declined_it_is_not_asked_again_and_the_account_hears_nothing(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    declined = desk.answer(OFFICE, f"不同意绑定 {request.number} 已换号")

    assert isinstance(declined, BindDeclined)
    assert "不再查询" in as_read(declined)
    assert desk.told(NEW) == [], "whoever has it never asked"
    assert [row.state for row in kept(desk)] == [State.DECLINED]


@pytest.mark.parametrize(
    "words",
    ["同意绑定 {number}", "不同意绑定 {number} 不是本人", "同意绑定 {number} 钱和 县经贸局"],
)
def test_what_the_old_number_led_to_is_decided_no_more(desk: Desk, person: int, words: str) -> None:
    """Neither agreed to, for it was a wrong number, nor declined: that would bar the new one. The office is told."""
    (request,) = find(desk, person)
    correct(desk, person)
    answer = desk.answer(OFFICE, words.format(number=request.number))

    assert answer.repair is Repair.NUMBER_CHANGED
    assert "手机号已更正" in as_read(answer)
    assert "新号码另行查询，不受影响" in as_read(answer)
    assert (known(desk), desk.told(NEW)) == (None, [])
    assert [(row.number, row.state) for row in kept(desk)] == [(CORRECT, State.WAITING)]


def test_nor_where_the_new_number_has_led_to_another_account_meanwhile(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    correct(desk, person)
    newer = find(desk, person, "ou_right")[-1]
    assert desk.answer(OFFICE, f"不同意绑定 {request.number}").repair is Repair.NUMBER_CHANGED
    desk.say(OFFICE, f"同意绑定 {newer.number}")
    desk.say(OFFICE, "确认")

    assert known(desk, "ou_right") == person


def test_a_number_corrected_before_the_confirmation_binds_nobody(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    desk.say(OFFICE, f"同意绑定 {request.number}")
    correct(desk, person)

    assert desk.answer(OFFICE, "确认").repair is Repair.NUMBER_CHANGED
    assert known(desk) is None


def test_the_account_of_the_old_number_may_still_ask_by_itself(desk: Desk, person: int) -> None:
    find(desk, person)
    correct(desk, person)
    desk.say(NEW, "绑定 钱和 县经贸局")
    desk.say(OFFICE, f"同意绑定 {asked(desk)[-1].number}")
    desk.say(OFFICE, "确认")

    assert known(desk) == person


def test_the_same_number_once_more_leaves_the_request_open(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    desk.database.write_now(lambda uow: phones.keep(uow, person, CHANNEL, NUMBER))

    assert isinstance(desk.answer(OFFICE, f"同意绑定 {request.number}"), BindAsk)


def test_agreed_to_for_somebody_else_the_number_is_erased_too(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    desk.say(OFFICE, f"同意绑定 {request.number} 李敏 县经贸局")
    desk.say(OFFICE, "确认")

    assert known(desk) == desk.person(CLERK)
    assert kept(desk) == []


def test_whoever_asked_from_the_account_is_decided_on_first(desk: Desk, person: int) -> None:
    desk.say(NEW, "绑定 李敏 县经贸局")
    found = find(desk, person)

    assert [request.phone for request in found] == [""]


def test_words_from_the_account_itself_take_the_place_of_the_find(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    desk.say(NEW, "绑定 李敏 县经贸局")

    assert isinstance(desk.answer(OFFICE, f"同意绑定 {request.number}"), RepairLine)
    assert [one.phone for one in asked(desk)] == [MASKED, ""]


def test_who_has_left_meanwhile_is_not_proposed(desk: Desk, person: int) -> None:
    (request,) = find(desk, person)
    unit = desk.unit("县经贸局").id
    desk.database.write_now(lambda uow: roster.end_post(uow, person, unit, Role.REPORTER, date(2010, 8, 3)))

    assert isinstance(desk.answer(OFFICE, f"同意绑定 {request.number}"), RepairLine)


def test_the_account_is_a_strangers_until_then(desk: Desk, person: int) -> None:
    find(desk, person)

    assert isinstance(desk.answer(NEW, "得分"), Stranger)
