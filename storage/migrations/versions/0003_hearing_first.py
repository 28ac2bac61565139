"""hearing first: a proposal knows that the office wishes to hear the unit before it decides."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hearing_since", sa.BigInteger(), nullable=True))
