"""What the picture of 得分 says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assessment.scorecard import Status
from bot.pictures import palette
from bot.pictures.page import STAND_IN_NOTE
from bot.pictures.score import ScoreLine, ScorePicture, draw_score
from tests.bot.pictures.boxes import read

PRAISED = ScoreLine("通报表扬", "四(一)3", Decimal("1.5"), number="L-1008-9", day=date(2010, 7, 20), reason="第8期")
LATE = ScoreLine("督办事项逾期", "四(一)1", Decimal(-5), number="L-1008-12", day=date(2010, 8, 9))
PROPOSED = ScoreLine("交办事项逾期", "四(一)2", Decimal(-2), Status.PROVISIONAL, "P-1008-31", date(2010, 8, 9))
COVERED = ScoreLine(
    "协办表扬",
    "四(一)3",
    Decimal("0.5"),
    Status.SUPPRESSED,
    "L-1008-13",
    date(2010, 8, 9),
    "已由 L-1008-9 覆盖",
)
UNDECIDED = ScoreLine("提前完成", "四(一)1", None, Status.UNDECIDED, "P-1008-33", date(2010, 8, 19))
SCORE = ScorePicture(
    account="县经贸局",
    programme="《督查工作考核办法》（2010年9月版）",
    as_of="2010年8月31日24:00",
    base=Decimal(80),
    confirmed=Decimal("76.5"),
    provisional=Decimal("74.5"),
    lines=(PRAISED, LATE, PROPOSED, COVERED, UNDECIDED),
)


def test_it_shows_both_totals_and_what_differs() -> None:
    picture = read(draw_score(SCORE))

    assert {"县经贸局", "《督查工作考核办法》（2010年9月版）", "截至2010年8月31日24:00"} <= set(picture.said)
    assert picture.saying("76.5").size > picture.saying("74.5").size
    assert {"核定", "暂计", "比核定少 2 分，待核定1条"} <= set(picture.said)


def test_every_line_has_cite_day_and_signed_points() -> None:
    said = read(draw_score(SCORE)).said

    assert "四(一)3，7月20日，L-1008-9，第8期" in said
    assert "四(一)1，8月9日，L-1008-12" in said
    assert {"基础分", "80", "小计 +1.5", "+1.5", "小计 −5", "−5"} <= set(said)
    assert not [each for each in said if each.startswith("-")]


def test_a_proposal_is_called_one_in_words() -> None:
    picture = read(draw_score(SCORE))

    assert {"待核定（只计入暂计）", "拟扣", "−2"} <= set(picture.said)
    assert "拟加" in read(draw_score(replace(SCORE, lines=(replace(PROPOSED, points=Decimal(2)),)))).said


def test_what_does_not_count_is_grey_with_its_reason_and_no_figure_in_the_column() -> None:
    picture = read(draw_score(SCORE))

    assert picture.saying("协办表扬").fill == palette.MUTED
    assert picture.saying("不重复计").fill == palette.MUTED
    assert picture.saying("已由 L-1008-9 覆盖").said.startswith("四(一)3，8月9日，L-1008-13，原 +0.5 分")
    assert "+0.5" not in picture.said
    assert "不计" in picture.said


def test_undecided_points_are_no_zero() -> None:
    picture = read(draw_score(replace(SCORE, lines=(UNDECIDED,))))

    assert {"待定分", "未定"} <= set(picture.said)
    assert "0" not in picture.said


def test_a_total_that_cannot_be_formed_is_no_zero() -> None:
    picture = read(draw_score(replace(SCORE, confirmed=None, provisional=None, estimated=("某项",))))

    assert picture.said.count("未设定") == 2
    assert {"暂估", "未设定分值：某项。"} <= set(picture.said)
    assert "0" not in picture.said


def test_stand_ins_are_marked_and_explained_only_where_there_are_any() -> None:
    assert STAND_IN_NOTE not in read(draw_score(SCORE)).said

    picture = read(draw_score(replace(SCORE, stand_in=True, lines=(replace(LATE, stand_in=True),))))

    assert {"76.5◇", "74.5◇", "−5◇", STAND_IN_NOTE} <= set(picture.said)


def test_a_rehearsal_is_marked() -> None:
    assert "试运行" not in read(draw_score(SCORE)).said
    assert "试运行" in read(draw_score(replace(SCORE, trial=True))).said


def test_a_cap_is_explained() -> None:
    assert (
        "各项合计 103.5 分，按办法规定的总分上下限计算。" in read(draw_score(replace(SCORE, raw=Decimal("103.5")))).said
    )


def test_an_account_without_lines_says_so() -> None:
    said = read(draw_score(replace(SCORE, provisional=SCORE.confirmed, lines=()))).said

    assert {"没有加分、扣分记录。", "与核定一致"} <= set(said)


def test_of_very_many_lines_the_subtotals_remain() -> None:
    said = read(draw_score(replace(SCORE, lines=(PRAISED,) * 30 + (LATE,)))).said

    assert said.count("+1.5") == 16
    assert {"小计 +45", "小计 −5", "另有15条未列出，小计已包括，请发送“明细”查看。"} <= set(said)


def test_four_places_are_shown_as_they_are() -> None:
    """The picture does not round: its lines add up to its totals."""
    said = read(
        draw_score(replace(SCORE, confirmed=Decimal("79.8765"), lines=(replace(LATE, points=Decimal("-0.1235")),)))
    ).said

    assert {"79.8765", "−0.1235"} <= set(said)
