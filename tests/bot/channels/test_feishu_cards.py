"""Cards as Feishu gets them: complete, within its limits, and with nothing in them that it would act upon."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.channels.card import Blank, Button, Card, Field, Form, Lamp, Style, Table, Tone
from bot.channels.feishu.cards import (
    CAPABILITIES,
    MAX_CARD_BYTES,
    MAX_ELEMENTS,
    encoded,
    hook_pieces,
    pieces,
    plain,
    render,
)
from bot.channels.feishu.pressing import MAX_BLANKS, Pressed, pressed_command
from bot.channels.showing import Piece
from bot.platforms.feishu_card_rules import CardInvalid, check_card, tagged
from bot.platforms.feishu_sight import button_values, seen

CARD = Card(
    "7月报送",
    lines=("请于8月5日前报送。", "│ 引用 <at id=all></at> **粗** [链接](https://x)"),
    tone=Tone.AMBER,
    fields=(Field("招商引资", "4.2亿美元", Lamp.RED), Field("完成率", "61%")),
    table=Table(("单位", "得分"), (("甲局", "71.5"), ("乙局", "66"))),
    buttons=(
        Button("确认", "确认 #1234", Style.PRIMARY),
        Button("改第4项", "改 4"),
        Button("退回", "退回", Style.DANGER),
        Button("查看", "查看"),
    ),
    note="数据截至昨日",
)
FORM = Form("报送 7月", (Blank("招商引资", "数字，单位亿美元", required=True), Blank("说明")))


def test_the_whole_card() -> None:
    payload = render(CARD, private=True)
    words = [part["text"]["content"] for part in payload["body"]["elements"] if part["tag"] == "div"]

    assert payload["schema"] == "2.0"
    assert payload["header"] == {"title": {"tag": "plain_text", "content": "7月报送"}, "template": "orange"}
    assert words == [*CARD.lines, "招商引资：4.2亿美元（红灯）", "完成率：61%", "数据截至昨日"]
    assert [part for part in payload["body"]["elements"] if part["tag"] == "table"] == [
        {
            "tag": "table",
            "page_size": 2,
            "row_height": "auto",
            "columns": [
                {"name": "c0", "display_name": "单位", "data_type": "text"},
                {"name": "c1", "display_name": "得分", "data_type": "text"},
            ],
            "rows": [{"c0": "甲局", "c1": "71.5"}, {"c0": "乙局", "c1": "66"}],
        }
    ]
    assert button_values(payload) == [
        ("确认", {"command": "确认 #1234", "p": 1}),
        ("改第4项", {"command": "改 4", "p": 1}),
        ("退回", {"command": "退回", "p": 1}),
        ("查看", {"command": "查看", "p": 1}),
    ]
    assert [part["type"] for part in tagged(payload) if part["tag"] == "button"] == [
        "primary",
        "default",
        "danger",
        "default",
    ]


@pytest.mark.parametrize(("tone", "colour"), [*zip(Tone, ["blue", "green", "orange", "red"], strict=True)])
def test_every_tone_has_a_colour(tone: Tone, colour: str) -> None:
    assert render(Card("题", tone=tone), private=True)["header"]["template"] == colour


def test_in_a_group_the_buttons_say_so() -> None:
    assert {value["p"] for _, value in button_values(render(CARD, private=False))} == {0}


def test_a_form() -> None:
    payload = render(Card("报送", form=FORM), private=True)

    assert payload["body"]["elements"] == [
        {
            "tag": "form",
            "name": "form",
            "elements": [
                {
                    "tag": "input",
                    "name": "f0",
                    "label": {"tag": "plain_text", "content": "招商引资"},
                    "required": True,
                    "max_length": 1000,
                    "placeholder": {"tag": "plain_text", "content": "数字，单位亿美元"},
                },
                {
                    "tag": "input",
                    "name": "f1",
                    "label": {"tag": "plain_text", "content": "说明"},
                    "required": False,
                    "max_length": 1000,
                },
                {
                    "tag": "button",
                    "name": "submit",
                    "text": {"tag": "plain_text", "content": "提交"},
                    "type": "primary",
                    "form_action_type": "submit",
                    "behaviors": [
                        {
                            "type": "callback",
                            "value": {"form": {"command": "报送 7月", "labels": ["招商引资", "说明"]}, "p": 1},
                        }
                    ],
                },
            ],
        }
    ]


def test_a_picture_and_what_is_read_in_its_place() -> None:
    payload = render(CARD, private=True, image_key="img_1", alternative="得分\n走势\u202e图" + "长" * 500)
    image = next(part for part in payload["body"]["elements"] if part["tag"] == "img")

    assert image["img_key"] == "img_1"
    assert image["alt"]["content"].startswith("得分 走势图长")
    assert len(image["alt"]["content"]) == 200


@pytest.mark.parametrize("table", [Table(("单位",), ()), Table(("列",) * 51, (("1",) * 51,))], ids=["empty", "wide"])
def test_a_table_that_is_none_to_the_platform_stands_in_lines(table: Table) -> None:
    elements = render(Card("题", table=table), private=True)["body"]["elements"]

    assert [part["text"]["content"] for part in elements] == list(table.text())


def test_no_markdown_anywhere() -> None:
    """T10: what units write stands in plain-text nodes only."""
    payload = render(CARD, private=True, image_key="img_1", alternative="图")

    assert {part["tag"] for part in tagged(payload)} <= {
        "plain_text", "div", "table", "column_set", "column", "button", "img", "form", "input",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ('<at user_id="all"></at>快报', '＜at user_id="all">＜/at>快报'),
        ("<b>粗</b><i>斜</i>", "＜b>粗＜/b>＜i>斜＜/i>"),
        ("<AT user_id=x>", "＜AT user_id=x>"),
        ("[点这里](https://x)", "[点这里] (https://x)"),
        ("得分 <60，完成率 < 50% [见附件]（一）", "得分 <60，完成率 < 50% [见附件]（一）"),
    ],
)
def test_marks_of_a_text_message_do_nothing(typed: str, shown: str) -> None:
    assert plain(typed) == shown


def test_a_short_card_is_one_piece() -> None:
    assert pieces(CARD) == (Piece(CARD.text(), CARD),)


@pytest.mark.parametrize(
    "card",
    [
        Card("长", lines=tuple(f"第{place}行" for place in range(61)), buttons=CARD.buttons),
        Card("引号", lines=tuple('"' * 400 for _ in range(30)), buttons=CARD.buttons),
        Card("字段", fields=tuple(Field(f"第{place}项", "1") for place in range(120)), buttons=CARD.buttons),
        Card(
            "表", table=Table(("单位", "得分"), tuple((f"第{n}局", "7" * 40) for n in range(400))), buttons=CARD.buttons
        ),
    ],
    ids=lambda card: card.title,
)
def test_too_long_a_card_is_words_first_and_buttons_after(card: Card) -> None:
    *words, last = pieces(card)

    assert words
    assert all(piece.card is None for piece in words)
    assert "".join(piece.text for piece in words).replace("（接上条）\n", "").replace("\n", "") == card.text().replace(
        "\n", ""
    )
    assert last.card is not None
    assert (last.card.buttons, last.card.lines) == (card.buttons, ())


def test_buttons_too_large_for_a_card_become_words() -> None:
    card = Card("长", buttons=(Button("确认", '"' * 9000),))

    assert [piece.card for piece in pieces(card)] == [None]


def test_a_form_that_could_not_be_read_back_is_not_shown() -> None:
    form = Form("报送", tuple(Blank(f"第{place}项") for place in range(MAX_BLANKS + 1)))

    assert all(
        piece.card is None or piece.card.form is None for piece in pieces(Card("报送", ("逐项填写",), form=form))
    )


def test_through_a_group_robot_go_words_only() -> None:
    found = hook_pieces(Card("通报", lines=('"<b>[a](b)' * 3000,), buttons=CARD.buttons))

    assert all(piece.card is None for piece in found)
    for piece in found:
        body = {"timestamp": "1767225600", "sign": "x" * 44, "msg_type": "text", "content": {"text": plain(piece.text)}}
        assert len(json.dumps(body, ensure_ascii=False).encode()) <= 20_000


words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
cards = st.builds(
    Card,
    title=words,
    lines=st.lists(st.text(max_size=300), max_size=80).map(tuple),
    tone=st.sampled_from(Tone),
    fields=st.lists(st.builds(Field, words, words, st.sampled_from([None, *Lamp])), max_size=40).map(tuple),
    table=st.none() | st.lists(st.tuples(words, words), max_size=60).map(lambda rows: Table(("甲", "乙"), tuple(rows))),
    buttons=st.lists(st.builds(Button, st.text(min_size=1, max_size=25), words), max_size=13).map(tuple),
    note=st.text(max_size=50),
    form=st.none()
    | st.builds(Form, words, st.lists(st.builds(Blank, words, st.text(max_size=9)), max_size=60).map(tuple)),
)


@examples(max_examples=80, deadline=None)
@given(card=cards)
def test_every_card_is_taken_by_the_platform(card: Card) -> None:
    """What is rendered passes the platform's own rules, and each button comes back as exactly its command."""
    for piece in pieces(card):
        assert len(piece.text.encode()) <= CAPABILITIES.max_bytes
        if piece.card is None:
            continue
        payload = render(piece.card, private=True, image_key="img_" + "k" * 60, alternative="图" * 300)
        content = encoded(payload)

        assert len(json.dumps(content, ensure_ascii=False).encode()) <= MAX_CARD_BYTES
        assert sum(1 for _ in tagged(payload)) <= MAX_ELEMENTS
        taken = seen("interactive", content, {"img_" + "k" * 60: b"png"})
        pressed = [pressed_command(value, {}) for _, value in button_values(payload) if "command" in value]
        assert pressed == [Pressed(button.command, private=True) for button in piece.card.buttons]
        assert list(dict.fromkeys(taken.commands)) == list(dict.fromkeys(b.label for b in piece.card.buttons))


