"""What the invariants promise, as test bodies: they hold of the product and fail on each mutant that breaks them."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import SQLModel, select

from assessment.notices import (
    OtherContent,
    Reminder,
    Reversed,
    Urging,
    Why,
)
from assessment.obligation import State
from assessment.points import ExtraPlaces, from_scaled, to_scaled
from assessment.scorecard import View
from bot.channels.channel import Acknowledgement, Envelope
from bot.clock import SystemClock
from bot.county import CHANNEL
from bot.incoming import FrontDoor
from bot.ledger_check import examine
from handlers.incoming import Incoming, Signature
from schedules import escalation
from storage import submissions
from storage.database import Database
from storage.inbox import InboxRow
from storage.ledger import EntryRow, TotalRow
from storage.obligations import ObligationRow
from storage.outbox import Status
from tests.handlers.desk import (
    CLERK,
    FOUR_FIGURES,
    KEY,
    LEADER,
    OFFICE,
    PLAN,
    PLAN_CLERK,
    START,
    Desk,
    entered_deduction,
)

# ── 1 What the bot has acknowledged is stored durably first ──


def acknowledged_is_stored(desk: Desk) -> None:
    """A message whose commit fails is answered 503 and comes again; one answered 200 is there."""
    message = desk.message(CLERK, FOUR_FIGURES)
    desk.database.on_statement = _disk_full
    refused = _post(desk, message)
    desk.database.on_statement = None
    kept = desk.database.read_now(lambda uow: uow.rows(select(InboxRow)))
    taken = _post(desk, message)

    assert refused == 503, "acknowledged although nothing could be stored"
    assert kept == []
    assert taken == 200
    assert desk.rows("县经贸局", "1—7月进展")[0].state == State.MET.value


def _disk_full(statement: str) -> None:
    if statement == "COMMIT":
        raise OSError("disk full")


def _post(desk: Desk, message: Incoming) -> int:
    """The status with which the front door answers a callback that carries `message`."""

    class OpensToTheMessage:
        name = CHANNEL

        def open(self, _request: Envelope) -> Incoming:
            return message

        def acknowledge(self, _request: Envelope) -> Acknowledgement:
            return Acknowledgement()

    async def post() -> int:
        application, real = web.Application(), SystemClock()
        channels = cast("Any", {CHANNEL: OpensToTheMessage()})
        door = FrontDoor(channels, desk.service.take, clock=desk.clock, real_clock=real, metrics=desk.service.metrics)
        door.mount(application)
        async with TestClient(TestServer(application)) as client:
            return (await client.post(f"/webhooks/{CHANNEL}", data=b"{}")).status

    return asyncio.run(post())


# ── 2 One inbound message takes effect once ──


def a_message_takes_effect_once(desk: Desk) -> None:
    """Delivered three times, the last after a restart: one answer, one version."""
    message = desk.message(CLERK, FOUR_FIGURES)
    first, second = desk.take(message), desk.take(message)
    third = Desk(desk.database, desk.clock.now()).take(message)
    (row,) = desk.rows("县经贸局", "1—7月进展")

    assert len(first) == 1
    assert (second, third) == ([], [])
    assert len(desk.database.read_now(lambda uow: submissions.versions(uow, row.id))) == 1


def other_words_under_a_known_number_are_not_executed(desk: Desk) -> None:
    desk.say(CLERK, "亩均税收3.8预测7", message_id="same")
    answers = desk.say(CLERK, PLAN, message_id="same")

    assert [type(answer) for answer in answers] == [OtherContent]
    assert desk.rows("县经贸局", "8月工作计划")[0].reported_at is None


def one_signature_proves_one_body(desk: Desk) -> None:
    """Another body under the signature of a message is asked about; the message itself may come again."""
    genuine = desk.message(CLERK, "亩均税收3.8预测7", signature=Signature("pair", "body"))
    forged = desk.message(CLERK, PLAN, signature=Signature("pair", "another"))
    answers, asked, again = desk.take(genuine), desk.take(forged), desk.take(genuine)

    assert len(answers) == 1
    assert asked == [OtherContent(unproven=True)]
    assert again == []
    assert desk.rows("县经贸局", "8月工作计划")[0].reported_at is None


# ── 3 One step is issued once; people see it once ──


def a_step_is_issued_once(desk: Desk) -> None:
    """A second replica that still sees every alarm ringing says nothing again."""
    desk.wind(8, 6, 9, 0)
    urged = [notice for notice in desk.told(PLAN_CLERK) if isinstance(notice, Urging)]
    now = desk.clock.now()
    desk.database.write_now(lambda uow: uow.update(ObligationRow, ObligationRow.round == 1, look_at=now))
    desk.database.write_now(lambda uow: escalation.sweep(uow, desk.installation, now))
    again = [notice for notice in desk.told(PLAN_CLERK) if isinstance(notice, Urging)]

    assert urged
    assert len(again) == len(urged), "urged twice"


def a_lost_answer_is_sent_again_under_its_key(desk: Desk) -> None:
    """Delivered at least once, seen once: the platform knows the second attempt by its key."""
    desk.say(CLERK, "我的任务")
    desk.letterbox.losing = True
    desk.deliver()
    desk.letterbox.losing = False
    desk.pass_minutes(1)
    desk.deliver()

    assert len(desk.letterbox.keys) == 2, "not tried again"
    assert len(desk.shown(CLERK)) == 1, "seen twice"


# ── 4 A report committed before a reminder leaves stops it ──


def a_report_stops_its_reminder(desk: Desk) -> None:
    """The platform is down when a reminder of two duties is queued; meanwhile one of them, then both are reported."""
    desk.letterbox.down = True
    desk.settle()
    waiting = [notice for notice in desk.told(CLERK) if isinstance(notice, Reminder)]
    desk.say(CLERK, FOUR_FIGURES)
    desk.say(PLAN_CLERK, PLAN)
    desk.say(PLAN_CLERK, "息访率80%预测85%")
    desk.letterbox.down = False
    desk.pass_minutes(1)
    desk.settle()
    seen = [text for text in desk.shown(CLERK) if text.startswith("提醒")]

    assert [len(notice.lines) for notice in waiting] == [2], "one grouped message was queued"
    assert len(seen) == 1
    assert "8月工作计划" in seen[0]
    assert "进展情况" not in seen[0], "reminded of what was reported"
    assert not any(text.startswith("提醒") for text in desk.shown(PLAN_CLERK)), "reminded for nothing"


def a_report_withdraws_what_waits(desk: Desk) -> None:
    """In the very transaction of the report, with a named reason."""
    desk.letterbox.down = True
    desk.settle()
    desk.say(CLERK, FOUR_FIGURES)
    desk.say(CLERK, PLAN)
    chasing = [row for row in desk.letters() if row.recipient == CLERK and row.notice["kind"] == Reminder.__name__]

    assert chasing
    assert {row.status for row in chasing} == {Status.WITHDRAWN.value}
    assert all(row.reason for row in chasing)


# ── 5 The ledger is append-only and chained; every point leads somewhere; recomputing gives the same ──


def a_reversal_leaves_the_original(desk: Desk) -> None:
    entry = entered_deduction(desk)
    before = desk.entries("县环保局")
    desk.say(OFFICE, f"更正分 {entry} 已按时送达")
    answers = desk.say(OFFICE, "确认")
    after = desk.entries("县环保局")

    assert isinstance(answers[0], Reversed)
    assert after[: len(before)] == before
    assert [made.points for made in after] == [Decimal(-2), Decimal(2)]


ANY_ENTRY: dict[str, Any] = {
    **dict.fromkeys(("number", "programme", "subject", "clause", "rulebook_digest", "previous", "mac"), "x"),
    **dict.fromkeys(("id", "holder", "seq"), 1),
    **dict.fromkeys(("occurred_at", "recorded_at"), START),
    "points": Decimal(1),
    "basis": {},
}


def the_ledger_refuses_change(desk: Desk) -> None:
    """Also a statement from outside this program is refused by the database itself."""
    with Database.open(f"sqlite:///{Path(str(desk.database.url.database)).with_name('fresh.db')}") as fresh:
        fresh.write_now(lambda uow: SQLModel.metadata.create_all(uow.connection))
        fresh.write_now(lambda uow: uow.insert(EntryRow, **ANY_ENTRY))
        for change in ("UPDATE entry SET clause = 'other'", "DELETE FROM entry"):
            try:
                fresh.write_now(lambda uow, change=change: uow.execute(text(change)))  # type: ignore[misc]
            except IntegrityError:
                continue
            raise AssertionError(f"not refused: {change}")


# As whoever holds the database file could write it: points, proposal and total changed alike, −2 into −1.
FORGERY = """
    DROP TRIGGER entry_no_update;
    UPDATE entry SET points = -10000;
    UPDATE proposal SET points = -10000 WHERE stage = 'confirmed';
    UPDATE total SET total = 790000, raw = 790000 WHERE subject = '单位';
