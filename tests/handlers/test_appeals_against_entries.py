"""申诉 against one entry, the day for its answer, and the two answers (R102, R101)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import Decided, FilesTaken, Refused, ReverseAsk, Reversed, ScoreLines, ScoreTold, Why
from assessment.notices.appealing import (
    AppealAsk,
    AppealDated,
    AppealDeclined,
    AppealDue,
    AppealList,
    AppealRefusal,
    AppealRefused,
    AppealTaken,
    AppealWhich,
)
from assessment.notices.following_up import FollowUpList
from bot.county import CHANNEL, demonstration, found
from handlers.incoming import FileRef
from schedules import opening
from storage.database import Database
from tests.handlers.desk import (
    CLERK,
    HEAD,
    LEADER,
    OFFICE,
    OFFICE_TWO,
    START,
    WATER_CLERK,
    Desk,
    as_read,
    entered_deduction,
)

WORDS = "会签单显示8月6日已送达，请复核。"


def appealed(desk: Desk, entry: str) -> str:
    """县环保局 appeals; the number of the appeal."""
    taken = desk.answer(WATER_CLERK, f"申诉 {entry} {WORDS}")
    assert isinstance(taken, AppealTaken), taken
    return taken.line.number


def why_not(desk: Desk, who: str, text: str) -> AppealRefusal:
    answer = desk.answer(who, text)
    assert isinstance(answer, AppealRefused), answer
    return answer.why


# ── what is appealed against ──


@pytest.mark.parametrize("typed", ["申诉 {l} {w}", "有异议 {l} {w}", "复核 {s} {w}", "申诉{l} {w}"])
def test_an_appeal_is_numbered_and_told_to_the_office(desk: Desk, entry: str, typed: str) -> None:
    """R102: an objection record to the office; the points stand meanwhile."""
    taken = desk.answer(WATER_CLERK, typed.format(l=entry, s=entry.rsplit("-", 1)[1], w=WORDS))

    assert isinstance(taken, AppealTaken)
    assert taken.line.number.startswith("A-1008-")
    assert (taken.line.entry, taken.line.text) == (entry, WORDS)
    (told,) = [notice for notice in desk.told(OFFICE) if isinstance(notice, AppealTaken)]
    assert told.to_office
    assert f"申诉期限 {taken.line.number} 日期" in as_read(told)
    assert desk.score("县环保局").confirmed.final == Decimal(78)


def test_without_a_number_the_entries_are_listed(desk: Desk, entry: str) -> None:
    (line,) = desk.answer(WATER_CLERK, "申诉").lines

    assert (line.entry, line.points) == (entry, Decimal(-2))
    assert desk.answer(WATER_CLERK, f"申诉 {WORDS}").lines == (line,)
    assert desk.answer(CLERK, "申诉") == AppealWhich(lines=())
    appealed(desk, entry)
    assert desk.answer(WATER_CLERK, "申诉") == AppealWhich(lines=())


def test_exactly_one_entry_with_a_reason(desk: Desk, entry: str) -> None:
    assert why_not(desk, WATER_CLERK, f"申诉 {entry}") is AppealRefusal.NO_REASON
    assert why_not(desk, WATER_CLERK, f"申诉 {entry}、L-1008-99 {WORDS}") is AppealRefusal.SEVERAL


def test_a_proposal_is_answered_by_a_statement(desk: Desk, proposal: str) -> None:
    assert why_not(desk, WATER_CLERK, f"申诉 {proposal} {WORDS}") is AppealRefusal.PROPOSED
    assert isinstance(desk.answer(CLERK, f"申诉 {proposal} {WORDS}"), Refused)


def test_nobody_appeals_for_another_unit(desk: Desk, entry: str) -> None:
    for who in (CLERK, HEAD, LEADER, OFFICE):
        assert isinstance(desk.answer(who, f"申诉 {entry} {WORDS}"), Refused)
        assert isinstance(desk.answer(who, f"申诉 L-1008-999 {WORDS}"), Refused)


def test_in_a_group_nothing_of_it_is_said(desk: Desk, entry: str) -> None:
    desk.say(WATER_CLERK, f"申诉 {entry} {WORDS}", group=True)

    in_groups = [row for row in desk.letters() if row.to_group]
    assert all(entry not in str(row.notice) for row in in_groups)


def test_one_open_appeal_for_an_entry(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    again = desk.answer(WATER_CLERK, f"申诉 {entry} 再次申诉")

    assert (again.why, again.number) == (AppealRefusal.OPEN_ALREADY, number)


def test_a_corrected_entry_and_a_correction_are_not_appealed_against(desk: Desk, entry: str) -> None:
    desk.say(OFFICE, f"更正分 {entry} 会签单显示已送达")
    made = desk.answer(OFFICE, "确认").by_entry

    for number in (entry, made):
        assert why_not(desk, WATER_CLERK, f"申诉 {number} {WORDS}") is AppealRefusal.CORRECTED


# ── while it is open ──


def test_the_entry_is_shown_as_disputed_and_counts(desk: Desk, entry: str) -> None:
    """Dialogue 5.5: 争议中, the total unchanged; afterwards the mark is gone."""
    number = appealed(desk, entry)
    score, lines = desk.answer(WATER_CLERK, "得分"), desk.answer(OFFICE, "县环保局明细")
    why = desk.answer(WATER_CLERK, f"为什么 {entry}")

    assert isinstance(score, ScoreTold)
    assert isinstance(lines, ScoreLines)
    assert "核定78分" in as_read(score)
    for answer in (score, lines):
        assert f"争议中，申诉{number}" in as_read(answer)
    assert "争议中" in as_read(why)
    assert "总分不变" in as_read(why)

    desk.say(OFFICE, f"申诉不成立 {number} 会签单为8月9日")
    desk.say(OFFICE, "确认")
    assert "争议中" not in as_read(desk.answer(WATER_CLERK, "得分"))
    assert "会签单为8月9日" in as_read(desk.answer(WATER_CLERK, f"为什么 {entry}"))


def test_why_offers_an_appeal_to_those_concerned_alone(desk: Desk, entry: str) -> None:
    mine, office = desk.answer(WATER_CLERK, f"为什么 {entry}"), desk.answer(OFFICE, f"为什么 {entry}")

    assert isinstance(mine, Why)
    assert (mine.may_appeal, office.may_appeal) == (True, False)
    appealed(desk, entry)
    assert not desk.answer(WATER_CLERK, f"为什么 {entry}").may_appeal


def test_the_office_finds_it_among_its_tasks(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    (waiting,) = [notice for notice in desk.say(OFFICE, "待办") if isinstance(notice, AppealList)]

    assert [line.number for line in waiting.lines] == [number]
    assert not [n for n in desk.say(WATER_CLERK, "我的任务") if isinstance(n, AppealList)]
    desk.say(OFFICE, f"申诉不成立 {number} 会签单为8月9日")
    desk.say(OFFICE, "确认")
    assert not [notice for notice in desk.say(OFFICE, "待办") if isinstance(notice, AppealList)]
    assert [notice for notice in desk.say(OFFICE, "待办") if isinstance(notice, FollowUpList)]


def test_a_file_sent_afterwards_is_its_evidence(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    taken = desk.answer(WATER_CLERK, "", files=(FileRef(key="f1", kind="file", name="会签单.pdf"),))

    assert isinstance(taken, FilesTaken)
    assert taken.number == number
    (waiting,) = [notice for notice in desk.say(OFFICE, "待办") if isinstance(notice, AppealList)]
    assert waiting.lines[0].files == ("会签单.pdf",)


# ── the day ──


def test_without_days_in_the_measure_the_office_sets_the_day(desk: Desk, entry: str) -> None:
    """R102: nothing is guessed about the day; the unit is told once it is set, and the office reminded before it."""
    number = appealed(desk, entry)
    (receipt,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, AppealTaken)]
    assert receipt.line.day is None
    assert "答复期限由县委县政府督查室确定后告知" in as_read(receipt)

    assert why_not(desk, OFFICE, f"申诉期限 {number}") is AppealRefusal.WHICH_DAY
    assert [notice for notice in desk.say(OFFICE, f"申诉期限 {number} 8月20日") if isinstance(notice, AppealDated)]
    (dated,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, AppealDated)]
    assert dated.line.day == date(2010, 8, 20)

    desk.wind(8, 18, 17, 0)
    assert not [notice for notice in desk.shown(OFFICE) if "申诉待答复" in notice]
    desk.wind(8, 19, 9, 30)
    assert [text for text in desk.shown(OFFICE) if "申诉待答复：8月20日" in text]
    assert [text for text in desk.shown(OFFICE_TWO) if "申诉待答复：8月20日" in text]


def test_another_day_takes_the_place_of_the_first(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    desk.say(OFFICE, f"申诉期限 {number} 8月20日")
    desk.say(OFFICE, f"申诉期限 {number} 8月27日")
    desk.wind(8, 20, 9, 30)
    assert not [text for text in desk.shown(OFFICE) if "申诉待答复" in text]
    desk.say(OFFICE, f"申诉不成立 {number} 会签单为8月9日")
    desk.say(OFFICE, "确认")
    desk.wind(8, 27, 9, 30)
    assert not [text for text in desk.shown(OFFICE) if "申诉待答复" in text]
    assert [row for row in desk.letters() if row.notice["kind"] == AppealDue.__name__]
    assert why_not(desk, OFFICE, f"申诉期限 {number} 9月3日") is AppealRefusal.ANSWERED


@pytest.fixture
def dated(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A county whose measures want an appeal answered within 10 workdays."""
    setting = demonstration(START, date(2010, 8, 1))
    books = {name: f"{text}\n申诉答复工作日: 10\n" for name, text in setting.rulebooks.items()}
    path = tmp_path / "dated.db"
    path.write_bytes(sqlite_template.read_bytes())
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(lambda uow: found(uow, replace(setting, rulebooks=books), {CHANNEL: CHANNEL}))
        desk = Desk(database, START)
        database.write_now(lambda uow: opening.sweep(uow, desk.installation, START))
        yield desk


