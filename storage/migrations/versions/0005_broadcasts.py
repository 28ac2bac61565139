"""broadcasts: notices of an office to many, who has signed for them, and how far their letters have got."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("office", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_by", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("receipt_until", sa.BigInteger(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("recalled_at", sa.BigInteger(), nullable=True),
        sa.Column("correction", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["unit.id"], name=op.f("fk_broadcast_office_unit")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_broadcast_ordered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast")),
        sa.UniqueConstraint("number", name=op.f("uq_broadcast_number")),
    )
    with op.batch_alter_table("broadcast", schema=None) as batch_op:
        batch_op.create_index("ix_broadcast_office", ["office", "id"], unique=False)

    op.create_table(
        "broadcast_recipient",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("broadcast", WHOLE_NUMBER, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("letter", sa.String(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["broadcast"], ["broadcast.id"], name=op.f("fk_broadcast_recipient_broadcast_broadcast")
        ),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_broadcast_recipient_person_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_broadcast_recipient_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_recipient")),
        sa.UniqueConstraint("broadcast", "person", name=op.f("uq_broadcast_recipient_broadcast_person")),
    )
    with op.batch_alter_table("broadcast_recipient", schema=None) as batch_op:
        batch_op.create_index("ix_broadcast_recipient_broadcast", ["broadcast", "id"], unique=False)
        batch_op.create_index("ix_broadcast_recipient_person", ["person"], unique=False)

    op.create_table(
        "broadcast_run",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("broadcast", WHOLE_NUMBER, nullable=False),
        sa.Column("errand", sa.String(), nullable=False),
        sa.Column("n", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("after", WHOLE_NUMBER, nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast"], ["broadcast.id"], name=op.f("fk_broadcast_run_broadcast_broadcast")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_run")),
        sa.UniqueConstraint("broadcast", "errand", "n", name=op.f("uq_broadcast_run_broadcast_errand_n")),
    )
    with op.batch_alter_table("broadcast_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_broadcast_run_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("NOT done"),
            postgresql_where=sa.text("NOT done"),
        )
