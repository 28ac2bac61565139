"""The transcript of a story: every line in order, at its own time, whenever it came."""

from collections import defaultdict
from datetime import datetime
from types import SimpleNamespace
from typing import Any, cast

import pytest

from bot.clock import WoundClock
from bot.county import ZONE, County
from bot.platforms.platform import Line
from bot.story import Player, Story, StoryBroken

CARD: dict[str, Any] = {"buttons": []}


def at(written: str) -> datetime:
    return datetime.strptime(f"2010-{written}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE)


class PaperCounty:
    """A county of paper: `due` is what the bot says by itself at a moment, `answers` what it says to a person."""

    def __init__(self, due: dict[str, list[tuple[str, str]]], answers: dict[str, str] | None = None) -> None:
        self.clock = WoundClock(at("07-20 09:30"))
        self.service = self
        self._due = {at(moment): said for moment, said in due.items()}
        self._answers = answers or {}
        self._chats: defaultdict[str, list[Line]] = defaultdict(list)

    async def wind(self, clock: WoundClock, until: datetime) -> None:
        for moment in sorted(moment for moment in self._due if clock.now() < moment <= until):
            for who, text in self._due[moment]:
                self._chats[who].append(Line(moment, "bot", text, CARD))
        clock.wind_to(until)

    async def say(self, who: str, text: str, *, at: datetime | None) -> None:
        self._chats[who].append(Line(at or self.clock.now(), who, text))
        self._chats[who].append(Line(self.clock.now(), "bot", self._answers[text], CARD))

    def platform_of(self, _who: str) -> SimpleNamespace:
        return SimpleNamespace(tells_file_names=True)

    def chat(self, who: str) -> list[Line]:
        return self._chats[who]

    def told(self, who: str) -> list[str]:
        return [line.text for line in self._chats[who] if line.card is not None]


async def transcript(county: PaperCounty, *scenes: dict[str, Any]) -> list[str]:
    story = Story.model_validate(
        {
            "开始": "2010-07-20 09:30",
            "运行自": "2010-08-01",
            "办法": [],
            "名册": "roster.csv",
            "人物": {"li": "李敏", "wang": "王晨曦", "gao": "高一帆"},
            "场景": scenes,
        }
    )
    lines: list[str] = []
    await Player(story, cast("County", county), lines.append).play()
    return lines


async def test_what_came_while_time_passed_bears_its_own_day_and_time() -> None:
    county = PaperCounty({"07-29 09:00": [("li", "提醒：1项待报")], "08-02 09:00": [("li", "催报：1项待报\n请报送。")]})

    assert await transcript(county, {"题": "逾期", "时": "08-02 09:05", "事": [{"谁": "li", "听到": ["催报"]}]}) == [
        "\n── 8月2日 周一 09:05  逾期",
        "  7月29日 09:00  督办 → 李敏：提醒：1项待报",
        "  09:00  督办 → 李敏：催报：1项待报",
        "         请报送。",
    ]


async def test_a_line_is_shown_in_the_scene_in_which_it_came_though_nobody_looks_at_it_there() -> None:
    county = PaperCounty({"08-02 09:00": [("wang", "催报：1项待报")]}, {"得分": "80分", "任务": "没有待办"})
    first = {"题": "问分", "时": "08-02 09:05", "事": [{"谁": "li", "说": "得分", "答": ["80分"]}]}
    second = {"题": "再问", "时": "08-03 10:00", "事": [{"谁": "wang", "听到": ["催报"]}, {"谁": "wang", "说": "任务"}]}

    assert await transcript(county, first, second) == [
        "\n── 8月2日 周一 09:05  问分",
        "  09:00  督办 → 王晨曦：催报：1项待报",
        "  09:05  李敏：得分",
        "  09:05  督办 → 李敏：80分",
        "\n── 8月3日 周二 10:00  再问",
        "  10:00  王晨曦：任务",
        "  10:00  督办 → 王晨曦：没有待办",
    ]


async def test_a_message_that_came_late_stands_at_the_time_it_was_sent() -> None:
    county = PaperCounty({}, {"报告": "按时"})
    late = {"谁": "li", "说": "报告", "发于": "08-05 23:58", "答": ["按时"]}

    assert await transcript(county, {"题": "零点后", "时": "08-06 00:10", "事": [late]}) == [
        "\n── 8月6日 周五 00:10  零点后",
        "  8月5日 23:58  李敏：报告",
        "  00:10  督办 → 李敏：按时",
    ]


async def test_what_several_are_told_at_once_is_shown_once() -> None:
    said = [(who, "催报：1项待报\n全文") for who in ("wang", "gao", "li")]
    county = PaperCounty({"08-02 09:00": said})

    assert await transcript(county, {"题": "催报", "时": "08-02 09:05", "事": [{"谁": "li", "听到": ["全文"]}]}) == [
        "\n── 8月2日 周一 09:05  催报",
        "  09:00  督办 → 李敏：催报：1项待报",
        "         全文",
        "  09:00  督办 → 王晨曦、高一帆：催报：1项待报（内容从略）",
    ]


async def test_an_aside_is_checked_but_not_shown() -> None:
    county = PaperCounty({}, {"报告": "按时"})
    aside = {"谁": "li", "说": "报告", "答": ["按时"], "暗": "true"}

    assert await transcript(county, {"题": "从略", "时": "08-02 09:05", "事": [aside]}) == [
        "\n── 8月2日 周一 09:05  从略"
    ]
    with pytest.raises(StoryBroken, match="迟交"):
        await transcript(PaperCounty({}, {"报告": "按时"}), scene_expecting("迟交"))


def scene_expecting(answer: str) -> dict[str, Any]:
    return {"题": "报送", "时": "08-02 09:05", "事": [{"谁": "li", "说": "报告", "答": [answer], "暗": "true"}]}


async def test_who_is_to_be_left_alone_and_is_not_breaks_the_story() -> None:
    alone = {"题": "安静", "时": "08-02 09:05", "事": [{"谁": "li", "未打扰": "true"}]}

    assert (await transcript(PaperCounty({}), alone))[1:] == ["  09:05  （李敏已报送，未被打扰）"]
    with pytest.raises(StoryBroken, match="不应打扰李敏"):
        await transcript(PaperCounty({"08-02 09:00": [("li", "催报")]}), alone)