def test_the_measures_own_days_are_workdays_after_the_receipt(dated: Desk) -> None:
    entry = entered_deduction(dated)  # 9 August, a Monday
    taken = dated.answer(WATER_CLERK, f"申诉 {entry} {WORDS}")

    assert (taken.line.day, taken.workdays) == (date(2010, 8, 23), 10)
    assert "8月23日（周一）24:00前由县委县政府督查室答复（10个工作日）" in as_read(taken)
    assert why_not(dated, OFFICE, f"申诉期限 {taken.line.number} 8月27日") is AppealRefusal.DAY_BY_MEASURE
    dated.wind(8, 20, 9, 30)
    assert [text for text in dated.shown(OFFICE) if "申诉待答复：8月23日" in text]


# ── the answers ──


def test_an_appeal_upheld_is_a_reversing_entry(desk: Desk, entry: str) -> None:
    """R101, R102: 申诉成立 goes the way of 更正分; the unit is told with its new total."""
    number = appealed(desk, entry)
    assert isinstance(desk.answer(OFFICE, f"申诉成立 {number} 会签单显示已送达"), ReverseAsk)
    assert len(desk.entries("县环保局")) == 1
    assert isinstance(desk.answer(OFFICE, "确认"), Reversed)

    assert [made.points for made in desk.entries("县环保局")] == [Decimal(-2), Decimal(2)]
    (told,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, Reversed)]
    assert (told.appeal, told.total) == (number, Decimal(80))
    assert why_not(desk, OFFICE, f"申诉成立 {number} 再来") is AppealRefusal.ANSWERED
    assert why_not(desk, WATER_CLERK, f"申诉 {entry} 再来") is AppealRefusal.UPHELD_BEFORE


