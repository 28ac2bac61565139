"""Feishu's own oddities; what all channels have in common stands in test_every_channel.py."""

import json
from base64 import b64encode
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.channels.body import MAX_DEPTH
from bot.channels.card import Blank, Form
from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Opened, Refused, Unverified
from bot.channels.feishu.envelope import MAX_CHALLENGE, MESSAGE, PRESS, WINDOW, FeishuEnvelope
from bot.channels.feishu.pressing import MAX_BLANKS, button_value, form_value
from bot.channels.feishu.seal import NONCE, SIGNATURE, TIMESTAMP, Seal
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.feishu_subject import APP, NOW, SECRET, TOKEN, event, sealed

VECTORS = {
    vector["name"]: vector for vector in json.loads((Path(__file__).parent / "vectors.json").read_text())["feishu"]
}
STAMP = datetime(2026, 1, 1, tzinfo=UTC)


def door(account: Any = "open_id", *, bot: str | None = None) -> FeishuEnvelope:
    envelope = FeishuEnvelope(
        "door", Seal(SECRET), tenant_key="county", app_id=APP, verification_token=TOKEN, account=account
    )
    envelope.bot_open_id = bot
    return envelope


def opened(content: dict[str, Any], account: Any = "open_id", *, bot: str | None = None) -> Opened:
    return door(account, bot=bot).open(sealed(json.dumps(content).encode()))


def said(content: dict[str, Any] | str, kind: str = "text", **message: Any) -> dict[str, Any]:
    """A private message of that kind."""
    sender = {"sender_id": {"open_id": "ou_7", "user_id": "u7"}, "sender_type": "user", "tenant_key": "county"}
    fields = {
        "message_id": "om_1",
        "create_time": "1785893400123",
        "chat_id": "oc_7",
        "chat_type": "p2p",
        "message_type": kind,
        "content": content if isinstance(content, str) else json.dumps(content),
    }
    return event(MESSAGE, {"sender": sender, "message": fields | message})


def pressed(value: Any, filled: Any = None, **header: Any) -> dict[str, Any]:
    action = {"value": value, "tag": "button"} | ({} if filled is None else {"form_value": filled})
    content = {
        "operator": {"open_id": "ou_7", "user_id": "u7", "tenant_key": "county"},
        "token": "c-1",
        "action": action,
        "host": "im_message",
        "context": {"open_message_id": "om_2", "open_chat_id": "oc_7"},
    }
    return event(PRESS, content, **({"create_time": "1785893400123456"} | header))


def mention(key: str, name: str, open_id: str = "ou_x", kind: str = "user") -> dict[str, Any]:
    return {
        "key": key,
        "id": {"open_id": open_id, "user_id": "", "union_id": "on"},
        "mentioned_type": kind,
        "name": name,
    }


def text_of(content: dict[str, Any], **more: Any) -> str:
    message = opened(content, **more)
    assert isinstance(message, Incoming)
    return message.text


# The platform's own bytes


def vector_door(vector: dict[str, Any], account: Any = "open_id") -> FeishuEnvelope:
    return FeishuEnvelope(
        "door",
        Seal(vector["encrypt_key"]),
        tenant_key="tk0000000000001",
        app_id="cli_a000000000000001",
        verification_token=vector["verification_token"],
        account=account,
    )


def vector_request(vector: dict[str, Any]) -> Envelope:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    return Envelope("POST", headers, {}, vector["raw_body"].encode(), STAMP, STAMP)


def test_a_message_as_the_vendors_library_seals_it() -> None:
    vector = VECTORS["im_message_receive_v1"]
    envelope = vector_door(vector, "user_id")
    envelope.bot_open_id = "ou_bot"

    assert envelope.open(vector_request(vector)) == Incoming(
        channel="door",
        tenant="tk0000000000001",
        message_id="om_0001",
        sender="u0001",
        conversation="oc_0001",
        private=False,
        addressed=True,
        text="报送 12",
        sent_at=STAMP + timedelta(milliseconds=1),
    )


def test_a_reserialised_body_is_not_what_was_signed() -> None:
    vector = VECTORS["im_message_receive_v1"]
    body = json.dumps(json.loads(vector["raw_body"]), separators=(",", ":")).encode()

    with pytest.raises(Unverified):
        vector_door(vector).open(replace(vector_request(vector), body=body))


@pytest.mark.parametrize("headers", [True, False], ids=["signed", "unsigned"])
def test_the_question_whether_we_are_there(headers: bool) -> None:
    """It carries no signature that could be relied on; our key and our token prove it."""
    vector = VECTORS["url_verification"]
    request = vector_request(vector)
    answer = vector_door(vector).open(request if headers else replace(request, headers={}))

    assert isinstance(answer, Challenge)
    assert (json.loads(answer.body), answer.content_type) == ({"challenge": "ch-0123456789"}, "application/json")


def test_a_card_that_is_not_ours_is_left_alone() -> None:
    vector = VECTORS["card_action_trigger_form"]

    assert isinstance(vector_door(vector).open(vector_request(vector)), Ignored)


def test_the_example_of_the_manual_can_be_opened() -> None:
    vector = VECTORS["official_doc_example"]
    body = json.dumps({"encrypt": vector["encrypt"]}).encode()

    assert Seal(vector["encrypt_key"]).open(body).decode() == vector["plaintext"]


def test_our_pen_writes_as_the_vendors() -> None:
    for name in ("im_message_receive_v1", "card_action_trigger_form", "url_verification"):
        vector = VECTORS[name]
        seal = Seal(vector["encrypt_key"])
        body = seal.seal(vector["plaintext"].encode(), iv=bytes.fromhex(vector["iv_hex"]))

        assert body.decode() == vector["raw_body"]
        assert seal.signature(body, timestamp="1767225600", nonce="773344") == vector["headers"]["X-Lark-Signature"]


