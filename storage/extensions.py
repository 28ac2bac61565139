"""Extensions 延期 of one obligation: asked for, granted or not; a granted one moves the due time and keeps the old."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, col, select

from assessment import ladder
from assessment.due import due_on
from assessment.ladder import PlannedStep
from assessment.obligation import Kind
from assessment.rulebook import StepKind
from storage import cases, obligations, steps
from storage.columns import Moment
from storage.ids import new_id
from storage.installation import Installation
from storage.obligations import ObligationRow
from storage.programmes import Programme
from storage.unit_of_work import UnitOfWork

REMINDED_BEFORE = "延期前已提醒"


class Stage(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    NEEDLESS = "needless"
    """The unit reported before the office had decided."""


class ExtensionRow(SQLModel, table=True):
    """One request, with the due time as it was when asked and the one that was asked for."""

    __tablename__ = "extension"
    __table_args__ = (
        Index(
            "ix_extension_open",
            "obligation",
            unique=True,
            sqlite_where=text("stage = 'open'"),
            postgresql_where=text("stage = 'open'"),
        ),
        Index("ix_extension_obligation", "obligation"),
    )

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: str = Field(unique=True)
    obligation: int = Field(foreign_key="obligation.id")
    old_due: datetime = Field(sa_type=Moment)
    new_due: datetime = Field(sa_type=Moment)
    reason: str
    asked_by: int = Field(foreign_key="person.id")
    asked_at: datetime = Field(sa_type=Moment)
    stage: str = Stage.OPEN.value
    decided_by: int | None = Field(default=None, foreign_key="person.id")
    decided_at: datetime | None = Field(default=None, sa_type=Moment)
    decision_reason: str = ""


def ask(
    uow: UnitOfWork,
    *,
    number: str,
    obligation: int,
    old_due: datetime,
    new_due: datetime,
    reason: str,
    by: int,
    at: datetime,
) -> None:
    """Put a request on record; IntegrityError where the obligation has an open one."""
    uow.insert(
        ExtensionRow,
        id=new_id(),
        number=number,
        obligation=obligation,
        old_due=old_due,
        new_due=new_due,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )


def of_obligation(uow: UnitOfWork, obligation: int) -> Sequence[ExtensionRow]:
    """Every request for an obligation, oldest first."""
    return uow.rows(
        select(ExtensionRow).where(ExtensionRow.obligation == obligation).order_by(col(ExtensionRow.asked_at))
    )


def granted(uow: UnitOfWork, obligation: int) -> ExtensionRow | None:
    """The newest one that was granted: its new due time is in force."""
    found = [row for row in of_obligation(uow, obligation) if row.stage == Stage.GRANTED.value]
    return max(found, key=lambda row: (row.decided_at or row.asked_at, row.id), default=None)


def by_number(uow: UnitOfWork, number: str) -> ExtensionRow | None:
    """The request with that number, held until the end of the transaction."""
    return uow.row(uow.for_update(select(ExtensionRow).where(ExtensionRow.number == number)))


def open_ones(uow: UnitOfWork) -> Sequence[ExtensionRow]:
    """What waits for the office's word, oldest first."""
    return uow.rows(
        select(ExtensionRow).where(ExtensionRow.stage == Stage.OPEN.value).order_by(col(ExtensionRow.asked_at))
    )


def decide(uow: UnitOfWork, row: ExtensionRow, stage: Stage, *, by: int, at: datetime, reason: str) -> bool:
    """Close an open request; False where it was closed before."""
    still_open = (ExtensionRow.id == row.id, ExtensionRow.stage == Stage.OPEN.value)
    values = {"stage": stage.value, "decided_by": by, "decided_at": at, "decision_reason": reason}
    return uow.update(ExtensionRow, *still_open, **values) == 1


def move_due(
    uow: UnitOfWork, installation: Installation, programme: Programme, row: ObligationRow, day: date, now: datetime
) -> ObligationRow:
    """Let the obligation fall due on `day`; return it as it stands then.

    What has been said stays said. Where it was urged already by the old time, that urging counts no longer: its
    ladder begins anew, without the reminders that were heard.
    """
    rulebook = programme.rulebook
    chased_by = ladder.ladder_for(rulebook, Kind(row.kind), row.ref)
    assert chased_by is not None, "an obligation was opened by a ladder"
    due = due_on(day, installation.zone, (row.grace_end - row.due).days)
    old, settled = ladder.from_json(row.plan), cases.settled(uow, row)
    how = (chased_by, due, installation.calendar, rulebook.office_hours, installation.zone)
    if row.urged_at is not None or any(step.key in settled and step.until is None for step in old):
        cases.change(uow, row, replace(row.facts(), round=row.round + 1), now)
        planned = ladder.plan(*how)
        settled = _keep_reminders(uow, row, planned, now)
        uow.update(ObligationRow, ObligationRow.id == row.id, urged_at=None, urged_person=None)
    else:
        planned = ladder.replan(old, settled, ladder=how[0], due=how[1], calendar=how[2], hours=how[3], zone=how[4])
    uow.update(
        ObligationRow,
        ObligationRow.id == row.id,
        due=due.due,
        grace_end=due.grace_end,
        due_assumed=False,
        held=any(step.assumed for step in planned if step.key not in settled),
        plan=ladder.to_json(planned),
        look_at=max(now, ladder.next_action_at(planned, settled) or due.grace_end),
    )
    return obligations.get(uow, row.id)


def _keep_reminders(
    uow: UnitOfWork, row: ObligationRow, planned: Sequence[PlannedStep], now: datetime
) -> frozenset[ladder.Key]:
    """Settle in the new round the reminders that the old one said."""
    heard = {(step.step, step.audience) for step in steps.recorded(uow, row.id, row.round) if step.said}
    kept = [step for step in planned if step.kind is StepKind.REMIND and (step.index, step.audience.value) in heard]
    for step in kept:
        steps.record(
            uow,
            obligation=row.id,
            round_=row.round + 1,
            step=step.index,
            kind=step.kind.value,
            audience=step.audience.value,
            planned_for=step.at,
            recorded_at=now,
            said=False,
            reason=REMINDED_BEFORE,
        )
    return frozenset(step.key for step in kept)
