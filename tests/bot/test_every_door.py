"""Every platform at the real front door, by HTTP: what is taken in whose words, and what leaves no trace at all."""

import json
import logging
import shutil
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import structlog

from bot.channels.body import MAX_BODY
from bot.channels.channel import Envelope
from bot.channels.sealed import Seal
from bot.clock import SystemClock
from storage import migrate
from storage.database import Database
from tests.bot.channels.channel_subject import FOREIGN, Subject
from tests.bot.channels.dingtalk_subject import DingtalkSubject
from tests.bot.channels.feishu_subject import FeishuSubject
from tests.bot.channels.wecom_bot_subject import WecomBotSubject
from tests.bot.channels.wecom_subject import WecomSubject
from tests.bot.doors import CLERK, KINDS, Answer, Doors, open_doors
from tests.bot.fuzz_doors import fuzz

TAKEN = {
    "sandbox": Answer(200, "{}", "application/json"),
    "wecom": Answer(200, "", "text/plain"),
    "wecom-bot": Answer(200, "", "text/plain"),
    "feishu": Answer(200, "{}", "application/json"),
    "dingtalk-http": Answer(200, "{}", "application/json"),
}
"""What each platform wants to read."""


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
    async with open_doors(tmp_path) as doors:
        yield doors


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


def now() -> datetime:
    return SystemClock().now()


def asking(subject: Subject, secret: str | None = None, at: datetime | None = None) -> Envelope:
    """The clerk asks for the own tasks."""
    return subject.write(replace(subject.message, text="我的任务"), secret, at or now())


async def nothing_came_of_it(doors: Doors) -> None:
    """No row, and nobody outside was asked for anything: not even for a token."""
    assert await doors.kept() == (0, 0)
    await doors.service.settle()
    assert doors.outward == []


async def test_a_message_is_kept_and_answered(doors: Doors, kind: str) -> None:
    assert await doors.knock(kind, asking(doors.subjects[kind])) == TAKEN[kind]
    assert await doors.kept() == (1, 1)
    assert doors.outward == []

    await doors.service.settle()
    platform = doors.platforms[kind]
    (answer,) = platform.chat(platform.private_chat(CLERK))
    assert "月报" in answer.text


async def test_a_repeat_is_taken_and_has_no_effect(doors: Doors, kind: str) -> None:
    """To the byte, and signed afresh."""
    subject = doors.subjects[kind]
    first = asking(subject)
    for envelope in (first, first, asking(subject)):
        assert await doors.knock(kind, envelope) == TAKEN[kind]

    assert await doors.kept() == (1, 1)


async def test_a_genuine_event_with_nothing_to_do(doors: Doors, kind: str) -> None:
    subject = doors.subjects[kind]

    assert await doors.knock(kind, subject.wrap(subject.idle(), at=now())) == TAKEN[kind]
    await nothing_came_of_it(doors)


REFUSED: dict[str, tuple[Callable[[Subject], Envelope], int]] = {
    "forged": (lambda subject: asking(subject, FOREIGN), 401),
    "unsigned": (lambda subject: replace(asking(subject), headers={}, query={}), 401),
    "stale": (lambda subject: asking(subject, at=now() - timedelta(hours=9)), 401),
    "ahead": (lambda subject: asking(subject, at=now() + timedelta(hours=9)), 401),
    "truncated": (lambda subject: replace(asking(subject), body=asking(subject).body[:-1]), 401),
    "empty": (lambda subject: replace(asking(subject), body=b""), 401),
    "oversized": (lambda subject: replace(asking(subject), body=b"x" * (MAX_BODY + 1)), 413),
    "another tenant": (lambda subject: subject.write(replace(subject.message, tenant="another"), at=now()), 401),
    "senseless": (lambda subject: subject.wrap(b"[5]", at=now()), 400),
    "by GET": (lambda subject: replace(asking(subject), method="GET"), 401),
    "by GET, empty": (lambda subject: replace(asking(subject), method="GET", body=b""), 401),
    "by HEAD": (lambda subject: replace(asking(subject), method="HEAD", body=b""), 405),
    "by PUT": (lambda subject: replace(asking(subject), method="PUT"), 405),
}
UNPROVEN_BODY = {("dingtalk-http", "truncated"): 400, ("dingtalk-http", "empty"): 400}
"""Where the proof does not cover the body, a broken one is genuine and not understood."""


