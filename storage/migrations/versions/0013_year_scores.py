"""scores of the year: what people gave, and the values of stages."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "judgement",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("given", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("vouchers", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_judgement_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_judgement_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_judgement_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgement")),
        info={"append_only": True},
    )
    with op.batch_alter_table("judgement", schema=None) as batch_op:
        batch_op.create_index("ix_judgement_unit", ["programme", "unit", "indicator"], unique=False)

    op.create_table(
        "stage_value",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.Column("scores", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("taken_back", sa.Boolean(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("given_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_stage_value_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_stage_value_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_stage_value_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_value")),
        info={"append_only": True},
    )
    with op.batch_alter_table("stage_value", schema=None) as batch_op:
        batch_op.create_index("ix_stage_value_unit", ["programme", "unit"], unique=False)
