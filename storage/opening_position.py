"""期初: what stood before a measure ran here, entered once: points by the ordinary way, past figures as met reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from assessment import ladder
from assessment.due import DueTimes
from assessment.ledger import Entry
from assessment.marking import Proposal
from assessment.obligation import Kind, State
from assessment.periods import Period
from assessment.rulebook import Duty
from assessment.submission import Answer, Slot
from storage import counters, obligations, proposals, proposing, submissions
from storage.obligations import ObligationRow
from storage.proposals import ProposalRow, Stage
from storage.proposing import Desk
from storage.submissions import Way

NOTE = "期初"
"""What every entry and every version of an opening position says in front."""
_IN_TIME = timedelta(milliseconds=1)


@dataclass(frozen=True)
class PastReport:
    """One unit's report for a period that lies before the measure ran here."""

    unit: int
    duty: Duty
    period: Period
    due: DueTimes


def standing(desk: Desk, key: str) -> ProposalRow | None:
    """What was entered under that key before."""
    return proposals.by_key(desk.uow, _key(desk, key))


def enter_points(desk: Desk, proposal: Proposal, *, unit: int, occurred_at: datetime, by: int) -> Entry:
    """A proposal, confirmed at once by that person of the office. Nobody is told: it was decided before, on paper.

    Raises proposing.NotDecidable, also where the key is taken.
    """
    created = proposals.open_if_new(
        desk.uow,
        key=_key(desk, proposal.key),
        number=counters.number(desk.uow, "P", desk.installation.day(desk.now)),
        programme=desk.programme.id,
        subject=proposal.account.subject.value,
        holder=proposal.account.holder,
        clause=proposal.clause,
        points=proposal.points,
        lowest=proposal.lowest,
        highest=proposal.highest,
        matter=proposal.matter,
        basis=proposal.basis.to_json(),
        unit=unit,
        author=by,
        stage=Stage.OPEN.value,
        occurred_at=occurred_at,
        opened_at=desk.now,
        statement_until=desk.now,
    )
    if created is None:
        raise proposing.NotDecidable(proposal.key)
    row = proposals.get(desk.uow, created)
    return proposing.confirm(
        desk.uow, desk.installation, desk.programme, row, by=by, now=desk.now, points=proposal.points, reason=NOTE
    )


def figures_of(desk: Desk, report: PastReport) -> Mapping[Slot, Decimal]:
    """What stands for that report already; empty where it was never entered."""
    row = _row(desk, report)
    return submissions.current(desk.uow, row.id).values if row is not None else {}


def enter_figures(desk: Desk, report: PastReport, values: Mapping[Slot, Decimal], *, note: str, by: int) -> None:
    """One version of a past report, which is met: nothing of it is urged, and no points come of it."""
    row = _row(desk, report) or _open(desk, report)
    submissions.add(
        desk.uow,
        obligation=row.id,
        way=Way.ENTERED,
        number=counters.number(desk.uow, "R", desk.installation.day(desk.now)),
        person=by,
        sent_at=desk.now,
        recorded_at=desk.now,
        answer=Answer(values=values),
        note=f"{NOTE}：{note}",
    )


def _open(desk: Desk, report: PastReport) -> ObligationRow:
    """The sheet does not say when it was reported: it counts as in time, and nothing hangs on it (proposing.follow)."""
    duty, period, due = report.duty, report.period, report.due
    row = obligations.fresh(
        programme=desk.programme.id,
        kind=Kind.DUTY.value,
        ref=duty.id,
        unit=report.unit,
        period=period.name,
        title=duty.title(period),
        due=due.due,
        grace_end=due.grace_end,
        due_assumed=due.assumed,
        sign_off=duty.sign_off.value,
        review=duty.review,
        state=State.MET.value,
        reported_at=due.due - _IN_TIME,
        plan=ladder.to_json(()),
    )
    obligations.open_if_new(desk.uow, row)
    return row


def _row(desk: Desk, report: PastReport) -> ObligationRow | None:
    return next(
        (
            row
            for row in obligations.of_unit(desk.uow, report.unit)
            if (row.programme, row.kind, row.ref, row.period)
            == (desk.programme.id, Kind.DUTY.value, report.duty.id, report.period.name)
        ),
        None,
    )


def _key(desk: Desk, key: str) -> str:
    return f"{desk.programme.id}/{key}"
