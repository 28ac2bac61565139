"""The oddities of WeCom's robot in callbacks; what all channels have in common stands in test_every_channel.py."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.channel import Acknowledgement, Challenge, Ignored, Malformed, Opened, Unverified
from bot.channels.wecom_bot.envelope import WINDOW, answer_path, unaddressed
from handlers.incoming import ANSWERED_AT, FileRef, Incoming
from tests.bot.channels.channel_subject import NOW
from tests.bot.channels.wecom_bot_subject import BASE, CORP, NAME, answerable, settings, wecom_bot_subject

VECTORS: dict[str, dict[str, Any]] = {
    vector["name"]: vector
    for vector in json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["wecom"]
}
SUBJECT = wecom_bot_subject()
CHANNEL = SUBJECT.channel
URL = "https://files.example/1?sign=a%2Bb"


def opened(**fields: Any) -> Opened:
    return CHANNEL.open(SUBJECT.wrap(SUBJECT.changed(**fields)))


def heard(**fields: Any) -> Incoming:
    found = opened(**fields)
    assert isinstance(found, Incoming)
    return found


def in_group(**fields: Any) -> Incoming:
    return heard(chattype="group", chatid="wrCHAT01", **fields)


def test_the_vendors_own_message() -> None:
    """A body sealed by another library opens to what it says, without the mention of the robot."""
    vector = VECTORS["aibot_json_empty_receiveid"]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    base = "https://qyapi.weixin.qq.com"
    table = settings(
        token=vector["token"], encoding_aes_key=vector["encoding_aes_key"], api_base=base, bot_id="AIBOT01"
    )
    query = {"msg_signature": vector["msg_signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    request = replace(SUBJECT.wrap(b""), body=vector["post_body"].encode(), query=query, real_now=at)

    assert wecom_bot_subject(table).channel.open(request) == Incoming(
        channel="door",
        tenant=CORP,
        message_id="CAIQ0001",
        sender="zhangsan",
        conversation="wrCHAT01",
        private=False,
        addressed=True,
        text="查询 1月",
        sent_at=at,
        extra=answerable("wrCHAT01", base=base, signed_at=at),
    )
    with pytest.raises(Unverified):
        CHANNEL.open(replace(request, query={**query, "nonce": "1"}))


def test_what_is_meant_for_another_receiver_is_refused() -> None:
    """The envelope of the company's self-built app names the company; a robot's names nobody."""
    vector = VECTORS["xml_text_chinese"]
    at = datetime.fromtimestamp(int(vector["timestamp"]), UTC)
    query = {"msg_signature": vector["msg_signature"], "timestamp": vector["timestamp"], "nonce": vector["nonce"]}
    body = json.dumps({"encrypt": vector["encrypt"]}).encode()

    with pytest.raises(Unverified, match="somebody else"):
        CHANNEL.open(replace(SUBJECT.wrap(b""), body=body, query=query, real_now=at))


def test_the_address_check_is_answered_with_the_bare_words() -> None:
    request = SUBJECT.check("73829104650000001")

    assert CHANNEL.open(request) == Challenge("73829104650000001")
    for changed in ({}, {**request.query, "echostr": ""}, {**request.query, "nonce": "1"}):
        with pytest.raises(Unverified):
            CHANNEL.open(replace(request, query=changed))
    with pytest.raises(Unverified):
        CHANNEL.open(replace(request, real_now=NOW + timedelta(hours=9)))


def test_the_acknowledgement_is_empty() -> None:
    assert CHANNEL.acknowledge(SUBJECT.wrap(b"")) == Acknowledgement("", "text/plain")


def test_the_window() -> None:
    request = SUBJECT.write(SUBJECT.message)

    for edge in (WINDOW, -WINDOW):
        assert CHANNEL.open(replace(request, real_now=NOW + edge)) == SUBJECT.message
        with pytest.raises(Unverified):
            CHANNEL.open(replace(request, real_now=NOW + edge * 1.001))


def test_another_robot_or_company() -> None:
    for fields in ({"aibotid": "AIBOT02"}, {"from": {"userid": "zhangsan", "corpid": "wpOTHER"}}):
        with pytest.raises(Unverified):
            opened(**fields)


def test_one_person_is_one_sender_whatever_the_case() -> None:
    incoming = heard(**{"from": {"userid": "ZhangSan", "corpid": ""}})

    assert (incoming.sender, incoming.conversation, incoming.private) == ("zhangsan", "bot:zhangsan", True)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (f"@{NAME} 得分", "得分"),
        (f"  @{NAME}\u2005得分", "得分"),
        (f"@{NAME}\n8月工作计划：\n抓好监测", "8月工作计划：\n抓好监测"),
        (f"确认 @{NAME}", "确认"),
        (f"报送 @{NAME} 7月 4.2亿", "报送 7月 4.2亿"),
        (f"@{NAME}得分", "得分"),
        (f"@{NAME}二号 得分 @{NAME}", f"@{NAME}二号 得分"),
        (f"@{NAME}", ""),
        ("@张三 得分", "@张三 得分"),
        ("得分", "得分"),
    ],
)
def test_the_mention_of_the_robot_is_no_part_of_what_was_said(said: str, meant: str) -> None:
    assert in_group(text={"content": said}).text == meant == unaddressed(said, NAME)


def test_a_name_may_hold_anything() -> None:
    assert unaddressed("@督办 (县) 得分", "督办 (县)") == "得分"


def test_in_private_the_text_stays_as_it_is() -> None:
    assert heard(text={"content": f"@{NAME} 得分 "}).text == f"@{NAME} 得分 "


@pytest.mark.parametrize(("kind", "called"), [("image", "图片"), ("file", "文件"), ("video", "视频")])
def test_a_file(kind: str, called: str) -> None:
    incoming = heard(msgtype=kind, text=None, **{kind: {"url": URL}})

    assert (incoming.text, incoming.attachments, incoming.files) == ("", (called,), (FileRef("", kind, URL),))


def test_a_voice_message_is_its_words() -> None:
    incoming = heard(msgtype="voice", text=None, voice={"content": "我的任务"})

    assert (incoming.text, incoming.files) == ("我的任务", ())


def test_words_with_pictures() -> None:
    items = [
        {"msgtype": "text", "text": {"content": f"@{NAME} 附件"}},
        {"msgtype": "image", "image": {"url": URL}},
        {"msgtype": "text", "text": {"content": "第二段"}},
        {"msgtype": "sticker"},
    ]
    incoming = in_group(msgtype="mixed", text=None, mixed={"msg_item": items})

    assert incoming.text == "附件\n第二段"
    assert (incoming.attachments, incoming.files) == (("图片",), (FileRef("", "image", URL),))


def press(**event: Any) -> dict[str, Any]:
    pressed = {"card_type": "button_interaction", "event_key": "确认 #1234", "task_id": "t-42", **event}
    return {
        "msgtype": "event",
        "create_time": 1785893280,
        "event": {"eventtype": "template_card_event", "template_card_event": pressed},
    }


def test_a_press_says_its_command_at_its_own_time() -> None:
    for incoming in (heard(**press()), in_group(**press())):
        assert (incoming.text, incoming.message_id) == ("确认 #1234", "m-1")
        assert incoming.sent_at == datetime.fromtimestamp(1785893280, UTC)
        assert incoming.extra is not None
        assert incoming.extra[ANSWERED_AT].startswith(BASE)


@pytest.mark.parametrize(
    "fields",
    [
        {"msgtype": "event", "event": {"eventtype": "enter_chat"}, "chattype": None},
        {"msgtype": "event", "event": {"eventtype": "feedback_event", "feedback_event": {"id": "F1", "type": 2}}},
        {"msgtype": "event", "event": {"eventtype": "disconnected_event"}},
        press(event_key=""),
        {"msgtype": "stream", "stream": {"id": "S1"}, "response_url": None},
        {"msgtype": "of tomorrow"},
    ],
    ids=["enter", "feedback", "disconnected", "no-key", "stream", "unknown"],
)
def test_what_asks_nothing_of_us(fields: dict[str, Any]) -> None:
    assert isinstance(opened(**fields), Ignored)


@pytest.mark.parametrize(
    "fields",
    [
        {"chattype": None},
        {"chattype": "group"},
        {"chattype": "channel"},
        {"msgid": ""},
        {"msgid": "m\n1"},
        {"from": {"userid": ""}},
        {"from": None},
        {"text": None},
        {"text": {"content": 5}},
        {"msgtype": "image", "image": {"url": ""}},
        {"msgtype": "mixed", "mixed": {"msg_item": {}}},
        {**press(), "create_time": -1},
        {**press(), "create_time": 10**15},
    ],
)
def test_what_does_not_fit_is_malformed(fields: dict[str, Any]) -> None:
    with pytest.raises(Malformed):
        opened(**fields)


def test_half_a_character_loses_no_message() -> None:
    content = SUBJECT.changed().replace("报送".encode(), b"\\ud83d")
    incoming = CHANNEL.open(SUBJECT.wrap(content))

    assert isinstance(incoming, Incoming)
    assert incoming.text == "\ufffd7月 招商引资 4.2亿美元"


GOOD = f"{BASE}/cgi-bin/aibot/response?response_code=RC"


@pytest.mark.parametrize(
    "address",
    [
        "",
        5,
        "https://evil.example/cgi-bin/aibot/response?response_code=RC",
        GOOD.replace("http:", "https:"),
        GOOD.replace(":9", ":99"),
        GOOD.replace("127.0.0.1", "user@127.0.0.1"),
        GOOD.replace("127.0.0.1", "127.0.0.1.evil.example"),
        GOOD.replace("/cgi-bin", "/x/../cgi-bin"),
        GOOD.replace("aibot/response", "message/send"),
        GOOD.replace("?", "/../../message/send?"),
        GOOD.replace("?", "s?"),
        f"{GOOD}#x",
        f"{GOOD} x",
        f"{GOOD}\r\nX: y",
        f"{GOOD}＆",
        GOOD + "x" * 3000,
    ],
)
def test_an_address_that_leads_elsewhere_is_not_used(address: object) -> None:
    """The message counts all the same (T8)."""
    incoming = heard(response_url=address)

    assert incoming.answered_once
    assert incoming.extra is not None
    assert incoming.extra[ANSWERED_AT] == ""


def test_an_address_of_the_platform_is_used_as_it_is() -> None:
    for address in (GOOD, f"{GOOD}%2B%2F&x=1"):
        assert heard(response_url=address).extra == {**answerable("bot:u-7"), ANSWERED_AT: address}
    assert answer_path(GOOD, f"{BASE}/") == "/cgi-bin/aibot/response?response_code=RC"
