"""Told to stop while a file goes up, the service ends at once, and nothing is marked wrongly."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
from pydantic import SecretStr
from sqlmodel import select

from assessment.notices import BroadcastTold, NoticeFile, write
from bot import app
from bot.clock import SystemClock
from bot.county import listen
from bot.platforms.tenants import tenant
from bot.serving import DRAIN_SECONDS
from bot.settings import Service, Settings
from schedules.delivery import ENDING_SECONDS
from storage import outbox
from storage.outbox import OutboxRow, Priority, Status
from storage.unit_of_work import UnitOfWork
from tests.bot.channels.slow_line import SlowLine
from tests.bot.neighbours import free_port


def test_letters_on_their_way_have_less_time_than_the_service() -> None:
    assert ENDING_SECONDS < DRAIN_SECONDS


@pytest.mark.parametrize("kind", ["dingtalk-http", "feishu", "wecom"])
async def test_an_upload_is_not_waited_for(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    line, now = SlowLine(monkeypatch), datetime.now(UTC)
    line.through.clear()
    async with aiohttp.ClientSession() as session:
        made = tenant(kind, SystemClock(), session)
        async with listen(made.platform.application()) as base:
            own = Service(
                database=SecretStr(str(tmp_path / "duban.sqlite")),
                ledger_key=SecretStr("k" * 40),
                files=tmp_path,
                rulebooks=tmp_path,
                listen=f"127.0.0.1:{free_port()}",
            )
            settings = Settings(service=own, channels=(made.settings(base),))
            with app.open_database(settings) as database:
                service = app.Service(settings, database, app.installation_of(settings), SystemClock(), session)
                with service.evidence.part() as part:
                    part.take(b"%PDF-1.4 as it was stored")
                    service.evidence.keep(part)
                    file = NoticeFile(name="一.pdf", kind="pdf", size=9, sha256=part.sha256)
                told = BroadcastTold(number="T-1", office="督查室", text="请抓好落实", told_at=now, files=(file,))

                def order(uow: UnitOfWork) -> None:
                    outbox.put(
                        uow,
                        key="notice",
                        channel=kind,
                        recipient="u-1",
                        notice=write(told),
                        priority=Priority.BULK,
                        queued_at=now,
                    )

                database.write_now(order)
                running = asyncio.create_task(service.run(service.application()))
                service._wake.set()
                await line.hanging.get()
                running.cancel()
                await asyncio.wait({running}, timeout=DRAIN_SECONDS)

                assert running.cancelled()
                (row,) = database.read_now(lambda uow: uow.rows(select(OutboxRow)))
                assert (row.status, row.maybe_shown, row.pieces_sent) == (Status.RETRY, False, 0)
                assert made.platform.tally.shown == 0
