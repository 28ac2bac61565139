"""look-ups counted in one hold, accounts that were ended, and how much has come under one signature."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "phone_book",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_phone_book")),
    )
    op.create_table(
        "former_account",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_former_account_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_account")),
    )
    with op.batch_alter_table("former_account", schema=None) as batch_op:
        batch_op.create_index("ix_former_account_account", ["channel", "tenant", "account"], unique=False)
        batch_op.create_index("ix_former_account_person", ["person"], unique=False)

    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.add_column(sa.Column("others", WHOLE_NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.alter_column("others", existing_type=WHOLE_NUMBER, server_default=None)
    with op.batch_alter_table("kept_aside", schema=None) as batch_op:
        batch_op.create_index("ix_kept_aside_received_at", ["received_at"], unique=False)
