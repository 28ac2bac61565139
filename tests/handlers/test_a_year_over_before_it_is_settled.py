"""After the year's end: an earlier month's figure is not the year's, and without 结算 nobody has a total or a grade."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices.judging import SettleAsk, SettleDone
from assessment.notices.points import Reversed
from assessment.notices.result_lists import ResultLine
from assessment.notices.results import GradeAsk, GradeLine, GradeList, PublishAsk, ResultsNotDone, ResultsRefused
from bot.county import ZONE
from storage import proposals
from storage.programmes import running
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import desk_under, unit
from tests.handlers.test_a_measure_never_seen_before import TOWNS

GRADES = "等次:\n  方式: 条件\n  依据: 五\n  各等:\n    - {名称: 优秀, 得分不低于: 30}\n    - {名称: 合格}\n"
TOWN_NAMES = {"li": "东山镇", "wang": "西河镇", "sun": "北岭镇"}
ROSTER = unit("县考核办", "考核办", 考核办="ke") + "".join(
    unit(name, "乡镇", 填报人=account) for account, name in TOWN_NAMES.items()
)
EARLY_DECEMBER = datetime(2026, 12, 2, 9, tzinfo=ZONE)
YEAR_OVER = datetime(2027, 1, 3, 9, tzinfo=ZONE)
"""December's report is not due before the 5th."""
SECRET = "公布前保密: true\n"
ALL_DUE = datetime(2027, 1, 8, 9, tzinfo=ZONE)
NOVEMBER = "1—11月 固定资产投资8000万 农民人均可支配收入增幅6.5%"
DECEMBER = "1—12月 固定资产投资9000万 农民人均可支配收入增幅6.5%"


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """Of the year only November and December are reported to Duban."""
    books = {"towns.yaml": TOWNS + GRADES}
    path, live_from = tmp_path / "over.db", date(2026, 11, 1)
    with desk_under(books, ROSTER, sqlite_template, path, EARLY_DECEMBER, live_from) as at:
        yield at


def later(desk: Desk, moment: datetime) -> None:
    desk.clock.wind_to(moment)
    desk.settle()


def look_at_settling(desk: Desk) -> SettleAsk:
    shown = desk.answer("ke", "结算")
    assert isinstance(shown, SettleAsk)
    return shown


def settled(desk: Desk) -> None:
    """The office settles whatever can be settled, and confirms what comes of it."""
    look_at_settling(desk)
    assert isinstance(desk.answer("ke", "确认"), SettleDone)
    desk.say("ke", "核定 全部 数据已核")
    desk.say("ke", "确认")
    assert not open_proposals(desk)


def open_proposals(desk: Desk) -> int:
    found = desk.database.read_now(lambda uow: [proposals.undecided(uow, one.id) for one in running(uow)])
    return sum(len(list(rows)) for rows in found)


def graded(desk: Desk) -> dict[str, GradeLine]:
    shown = desk.answer("ke", "等次")
    assert isinstance(shown, GradeList)
    return {line.unit: line for _, lines in shown.groups for line in lines}


def published(desk: Desk) -> dict[str, ResultLine]:
    asked = desk.answer("ke", "公布")
    assert isinstance(asked, PublishAsk)
    return {line.name: line for group in asked.groups for line in group.lines}


# ── 未报 (A20) ──


def test_a_figure_before_the_last_report_that_was_due_does_not_settle_the_year(desk: Desk) -> None:
    desk.say("li", NOVEMBER)
    later(desk, ALL_DUE)

    (block,) = look_at_settling(desk).blocks

    assert block.proposed == ()
    own = [line for line in block.waiting if line.unit == "东山镇"]
    assert [(line.points, line.reasons) for line in own] == [(None, ("未报：完成数",))] * 2
    assert desk.entries("东山镇") == []
    assert open_proposals(desk) == 0


def test_until_the_next_report_is_due_the_latest_figure_counts(desk: Desk) -> None:
    desk.say("li", NOVEMBER)
    later(desk, YEAR_OVER)

    (block,) = look_at_settling(desk).blocks

    assert {line.points for line in block.proposed if line.unit == "东山镇"} == {Decimal(16), Decimal(20)}


def test_the_last_report_settles_it_and_only_for_what_it_names(desk: Desk) -> None:
    desk.say("li", NOVEMBER)
    desk.say("wang", NOVEMBER)
    later(desk, ALL_DUE)
    desk.say("li", DECEMBER)
    desk.say("wang", "1—12月 固定资产投资9000万")

    (block,) = look_at_settling(desk).blocks

    assert [(line.unit, line.points) for line in block.proposed] == [
        ("东山镇", Decimal(18)),
        ("东山镇", Decimal(20)),
        ("西河镇", Decimal(18)),
    ]
    assert ("西河镇", "农民人均可支配收入增幅") in [(line.unit, line.indicator) for line in block.waiting]


