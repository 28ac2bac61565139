"""A measure taken into use in August with its 期初 sheet: what people see, and what nobody is asked for."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from assessment.notices import ScoreTold, Trend
from assessment.submission import Figure, Slot
from bot.bring_in import Wishes
from bot.county import ZONE
from bot.opening_sheet import bring_opening
from storage import proposals, submissions
from tests.bot.opening_county import RULEBOOK, SHEET
from tests.handlers.desk import Desk
from tests.handlers.one_measure import desk_under, unit

ROSTER = (
    unit("督查室", "考核办", 考核办="chen")
    + unit("甲局", "部门", 填报人="wang", 主要负责人="gao")
    + unit("乙局", "部门", 填报人="赵敏")
)
START = datetime(2026, 8, 3, 9, 0, tzinfo=ZONE)
EXPORT = Slot("export", Figure.ACTUAL)
LIVE = date(2026, 8, 1)


@pytest.fixture
def desk(sqlite_template: Path, tmp_path: Path) -> Iterator[Desk]:
    with desk_under({"kaohe.yaml": RULEBOOK}, ROSTER, sqlite_template, tmp_path / "m.db", START, LIVE) as desk:
        sheet = SHEET.replace("\n甲,", "\n甲局,")
        wishes = Wishes(today=START.date(), live_from=LIVE)
        bring_opening("期初.csv", sheet, desk.database, desk.installation, wishes, by="chen", now=START)
        yield desk


def test_the_score_begins_with_what_stood_before(desk: Desk) -> None:
    told = desk.answer("wang", "得分")

    assert isinstance(told, ScoreTold)
    assert [block.confirmed for block in told.points] == [Decimal("81.5")]


def test_nobody_is_told_or_urged_for_months_before(desk: Desk) -> None:
    """What follows August is asked for as ever."""
    assert desk.told("wang") == desk.told("赵敏") == []

    desk.wind(8, 6, 18, 0)

    assert {line.title for notice in desk.told("wang") for line in notice.lines} == {"1—7月指标进展"}  # type: ignore[attr-defined]
    assert [row.title for row in desk.rows("甲局")] == ["1—5月指标进展", "1—6月指标进展", "1—7月指标进展"]


def test_a_trend_has_the_months_before(desk: Desk) -> None:
    desk.say("wang", "自营出口2.1,预测5")

    told = desk.answer("wang", "趋势 自营出口")

    assert isinstance(told, Trend)
    (course,) = told.courses
    assert [(point.period, point.actual) for point in course.points] == [
        ("2026-05", Decimal("1.2")),
        ("2026-06", Decimal("1.5")),
        ("2026-07", Decimal("2.1")),
    ]


def test_a_figure_that_falls_behind_the_month_before_is_doubted(desk: Desk) -> None:
    answers = desk.say("wang", "自营出口0.15,预测5")

    assert "1.5" in "".join(str(answer) for answer in answers)


def test_a_past_figure_that_is_corrected_earns_and_costs_nothing(desk: Desk) -> None:
    """By the measure a report in time earns 0.1: not one that came in before the measure ran here."""
    desk.say("wang", "更正 6月 自营出口1.6,预测5,新增就业500,预测900")

    row = desk.rows("甲局", "1—6月")[0]
    assert desk.database.read_now(lambda uow: submissions.current(uow, row.id)).values[EXPORT] == Decimal("1.6")
    assert desk.database.read_now(lambda uow: proposals.of_obligation(uow, row.id)) == []
    assert [entry.clause for entry in desk.entries("甲局")] == ["U1", "U2"]
