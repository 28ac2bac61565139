"""Whoever has seen one genuine callback of DingTalk cannot write another under its signature (T3), by HTTP."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlmodel import select

from assessment.notices import OtherContent, read
from bot.channels.channel import Envelope
from bot.channels.dingtalk.envelope import SIGN, TIMESTAMP
from bot.clock import SystemClock
from storage import migrate
from storage.audit import AuditRow
from storage.database import Database
from storage.inbox import InboxRow, KeptAsideRow, SignatureRow
from storage.outbox import OutboxRow
from tests.bot.channels.channel_subject import Subject
from tests.bot.doors import CLERK, Doors, open_doors

KIND = "dingtalk-http"
REPORT = "报送7月 招商引资 4.2亿美元"


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without rows; copied, never opened by a test."""
    path = tmp_path_factory.mktemp("doors") / "duban.sqlite"
    with Database.open(f"sqlite:///{path}") as database:
        migrate.upgrade(database)
    return path


@pytest.fixture
async def doors(tmp_path: Path, migrated: Path) -> AsyncIterator[Doors]:
    shutil.copy(migrated, tmp_path / "duban.sqlite")
    async with open_doors(tmp_path, (KIND,)) as doors:
        yield doors


def saying(doors: Doors, text: str, number: str = "m-1", sender: str = CLERK, at: datetime | None = None) -> Envelope:
    """A genuine callback."""
    subject: Subject = doors.subjects[KIND]
    message = replace(subject.message, text=text, message_id=number, sender=sender)
    return subject.write(message, at=at or SystemClock().now())


def under(captured: Envelope, other: Envelope) -> Envelope:
    """The other's body under the captured signature."""
    return replace(other, headers=captured.headers)


async def statuses(doors: Doors, *envelopes: Envelope) -> list[int]:
    return [(await doors.knock(KIND, envelope)).status for envelope in envelopes]


async def rows(doors: Doors, table: Any) -> list[Any]:
    return await doors.service.database.read(lambda uow: uow.rows(select(table)))


async def texts(doors: Doors) -> list[str]:
    """The words of all that was taken in."""
    return [row.text for row in await rows(doors, InboxRow)]


async def asked_back(doors: Doors) -> list[str]:
    """To whom a letter about an unproven message is on its way."""
    letters = [row for row in await rows(doors, OutboxRow) if read(row.notice) == OtherContent(unproven=True)]
    assert not any(row.to_group for row in letters)
    return [row.recipient for row in letters]


