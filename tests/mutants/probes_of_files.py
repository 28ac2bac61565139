"""What is promised of files that go with a notice: told once, and nobody lacks one unawares."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any, cast

from sqlmodel import select

from assessment.notices import BroadcastTold, NoticeFile, write
from bot.channels.card import Card
from bot.channels.channel import Attachment, Capabilities, Outgoing, SendError, Sent
from bot.channels.in_order import Carrier, send_in_order
from bot.channels.uploads import OwnBook, Uploads
from bot.county import ZONE
from bot.outgoing import BackDoor
from schedules.delivery import Delivery
from storage import outbox, uploads
from storage.outbox import OutboxRow, Priority
from tests.handlers.desk import START, Desk

WORDS, INSTEAD = "words", "附件“二.pdf”如未收到，请向督查室索取。"


@dataclass
class Group:
    """A channel that knows no repetition: whatever reaches it is shown. One answer of it is lost."""

    lost: int
    """The number of the message whose answer is lost, counted from 1."""
    hangs: bool = False
    """Whether the answer never comes, instead of the connection's end."""
    upload_fails: bool = False
    shown: list[str] = field(default_factory=list)
    delivery: Delivery | None = None
    name: str = "group"
    kind: str = "group"
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(file=True, file_kinds=("pdf",), max_file_bytes=100)
    )

    def calls(self, _card: Card, *, to_group: bool) -> int:
        return 1 if not to_group else 0

    async def send(self, outgoing: Outgoing) -> Sent:
        shelf = Uploads(OwnBook(), lambda: START).shelf("group", "app", timedelta(days=1))

        async def upload(file: Attachment, _content: bytes) -> str:
            if self.upload_fails and file.name == "二.pdf":
                raise SendError("稍后再传")
            return file.name

        carrier = Carrier(
            shelf, upload, lambda _file, media, _place: self._show(media), lambda words, _: self._show(words)
        )
        return Sent(await send_in_order(outgoing, [partial(self._show, WORDS)], carrier), START)

    async def _show(self, text: str) -> str:
        self.shown.append(text)
        if len(self.shown) == self.lost:
            if self.hangs and self.delivery is not None:
                for attempt in self.delivery._attempts:
                    attempt._give(0)  # its time is up
                await asyncio.Event().wait()
            raise SendError("answer lost", unknown=True)
        return ""


def _told(desk: Desk, group: Group) -> list[str]:
    """What a group of readers sees of a notice with three files, whatever becomes of the first attempt."""
    files = tuple(NoticeFile(name=f"{name}.pdf", kind="pdf", size=9, sha256=name) for name in "一二三")
    notice = BroadcastTold(number="T-1", office="督查室", text="请抓好落实", told_at=START, files=files)
    letter: Mapping[str, Any] = {"channel": "group", "recipient": "u-1", "notice": write(notice)}
    desk.database.write_now(
        lambda uow: outbox.put(uow, key="notice", priority=Priority.BULK, queued_at=desk.clock.now(), **letter)
    )
    back = BackDoor(cast("Any", {"group": group}), ZONE, desk.service.metrics, None, lambda _sha: b"%PDF-1.4")
    group.delivery = Delivery(desk.database, back, desk.installation, desk.clock.now)

    async def through() -> None:
        assert group.delivery is not None
        for _ in range(4):
            await group.delivery.drain()
            desk.clock.wind_to(desk.clock.now() + timedelta(minutes=2))

    asyncio.run(through())
    return group.shown


def what_was_told_is_kept_when_time_is_up(desk: Desk) -> None:
    """The second file hangs: words and first file are not told again, the third file goes."""
    assert _told(desk, Group(lost=3, hangs=True)) == [WORDS, "一.pdf", "二.pdf", INSTEAD, "三.pdf"]


def no_file_is_shown_twice(desk: Desk) -> None:
    """Its answer is lost on a channel that knows no repetition: words go in its place, the rest goes."""
    assert _told(desk, Group(lost=3)) == [WORDS, "一.pdf", "二.pdf", INSTEAD, "三.pdf"]


def no_words_are_shown_twice(desk: Desk) -> None:
    assert _told(desk, Group(lost=1)) == [WORDS]


def nothing_is_told_before_its_files_are_there(desk: Desk) -> None:
    assert _told(desk, Group(lost=0, upload_fails=True)) == []
    assert desk.database.read_now(lambda uow: [row.maybe_shown for row in uow.rows(select(OutboxRow))]) == [False]


def two_replicas_name_one_file_alike(desk: Desk) -> None:
    """Both have uploaded it in the same moment; the platform knows a repetition by the id alone."""
    place = {"channel": "c", "app": "a", "sha256": "0", "name": "一.pdf"}

    def keep(media_id: str) -> str:
        return desk.database.write_now(lambda uow: uploads.keep(uow, **place, media_id=media_id, until=10, real_ms=0))

    assert {keep("m-1"), keep("m-2")} == {"m-1"}
