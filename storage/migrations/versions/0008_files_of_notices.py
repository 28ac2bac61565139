"""files of notices: what goes out with a broadcast, and a way to the files that somebody sent last."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "broadcast_file",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("broadcast", WHOLE_NUMBER, nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.Column("file", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["broadcast"], ["broadcast.id"], name=op.f("fk_broadcast_file_broadcast_broadcast")),
        sa.ForeignKeyConstraint(["file"], ["file.id"], name=op.f("fk_broadcast_file_file_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_broadcast_file")),
        sa.UniqueConstraint("broadcast", "position", name=op.f("uq_broadcast_file_broadcast_position")),
    )
    with op.batch_alter_table("file", schema=None) as batch_op:
        batch_op.create_index("ix_file_person", ["person", "id"], unique=False)
