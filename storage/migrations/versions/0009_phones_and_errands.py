"""phones and errands: numbers for looking up accounts, calls that send nothing, and no secrets of what has left."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "phone",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_phone_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone")),
        sa.UniqueConstraint("person", "channel", name=op.f("uq_phone_person_channel")),
    )
    with op.batch_alter_table("phone", schema=None) as batch_op:
        batch_op.create_index("ix_phone_channel_state", ["channel", "state"], unique=False)

    op.create_table(
        "phone_lookup",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_lookup")),
    )
    with op.batch_alter_table("phone_lookup", schema=None) as batch_op:
        batch_op.create_index("ix_phone_lookup_channel_at", ["channel", "at"], unique=False)

    op.create_table(
        "errand",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("calls", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    with op.batch_alter_table("errand", schema=None) as batch_op:
        batch_op.create_index("ix_errand_channel_at", ["channel", "at"], unique=False)

    with op.batch_alter_table("bind_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("found_for", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(op.f("fk_bind_request_found_for_person"), "person", ["found_for"], ["id"])

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_channel_platform_id", ["channel", "platform_id"], unique=False)

    # Whoever has what a platform wants to see again may speak in our place: only what waits still needs it.
    op.execute("UPDATE outbox SET extra = NULL WHERE status IN ('sent', 'unknown', 'dead', 'withdrawn')")
