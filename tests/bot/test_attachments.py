"""Which files a platform carries, and the words about those that it does not."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assessment.evidence import KINDS, MAX_BYTES
from assessment.notices import BroadcastTold, NothingToSign, NoticeFile
from bot.attachments import attachments, carried, with_the_rest
from bot.channels.card import Card
from bot.channels.channel import Capabilities, SendError
from bot.channels.dingtalk.client import CAPABILITIES as DINGTALK
from bot.channels.feishu.cards import CAPABILITIES as FEISHU
from bot.channels.feishu.cards import WORDS_ONLY
from bot.channels.sandbox import CAPABILITIES as SANDBOX
from bot.channels.wecom.cards import CAPABILITIES as WECOM
from bot.channels.wecom_bot.cards import CAPABILITIES as ROBOT
from bot.evidence_store import EvidenceStore
from schedules.letters import Letter

CARD = Card("通知")
TO_ONE = Letter("k", "wecom", "u-7", to_group=False, notice={})
TO_HOOK = replace(TO_ONE, recipient="webhook", to_group=True)
TO_GROUP = replace(TO_ONE, recipient="g-1", to_group=True)


def file(kind: str = "xlsx", size: int = 1000) -> NoticeFile:
    return NoticeFile(name=f"表.{kind}", kind=kind, size=size, sha256="0" * 64)


def notice(*files: NoticeFile) -> BroadcastTold:
    at = datetime(2010, 8, 4, tzinfo=UTC)
    return BroadcastTold(number="T-1008-1", office="督查室", text="请抓好落实", told_at=at, files=files)


@pytest.mark.parametrize(
    ("can", "kinds"),
    [
        (WECOM, set(KINDS)),
        (FEISHU, set(KINDS)),
        (WORDS_ONLY, set(KINDS)),
        (DINGTALK, set(KINDS) - {"xls"}),
        (ROBOT, set()),
        (SANDBOX, set()),
    ],
    ids=["wecom", "feishu", "feishu in words", "dingtalk", "the robot", "the sandbox"],
)
def test_what_each_platform_carries(can: Capabilities, kinds: set[str]) -> None:
    assert {one.kind for one in carried(notice(*map(file, KINDS)), can, TO_ONE)} == kinds

    for kind in KINDS:
        said = notice(file(kind))
        words = with_the_rest(CARD, said, carried(said, can, TO_ONE)).text()
        assert (f"附件“表.{kind}”在本平台不能发送，请向督查室索取。" in words) is (kind not in kinds)


def test_only_what_stays_away_is_spoken_of() -> None:
    said = notice(file("xlsx"), file("xls"), file("pdf"))
    words = with_the_rest(CARD, said, carried(said, DINGTALK, TO_ONE)).text()

    assert "附件“表.xls”在本平台不能发送" in words
    assert "表.pdf" not in words


@pytest.mark.parametrize(("can", "carries"), [(WECOM, True), (FEISHU, False), (DINGTALK, False)])
def test_the_robot_of_a_group(can: Capabilities, carries: bool) -> None:
    """It is only an address, which takes files on WeCom alone; a group with the bot in it takes them anywhere."""
    assert bool(carried(notice(file()), can, TO_HOOK)) is carries
    assert carried(notice(file()), can, TO_GROUP)


def test_whatever_was_taken_in_can_go_out() -> None:
    for can in (WECOM, FEISHU, DINGTALK):
        assert carried(notice(file(size=MAX_BYTES)), can, TO_ONE)
        assert not carried(notice(file(size=can.max_file_bytes + 1)), can, TO_ONE)


def test_other_notices_are_as_they_are() -> None:
    assert carried(NothingToSign(), FEISHU, TO_ONE) == ()
    assert with_the_rest(CARD, NothingToSign(), ()) is CARD
    assert with_the_rest(CARD, notice(), ()) is CARD


async def test_content_that_is_damaged_is_never_sent(tmp_path: Path) -> None:
    store = EvidenceStore(tmp_path)
    with store.part() as part:
        part.take(b"as it was")
        store.keep(part)
        digest = part.sha256
    one = file().model_copy(update={"sha256": digest})
    (found,) = attachments(notice(one), (one,), store.content)
    assert await found.read() == b"as it was"
    assert found.instead == "附件“表.xlsx”未能送达，请向督查室索取。"

    (tmp_path / "evidence" / digest[:2] / digest).write_bytes(b"something else")
    with pytest.raises(SendError) as caught:
        await found.read()
    assert caught.value.permanent
    (tmp_path / "evidence" / digest[:2] / digest).unlink()
    with pytest.raises(SendError):
        await found.read()
