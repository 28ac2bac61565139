"""分解: the office sees each target beside the sum of its parts, and what has not been given out yet."""

from datetime import datetime

from assessment.notices import Refused
from assessment.notices.splits import SplitsTold
from bot.county import ZONE
from tests.handlers.desk import Desk, as_read
from tests.handlers.one_measure import Under, shipped, unit

START = datetime(2009, 6, 5, 9, tzinfo=ZONE)
PEOPLE = (
    unit("县考核办", "考核办", 考核办="ke")
    + unit("县经发局", "指标承担部门", 填报人="jing")
    + unit("甲镇", "乡镇", 填报人="jia")
    + unit("乙镇", "乡镇", 填报人="yi")
)


def split(first: str, second: str, more: str = "") -> dict[str, str]:
    """The county's measure with its revenue given out to two towns."""
    target = "    下达任务: 1.74\n"
    parts = f"    分解: [{{单位: 甲镇, 基本任务: {first}}}, {{单位: 乙镇, 基本任务: {second}}}]\n{more}"
    return shipped("county-2009.yaml", (target, target + parts))


def asked(desk: Desk) -> str:
    answer = desk.answer("ke", "分解")
    assert isinstance(answer, SplitsTold)
    return as_read(answer)


def test_a_gap_of_four_million_is_named(under: Under) -> None:
    """R77: 0.9 and 0.8 of 1.74亿元 leave 400万元 that nobody has."""
    with under(split("0.9", "0.8"), PEOPLE, START) as desk:
        told = asked(desk)

    assert "财政收入：基本任务1.74亿元；分解2家，合计1.7亿元，分解缺口0.04亿元。" in told


def test_what_was_given_out_twice_is_not_added(under: Under) -> None:
    """R77: towns and departments each take the whole; nobody reads 3.48."""
    dual = "    双向分解: [{单位: 县经发局, 基本任务: 1.74}]\n"
    with under(split("0.94", "0.8", dual), PEOPLE, START) as desk:
        told = asked(desk)

    assert "分解2家，合计1.74亿元，与基本任务相符；双向分解1家，合计1.74亿元，与基本任务相符，不与分解相加。" in told
    assert "3.48" not in told


def test_more_than_the_target_and_a_part_that_is_not_set(under: Under) -> None:
    with under(split("1", "0.8"), PEOPLE, START) as desk:
        assert "分解多出0.06亿元。" in asked(desk)


def test_while_a_part_is_not_set_nothing_is_said_of_a_gap(under: Under) -> None:
    with under(split("0.94", "null"), PEOPLE, START) as desk:
        assert "合计0.94亿元，乙镇未定，暂不能核对。" in asked(desk)


def test_a_town_is_not_shown_what_others_were_given(under: Under) -> None:
    """R77: only who sees all indicators."""
    with under(split("0.9", "0.8"), PEOPLE, START) as desk:
        assert isinstance(desk.answer("jia", "分解情况"), Refused)
