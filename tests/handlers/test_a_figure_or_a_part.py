"""An own figure, a part of another duty, a duty's own name: which of several duties a text means."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from assessment.notices import ReportAnswered
from bot.county import ZONE
from tests.handlers.desk import Desk
from tests.handlers.one_measure import Under, shipped, unit

QUARTERS = (
    "名称: 主要指标月报告\n    依据: 三\n    周期: 月\n    累计口径: true\n    截止: null",
    "名称: 主要指标月报告\n    依据: 三\n    周期: 季\n    起始: 2009Q2\n    累计口径: true\n    截止: {次月: 8}",
)
ROSTER = unit("县考核办", "考核办", 考核办="chen") + unit("县经发局", "指标承担部门", 填报人="zhang")
FIGURES = (
    "1-5月财政收入7000万,全年预测1.69亿;固定资产投资3亿,预测7.82亿;生产总值20亿,预测50亿;招商引资6亿,预测15亿;"
    "非公有制经济9亿,预测22亿;化学需氧量减排120吨,预测300吨"
)
WORDS = "1—5月主要经济指标分析预测：分析：石油企业税收回落。预测：全年财政收入1.69亿元。"


@pytest.fixture
def desk(under: Under) -> Iterator[Desk]:
    """县经发局 owes figures, and a text of which one part is called 预测."""
    with under(shipped("county-2009.yaml", QUARTERS), ROSTER, datetime(2009, 6, 4, 15, 0, tzinfo=ZONE)) as desk:
        yield desk


def title(desk: Desk, text: str) -> str:
    answer = desk.answer("zhang", text)
    assert isinstance(answer, ReportAnswered)
    return answer.title


@pytest.mark.parametrize(
    "text", ["财政收入预测1.74亿", "更正 财政收入预测1.74亿", "更正 1—5月主要经济指标分析预测 财政收入预测1.74亿"]
)
def test_an_own_figure_says_more_than_a_word_of_another_duty(desk: Desk, text: str) -> None:
    desk.say("zhang", FIGURES)
    assert desk.answer("zhang", WORDS).complete

    answer = desk.answer("zhang", text)

    assert isinstance(answer, ReportAnswered)
    assert answer.title.endswith("1—5月主要经济指标分析预测")
    assert [line.name for line in answer.lines] == ["财政收入"]


def test_the_duty_s_own_name_says_more_than_either(desk: Desk) -> None:
    assert title(desk, "各自指标运行情况：总结：财政收入完成7000万。分析：税收回落。预测：全年1.69亿。").endswith(
        "各自指标运行情况"
    )


def test_a_part_as_a_heading_is_no_mere_word(desk: Desk) -> None:
    desk.say("zhang", FIGURES)
    assert title(desk, "总结：进度正常\n分析：税收回落").endswith("各自指标运行情况")
