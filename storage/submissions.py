"""Submissions: each accepted message is one version; earlier versions are never changed."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from assessment.submission import Answer, Figure, Slot
from storage import files
from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class Way(StrEnum):
    """How a version came about."""

    REPORT = "报送"
    AMEND = "更正"
    NIL = "零报告"
    WITHDRAW = "撤回"
    SIGN = "签发"
    SEND_BACK = "退回"
    ACCEPT = "通过"
    PASS_ON = "转审"  # noqa: S105 - a step of a review
    """Passed by one reviewer and handed on to the next."""
    ENTERED = "代录"
    FEEDBACK = "反馈"
    """How far a matter has come, without saying that it is done."""


class SubmissionRow(SQLModel, table=True):
    """One version: what this message added or changed, by whom, when it was sent and when we stored it."""

    __tablename__ = "submission"
    __table_args__ = (UniqueConstraint("obligation", "version"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    obligation: int = Field(foreign_key="obligation.id")
    version: int
    way: str
    number: str
    """The short number that people see, e.g. R-2608-17."""
    person: int = Field(foreign_key="person.id")
    sent_at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = Field(sa_type=Moment)
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    note: str = ""
    """The reason of a return or amendment; channel, time and signer of what the office entered."""


_LAST_VERSION = (
    select(SubmissionRow.version)
    .where(col(SubmissionRow.obligation) == bindparam("obligation"))
    .order_by(col(SubmissionRow.version).desc())
    .limit(1)
)


def add(
    uow: UnitOfWork,
    *,
    obligation: int,
    way: Way,
    number: str,
    person: int,
    sent_at: datetime,
    recorded_at: datetime,
    answer: Answer | None = None,
    note: str = "",
) -> int:
    """Append one version and return its version number."""
    version = 1 + (uow.value(_LAST_VERSION, obligation=obligation) or 0)
    uow.insert(
        SubmissionRow,
        id=new_id(),
        obligation=obligation,
        version=version,
        way=way.value,
        number=number,
        person=person,
        sent_at=sent_at,
        recorded_at=recorded_at,
        content=_to_json(answer or Answer()),
        note=note,
    )
    return version


_VERSIONS = (
    select(SubmissionRow)
    .where(col(SubmissionRow.obligation) == bindparam("obligation"))
    .order_by(col(SubmissionRow.version))
)


def versions(uow: UnitOfWork, obligation: int) -> Sequence[SubmissionRow]:
    """Every version of one obligation, oldest first."""
    return uow.rows(_VERSIONS, obligation=obligation)


def by_number(uow: UnitOfWork, number: str) -> SubmissionRow | None:
    """The first version with that short number: the report itself, not what was done about it."""
    return uow.row(
        select(SubmissionRow).where(SubmissionRow.number == number).order_by(col(SubmissionRow.version)).limit(1)
    )


def last_by(uow: UnitOfWork, person: int, ways: Collection[Way], since: datetime) -> SubmissionRow | None:
    """The newest version that the person made in one of these ways since then, whatever it was about."""
    return uow.row(
        select(SubmissionRow)
        .where(
            SubmissionRow.person == person,
            col(SubmissionRow.way).in_([way.value for way in ways]),
            col(SubmissionRow.recorded_at) >= since,
        )
        .order_by(col(SubmissionRow.recorded_at).desc(), col(SubmissionRow.id).desc())
        .limit(1)
    )


def current(uow: UnitOfWork, obligation: int, *, with_files: bool = False) -> Answer:
    """What the unit says as of now: all versions folded, a withdrawal wiping what came before it.

    `with_files` counts what is attached, too: for a duty that asks for files.
    """
    answer = fold(versions(uow, obligation))
    return replace(answer, files=len(files.of_obligation(uow, obligation))) if with_files else answer


def fold(rows: Sequence[SubmissionRow]) -> Answer:
    """Later values replace earlier ones of the same slot; a withdrawal wipes all."""
    values: dict[Slot, Decimal] = {}
    parts: dict[str, str] = {}
    scores: dict[str, Decimal | None] = {}
    nils: dict[str, str] = {}
    for row in rows:
        if row.way == Way.WITHDRAW.value:
            values, parts, scores, nils = {}, {}, {}, {}
            continue
        answer = _from_json(row.content)
        values.update(answer.values)
        parts.update(answer.parts)
        scores.update(answer.scores)
        nils.update(answer.nil_reasons)
        reported = {slot.indicator for slot in answer.values}
        nils = {indicator: reason for indicator, reason in nils.items() if indicator not in reported}
        if answer.values or answer.parts or answer.scores:
            # Whoever reports something after a whole nil report has something to report after all.
            nils.pop("", None)
    return Answer(values, parts, scores, nils)


def says(row: SubmissionRow, slot: Slot) -> bool:
    """Whether that version gave a value for the slot."""
    return slot in _from_json(row.content).values


def _to_json(answer: Answer) -> dict[str, Any]:
    return {
        "values": [
            [slot.indicator, slot.figure.value, slot.cohort, f"{value:f}"] for slot, value in answer.values.items()
        ],
        "parts": {str(part): text for part, text in answer.parts.items()},
        "scores": {name: None if score is None else f"{score:f}" for name, score in answer.scores.items()},
        "nil": dict(answer.nil_reasons),
    }


def _from_json(content: dict[str, Any]) -> Answer:
    return Answer(
        values={
            Slot(indicator, Figure(figure), cohort): Decimal(value)
            for indicator, figure, cohort, value in content.get("values", [])
        },
        parts=content.get("parts", {}),
        scores={name: None if score is None else Decimal(score) for name, score in content.get("scores", {}).items()},
        nil_reasons=content.get("nil", {}),
    )
