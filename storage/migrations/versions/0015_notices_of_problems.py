"""notices of problems 整改通知 with what they name, and circulars 督查通报 with their findings."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "rectification_notice",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("ordered_by", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_rectification_notice_ordered_by_person")),
        sa.ForeignKeyConstraint(
            ["programme"], ["programme.id"], name=op.f("fk_rectification_notice_programme_programme")
        ),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_rectification_notice_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_notice")),
        sa.UniqueConstraint("number", name=op.f("uq_rectification_notice_number")),
        info={"append_only": True},
    )
    with op.batch_alter_table("rectification_notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rectification_notice_programme"), ["programme"], unique=False)

    op.create_table(
        "rectification_item",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("notice", WHOLE_NUMBER, nullable=False),
        sa.Column("nth", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["notice"], ["rectification_notice.id"], name=op.f("fk_rectification_item_notice_rectification_notice")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rectification_item")),
        sa.UniqueConstraint("notice", "nth", name=op.f("uq_rectification_item_notice_nth")),
        sa.UniqueConstraint("number", name=op.f("uq_rectification_item_number")),
        info={"append_only": True},
    )

    op.create_table(
        "circular",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("issue", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_circular_programme_programme")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_circular_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular")),
        sa.UniqueConstraint("number", name=op.f("uq_circular_number")),
        info={"append_only": True},
    )
    with op.batch_alter_table("circular", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circular_programme"), ["programme"], unique=False)

    op.create_table(
        "circular_finding",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("circular", WHOLE_NUMBER, nullable=False),
        sa.Column("nth", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("sign", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("proposal", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["circular"], ["circular.id"], name=op.f("fk_circular_finding_circular_circular")),
        sa.ForeignKeyConstraint(["proposal"], ["proposal.id"], name=op.f("fk_circular_finding_proposal_proposal")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_circular_finding_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_circular_finding")),
        sa.UniqueConstraint("circular", "nth", name=op.f("uq_circular_finding_circular_nth")),
        info={"append_only": True},
    )
    with op.batch_alter_table("circular_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_circular_finding_unit"), ["unit"], unique=False)