@pytest.mark.parametrize("case", REFUSED)
async def test_refused_without_effect(doors: Doors, kind: str, case: str) -> None:
    write, status = REFUSED[case]
    envelope = write(doors.subjects[kind])
    answer = await doors.knock(kind, envelope)

    assert answer.status == UNPROVEN_BODY.get((kind, case), status)
    assert answer.body == "" or answer.status == 405
    await nothing_came_of_it(doors)
    assert await doors.knock(kind, asking(doors.subjects[kind])) == TAKEN[kind], "the door is as before"


async def test_compressed(doors: Doors, kind: str) -> None:
    answer = await doors.knock(kind, asking(doors.subjects[kind]), then=["Content-Encoding: deflate"])

    assert answer.status == 415
    await nothing_came_of_it(doors)


async def test_one_platforms_message_at_anothers_door(doors: Doors) -> None:
    for kind in KINDS:
        for other in set(KINDS) - {kind}:
            assert (await doors.knock(other, asking(doors.subjects[kind]))).status == 401

    await nothing_came_of_it(doors)


@pytest.mark.parametrize("door", ["wecom", "wecom-bot"])
async def test_wecom_asks_whether_we_are_there(doors: Doors, door: str) -> None:
    """The answer is the bare word, as its own address check demands."""
    subject = doors.subjects[door]
    assert isinstance(subject, WecomSubject | WecomBotSubject)

    assert await doors.knock(door, subject.check("1234567890", at=now())) == Answer(200, "1234567890", "text/plain")
    assert (await doors.knock(door, subject.check("1234567890", FOREIGN, now()))).status == 401
    assert (await doors.knock(door, subject.check("1", at=now() - timedelta(hours=9)))).status == 401
    await nothing_came_of_it(doors)


@pytest.mark.parametrize("signed", [True, False])
async def test_feishu_asks_whether_we_are_there(doors: Doors, signed: bool) -> None:
    subject = doors.subjects["feishu"]
    assert isinstance(subject, FeishuSubject)
    question = subject.wrap(json.dumps(subject.challenge()).encode(), at=now())
    answer = await doors.knock("feishu", question if signed else replace(question, headers={}))

    assert answer == Answer(200, '{"challenge": "ch-0123456789"}', "application/json")
    await nothing_came_of_it(doors)


async def test_dingtalk_asks_whether_we_are_there(doors: Doors) -> None:
    """The answer is `success` under the same seal."""
    subject = doors.subjects["dingtalk-http"]
    assert isinstance(subject, DingtalkSubject)
    answer = await doors.knock("dingtalk-http", subject.wrap_event(b'{"EventType": "check_url"}', at=now()))
    assert (answer.status, answer.content_type) == (200, "application/json")

    said = json.loads(answer.body)
    token, key = (secret.get_secret_value() for secret in (subject.table.event_token, subject.table.event_aes_key))  # type: ignore[union-attr]
    opened = Seal(token, key, [subject.table.app_key]).open(
        said["encrypt"], signature=said["msg_signature"], timestamp=said["timeStamp"], nonce=said["nonce"]
    )
    assert opened == b"success"
    await nothing_came_of_it(doors)


async def test_the_logs_repeat_nothing_of_a_request(doors: Doors, kind: str, caplog: pytest.LogCaptureFixture) -> None:
    """No header, no body, no secret, no stamp: of genuine requests as of refused ones."""
    subject = doors.subjects[kind]
    knocks = [write(subject) for write, _ in REFUSED.values()]
    knocks += [asking(subject), subject.wrap(subject.idle(), at=now()), subject.wrap(b"SENTINEL", at=now())]
    with structlog.testing.capture_logs() as logs, caplog.at_level(logging.INFO):
        for envelope in knocks:
            await doors.knock(kind, envelope)
        await doors.service.settle()

    written = f"{logs}{caplog.text}"
    assert "callback unverified" in written
    assert "callback malformed" in written
    told = [value for envelope in knocks for value in (*envelope.headers.values(), *envelope.query.values())]
    told += [envelope.body.decode(errors="replace") for envelope in knocks]
    told += [*doors.secrets(kind), "SENTINEL", "我的任务", CLERK]
    assert [each for each in told if each and each in written] == []


async def test_spoilt_requests_do_no_harm(kind: str, tmp_path: Path) -> None:
    """A few of what python -m tests.bot.fuzz_doors sends by the ten thousand."""
    course = await fuzz(kind, 300, 0, tmp_path)

    assert course.faults == []
    assert course.kept > 10, "some reach the handlers"
    assert course.statuses.keys() >= {200, 400, 401}
