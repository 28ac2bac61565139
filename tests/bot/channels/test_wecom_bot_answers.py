"""What the robot says, where, and what becomes of it; against a real HTTP server on this machine."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer, unused_port
from hypothesis import given
from hypothesis import settings as quickly
from hypothesis import strategies as st
from yarl import URL

from bot.channels.card import Button, Card, Field, Lamp, Style, Table
from bot.channels.channel import Outgoing, SendError, Sent
from bot.channels.wecom_bot import WecomBotChannel
from bot.channels.wecom_bot.cards import LEFT_OUT, MAX_BYTES, answer, disarmed, markdown
from bot.channels.wecom_bot.client import ELSEWHERE, ONLY_ONCE
from bot.clock import WoundClock
from handlers.incoming import ANSWERED_AT
from tests.bot.channels.wecom_bot_subject import BASE, answerable, settings

NOW = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
CARD = Card(
    "请核对",
    ("7月月报共4项。",),
    fields=(Field("得分", "96.5", Lamp.GREEN),),
    buttons=(Button("确认", "确认 #1234", Style.PRIMARY), Button("取消", "取消 #1234")),
)
OUTGOING = Outgoing("k-1", "zhangsan", to_group=False, card=CARD)
GROUP = replace(OUTGOING, recipient="wrCHAT01", to_group=True, card=Card("已单独发给您。"))


@dataclass
class Desk:
    """The platform: it answers as told, in turn, and keeps what it was asked."""

    url: str = ""
    clock: WoundClock = field(default_factory=lambda: WoundClock(NOW))
    answers: list[object] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.StreamResponse:
        self.said.append(json.loads(await request.read()))
        self.asked.append(request.raw_path)
        found = self.answers.pop(0) if self.answers else {"errcode": 0, "errmsg": "ok"}
        if found is None:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        return found if isinstance(found, web.StreamResponse) else web.json_response(found)

    def at(self, outgoing: Outgoing, **changes: str) -> Outgoing:
        """The letter with what its message brought along."""
        chat = outgoing.recipient if outgoing.to_group else f"bot:{outgoing.recipient}"
        return replace(outgoing, extra={**answerable(chat, base=self.url, signed_at=NOW), **changes})


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    found = Desk()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", found.take)
    async with TestServer(app) as server:
        found.url = str(server.make_url("")).rstrip("/")
        yield found


@pytest.fixture
async def channel(desk: Desk) -> AsyncIterator[WecomBotChannel]:
    async with aiohttp.ClientSession() as session:
        yield WecomBotChannel(settings(api_base=desk.url), session, desk.clock, desk.clock)


async def refused(channel: WecomBotChannel, outgoing: Outgoing) -> SendError:
    with pytest.raises(SendError) as error:
        await channel.send(outgoing)
    return error.value


async def test_a_card_with_buttons_that_fits(desk: Desk, channel: WecomBotChannel) -> None:
    assert await channel.send(desk.at(OUTGOING)) == Sent("", NOW)
    assert desk.asked == ["/cgi-bin/aibot/response?response_code=RC1"]
    (message,) = desk.said
    card = message["template_card"]
    assert message == {
        "msgtype": "template_card",
        "template_card": {
            "card_type": "button_interaction",
            "main_title": {"title": "请核对"},
            "sub_title_text": "7月月报共4项。",
            "horizontal_content_list": [{"keyname": "得分", "value": "96.5（绿灯）"}],
            "task_id": card["task_id"],
            "button_list": [
                {"text": "确认", "style": 1, "key": "确认 #1234"},
                {"text": "取消", "style": 2, "key": "取消 #1234"},
            ],
        },
    }
    assert len(card["task_id"]) == 32


async def test_words_go_as_markdown(desk: Desk, channel: WecomBotChannel) -> None:
    await channel.send(desk.at(replace(OUTGOING, card=Card("已收到", ("谢谢。",)))))
    await channel.send(desk.at(GROUP))

    assert desk.said == [
        {"msgtype": "markdown", "markdown": {"content": "已收到  \n谢谢。"}},
        {"msgtype": "markdown", "markdown": {"content": "已单独发给您。"}},
    ]


async def test_the_code_means_what_it_meant(desk: Desk, channel: WecomBotChannel) -> None:
    address = f"{desk.url}/cgi-bin/aibot/response?response_code=a%2Bb%2Fc%3D"
    await channel.send(desk.at(OUTGOING, **{ANSWERED_AT: address}))

    assert [URL(path).query["response_code"] for path in desk.asked] == ["a+b/c="]


@pytest.mark.parametrize(
    "changes",
    [
        {ANSWERED_AT: ""},
        {ANSWERED_AT: "https://evil.example/cgi-bin/aibot/response?response_code=RC"},
        {"until": ""},
        {"until": str(int(NOW.timestamp() * 1000))},
    ],
    ids=["none", "elsewhere", "no-end", "expired"],
)
async def test_without_an_address_nothing_can_be_said(
    desk: Desk, channel: WecomBotChannel, changes: dict[str, str]
) -> None:
    error = await refused(channel, desk.at(OUTGOING, **changes))

    assert (error.reason, error.permanent, desk.asked) == (ONLY_ONCE, True, [])


async def test_what_we_begin_by_ourselves_cannot_be_said(desk: Desk, channel: WecomBotChannel) -> None:
    for outgoing in (OUTGOING, GROUP):
        error = await refused(channel, outgoing)
        assert (error.reason, error.permanent, desk.asked) == (ONLY_ONCE, True, [])


async def test_the_address_lives_for_an_hour(desk: Desk, channel: WecomBotChannel) -> None:
    desk.clock.wind_to(NOW + timedelta(minutes=59, seconds=59))
    await channel.send(desk.at(OUTGOING))
    desk.clock.wind_to(NOW + timedelta(hours=1))

    assert (await refused(channel, desk.at(OUTGOING))).permanent


async def test_an_address_serves_its_own_conversation_only(desk: Desk, channel: WecomBotChannel) -> None:
    """What one person is told can never come before a group by the group's address."""
    before_all = desk.at(GROUP).extra
    for outgoing in (
        replace(OUTGOING, extra=before_all),
        replace(desk.at(OUTGOING), recipient="lisi"),
        replace(desk.at(GROUP), recipient="wrCHAT02"),
        replace(GROUP, extra=desk.at(OUTGOING).extra),
    ):
        error = await refused(channel, outgoing)
        assert (error.reason, error.permanent, desk.asked) == (ELSEWHERE, True, [])


