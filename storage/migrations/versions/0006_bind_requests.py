"""bind requests: from which accounts people asked to be known, and what an office made of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bind_request",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_bind_request_decided_by_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_bind_request_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bind_request")),
    )
    with op.batch_alter_table("bind_request", schema=None) as batch_op:
        batch_op.create_index("ix_bind_request_asked_at", ["channel", "tenant", "account", "asked_at"], unique=False)
        batch_op.create_index("ix_bind_request_number", ["number"], unique=False)
        batch_op.create_index(
            "ix_bind_request_open",
            ["channel", "tenant", "account"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
