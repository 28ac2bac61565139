"""先听情况说明 whose letters do not arrive: nobody's days run out by a telling that nobody has had."""

from datetime import datetime

import pytest
from sqlmodel import col, update

from assessment.notices import DecideAsk, HearingAsked, HearingTold, Repair
from bot.channels.channel import Capabilities, Outgoing, SendError, Sent
from bot.county import ZONE
from storage.outbox import OutboxRow, Status
from tests.handlers.desk import OFFICE, OFFICE_TWO, WATER_CLERK, Desk, as_read

WATER_HEAD = "huanbao-yan"
HEARING = "先听情况说明"


def fail(desk: Desk, monkeypatch: pytest.MonkeyPatch, whom: tuple[str, ...], error: SendError) -> None:
    """Let letters to these accounts end so; everybody else is reached."""
    reach = desk.letterbox.send

    async def send(outgoing: Outgoing) -> Sent:
        if outgoing.recipient in whom:
            raise error
        return await reach(outgoing)

    monkeypatch.setattr(desk.letterbox, "send", send)


def over_the_weekend(desk: Desk, *, then_up: bool = True) -> None:
    """The platform is silent on Friday from the asking until Saturday, five past midnight; then until Friday next."""
    desk.letterbox.down = True
    desk.settle()
    desk.clock.wind_to(datetime(2010, 8, 14, 0, 5, tzinfo=ZONE))
    desk.settle()
    if then_up:
        desk.letterbox.down = False
        desk.wind(8, 20, 9, 5)


def line(desk: Desk, number: str) -> tuple[bool, bool, datetime]:
    """Whether it may be decided without a reason, whether nobody was told, and until when they may speak."""
    (found,) = [line for line in desk.answer(OFFICE_TWO, "核定").lines if line.number == number]
    return found.decidable, found.untold, found.statement_until


def in_vain(desk: Desk, who: str = OFFICE) -> list[HearingAsked]:
    """What the office was told of its own accord: not the answer to its command."""
    return [told for told in desk.told(who) if isinstance(told, HearingAsked) and not told.told and told.unreachable]


def letters(desk: Desk) -> list[OutboxRow]:
    return [row for row in desk.letters() if row.notice.get("kind") == "HearingTold"]


def test_by_midnight_nothing_has_arrived(desk: Desk, ripe: str) -> None:
    """No days run, and the office is asked to telephone. The letters name a day that holds no more: they stay."""
    asked = desk.answer(OFFICE, f"{HEARING} {ripe} 请说明延误原因")
    assert len(asked.told) == 2
    assert line(desk, ripe)[2] == datetime(2010, 8, 19, tzinfo=ZONE)
    over_the_weekend(desk)

    assert line(desk, ripe)[:2] == (False, True)
    assert desk.answer(OFFICE, f"核定 {ripe}").repair is Repair.NOBODY_TOLD
    (told,) = in_vain(desk)
    assert f"电话等方式告知后，请回复“{HEARING} {ripe} 已电话告知”" in as_read(told)
    assert {row.status for row in letters(desk)} == {Status.WITHDRAWN}
    assert [said for said in desk.shown(OFFICE) if "情况说明的告知未能送达" in said]
    assert not [said for said in desk.shown(WATER_CLERK) if "请作情况说明" in said]


def test_asked_again_the_days_begin(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    over_the_weekend(desk)
    asked = desk.answer(OFFICE, f"{HEARING} {ripe}")
    desk.wind(8, 20, 10, 0)

    assert asked.line.statement_until == datetime(2010, 8, 26, tzinfo=ZONE)
    assert line(desk, ripe) == (False, False, datetime(2010, 8, 26, tzinfo=ZONE))
    assert len([said for said in desk.shown(WATER_CLERK) if "请作情况说明" in said]) == 1
    desk.wind(8, 26, 9, 5)
    assert line(desk, ripe)[0]


def test_told_by_telephone_the_days_begin(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    over_the_weekend(desk)
    desk.say(OFFICE, f"{HEARING} {ripe} 已电话告知")
    desk.wind(8, 21, 9, 5)

    assert line(desk, ripe) == (False, False, datetime(2010, 8, 26, tzinfo=ZONE))


def test_a_reason_decides_it_all_the_same(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    over_the_weekend(desk)

    assert isinstance(desk.answer(OFFICE, f"核定 {ripe} 原负责人已书面认可"), DecideAsk)


@pytest.mark.parametrize("lost", [False, True])
def test_where_every_letter_is_given_up_the_office_hears_at_once(
    desk: Desk, ripe: str, lost: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused for good; or the answers were lost, so that nobody knows."""
    desk.letterbox.capabilities = Capabilities()
    fail(desk, monkeypatch, (WATER_CLERK, WATER_HEAD), SendError("未送达", permanent=not lost, unknown=lost))
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.wind(8, 13, 18, 0)

    assert line(desk, ripe)[:2] == (False, True)
    assert len(in_vain(desk)) == len(in_vain(desk, OFFICE_TWO)) == 1
    desk.wind(8, 20, 9, 5)
    assert not line(desk, ripe)[0]
    assert len(in_vain(desk)) == 1, "told once"


def test_one_who_is_reached_is_enough(desk: Desk, ripe: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fail(desk, monkeypatch, (WATER_HEAD,), SendError("应用可见范围外，收不到消息", permanent=True))
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.wind(8, 19, 9, 5)

    assert line(desk, ripe) == (True, False, datetime(2010, 8, 19, tzinfo=ZONE))
    assert in_vain(desk) == []


def test_a_delay_within_the_day_costs_nothing(desk: Desk, ripe: str) -> None:
    desk.letterbox.down = True
    desk.say(OFFICE, f"{HEARING} {ripe}")
    desk.settle()
    desk.clock.wind_to(datetime(2010, 8, 13, 16, 0, tzinfo=ZONE))
    desk.settle()
    desk.letterbox.down = False
    desk.wind(8, 19, 9, 5)

    assert line(desk, ripe) == (True, False, datetime(2010, 8, 19, tzinfo=ZONE))
    assert in_vain(desk) == []


def test_what_arrives_only_afterwards_counts_from_its_arrival(desk: Desk, ripe: str) -> None:
    """It was on its way when the day ended, and its answer came on Tuesday."""
    desk.say(OFFICE, f"{HEARING} {ripe}")
    at = datetime(2010, 8, 17, 10, 0, tzinfo=ZONE)
    one = letters(desk)[0].id
    change = update(OutboxRow).where(col(OutboxRow.id) == one)
    desk.database.write_now(lambda uow: uow.execute(change.values(status=Status.SENDING.value, lease_until=1 << 60)))
    over_the_weekend(desk, then_up=False)
    desk.letterbox.down = False
    assert line(desk, ripe)[:2] == (False, True)
    sent = {"status": Status.SENT.value, "finished_at": at}
    desk.database.write_now(lambda uow: uow.execute(change.values(**sent)))
    desk.wind(8, 17, 10, 5)

    assert line(desk, ripe) == (False, False, datetime(2010, 8, 21, tzinfo=ZONE))


def test_words_of_the_unit_open_it_whatever_became_of_the_letters(desk: Desk, ripe: str) -> None:
    desk.say(OFFICE, f"{HEARING} {ripe}")
    over_the_weekend(desk)
    desk.say(WATER_CLERK, f"情况说明 {ripe} 方案已送会签")

    assert line(desk, ripe)[0]
    assert [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, HearingTold)]
