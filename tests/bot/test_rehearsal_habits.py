"""What the units of a rehearsal type: on the right day, and so that the reader of reports takes all of it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.periods import Period
from assessment.report_text import read_report
from assessment.requirements import items, missing
from assessment.roster import Unit
from assessment.rulebook import Rulebook
from assessment.rulebook_file import load
from assessment.submission import Answer, Figure, Slot
from assessment.workdays import WorkCalendar
from bot.county import ZONE
from bot.rehearsal.habits import Habit, report_texts, reporting_day
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme

INSTALLATION = Installation(ZONE, WorkCalendar(), b"k" * 32)
UNIT = Unit(1, "甲局")
RULEBOOK = """编号: test
办法: 某县考核办法
版本: "1"
年度: 2026
主管: 督查室
出处: 某县文件
催办阶梯:
  - {编号: 月报, 各步: [{步骤: 催办, 时间: {逾期日: 1}}]}
报送任务:
  - {编号: monthly, 名称: 进展情况, 依据: 二, 周期: 月, 截止: {次月: 5}, 累计口径: true, 报指标: true,
     文字部分: [存在问题], 阶梯: 月报}
  - {编号: plan, 名称: 工作计划, 依据: 二, 周期: 月, 截止: {次月: 5}, 承担单位: [甲局], 阶梯: 月报}
指标:
"""
INDICATOR = "  - {{编号: {id}, 名称: {name}, 单位: {unit}, 类型: {kind}, 承担单位: [甲局], 依据: 一{more}}}\n"


def programme(indicators: str) -> Programme:
    rulebook: Rulebook = load(RULEBOOK + indicators, "test.yaml").rulebook
    return Programme(1, "test-2026", 1, "", date(2026, 1, 1), rulebook)


def obligation(duty: str = "monthly", period: str = "2026-07", title: str = "1—7月进展情况") -> ObligationRow:
    due = datetime(2026, 8, 6, tzinfo=ZONE).astimezone(UTC)
    values: dict[str, Any] = {"id": 1, "programme": 1, "kind": "duty", "ref": duty, "unit": 1, "period": period}
    return ObligationRow(**values, title=title, due=due, grace_end=due)


def taken(running: Programme, row: ObligationRow) -> Answer:
    """What the reader of reports takes for certain of the texts; every doubt fails."""
    answer = Answer()
    for text in report_texts(running, row, UNIT):
        heading, _, body = text.partition("\n")
        assert heading == row.title
        period = Period.parse(row.period)
        reading = read_report(body, own=running.rulebook.indicators, period=period, cumulative=True)
        assert not [item for item in reading.items if not item.certain], text
        values = {slot: value for item in reading.items for slot, value in item.values.items()}
        answer = Answer(values={**answer.values, **values}, parts={**answer.parts, **reading.parts})
    return answer


@pytest.mark.parametrize(
    ("habit", "day"),
    [(Habit.PUNCTUAL, date(2026, 8, 4)), (Habit.LATE, date(2026, 8, 8)), (Habit.NEVER, None)],
)
def test_the_day_before_three_days_after_or_never(habit: Habit, day: date | None) -> None:
    assert reporting_day(habit, obligation(), INSTALLATION) == day


def test_a_free_text_bears_its_title() -> None:
    (text,) = report_texts(programme(KINDS), obligation("plan", title="7月工作计划"), UNIT)

    assert text == "7月工作计划：按计划推进各项工作"


KINDS = (
    INDICATOR.format(id="a", name="工业总产值", unit="亿元", kind="累计", more=", 基本任务: 120, 满分目标: 150")
    + INDICATOR.format(id="b", name="高新占比", unit='"%"', kind="比率", more=", 基本任务: 20, 满分目标: 37.25")
    + INDICATOR.format(
        id="c", name="能耗变化", unit='"%"', kind="比率", more=", 变化率: true, 方向: 越小越好, 基本任务: -2.1"
    )
    + INDICATOR.format(id="d", name="入园企业", unit="个", kind="累计", more="")
    + INDICATOR.format(
        id="e",
        name="建成率",
        unit='"%"',
        kind="比率",
        more=", 分组: [{名称: 2007年, 基本任务: 90}, {名称: 2008年, 基本任务: 60}]",
    )
)


def test_every_kind_of_indicator_is_read_as_it_was_meant() -> None:
    running = programme(KINDS)

    answer = taken(running, obligation())

    duty = running.rulebook.duty("monthly")
    assert missing(items(running.rulebook, duty, UNIT, Period.parse("2026-07")), answer) == ()
    assert answer.values[Slot("a", Figure.ACTUAL)] == Decimal("69.70")
    assert answer.values[Slot("a", Figure.FORECAST)] == 120
    assert answer.values[Slot("c", Figure.ACTUAL)] == Decimal("-2.1")
    assert answer.values[Slot("e", Figure.ACTUAL, "2008年")] == 60


def test_the_year_s_last_report_forecasts_nothing() -> None:
    answer = taken(programme(KINDS), obligation(period="2026-12", title="1—12月进展情况"))

    assert {slot.figure for slot in answer.values} == {Figure.ACTUAL}
    assert answer.values[Slot("a", Figure.ACTUAL)] == 120


def test_many_indicators_go_in_several_messages() -> None:
    many = "".join(
        INDICATOR.format(
            id=f"x{n}", name=f"{a}{b}{c}规模以上工业总产值", unit="万元", kind="累计", more=f", 基本任务: {100 + n}"
        )
        for n, (a, b, c) in enumerate((a, b, c) for a in "甲乙丙丁戊" for b in "子丑寅卯辰" for c in "天地玄黄宇")
    )
    running = programme(many)

    texts = list(report_texts(running, obligation(), UNIT))

    assert len(texts) > 1
    assert max(map(len, texts)) <= 3000
    assert sum(text.count("预测") for text in texts) == 125


@settings(max_examples=40, deadline=None)
@given(st.decimals("0.01", "999999", places=2), st.integers(1, 12), st.sampled_from(["累计", "比率"]))
def test_whatever_the_target_the_figure_is_taken(base: Decimal, month: int, kind: str) -> None:
    running = programme(INDICATOR.format(id="a", name="工业总产值", unit="万元", kind=kind, more=f", 基本任务: {base}"))

    answer = taken(running, obligation(period=f"2026-{month:02}", title=f"1—{month}月进展情况"))

    assert Slot("a", Figure.ACTUAL) in answer.values