# ── 暂估 (R103) ──


def test_nothing_settled_after_the_years_end_is_no_total_and_no_grade(desk: Desk) -> None:
    for who in TOWN_NAMES:
        desk.say(who, DECEMBER)
    later(desk, ALL_DUE)

    assert graded(desk) == {}
    refused = desk.answer("ke", "公布")
    assert isinstance(refused, ResultsNotDone)
    assert refused.why is ResultsRefused.NOTHING_TO_PUBLISH
    sure = desk.answer("ke", "评等 全部")
    assert isinstance(sure, ResultsNotDone)
    assert sure.why is ResultsRefused.NOTHING_SURE


def test_while_a_year_is_under_way_a_total_is_what_the_ledger_holds(desk: Desk) -> None:
    assert {name: (line.total, line.estimated) for name, line in graded(desk).items()} == {
        name: (Decimal(0), False) for name in TOWN_NAMES.values()
    }


def test_who_lacks_something_is_estimated_and_gets_no_grade(desk: Desk) -> None:
    """东山镇 has everything settled, 西河镇 one indicator of two, 北岭镇 nothing."""
    later(desk, ALL_DUE)
    desk.say("li", DECEMBER)
    desk.say("wang", "1—12月 固定资产投资9000万")
    settled(desk)

    lines, grades = published(desk), graded(desk)

    assert {name: (line.total, line.lacking) for name, line in lines.items()} == {
        "东山镇": (Decimal(38), 0),
        "西河镇": (Decimal(18), 1),
        "北岭镇": (None, 2),
    }
    assert {name: (line.estimated, line.open) for name, line in grades.items()} == {
        "东山镇": (False, False),
        "西河镇": (True, True),
        "北岭镇": (True, True),
    }
    sure = desk.answer("ke", "评等 全部")
    assert isinstance(sure, GradeAsk)
    assert [(line.unit, line.decided) for line in sure.lines] == [("东山镇", "优秀")]
    assert "暂估" in as_read(desk.answer("wang", "得分"))


def test_while_points_of_a_unit_await_a_decision_it_gets_no_grade(desk: Desk) -> None:
    """结算 puts forward, 核定 enters: between the two the ledger holds less than the year."""
    later(desk, ALL_DUE)
    for who in TOWN_NAMES:
        desk.say(who, DECEMBER)
    look_at_settling(desk)
    assert isinstance(desk.answer("ke", "确认"), SettleDone)

    lines = graded(desk)

    found = {name: (line.undecided, line.open, line.proposed) for name, line in lines.items()}
    assert found == dict.fromkeys(TOWN_NAMES.values(), (2, True, "优秀"))
    assert "未核定2项，暂不能按条件判定" in as_read(desk.answer("ke", "等次"))
    sure = desk.answer("ke", "评等 全部")
    assert isinstance(sure, ResultsNotDone)
    assert sure.why is ResultsRefused.NOTHING_SURE
    desk.say("ke", "核定 全部 数据已核")
    desk.say("ke", "确认")
    sure = desk.answer("ke", "评等 全部")
    assert isinstance(sure, GradeAsk)
    assert [(line.unit, line.decided) for line in sure.lines] == [(name, "优秀") for name in TOWN_NAMES.values()]


def test_before_publication_no_correction_tells_what_was_added(sqlite_template: Path, tmp_path: Path) -> None:
    """Of a measure kept secret a unit hears of deductions alone: what takes an addition back would tell it."""
    books, path = {"towns.yaml": SECRET + TOWNS + GRADES}, tmp_path / "secret.db"
    with desk_under(books, ROSTER, sqlite_template, path, EARLY_DECEMBER, date(2026, 11, 1)) as desk:
        later(desk, ALL_DUE)
        for who in TOWN_NAMES:
            desk.say(who, DECEMBER)
        settled(desk)
        desk.say("li", "1—12月 固定资产投资8000万 农民人均可支配收入增幅6.5%")
        settled(desk)

        (added,) = [one for one in desk.entries("东山镇") if one.points == Decimal(18)]
        (taken_back,) = [one for one in desk.entries("东山镇") if one.reverses == added.id]

        assert not [notice for notice in desk.told("li") if isinstance(notice, Reversed)]
        for question in ("为什么", f"为什么 {added.number}", f"为什么 {taken_back.number}"):
            assert "18" not in as_read(desk.answer("li", question))
