"""审定: a proposal that the office has decided waits for the leading group's secretary, where the measure asks so."""

from datetime import datetime
from decimal import Decimal

from storage import proposals
from storage.programmes import Programme
from storage.proposals import ProposalRow, Stage
from storage.proposing import NotDecidable
from storage.unit_of_work import UnitOfWork


def prepare(
    uow: UnitOfWork,
    programme: Programme,
    row: ProposalRow,
    *,
    by: int,
    now: datetime,
    points: Decimal | None = None,
    reason: str = "",
) -> None:
    """核定 where the measure asks for 审定, too: no entry yet. Raises NotDecidable."""
    value = points if points is not None else row.points
    if row.stage != Stage.OPEN.value or value is None or programme.trial:
        raise NotDecidable(row.number)
    proposals.change(
        uow,
        row.id,
        stage=Stage.PREPARED.value,
        points=value,
        decided_at=now,
        decided_by=by,
        decision_reason=reason,
    )


def hand_back(uow: UnitOfWork, row: ProposalRow, *, reason: str) -> None:
    """不予审定: the office decides anew; why stands with it. Raises NotDecidable."""
    if row.stage != Stage.PREPARED.value:
        raise NotDecidable(row.number)
    proposals.change(uow, row.id, stage=Stage.OPEN.value, decided_at=None, decided_by=None, decision_reason=reason)
