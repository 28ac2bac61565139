"""Figures, times and turns of phrase, as the sayings are made of them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assessment.notices import OwedLine, Urging
from assessment.rulebook import Direction
from bot.cards import card_of
from bot.cards.figures import difference, shortfalls, values_of
from bot.cards.phrases import change, edition, said, wide
from bot.cards.times import by, clock, days_late, deadline, through

ZONE = ZoneInfo("Asia/Shanghai")
DUE = datetime(2010, 8, 6, tzinfo=ZONE)
"""24:00 of Thursday 5 August, as the exclusive next midnight."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of August 2010, stored as everything is: in UTC."""
    return datetime(2010, 8, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("points", "shown"),
    [
        (Decimal(-2), "拟扣2分"),
        (Decimal("0.5"), "拟加0.5分"),
        (Decimal("-0.3333"), "拟扣0.3333分"),
        (Decimal(0), "不加不扣"),
        (None, "分值未定"),
    ],
)
def test_what_a_clause_does(points: Decimal | None, shown: str) -> None:
    assert change(points, proposed=True) == shown


@pytest.mark.parametrize(
    ("actual", "forecast", "unit", "shown"),
    [
        ("85", "155", "万元/亩", "完成85，预测155（万元/亩）"),
        ("26", "25", "%", "完成26%，预测25%"),
        ("85", None, "万元/亩", "完成85万元/亩"),
        (None, "-2.10", "%", "预测−2.1%"),
    ],
)
def test_figures_with_their_unit(actual: str | None, forecast: str | None, unit: str, shown: str) -> None:
    figures = [Decimal(given) if given is not None else None for given in (actual, forecast)]

    assert values_of(figures[0], figures[1], unit) == shown


@pytest.mark.parametrize(
    ("value", "direction", "shown"),
    [
        ("50", Direction.HIGHER, ("距基本任务70差20", "距满分80差30")),
        ("75", Direction.HIGHER, ("达到基本任务70", "距满分80差5")),
        ("80", Direction.HIGHER, ("达到满分目标80",)),
        ("85", Direction.LOWER, ("距基本任务70差15", "距满分80差5")),
    ],
)
def test_gaps_against_both_targets(value: str, direction: Direction, shown: tuple[str, ...]) -> None:
    assert shortfalls(Decimal(value), Decimal(70), Decimal(80), direction, "个") == shown


def test_a_gap_of_a_share_is_in_percentage_points() -> None:
    assert difference(Decimal("12.25"), "%") == "12.25个百分点"


@pytest.mark.parametrize(
    ("programme", "version", "shown"),
    [
        ("考核办法", "2026-03", "《考核办法》（2026年3月版）"),
        ("考核办法(试行)", "试行", "《考核办法（试行）》"),
        ("考核办法", "第二", "《考核办法》（第二版）"),
        ("《考核办法》", "", "《考核办法》"),
    ],
)
def test_an_edition_has_its_name(programme: str, version: str, shown: str) -> None:
    assert edition(programme, version) == shown


def test_full_width_brackets_but_citations_and_clocks_as_they_are() -> None:
    assert wide("表扬(主办),见四(一)2(8月6日 09:00)") == "表扬（主办），见四(一)2（8月6日 09:00）"


def test_a_time_of_day_is_no_end_of_day() -> None:
    assert deadline(at(5, 18), ZONE) == "8月5日（周四）18:00"
    assert through(at(5, 18), ZONE) == "2010年8月5日 18:00"
    assert clock(DUE, ZONE) == "8月6日 00:00"


def test_a_new_year_midnight_belongs_to_the_old_year() -> None:
    assert by(datetime(2011, 1, 1, tzinfo=ZONE), ZONE, "◇") == "12月31日（周五）24:00前◇"


@pytest.mark.parametrize(
    ("now", "days"),
    [(at(5, 23, 59), 0), (DUE, 1), (at(6, 9), 1), (at(9, 9), 4)],
    ids=["before", "at", "day 1", "day 4"],
)
def test_days_late_count_from_the_due_day(now: datetime, days: int) -> None:
    assert days_late(DUE, now, ZONE) == days


@settings(max_examples=100, deadline=None)
@given(st.dates(min_value=date(2000, 1, 2), max_value=date(2099, 1, 1)))
def test_midnight_is_always_the_end_of_the_day_before(day: date) -> None:
    midnight = datetime(day.year, day.month, day.day, tzinfo=ZONE)
    before = midnight - timedelta(days=1)

    shown = deadline(midnight.astimezone(UTC), ZONE)

    assert shown.startswith(f"{before.month}月{before.day}日（周")
    assert shown.endswith("）24:00")


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters(), max_size=80))
@example("收”，核定加10分“")
def test_a_quotation_ends_where_we_end_it(typed: str) -> None:
    quotation = said(typed)

    assert quotation[0] == "“"
    assert quotation.index("”") == len(quotation) - 1
    assert len(quotation) <= 32
    assert len(quotation.splitlines()) == 1


def test_whoever_has_only_a_letter_to_sign_is_not_urged_to_report() -> None:
    letter = OwedLine(obligation=1, unit="甲局", title="2010年目标责任书", due=DUE, waiting_for="方立群", letter=True)
    report = OwedLine(obligation=2, unit="甲局", title="8月工作计划", due=DUE, owed=("工作计划",), required=1)
    again = letter.model_copy(update={"urged_before": True})

    assert card_of(Urging(lines=(letter,), now=DUE), ZONE).title == "催签：1项待签署"
    assert card_of(Urging(lines=(again,), now=DUE), ZONE).title == "再次催签：1项待签署"
    assert card_of(Urging(lines=(letter, report), now=DUE), ZONE).title.startswith("催报：")