@pytest.mark.parametrize(
    ("said", "permanent", "unknown", "retry_after"),
    [
        ({"errcode": -1}, False, False, None),
        ({"errcode": 45009}, False, False, 60.0),
        ({"errcode": 60140}, True, False, None),
        ({"errcode": 40001, "errmsg": "SENTINEL"}, True, False, None),
        ({}, False, True, None),
        ({"errcode": "0"}, False, True, None),
        (web.Response(status=502), False, True, None),
        (web.Response(status=404), True, False, None),
        (web.Response(status=302, headers={"location": "http://127.0.0.1:9/"}), True, False, None),
        (None, False, True, None),
    ],
)
async def test_what_the_platform_answers(
    desk: Desk, channel: WecomBotChannel, said: object, permanent: bool, unknown: bool, retry_after: float | None
) -> None:
    desk.answers = [said]
    error = await refused(channel, desk.at(OUTGOING))

    assert (error.permanent, error.unknown, error.retry_after) == (permanent, unknown, retry_after)
    assert len(desk.asked) == 1
    assert "SENTINEL" not in error.reason


async def test_nobody_answers() -> None:
    clock, base = WoundClock(NOW), f"http://127.0.0.1:{unused_port()}"
    async with aiohttp.ClientSession() as session:
        channel = WecomBotChannel(settings(api_base=base), session, clock, clock)
        error = await refused(channel, replace(OUTGOING, extra=answerable("bot:zhangsan", base=base, signed_at=NOW)))

    assert (error.permanent, error.unknown) == (False, False)


