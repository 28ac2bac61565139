"""appeals and their answers."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("entry", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name=op.f("fk_appeal_entry_entry")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_appeal_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_appeal_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_appeal_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("entry", name=op.f("uq_appeal_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_appeal_number")),
        info={"append_only": True},
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_programme"), ["programme"], unique=False)

    op.create_table(
        "appeal_answer",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("appeal", WHOLE_NUMBER, nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("answered_by", WHOLE_NUMBER, nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_appeal_answer_answered_by_person")),
        sa.ForeignKeyConstraint(["appeal"], ["appeal.id"], name=op.f("fk_appeal_answer_appeal_appeal")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_answer")),
        sa.UniqueConstraint("appeal", name=op.f("uq_appeal_answer_appeal")),
        info={"append_only": True},
    )
    op.create_table(
        "appeal_day",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("appeal", WHOLE_NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("set_by", WHOLE_NUMBER, nullable=True),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["appeal"], ["appeal.id"], name=op.f("fk_appeal_day_appeal_appeal")),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"], name=op.f("fk_appeal_day_set_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_day")),
        info={"append_only": True},
    )
    with op.batch_alter_table("appeal_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_day_appeal"), ["appeal"], unique=False)
