"""awards taken back."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "award_taken_back",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("award", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["award"], ["award_given.id"], name=op.f("fk_award_taken_back_award_award_given")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_award_taken_back_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_taken_back")),
        sa.UniqueConstraint("award", name=op.f("uq_award_taken_back_award")),
        info={"append_only": True},
    )
    with op.batch_alter_table("award_given", schema=None) as batch_op:
        batch_op.add_column(sa.Column("nth", WHOLE_NUMBER, server_default="1", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_award_given_programme_award_winner"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_award_given_programme_award_winner_nth"), ["programme", "award", "winner", "nth"]
        )
    with op.batch_alter_table("award_given", schema=None) as batch_op:
        batch_op.alter_column("nth", existing_type=WHOLE_NUMBER, server_default=None)