async def test_another_body_under_a_captured_signature_is_not_acted_on(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")
    forged = under(genuine, saying(doors, REPORT, "m-2"))

    assert await statuses(doors, genuine, forged) == [200, 200]

    assert await texts(doors) == ["我的任务"]
    (aside,) = await rows(doors, KeptAsideRow)
    assert (aside.message_id, aside.sender) == ("m-2", CLERK)
    assert [row.action for row in await rows(doors, AuditRow) if not row.allowed] == ["同一签名内容不同"]


async def test_its_sender_is_asked_privately_in_words(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")
    group = replace(doors.subjects[KIND].message, text=REPORT, message_id="m-2", private=False, conversation="g-1")
    forged = under(genuine, doors.subjects[KIND].write(group, at=SystemClock().now()))
    await statuses(doors, genuine, forged)
    await doors.service.settle()

    platform = doors.platforms[KIND]
    _, asked = platform.chat(platform.private_chat(CLERK))
    assert "未能核实是否您本人所发，已另存，未办理" in asked.text
    assert "请重新发送一次" in asked.text
    assert "招商引资" not in asked.text, "what somebody else may have written is not said in our name"
    assert list(platform.chat("g-1")) == []


async def test_the_same_body_again_is_a_resend(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")

    assert await statuses(doors, genuine, genuine, genuine) == [200, 200, 200]

    assert await doors.kept() == (1, 1)
    assert await asked_back(doors) == []


async def test_the_same_message_in_other_bytes_is_a_resend_too(doors: Doors) -> None:
    """Its number and words are known: nobody has to be asked."""
    genuine = saying(doors, "我的任务")
    body = json.loads(genuine.body) | {"senderNick": "another"}

    assert await statuses(doors, genuine, replace(genuine, body=json.dumps(body).encode())) == [200, 200]
    assert await doors.kept() == (1, 1)


async def test_two_genuine_messages_of_one_millisecond(doors: Doors) -> None:
    """Neither is lost without a word: the second is asked for, and done when it comes by itself."""
    moment = SystemClock().now()
    first, press = saying(doors, "我的任务", "m-1", at=moment), saying(doors, "帮助", "m-2", at=moment)
    assert first.headers == press.headers

    await statuses(doors, first, press)
    assert (await texts(doors), await asked_back(doors)) == (["我的任务"], [CLERK])

    await statuses(doors, saying(doors, "帮助", "m-3"))
    assert await texts(doors) == ["我的任务", "帮助"]


async def test_what_was_kept_aside_is_taken_under_a_signature_of_its_own(doors: Doors) -> None:
    """The platform brings it again, signed anew: now it is proven."""
    genuine, other = saying(doors, "我的任务"), saying(doors, "帮助", "m-2")
    await statuses(doors, genuine, under(genuine, other))

    assert await statuses(doors, saying(doors, "帮助", "m-2", at=SystemClock().now() + timedelta(seconds=1))) == [200]
    assert await texts(doors) == ["我的任务", "帮助"]


async def test_whoever_holds_a_signature_cannot_make_us_write_on_and_on(doors: Doors) -> None:
    """However many bodies come under it, its sender hears once; each is recorded."""
    genuine = saying(doors, "我的任务")
    many = [under(genuine, saying(doors, f"得分{number}", f"n-{number}")) for number in range(5)]

    assert await statuses(doors, genuine, *many, *many) == [200] * 11

    assert await asked_back(doors) == [CLERK]
    assert len(await rows(doors, KeptAsideRow)) == 5


async def test_of_very_many_under_one_signature_most_are_only_counted(doors: Doors) -> None:
    """A hundred in as many names: twenty are kept and recorded, and nobody whose name is misused hears twice."""
    genuine = saying(doors, "我的任务")
    mine = [under(genuine, saying(doors, f"得分{number}", f"m-{number + 2}")) for number in range(10)]
    theirs = [under(genuine, saying(doors, "得分", f"n-{number}", sender=f"u-{number}")) for number in range(90)]

    assert await statuses(doors, genuine, *mine, *theirs) == [200] * 101

    (signature,) = await rows(doors, SignatureRow)
    refused = [row for row in await rows(doors, AuditRow) if row.action == "同一签名内容不同"]
    assert (len(await rows(doors, KeptAsideRow)), len(refused), signature.others) == (20, 20, 100)
    assert await asked_back(doors) == [CLERK]
    assert await texts(doors) == ["我的任务"]


async def test_what_lies_aside_is_forgotten_after_five_weeks(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")
    await statuses(doors, genuine, under(genuine, saying(doors, "得分", "m-2")))
    start = doors.service.clock.now()
    await doors.service.wind(doors.service.clock, start + timedelta(days=34))  # type: ignore[arg-type]
    assert len(await rows(doors, KeptAsideRow)) == 1

    await doors.service.wind(doors.service.clock, start + timedelta(days=36))  # type: ignore[arg-type]
    assert await rows(doors, KeptAsideRow) == []
    assert len(await texts(doors)) == 1, "what was taken in stays"


async def test_two_signatures_two_questions(doors: Doors) -> None:
    for number in range(2):
        genuine = saying(doors, "我的任务", f"m-{number}", at=SystemClock().now() + timedelta(seconds=number))
        await statuses(doors, genuine, under(genuine, saying(doors, "得分", f"n-{number}")))

    assert await asked_back(doors) == [CLERK, CLERK]


async def test_a_stranger_under_a_captured_signature_hears_nothing(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")
    await statuses(doors, genuine, under(genuine, saying(doors, "绑定 某人", "m-2", "somebody")))

    assert await asked_back(doors) == []
    assert await texts(doors) == ["我的任务"]


async def test_the_signature_of_what_was_ignored_proves_no_message(doors: Doors) -> None:
    """An outsider's message is nothing to us, but whoever has seen it holds a genuine signature."""
    idle = doors.subjects[KIND].wrap(doors.subjects[KIND].idle(), at=SystemClock().now())

    assert await statuses(doors, idle, idle, under(idle, saying(doors, REPORT))) == [200, 200, 200]

    assert await texts(doors) == []
    assert await asked_back(doors) == [CLERK]


async def test_what_is_ignored_comes_again_when_its_signature_could_not_be_noted(
    doors: Doors, monkeypatch: pytest.MonkeyPatch
) -> None:
    idle = doors.subjects[KIND].wrap(doors.subjects[KIND].idle(), at=SystemClock().now())

    def full(_: str) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(doors.service.database, "on_statement", full)
    assert await statuses(doors, idle) == [503]
    monkeypatch.undo()
    assert await statuses(doors, idle) == [200]


async def test_of_two_bodies_at_once_exactly_one_is_taken(doors: Doors) -> None:
    async with aiohttp.ClientSession() as session:

        async def post(envelope: Envelope) -> int:
            address = f"{doors.address}/webhooks/{KIND}"
            async with session.post(address, data=envelope.body, headers=dict(envelope.headers)) as answer:
                return answer.status

        for number in range(10):
            moment = SystemClock().now() + timedelta(seconds=number)
            pair = [saying(doors, text, f"{text}-{number}", at=moment) for text in ("我的任务", "帮助")]
            assert await asyncio.gather(*map(post, pair)) == [200, 200]
            assert len(await texts(doors)) == number + 1

    assert len(await rows(doors, KeptAsideRow)) == 10
    assert len(await asked_back(doors)) == 10


async def test_neither_stamp_nor_signature_nor_body_is_kept(doors: Doors) -> None:
    genuine = saying(doors, "我的任务")
    await statuses(doors, genuine)

    (row,) = await rows(doors, SignatureRow)
    assert row.channel == KIND
    kept = f"{row.digest} {row.body}"
    assert genuine.headers[TIMESTAMP] not in kept
    assert genuine.headers[SIGN] not in kept
    assert len({row.digest, row.body}) == 2


async def test_a_day_later_it_is_forgotten(doors: Doors) -> None:
    """By the sweep that opens periods; the signature's own window has long been over."""
    await statuses(doors, saying(doors, "我的任务"))
    await doors.service.wind(doors.service.clock, doors.service.clock.now() + timedelta(days=2))  # type: ignore[arg-type]

    assert await rows(doors, SignatureRow) == []
