"""通知 on its way to many: each sweep writes one slice of letters and remembers how far it has got.

A slice is one transaction, so that a broadcast to ten thousand never keeps an answer waiting. Cut off and run again
it goes on where it was: what was written is known by its key, and nobody is written to twice.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from assessment.notices import BroadcastCorrected, BroadcastTold, NoticeFile, write
from storage import broadcast_letters, broadcasts, outbox, programmes, roster
from storage.broadcast_letters import Standing
from storage.broadcasts import BroadcastRow, Errand, RunRow
from storage.installation import Installation
from storage.outbox import Priority
from storage.unit_of_work import UnitOfWork

SLICE = 500
"""So many recipients one transaction deals with."""


def sweep(uow: UnitOfWork, installation: Installation, now: datetime) -> int:
    """Deal with the next slice of what is due; return with how many recipients, at least 1, or 0 where nothing is due.

    Call it again, each time in a transaction of its own, until it returns 0.
    """
    run = broadcasts.due_run(uow, now)
    if run is None:
        return 0
    broadcast = broadcasts.get(uow, run.broadcast)
    if broadcast.recalled_at is not None and run.errand != Errand.CORRECTION.value:
        # What was written by then is stopped by the correction's own run, or as it leaves.
        broadcasts.got_to(uow, run, after=run.after, done=True)
        return 1
    at = _office_time(uow, installation, broadcast, now)
    notice = write(_notice(uow, run, broadcast))
    if broadcast.to_group:
        _tell_group(uow, run, broadcast, notice, now, at)
        broadcasts.got_to(uow, run, after=run.after, done=True)
        return 1
    some = broadcast_letters.standings(uow, broadcast.id, after=run.after, limit=SLICE)
    if run.errand == Errand.CORRECTION.value:
        calls = range(1, broadcasts.calls(uow, broadcast.id) + 1)
        _stop(uow, [one.letter for one in some], calls, now)
    _tell(uow, run, [one for one in some if broadcast_letters.is_owed(one, run)], notice, now, at)
    after = some[-1].id if some else run.after
    broadcasts.got_to(uow, run, after=after, done=len(some) < SLICE)
    return max(len(some), 1)


def _tell(
    uow: UnitOfWork, run: RunRow, owed: list[Standing], notice: dict[str, Any], now: datetime, at: datetime
) -> None:
    """Queue a letter to each of `owed` who is on a platform."""
    reached = broadcast_letters.addresses(uow, [one.person for one in owed if one.person is not None])
    for one in owed:
        address = reached.get(one.person) if one.person is not None else None
        if address is not None:
            outbox.put(
                uow,
                key=broadcast_letters.key(one.letter, Errand(run.errand), run.n),
                channel=address.channel,
                recipient=address.account,
                person=one.person,
                notice=notice,
                priority=Priority.BULK,
                queued_at=now,
                not_before=at,
                initiated=True,
            )


def _tell_group(
    uow: UnitOfWork, run: RunRow, broadcast: BroadcastRow, notice: dict[str, Any], now: datetime, at: datetime
) -> None:
    letter = broadcast_letters.group_letter(broadcast.id)
    if run.errand == Errand.CORRECTION.value:
        _stop(uow, [letter], (), now)
    outbox.put(
        uow,
        key=broadcast_letters.key(letter, Errand(run.errand), run.n),
        channel=broadcast.channel,
        recipient=broadcast.conversation,
        to_group=True,
        notice=notice,
        priority=Priority.BULK,
        queued_at=now,
        not_before=at,
        initiated=True,
    )


def _stop(uow: UnitOfWork, letters: list[str], calls: Iterable[int], now: datetime) -> None:
    """Take back notices and calls that have not left."""
    called = [broadcast_letters.key(letter, Errand.CALL, n) for n in calls for letter in letters]
    broadcast_letters.stop(uow, [*letters, *called], now)


def _notice(uow: UnitOfWork, run: RunRow, broadcast: BroadcastRow) -> BroadcastTold | BroadcastCorrected:
    office = roster.whole(uow).unit(broadcast.office).name
    if run.errand == Errand.CORRECTION.value:
        return BroadcastCorrected(
            number=broadcast.number, office=office, told_at=broadcast.send_at, correction=broadcast.correction
        )
    return BroadcastTold(
        number=broadcast.number,
        office=office,
        text=broadcast.words,
        told_at=broadcast.send_at,
        receipt_until=broadcast.receipt_until,
        to_group=broadcast.to_group,
        call=run.n,
        files=tuple(
            NoticeFile(name=name, kind=file.type, size=file.size, sha256=file.sha256)
            for name, file in broadcasts.enclosed(uow, broadcast.id)
        ),
    )


def _office_time(uow: UnitOfWork, installation: Installation, broadcast: BroadcastRow, now: datetime) -> datetime:
    """Now, or the office's next hours: a sweep may come late, after an outage."""
    own = (programme for programme in programmes.running(uow) if programme.office == broadcast.office)
    programme = next(own, None)
    if programme is None:
        return now
    return installation.calendar.office_time(now, programme.rulebook.office_hours, installation.zone)