def test_a_correction_by_the_office_itself_answers_the_appeal(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    desk.say(OFFICE, f"更正分 {entry} 会签单显示已送达")
    assert desk.answer(OFFICE, "确认").appeal == number

    assert why_not(desk, OFFICE, f"申诉不成立 {number} 理由") is AppealRefusal.ANSWERED


def test_an_appeal_declined_is_told_with_its_reason(desk: Desk, entry: str) -> None:
    """R102: the answer has a reason, and a second appeal on the same line gets it again."""
    number = appealed(desk, entry)
    assert why_not(desk, OFFICE, f"申诉不成立 {number}") is AppealRefusal.ANSWER_LACKS_REASON
    assert isinstance(desk.answer(OFFICE, f"申诉不成立 {number} 会签单为8月9日"), AppealAsk)
    assert isinstance(desk.answer(OFFICE, "确认"), AppealDeclined)

    (told,) = [notice for notice in desk.told(WATER_CLERK) if isinstance(notice, AppealDeclined)]
    assert told.reason == "会签单为8月9日"
    assert len(desk.entries("县环保局")) == 1
    again = desk.answer(WATER_CLERK, f"申诉 {entry} {WORDS}")
    assert (again.why, again.reason) == (AppealRefusal.DECLINED_BEFORE, "会签单为8月9日")


def test_only_the_office_answers(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)

    for word in ("申诉成立", "申诉不成立", "申诉期限"):
        for who in (WATER_CLERK, CLERK, LEADER):
            assert isinstance(desk.answer(who, f"{word} {number} 8月20日"), Refused)
        assert why_not(desk, OFFICE, f"{word} A-1008-999 8月20日") is AppealRefusal.WHICH


@pytest.mark.parametrize(("first", "second"), [("申诉成立", "申诉不成立"), ("申诉不成立", "申诉成立")])
def test_two_answers_at_once_and_the_first_counts(desk: Desk, entry: str, first: str, second: str) -> None:
    number = appealed(desk, entry)
    desk.say(OFFICE, f"{first} {number} 理由甲")
    desk.say(OFFICE_TWO, f"{second} {number} 理由乙")
    desk.say(OFFICE, "确认")
    entries = len(desk.entries("县环保局"))
    desk.say(OFFICE_TWO, "确认")

    assert len(desk.entries("县环保局")) == entries == (2 if first == "申诉成立" else 1)
    assert len([n for n in desk.told(WATER_CLERK) if isinstance(n, Reversed | AppealDeclined)]) == 1


def test_a_second_confirmation_does_nothing_twice(desk: Desk, entry: str) -> None:
    number = appealed(desk, entry)
    desk.say(OFFICE, f"申诉不成立 {number} 理由")
    desk.say(OFFICE, "确认")
    desk.say(OFFICE, "确认")

    assert len([n for n in desk.told(WATER_CLERK) if isinstance(n, AppealDeclined)]) == 1


def test_a_decision_of_the_office_tells_how_to_appeal(desk: Desk, proposal: str) -> None:
    desk.say(OFFICE, f"核定 {proposal} 事实清楚")
    decided = desk.answer(OFFICE, "确认")

    assert isinstance(decided, Decided)
    assert any(f"申诉 {decided.entries[0]} 理由" in as_read(notice) for notice in desk.told(WATER_CLERK))