def test_the_old_card_callback_is_not_believed() -> None:
    vector = VECTORS["legacy_card_action_v1"]
    headers = {name.lower(): value for name, value in vector["headers"].items()}

    with pytest.raises(Unverified):
        door().open(Envelope("POST", headers, {}, vector["raw_body"].encode(), STAMP, STAMP))


# Who may speak


def test_a_body_in_the_clear_is_refused_even_if_signed() -> None:
    body = json.dumps(said({"text": "报送"})).encode()
    stamp = str(int(NOW.timestamp()))
    signature = Seal(SECRET).signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Unverified):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))


@pytest.mark.parametrize(
    "wrong",
    [{"token": "guessed"}, {"token": "é"}, {"app_id": "cli_another"}, {"tenant_key": "another"}],
    ids=str,
)
@pytest.mark.parametrize("kind", [said, pressed])
def test_another_token_app_or_tenant(kind: Any, wrong: dict[str, str]) -> None:
    content = kind({"text": "报送"})
    content["header"] |= wrong

    with pytest.raises(Unverified):
        opened(content)


@pytest.mark.parametrize("token", ["guessed", None, 5, ""])
def test_a_challenge_needs_our_token(token: object) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "ch", "token": token}).encode()

    for request in (sealed(body), replace(sealed(body), headers={})):
        with pytest.raises(Unverified):
            door().open(request)


def test_a_challenge_under_another_key_or_too_long() -> None:
    content = {"type": "url_verification", "challenge": "ch", "token": TOKEN}
    with pytest.raises(Unverified):
        door().open(replace(sealed(json.dumps(content).encode(), "foreign"), headers={}))

    long = json.dumps(content | {"challenge": "x" * MAX_CHALLENGE}).encode()
    with pytest.raises(Unverified):
        door().open(replace(sealed(long), headers={}))
    assert isinstance(door().open(sealed(long)), Challenge)


def test_nothing_but_a_challenge_passes_unsigned() -> None:
    with pytest.raises(Unverified):
        door().open(replace(sealed(json.dumps(said({"text": "报送"})).encode()), headers={}))


@pytest.mark.parametrize("sign", [1, -1])
def test_window_to_the_second(sign: int) -> None:
    request = sealed(json.dumps(said({"text": "报送"})).encode())

    assert isinstance(door().open(replace(request, real_now=NOW + sign * WINDOW)), Incoming)
    with pytest.raises(Unverified):
        door().open(replace(request, real_now=NOW + sign * (WINDOW + timedelta(seconds=1))))


@pytest.mark.parametrize("stamp", ["１７８５８９３４００", "-5", "1e9", "", "9" * 400, " 5"])
def test_stamps_are_ascii_digits_even_when_signed(stamp: str) -> None:
    seal, body = Seal(SECRET), Seal(SECRET).seal(b"{}")
    signature = seal.signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Unverified):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))


def test_an_empty_key_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        Seal("")


def test_bots_and_people_of_other_organisations_are_ignored() -> None:
    """A user_id is unique within its own organisation only."""
    for change in ({"sender_type": "bot"}, {"tenant_key": "another"}):
        content = said({"text": "报送"})
        content["event"]["sender"] |= change
        assert isinstance(opened(content), Ignored)

    content = pressed(button_value("确认", private=True))
    content["event"]["operator"]["tenant_key"] = "another"
    assert isinstance(opened(content), Ignored)


@pytest.mark.parametrize("told", [{}, {"user_id": ""}, {"user_id": None}], ids=str)
def test_without_the_account_that_the_roster_knows(told: dict[str, Any]) -> None:
    """The platform leaves user_id away where a permission is missing: the log has to say so."""
    content = said({"text": "报送"})
    content["event"]["sender"]["sender_id"] = {"open_id": "ou_7"} | told
    ignored = opened(content, "user_id")

    assert isinstance(ignored, Ignored)
    assert "user_id" in ignored.reason


def test_the_account_is_the_one_of_the_settings() -> None:
    assert [getattr(opened(said({"text": "报送"}), kind), "sender", "") for kind in ("open_id", "user_id")] == [
        "ou_7",
        "u7",
    ]


@pytest.mark.parametrize(
    "kind",
    ["im.chat.member.bot.added_v1", "im.message.recalled_v1", "im.chat.access_event.bot_p2p_chat_entered_v1", "x"],
)
def test_other_events_are_ignored(kind: str) -> None:
    assert isinstance(opened(event(kind, {"chat_id": "oc_7"})), Ignored)


def test_an_event_in_the_old_envelope() -> None:
    old = {"type": "event_callback", "token": TOKEN, "uuid": "u", "event": {"type": "p2p_chat_create"}}

    assert isinstance(opened(old), Ignored)
    with pytest.raises(Unverified):
        opened(old | {"token": "guessed"})


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


@pytest.mark.parametrize(
    "encrypt", ["", "!", "é", "QQ==", b64encode(b"x" * 16), b64encode(b"x" * 33), 5, None], ids=str
)
def test_what_is_signed_and_no_ciphertext(encrypt: Any) -> None:
    body = json.dumps({"encrypt": encrypt.decode() if isinstance(encrypt, bytes) else encrypt}).encode()
    stamp = str(int(NOW.timestamp()))
    signature = Seal(SECRET).signature(body, timestamp=stamp, nonce="n")

    with pytest.raises(Refused):
        door().open(Envelope("POST", {TIMESTAMP: stamp, NONCE: "n", SIGNATURE: signature}, {}, body, NOW, NOW))


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
        extra={"card_token": "c-1", "open_message_id": "om_2"},
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
