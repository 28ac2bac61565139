"""Quarterly self-scores as offices type them: read, checked, put right, and held beside the official score."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.accounts import Category
from assessment.self_score_text import read_self_score, read_typed_scores
from assessment.self_scoring import (
    SelfScore,
    Typed,
    beside_in_words,
    beside_official,
    check_self_score,
    doubt_in_words,
)

NAMES = ("省交办事项", "市任务", "建议提案", "基础工作")
FULL = (16, 45, 27, 12)
CATEGORIES = tuple(
    Category(name=name, full=Decimal(full), full_if_no_task=name == "建议提案")
    for name, full in zip(NAMES, FULL, strict=True)
)


def points(score: SelfScore) -> list[str]:
    return [f"{row.points:f}" for row in score.rows]


def asked(score: SelfScore) -> list[str]:
    return [doubt_in_words(doubt) for doubt in score.doubts]


@pytest.mark.parametrize(
    "text",
    [
        "自评:(一)16(二)44(三)27(四)12,合计99",
        "自评：（一）１６（二）４４（三）２７（四）１２，合计９９",
        "一、16；二、44；三、27；四、12。总分99分",
        "㈠16㈡44㈢27㈣12，合计99",
        "①16②44③27④12 总计99",
        "1、16 2、44 3、27 4、12 共计99",
        "第一项16，第二项44，第三项27，第四项12，合计99",
        "省交办事项16分，市任务44分，建议提案27分，基础工作十二分，合计九十九分",
        "（一）省交办事项（16分）16（二）市任务（满分45分）44（三）建议提案27/27（四）基础工作：12\n合计 99",
        "6月30日二季度自评16、44、27、12，合计99，总结见附件1[总结2026.docx]",
        "合计99：(一)16(二)44(三)27(四)12",
    ],
)
def test_four_numbers_and_their_sum(text: str) -> None:
    score = read_self_score(text, CATEGORIES)

    assert (points(score), score.stated_total, asked(score)) == (["16", "44", "27", "12"], Decimal(99), [])
    assert score.complete


def test_a_sum_that_does_not_fit_is_asked_about_and_then_put_right() -> None:
    text = "自评:(一)16(二)44(三)27(四)12,合计100"
    first = read_self_score(text, CATEGORIES)
    second = read_self_score("合计99 总结见附件 [总结.docx]", CATEGORIES, read_typed_scores(text, CATEGORIES))

    assert asked(first) == ["合计应为99，您填100"]
    assert not first.complete
    assert (second.total, second.complete) == (Decimal(99), True)


def test_a_sum_may_be_left_out() -> None:
    assert read_self_score("(一)16(二)44.5(三)27(四)12", CATEGORIES).total == Decimal("99.5")


def test_a_row_above_its_full_marks_and_a_missing_row_are_named() -> None:
    score = read_self_score("(一)17(二)44(四)12", CATEGORIES)

    assert asked(score) == ["省交办事项满分16，您填17", "缺建议提案自评分"]
    assert asked(read_self_score("(一)-1(二)44(三)27(四)12", CATEGORIES)) == ["省交办事项不能低于0，您填-1"]
    assert asked(read_self_score("(一)1.23456(二)44(三)27(四)12", CATEGORIES)) == [
        "省交办事项最多四位小数，您填1.23456"
    ]


@pytest.mark.parametrize("text", ["(一)16(二)44(三)无任务(四)12", "(一)16,(二)44,(四)12,本季无建议提案任务"])
def test_without_proposals_the_row_is_full(text: str) -> None:
    score = read_self_score(text, CATEGORIES)

    assert points(score) == ["16", "44", "27", "12"]
    assert [row.no_task for row in score.rows] == [False, False, True, False]
    assert score.complete


def test_no_task_only_where_the_measure_says_so() -> None:
    assert asked(read_self_score("(一)无任务(二)44(三)27(四)12", CATEGORIES)) == [
        "省交办事项没有无任务计满的规定，请填分数"
    ]
    assert asked(read_self_score("(一)16(二)44(三)无任务(三)20(四)12", CATEGORIES)) == [
        "建议提案填了不同的数，请只填一个"
    ]


def test_what_cannot_be_told_is_asked_about() -> None:
    assert asked(read_self_score("(一)16(一)15(二)44(三)27(四)12", CATEGORIES)) == [
        "省交办事项填了不同的数，请只填一个"
    ]
    assert asked(read_self_score("(一)16(二)44(三)27(四)12(五)9", CATEGORIES)) == ["“9”不知是哪一项"]
    assert not read_self_score("3、2、1、4", CATEGORIES).complete
    assert asked(read_self_score("(一)(二)44(三)27(四)12", CATEGORIES))[0] == "“省交办事项”不知是哪一项"
    assert not read_self_score("自评16、44、27，合计87", CATEGORIES).complete


def test_a_later_message_puts_right_one_row() -> None:
    earlier = read_typed_scores("(一)17(二)44(三)无任务(四)12", CATEGORIES)
    score = read_self_score("(一)16", CATEGORIES, earlier)
    withdrawn = read_self_score("(三)25", CATEGORIES, earlier)

    assert points(score) == ["16", "44", "27", "12"]
    assert [row.no_task for row in withdrawn.rows if row.category == "建议提案"] == [False]


def test_names_that_bear_their_number_and_names_inside_names() -> None:
    categories = (
        Category(name="(一)督办", full=Decimal(40)),
        Category(name="（二）督办落实", full=Decimal(60)),
    )

    assert points(read_self_score("督办30，督办落实50", categories)) == ["30", "50"]
    assert points(read_self_score("（一）督办30（二）督办落实50", categories)) == ["30", "50"]
    assert points(read_self_score("二、50 一、30", categories)) == ["30", "50"]


def test_self_score_and_official_score_stand_side_by_side() -> None:
    score = read_self_score("(一)16(二)45(三)27(四)12 合计100", CATEGORIES)
    official = {"市任务": Decimal(31), "建议提案": Decimal(27), "基础工作": Decimal(12)}
    *rows, total = beside_official(score, official, Decimal(86), CATEGORIES)

    assert beside_in_words(total, "督查室") == "自评100分，督查室评86分，比自评低14分"
    assert [beside_in_words(row, "督查室") for row in rows] == [
        "省交办事项：自评16分，督查室未评",
        "市任务：自评45分，督查室评31分，比自评低14分",
        "建议提案：自评27分，督查室评27分，与自评一致",
        "基础工作：自评12分，督查室评12分，与自评一致",
    ]


def test_an_unfinished_self_score_has_no_total_to_compare() -> None:
    score = read_self_score("(一)16", CATEGORIES)

    assert beside_official(score, {}, Decimal(86), CATEGORIES)[-1].difference is None


SCORES = st.tuples(*(st.decimals(0, full, places=1) for full in FULL))
LABELS = st.sampled_from([("(一)", "(二)", "(三)", "(四)"), ("一、", "二、", "三、", "四、"), NAMES, "①②③④"])


@settings(max_examples=80, deadline=None)
@given(SCORES, LABELS, st.permutations(range(4)), st.sampled_from(["", ",", "；", " ", "\n", "分，"]))
def test_any_four_numbers_are_read_in_any_order(
    scores: tuple[Decimal, ...], labels: tuple[str, ...], order: list[int], between: str
) -> None:
    text = between.join(f"{labels[at]}{scores[at]:f}" for at in order)
    score = read_self_score(f"自评：{text}；合计{sum(scores):f}", CATEGORIES)

    assert asked(score) == []
    assert [row.points for row in score.rows] == list(scores)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="(一二)（)三、1234.５-合计无任务满分/：\n年月九十百 省交办事项", max_size=30))
def test_whatever_is_typed_nothing_beyond_the_bounds_is_taken(text: str) -> None:
    score = read_self_score(text, CATEGORIES)

    full = dict(zip(NAMES, FULL, strict=True))
    assert all(0 <= row.points <= full[row.category] for row in score.rows)
    assert score.complete == (not score.doubts)
    if score.complete:
        assert len(score.rows) == 4
        assert score.stated_total in (None, score.total)


# 只有一部分没有任务


PARTED = (
    Category(name="省交办", full=Decimal(16)),
    Category(
        name="建议提案",
        full=Decimal(27),
        full_if_no_task=True,
        parts={"人大议案、代表建议": Decimal(14), "政协建议案、提案": Decimal(13)},
    ),
)


@pytest.mark.parametrize(
    ("typed", "without"),
    [
        ("(一)16(二)25 提案无任务", ("政协建议案、提案",)),
        ("(一)16(二)25（政协提案无任务）", ("政协建议案、提案",)),
        ("(一)16(二)没有人大建议任务，25", ("人大议案、代表建议",)),
        ("(一)16(二)25,其中代表建议无任务", ("人大议案、代表建议",)),
    ],
)
def test_a_part_without_a_task_is_known_by_its_name(typed: str, without: tuple[str, ...]) -> None:
    """R33: the category keeps its number; only the part is without a task."""
    score = read_self_score(typed, PARTED)

    assert score.complete
    assert (score.rows[1].points, score.rows[1].no_task, score.rows[1].parts_without_task) == (
        Decimal(25),
        False,
        without,
    )


@pytest.mark.parametrize("typed", ["(一)16(二)无任务", "(一)16(二)建议提案无任务", "(一)16(二)没有建议、提案任务"])
def test_both_parts_are_the_whole(typed: str) -> None:
    score = read_self_score(typed, PARTED)

    assert (score.rows[1].points, score.rows[1].no_task, score.rows[1].parts_without_task) == (Decimal(27), True, ())


def test_a_part_has_no_task_only_where_the_measure_says_so() -> None:
    plain = (PARTED[0], PARTED[1].model_copy(update={"full_if_no_task": False}))

    assert not read_self_score("(一)16(二)25 提案无任务", plain).complete
    partly = Typed(
        numbers={"省交办": Decimal(16), "建议提案": Decimal(25)}, without_task=frozenset({"政协建议案、提案"})
    )
    assert asked(check_self_score(partly, plain)) == ["建议提案没有无任务计满的规定，请填分数"]
