"""What was said and what was pressed in Feishu, read out of a genuine event."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.channels.body import MAX_DEPTH
from bot.channels.card import Blank, Form
from bot.channels.channel import Challenge, Ignored, Malformed, Refused
from bot.channels.feishu.pressing import MAX_BLANKS, button_value, form_value
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.feishu_writing import mention, opened, pressed, said, text_of

# What was said


def test_the_message_id_counts_and_not_the_event_id() -> None:
    first, again = said({"text": "报送"}), said({"text": "报送"})
    again["header"]["event_id"] = "ev-2"

    assert opened(first) == opened(again)
    assert getattr(opened(first), "message_id", "") == "om_1"


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("1785893400123", datetime(2026, 8, 5, 1, 30, 0, 123000, UTC)),
        ("1785893400123456", datetime(2026, 8, 5, 1, 30, 0, 123456, UTC)),
    ],
)
def test_time_in_either_unit(digits: str, expected: datetime) -> None:
    assert getattr(opened(said({"text": "报送"}, create_time=digits)), "sent_at", None) == expected


@pytest.mark.parametrize(
    "digits", ["1785893400", "17858934001234", "-178589340012", "１７８５８９３４００１２３", "x" * 13]
)
def test_no_other_time(digits: str) -> None:
    with pytest.raises(Malformed):
        opened(said({"text": "报送"}, create_time=digits))


def test_mentions_become_names_and_ours_goes_away() -> None:
    mentions = [
        mention("@_user_1", "督办", "ou_bot", "bot"),
        mention("@_user_10", "张三@_user_1"),
        mention("@_user_2", "另一个助手", "ou_other", "bot"),
    ]
    content = said({"text": "@_user_1 请 @_user_10 和@_user_2 看 报送@_user_1"}, chat_type="group", mentions=mentions)

    assert text_of(content, bot="ou_bot") == "请 张三@_user_1 和另一个助手 看 报送"


@pytest.mark.parametrize(
    ("open_id", "kind", "bot", "addressed"),
    [
        ("ou_bot", "bot", "ou_bot", True),
        ("ou_bot", "", "ou_bot", True),
        ("ou_other", "bot", "ou_bot", False),
        ("ou_9", "user", "ou_bot", False),
        ("ou_bot", "bot", None, True),
        ("ou_9", "user", None, False),
    ],
)
def test_whom_a_mention_addresses(open_id: str, kind: str, bot: str | None, addressed: bool) -> None:
    """Our bot by its open_id; as long as that is not known, any bot."""
    content = said({"text": "@_user_1 报送"}, chat_type="group", mentions=[mention("@_user_1", "某", open_id, kind)])

    assert getattr(opened(content, bot=bot), "addressed", None) is addressed


def test_a_group_without_a_mention_is_not_addressed() -> None:
    message = opened(said({"text": "@_all 今天下雨"}, chat_type="group"))

    assert isinstance(message, Incoming)
    assert (message.private, message.addressed, message.text) == (False, False, "@_all 今天下雨")


def test_a_post_is_flattened() -> None:
    content = {
        "title": "7月",
        "content": [
            [
                {"tag": "at", "user_id": "@_user_1"},
                {"tag": "text", "text": "报送 "},
                {"tag": "a", "text": "附件", "href": "x"},
            ],
            [{"tag": "img", "image_key": "img_1"}],
            [{"tag": "emotion", "emoji_type": "OK"}, {"tag": "code_block", "text": "招商引资 4.2亿"}],
            [{"tag": "media", "file_key": "file_1", "image_key": "img_2"}],
        ],
    }
    message = opened(said(content, "post", chat_type="group", mentions=[mention("@_user_1", "督办", "ou_bot", "bot")]))

    assert isinstance(message, Incoming)
    assert (message.text, message.addressed) == ("7月\n报送 附件\n\n招商引资 4.2亿\n", True)
    assert message.files == (FileRef("", "image", "om_1/img_1"), FileRef("", "video", "om_1/file_1"))


@pytest.mark.parametrize(
    ("kind", "content", "file"),
    [
        ("file", {"file_key": "file_1", "file_name": "证明.pdf"}, FileRef("证明.pdf", "file", "om_1/file_1")),
        ("image", {"image_key": "img_1"}, FileRef("", "image", "om_1/img_1")),
        ("audio", {"file_key": "file_1", "duration": 2000}, FileRef("", "voice", "om_1/file_1")),
        ("media", {"file_key": "f", "image_key": "i", "file_name": "会.mp4"}, FileRef("会.mp4", "video", "om_1/f")),
    ],
)
def test_files(kind: str, content: dict[str, Any], file: FileRef) -> None:
    message = opened(said(content, kind))

    assert isinstance(message, Incoming)
    assert (message.text, message.files) == ("", (file,))
    assert message.attachments == ((file.name,) if file.name else ())


@pytest.mark.parametrize("kind", ["sticker", "share_chat", "merge_forward", "interactive", "never heard of"])
def test_kinds_that_say_nothing(kind: str) -> None:
    assert isinstance(opened(said({}, kind)), Ignored)


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("text", "not json"),
        ("text", "[]"),
        ("text", "{}"),
        ("text", '{"text": 5}'),
        ("text", '{"text": "报送", "a": ' + "[" * 30 + "]" * 30 + "}"),
        ("file", '{"file_name": "x"}'),
        ("file", '{"file_key": ""}'),
        ("file", '{"file_key": "k", "file_name": 5}'),
        ("post", '{"title": "t"}'),
        ("post", '{"content": [5]}'),
        ("post", '{"content": [[5]]}'),
        ("post", '{"content": [[{"tag": "text"}]]}'),
    ],
)
def test_senseless_content(kind: str, content: str) -> None:
    with pytest.raises(Malformed):
        opened(said(content, kind))


@pytest.mark.parametrize("cut", ["\\ud83d", "\ud83d"], ids=["within the content", "around it"])
def test_half_characters_are_replaced_not_refused(cut: str) -> None:
    """A client may cut an emoji in two; that is no reason to lose the report."""
    assert text_of(said(f'{{"text": "报送{cut}"}}')) == "报送\ufffd"


def test_a_digit_typed_right_after_a_mention() -> None:
    assert text_of(said({"text": "@_user_15 项"}, mentions=[mention("@_user_1", "督办", kind="bot")])) == "5 项"


@pytest.mark.parametrize("nested", [15, 25])
def test_depth_counts_in_fields_that_nobody_reads(nested: int) -> None:
    content = said({"text": "报送"}) | {"unknown": json.loads("[" * nested + "]" * nested)}
    if nested > MAX_DEPTH:
        with pytest.raises(Malformed):
            opened(content)
    else:
        assert text_of(content) == "报送"


# What was pressed


@pytest.mark.parametrize("private", [True, False])
def test_a_button_says_its_command(private: bool) -> None:
    assert opened(pressed(button_value("确认 #1234", private=private))) == Incoming(
        channel="door",
        tenant="county",
        message_id="ev-1",
        sender="ou_7",
        conversation="oc_7",
        private=private,
        addressed=True,
        text="确认 #1234",
        sent_at=datetime(2026, 8, 5, 1, 30, 0, 123456, UTC),
        extra={"pressed": "om_2"},
    )


FORM = Form("报送 7月", (Blank("招商引资"), Blank("新增规上工业企业"), Blank("说明")))


def test_a_form_says_what_typing_would_have_said() -> None:
    value = form_value(FORM, private=True)
    filled = {"f0": "4.2亿", "f1": None, "f2": "  两个项目\n落地 ", "f9": "多余"}

    assert text_of(pressed(value, filled)) == FORM.composed(["4.2亿", "", "两个项目\n落地"])
    assert text_of(pressed(value)) == "报送 7月"


def test_the_longest_form_can_be_submitted() -> None:
    form = Form("报送", tuple(Blank(f"第{place}项") for place in range(MAX_BLANKS)))

    assert text_of(pressed(form_value(form, private=True), {"f49": "1"})) == "报送\n第49项 1"


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ({"command": 5, "p": 1}, None),
        ({"command": "", "p": 1}, None),
        ({"command": "确认"}, None),
        ({"command": "确认", "p": 2}, None),
        ({"command": "确认", "p": True}, None),
        ({"command": "确认", "p": "1"}, None),
        ({"command": "确认", "p": []}, None),
        ({"form": 5, "p": 1}, None),
        ({"form": {"command": "报送"}, "p": 1}, None),
        ({"form": {"command": "报送", "labels": [5]}, "p": 1}, None),
        ({"form": {"command": "报送", "labels": ["项"] * 51}, "p": 1}, None),
        ({"form": {"labels": []}, "p": 1}, None),
        ({"form": {"command": "报送", "labels": ["项"]}, "p": 1}, {"f0": ["1"]}),
        ({"form": {"command": "报送", "labels": ["项"]}, "p": 1}, []),
    ],
    ids=str,
)
def test_a_value_that_is_none_of_ours_in_type(value: Any, filled: Any) -> None:
    with pytest.raises(Malformed):
        opened(pressed(value, filled))


@pytest.mark.parametrize("value", [None, "text", 5, [], {}, {"act": "submit"}], ids=str)
def test_buttons_of_other_cards_are_ignored(value: Any) -> None:
    assert isinstance(opened(pressed(value)), Ignored)


@examples(max_examples=60, deadline=None)
@given(
    values=st.lists(st.none() | st.text(), min_size=3, max_size=3),
    private=st.booleans(),
)
def test_any_filling_is_what_typing_gives(values: list[str | None], private: bool) -> None:
    filled = {f"f{place}": value for place, value in enumerate(values)}
    typed = FORM.composed([value or "" for value in values])

    assert text_of(pressed(form_value(FORM, private=private), filled)) == typed


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["command", "form", "p", "text"]), inner)
    ),
    max_leaves=6,
)


@examples(max_examples=150, deadline=None)
@given(
    base=st.sampled_from([said({"text": "报送"}), pressed(button_value("确认", private=True), {"f0": "1"})]),
    path=st.lists(st.integers(0, 5), min_size=1, max_size=4),
    instead=json_values,
)
def test_whatever_stands_in_a_field(base: dict[str, Any], path: list[int], instead: Any) -> None:
    """Any value in any place of a genuine event: an answer or a refusal, no other exception."""
    content = json.loads(json.dumps(base))
    place = content
    for step in path:
        name = sorted(place)[step % len(place)]
        if not isinstance(place[name], dict) or not place[name]:
            break
        place, name = place[name], sorted(place[name])[0]
    place[name] = instead
    with suppress(Refused):
        assert isinstance(opened(content), Incoming | Challenge | Ignored)
