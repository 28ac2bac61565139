"""What deciding a year promises, as test bodies: published once for all, told within its circle, decided by people."""

from assessment.notices.results import Published, ResultsNotDone, ResultTable, ResultTold
from tests.handlers.desk import LEADER, OFFICE, OFFICE_TWO, WATER_CLERK, Desk

UNIT = "县环保局"


def a_unit_sees_its_own_result_alone(desk: Desk) -> None:
    _deducted(desk)
    _published(desk)

    (told,) = [notice for notice in desk.say(WATER_CLERK, "考核结果") if isinstance(notice, ResultTold | ResultTable)]

    assert isinstance(told, ResultTold)
    assert told.unit == UNIT


def last_place_is_for_those_who_decide(desk: Desk) -> None:
    _deducted(desk)

    assert UNIT in _last(desk, LEADER)
    assert not _last(desk, OFFICE)
    _published(desk)
    assert UNIT in _last(desk, LEADER)
    assert not _last(desk, OFFICE)


def what_is_published_stays(desk: Desk) -> None:
    _published(desk)
    before = _total(desk)
    _deducted(desk)

    assert _total(desk) == before


def what_changed_meanwhile_is_not_published(desk: Desk) -> None:
    desk.say(OFFICE_TWO, "公布")
    _deducted(desk)

    (answer,) = desk.say(OFFICE_TWO, "确认")

    assert isinstance(answer, ResultsNotDone)


def _published(desk: Desk) -> None:
    desk.say(OFFICE, "公布")
    assert any(isinstance(notice, Published) for notice in desk.say(OFFICE, "确认"))


def _deducted(desk: Desk) -> None:
    desk.say(OFFICE, f"扣分 {UNIT} U8 8月3日被诫勉谈话")
    recorded = desk.answer(OFFICE, "确认")
    desk.say(OFFICE, f"核定 {recorded.line.number} 已听取说明")
    desk.say(OFFICE, "确认")
    assert desk.score(UNIT).confirmed.final == 70


def _last(desk: Desk, who: str) -> list[str]:
    tables = [notice for notice in desk.say(who, "考核结果") if isinstance(notice, ResultTable)]
    return [name for table in tables for group in table.groups for name in group.last]


def _total(desk: Desk) -> object:
    """On whichever page of the published list it stands: points taken would move it down."""
    page = _list(desk, 1)
    pages = [page, *(_list(desk, number) for number in range(2, page.paged.pages + 1))]
    lines = [line for page in pages for group in page.groups for line in group.lines]
    return next(line.total for line in lines if line.name == UNIT)


def _list(desk: Desk, page: int) -> ResultTable:
    (table,) = [notice for notice in desk.say(LEADER, f"考核结果 第{page}页") if isinstance(notice, ResultTable)]
    assert table.number, "published"
    return table
