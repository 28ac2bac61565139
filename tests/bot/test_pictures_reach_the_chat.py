"""From a notice through the back door and the sandbox's HTTP to the chat: the picture arrives, or the card alone."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, cast
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from pydantic import SecretStr

from assessment.indicator import Direction
from assessment.notices import (
    FigureBlock,
    GapLine,
    Notice,
    OwnRank,
    PointLine,
    PointsBlock,
    ScoreTold,
    Trend,
    write,
)
from bot import outgoing as outgoing_module
from bot.cards import card_for
from bot.cards.pictures import drawing_for
from bot.channel_settings import SandboxSettings
from bot.channels.channel import Capabilities, Outgoing, Sent
from bot.channels.sandbox import CAPABILITIES, SandboxChannel
from bot.clock import SystemClock, WoundClock
from bot.health import Metrics
from bot.outgoing import BackDoor, Render
from bot.pictures.render import Renderer
from bot.platforms.platform import Fault, Line
from bot.platforms.sandbox import Messenger
from bot.wording import EXAMPLES, examples
from schedules.letters import Letter
from storage.outbox import Status

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2010, 8, 31, 2, 30, tzinfo=UTC)
SIGNATURE = b"\x89PNG\r\n\x1a\n"
BLOCK = PointsBlock(
    programme="考核办法",
    version="2010-03",
    account="甲局",
    base=Decimal(80),
    confirmed=Decimal(79),
    provisional=Decimal(77),
    raw=Decimal(79),
    lines=(
        PointLine(entry="L-1008-12", cite="四(一)3", clause="通报批评(主办)", points=Decimal(-1), status="计入"),
        PointLine(entry="P-1008-31", cite="四(一)2", clause="未按时完成", points=Decimal(-2), status="待核定"),
        PointLine(
            entry="L-1008-9", cite="四(一)1", clause="表扬", points=Decimal(1), status="不重复计", covered_by="四(一)4"
        ),
    ),
)
SCORE = ScoreTold(unit="甲局", now=NOW, points=(BLOCK,))
PERSON = BLOCK.model_copy(
    update={
        "account": "甲局李一",
        "personal": True,
        "base": Decimal(0),
        "confirmed": Decimal(-3),
        "provisional": Decimal(-3),
        "lines": (
            PointLine(entry="L-1008-40", cite="四(二)4", clause="催报后未报", points=Decimal(-3), status="计入"),
        ),
    }
)
FIGURES = FigureBlock(
    programme="发展目标考核",
    version="2010-09",
    period="1—7月",
    unit="甲局",
    lines=(
        GapLine(
            name="出境断面指标率",
            unit="%",
            direction=Direction.HIGHER,
            actual=Decimal(50),
            forecast=Decimal(55),
            base=Decimal(70),
            full=Decimal(80),
            actual_share=Decimal("71.43"),
            forecast_share=Decimal("78.57"),
            actual_to_base=Decimal(20),
            forecast_to_base=Decimal(15),
            forecast_to_full=Decimal(25),
            actual_to_full=Decimal(30),
            progress_gap=None,
            is_rate=True,
        ),
    ),
)
EVERY = [example.notice for chapter in examples(EXAMPLES.read_text("utf-8")).values() for example in chapter]


def words(notice: Notice) -> str:
    drawing = drawing_for(notice, ZONE)
    assert drawing is not None
    return "".join(ET.fromstring(drawing.svg).itertext())  # noqa: S314 - our own


def letter(notice: Notice, key: str = "k-1") -> Letter:
    return Letter(key, "sandbox", "u-7", to_group=False, notice=write(notice))


class Office:
    """Messenger and sandbox channel, connected; `send` goes through a back door that renders as told."""

    def __init__(self, messenger: Messenger, channel: SandboxChannel) -> None:
        self.messenger = messenger
        self._channel = channel

    async def send(self, notice: Notice, render: Render | None) -> Status:
        door = BackDoor({"sandbox": self._channel}, ZONE, Metrics(), render)
        return (await door.send(letter(notice))).status

    @property
    def lines(self) -> tuple[Line, ...]:
        return self.messenger.chat(Messenger.private_chat("u-7"))


@pytest.fixture
def send_faults() -> list[Fault]:
    return []


@pytest.fixture
async def office(send_faults: list[Fault]) -> AsyncIterator[Office]:
    clock = WoundClock(NOW)
    async with aiohttp.ClientSession() as session:
        messenger = Messenger(secret="s" * 32, clock=clock, session=session, send_faults=send_faults)
        async with TestServer(messenger.application()) as platform:
            address = str(platform.make_url("")).rstrip("/")
            table = SandboxSettings(name="sandbox", kind="sandbox", secret=SecretStr("s" * 32), api_base=address)
            yield Office(messenger, SandboxChannel(table, session, clock, SystemClock()))


async def dot(_: str) -> bytes:
    return SIGNATURE + b"dot"


async def broken(_: str) -> bytes:
    raise RuntimeError("no renderer today")


async def endless(_: str) -> bytes:
    await asyncio.Event().wait()
    raise AssertionError


async def test_a_picture_arrives_and_opens(office: Office) -> None:
    async with Renderer() as renderer:
        assert await office.send(SCORE, renderer.png) is Status.SENT

    (line,) = office.lines
    assert line.picture is not None
    assert line.picture.startswith(SIGNATURE)
    assert int.from_bytes(line.picture[16:20]) == 1000, "pixels wide"
    assert line.text == card_for(SCORE, ZONE).text()


@pytest.mark.parametrize("render", [broken, endless, None])
async def test_without_a_renderer_the_card_goes_alone(
    office: Office, render: Render | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_module, "_WAITING_SECONDS", 0.01)

    assert await office.send(SCORE, render) is Status.SENT
    (line,) = office.lines
    assert (line.text, line.picture) == (card_for(SCORE, ZONE).text(), None)


async def test_a_drawing_that_fails_does_not_hold_up_the_card(office: Office) -> None:
    odd = BLOCK.model_copy(update={"lines": (BLOCK.lines[0].model_copy(update={"status": "奇怪"}),)})

    assert await office.send(SCORE.model_copy(update={"points": (odd,)}), dot) is Status.SENT
    assert office.lines[0].picture is None


async def test_too_large_a_picture_stays_away(office: Office) -> None:
    async def huge(_: str) -> bytes:
        return bytes(CAPABILITIES.max_picture_bytes + 1)

    assert await office.send(SCORE, huge) is Status.SENT
    assert office.lines[0].picture is None


async def test_the_largest_picture_passes(office: Office) -> None:
    async def large(_: str) -> bytes:
        return bytes(CAPABILITIES.max_picture_bytes)

    assert await office.send(SCORE, large) is Status.SENT
    assert office.lines[0].picture is not None


@pytest.mark.parametrize("send_faults", [[Fault.LOSE_ANSWER]])
async def test_a_repetition_without_the_picture_is_the_same_card(office: Office) -> None:
    assert await office.send(SCORE, dot) is Status.UNKNOWN
    assert await office.send(SCORE, broken) is Status.SENT

    assert (office.messenger.tally.repeats, office.messenger.tally.conflicts, len(office.lines)) == (1, 0, 1)
    assert await office.send(SCORE.model_copy(update={"unit": "乙局"}), dot) is Status.SENT
    assert office.messenger.tally.conflicts == 1, "other words are another card"


async def test_a_channel_that_shows_no_pictures_is_given_none() -> None:
    given: list[Outgoing] = []

    class Plain:
        name = kind = "sandbox"
        capabilities = Capabilities()

        async def send(self, outgoing: Outgoing) -> Sent:
            given.append(outgoing)
            return Sent("", NOW)

    await BackDoor({"sandbox": cast("Any", Plain())}, ZONE, Metrics(), endless).send(letter(SCORE))

    assert [outgoing.picture for outgoing in given] == [None]


def test_which_notices_have_a_picture() -> None:
    """Accounts with points, or one indicator's course; a rank is the own one only, so nobody else's is drawn."""
    none = SCORE.model_copy(update={"points": ()})

    assert drawing_for(SCORE, ZONE) is not None
    assert drawing_for(none, ZONE) is None
    assert drawing_for(none.model_copy(update={"figures": (FIGURES,)}), ZONE) is None, "figures alone are no points"
    drawn = {type(notice) for notice in EVERY if drawing_for(notice, ZONE) is not None}
    assert drawn == {ScoreTold, Trend}
    assert OwnRank not in drawn


def test_beside_figures_the_points_are_drawn_and_the_figures_are_named_as_left_out() -> None:
    said = words(SCORE.model_copy(update={"figures": (FIGURES,)}))

    assert said.startswith("甲局得分")
    assert {"79", "77"} <= set(re.findall(r"\d+", said))
    assert said.endswith("《发展目标考核》（2010年9月版）的指标完成情况见文字部分，图中未列。")
    assert "50" not in said, "no figure of an indicator stands in a picture of points"
    assert words(SCORE) in said.replace("《发展目标考核》（2010年9月版）的指标完成情况见文字部分，图中未列。", "")


def test_unit_and_person_are_drawn_below_each_other() -> None:
    said = words(SCORE.model_copy(update={"points": (BLOCK, PERSON)}))

    assert said.index("L-1008-9") < said.rindex("甲局李一（个人记分，不计入单位）") < said.index("L-1008-40")


def test_of_many_accounts_the_further_ones_are_named() -> None:
    people = tuple(PERSON.model_copy(update={"account": f"甲局李{name}"}) for name in "一二三")
    said = words(SCORE.model_copy(update={"points": (BLOCK, *people)}))

    assert "甲局李三（个人记分，不计入单位）的得分见文字部分，图中未列。" in said
    assert said.count("个人记分") == 3 + 2, "two headings, twice in the title, and the sentence"


def test_a_drawing_says_what_its_card_says() -> None:
    drawing = drawing_for(SCORE, ZONE)

    assert drawing is not None
    assert drawing == drawing_for(SCORE, ZONE)
    assert drawing.alternative == card_for(SCORE, ZONE).title
    assert all(said in words(SCORE) for said in ("甲局", "79", "77", "L-1008-12", "拟扣", "以四(一)4为准"))


def test_the_course_that_is_drawn_is_the_one_chosen() -> None:
    trend = next(notice for notice in EVERY if isinstance(notice, Trend) and notice.pictured is not None)
    other = trend.model_copy(update={"pictured": 0})

    assert "规上亩均税收" in words(trend)
    assert "规上亩均工业总产值" in words(other)
    assert "未报" in words(other)
    assert "未报" not in words(trend), "零报告, and what is not due yet, are not 未报"
