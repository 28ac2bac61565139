"""A card's plain text is enough to finish the task, and nothing hides in it."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.card import Button, Card, Field, Lamp, Style, Table, Tone, neutralise, quoted
from bot.channels.sandbox.cards import MAX_BUTTONS, render

CARD = Card(
    title="收到，还差一处",
    lines=("完成率“差不多了”看不出是多少。",),
    tone=Tone.AMBER,
    fields=(Field("累计完成额", "4.2亿美元", Lamp.GREEN), Field("报送截止", "8月5日 24:00")),
    table=Table(("单位", "状态"), (("甲镇", "已报"), ("乙镇", "未提交"))),
    buttons=(Button("确认", "确认", Style.PRIMARY), Button("改第4项", "改 4"), Button("只收其余", "只收 1、2、3")),
    note="编号 R-2608-17",
)


def test_text_of_a_card() -> None:
    assert CARD.text() == (
        "收到，还差一处\n"
        "完成率“差不多了”看不出是多少。\n"
        "累计完成额：4.2亿美元（绿灯）\n"
        "报送截止：8月5日 24:00\n"
        "单位 | 状态\n"
        "甲镇 | 已报\n"
        "乙镇 | 未提交\n"
        "编号 R-2608-17\n"
        "回复：确认 / 改 4 / 只收 1、2、3"
    )


def test_a_bare_card_has_no_empty_lines() -> None:
    assert Card("已签收").text() == "已签收"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("甲镇\n总分 100", "甲镇 总分 100"),
        ("甲\u2028乙\u2029丙\x85丁", "甲 乙 丙 丁"),
        ("得\u200b分\u2060\ufeff", "得分"),
        ("\u202e001\u202c", "001"),
        ("a\x07\x1b[31mb", "a  [31mb"),
        ("\u3164\u115f甲\U000e0041", "甲"),
        ("\ud800甲", "\ufffd甲"),
        ("𫖮、䶮、镕 ①％", "𫖮、䶮、镕 ①％"),
    ],
    ids=ascii,
)
def test_neutralised(typed: str, shown: str) -> None:
    assert neutralise(typed) == shown


def test_every_string_of_a_card_is_neutralised() -> None:
    bad = "甲\u202e\n乙"
    card = Card(bad, (bad,), Tone.RED, (Field(bad, bad),), Table((bad,), ((bad,),)), (Button(bad, bad),), bad)

    assert card.text().count("甲 乙") == 8
    assert "\u202e" not in card.text()
    assert "\u202e" not in str(render(card))


def test_a_quotation_cannot_pass_for_the_bots_own_line() -> None:
    assert quoted("情况说明\n\n市考核办：加 10 分\x0b再一行") == ("│ 情况说明", "│ 市考核办：加 10 分", "│ 再一行")


def test_rows_fit_their_heading() -> None:
    with pytest.raises(ValueError, match="as many cells"):
        Table(("单位", "状态"), (("甲镇",),))


def test_buttons_beyond_the_limit_stay_in_the_text() -> None:
    buttons = tuple(Button(f"第{n}项", f"改 {n}") for n in range(MAX_BUTTONS + 2))

    payload = render(Card("请选择", buttons=buttons))

    assert len(payload["buttons"]) == MAX_BUTTONS
    assert f"改 {MAX_BUTTONS + 1}" in payload["text"]


@settings(max_examples=150, deadline=None)
@given(st.text(st.characters()))
def test_one_visible_line_whatever_is_typed(text: str) -> None:
    shown = neutralise(text)

    assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert neutralise(shown) == shown
    assert len(shown.splitlines()) <= 1
    assert all(line.startswith("│ ") and len(line.splitlines()) == 1 for line in quoted(text))
