"""One of three platforms is out for a day: nothing is lost, the others notice nothing, then answers come first."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import col, select

from assessment.notices import read
from bot.county import County
from bot.platforms.platform import Fault
from schedules.rates import Per
from storage.outbox import AttemptRow, OutboxRow, Priority, Status
from tests.stories.conftest import EVERYBODY, Ground, OpenCounty, assert_books_are_sound, at, heard

KINDS = ("wecom", "feishu", "dingtalk")
DOWN, UP = at(8, 5, 8, 0), at(8, 6, 8, 0)
ASKS = "我的任务"

pytestmark = pytest.mark.parametrize("ground", [Ground(KINDS)], ids=["all-at-once"], indirect=True)


def living_on(box: County, kind: str) -> list[str]:
    return [who for who in EVERYBODY if box.platform_of(who).channel == kind]


async def letters(box: County) -> list[OutboxRow]:
    return await box.database.read(lambda uow: uow.rows(select(OutboxRow).order_by(col(OutboxRow.id))))


async def attempts(box: County, channel: str) -> list[AttemptRow]:
    query = select(AttemptRow).where(col(AttemptRow.channel) == channel)
    return await box.database.read(lambda uow: uow.rows(query.order_by(col(AttemptRow.started_at), col(AttemptRow.id))))


@pytest.mark.parametrize("down", KINDS)
async def test_a_day_without_one_platform(open_county: OpenCounty, down: str) -> None:
    """Over the last day of reporting and the morning of the urging; people ask and are answered when it is back."""
    async with open_county(8, 4, 16, 0) as box:
        box.platforms[down].outages.append((DOWN, UP))
        await box.wind(8, 5, 10, 30)
        for who in EVERYBODY:
            await box.send(who, ASKS)
        await box.wind(8, 5, 10, 31)

        unanswered = {who for who in EVERYBODY if not heard_at(box, who, at(8, 5, 10, 30))}
        assert unanswered == set(living_on(box, down)), "the other platforms notice nothing"

        await box.wind(8, 6, 12, 0)

        for who in EVERYBODY:
            answers = [line for line in box.chat(who) if line.card is not None and line.at >= DOWN]
            assert answers, f"{who} was never answered"
        assert not [row for row in await letters(box) if row.status in (Status.DEAD.value, Status.UNKNOWN.value)]
        assert not [row.key for row in await letters(box) if row.status == Status.RETRY.value]
        assert box.tally().repeats == box.tally().conflicts == box.tally().dropped == 0
        await assert_books_are_sound(box)


def heard_at(box: County, who: str, since: datetime) -> list[str]:
    return [line.text for line in box.chat(who) if line.card is not None and line.at >= since]


@pytest.mark.parametrize("down", KINDS)
async def test_the_backlog_leaves_within_the_limits_and_answers_first(open_county: OpenCounty, down: str) -> None:
    """Everybody asks five times during the outage: in the end no window holds more than the platform takes."""
    async with open_county(8, 4, 16, 0) as box:
        box.platforms[down].outages.append((DOWN, UP))
        await box.wind(8, 5, 18, 0)
        for _ in range(5):
            for who in living_on(box, down):
                await box.send(who, ASKS)
        await box.wind(8, 6, 12, 0)
        assert len(await attempts(box, down)) < 1500, "a silent platform is not asked for every message"

        tries = await attempts(box, down)
        for rate in box.service.channels[down].capabilities.rates:
            if rate.per is Per.GROUP:
                continue
            by_whom = {"": tries} if rate.per is Per.CHANNEL else grouped(tries)
            for made in by_whom.values():
                assert most_within(made, timedelta(seconds=rate.seconds)) <= rate.most, rate
        sent = [row for row in await letters(box) if row.channel == down and (row.finished_at or DOWN) >= UP]
        first_of_others = min((row.finished_at or UP for row in sent if row.priority != Priority.ANSWER), default=UP)
        late = [
            row.key for row in sent if row.priority == Priority.ANSWER and (row.finished_at or UP) > first_of_others
        ]
        assert len([row for row in sent if row.priority == Priority.ANSWER]) >= 5 * len(living_on(box, down))
        assert not late, "an answer left after a message of our own accord"


def grouped(tries: list[AttemptRow]) -> dict[str, list[AttemptRow]]:
    return {name: [one for one in tries if one.recipient == name] for name in {one.recipient for one in tries}}


def most_within(tries: list[AttemptRow], window: timedelta) -> int:
    return max(
        (
            sum(two.calls for two in tries if one.started_at <= two.started_at < one.started_at + window)
            for one in tries
        ),
        default=0,
    )


@pytest.mark.parametrize(
    ("kind", "minutes", "ends"),
    [
        ("wecom", 30, Status.SENT),
        ("wecom", 24 * 60, Status.UNKNOWN),
        ("feishu", 30, Status.SENT),
        ("feishu", 24 * 60, Status.UNKNOWN),
        ("dingtalk", 30, Status.UNKNOWN),
    ],
)
async def test_a_lost_answer(open_county: OpenCounty, kind: str, minutes: int, ends: Status) -> None:
    """Shown, and the connection broke: repeated while the platform knows its key, and never shown twice."""
    async with open_county(8, 5, 10, 0) as box:
        platform = box.platforms[kind]
        who = living_on(box, kind)[-1]
        await box.wind(8, 5, 10, 5)
        platform.send_faults([Fault.LOSE_ANSWER])
        lost = at(8, 5, 10, 5) + timedelta(seconds=1)
        platform.outages.append((lost, lost + timedelta(minutes=minutes)))
        await box.say(who, "帮助")
        await box.wind(8, 6, 12, 0)

        (letter,) = [row for row in await letters(box) if row.recipient == who and row.notice["kind"] == "Menu"]
        assert letter.status == ends.value
        shown = Counter(line.text for line in box.chat(who) if line.card is not None)
        assert max(shown[text] for text in shown if "您可以办理" in text) == 1
        if ends is Status.UNKNOWN:
            assert "未送达" not in heard(box, "ducha-chen"), "an answer that may have been seen is nobody's news"
        assert platform.tally.conflicts == 0


async def test_the_office_hears_of_an_urging_that_perhaps_never_came(open_county: OpenCounty) -> None:
    """Days are counted from it: on a platform without keys nobody can know, so somebody has to telephone."""
    async with open_county(8, 5, 10, 0) as box:
        platform = box.platforms["dingtalk"]
        await box.wind(8, 6, 8, 50)
        platform.send_faults([Fault.LOSE_ANSWER])
        await box.wind(8, 6, 9, 30)

        lost = [row for row in await letters(box) if row.status == Status.UNKNOWN.value]
        assert [type(read(row.notice)).__name__ for row in lost] == ["Urging"]
        assert "未能确认送达" in heard(box, "ducha-chen")
        assert "请电话确认对方是否收到" in heard(box, "ducha-chen")
        assert all(before.id < after.id for before, after in pairwise(await letters(box)))
