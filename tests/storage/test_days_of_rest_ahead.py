"""The days of rest that an urging names in advance, with their month where it is not today's."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from assessment.workdays import WorkCalendar
from storage import cases
from storage.installation import Installation

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("today", "named"),
    [
        ((2010, 8, 6), ("7日", "8日")),
        ((2010, 7, 30), ("7月31日", "8月1日")),
        ((2010, 9, 30), ("10月1日", "2日", "3日", "4日", "5日", "6日", "7日")),
    ],
)
def test_days_of_another_month_bear_its_name_once(today: tuple[int, int, int], named: tuple[str, ...]) -> None:
    installation = Installation(zone=ZONE, calendar=WorkCalendar(), ledger_key=b"k" * 32, classification_marks=())

    assert cases.rest_days_ahead(installation, datetime(*today, 9, tzinfo=ZONE)) == named
