"""DingTalk's callbacks: robot messages of every kind, their stamp, and events under AES."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.channel import Challenge, Envelope, Ignored, Malformed, Refused, Unverified
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP, signed
from bot.channels.dingtalk.messages import RobotMessages
from bot.channels.sealed import Seal
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.dingtalk_subject import APP, NOW, channel, request

VECTORS = {
    vector["name"]: vector
    for vector in json.loads((Path(__file__).parent / "vectors.json").read_text("utf-8"))["dingtalk"]
}
HOOK = "https://oapi.dingtalk.com/robot/sendBySession?session=s1"
BODY: dict[str, Any] = {
    "msgId": "msg01==",
    "msgtype": "text",
    "createAt": 1785893400000,
    "conversationId": "cid01==",
    "conversationType": "2",
    "senderId": "$:LWCP_v1:$enc",
    "senderNick": "张三",
    "senderStaffId": "staff01",
    "senderCorpId": APP.corp_id,
    "chatbotCorpId": APP.corp_id,
    "robotCode": APP.robot_code,
    "isAdmin": True,
    "isInAtList": True,
    "text": {"content": " 报送7月"},
}
DOOR = channel()
EVENT_TOKEN = "an event's own token"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
LISTENING = channel(event_token=EVENT_TOKEN, event_aes_key=AES_KEY)


def opened(**changes: Any) -> Incoming:
    """BODY with `changes`, opened; None takes a field out."""
    found = DOOR.open(request(written(**changes)))
    assert isinstance(found, Incoming)
    return found


def written(**changes: Any) -> bytes:
    return json.dumps({k: v for k, v in {**BODY, **changes}.items() if v is not None}).encode()


def of_kind(kind: str, **content: Any) -> Incoming:
    return opened(msgtype=kind, content=content, text=None)


def test_a_message_in_a_group() -> None:
    assert opened() == Incoming(
        channel="door",
        tenant="county",
        message_id="msg01==",
        sender="staff01",
        conversation="cid01==",
        private=False,
        addressed=True,
        text="报送7月",
        sent_at=datetime(2026, 8, 5, 1, 30, tzinfo=UTC),
    )


def test_a_message_in_private() -> None:
    assert opened(conversationType="1", isInAtList=None).private
    assert opened(conversationType="1", isInAtList=False).addressed


def test_the_body_that_another_library_parsed() -> None:
    body = VECTORS["robot_message_body"]["body"]
    messages = RobotMessages("door", "dingcorp0001", "dingrobot0001")

    found = messages.read(json.dumps(body).encode())

    assert isinstance(found, Incoming)
    assert (found.text, found.sender, found.sent_at) == ("报送 12", "staff0001", datetime(2026, 1, 1, tzinfo=UTC))
    assert found.extra is None


@pytest.mark.parametrize("said", [" 报送7月", "\u2005报送7月", "\u00a0 \u3000报送7月", "报送7月"])
def test_the_blank_behind_the_robots_name_is_stripped(said: str) -> None:
    assert opened(text={"content": said}).text == "报送7月"


def test_nothing_else_of_the_text_is_changed() -> None:
    assert opened(text={"content": " ４．２ 亿，#1234 \n"}).text == "４．２ 亿，#1234 \n"


@pytest.mark.parametrize("half", [b"\\ud83d", b"\xed\xa0\xbd"], ids=["escaped", "raw"])
def test_half_a_character_is_replaced_and_the_report_not_lost(half: bytes) -> None:
    body = written(text={"content": " 报送HALF"}).replace(b"HALF", half)
    message = channel().open(request(body))

    assert isinstance(message, Incoming)
    assert message.text == "报送\ufffd"


def test_a_text_at_the_top_as_one_sample_has_it() -> None:
    assert opened(text=None, content=" 你好").text == "你好"


def test_the_stamp_as_a_text() -> None:
    assert opened(createAt="1785893400000") == opened()


@pytest.mark.parametrize("stamp", [True, -1, "-1", "１７８５", "", "9" * 16, "9" * 400, 1.5, [], "1e3"], ids=repr)
def test_a_senseless_stamp(stamp: object) -> None:
    with pytest.raises(Malformed):
        opened(createAt=stamp)


def test_a_rich_text() -> None:
    runs = [{"text": " 报送7月 "}, {"type": "picture", "downloadCode": "d1"}, {"text": "4.2"}, {"type": "odd"}]
    found = of_kind("richText", richText=runs)

    assert found.text == "报送7月 4.2"
    assert found.files == (FileRef("", "image", "d1"),)
    assert found.attachments == ("图片",)


@pytest.mark.parametrize(
    ("kind", "content", "file", "name"),
    [
        ("picture", {"downloadCode": "d1"}, FileRef("", "image", "d1"), "图片"),
        ("file", {"downloadCode": "d1", "fileName": "证明.pdf"}, FileRef("证明.pdf", "file", "d1"), "证明.pdf"),
        ("video", {"downloadCode": "d1", "duration": 5, "videoType": "mp4"}, FileRef("", "video", "d1"), "视频"),
        ("audio", {"downloadCode": "d1", "duration": 5}, FileRef("", "voice", "d1"), "语音"),
    ],
)
def test_files(kind: str, content: dict[str, Any], file: FileRef, name: str) -> None:
    found = of_kind(kind, **content)

    assert (found.text, found.files, found.attachments) == ("", (file,), (name,))


def test_what_was_spoken_is_text() -> None:
    found = of_kind("audio", downloadCode="d1", duration=5, recognition="报送7月")

    assert (found.text, found.files) == ("报送7月", ())


@pytest.mark.parametrize(
    "changes",
    [
        {"senderStaffId": None},
        {"senderStaffId": ""},
        {"senderStaffId": None, "senderCorpId": "stranger"},
        {"text": None},
        {"text": None, "errorMessage": "over quota", "errorCode": "20001"},
        {"msgtype": "poke", "content": {}, "text": None},
        {"msgtype": "picture", "content": {}, "text": None},
    ],
)
def test_genuine_and_nothing_to_do(changes: dict[str, Any]) -> None:
    assert isinstance(DOOR.open(request(written(**changes))), Ignored)


@pytest.mark.parametrize(
    "changes",
    [{"chatbotCorpId": "another"}, {"senderCorpId": "another"}, {"senderCorpId": None}, {"robotCode": "another"}],
)
def test_not_for_us(changes: dict[str, Any]) -> None:
    with pytest.raises(Unverified):
        DOOR.open(request(written(**changes)))


@pytest.mark.parametrize("name", ["msgId", "conversationId", "conversationType", "createAt", "robotCode"])
def test_a_field_is_missing(name: str) -> None:
    with pytest.raises(Malformed):
        DOOR.open(request(written(**{name: None})))


def test_the_address_by_which_anybody_could_answer_is_not_kept() -> None:
    found = opened(sessionWebhook=HOOK, sessionWebhookExpiredTime=1785900000000)

    assert "sendBySession" not in repr(found)
    assert found == opened()


@pytest.mark.parametrize(
    "name", ["robot_http_callback_header_sign", "custom_robot_outbound_sign", "custom_robot_outbound_sign_plus_slash"]
)
def test_signatures_of_other_libraries(name: str) -> None:
    vector = VECTORS[name]

    assert signed(vector.get("app_secret") or vector["secret"], vector["timestamp"]) == vector["sign"]


@pytest.mark.parametrize(("off", "taken"), [(3600, True), (-3600, True), (3601, False), (-3601, False)])
def test_the_window_of_an_hour(off: int, taken: bool) -> None:
    envelope = replace(request(written()), real_now=NOW + timedelta(seconds=off))
    if taken:
        assert DOOR.open(envelope) == opened()
    else:
        with pytest.raises(Unverified):
            DOOR.open(envelope)


@pytest.mark.parametrize("stamp", ["", "-5", "１７８５８９３４００", "1785893400000.0", "9" * 16, "now"])
def test_an_odd_stamp_under_a_genuine_signature(stamp: str) -> None:
    headers = {TIMESTAMP: stamp, SIGN: signed(APP.app_secret, stamp)}
    with pytest.raises(Unverified):
        DOOR.open(replace(request(written()), headers=headers))


def test_every_flipped_character_of_the_signature() -> None:
    envelope = request(written())
    sign = envelope.headers[SIGN]
    for place, character in enumerate(sign):
        forged = sign[:place] + chr(ord(character) ^ 1) + sign[place + 1 :]
        with pytest.raises(Unverified):
            DOOR.open(replace(envelope, headers={**envelope.headers, SIGN: forged}))


def test_the_stamp_of_another_moment_does_not_fit() -> None:
    envelope = request(written())
    with pytest.raises(Unverified):
        DOOR.open(replace(envelope, headers={**envelope.headers, TIMESTAMP: "1785893400001"}))


def test_no_reason_holds_stamp_or_signature() -> None:
    """Whoever reads a log must not be able to write messages (T3)."""
    envelope = request(b"{}")
    for changed in (envelope, replace(envelope, real_now=NOW + timedelta(days=1)), replace(envelope, headers={})):
        with pytest.raises(Refused) as refusal:
            DOOR.open(changed)

        assert not any(value in str(refusal.value) for value in envelope.headers.values())


def test_where_messages_come_by_stream_nobody_is_heard_over_http() -> None:
    with pytest.raises(Unverified):
        channel(mode="stream").open(request(written()))


def test_a_robot_message_is_answered_with_an_empty_object() -> None:
    assert DOOR.acknowledge(request(written())).body == "{}"


def event(content: dict[str, Any], *, owner: str = APP.corp_id, camel: bool = False) -> Envelope:
    stamp, nonce = "1785893400000", "n-1"
    sealed = Seal(EVENT_TOKEN, AES_KEY, [owner]).seal(json.dumps(content).encode(), timestamp=stamp, nonce=nonce)
    names = ("msg_signature", "timeStamp") if camel else ("signature", "timestamp")
    query = {names[0]: sealed.signature, names[1]: stamp, "nonce": nonce}
    body = json.dumps({"encrypt": sealed.encrypt}).encode()
    return Envelope(method="POST", headers={}, query=query, body=body, received_at=NOW, real_now=NOW)


@pytest.mark.parametrize("owner", [APP.corp_id, APP.app_key])
@pytest.mark.parametrize("camel", [True, False])
@pytest.mark.parametrize("kind", ["check_url", "chat_quit"])
def test_an_event_is_taken_and_answered_under_its_own_seal(owner: str, camel: bool, kind: str) -> None:
    envelope = event({"EventType": kind}, owner=owner, camel=camel)

    assert isinstance(LISTENING.open(envelope), Ignored)

    answer = json.loads(LISTENING.acknowledge(envelope).body)
    seal = Seal(EVENT_TOKEN, AES_KEY, [owner])
    said = seal.open(
        answer["encrypt"],
        signature=answer["msg_signature"],
        timestamp=answer["timeStamp"],
        nonce=answer["nonce"],
    )

    assert said == b"success"
    assert LISTENING.acknowledge(envelope) == LISTENING.acknowledge(envelope)


@pytest.mark.parametrize("name", ["event_check_url", "official_self_test"])
def test_events_sealed_by_the_platforms_own_class(name: str) -> None:
    vector = VECTORS[name]
    door = channel(
        event_token=vector["token"],
        event_aes_key=vector["aes_key"],
        app_key=vector["owner_key"],
    )
    query = {"msg_signature": vector["msg_signature"], "timeStamp": vector["timeStamp"], "nonce": vector["nonce"]}
    envelope = replace(request(json.dumps({"encrypt": vector["encrypt"]}).encode()), headers={}, query=query)

    assert door.open(envelope) == Ignored("the address is checked")


@pytest.mark.parametrize("owner", ["another", ""])
def test_an_event_for_somebody_else(owner: str) -> None:
    with pytest.raises(Unverified):
        LISTENING.open(event({"EventType": "check_url"}, owner=owner))


@pytest.mark.parametrize("body", [b"", b"null", b"{}", b'{"encrypt": 5}', b'{"encrypt": "x"}', b"[" * 1000], ids=len)
def test_an_event_without_a_seal(body: bytes) -> None:
    with pytest.raises(Unverified):
        LISTENING.open(replace(event({"EventType": "check_url"}), body=body))


def test_an_event_that_is_none() -> None:
    with pytest.raises(Malformed):
        LISTENING.open(event({"type": 5}))


def test_events_are_unknown_without_their_keys() -> None:
    with pytest.raises(Unverified):
        DOOR.open(event({"EventType": "check_url"}))


def test_an_event_is_no_way_round_the_robots_signature() -> None:
    """A robot message behind a query as events have it is judged as an event, and nothing vouches for it."""
    with pytest.raises(Unverified):
        LISTENING.open(replace(request(written()), query={"signature": "x"}))


def test_too_deep_a_message_is_not_parsed() -> None:
    with pytest.raises(Malformed, match="deeply"):
        DOOR.open(request(written(atUsers=[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]])))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(name=st.sampled_from([*BODY, "content", "sessionWebhook", "sessionWebhookExpiredTime"]), value=json_values)
def test_any_value_anywhere_is_read_or_refused(name: str, value: object) -> None:
    body = json.dumps({**BODY, name: value}).encode()
    try:
        found = DOOR.open(request(body))
    except Refused:
        return

    assert isinstance(found, Incoming | Ignored | Challenge)
