"""People who know no command: what they say is taken for the command that answers it, and nothing else is."""

import pytest

from assessment.roster import Roster, Unit
from handlers import whom
from handlers.said_otherwise import said_otherwise

EAST, WEST = Unit(1, "东山镇", ("东山",)), Unit(2, "西河镇")
NORTH, NORTH_BUREAU = Unit(3, "北川镇"), Unit(4, "北川分局")
ROSTER = Roster((EAST, WEST, NORTH, NORTH_BUREAU), (), ())


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("你好", "帮助"),
        ("在吗？", "帮助"),
        ("怎么报啊", "报送"),
        ("我们还要报什么", "我的任务"),
        ("月报什么时候截止", "我的任务"),
        ("截止日期是几号", "我的任务"),
        ("报送截止是哪天？", "我的任务"),
        ("没数据", "零报告"),
        ("数字报错了", "更正"),
        ("能不能晚两天报", "延期"),
        ("催一下没报的", "催报"),
        ("哪个镇最差", "排名"),
        ("第一名是谁", "排名"),
        ("固定资产投资改成900", "更正 固定资产投资 900"),
        ("今晚报", None),
        ("会议改为9号召开", None),
        ("西河镇怎么样", "得分 西河镇"),
        ("看看东山工作情况", "得分 东山镇"),
        ("东山情况怎么样？", "得分 东山镇"),
        ("给西河镇扣5分，发生安全事故", "扣分 西河镇 扣5分 发生安全事故"),
        ("西河镇信访扣2分", "扣分 西河镇 信访 扣2分"),
        ("天气怎么样", None),
        ("明天开会", None),
        ("固定资产投资800万元", None),
        ("没数据来源的指标不报", None),
    ],
)
def test_what_is_meant(text: str, command: str | None) -> None:
    assert said_otherwise(text, ROSTER) == command


@pytest.mark.parametrize(
    ("text", "unit", "rest"),
    [
        ("西河 多少分", WEST, "多少分"),
        ("西河", WEST, ""),
        ("北川 多少分", None, "北川 多少分"),
        ("西河道整治", None, "西河道整治"),
        ("西 多少分", None, "西 多少分"),
        ("东山镇、西河镇", EAST, "西河镇"),
    ],
)
def test_a_unit_by_the_beginning_of_its_name(text: str, unit: Unit | None, rest: str) -> None:
    """西河 is 西河镇 where nothing else begins so; two of them are never chosen between."""
    assert whom.leading(ROSTER, text) == (unit, rest)
