"""The one open question per (person, conversation); a newer one supersedes it (decisions 19)."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Field, SQLModel, UniqueConstraint, col, select

from storage.columns import JsonText, Moment
from storage.ids import new_id
from storage.unit_of_work import UnitOfWork


class QuestionRow(SQLModel, table=True):
    """What we asked and what the answer will do. `kind` names the handler that takes the answer."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("person", "channel", "conversation"),)

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    person: int = Field(foreign_key="person.id")
    channel: str
    conversation: str
    kind: str
    content: dict[str, Any] = Field(default_factory=dict, sa_type=JsonText)
    asked_at: datetime = Field(sa_type=Moment)


_OPEN = select(QuestionRow).where(
    col(QuestionRow.person) == bindparam("person"),
    col(QuestionRow.channel) == bindparam("channel"),
    col(QuestionRow.conversation) == bindparam("conversation"),
)
_IS_OPEN = select(QuestionRow.id).where(
    col(QuestionRow.person) == bindparam("person"),
    col(QuestionRow.channel) == bindparam("channel"),
    col(QuestionRow.conversation) == bindparam("conversation"),
)


def ask(
    uow: UnitOfWork,
    *,
    person: int,
    channel: str,
    conversation: str,
    kind: str,
    content: dict[str, Any],
    asked_at: datetime,
) -> tuple[int, QuestionRow | None]:
    """Open a question; return its id and the one that it supersedes, if any."""
    old = current(uow, person=person, channel=channel, conversation=conversation)
    question = new_id()
    values = {"id": question, "kind": kind, "content": content, "asked_at": asked_at}
    place = {"person": person, "channel": channel, "conversation": conversation}
    if not uow.insert_if_new(QuestionRow, **place, **values):
        # The place holds one question; a newer one takes it over, with an id of its own.
        uow.update(QuestionRow, *(getattr(QuestionRow, name) == value for name, value in place.items()), **values)
    return question, old


def sign(question_id: int) -> str:
    """Four digits that tell a person's questions apart, for the buttons that answer one of them."""
    return f"{question_id % 10_000:04}"


def current(uow: UnitOfWork, *, person: int, channel: str, conversation: str) -> QuestionRow | None:
    """The open question, or None; asked of each message, and most find none."""
    if uow.value(_IS_OPEN, person=person, channel=channel, conversation=conversation) is None:
        return None
    return uow.row(_OPEN, person=person, channel=channel, conversation=conversation)


def close_all(uow: UnitOfWork) -> None:
    """Forget every open question of everybody: what they would do was shown under other circumstances.

    What is put to whoever else is of an office, and so to no channel, stays.
    """
    uow.execute(delete(QuestionRow).where(col(QuestionRow.channel) != ""))


def close(uow: UnitOfWork, question_id: int) -> None:
    """Forget a question that was answered, cancelled or superseded."""
    uow.execute(delete(QuestionRow).where(col(QuestionRow.id) == question_id))
