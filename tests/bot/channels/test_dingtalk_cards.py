"""Cards as DingTalk gets them: buttons that say their command, and words in which nothing acts."""

import json
import re
from urllib.parse import unquote

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.card import Button, Card, Field, Lamp, Table, quoted
from bot.channels.dingtalk.cards import MAX_BUTTONS, MAX_PARAM_BYTES, NEWLINE, SEND, disarmed, render
from bot.channels.dingtalk.client import CAPABILITIES, IN_GROUPS
from bot.channels.showing import shown
from bot.platforms.dingtalk_messages import seen

BUTTONS = tuple(Button(f"第{number}项", f"确认 {number} #123{number}") for number in range(1, 7))


def test_words_alone_are_a_text() -> None:
    (piece,) = shown(Card("提醒", ("7月月报明日截止",)), CAPABILITIES)
    message = render(piece)

    assert (message.key, json.loads(message.param)) == ("sampleText", {"content": "提醒\n7月月报明日截止"})


def test_a_card_with_two_buttons() -> None:
    card = Card(
        "核对",
        ("请核对：",),
        fields=(Field("招商引资", "4.2亿美元", Lamp.AMBER),),
        table=Table(("月份", "数值"), (("7月", "4.2"),)),
        buttons=(Button("确认", "确认 #1234"), Button("改第4项", "改 4")),
        note="截止8月5日",
    )
    (piece,) = shown(card, CAPABILITIES)
    message = render(piece)

    assert message.key == "sampleActionCard2"
    assert dict(message.parameters) == {
        "title": "核对",
        "text": "### 核对  \n  请核对：  \n  招商引资：4.2亿美元（黄灯）"
        "  \n  月份 ｜ 数值  \n  7月 ｜ 4.2  \n  截止8月5日",
        "actionTitle1": "确认",
        "actionURL1": "dtmd://dingtalkclient/sendMessage?content=%E7%A1%AE%E8%AE%A4%20%231234",
        "actionTitle2": "改第4项",
        "actionURL2": "dtmd://dingtalkclient/sendMessage?content=%E6%94%B9%204",
    }


def test_a_single_button() -> None:
    (piece,) = shown(Card("提醒", buttons=BUTTONS[:1]), CAPABILITIES)

    assert render(piece).key == "sampleActionCard"
    assert set(render(piece).parameters) == {"title", "text", "singleTitle", "singleURL"}


def test_one_button_too_many_is_typed() -> None:
    pieces = shown(Card("提醒", buttons=BUTTONS), CAPABILITIES)

    assert [render(piece).key for piece in pieces] == ["sampleText", f"sampleActionCard{MAX_BUTTONS}"]
    assert "确认 6" in render(pieces[0]).parameters["content"]


def test_in_a_group_commands_are_typed() -> None:
    (piece,) = shown(Card("提醒", buttons=BUTTONS[:2]), IN_GROUPS)

    assert dict(render(piece).parameters) == {"content": "提醒\n回复：确认 1 / 确认 2"}


def test_what_people_write_is_no_markup() -> None:
    """None of these forms a link, a picture, a heading, a list, a quotation, an emphasis or an @."""
    written = {
        "[点此](https://example.org)": "［点此］(https://example.org)",
        "![图](x)": "!［图］(x)",
        "# 通报": "＃ 通报",
        "## 通报": "＃＃ 通报",
        "> 引用": "＞ 引用",
        "- 一": "－ 一",
        "+ 一": "＋ 一",
        "---": "－－－",
        "===": "＝＝＝",
        "3. 三": "3． 三",
        "3) 三": "3） 三",
        "  # 通报": "＃ 通报",
        "**全部** _完成_ `x` ~~y~~": "＊＊全部＊＊ ＿完成＿ ｀x｀ ～～y～～",
        "@all <font color=red>": "＠all ＜font color=red＞",
        r"\[x](y)": "＼［x］(y)",
    }

    assert {line: disarmed(line) for line in written} == written


def test_plain_words_stay_as_they_are() -> None:
    for line in ("招商引资：4.2亿美元", "4.2亿", "增长3.5%（同比-1.2%）", "请回复 确认 #1234", "│ 一、二"):
        assert disarmed(line) == line


def test_a_quotation_keeps_its_mark() -> None:
    card = Card("退回", quoted("# 假标题\n- 第二行"), buttons=BUTTONS[:1])
    (piece,) = shown(card, CAPABILITIES)

    assert render(piece).parameters["text"].split(NEWLINE)[1:] == ["│ # 假标题", "│ - 第二行"]


words = st.text(max_size=40)
cards = st.builds(
    Card,
    title=st.text(min_size=1, max_size=20),
    lines=st.lists(words, max_size=6).map(tuple),
    note=words,
    buttons=st.lists(
        st.builds(Button, label=st.text("确认改第项", min_size=1, max_size=8), command=words), max_size=7
    ).map(tuple),
)


@settings(max_examples=150, deadline=None)
@given(card=cards)
def test_whatever_a_card_holds(card: Card) -> None:
    """Nothing of it acts; each button says its command exactly; and the platform takes it."""
    for piece in shown(card, CAPABILITIES):
        message = render(piece)
        assert len(message.param.encode()) <= MAX_PARAM_BYTES
        if piece.card is None or not piece.card.buttons:
            assert message.parameters["content"] == piece.text
            continue
        lines = message.parameters["text"].split(NEWLINE)
        assert lines[0].startswith("### ")
        for line in (lines[0].removeprefix("### "), *lines[1:], message.parameters["title"]):
            assert not re.search(r"[\[\]<>*_`~|@\\\n]", line)
            assert not re.match(r"\s*([#>+=-]|[0-9]+[.)](\s|$))", line)
        addresses = [value for name, value in message.parameters.items() if "URL" in name]
        assert [unquote(address.removeprefix(SEND)) for address in addresses] == [
            button.command for button in piece.card.buttons
        ]
        assert all(re.fullmatch(r"[A-Za-z0-9%_.~-]*", address.removeprefix(SEND)) for address in addresses)


@settings(max_examples=30, deadline=None)
@given(sign=st.sampled_from(list('*"\\|#长𠮷')), size=st.integers(3000, 6000), buttons=st.integers(0, 7))
def test_the_widest_words_stay_within_the_platforms_limit(sign: str, size: int, buttons: int) -> None:
    card = Card("长", (sign * size,), buttons=tuple(Button(f"第{n}项", "确" * 60) for n in range(buttons)))
    for piece in shown(card, CAPABILITIES):
        message = render(piece)

        assert seen(message.key, message.param).text