async def test_there_is_one_call_and_no_change_afterwards(channel: WecomBotChannel) -> None:
    assert channel.calls(CARD, to_group=False) == 1
    assert not await channel.finish({}, CARD, to_group=False)


# ── how a card is said ──


@pytest.mark.parametrize(
    "card",
    [
        replace(CARD, title="长" * 27),
        replace(CARD, title=""),
        replace(CARD, lines=("长" * 113,)),
        replace(CARD, lines=("行",) * 7),
        replace(CARD, buttons=tuple(Button(f"第{n}", f"第{n}") for n in range(7))),
        replace(CARD, buttons=(Button("长" * 11, "确认"),)),
        replace(CARD, buttons=(Button("是", "确认"), Button("好", "确认"))),
        replace(CARD, buttons=(Button("是", "长" * 400),)),
        replace(CARD, table=Table(("单位", "得分"), (("甲局", "9" * 110),))),
    ],
)
def test_what_does_not_fit_a_card_whole_is_said_in_words_with_its_commands(card: Card) -> None:
    content = answer(card, "k", to_group=False)["markdown"]["content"]

    for button in card.buttons:
        assert disarmed(button.typed) in content
    assert "96.5（绿灯）" in content


def test_in_a_group_there_is_nothing_to_press() -> None:
    assert answer(CARD, "k", to_group=True)["msgtype"] == "markdown"


def test_each_card_has_a_task_of_its_own() -> None:
    one, two, again = (answer(CARD, key, to_group=False)["template_card"]["task_id"] for key in ("a", "b", "a"))

    assert one == again != two


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("<@all> 请看", "＜＠all＞ 请看"),
        ("[县政府](https://evil.example)", "［县政府］（https://evil.example）"),
        ("![图](u)", "!［图］（u）"),
        ("# 标题", "＃ 标题"),
        ("> 引用", "＞ 引用"),
        ("*重* _斜_ `码` ~~删~~", "＊重＊ ＿斜＿ ｀码｀ ～～删～～"),
        ("&lt;b&gt; \\*", "＆lt;b＆gt; ＼＊"),
        ("- 一", "－ 一"),
        ("---", "－－－"),
        ("1. 一", "1． 一"),
        ("1) 一", "1） 一"),
        ("    缩进", "缩进"),
        ("| a | b |", "｜ a ｜ b ｜"),
        ("1.5亿 +3", "1.5亿 +3"),
        ("│ 工业增加值 85", "│ 工业增加值 85"),
    ],
)
def test_nothing_that_people_write_acts(typed: str, shown: str) -> None:
    assert disarmed(typed) == shown


@quickly(max_examples=80, deadline=None)
@given(lines=st.lists(st.text(max_size=30), max_size=8))
def test_no_line_acts_whatever_it_holds(lines: list[str]) -> None:
    content = markdown(Card("题", tuple(lines)))

    assert not set(content) & set("`*_[]()<>~|@#&\\")
    for line in content.split("\n"):
        assert not line.startswith((">", "+", "=", "-", " "))


def test_what_one_message_cannot_hold_is_left_out_with_a_word() -> None:
    """There is no second message to put it in."""
    card = Card("通报", tuple(f"第{number}行：各单位报送情况如下，请予核对" for number in range(1000)))
    content = markdown(card)

    assert len(content.encode()) <= MAX_BYTES < len(card.text().encode())
    assert content.endswith(f"请予核对  \n{LEFT_OUT}")
    assert len(markdown(Card("长" * 10_000)).encode()) <= MAX_BYTES
    assert LEFT_OUT not in markdown(Card("通报", ("行",) * 1000))


def test_the_base_may_end_in_a_stroke() -> None:
    assert settings(api_base=f"{BASE}/").api_base == BASE
