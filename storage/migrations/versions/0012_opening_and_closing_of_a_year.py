"""opening and closing of a year: days of events, suggestions for the next measure, closed years."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "event_day",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_event_day_programme_programme")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_event_day_recorded_by_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_event_day_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_day")),
        info={"append_only": True},
    )
    with op.batch_alter_table("event_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_day_programme"), ["programme"], unique=False)

    op.create_table(
        "suggestion",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_suggestion_decided_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_suggestion_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_suggestion_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_suggestion_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestion")),
        sa.UniqueConstraint("number", name=op.f("uq_suggestion_number")),
    )
    with op.batch_alter_table("suggestion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suggestion_programme"), ["programme"], unique=False)

    op.create_table(
        "closing",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("closed_by", WHOLE_NUMBER, nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_closing_closed_by_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_closing_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
        sa.UniqueConstraint("programme", name=op.f("uq_closing_programme")),
        info={"append_only": True},
    )