"""


def tampering_shows(desk: Desk) -> None:
    """Figures that agree with one another are still not what was sealed."""
    entered_deduction(desk)
    assert faults(desk) == ()

    with closing(sqlite3.connect(str(desk.database.url.database))) as file:
        file.executescript(FORGERY)

    assert desk.score("县环保局").confirmed.final == Decimal(79)
    assert faults(desk) != (), "nobody noticed"


def recomputing_gives_the_same(desk: Desk) -> None:
    """The stored totals are what the scorecard function makes of the entries, after an entry and after a reversal."""
    entry = entered_deduction(desk)
    assert faults(desk) == ()
    assert _stored_total(desk) == Decimal(78)

    desk.say(OFFICE, f"更正分 {entry} 已按时送达")
    desk.say(OFFICE, "确认")

    assert faults(desk) == ()
    assert _stored_total(desk) == Decimal(80)


def every_point_leads_to_clause_basis_and_person(desk: Desk) -> None:
    entry = entered_deduction(desk)
    (why,) = desk.say(LEADER, f"为什么 {entry}")

    assert isinstance(why, Why)
    assert (why.cite, why.confirmed_by) == ("四(一)2", "陈静怡")
    assert "未按时完成的每项扣2分" in why.clause_text
    assert "报送水环境整治方案" in why.fact
    assert desk.entries("县环保局")[0].author == desk.person(OFFICE)


def points_are_exact(_desk: Desk) -> None:
    """Every ten-thousandth comes back as it went in, and a fifth place is refused, not rounded."""
    for scaled in range(30_000):
        assert to_scaled(from_scaled(scaled)) == scaled
    try:
        to_scaled(Decimal("0.00005"))
    except ExtraPlaces:
        return
    raise AssertionError("rounded")


def faults(desk: Desk) -> tuple[object, ...]:
    """What recomputing everything finds."""
    now = desk.clock.now()
    return tuple(desk.database.read_now(lambda uow: examine(uow, KEY, now)).faults)


def _stored_total(desk: Desk) -> Decimal | None:
    holder = desk.unit("县环保局").id
    rows = desk.database.read_now(lambda uow: uow.rows(select(TotalRow).where(TotalRow.holder == holder)))
    return rows[0].total


# ── 6 A score as of any past date ──


def the_past_stays_as_it_was_published(desk: Desk) -> None:
    """78 on 9 August; corrected on the 10th. What was published for the 9th is 78 for ever; known today it is 80."""
    entry = entered_deduction(desk)
    published = desk.clock.now()
    desk.wind(8, 10, 9, 30)
    desk.say(OFFICE, f"更正分 {entry} 已按时送达")
    desk.say(OFFICE, "确认")

    for as_of, view, total in (
        (published, View.PUBLISHED, 78),
        (published, View.KNOWN, 80),
        (desk.clock.now(), View.PUBLISHED, 80),
        (published - timedelta(days=2), View.PUBLISHED, 80),
    ):
        assert desk.score("县环保局", as_of, view=view).confirmed.final == Decimal(total), (as_of, view)


def a_leader_asks_for_a_past_day(desk: Desk) -> None:
    entered_deduction(desk)
    (then,), (now,) = desk.say(LEADER, "环保局8月8日得分"), desk.say(LEADER, "环保局得分")

    assert [block.confirmed for block in cast("Any", then).points] == [Decimal(80)]
    assert [block.confirmed for block in cast("Any", now).points] == [Decimal(78)]
