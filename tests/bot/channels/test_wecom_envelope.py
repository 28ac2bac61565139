"""WeCom's own oddities in callbacks; what all channels have in common stands in test_every_channel.py."""

import json
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as quickly
from hypothesis import strategies as st

from bot.channels.channel import Acknowledgement, Challenge, Ignored, Malformed, Opened, Refused, Unverified
from bot.channels.wecom.envelope import WINDOW
from bot.platforms.wecom_pen import Pressed
from handlers.incoming import FileRef, Incoming
from tests.bot.channels.wecom_subject import AGENT, CORP, MESSAGE, NOW, envelope, messages, pen, settings, wecom_subject

VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector
    for vector in json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["wecom"]
}
SUBJECT = wecom_subject()
CHANNEL = SUBJECT.channel


def xml(*, tenant: str = CORP, agent: str = f"<AgentID>{AGENT}</AgentID>", **fields: str) -> str:
    common = {"FromUserName": "ZhangSan", "CreateTime": "1785893280", **fields}
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in common.items())
    return f"<xml><ToUserName><![CDATA[{tenant}]]></ToUserName>{inside}{agent}</xml>"


def opened(inner: str) -> Opened:
    return CHANNEL.open(SUBJECT.wrap(inner.encode()))


def text(**fields: str) -> str:
    return xml(**{"MsgType": "text", "Content": "我的任务", "MsgId": "7460001234567890123", **fields})


def press(**fields: str) -> str:
    event = {"MsgType": "event", "Event": "template_card_event", "EventKey": "确认 #1234", "TaskId": "t-42"}
    return xml(**{**event, "CardType": "button_interaction", "ResponseCode": "rc-1", **fields})


