"""What a unit's share in a matter comes to as facts that a clause may speak of."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from assessment.marking import UrgedNotReported
from assessment.obligation import State
from assessment.rulebook import Share, Timing
from assessment.supervision import MatterReturned, Supervised
from storage import submissions, supervision
from storage.matters import MatterRow
from storage.obligations import ObligationRow
from storage.submissions import Way
from storage.unit_of_work import UnitOfWork

_A_TICK = timedelta(milliseconds=1)
"""The last moment before one that no longer counts."""


def timing(done: date | None, due_day: date) -> Timing:
    """EARLY where it was done on a day before its due day: what was done on the due day itself is on time.

    That it was done early is all that the data say. Whether it deserves anything, and whether more was done than asked,
    the office says: the clause that speaks of it gives a range, and the proposal has no points until 核定 chooses them.
    """
    return Timing.EARLY if done is not None and done < due_day else Timing.ON_TIME


def urged(
    row: ObligationRow, matter: MatterRow, share: Share, day: Callable[[datetime], date], now: datetime
) -> UrgedNotReported | None:
    """What came of the matter was urged 催报 and is not reported yet, or was on that day; None while nobody urged."""
    if row.urged_at is None:
        return None
    reported = _reported_at(row)
    return UrgedNotReported(
        obligation=row.id,
        unit=row.unit,
        person=row.urged_person,
        matter=matter.number,
        due_day=day(row.due - _A_TICK),
        first_urged=day(row.urged_at),
        reported=day(reported) if reported is not None else None,
        today=day(now),
        share=share,
        matter_class=matter.category,
    )


def _reported_at(row: ObligationRow) -> datetime | None:
    """When it was said to be done; what was taken back was not said."""
    taken_back = row.withdrawn_at is not None and row.state == State.OPEN.value
    return None if taken_back else row.reported_at


def times(
    uow: UnitOfWork, row: ObligationRow, matter: MatterRow, share: Share, *, person: int | None
) -> Iterator[tuple[Supervised | MatterReturned, datetime]]:
    """Each round of supervision and each return of a share, as a fact of its own with its moment."""
    of_share: dict[str, Any] = {
        "obligation": row.id,
        "unit": row.unit,
        "person": person,
        "matter": matter.number,
        "share": share,
        "matter_class": matter.category,
    }
    for one in supervision.of_obligation(uow, row.id):
        letter, said = one.number, f"第{one.round}次督办" + (f"，{one.reason}" if one.reason else "")
        yield Supervised(nth=one.round, letter=letter, reason=said, **of_share), one.ordered_at
    returned = [v for v in submissions.versions(uow, row.id) if v.way == Way.SEND_BACK.value]
    for nth, version in enumerate(returned, start=1):
        yield MatterReturned(nth=nth, reason=version.note, **of_share), version.recorded_at