def broken(change: Any) -> dict[str, Any]:
    payload: dict[str, Any] = json.loads(
        encoded(render(Card("题", ("行",), form=FORM, buttons=CARD.buttons), private=True))
    )
    change(payload)
    return payload


@pytest.mark.parametrize(
    "change",
    [
        lambda card: card.update(schema="1.0"),
        lambda card: card.update(elements=[]),
        lambda card: card["config"].update(wide_screen_mode=True),
        lambda card: card["header"].update(template="pink"),
        lambda card: card["body"]["elements"].append({"tag": "note", "elements": []}),
        lambda card: card["body"]["elements"][0].update(color="red"),
        lambda card: card["body"]["elements"][1]["elements"][1].update(name="f0"),
        lambda card: card["body"]["elements"][1]["elements"].pop(),
        lambda card: card["body"]["elements"].append({"tag": "input", "name": "lost"}),
        lambda card: card["body"]["elements"].extend([{"tag": "hr"}] * 200),
    ],
    ids=range(10),
)
def test_the_platforms_rules_have_teeth(change: Any) -> None:
    check_card(broken(lambda _: None), 1000)

    with pytest.raises(CardInvalid):
        check_card(broken(change), 1000)
    with pytest.raises(CardInvalid):
        check_card(broken(lambda _: None), 40_000)