def test_the_vendors_own_message() -> None:
    """A body sealed by another library under other keys opens to what it says."""
    vector = VECTORS["xml_text_chinese"]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    query = {"msg_signature": vector["msg_signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    request = replace(SUBJECT.wrap(b""), body=vector["post_body"].encode(), query=query, real_now=at)

    assert CHANNEL.open(request) == Incoming(
        channel="door",
        tenant=CORP,
        message_id="7460001234567890123",
        sender="zhangsan",
        conversation="app:zhangsan",
        private=True,
        addressed=True,
        text="报送 2026-01 巡查 12 件",
        sent_at=at,
    )


def test_the_address_check_is_answered_with_the_bare_words() -> None:
    vector = VECTORS["url_verify_echostr"]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    query = {
        "msg_signature": vector["msg_signature"],
        "timestamp": vector["timestamp"],
        "nonce": vector["nonce"],
        "echostr": vector["encrypt"],
    }
    request = replace(SUBJECT.wrap(b""), method="GET", body=b"", query=query, real_now=at)

    assert CHANNEL.open(request) == Challenge(vector["plaintext"])
    for changed in ({}, {**query, "echostr": ""}, {**query, "nonce": "1"}):
        with pytest.raises(Unverified):
            CHANNEL.open(replace(request, query=changed))
    with pytest.raises(Unverified):
        CHANNEL.open(replace(request, real_now=at + timedelta(hours=9)))


def test_the_acknowledgement_is_empty() -> None:
    assert CHANNEL.acknowledge(SUBJECT.wrap(b"")) == Acknowledgement("", "text/plain")


def test_the_window() -> None:
    request = SUBJECT.write(MESSAGE, "qK9vTestTok3n")

    for edge in (WINDOW, -WINDOW):
        assert CHANNEL.open(replace(request, real_now=NOW + edge)) == MESSAGE
        with pytest.raises(Unverified):
            CHANNEL.open(replace(request, real_now=NOW + edge * 1.001))


@pytest.mark.parametrize("stamp", ["", " 1", "1.5", "+1785893400", "１７８５８９３４００", "9" * 13, "-1", "x"])
def test_a_stamp_is_a_number_in_plain_digits(stamp: str) -> None:
    own = pen()._seal
    sealed = own.seal(text().encode(), timestamp=stamp, nonce="n")
    body = f"<xml><ToUserName>{CORP}</ToUserName><Encrypt>{sealed.encrypt}</Encrypt></xml>".encode()
    query = {"msg_signature": sealed.signature, "timestamp": stamp, "nonce": "n"}

    with pytest.raises(Unverified):
        CHANNEL.open(replace(SUBJECT.wrap(b""), body=body, query=query))


def test_one_person_is_one_sender_whatever_the_case() -> None:
    incoming = opened(text())

    assert isinstance(incoming, Incoming)
    assert (incoming.sender, incoming.conversation) == ("zhangsan", "app:zhangsan")


@pytest.mark.parametrize(
    ("fields", "file", "called"),
    [
        ({"MsgType": "image", "PicUrl": "https://example.test/p", "MediaId": "m-1"}, "image", "图片"),
        ({"MsgType": "voice", "Format": "amr", "MediaId": "m-1"}, "voice", "语音"),
        ({"MsgType": "video", "ThumbMediaId": "m-0", "MediaId": "m-1"}, "video", "视频"),
        ({"MsgType": "file", "MediaId": "m-1"}, "file", "文件"),
    ],
)
def test_files(fields: dict[str, str], file: str, called: str) -> None:
    incoming = opened(xml(**fields, MsgId="5"))

    assert isinstance(incoming, Incoming)
    assert (incoming.text, incoming.attachments, incoming.files) == ("", (called,), (FileRef("", file, "m-1"),))


def test_a_voice_message_brings_its_words() -> None:
    incoming = opened(xml(MsgType="voice", MediaId="m-1", Recognition="我的任务", MsgId="5"))

    assert isinstance(incoming, Incoming)
    assert (incoming.text, incoming.files) == ("我的任务", (FileRef("", "voice", "m-1"),))


def test_a_press_is_its_command_to_the_letter() -> None:
    incoming = opened(press())

    assert isinstance(incoming, Incoming)
    assert incoming.text == "确认 #1234"
    assert (incoming.sender, incoming.conversation, incoming.private) == ("zhangsan", "app:zhangsan", True)
    assert incoming.sent_at == datetime.fromtimestamp(1785893280, UTC)
    assert incoming.extra == {"response_code": "rc-1", "task_id": "t-42"}


def test_presses_are_told_apart_and_a_resend_is_known() -> None:
    """The platform gives events no id: who, when, which button of which card (I2). The code may be new each time."""

    def id_of(inner: str) -> str:
        incoming = opened(inner)
        assert isinstance(incoming, Incoming)
        return incoming.message_id

    first = id_of(press())

    assert id_of(press(ResponseCode="rc-2")) == first
    assert id_of(press(FromUserName="zhangsan")) == first
    others = [
        {"FromUserName": "lisi"},
        {"CreateTime": "1785893281"},
        {"EventKey": "取消 #1234"},
        {"TaskId": "t-43"},
    ]
    assert len({first, *(id_of(press(**other)) for other in others)}) == len(others) + 1
    assert first.isprintable()
    assert len(id_of(press(EventKey="长" * 341, TaskId="t" * 128))) < 256


def test_the_menu_is_pressed_too() -> None:
    incoming = opened(xml(MsgType="event", Event="click", EventKey="我的任务"))

    assert isinstance(incoming, Incoming)
    assert (incoming.text, incoming.extra) == ("我的任务", None)


@pytest.mark.parametrize(
    "fields",
    [
        {"MsgType": "location", "Location_X": "23.1", "Location_Y": "113.3", "Label": "某地", "MsgId": "5"},
        {"MsgType": "link", "Title": "某文", "Url": "https://example.test", "MsgId": "5"},
        {"MsgType": "something-new", "MsgId": "5"},
        *(
            {"MsgType": "event", "Event": event, "EventKey": ""}
            for event in (
                "enter_agent",
                "subscribe",
                "unsubscribe",
                "LOCATION",
                "batch_job_result",
                "inactive_alert",
                "",
            )
        ),
        {"MsgType": "event", "Event": "view", "EventKey": "https://example.test"},
        {"MsgType": "event", "Event": "template_card_menu_event", "EventKey": "A", "TaskId": "t"},
        {"MsgType": "event", "Event": "template_card_event", "EventKey": "", "TaskId": "t"},
        {"MsgType": "event", "Event": "change_contact", "FromUserName": "", "CreateTime": ""},
    ],
    ids=lambda fields: fields.get("Event", fields["MsgType"]),
)
def test_what_asks_nothing_of_us_is_ignored(fields: dict[str, str]) -> None:
    """Acknowledged, so that the platform does not bring it again."""
    assert isinstance(opened(xml(**fields)), Ignored)


@pytest.mark.parametrize(
    "changes",
    [
        {"MsgId": ""},
        {"MsgId": "5\t6"},
        {"MsgId": "5" * 257},
        {"FromUserName": ""},
        {"FromUserName": "zhang\nsan"},
        {"CreateTime": ""},
        {"CreateTime": "１７８５"},
        {"CreateTime": "-5"},
        {"CreateTime": "999999999999"},
        {"MsgType": ""},
        {"MsgType": "image", "MediaId": ""},
    ],
    ids=repr,
)
def test_a_message_that_lacks_something(changes: dict[str, str]) -> None:
    with pytest.raises(Malformed):
        opened(text(**changes))


def test_another_company_or_app_inside() -> None:
    for inner in (
        text(tenant="ww-another"),
        text(tenant=CORP.upper()),
        text(tenant=""),
        text(agent="<AgentID>1000003</AgentID>"),
    ):
        with pytest.raises(Unverified):
            opened(inner)

    assert isinstance(opened(text(agent="")), Incoming)


def test_another_company_or_app_outside() -> None:
    """The outer names are not under the signature; they have to be right all the same."""
    request = SUBJECT.wrap(text().encode())
    for right, wrong in ((CORP, "ww-another"), (str(AGENT), "1000003"), ("Encrypt", "Encrypted")):
        with pytest.raises(Unverified):
            CHANNEL.open(replace(request, body=request.body.replace(right.encode(), wrong.encode())))
    without = request.body.replace(f"<AgentID><![CDATA[{AGENT}]]></AgentID>".encode(), b"")

    assert isinstance(CHANNEL.open(replace(request, body=without)), Incoming)


def test_an_envelope_is_small() -> None:
    """Anybody can write one: what has more in it than the platform puts there is not even parsed."""
    request = SUBJECT.wrap(text().encode())
    padded = request.body.replace(b"</xml>", b"<a/>" * 40 + b"</xml>")

    with pytest.raises(Unverified):
        CHANNEL.open(replace(request, body=padded))


def test_our_seal_for_another_company() -> None:
    with pytest.raises(Unverified):
        CHANNEL.open(envelope(pen(corp_id="ww-another").post(text().encode())))


BOMB = "<!DOCTYPE xml [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;'>]>"
FILE = "<!DOCTYPE xml [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>"


@pytest.mark.parametrize("head", [BOMB, FILE, "<!DOCTYPE xml>", "<!DOCTYPE xml SYSTEM 'http://127.0.0.1:9/x'>"])
def test_no_dtd_and_no_entities(head: str) -> None:
    """Neither in the outer XML, which anybody can write, nor in the inner one."""
    inner = head + text(Content="x")
    request = SUBJECT.wrap(inner.encode())

    with pytest.raises(Malformed):
        CHANNEL.open(request)
    with pytest.raises(Unverified):
        CHANNEL.open(replace(request, body=head.encode() + request.body))


@pytest.mark.parametrize(
    "body",
    [
        b"<a>" * 80_000,
        b"<a>" * 40_000 + b"</a>" * 40_000,
        b"<xml " + b"a='1' " * 40_000 + b"/>",
        b"<?xml version='1.0' encoding='utf-7'?><xml/>",
        b"<?xml version='1.0' encoding='utf-16'?><xml/>",
        "<xml/>".encode("utf-16"),
        b"\xff" * 1000,
        b"<xml>&undefined;</xml>",
        b"{}",
    ],
    ids=["deep", "deep and closed", "attributes", "utf-7", "utf-16 said", "utf-16", "bytes", "entity", "json"],
)
def test_bodies_that_are_no_envelope(body: bytes) -> None:
    with pytest.raises(Unverified):
        CHANNEL.open(replace(SUBJECT.wrap(b""), body=body))
    with pytest.raises(Refused):
        CHANNEL.open(SUBJECT.wrap(body))


def test_characters_that_xml_cannot_hold() -> None:
    """Pasted out of office documents now and then; shown as unreadable, and the message is not lost over them."""
    incoming = opened(text(Content="<![CDATA[一\x0b二\x00三\x1f四\ufffe]]>"))

    assert isinstance(incoming, Incoming)
    assert incoming.text == "一\ufffd二\ufffd三\ufffd四\ufffd"


def test_a_text_keeps_its_lines_and_marks() -> None:
    said = "报送 7月\n1. 4.2亿美元 <&> ]]> \"'\t末"
    incoming = CHANNEL.open(SUBJECT.write(replace(MESSAGE, text=said), "qK9vTestTok3n"))

    assert isinstance(incoming, Incoming)
    assert incoming.text == said


def test_reasons_quote_nothing() -> None:
    for inner in (
        text(tenant="SENTINEL"),
        text(CreateTime="SENTINEL"),
        "<SENTINEL",
        "<xml>&SENTINEL;</xml>",
        "SENTINEL",
    ):
        with pytest.raises(Refused) as refusal:
            opened(inner)

        assert "SENTINEL" not in str(refusal.value)


def test_a_table_without_keys_is_no_table() -> None:
    with pytest.raises(ValueError, match="encoding_aes_key"):
        settings(encoding_aes_key="short")


@quickly(max_examples=100, deadline=None)
@given(message=messages, command=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=100))
def test_opening_undoes_writing_of_presses(message: Incoming, command: str) -> None:
    pressed = Pressed("t-1", "rc-1")
    incoming = CHANNEL.open(SUBJECT.wrap(pen().content(replace(message, text=command), pressed)))

    assert isinstance(incoming, Incoming)
    assert (incoming.text, incoming.sender, incoming.sent_at) == (
        command.replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"),
        message.sender,
        message.sent_at,
    )


@quickly(max_examples=200, deadline=None)
@given(seed=st.integers())
def test_mutated_messages_are_read_or_refused(seed: int) -> None:
    """Bytes changed before a genuine seal: an answer or a refusal, no other exception."""
    dice = random.Random(seed)
    inner = bytearray(dice.choice([text(), press(), xml(MsgType="image", MediaId="m", MsgId="5")]).encode())
    for _ in range(dice.randint(1, 6)):
        place = dice.randrange(len(inner))
        inner[place : place + dice.randint(0, 3)] = dice.randbytes(dice.randint(0, 3))
    try:
        found = CHANNEL.open(SUBJECT.wrap(bytes(inner)))
    except Refused:
        return

    assert isinstance(found, Incoming | Ignored)
    if isinstance(found, Incoming):
        json.dumps([found.text, found.message_id, found.sender]).encode()
