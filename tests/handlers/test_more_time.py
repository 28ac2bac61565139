"""延期: asked in time, granted by the office, once and not too long; nothing that was said is said again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assessment.notices import Proposed, Refused, Reminder, Repair, RepairLine, Urging, WhichDuty
from assessment.notices.supervision import (
    ExtensionAsk,
    ExtensionAsked,
    ExtensionDecided,
    ExtensionRefused,
    ExtensionWaits,
    NotExtended,
)
from bot.county import ZONE
from schedules import calendar_news
from storage import extensions
from storage.extensions import ExtensionRow
from storage.obligations import ObligationRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.desk import CLERK, OFFICE, OFFICE_TWO, PLAN, PLAN_CLERK, START, WATER_CLERK, Desk, as_read
from tests.handlers.supervised_county import TITLE, assigned, at_desk, furnished

WATER_HEAD = "huanbao-yan"
SHORT = "交办 县环保局 报送水环境整治方案 8月6日前 类别 县主要领导交办"


@pytest.fixture(scope="module")
def template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnished(sqlite_template, tmp_path_factory.mktemp("extended") / "county.db")


@pytest.fixture
def extended(template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A county whose measure allows one extension of at most 15 days."""
    with at_desk(template, tmp_path / "county.db") as desk:
        yield desk


@pytest.fixture
def number(extended: Desk) -> str:
    """A matter due on 6 August."""
    return assigned(extended, SHORT)


def asked(desk: Desk, number: str, until: str = "8月16日") -> str:
    answer = desk.answer(WATER_CLERK, f"延期 {number} 延至{until} 市局审批未下")
    assert isinstance(answer, ExtensionAsked), answer
    return answer.line.number


def granted(desk: Desk, request: str) -> None:
    assert isinstance(desk.answer(OFFICE, f"通过 {request}"), ExtensionAsk)
    assert isinstance(desk.answer(OFFICE, "确认"), ExtensionDecided)


def due_day(desk: Desk, title: str = TITLE) -> str:
    (row,) = desk.rows("县环保局", title)
    return f"{row.due.astimezone(ZONE):%m-%d %H:%M}"


def heard(desk: Desk, number: str, kind: type[Reminder] | type[Urging]) -> int:
    told = [n for n in desk.told(WATER_CLERK) if isinstance(n, kind)]
    return sum(any(line.number == number for line in notice.lines) for notice in told)


def kept(desk: Desk, request: str) -> ExtensionRow:
    def read(uow: UnitOfWork) -> ExtensionRow | None:
        return extensions.by_number(uow, request)

    found = desk.database.read_now(read)
    assert found is not None
    return found


# ── asking ──


def test_the_request_lies_with_the_office_and_the_time_limit_holds_meanwhile(extended: Desk, number: str) -> None:
    request = asked(extended, number)

    assert due_day(extended) == "08-07 00:00"
    (waits,) = [n for n in extended.told(OFFICE) if isinstance(n, ExtensionWaits)]
    assert f"准予延期 {request}" in as_read(waits)
    assert "市局审批未下" in as_read(waits)


@pytest.mark.parametrize(
    "command",
    ["延期 {} 8月16日 审批未下", "申请延期 {} 延期至8月16日，审批未下", "缓报 报送水环境整治方案 8月16日前 审批未下"],
)
def test_the_words_that_mean_it(extended: Desk, number: str, command: str) -> None:
    answer = extended.answer(WATER_CLERK, command.format(number))

    assert isinstance(answer, ExtensionAsked)
    assert (answer.line.matter, answer.line.reason) == (number, "审批未下")
    assert f"{answer.line.new_due.astimezone(ZONE):%m-%d}" == "08-17"


def test_where_the_measure_knows_no_extension_the_answer_says_so(desk: Desk) -> None:
    """The measure as shipped has none."""
    number = assigned(desk, SHORT)

    answer = desk.answer(WATER_CLERK, f"延期 {number} 8月16日 审批未下")

    assert isinstance(answer, ExtensionRefused)
    assert answer.why is NotExtended.NOT_ALLOWED
    assert "本办法没有延期的规定" in as_read(answer)


def test_asked_after_the_time_limit_it_is_refused(extended: Desk, number: str) -> None:
    extended.wind(8, 7, 9)

    answer = extended.answer(WATER_CLERK, f"延期 {number} 8月16日 审批未下")

    assert isinstance(answer, ExtensionRefused)
    assert answer.why is NotExtended.TOO_LATE
    assert "时限已过，不再受理延期" in as_read(answer)


