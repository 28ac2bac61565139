"""What a unit's share in a matter comes to as facts that a clause may speak of."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from assessment.rulebook import Share, Timing
from assessment.supervision import MatterReturned, Supervised
from storage import submissions, supervision
from storage.matters import MatterRow
from storage.obligations import ObligationRow
from storage.submissions import Way
from storage.unit_of_work import UnitOfWork


def timing(done: date | None, due_day: date) -> Timing:
    """EARLY where it was done on a day before its due day: what was done on the due day itself is on time.

    That it was done early is all that the data say. Whether it deserves anything, and whether more was done than asked,
    the office says: the clause that speaks of it gives a range, and the proposal has no points until 核定 chooses them.
    """
    return Timing.EARLY if done is not None and done < due_day else Timing.ON_TIME


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
