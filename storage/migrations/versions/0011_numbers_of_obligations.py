"""the number by which people call an obligation: a matter's, a written report's, a problem's to be put right."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.String(), nullable=False, server_default=""))
    op.execute(
        "UPDATE obligation SET number = (SELECT matter.number FROM matter"
        " WHERE CAST(matter.id AS VARCHAR) = obligation.ref) WHERE kind = 'matter'"
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.alter_column("number", server_default=None)