@pytest.mark.parametrize(
    ("until", "why"),
    [("8月22日", NotExtended.TOO_LONG), ("8月6日", NotExtended.NOT_LATER), ("8月5日", NotExtended.NOT_LATER)],
)
def test_a_day_that_will_not_do(extended: Desk, number: str, until: str, why: NotExtended) -> None:
    answer = extended.answer(WATER_CLERK, f"延期 {number} {until} 审批未下")

    assert isinstance(answer, ExtensionRefused)
    assert answer.why is why


def test_the_longest_extension_is_allowed(extended: Desk, number: str) -> None:
    assert asked(extended, number, "8月21日")


def test_one_request_at_a_time(extended: Desk, number: str) -> None:
    request = asked(extended, number)

    answer = extended.answer(WATER_HEAD, f"延期 {number} 8月18日 再等几天")

    assert isinstance(answer, ExtensionRefused)
    assert (answer.why, answer.number) == (NotExtended.WAITS, request)


def test_so_often_and_no_more(extended: Desk, number: str) -> None:
    granted(extended, asked(extended, number))

    answer = extended.answer(WATER_CLERK, f"延期 {number} 8月25日 还是不行")

    assert isinstance(answer, ExtensionRefused)
    assert (answer.why, answer.times) == (NotExtended.USED_UP, 1)


def test_what_is_missing_is_asked_for(extended: Desk, number: str) -> None:
    no_day = extended.answer(WATER_CLERK, f"延期 {number} 审批未下")
    no_reason = extended.answer(WATER_CLERK, f"延期 {number} 8月16日")

    assert isinstance(no_day, RepairLine)
    assert isinstance(no_reason, RepairLine)
    assert (no_day.repair, no_reason.repair) == (Repair.EXTEND_UNTIL, Repair.REASON_OF_EXTENSION)
    # The line to copy works.
    assert isinstance(extended.answer(WATER_CLERK, as_read(no_reason).split("可回复：")[1]), ExtensionAsked)


def test_which_item_is_asked_where_several_are_open(extended: Desk, number: str) -> None:
    which = extended.answer(WATER_CLERK, "延期 8月16日 审批未下")

    assert isinstance(which, WhichDuty)
    assert f"延期 {number}" in which.titles


def test_a_strangers_item_cannot_be_named(extended: Desk, number: str) -> None:
    answer = extended.answer(CLERK, f"延期 {number} 8月16日 审批未下")

    assert isinstance(answer, ExtensionRefused)
    assert answer.why is NotExtended.NOTHING_OPEN


# ── deciding ──


def test_granting_moves_the_due_time_and_keeps_the_old_one(extended: Desk, number: str) -> None:
    request = asked(extended, number)
    granted(extended, request)

    assert due_day(extended) == "08-17 00:00"
    assert kept(extended, request).old_due.astimezone(ZONE).strftime("%m-%d") == "08-07"
    told = extended.told(WATER_CLERK)[-1]
    assert isinstance(told, ExtensionDecided)
    assert "时限由8月6日（周五）24:00延至8月16日（周一）24:00" in as_read(told)


def test_the_ladder_follows_and_says_nothing_again(extended: Desk, number: str) -> None:
    """The urging comes after the new time limit, and only then."""
    granted(extended, asked(extended, number))

    extended.wind(8, 16, 17)
    assert heard(extended, number, Urging) == 0
    extended.wind(8, 17, 9, 30)
    assert heard(extended, number, Urging) == 1


def test_granted_after_the_time_limit_the_deduction_proposed_meanwhile_falls(extended: Desk, number: str) -> None:
    """Asked in time; the office is slow: the unit was urged and a deduction proposed. Neither counts any longer."""
    request = asked(extended, number)
    extended.wind(8, 9, 9, 30)
    assert any(isinstance(n, Proposed) for n in extended.told(WATER_CLERK))
    assert extended.score("县环保局").provisional.final == 78

    granted(extended, request)

    assert extended.score("县环保局").provisional.final == 80
    (row,) = extended.rows("县环保局", TITLE)
    assert row.urged_at is None
    urged = sum(isinstance(n, Urging) for n in extended.told(WATER_CLERK))
    extended.wind(8, 16, 17)
    assert sum(isinstance(n, Urging) for n in extended.told(WATER_CLERK)) == urged
    extended.wind(8, 17, 9, 30)
    assert sum(isinstance(n, Urging) for n in extended.told(WATER_CLERK)) == urged + 1
    extended.wind(8, 20, 9, 30)
    assert extended.score("县环保局").provisional.final == 78


