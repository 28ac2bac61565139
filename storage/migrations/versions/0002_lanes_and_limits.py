"""lanes and limits: attempts know channel, recipient and cost; a message knows how much of it was accepted."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "lane",
        sa.Column("channel", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_lane")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("recipient", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("calls", WHOLE_NUMBER, nullable=False, server_default="1"))
        batch_op.add_column(sa.Column("words", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ended_at", sa.BigInteger(), nullable=True))
    # What has left already counts against the platforms' limits too.
    for name in ("channel", "recipient"):
        op.execute(f"UPDATE attempt SET {name} = (SELECT o.{name} FROM outbox o WHERE o.id = attempt.outbox)")  # noqa: S608
    op.execute("UPDATE attempt SET ended_at = started_at WHERE result <> ''")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        for name in ("channel", "recipient", "calls", "words"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index(
            "ix_attempt_channel_recipient_started_at", ["channel", "recipient", "started_at"], unique=False
        )
        batch_op.create_index("ix_attempt_channel_started_at", ["channel", "started_at"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pieces_sent", WHOLE_NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("said_before", WHOLE_NUMBER, nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("extra", sa.Text(), nullable=True))
        batch_op.drop_index("ix_outbox_waiting")
        batch_op.create_index(
            "ix_outbox_waiting",
            ["channel", "priority", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'retry')"),
            postgresql_where=sa.text("status IN ('queued', 'retry')"),
        )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        for name in ("pieces_sent", "said_before"):
            batch_op.alter_column(name, server_default=None)
