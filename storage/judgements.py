"""What the office gave 评定 for what no report says: every row stays, and a later one on the same thing replaces it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlmodel import Field, Index, SQLModel, col, select

from assessment.indicator_facts import Voucher
from assessment.judgement import Given, Judgement
from storage.append_only import append_only
from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class JudgementRow(SQLModel, table=True):
    """One thing that was given of one indicator and one unit in one programme."""

    __tablename__ = "judgement"
    __table_args__ = (Index("ix_judgement_unit", "programme", "unit", "indicator"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    programme: int = Field(foreign_key="programme.id")
    unit: int = Field(foreign_key="unit.id")
    indicator: str
    given: str
    """An assessment.judgement.Given."""
    name: str = ""
    value: str = ""
    vouchers: list[list[str]] = Field(default_factory=list, sa_type=JsonText)
    """Number and quantity of each."""
    reason: str = ""
    evidence: list[str] = Field(default_factory=list, sa_type=JsonText)
    """Names of the files that came with the words."""
    person: int = Field(foreign_key="person.id")
    given_at: datetime = Field(sa_type=Moment)


append_only(JudgementRow)


def add(
    uow: UnitOfWork,
    judgement: Judgement,
    *,
    programme: int,
    unit: int,
    indicator: str,
    evidence: Iterable[str],
    by: int,
    at: datetime,
) -> None:
    """Put one on record."""
    uow.insert(
        JudgementRow,
        id=new_id(),
        programme=programme,
        unit=unit,
        indicator=indicator,
        evidence=list(evidence),
        person=by,
        given_at=at,
        **to_json(judgement),
    )


def of_programme(uow: UnitOfWork, programme: int, unit: int | None = None) -> Sequence[JudgementRow]:
    """All of a programme, oldest first; with `unit` those of one."""
    query = select(JudgementRow).where(JudgementRow.programme == programme)
    if unit is not None:
        query = query.where(JudgementRow.unit == unit)
    return uow.rows(query.order_by(col(JudgementRow.given_at), col(JudgementRow.id)))


def judgement_of(row: JudgementRow) -> Judgement:
    """The row as the domain sees it."""
    return from_json(row.model_dump(include={"given", "name", "value", "vouchers", "reason"}))


def to_json(judgement: Judgement) -> dict[str, Any]:
    """As JSON-able data, for the row and for a question that waits."""
    return {
        "given": judgement.given.value,
        "name": judgement.name,
        "value": judgement.value,
        "vouchers": [[voucher.number, f"{voucher.quantity:f}"] for voucher in judgement.vouchers],
        "reason": judgement.reason,
    }


def from_json(data: dict[str, Any]) -> Judgement:
    """The inverse of to_json."""
    vouchers = tuple(Voucher(number, Decimal(quantity)) for number, quantity in data["vouchers"])
    return Judgement(Given(data["given"]), data["value"], data["name"], vouchers, data["reason"])