def test_a_reminder_that_was_heard_is_not_said_again(extended: Desk) -> None:
    """Reminded, urged, and given more time late: the urging counts no longer, the reminder stays said."""
    number = assigned(extended, SHORT.replace("8月6日", "8月13日"))
    extended.wind(8, 12, 10)
    request = asked(extended, number, "8月26日")
    extended.wind(8, 16, 10)
    assert (heard(extended, number, Reminder), heard(extended, number, Urging)) == (1, 1)

    granted(extended, request)
    extended.wind(8, 26, 17)
    assert (heard(extended, number, Reminder), heard(extended, number, Urging)) == (1, 1)
    extended.wind(8, 27, 10)
    assert heard(extended, number, Urging) == 2


def test_a_report_can_be_extended_too(extended: Desk) -> None:
    answer = extended.answer(PLAN_CLERK, "延期 8月工作计划 8月9日 人员外出培训")
    assert isinstance(answer, ExtensionAsked)
    granted(extended, answer.line.number)

    extended.wind(8, 9, 17)
    assert not [
        n for n in extended.told(PLAN_CLERK) if isinstance(n, Urging) and any(PLAN[:6] in x.title for x in n.lines)
    ]
    extended.wind(8, 10, 9, 30)
    assert [n for n in extended.told(PLAN_CLERK) if isinstance(n, Urging) and any(PLAN[:6] in x.title for x in n.lines)]


def test_a_calendar_that_becomes_known_leaves_the_granted_day(extended: Desk) -> None:
    """What the office has granted is no longer counted by the duty's rule."""
    granted(extended, extended.answer(PLAN_CLERK, "延期 8月工作计划 8月9日 人员外出培训").line.number)
    (row,) = extended.rows("县信访局", "8月工作计划")

    def correct(uow: UnitOfWork) -> None:
        uow.update(ObligationRow, ObligationRow.id == row.id, held=True)
        calendar_news.sweep(uow, extended.installation, extended.clock.now())

    extended.database.write_now(correct)

    (after,) = extended.rows("县信访局", "8月工作计划")
    assert (after.due, after.held) == (row.due, False)


@pytest.mark.parametrize("word", ["不予延期", "不同意延期", "退回"])
def test_refusing_needs_a_reason_and_leaves_the_time_limit(extended: Desk, number: str, word: str) -> None:
    request = asked(extended, number)
    assert extended.answer(OFFICE, f"{word} {request}").repair is Repair.REASON_OF_NO_EXTENSION

    extended.say(OFFICE, f"{word} {request} 理由不充分")
    decided = extended.answer(OFFICE, "确认")

    assert isinstance(decided, ExtensionDecided)
    assert not decided.granted
    assert due_day(extended) == "08-07 00:00"
    assert "理由不充分" in as_read(extended.told(WATER_CLERK)[-1])
    # It was not granted, so it does not use up what the measure allows.
    assert asked(extended, number)


def test_decided_once(extended: Desk, number: str) -> None:
    request = asked(extended, number)
    extended.say(OFFICE_TWO, f"通过 {request}")
    granted(extended, request)

    late = extended.answer(OFFICE_TWO, "确认")

    assert isinstance(late, ExtensionRefused)
    assert late.why is NotExtended.DECIDED


def test_what_was_reported_meanwhile_needs_no_extension(extended: Desk, number: str) -> None:
    request = asked(extended, number)
    extended.say(OFFICE, f"通过 {request}")
    extended.say(WATER_CLERK, f"办结 {number} 方案已报")

    answer = extended.answer(OFFICE, "确认")

    assert isinstance(answer, ExtensionRefused)
    assert answer.why is NotExtended.NEEDLESS
    assert due_day(extended) == "08-07 00:00"


def test_nobody_but_the_office_grants(extended: Desk, number: str) -> None:
    request = asked(extended, number)

    for who in (WATER_CLERK, CLERK, "county-lin"):
        assert isinstance(extended.answer(who, f"同意延期 {request}"), Refused)


def test_the_office_lists_what_waits(extended: Desk, number: str) -> None:
    asked(extended, number)

    answer = extended.answer(OFFICE, "延期")

    assert isinstance(answer, ExtensionWaits)
    assert [line.unit for line in answer.lines] == ["县环保局"]
    assert answer.lines[0].asked_at == START
