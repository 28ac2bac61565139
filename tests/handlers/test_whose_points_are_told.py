"""Names in reasons, and what a head may know of a clerk who works for two units."""

import json

from assessment.notices import (
    Refused,
    Why,
)
from assessment.roster import Role
from bot.ledger_check import examine
from storage import ledger, roster
from tests.handlers.desk import (
    HEAD,
    KEY,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    WATER_CLERK,
    Desk,
    as_read,
    entered_by_hand,
)


def sealed(desk: Desk) -> str:
    """All that the ledger holds, as text."""
    rows = desk.database.read_now(ledger.all_rows)
    return json.dumps([row.basis for row in rows], ensure_ascii=False)


def test_names_are_not_sealed_but_shown(desk: Desk) -> None:
    """扣分 and 更正分 with a name in the reason: the ledger holds the person's id, 为什么 and 明细 the name."""
    number = entered_by_hand(desk, "扣分 县环保局 U7 王晨曦3次拒不提供资料，陈静怡当面催要")
    desk.say(OFFICE_TWO, f"更正分 {number} 王晨曦已补交")
    correction = desk.answer(OFFICE_TWO, "确认").by_entry

    assert not [name for name in ("王晨曦", "陈静怡") if name in sealed(desk)]
    assert f"@person:{desk.person(WATER_CLERK)};3次" in sealed(desk)
    assert "王晨曦3次拒不提供资料，陈静怡当面催要" in as_read(desk.answer(LEADER, f"为什么 {number}"))
    assert "王晨曦已补交" in as_read(desk.answer(LEADER, f"为什么 {correction}"))
    assert "@person" not in as_read(desk.answer(LEADER, "环保局明细")) + as_read(
        desk.answer(LEADER, f"为什么 {number}")
    )
    assert not desk.database.read_now(lambda uow: examine(uow, KEY, desk.clock.now())).faults


def test_a_head_sees_what_a_shared_clerk_lost_on_the_own_matter_only(desk: Desk) -> None:
    """王晨曦 reports for two units: what was lost for one is not for the other's head, nor in the sum shown there."""
    other = desk.unit("县经贸局").id
    desk.database.write_now(lambda uow: roster.add_post(uow, desk.person(WATER_CLERK), other, Role.REPORTER))
    theirs = entered_by_hand(desk, "扣分 县环保局 P6b 王晨曦 缺席8月3日会议")
    desk.say(OFFICE, "扣分 县环保局 P6b 王晨曦 缺席8月5日会议")
    waiting = desk.answer(OFFICE, "确认").line.number
    assert not [block for block in desk.answer(HEAD, "得分").points if block.personal]
    assert not [block for block in desk.answer(HEAD, "明细").points if block.personal]
    assert desk.answer(HEAD, f"为什么 {theirs}") == Refused()

    ours = entered_by_hand(desk, "扣分 县经贸局 P6b 王晨曦 缺席8月4日会议")
    (block,) = [block for block in desk.answer(HEAD, "明细").points if block.personal]
    assert [line.entry for line in block.lines] == [ours]
    assert block.confirmed - block.base == sum(line.points for line in block.lines)
    assert "以上只计县经贸局事项" in as_read(desk.answer(HEAD, "明细"))
    assert isinstance(desk.answer(HEAD, f"为什么 {ours}"), Why)
    # The person and the office see both.
    for who, question in ((WATER_CLERK, "县经贸局明细"), (OFFICE, "县经贸局明细")):
        (whole,) = [block for block in desk.answer(who, question).points if block.personal]
        assert {line.entry for line in whole.lines} == {ours, theirs, waiting}


def test_a_correction_of_a_persons_entry_stays_with_the_units_matter(desk: Desk) -> None:
    other = desk.unit("县经贸局").id
    desk.database.write_now(lambda uow: roster.add_post(uow, desk.person(WATER_CLERK), other, Role.REPORTER))
    ours = entered_by_hand(desk, "扣分 县经贸局 P6b 王晨曦 缺席8月4日会议")
    desk.say(OFFICE, f"更正分 {ours} 会议改期")
    correction = desk.answer(OFFICE, "确认").by_entry

    assert isinstance(desk.answer(HEAD, f"为什么 {correction}"), Why)
