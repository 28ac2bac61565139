"""targets that units set themselves 自选目标, and indicators broken down to persons 分解到人."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "own_target",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_own_target_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_own_target_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_target")),
        sa.UniqueConstraint("number", name=op.f("uq_own_target_number")),
        info={"append_only": True},
    )
    with op.batch_alter_table("own_target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_target_programme"), ["programme"], unique=False)

    op.create_table(
        "own_target_wording",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("own_target", WHOLE_NUMBER, nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("said_by", WHOLE_NUMBER, nullable=False),
        sa.Column("said_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["own_target"], ["own_target.id"], name=op.f("fk_own_target_wording_own_target_own_target")
        ),
        sa.ForeignKeyConstraint(["said_by"], ["person.id"], name=op.f("fk_own_target_wording_said_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_target_wording")),
        info={"append_only": True},
    )
    with op.batch_alter_table("own_target_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_own_target_wording_own_target"), ["own_target"], unique=False)

    op.create_table(
        "own_target_upward",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("own_target", WHOLE_NUMBER, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["own_target"], ["own_target.id"], name=op.f("fk_own_target_upward_own_target_own_target")
        ),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_own_target_upward_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_target_upward")),
        sa.UniqueConstraint("own_target", name=op.f("uq_own_target_upward_own_target")),
        info={"append_only": True},
    )

    op.create_table(
        "breakdown",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("indicator", sa.String(), nullable=False),
        sa.Column("section", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("named_by", WHOLE_NUMBER, nullable=False),
        sa.Column("named_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["named_by"], ["person.id"], name=op.f("fk_breakdown_named_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_breakdown_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_breakdown_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_breakdown_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breakdown")),
        info={"append_only": True},
    )
    with op.batch_alter_table("breakdown", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_breakdown_programme"), ["programme"], unique=False)
