"""督查通报: findings as they are typed, by which clause they count, and the circular's text. R46, R47."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.circular import Finding, Heading, Said, Sign, clause_for, read_circular, tally, written
from assessment.rulebook_file import load
from bot.county import DATA


def test_a_circular_part_by_part() -> None:
    heading, parts = read_circular(
        "第3期 组 一组 表扬 甲镇 学习扎实；批评：乙镇 次数不足 依据 四(二)1。未报 通讯员名单"
    )

    assert heading == Heading("第3期", "一组")
    assert parts == (
        Said("表扬", "甲镇 学习扎实"),
        Said("批评", "乙镇 次数不足", "四(二)1"),
        Said("未报", "通讯员名单"),
    )


def test_a_word_inside_a_sentence_begins_no_part() -> None:
    _, parts = read_circular("表扬 甲镇 受到县委表扬")

    assert parts == (Said("表扬", "甲镇 受到县委表扬"),)


@pytest.mark.parametrize("text", ["", "第3期", "第3期 组 一组", "表扬", "批评 ；表扬 "])
def test_what_has_no_words_is_no_finding(text: str) -> None:
    assert read_circular(text)[1] == ()


@settings(max_examples=80, deadline=None)
@given(st.text("表扬批评未报第期组按条款 1四()甲乙；。\n", max_size=40))
def test_any_text_can_be_read(text: str) -> None:
    _, parts = read_circular(text)

    assert all(part.text for part in parts)


def test_praise_and_criticism_of_one_unit_both_stand() -> None:
    """R47: 表扬1、批评1"""
    findings = [Finding(Sign.PRAISE, "甲镇", "旁听1次"), Finding(Sign.CRITICISM, "甲镇", "学习5次")]
    text = written(Heading("第3期"), findings, [("通讯员名单", ("乙镇", "丙镇")), ("方案", ())])

    assert text.splitlines() == [
        "【督查通报】第3期",
        "一、表扬1个单位",
        "甲镇：旁听1次。",
        "二、批评1个单位",
        "甲镇：学习5次。",
        "三、2个单位未报通讯员名单",
        "乙镇、丙镇。",
    ]
    assert tally(finding.sign for finding in findings) == (("表扬", 1), ("批评", 1))
    assert tally([]) == (("表扬", 0), ("批评", 0))


def test_a_clause_is_found_by_its_name_or_because_it_speaks_of_the_sign() -> None:
    """R46"""
    name = "supervision-80.yaml"
    rulebook = load((DATA / "rulebooks" / name).read_text("utf-8"), name).rulebook

    assert [clause.id for clause in clause_for(rulebook, Sign.PRAISE, "U3a")] == ["U3a"]
    assert {"U3a", "U3b"} <= {clause.id for clause in clause_for(rulebook, Sign.PRAISE, "")}
    assert clause_for(rulebook, Sign.PRAISE, "没有的") == ()
