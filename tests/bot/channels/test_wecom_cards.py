"""How a neutral card becomes WeCom's messages: whole, within every limit, with every command."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.card import Button, Card, Field, Lamp, Style, Table
from bot.channels.wecom.cards import MAX_BYTES, pieces, task_id, template_card, text_message
from bot.platforms.wecom_forms import as_seen, refusal
from tests.bot.channels.wecom_subject import AGENT

BUTTONS = (Button("现在报送", "报送 7月 #1234", Style.PRIMARY), Button("我的任务", "我的任务"))


def test_fields_stand_in_the_platforms_own_list() -> None:
    fields = (Field("得分", "96.5", Lamp.AMBER), Field("位次", "第3"))
    card = template_card(Card("7月得分", ("请核对。",), fields=fields, note="如有异议请回复", buttons=BUTTONS), "t")

    assert card["template_card"]["horizontal_content_list"] == [
        {"keyname": "得分", "value": "96.5（黄灯）"},
        {"keyname": "位次", "value": "第3"},
    ]
    assert card["template_card"]["sub_title_text"] == "请核对。\n如有异议请回复"


@pytest.mark.parametrize(
    "fields",
    [
        tuple(Field(f"第{number}项", "已报") for number in range(7)),
        (Field("一个很长的名称", "已报"),),
        (Field("得分", "值" * 31),),
        (Field("得分", "值" * 28, Lamp.RED),),
        (Field("得分", ""),),
    ],
)
def test_fields_that_do_not_fit_the_list_become_lines(fields: tuple[Field, ...]) -> None:
    card = Card("7月得分", fields=fields, buttons=BUTTONS)
    seen = template_card(card, "t")["template_card"]

    assert "horizontal_content_list" not in seen
    assert seen["sub_title_text"] == "\n".join(field.text() for field in fields)


def test_what_does_not_fit_a_card_is_said_before_it() -> None:
    long = Card("7月得分", ("各项得分如下：" + "字" * 160,), buttons=BUTTONS)
    words, card = pieces(long)

    assert words.card is None
    assert words.text == long.text()
    assert card.card == Card("7月得分", buttons=BUTTONS)


def test_many_lines_are_easier_to_read_as_a_text() -> None:
    lines = tuple(f"第{number}项" for number in range(9))

    assert [piece.card is None for piece in pieces(Card("请核对", lines, buttons=BUTTONS))] == [True, False]
    assert [piece.card is None for piece in pieces(Card("请核对", lines[:8], buttons=BUTTONS))] == [False]


def test_more_buttons_than_a_card_takes() -> None:
    """The first stand on the card, the text before it names them all."""
    buttons = tuple(Button(f"核定{number}", f"核定 {number}") for number in range(8))
    words, card = pieces(Card("请核定", buttons=buttons))

    assert words.text == Card("请核定", buttons=buttons).text()
    assert card.card == Card("请核定", buttons=buttons[:6])


@pytest.mark.parametrize(("length", "repeated"), [(37, True), (160, True), (161, False)])
def test_a_long_title_stays_whole(length: int, repeated: bool) -> None:
    title = "标" * length
    words, card = pieces(Card(title, buttons=BUTTONS))

    assert words.text.startswith(title)
    assert card.card == Card("请选择", (title,) if repeated else (), buttons=BUTTONS)


@pytest.mark.parametrize(
    "buttons",
    [
        (Button("确认", "长" * 342),),
        (Button("很长很长很长很长的按钮", "确认"),),
        (Button("甲", "确认"), Button("乙", "确认")),
        (Button("", "确认"),),
        (Button("确认", ""),),
    ],
    ids=["command", "label", "alike", "unlabelled", "nothing to say"],
)
def test_buttons_that_the_platform_does_not_take_are_typed(buttons: tuple[Button, ...]) -> None:
    card = Card("请核对", buttons=buttons)

    assert [piece.card for piece in pieces(card)] == [None]
    assert "".join(piece.text for piece in pieces(card)) == card.text()


words = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200)
short = st.text("甲乙丙确认报送<&$@#1234 ", min_size=0, max_size=12)
cards = st.builds(
    Card,
    title=st.one_of(short, words),
    lines=st.lists(st.one_of(short, words), max_size=12).map(tuple),
    fields=st.lists(st.builds(Field, short, st.one_of(short, words), st.sampled_from([None, *Lamp])), max_size=8).map(
        tuple
    ),
    table=st.one_of(
        st.none(),
        st.builds(Table, st.tuples(short, short), st.lists(st.tuples(short, short), max_size=30).map(tuple)),
    ),
    note=short,
    buttons=st.lists(st.builds(Button, short, short, st.sampled_from(Style)), max_size=8).map(tuple),
)


@settings(max_examples=300, deadline=None)
@given(card=cards)
def test_every_card_is_within_the_limits_and_nothing_is_lost(card: Card) -> None:
    """Whatever the card, the platform takes each message uncut, and its words are there, each command too."""
    said: list[str] = []
    commands: set[str] = set()
    for place, piece in enumerate(pieces(card)):
        message = template_card(piece.card, task_id("k", place)) if piece.card else text_message(piece.text, 9_999_998)
        letter = {"touser": "z", "agentid": AGENT, "enable_id_trans": 0, "enable_duplicate_check": 1, **message}
        if piece.card:
            seen = message["template_card"]
            said += [as_seen(seen), *(button["text"] for button in seen["button_list"])]
            commands |= {button["key"] for button in seen["button_list"]}
        else:
            said.append(piece.text)
            assert len(message["text"]["content"].encode()) <= MAX_BYTES
        if piece.card or piece.text:
            assert refusal(letter, AGENT) == 0
    everything = "\n".join(said).replace("\n（接上条）\n", "\n").replace("\n", "").replace("＜", "<")
    parts = [card.title, *card.lines, *(part.value for part in card.fields), card.note]
    parts += [button.typed for button in card.buttons if button.command not in commands]
    if card.table:
        parts += [cell for row in (card.table.heading, *card.table.rows) for cell in row]
    for part in parts:
        assert part.replace("＜", "<") in everything


def test_a_task_id_is_the_letters_own() -> None:
    assert task_id("k", 0) == task_id("k", 0)
    assert len({task_id("k", 0), task_id("k", 1), task_id("k2", 0), task_id("k\n0", 0)}) == 4
