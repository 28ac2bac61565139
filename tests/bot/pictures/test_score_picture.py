"""What the picture of 得分 says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from assessment.scorecard import Status
from bot.pictures import palette
from bot.pictures.page import STAND_IN_NOTE
from bot.pictures.score import ScoreLine, ScorePicture, draw_score
from tests.bot.pictures.boxes import Read, read

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


SHOWN_ON_A_PHONE = 364
"""Pixels of the 1000 in a chat on a phone of 390."""


def together(picture: Read) -> str:
    """All words in their order, as if no line had been broken; where one is, a blank is lost."""
    return "".join(picture.said).replace(" ", "")


def test_it_shows_both_totals_and_what_differs() -> None:
    picture = read(draw_score(SCORE))

    assert {"县经贸局", "《督查工作考核办法》（2010年9月版）", "截至2010年8月31日24:00"} <= set(picture.said)
    assert picture.saying("76.5").size > picture.saying("74.5").size
    assert {"核定", "暂计", "暂计比核定少 2 分，待核定1条"} <= set(picture.said)


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
    assert "四(一)3，8月9日，L-1008-13，原+0.5分，已由L-1008-9覆盖" in together(picture)
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
    assert not {STAND_IN_NOTE, "分◇"} & set(read(draw_score(SCORE)).said)

    picture = read(draw_score(replace(SCORE, stand_in=True, lines=(replace(LATE, stand_in=True),))))

    assert {"分◇", "−5◇", STAND_IN_NOTE} <= set(picture.said)


def test_a_rehearsal_is_marked() -> None:
    assert "试运行" not in read(draw_score(SCORE)).said
    assert "试运行" in read(draw_score(replace(SCORE, trial=True))).said


def test_a_cap_is_explained() -> None:
    picture = read(draw_score(replace(SCORE, raw=Decimal("103.5"))))

    assert "各项合计103.5分，按办法规定的总分上下限计算。" in together(picture)


def test_an_account_without_lines_says_so() -> None:
    said = read(draw_score(replace(SCORE, provisional=SCORE.confirmed, lines=()))).said

    assert {"没有加分、扣分记录。", "暂计与核定一致"} <= set(said)


def test_of_very_many_lines_the_subtotals_remain() -> None:
    picture = read(draw_score(replace(SCORE, lines=(PRAISED,) * 30 + (LATE,))))

    assert picture.said.count("+1.5") == 12
    assert {"小计 +45", "小计 −5"} <= set(picture.said)
    assert "另有19条未列出，小计已包括，请发送“明细”查看。" in together(picture)


def test_four_places_are_shown_as_they_are() -> None:
    """The picture does not round: its lines add up to its totals."""
    said = read(
        draw_score(replace(SCORE, confirmed=Decimal("79.8765"), lines=(replace(LATE, points=Decimal("-0.1235")),)))
    ).said

    assert {"79.8765", "−0.1235"} <= set(said)


# ── several accounts, and what is not drawn ──

PERSON = replace(
    SCORE,
    account="县经贸局李敏（个人记分，不计入单位）",
    base=Decimal(0),
    confirmed=Decimal(0),
    provisional=Decimal(-3),
    lines=(replace(PROPOSED, name="催报后未报", points=Decimal(-3), number="P-1008-32"),),
)


def test_each_account_has_its_own_heading_totals_and_lines() -> None:
    picture = read(draw_score(SCORE, PERSON))
    (first,) = [words for words in picture.words if words.said == "−5"]
    heading, second = picture.saying("县经贸局李敏"), picture.saying("催报后未报")

    assert picture.said.index("县经贸局") < picture.said.index("76.5") < picture.said.index("−5")
    assert first.bottom < heading.top < heading.bottom < second.top
    assert "暂计比核定少 3 分，待核定1条" in picture.said
    assert not picture.collisions()
    assert not picture.outside()


def test_what_they_have_in_common_is_said_once() -> None:
    picture = read(draw_score(SCORE, PERSON))

    for said in (SCORE.programme, f"截至{SCORE.as_of}", "需要查看某条依据，请发送“为什么”和编号。"):
        assert together(picture).count(said) == 1, said


def test_no_base_is_no_zero_base() -> None:
    assert "基础分" not in read(draw_score(PERSON)).said


def test_what_is_not_drawn_is_named_at_the_foot() -> None:
    sentence = "《三门县2010年度发展目标考核》（2010年9月版）的指标完成情况见文字部分，图中未列。"

    assert together(read(draw_score(SCORE, PERSON, left_out=(sentence,)))).endswith(sentence)


def test_of_several_accounts_no_more_lines_than_of_one() -> None:
    many = replace(SCORE, lines=(PRAISED,) * 10)
    picture = read(draw_score(many, many))

    assert picture.said.count("+1.5") == 12
    assert "另有8条未列出" in together(picture)


def test_a_phone_shows_every_word_in_14_pixels() -> None:
    long = replace(
        SCORE,
        confirmed=Decimal("-9999.9999"),
        provisional=Decimal("9999.9999"),
        stand_in=True,
        trial=True,
        lines=(replace(LATE, points=Decimal("-9999.9999"), stand_in=True, name="县住房和城乡建设规划局" * 6), COVERED),
    )
    for drawn in (draw_score(SCORE, PERSON), draw_score(long)):
        assert min(words.size for words in read(drawn).words) * SHOWN_ON_A_PHONE // 1000 >= 14
